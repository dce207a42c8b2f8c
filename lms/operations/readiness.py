"""Whether this process may be sent requests."""

from __future__ import annotations

from functools import cache

from alembic.script import ScriptDirectory

from lms.operations.archive import revision


@cache
def expected(folder: str) -> str:
    """The newest migration in the folder, read once."""
    return ScriptDirectory(folder).get_current_head() or ""


def unready(folder: str) -> str:
    """Why requests should go elsewhere, or an empty string."""
    stand = revision()
    if not stand:
        return "database not migrated"
    return "" if stand == expected(folder) else "database at another migration"
