"""What time does to the repertoire; each may be run again and again."""

from __future__ import annotations

from iocop.core.jobs import periodic
from iocop.repertoire.services.glossary import count_terms
from iocop.repertoire.services.reminding import remind_keepers
from iocop.repertoire.services.renewing import end_due
from iocop.repertoire.services.widening import widen_waiting


@periodic(minute="7")
def end_what_is_due() -> None:
    """End the time of the articles whose review date has passed."""
    while end_due():
        pass


@periodic(minute="17")
def widen() -> None:
    """Offer what has waited for 14 days to neighbouring domains."""
    while widen_waiting():
        pass


@periodic(minute="27", hour="5")
def remind() -> None:
    """Remind owners, then deputies, that an article's time runs out."""
    while remind_keepers():
        pass


@periodic(minute="47", hour="3")
def count_words() -> None:
    """Count how often the glossary's terms are used."""
    count_terms()
