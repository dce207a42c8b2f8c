"""Every page of this room on its one blueprint."""

from __future__ import annotations

from lms.outcomes import views_evaluation
from lms.outcomes.views import blueprint

__all__ = ["blueprint", "views_evaluation"]
