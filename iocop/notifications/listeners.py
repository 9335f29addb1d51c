"""What happens below becomes notices. Each key names the happening, so that nothing is told twice."""

from __future__ import annotations

from sqlalchemy import select, update

from iocop.contributions.events import Contributed, LabelChanged, Mentioned, StateChanged
from iocop.contributions.labels import freer
from iocop.contributions.models import Contribution
from iocop.contributions.queries import label_changes
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import after, within
from iocop.forums.events import AnswerAccepted, TopicsMerged
from iocop.forums.models import Topic
from iocop.members.events import ClaimDeclined, MemberClaimed
from iocop.members.models import Claim, Member
from iocop.moderation.events import PostHeld, Ruled
from iocop.moderation.models import Report, Ruling
from iocop.notifications import queries, services
from iocop.notifications.models import Notice
from iocop.notifications.news import News
from iocop.notifications.words import suspension
from iocop.repertoire.events import (
    ArticlePublished,
    ArticleRetired,
    ArticleStale,
    ProposalReviewed,
    ProposalWidened,
    RequestClosed,
    ReviewDue,
)
from iocop.repertoire.models import Article, ArticleRequest, Proposal, Review
from iocop.repertoire.queries.lineage import distilled_authors
from iocop.repertoire.queries.neighbourhood import curators_of, deciding_domains
from iocop.repertoire.queries.requests import wanted_by
from iocop.repertoire.queries.standing import authors_of
from iocop.roles.events import OfficeSuspended, RoleEnded, RoleGranted
from iocop.roles.models import RoleGrant
from iocop.spaces.events import SpaceAccessEnded
from iocop.spaces.models import Space
from iocop.spaces.queries import readers_among

LONGEST_WORDS = 500
"""Characters of a reason that a notice holds; all of it stands beside the suggestion."""


@after(Contributed, Mentioned, StateChanged)
def tell_of_post(happened: Contributed | Mentioned | StateChanged) -> None:
    """Tell who asked, who was replied to, who is named and who follows; of a held post, only once it is released."""
    if isinstance(happened, StateChanged) and (happened.old, happened.new) != ("held", "visible"):
        return
    post = queries.post(happened.contribution_id)
    if not post.is_shown:
        return
    news = News(f"posted:{post.id}", actor_id=post.author_id, contribution_id=post.id, root_id=post.root_id)
    if isinstance(happened, Mentioned):
        pairs = [(member_id, "mention") for member_id in happened.member_ids]
    else:
        by = post.created_at if isinstance(happened, Contributed) else None
        pairs = _receivers(post, queries.followers(post.root_id, by))
    services.tell(news, who_may_read(post, pairs))


def _receivers(post: queries.Post, followers: list[int]) -> list[tuple[int, str]]:
    """Return who is told and what it is to them, the nearest first; nobody follows a post that opens a topic yet."""
    named = [(member_id, "mention") for member_id in queries.named_in(post.id)]
    if post.id == post.root_id:
        return named
    kind = "answer" if post.kind == "answer" else "reply"
    nearest = post.root_author_id if kind == "answer" else post.parent_author_id
    return [(nearest, kind), *named, *((member_id, kind) for member_id in followers)]


