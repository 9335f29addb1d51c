"""Who may change the repertoire. The rule of the two organizations is `quorum.outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.policy import may_read
from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import ALLOWED, Verdict, fact, provides, refused
from iocop.organizations.queries import organization_ids
from iocop.repertoire.models import Proposal
from iocop.repertoire.queries.neighbourhood import deciding_domains
from iocop.repertoire.queries.standing import approving_domains, authors_of, conflict_of, domain_ids_of
from iocop.repertoire.quorum import APPROVING_LEVEL, REVIEWING_LEVEL
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.repertoire.models import Article, TermName

_GUEST = refused(_l("Join or sign in to do this."))
_SUSPENDED = refused(_l("Suspended members cannot do this."))


@provides("governed_kinds")
def governed_kinds() -> frozenset[str]:
    """Articles change only by a reviewed proposal, and stay when their author leaves: others have built on them."""
    return frozenset({"article"})


def approves_by(actor: Viewer, domain_ids: Collection[int]) -> str:
    """Return what the right to approve in some domains rests on: ``curator``, ``level``, or nothing."""
    if not actor.is_authenticated:
        return ""
    now = clock.now()
    if holds(actor.id, "curator", now) or approving_domains(actor.id, now) & set(domain_ids):
        return "curator"
    if any(fact("level", actor.id, domain, default=0) >= APPROVING_LEVEL for domain in domain_ids):
        return "level"
    return ""


def looks_over_by(actor: Viewer, domain_ids: Collection[int]) -> str:
    """Return what the right to work through the queue in some domains rests on: as `approves_by`, or level 2 there."""
    return approves_by(actor, domain_ids) or ("level" if works_in(actor, domain_ids) else "")


def works_in(actor: Viewer, domain_ids: Collection[int]) -> bool:
    """Say whether the actor's level in one of some domains opens the queue's work there."""
    levels: dict[int, int] = fact("levels", actor.id, default={}) if actor.is_authenticated else {}
    return any(levels.get(domain, 0) >= REVIEWING_LEVEL for domain in domain_ids)


def curates_well(actor: Viewer) -> bool:
    """Say whether the actor has the ability to curate: it opens what tidies up, never what approves."""
    return actor.is_authenticated and bool(fact("ability", actor.id, "curate", default=False))


def may_propose(actor: Viewer, article: Contribution | None = None) -> Verdict:
    """Anyone suggests: an article, or a change to one they may read."""
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    return ALLOWED if article is None else may_read(actor, article)


def suggestible_now(act: str, article: Article) -> Verdict:
    """Say whether an article stands so that anyone can suggest an act about it."""
    if article.retired_at is not None and act != "delete":
        return refused(_l("This article is retired: suggest a new one, or change what took its place."))
    if act == "seal" and article.standing == "sealed" and article.review_by > clock.now():
        return refused(_l("Two organizations have approved this text, and it is not due for review yet."))
    return ALLOWED


def may_discuss(actor: Viewer, thing: Contribution) -> Verdict:
    """Members talk below what they may read."""
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    return may_read(actor, thing)


def may_write_proposal(actor: Viewer, proposal: Proposal, thing: Contribution) -> Verdict:
    """Its author writes on while nobody has decided it; while it is in the queue, who works through that helps.

    Whoever saved a word of it approves it no more.
    """
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    if thing.author_id != actor.id and not _helps(actor, proposal):
        return refused(
            _l(
                "Only its author changes a suggestion, and while it is in the queue members from level 2 of one of its"
                " domains; you can comment on it, or make one of your own."
            )
        )
    if proposal.status not in {"draft", "waiting", "changes", "declined"}:
        return refused(_l("This suggestion is decided: make a new one."))
    return ALLOWED


def _helps(actor: Viewer, proposal: Proposal) -> bool:
    """Curators by office alone keep to deciding."""
    in_queue = proposal.status in {"waiting", "changes"}
    return in_queue and works_in(actor, deciding_domains(proposal))


@provides("helped_kinds")
def helped_kinds() -> frozenset[str]:
    """Suggestions are written on by others too, where `may_write_proposal` lets them."""
    return frozenset({"proposal"})


@provides("helps_with")
def helps_with(actor: Viewer, thing: Contribution) -> bool:
    proposal = db.session.get(Proposal, thing.id)
    return proposal is not None and bool(may_write_proposal(actor, proposal, thing))


def may_withdraw_proposal(actor: Viewer, proposal: Proposal, thing: Contribution) -> Verdict:
    """Its author alone sends it, takes it back, or keeps it out of the queue."""
    if actor.is_authenticated and thing.author_id != actor.id:
        return refused(_l("Only its author sends a suggestion, or takes it back."))
    return may_write_proposal(actor, proposal, thing)


def may_review(actor: Viewer, proposal: Proposal, thing: Contribution) -> Verdict:
    """Say whether the actor may decide on a proposal: a right in its domains, no part in it, no conflict of interest."""
    verdict = _may_look_at(actor, proposal, thing)
    if verdict and not approves_by(actor, deciding_domains(proposal)):
        return refused(_l("Curators decide, and members from level 3 of one of its domains."))
    return _impartial(actor, proposal) if verdict else verdict


def may_look_over(actor: Viewer, proposal: Proposal, thing: Contribution) -> Verdict:
    """Say whether the actor may send a proposal back with what is missing: as who decides, but from level 2 on."""
    verdict = _may_look_at(actor, proposal, thing)
    if verdict and not looks_over_by(actor, deciding_domains(proposal)):
        return refused(
            _l(
                "Curators decide, and members from level 3 of one of its domains; from level 2 on, they send back what"
                " is not ready."
            )
        )
    return _impartial(actor, proposal) if verdict else verdict


def _may_look_at(actor: Viewer, proposal: Proposal, thing: Contribution) -> Verdict:
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    if proposal.status != "waiting":
        return refused(_l("It does not wait for a review at the moment."))
    verdict = may_read(actor, thing)
    if verdict and actor.id in authors_of(proposal.id):
        return refused(_l("You wrote a part of this: two others decide."))
    return verdict


def _impartial(actor: Viewer, proposal: Proposal) -> Verdict:
    product = conflict_of(actor.id, proposal)
    if product:
        return refused(
            _l("Your organization sells %(product)s, which this is about: others decide.", product=product)
        )
    return ALLOWED


def may_see_queue(actor: Viewer) -> Verdict:
    """Everybody sees what waits and how long: what kills reviews is opaque waiting."""
    del actor
    return ALLOWED


def may_keep(actor: Viewer, article: Article) -> Verdict:
    """Say whether the actor may hand an article's care over: its owner, its deputy, or who approves there."""
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    if actor.id in {article.owner_id, article.deputy_id} or approves_by(actor, domain_ids_of(article.id)):
        return ALLOWED
    if article.owner_id is None:
        return ALLOWED  # an article nobody keeps is anybody's to take
    return refused(_l("Its owner, its deputy or a curator hands it over."))


