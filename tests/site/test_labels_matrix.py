"""Every sharing label, before every kind of viewer, on every way by which a text can reach somebody."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, Follow
from iocop.contributions.services import change_label, save_draft
from iocop.core import clock, mail, outbox
from iocop.core.db import db
from iocop.core.errors import Invalid
from iocop.core.models import MailRow
from iocop.members.numbers import shown
from iocop.spaces.labels import LABELS
from iocop.spaces.models import SpaceGrant
from tests.client import Browser
from tests.factories import make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer, person
from tests.search.factories import index_all
from tests.site.world import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from iocop.members.models import Member
    from iocop.spaces.models import Space

LURE: Final = "marzipan"
VIEWERS: Final = (
    "guest", "member", "verified member", "colleague", "named guest", "other organization", "author", "moderator",
)  # fmt: skip
MEMBERS: Final = frozenset(VIEWERS) - {"guest"}
INSIDE: Final = {
    "public": MEMBERS,
    "members": MEMBERS,
    "verified": frozenset({"verified member", "colleague", "other organization", "author"}),
    "named": frozenset({"colleague", "named guest", "author"}),
}
"""By a space's audience: who is in it, whatever the label. A guest reads only what is public in a public space."""
LABELS_IN: Final = {
    "public": LABELS,
    "members": LABELS[:3],
    "verified": LABELS[:3],
    "named": LABELS[:3],
}
CASES: Final = tuple((audience, label) for audience, labels in LABELS_IN.items() for label in labels)


@dataclass(frozen=True)
class Case:
    """A question, its answer and its file under one label in one space; *secret* stands in all of them."""

    audience: str
    label: str
    key: str
    secret: str
    topic_id: int
    answer_id: int
    file: str
    space: str


@dataclass(frozen=True)
class Matrix:
    cases: list[Case]
    people: dict[str, Member]
    browsers: dict[str, Browser]


def readers(case: Case) -> frozenset[str]:
    open_to_all = case.audience == case.label == "public"
    return INSIDE[case.audience] | ({"guest"} if open_to_all else frozenset())


def told(case: Case) -> frozenset[str]:
    """Who is told that an answer came: who may read it and did not write it."""
    return readers(case) - {"author", "guest"}


def mailed(case: Case) -> frozenset[str]:
    return frozenset() if case.label == "space" else told(case)


def taking(case: Case) -> frozenset[str]:
    return readers(case) if case.label in {"take-home", "public"} else frozenset()


def matrix(app: Flask) -> Matrix:
    """Make everybody and everything, and let the worker go round."""
    guild, acme = make_organization(name="Guild", slug="guild"), make_organization(name="Acme", slug="acme")
    rival = make_organization(name="Rival", slug="rival")
    people = {
        "member": person("Mia Maple"), "verified member": person("Vic Vine", acme, "acme.example"),
        "colleague": person("Col Cedar", guild, "guild.example"), "named guest": person("Nan Nettle"),
        "other organization": person("Rex Rowan", rival, "rival.example"),
        "author": person("Ann Alder", guild, "guild.example"), "moderator": officer(person("Mod Myrtle"), "moderator"),
    }  # fmt: skip
    make_domain(name="Hydronics")
    rooms = {audience: make_space(name=f"The {audience} room", audience=audience) for audience in INSIDE}
    granted = {"space_id": rooms["named"].id, "granted_at": clock.now()}
    saved(SpaceGrant(organization_id=guild.id, **granted))
    saved(SpaceGrant(member_id=people["named guest"].id, **granted))
    cases = [
        _case(number, audience, label, people, rooms[audience])
        for number, (audience, label) in enumerate(CASES)
    ]
    outbox.deliver_all()
    mail.send_due()
    index_all()
    browsers = {who: Browser(app).sign_in(one) for who, one in people.items()}
    return Matrix(cases, people, {"guest": Browser(app)} | browsers)


def _case(number: int, audience: str, label: str, people: dict[str, Member], room: Space) -> Case:
    author, key = people["author"], f"quinzle{'abcdefghijklmnop'[number]}"
    secret = f"Zygo{audience}{label.replace('-', '')}morph"
    file = picture(author, secret)
    topic = make_topic(
        author=author, space=room, label=label, title=f"About {key} and {secret}?", tags=("pumps",),
        text=f"{secret} {LURE} ![{secret}](/attachments/{file.id}/{file.name})",
    )  # fmt: skip
    for one in set(people.values()) - {author}:
        saved(Follow(member_id=one.id, root_id=topic.id, since=clock.now()))
    names = " ".join(f"@{one.handle}" for who, one in people.items() if who != "author")
    answer = make_answer(topic, author=author, label=label, text=f"{secret} again, {names}.")
    save_draft(viewer_of(author), f"reply:{answer.id}", {"text": f"{secret} half written"})
    return Case(
        audience, label, key, secret, topic.id, answer.id, f"/attachments/{file.id}/{file.name}",
        f"/spaces/{room.slug}",
    )  # fmt: skip


