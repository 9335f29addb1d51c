"""Whatever a member writes for others to read is looked through before it is posted: form by form."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from wtforms import Form as AnyForm
from wtforms import TextAreaField

import iocop
from iocop.core import clock
from iocop.core.db import act, db
from iocop.domains.models import Domain, Tag
from iocop.elections.models import ElectionComplaint
from iocop.members.numbers import shown
from iocop.moderation.services import suspend
from iocop.repertoire import services
from iocop.repertoire.paragraphs import fingerprint
from iocop.reputation.models import Irregularity, IrregularityParty, LevelReview
from iocop.safety.asking import SMALL
from iocop.safety.services import list_terms
from tests.contributions.factories import given as ask_fields
from tests.contributions.factories import make_office
from tests.elections.factories import make_election, make_officers
from tests.elections.factories import stand as stand_for
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import Cast, officer
from tests.repertoire.factories import curators, make_article, make_proposal
from tests.reputation.experts import make_balance, make_question
from tests.reputation.standing import stand
from tests.safety.factories import community, pressed, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag as Element

    from iocop.members.models import Member
    from iocop.repertoire.models import Article
    from tests.client import Browser

WORDS = "Project Blue Heron begins in May at the sluice."

EXCEPTIONS = {
    "safety.forms.TryForm": "what is typed there is looked through, and kept nowhere",
    "safety.forms.TermsForm": "the confidential terms themselves, kept as digests that nobody reads",
    "safety.forms.UnlistForm": "the same",
}


@dataclass(frozen=True)
class Case:
    """Where a form stands, what is typed where, and what it needs besides."""

    path: str
    name: str = "text"
    form: str = ""
    """Where it is sent, if elsewhere."""
    more: dict[str, Any] = field(default_factory=dict)


def forms_with_texts() -> dict[str, type]:
    """Return every form of the site in which somebody writes at length, by its place in the package."""
    for module in pkgutil.walk_packages(iocop.__path__, "iocop."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    return {
        f"{kind.__module__.removeprefix('iocop.')}.{kind.__name__}": kind
        for kind in _below(AnyForm)
        if kind.__module__.startswith("iocop.") and any(_writes(value) for value in vars(kind).values())
    }


def _below(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _writes(value: object) -> bool:
    made = getattr(value, "field_class", None)
    return isinstance(made, type) and issubclass(made, TextAreaField)


def of_forums(people: Cast) -> dict[str, Case]:
    own = make_topic(author=people.alice)
    other = make_topic(author=people.charlie)
    answer = make_answer(other, author=people.vera, kind="answer")
    stand(people.alice, db.session.scalars(select(Domain)).first() or make_domain(), 1)
    return {
        "forums.forms.PostForm": Case(f"/p/{other.id}/reply"),
        "forums.forms.EditForm": Case(f"/p/{own.id}/edit"),
        "forums.forms.CharterForm": Case("/domains/controls/charter", "charter"),
        "forums.forms.CloseForm": Case(f"/t/{own.id}/close", "reason"),
        "contributions.forms.WorksHereForm": Case(f"/c/{other.id}/marks/works_here", "conditions"),
        "contributions.forms.OutdatedForm": Case(f"/c/{other.id}/marks/outdated", "reason"),
        "contributions.forms.DoubtForm": Case(f"/c/{answer.id}/marks/doubt", "reason"),
        "contributions.forms.LabelForm": Case(f"/c/{own.id}/label", "reason"),
        "contributions.forms.SpaceForm": Case(f"/c/{own.id}/space", "reason"),
        "contributions.forms.RemoveForm": Case(f"/c/{own.id}/remove", "reason"),
    }


def of_repertoire(people: Cast) -> dict[str, Case]:
    writers = curators()
    article = make_article(author=writers.author, reviewers=(writers.ann, writers.ben))
    waiting = make_proposal(title="Venting a pump")
    term = make_article(
        author=writers.author, reviewers=(writers.ann, writers.ben), kind="term", title="Delta T"
    )
    topic = make_topic()
    text = "Open every valve and measure."
    taken = f"{make_answer(topic, kind='answer', text=text).id}-{fingerprint(text)}"
    request = services.ask_for(viewer_of(people.charlie), ask_fields(kind="request", title="Sluices"))
    new = {"title": "Venting", "label": "public"}
    return {
        "repertoire.forms.ReplyForm": Case(f"/repertoire/discussion/{article.id}"),
        "repertoire.forms.ArticleForm": Case("/repertoire/new?kind=how-to", form="/repertoire/new", more=new),
        "repertoire.request_forms.RequestForm": Case(
            "/repertoire/requests/new", more={"title": "Sluices in May"}
        ),
        "repertoire.request_forms.DeclineForm": Case(
            f"/repertoire/requests/{request.id}", "reason", form=f"/repertoire/requests/{request.id}/close"
        ),
        "repertoire.request_forms.NameForm": Case(f"/glossary/{term.id}/names", "word"),
        "repertoire.review_forms.ReviewForm": Case(
            f"/repertoire/suggestions/{waiting.id}/review", "reason", more={"verdict": "decline"}
        ),
        "repertoire.review_forms.SuggestForm": Case(f"/a/{article.id}/suggest/obsolete", "reason"),
        "repertoire.tracing_forms.DistilForm": Case(
            f"/t/{topic.id}/distil", more=new | {"how": "save", "taken": taken}
        ),
        "repertoire.tracing_forms.NoteForm": Case(f"/a/{article.id}/notes/new", more={"paragraph": "1"}),
    }


def of_offices(people: Cast) -> dict[str, Case]:
    post = make_topic(author=people.charlie)
    imported = make_member(name="chillerman", state="imported", email=None, source="old-forum", source_id="7")
    suspended = make_member()
    suspend(make_office(make_member()), suspended.id, clock.now() + timedelta(days=9), "Sold things.")
    at = f"/moderation/members/{people.vera.id}"
    lifting = f"/moderation/members/{suspended.id}"
    return {
        "moderation.forms.ReportForm": Case(f"/p/{post.id}/report", "note", more={"reason": "spam"}),
        "moderation.forms.RulingForm": Case(f"/moderation/{post.id}", "reason", more={"kind": "hide"}),
        "moderation.forms.SuspendForm": Case(
            at, "reason", form=f"{at}/suspend", more={"until": f"{clock.now() + timedelta(days=9):%Y-%m-%d}"}
        ),
        "moderation.forms.LiftForm": Case(lifting, "reason", form=f"{lifting}/lift"),
        "admin.forms.DomainForm": Case("/admin/domains/controls", "charter"),
        "admin.forms.DecisionForm": Case(
            "/admin/decisions/new", more={"body": "The board", "decided_on": "2025-05-02"}
        ),
        "organizations.forms.OrganizationForm": Case("/organizations/acme/change", "about"),
        "members.forms.ProfileForm": Case("/settings", "about"),
        "members.forms.ClaimForm": Case(f"/id/{shown(imported.number)}/claim", "evidence"),
    }


def of_standing(people: Cast) -> dict[str, Case]:
    domain = make_domain(name="Ventilation")
    mine = make_question(people.alice, domain)
    make_balance(people.vera, domain)
    charlies, own = _told_of_a_jump(people.charlie), _told_of_a_jump(people.alice)
    return {
        "reputation.asking.forms.RequestForm": Case(
            f"/t/{mine.id}/ask-whom/{shown(people.vera.number)}", "note"
        ),
        "reputation.judging_forms.CandidateForm": Case(
            f"/standing/candidates/{_looked_at_by(people.alice, people.charlie, domain)}",
            "reason",
            more={"agrees": "no"},
        ),
        "reputation.judging_forms.AnswerForm": Case(f"/standing/irregularities/{own}", "answer"),
        "reputation.judging_forms.DecisionForm": Case(
            f"/moderation/irregularities/{charlies}", "note", more={"outcome": "unfounded"}
        ),
    }


def of_elections(people: Cast) -> dict[str, Case]:
    officers = [officer(people.alice, "returning_officer"), *make_officers()[1:]]
    draft, running = make_election(officers), make_election(officers)
    with act():
        running.state = "nominations"
    complaint = saved(
        ElectionComplaint(
            election_id=running.id,
            member_id=people.vera.id,
            kind="complaint",
            text="Late.",
            made_at=clock.now(),
        )
    )
    standing, campaigning = _stands(people.alice, "nominations"), _stands(people.alice, "campaign")
    named = {"officers": [str(member.id) for member in officers], "title": "Board"}
    decided = {
        "body": "The board",
        "decided_on": "2025-05-02",
        "vote": "All for",
        "takes_effect_on": "2099-01-01",
    }
    return {
        "elections.desk_forms.DraftForm": Case("/elections/new", "about", more=named),
        "elections.desk_forms.ActForm": Case(f"/elections/{draft.id}/desk/void", "note"),
        "elections.desk_forms.ComplaintForm": Case(f"/elections/{running.id}/complaints"),
        "elections.desk_forms.AnswerForm": Case(
            f"/elections/complaints/{complaint.id}/answer", "note", more={"upheld": "yes"}
        ),
        "elections.standing_forms.StatementForm": Case(
            f"{standing}/stand", "statement", more={"interests": "None."}
        ),
        "elections.standing_forms.MailingForm": Case(f"{campaigning}/campaign"),
        "elections.ruling_forms.RuleSetForm": Case("/elections/rules/new", more=decided),
    }


def _stands(member: Member, state: str) -> str:
    """Have a member stand in an election that has come to a state; return the candidate's address."""
    officers = [officer(make_member(), "returning_officer") for _ in range(2)]
    election = make_election(officers, begins=clock.now() - timedelta(days=1))
    nomination = stand_for(
        election, member, "proposed" if state == "nominations" else "admitted", statement=""
    )
    with act():
        election.state = state
        election.rules = election.rules | {"statement_words": 1, "photo": False}
    return f"/elections/{election.id}/candidates/{nomination.id}"


