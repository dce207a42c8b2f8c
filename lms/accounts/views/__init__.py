"""Pages of access: entering, one's own account, and the administrator's people."""

from __future__ import annotations

from lms.accounts.views import account, entering, people
from lms.accounts.views.base import blueprint

__all__ = ["account", "blueprint", "entering", "people"]
