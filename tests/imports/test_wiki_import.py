"""What an export of a wiki becomes: articles with their history, people, other titles, tags."""

from __future__ import annotations

import json
import time
import zlib
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from iocop.contributions.models import Contribution, ContributionTag, Revision
from iocop.core import clock
from iocop.core.db import act, db
from iocop.domains.models import Domain, Tag
from iocop.imports.mediawiki import posting
from iocop.imports.models import ImportRun, SourceText
from iocop.imports.report import Report
from iocop.members.models import Member
from iocop.repertoire.models import Article, ArticleAlias, Credit, Spell, WikiLink
from tests.apart import Apart, command
from tests.conftest import empty
from tests.imports.factories import counts, imported_wiki, make_space, reasons, run_wiki, total
from tests.imports.wikis import START, page, state, write_large, write_wiki

if TYPE_CHECKING:
    from flask import Flask

SOURCE = "Pumps"


def article(title: str) -> Article:
    return db.session.scalars(select(Article).where(Article.title == title)).one()


def thing(title: str) -> Contribution:
    return db.session.get_one(Contribution, article(title).id)


def history(title: str) -> list[Revision]:
    of = Revision.contribution_id == article(title).id
    return list(db.session.scalars(select(Revision).where(of).order_by(Revision.number)))


def name_of(member_id: int) -> str:
    return db.session.get_one(Member, member_id).name


def tags_of(title: str) -> set[str]:
    rows = select(Tag.slug).join(ContributionTag, ContributionTag.tag_id == Tag.id)
    return set(db.session.scalars(rows.where(ContributionTag.contribution_id == article(title).id)))


def kept(key: str) -> list[str]:
    rows = db.session.scalars(
        select(SourceText.text)
        .where(SourceText.source == SOURCE, SourceText.page == key)
        .order_by(SourceText.number)
    )
    return [zlib.decompress(row).decode() for row in rows]


@pytest.mark.parametrize("version", ["0.10", "0.11"])
def test_a_page_becomes_an_article_with_its_whole_history(app: Flask, tmp_path: Path, version: str) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", state("'''One'''", 1), state("'''Two''' [[Valve]]", 2, by="user:Bob:2",
             comment="/* Use */ [[Valve|valves]]"), number=7),
        version=version,
    )  # fmt: skip

    files = imported_wiki(app, file)

    assert counts(files, "page") == (1, 0, 0)
    assert counts(files, "revision") == (2, 0, 0)
    pump, given = article("Pump"), thing("Pump")
    assert (pump.kind, pump.standing, pump.owner_id, pump.title_key) == (
        "reference",
        "imported",
        None,
        "pump",
    )
    assert (given.text, given.version, given.label, given.language) == (
        "**Two** [[Valve]]",
        2,
        "public",
        "en",
    )
    assert 'href="/wiki/Valve"' in given.html
    assert given.plain == "Two Valve"
    assert [(turn.text, name_of(turn.editor_id), turn.reason) for turn in history("Pump")] == [
        ("**One**", "Ann", ""), ("**Two** [[Valve]]", "Bob", "Use: valves"),
    ]  # fmt: skip
    assert [turn.at for turn in history("Pump")] == [START + timedelta(days=1), START + timedelta(days=2)]
    assert (given.created_at, given.edited_at) == (START + timedelta(days=1), START + timedelta(days=2))
    assert given.attribution == "by Ann, Bob on Pumps, licence not stated, https://wiki.pumps.example/w/Pump"
    assert kept("page-7") == ["'''One'''", "'''Two''' [[Valve]]"]
    assert db.session.scalars(select(WikiLink.key)).all() == ["valve"]
    assert [(name_of(row.member_id), row.share) for row in db.session.scalars(select(Credit))] == [
        ("Bob", 10_000)
    ]
    assert db.session.scalars(select(Domain.name)).all() == ["Pumps"]


