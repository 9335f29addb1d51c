"""What can happen in an election. Nothing tells of a voting token or a ballot: neither is an event."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class RuleSetRecorded(Event):
    """Other rules hold for a kind of election from a day on."""

    rule_set_id: int
    decision_id: int


@dataclass(frozen=True)
class ElectionCreated(Event):
    election_id: int


@dataclass(frozen=True)
class ElectionChanged(Event):
    """Title, words, dates or officers of a draft are others."""

    election_id: int


@dataclass(frozen=True)
class ActProposed(Event):
    """One officer proposed an act; another one confirms it."""

    election_id: int
    act_id: int
    verb: str


@dataclass(frozen=True)
class ActConfirmed(Event):
    """A second officer confirmed an act, and it was done."""

    election_id: int
    act_id: int
    verb: str


@dataclass(frozen=True)
class ActTakenBack(Event):
    election_id: int
    act_id: int


@dataclass(frozen=True)
class ElectionMoved(Event):
    """The election came into another state, by two officers' act; void for want of keys it becomes by itself."""

    election_id: int
    act_id: int | None
    state: str


@dataclass(frozen=True)
class ElectionFrozen(Event):
    """Roll, candidates, rules and keys stand; everybody on the roll is told the hash."""

    election_id: int
    act_id: int


@dataclass(frozen=True)
class KeyGiven(Event):
    """An officer's public keys for one election."""

    election_id: int
    officer_id: int


@dataclass(frozen=True)
class OpeningSigned(Event):
    """An officer loaded the key file again and signed the freeze."""

    election_id: int
    officer_id: int


@dataclass(frozen=True)
class ComplaintMade(Event):
    election_id: int
    complaint_id: int


@dataclass(frozen=True)
class ComplaintAnswered(Event):
    election_id: int
    complaint_id: int


@dataclass(frozen=True)
class RemindersDue(Event):
    """Everybody on the roll is reminded of the vote: who cast nobody knows."""

    election_id: int
    days_left: int


@dataclass(frozen=True)
class Nominated(Event):
    """A member was proposed as a candidate, by themselves or by another."""

    election_id: int
    nomination_id: int
    member_id: int


@dataclass(frozen=True)
class NominationAnswered(Event):
    """Who was proposed accepted or declined."""

    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class NominationSeconded(Event):
    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class NominationWithdrawn(Event):
    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class NominationDecided(Event):
    """Two officers admitted or refused a candidate."""

    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class CandidateWrote(Event):
    """A candidate's statement, interests or mailing changed."""

    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class MailingSent(Event):
    """The one mailing of a candidate goes to everybody on the roll."""

    election_id: int
    nomination_id: int


@dataclass(frozen=True)
class BoardHeadMade(Event):
    """A block of the public board was closed; its head is mailed."""

    election_id: int
    head_id: int


@dataclass(frozen=True)
class KeyUploaded(Event):
    """An officer signed the final heads and gave the key; nobody sees it before enough have."""

    election_id: int
    officer_id: int


@dataclass(frozen=True)
class KeysDue(Event):
    """Officers who have not given their keys are reminded: with too few the election will be void."""

    election_id: int
    days_left: int


@dataclass(frozen=True)
class KeysPublished(Event):
    """As many officers as are needed gave their keys."""

    election_id: int


@dataclass(frozen=True)
class ElectionCertified(Event):
    """The result stands, and the offices are given."""

    election_id: int
    decision_id: int
