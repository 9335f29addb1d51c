"""What each rule finds in a text: pure, and in time that grows with the text alone, whatever was typed."""

from iocop.safety.rules.addresses import addresses
from iocop.safety.rules.clients import Names, clients
from iocop.safety.rules.confidential import LONGEST_TERM, Kind, Term, confidential, digest, term
from iocop.safety.rules.finding import RULES, Finding, apart
from iocop.safety.rules.money import money
from iocop.safety.rules.properties import properties
from iocop.safety.rules.roles import replaced

__all__ = [
    "LONGEST_TERM",
    "RULES",
    "Finding",
    "Kind",
    "Names",
    "Term",
    "addresses",
    "apart",
    "clients",
    "confidential",
    "digest",
    "money",
    "properties",
    "replaced",
    "term",
]