def _told_of_a_jump(member: Member) -> int:
    """Lay an unusual day of a member before moderators, and have the member know for longer than a week."""
    before = clock.now() - timedelta(days=9)
    evidence = {"day": before.date().isoformat(), "amount_mp": 150_000}
    row = saved(
        Irregularity(
            kind="jump",
            key=f"jump-{member.id}",
            found_at=before,
            evidence=evidence,
            state="told",
            told_at=before,
        )
    )
    saved(IrregularityParty(irregularity_id=row.id, member_id=member.id))
    return row.id


def _looked_at_by(member: Member, candidate: Member, domain: Domain) -> int:
    """Have a member, for the board, be asked about another who has come to what level 3 asks for."""
    officer(member, "board_member")
    row = LevelReview(member_id=candidate.id, domain_id=domain.id, opened_at=clock.now(), evidence={})
    return saved(row).id


def sent(form: Element) -> dict[str, Any]:
    """Return what a browser would send of a form as it stands."""
    found: dict[str, Any] = {}
    for each in form.select("input[name], textarea[name], select[name]"):
        kind = each.get("type")
        if kind in {"submit", "file"} or (kind in {"radio", "checkbox"} and not each.has_attr("checked")):
            continue
        chosen = each.select_one("option[selected]") or each.select_one("option") or each
        found[str(each["name"])] = each.text if each.name == "textarea" else chosen.get("value", "")
    return found


