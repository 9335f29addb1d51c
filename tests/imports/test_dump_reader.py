"""A dump is read whole, whichever generation of the schema it was written in."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iocop.imports.stackexchange.reader import Dump, survey, tag_names
from iocop.imports.stackexchange.records import (
    Badge,
    Comment,
    History,
    Link,
    Post,
    Tag,
    TagSynonym,
    User,
    Vote,
)
from tests.imports.dumps import Row, answer, question, turn, user, write, xml


def test_a_question_of_today_is_read_with_all_it_says(tmp_path: Path) -> None:
    dates: Row = {"ClosedDate": "2016-01-01T00:00:00.5", "CommunityOwnedDate": "2016-01-02T00:00:00"}
    more: Row = {"AcceptedAnswerId": 2, "Tags": "|pumps|c++|", "Score": -3, "ContentLicense": "CC BY-SA 4.0"}
    folder = write(tmp_path, Posts=[question(1, Body="<p>a & b</p>\r\n", ViewCount=70, **dates, **more)])

    [post] = Dump(folder).read(Post)

    assert post == Post(
        id=1, post_type_id=1, creation_date=datetime(2015, 3, 1, 10, tzinfo=UTC), body="<p>a & b</p>\r\n",
        title="Matter 1", tags=("pumps", "c++"), score=-3, view_count=70, accepted_answer_id=2,
        owner_user_id=1,
        closed_date=datetime(2016, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        community_owned_date=datetime(2016, 1, 2, tzinfo=UTC), content_license="CC BY-SA 4.0",
    )  # fmt: skip


def test_every_other_file_is_read_too(tmp_path: Path) -> None:
    hung: Row = {"PostId": 1, "CreationDate": "2015-03-01T10:00:00"}
    folder = write(
        tmp_path,
        Posts=[question(1), answer(2, parent=1)],
        Comments=[{"Id": 1, "Text": "Which flow?", "UserDisplayName": "gone", **hung}],
        Votes=[{"Id": 1, "VoteTypeId": 5, "UserId": 2, **hung}],
        PostHistory=[turn(1, post=1, kind=2, Text="*Why?*", Comment="first")],
        Tags=[{"Id": 1, "TagName": "pumps", "Count": 9, "WikiPostId": 7}],
        TagSynonyms=[
            {"Id": 1, "SourceTagName": "pump", "TargetTagName": "pumps", "ApprovalDate": "2015-01-01"}
        ],
        PostLinks=[{"Id": 1, "RelatedPostId": 2, "LinkTypeId": 3, **hung}],
        Badges=[{"Id": 1, "UserId": 1, "Name": "Reader", "Date": "2015-01-01", "Class": 3}],
    )
    dump = Dump(folder)

    assert [post.parent_id for post in dump.read(Post)] == [None, 1]
    assert [(comment.text, comment.user_display_name) for comment in dump.read(Comment)] == [
        ("Which flow?", "gone")
    ]
    assert [(vote.vote_type_id, vote.user_id) for vote in dump.read(Vote)] == [(5, 2)]
    assert [(row.text, row.comment, row.revision_guid) for row in dump.read(History)] == [
        ("*Why?*", "first", "a")
    ]
    assert [(tag.tag_name, tag.wiki_post_id) for tag in dump.read(Tag)] == [("pumps", 7)]
    assert [synonym.approval_date for synonym in dump.read(TagSynonym)] == [datetime(2015, 1, 1, tzinfo=UTC)]
    assert [(link.related_post_id, link.link_type_id) for link in dump.read(Link)] == [(2, 3)]
    assert [badge.name for badge in dump.read(Badge)] == ["Reader"]


def test_a_dump_of_the_first_years_is_read_alike(tmp_path: Path) -> None:
    """Lower-case names, a namespace, no byte order mark, e-mail hashes, no licences."""
    old: Row = {"EmailHash": "00ff", "Age": 40}
    (tmp_path / "users.xml").write_text(_in_namespace(xml([user(1, **old)], "users")), encoding="utf-8")
    (tmp_path / "posts.xml").write_text(_in_namespace(xml([question(5)], "posts")), encoding="utf-8")

    dump = Dump(tmp_path)

    assert [reader.display_name for reader in dump.read(User)] == ["Reader 1"]
    assert [post.content_license for post in dump.read(Post)] == [None]
    assert survey(dump).unknown == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_any_encoding_that_is_declared_or_marked_is_read(tmp_path: Path, encoding: str) -> None:
    declared = encoding.replace("-sig", "")
    written = xml([user(1, DisplayName="Zoë")]).replace("utf-8", declared)
    (write(tmp_path) / "Users.xml").write_bytes(written.encode(encoding))

    assert [reader.display_name for reader in Dump(tmp_path).read(User)] == ["Zoë"]


def test_a_moment_with_a_zone_is_told_in_utc(tmp_path: Path) -> None:
    write(tmp_path, Users=[user(1, CreationDate="2015-03-01T12:00:00+02:00")])

    assert [reader.creation_date for reader in Dump(tmp_path).read(User)] == [
        datetime(2015, 3, 1, 10, tzinfo=UTC)
    ]


def test_an_empty_optional_attribute_is_an_absent_one(tmp_path: Path) -> None:
    write(tmp_path, Posts=[question(1, ClosedDate="", OwnerUserId="", Tags="")])

    [post] = Dump(tmp_path).read(Post)

    assert (post.closed_date, post.owner_user_id, post.tags) == (None, None, ())


def test_an_optional_file_may_be_missing(tmp_path: Path) -> None:
    dump = Dump(write(tmp_path))

    assert not dump.has(Vote)
    assert list(dump.read(Vote)) == []


def test_a_survey_counts_rows_unknown_attributes_and_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path, Users=[user(1, Mood="fair"), user(2, Mood="foul", Views=3), user(3)])
    (folder / "Flags.xml").write_text(xml([{"Id": 1}]))
    (folder / "readme.txt").write_text("About this dump")
    dump, passed = Dump(folder), list[int]()

    found = survey(dump, passed.append)

    assert found.rows == {"Users.xml": 3, "Posts.xml": 1}
    assert found.unknown == {("Users.xml", "Mood"): 2}
    assert (
        sum(passed) == dump.size == sum((folder / name).stat().st_size for name in ("Users.xml", "Posts.xml"))
    )
    assert dump.foreign == ["Flags.xml"]


def test_unknown_attributes_are_told_of_while_reading(tmp_path: Path) -> None:
    unknown: Counter[str] = Counter()

    rows = list(Dump(write(tmp_path, Users=[user(1, Mood="fair", Age=3)])).read(User, unknown=unknown))

    assert (len(rows), unknown) == (1, {"Mood": 1})


@pytest.mark.parametrize(
    ("text", "names"),
    [("<pumps><c++>", ("pumps", "c++")), ("|pumps|c++|", ("pumps", "c++")), ("pumps", ("pumps",)), ("", ()),
     ("<a><b><a>", ("a", "b"))],
    ids=["old", "new", "bare", "none", "twice"],
)  # fmt: skip
def test_tag_names(text: str, names: tuple[str, ...]) -> None:
    assert tag_names(text) == names


def _in_namespace(text: str) -> str:
    return text.replace("s>", 's xmlns="urn:example:dump">', 1)
