"""A small site with one of everything, a room that few may enter, and all who come to its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.services import attach, mark, revise
from iocop.core import clock, mail, outbox
from iocop.core.db import act, db
from iocop.domains.models import Tag
from iocop.elections.models import ElectionComplaint
from iocop.members.numbers import shown
from iocop.members.services import suspend
from iocop.moderation.services import report
from iocop.organizations.models import Affiliation, Offer
from iocop.reputation.models import Irregularity, IrregularityParty, LevelReview
from iocop.roles.models import RoleGrant
from iocop.roles.services import found_site
from iocop.search.services import save_search
from iocop.spaces.models import SpaceGrant
from tests.client import Browser
from tests.contributions import samples
from tests.elections.factories import make_election, stand
from tests.factories import make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer, person
from tests.repertoire.factories import imported_article, make_article, make_proposal
from tests.repertoire.test_requests import make_request
from tests.search.factories import index_all

if TYPE_CHECKING:
    from flask import Flask

    from iocop.contributions.models import Attachment
    from iocop.members.models import Member
    from iocop.organizations.models import Organization

SECRET = "Zygomorph"
"""Stands in everything the closed room holds: its name, titles, texts, reasons, files."""
LURE = "marzipan"
"""Stands in the closed room's texts only; whoever searches for it must not be shown the secret."""
RECLUSE = "Quillon Thistlewood"
"""Writes in the closed room only."""


@dataclass(frozen=True)
class World:
    """What the addresses of one of everything are made of, and a browser for everybody at the door."""

    keys: dict[str, object]
    doors: dict[str, Browser]
    author: Member
    recluse: Member


def world(app: Flask) -> World:
    """Make everything but the closed room, and let the worker go round."""
    acme, rival = make_organization(name="Acme", slug="acme"), make_organization(name="Rival", slug="rival")
    vendor = make_organization(name="Vendor", slug="vendor", type="vendor")
    solo = make_organization(name="Sol Practice", slug="sol-practice", size_band="1")
    guild = make_organization(name="Guild", slug="guild")
    saved(Offer(organization_id=vendor.id, name="V6"))
    author, recluse = person("Ann Alder", acme, "acme.example"), person(RECLUSE, guild, "guild.example")
    everybody = {
        "member": person("Mia Maple"),
        "colleague": person("Bob Birch", acme, "acme.example"),
        "competitor": person("Charlie Cedar", rival, "rival.example"),
        "vendor": person("Vera Vine", vendor, "vendor.example"),
        "sole": person("Sol Spruce", solo, "sol.example"),
        "moderator": officer(person("Mod Myrtle"), "moderator"),
        "administrator": officer(person("Ada Aspen"), "administrator"),
        "suspended": person("Sue Sorrel"),
    }
    keys = _open_forum(author, everybody["competitor"]) | _open_repertoire(author, rival, solo)
    keys |= _open_election(author)
    until = clock.now() + timedelta(days=9)
    suspend(viewer_of(everybody["moderator"]), everybody["suspended"].id, until, "Spam.")
    outbox.deliver_all()
    mail.send_due()
    doors = {who: Browser(app).sign_in(one) for who, one in everybody.items()}
    return World(keys, {"guest": Browser(app)} | doors, author, recluse)


def _open_forum(author: Member, helper: Member) -> dict[str, object]:
    """Make a question with a file, an answer, a revision, a mark and a report; return the keys of all that has one."""
    make_space(name="Commons")
    domain, title = make_domain(name="Hydronics"), "Where does the V6 leak?"
    file = picture(author, "plan")
    topic = make_topic(author=author, title=title, text=_shows(file), tags=("pumps",))
    answer = make_answer(topic, author=helper, text="At the gland.")
    revise(
        viewer_of(author),
        topic.id,
        "At the V6, and only there. " + _shows(file),
        reason="Clearer.",
        title=title,
    )
    mark(viewer_of(author), answer.id, "works_here", {"version": "2"})
    report(viewer_of(author), answer.id, "spam", "Sells pumps.")
    affiliation = db.session.scalar(select(Affiliation.id).where(Affiliation.member_id == author.id))
    grant = db.session.scalar(select(RoleGrant.id).where(RoleGrant.role == "administrator"))
    return {
        "topic": topic.id, "answer": answer.id, "file": file.id, "name": file.name, "domain": domain.slug,
        "decision": found_site(), "grant": grant, "affiliation": affiliation, "member": author.id,
        "number": shown(author.number), "space": "commons", "space_id": 1, "tag": db.session.scalar(select(Tag.id)),
        "saved": save_search(viewer_of(author), "leak", "topics", alert="mail").id,
        "irregularity": _jump(author), "level_review": _candidate(author, domain.id),
    }  # fmt: skip


