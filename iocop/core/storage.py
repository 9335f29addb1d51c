"""Where attachments' bytes lie: a folder by default, any fsspec address when the site grows."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from iocop.core.settings import Settings

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}")


class Storage:
    """Bytes under generated names; nothing a member typed is ever part of a path."""

    def __init__(self, settings: Settings) -> None:
        import fsspec  # pages without a file do without it

        address = settings.storage_url or f"file://{settings.folder('attachments')}"
        self.files, self.root = fsspec.core.url_to_fs(address)

    def put(self, content: bytes) -> str:
        """Keep some bytes and return their key."""
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name[2:]}"
        path = self._path(key)
        self.files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        self.files.pipe_file(path, content)
        return key

    def get(self, key: str) -> bytes:
        """Return the bytes under a key.

        Raises:
            FileNotFoundError: no bytes under this key.
        """
        content: bytes = self.files.cat_file(self._path(key))
        return content

    def delete(self, key: str) -> None:
        """Remove the bytes under a key; one that is gone already is no error."""
        if self.files.exists(self._path(key)):
            self.files.rm_file(self._path(key))

    def _path(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return f"{self.root}/{key}"


def storage() -> Storage:
    """Return this application's storage."""
    kept: Storage | None = current_app.extensions.get("storage")
    if kept is None:
        kept = current_app.extensions["storage"] = Storage(current_app.extensions["settings"])
    return kept
