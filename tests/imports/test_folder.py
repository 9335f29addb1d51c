"""The repertoire as a folder, and back again without loss; what may not be carried stays."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select

from iocop.contributions.models import Attachment, Contribution, Revision
from iocop.contributions.references import attached_in
from iocop.contributions.services import attach, mark, revise
from iocop.core import clock
from iocop.core.db import act, db
from iocop.imports.cli import exports, imports
from iocop.imports.folders.files import read_text, write_text
from iocop.members.models import Member
from iocop.organizations.queries import organization_ids
from iocop.repertoire import services
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.models import (
    Article,
    ArticleAlias,
    Credit,
    OldAnchor,
    PassageNote,
    Seal,
    Spell,
    TermName,
)
from iocop.repertoire.services.bulk import BulkAlias, write_aliases
from iocop.repertoire.services.noting import comment, settle
from tests.conftest import empty
from tests.contributions.factories import given
from tests.contributions.samples import GOOD
from tests.factories import make_member, viewer_of
from tests.imports.factories import imported_wiki, make_space, run_wiki, total
from tests.imports.wikis import page, state, write_wiki
from tests.repertoire.factories import curators, make_article, make_proposal

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

LATER = ("group", "spells", "marks", "words", "anchors", "credits")
"""Fields that earlier versions did not write."""


def write_folder(app: Flask, folder: Path, *options: str) -> Result:
    said = app.test_cli_runner().invoke(exports, ["repertoire", str(folder), *options])
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said


def read_folder(app: Flask, folder: Path, *options: str) -> Result:
    said = app.test_cli_runner().invoke(
        imports, ["repertoire", str(folder), "--source", "elsewhere", *options]
    )
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(app: Flask, folder: Path) -> None:
    """A sealed article with an owner, a retired one, a term, and a wiki's page with its history."""
    make_space()
    known = curators()
    sealed = make_article(
        title="Balancing: a “circuit”",
        summary="How\nto",
        tags=("valves", "flow"),
        product="VX",
        owner_id=known.ben.id,
    )
    make_article(
        title="Valve",
        kind="term",
        summary="It stops water.",
        text="See [[Balancing: a “circuit”|there]] and [[Nowhere]].",
    )
    old = make_article(title="Old way", text="---\nnot fields\n---\n  indented, and no line end")
    write_aliases([BulkAlias("Circuit", sealed.id), BulkAlias("The *balance*", sealed.id)])
    with act() as session:
        row = session.get_one(Article, old.id)
        row.retired_at, row.retired_how, row.retired_reason = (
            clock.now(),
            "obsolete",
            "There is a better way.",
        )
        row.retired_by_id, row.successor_id = known.ann.id, sealed.id
    imported_wiki(
        app, write_wiki(folder, page("Pump", state("'''a'''", 1, by="ip:10.0.0.1"), state("b {{x}}", 2), number=1),
                        page("Water pump", number=2, redirect="Pump")),
    )  # fmt: skip


def test_there_and_back_again_nothing_is_lost(app: Flask, tmp_path: Path) -> None:
    fill(app, tmp_path)
    assert "4 articles were written." in write_folder(app, tmp_path / "one").output
    before = {model: total(model) for model in (Article, ArticleAlias, Revision, Seal, Credit)}
    empty(app)
    make_space()
    said = read_folder(app, tmp_path / "one")

    assert said.exit_code == 0, said.output
    write_folder(app, tmp_path / "two")
    assert files(tmp_path / "two") == files(tmp_path / "one")
    assert {model: total(model) for model in before} | {Revision: 0} == before | {Revision: 0}
    sealed = db.session.scalars(select(Article).where(Article.title_key.startswith("balancing"))).one()
    assert sealed.standing == "sealed"
    assert db.session.get_one(Member, sealed.owner_id).name == "Ben South"
    spell = db.session.scalars(select(Spell).where(Spell.article_id == sealed.id)).one()
    assert (spell.due_at, spell.began_at) == (sealed.review_by, sealed.renewed_at)


