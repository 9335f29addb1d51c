"""Names of organizations somebody works for: clients, mostly. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from iocop.safety.rules.finding import Finding, apart, few
from iocop.safety.rules.words import beside, first_words, phrase_at, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iocop.safety.rules.words import Word

MOST_WORDS: Final = 6
"""Words a name is followed back or forth."""

_SURE_FORMS: Final = (
    r"Ltda?\.?|Limited|Inc\.?|Incorporated|Corp\.?|Corporation|LLC|L\.L\.C\.|LLP|plc|PLC|P\.L\.C\.|Pty|Pte|Bhd|"
    r"GmbH(?: & Co\.? ?KG(?:aA)?)?|gGmbH|mbH|KGaA|OHG|GbR|e\.V\.|e\.G\.|e\.K\.|"
    r"SARL|S\.A\.R\.L\.|Sàrl|S\.A\.S\.|S\.A\.U\.|SASU|EURL|S\.A\.|S\.L\.U?\.?|Lda\.?|Unipessoal|S\.p\.A\.|SpA|S\.r\.l\.|Srl|"
    r"B\.V\.|N\.V\.|BVBA|VOF|A/S|ApS|ASA|Oyj?|Sp\. z o\.o\.|s\.r\.o\.|a\.s\.|d\.o\.o\.|Kft\.?|Zrt\.?|OÜ|"
    r"Ltée|& Co\.?|& Sons|& Söhne|& Fils|et Fils|y Cía\.?|& Figli"
)
_SHORT_FORMS: Final = r"AG|SA|AS|AB|HB|BV|SE|KG|SL|SAS|NV|Co\.?|DAC|SCA|EG"
_FORM: Final = re.compile(
    rf"(?:(?<= )|(?<=, ))(?:(?P<sure>{_SURE_FORMS})|(?P<short>{_SHORT_FORMS}))(?![\w-])"
)

_ABOUT_WORDS: Final = """
    client clients customer customers kunde kunden kundin klient mandant auftraggeber bauherr bauherrn cliente clientes
    cliënt klant klanten kund kunder
"""
_LINK_WORDS: Final = """
    is was called named namely the our at ist war heisst est appele e era se llama der die das
"""
_NO_CLIENT_AFTER: Final = frozenset(
    """
    support service services portal care relationship relations experience success server servers certificate side id
    vpn machine pc computer device api library software app application edge data wish needs site i we he she they it
    in on and or if but when
    """.split()  # noqa: SIM905 -- a list of words is read as words
)
_NO_CLIENT_BEFORE: Final = frozenset(
    ("web", "mail", "email", "thin", "dhcp", "vpn", "ssh", "fat", "rich", "desktop")
)
_NO_NAME: Final = frozenset(
    """
    type zone room series model version unit class section line phase level block panel mode option regulations regulation
    standard guide directive act code part annex table figure chapter appendix january february march april may june july
    august september october november december monday tuesday wednesday thursday friday saturday sunday christmas easter
    north south east west i ii iii iv mr mrs google stage floor building plant pump chiller boiler english german french
    spanish portuguese dutch italian plan plans step issue question answer edition schedule
    """.split()  # noqa: SIM905
)
"""Words no client's name is told by: capitals stand in them for other reasons."""
_OPENERS: Final = frozenset(
    """
    the a an our my your their his her this that these at in on of for from with we i it he she they and but or if when
    since as to by yes no thanks hello hi dear last next der die das ein eine wir ich bei für von mit und la le les el
    los un une nous o os um uma na em de
    """.split()  # noqa: SIM905
)
"""Words that begin a sentence with a capital and belong to no name."""
_JOINERS: Final = frozenset("and of de da do dos das du des la le van von der und et y e for".split())  # noqa: SIM905
_ABOUT: Final = frozenset(_ABOUT_WORDS.split())
_LINKS: Final = frozenset(_LINK_WORDS.split())
_FOR: Final = frozenset(("for", "pour", "para"))
_ARTICLES: Final = frozenset(("the", "la", "le", "el", "o", "a"))


@dataclass(frozen=True)
class Names:
    """What is known about names before a text is read, all as folded words.

    Attributes:
        own: on the member's own list.
        directory: names and aliases of organizations in the directory; whether each is written with a capital.
        unspoken: names that say more than the member has made public, such as an employer nobody else may see.
        open: names that give nothing away: the member's public employer, products, vendors, places, tags.
    """

    own: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    directory: Mapping[str, list[tuple[str, ...]]] = field(default_factory=dict)
    unspoken: frozenset[tuple[str, ...]] = frozenset()
    open: frozenset[tuple[str, ...]] = frozenset()


def clients(text: str, names: Names) -> list[Finding]:
    """Return names that are listed, in the directory, end in a legal form, or follow *client*, *customer* or *for*.

    Source of the legal forms:
        GLEIF Entity Legal Forms code list (ISO 20275), those common among members.
    """
    words = words_of(text)
    rules = (_listed, _known, _with_form, _after_client)
    return apart(each for rule in rules for each in few(rule(text, words, names)))


