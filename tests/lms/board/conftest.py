"""The hospital of the reports, for the desk that lists, keeps and binds them."""

from __future__ import annotations

from tests.lms.reports.conftest import empty as empty
from tests.lms.reports.conftest import wards as wards
