"""Every page of reports: importing this room's views puts their routes on the one blueprint."""

from __future__ import annotations

from lms.reports import refusing, views
from lms.reports.asking import blueprint

__all__ = ["blueprint", "refusing", "views"]
