"""Pages of the exam, by who needs what: taking it, and being treated fairly."""

from lms.quizzes.views import fairness, taking
from lms.quizzes.views.base import blueprint

__all__ = ["blueprint", "fairness", "taking"]
