"""Pages of the question bank: its questions and their figures, and the way in and out."""

from __future__ import annotations

from lms.bank.views import exchange, questions
from lms.bank.views.base import blueprint

__all__ = ["blueprint", "exchange", "questions"]
