"""Every write to the repertoire; one module a kind of act."""

from iocop.repertoire.services.keeping import hand_over
from iocop.repertoire.services.proposing import (
    Sent,
    propose,
    save_proposal,
    submit,
    withdraw,
)
from iocop.repertoire.services.publishing import publish
from iocop.repertoire.services.reviewing import approve, ask_for_changes, decline, recuse

__all__ = [
    "Sent",
    "approve",
    "ask_for_changes",
    "decline",
    "hand_over",
    "propose",
    "publish",
    "recuse",
    "save_proposal",
    "submit",
    "withdraw",
]
