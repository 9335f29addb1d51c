"""Sentences that pure rules hand upward untranslated: those of the ground, under the name imports know."""

from __future__ import annotations

from iocop.core.words import N_, Phrase, Value

__all__ = ["N_", "Phrase", "Value"]
