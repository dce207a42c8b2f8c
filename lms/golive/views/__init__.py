"""Pages of go-live plans: reading them, writing them, and what-if."""

from __future__ import annotations

from lms.golive.views import assigning, reading, supposing, writing
from lms.golive.views.base import blueprint

__all__ = ["assigning", "blueprint", "reading", "supposing", "writing"]
