"""The certificate: two officers let the result stand, it becomes a decision of the members, and offices are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, DomainError
from iocop.core.events import emit
from iocop.elections.events import ElectionCertified
from iocop.elections.queries import counted, roll
from iocop.elections.queries.elected import elected, result_of
from iocop.elections.queries.elections import complaints, document, open_complaints
from iocop.elections.queries.elections import election as election_of
from iocop.elections.queries.seats import first_moment
from iocop.members.models import Member
from iocop.roles import services as roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.elections.models import Election, ElectionAct
    from iocop.roles.models import Decision


@dataclass(frozen=True)
class Words:
    """What certificate, minutes and decision say.

    Attributes:
        officers: the two who certify, by name.
        names: of the elected, in the order of the count.
    """

    election: Election
    officers: tuple[str, str]
    names: tuple[str, ...]


def certify(election: Election, row: ElectionAct) -> None:
    """Record the result as the members' decision and give the elected their office from the day their term starts.

    Who cannot take it up (left, suspended, holds it already) is named in the certificate; the seat stays vacant.

    Raises:
        Conflict: a complaint waits for its answer, the result is missing, fewer took part than the rules ask for, or as
            many tokens were wrong as the smallest margin that decided.
    """
    if open_complaints(election.id):
        raise Conflict(_l("A complaint waits for its answer: nothing is certified before."))
    if document(election.id, "freeze.json") is not None and result_of(election.id) is None:
        raise Conflict(_l("There is no result yet."))
    _check_result(election)
    chosen = elected(election)
    names = names_of([row.first_id, row.second_id or 0, *chosen])
    words = Words(
        election, (names[row.first_id], names[row.second_id or 0]), tuple(names[one] for one in chosen)
    )
    now = clock.now()
    decision = roles.record_decision(
        None, _("The members, by ballot"), now.date(), decided(words), f"/elections/{election.id}/result"
    )
    missing = [names[member_id] for member_id in chosen if not _give_office(election, member_id, decision)]
    election.decision_id = decision.id
    election.certificate = "\n\n".join([*minutes(words), *_not_taken_up(missing)])
    db.session.flush()
    emit(ElectionCertified(row.second_id, election_id=election.id, decision_id=decision.id))


def _check_result(election: Election) -> None:
    found = counted.result_of(election.id) if election.kind != "vacancy" else None
    if found is None:
        return
    if not counted.quorate(found):
        raise Conflict(_l("Fewer took part than the rules ask for: declare the election void."))
    if counted.closeness(election.id, found.outcome).decides:
        raise Conflict(
            _l(
                "As many voting tokens were wrong as the smallest margin that decided: declare the election void."
            )
        )


def names_of(member_ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row.id: row.name for row in rows}


def _give_office(election: Election, member_id: int, decision: Decision) -> bool:
    """Say whether the office could be given."""
    start = max(first_moment(election.term_starts_on), clock.now())
    end = first_moment(election.term_ends_on) if election.term_ends_on else None
    try:
        roles.grant_role(None, member_id, election.office, decision.id, valid_from=start, valid_to=end)
    except DomainError:
        return False
    return True


def decided(words: Words) -> str:
    """Return the decision's text: one paragraph."""
    election = words.election
    if election.kind == "motion":
        return _motion(election)
    if not words.names:
        return str(_("%(title)s: nobody was elected.", title=election.title))
    sentence = _(
        "%(title)s: elected were %(names)s, from %(start)s to %(end)s.",
        title=election.title, names=", ".join(words.names), start=election.term_starts_on,
        end=election.term_ends_on or "–",
    )  # fmt: skip
    return str(sentence)


def _motion(election: Election) -> str:
    result = result_of(election.id) or {}
    passed = bool(result.get("count", {}).get("elected"))
    if passed:
        return str(_("Passed: %(question)s", question=election.question))
    return str(_("Not passed: %(question)s", question=election.question))


def minutes(words: Words) -> Iterator[str]:
    """Give the paragraphs of the certificate, fit for the minutes."""
    election = words.election
    yield _("Certificate of election: %(title)s", title=election.title)
    yield _poll(election)
    yield decided(words)
    yield from _vacant(words)
    yield _complaints(election)
    yield _(
        "Certified by the returning officers %(first)s and %(second)s on %(day)s.",
        first=words.officers[0], second=words.officers[1], day=clock.now().date(),
    )  # fmt: skip


def _poll(election: Election) -> str:
    frozen = document(election.id, "freeze.json")
    result = result_of(election.id)
    if election.earlier_id is not None:
        earlier = election_of(election.earlier_id)
        return str(
            _("The seat was filled by counting the ballots of “%(title)s” again.", title=earlier.title)
        )
    if frozen is None or result is None:
        return str(_("There was no poll: no more candidates stood than there are seats."))
    sentence = _(
        "Voting was open from %(opens)s to %(closes)s (UTC). Of %(roll)s members on the roll %(issued)s took a voting"
        " token; %(counted)s ballots were counted, %(blank)s blank and %(spoilt)s spoilt. The roll, the candidates and"
        " the rules were frozen under the hash %(hash)s.",
        opens=f"{election.opens_at:%Y-%m-%d %H:%M}", closes=f"{election.closes_at:%Y-%m-%d %H:%M}",
        roll=roll.size(election.id), issued=roll.tokens_issued(election.id), counted=result["counted"],
        blank=result["blank"], spoilt=result["spoilt"], hash=frozen.hash,
    )  # fmt: skip
    return str(sentence)


def _vacant(words: Words) -> Iterator[str]:
    seats = words.election.seats - len(words.names)
    if words.election.kind != "motion" and seats > 0:
        yield ngettext("One seat stays vacant.", "%(num)s seats stay vacant.", seats)


def _complaints(election: Election) -> str:
    answered = complaints(election.id, answered=True)
    if not answered:
        return str(_("No complaint was made."))
    upheld = sum(bool(row.upheld) for row in answered)
    sentence = ngettext(
        "%(num)s complaint was made and answered; upheld: %(upheld)s.",
        "%(num)s complaints were made and answered; upheld: %(upheld)s.",
        len(answered),
        upheld=upheld,
    )
    return str(sentence)


def _not_taken_up(names: list[str]) -> Iterator[str]:
    if names:
        yield _(
            "Could not take up the office, so that the seat stays vacant: %(names)s.", names=", ".join(names)
        )
