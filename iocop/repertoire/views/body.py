"""An article's text as its page shows it: terms explained, concept maps drawn, headings below the title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.repertoire import conceptmap
from iocop.repertoire.anchoring import with_marks
from iocop.repertoire.anchors import with_gone_sections, with_old_anchors
from iocop.repertoire.contents import as_page
from iocop.repertoire.queries.glossary import words_beside
from iocop.repertoire.queries.notes import old_anchors, open_marks
from iocop.repertoire.tooltips import with_terms

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.repertoire.conceptmap import Proposition


def body(viewer: Viewer, article_id: int, space_id: int, html: str, edit_address: str = "") -> Markup:
    """Return sanitised, rendered Markdown as an article's page shows it to everybody who may read it there.

    Args:
        space_id: the article's.
        edit_address: of the page that edits a section; nothing: no way to edit stands at the headings.
    """
    words = words_beside(space_id, for_guest=not viewer.is_authenticated)
    earlier = old_anchors(article_id)
    marked = with_marks(
        with_old_anchors(html, earlier),
        [
            (
                mark.quote,
                render_template(
                    "repertoire/_note_mark.html", article_id=article_id, mark=mark, number=number
                ),
            )
            for number, mark in enumerate(open_marks(article_id, for_guest=not viewer.is_authenticated), 1)
        ],
    )
    explained = with_terms(marked, words.terms, words.pattern, besides=f"/a/{article_id}")
    gone = render_template("repertoire/_gone_section.html", article_id=article_id)
    figured = with_gone_sections(conceptmap.figures(explained, _figure), earlier, gone)
    return Markup(as_page(figured, edit_address, _("Edit"), _("Suggest an edit of “%s”")))  # noqa: S704 -- sanitised


def _figure(links: list[Proposition]) -> str:
    drawing = Markup(conceptmap.drawn(links, _("Concept map")))  # noqa: S704 -- escaped there
    return render_template("repertoire/_concept_map.html", drawing=drawing, links=links)
