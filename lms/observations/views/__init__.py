"""Pages of observing: the team and its people, the bedside, lent rights, and a learner's own side of it."""

from __future__ import annotations

from lms.observations.views import coaching, delegations, observing, person, prior, record, team
from lms.observations.views.base import blueprint

__all__ = ["blueprint", "coaching", "delegations", "observing", "person", "prior", "record", "team"]
