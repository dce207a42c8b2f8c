"""Pages where a panel sets the pass mark of an exam: by rating its questions, or by judging who took it."""

from __future__ import annotations

from lms.standards.views import borderline, panels
from lms.standards.views.base import blueprint, percent

__all__ = ["blueprint", "borderline", "panels", "percent"]