def test_it_enters_the_queue_of_reviews_in_its_own_time(app: Flask, tmp_path: Path) -> None:
    make_space()
    imported_wiki(
        app, write_wiki(tmp_path, *(page(f"Pump {number}", number=number) for number in range(1, 21)))
    )

    due = [spell.due_at for spell in db.session.scalars(select(Spell))]
    assert due == [row.review_by for row in db.session.scalars(select(Article).order_by(Article.id))]
    assert len({at.date() for at in due}) > 15
    assert all(clock.now() < at < clock.now() + timedelta(days=732) for at in due)
    assert {spell.began_by for spell in db.session.scalars(select(Spell))} == {"imported"}


def test_revisions_stand_in_the_order_of_time_whatever_the_files(app: Flask, tmp_path: Path) -> None:
    make_space()
    imported_wiki(app, write_wiki(tmp_path, page("Pump", state("new", 3), state("old", 1), state("mid", 2))))

    assert [turn.text for turn in history("Pump")] == ["old", "mid", "new"]
    assert thing("Pump").text == "new"


def test_nobody_is_known_by_an_address(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", state("a", 1, by="ip:10.1.2.3"), state("b 10.1.2.3 127.0.0.1", 2, by="user:10.9.9.9:0"),
             state("c 10.1.2.3 127.0.0.1", 3, by="user:Ann:1", comment="undo 10.1.2.3"), number=1),
        page("Valve", state(by="deleted"), state("x", 2, by=""), number=2),
    )  # fmt: skip

    imported_wiki(app, file)

    assert [name_of(turn.editor_id) for turn in history("Pump")] == ["Unregistered contributors"] * 2 + [
        "Ann"
    ]
    assert {name_of(turn.editor_id) for turn in history("Valve")} == {"Former contributor"}
    assert thing("Pump").text == "c unregistered 127.0.0.1"
    assert history("Pump")[2].reason == "undo unregistered"
    assert thing("Valve").attribution.startswith("by unnamed authors on Pumps")
    member = db.session.scalars(select(Member).where(Member.name == "Ann")).one()
    assert (member.state, member.source, member.source_id) == ("imported", "Pumps", "user-1")


def test_missing_texts_are_stood_in_for_by_the_one_before(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", state("a", 1), state(None, 2, comment="out"), number=1),
        page("Empty", state("", 1), number=2),
        page("Bare", state(None, 1), number=3),
    )

    files = imported_wiki(app, file)

    assert [(turn.text, turn.reason) for turn in history("Pump")] == [
        ("a", ""), ("a", "(its text is missing in the export) out"),
    ]  # fmt: skip
    assert thing("Empty").text == ""
    assert reasons(files, "page") == {"pages without any text in the file": 1}
    assert kept("page-1") == ["a"]


def test_redirects_become_other_titles(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", number=1),
        page("Water pump", state("#REDIRECT [[Pump]]"), number=2, redirect="Pump"),
        page("Wasserpumpe", state("#WEITERLEITUNG [[Water pump]]"), number=3, redirect="Water pump"),
        page("Old", state("was a text", 1), state("#redirect [[pump]]", 2), number=4),
        page("PUMP", number=5, redirect="Pump"),
        page("Round", number=6, redirect="Round and round"),
        page("Round and round", number=7, redirect="Round"),
        page("Lost", number=8, redirect="Nowhere"),
        page("To a template", number=9, redirect="Template:Box"),
        page("Template:Box", namespace=10, number=10),
        page("Template:Crate", namespace=10, number=11, redirect="Template:Box"),
        page("Unsaid", state("#PĀRVIRZĪT [[Pump]]"), number=12, redirect=""),
    )

    files = imported_wiki(app, file)

    rows = db.session.execute(select(ArticleAlias.title, ArticleAlias.article_id)).all()
    assert {row.article_id for row in rows} == {article("Pump").id}
    assert sorted(row.title for row in rows) == ["Old", "Unsaid", "Wasserpumpe", "Water pump"]
    assert counts(files, "redirect") == (4, 1, 5)
    assert reasons(files, "redirect") == {
        "redirects that lead in a circle": 2, "redirects to pages that are not in the file": 1,
        "redirects to pages that stay behind": 1, "redirects of pages that would stay behind": 1,
    }  # fmt: skip
    assert kept("page-4") == ["was a text", "#redirect [[pump]]"]


