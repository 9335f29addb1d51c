"""Which events make the index read something again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from iocop.contributions.events import (
    Contributed,
    ContributionsLoaded,
    FilesRemoved,
    Followed,
    LabelChanged,
    Rewritten,
    StateChanged,
)
from iocop.core.events import Event
from iocop.domains.events import TagsMerged
from iocop.organizations.events import OrganizationMerged
from iocop.search.touched import TOUCHES, Touched, touched_by
from iocop.spaces.events import AudienceChanged, SpaceChanged

if TYPE_CHECKING:
    from flask import Flask

ELSEWHERE: Final = "another event of the same act tells what changed"
NOT_SAID: Final = "no document says it"
NO_DOCUMENT: Final = "what it is about is no document"

UNTOUCHED: Final[dict[str, str]] = {
    "Attached": "a file is found only once a contribution took it, which is told",
    "Mentioned": NOT_SAID, "Followed": NOT_SAID,
    "Answered": ELSEWHERE, "Replied": ELSEWHERE,
    "TopicClosed": "solved is what has an accepted answer", "TopicReopened": "solved is what has an accepted answer",
    "DomainFounded": "nothing is filed there yet", "DomainChanged": "keys name domains by number",
    "CharterWritten": NO_DOCUMENT,
    "MemberReviewed": NOT_SAID, "MemberSuspended": "they are found all the same", "SuspensionLifted": NOT_SAID,
    "PasswordChanged": NOT_SAID, "AddressChanged": NOT_SAID, "SecondFactorChanged": NOT_SAID,
    "ClaimMade": NO_DOCUMENT, "ClaimDeclined": NO_DOCUMENT, "MemberInvited": NO_DOCUMENT,
    "ApplicationReceived": NO_DOCUMENT, "ApplicationDecided": "who joins is told of by MemberJoined",
    "AffiliationVerified": NOT_SAID, "AffiliationExpired": NOT_SAID,
    "OrganizationsRelated": NOT_SAID, "OrganizationContactNamed": NOT_SAID, "OrganizationContactEnded": NOT_SAID,
    "DecisionRecorded": NO_DOCUMENT, "RoleGranted": NOT_SAID, "RoleEnded": NOT_SAID,
    "TermsListed": NOT_SAID, "OwnWordsChanged": NOT_SAID, "SafetyRuleSwitched": NOT_SAID,
    "SpaceAccessGiven": "every search asks anew what its viewer may read",
    "SpaceAccessEnded": "every search asks anew what its viewer may read",
    "ProposalOpened": NO_DOCUMENT, "ProposalSubmitted": NO_DOCUMENT, "ProposalWithdrawn": NO_DOCUMENT,
    "ProposalReviewed": NO_DOCUMENT, "ProposalWidened": NO_DOCUMENT, "Distilled": NO_DOCUMENT,
    "ArticleStale": NOT_SAID, "ReviewDue": NOT_SAID, "ArticleKept": NOT_SAID, "EvidenceChanged": NOT_SAID,
    "NoteSettled": NO_DOCUMENT,
    "TermNamed": "other words are added to what is looked for",
    "TermUnnamed": "other words are added to what is looked for",
    "TermsCounted": NOT_SAID,
    "ArticleRequested": NO_DOCUMENT, "RequestWanted": NO_DOCUMENT, "RequestTaken": NO_DOCUMENT,
    "RequestClosed": NO_DOCUMENT,
    "Reported": NOT_SAID, "PostHeld": ELSEWHERE, "Ruled": ELSEWHERE,
    "SiteChanged": NO_DOCUMENT,
    "SearchSaved": NO_DOCUMENT, "SavedSearchChanged": NO_DOCUMENT, "SavedSearchDeleted": NO_DOCUMENT,
    "SearchMatched": NO_DOCUMENT, "MissedTextDropped": NO_DOCUMENT,
    "TakeHomeConfirmed": NO_DOCUMENT, "TakeHomeKept": NO_DOCUMENT,
    "StandingChanged": NOT_SAID, "RuleChanged": NOT_SAID, "LevelReached": NOT_SAID, "LevelNoticed": NOT_SAID,
    "LevelLowered": NOT_SAID, "StewardSilent": NOT_SAID, "AvailabilityChanged": NOT_SAID,
    "ExpertAsked": NOT_SAID, "ExpertAgreed": NOT_SAID, "ExpertAnswered": NOT_SAID, "ExpertDeclined": NOT_SAID,
    "ExpertLapsed": NOT_SAID, "NewcomerGreeted": NOT_SAID,
    "IrregularityFound": NO_DOCUMENT, "IrregularityTold": NO_DOCUMENT, "IrregularityAnswered": NO_DOCUMENT,
    "IrregularityDecided": NO_DOCUMENT,
    "LevelReviewOpened": NO_DOCUMENT, "LevelReviewed": NO_DOCUMENT, "LevelReviewClosed": NO_DOCUMENT,
    "OfficeSuspended": NOT_SAID,
    "ActConfirmed": NO_DOCUMENT, "ActProposed": NO_DOCUMENT, "ActTakenBack": NO_DOCUMENT,
    "BoardHeadMade": NO_DOCUMENT, "CandidateWrote": NO_DOCUMENT, "ComplaintAnswered": NO_DOCUMENT,
    "ComplaintMade": NO_DOCUMENT, "ElectionCertified": NO_DOCUMENT, "ElectionChanged": NO_DOCUMENT,
    "ElectionCreated": NO_DOCUMENT, "ElectionFrozen": NO_DOCUMENT, "ElectionMoved": NO_DOCUMENT,
    "KeyGiven": NO_DOCUMENT, "KeyUploaded": NO_DOCUMENT, "KeysDue": NO_DOCUMENT, "KeysPublished": NO_DOCUMENT,
    "MailingSent": NO_DOCUMENT, "Nominated": NO_DOCUMENT, "NominationAnswered": NO_DOCUMENT,
    "NominationDecided": NO_DOCUMENT, "NominationSeconded": NO_DOCUMENT, "NominationWithdrawn": NO_DOCUMENT,
    "OpeningSigned": NO_DOCUMENT, "RemindersDue": NO_DOCUMENT, "RuleSetRecorded": NO_DOCUMENT,
}  # fmt: skip
"""Events the index does not heed, and why."""


def test_what_happens_to_a_post_or_a_whole_thread() -> None:
    assert touched_by(Contributed(1, contribution_id=7, root_id=5, kind="answer")) == Touched(
        posts=frozenset({7})
    )
    assert touched_by(Rewritten(None, (8, 9))) == Touched(posts=frozenset({8, 9}))
    assert touched_by(StateChanged(1, 5, 5, "visible", "hidden")) == Touched(threads=frozenset({5}))
    assert touched_by(LabelChanged(1, (5, 6), 5)) == Touched(threads=frozenset({5, 6}))
    assert touched_by(ContributionsLoaded(None, (1, 2))) == Touched(threads=frozenset({1, 2}))
    assert touched_by(OrganizationMerged(1, 3, 4)) == Touched(organizations=frozenset({3, 4}))


def test_what_happens_to_files_tags_and_spaces() -> None:
    assert touched_by(FilesRemoved(1, (7, 8))) == Touched(files=frozenset({7, 8}))
    assert touched_by(TagsMerged(1, tag_id=3, into_id=4)) == Touched(tags=frozenset({4}))
    assert touched_by(SpaceChanged(1, 2)) == Touched(spaces=frozenset({2}))
    assert touched_by(AudienceChanged(1, 2)) == Touched(audiences=frozenset({2}))


def test_another_word_for_a_tag_moves_nothing() -> None:
    assert touched_by(TagsMerged(1, tag_id=4, into_id=4)) == Touched()


def test_other_events_touch_nothing() -> None:
    assert touched_by(Followed(1, 7, "followed")) == Touched()
    assert len(touched_by(Followed(1, 7, "followed"))) == 0


def test_every_event_touches_documents_or_says_why_not(app: Flask) -> None:
    own = {name for name, kind in Event.kinds.items() if kind.__module__.startswith("iocop.")}

    assert own - TOUCHES.keys() == UNTOUCHED.keys()
    assert own >= TOUCHES.keys(), "it is told of an event that there is not"


def test_what_several_events_touch_is_read_once() -> None:
    twice = Touched(posts=frozenset({1, 2})) | Touched(posts=frozenset({2}), members=frozenset({9}))

    assert twice == Touched(posts=frozenset({1, 2}), members=frozenset({9}))
    assert len(twice) == 3


def test_every_field_that_is_read_exists() -> None:
    for name, touches in TOUCHES.items():
        if name in Event.kinds:
            fields = Event.kinds[name].__dataclass_fields__
            assert {key for _, key in touches} <= fields.keys(), name


def test_an_event_of_another_shape_is_no_error() -> None:
    @dataclass(frozen=True)
    class Strange:
        contribution_id: str = "x"

    Strange.__name__ = "Contributed"
    assert touched_by(Strange()) == Touched()  # type: ignore[arg-type]
