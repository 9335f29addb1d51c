"""`iocop elections …`: count a ballot file. It starts at once, for it needs neither application nor database."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from iocop.core.sparing import uncollected
from iocop.elections.cli_verify import verify, watch
from iocop.elections.counting import blt, lots, rules, telling

if TYPE_CHECKING:
    from iocop.elections.counting.papers import Profile


class Lot(NamedTuple):
    """Candidates, the favoured first, and where that order comes from."""

    order: tuple[int, ...]
    origin: str


@click.group
def elections() -> None:
    """Count elections anew, verify their archives, watch them: from what is published alone."""


elections.add_command(verify)
elections.add_command(watch)


@elections.command
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--rule", type=click.Choice(list(rules.RULES)), default="scottish", show_default=True,
              help="The counting rule.")  # fmt: skip
@click.option("--seats", type=click.IntRange(min=1), help="Seats to be filled; by default, as the file says.")
@click.option("--lot", "named", metavar="NUMBERS",
              help="All candidates, the favoured first, as 3,1,2; by default, in the order of the file.")  # fmt: skip
@click.option("--seed", metavar="HEX", help="The lot key; the order of the lot is made from it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def count(
    file: Path, rule: str, seats: int | None, named: str | None, seed: str | None, *, as_json: bool
) -> None:
    """Count the ballot file FILE (BLT) and print every stage, tie and lot."""
    with (
        uncollected()
    ):  # a million ballots are no garbage, and looking through them takes a quarter of the time
        profile = _profile(file, seats)
        lot = _lot(profile, named, seed)
        outcome = rules.counter(rule)(profile, lot.order)
    if as_json:
        click.echo(json.dumps(telling.as_json(profile, outcome, lot.order), ensure_ascii=False, indent=1))
    else:
        click.echo(telling.as_text(profile, outcome, lot.order, lot.origin), nl=False)


def _profile(file: Path, seats: int | None) -> Profile:
    try:
        profile = blt.read(file.read_bytes())
    except blt.BltError as error:
        raise click.ClickException(f"{file.name}, {error}") from None
    return profile if seats is None else replace(profile, seats=seats)


def _lot(profile: Profile, named: str | None, seed: str | None) -> Lot:
    candidates = range(1, len(profile.candidates) + 1)
    if named is not None and seed is not None:
        raise click.BadParameter("Give either --lot or --seed, not both.", param_hint="--seed")
    if named is not None:
        return Lot(_named(profile, named), "--lot")
    if seed is not None:
        return Lot(lots.order(_key(seed), candidates), "--seed")
    return Lot(tuple(candidates), "the order of the file (neither --lot nor --seed was given)")


def _named(profile: Profile, named: str) -> tuple[int, ...]:
    words = [word.strip() for word in named.split(",")]
    last = len(profile.candidates)
    for word in words:
        if not (word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= last and len(word) < 10):
            raise click.BadParameter(
                f"“{word}” is no candidate: write numbers from 1 to {last}, as 3,1,2.", param_hint="--lot"
            )
    order = tuple(map(int, words))
    if len(set(order)) < len(order):
        raise click.BadParameter("A candidate stands twice: name each once.", param_hint="--lot")
    missing = set(range(1, last + 1)) - set(order) - profile.withdrawn
    if missing:
        raise click.BadParameter(
            f"Name every candidate; missing: {', '.join(map(str, sorted(missing)))}.", param_hint="--lot"
        )
    return order


def _key(seed: str) -> bytes:
    try:
        key = bytes.fromhex(seed)
    except ValueError:
        key = b""
    if not key:
        raise click.BadParameter("Write the lot key in hexadecimal digits, two a byte.", param_hint="--seed")
    return key