def who_may_read(post: queries.Post, pairs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out who has muted the topic and who may not be in its space."""
    muted = queries.muted_by(post.root_id)
    wanted = dict.fromkeys(member_id for member_id, _kind in pairs if member_id not in muted)
    readers = readers_among(list(wanted), post.space_id)
    return [pair for pair in pairs if pair[0] in readers]


@after(AnswerAccepted)
def tell_of_acceptance(happened: AnswerAccepted) -> None:
    """Tell an answer's author, unless the acceptance was withdrawn meanwhile."""
    post = queries.post(happened.post_id)
    accepted_id = db.session.scalar(select(Topic.accepted_id).where(Topic.id == happened.topic_id))
    if accepted_id == post.id and post.is_shown:
        news = News(
            f"accepted:{post.id}", actor_id=happened.actor_id, contribution_id=post.id, root_id=post.root_id
        )
        services.tell(news, who_may_read(post, [(post.author_id, "acceptance")]))


@within(TopicsMerged)
def follow_the_posts(happened: TopicsMerged) -> None:
    """What tells of a merged topic's posts is read where they stand now."""
    with act() as session:
        session.execute(
            update(Notice)
            .where(Notice.root_id == happened.topic_id)
            .values(root_id=happened.into_id)
            .execution_options(synchronize_session=False)
        )


@after(PostHeld)
def tell_of_holding(happened: PostHeld) -> None:
    """Tell an author that a post waits, if it still does."""
    report = db.session.get_one(Report, happened.report_id)
    if report.ruling_id is None:
        _tell_author(f"held:{report.id}", happened.contribution_id, "held", "")


@after(Ruled)
def tell_of_ruling(happened: Ruled) -> None:
    """Tell the author, or the suspended member, what was decided and why; that a report led to nothing, nobody."""
    ruling = db.session.get_one(Ruling, happened.ruling_id)
    key = f"ruled:{ruling.id}"
    if ruling.member_id is not None:
        locale = db.session.scalar(select(Member.locale).where(Member.id == ruling.member_id))
        said = suspension(ruling.reason, ruling.until, locale)
        news = News(key, matter=ruling.kind, words=said, mailed=False)  # `members` sends the mail
        services.tell(news, [(ruling.member_id, "moderation")])
    elif ruling.contribution_id is not None and ruling.kind != "dismiss":
        _tell_author(key, ruling.contribution_id, ruling.kind, ruling.reason)


def _tell_author(key: str, contribution_id: int, matter: str, words: str) -> None:
    thing = db.session.get_one(Contribution, contribution_id)
    news = News(key, contribution_id=thing.id, root_id=thing.root_id, matter=matter, words=words)
    services.tell(news, [(thing.author_id, "moderation")])


@within(SpaceAccessEnded)
def tell_of_closed_space(happened: SpaceAccessEnded) -> None:
    """Name the space and why, in the very act that closed it: it may close again, and that is told again."""
    by_somebody_else = happened.actor_id not in {None, happened.member_id}
    news = News(
        f"space:{happened.space_id}:{clock.now().isoformat()}",
        matter="grant" if by_somebody_else else "affiliation",
        words=db.session.get_one(Space, happened.space_id).name,
    )
    services.tell(news, [(happened.member_id, "space")])


@after(RoleGranted, RoleEnded)
def tell_of_office(happened: RoleGranted | RoleEnded) -> None:
    grant = db.session.get_one(RoleGrant, happened.grant_id)
    began = isinstance(happened, RoleGranted)
    news = News(
        f"office:{grant.id}" if began else f"office-ended:{grant.id}",
        matter="office" if began else "office_ended", words=grant.role,
    )  # fmt: skip
    services.tell(news, [(happened.member_id, "account")])


@after(OfficeSuspended)
def tell_of_suspended_office(happened: OfficeSuspended) -> None:
    grant = db.session.get_one(RoleGrant, happened.grant_id)
    news = News(f"office-suspended:{grant.id}", matter="office_suspended", words=grant.role)
    services.tell(news, [(happened.member_id, "account")])


@after(MemberClaimed)
def tell_of_claim(happened: MemberClaimed) -> None:
    name = db.session.get_one(Member, happened.imported_id).name
    news = News(f"claimed:{happened.imported_id}", matter="claimed", words=name, mailed=False)
    services.tell(news, [(happened.member_id, "account")])


@after(ClaimDeclined)
def tell_of_declined_claim(happened: ClaimDeclined) -> None:
    claim = db.session.get_one(Claim, happened.claim_id)
    name = db.session.get_one(Member, claim.imported_id).name
    news = News(f"claim:{claim.id}", matter="declined", words=name, mailed=False)
    services.tell(news, [(claim.member_id, "account")])


@after(ProposalReviewed)
def tell_of_review(happened: ProposalReviewed) -> None:
    """Tell an author what a reviewer said, unless it was overtaken; who steps aside says so to the other reviewers."""
    review = db.session.get_one(Review, happened.review_id)
    proposal = db.session.get_one(Proposal, happened.proposal_id)
    waits_on = {"approve": "waiting", "changes": "changes", "decline": "declined"}
    if waits_on.get(review.verdict) != proposal.status or review.round != proposal.round:
        return
    post = queries.post(proposal.id)
    matter, words = review.verdict, review.reason[:LONGEST_WORDS]
    if matter == "approve":
        words = queries.organization_of(review)
        matter = "approve" if words else "approve_one"
    news = News(
        f"reviewed:{review.id}", actor_id=review.reviewer_id, contribution_id=post.id, root_id=post.id,
        matter=matter, words=words,
    )  # fmt: skip
    services.tell(news, who_may_read(post, [(post.author_id, "suggestion")]))


@after(ArticlePublished, ArticleRetired)
def tell_of_publication(happened: ArticlePublished | ArticleRetired) -> None:
    """Tell who suggested it; of a new text of an article, who follows that."""
    proposal = db.session.get_one(Proposal, happened.proposal_id)
    post, article = queries.post(proposal.id), queries.post(happened.article_id)
    matter = "published" if proposal.act in {"new", "edit"} else "done"
    news = News(f"published:{proposal.id}", contribution_id=post.id, root_id=post.id, matter=matter)
    services.tell(news, who_may_read(post, [(post.author_id, "suggestion")]))
    if proposal.act != "edit" or not article.is_shown:
        return
    followers = [
        key for key in queries.followers(article.id) if key not in {post.author_id, happened.actor_id}
    ]
    news = News(f"text:{proposal.id}", contribution_id=article.id, root_id=article.id, matter="published")
    services.tell(news, who_may_read(article, [(key, "article") for key in followers]))


@after(ArticlePublished)
def tell_of_distillation(happened: ArticlePublished) -> None:
    """Tell those whose posts became part of an article; who made them into it knows."""
    article, maker = queries.post(happened.article_id), queries.post(happened.proposal_id).author_id
    if not article.is_shown:
        return
    authors = [key for key in distilled_authors(happened.proposal_id) if key != maker]
    news = News(
        f"distilled:{happened.proposal_id}",
        contribution_id=article.id,
        root_id=article.id,
        matter="published",
    )
    services.tell(news, who_may_read(article, [(key, "distilled") for key in authors]))


@after(RequestClosed)
def tell_of_request(happened: RequestClosed) -> None:
    """Tell everybody who wanted it that it is written, or why it will not be."""
    request = db.session.get_one(ArticleRequest, happened.request_id)
    written = happened.article_id is not None
    post = queries.post(happened.article_id if happened.article_id is not None else request.id)
    if not post.is_shown:
        return
    wanted = [key for key in wanted_by(request.id) if key != happened.actor_id]
    news = News(
        f"request:{request.id}", contribution_id=post.id, root_id=post.id,
        matter="asked" if written else "unwritten", words=request.closed_reason[:LONGEST_WORDS],
    )  # fmt: skip
    services.tell(news, who_may_read(post, [(key, "article") for key in wanted]))


@after(ReviewDue)
def tell_of_due_review(happened: ReviewDue) -> None:
    """Tell an owner, or a deputy, that an article's time runs out."""
    article = db.session.get_one(Article, happened.article_id)
    key = f"due:{article.id}:{article.review_by.date().isoformat()}:{happened.keeper}"
    _tell_keepers(key, article, happened.keeper, [happened.member_id])


@after(ArticleStale)
def tell_of_stale_article(happened: ArticleStale) -> None:
    """Tell owner and deputy that nobody confirmed it, or that somebody denies it; not once it holds again."""
    article = db.session.get_one(Article, happened.article_id)
    if article.retired_at is None and article.review_by <= clock.now():
        matter = "stale" if happened.actor_id is None else "outdated"
        keepers = [key for key in (article.owner_id, article.deputy_id) if key is not None]
        key = f"stale:{article.id}:{article.review_by.isoformat()}"
        _tell_keepers(key, article, matter, keepers)


@after(LabelChanged)
def tell_of_narrowed_articles(happened: LabelChanged) -> None:
    """Tell who keeps an article that became stricter, mostly because a post whose words it holds did."""
    articles = select(Article).where(Article.id.in_(happened.contribution_ids)).order_by(Article.id)
    for article in db.session.scalars(articles).all():
        move = label_changes(article.id)[0]
        if freer(move.old_label, move.new_label):
            keepers = [
                key for key in (article.owner_id, article.deputy_id) if key not in {None, move.actor_id}
            ]
            _tell_keepers(f"narrowed:{move.id}", article, "narrowed", keepers)


def _tell_keepers(key: str, article: Article, matter: str, member_ids: list[int]) -> None:
    post = queries.post(article.id)
    news = News(key, contribution_id=post.id, root_id=post.id, matter=matter)
    if post.is_shown:
        services.tell(news, who_may_read(post, [(member_id, "keeping") for member_id in member_ids]))


@after(ProposalWidened)
def tell_of_offer(happened: ProposalWidened) -> None:
    """Tell the curators of neighbouring domains, and those of the site, that something has waited long."""
    proposal = db.session.get_one(Proposal, happened.proposal_id)
    post = queries.post(proposal.id)
    if proposal.status != "waiting" or not post.is_shown:
        return
    curators = [key for key in curators_of(deciding_domains(proposal)) if key not in authors_of(proposal.id)]
    news = News(f"widened:{proposal.id}", contribution_id=post.id, root_id=post.id, matter="widened")
    services.tell(news, who_may_read(post, [(key, "reviewing") for key in curators]))