def lived_with(app: Flask) -> Article:
    """An article that was confirmed, ran out, was talked about and noted on; a term that others call otherwise."""
    known, north = curators(), make_member(name="Nora Nook")
    make_space()
    article = make_article(
        title="Venting", text="## Steps\n\nOpen every valve, then wait.\n\nClose the bypass."
    )
    term = make_article(title="Delta T", kind="term", text="A difference.", summary="A difference.")
    ann, ben, nora = (viewer_of(each) for each in (known.ann, known.ben, north))
    services.name_term(ann, term.id, "Spread", organization_id=ann_works_at(known.ann))
    noted = comment(nora, article.id, Quote("then wait"), "How long?\n\n- *one* hour?", "n1")
    settle(ann, comment(ben, article.id, Quote("Close the bypass"), "Slowly.", "n2").id, settled=True)
    below = services.discuss(ben, article.id, given(kind="reply", text="It is for **cold** ones."))
    services.discuss(nora, below.id, given(kind="reply", text="And for warm ones."))
    services.discuss(nora, noted.id, given(kind="reply", text="A day, then."))
    revise(nora, noted.id, "How long?\n\n- *one* hour, or two?", reason="Asked better", version=1)
    mark(ann, article.id, "works_here", {"version": "2"})
    mark(ben, article.id, "works_here", {"version": "3", "shown": "counted"})
    with act() as session:
        spells = session.scalars(select(Spell).where(Spell.article_id == article.id)).all()
        for spell in spells:
            spell.ended_at, spell.ended_by = spell.ended_at or spell.due_at, spell.ended_by or "stale"
        session.add(OldAnchor(article_id=article.id, anchor="stages", now="steps"))
    return article


def ann_works_at(member: Member) -> int:
    return next(iter(organization_ids(member.id, clock.now())))


def test_what_was_said_of_an_article_and_how_long_it_held_come_back(app: Flask, tmp_path: Path) -> None:
    article = lived_with(app)
    kept = (PassageNote, Spell, TermName, OldAnchor)
    before = {model: total(model) for model in kept}
    spells = [history(row) for row in db.session.scalars(select(Spell).order_by(Spell.began_at, Spell.id))]
    count = db.session.get_one(Contribution, article.id).works_here
    write_folder(app, tmp_path / "one")
    out = files(tmp_path / "one")
    assert len([path for path in out if path.startswith("talk/venting")]) == 5
    empty(app)
    make_space()

    assert read_folder(app, tmp_path / "one").exit_code == 0
    write_folder(app, tmp_path / "two")

    assert files(tmp_path / "two") == out
    assert {model: total(model) for model in kept} == before
    assert [
        history(row) for row in db.session.scalars(select(Spell).order_by(Spell.began_at, Spell.id))
    ] == spells
    venting = db.session.scalars(select(Article).where(Article.title == "Venting")).one()
    assert db.session.get_one(Contribution, venting.id).works_here == count == 1
    page = BeautifulSoup(app.test_client().get(f"/a/{venting.id}/notes").text, "html.parser")
    assert [each.text for each in page.select("em")] == ["one"]
    asked = db.session.scalars(select(Contribution).where(Contribution.version == 2)).one()
    reasons = select(Revision.reason).where(Revision.contribution_id == asked.id).order_by(Revision.number)
    assert db.session.scalars(reasons).all() == ["", "Asked better"]
    assert page.select_one("a[href*='#note-mark-']")
    assert "warm ones" in app.test_client().get(f"/a/{venting.id}").text


def history(spell: Spell) -> tuple[object, ...]:
    return (spell.began_at, spell.began_by, spell.due_at, spell.ended_at, spell.ended_by)