def _open_election(member: Member) -> dict[str, object]:
    """Make an election that takes nominations, and a complaint about it; return their keys."""
    election = make_election()
    with act():
        election.state = "nominations"
    complaint = saved(
        ElectionComplaint(
            election_id=election.id, member_id=member.id, kind="complaint", text="Late.", made_at=clock.now()
        )
    )
    keys: dict[str, object] = {
        "election": election.id,
        "complaint": complaint.id,
        "rule_set": election.rule_set_id,
    }
    return keys | {"nomination": stand(election, member).id}


def _jump(member: Member) -> int:
    """Lay a member's unusual day before moderators, who have not told yet; return its key."""
    evidence = {"day": clock.now().date().isoformat(), "amount_mp": 150_000}
    row = saved(Irregularity(kind="jump", key=f"jump-{member.id}", found_at=clock.now(), evidence=evidence))
    saved(IrregularityParty(irregularity_id=row.id, member_id=member.id))
    return row.id


def _candidate(member: Member, domain_id: int) -> int:
    """Let a member have come to what level 3 asks for; return the key of what two people are asked."""
    row = LevelReview(member_id=member.id, domain_id=domain_id, opened_at=clock.now(), evidence={})
    return saved(row).id


def _open_repertoire(author: Member, *organizations: Organization) -> dict[str, object]:
    """Make an article that two curators of two organizations approved, and an edit that waits; return their keys."""
    curators = [
        officer(person(f"{name} Curator", organization, f"{organization.slug}.example"), "curator")
        for name, organization in zip(("Cleo", "Dora"), organizations, strict=True)
    ]
    article = make_article(author=author, reviewers=curators, title="How the V6 leaks")
    waiting = make_proposal(
        author=author, act="edit", article_id=article.id, title="How the V6 leaks", text="Less."
    )
    term = make_article(author=author, reviewers=curators, kind="term", title="Gland")
    asked = make_request(author=author)
    return {"article": article.id, "proposal": waiting.id, "term": term.id, "request": asked.id}


def closed_room(there: World) -> dict[str, object]:
    """Open a room for one organization, where the recluse asks, answers, edits and files; return its keys."""
    guild = viewer_of(there.recluse)
    room = make_space(name=f"{SECRET} room", audience="named", about=f"About {SECRET}")
    saved(SpaceGrant(space_id=room.id, member_id=guild.id, granted_at=clock.now()))
    file = picture(there.recluse, SECRET)
    topic = make_topic(
        author=there.recluse, space=room, label="space", title=f"The {SECRET} affair",
        text=f"Of {SECRET} and {LURE}. {_shows(file)}", tags=("pumps",),
    )  # fmt: skip
    answer = make_answer(topic, author=there.recluse, label="space", text=f"More {LURE}, says {SECRET}.")
    revise(
        guild,
        topic.id,
        f"{SECRET} and {LURE} again. {_shows(file)}",
        reason=SECRET,
        title=f"The {SECRET} case",
    )
    thing = make_proposal(
        author=there.recluse, space_id=room.id, label="space", title=f"{SECRET} suggested", text=SECRET
    )
    asked = make_request(
        author=there.recluse, space_id=room.id, label="space", title=f"{SECRET} asked", text=SECRET
    )
    term = imported_article(
        there.recluse, SECRET, space_id=room.id, label="space", title=f"{SECRET} term", kind="term"
    )
    article = imported_article(
        there.recluse, SECRET, space_id=room.id, label="space", title=f"{SECRET} handbook", summary=SECRET
    )
    outbox.deliver_all()
    index_all()
    return there.keys | {
        "article": article.id, "proposal": thing.id, "term": term.id, "request": asked.id,
        "topic": topic.id, "answer": answer.id,
        "file": file.id, "name": file.name, "space": room.slug,
        "space_id": room.id, "member": guild.id, "number": guild.number,
        "saved": save_search(guild, SECRET, "topics", alert="mail").id, "irregularity": _jump(there.recluse),
    }  # fmt: skip


def picture(owner: Member, name: str) -> Attachment:
    return attach(viewer_of(owner), f"{name}.png", samples.GOOD["a.png"])


def _shows(file: Attachment) -> str:
    return f"![](/attachments/{file.id}/{file.name})"
