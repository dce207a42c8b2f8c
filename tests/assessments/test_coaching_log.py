"""A coaching log opens level 4 while enough confirmed entries hold, and only together with a sign-off."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery import COACHING_ENTRIES, EvidencePoint, coaching_log_holds, standing, valid_until

TODAY = dt.date(2026, 11, 23)
days = st.lists(st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31)), max_size=8)


@given(days, st.booleans())
def test_it_holds_exactly_while_enough_entries_do(entries: list[dt.date], critical: bool) -> None:
    holding = [day for day in entries if day <= TODAY and valid_until(day, critical) >= TODAY]
    assert coaching_log_holds(entries, TODAY, critical) == (len(holding) >= COACHING_ENTRIES)


@given(days, st.booleans(), st.dates(dt.date(2023, 1, 1), TODAY))
def test_another_entry_never_takes_it_away(entries: list[dt.date], critical: bool, another: dt.date) -> None:
    if coaching_log_holds(entries, TODAY, critical):
        assert coaching_log_holds([*entries, another], TODAY, critical)


@given(days, st.booleans(), st.sampled_from(("observation", "simulation", "prior")), st.integers(1, 5))
def test_level_four_needs_the_log_and_the_signature_together(
    entries: list[dt.date], signed: bool, source: str, level: int
) -> None:
    log = coaching_log_holds(entries, TODAY, False)
    point = EvidencePoint(source, level, TODAY, None, signed_off=signed, coaching_log=log)
    reached = standing([point], TODAY).level
    assert reached <= 4
    assert (reached == 4) == (level >= 4 and signed and log)
