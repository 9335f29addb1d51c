"""Pictures as documents take them."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

WIDEST: Final = 1200
"""Pixels of the longest side in a document."""


def as_png(content: bytes) -> tuple[bytes, int]:
    """Return a picture's first frame as JPEG, or as PNG where it may be clear in parts, and its width in pixels."""
    with Image.open(io.BytesIO(content)) as picture:
        clear = picture.mode in {"RGBA", "LA", "PA", "P"}
        flat = picture.convert("RGBA" if clear else "RGB")
    flat.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    flat.save(out, "PNG" if clear else "JPEG", quality=85)
    return out.getvalue(), flat.width
