"""Help is a social exchange: nothing turns money into points, and nothing hands points from one to another."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iocop.core import events
from iocop.core.db import Model
from iocop.reputation.book import Act
from iocop.reputation.rules import RULES
from iocop.reputation.services import writing
from tests.factories import make_member
from tests.forums.factories import make_domain
from tests.reputation.ledgers import an_act, ledger_of, make_thing

if TYPE_CHECKING:
    from flask import Flask

IOCOP = Path(__file__).parents[2] / "iocop"
TRADE = (
    "bounty", "price", "payment", "invoice", "purchase", "currency", "wallet", "coin", "donat", "tip_",
    "transfer_points", "gift", "reward", "escrow", "stake",
)  # fmt: skip
VALUES = {
    "ledger": {"base_mp", "amount_mp"}, "ledger_rule": {"base_mp"}, "settlement": {"amount_mp"},
    "balance": {"earned_mp", "settled_mp", "standing_mp"}, "day_balance": {"settled_mp"},
}  # fmt: skip
"""Every column that holds points: each belongs to the one member of its row."""


@pytest.mark.theory("1.56")
def test_no_table_rule_route_or_event_moves_money_or_points_between_members(app: Flask) -> None:
    names = {
        *(
            f"{table.name}.{column.name}"
            for table in Model.metadata.tables.values()
            for column in table.columns
        ),
        *(rule.rule for rule in app.url_map.iter_rules()),
        *(rule.endpoint for rule in app.url_map.iter_rules()),
        *RULES,
        *(name.lower() for name in events.Event.kinds),
    }
    assert [name for name in sorted(names) if any(word in name.lower() for word in TRADE)] == []
    held = {
        table.name: {column.name for column in table.columns if column.name.endswith(("_mp", "points"))}
        for table in Model.metadata.tables.values()
    }
    assert {name: columns for name, columns in held.items() if columns} == VALUES
    for name in VALUES.keys() - {"ledger_rule"}:
        assert "member_id" in Model.metadata.tables[name].columns


@pytest.mark.theory("1.56")
def test_what_one_is_given_costs_nobody_and_nobody_chooses_how_much_it_is(app: Flask) -> None:
    """An act names a rule and no amount; its giver's ledger stays as it was; giving oneself brings nothing."""
    del app
    ada, ben, domain = make_member(), make_member(), make_domain()

    writing.record([
        an_act(ada, ben, make_thing(ada), (domain.id,)), an_act(ada, ada, make_thing(ada), (domain.id,)),
    ])  # fmt: skip

    assert [row.actor_id for row in ledger_of(ada)] == [ben.id]
    assert ledger_of(ben) == []
    amounts = {name for name in Act._fields if "mp" in name or "amount" in name or "points" in name}
    assert amounts == set()
    assert not any("amount" in name for name in inspect.signature(writing.record).parameters)


def test_rows_of_points_are_written_in_the_ledgers_own_services_alone() -> None:
    """Whoever makes a row of the ledger's tables is found here."""
    writers = {
        path.relative_to(IOCOP).as_posix()
        for path in (*IOCOP.glob("reputation/**/*.py"), *_importing("iocop.reputation"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"LedgerRow", "Settlement", "DayBalance"}
    }
    assert {name for name in writers if not name.startswith("reputation/services/")} == set()


def _importing(module: str) -> list[Path]:
    return [path for path in IOCOP.rglob("*.py") if f"from {module}" in path.read_text(encoding="utf-8")]
