"""Writing an article and suggesting a change: nothing typed is lost, whoever else writes at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import revise
from iocop.core.db import db
from iocop.core.errors import Conflict, Refused
from iocop.domains.models import Domain
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.models import Article, Proposal
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import person
from tests.repertoire.factories import curators, make_article, make_proposal

if TYPE_CHECKING:
    from tests.client import Browser
    from tests.repertoire.factories import Curators

pytestmark = pytest.mark.usefixtures("app")

TEXT = "Intro.\n\n## Steps\n\nOpen it.\n\n## Checks\n\nMeasure.\n"


def _form(page: BeautifulSoup) -> dict[str, Any]:
    """Return what a browser would send of the page's form, with nothing changed."""
    form = next(found for found in page.find_all("form") if found.find("textarea", {"name": "text"}))
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        kind = field.get("type")
        if kind in {"submit", "file"} or (kind in {"radio", "checkbox"} and not field.has_attr("checked")):
            continue
        sent[str(field["name"])] = _value(field)
    return sent


def _value(field: Tag) -> Any:
    if field.name == "textarea":
        return field.text.replace("\r\n", "\n").removeprefix("\n")
    chosen = field.select_one("option[selected]") or field.select_one("option") or field
    return chosen.get("value", "")


def _new(**about: Any) -> dict[str, Any]:
    domain = db.session.scalar(select(Domain.id).limit(1))
    return {
        "kind": "how-to", "title": "Venting", "summary": "How to vent.", "text": TEXT, "domains": str(domain),
        "space": "1", "language": "en", "label": "public", "submission_key": "k1", "how": "submit",
    } | about  # fmt: skip


@pytest.fixture
def people() -> Curators:
    make_space()
    make_domain()
    return curators()


def _publish(people: Curators, proposal: Proposal) -> None:
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)


def _article(people: Curators, **about: Any) -> Article:
    return make_article(author=people.author, reviewers=(people.ann, people.ben), text=TEXT, **about)


@pytest.mark.theory("1.62")
def test_every_kind_has_its_template(browser: Browser, people: Curators) -> None:
    browser.sign_in(people.author)

    page = browser.page("/repertoire/new")

    assert [link.text for link in page.select(".sections a")] == [str(kind.name) for kind in KINDS.values()]
    for kind in KINDS.values():
        text = browser.page(f"/repertoire/new?kind={kind.key}").find("textarea", {"name": "text"})
        assert text is not None
        assert text.text.strip() == str(kind.template).strip()


def test_a_member_writes_an_article_that_then_waits(browser: Browser, people: Curators) -> None:
    browser.sign_in(people.author)

    response = browser.post("/repertoire/new", _new(deputy="@ben", tags="pumps, valves", product="V6"))

    proposal = db.session.scalars(select(Proposal)).one()
    assert (response.status_code, response.location) == (303, f"/repertoire/suggestions/{proposal.id}")
    fields = Fields.read(proposal.fields)
    assert (proposal.status, fields.owner_id, fields.deputy_id) == (
        "waiting",
        people.author.id,
        people.ben.id,
    )
    page = browser.page(response.location)
    assert "Waiting for review" in page.text
    assert page.select_one(".reading h2").text == "Steps"  # type: ignore[union-attr]
    assert db.session.scalar(select(Article.id)) is None


def test_what_is_saved_for_later_shows_as_work_in_progress(browser: Browser, people: Curators) -> None:
    browser.sign_in(people.author)

    response = browser.post("/repertoire/new", _new(how="later"))

    proposal = db.session.scalars(select(Proposal)).one()
    assert proposal.status == "draft"
    assert "Work in progress" in browser.page(response.location).text
    browser.post(f"/repertoire/suggestions/{proposal.id}/submit")
    assert db.session.get_one(Proposal, proposal.id).status == "waiting"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "x"}, "title"), ({"text": ""}, "text"), ({"owner": "nobody at all"}, "owner"),
        ({"owner": "@wim", "deputy": "@wim"}, "deputy"), ({"domains": ""}, "domains"), ({"kind": "song"}, "kind"),
        ({"note": "n" * 201}, "note"), ({"owner": "Jo Juniper"}, "owner"), ({"tags": "a,b,c,d,e,f"}, "tags"),
    ],
)  # fmt: skip
def test_an_error_names_its_field_and_keeps_what_was_typed(
    browser: Browser, people: Curators, wrong: dict[str, str], field: str
) -> None:
    for handle in ("jo", "joe"):
        person("Jo Juniper", handle=handle, email=f"{handle}@example.net")
    browser.sign_in(people.author)

    response = browser.post("/repertoire/new", _new(summary="Kept words.", **wrong))

    assert response.status_code == 422
    assert "Kept words." in response.text
    assert f'id="{field}-error"' in response.text
    assert db.session.scalar(select(Proposal.id)) is None


