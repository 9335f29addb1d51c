"""Each kind on or off, in the inbox and by mail; one click ends a kind of mail (RFC 8058); the receiver's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_babel import get_babel, get_domain
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from iocop.core import mail, outbox
from iocop.core.db import db
from iocop.core.errors import Invalid, Refused
from iocop.core.login import GUEST
from iocop.core.models import MailRow
from iocop.notifications import export, queries, services, tokens
from iocop.notifications.models import KINDS, Notice
from iocop.notifications.words import KINDS as WORDS
from tests.factories import viewer_of
from tests.moderation.factories import answer, ask, settled

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser


def told(member: Member) -> tuple[int, int]:
    """How many notices and mails a member got."""
    outbox.deliver_all()
    notices = db.session.scalars(select(Notice).where(Notice.member_id == member.id)).all()
    mails = db.session.scalars(select(MailRow).where(MailRow.recipient_id == member.id)).all()
    return len(notices), len(mails)


@pytest.mark.parametrize("inbox", [True, False])
@pytest.mark.parametrize("by_mail", [True, False])
def test_a_kind_comes_as_chosen(app: Flask, inbox: bool, by_mail: bool) -> None:
    alice = settled()
    services.choose(viewer_of(alice), {"answer": (inbox, by_mail)})

    answer(ask(alice))

    assert told(alice) == (int(inbox), int(by_mail))


def test_who_wants_no_answers_but_mentions_is_told_of_a_mention(app: Flask) -> None:
    alice = settled(handle="alice")
    services.choose(viewer_of(alice), {"answer": (False, False)})

    answer(ask(alice), text="Try it, @alice.")

    assert told(alice) == (1, 1)
    assert db.session.scalars(select(Notice.kind)).all() == ["mention"]


def test_who_has_no_address_gets_no_mail(app: Flask) -> None:
    alice = settled(email=None)

    answer(ask(alice))

    assert told(alice) == (1, 0)


def test_a_member_chooses_kind_by_kind(browser: Browser) -> None:
    alice = settled()
    page = browser.sign_in(alice).page("/settings/notices")
    assert len(page.select("table input[type=checkbox][checked]")) == 2 * len(KINDS)

    sent = browser.post("/settings/notices", {"answer_inbox": "y", "reply_mail": "y"})

    assert sent.status_code == 303
    chosen = queries.choices([alice.id])
    assert chosen[alice.id, "answer"] == (True, False)
    assert chosen[alice.id, "reply"] == (False, True)
    assert chosen[alice.id, "space"] == (False, False)
    kept = browser.page("/settings/notices").select("table input[checked]")
    assert [box["name"] for box in kept] == ["answer_inbox", "reply_mail"]


def test_choices_that_cannot_be(app: Flask) -> None:
    with pytest.raises(Invalid):
        services.choose(viewer_of(settled()), {"weather": (True, True)})
    with pytest.raises(Refused):
        services.choose(GUEST, {"answer": (True, True)})


def test_every_kind_has_its_words() -> None:
    assert tuple(WORDS) == KINDS


def address_in(row: MailRow) -> str:
    found = re.fullmatch(r"<http://localhost(/unsubscribe/[\w.-]+)>", row.headers["List-Unsubscribe"])
    assert found is not None
    return found[1]


def test_one_click_ends_a_kind_of_mail_without_signing_in(browser: Browser) -> None:
    alice = settled()
    topic = ask(alice)
    answer(topic)
    assert told(alice) == (1, 1)
    row = db.session.scalars(select(MailRow)).one()
    assert mail.as_message(row)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"http://localhost{address_in(row)}" in row.body

    # a mail program posts exactly this, with neither cookie nor token
    answered = browser.client.post(address_in(row), data={"List-Unsubscribe": "One-Click"})

    assert answered.status_code == 200
    assert "Set-Cookie" not in answered.headers
    answer(topic)
    assert told(alice) == (2, 1)
    assert queries.choices([alice.id]) == {(alice.id, "answer"): (True, False)}


def test_a_person_sees_a_button_first(browser: Browser) -> None:
    alice = settled()
    services.choose(viewer_of(alice), {"reply": (False, True)})
    path = f"/unsubscribe/{tokens.sign(alice.id, 'reply')}"

    page = browser.page(path)

    assert page.select_one(f'form[action="{path}"] button') is not None
    assert queries.choices([alice.id])[alice.id, "reply"] == (False, True)
    assert browser.post(path).status_code == 200
    assert browser.post(path).status_code == 200
    assert queries.choices([alice.id])[alice.id, "reply"] == (False, False)


def test_a_link_nobody_signed_ends_nothing(browser: Browser) -> None:
    alice = settled()
    token = tokens.sign(alice.id, "reply")
    for forged in (
        token[:-2],
        "x",
        tokens.sign(alice.id, "weather"),
        URLSafeSerializer("?").dumps([alice.id, "reply"]),
    ):
        assert browser.get(f"/unsubscribe/{forged}").status_code == 404
        assert browser.client.post(f"/unsubscribe/{forged}").status_code == 404
    assert browser.client.post(f"/unsubscribe/{tokens.sign(404, 'reply')}").status_code == 404
    assert queries.choices([alice.id]) == {}


def test_a_mail_is_in_its_receivers_language(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(locale="de")
    catalog.add("%(name)s answered:", "%(name)s hat geantwortet:")
    catalog.add("Hello %(name)s,", "Guten Tag %(name)s,")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(get_babel(), "translation_directories", [str(tmp_path)])
    get_domain().cache.clear()
    german, english, bob = (
        settled(name="Greta", locale="de"),
        settled(name="Gina"),
        settled(name="Bob", locale="fr"),
    )

    for asker in (german, english):
        answer(ask(asker), bob)
    told(german)

    bodies = {row.recipient_id: row.body for row in db.session.scalars(select(MailRow))}
    get_domain().cache.clear()
    assert "Guten Tag Greta,\n\nBob hat geantwortet:" in bodies[german.id]
    assert "Hello Gina,\n\nBob answered:" in bodies[english.id]


def test_a_member_takes_the_inbox_and_the_choices_home(app: Flask) -> None:
    alice = settled()
    services.choose(viewer_of(alice), {"answer": (True, False)})
    post = answer(ask(alice))
    assert told(alice) == (1, 0)

    [notice] = export.notices(alice.id)
    assert (notice["kind"], notice["contribution_id"], notice["read_at"]) == ("answer", post.id, None)
    assert export.notice_choices(alice.id) == [{"kind": "answer", "inbox": True, "mail": False}]
    assert export.notices(post.author_id) == []
