"""Whom to ask: what of it registers itself, its policy and its forms; the rest stands with the rest of its kind."""

from __future__ import annotations


def register() -> None:
    """Have everything that registers itself do so."""
    from iocop.reputation.asking import export, jobs, listeners, slots  # noqa: F401