def may_name_term(actor: Viewer, term: Contribution, organization_id: int | None) -> Verdict:
    """Anyone says what a term is called elsewhere; for an organization, its own members alone."""
    verdict = may_propose(actor, term)
    if not verdict:
        return verdict
    if organization_id is not None and organization_id not in organization_ids(actor.id, clock.now()):
        return refused(_l("For an organization, those who belong to it say what they call it."))
    return ALLOWED


def may_unname_term(actor: Viewer, name: TermName) -> Verdict:
    if actor.is_authenticated and actor.suspended:
        return _SUSPENDED
    if name.added_by_id == actor.id or approves_by(actor, domain_ids_of(name.article_id)):
        return ALLOWED
    return refused(_l("Who added a word, or a curator, takes it away."))


def may_decline_request(actor: Viewer, request: Contribution) -> Verdict:
    if actor.suspended:
        return _SUSPENDED
    if request.author_id == actor.id or approves_by(actor, domain_ids_of(request.id)) or curates_well(actor):
        return ALLOWED
    return refused(
        _l(
            "Who asked, or a curator, closes a request without an article, or a member whose reviews were nearly all"
            " borne out."
        )
    )


def tends(actor: Viewer, article: Article) -> bool:
    """Say whether an article is the actor's to look after: as its owner, its deputy, or as who approves there."""
    return actor.id in {article.owner_id, article.deputy_id} or bool(
        approves_by(actor, domain_ids_of(article.id))
    )


def may_link(actor: Viewer, article: Article, thing: Contribution) -> Verdict:
    """Say whether the actor may note which threads ask what an article answers."""
    verdict = may_propose(actor, thing)
    if not verdict or tends(actor, article) or curates_well(actor):
        return verdict
    return refused(
        _l(
            "Its owner, its deputy or a curator notes which threads ask the same, or a member whose reviews were nearly"
            " all borne out."
        )
    )


def may_settle(actor: Viewer, article: Article, note: Contribution) -> Verdict:
    """Say whether the actor may say that a comment on a passage is dealt with, or is not."""
    verdict = may_propose(actor, note)
    if not verdict or note.author_id == actor.id or tends(actor, article):
        return verdict
    return refused(_l("Who wrote it, the article's owner or deputy, or a curator settles a comment."))


def may_see_broken_links(actor: Viewer) -> Verdict:
    """Those who can have them mended: curators of the site or of a domain, and moderators."""
    now = clock.now()
    if any(holds(actor.id, role, now) for role in ("curator", "moderator")) or approving_domains(
        actor.id, now
    ):
        return ALLOWED
    if curates_well(actor):
        return ALLOWED
    return refused(
        _l("Curators and moderators see this, and members whose reviews were nearly all borne out.")
    )
