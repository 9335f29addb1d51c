"""The repertoire's forms for writing: one a page. What was typed stays whatever happens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from iocop.contributions.services.filing import MOST_DOMAINS
from iocop.core.forms import Checkboxes
from iocop.core.frame import submission_key
from iocop.core.text.render import MARKDOWN_LIMIT, TooLong
from iocop.repertoire.fields import LONGEST
from iocop.repertoire.kinds import KINDS


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """Something said below an article or a suggestion."""

    text = TextAreaField(_l("Your text"), [InputRequired(_l("Write something first."))])
    submission_key = HiddenField(default=submission_key)


class ArticleForm(FlaskForm):  # type: ignore[misc]
    """A new article, or a change of one.

    *version* is that of the suggestion, *base_version* that of the article the text started from, *base* what its
    fields were then (`repertoire.fields.Fields`, as JSON), *section* the heading whose part alone is edited,
    *answers* the request it would close.
    """

    kind = RadioField(_l("What kind of article is it?"))
    title = StringField(
        _l("Title"), [InputRequired(_l("Give it a title of at least 3 characters.")), Length(max=LONGEST["title"])],
        description=_l("What a colleague would search for. Links in double brackets find it by this title."),
    )  # fmt: skip
    summary = TextAreaField(
        _l("Summary"),
        [Length(max=LONGEST["summary"])],
        description=_l("One or two sentences: what it helps with."),
    )
    text = TextAreaField(_l("Text"), [InputRequired(_l("Write your text before you send it."))])
    product = StringField(_l("Product"), [Length(max=LONGEST["product"])])
    versions = StringField(
        _l("Versions"), [Length(max=LONGEST["versions"])], description=_l("From which to which.")
    )
    standard = StringField(_l("Standard"), [Length(max=LONGEST["standard"])])
    region = StringField(_l("Region"), [Length(max=LONGEST["region"])])
    domains = Checkboxes(_l("Domains, one to three"), coerce=int)
    tags = StringField(_l("Tags"), description=_l("Up to five words, separated by commas."))
    language = SelectField(_l("Language"), default="")
    space = SelectField(_l("Where"), [Optional()], coerce=int)
    label = SelectField(_l("How far may it be shared?"), [Optional()])
    affiliation = SelectField(_l("You write as somebody of"), [Optional()])
    owner = StringField(
        _l("Who keeps it true?"),
        description=_l("A handle, a member number or a full name. They are asked before its time is over."),
    )
    deputy = StringField(
        _l("Who stands in for them?"),
        description=_l("Best somebody of another organization, so that it does not hang on one employer."),
    )
    note = StringField(
        _l("What did you change, and why?"), [Length(max=200)],
        description=_l("Reviewers read it first, readers find it in the history."),
    )  # fmt: skip
    version = HiddenField()
    base_version = HiddenField()
    base = HiddenField()
    section = HiddenField()
    answers = HiddenField()
    submission_key = HiddenField(default=submission_key)

    def validate_domains(self, field: Checkboxes) -> None:
        if not 1 <= len(field.data or []) <= MOST_DOMAINS:
            raise ValidationError(
                _l("Choose one to three domains: what is in none of them is not published.")
            )

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse what is too long before it is brought together with anything."""
        size = len((field.data or "").replace("\r\n", "\n").encode(errors="replace"))
        if size > MARKDOWN_LIMIT:
            raise ValidationError(TooLong(size, MARKDOWN_LIMIT).args[0])

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in KINDS:
            raise ValidationError(_l("Choose one of the kinds of article."))


class KeepersForm(FlaskForm):  # type: ignore[misc]
    """Who keeps an article true."""

    owner = StringField(
        _l("Who keeps it true?"),
        description=_l("A handle, a member number or a full name; nobody: leave it empty."),
    )
    deputy = StringField(
        _l("Who stands in for them?"),
        description=_l("Best somebody of another organization, so that it does not hang on one employer."),
    )
