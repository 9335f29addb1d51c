"""Write the repertoire as a folder, and bring such a folder in: nothing is lost either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.domains.models import Domain
from iocop.imports.batches import batches
from iocop.imports.folders.around import AROUND, bring, names_in
from iocop.imports.folders.attachments import contents
from iocop.imports.folders.files import moment, read_list, write_bytes, write_list, write_text
from iocop.imports.folders.fitting import odd_field
from iocop.imports.folders.gathering import Gatherer
from iocop.imports.folders.keys import PERSON
from iocop.imports.folders.loading import (
    ARTICLE,
    REQUEST,
    REVISION,
    STAGE,
    SUGGESTION,
    TALK,
    THREAD,
    Loader,
    filed,
)
from iocop.imports.folders.pages import Listed, names_of, write_article, write_lists
from iocop.imports.people import NOBODY, Person, write_people
from iocop.imports.places import ensure_domains
from iocop.imports.runs import Run, alone, fingerprint_of, open_run
from iocop.imports.services import Outcome
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.words import N_
from iocop.members.models import Member
from iocop.organizations.models import MemberCard, Organization

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gathered
    from iocop.imports.folders.loading import Filed
    from iocop.imports.services import Watch

BATCH = 50


def export_repertoire(folder: Path, label: str) -> int:
    """Write all articles that may be carried that far, with a page for each; return how many.

    What waits for review, what the repertoire is asked for, and the posts whose words it holds go along.

    Args:
        label: ``public``, ``take-home`` or ``members``: the strictest that is taken along.

    Raises:
        Conflict: the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_l("The folder holds something already: name an empty one."))
    gatherer = Gatherer(label)
    listed = []
    for article in gatherer.articles():
        _write(folder, ARTICLE, article)
        listed.append(Listed(article))
    for part, roots in (
        (SUGGESTION, gatherer.suggestions()),
        (REQUEST, gatherer.requests()),
        (THREAD, gatherer.threads()),
    ):
        for root in roots:
            _write(folder, part, root)
    names = names_of(listed)
    for article in gatherer.articles():
        write_article(folder / "site", article, names, gatherer.people)
    folder.mkdir(parents=True, exist_ok=True)
    write_lists(folder / "site", listed, gatherer.domains)
    write_list(folder / "people.yaml", [row for _key, row in sorted(gatherer.people.items())])
    write_list(folder / "organizations.yaml", [row for _key, row in sorted(gatherer.organizations.items())])
    write_list(folder / "domains.yaml", [row for _key, row in sorted(gatherer.domains.items())])
    return len(listed)


def _write(folder: Path, part: str, found: Gathered) -> None:
    write_text(folder / part / f"{found.name}.md", found.head, found.text)
    for beside, turns, place in (REVISION, found.history, "number"), (TALK, found.talk, "position"):
        for head, text in turns:
            write_text(folder / beside / found.name / f"{head[place]:05}.md", head, text)
    for path, content in contents(found.files):
        write_bytes(folder / path, content)


def import_repertoire(folder: Path, source: str, watch: Watch) -> Outcome:
    """Bring a folder in; articles that stand here already stay as they are.

    Args:
        source: what its people are known by here.

    Raises:
        BrokenDump: a file cannot be read; nothing was written.
        Conflict: another import of this source is under way.
    """
    if not (folder / ARTICLE).is_dir():
        raise BrokenDump(folder.name, None, N_("There is no folder of articles in it."))
    names = names_in(folder, ARTICLE)
    around = {part: names_in(folder, part) for part in AROUND}
    with alone(source):
        counts = _surveyed(folder, names, around, watch)
        run = open_run(source, fingerprint_of(sorted(folder.rglob("*.md"))))
        for part, count in counts.items():
            run.report.of(part).read = count
        watch.writing(len(names))
        _people(run, folder)
        loader = Loader(run, folder)
        bring(loader, THREAD, around[THREAD])
        for start, some in _batches(names, run.cursor(STAGE) or 0):
            loader.load([filed(folder, name) for name in some], start + len(some))
            watch.wrote(len(some))
        with act():
            loader.join(names)
            run.keep(STAGE, len(names), done=True)
        for part in (REQUEST, SUGGESTION):
            bring(loader, part, around[part])
        run.finish()
    return Outcome(run.report, run.start)


def _surveyed(
    folder: Path, names: Sequence[str], around: Mapping[str, Sequence[str]], watch: Watch
) -> dict[str, int]:
    """Read everything once, so that a broken file is found before anything is written; return how much there is."""
    watch.reading(len(names))
    revisions = said = 0
    people = {row["number"] for row in read_list(folder / "people.yaml")}
    domains = {row["slug"] for row in read_list(folder / "domains.yaml")}
    for name in names:
        read = _fitting(folder, name, ARTICLE, people, domains)
        revisions, said = revisions + len(read.history), said + len(read.talk)
        watch.read(1)
    for part, some in around.items():
        for name in some:
            _fitting(folder, name, part, people, domains)
    counts = {ARTICLE: len(names), REVISION: revisions, TALK: said}
    return counts | {part: len(some) for part, some in around.items() if some}


def _fitting(folder: Path, name: str, part: str, people: Collection[int], domains: Collection[str]) -> Filed:
    """Read one root.

    Raises:
        BrokenDump: it cannot be read, or a field says something that cannot be.
    """
    read = filed(folder, name, part)
    odd = odd_field(read, people, domains, is_article=part == ARTICLE)
    if odd:
        raise BrokenDump(
            f"{name}.md", None, N_("The field %(field)s is missing or cannot be read.", field=odd)
        )
    return read


def _batches(names: Sequence[str], done: int) -> Iterator[tuple[int, list[str]]]:
    start = done
    for some in batches(names[done:], BATCH):
        yield start, some
        start += len(some)


def _people(run: Run, folder: Path) -> None:
    """People of the other site, under the number they had there where nobody has it here."""
    rows = read_list(folder / "people.yaml")
    persons = [Person(f"{PERSON}{row['number']}", row["name"], moment(row["since"])) for row in rows]
    nobody = Person(NOBODY, _("Former contributor"), clock.now())
    with act() as session:
        here = set(session.scalars(select(Member.source_id).where(Member.source == run.source)))
        write_people(session, run.source, [*persons, nobody])
        taken = set(session.scalars(select(Member.number)))
        for row in rows:
            if f"{PERSON}{row['number']}" not in here and row["number"] not in taken:
                of = (Member.source == run.source, Member.source_id == f"{PERSON}{row['number']}")
                member_id = session.scalar(select(Member.id).where(*of))
                session.execute(update(Member).where(*of).values(number=row["number"]))
                session.execute(
                    update(MemberCard).where(MemberCard.member_id == member_id).values(number=row["number"])
                )
        for row in read_list(folder / "organizations.yaml"):
            if session.scalar(select(Organization.id).where(Organization.slug == row["slug"])) is None:
                session.add(_organization(row))
        domains = read_list(folder / "domains.yaml")
        ensure_domains(session, [row["name"] for row in domains])
        for row in domains:
            session.execute(
                update(Domain)
                .where(Domain.slug == row["slug"], Domain.summary == "")
                .values(summary=row["summary"])
            )


def _organization(row: Head) -> Organization:
    return Organization(
        slug=row["slug"],
        name=row["name"],
        type=row["type"],
        country=row["country"],
        created_at=moment(row["created"]),
    )
