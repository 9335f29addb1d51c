"""Telling officers of an election: that they are, that they are no more, and that their key is needed."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.events import after
from iocop.elections.events import ActConfirmed, ElectionChanged, ElectionCreated, ElectionMoved, KeysDue
from iocop.elections.life import END
from iocop.elections.models import Election, ElectionAct, ElectionOfficer
from iocop.elections.queries.elections import is_frozen
from iocop.elections.queries.officers import relieved
from iocop.notifications.crowds import Bulletin, tell_crowd
from iocop.notifications.elections import LONGEST_WORDS, at


@after(ElectionCreated, ElectionChanged)
def tell_of_draft(happened: ElectionCreated | ElectionChanged) -> None:
    """Tell the officers of a draft that they are, each once, unless it has ended meanwhile; who prepared it knows."""
    election = db.session.get_one(Election, happened.election_id)
    if election.state in END:
        return
    others = select(ElectionOfficer.member_id).where(
        ElectionOfficer.election_id == election.id, ElectionOfficer.member_id != election.created_by_id, ~relieved()
    )  # fmt: skip
    key = f"officers:{election.id}:draft"
    bulletin = Bulletin(key, "officer", election.title, paragraphs=lambda: _keys_wanted(election))
    tell_crowd(bulletin, db.session.scalars(others).all())


@after(ActConfirmed)
def tell_of_office(happened: ActConfirmed) -> None:
    """Tell who was named an officer, or relieved, with the reason that is published."""
    row = db.session.get_one(ElectionAct, happened.act_id)
    if row.verb not in {"name_officer", "relieve_officer"}:
        return
    election = db.session.get_one(Election, row.election_id)
    named = row.verb == "name_officer"
    key, matter = (f"officers:{election.id}", "named") if named else (f"election:{election.id}", "relieved")
    bulletin = Bulletin(
        f"{key}:{matter}:{row.id}", matter, election.title, row.note[:LONGEST_WORDS],
        paragraphs=lambda: [row.note, *(_keys_wanted(election) if named else ())],
    )  # fmt: skip
    tell_crowd(bulletin, [row.subject_id or 0])


def _keys_wanted(election: Election) -> list[str]:
    if election.kind == "vacancy" or is_frozen(election.id):
        return []
    wanted = _("Make your keys at the desk: without them nothing is frozen, and the poll does not open.")
    return [wanted, _("The poll is to open on %(moment)s.", moment=at(election.opens_at))]


@after(ElectionMoved, KeysDue)
def ask_for_keys(happened: ElectionMoved | KeysDue) -> None:
    """Ask the officers whose keys still lack for them, at the close and again before it is too late."""
    election = db.session.get_one(Election, happened.election_id)
    if election.state != "sealed" or clock.now() >= election.keys_until:
        return
    lacking = select(ElectionOfficer.member_id).where(
        ElectionOfficer.election_id == election.id, ElectionOfficer.encryption_key.is_not(None),
        ElectionOfficer.private_key.is_(None),
    )  # fmt: skip
    occasion = f"left{happened.days_left}" if isinstance(happened, KeysDue) else "sealed"
    bulletin = Bulletin(
        f"officers:{election.id}:keys:{occasion}", "keys", election.title,
        paragraphs=lambda: [
            _(
                "If fewer than %(needed)s keys are given by %(moment)s, the election is void and its ballots are deleted"
                " unopened.",
                needed=election.needed, moment=at(election.keys_until),
            )
        ],
    )  # fmt: skip
    tell_crowd(bulletin, db.session.scalars(lacking).all())