def page_text(html: str, name: str) -> str:
    """Return what stands in a page's field: nothing typed is lost."""
    found = BeautifulSoup(html, "html.parser").select_one(f"textarea[name={name}], input[name={name}]")
    return str(found.get("value") or found.text) if found else ""


@pytest.mark.parametrize("cases", [of_forums, of_repertoire, of_offices, of_standing, of_elections])
def test_every_form_asks_back_and_then_lets_it_through(browser: Browser, cases: Any) -> None:
    people = community("Blue Heron")
    for office in ("moderator", "curator"):
        officer(people.alice, office)
    browser.sign_in(people.alice)

    for name, case in cases(people).items():
        page = browser.page(case.path)
        target = case.form or case.path.partition("?")[0]
        form = next(each for each in page.find_all("form") if each.select_one(f"[name={case.name}]"))
        domains = page.select_one("input[name=domains]")
        filing = {"domains": str(domains["value"])} if domains else {}
        filled = sent(form) | filing | case.more | {case.name: WORDS}
        answer = browser.post(target, filled)

        assert "Blue Heron" in warning(answer.text), name
        assert answer.status_code == 422, name
        assert WORDS in page_text(answer.text, case.name), name
        done = browser.post(target, filled | pressed(answer.text, "Post as it is"))
        assert not warning(done.text), name
        assert done.status_code in {200, 303}, name


