"""Background work of test-outs: prices of items are learnt when a text or its figures are new."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from lms.jobs.registry import TaskRefused, every, task
from lms.placement import services


@every(3600, "placement.behind")
def look_again(*, now: dt.datetime) -> None:
    """Queue the learning of prices for courses that are published or analysed anew."""
    services.ask_where_behind(now=now)


@task(services.LEARN, tries=3, lease=1800)
def learn(payload: dict[str, Any], *, now: dt.datetime) -> None:
    """Learn the prices of one course's items."""
    if not services.learn(int(payload["course"]), now=now):
        raise TaskRefused(_("The course cannot be tested out of any more."))