def test_one_employer_for_both_keepers_is_remarked(browser: Browser, people: Curators) -> None:
    browser.sign_in(people.author)

    response = browser.post("/repertoire/new", _new(owner="ann", deputy=people.amy.name))

    assert "Owner and deputy work for one organization" in browser.page(response.location).text


def test_a_guest_is_led_to_the_door_and_a_suspended_member_refused(
    browser: Browser, people: Curators
) -> None:
    article = _article(people)
    for address in ("/repertoire/new", f"/a/{article.id}/edit"):
        assert browser.get(address).status_code == 303
    browser.sign_in(make_member(state="suspended"))
    for address in ("/repertoire/new", f"/a/{article.id}/edit"):
        assert browser.get(address).status_code == 403


def test_an_edit_starts_from_the_article_and_waits_beside_it(browser: Browser, people: Curators) -> None:
    article = _article(people, product="V6", tags=("pumps",), summary="Sum.")
    browser.sign_in(make_member(name="Mia Moss"))

    sent = _form(browser.page(f"/a/{article.id}/edit"))
    assert (sent["title"], sent["product"], sent["tags"], sent["text"].strip()) == (
        "Balancing a circuit",
        "V6",
        "pumps",
        TEXT.strip(),
    )
    response = browser.post(
        f"/a/{article.id}/edit",
        sent | {"text": TEXT.replace("Open", "Close"), "note": "Safer.", "product": "V7"},
    )

    page = browser.page(response.location)
    assert page.select_one(".diff ins").text.strip() == "Close"  # type: ignore[union-attr]
    assert [cell.text for cell in page.select("tbody td")] == ["V6", "V7"]
    assert "Safer." in page.text
    assert browser.page(f"{response.location}?view=sides").select_one(".diff.sides") is not None
    assert "Close it." in browser.page(f"{response.location}?view=text").select_one(".reading").text  # type: ignore[union-attr]
    assert "1 suggested change waits" in browser.page(f"/a/{article.id}").text


def test_one_section_is_edited_and_the_rest_stays(browser: Browser, people: Curators) -> None:
    article = _article(people)
    browser.sign_in(people.amy)
    link = browser.page(f"/a/{article.id}").select_one(".section-head a")
    assert link is not None

    sent = _form(browser.page(str(link["href"])))
    assert sent["text"].strip() == "## Steps\n\nOpen it."
    browser.post(f"/a/{article.id}/edit", sent | {"text": "## Steps\r\n\r\nOpen it slowly.\r\n"})

    proposal = db.session.scalars(select(Proposal).where(Proposal.act == "edit")).one()
    assert db.session.get_one(Contribution, proposal.id).text == TEXT.replace("Open it.", "Open it slowly.")


def test_a_section_that_is_gone_keeps_what_was_typed(browser: Browser, people: Curators) -> None:
    article = _article(people)
    browser.sign_in(people.amy)
    sent = _form(browser.page(f"/a/{article.id}/edit?section=c-steps"))

    response = browser.post(f"/a/{article.id}/edit", sent | {"section": "c-nowhere", "text": "My words."})

    assert response.status_code == 422
    assert "My words." in response.text