def test_categories_are_tags_and_their_pages_the_descriptions(app: Flask, tmp_path: Path) -> None:
    make_space()
    many = "".join(f"[[Category:Sort {number}]]" for number in range(7))
    file = write_wiki(
        tmp_path,
        page("Pump", state("x [[Category:Big Pumps|*]]"), number=1),
        page("Valve", state(many), number=2),
        page(
            "Category:Big Pumps", state("old", 1), state("Pumps that ''are'' big.", 2), namespace=14, number=3
        ),
        page("Category:Unused", state("x"), namespace=14, number=4),
    )

    files = imported_wiki(app, file)

    assert tags_of("Pump") == {"big-pumps"}
    assert tags_of("Valve") == {f"sort-{number}" for number in range(5)}
    assert db.session.scalar(select(Tag.about).where(Tag.slug == "big-pumps")) == "Pumps that are big."
    assert counts(files, "page") == (2, 1, 1)
    assert counts(files, "revision") == (2, 1, 2)
    notes = json.loads(file.with_suffix(".json").read_text())["notes"]
    left_out = {note["note"]: note["times"] for note in notes if "left out" in note["note"]}
    assert left_out == {
        f"The tag “sort-{number}” is left out: an article has at most five.": 1 for number in (5, 6)
    }


def test_what_is_no_article_stays_behind_with_the_reason(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", number=1),
        page("Help:Pumping", namespace=12, number=2),
        page("Pumps:About", namespace=4, number=3),
        page("Talk:Pump", namespace=1, number=4),
        page("User:Ann", namespace=2, number=5),
        page("File:A.png", namespace=6, number=6),
        page("MediaWiki:Common.css", state("a {}", model="css"), namespace=8, number=7),
        page("Module:A", state("x", model="Scribunto"), namespace=828, number=8),
        page("Data", state("{}", model="json"), number=9),
    )

    files = imported_wiki(app, file)

    assert set(db.session.scalars(select(Article.title))) == {"Pump", "Help:Pumping", "Pumps:About"}
    assert counts(files, "page") == (3, 0, 6)
    assert reasons(files, "page")["talk pages"] == 1
    assert reasons(files, "page")["pages of another kind than text: json"] == 1
    assert reasons(files, "revision") == {"states of pages that stay behind": 6}


def test_a_page_without_id_or_listed_twice_is_one(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path,
        page("Pump", state("a", 1)),
        page("Pump", state("a", 1), state("b", 2)),
        page("Valve", number=1),
        page("Other", number=1),
    )

    files = imported_wiki(app, file)

    assert [turn.text for turn in history("Pump")] == ["a", "b"]
    assert counts(files, "page") == (3, 0, 1)
    assert counts(files, "revision") == (4, 0, 1)


def test_an_article_too_long_to_be_formatted_at_once_is_whole(app: Flask, tmp_path: Path) -> None:
    make_space()
    long = "\n\n".join(f"== Part {number} ==\n" + "word " * 4_000 for number in range(6))
    report = tmp_path / "r.json"

    run_wiki(app, write_wiki(tmp_path, page("Long", state(long))), "--report", str(report))

    given = thing("Long")
    assert given.html.count("<h3") == 6
    assert given.plain.count("word") == 24_000
    assert [note["note"] for note in json.loads(report.read_text())["notes"]] == [
        "Articles are so long that they are formatted in parts."
    ]


def test_a_title_that_is_cut_is_said_so(app: Flask, tmp_path: Path) -> None:
    make_space()
    report = tmp_path / "r.json"

    run_wiki(app, write_wiki(tmp_path, page("L" * 250), page("M" * 200)), "--report", str(report))

    assert sorted(db.session.scalars(select(Article.title))) == ["L" * 200, "M" * 200]
    (note,) = json.loads(report.read_text())["notes"]
    assert (note["note"], note["times"]) == ("Titles are cut after 200 characters.", 1)


