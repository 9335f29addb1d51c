"""One form a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import URL, DataRequired, InputRequired, Length, Optional, ValidationError

from iocop.organizations.services import Facts
from iocop.organizations.wording import RELATIONS, SIZES, TYPES, VISIBILITIES, all_countries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wtforms import Field

    from iocop.core.policy import Sentence


class Words(StringField):
    data: str  # the filters leave no None


class Text(TextAreaField):
    data: str


class Day(DateField):
    data: date  # required: None only before it is validated


REQUIRED = _l("This is needed.")
ONE_DAY = timedelta(days=1)


def followed(_form: FlaskForm, field: Field) -> None:
    """Refuse the calendar's last day, which some write for "still": no day follows it."""
    if field.data == date.max:
        raise ValidationError(_("This day lies too far away."))


def offered(choices: Mapping[str, Sentence]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in choices.items()]


def trimmed(text: str | None) -> str:
    return (text or "").strip()


def with_scheme(text: str | None) -> str:
    bare = trimmed(text)
    return f"https://{bare}" if bare and "://" not in bare else bare


class OrganizationForm(FlaskForm):  # type: ignore[misc] # the library has no types
    """What is said of an organization."""

    name = Words(_l("Name"), [DataRequired(REQUIRED), Length(max=120)], filters=[trimmed])
    type = SelectField(_l("Kind"), [InputRequired(REQUIRED)], choices=offered(TYPES))
    size_band = SelectField(_l("Size"), [Optional()], choices=offered(SIZES))
    industry = Words(_l("Industry"), [Length(max=80)], filters=[trimmed])
    country = SelectField(_l("Country"), [Optional()])
    city = Words(_l("Town"), [Length(max=80)], filters=[trimmed])
    website = Words(
        _l("Website"),
        [Optional(), Length(max=200), URL(message=_l("Write it like https://acme.example."))],
        filters=[with_scheme],
    )
    about = Text(
        _l("About"),
        [Length(max=4000)],
        filters=[trimmed],
        description=_l("What it does, in a few sentences; Markdown."),
    )
    distinct = BooleanField(_l("None of these: it is another organization"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = offered({"": _l("Not said")} | dict(all_countries()))

    def facts(self) -> Facts:
        given = {name: self[name].data or "" for name in Facts.__dataclass_fields__}
        return Facts(**given)


class AffiliationForm(FlaskForm):  # type: ignore[misc]
    """Where and since when; the last day is shown, the first day gone is stored."""

    title = Words(_l("What you do there"), [Length(max=80)], filters=[trimmed])
    valid_from = Day(
        _l("First day"),
        [InputRequired(REQUIRED)],
        description=_l("About right is fine: only the month is shown."),
    )
    last_day = DateField(
        _l("Last day"), [Optional(), followed], description=_l("Empty while you work there.")
    )

    @property
    def valid_to(self) -> date | None:
        return self.last_day.data + ONE_DAY if self.last_day.data else None


class StatingForm(AffiliationForm):
    """The first statement also says who may read it, and whether it stands beside the name."""

    visibility = RadioField(_l("Who may read this"), choices=offered(VISIBILITIES), default="public")
    is_main = BooleanField(_l("Show it beside my name"), default=True)


class EndForm(FlaskForm):  # type: ignore[misc]
    last_day = Day(_l("Last day"), [InputRequired(REQUIRED), followed], id="leaving_day")


class VisibilityForm(FlaskForm):  # type: ignore[misc]
    visibility = RadioField(_l("Who may read this"), choices=offered(VISIBILITIES))


class AddressForm(FlaskForm):  # type: ignore[misc]
    address = Words(
        _l("Your e-mail address at work"),
        [InputRequired(REQUIRED), Length(max=320)],
        filters=[trimmed],
        description=_l("Used once for the link, then forgotten; only its domain and the month are shown."),
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    """An alias to add."""

    alias = Words(_l("Another name"), [DataRequired(REQUIRED), Length(max=120)], filters=[trimmed])


class OfferForm(FlaskForm):  # type: ignore[misc]
    offer = Words(_l("Product or service"), [DataRequired(REQUIRED), Length(max=80)], filters=[trimmed])
    kind = SelectField(
        _l("Which"),
        [InputRequired(REQUIRED)],
        choices=offered({"product": _l("Product"), "service": _l("Service")}),
    )


class RelationForm(FlaskForm):  # type: ignore[misc]
    """What another organization is to this one."""

    other = Words(
        _l("Other organization"), [InputRequired(REQUIRED), Length(max=200)], filters=[trimmed],
        description=_l("Its name here, or the address of its page."),
    )  # fmt: skip
    kind = SelectField(_l("It is the"), [InputRequired(REQUIRED)], choices=offered(RELATIONS))
    valid_from = Day(_l("Since"), [InputRequired(REQUIRED)], description=_l("Only the month is shown."))
    last_day = DateField(_l("Last day"), [Optional(), followed], description=_l("Empty while it holds."))

    @property
    def valid_to(self) -> date | None:
        return self.last_day.data + ONE_DAY if self.last_day.data else None


class DomainForm(FlaskForm):  # type: ignore[misc]
    domain = Words(
        _l("Internet domain"), [InputRequired(REQUIRED), Length(max=253)], filters=[trimmed],
        description=_l("An address on it, or below it, will prove that a member belongs here."),
    )  # fmt: skip


class ContactForm(FlaskForm):  # type: ignore[misc]
    contact = Words(
        _l("Member"), [InputRequired(REQUIRED), Length(max=60)], filters=[trimmed],
        description=_l("The member number, such as IOCOP-0001-2348."),
    )  # fmt: skip


class MergeForm(FlaskForm):  # type: ignore[misc]
    into = Words(
        _l("The record to keep"), [InputRequired(REQUIRED), Length(max=200)], filters=[trimmed],
        description=_l("Its name here, or the address of its page."),
    )  # fmt: skip
