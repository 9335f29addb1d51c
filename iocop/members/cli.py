"""Commands about members; higher features add theirs to the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask_babel import force_locale

from iocop.core.errors import DomainError
from iocop.members import queries, services
from iocop.members.numbers import parse

if TYPE_CHECKING:
    from iocop.core.login import Viewer


@click.group
def members() -> None:
    """Look after members."""


def viewer_at(number: str) -> Viewer:
    """Return the member a number names, as services take them.

    Raises:
        click.BadParameter: nobody, or a digit is wrong.
    """
    member = queries.member_by_number(parse(number))
    found = queries.viewer_of(member.id) if member else None
    if found is None:
        raise click.BadParameter(f"{number!r} is no member who may sign in")
    return found


@members.command
@click.argument("author")
@click.option("--for", "number", required=True, help="The number of the member who wrote it.")
@click.option("--evidence", required=True, help="Where an administrator can see that they are the same.")
def claim(author: str, number: str, evidence: str) -> None:
    """Claim the imported AUTHOR (a member number) for a member; an administrator approves."""
    imported = queries.member_by_number(parse(author))
    if imported is None:
        raise click.BadParameter(f"{author!r} is no author's number")
    with force_locale("en"), telling():
        made = services.claim(viewer_at(number), imported.id, evidence)
    click.echo(f"Claim {made.id} waits: iocop members approve-claim {made.id} --as ADMINISTRATOR")


@members.command
@click.argument("claim_id", type=int)
@click.option("--as", "number", required=True, help="The administrator's member number.")
@click.option("--decline", is_flag=True, help="Say no.")
def approve_claim(claim_id: int, number: str, *, decline: bool) -> None:
    """Decide about a claim as an administrator."""
    with force_locale("en"), telling():
        services.decide_claim(viewer_at(number), claim_id, approve=not decline)
    click.echo(f"Claim {claim_id} is {'declined' if decline else 'approved'}.")


class telling:  # noqa: N801 -- reads as a verb: with telling()
    """Turn a domain error into the command's message and exit status 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, DomainError):
            raise click.ClickException(str(error.reason)) from error
