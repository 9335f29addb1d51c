"""What is said below an article or a suggestion: shown there, written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from iocop.contributions import presenting
from iocop.contributions.presenting import Shown, author_of, stub
from iocop.contributions.queries import contribution_for, draft
from iocop.contributions.resuming import resumes
from iocop.contributions.services import Given
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.repertoire import services
from iocop.repertoire.addresses import article_address, suggestion_address
from iocop.repertoire.forms import ReplyForm
from iocop.repertoire.models import Article, Proposal
from iocop.repertoire.policy import may_discuss
from iocop.repertoire.queries.page import root_of
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer
    from iocop.repertoire.queries.page import Discussion


def posts_shown(
    address: str, talk: Discussion, looking: Viewer, marks: Mapping[int, frozenset[str]], names: Mapping[int, Any],
    chips: Mapping[int, Markup],
) -> list[Shown]:  # fmt: skip
    """Lay names, chips, own marks and acts over a page of a discussion.

    Args:
        address: of the page it stands on, with its number where it is not the first.
        names: members as they are called now, by id.
        chips: what stands behind their names, but for new posts.
    """
    said, words = presenting.words(), (_("Reply"), _("Edit"), _("Report"), _("Remove"))
    bare = presenting.unranked(talk.posts)
    return [
        _shown(address, row, looking, marks, names, {} if row.id in bare else chips, said, words)
        for row in talk.posts
    ]


def _shown(
    address: str, row: Any, looking: Viewer, marks: Mapping[int, frozenset[str]], names: Mapping[int, Any],
    chips: Mapping[int, Markup], said: presenting.Words, words: tuple[str, str, str, str],
) -> Shown:  # fmt: skip
    own = row.author_id == looking.id
    acting = looking.is_authenticated and not looking.suspended and row.state == "visible"
    return Shown(
        row.id, row.position, f"{address}#post-{row.position}", Markup(row.html),  # noqa: S704 -- sanitised when written
        row.created_at, f"/c/{row.id}/history" if row.edited_at else "", False,
        stub(row, looking, said), 0, author_of(row, names, said, Markup(), chips), row.helpful, row.works_here,
        f"/c/{row.id}/marks" if row.works_here else "", row.outdated, marks.get(row.id, frozenset()),
        f"/c/{row.id}/marks" if acting and not own else "", _actions(row, looking, own, words) if acting else [],
    )  # fmt: skip


def _actions(
    row: Any, looking: Viewer, own: bool, words: tuple[str, str, str, str]
) -> list[tuple[str, str, str]]:
    reply, edit, report, remove = words
    found = [(reply, f"/repertoire/discussion/{row.id}", "")]
    if own or "moderator" in looking.roles:
        found.append((edit, f"/p/{row.id}/edit", ""))
    found.append((remove, f"/c/{row.id}/remove", "") if own else (report, f"/p/{row.id}/report", ""))
    return found


@repertoire.route("/repertoire/discussion/<int:parent_id>", methods=["GET", "POST"])
def discuss(parent_id: int) -> ResponseReturnValue:
    """Say something below an article, a suggestion, or what was said there."""
    actor, parent = viewer(), contribution_for(viewer(), parent_id)
    words, address = _about(root_of(parent).id)
    require(may_discuss(actor, parent))
    form = ReplyForm()
    if request.method == "GET":
        form.text.data = draft(actor.id, f"discussion:{parent_id}").get("text")
    sent = form.validate_on_submit()
    asked = warned(form, actor, parent.space_id) if sent else None
    if sent and asked is None:
        try:
            given = Given(
                kind="reply", text=form.text.data or "", submission_key=form.submission_key.data or "",
                draft_key=f"discussion:{parent_id}",
            )  # fmt: skip
            post = services.discuss(actor, parent_id, given)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("It is posted."))
            return redirect(f"/p/{post.id}", 303)
    page = render_template(
        "repertoire/discuss.html", form=form, parent=parent, words=words, address=address, asked=asked
    )
    return page, 422 if form.errors or asked else 200


def _about(root_id: int) -> tuple[str, str]:
    """Return the title and the address of what is discussed."""
    article = db.session.get(Article, root_id)
    if article is not None:
        return article.title, article_address(article.id, article.title)
    proposal = db.session.get(Proposal, root_id)
    if proposal is None:
        raise Missing(_l("There is no such article, or it is not open to you."))
    return proposal.title, suggestion_address(proposal.id)


@resumes("discussion")
def _resumed(parent_id: str) -> str:
    return f"/repertoire/discussion/{parent_id}"
