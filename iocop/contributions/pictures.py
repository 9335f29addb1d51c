"""Pictures are written anew: only what is seen is kept, no camera, no place, no hidden bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from iocop.core.errors import Invalid, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image as Picture

PIXEL_LIMIT: Final = 40_000_000
"""Most pixels, all frames together; counted before any is decoded."""
MOST_FRAMES: Final = 300
SMALL: Final = 720
"""Longest side of the small copy, in pixels."""

_FORMATS: Final = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
_KEPT: Final = frozenset({"transparency", "duration", "loop", "background", "disposal"})
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Drawn(NamedTuple):
    """A picture as it is kept; *small* is a WebP copy, empty where the picture itself is small."""

    content: bytes
    width: int
    height: int
    small: bytes


def redrawn(content: bytes, extension: str) -> Drawn:
    """Decode a picture and write it anew in its own format, upright and without metadata.

    Raises:
        TooLarge: more than 40 million pixels or 300 frames.
        Invalid: not a picture of this extension, or a broken one.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[extension]]) as picture:
            return _redrawn(picture, _FORMATS[extension])
    except _BOMBS as error:
        raise TooLarge(_l("A picture may have up to 40 million pixels.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Invalid(_l("This picture is broken, or not what its name says."), "file") from error


def _redrawn(picture: Picture, kind: str) -> Drawn:
    if picture.width * picture.height > PIXEL_LIMIT:
        raise TooLarge(_l("A picture may have up to 40 million pixels."))
    frames = list(_frames(picture))
    upright = frames[0]
    out = io.BytesIO()
    if len(frames) > 1:
        durations = [frame.info.get("duration", 100) for frame in frames]
        upright.save(out, kind, save_all=True, append_images=frames[1:], duration=durations, loop=0)
    else:
        upright.save(out, kind, **_options(kind))
    return Drawn(out.getvalue(), upright.width, upright.height, _small(upright))


def _frames(picture: Picture) -> Iterator[Picture]:
    pixels = 0
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        pixels += frame.width * frame.height
        if pixels > PIXEL_LIMIT or number >= MOST_FRAMES:
            raise TooLarge(_l("This animation is too long: send a shorter one, or a single picture."))
        yield _bare(frame)
        if picture.format not in {"GIF", "WEBP"}:  # a camera's second picture is not part of the first
            return


def _bare(frame: Picture) -> Picture:
    bare = ImageOps.exif_transpose(frame)
    if bare.mode not in {"RGB", "RGBA", "L", "LA", "P", "1", "I;16"} or frame.format in {"JPEG", "MPO"}:
        bare = bare.convert("RGB")
    elif frame.format in {"GIF", "WEBP"}:
        bare = bare.convert("RGBA")
    bare.info = {key: value for key, value in frame.info.items() if key in _KEPT}
    return bare


def _options(kind: str) -> dict[str, Any]:
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 88, "optimize": True},
        "PNG": {"optimize": True},
    }
    return options.get(kind, {})


def _small(picture: Picture) -> bytes:
    if max(picture.size) <= SMALL:
        return b""
    copy = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    copy.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    copy.info = {}
    out = io.BytesIO()
    copy.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
