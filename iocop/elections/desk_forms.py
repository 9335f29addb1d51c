"""The forms of officers: the draft of an election, an act with its words, keys and signatures, answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from iocop.core.forms import Checkboxes, Day, WholeNumber
from iocop.elections import life
from iocop.elections.desk_words import DATES
from iocop.elections.services.creating import LONGEST_ABOUT, LONGEST_TITLE, Draft
from iocop.members.forms import Form, single_line
from iocop.roles.wording import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

    from iocop.elections.models import Election

OFFICES: Final = ("board_member", "curator", "moderator", "facilitator")
HEXADECIMAL: Final = frozenset("0123456789abcdef")


def _day(name: str) -> Day:
    return Day(DATES[name], [InputRequired(_l("Give the day as year, month and day, such as 2027-01-31."))])


class DraftForm(Form):
    """What an election is to be; `shown` says which fields its kind has."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give a title, such as “Board election 2027”.")),
         Length(3, LONGEST_TITLE, _l("A title has 3 to 160 characters.")), single_line],
    )  # fmt: skip
    question = StringField(
        _l("The question"),
        [Optional(), Length(max=400, message=_l("Keep it to 400 characters."))],
        description=_l("Members answer yes, no or abstain."),
    )
    about = TextAreaField(
        _l("What members should know"),
        [Length(max=LONGEST_ABOUT, message=_l("Keep it to 20,000 characters."))],
        description=_l("Stands on the election’s page. Markdown."),
    )
    vacated = SelectField(_l("The seat that fell vacant"), [Optional()])
    office = SelectField(
        _l("Office"),
        [InputRequired(_l("Choose the office."))],
        choices=[SelectChoice(name, NAMES[name]) for name in OFFICES],
        default="board_member",
    )
    seats = WholeNumber(
        _l("Seats to fill"), [InputRequired(_l("Give a number of seats from 1 to 50."))], default=1
    )
    term_starts_on = Day(_l("The term begins on"), [InputRequired(_l("Give the first day of the term."))])
    nominations_open_at = _day("nominations_open_at")
    nominations_close_at = _day("nominations_close_at")
    opens_at = _day("opens_at")
    closes_at = _day("closes_at")
    keys_until = _day("keys_until")
    complaints_until = _day("complaints_until")
    hour = SelectField(
        _l("At what hour (UTC)"),
        choices=[SelectChoice(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        default=12,
        validators=[InputRequired(_l("Choose the hour."))],
        description=_l("All these days begin and end at this hour."),
    )
    officers = Checkboxes(
        _l("Officers"),
        coerce=int,
        description=_l("Returning officers who do not stand. Three are usual; five above 500 voters."),
    )
    chair = SelectField(
        _l("Who chairs them"), [InputRequired(_l("Choose who chairs the officers."))], coerce=int
    )
    needed = WholeNumber(
        _l("How many officers’ keys open the ballots"),
        [InputRequired(_l("Give a number, more than half of the officers."))],
        default=2,
        description=_l("Two or more, and more than half of the officers. Fewer can neither open nor count."),
    )

    def offer(self, officers: Iterable[tuple[int, str]], vacancies: Iterable[tuple[str, str]]) -> None:
        """Set what can be chosen: returning officers by member, vacant seats by election and member."""
        chosen = [SelectChoice(key, name) for key, name in officers]
        self.officers.choices = self.chair.choices = chosen
        self.vacated.choices = [SelectChoice(key, words) for key, words in vacancies]

    def leave_out(self, kind: str) -> None:
        """Ask nothing a kind of election has no use for."""
        for name in unasked(kind):
            self[name].validators = [Optional()]

    def draft(self, kind: str) -> Draft:
        """Return the draft as filled in."""
        chair, named = self.chair.data, list(self.officers.data or [])
        earlier, _colon, vacated = self.given("vacated").partition(":")
        return Draft(
            kind=kind, title=self.given("title"), dates=self._dates(kind),
            officers=tuple(sorted(named, key=lambda one: one != chair)),
            term_starts_on=self.term_starts_on.data or self.complaints_until.data or date.min,
            seats=self.seats.data or (1 if "seats" in unasked(kind) else 0),
            needed=self.needed.data or 0, office=self.given("office") or "board_member", about=self.given("about"),
            question=self.given("question"),
            earlier_id=int(earlier) if earlier else None, vacated_by_id=int(vacated) if vacated else None,
        )  # fmt: skip

    def _dates(self, kind: str) -> life.Dates:
        """Return the moments; one a kind does not ask for is the next one that it does."""
        days: list[date] = []
        following = self.complaints_until.data or date.min
        for name in reversed(life.Dates._fields):
            following = following if name in unasked(kind) else self[name].data or following
            days.append(following)
        at = time(self.hour.data or 0, tzinfo=UTC)
        return life.Dates(*(datetime.combine(day, at) for day in reversed(days)))


def unasked(kind: str) -> frozenset[str]:
    """Return the fields of a draft that a kind of election has no use for."""
    if kind == "vacancy":
        return frozenset({"question", "office", "seats", *life.Dates._fields[:5]})
    if kind == "motion":
        return frozenset(
            {"vacated", "office", "seats", "term_starts_on", "nominations_open_at", "nominations_close_at"}
        )
    left = {"question", "vacated"} | ({"seats"} if kind == "office" else set())
    return frozenset(left | ({"office"} if kind == "board" else set()))


def filled(election: Election, officers: list[int]) -> dict[str, Any]:
    """Return what the form shows for a draft that exists."""
    data: dict[str, Any] = {name: getattr(election, name).date() for name in life.Dates._fields}
    names = ("title", "question", "about", "office", "seats", "term_starts_on", "needed")
    data |= {name: getattr(election, name) for name in names}
    vacated = f"{election.earlier_id}:{election.vacated_by_id}" if election.earlier_id else ""
    return data | {
        "hour": election.opens_at.hour, "officers": officers, "chair": officers[0], "vacated": vacated,
    }  # fmt: skip


class ActForm(Form):
    """An act, with its words where it needs some."""

    note = TextAreaField(
        _l("Why"),
        [Length(max=2000, message=_l("Keep it to 2,000 characters."))],
        description=_l("Published with the act, under both officers’ names. Name nobody whom it could harm."),
    )
    days = WholeNumber(_l("How many days later"), [Optional()])
    officer = SelectField(_l("Who"), [Optional()], coerce=int, validate_choice=False, choices=[])
    subject = HiddenField()

    def offer(self, members: Iterable[tuple[int, str]]) -> None:
        """Set who can be named an officer; nobody is chosen yet."""
        named = [SelectChoice(key, name) for key, name in members]
        self.officer.choices = [SelectChoice(0, _("Choose")), *named] if named else []
        self.officer.flags.required = True


class HexadecimalForm(Form):
    """Fields that a script fills with bytes in hexadecimal."""

    def raw(self, name: str) -> bytes:
        return bytes.fromhex(self.given(name))


def _hexadecimal(_form: Form, field: Field) -> None:
    text = field.data or ""
    if not text:
        raise ValidationError(_("Make it with the button first; that takes a browser with JavaScript."))
    if len(text) % 2 or not set(text) <= HEXADECIMAL or len(text) > 200:
        raise ValidationError(_("This is damaged: make it again with the button."))


class KeysForm(HexadecimalForm):
    """An officer's public keys."""

    encryption = HiddenField(_l("Key for the ballots"), [_hexadecimal])
    signing = HiddenField(_l("Key for signatures"), [_hexadecimal])
    nonce = HiddenField(_l("Part of the lot"), [_hexadecimal])


class OpeningForm(HexadecimalForm):
    """An officer's signature of the freeze."""

    signature = HiddenField(_l("Signature"), [_hexadecimal])
    freeze = HiddenField(_l("Hash of the freeze"))


class PrivateKeyForm(HexadecimalForm):
    """An officer's key for opening the ballots, with the signature of the final heads."""

    signature = HiddenField(_l("Signature"), [_hexadecimal])
    sealed = HiddenField(_l("Hash of the sealed board"))
    key = HiddenField(_l("Key for the ballots"), [_hexadecimal])


class ComplaintForm(Form):
    """What is wrong, and what the member asks for."""

    text = TextAreaField(
        _l("What is wrong, and what do you ask for?"),
        [InputRequired(_l("Say what is wrong, and what you ask for.")),
         Length(max=4000, message=_l("Keep it to 4,000 characters."))],
        description=_l("Two officers answer who are neither candidates nor of a candidate’s organizations."
                       " Members read it with the answer, without your name."),
    )  # fmt: skip


class AnswerForm(Form):
    """The answer of two officers."""

    upheld = RadioField(
        _l("Is it right?"),
        [InputRequired(_l("Say whether the complaint is upheld."))],
        choices=[SelectChoice("yes", _l("Upheld")), SelectChoice("no", _l("Not upheld"))],
    )
    note = TextAreaField(
        _l("Answer"),
        [InputRequired(_l("Write the answer: members read it with the complaint.")),
         Length(max=2000, message=_l("Keep it to 2,000 characters."))],
    )  # fmt: skip