def test_changes_of_other_sections_come_together(browser: Browser, people: Curators) -> None:
    article = _article(people)
    browser.sign_in(people.amy)
    sent = _form(browser.page(f"/a/{article.id}/edit"))
    _publish(people, make_proposal(
        author=people.author, act="edit", article_id=article.id, title="Balancing", text=TEXT.replace("Measure", "Weigh"),
        summary="Newer.",
    ))  # fmt: skip

    response = browser.post(
        f"/a/{article.id}/edit", sent | {"text": TEXT.replace("Open", "Close"), "product": "V9"}
    )

    assert response.status_code == 303
    proposal = _latest()
    assert db.session.get_one(Contribution, proposal.id).text == TEXT.replace("Open", "Close").replace(
        "Measure", "Weigh"
    )
    fields = Fields.read(proposal.fields)
    assert (fields.title, fields.summary, fields.product, proposal.base_version) == (
        "Balancing",
        "Newer.",
        "V9",
        2,
    )


def _latest() -> Proposal:
    return db.session.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(1)).one()


def test_where_both_changed_a_section_both_texts_are_shown(browser: Browser, people: Curators) -> None:
    article = _article(people)
    browser.sign_in(people.amy)
    sent = _form(browser.page(f"/a/{article.id}/edit?section=c-steps"))
    _publish(people, make_proposal(
        author=people.author, act="edit", article_id=article.id, title="Balancing a circuit",
        text=TEXT.replace("Open", "Shut"),
    ))  # fmt: skip

    response = browser.post(f"/a/{article.id}/edit", sent | {"text": "## Steps\n\nClose it."})

    assert response.status_code == 409
    page = response.text
    assert "Shut it." in page
    assert "Close it." in page
    assert "Both changed: Steps" in page
    again = _form(BeautifulSoup(page, "html.parser"))
    assert (again["section"], again["base_version"]) == ("", "2")
    assert (
        browser.post(
            f"/a/{article.id}/edit", again | {"text": TEXT.replace("Open", "Shut, then open")}
        ).status_code
        == 303
    )
    assert "then open" in db.session.get_one(Contribution, _latest().id).text


def _overtaken(people: Curators, theirs: str, yours: str) -> Proposal:
    article = _article(people)
    waiting = make_proposal(
        author=people.author, act="edit", article_id=article.id, title="Balancing a circuit", text=yours
    )
    _publish(people, make_proposal(
        author=make_member(), act="edit", article_id=article.id, title="Balancing a circuit", text=theirs,
    ))  # fmt: skip
    return waiting


def test_a_waiting_edit_is_brought_up_to_date(browser: Browser, people: Curators) -> None:
    waiting = _overtaken(people, TEXT.replace("Measure", "Weigh"), TEXT.replace("Open", "Close"))
    with pytest.raises(Conflict, match="brings the two together"):
        _publish(people, waiting)
    browser.sign_in(people.author)
    assert "has moved on" in browser.page(f"/repertoire/suggestions/{waiting.id}").text

    browser.post(f"/repertoire/suggestions/{waiting.id}/update")

    proposal = db.session.get_one(Proposal, waiting.id)
    assert (proposal.round, proposal.base_version, proposal.status) == (2, 2, "waiting")
    assert "has moved on" not in browser.page(f"/repertoire/suggestions/{waiting.id}").text
    _publish(people, proposal)
    text = db.session.get_one(Contribution, proposal.article_id).text
    assert "Weigh" in text
    assert "Close" in text
    with pytest.raises(Refused):
        services.bring_up_to_date(viewer_of(people.author), proposal.id)


def test_an_edit_that_is_up_to_date_is_left_alone(people: Curators) -> None:
    article = _article(people)
    waiting = make_proposal(
        author=people.author, act="edit", article_id=article.id, title="Balancing", text="x"
    )

    with pytest.raises(Conflict, match="up to date"):
        services.bring_up_to_date(viewer_of(people.author), waiting.id)
    with pytest.raises(Refused, match="Only its author"):
        services.bring_up_to_date(viewer_of(people.amy), waiting.id)