def test_a_second_run_writes_nothing_and_says_so(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(
        tmp_path, page("Pump", state("a", 1), state("b [[Category:X]]", 2), number=1),
        page("Old", number=2, redirect="Pump"), page("Category:X", namespace=14, number=3),
    )  # fmt: skip
    imported_wiki(app, file)
    before = whole()

    files = imported_wiki(app, file)
    said = run_wiki(app, file)

    assert "Nothing was new: everything stands here already." in said.output
    assert [counts(files, name)[0] for name in files] == [0, 0, 0]
    assert whole() == before


def test_a_newer_export_adds_what_is_new(app: Flask, tmp_path: Path) -> None:
    make_space()
    first, second = state("a", 1), state("b", 2)
    imported_wiki(app, write_wiki(tmp_path, page("Pump", first, number=1)))

    files = imported_wiki(
        app,
        write_wiki(tmp_path, page("Pump", first, second, number=1), page("Valve", number=2), name="new.xml"),
    )

    assert counts(files, "page") == (1, 1, 0)
    assert counts(files, "revision") == (2, 1, 0)
    assert (thing("Pump").text, thing("Pump").version) == ("b", 2)
    assert kept("page-1") == ["a", "b"]


def test_what_was_changed_here_stays_as_it_is(app: Flask, tmp_path: Path) -> None:
    make_space()
    imported_wiki(app, write_wiki(tmp_path, page("Pump", state("a", 2), number=1)))
    with act() as session:
        session.add(
            Revision(contribution_id=article("Pump").id, number=2, editor_id=thing("Pump").author_id, at=clock.now(),
                     title="Pump", text="ours")
        )  # fmt: skip

    files = imported_wiki(
        app, write_wiki(tmp_path, page("Pump", state("a", 2), state("theirs", 3), number=1), name="new.xml")
    )

    assert counts(files, "revision") == (0, 1, 1)
    assert reasons(files, "revision") == {"states of articles that were changed here since": 1}


def test_earlier_states_are_not_put_before_what_stands(app: Flask, tmp_path: Path) -> None:
    make_space()
    imported_wiki(app, write_wiki(tmp_path, page("Pump", state("b", 2), number=1)))

    files = imported_wiki(
        app,
        write_wiki(
            tmp_path, page("Pump", state("a", 1), state("b", 2), state("c", 3), number=1), name="full.xml"
        ),
    )

    assert counts(files, "revision") == (1, 1, 1)
    assert reasons(files, "revision") == {"states from before the article's first state here": 1}
    assert [turn.text for turn in history("Pump")] == ["b", "c"]


def test_a_broken_file_writes_nothing_and_says_where(app: Flask, tmp_path: Path) -> None:
    make_space()
    file = write_wiki(tmp_path, page("Pump"), page("Valve"))
    file.write_bytes(file.read_bytes()[:-60])

    said = run_wiki(app, file)

    assert said.exit_code == 1
    assert "wiki.xml, line 4: This is not well-formed XML" in said.output
    assert total(Contribution) == total(Member) == total(ImportRun) == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [(["--space", "nowhere"], "There is no such space."), (["--tags", "TAGS"], "which means nothing")],
    ids=["space", "mapping"],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    app: Flask, tmp_path: Path, options: list[str], reason: str
) -> None:
    make_space()
    tags = tmp_path / "tags.toml"
    tags.write_text('colour = "red"')

    said = run_wiki(
        app, write_wiki(tmp_path, page("A")), *[str(tags) if word == "TAGS" else word for word in options]
    )

    assert said.exit_code == 1
    assert reason in said.output


def test_categories_place_articles_in_domains_as_the_mapping_says(app: Flask, tmp_path: Path) -> None:
    make_space()
    tags = tmp_path / "tags.toml"
    tags.write_text('domain = "Other"\n[domains]\nPumps = "Machines"\n[tags]\nPumps = "pump"')
    file = write_wiki(tmp_path, page("Pump", state("x [[Category:Pumps]]"), number=1), page("Tea", number=2))

    imported_wiki(app, file, "--tags", str(tags), "--licence", "CC0", "--source", "wiki.example")

    assert set(db.session.scalars(select(Domain.name))) == {"Machines", "Other"}
    assert tags_of("Pump") == {"pump"}
    assert (thing("Pump").licence, thing("Pump").source) == ("CC0", "wiki.example")


