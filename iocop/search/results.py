"""A page of results: the engine asked inside the viewer's scope, its hits checked again in the database, and read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from iocop.core import clock
from iocop.core.pages import Page, offset
from iocop.repertoire.queries.glossary import KEPT_UNDER, words_within
from iocop.repertoire.titles import key
from iocop.search import documents, folding, reading, spelling, titles
from iocop.search.closing import changed, without_closed
from iocop.search.indexer import engine
from iocop.search.matches import NOTHING
from iocop.search.narrowing import NARROWED, narrow
from iocop.search.planning import ALL_UP_TO, plan_of
from iocop.search.port import EVERYWHERE, EngineDown, Mask
from iocop.search.query import LAST_PAGE
from iocop.search.resolving import Resolved, resolve
from iocop.search.snippets import Marker
from iocop.search.synonyms import meanings
from iocop.search.why import Hit, reasons
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from iocop.core.login import Viewer
    from iocop.search.closing import Since
    from iocop.search.documents import AnyRow
    from iocop.search.folding import Folded
    from iocop.search.narrowing import Facet
    from iocop.search.plan import Bounds
    from iocop.search.port import Kind, Matches
    from iocop.search.query import SearchQuery
    from iocop.search.why import Reason
    from iocop.spaces.queries import Scope

Tab: TypeAlias = Literal["topics", "articles", "members", "organizations", "files", "spaces"]
TABS: Final[dict[Tab, Kind]] = {
    "topics": "post",
    "articles": "article",
    "members": "member",
    "organizations": "organization",
    "files": "file",
    "spaces": "space",
}

ROWS_A_PAGE: Final = 20
MOST_HITS: Final = ROWS_A_PAGE * LAST_PAGE
_SITE: Final = "en"
"""The language that people, organizations and spaces are indexed in, as theirs is not known."""
CHECKED: Final = 100
"""The first topics or articles, checked before they are counted and looked at for a title that is the query."""


class Found(NamedTuple):
    """One result as the page shows it: its title and an excerpt, marked, and why it is there.

    Attributes:
        row: what else there is to say, by tab.
        within: of a file, what shows it.
    """

    row: AnyRow
    title: Markup
    excerpt: Markup
    reasons: Sequence[Reason] = ()
    within: AnyRow | None = None


@dataclass(frozen=True)
class Results:
    """What a search page shows.

    Attributes:
        counts: how much each tab holds, inside the viewer's scope.
        capped: the counts are the least there is.
        more: there is more than the pages reach.
        from_titles: the index is away; only titles and names were searched.
        query: what was looked for, with what the glossary added.
        mended: what to type instead, where little was found.
    """

    tab: Tab
    page: Page[Found]
    counts: Mapping[Tab, int]
    query: SearchQuery
    resolved: Resolved
    capped: bool = False
    more: bool = False
    from_titles: bool = False
    facets: Sequence[Facet] = field(default_factory=tuple)
    mended: str = ""


def find(viewer: Viewer, query: SearchQuery, tab: Tab) -> Results:
    """Return one page of what the viewer may find."""
    scope, kind = scope_of(viewer), TABS[tab]
    since = _since()
    words = words_within(scope, since.versions if since else None)
    query = replace(query, also=meanings(query.terms, words.together, key))
    resolved = resolve(viewer, scope, query)
    matches, fresh = _ask(query, resolved.bounds, scope, since)
    folded = folding.fold(matches, kind, query.order, clock.now().timestamp(), depth_of(query.page))
    if kind in {"post", "article"}:
        folded = _checked(folded, query, scope, kind)
    page = _page(folded, matches, query, tab, scope)
    counts = {
        name: page.total if name == tab else folding.count(matches, each) for name, each in TABS.items()
    }
    return Results(
        tab, replace(page, total=min(page.total, MOST_HITS)), counts, query, resolved,
        capped=matches.capped,
        more=page.total > MOST_HITS,
        from_titles=matches.from_titles,
        facets=narrow(query, matches, folded) if tab in NARROWED else (),
        mended=_mended(query) if sum(counts.values()) < spelling.FEW and fresh else "",
    )  # fmt: skip


def depth_of(page: int) -> int:
    """Return how many results have to be in order for a page: as many as it reaches, and those the check may take."""
    return CHECKED + page * ROWS_A_PAGE


def mask_of(scope: Scope) -> Mask:
    """Return what somebody may find: in the spaces they may read, and what stands in none."""
    return Mask(scope.spaces | {EVERYWHERE}, scope.member)


def _since() -> Since | None:
    """Read what was closed since the index was written, and under what its glossary is kept; None: it is away."""
    try:
        return changed(*KEPT_UNDER)
    except EngineDown:
        return None


def _ask(query: SearchQuery, bounds: Bounds, scope: Scope, since: Since | None) -> tuple[Matches, bool]:
    """Ask the engine for all kinds at once; titles stand in for an index that is away.

    Args:
        since: read before: what the index takes in meanwhile is left out twice rather than never.

    Returns:
        What was found, and whether the index knows of all that was closed, so that its words may be told.
    """
    if query.is_empty:
        return NOTHING, False
    mask = mask_of(scope)
    if since is None:
        return titles.search(query, bounds, mask), False
    try:
        asked = engine()
        matches = asked.search(plan_of(query, bounds, asked.languages()), mask)
        return without_closed(matches, since.closed, scope), not since.closed
    except EngineDown:
        return titles.search(query, bounds, mask), False


def _checked(folded: Folded, query: SearchQuery, scope: Scope, kind: Kind) -> Folded:
    """Leave out, of the first, what is gone or closed since it was indexed, and raise a title that is the query."""
    first = [int(one) for one in folded.best[:CHECKED]]
    rows = reading.standing(kind, first, scope)
    asked = zip((int(one) for one in folded.keys[:CHECKED]), first, strict=True)
    known = {topic: rows[post].title for topic, post in asked if post in rows and rows[post].root_id == topic}
    folded = folded.without({int(one) for one in folded.keys[:CHECKED]} - known.keys())
    return folding.favour_titles(folded, known, typed_words(query)) if query.order == "best" else folded


def typed_words(query: SearchQuery) -> str:
    """Return the words and phrases of a query in their order, without operators."""
    return " ".join(piece.value for piece in query.pieces if piece.role in {"term", "phrase"})


def _page(folded: Folded, matches: Matches, query: SearchQuery, tab: Tab, scope: Scope) -> Page[Found]:
    reached = min(folded.total, MOST_HITS)
    number = min(query.page, max(1, -(-reached // ROWS_A_PAGE)))
    start = offset(number, ROWS_A_PAGE)
    here = slice(start, min(start + ROWS_A_PAGE, MOST_HITS))
    best, whole = folded.best[here].tolist(), folded.whole[here].tolist()
    roots = _roots(folded, matches) if tab == "files" else {}
    shown = _Reader(query, scope, dict(zip(best, whole, strict=True)), roots).read(tab)
    return Page(shown, number, ROWS_A_PAGE, folded.total - (len(best) - len(shown)))


def _roots(folded: Folded, matches: Matches) -> dict[int, int]:
    """Return of each file on the list which topic or article shows it."""
    return dict(zip(matches.ids[folded.firsts].tolist(), matches.topics[folded.firsts].tolist(), strict=True))


def _mended(query: SearchQuery) -> str:
    try:
        return spelling.mended(query, engine())
    except EngineDown:
        return ""


@dataclass(frozen=True)
class _Reader:
    """Reads what a page shows, in the order of *whole*, which says of each id whether all words stand there.

    Attributes:
        roots: of each file the topic or article it belongs to.
    """

    query: SearchQuery
    scope: Scope
    whole: Mapping[int, bool]
    roots: Mapping[int, int]

    def read(self, tab: Tab) -> list[Found]:
        if not self.whole:
            return []
        marker = Marker(self.query)
        found = {one.row.id: one for one in getattr(self, f"_{tab}")(marker)}
        return [found[one] for one in self.whole if one in found]

    def _topics(self, marker: Marker) -> list[Found]:
        return [
            self._told(marker, row, row.title, row.text, row.language, confirmed_at=row.works_here,
                       accepted=row.accepted_id == row.id, solved=row.accepted_id is not None)
            for row in reading.posts(self.whole, self.scope)
        ]  # fmt: skip

    def _articles(self, marker: Marker) -> list[Found]:
        return [
            self._told(
                marker, row, row.title, row.text or row.summary, row.language, confirmed_at=row.works_here
            )
            for row in reading.articles(self.whole, self.scope)
        ]

    def _files(self, marker: Marker) -> list[Found]:
        return [
            self._told(marker, row, row.name, row.text or "", row.language, named=True)._replace(
                within=within
            )
            for row, within in reading.files({one: self.roots[one] for one in self.whole}, self.scope)
        ]

    def _members(self, marker: Marker) -> list[Found]:
        return [
            self._called(marker, row, documents.about_seen(row, for_members=self.scope.member))
            for row in documents.members(self.whole)
        ]

    def _organizations(self, marker: Marker) -> list[Found]:
        return [self._called(marker, row, row.about) for row in documents.organizations(self.whole)]

    def _spaces(self, marker: Marker) -> list[Found]:
        return [self._called(marker, row, row.about) for row in reading.spaces(self.whole, self.scope)]

    def _called(self, marker: Marker, row: AnyRow, about: str) -> Found:
        return self._told(marker, row, row.name, about, _SITE, named=True)

    def _told(self, marker: Marker, row: AnyRow, title: str, text: str, language: str, **known: Any) -> Found:
        """Mark the words of a result, and say why it is one."""
        head, body = marker.read_whole(title, language), marker.read(text, language)
        whole = self.whole[row.id] and len(self.query.terms) <= ALL_UP_TO
        hit = Hit(head.words | body.words, head.words, whole=whole, title=title, **known)
        return Found(row, head.marked, body.marked, reasons(self.query, marker, hit))
