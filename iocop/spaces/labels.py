"""Sharing labels and channels: how far what is said may be carried. Pure.

The labels are ordered like the Traffic Light Protocol (FIRST, TLP 2.0), in members' words.
"""

from __future__ import annotations

from enum import Enum

LABELS = ("space", "members", "take-home", "public")
"""From the strictest to the freest."""


class Channel(Enum):
    """A way by which a contribution reaches somebody."""

    PAGE = "page"
    SEARCH = "search"
    INBOX = "inbox"
    JSON = "json"
    MAIL = "mail"
    QUOTE = "quote"
    EXPORT = "export"
    FEED = "feed"


CARRIED: dict[Channel, str] = {
    Channel.PAGE: "space",
    Channel.SEARCH: "space",
    Channel.INBOX: "space",
    Channel.JSON: "space",
    Channel.MAIL: "members",
    Channel.QUOTE: "members",
    Channel.EXPORT: "take-home",
    Channel.FEED: "public",
}
"""The strictest label each channel still carries. Within its own space, everything may be quoted."""


def strictest(*labels: str) -> str:
    """Return the strictest of some labels: what a text made of several parts inherits.

    Raises:
        ValueError: not a label.
    """
    return LABELS[min(map(LABELS.index, labels))]


def carries(channel: Channel, label: str) -> bool:
    """Say whether a channel may carry a label to somebody who may read it."""
    return LABELS.index(label) >= LABELS.index(CARRIED[channel])


def carried_labels(channel: Channel) -> tuple[str, ...]:
    """Return the labels a channel carries."""
    return tuple(label for label in LABELS if carries(channel, label))
