"""Background work of the question bank: figures are made when there are answers that they do not know yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from lms.bank import services
from lms.jobs.registry import TaskRefused, every, task


@every(3600, "bank.behind")
def look_again(*, now: dt.datetime) -> None:
    """Queue the analysis of courses whose figures are behind."""
    services.ask_where_behind(now=now)


@task(services.ANALYSE, tries=3, lease=1800)
def analyse(payload: dict[str, Any], *, now: dt.datetime) -> None:
    """Work out the figures of one course."""
    if not services.analyse(int(payload["course"]), now=now):
        raise TaskRefused(_("The course is no longer published."))
