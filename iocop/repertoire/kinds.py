"""The kinds of article: what each is for, how long it is taken to hold, and what a new one begins with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence


@dataclass(frozen=True)
class Kind:
    """One kind of article.

    Attributes:
        key: as rows and addresses name it.
        name: one of it.
        section: all of them, as the repertoire's menu says.
        meaning: what belongs here, in one sentence.
        review_months: after how many months somebody should look whether it still holds, from 3 to 60.
        template: the Markdown a new one begins with.
    """

    key: str
    name: Sentence
    section: Sentence
    meaning: Sentence
    review_months: int
    template: Sentence


HOW_TO = Kind(
    "how-to", _l("How-to"), _l("How-tos"),
    _l("Steps that lead to one result, in the order one does them."), 18,
    _l("## When to do this\n\n\n\n## What you need\n\n\n\n## Steps\n\n1. \n\n## How to tell that it worked\n\n"),
)  # fmt: skip
REFERENCE = Kind(
    "reference", _l("Reference"), _l("References"),
    _l("Facts to look up: values, limits, names, relations."), 24,
    _l("## What it covers\n\n\n\n## The facts\n\n\n\n## Sources\n\n"),
)  # fmt: skip
TROUBLESHOOTING = Kind(
    "troubleshooting", _l("Troubleshooting guide"), _l("Troubleshooting"),
    _l("From a symptom to its causes and what mends each."), 12,
    _l("## Symptom\n\n\n\n## Likely causes, most frequent first\n\n\n\n## What mends each\n\n\n\n## When to stop\n\n"),
)  # fmt: skip
CASE = Kind(
    "case", _l("Case card"), _l("Case cards"),
    _l("What one did in one situation, and what came of it. No client's name."), 60,
    _l(
        "## Situation\n\n\n\n## Constraints\n\n\n\n## What was tried\n\n\n\n## Result\n\n\n\n"
        "## Would we do it again?\n\n"
    ),
)  # fmt: skip
TERM = Kind(
    "term", _l("Glossary term"), _l("Glossary"),
    _l("A word of the practice, what it means here, and what others call it."), 36,
    _l("## Meaning\n\n\n\n## Not to be confused with\n\n"),
)  # fmt: skip
ROUTINE = Kind(
    "routine", _l("Routine"), _l("Routines"),
    _l("What the practice does again and again, and why in this way."), 24,
    _l("## When\n\n\n\n## Who takes part\n\n\n\n## What is done\n\n\n\n## Why in this way\n\n"),
)  # fmt: skip
MAP = Kind(
    "map", _l("Concept map"), _l("Concept maps"),
    _l("Terms and how they hang together, drawn from lines of text."), 36,
    _l("## The question it answers\n\n\n\n```concept-map\nFirst term -- leads to --> Second term\n```\n"),
)  # fmt: skip
TRADITION = Kind(
    "tradition", _l("Tradition"), _l("Traditions"),
    _l("What practitioners do because they are practitioners, and the story behind it."), 60,
    _l("## What happens\n\n\n\n## Where it comes from\n\n\n\n## What it does for us\n\n"),
)  # fmt: skip
COPING = Kind(
    "coping", _l("Coping story"), _l("Coping with…"),
    _l("How somebody got through what the practice does to people: night work, blame, waiting."), 60,
    _l("## What it was like\n\n\n\n## What helped\n\n\n\n## What I would tell somebody in it\n\n"),
)  # fmt: skip
CONDUCT = Kind(
    "conduct", _l("Code of conduct"), _l("Conduct"),
    _l("How we treat each other, each other's employers, and their clients."), 12,
    _l("## What we promise\n\n\n\n## What we do when it goes wrong\n\n"),
)  # fmt: skip

KINDS = {
    kind.key: kind
    for kind in (
        HOW_TO, TROUBLESHOOTING, REFERENCE, CASE, ROUTINE, TERM, MAP, TRADITION, COPING, CONDUCT,
    )
}  # fmt: skip
"""In the order the repertoire's menu has them."""