@pytest.fixture
def there(app: Flask) -> Matrix:
    return matrix(app)


def check(
    there: Matrix, seen: dict[tuple[str, str], bool], expected: Callable[[Case], frozenset[str]]
) -> None:
    """Compare who saw which case with who should have."""
    wrong = [
        f"{who} {'sees' if found else 'does not see'} {secret}"
        for (who, secret), found in seen.items()
        for case in there.cases
        if case.secret == secret and found is not (who in expected(case))
    ]
    assert wrong == []


def seeing(there: Matrix, *addresses: str) -> dict[tuple[str, str], bool]:
    """Return, for every viewer and case, whether its secret stands on one of the pages it is looked for on."""
    found = {}
    common: dict[tuple[str, str], str] = {}
    for who, browser in there.browsers.items():
        for case in there.cases:
            filled = [address.format(**vars(case)) for address in addresses]
            for one in filled:
                if (who, one) not in common:
                    answer = browser.peek(one)
                    common[who, one] = answer.get_data().decode(errors="replace") + str(answer.headers)
            found[who, case.secret] = any(case.secret in common[who, one] for one in filled)
    return found


PAGES: Final = (
    "/t/{topic_id}",
    "/t/{topic_id}?view=threaded",
    "/c/{topic_id}/history",
    "/c/{answer_id}/marks",
)
LISTS: Final = (
    "/", "/forums", "/forums/hydronics", "/forums/unanswered", "/domains/hydronics", "/tags/pumps", "{space}",
)  # fmt: skip


def opening(there: Matrix, address: str) -> dict[tuple[str, str], bool]:
    """Return, for every viewer and case, whether an address is opened to them."""
    return {
        (who, case.secret): browser.peek(address.format(**vars(case))).status_code == 200
        for who, browser in there.browsers.items()
        for case in there.cases
    }


def for_members(case: Case) -> frozenset[str]:
    return readers(case) - {"guest"}


def its_author(_case: Case) -> frozenset[str]:
    return frozenset({"author"})


def test_pages_lists_and_files_show_a_text_to_its_readers_alone(there: Matrix) -> None:
    check(there, seeing(there, PAGES[0]), readers)
    check(there, seeing(there, PAGES[1]), readers)
    for page in PAGES:
        check(there, opening(there, page), readers)
    check(there, seeing(there, *LISTS), readers)
    check(there, seeing(there, LISTS[1]), readers)
    check(there, seeing(there, f"/id/{shown(there.people['author'].number)}", LISTS[-1]), readers)
    # a file has no label of its own: it goes as far as what shows it
    check(there, opening(there, "{file}"), readers)


def test_searches_suggestions_drafts_and_previews_tell_no_more_than_pages(there: Matrix) -> None:
    check(there, seeing(there, "/search?q={key}"), readers)
    check(there, seeing(there, f"/search?q={LURE}"), readers)
    check(there, seeing(there, "/search?q=png&kind=files"), readers)
    check(there, seeing(there, "/search/suggest?q=About+{key}"), readers)
    check(there, seeing(there, "/search/similar?title=About+{key}"), for_members)
    check(there, seeing(there, "/drafts"), its_author)
    for who, browser in there.browsers.items():
        readable = sum(who in readers(case) for case in there.cases)
        found = browser.page(f"/search?q={LURE}").select_one("main")
        assert found is not None
        assert len(found.select(".list > li")) == readable, who
        assert re.search(rf"(?<!\d){readable} (?:result|topic)", found.get_text(" ")), who
    texts = "\n\n".join(
        f"> [she wrote:](/p/{case.answer_id})\n> words\n\n/t/{case.topic_id}" for case in there.cases
    )
    for who in MEMBERS:
        answer = there.browsers[who].post("/preview", {"text": texts})
        assert [case for case in there.cases if case.secret in answer.get_data().decode()] == [], who


def test_inboxes_mails_and_own_data_bring_a_text_to_nobody_else(there: Matrix) -> None:
    check(there, seeing(there, "/inbox", "/inbox?page=2", "/inbox?kind=mention"), told)
    letters = dict.fromkeys(VIEWERS, "")
    for who, one in there.people.items():
        rows = db.session.scalars(select(MailRow).where(MailRow.recipient_id == one.id))
        letters[who] = "\n".join(f"{row.subject} {row.body}" for row in rows)
    mails = {
        (who, case.secret): case.secret in letter for who, letter in letters.items() for case in there.cases
    }
    check(there, mails, mailed)
    own: dict[tuple[str, str], bool] = {}
    for who in MEMBERS:
        answer = there.browsers[who].peek("/settings/own-data/export")
        packed = zipfile.ZipFile(io.BytesIO(answer.get_data()))
        text = "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
        own |= {(who, case.secret): case.secret in text for case in there.cases}
    check(there, own, its_author)


