"""The one place where the application asks the time; everything below takes it as an argument."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context


def now() -> dt.datetime:
    """The moment of this request (the same throughout it), in UTC."""
    if has_request_context():
        if "now" not in g:
            g.now = _read()
        return g.now  # type: ignore[no-any-return]
    return _read()


def today() -> dt.date:
    """The date of this moment in the hospital's zone."""
    return local(now()).date()


def local(moment: dt.datetime) -> dt.datetime:
    """A moment in the hospital's zone."""
    return moment.astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone))


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in the hospital's zone, in UTC."""
    zone = ZoneInfo(current_app.config["SETTINGS"].timezone)
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return following.astimezone(dt.UTC) - dt.timedelta(microseconds=1)


def _read() -> dt.datetime:
    fixed = current_app.config.get("CLOCK")
    return fixed() if fixed else dt.datetime.now(dt.UTC)
