"""Whom to ask on a question's page: for who asked it, people to ask; for who was asked, the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup

from iocop.core import clock
from iocop.core.cache import fragments, kept_with_people
from iocop.core.language import reader
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.domains.queries import all_domains
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.queries.newcomers import joined_lately
from iocop.reputation.queries.requested import WAITING, promises_of, requests_of
from iocop.reputation.ranking import OPEN_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@fills("topic_call")
def whom_to_ask(ids: Collection[int], *, topic: Any, domain_ids: Sequence[int]) -> Mapping[int, Markup]:
    """Stand between an open question and the form of an answer; for most readers nothing is there."""
    looking = viewer()
    open_question = topic.kind == "question" and topic.accepted_id is None and topic.closed_at is None
    if not looking.is_authenticated or looking.suspended or not open_question or topic.state != "visible":
        return {}
    panel = _to_ask(topic, domain_ids) if topic.author_id == looking.id else _asked(topic, looking.id)
    return dict.fromkeys(ids, Markup(panel)) if panel else {}  # noqa: S704 -- a template's own output


def _to_ask(topic: Any, domain_ids: Sequence[int]) -> str:
    """People for the asker, anew with every request, availability and hour: standing moves slowly."""
    looking = viewer()
    key = (
        "whom", topic.id, topic.version, looking.topics_version, looking.people_version, looking.site_version, reader(),
        f"{clock.now():%Y%m%d%H}",
    )  # fmt: skip
    return fragments().remember(key, lambda: _panel(topic, domain_ids))


def _panel(topic: Any, domain_ids: Sequence[int]) -> str:
    requests = requests_of(topic.id)
    waiting = sum(row.state in WAITING for row in requests)
    full = waiting >= OPEN_AT_ONCE
    return render_template(
        "reputation/_ask_whom.html", topic=topic, requests=requests, full=full, newcomer=joined_lately(viewer().id),
        suggested=[] if full or not domain_ids else suggestions(viewer(), domain_ids, topic_id=topic.id),
        names={row.id: row.name for row in all_domains()}, shown=shown, photo_address=photo_address,
    )  # fmt: skip


def _asked(topic: Any, member_id: int) -> str:
    """The request to the one who looks; who is asked is kept under the topic's version, so that others cost nothing."""
    requests = fragments().remember(("asked", topic.id, topic.version), lambda: list(requests_of(topic.id)))
    own = next((row for row in requests if row.expert_id == member_id and row.state in WAITING), None)
    return render_template("reputation/_asked.html", request_row=own, topic=topic) if own else ""


@fills("profile_section")
def promises(member_ids: Collection[int], **_about: Any) -> Mapping[int, Markup]:
    """The promises a member kept, for members alone; who has made none yet has no section."""
    if not viewer().is_authenticated:
        return {}
    (member_id,) = member_ids  # a profile shows one person
    found = kept_with_people(("promises", member_id, clock.now().date()), lambda: promises_of(member_id))
    if not found.made:
        return {}
    text = render_template("reputation/_promises.html", promises=found, own=member_id == viewer().id)
    return {member_id: Markup(text)}  # noqa: S704 -- a template's own output
