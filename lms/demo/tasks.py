"""The worker hands in attempts and so issues certificates: it too must know whether the people are samples."""

from __future__ import annotations

import datetime as dt

from lms.demo import notice
from lms.jobs.registry import every


@every(30, "demo.notice")
def notice_sample(*, now: dt.datetime) -> None:
    """See whether the sample hospital is there."""
    notice.ask()
