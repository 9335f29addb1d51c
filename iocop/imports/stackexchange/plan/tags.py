"""Which of our tags and domains the tags of a dump become."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.domains.slugs import tag_slug
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iocop.imports.stackexchange.records import TagSynonym

MOST_DOMAINS = 3  # of one topic


class BadChoices(ValueError):
    """A mapping file that cannot be followed."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


@lru_cache(maxsize=10_000)  # a site has few tags, and each on many topics
def slug(name: str) -> str:
    """The tag's word here; `.net` is dot-net, and a name of signs alone becomes their code points.

    Two names with one slug are one tag.
    """
    spoken = f"dot-{name[1:]}" if name.startswith(".") else name
    return tag_slug(spoken) or tag_slug("-".join(f"u{ord(letter):x}" for letter in name))


def masters(synonyms: Iterable[TagSynonym]) -> dict[str, str]:
    """Each synonym's master tag, through any chain; one only proposed, or leading in a circle, is none."""
    steps = {
        synonym.source_tag_name: synonym.target_tag_name
        for synonym in synonyms
        if synonym.approval_date is not None
    }
    ends = {name: _end(name, steps) for name in steps}
    return {name: end for name, end in ends.items() if end is not None}


def _end(name: str, steps: Mapping[str, str]) -> str | None:
    passed = {name}
    while name in steps:
        name = steps[name]
        if name in passed:
            return None
        passed.add(name)
    return name


class Choices(NamedTuple):
    """What the importing site decided, by the names of tags in the dump."""

    domain: str  # of every topic whose tags name no other
    domains: Mapping[str, str] = {}
    tags: Mapping[str, str] = {}


def choices(text: str, domain: str | None = None) -> Choices:
    """The choices in a TOML file: `domain = "…"`, tables `[domains]` and `[tags]`.

    Args:
        domain: the one for all other topics, where the file does not say or is to be overruled.

    Raises:
        BadChoices: not TOML, an unknown key, a value that is no text, or no domain at all.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadChoices(N_("The mapping is not valid TOML: %(what)s.", what=str(error))) from None
    strange = given.keys() - {"domain", "domains", "tags"}
    if strange:
        raise BadChoices(N_("The mapping has %(key)s, which means nothing.", key=min(strange)))
    fallback = domain or given.get("domain")
    if not isinstance(fallback, str):
        raise BadChoices(N_("The mapping names no domain for topics that no tag places."))
    return Choices(fallback, _texts(given, "domains"), _texts(given, "tags"))


class TagPlan:
    """The tags and domains of topics, by the names their tags had."""

    def __init__(self, synonyms: Iterable[TagSynonym], choices: Choices) -> None:
        self._masters = masters(synonyms)
        self._choices = choices

    def slug_of(self, name: str) -> str:
        master = self._masters.get(name, name)
        chosen = self._choices.tags.get(name) or self._choices.tags.get(master) or ""
        return tag_slug(chosen) or slug(master)

    def slugs_of(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.slug_of(name) for name in names))

    def domains_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """One to three domains, in the order of the tags that name them."""
        placed = self._choices.domains
        named = [placed.get(name) or placed.get(self._masters.get(name, name)) for name in names]
        return tuple(dict.fromkeys(domain for domain in named if domain))[:MOST_DOMAINS] or (
            self._choices.domain,
        )


def _texts(given: Mapping[str, Any], key: str) -> dict[str, str]:
    table = given.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadChoices(N_("In the mapping, %(key)s must be a table from names to names.", key=key))
    return table
