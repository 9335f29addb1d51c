"""An organization's own confidential terms, known by keyed digests of one to five words alone. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from iocop.safety.rules.finding import Finding, apart, few
from iocop.safety.rules.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from iocop.safety.rules.words import Word

LONGEST_TERM = 5
"""Most words of a term."""

_BLOCK = 64
"""Bytes SHA-256 works on at a time: what HMAC pads a key to."""


class Kind(NamedTuple):
    """How a term is looked for.

    Attributes:
        words: how many it has, 1 to `LONGEST_TERM`.
        capital: it was typed with a capital, so it is looked for only where a capital or a digit stands.
    """

    words: int
    capital: bool


class Term(NamedTuple):
    """A term as it is compared: how it is looked for, and its folded words with one space between them."""

    kind: Kind
    folded: str


def term(typed: str) -> Term:
    """Return a term without case, accents and what stands between its words."""
    words = words_of(typed)
    capital = any(letter.isupper() for letter in typed)
    return Term(Kind(len(words), capital), " ".join(word.folded for word in words))


def digest(key: bytes, organization_id: int, term: Term) -> str:
    """Return what is kept of a term: 64 hexadecimal digits, different for each organization.

    Whoever has the key can test guesses; whoever has the digests alone cannot.

    Args:
        key: at most 64 bytes.

    Source:
        HMAC with SHA-256, RFC 2104; its two padded keys are hashed once, because a text asks thousands of times.
    """
    return _sealer(key, organization_id, term.kind)(term.folded.encode())


def _sealer(key: bytes, organization_id: int, kind: Kind) -> Callable[[bytes], str]:
    """Return what makes the digest of the words of one kind of term."""
    block = key.ljust(_BLOCK, b"\0")
    within = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    within.update(f"{organization_id}:{'^' if kind.capital else ''}".encode())
    around = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def seal(words: bytes) -> str:
        inner, outer = within.copy(), around.copy()
        inner.update(words)
        outer.update(inner.digest())
        return outer.hexdigest()

    return seal


def confidential(text: str, key: bytes, lists: Mapping[int, Mapping[Kind, Collection[str]]]) -> list[Finding]:
    """Return where terms of some organizations stand in a text, the longest first where several begin together.

    Args:
        lists: for each organization, the digests of its terms by the way they are looked for.
    """
    words = words_of(text)
    found: list[Finding] = []
    for organization_id, by_kind in lists.items():
        for kind in sorted(by_kind, reverse=True):
            found += few(_of_kind(text, words, key, organization_id, kind, by_kind[kind]))
    return apart(sorted(found, key=lambda each: each.start - each.end))


def _of_kind(
    text: str, words: list[Word], key: bytes, organization_id: int, kind: Kind, digests: Collection[str]
) -> Iterator[Finding]:
    seal, known = _sealer(key, organization_id, kind), dict[bytes, bool]()
    folded = [word.folded.encode() for word in words]
    marked = [word.marked for word in words]
    for at in range(len(words) - kind.words + 1):
        until = at + kind.words
        if kind.capital and not any(marked[at:until]):
            continue
        run = b" ".join(folded[at:until])
        if run not in known:
            known[run] = seal(run) in digests
        if known[run]:
            start, end = words[at].start, words[until - 1].end
            yield Finding("confidential", start, end, text[start:end], "term")
