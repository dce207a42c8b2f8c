"""Background work of go-live plans: freezing what is known on the days that matter. Twice changes nothing."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from lms.golive.queries import active_since, plans, snapshots
from lms.golive.services import freeze
from lms.jobs.registry import every
from lms.web.clock import end_of, local

DAYS = (28, 14, 7, 1, 0)  # before the go-live


@every(3600, "golive.snapshots")
def take_snapshots(*, now: dt.datetime) -> int:
    """Take every snapshot that is due; returns how many are new. One that was missed is made up for its own day."""
    today, new = local(now).date(), 0
    for found in plans():
        if found.state != "active":
            continue
        since = active_since(found.id)
        begun = local(since).date() if since else today
        had = {(each.label, each.go_live) for each in snapshots(found.id)}
        for days in DAYS:
            day = found.text.date - dt.timedelta(days=days)
            if begun <= day <= today and (f"T-{days}", found.text.date) not in had:
                moment = now if day == today else end_of(day)
                smallest = current_app.config["SETTINGS"].small_group
                new += freeze(found, f"T-{days}", day, moment, today=today, now=now, smallest=smallest)
    return new
