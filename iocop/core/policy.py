"""Verdicts with reasons, and facts that higher features provide to lower ones' policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flask_babel.speaklater import LazyString

from iocop.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

Sentence: TypeAlias = str | LazyString
"""A sentence a person reads: translated when it is shown, not when it is made."""

Value = TypeVar("Value")
Provider = TypeVar("Provider", bound="Callable[..., Any]")


@dataclass(frozen=True)
class Verdict:
    """May somebody do something, and if not, why not: page, service and test share it."""

    allowed: bool
    reason: Sentence = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


def refused(reason: Sentence) -> Verdict:
    return Verdict(allowed=False, reason=reason)


def require(verdict: Verdict) -> None:
    """Go on only if the verdict allows it.

    Raises:
        Refused: with the verdict's reason.
    """
    if not verdict:
        raise Refused(verdict.reason)


_providers: dict[str, Callable[..., Any]] = {}


def fact(name: str, *about: object, default: Value) -> Value:
    """Ask a fact that a higher feature may provide, such as ``fact("level", member, domain, default=0)``."""
    provider = _providers.get(name)
    return default if provider is None else provider(*about)


def provides(name: str) -> Callable[[Provider], Provider]:
    """Make the decorated function the one provider of a fact.

    Raises:
        ValueError: the fact has another provider already.
    """

    def register(provider: Provider) -> Provider:
        known = _providers.setdefault(name, provider)
        if known is not provider:
            raise ValueError(f"fact {name!r} is provided by {known.__module__} already")
        return provider

    return register
