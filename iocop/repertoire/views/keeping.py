"""Who keeps an article true: taken on, handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.repertoire import services
from iocop.repertoire.addresses import article_address
from iocop.repertoire.forms import KeepersForm
from iocop.repertoire.policy import may_keep
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.views import repertoire
from iocop.repertoire.views.filling import handle_of, member_meant, work_together

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.route("/a/<int:article_id>/keepers", methods=["GET", "POST"])
def keepers(article_id: int) -> ResponseReturnValue:
    """Hand an article's care over, or take on one that nobody keeps."""
    article, _thing = readable_article(viewer(), article_id)
    require(may_keep(viewer(), article))
    form = KeepersForm(owner=handle_of(article.owner_id), deputy=handle_of(article.deputy_id))
    address = article_address(article.id, article.title)
    if form.validate_on_submit():
        try:
            owner = member_meant(form.owner.data or "", "owner")
            deputy = member_meant(form.deputy.data or "", "deputy")
            services.hand_over(viewer(), article_id, owner, deputy)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("They are asked from now on before its time is over."))
            if work_together(owner, deputy):
                flash(_("Owner and deputy work for one organization: better somebody of another stands in."))
            return redirect(address, 303)
    page = render_template("repertoire/keepers.html", form=form, article=article, address=address)
    return page, 422 if form.errors else 200
