"""What a program does without for a while: libraries that others use where they find them, and looking for garbage."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have what is loaded in the body take libraries for absent; those that are loaded already stay."""
    spared = set(names) - sys.modules.keys()
    sys.modules |= dict.fromkeys(spared)  # type: ignore[arg-type]  # None there says that it is not installed
    try:
        yield
    finally:
        for name in spared:
            del sys.modules[name]


@contextmanager
def uncollected() -> Iterator[None]:
    """Have nobody look for garbage in the body: where much is made that stays, that is up to a quarter of the work."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
