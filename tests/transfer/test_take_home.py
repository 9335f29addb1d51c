"""A member takes a thread home: without names where its label asks, with its source, licence and what to check."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from docx import Document

from iocop.contributions.services import attach, change_label, mark, set_state
from iocop.core import outbox
from iocop.core.db import act, db
from iocop.core.models import EventRow
from iocop.forums.models import Topic
from iocop.forums.services import accept_answer
from iocop.organizations.models import OrganizationAlias
from iocop.safety.models import OwnWord
from tests.contributions import samples
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.people import belong, person
from tests.transfer.factories import sent, taken, thread, word_text

if TYPE_CHECKING:
    from tests.client import Browser

NAMES = [
    "Ann",
    "Alder",
    "Bob",
    "Birch",
    "Acme",
    "ACME",
    "Rival",
    "acme.example",
    "@ann",
    "@bob",
    "/id/",
    "+49",
]


def test_what_is_labelled_take_home_leaves_without_names(browser: Browser) -> None:
    told = thread(
        title="Does Acme leak?",
        text="Ann Alder of ACME asked Bob of **Ri**val, see [hers](/id/IOCOP-0001), [home](https://acme.example/x),"
        " ann@acme.example, +49 30 1234567, @bob and [docs](https://docs.example/x).",
    )
    browser.sign_in(make_member())

    for extension in ("md", "docx"):
        file = taken(browser, told.address, format=extension)
        text = file.text if extension == "md" else word_text(file.data)
        assert [name for name in NAMES if name in text] == []
        assert "Does organization A leak?" in text
        assert "The asker of organization A asked practitioner A of" in text
        assert "organization B" in text
        assert "the source" in text
    assert "https://docs.example/x" in taken(browser, told.address).text


def test_a_pdf_tells_its_title_and_language_and_names_nobody(browser: Browser) -> None:
    told = thread(text="Bob Birch of Rival said “Ω → 5 m²”.")

    file = taken(browser.sign_in(make_member()), told.address, format="pdf")

    assert file.mimetype == "application/pdf"
    assert file.data.startswith(b"%PDF")
    assert b"/Title (Where does it leak?)" in file.data
    assert b"/Author ()" in file.data
    assert b"/Lang (en)" in file.data
    assert b"Alder" not in file.data
    assert file.headers["Content-Disposition"] == "attachment; filename=where-does-it-leak.pdf"
    assert "no-store" in file.headers["Cache-Control"]


def test_a_word_document_has_headings_and_no_author(browser: Browser) -> None:
    told = thread(
        text="## Steps\n\n1. one\n2. two\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n> so [he](https://x.example/)"
    )

    document = Document(io.BytesIO(taken(browser.sign_in(make_member()), told.address, format="docx").data))

    about = document.core_properties
    assert (about.title, about.author, about.last_modified_by, about.comments) == (
        "Where does it leak?",
        "",
        "",
        "",
    )
    headings = [
        line.text for line in document.paragraphs if line.style and line.style.name.startswith("Heading")
    ]
    assert headings[0] == "About this pack"
    assert "Steps" in headings
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["1", "2"]
    assert [link.address for line in document.paragraphs for link in line.hyperlinks] == [
        "https://x.example/"
    ]


def test_what_is_public_keeps_its_authors_as_its_licence_asks(browser: Browser) -> None:
    told = thread(label="public")

    page = browser.page(told.address)
    file = browser.post(told.address, data=sent(page)).text

    assert page.select("input[name=word]") == []
    assert "Ann Alder, Acme GmbH" in file
    assert "Bob Birch, Rival" in file
    assert "CC BY-SA 4.0" in file
    assert f"http://localhost/t/{told.topic.id}/where-does-it-leak" in file
    assert "“Where does it leak?”" in file
    assert "version 1 of " in file
    assert "retrieved " in file
    assert "Check locally" in file


@pytest.mark.parametrize(
    ("label", "reason"), [("space", "within its space only"), ("members", "shared with members")]
)
def test_what_is_for_members_is_not_taken_home(browser: Browser, label: str, reason: str) -> None:
    told = thread(label=label)

    for who in (told.ann, told.bob, make_member()):
        browser.sign_in(who)
        answer = browser.get(told.address)
        assert answer.status_code == 403
        assert reason in answer.text
        assert browser.post(told.address, data={"step": "take", "format": "md"}).status_code == 403
        assert told.address not in browser.page(f"/t/{told.topic.id}").decode()


def test_outsiders_find_nothing(browser: Browser) -> None:
    told = thread()

    assert browser.get(told.address).status_code == 404
    assert browser.post(told.address, data={"step": "take", "format": "md"}).status_code == 404
    assert browser.get("/c/999/take-home").status_code == 404
    assert browser.sign_in(told.bob).get(f"/c/{told.answer.id}/take-home").status_code == 404


def test_a_colleague_and_a_suspended_member_take_home_what_they_may_read(browser: Browser) -> None:
    told = thread()
    colleague = person("Cora Cedar", told.acme, "acme.example")

    assert taken(browser.sign_in(colleague), told.address).status_code == 200


def test_posts_with_stricter_labels_stay_and_are_counted(browser: Browser) -> None:
    told = thread(label="public", answer_label="members")
    make_answer(told.topic, label="take-home", text="Only at home.")
    make_answer(told.topic, label="public", text="For all.")

    guest = browser.post(told.address, data=sent(browser.page(told.address))).text
    member = taken(browser.sign_in(make_member()), told.address).text

    assert "For all." in guest
    assert "Only at home." not in guest
    assert "2 posts stay on the site" in guest
    assert "Ann Alder" in guest
    assert "Only at home." in member
    assert "At the gland" not in member
    assert "1 post stays on the site" in member
    assert "Ann Alder" not in member, "as strict as its strictest part"


def test_what_is_hidden_stays_even_for_its_author_and_moderators(browser: Browser) -> None:
    told = thread()
    moderator = make_member()
    set_state(make_office(moderator), told.answer.id, "hidden", "Not so.")

    for who in (moderator, told.bob):
        assert "gland" not in taken(browser.sign_in(who), told.address).text
    set_state(viewer_of(moderator), told.topic.id, "hidden", "Not so.")
    browser.sign_in(moderator)
    assert browser.get(told.address).status_code == 403


def test_the_accepted_answer_comes_first_with_what_others_confirmed(browser: Browser) -> None:
    told = thread(text="Version 2.1 at 230 V, after EN 12831-1:2017?")
    later = make_answer(told.topic, label="take-home", text="The later one.")
    accept_answer(viewer_of(told.ann), told.topic.id, later.id)
    friend = person("Fay Fern", told.acme, "acme.example")
    mark(
        viewer_of(friend),
        later.id,
        "works_here",
        {"version": "3.2", "conditions": "With Rival pumps at Fay Fern"},
    )

    file = taken(browser.sign_in(make_member()), told.address).text

    assert file.index("The later one.") < file.index("At the gland")
    assert "Accepted answer" in file
    assert "Confirmed in practice at 1 organization" in file
    assert "3.2; With organization A pumps at another member" in file
    for named in ("EN 12831-1:2017", "Version 2.1", "230 V"):
        assert named in file.partition("Check locally")[2]


def test_aliases_merged_records_and_own_words_become_roles(browser: Browser) -> None:
    told = thread(
        text="At Old Name, at Pumpenbau, for Kingsbridge, and shell scripts of Zoe Zander de Vries."
    )
    saved(OrganizationAlias(organization_id=told.rival.id, name="Old Name"))
    old = make_organization(name="Pumpenbau Nord AG", slug="old", merged_into_id=told.rival.id)
    saved(OrganizationAlias(organization_id=old.id, name="Pumpenbau"))
    make_organization(name="Shell", slug="shell", website="https://www.shell.example")
    person("Zoe Zander de Vries")
    reader = make_member()
    saved(OwnWord(member_id=reader.id, word="Kingsbridge", folded="kingsbridge", role="a school"))
    browser.sign_in(reader)
    kept = {"shell": "shell"}

    page = browser.page(told.address)
    file = taken(browser, told.address).text

    assert (
        "At organization A, at organization A, for a school, and organization B scripts of another member."
        in file
    )
    assert "shell scripts" in taken(browser, told.address, **kept).text
    assert {str(row["value"]) for row in page.select("input[name=word]")} >= {
        "Old Name",
        "Kingsbridge",
        "shell",
    }


def test_a_role_tells_type_and_size_only_where_several_organizations_share_them(browser: Browser) -> None:
    told = thread()
    for number in range(4):
        make_organization(name=f"Firm {number}", slug=f"firm-{number}", country="DE")
    browser.sign_in(make_member())

    file = taken(browser, told.address).text

    assert "The asker (Company, Germany)" in file
    assert "Practitioner A (Company)," in file


def test_sealed_and_employer_hidden_posts_say_no_more_than_their_page(browser: Browser) -> None:
    told = thread(label="public", text="Ask Bob.")
    with act():
        told.answer.byline = "sealed"
        db.session.get_one(type(told.answer), told.topic.id).byline = "employer_hidden"

    public = browser.post(told.address, data=sent(browser.page(told.address))).text

    assert "Bob Birch" not in public
    assert "A member" in public
    assert "Ann Alder" in public
    assert "Acme" not in public
    change_label(viewer_of(told.ann), told.topic.id, "take-home")
    private = taken(browser.sign_in(make_member()), told.address).text
    assert "A practitioner, " in private
    assert "The asker, " in private


def test_what_remains_capitalised_is_marked_and_the_member_strikes_or_replaces_it(browser: Browser) -> None:
    told = thread(text="We saw it at Kingsbridge and near Marsh Lane, **Kings**bridge again. Yesterday Doe.")
    browser.sign_in(make_member())

    page = browser.page(told.address)
    marked = {mark.text for mark in page.select("mark.left")}
    file = taken(browser, told.address, Kingsbridge="a school", **{"Marsh Lane": ""}).text

    assert marked == {"Kingsbridge", "Marsh Lane", "Yesterday Doe"}
    assert "We saw it at a school and near […], **a school** again." in file.replace("\\", "")
    again = browser.post(told.address, data=sent(page, Kingsbridge="a school") | {"step": "show"})
    assert again.status_code == 200
    assert '<mark class="own">a school</mark>' in again.text
    assert 'value="Kingsbridge"' in again.text


def test_a_name_does_not_come_back_through_the_form(browser: Browser) -> None:
    told = thread(text="Bob Birch saw it at Kingsbridge.")
    browser.sign_in(make_member())
    page = browser.page(told.address)

    for words in (
        {"Bob Birch": "Bob Birch"},
        {"Kingsbridge": "the school of Rival"},
        {"Kingsbridge": "x" * 81},
    ):
        answer = browser.post(told.address, data=sent(page, **words))
        assert answer.status_code == 422
        (wanted,) = words.values()
        assert f'value="{wanted}"' in answer.text, "nothing typed is lost"
        assert 'aria-invalid="true"' in answer.text


def test_what_was_added_meanwhile_is_looked_at_first(browser: Browser) -> None:
    told = thread()
    page = browser.sign_in(make_member()).page(told.address)
    make_answer(told.topic, label="take-home", text="Seen at Kingsbridge too.")

    answer = browser.post(told.address, data=sent(page))

    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert browser.post(told.address, data=sent(page) | {"format": "exe"}).status_code == 422


def test_pictures_go_along_where_the_member_has_looked_at_them(browser: Browser) -> None:
    ann = person("Ann Alder")
    files = {name: attach(viewer_of(ann), f"{name}.png", samples.GOOD["a.png"]) for name in ("plan", "other")}
    paths = {name: f"/attachments/{file.id}/{name}.png" for name, file in files.items()}
    topic = make_topic(author=ann, label="take-home", text=f"![the plan]({paths['plan']})")
    make_topic(author=ann, label="members", text=f"![secret]({paths['other']})")
    make_answer(topic, label="take-home", text=f"![borrowed]({paths['other']})")
    address = f"/c/{topic.id}/take-home"
    browser.sign_in(make_member())

    without = taken(browser, address)
    packed = zipfile.ZipFile(io.BytesIO(taken(browser, address, pictures="y").data))

    assert without.mimetype == "text/markdown"
    assert "picture left out: the plan" in without.text
    assert packed.namelist() == ["pack.md", f"picture-{files['plan'].id}.png"]
    assert "picture left out: borrowed" in packed.read("pack.md").decode(), (
        "a file travels as far as its post"
    )
    for extension, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert taken(browser, address, pictures="y", format=extension).data.startswith(start)


def test_nothing_is_kept_of_who_took_what(browser: Browser) -> None:
    told = thread()
    outbox.deliver_all()
    browser.sign_in(make_member())
    before = db.session.query(EventRow).count()

    taken(browser, told.address)

    assert db.session.query(EventRow).count() == before


@pytest.mark.parametrize(("label", "shown"), [("public", True), ("take-home", True), ("members", False)])
def test_the_topic_leads_to_its_pack_where_its_label_lets_it_leave(
    browser: Browser, label: str, shown: bool
) -> None:
    told = thread(label=label)

    page = browser.sign_in(make_member()).page(f"/t/{told.topic.id}")

    assert bool(page.select(f'aside a[href="{told.address}"]')) is shown


def test_imported_posts_keep_their_attribution(browser: Browser) -> None:
    told = thread(label="public")
    with act():
        told.answer.attribution = "By Zed at elsewhere.example, CC BY-SA 3.0"
        told.answer.licence = "CC BY-SA 3.0"

    file = browser.post(told.address, data=sent(browser.page(told.address))).text

    assert "By Zed at elsewhere.example" in file
    assert "CC BY-SA 4.0, CC BY-SA 3.0" in file


def test_a_discussion_has_no_asker(browser: Browser) -> None:
    ann = person("Ann Alder")
    topic = make_topic(author=ann, kind="discussion", label="take-home")
    belong(ann, make_organization())

    file = taken(browser.sign_in(make_member()), f"/c/{topic.id}/take-home").text

    assert "Practitioner A, " in file
    assert db.session.get_one(Topic, topic.id).kind == "discussion"


def test_a_thread_too_long_for_a_pack_says_what_is_left_out(browser: Browser) -> None:
    told = thread(label="public", text="The question.")
    for number in range(4):
        make_answer(told.topic, label="public", text=f"Answer {number}: " + "word " * 9_000)

    file = browser.post(told.address, data=sent(browser.page(told.address))).text

    assert "The question." in file
    assert "Answer 1:" in file
    assert "Answer 3:" not in file
    assert "2 later posts are left out, because the pack would be too long: read them at the source." in file


def test_everything_a_post_can_hold_is_shown_in_the_preview(browser: Browser) -> None:
    told = thread(
        text="- a\n    - b\n\n> c\n\n```\nd\n```\n\n---\n\n| e | f |\n|---|---|\n| g | h |\n\n### i"
    )

    page = browser.sign_in(make_member()).page(told.address)

    assert [item["data-depth"] for item in page.select(".pack-item")] == ["1", "2"]
    assert page.select_one(".prose blockquote p").text == "c"  # type: ignore[union-attr]
    assert page.select_one(".prose pre code").text == "d"  # type: ignore[union-attr]
    assert page.select_one(".prose hr") is not None
    assert [cell.text for cell in page.select(".prose th, .prose td")] == ["e", "f", "g", "h"]
    assert page.select_one(".prose h3").text == "i"  # type: ignore[union-attr]


def test_an_ordinary_word_that_is_a_name_too_can_be_kept(browser: Browser) -> None:
    told = thread(text="Shell scripts do it.")
    make_organization(name="Shell", slug="shell")
    kept = {"Shell": "Shell"}

    page = browser.sign_in(make_member()).page(told.address)
    answer = browser.post(told.address, data=sent(page, **kept))

    assert answer.status_code == 200
    assert "Shell scripts do it." in answer.text
    assert "Organization A scripts do it." in taken(browser, told.address).text


def test_a_word_document_shows_what_was_accepted(browser: Browser) -> None:
    told = thread(label="public")
    accept_answer(viewer_of(told.ann), told.topic.id, told.answer.id)

    file = browser.post(told.address, data={"step": "take", "format": "docx"}).data

    assert "Accepted answer" in word_text(file)
