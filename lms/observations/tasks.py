"""Background work of observations: reminding of requests, letting old ones lapse."""

from __future__ import annotations

import datetime as dt

from lms.jobs.registry import every
from lms.observations import requests
from lms.web.clock import local


@every(3600, "observations.requests")
def remind_and_expire(*, now: dt.datetime) -> None:
    """Look at the requests that wait."""
    requests.remind_and_expire(today=local(now).date(), now=now)
