"""What posts, authors, links, votes and licences of a dump become here."""

from datetime import UTC, datetime

import pytest

from iocop.imports.stackexchange.plan import votes
from iocop.imports.stackexchange.plan.licences import Site, credit, licence_of, site
from iocop.imports.stackexchange.plan.posts import (
    Author,
    Kind,
    accepted_answer,
    author_of,
    kind_of,
    link_kind,
    title_of,
)
from iocop.imports.stackexchange.plan.votes import Effect, effect_of
from iocop.imports.stackexchange.records import Link, Post, Vote
from iocop.imports.words import Phrase

DAY = datetime(2015, 3, 1, tzinfo=UTC)
BOTH = {1, 2}


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, Kind.QUESTION), (2, Kind.ANSWER), (4, Kind.TAG_EXCERPT), (5, Kind.TAG_WIKI)],
)
def test_posts_with_a_place_here(number: int, kind: Kind) -> None:
    assert kind_of(Post(7, number, DAY, parent_id=1)) is kind


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        (Post(7, 6, DAY), "nominations in an election held elsewhere"),
        (Post(7, 9, DAY), "posts of kind 9, which has no place here"),
        (Post(7, 2, DAY), "answers whose question is not in the dump"),
        (Post(7, 1, DAY, deletion_date=DAY), "deleted before the dump was made"),
    ],
)
def test_posts_without_a_place_here_stay_behind_with_a_reason(post: Post, reason: str) -> None:
    assert str(kind_of(post)) == reason


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("100 % glycol?", "100 % glycol?"),
        (" two\n lines ", "two lines"),
        ("", "Question 7"),
        (None, "Question 7"),
    ],
)
def test_every_question_has_a_title(given: str | None, title: str) -> None:
    assert str(title_of(Post(7, 1, DAY, title=given))) == title


def test_links() -> None:
    assert [str(link_kind(Link(1, 2, 3, kind))) for kind in (1, 3, 9)] == [
        "related",
        "duplicate",
        "links of kind 9, which has no place here",
    ]


@pytest.mark.parametrize(
    ("named", "voted", "accepted"),
    [(8, [9], 8), (None, [8, 9], 9), (None, [], None), (5, [9], None), (None, [9, 5], 9)],
    ids=[
        "the question's word",
        "the last vote",
        "none",
        "of another question",
        "a vote for another question",
    ],
)
def test_the_accepted_answer(named: int | None, voted: list[int], accepted: int | None) -> None:
    asked = Post(7, 1, DAY, accepted_answer_id=named)

    assert accepted_answer(asked, answers={8, 9}, voted=voted) == accepted


@pytest.mark.parametrize(
    ("user_id", "name", "author"),
    [
        (1, None, Author(user_id=1)),
        (3, "Left", Author(name="Left")),
        (None, " user\n23 ", Author(name="user 23")),
        (-1, None, Author()),
        (None, None, Author()),
    ],
    ids=["an account", "a deleted account", "only a name", "the site itself", "nobody"],
)
def test_authors(user_id: int | None, name: str | None, author: Author) -> None:
    assert author_of(user_id, name, known={-1, 1, 2}) == author
    assert author.is_known is (user_id == 1)


@pytest.mark.parametrize(
    ("kind", "voter", "effect"),
    [
        (1, None, Effect.ACCEPTS),
        (2, None, Effect.COUNTS_UP),
        (2, 1, Effect.HELPFUL),
        (2, 3, Effect.COUNTS_UP),
        (3, 1, Effect.COUNTS_DOWN),
        (5, 1, Effect.FOLLOWS),
    ],
)
def test_votes_count_or_are_acts_of_who_cast_them(kind: int, voter: int | None, effect: Effect) -> None:
    assert effect_of(Vote(1, 7, kind, user_id=voter), known=BOTH) is effect


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(5, str(votes.NAMELESS)), (8, "bounties, paid in points of the other site"),
     (99, "votes of kind 99, which has no place here")],
)  # fmt: skip
def test_votes_without_effect_stay_behind_with_a_reason(kind: int, reason: str) -> None:
    effect = effect_of(Vote(1, 7, kind), known=BOTH)

    assert isinstance(effect, Phrase)
    assert str(effect) == reason


@pytest.mark.parametrize(
    ("written", "name"),
    [("2011-04-07", "CC BY-SA 2.5"), ("2011-04-08", "CC BY-SA 3.0"), ("2018-05-01", "CC BY-SA 3.0"),
     ("2018-05-02", "CC BY-SA 4.0")],
)  # fmt: skip
def test_a_text_without_licence_has_the_one_of_its_day(written: str, name: str) -> None:
    licence = licence_of(None, datetime.fromisoformat(written).replace(tzinfo=UTC))

    assert licence.name == name
    assert licence.address == f"https://creativecommons.org/licenses/by-sa/{name[-3:]}/"


def test_a_stated_licence_holds_whatever_the_day() -> None:
    assert licence_of("CC BY-SA 2.5", DAY).name == "CC BY-SA 2.5"
    assert licence_of("MIT", DAY).address is None


@pytest.mark.parametrize(
    ("author", "link", "line"),
    [
        ("50 % Zoë", "https://pumps.example/q/7",
         "by 50 % Zoë on Pumps, CC BY-SA 3.0, https://pumps.example/q/7"),
        ("Zoë", None, "by Zoë on Pumps, CC BY-SA 3.0"),
        (None, "https://pumps.example/q/7",
         "by an unnamed author on Pumps, CC BY-SA 3.0, https://pumps.example/q/7"),
        (None, None, "by an unnamed author on Pumps, CC BY-SA 3.0"),
    ],
)  # fmt: skip
def test_the_credit_names_author_site_licence_and_link(
    author: str | None, link: str | None, line: str
) -> None:
    assert str(credit(author, Site("Pumps"), licence_of(None, DAY), link)) == line


def test_addresses_of_what_was_brought_in() -> None:
    pumps = site("Pumps", "https://pumps.example/?from=here")

    assert [pumps.question(7), pumps.answer(8), pumps.comment(9), pumps.user(1)] == [
        "https://pumps.example/q/7",
        "https://pumps.example/a/8",
        "https://pumps.example/posts/comments/9",
        "https://pumps.example/users/1",
    ]
    assert site("Pumps").question(7) is None


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "pumps.example", "https://", "ftp://pumps.example"]
)
def test_an_address_that_is_none_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        site("Pumps", address)
