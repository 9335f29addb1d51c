"""The row that decides is read anew and locked inside the act."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from iocop.contributions import policy
from iocop.contributions.models import Contribution
from iocop.core.db import act
from iocop.core.errors import Conflict, Missing


def locked(contribution_id: int) -> Contribution:
    """Return a contribution's row, locked until the act ends.

    Raises:
        Missing: there is none.
    """
    with act() as session:
        row = session.get(Contribution, contribution_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(_l("There is nothing here, or it is not open to you."))
    return row


def locked_ungoverned(contribution_id: int) -> Contribution:
    """Return a contribution's locked row, where no feature above lets it change by a reviewed proposal alone.

    Raises:
        Missing: there is none.
        Conflict: it waits for two people of two organizations, whoever asks: the board and moderators too.
    """
    row = locked(contribution_id)
    if policy.governed(row):
        raise Conflict(policy.GOVERNED.reason)
    return row
