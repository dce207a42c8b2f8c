"""Secrets that a browser, a link or a script holds; the database keeps only their SHA-256.

They are 256 random bits, so that a plain hash is enough: nothing can be guessed from it.
"""

from __future__ import annotations

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """A new secret of 43 characters, safe in addresses, after a prefix that says what it opens."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret: 64 hex digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
