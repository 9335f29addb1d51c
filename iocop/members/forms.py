"""One form a page; every error says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (  # type: ignore[attr-defined] # SelectChoice is newer than the types
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from iocop.core.web import LOCALES
from iocop.members import choices, privacy
from iocop.members.passwords import LONGEST, SHORTEST

if TYPE_CHECKING:
    from wtforms import Field

    from iocop.core.errors import Invalid
    from iocop.core.policy import Sentence

ABOUT_LIMIT: Final = 5000  # characters
LINKS_LIMIT: Final = 5
LANGUAGES_LIMIT: Final = 10
_NAME_LENGTH: Final = _l("A name has 2 to 80 characters.")


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF carries no types
    """A page's form; what a service found wrong is shown at its field."""

    def given(self, name: str) -> str:
        """Return what was typed into a field; empty where nothing was."""
        return str(self._fields[name].data or "")

    def take(self, error: Invalid) -> None:
        """Show a service's finding at its field, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(str(error.reason))
        else:
            field.errors = [*field.errors, str(error.reason)]


def single_line(_form: Form, field: Field) -> None:
    """Refuse line breaks and other controls: names go into mail headers and lists."""
    if any(not letter.isprintable() for letter in field.data or ""):
        raise ValidationError(_("Please write this on one line."))


def email_address(_form: Form, field: Field) -> None:
    """Refuse what cannot be an address; whether it exists only a mail can tell."""
    from email_validator import EmailNotValidError, validate_email  # its tables take long to load

    try:
        field.data = validate_email(field.data or "", check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValidationError(_("This is no e-mail address. It looks like name@example.org.")) from error


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


def _options(*pairs: tuple[str, Sentence]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in pairs]


def _required(words: Sentence) -> InputRequired:
    return InputRequired(words)


def _present_password() -> PasswordField:
    needed = _required(_l("Please give your present password; it shows that it is you."))
    return PasswordField(_l("Present password"), [needed, Length(max=LONGEST)])


def _new_password(label: Sentence) -> PasswordField:
    length = Length(SHORTEST, LONGEST, _l("A password has 8 to 128 characters."))
    return PasswordField(label, [_required(_l("Please choose a password.")), length])


def _email(label: Sentence) -> EmailField:
    return EmailField(
        label, [_required(_l("Please give an e-mail address.")), Length(max=320), email_address]
    )


class JoinForm(Form):
    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Please give a name; a pseudonym is fine.")),
            Length(2, 80, _NAME_LENGTH),
            single_line,
        ],
        filters=[_trimmed],
    )
    email = _email(_l("E-mail address"))
    password = _new_password(_l("Password"))


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"), [_required(_l("Please give your e-mail address.")), Length(max=320)]
    )
    password = PasswordField(
        _l("Password"), [_required(_l("Please give your password.")), Length(max=LONGEST)]
    )


class CodeForm(Form):
    code = StringField(_l("Code"), [_required(_l("Please type the code.")), Length(max=20)])


class AskResetForm(Form):
    email = _email(_l("E-mail address"))


class ResetForm(Form):
    new_password = _new_password(_l("New password"))


class PasswordForm(Form):
    password = _present_password()
    new_password = _new_password(_l("New password"))


class EmailForm(Form):
    email = _email(_l("New e-mail address"))
    password = _present_password()


class ConfirmByPasswordForm(Form):
    password = _present_password()


class EraseForm(Form):
    password = _present_password()
    texts = RadioField(
        _l("What you wrote"),
        choices=_options(
            ("keep", _l("stays, under “Former member”, so that answers keep their questions")),
            ("remove", _l("goes as well; where others answered, an empty place remains")),
        ),
        default="keep",
    )


class ClaimForm(Form):
    evidence = TextAreaField(
        _l("Where can an administrator see that this is you?"),
        [
            _required(_l("Please say where it can be seen.")),
            Length(10, 400, _l("10 to 400 characters, please.")),
        ],
    )


class InviteForm(Form):
    email = _email(_l("E-mail address"))


class PhotoForm(Form):
    photo = FileField(_l("Photo"), [FileRequired(_l("Please choose a picture."))])


class ProfileForm(Form):
    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("A name is needed; it may be a pseudonym.")),
            Length(2, 80, _NAME_LENGTH),
            single_line,
        ],
        filters=[_trimmed],
    )
    name_mode = RadioField(
        _l("This is"),
        choices=_options(("real", _l("my real name")), ("pseudonym", _l("a pseudonym; it is marked as one"))),
    )
    about = TextAreaField(_l("About you"), [Length(max=ABOUT_LIMIT)])
    languages = StringField(_l("Languages you read"), [Length(max=300)])
    country = SelectField(_l("Country"))
    links = TextAreaField(_l("Links"), [Length(max=1500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = _options(("", "–"), *choices.countries())

    def validate_languages(self, field: Field) -> None:
        unknown = [word for word in _parts(field.data, ",") if choices.language_code(word) is None]
        if unknown:
            raise ValidationError(
                _(
                    "Not known as a language: %(words)s. Separate languages by commas.",
                    words=", ".join(unknown),
                )
            )
        if len(self.language_codes) > LANGUAGES_LIMIT:
            raise ValidationError(_("Up to ten languages, please."))

    def validate_links(self, field: Field) -> None:
        links = _parts(field.data, "\n")
        wrong = [link for link in links if not _is_link(link)]
        if wrong:
            raise ValidationError(
                _("A link begins with https:// – please mend: %(words)s", words=", ".join(wrong))
            )
        if len(links) > LINKS_LIMIT:
            raise ValidationError(_("Up to five links, please."))

    @property
    def language_codes(self) -> tuple[str, ...]:
        found = [choices.language_code(word) for word in _parts(self.languages.data, ",")]
        return tuple(dict.fromkeys(code for code in found if code))

    @property
    def link_list(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_parts(self.links.data, "\n")))


def _parts(text: str | None, separator: str) -> list[str]:
    return [part.strip() for part in (text or "").split(separator) if part.strip()]


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and text.isprintable() and " " not in text


AUDIENCE_WORDS: Final = _options(
    ("public", _l("Everybody")), ("members", _l("Members")), ("nobody", _l("Nobody but me"))
)  # fmt: skip


class PrivacyForm(Form):
    photo = SelectField(
        _l("Photo"), choices=AUDIENCE_WORDS, description=_l("Others see your initials instead.")
    )
    about = SelectField(_l("About you"), choices=AUDIENCE_WORDS)
    languages = SelectField(_l("Languages"), choices=AUDIENCE_WORDS)
    links = SelectField(_l("Links"), choices=AUDIENCE_WORDS)
    domains = SelectField(_l("Your domains"), choices=AUDIENCE_WORDS)
    country = SelectField(_l("Country"), choices=AUDIENCE_WORDS)
    time_zone = SelectField(_l("Time zone"), choices=AUDIENCE_WORDS)

    @property
    def audiences(self) -> dict[str, str]:
        return {name: str(self._fields[name].data) for name in privacy.DEFAULTS}


class PreferencesForm(Form):
    locale = SelectField(_l("Language of the site"))
    time_zone = SelectField(_l("Time zone"))
    theme = RadioField(
        _l("Look"), choices=_options(("", _l("As my device")), ("light", _l("Light")), ("dark", _l("Dark")))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = ((code, choices.own_name(code)) for code in LOCALES)
        zones = ((name, name.replace("_", " ")) for name in choices.time_zones())
        self.locale.choices = _options(("", _l("As my browser says")), *languages)
        self.time_zone.choices = _options(("", "UTC"), *zones)
