"""Imported topics stand in domains and under tags; synonyms and descriptions of tags come along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag
from iocop.core.db import db
from iocop.domains.models import MOST_DOMAINS, Domain, Tag, TagSynonym
from tests.factories import saved
from tests.imports.dumps import DAY, question, turn, write
from tests.imports.factories import counts, given, imported, make_space, reasons, run_import, total

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def tags_of(key: str) -> set[str]:
    found = select(Tag.slug).join(ContributionTag, ContributionTag.tag_id == Tag.id)
    return set(db.session.scalars(found.where(ContributionTag.contribution_id == given(key).id)))


def domains_of(key: str) -> list[str]:
    found = select(Domain.name).join(ContributionDomain, ContributionDomain.domain_id == Domain.id)
    mine = found.where(ContributionDomain.contribution_id == given(key).id)
    return list(db.session.scalars(mine.order_by(ContributionDomain.position)))


def tag(number: int, name: str, **more: int) -> dict[str, str | int]:
    usual: dict[str, str | int] = {"Id": number, "TagName": name, "Count": 1}
    return usual | more


def synonym(number: int, source: str, target: str, *, approved: bool = True) -> dict[str, str | int]:
    row: dict[str, str | int] = {
        "Id": number,
        "SourceTagName": source,
        "TargetTagName": target,
        "CreationDate": DAY,
    }
    return row | ({"ApprovalDate": DAY} if approved else {})


def test_topics_stand_in_one_domain_called_after_the_source_or_as_told(app: Flask, tmp_path: Path) -> None:
    make_space()
    hydraulics = saved(Domain(slug="hydraulics", name="Hydraulics"))
    write(tmp_path)

    imported(app, tmp_path)
    assert domains_of("post-1") == ["pumps.example"]

    write(tmp_path, Posts=[question(1), question(2)])
    imported(app, tmp_path, "--domain", "Hydraulics")
    assert domains_of("post-2") == [hydraulics.name]
    assert total(Domain) == 2


def test_a_mapping_file_places_topics_by_their_tags(app: Flask, tmp_path: Path) -> None:
    make_space()
    mapping = tmp_path / "tags.toml"
    mapping.write_text(
        'domain = "General"\n[domains]\npumps = "Hydraulics"\nahu = "Air"\n[tags]\ndhw = "hot water"'
    )
    posts = [question(1, Tags="|ahu|pumps|"), question(2, Tags="<dhw><c++>"), question(3, Tags="")]
    write(tmp_path, Posts=posts)

    imported(app, tmp_path, "--tags", str(mapping))

    assert [domains_of(f"post-{number}") for number in (1, 2, 3)] == [
        ["Air", "Hydraulics"],
        ["General"],
        ["General"],
    ]
    assert [tags_of(f"post-{number}") for number in (1, 2, 3)] == [
        {"ahu", "pumps"},
        {"hot-water", "c++"},
        set(),
    ]
    assert list(db.session.scalars(select(Domain.name).order_by(Domain.position))) == [
        "General",
        "Hydraulics",
        "Air",
    ]


def test_synonyms_lead_to_their_tag(app: Flask, tmp_path: Path) -> None:
    make_space()
    saved(Tag(slug="valve"))
    synonyms = [
        synonym(1, "pump", "pumps"), synonym(2, "valve", "valves"), synonym(3, "ahu", "air", approved=False),
        synonym(4, "Pumps", "pumps"),
    ]  # fmt: skip
    write(
        tmp_path,
        Posts=[question(1, Tags="<pump>")],
        Tags=[tag(1, "pumps"), tag(2, "valves")],
        TagSynonyms=synonyms,
    )

    files = imported(app, tmp_path)

    assert tags_of("post-1") == {"pumps"}
    assert [row.slug for row in db.session.scalars(select(TagSynonym))] == ["pump"]
    assert counts(files, "Tags.xml") == (2, 0, 0)
    assert counts(files, "TagSynonyms.xml") == (1, 1, 2)
    assert reasons(files, "TagSynonyms.xml") == {
        "synonyms that are tags of their own here": 1,
        "synonyms only proposed, or leading in a circle": 1,
    }


def test_a_tags_wiki_describes_it_unless_members_have(app: Flask, tmp_path: Path) -> None:
    make_space()
    saved(Tag(slug="valves", about="Ours."))
    posts = [
        question(1), question(2, PostTypeId=4, Body="<p>Moves water.</p>"), question(3, PostTypeId=5, Body="<p>x</p>"),
        question(4, PostTypeId=5, Body="<p>Theirs.</p>"),
    ]  # fmt: skip
    rows = [
        tag(1, "pumps", ExcerptPostId=2, WikiPostId=3),
        tag(2, "valves", WikiPostId=4),
        tag(3, "air", WikiPostId=9),
    ]
    write(tmp_path, Posts=posts, Tags=rows, PostHistory=[turn(1, 3, 2, Text="## Kinds")])

    files = imported(app, tmp_path)

    about = {row.slug: row.about for row in db.session.execute(select(Tag.slug, Tag.about))}
    assert about == {"pumps": "Moves water.\n\n## Kinds", "valves": "Ours.", "air": ""}
    assert counts(files, "Posts.xml") == (1, 3, 0)
    assert counts(files, "PostHistory.xml") == (0, 1, 0)
    assert counts(files, "Tags.xml") == (2, 1, 0)


def test_a_thirty_first_domain_is_refused_before_anything_is_written(app: Flask, tmp_path: Path) -> None:
    make_space()
    for number in range(MOST_DOMAINS):
        saved(Domain(slug=f"d{number}", name=f"D{number}"))
    write(tmp_path)

    said = run_import(app, tmp_path)

    assert (said.exit_code, total(Contribution)) == (1, 0)
    assert "The site would have more than 30 domains." in said.output


def test_a_mapping_that_cannot_be_followed_is_said(app: Flask, tmp_path: Path) -> None:
    make_space()
    mapping = tmp_path / "tags.toml"
    mapping.write_text("domain = 3")
    write(tmp_path)

    said = run_import(app, tmp_path, "--tags", str(mapping))

    assert said.exit_code == 1
    assert "The mapping names no domain" in said.output
