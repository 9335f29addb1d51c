"""Addresses of people, houses and machines. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from iocop.safety.rules.finding import Finding, apart

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every repetition is bounded and begins where a word does, so that no text takes longer than its length asks for.
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_NOBODYS: Final = re.compile(r"(?:^|[.@])(?:example|test|invalid|localhost|example\.(?:com|org|net|edu))$")
_IPV4: Final = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_VERSION: Final = re.compile(
    r"(?:\bv|version|firmware|release|build|revision|rev\.?|FW|SW)\s{0,2}$", re.IGNORECASE
)
_COLONS: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{6,45}(?![\w:])")
_MAC: Final = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")
_PHONE: Final = re.compile(
    r"(?<![\w+])(?:\+|00)[1-9](?:[ ()/.-]{0,2}\d){7,14}(?!\w)"
    r"|(?i:\b(?:tel|phone|telephone|mobile|call|ring|fax|telefon|tél|telefone|teléfono|handy)\b)"
    r"[.:]{0,2}\s{0,2}(?:(?:me|us|him|her|them|at|on|no|number|is)\b\.?:?\s?){0,3}(\(?\d(?:[ ()/.-]{0,2}\d){6,14})(?!\w)"
)
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
_NAME: Final = rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
_PETIT: Final = r"(?:(?:de|du|des|la|le) |[ld]['’]){0,2}"
_SMALL: Final = r"(?:(?:de|da|do|dos|das|del|della|la|el) ){0,2}"
_NUMBER: Final = r",? (?:n\.?[º°o]\.? ?)?\d{1,4}\b"
_STREETS: Final = rf"""
    \b\d{{1,4}}[a-zA-Z]?,? (?:{_CAPITAL} ){{1,3}}(?:Street|Road|Avenue|Lane|Drive|Court|Square|Terrace|Boulevard|Quay)\b
    \b\d{{1,4}}[a-zA-Z]?,? (?:{_CAPITAL} ){{1,3}}(?:Crescent|Place|Close|Parade|Rd|Ave|Blvd)\b
    \b[A-ZÄÖÜ][a-zäöüß-]{{2,30}}(?:straße|strasse|str\.|gasse|allee|platz|weg|damm|ufer) \d{{1,4}}\b
    \b[A-Z][a-z]{{2,30}}(?:straat|laan|gracht|kade|plein) \d{{1,4}}\b
    \b\d{{1,4}}(?: bis| ter)?,? (?:rue|avenue|boulevard|chemin|quai|impasse) {_PETIT}{_CAPITAL}
    \b(?:Rua|Avenida|Av\.|Travessa|Calle|Via|Viale|Piazza|Corso|Plaza|Largo) {_SMALL}{_NAME}{_NUMBER}
"""
_STREET: Final = re.compile("|".join(map(str.strip, _STREETS.strip().splitlines())))


def addresses(text: str) -> list[Finding]:
    """Return e-mail addresses, network addresses, telephone numbers and streets with a house number.

    Addresses that belong to nobody (documentation, loopback, masks) are no finding.
    """
    return apart([*_mails(text), *_machines(text), *_phones(text), *_of(_STREET, text, "street")])


def _of(pattern: re.Pattern[str], text: str, because: str) -> Iterator[Finding]:
    for found in pattern.finditer(text):
        yield Finding("address", *found.span(), found[0], because)


def _mails(text: str) -> Iterator[Finding]:
    for found in _of(_MAIL, text, "e-mail"):
        if not _NOBODYS.search(found.words.rpartition("@")[2].lower()):
            yield found


def _phones(text: str) -> Iterator[Finding]:
    for found in _PHONE.finditer(text):
        start, end = found.span(1) if found[1] else found.span()
        yield Finding("address", start, end, text[start:end], "phone")


def _machines(text: str) -> Iterator[Finding]:
    for found in _of(_IPV4, text, "network"):
        if _is_somebodys(found.words) and not _VERSION.search(text[max(0, found.start - 12) : found.start]):
            yield found
    yield from _of(_MAC, text, "network")
    for found in _of(_COLONS, text, "network"):
        if (
            found.words.count(":") >= 2
            and re.search("[0-9A-Fa-f]{3}", found.words)
            and _is_somebodys(found.words)
        ):
            yield found


def _is_somebodys(words: str) -> bool:
    try:
        address = ipaddress.ip_address(words)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    mask = address.version == 4 and (int(address) >> 24 == 255 or int(address) >> 24 == 0)
    return not mask and not any(
        address in block for block in _DOCUMENTATION if block.version == address.version
    )


_DOCUMENTATION: Final = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
"""Sources: RFC 5737, RFC 3849; for mail, RFC 2606."""
