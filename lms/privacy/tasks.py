"""What the worker does for privacy: the retention rule, once a day."""

from __future__ import annotations

import datetime as dt

from lms.jobs.registry import every
from lms.privacy import retention
from lms.web.clock import local


@every(24 * 60 * 60, "privacy.retention")
def apply_retention(*, now: dt.datetime) -> None:
    """Let go of what the rule no longer keeps."""
    retention.apply(now=now, today=local(now).date())
