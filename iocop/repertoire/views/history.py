"""What an article said when: its versions, any two compared, each as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request
from markupsafe import Markup

from iocop.contributions.labels import NAMES
from iocop.contributions.queries import label_changes, revision, revisions
from iocop.core.cache import fragments
from iocop.core.login import public, viewer
from iocop.core.pages import asked_version
from iocop.core.text import diff
from iocop.core.text.render import RENDERER_VERSION, TooLong, render
from iocop.members.numbers import shown
from iocop.repertoire.addresses import article_address
from iocop.repertoire.contents import as_page, stable
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.suggestion import suggestions_about
from iocop.repertoire.views import repertoire
from iocop.repertoire.wording import ACTS, STATUSES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Revision


@repertoire.get("/a/<int:article_id>/history")
@public
def history(article_id: int) -> ResponseReturnValue:
    """All versions, newest first, and what waits to become one."""
    article, thing = readable_article(viewer(), article_id)
    return render_template(
        "repertoire/history.html", article=article, thing=thing, back=article_address(article_id, article.title),
        revisions=revisions(article_id), suggestions=suggestions_about(viewer(), article_id), acts=ACTS,
        statuses=STATUSES, moves=label_changes(article_id), names=NAMES, number=shown,
    )  # fmt: skip


@repertoire.get("/a/<int:article_id>/compare")
@public
def compare(article_id: int) -> ResponseReturnValue:
    """Any two versions, what changed in one text or side by side."""
    article, thing = readable_article(viewer(), article_id)
    new = revision(article_id, asked_version("new", thing.version))
    old = revision(article_id, asked_version("old", max(1, new.number - 1)))
    sides = request.args.get("view") == "sides"
    return render_template(
        "repertoire/compare.html", article=article, back=article_address(article_id, article.title), old=old, new=new,
        sides=sides, title=diff.word_diff(old.title, new.title) if old.title != new.title else [],
        difference=_difference(old, new, sides=sides),
    )  # fmt: skip


def _difference(old: Revision, new: Revision, *, sides: bool) -> Any:
    """Return what changed between two versions, which never change themselves."""
    make = diff.sides if sides else diff.word_diff
    key = ("compared", old.contribution_id, old.number, new.number, sides)
    return fragments().remember(key, lambda: make(old.text, new.text))


@repertoire.get("/a/<int:article_id>/history/<int:number>")
@public
def version(article_id: int, number: int) -> ResponseReturnValue:
    """One version as it was, at an address that never changes."""
    article, thing = readable_article(viewer(), article_id)
    then = revision(article_id, min(number, 2**31 - 1))
    looking = viewer()
    return render_template(
        "repertoire/version.html", article=article, thing=thing, back=article_address(article_id, article.title),
        then=then, body=Markup(_rendered(then)),  # noqa: S704 -- sanitised by the renderer
        may_bring_back=looking.is_authenticated and not looking.suspended and article.retired_at is None,
    )  # fmt: skip


def _rendered(then: Revision) -> str:
    """Return a version's text as a page shows it, rendered once; one too long to render again stands as typed."""

    def make() -> str:
        try:
            return as_page(stable(render(then.text).html))
        except TooLong:
            return str(Markup('<pre tabindex="0">{}</pre>').format(then.text))

    return fragments().remember(("version", then.contribution_id, then.number, RENDERER_VERSION), make)