def test_packs_take_home_what_its_label_lets_leave(there: Matrix) -> None:
    seen = {}
    for who, browser in there.browsers.items():
        for case in there.cases:
            address = f"/c/{case.topic_id}/take-home"
            previewed = case.secret in browser.peek(address).text
            form = {"step": "take", "format": "md"}
            pack = browser.post(address, form | {"word": [case.secret], "becomes": [case.secret]})
            taken = pack.status_code == 200
            left = pack if taken else browser.post(address, form)  # a refusal gives back what was sent
            assert previewed is taken is (case.secret in left.text), (who, case)
            seen[who, case.secret] = previewed

    check(there, seen, taking)


def test_quotations_are_offered_to_readers_and_take_the_stricter_label_along(there: Matrix) -> None:
    check(there, seeing(there, "/p/{answer_id}/reply?quote=1"), for_members)
    other = make_space(name="Another room", audience="public")
    for case in there.cases:
        quoting = _quoting(there, case, other, None)
        if case.label == "space":
            assert quoting is None, case
            continue
        assert quoting is not None, case
        assert LABELS.index(quoting) <= LABELS.index(case.label), case
        freer = LABELS[LABELS.index(case.label) + 1 :]
        assert [_quoting(there, case, other, label) for label in freer] == [None] * len(freer), case


def _quoting(there: Matrix, case: Case, space: Space, label: str | None) -> str | None:
    """Quote a case in another space; return the label that comes of it, nothing where it is refused."""
    text = f"> [she wrote:](/p/{case.answer_id})\n> {case.secret}\n\nIndeed."
    try:
        topic = make_topic(
            author=there.people["author"], space=space, label=label, title="What was quoted", text=text
        )
    except Invalid:
        return None
    return db.session.get_one(Contribution, topic.id).label


MIXED: Final = (
    "/t/{0}",
    "/t/{0}?view=threaded",
    "/",
    "/forums",
    "/domains/hydronics",
    "/search?q=quinzle",
    "/p/{1}",
)
"""Where an answer could show that is shared less far than its question."""


def test_an_answer_shared_less_far_than_its_question_stays_behind_wherever_that_goes(app: Flask) -> None:
    author, answerer, reader = person("Ann Alder"), person("Bob Birch"), person("Mia Maple")
    make_domain(name="Hydronics")
    topic = make_topic(author=author, space=make_space(), title="A question for all?", text="About quinzle.")
    secrets = {label: f"Zygo{label.replace('-', '')}morph" for label in LABELS}
    files, answers = {}, {}
    for label, secret in secrets.items():
        file = picture(answerer, secret)
        files[label] = f"/attachments/{file.id}/{file.name}"
        text = f"{secret} quinzle ![{secret}]({files[label]})"
        answers[label] = make_answer(topic, author=answerer, label=label, text=text).id
    outbox.deliver_all()
    index_all()
    guest, member = Browser(app), Browser(app).sign_in(reader)

    for browser, readable in ((guest, {"public"}), (member, set(LABELS))):
        shown_to = {
            label
            for label, secret in secrets.items()
            for address in MIXED
            if secret in browser.peek(address.format(topic.id, answers[label])).text
        }
        opened = {
            label
            for label in LABELS
            if all(
                browser.peek(page).status_code == 200
                for page in (files[label], f"/c/{answers[label]}/history")
            )
        }
        assert shown_to == opened == readable
    packs = {
        who: {
            label
            for label, secret in secrets.items()
            if secret in browser.peek(f"/c/{topic.id}/take-home").text
        }
        for who, browser in (("guest", guest), ("member", member))
    }
    assert packs == {"guest": {"public"}, "member": {"public", "take-home"}}


def test_a_label_made_stricter_holds_everywhere_at_once(there: Matrix) -> None:
    case = next(case for case in there.cases if case.audience == case.label == "public")
    guest, member = there.browsers["guest"], there.browsers["member"]
    for address in ("/t/{topic_id}", "/forums", "/search?q={key}"):
        assert case.secret in guest.peek(address.format(**vars(case))).text

    change_label(viewer_of(there.people["author"]), case.topic_id, "space", "A client asked.")
    outbox.deliver_all()
    index_all()

    for address in (*PAGES, *LISTS, "/search?q={key}", "/c/{topic_id}/take-home", "{file}"):
        assert case.secret not in guest.peek(address.format(**vars(case))).text, address
    assert guest.peek(case.file).status_code == 404
    assert case.secret in member.peek(f"/t/{case.topic_id}").text
    assert member.peek(f"/c/{case.topic_id}/take-home").status_code == 403