def _finding(text: str, run: list[Word], because: str, end: int = 0) -> Finding:
    start, stop = run[0].start, end or run[-1].end
    return Finding("client", start, stop, text[start:stop], because)


def _listed(text: str, words: list[Word], names: Names) -> Iterator[Finding]:
    known = first_words(names.own)
    for at in range(len(words)):
        name = phrase_at(text, words, at, known)
        if name:
            yield _finding(text, words[at : at + len(name)], "own")


def _known(text: str, words: list[Word], names: Names) -> Iterator[Finding]:
    """Find names of the directory; a name of one word must carry its capital."""
    hidden = first_words(names.unspoken)
    for at, word in enumerate(words):
        if not word.capital and not word.text[0].isdigit():
            continue
        unspoken = phrase_at(text, words, at, hidden)
        if unspoken:
            yield _finding(text, words[at : at + len(unspoken)], "unspoken")
            continue
        name = phrase_at(text, words, at, names.directory)
        if name and name not in names.open and len("".join(name)) > 2:
            yield _finding(text, words[at : at + len(name)], "directory")


def _with_form(text: str, words: list[Word], names: Names) -> Iterator[Finding]:
    ends = [word.end for word in words]
    for form in _FORM.finditer(text):
        last = bisect_right(ends, form.start()) - 1
        run = _back(text, words, last, form.start())
        if run and (form["sure"] or _is_telling(run)) and not _is_open(run, names):
            yield _finding(text, run, "form", form.end())


def _back(text: str, words: list[Word], last: int, until: int) -> list[Word]:
    """Return the capitalised words that end right before a place."""
    if last < 0 or text[words[last].end : until].strip(" ,"):
        return []
    first = last + 1
    while first > max(0, last + 1 - MOST_WORDS) and _goes_on(text, words, first - 1, first <= last):
        first -= 1
    return _trimmed(words[first : last + 1])


def _goes_on(text: str, words: list[Word], at: int, inside: bool) -> bool:
    """Say whether a word belongs to the name whose next word follows it."""
    if inside and not beside(text, words[at], words[at + 1]):
        return False
    return words[at].capital or words[at].text[0].isdigit() or (inside and words[at].folded in _JOINERS)


def _trimmed(run: list[Word]) -> list[Word]:
    """Drop what begins a sentence or joins words from both ends of a run."""
    start, end = 0, len(run)
    while start < end and (run[start].folded in _OPENERS | _JOINERS or run[start].text[0].isdigit()):
        start += 1
    while end > start and not (run[end - 1].capital or run[end - 1].text[0].isdigit()):
        end -= 1
    return run[start:end]


def _is_telling(run: list[Word]) -> bool:
    """Say whether a run reads like a name rather than a label or a string of abbreviations."""
    return any(word.spoken and len(word.text) > 2 and word.folded not in _NO_NAME for word in run)


def _is_open(run: list[Word], names: Names) -> bool:
    """Say whether a run names what gives nothing away, whole or from its first words on."""
    folded = tuple(word.folded for word in run)
    return any(folded[:length] in names.open for length in range(1, len(folded) + 1))


def _after_client(text: str, words: list[Word], names: Names) -> Iterator[Finding]:
    for at, word in enumerate(words):
        if word.folded in _ABOUT and not _is_technical(text, words, at):
            run = _forth(text, words, _after_links(text, words, at + 1))
            least = 1
        elif word.folded in _FOR:
            run = _forth(text, words, _after_links(text, words, at + 1, _ARTICLES))
            least = 2
        else:
            continue
        if len(run) >= least and _is_telling(run) and not _is_label(run) and not _is_open(run, names):
            yield _finding(text, run, "after")


def _is_technical(text: str, words: list[Word], at: int) -> bool:
    """Say whether *client* is a program here: an OPC client, the web client."""
    if at == 0 or not beside(text, words[at - 1], words[at]):
        return False
    before = words[at - 1]
    shouted = sum(letter.isupper() for letter in before.text) > 1
    return before.folded in _NO_CLIENT_BEFORE or shouted


def _after_links(text: str, words: list[Word], at: int, links: frozenset[str] = _LINKS) -> int:
    """Return the place after at most two small words that link a client with its name; -1 where the sentence ends."""
    for _ in range(3):
        if at >= len(words) or not _close(text[words[at - 1].end : words[at].start]):
            return -1
        if words[at].folded not in links or words[at].capital:
            return at
        at += 1
    return -1


def _close(gap: str) -> bool:
    return len(gap) <= 4 and not set(gap) & set(".!?;\n|)")


def _forth(text: str, words: list[Word], at: int) -> list[Word]:
    """Return the capitalised words from a place on."""
    if at < 0 or not words[at].capital or words[at].folded in _NO_CLIENT_AFTER:
        return []
    end = at + 1
    while end < min(len(words), at + MOST_WORDS) and beside(text, words[end - 1], words[end]):
        if not (words[end].capital or words[end].folded in _JOINERS):
            break
        end += 1
    return _trimmed(words[at:end])


def _is_label(run: list[Word]) -> bool:
    return any(word.folded in _NO_NAME for word in run)
