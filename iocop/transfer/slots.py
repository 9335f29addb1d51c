"""The way from a topic to its take-home pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup

from iocop.core.slots import fills
from iocop.spaces.labels import Channel, carries

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@fills("topic_aside")
def take_home(topic_ids: Collection[int], label: str = "", **_about: Any) -> Mapping[int, Markup]:
    """Lead to the pack where the topic's label lets it leave."""
    if not label or not carries(Channel.EXPORT, label):
        return {}
    return {
        key: Markup(render_template("transfer/_link.html", root_id=key, label=label))  # noqa: S704 -- a template's own
        for key in topic_ids
    }
