"""`iocop roles grant`, known as `iocop members grant` too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from flask_babel import force_locale

from iocop.core import clock
from iocop.core.db import act
from iocop.members.cli import members, telling
from iocop.members.numbers import parse
from iocop.members.queries import member_by_number
from iocop.roles import queries, services
from iocop.roles.models import ROLES

if TYPE_CHECKING:
    from flask import Flask

OPERATOR = "Operator at the command line"


def init_app(app: Flask) -> None:
    """Add the commands, the granting one to the group of members too."""
    app.cli.add_command(group)
    members.add_command(grant)


@click.group("roles")
def group() -> None:
    """Keep offices."""


@group.command()
@click.argument("number")
@click.argument("role", type=click.Choice(ROLES))
@click.option(
    "--decision", required=True, help="The number of a recorded decision, or the text of a new one."
)
@click.option("--body", default=OPERATOR, help="Who took the new decision.")
def grant(number: str, role: str, decision: str, body: str) -> None:
    """Give member NUMBER (such as IOCOP-0001-234X) the office ROLE by a decision."""
    member = member_by_number(parse(number))
    if member is None:
        raise click.BadParameter(f"{number!r} is no member")
    with force_locale("en"), telling(), act():
        granted = services.grant_role(None, member.id, role, _decision(decision, body))
    click.echo(f"{member.name} is {role} by decision {granted.decision_id}.")


def _decision(given: str, body: str) -> int:
    """Return the decision of that number, or write down a new one taken today."""
    number = re.fullmatch(r"#?(\d+)", given.strip())
    if number is None:
        return services.record_decision(None, body, clock.now().date(), given).id
    found = queries.decision(int(number[1]))
    if found is None:
        raise click.ClickException(f"There is no decision {given}.")
    return found.id
