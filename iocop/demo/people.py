"""Who is in the demo community: organizations, members and their working lives, drawn from community.toml. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

SOURCE = Path(__file__).with_name("community.toml")
YEAR = timedelta(days=365, hours=6)
SILENT, NEWCOMERS, MOVERS = 49, 20, 6
"""Members who only read, who came within two months, and who changed employer besides the named ones."""

COUNTRY_ZONES = {
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "PT": "Europe/Lisbon",
    "CA": "America/Toronto",
    "NZ": "Pacific/Auckland",
}
COUNTRY_LANGUAGES = {"IE": ["en"], "DE": ["de", "en"], "PT": ["pt", "en"], "CA": ["en", "fr"], "NZ": ["en"]}
TITLES = {
    "vendor": ("Application engineer", "Product trainer", "Firmware engineer", "Technical support"),
    "academic": ("Lecturer", "Laboratory technician", "Research engineer", "Energy manager"),
    "public": ("Building services engineer", "Plant operator", "Energy officer", "Project engineer"),
    "third": ("Maintenance technician", "Asset manager", "Energy adviser"),
}
TRADE = (
    "Commissioning engineer", "Commissioning technician", "Controls engineer", "Project manager",
    "Air balancing technician", "Refrigeration technician", "Service engineer",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """Working for an organization from one day until another; *until* is the first day it no longer held."""

    organization: str
    title: str
    since: date
    until: date | None = None
    verified: bool = False


@dataclass(frozen=True)
class Person:
    """A member; *weight* says how much they write beside others: 0 for who only reads."""

    handle: str
    name: str
    country: str
    languages: tuple[str, ...]
    time_zone: str
    domains: tuple[str, ...]
    about: str
    joined: date
    jobs: tuple[Job, ...]
    weight: float
    named: bool = False
    newcomer: bool = False

    def job(self, day: date) -> Job | None:
        """Return the job held on a day."""
        held = (job for job in self.jobs if job.since <= day and (job.until is None or day < job.until))
        return next(held, None)

    def organization(self, day: date) -> str | None:
        job = self.job(day)
        return job.organization if job else None


@dataclass(frozen=True)
class Community:
    """The source file and the people drawn from it, founders first."""

    source: Mapping[str, Any]
    people: Sequence[Person]
    founded: date

    @property
    def organizations(self) -> dict[str, Mapping[str, Any]]:
        return {each["slug"]: each for each in self.source["organization"]}

    @property
    def by_handle(self) -> dict[str, Person]:
        return {person.handle: person for person in self.people}


def gather(rng: Random, today: date, first_posts: Mapping[str, date]) -> Community:
    """Draw the community as it stands today.

    Args:
        first_posts: the day each named person first writes; they joined before.
    """
    source = tomllib.loads(SOURCE.read_text("utf-8"))
    founded = today - source["site"]["founded_years_ago"] * YEAR
    named = [_named(rng, source, each, today, founded, first_posts) for each in source["person"]]
    others = _others(rng, source, today, founded, named)
    return Community(source, _weighted(rng, [*named, *others]), founded)


def crowd(rng: Random, community: Community, count: int, today: date) -> Community:
    """Return the community with so many generated members more, spread over its organizations."""
    source = community.source
    faces = names(rng, source, set(community.by_handle))
    places = rng.choices(
        source["organization"], [each["members"] for each in source["organization"]], k=count
    )
    more = []
    for place in places:
        joined = max(community.founded, today - timedelta(days=round(2400 * rng.random())))
        more.append(_other(rng, source, place, joined, next(faces[place["country"]]), newcomer=False))
    return replace(community, people=[*community.people, *more])


def _named(
    rng: Random, source: Mapping[str, Any], given: Mapping[str, Any], today: date, founded: date,
    first_posts: Mapping[str, date],
) -> Person:  # fmt: skip
    latest = first_posts.get(given["handle"], today - YEAR) - timedelta(days=3)
    joined = max(founded, latest - timedelta(days=rng.randint(2, 200)))
    organization = given.get("organization")
    if organization is None:  # the one between jobs: the last one ended this summer
        jobs: tuple[Job, ...] = (
            Job(
                "wendelstrom",
                "Commissioning engineer",
                joined - YEAR,
                today - timedelta(days=150),
                verified=True,
            ),
        )
    else:
        jobs = _history(rng, given, joined, today)
    return Person(
        handle=given["handle"], name=given["name"], country=_country(source, jobs[-1].organization),
        languages=tuple(given["languages"]), time_zone=given["time_zone"], domains=tuple(given["domains"]),
        about=given["about"], joined=joined, jobs=jobs, weight=1.0, named=True,
    )  # fmt: skip


def _history(rng: Random, given: Mapping[str, Any], joined: date, today: date) -> tuple[Job, ...]:
    past = [
        Job(
            each["organization"],
            given["role"],
            min(today - each["from_years_ago"] * YEAR, joined) - timedelta(days=90),
            today - each["to_years_ago"] * YEAR,
            verified=True,
        )
        for each in given.get("history", ())
    ]
    start = past[-1].until if past else joined - timedelta(days=rng.randint(100, 3000))
    return (*past, Job(given["organization"], given["role"], start or joined, verified=rng.random() < 0.85))


def _country(source: Mapping[str, Any], organization: str) -> str:
    return next(str(each["country"]) for each in source["organization"] if each["slug"] == organization)


def _others(
    rng: Random, source: Mapping[str, Any], today: date, founded: date, named: Sequence[Person]
) -> list[Person]:
    places = [
        each
        for each in source["organization"]
        for _ in range(each["members"] - sum(_works_at(person, each["slug"]) for person in named))
    ]
    rng.shuffle(places)
    faces = names(rng, source, {person.handle for person in named})
    people = []
    for number, place in enumerate(places):
        newcomer = number < NEWCOMERS
        age = rng.randint(1, 60) if newcomer else round(90 + 2300 * rng.random() ** 1.4)
        joined = max(founded, today - timedelta(days=age))
        people.append(_other(rng, source, place, joined, next(faces[place["country"]]), newcomer=newcomer))
    return _moved(rng, people, today)


def _works_at(person: Person, organization: str) -> bool:
    return person.jobs[-1].until is None and person.jobs[-1].organization == organization


def _other(
    rng: Random, source: Mapping[str, Any], place: Mapping[str, Any], joined: date, face: tuple[str, str],
    *, newcomer: bool,
) -> Person:  # fmt: skip
    handle, name = face
    country = place["country"]
    since = joined - timedelta(days=rng.randint(30, 3500))
    job = Job(place["slug"], rng.choice(TITLES.get(place["type"], TRADE)), since, verified=rng.random() < 0.6)
    domains = rng.sample([each["slug"] for each in source["domain"]], rng.randint(0 if newcomer else 1, 3))
    return Person(
        handle=handle, name=name, country=country, languages=tuple(COUNTRY_LANGUAGES[country]),
        time_zone=COUNTRY_ZONES[country], domains=tuple(domains), about="", joined=joined, jobs=(job,), weight=1.0,
        newcomer=newcomer,
    )  # fmt: skip


def names(rng: Random, source: Mapping[str, Any], taken: set[str]) -> dict[str, Iterator[tuple[str, str]]]:
    """Return, by country, handles and names that nobody has yet; a thousand or more of each."""

    def faces(given: Sequence[str], family: Sequence[str]) -> Iterator[tuple[str, str]]:
        pairs = [(first, last) for first in given for last in family]
        rng.shuffle(pairs)
        for first, last in pairs:
            handle = ".".join(filter(None, (folded(first), folded(last))))
            if handle not in taken:
                taken.add(handle)
                yield handle, f"{first} {last}"

    return {country: faces(lists["given"], lists["family"]) for country, lists in source["names"].items()}


def folded(name: str) -> str:
    """Return a name in plain small letters, as handles have it."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o"))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z]", "", plain.lower())


