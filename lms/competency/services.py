"""Writes of competence: the framework, the evidence ledger, and the fold that keeps the rollups.

Flushes, never commits. Every rule about levels comes from `assessments.mastery`.
"""

from __future__ import annotations

from lms.competency.folding import Difference, check, fold, outstanding, rebuild, waiting
from lms.competency.frameworks import FrameworkRefused, Imported, import_framework
from lms.competency.ledger import (
    EvidenceEntry,
    EvidenceRefused,
    capped,
    known_keys,
    record_evidence,
    record_many,
    withdraw_evidence,
)
from lms.competency.targeting import Decided, TargetRefused, Wish, set_target, wish, withdraw

__all__ = [
    "Decided",
    "Difference",
    "EvidenceEntry",
    "EvidenceRefused",
    "FrameworkRefused",
    "Imported",
    "TargetRefused",
    "Wish",
    "capped",
    "check",
    "fold",
    "import_framework",
    "known_keys",
    "outstanding",
    "rebuild",
    "record_evidence",
    "record_many",
    "set_target",
    "waiting",
    "wish",
    "withdraw",
    "withdraw_evidence",
]
