"""The freeze: roll, candidates, rules and keys become one document whose hash everything after it carries."""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.core.events import emit
from iocop.core.site import site
from iocop.elections.events import ElectionFrozen
from iocop.elections.models import ElectionDocument, ElectionSecret, RollEntry
from iocop.elections.queries import roll as rolls_of
from iocop.elections.queries.booth import moment
from iocop.elections.queries.elections import acts, candidates, dates_of, officers, rules_of
from iocop.elections.queries.groups import main_groups
from iocop.elections.queries.seats import frozen_rules, full_groups, staying_by_group
from iocop.elections.sealing import edwards, rolls, seeds
from iocop.elections.sealing import freezing as sealing
from iocop.elections.sealing.canonical import digest, dumps
from iocop.elections.sealing.tokens import Issuer
from iocop.elections.services.appointing import settle
from iocop.elections.services.closing import write_document
from iocop.members.models import Member
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct, ElectionOfficer, Nomination
    from iocop.elections.sealing.canonical import Json


def freeze(election: Election, row: ElectionAct) -> None:
    """Write freeze.json and roll.json, the roll's entries, and the keys that issue and acknowledge.

    Raises:
        Conflict: keys, candidates or voters are missing, the poll should be open, or a group is full.
    """
    named = officers(election.id)
    _stamp_groups(election)
    _check(election, named)
    members = _write_roll(election)
    _number_candidates(election)
    issuer, acknowledger = Issuer.generate(), secrets.token_bytes(32)
    secret = db.session.get_one(ElectionSecret, election.id)
    content = sealing.write(_fields(election, named, secret, issuer, acknowledger, members))
    secret.issuer_key, secret.acknowledger_key, secret.seed = issuer.to_pem(), acknowledger, None
    write_document(election.id, "freeze.json", content)
    write_document(election.id, "roll.json", dumps([leaf.hex() for leaf in members]))
    write_document(election.id, "booth.html", booth_page())
    db.session.flush()
    emit(ElectionFrozen(row.second_id, election_id=election.id, act_id=row.id))


def _check(election: Election, named: list[ElectionOfficer]) -> None:
    if len(named) < 2:
        raise Conflict(_l("An election needs at least two officers: name another one."))
    if any(officer.encryption_key is None for officer in named):
        raise Conflict(_l("Some officers have not given their keys: each does so on the page of keys."))
    if clock.now() >= dates_of(election).opens_at:
        raise Conflict(_l("The freeze comes before the poll opens: move the dates first."))
    if election.kind == "motion":
        return
    standing = candidates(election.id, ("admitted",))
    if not standing:
        raise Conflict(_l("Nobody stands: there is nothing to vote on."))
    if len(standing) > sealing.MOST_CANDIDATES:
        raise Conflict(_l("At most 200 candidates fit on a ballot."))
    full = full_groups(election)
    barred = [row for row in standing if row.group_id in full]
    if barred:
        raise Conflict(_l("The organizations of a candidate hold all the seats they may: refuse it first."))


def _stamp_groups(election: Election) -> None:
    """Write down whose organizations each candidate belongs to today: the cap counts by it."""
    standing = candidates(election.id, ("admitted",))
    groups = main_groups([row.member_id for row in standing], clock.now())
    for row in standing:
        row.group_id = groups.get(row.member_id)


def _write_roll(election: Election) -> list[bytes]:
    """Write an entry for everybody who may vote now; return the sorted leaves."""
    preview = rolls_of.preview(rules_of(election), clock.now())
    if not preview.eligible:
        raise Conflict(_l("Nobody may vote: look at the preview of the roll."))
    numbers = {row.id: row.number for row in db.session.execute(select(Member.id, Member.number))}
    bands = rolls_of.bands_of_everybody(clock.now())
    rows: list[dict[str, Any]] = []
    for member_id in preview.eligible:
        salt = secrets.token_bytes(rolls.SALT)
        rows.append(
            {
                "election_id": election.id, "member_id": member_id, "salt": salt,
                "leaf": rolls.leaf(salt, numbers[member_id]), "size_band": bands.get(member_id, ""),
                "blocked_reason": "",
            }
        )  # fmt: skip
    rows.sort(key=lambda entry: entry["leaf"])  # so that keys say nothing about numbers
    db.session.execute(insert(RollEntry), rows)
    return rolls.ordered(entry["leaf"] for entry in rows)


def _number_candidates(election: Election) -> None:
    """Number the candidates by name; the booth shuffles them for every voter, so no number is better than another."""
    standing = candidates(election.id, ("admitted",))
    names = _names([row.member_id for row in standing])
    for number, row in enumerate(sorted(standing, key=lambda row: (names[row.member_id], row.id)), 1):
        row.number = number
    db.session.flush()


def _names(member_ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row.id: row.name for row in rows}


