"""What competitors do not talk about with each other: prices, bids, wages, and who serves whom. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iocop.safety.rules.finding import Finding, apart, few

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRICES: Final = r"""
    \b(?:our|my|we|us|their|his|your|own)(?:[ -]\w{1,20}){0,2}[ -](?:prices?|pricing|bids?|tender (?:sum|figure|price))\b
    \b(?:our|my|we|us|their|his|your|own)(?:[ -]\w{1,20}){0,2}[ -](?:margins?|mark-?ups?|rates? per (?:hour|day)|fees?)\b
    \b(?:our|my|we|us|their|his|your|own)(?:[ -]\w{1,20}){0,2}[ -](?:discounts?|rebates?|quote|quotation|turnover)\b
    \b(?:bid|tender|contract|unit|list|net|selling|purchase|asking|quoted|minimum|winning|transfer)[ -]prices?\b
    \b(?:price|pricing)[ -](?:list|increase|rise|cut|war|level|floor|agreement|book|schedule|per)s?\b
    \bprices? (?:of|at|we|they|you) (?:charge|quote|offer|bid|ask)
    \bpric(?:e|es|ed|ing) (?:it|them|this|that|the job|the work|at|below|above|under|between)\b
    \b(?:hourly|daily|day|labou?r|call-?out|charge-?out|overtime|billing)[ -](?:rates?|charges?|fees?)\b
    \b(?:profit|gross|net|operating|trade)[ -](?:margins?|mark-?ups?|discounts?)\b
    \b(?:we|they|you|he|she|competitors?) (?:\w{1,12} )?(?:quoted?|bid|invoiced?|bill(?:ed)?|tendered) (?=\D{0,12}\d)
    \b(?:we|they|you|he|she|competitors?) (?:\w{1,12} )?(?:quoted?|bid|tendered) (?:low|high|more|less|below|above)\b
    \b(?:we|they|you|he|she|competitors?) (?:\w{1,12} )?(?:quoted?|bid|tendered|bill(?:ed)?) (?:for the|the job|against)\b
    \b(?:underbid|undercut|undercutting)\b
    \b(?:\d{1,3} ?%|percent|per cent) (?:discount|rebate|margin|mark-?up|commission|off list|off the list)
    \b(?:Angebotspreis|Preisliste|Stundens[aä]tz|Marge|Rabatt|Einheitspreis)\w{0,3}\b
    \b(?:nos prix|notre prix|prix unitaires?|taux horaires?|tarif horaire|remise de|marge (?:brute|nette))\b
    \b(?:nossos? preços?|preço (?:unitário|de venda|por hora)|tarifa horária)\b
    \b(?:nuestros? precios?|precio (?:unitario|por hora)|tarifa horaria)\b
"""
_WAGES: Final = r"""
    \b(?:wages?|salar(?:y|ies)|payroll|pay ?(?:rise|scale|grade|slip|band)s?|starting pay|take-home pay|overtime pay)\b
    \bpay (?:them|our|him|her|the apprentices|apprentices|fitters|technicians|engineers|a fitter|a technician)\b
    \b(?:bonus(?:es)?|Gehalt|Gehälter|Gehaltsband|Löhne|Lohn|Stundenlohn|salaires?|salários?|salarios?|sueldos?)\b
"""
_MARKETS: Final = r"""
    \b(?:share|split|divide|carve|allocate)(?: up)? (?:the |our )?(?:\w{1,15} )?(?:customers?|clients?|territor)
    \b(?:share|split|divide|carve|allocate)(?: up)? (?:the |our )?(?:market|bids?|tenders?)\b
    \b(?:stay|keep) (?:out of|away from) (?:our|their|your) (?:customers?|clients?|territor(?:y|ies)|region|market)\b
    \b(?:no-poach|boycott|not (?:to )?bid (?:against|on)|cover bid|take turns (?:to bid|bidding))
"""
_AMOUNT: Final = re.compile(
    r"(?:€|£|EUR ?|GBP ?|CHF ?|USD ?|US\$|CA\$|A\$) ?\d[\d.,' \u202f]{0,12}\d?(?: ?(?:k|m|bn|million|thousand)\b)?"
    r"|\$ ?(?:\d[\d,]{1,10}|\d\.\d\d)(?:\.\d\d)?(?: ?(?:k|m|million)\b)?(?!\w)"
    r"|\b\d[\d.,' \u202f]{0,12}(?: ?(?:k|m|million|thousand|tausend|mil))? ?"
    r"(?:€|£|(?:EUR|euros?|GBP|USD|dollars?|CHF|SEK|NOK|DKK|PLN|Kč|kr)\b|pounds? (?:an|a|per) )",
    re.IGNORECASE,
)
_OF_ENERGY: Final = re.compile(
    r"\b(?:sav(?:e|es|ed|ing|ings)|subsid(?:y|ies)|grant|tariffs?|electricity|energy|gas bill|fine of|fined|ticket"
    r"|postage|kWh|MWh|Strompreis|Gaspreis|levy|levies|tax)\b",
    re.IGNORECASE,
)
_KINDS: Final = tuple(
    (because, re.compile("|".join(map(str.strip, patterns.strip().splitlines())), re.IGNORECASE))
    for because, patterns in (("wage", _WAGES), ("price", _PRICES), ("market", _MARKETS))
)
_SENTENCE_ENDS: Final = re.compile(r"[.!?\n] |\n")
_NEAR: Final = 120
"""Characters before and after an amount that say what it is for."""


def money(text: str) -> list[Finding]:
    """Return what sounds like prices, bids, wages or the sharing out of customers, and amounts of money.

    An amount beside words of energy, savings or grants is no finding: it says what a plant costs to run, and
    competitors may well compare that.

    Source of the topics:
        Commission guidelines on horizontal co-operation (OJ C 259, 21.7.2023), chapter 6.
    """
    topics = (each for because, kind in _KINDS for each in few(_topics(text, because, kind)))
    return apart([*topics, *few(_amounts(text))])


def _topics(text: str, because: str, kind: re.Pattern[str]) -> Iterator[Finding]:
    for hit in kind.finditer(text):
        words = hit[0].rstrip()
        yield Finding("money", hit.start(), hit.start() + len(words), words, because)


def _amounts(text: str) -> Iterator[Finding]:
    for hit in _AMOUNT.finditer(text):
        start, end = hit.span()
        before = _SENTENCE_ENDS.split(text[max(0, start - _NEAR) : start])[-1]
        after = _SENTENCE_ENDS.split(text[end : end + _NEAR])[0]
        if not _OF_ENERGY.search(f"{before}{hit[0]}{after}"):
            words = hit[0].rstrip()
            yield Finding("money", start, start + len(words), words, "amount")
