"""Everything a demo community has before the first word is said: organizations, people, domains, spaces, offices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.site import change_site
from iocop.core.text.render import render_many
from iocop.demo import personas
from iocop.demo.places import SPACES, WING, WING_ORGANIZATIONS
from iocop.domains.models import Domain, MemberDomain, Tag
from iocop.domains.services import ensure_tags
from iocop.domains.slugs import tag_slug
from iocop.members.models import Member
from iocop.organizations.models import (
    Affiliation,
    MailDomain,
    Offer,
    Organization,
    OrganizationAlias,
    OrganizationContact,
    OrganizationRelation,
)
from iocop.organizations.queries import Stamp
from iocop.organizations.services import refresh_card
from iocop.roles.models import Decision, RoleGrant
from iocop.roles.services import found_site
from iocop.spaces.models import Space, SpaceGrant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from iocop.demo.people import Community, Job, Person

YEAR = timedelta(days=365)


@dataclass
class Settlement:
    """The keys of what was written, by the names the texts use."""

    community: Community
    today: date
    organizations: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    jobs: dict[tuple[str, str], int] = field(default_factory=dict)
    """By handle and organization: the affiliation that stood while it lasted."""
    domains: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    spaces: dict[str, int] = field(default_factory=dict)

    def stamp(self, handle: str, at: datetime) -> Stamp:
        """Return a member's organization at a moment, as a contribution keeps it."""
        job = self.community.by_handle[handle].job(at.date())
        if job is None:
            return Stamp()
        organization = self.organizations[job.organization]
        evidence = "email" if job.verified else "self"
        return Stamp(self.jobs[handle, job.organization], organization, organization, evidence)


def settle(session: Session, community: Community, today: date, tags: Iterable[str]) -> Settlement:
    """Write the community in the current act."""
    done = Settlement(community, today)
    site = community.source["site"]
    change_site(name=site["name"], tagline=site["tagline"], demo=True)
    _organizations(session, done)
    _people(session, done)
    _affiliations(session, done)
    _domains(session, done, tags)
    _spaces(session, done)
    _offices(session, done)
    _contact(session, done)
    for key in done.members.values():
        refresh_card(key)
    return done


def at_noon(day: date) -> datetime:
    """Return a day's noon, in UTC, but never a moment to come."""
    return min(datetime.combine(day, time(12), UTC), clock.now())


def _organizations(session: Session, done: Settlement) -> None:
    founded = at_noon(done.community.founded)
    rows = {}
    for slug, given in done.community.organizations.items():
        usual = {name: given[name] for name in ("type", "size_band", "industry", "country", "city")}
        rows[slug] = Organization(slug=slug, name=given["legal_name"], created_at=founded, **usual)
    session.add_all(rows.values())
    session.flush()
    done.organizations = {slug: row.id for slug, row in rows.items()}
    for slug, given in done.community.organizations.items():
        session.add_all(_belongings(done.organizations[slug], given, founded))
    session.add_all(_relation(done, given) for given in done.community.source["relation"])


def _belongings(key: int, given: Mapping[str, Any], at: datetime) -> Iterable[Any]:
    yield MailDomain(organization_id=key, domain=given["mail_domain"], verified_by="admin", verified_at=at)
    for name in given["aliases"]:
        yield OrganizationAlias(organization_id=key, name=name)
    for name in given.get("products", ()):
        yield Offer(organization_id=key, kind="product", name=name)


def _relation(done: Settlement, given: Mapping[str, Any]) -> OrganizationRelation:
    since, until = given.get("since_year"), given.get("until_year")
    return OrganizationRelation(
        a_id=done.organizations[given["from"]],
        b_id=done.organizations[given["to"]],
        kind=given["kind"],
        valid_from=date(since, 7, 1) if since else done.community.founded,
        valid_to=date(until, 7, 1) if until else None,
    )


