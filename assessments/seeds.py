"""Chance that can be repeated: opaque ids and orders derived from a seed by a keyed hash.

The seed is kept by the caller; without it neither ids nor orders say anything about the author's order.
"""

import hmac
from collections.abc import Sequence

ID_LENGTH = 12


def _digest(seed: str, *parts: str) -> str:
    return hmac.digest(seed.encode(), "\0".join(parts).encode(), "sha256").hex()


def opaque(seed: str, item_id: str, part: str) -> str:
    """Return the id under which a part of an item is shown, twelve hexadecimal digits."""
    return _digest(seed, "id", item_id, part)[:ID_LENGTH]


def rank(seed: str, purpose: str, name: str) -> str:
    """Return a sort key that puts names in an order of chance; `purpose` keeps two orders apart."""
    return _digest(seed, purpose, name)


def shuffled(seed: str, item_id: str, parts: Sequence[str]) -> list[str]:
    """Return the parts of an item in an order of chance."""
    return sorted(parts, key=lambda part: _digest(seed, "shuffle", item_id, part))
