"""Roles stand where names stood, in whatever looks; links that tell names lead nowhere."""

from __future__ import annotations

import pytest

from iocop.transfer.blocks import Block, Run
from iocop.transfer.naming import Name, Names
from iocop.transfer.replacing import Replacer

NAMES = Names([Name(("bob", "birch"), "practitioner A"), Name(("birch",), "organization A")], {}, "", "")
SITE = "https://guild.example"


def replaced(*runs: Run, **choices: str) -> list[Run]:
    replacer = Replacer(NAMES, {name.replace("_", " "): becomes for name, becomes in choices.items()}, SITE)
    replacer.survey("".join(run.text for run in runs))
    return list(replacer.block(Block("paragraph", runs)).runs)


def test_a_name_that_is_part_bold_looks_as_it_begins() -> None:
    assert replaced(Run("so "), Run("Bob", bold=True), Run(" Birch said")) == [
        Run("so "), Run("practitioner A", bold=True, mark="role"), Run(" said"),
    ]  # fmt: skip


def test_a_role_that_begins_a_sentence_has_a_capital() -> None:
    assert [run.text for run in replaced(Run("Bob Birch said. Birch too."))] == [
        "Practitioner A", " said. ", "Organization A", " too.",
    ]  # fmt: skip


def test_what_the_member_replaces_never_cuts_a_name_in_two() -> None:
    assert [run.text for run in replaced(Run("at Birch Street, in Kingsbridge"), Birch_Street="x", Kingsbridge="y")] == [
        "at ", "organization A", " Street, in ", "y",
    ]  # fmt: skip


def test_a_role_can_have_another_name_and_be_struck() -> None:
    assert [run.text for run in replaced(Run("as Bob Birch said"), Bob_Birch="a colleague")][
        1
    ] == "a colleague"
    assert [run.text for run in replaced(Run("as Bob Birch said"), Bob_Birch="")][1] == "[…]"


@pytest.mark.parametrize(
    ("href", "whole"),
    [
        ("", ""), ("/t/5", f"{SITE}/t/5"), ("/id/IOCOP-1", ""), (f"{SITE}/organizations/x", ""),
        ("mailto:a@b.example", ""),
        ("https://birch.example/x", ""), ("https://docs.example/bob-birch", ""), ("https://docs.example/x",) * 2,
        ("/ideas", f"{SITE}/ideas"),
    ],
)  # fmt: skip
def test_a_link_leads_where_it_tells_no_name(href: str, whole: str) -> None:
    assert Replacer(NAMES, {}, SITE).address(href) == whole


def test_where_names_may_travel_links_are_only_made_whole() -> None:
    assert Replacer(None, {}, SITE).address("/id/IOCOP-1") == f"{SITE}/id/IOCOP-1"
