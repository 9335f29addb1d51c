"""A thousand random histories: what is kept is what the rows say, and a replay says the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from iocop.reputation.book import Act, Book, Tie, Worth
from iocop.reputation.rules import DAILY_MOST, POINT, RULES
from iocop.reputation.settling import GROUP_FLOOR, caps
from iocop.reputation.shelf import Shelf
from tests.reputation.histories import BEGAN, History, added, is_worth, replayed, sums

SEEDS = range(1_000)
WORTH = Worth(1, 10_000)


def test_after_a_thousand_random_histories_balances_are_the_rows_sum_and_a_replay_gives_the_same() -> None:
    for seed in SEEDS:
        history = History(seed).live(24)
        for book in history.shelf:
            again = replayed(book, history)
            assert sums(book) == added(book.entered, book.settled) == sums(again), seed
            assert again.settled == book.settled, seed
            assert is_worth(book.entered), seed


def test_what_is_recalled_from_its_rows_goes_on_as_if_it_had_never_been_closed() -> None:
    for seed in range(60):
        history = History(seed).live(30)
        for book in list(history.shelf):
            recalled = Book(book.member_id, history.shares, iter(range(10_000, 20_000)).__next__)
            recalled.recall(book.entered, book.settled)
            assert sums(recalled) == sums(book), seed
            book._number = iter(range(10_000, 20_000)).__next__
            act = Act("answer_endorsed", book.member_id, (1, 2), 99, 6, Tie("apart", 4, 4), history.now)
            before = len(book.settled)
            for each in (book, recalled):
                each.record(act, WORTH, {1: 2, 2: 4}, 1)
            assert recalled.entered == book.entered[-2:], seed
            assert recalled.settled == book.settled[before:], seed


def test_no_more_than_200_points_a_day_come_from_endorsements_whatever_happens() -> None:
    for seed in range(100):
        for book in History(seed).live(40).shelf:
            assert all(book.chains.brought_on(entry.at.date()) <= DAILY_MOST for entry in book.entered)


def test_a_rules_second_version_leaves_rows_of_its_first_as_they_are() -> None:
    history = History(7).live(40)
    book = next(iter(history.shelf))
    before = list(book.entered)
    history.worths = {rule: Worth(9, worth.base_mp * 3) for rule, worth in history.worths.items()}

    history.live(40)

    assert book.entered[: len(before)] == before
    assert {entry.base_mp for entry in book.entered if entry.rule_version == 1} <= {
        rule.points * POINT for rule in RULES.values()
    }


def endorsements(order: list[int], thing_of: dict[int, int]) -> Book:
    """The book after different people endorsed on one day, in this order."""
    shelf = Shelf(lambda _day: caps(40, 200))
    for actor in order:
        tie = Tie("apart", actor, actor)
        act = Act("answer_endorsed", 1, (1,), thing_of[actor], actor, tie, BEGAN + timedelta(minutes=1))
        shelf.record(act, WORTH, {1: actor % 5})
    return shelf.book(1)


def test_the_order_of_two_votes_of_one_day_changes_nothing_but_who_was_first_for_a_thing() -> None:
    rng = random.Random(3)
    for _ in range(200):
        actors = rng.sample(range(2, 30), rng.randint(2, 12))
        apart = {actor: 1_000 + actor for actor in actors}
        shuffled = rng.sample(actors, len(actors))
        one, other = endorsements(actors, apart), endorsements(shuffled, apart)
        assert one.accounts[1].earned_mp == other.accounts[1].earned_mp
        assert one.accounts[1].settled_mp == other.accounts[1].settled_mp

        first, second = actors[:2]
        together = {first: 7, second: 7}
        ahead, behind = endorsements([first, second], together), endorsements([second, first], together)
        factors = [[entry.factors["item"] for entry in book.entered] for book in (ahead, behind)]
        assert factors == [[1, 2], [1, 2]]


def test_deleting_restoring_and_deleting_again_nets_nothing() -> None:
    history = History(11).live(40)
    for book in history.shelf:
        living = [chain for chain in book.chains if chain.live]
        before = sums(book)
        book.reverse(living, "removed", history.now)
        book.restore(living, history.now)
        restored = {domain: each[0] for domain, each in sums(book).items()}
        assert restored == {domain: each[0] for domain, each in before.items()}
        book.reverse(living, "removed", history.now)
        assert all(chain.settled_mp == 0 for chain in book.chains)
        assert all(account.earned_mp == 0 == account.settled_mp for account in book.accounts.values())


@pytest.mark.theory("1.29")
def test_colleagues_of_one_organization_never_make_more_than_30_percent_of_what_is_settled() -> None:
    share = caps(40, 200).group
    for seed in range(300):
        rng = random.Random(seed)
        shelf = Shelf(lambda _day: caps(40, 200))
        for number in range(rng.randint(10, 80)):
            home = rng.random() < 0.8  # one organization's people are the busiest
            group = 1 if home else rng.choice((None, *range(2, 12)))
            actor = rng.randint(2, 40) if home else rng.randint(50, 200)
            act = Act(
                rng.choice(("answer_endorsed", "answer_accepted", "article_endorsed")), 1, (1,), number % 30, actor,
                Tie("apart", group, group), BEGAN + timedelta(hours=7 * number),
            )  # fmt: skip
            shelf.record(act, Worth(1, RULES[act.rule].points * POINT), {1: rng.randrange(5)})
            pool = shelf.book(1).accounts[1].pool
            most = max(pool.by_group.values(), default=0)
            assert most <= max(GROUP_FLOOR, share.of(pool.settled)), seed
            if share.of(pool.settled) > GROUP_FLOOR:
                assert 10 * most <= 3 * pool.settled, seed
