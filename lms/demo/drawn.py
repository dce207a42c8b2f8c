"""What is drawn of a sample person's evidence. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class SampleEvidence:
    """A piece of sample evidence of a person in a competency."""

    code: str
    source: str
    level: int
    achieved: dt.date
    signed_off: bool = False
    coaching_log: bool = False
    document: str = ""
