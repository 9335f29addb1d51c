"""The same mail to many members: a text for each language, a name for each member, a line for each mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.mail import Letter, queue_mails
from iocop.core.models import MailRow
from iocop.members.letters import Addressee, letters

pytestmark = pytest.mark.usefixtures("app")

ADA = Addressee(1, "Ada", "ada@example.org", "")
BOB = Addressee(2, "Bob", "bob@example.org", "de")
NOBODY = Addressee(3, "Nobody", None, "")


def written(*addressees: Addressee) -> list[Letter]:
    about = {"title": "Board", "address": "http://localhost/elections/1"}
    leaves = {1: "aa", 2: "bb", 3: "cc"}
    own = {"leaf": lambda to: leaves[to.id]}
    return list(letters(addressees, "elections/token", lambda: "A token", lambda: about, own))


def test_each_member_reads_their_own_name_and_line() -> None:
    first, second = written(ADA, BOB)
    assert "Ada" in first.body
    assert "Bob" not in first.body
    assert first.body.count("aa") == 1
    assert "bb" in second.body
    assert "\ue000" not in first.body + second.body
    assert first.subject.startswith("A token · ")


def test_who_has_no_address_gets_no_mail() -> None:
    assert [letter.recipient_id for letter in written(NOBODY, ADA)] == [1]


def test_a_text_is_written_once_for_each_language() -> None:
    asked: list[str] = []

    def subject() -> str:
        asked.append("")
        return "A token"

    about = {"title": "Board", "address": "", "leaf": ""}
    assert len(list(letters([ADA] * 50 + [BOB] * 50, "elections/token", subject, lambda: about))) == 100
    assert len(asked) == 2


def test_queued_twice_nobody_gets_a_second_mail_and_the_order_stays() -> None:
    queue_mails("token:1", "election", written(BOB))
    queue_mails("token:1", "election", written(BOB, ADA))
    queue_mails("token:1", "election", [])
    rows = db.session.execute(select(MailRow.recipient_id, MailRow.state).order_by(MailRow.id)).all()
    assert [tuple(row) for row in rows] == [(2, "queued"), (1, "queued")]


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        queue_mails("token:1", "election", [Letter(1, "ada@example.org\nBcc: all", "A", "B", {})])
    with pytest.raises(ValueError, match="line break"):
        queue_mails("token:1", "election", [Letter(1, "ada@example.org", "A", "B", {"X": "a\r\nb"})])
    assert db.session.scalars(select(MailRow.id)).all() == []
