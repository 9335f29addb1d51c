"""A member's photo: one small square, made anew from whatever was uploaded."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask_babel import lazy_gettext as _l

from iocop.core.errors import Invalid, TooLarge
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SIDE: Final = 256  # pixels
BYTES_LIMIT: Final = 5 * 2**20
PIXEL_LIMIT: Final = 40_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")


def photo_address(number: int, photo_key: str) -> str:
    """Return where a photo is served, or nothing for a member without one; a new photo has a new address."""
    return f"/id/{shown(number)}/photo?v={quote(photo_key[-8:])}" if photo_key else ""


def monogram(name: str) -> str:
    """Return the first letters of a name as a picture (SVG): what is served in place of a photo kept from a reader."""
    words = name.split()
    letters = "".join(word[0].upper() for word in words[:1] + words[1:][-1:])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}"><rect width="{SIDE}" height="{SIDE}"'
        f' fill="#5b6472"/><text x="50%" y="50%" dy=".35em" text-anchor="middle" font-family="sans-serif"'
        f' font-size="{SIDE * 2 // 5}" fill="#fff">{escape(letters)}</text></svg>'
    )


def square(content: bytes) -> bytes:
    """Return the picture as a square WebP of 256 pixels, without its metadata.

    Raises:
        TooLarge: more than 5 MiB or 40 million pixels; the pixels are counted before any is decoded.
        Invalid: no JPEG, PNG, WebP or GIF.
    """
    from PIL import Image, UnidentifiedImageError  # seldom needed, and slow to load

    if len(content) > BYTES_LIMIT:
        raise TooLarge(_l("A photo may be up to 5 MB."))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > PIXEL_LIMIT:
                raise TooLarge(_l("A photo may have up to 40 million pixels."))
            return _small(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_l("A photo may have up to 40 million pixels.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Invalid(
            _l("This is no JPEG, PNG, WebP or GIF picture; save it as one and try again."), "photo"
        ) from error


def _small(picture: Picture) -> bytes:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    small = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGBA", small.size)
    bare.paste(small)  # a new picture: nothing of the old one's metadata comes along
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=86, method=4)
    return out.getvalue()