def test_who_is_only_counted_or_hid_their_name_is_in_no_file(app: Flask, tmp_path: Path) -> None:
    make_space()
    article = make_article(title="Sealed talk")
    quiet, shy = make_member(name="Quiet Quin"), make_member(name="Shy Shaw")
    mark(viewer_of(quiet), article.id, "works_here", {"version": "3", "shown": "counted"})
    post = services.discuss(viewer_of(shy), article.id, given(kind="reply", text="From inside."))
    inner = services.discuss(
        viewer_of(quiet), article.id, given(kind="reply", text="For few.", label="members")
    )
    with act() as session:
        session.get_one(Contribution, post.id).byline = "sealed"
        assert session.get_one(Contribution, inner.id).label == "members"

    write_folder(app, tmp_path / "out")

    whole = b"".join(files(tmp_path / "out").values()).decode()
    assert "From inside." in whole
    assert [word for word in ("Quiet Quin", "Shy Shaw", "For few.") if word in whole] == []


def test_a_folder_of_before_the_talk_was_kept_still_comes_in(app: Flask, tmp_path: Path) -> None:
    make_space()
    make_article(title="Old folder")
    write_folder(app, tmp_path / "one")
    for path in (tmp_path / "one" / "articles").glob("*.md"):
        head, text = read_text(path)
        write_text(path, {name: head[name] for name in head if name not in LATER}, text)
    empty(app)
    make_space()

    assert read_folder(app, tmp_path / "one").exit_code == 0
    article = db.session.scalars(select(Article)).one()
    spell = db.session.scalars(select(Spell)).one()
    assert (spell.due_at, spell.ended_by) == (article.review_by, "")
    assert db.session.scalars(select(Credit.share)).all() == [10_000]


def test_whose_words_it_is_comes_back_as_it_was_reckoned(app: Flask, tmp_path: Path) -> None:
    make_space()
    article, known = make_article(title="Made of answers"), curators()
    with act() as session:
        session.execute(delete(Credit))
        session.add_all([
            Credit(article_id=article.id, member_id=known.author.id, share=7_000),
            Credit(article_id=article.id, member_id=known.ann.id, share=2_000, sealed=True),
            Credit(article_id=article.id, member_id=known.ben.id, share=1_000, sealed=True),
        ])  # fmt: skip
    write_folder(app, tmp_path / "one")
    empty(app)
    make_space()

    read_folder(app, tmp_path / "one")
    write_folder(app, tmp_path / "two")

    assert files(tmp_path / "two") == files(tmp_path / "one")
    rows = select(Member.name, Credit.share, Credit.sealed).join(Member, Member.id == Credit.member_id)
    shares = {tuple(row) for row in db.session.execute(rows)}
    assert shares == {("Wim West", 7_000, False), ("Former contributor", 3_000, True)}


def test_a_second_import_writes_nothing(app: Flask, tmp_path: Path) -> None:
    fill(app, tmp_path)
    write_folder(app, tmp_path / "one")
    articles = total(Article)

    assert "Nothing was new" in read_folder(app, tmp_path / "one").output  # where it came from
    empty(app)
    make_space()
    read_folder(app, tmp_path / "one")
    people = total(Member)
    assert "Nothing was new" in read_folder(app, tmp_path / "one").output
    assert (total(Article), total(Member)) == (articles, people)


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ((), {"Open"}),
        (("--label", "take-home"), {"Open", "Home"}),
        (("--label", "members"), {"Open", "Home", "Inner"}),
    ],
    ids=["public", "take-home", "members"],
)
def test_only_what_may_be_carried_so_far_is_written(
    app: Flask, tmp_path: Path, options: tuple[str, ...], titles: set[str]
) -> None:
    for title, label in {"Open": "public", "Home": "take-home", "Inner": "members", "Own": "space"}.items():
        article = make_article(title=f"{title} way", text=f"Secret of {title}")
        with act() as session:
            session.get_one(Contribution, article.id).label = label

    write_folder(app, tmp_path / "out", *options)

    whole = b"".join(files(tmp_path / "out").values()).decode()
    assert {title for title in ("Open", "Home", "Inner", "Own") if f"Secret of {title}" in whole} == titles
    assert {title for title in ("Open", "Home", "Inner", "Own") if f"{title} way" in whole} == titles