def test_killed_it_goes_on_where_it_was(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "wiki.xml"
    write_large(file, pages=30, revisions=10)
    make_space()
    files = imported_wiki(app, file)
    expected = whole()
    empty(app)
    make_space()
    settings = app.extensions["settings"]
    environment = {
        "DATABASE_URL": settings.database, "IOCOP_DATA_DIR": str(settings.data_dir), "IOCOP_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    smaller = ("iocop.imports.mediawiki.posting", "WEIGHT", 80)
    work = partial(command, changed=[smaller])
    with Apart(work, "import", "mediawiki", str(file), environment=environment, log=tmp_path / "log") as run:
        while run.poll() is None and written() < 1:
            time.sleep(0.005)

    assert 0 < written() < 30
    assert "It went on where it was stopped." in run_wiki(app, file).output
    assert whole() == expected
    assert Report.from_dict(db.session.scalars(select(ImportRun.report)).one()).of("revision").written == 300
    assert files["revision"]["written"] == 300


def written() -> int:
    """How many articles stand."""
    db.session.rollback()
    return total(Article)


class Stopped(Exception):
    """Stands for a power cut, inside this process."""


@pytest.mark.parametrize("steps", range(1, 9))
def test_stopped_at_any_step_it_ends_the_same(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(posting, "WEIGHT", 2)
    file = write_wiki(
        tmp_path,
        page("Long", *(state(None if number == 4 else f"text {number}", number) for number in range(1, 8)), number=1),
        page("Pump", number=2), page("Valve", state("[[Category:X]]"), number=3),
        page("Old", number=4, redirect="Pump"), page("Category:X", namespace=14, number=5),
    )  # fmt: skip
    make_space()
    files = imported_wiki(app, file)
    expected = whole()
    empty(app)
    make_space()

    with monkeypatch.context() as patched:
        stop_after(steps, patched)
        with pytest.raises(Stopped):
            run_wiki(app, file)
    resumed = imported_wiki(app, file)

    assert whole() == expected
    assert resumed == files


def stop_after(steps: int, patched: pytest.MonkeyPatch) -> None:
    from iocop.imports.runs import Run

    keep, done = Run.keep, iter(range(steps))

    def stopping(self: Run, *given: Any, **named: Any) -> None:
        if next(done, None) is None:
            raise Stopped
        keep(self, *given, **named)

    patched.setattr(Run, "keep", stopping)


def whole() -> list[Any]:
    """All that an import wrote, free of the keys that the database gives."""
    columns = (
        Contribution.source_id, Contribution.text, Contribution.html, Contribution.version, Contribution.edited_at,
        Article.title, Article.published_at, func.count(Revision.number), func.max(Revision.text),
    )  # fmt: skip
    rows = select(*columns).join(Article).join(Revision, Revision.contribution_id == Contribution.id)
    statements = [
        rows.group_by(Contribution.id, Article.id).order_by(Contribution.source_id),
        select(Revision.number, Revision.text, Revision.at, Revision.reason).order_by(
            Revision.at, Revision.text
        ),
        select(ArticleAlias.title, Article.title).join(Article).order_by(ArticleAlias.title),
        select(Tag.slug, Tag.about).order_by(Tag.slug),
        select(SourceText.page, SourceText.number, SourceText.text).order_by(
            SourceText.page, SourceText.number
        ),
        select(Member.name, Member.source_id).order_by(Member.source_id),
        select(Article.title, Member.name, Credit.share).join(Credit, Credit.article_id == Article.id)
        .join(Member, Member.id == Credit.member_id).order_by(Article.title, Member.name),
    ]  # fmt: skip
    db.session.rollback()
    return [[tuple(row) for row in db.session.execute(statement)] for statement in statements]