def test_a_waiting_edit_of_the_same_section_is_brought_together_by_hand(
    browser: Browser, people: Curators
) -> None:
    waiting = _overtaken(people, TEXT.replace("Open", "Shut"), TEXT.replace("Open", "Close"))
    browser.sign_in(people.author)

    response = browser.post(f"/repertoire/suggestions/{waiting.id}/update")
    page = browser.page(response.location)

    assert "Shut it." in page.text
    sent = _form(page)
    browser.post(response.location, sent | {"text": TEXT.replace("Open", "Shut, never close")})
    proposal = db.session.get_one(Proposal, waiting.id)
    assert (proposal.round, proposal.base_version) == (2, 2)


def test_an_author_improves_what_was_declined(browser: Browser, people: Curators) -> None:
    proposal = make_proposal(author=people.author)
    services.decline(viewer_of(people.ann), proposal.id, 1, "Too short.")
    browser.sign_in(people.author)
    assert "Too short." in browser.page(f"/repertoire/suggestions/{proposal.id}").text

    sent = _form(browser.page(f"/repertoire/suggestions/{proposal.id}/edit"))
    browser.post(f"/repertoire/suggestions/{proposal.id}/edit", sent | {"text": TEXT, "note": "Longer now."})

    proposal = db.session.get_one(Proposal, proposal.id)
    assert (proposal.status, proposal.round) == ("waiting", 2)
    saves = db.session.scalars(select(Revision.reason).where(Revision.contribution_id == proposal.id)).all()
    assert "Longer now." in saves
    _publish(people, proposal)
    assert f"/a/{proposal.article_id}/" in str(browser.page(f"/repertoire/suggestions/{proposal.id}"))


def test_a_suggestion_saved_in_another_window_shows_both(browser: Browser, people: Curators) -> None:
    proposal = make_proposal(author=people.author)
    browser.sign_in(people.author)
    sent = _form(browser.page(f"/repertoire/suggestions/{proposal.id}/edit"))
    browser.post(f"/repertoire/suggestions/{proposal.id}/edit", sent | {"text": "From the other window."})

    response = browser.post(
        f"/repertoire/suggestions/{proposal.id}/edit", sent | {"text": "From this window."}
    )

    assert response.status_code == 409
    assert "From the other window." in response.text
    assert "From this window." in response.text


def test_nobody_else_goes_on_with_a_suggestion(browser: Browser, people: Curators) -> None:
    proposal = make_proposal(author=people.author)
    browser.sign_in(people.amy)

    assert browser.get(f"/repertoire/suggestions/{proposal.id}/edit").status_code == 403
    assert browser.post(f"/repertoire/suggestions/{proposal.id}/withdraw").status_code == 403
    assert browser.get("/repertoire/suggestions/999").status_code == 404
    browser.sign_in(people.author).post(f"/repertoire/suggestions/{proposal.id}/withdraw")
    assert "Withdrawn" in browser.page(f"/repertoire/suggestions/{proposal.id}").text


def test_a_suggestion_without_text_is_read_but_not_edited(browser: Browser, people: Curators) -> None:
    article = _article(people)
    proposal = make_proposal(
        author=people.author,
        act="relabel",
        article_id=article.id,
        reason="It names no client.",
        label="members",
    )
    browser.sign_in(people.author)

    page = browser.page(f"/repertoire/suggestions/{proposal.id}")

    assert "It names no client." in page.text
    assert [cell.text for cell in page.select("tbody td")] == ["public", "members"]
    assert browser.get(f"/repertoire/suggestions/{proposal.id}/edit").status_code == 409


def test_a_draft_is_taken_up_where_it_was_written(browser: Browser, people: Curators) -> None:
    article = _article(people)
    proposal = make_proposal(author=people.author)
    browser.sign_in(people.author)
    for key in (
        "article:how-to",
        f"edit:{article.id}",
        f"edit:{article.id}:c-steps",
        f"suggestion:{proposal.id}",
        f"discussion:{article.id}",
    ):
        browser.post("/drafts", {"key": key, "text": f"Draft {key}."})

    page = browser.page("/drafts")

    for link in page.select("main a[href*=repertoire], main a[href*='/a/']"):
        assert "Draft " in browser.page(str(link["href"])).find("textarea", {"name": "text"}).text  # type: ignore[union-attr]
    browser.post("/repertoire/new", _new())
    assert "article:how-to" not in str(browser.page("/drafts"))


