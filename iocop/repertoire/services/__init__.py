"""Every write to the repertoire; one module a kind of act."""

from iocop.repertoire.services.discussing import discuss
from iocop.repertoire.services.glossary import count_terms, name_term, unname_term
from iocop.repertoire.services.keeping import hand_over
from iocop.repertoire.services.proposing import (
    Sent,
    propose,
    save_proposal,
    submit,
    withdraw,
)
from iocop.repertoire.services.publishing import publish
from iocop.repertoire.services.requests import ask_for, decline_request, take, want
from iocop.repertoire.services.reviewing import approve, ask_for_changes, decline, recuse
from iocop.repertoire.services.updating import Divided, bring_up_to_date

__all__ = [
    "Divided",
    "Sent",
    "approve",
    "ask_for",
    "ask_for_changes",
    "bring_up_to_date",
    "count_terms",
    "decline",
    "decline_request",
    "discuss",
    "hand_over",
    "name_term",
    "propose",
    "publish",
    "recuse",
    "save_proposal",
    "submit",
    "take",
    "unname_term",
    "want",
    "withdraw",
]