def _people(session: Session, done: Settlement) -> None:
    in_order = sorted(done.community.people, key=lambda person: (person.joined, person.handle))
    abouts = dict(
        zip((each.handle for each in in_order), render_many(each.about for each in in_order), strict=True)
    )
    rows = {
        person.handle: Member(
            number=number, handle=person.handle, name=person.name, email=_address(done, person),
            joined_at=at_noon(person.joined), reviewed_at=at_noon(max(person.joined, done.today - YEAR / 2)),
            about=person.about, about_html=abouts[person.handle].html, country=person.country,
            languages=list(person.languages), time_zone=person.time_zone,
        )
        for number, person in enumerate(in_order, 1)
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    done.members = {handle: row.id for handle, row in rows.items()}


def _address(done: Settlement, person: Person) -> str:
    job = person.job(done.today)
    domain = done.community.organizations[job.organization]["mail_domain"] if job else "post.example"
    return f"{person.handle}@{domain}"


def _affiliations(session: Session, done: Settlement) -> None:
    """Write working lives as they were recorded: a job that ended was first recorded as open."""
    for person in done.community.people:
        for job in person.jobs:
            recorded = at_noon(max(person.joined, job.since))
            ended = at_noon(job.until) if job.until else None
            row = _affiliation(done, person, job, valid_to=None, recorded_at=recorded, superseded_at=ended)
            session.add(row)
            session.flush()
            row.line = row.id
            done.jobs[person.handle, job.organization] = row.id
            if ended:
                after = _affiliation(
                    done, person, job, valid_to=job.until, recorded_at=ended, closed_at=ended, line=row.id
                )
                session.add(after)


def _affiliation(done: Settlement, person: Person, job: Job, **given: Any) -> Affiliation:
    proof: dict[str, Any] = {}
    if job.verified:
        again = (sum(map(ord, person.handle)) * 7) % 330  # days ago, the same in every demo
        at = at_noon(max(done.today - timedelta(days=again), job.since, person.joined))
        if job.until:
            at = at_noon(max(job.since, person.joined))
        domain = done.community.organizations[job.organization]["mail_domain"]
        proof = {"evidence": "email", "verified_at": at, "verified_domain": domain, "expires_at": at + YEAR}
    usual = {
        "line": 0, "member_id": done.members[person.handle], "organization_id": done.organizations[job.organization],
        "title": job.title, "valid_from": job.since,
    }  # fmt: skip
    return Affiliation(**usual | proof | given)


def _domains(session: Session, done: Settlement, tags: Iterable[str]) -> None:
    given = done.community.source["domain"]
    charters = render_many(each["charter"] for each in given)
    rows = {}
    for position, (each, charter) in enumerate(zip(given, charters, strict=True)):
        owner = next(person for person in done.community.people if each["slug"] in person.domains)
        written = at_noon(done.today - timedelta(days=30 * position + 20))
        rows[each["slug"]] = Domain(
            slug=each["slug"], name=each["name"], summary=each["summary"], position=position,
            charter=each["charter"], charter_html=charter.html, learning_questions=each["learning_questions"],
            charter_owner_id=done.members[owner.handle], charter_at=written,
        )  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    done.domains = {slug: row.id for slug, row in rows.items()}
    _tags(session, done, tags)
    for person in done.community.people:
        member_id = done.members[person.handle]
        session.add_all(
            MemberDomain(member_id=member_id, domain_id=done.domains[slug]) for slug in person.domains
        )


def _tags(session: Session, done: Settlement, tags: Iterable[str]) -> None:
    words = list(dict.fromkeys(tags))
    done.tags = {tag.slug: tag.id for tag in ensure_tags(words)}
    for domain in done.community.source["domain"]:
        for position, topic in enumerate(domain["topics"]):
            slug = tag_slug(topic)
            tag = session.get(Tag, done.tags.get(slug, 0)) or Tag(slug=slug)
            tag.domain_id, tag.sub_topic, tag.position = done.domains[domain["slug"]], True, position
            session.add(tag)
    session.flush()


def _spaces(session: Session, done: Settlement) -> None:
    founded = at_noon(done.community.founded)
    for slug, name, about, audience in SPACES:
        space = Space(slug=slug, name=name, about=about, audience=audience, created_at=founded)
        session.add(space)
        session.flush()
        done.spaces[slug] = space.id
    session.add_all(
        SpaceGrant(space_id=done.spaces[WING], organization_id=done.organizations[slug], granted_at=founded)
        for slug in WING_ORGANIZATIONS
    )


def _offices(session: Session, done: Settlement) -> None:
    """Enter who holds which office: the first by the founding decision, the others by the board's and the members'.

    The board's own come from the election that `electing` holds.
    """
    founding = session.get_one(Decision, found_site())
    founding.decided_on = done.community.founded
    polling = _decision(
        session, done, "Members", 500, "Three returning officers are named, of three organizations."
    )
    appointed = _decision(session, done, "Board", 350, "Moderators are appointed.")
    curating = _decision(session, done, "Board", 1100, "The repertoire gets curators of four organizations.")
    kept = _decision(session, done, "Board", 345, "The administrator is confirmed.")
    offices = [
        *((handle, "returning_officer", polling, 500) for handle in personas.OFFICERS),
        *((handle, "moderator", appointed, 350) for handle in personas.MODERATORS),
        *((handle, "curator", curating, 1100) for handle in personas.CURATORS),
        (personas.ADMINISTRATOR, "administrator", kept, 345),
    ]
    for handle, role, decision, days in offices:
        member = session.get_one(Member, done.members[handle])
        member.roles = [*member.roles, role]
        since = at_noon(done.today - timedelta(days=days))
        session.add(RoleGrant(member_id=member.id, role=role, decision_id=decision.id, valid_from=since))
    session.flush()


def _contact(session: Session, done: Settlement) -> None:
    """Let the member speak for her employer, so that a visitor can list what nobody can read."""
    named = {
        "named_at": at_noon(done.today - timedelta(days=60)),
        "named_by_id": done.members[personas.ADMINISTRATOR],
    }
    job = done.community.by_handle[personas.MEMBER].job(done.today)
    if job is not None and job.verified:
        key = done.organizations[job.organization]
        session.add(
            OrganizationContact(organization_id=key, member_id=done.members[personas.MEMBER], **named)
        )


def _decision(session: Session, done: Settlement, body: str, days_ago: int, text: str) -> Decision:
    day = done.today - timedelta(days=days_ago)
    decision = Decision(body=body, decided_on=day, text=text, recorded_at=at_noon(day))
    session.add(decision)
    session.flush()
    return decision
