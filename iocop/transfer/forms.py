"""The form of a pack's preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.transfer.pack import Pack

MOST_WORDS = 4000
"""Lines of words that are read from the form; a pack has no more."""


def written(pack: Pack, pictures: Mapping[int, bytes], chosen: str) -> tuple[bytes, str]:
    """Return a pack as ``pdf``, ``docx`` or ``md``, with the ending of its file's name."""
    from iocop.transfer.formats import markdown, office, paper  # libraries that pages do without

    return {"pdf": paper.written, "docx": office.written, "md": markdown.written}[chosen](pack, pictures)


class PackForm(FlaskForm):  # type: ignore[misc]
    """How a pack is written; what stands in place of which word comes beside it, line by line."""

    format = RadioField(
        _l("As"),
        choices=[
            SelectChoice("pdf", _l("PDF, to print and to send on")),
            SelectChoice("docx", _l("Word document, to edit")),
            SelectChoice("md", _l("Markdown, for a wiki")),
        ],
        default="pdf",
    )
    pictures = BooleanField(_l("With the pictures: I have looked, and they show no name, face or client"))

    def choices(self) -> dict[str, str]:
        """Return what stands in place of each word, as it was sent."""
        words, wanted = request.form.getlist("word"), request.form.getlist("becomes")
        lines = list(zip(words, wanted, strict=False))[:MOST_WORDS]
        return {word: " ".join(becomes.split()) for word, becomes in lines}
