"""What UTF-8 can hold, and so a database can keep."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return a text with each half of a surrogate pair, which JSON and documents may hold, as a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()
