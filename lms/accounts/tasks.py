"""Background work of access: forgetting what ended."""

from __future__ import annotations

import datetime as dt

from lms.accounts import sign_ins
from lms.jobs.registry import every


@every(3600, "accounts.tidy")
def tidy(*, now: dt.datetime) -> None:
    """Forget old sign-ins, links, tokens and failures."""
    sign_ins.tidy(now)
