"""Names are found whatever their case, accents and surroundings; ordinary words are left alone."""

from __future__ import annotations

import time

import pytest

from iocop.transfer.naming import Name, Names, words_of

ANN = Name(("ann", "alder"), "practitioner A")
FIRST = Name(("ann",), "practitioner A", cased=True)
ACME = Name(("acme",), "organization A")
MARSH = Name(("hollen", "marsh"), "organization B")
INFO = Name(("it",), "organization C")
SHELL = Name(("shell",), "organization D")
OBRIEN = Name(("o", "brien"), "organization E")


def found(text: str) -> list[tuple[str, str, bool]]:
    names = Names(
        [ANN, FIRST, ACME, MARSH, INFO, SHELL, OBRIEN], {"bob": "practitioner B"}, "a member", "[contact]"
    )
    return [(text[one.start : one.end], one.role, one.sure) for one in names.found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asked Ann Alder today", [("Ann Alder", "practitioner A", True)]),
        ("asked ANN ALDER today", [("ANN ALDER", "practitioner A", True)]),
        ("asked ann alder today", [("ann alder", "practitioner A", True)]),
        ("as Ann's note says", [("Ann", "practitioner A", True)]),
        ("an ann is no name", []),
        ("at Acme GmbH we do", [("Acme GmbH", "organization A", True)]),
        ("use Acme as you like", [("Acme", "organization A", True)]),
        ("at Äcme", [("Äcme", "organization A", True)]),
        ("host acme-srv01", [("acme", "organization A", False)]),
        ("host hollen_marsh.example", [("hollen_marsh", "organization B", True)]),
        ("Hollen\nMarsh", []),
        ("it is so, and shell scripts", [("shell", "organization D", False)]),
        ("Shell scripts", [("Shell", "organization D", False)]),
        ("asked IT about it", [("IT", "organization C", True)]),
        ("O’Brien and O'Brien", [("O’Brien", "organization E", True), ("O'Brien", "organization E", True)]),
        ("Acmeology", []),
        ("@bob said", [("@bob", "practitioner B", True)]),
        ("@Bob and @nobody", [("@Bob", "practitioner B", True), ("@nobody", "a member", False)]),
        ("write to ann@acme.example.", [("ann@acme.example", "[contact]", True)]),
        ("call +49 30 1234567 or 12 345", [("+49 30 1234567", "[contact]", True)]),
        ("5 + 3 = 8", []),
        ("Hollen", []),
    ],
)  # fmt: skip
def test_a_name_is_found(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(text) == expected


def test_the_longest_of_several_names_counts() -> None:
    names = Names([Name(("acme",), "short"), Name(("acme", "pumps"), "long")], {}, "", "")

    assert [one.role for one in names.found("Acme Pumps and Acme")] == ["long", "short"]


def test_a_name_without_a_telling_letter_is_never_looked_for() -> None:
    names = Names([Name((), "nobody"), Name(("a",), "nobody")], {}, "", "")

    assert names.found("a A a") == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme GmbH & Co. KG", ("acme", "gmbh", "co", "kg")),
        ("Ltd", ("ltd",)),
        ("Ångström SA", ("angstrom",)),
        ("…", ()),
    ],
)
def test_a_name_is_compared_without_how_the_business_is_set_up(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) in {words, ("acme",)}


@pytest.mark.parametrize(
    "text", ["a" * 60_000 + " +", "a@" * 30_000, "a." * 30_000 + "@"], ids=["run", "signs", "dots"]
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    found(text)

    assert time.process_time() - started < 2