def test_whoever_hid_their_name_is_not_in_the_files(app: Flask, tmp_path: Path) -> None:
    article = make_article(title="Sealed words")
    with act() as session:
        session.get_one(Contribution, article.id).byline = "sealed"

    write_folder(app, tmp_path / "out")

    assert "Wim West" not in b"".join(files(tmp_path / "out").values()).decode()


def test_pages_open_from_the_folder(app: Flask, tmp_path: Path) -> None:
    fill(app, tmp_path)
    write_folder(app, tmp_path / "out")
    pages = {
        path.name: BeautifulSoup(path.read_text(), "html.parser")
        for path in (tmp_path / "out" / "site").glob("*.html")
    }

    assert len(pages) == 6
    for name, soup in pages.items():
        assert not soup.find("script")
        assert len(soup.find_all("h1")) == 1, name
        for link in soup.select("a[href], link[href]"):
            target = str(link["href"]).partition("#")[0]
            assert not target or ":" in target or (tmp_path / "out" / "site" / target).is_file(), (
                name,
                target,
            )
    term = next(soup for name, soup in pages.items() if name.startswith("valve"))
    assert str(term.find("a", string="there")["href"]).startswith("balancing")  # type: ignore[index]
    assert term.find("a", string="Nowhere").get("href") is None  # type: ignore[union-attr]
    assert pages["glossary.html"].find("dd").text == "It stops water."  # type: ignore[union-attr]


def test_links_to_sections_lead_to_them_from_file_to_file(app: Flask, tmp_path: Path) -> None:
    make_space()
    make_article(title="Balancing", text="## The steps\n\nOpen it.[^1]\n\n[^1]: Slowly.\n")
    make_article(title="Venting", text="See [[Balancing#The steps]] and [[Venting#Own]].\n\n## Own\n\nWords.")

    write_folder(app, tmp_path / "out")

    site = tmp_path / "out" / "site"
    pages = {path.name: BeautifulSoup(path.read_text(), "html.parser") for path in site.glob("*.html")}
    links = [
        (pages.get(file, page), section)
        for page in pages.values()
        for file, sign, section in (str(link["href"]).partition("#") for link in page.select("a[href]"))
        if sign
    ]
    assert len(links) == 4
    assert all(page.find(id=section) for page, section in links)


def test_a_folder_with_something_in_it_is_left_alone(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")

    said = write_folder(app, tmp_path)

    assert said.exit_code == 1
    assert "name an empty one" in said.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no fields", "a.md, line 1: It does not begin with fields"),
        (b"---\ntitle: x\nkind: [\n---\n", "a.md, line 4: This is not YAML"),
        (b"---\n- x\n---\n", "It has no fields."),
        (b"---\ntitle: x\n---\ntext", "The field kind is missing."),
        (b"\xff", "It is not UTF-8."),
        (b"---\n!!python/object/apply:os.getcwd []\n---\n", "This is not YAML"),
    ],
    ids=["no fields", "torn", "a list", "a field missing", "bytes", "an object"],
)
def test_a_broken_file_writes_nothing_and_is_named(
    app: Flask, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_bytes(content)

    said = read_folder(app, tmp_path)

    assert said.exit_code == 1
    assert reason in said.output
    assert total(Member) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published", "nonsense"), ("published", "2024-01-01"), ("author", "99999"), ("owner", "Bob"), ("kind", "poem"),
        ("standing", "gold"), ("title", "12"), ("title", ""), ("tags", "abc"), ("domains", "[nowhere]"),
        ("applies_to", "x"), ("summary", None), ("editor", "7000"), ("at", "once"),
    ],
)  # fmt: skip
def test_a_field_changed_by_hand_is_named_before_anything_is_written(
    app: Flask, tmp_path: Path, field: str, value: str | None
) -> None:
    make_space()
    make_article(title="One", text="Words.")
    write_folder(app, tmp_path / "one")
    part = "history" if field in {"editor", "at"} else "articles"
    (file,) = (tmp_path / "one" / part).rglob("*.md")
    line = f"{field}: {value}\n" if value is not None else ""
    changed = re.sub(rf"^{field}:.*\n((- |  ).*\n)*", line, file.read_text(), count=1, flags=re.MULTILINE)
    assert changed != file.read_text()
    file.write_text(changed)
    empty(app)

    said = read_folder(app, tmp_path / "one")

    assert said.exit_code == 1
    assert f"The field {field} is missing or cannot be read." in said.output
    assert total(Member) == 0


