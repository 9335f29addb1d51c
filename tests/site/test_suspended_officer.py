"""Offices rest while somebody is suspended: every form that changes something refuses who holds all of them."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.elections.models import ElectionAct, Nomination
from iocop.members.models import Member
from iocop.organizations.models import Affiliation, MailDomain, Organization, OrganizationContact
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.services import name_term
from iocop.repertoire.services.noting import comment
from tests.client import Browser
from tests.factories import saved, viewer_of
from tests.people import officer, person
from tests.site.world import World, world

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

OFFICES = ("administrator", "moderator", "curator", "board_member", "facilitator", "returning_officer")

KEPT = {
    "contributions.discard", "contributions.keep", "contributions.preview", "contributions.save",
    "contributions.upload", "demo.play", "elections.ballots", "elections.complain",
    "elections.nominate", "elections.plain_ballot", "elections.token", "forums.follow", "home.my_domains", "home.welcome",
    "notifications.open_notice", "notifications.read_all",
    "notifications.settings", "notifications.unsubscribe", "organizations.confirmed", "repertoire.follow",
    "reputation.agree", "reputation.availability", "reputation.decline", "reputation.own_irregularity",
    "roles.become_first_administrator", "safety.keep_name", "safety.try_text", "search.save", "transfer.take",
}  # fmt: skip
"""What somebody suspended keeps beside the own account: drafts and notes to themselves, notices, what they follow, what
concerns them; what is opened by a link in a letter. A file or a nomination is refused beside its field; everybody may
complain; a token that was issued stays valid. Those of elections are refused or taken only where the election stands so:
tests/elections/test_suspended_member.py asks each there."""

FORMS = {
    "contributions.press": {"kind": "helpful"},
    "contributions.remove": {"reason": "Sells pumps."},
    "elections.thread": {"domain": "1"},
    "members.invite": {"email": "new@example.org"},
    "organizations.correct": {"valid_from": "2025-01-01"},
    "organizations.end": {"last_day": "2025-06-01"},
    "organizations.show_to": {"visibility": "members"},
    "organizations.state": {"valid_from": "2025-01-01", "visibility": "public"},
    "repertoire.close_request": {"reason": "Nobody needs it."},
    "repertoire.link_thread": {"topic": "1"},
    "repertoire.term_names": {"word": "Weir", "by": "language", "language": "en"},
}
"""What is sent where the form is read before it is asked who sends it."""

OWN_ACCOUNT = "members."
NOT_OWN = {"members.invite", "members.claim"}


def test_somebody_suspended_uses_none_of_their_offices(app: Flask) -> None:
    there = world(app)
    sue = _suspended_officer()
    values = _values(there, sue)
    browser = Browser(app).sign_in(sue)
    token = browser.csrf_token()
    doors = app.url_map.bind("localhost")

    answered = {
        rule.endpoint: _sent(
            browser, doors.build(rule.endpoint, _asked(rule, values), "POST"), rule.endpoint, token
        )
        for rule in app.url_map.iter_rules()
        if _changes(rule)
    }

    assert {endpoint: status for endpoint, status in answered.items() if status != 403} == {}
    assert len(answered) > 80


def test_what_somebody_suspended_keeps_names_forms_there_are(app: Flask) -> None:
    forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert {*KEPT, *FORMS, *NOT_OWN} - forms == set()


def _changes(rule: Rule) -> bool:
    own = rule.endpoint.startswith("members.") and rule.endpoint not in NOT_OWN
    return "POST" in (rule.methods or ()) and not own and rule.endpoint not in KEPT


def _sent(browser: Browser, address: str, endpoint: str, token: str) -> int:
    form = FORMS.get(endpoint, {}) | {"csrf_token": token}
    status: int = Context().run(browser.client.post, address, data=form).status_code
    db.session.rollback()
    return status


def _suspended_officer() -> Member:
    sue = person("Sus Officer", db.session.scalar(select(Organization)), "acme.example")
    for role in OFFICES:
        officer(sue, role)
    with act() as session:
        session.get_one(Member, sue.id).state = "suspended"
    return sue


def _values(there: World, sue: Member) -> dict[str, object]:
    """Return what addresses are made of; things that only some of them name are made here."""
    keys, author = there.keys, viewer_of(there.author)
    note = comment(author, int(str(keys["article"])), Quote("Open every valve."), "Every one?", "note")
    name = name_term(author, int(str(keys["term"])), "Weir")
    own = db.session.scalar(select(Affiliation.id).where(Affiliation.member_id == sue.id))
    domain = saved(
        MailDomain(organization_id=1, domain="acme.example", verified_by="admin", verified_at=clock.now())
    )
    contact = saved(
        OrganizationContact(
            organization_id=1, member_id=there.author.id, named_at=clock.now(), named_by_id=sue.id
        )
    )
    asked = {"election_id": keys["election"], "first_id": there.author.id, "first_at": clock.now()}
    waiting = saved(ElectionAct(**asked, verb="void", note="Wrong year."))
    standing = saved(
        Nomination(
            election_id=keys["election"], member_id=sue.id, nominated_by_id=sue.id, nominated_at=clock.now()
        )
    )
    return {
        "election_id": keys["election"], "nomination_id": standing.id, "act_id": waiting.id, "verb": "void",
        "complaint_id": keys["complaint"],
        "topic_id": keys["topic"], "post_id": keys["answer"], "contribution_id": keys["answer"],
        "root_id": keys["topic"], "attachment_id": keys["file"], "article_id": keys["article"],
        "parent_id": keys["article"], "proposal_id": keys["proposal"], "request_id": keys["request"],
        "note_id": note.id, "name_id": name.id, "affiliation_id": own, "domain_id": domain.id,
        "contact_id": contact.id, "space_id": keys["space_id"], "tag_id": keys["tag"], "member_id": keys["member"],
        "number": keys["number"], "saved_id": keys["saved"], "irregularity_id": keys["irregularity"],
        "review_id": keys["level_review"],
        "grant_id": keys["grant"], "term_id": keys["term"], "kind": "works_here", "act": "obsolete",
    }  # fmt: skip


def _asked(rule: Rule, values: dict[str, object]) -> dict[str, object]:
    """Return the values of an address; what only one thing of its kind is asked for has the first key."""
    here: dict[str, object] = {"slug": "acme" if rule.rule.startswith("/organizations") else "hydronics"}
    if rule.rule.startswith("/glossary"):
        here = {"article_id": values["term_id"]}
    asked = {name: (values | here).get(name, 1) for name in rule.arguments}
    if rule.endpoint == "elections.answer":
        asked["verb"] = "second"
    return asked | ({"organization": "acme"} if rule.endpoint == "organizations.state" else {})
