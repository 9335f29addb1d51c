"""What an export says, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class Wiki:
    """What an export tells of its wiki; a part that is missing is empty.

    Attributes:
        language: of its texts, as a code.
        address: of its main page.
        namespaces: local names by number.
    """

    version: str = ""
    language: str = ""
    name: str = ""
    address: str = ""
    namespaces: dict[int, str] = field(default_factory=dict)


class Page(NamedTuple):
    """A page, without its revisions.

    Attributes:
        namespace: None where the export does not say.
        redirect: the title it leads to, empty where only that it does is said; None for other pages.
    """

    title: str
    namespace: int | None = None
    id: int | None = None
    redirect: str | None = None


class Revision(NamedTuple):
    """One saved state.

    Attributes:
        user: None where it was removed; an address of the internet where *is_address*.
        text: None where it was removed, or is not in the export.
        model: of its text, ``wikitext`` as a rule.
        slots: how many texts of other roles it has besides.
    """

    at: datetime
    id: int | None = None
    user: str | None = None
    user_id: int | None = None
    is_address: bool = False
    comment: str = ""
    text: str | None = None
    model: str = "wikitext"
    slots: int = 0
