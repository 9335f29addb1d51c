"""Which internet domain an address proves, by the public suffix list as bundled: nothing is fetched. Pure."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

FREE_MAIL = Path(__file__).with_name("free_mail.txt")


@cache
def _extractor() -> TLDExtract:
    """Make the extractor on first use: the library loads an HTTP client that is never asked for anything."""
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@cache
def free_mail() -> frozenset[str]:
    """Return the domains where anybody gets an address, so that one proves nothing."""
    lines = FREE_MAIL.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def tidy(domain: str) -> str:
    """Return a domain as it is stored: lower case, international letters in their ASCII form.

    Raises:
        ValueError: not a domain name.
    """
    bare = domain.strip().lower().removeprefix("@").rstrip(".")
    return idna.encode(bare, uts46=True).decode()


def registrable(domain: str) -> str:
    """Return the part of a domain that somebody registered, such as ``acme.co.uk``; empty for a public suffix.

    Source:
        https://publicsuffix.org/list/ : where no rule matches, the last label is the suffix.
    """
    found = _extractor()(domain)
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix
    return ".".join(domain.split(".")[-2:]) if "." in domain else ""


def is_free_mail(domain: str) -> bool:
    """Say whether anybody gets an address on a domain."""
    return domain in free_mail() or registrable(domain) in free_mail()


def can_be_proved(domain: str) -> bool:
    """Say whether a domain can be one organization's: registered by somebody, and no place of free mail."""
    return bool(registrable(domain)) and not is_free_mail(domain)


def and_above(domain: str) -> list[str]:
    """Return a domain and those it lies below, the longest first, down to the registered one; none for a suffix."""
    top = registrable(domain)
    if not top:
        return []
    labels = domain.removesuffix(top).rstrip(".").split(".") if domain != top else []
    below = [".".join([*labels[start:], top]) for start in range(len(labels))]
    return [*below, top]
