"""The charts that several kinds draw: a chart is a drawing with the table of its numbers. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from lms.reports.charts import Bar, bars
from lms.reports.charts import columns as upright
from lms.reports.value import Chart, Table
from lms.web.texts import Text, date_text
from lms.web.texts import text as _

MOST_BARS = 14


def share_bars(
    rows: Sequence[tuple[str, int | None, int | None]],
    title: str,
    measured: str,
    percent: Callable[[int, int], int],
    *,
    aim: int | None = None,
) -> tuple[Chart, ...]:
    """Shares of people by row, (name, part, of) with None where hidden; amber below the aim. None without rows.

    Of many rows the first is kept, which sums up the others, and those with the lowest shares.
    """
    filled = [row for row in rows if row[2] is None or row[2] > 0]
    if not filled:
        return ()
    if len(filled) > MOST_BARS:
        others = sorted(filled[1:], key=lambda row: percent(row[1] or 0, row[2]) if row[2] else 101)
        filled = [filled[0], *others[: MOST_BARS - 1]]
    drawn = []
    for name, part, of in filled:
        share = None if part is None or of is None else percent(part, of)
        shown = "" if share is None else share_of(share, part, of)
        drawn.append(Bar(name, share, shown, second=share is not None and aim is not None and share < aim))
    about = _("%(measured)s, in per cent of those counted.", measured=measured)
    if aim:
        about = _("%(about)s The mark is the aim of %(aim)s%%.", about=about, aim=aim)
    columns = (("name", _("Name")), ("part", measured), ("of", _("Of")), ("percent", _("Per cent")))
    table = Table(
        "chart_shares", measured, columns,
        tuple((n, p, o, None if p is None or o is None else percent(p, o)) for n, p, o in filled),
    )  # fmt: skip
    svg = bars(drawn, limit=100, title=title, about=about, aim=aim)
    return (Chart(title, svg, table, about),)


def month_columns(
    key: str, values: Sequence[tuple[str, int | None]], title: str, measured: str, note: str, *, second: bool = False
) -> Chart:
    """Counts by month, (2026-11, count) with None where hidden."""
    drawn = [
        Bar(month_name(month, short=True), count, "" if count is None else str(count), second)
        for month, count in values
    ]
    table = Table(key, measured, (("month", _("Month")), ("count", measured)), tuple(values))
    about = _("%(measured)s by month. %(note)s", measured=measured, note=note)
    return Chart(title, upright(drawn, title=title, about=about), table, note)


def share_of(share: int, part: int | None, of: int | None) -> Text:
    """The figure at the end of a bar: the whole percentage, and the people it is made of."""
    return _("%(share)s%%  %(part)s of %(of)s", share=share, part=part, of=of)


def month_name(month: str, *, short: bool = False) -> Text:
    """2026-11 in words: November 2026, or Nov."""
    day = dt.date.fromisoformat(f"{month}-01")
    return date_text(day, f"{day:%b}", "MMM") if short else date_text(day, f"{day:%B %Y}", "MMMM yyyy")
