"""What never changes is read once: a bounded cache in the process, bound to the database it came from.

Published versions are immutable, so their rows may be kept without asking again. A cache knows
its database engine, so that two applications in one process never share rows, and is emptied
when the engine is disposed of, because the database behind it may then be another. Rows that a
transaction has written and not yet committed are never kept: it may still be rolled back. Knows
no feature's rows.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from lms.db import db

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_UNPUBLISHED = "unpublished versions"


class VersionCache(Generic[Key, Value]):
    """The most recently used `limit` values for each database. `get` is safe between threads."""

    _all: weakref.WeakSet[VersionCache[Any, Any]] = weakref.WeakSet()

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: weakref.WeakKeyDictionary[Engine, OrderedDict[Key, Value]] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        VersionCache._all.add(self)

    def get(self, version_id: int, key: Key, load: Callable[[], Value | None]) -> Value | None:
        """The value of `key`, which belongs to `version_id`, from the cache or from `load()`; None is not kept."""
        engine = db.engine
        with self._lock:
            kept = self._kept.get(engine)
            if kept is not None and key in kept:
                kept.move_to_end(key)
                return kept[key]
        value = load()
        if value is not None and version_id not in db.session().info.get(_UNPUBLISHED, ()):
            with self._lock:
                kept = self._kept.setdefault(engine, OrderedDict())
                kept[key] = value
                while len(kept) > self.limit:
                    kept.popitem(last=False)
        return value

    def forget(self, engine: Engine) -> None:
        """Drop everything that came from `engine`."""
        with self._lock:
            self._kept.pop(engine, None)

    def __len__(self) -> int:
        return len(self._kept.get(db.engine, ()))


def not_yet_public(version_id: int) -> None:
    """Say that this session wrote the version, so that no cache keeps what may be rolled back."""
    db.session().info.setdefault(_UNPUBLISHED, set()).add(version_id)


@event.listens_for(Session, "after_commit")
def _public_now(session: Session) -> None:
    session.info.pop(_UNPUBLISHED, None)


@event.listens_for(Engine, "engine_disposed")
def _forget(engine: Engine) -> None:
    for cache in list(VersionCache._all):
        cache.forget(engine)