def test_a_folder_without_articles_is_said(app: Flask, tmp_path: Path) -> None:
    assert "There is no folder of articles in it." in read_folder(app, tmp_path).output
    assert run_wiki(app, tmp_path / "none.xml").exit_code == 1


def with_files() -> Article:
    """An article that shows a picture which came with it, and in an earlier version a document."""
    known = curators()
    author = viewer_of(known.author)
    make_space()
    rows = [attach(author, name, GOOD[name]) for name in ("a.png", "a.pdf")]
    png, pdf = (f"/attachments/{row.id}/{row.name}" for row in rows)
    article = make_article(
        title="Shown", text=f"![The plan]({png})\n\n[All of it]({pdf})", author=known.author,
        attachment_ids=tuple(row.id for row in rows),
    )  # fmt: skip
    edit = make_proposal(
        act="edit", article_id=article.id, title="Shown", author=known.author, text=f"![The plan]({png})"
    )
    for reviewer in (known.ann, known.ben):
        services.approve(viewer_of(reviewer), edit.id, 1)
    return article


def test_files_go_out_with_an_article_and_come_back(app: Flask, tmp_path: Path) -> None:
    with_files()
    before = sorted((row.name, row.sha256) for row in db.session.scalars(select(Attachment)))
    write_folder(app, tmp_path / "one")
    out = files(tmp_path / "one")
    assert sorted(Path(path).name for path in out if path.startswith("files")) == ["a.pdf", "a.png"]
    (text,) = (content for path, content in out.items() if path.startswith("articles"))
    (leads_to,) = re.findall(r"\((\.\./files/[^)]*)\)", text.decode())
    assert (tmp_path / "one" / "articles" / leads_to).is_file()
    (page,) = (content for path, content in out.items() if path.startswith("site/shown"))
    assert f'src="{leads_to}"' in page.decode()

    empty(app)
    make_space()
    read_folder(app, tmp_path / "one")
    write_folder(app, tmp_path / "two")

    assert files(tmp_path / "two") == out
    rows = db.session.scalars(select(Attachment)).all()
    assert sorted((row.name, row.sha256) for row in rows) == before
    article = db.session.scalars(select(Contribution).where(Contribution.kind == "article")).one()
    assert {row.contribution_id for row in rows} == {article.id}
    shown = attached_in(article.text)
    assert shown == {row.id for row in rows if row.name == "a.png"}
    assert app.test_client().get(article.text[article.text.index("(") + 1 : -1]).status_code == 200


def test_a_file_that_is_missing_or_not_what_it_seems_is_reported(app: Flask, tmp_path: Path) -> None:
    with_files()
    write_folder(app, tmp_path / "one")
    for path in (tmp_path / "one" / "files").rglob("*.*"):
        path.unlink() if path.name == "a.pdf" else path.write_bytes(b"MZ\x90\x00\x03")
    empty(app)
    make_space()

    said = read_folder(app, tmp_path / "one")

    assert (
        "2 × files of articles that are missing" in said.output
        or "files of articles that are missing" in said.output
    )
    assert total(Attachment) == 0


def test_a_file_of_what_may_not_be_carried_stays(app: Flask, tmp_path: Path) -> None:
    article = with_files()
    proposals = select(Contribution).where(Contribution.kind == "proposal")
    with act() as session:
        for row in session.scalars(proposals):
            row.label = "members"

    write_folder(app, tmp_path / "out")

    assert not (tmp_path / "out" / "files").exists()
    assert (
        f"/attachments/{min(attached_in(db.session.get_one(Contribution, article.id).text))}/"
        in b"".join(files(tmp_path / "out").values()).decode()
    )
