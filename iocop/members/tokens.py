"""Secrets that travel in a link or a cookie: only their hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app


def new_token() -> str:
    """Return 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is stored of a token; a plain hash does, since nobody can guess 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(text: str) -> str:
    """Return what is stored of something guessable, such as an e-mail address: a hash under the site's key."""
    key: str = current_app.extensions["settings"].secret_key
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