def test_a_section_with_a_long_heading_has_a_draft_too(browser: Browser, people: Curators) -> None:
    heading = "What to look at first when the plant room is cold and nobody can be reached"
    article = make_article(
        author=people.author, reviewers=(people.ann, people.ben), text=f"{TEXT}\n## {heading}\n\nThe pump.\n"
    )
    browser.sign_in(people.author)
    link = browser.page(f"/a/{article.id}").select(".section-head a.link-button")[-1]
    page = browser.page(str(link["href"]))
    key = page.select_one("[data-draft-key]")
    assert key is not None
    browser.post("/drafts", {"key": key["data-draft-key"], "text": f"## {heading}\n\nThe boiler.\n"})

    (resumed,) = browser.page("/drafts").select("main a[href*='/a/']")
    sent = _form(browser.page(str(resumed["href"])))

    assert "The boiler." in sent["text"]
    answer = browser.post(f"/a/{article.id}/edit", sent | {"how": "submit"})
    proposal = db.session.scalars(select(Proposal).where(Proposal.act == "edit")).one()
    assert answer.status_code == 303
    assert db.session.get_one(Contribution, proposal.id).text.startswith("Intro.")
    assert "The boiler." in db.session.get_one(Contribution, proposal.id).text
    assert not browser.page("/drafts").select("main a[href*='/a/']")


def test_a_draft_of_a_section_that_is_gone_takes_the_place_of_nothing(
    browser: Browser, people: Curators
) -> None:
    article = _article(people)
    browser.sign_in(people.author).post(
        "/drafts", {"key": f"edit:{article.id}:c-stages", "text": "## Stages\n\nTwo."}
    )

    sent = _form(browser.page(f"/a/{article.id}/edit?section=c-stages"))

    assert sent["section"] == ""
    assert sent["text"].strip() == f"{TEXT.strip()}\n\n## Stages\n\nTwo."


def test_an_earlier_version_is_brought_back_through_review(browser: Browser, people: Curators) -> None:
    article = _article(people)
    _publish(
        people,
        make_proposal(
            author=people.author, act="edit", article_id=article.id, title="Balancing", text="Worse."
        ),
    )
    browser.sign_in(people.amy)

    sent = _form(browser.page(f"/a/{article.id}/edit?from=1"))

    assert sent["text"].strip() == TEXT.strip()
    assert sent["note"] == "Brings back version 1"


def test_what_the_form_says_it_started_from_is_not_believed_blindly(
    browser: Browser, people: Curators
) -> None:
    article = _article(people)
    browser.sign_in(people.amy)
    sent = _form(browser.page(f"/a/{article.id}/edit"))

    for base in ("{", "[1]", '{"domain_ids": 3}'):
        assert (
            browser.post(
                f"/a/{article.id}/edit", sent | {"base": base, "submission_key": f"k{base}"}
            ).status_code
            == 303
        )
    assert (
        browser.post(f"/a/{article.id}/edit", sent | {"base_version": "x", "text": "Other."}).status_code
        == 409
    )


def test_what_is_too_long_is_refused_before_it_is_brought_together(
    browser: Browser, people: Curators
) -> None:
    article = _article(people)
    sent = _form(browser.sign_in(people.author).page(f"/a/{article.id}/edit"))
    changed = TEXT.replace("Open it", "Shut it")
    _publish(people, make_proposal(author=people.author, act="edit", article_id=article.id, text=changed))

    answer = browser.post(f"/a/{article.id}/edit", sent | {"text": "# a\n" * 50_000})

    assert answer.status_code == 422
    assert "at most 64 KB" in answer.text


def test_a_suggestion_edited_elsewhere_is_approved_anew(people: Curators) -> None:
    proposal = make_proposal(author=people.author)
    services.approve(viewer_of(people.ann), proposal.id, 1)

    revise(viewer_of(people.author), proposal.id, "Something else.", title=proposal.title)

    assert proposal.round == 2
    with pytest.raises(Conflict, match="while you were reading"):
        services.approve(viewer_of(people.ben), proposal.id, 1)
    services.approve(viewer_of(people.ben), proposal.id, 2)
    assert proposal.status == "waiting"
