"""The tables of search."""

from iocop.search.models.files import AttachmentText
from iocop.search.models.index import SearchDocument, SearchGone, SearchIndex, SearchPostings, SearchWord
from iocop.search.models.kept import (
    MissedMark,
    MissedSearch,
    MissedText,
    SavedSearch,
    SearchDay,
    SearchMatch,
    SearchRound,
)

__all__ = [
    "AttachmentText",
    "MissedMark",
    "MissedSearch",
    "MissedText",
    "SavedSearch",
    "SearchDay",
    "SearchDocument",
    "SearchGone",
    "SearchIndex",
    "SearchMatch",
    "SearchPostings",
    "SearchRound",
    "SearchWord",
]
