"""The hospital's days as moments, so that what happened by a day can be asked of the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app


@dataclass(frozen=True)
class Calendar:
    """Days in the hospital's zone."""

    zone: ZoneInfo

    def over(self, on: dt.date) -> dt.datetime:
        """The moment at which a day is over, in UTC."""
        return dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), self.zone).astimezone(dt.UTC)

    def day(self, moment: dt.datetime) -> dt.date:
        """The date of a moment."""
        return moment.astimezone(self.zone).date()


def calendar() -> Calendar:
    """The calendar of the running application."""
    return Calendar(ZoneInfo(current_app.config["SETTINGS"].timezone))