def filings(article: Article, tag: Tag) -> dict[str, Case]:
    """Return where words are typed that contributions are filed under or said to apply to."""
    new = {"title": "Venting", "label": "public", "text": "## Steps\n\nOpen every valve.\n"}
    own = {"title": "How is it vented?", "text": "It will not vent."}
    edit = Case(f"/a/{article.id}/edit", "tags")
    return {
        "a topic": Case("/ask", "tags", more=own),
        "an article": Case("/repertoire/new?kind=how-to", "tags", form="/repertoire/new", more=new),
        "an edit": edit,
        "a product": replace(edit, name="product"),
        "a region": replace(edit, name="region"),
        "a standard": replace(edit, name="standard"),
        "a synonym": Case(f"/tags/{tag.id}/words", "word"),
        "a sub-topic": Case("/admin/domains/controls", "sub_topic"),
    }


def test_words_to_file_under_are_looked_through_as_well(browser: Browser) -> None:
    people = community("Blue Heron")
    officer(people.alice, "curator")
    officer(people.alice, "administrator")
    article, tag = make_article(), saved(Tag(slug="sluices"))
    browser.sign_in(people.alice)

    for name, case in filings(article, tag).items():
        page = browser.page(case.path)
        form = next(each for each in page.find_all("form") if each.select_one(f"[name={case.name}]"))
        domains = page.select_one("input[name=domains]")
        filing = {"domains": str(domains["value"])} if domains else {}
        typed = "sluices, blue-heron" if case.name in SMALL else "Blue-Heron"
        filled = sent(form) | filing | case.more | {case.name: typed}
        answer = browser.post(case.form or case.path, filled)

        assert "Blue-Heron" in warning(answer.text), name
        assert answer.status_code == 422, name
        assert page_text(answer.text, case.name) == typed, name
        done = browser.post(case.form or case.path, filled | pressed(answer.text, "Post as it is"))
        assert not warning(done.text), name
        assert done.status_code in {200, 303}, name


def test_tags_that_stood_there_before_an_edit_are_not_asked_about_again(browser: Browser) -> None:
    people = community()
    article = make_article(tags=("blue-heron",), title="Sluices")
    list_terms(viewer_of(people.bob), people.acme.id, ["Blue Heron"])
    browser.sign_in(people.alice)
    page = browser.page(f"/a/{article.id}/edit")
    form = next(each for each in page.find_all("form") if each.select_one("[name=tags]"))

    answer = browser.post(f"/a/{article.id}/edit", sent(form) | {"text": "## Steps\n\nOpen all of them.\n"})

    assert answer.status_code == 303


def test_no_form_with_a_text_is_forgotten() -> None:
    known = {*EXCEPTIONS, *_tried()}

    assert set(forms_with_texts()) <= known, "say where it is tried above, or why it need not be"


def _tried() -> set[str]:
    """Return the names the cases have, read from their source: their rows need a database."""
    import inspect
    import re

    return {
        name
        for cases in (of_forums, of_repertoire, of_offices, of_standing, of_elections)
        for name in re.findall(r'"([a-z_]+(?:\.[a-z_]+)+\.[A-Za-z]+)": Case', inspect.getsource(cases))
    }
