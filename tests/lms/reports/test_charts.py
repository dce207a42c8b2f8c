"""Charts can be read, heard and printed: titles, descriptions, numbers, both colours, and no hidden figure."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import pytest

from lms.assignments.terms import Target
from lms.reports.charts import Bar, bars, columns, line
from lms.reports.kinds import KINDS
from tests.support.hospital import NOW, TODAY
from tests.support.training import make_rule, put_policy

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [("Jan <1>", 40), ("Feb", None), ("Mar", 72), ("Apr", 88)]
DRAWINGS = {
    "line": line(POINTS, aim=90, title="Up & away", about="A line."),
    "line without figures": line([("Jan", None), ("Feb", None)], aim=None, title="None", about="A line."),
    "line without points": line([], aim=90, title="None", about="A line."),
    "bars": bars([Bar("A ward with <tags>", 45, "45%"), Bar("B", None, "")], limit=100, title="T", about="A", aim=90),
    "bars of nothing": bars([Bar("A", 0, "0")], limit=0, title="T", about="A"),
    "columns": columns([Bar("Jan", 3, "3"), Bar("Feb", 0, "0"), Bar("Mar", None, "")], title="T", about="A"),
}


@pytest.mark.parametrize("svg", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_is_well_formed_named_and_described(svg) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox", "").startswith("0 0 360 ")
    assert root.get("role") == "img"
    assert root.get("opacity") is None
    assert "font-family" in root.attrib
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert "style=" not in svg
    assert "nan" not in svg
    assert "inf" not in svg


@pytest.mark.parametrize("svg", DRAWINGS.values(), ids=DRAWINGS)
def test_every_mark_has_a_class_for_the_screen_and_a_colour_for_the_paper(svg) -> None:
    for mark in ElementTree.fromstring(svg):
        if mark.tag in (f"{SVG}title", f"{SVG}desc"):
            continue
        assert mark.get("class"), mark.attrib
        colour = mark.get("stroke") if mark.get("fill") == "none" else mark.get("fill")
        assert re.fullmatch(r"#[0-9a-f]{6}", colour or ""), mark.attrib


def test_a_hidden_figure_is_hatched_and_says_so_and_leaves_a_gap_in_a_line() -> None:
    assert "too few" in DRAWINGS["bars"]
    assert "too few" in DRAWINGS["columns"]
    assert DRAWINGS["line"].count('class="c-line1"') == 1, "only March to April can be joined"
    assert "too few" in DRAWINGS["line without figures"]


def test_bars_begin_at_zero_and_grow_with_their_value() -> None:
    drawn = bars([Bar("A", 25, "25%"), Bar("B", 50, "50%"), Bar("C", 250, "?")], limit=100, title="T", about="A")
    found = [float(width) for width in re.findall(r'class="c-b1" fill="#\w+" x="0" y="[\d.]+" width="([\d.]+)"', drawn)]
    assert found == [90, 180, 360], "and never beyond the drawing"


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("heatmap", "items", "misconceptions")])
def test_the_charts_of_a_kind_have_their_numbers_and_show_nothing_hidden(wards, kind) -> None:
    wards.unit("PHA", "SGH", "Pharmacy")
    wards.staff(4, "PHA")
    wards.evidence("e2", "K1", 2, TODAY - dt.timedelta(days=100))
    put_policy(NOW)
    make_rule(TODAY, target=Target("policy", "USE-1"))
    charts = wards.ask(kind, "SGH").charts
    assert charts
    for chart in charts:
        assert chart.title
        assert chart.table.rows
        assert chart.svg.startswith("<svg ")
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
        for row in chart.table.rows:
            if row[0] == "Pharmacy":
                assert set(row[1:]) == {None}
