"""What the application is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from collections.abc import Callable


class Application(Flask):
    """Flask without coroutines, for which it would look at every function before it calls it."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
