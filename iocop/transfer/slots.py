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
def from_topic(topic_ids: Collection[int], label: str = "", **_about: Any) -> Mapping[int, Markup]:
    """Lead from a topic to its pack, where its label lets it leave."""
    return {key: _link(key, label) for key in topic_ids if _leaves(label)}


@fills("article_aside")
def from_article(article_ids: Collection[int], article: Any = None, **_about: Any) -> Mapping[int, Markup]:
    """Lead from an article to its pack, where its label lets it leave."""
    return {key: _link(key, article.label) for key in article_ids if article and _leaves(article.label)}


def _leaves(label: str) -> bool:
    return bool(label) and carries(Channel.EXPORT, label)


def _link(root_id: int, label: str) -> Markup:
    page = render_template("transfer/_link.html", root_id=root_id, label=label)
    return Markup(page)  # noqa: S704 -- a template's own output
