"""The pages of a result: who is elected, how it was counted, every opened ballot, and everything to check it with."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from iocop.core.errors import Missing
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page, offset
from iocop.elections.counting.picture import flow
from iocop.elections.queries import archive as archives
from iocop.elections.queries import booth, casting, countbacks, counted, elections
from iocop.elections.queries.elected import elected
from iocop.elections.queries.seats import staying_alone
from iocop.elections.services.boxes import box_of
from iocop.elections.views import elections as blueprint
from iocop.elections.wording import CountWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from iocop.elections.models import Election
    from iocop.elections.queries.counted import Result
    from iocop.elections.sealing.opening import Opened

BALLOTS = 50
"""Opened ballots a page."""
BLOCKS = 50
FILES = "sealed.json, result.json, roll.json, opened.csv, answers.csv, election.blt"
"""Documents of an election that have an address of their own; the freeze's is `polling.freeze`."""
TYPES = {"json": "application/json", "csv": "text/csv", "blt": "text/plain"}


def _result(election_id: int) -> Result:
    found = counted.result_of(election_id)
    if found is None:
        raise Missing(
            _l(
                "This election has no result yet: its ballots are opened after the close, with the officers' keys."
            )
        )
    return found


@blueprint.get("/elections/<int:election_id>/result")
@public
def result(election_id: int) -> ResponseReturnValue:
    """Show who is elected, and how that was counted."""
    election = elections.election(election_id)
    if election.kind == "vacancy":
        return _vacancy(election)
    found = _result(election_id)
    words = CountWords(found.outcome, found.profile.candidates)
    return render_template(
        "elections/result.html",
        election=election,
        result=found,
        words=words,
        picture=flow(found.outcome) if len(found.outcome.stages) > 1 else None,
        groups=counted.board_groups(found, staying_alone(election, elected(election))),
        turnout=counted.turnout(election_id),
        issued=casting.issued(election_id),
        close=counted.closeness(election_id, found.outcome),
        quorate=counted.quorate(found),
        named=_named(found, election_id),
    )


def _named(found: Result, election_id: int) -> list[str]:
    """Return by name who took a token, for members, where the rules of the election publish it."""
    told = bool(found.freeze.rules.get("turnout_by_name")) and viewer().is_authenticated
    return counted.took_tokens(election_id) if told else []


def _vacancy(election: Election) -> str:
    found = countbacks.kept(election)
    if found is None:
        raise Missing(_l("This seat is not filled yet."))
    words = CountWords(found.outcome, found.earlier.profile.candidates)
    picture = flow(found.outcome) if len(found.outcome.stages) > 1 else None
    return render_template("elections/countback.html", election=election, words=words, picture=picture)


@blueprint.get("/elections/<int:election_id>/opened")
@public
def opened(election_id: int) -> ResponseReturnValue:
    """Show every ballot by its hash, with what it says: each voter finds the own one."""
    election = elections.election(election_id)
    found = _result(election_id)
    rows = list(counted.opened(election_id))
    wanted = "".join(request.args.get("hash", "").split()).lower()
    if wanted:
        rows = [row for row in rows if row.ballot.hex().startswith(wanted)]
    number = asked_page()
    start = offset(number, BALLOTS)
    page: Page[Opened] = Page(rows[start : start + BALLOTS], number, BALLOTS, len(rows))
    return render_template(
        "elections/opened.html", election=election, result=found, page=page, wanted=wanted, said=_said
    )


def _said(row: Opened, names: Sequence[str]) -> list[tuple[int, str]]:
    """Return what an opened ballot says: mark and name, the lowest mark first, those without one left out."""
    return sorted((mark, name) for mark, name in zip(row.marks, names, strict=True) if mark)


@blueprint.get("/elections/<int:election_id>/board")
@public
def board(election_id: int) -> ResponseReturnValue:
    """Show the public board: blocks and heads, as they were mailed."""
    election = elections.election(election_id)
    poll = casting.poll_of(election_id)
    return render_template(
        "elections/board.html",
        election=election,
        freeze=casting.freeze_of(poll),
        heads=booth.heads(election_id),
        issued=casting.last_issue(poll),
        sealed=elections.document(election_id, "sealed.json"),
    )


@blueprint.get(f"/elections/<int:election_id>/<any({FILES}):name>")
@public
def document(election_id: int, name: str) -> ResponseReturnValue:
    """Give a document of the archive to the byte."""
    found = elections.document(election_id, name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    kind = TYPES[name.rpartition(".")[2]]
    return Response(found.content, mimetype=kind, headers={"Cache-Control": "no-cache"})


@blueprint.get("/elections/<int:election_id>/heads.txt")
@public
def heads(election_id: int) -> ResponseReturnValue:
    """Give the lines that were mailed, as far as the board has come."""
    content = archives.heads_so_far(election_id)
    return Response(content, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/elections/<int:election_id>/archive.zip")
@public
def archive(election_id: int) -> ResponseReturnValue:
    """Give everything to check the election with, offline."""
    poll = casting.poll_of(election_id)
    frozen = casting.freeze_of(poll)
    if poll.state == "void":
        raise Missing(_l("This election is void: its ballots were deleted, so there is no archive of them."))
    content = archives.pack(election_id, box_of(frozen))
    if content is None:
        raise Missing(_l("The archive is made when the ballots have been opened."))
    name = f"election-{election_id}.zip"
    disposition = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-cache"}
    return Response(content, mimetype="application/zip", headers=disposition)


@blueprint.get("/elections/<any(secret, risks, check):topic>")
@public
def plain(topic: str) -> ResponseReturnValue:
    """Tell in plain words how a vote stays secret, what could go wrong, and how to check it."""
    return render_template(f"elections/plain_{topic}.html")


@blueprint.get("/elections/<int:election_id>/vote")
@public
def vote(election_id: int) -> ResponseReturnValue:
    """Lead into the booth of an election."""
    casting.freeze_of(casting.poll_of(election_id))
    return redirect(
        url_for(".frozen_booth", election_id=election_id, _anchor=str(election_id)), HTTPStatus.SEE_OTHER
    )
