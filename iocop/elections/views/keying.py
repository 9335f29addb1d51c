"""Officers' keys: made with one button before the freeze, loaded again to sign it before the poll opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.elections import policy
from iocop.elections.desk_forms import HexadecimalForm, KeysForm, OpeningForm, PrivateKeyForm
from iocop.elections.models import ElectionSecret
from iocop.elections.queries import elections
from iocop.elections.services import keying, uploading
from iocop.elections.views import elections as blueprint
from iocop.elections.voting import may_give_private_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from iocop.elections.models import Election


@blueprint.route("/elections/<int:election_id>/desk/keys", methods=["GET", "POST"])
def give_keys(election_id: int) -> ResponseReturnValue:
    """Make an officer's keys in the browser, and keep their public part."""
    election = elections.election(election_id)
    require(policy.may_give_key(viewer(), election, clock.now()))
    form = KeysForm()
    return _answer(
        "elections/keys.html", election, form,
        lambda: keying.give_keys(
            viewer(), election_id, form.raw("encryption"), form.raw("signing"), form.raw("nonce")
        ),
        _("Your public keys are kept. Keep the file and its passphrase: you need both twice."),
    )  # fmt: skip


@blueprint.route("/elections/<int:election_id>/desk/sign", methods=["GET", "POST"])
def sign_opening(election_id: int) -> ResponseReturnValue:
    """Load the key file again, look whether it fits the freeze, and sign."""
    election = elections.election(election_id)
    require(policy.may_sign_opening(viewer(), election, clock.now()))
    form = OpeningForm()
    return _answer(
        "elections/sign.html", election, form,
        lambda: keying.sign_opening(viewer(), election_id, form.raw("signature")),
        _("Your signature is kept: the freeze is what you saw."),
    )  # fmt: skip


@blueprint.route("/elections/<int:election_id>/desk/open", methods=["GET", "POST"])
def give_private_key(election_id: int) -> ResponseReturnValue:
    """Load the key file once more, sign the sealed board, and give the key that opens the ballots with others."""
    election = elections.election(election_id)
    require(may_give_private_key(viewer(), election, elections.officer_of(election_id, viewer().id)))
    form = PrivateKeyForm()
    return _answer(
        "elections/open.html", election, form,
        lambda: uploading.give_key(viewer(), election_id, form.raw("key"), form.raw("signature")),
        _("Your key is kept; nobody sees it before enough officers gave theirs."),
    )  # fmt: skip


def _answer(
    template: str, election: Election, form: HexadecimalForm, keep: Callable[[], object], said: str
) -> ResponseReturnValue:
    """Keep what the form holds and go back to the desk, or show the page with what is to mend."""
    if form.validate_on_submit():
        try:
            keep()
        except Invalid as error:
            form.take(error)
        else:
            flash(said)
            return redirect(url_for(".desk", election_id=election.id), 303)
    return _page(template, election, form), 422 if form.errors else 200


def _page(template: str, election: Election, form: HexadecimalForm) -> str:
    secret = db.session.get(ElectionSecret, election.id)
    return render_template(
        template, election=election, form=form, own=elections.officer_of(election.id, viewer().id),
        commitment=secret.seed_commitment.hex() if secret else "",
        frozen=elections.document(election.id, "freeze.json"),
        sealed=elections.document(election.id, "sealed.json"),
    )  # fmt: skip
