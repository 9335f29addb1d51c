"""What a file is called, whatever its sender called it: pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from werkzeug.utils import secure_filename

LONGEST: Final = 120
_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(filename: str) -> str:
    """Return a name people can read: no folders, no invisible or direction-turning characters, at most 120 long.

    The extension stays the last part; a name without a stem is called ``file``.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    visible = "".join(letter for letter in base if unicodedata.category(letter) not in _UNSHOWN)
    stem, dot, extension = " ".join(visible.split()).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = re.sub(r'[<>:"|?*]', "", stem).strip(". ")[: LONGEST - len(extension[:10]) - 1] or "file"
    return f"{stem}{dot}{extension[:10]}"


def extension_of(name: str) -> str:
    """Return a name's extension in lower case, without the dot; empty if it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def address_name(name: str) -> str:
    """Return the name as an address shows it: ASCII letters, digits, dots, hyphens, underscores."""
    plain = re.sub(r"_+", "_", secure_filename(name))
    extension = extension_of(name)
    return plain if plain and plain.lower() != extension else f"file.{extension}"