def _moved(rng: Random, people: list[Person], today: date) -> list[Person]:
    """Give some an earlier employer: two came from Saurel when Norrvale took it over."""
    grown = [each for each in people if not each.newcomer and (today - each.joined) > 3 * YEAR]
    heirs = [each for each in grown if each.jobs[0].organization == "norrvale"][:2]
    rest = [
        each for each in grown if each not in heirs and each.jobs[0].organization not in {"saurel", "valvora"}
    ]
    before = {each.handle: "saurel" for each in heirs}
    for each in rest[: MOVERS - len(heirs)]:
        homes = sorted({other.jobs[0].organization for other in people if other.country == each.country})
        before[each.handle] = rng.choice(
            [home for home in homes if home not in {each.jobs[0].organization, "boateng"}]
        )
    return [
        _with_past(rng, each, before[each.handle], today) if each.handle in before else each
        for each in people
    ]


def _with_past(rng: Random, person: Person, organization: str, today: date) -> Person:
    now = person.jobs[0]
    day = date(2023, 7, 1) if organization == "saurel" else today - timedelta(days=rng.randint(200, 900))
    past = Job(organization, now.title, min(now.since, person.joined - YEAR), day, verified=True)
    return replace(person, jobs=(past, replace(now, since=day)))


def _weighted(rng: Random, people: list[Person]) -> list[Person]:
    """Give each how much they write: by Zipf's law over a drawn order, named people and newcomers apart."""
    usual = [each.handle for each in people if not each.named and not each.newcomer]
    silent = set(rng.sample(usual, SILENT))
    writers = [each.handle for each in people if each.handle not in silent and not each.newcomer]
    rng.shuffle(writers)
    ranks = {handle: rank for rank, handle in enumerate(writers, 1)}
    weight = {handle: (20 / (rank + 4)) for handle, rank in ranks.items()}
    return [
        replace(
            each,
            weight=0.5 if each.newcomer else weight.get(each.handle, 0.0) * (2.0 if each.named else 1.0),
        )
        for each in people
    ]
