"""`iocop roles grant`, known as `iocop members grant` too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import DomainError
from iocop.members.models import Member
from iocop.members.numbers import parse
from iocop.roles import queries, services
from iocop.roles.models import ROLES

if TYPE_CHECKING:
    from flask import Flask

OPERATOR = "Operator at the command line"


def init_app(app: Flask) -> None:
    """Add the commands, also to the group of members where there is one."""
    app.cli.add_command(group)
    members = app.cli.commands.get("members")
    if not isinstance(members, click.Group):
        members = click.Group("members", help="Keep memberships.")
        app.cli.add_command(members)
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
    key = parse(number)
    member = db.session.scalar(select(Member).where(Member.number == key)) if key is not None else None
    if member is None:
        raise click.ClickException(f"There is no member {number}.")
    try:
        with act():
            granted = services.grant_role(None, member.id, role, _decision(decision, body))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
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