def _fields(
    election: Election, named: list[ElectionOfficer], secret: ElectionSecret, issuer: Issuer, acknowledger: bytes,
    leaves: list[bytes],
) -> dict[str, Json]:  # fmt: skip
    rules = frozen_rules(election)
    dates = dates_of(election)
    seed = secret.seed
    if seed is None:
        raise LookupError(f"election {election.id} has no seed")
    return {
        "site": site().name, "address": current_app.extensions["settings"].base_url,
        "election": election.id, "title": election.title, "kind": election.kind, "rules": rules,
        "candidates": _candidates(election), "staying": staying_by_group(election),
        "opens": moment(dates.opens_at), "closes": moment(dates.closes_at),
        "keys_until": moment(dates.keys_until), "complaints_until": moment(dates.complaints_until),
        "roll": {"root": rolls.root(leaves).hex(), "size": len(leaves)},
        "officers": _officers(named), "needed": election.needed,
        "issuer": {"n": f"{issuer.n:x}", "e": issuer.e},
        "acknowledger": edwards.public(acknowledger).hex(),
        "seed_commitment": secret.seed_commitment.hex(),
        "sealed_seed": [
            share.hex() for share in seeds.seal(seed, election.needed, [_key(row.encryption_key) for row in named])
        ],
        "booth": digest(booth_page()).hex(), "block_minimum": sealing.block_minimum(len(leaves)),
        "plain_ballots": rules_of(election).plain_ballots,
    }  # fmt: skip


def _key(key: bytes | None) -> bytes:
    if key is None:  # `_check` has looked
        raise LookupError("an officer without keys")
    return key


def _officers(named: list[ElectionOfficer]) -> list[Json]:
    names = _names([row.member_id for row in named])
    return [
        {
            "number": row.number, "name": names[row.member_id], "encryption": _key(row.encryption_key).hex(),
            "signing": _key(row.signing_key).hex(), "nonce": _key(row.nonce).hex(),
        }
        for row in named
    ]  # fmt: skip


def _candidates(election: Election) -> list[Json]:
    if election.kind == "motion":
        return [{"number": 1, "id": "1", "name": election.question, "group": None}]
    standing = candidates(election.id, ("admitted",))
    names = _told_apart([row.member_id for row in standing])
    return [_candidate(row, names[row.member_id]) for row in standing]


def _told_apart(member_ids: list[int]) -> dict[int, str]:
    """Return candidates' names; who share one bear their member numbers too, or no voter could tell them apart."""
    rows = db.session.execute(
        select(Member.id, Member.name, Member.number).where(Member.id.in_(member_ids))
    ).all()
    bearing = Counter(row.name for row in rows)
    return {
        row.id: f"{row.name} ({shown(row.number)})" if bearing[row.name] > 1 else row.name for row in rows
    }


def _candidate(row: Nomination, name: str) -> Json:
    return {"number": row.number or 0, "id": str(row.number), "name": name, "group": row.group_id}


def booth_page() -> bytes:
    """Return the page members vote on, the same bytes for everybody.

    Raises:
        Conflict: it was not built.
    """
    path = Path(current_app.static_folder or "") / "booth" / "booth.html"
    if not path.is_file():
        raise Conflict(
            _l("The voting page is missing on this site: build it first (static/booth/build.mjs).")
        )
    return path.read_bytes()


def thaw(election: Election, row: ElectionAct) -> None:
    """Take the freeze back before the poll opened; the earlier documents stay, numbered, for everybody to compare.

    Seed, keys and roll are made anew: the officers' old keys were published with a freeze that never held.
    """
    earlier = db.session.query(ElectionDocument).filter_by(election_id=election.id)
    number = earlier.filter(ElectionDocument.name.startswith("freeze-")).count() + 1
    for name in ("freeze", "roll"):
        document = db.session.get_one(ElectionDocument, (election.id, f"{name}.json"))
        document.name = f"{name}-{number}.json"
    db.session.delete(db.session.get_one(ElectionDocument, (election.id, "booth.html")))
    db.session.execute(delete(RollEntry).where(RollEntry.election_id == election.id))
    for nomination in candidates(election.id, ("admitted",)):
        nomination.number = None
    for officer in officers(election.id):
        officer.encryption_key = officer.signing_key = officer.nonce = officer.opening_signature = None
    secret = db.session.get_one(ElectionSecret, election.id)
    seed = secrets.token_bytes(seeds.LENGTH)
    secret.seed, secret.seed_commitment = seed, seeds.commit(seed)
    secret.issuer_key = secret.acknowledger_key = None
    for waiting in acts(election.id):
        if waiting.second_id is None and waiting.id != row.id:
            waiting.taken_back_at = waiting.taken_back_at or clock.now()
    db.session.flush()
    settle(election)
