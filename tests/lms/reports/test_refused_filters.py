"""A filter that cannot be used is named, with what was expected, on a page that keeps the others; and dates ahead."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.reports.plans import ReportRefused
from tests.support.hospital import TODAY
from tests.support.signing import sign_in

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("path", "status", "field", "expected"),
    [
        ("/workforce?as_of=banana&profession=nurse", 422, "as_of", "is not a date"),
        ("/workforce?compare_to=2031-01-01&profession=nurse", 422, "compare_to", "an earlier day was expected"),
        ("/workforce?unit=NOPE&profession=nurse", 404, "unit", "There is no unit with the code NOPE"),
        ("/workforce/units/NOPE?profession=nurse", 404, "unit", "There is no unit with the code NOPE"),
        ("/workforce/readiness?competencies=XX&profession=nurse", 422, "competencies", "chooses no competency"),
        ("/workforce/pack.pdf?as_of=banana&profession=nurse&kind=trend", 422, "as_of", "is not a date"),
    ],
)
def test_a_bad_filter_is_named_and_the_others_are_kept(app, client, wards, path, status, field, expected) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert f'href="#{field}"' in page
    assert expected in page
    assert '<option value="nurse" selected>' in page
    assert ('name="kind" value="trend"' in page) == ("kind=trend" in path)


@pytest.mark.parametrize("back", [0, -1])
def test_a_date_to_compare_with_lies_before_the_date(wards, back) -> None:
    with pytest.raises(ReportRefused, match="an earlier day was expected"):
        wards.ask(compare_to=TODAY - back * DAY)


def test_two_dates_ahead_are_not_compared(wards) -> None:
    with pytest.raises(ReportRefused, match="has not come yet"):
        wards.ask(as_of=TODAY + 90 * DAY, compare_to=TODAY + 30 * DAY)
    assert wards.ask(as_of=TODAY + 90 * DAY, compare_to=TODAY).finding


@pytest.mark.parametrize("kind", ["heatmap", "readiness", "compliance"])
def test_a_date_ahead_is_said_to_be_a_forecast(wards, kind) -> None:
    ahead = wards.ask(kind, as_of=TODAY + 10 * DAY)
    assert ahead.finding.startswith("Forecast for 3 December 2026, if nobody renews: ")
    assert "Forecast" in dict(ahead.definitions)
    assert "Forecast" not in wards.ask(kind).finding


def test_super_users_are_left_out_beside_one_profession(wards) -> None:
    assert "super_users" in wards.rows("readiness", "SGH")["SGH"]
    nurses = wards.ask("readiness", "SGH", profession="nurse")
    assert "super_users" not in nurses.data["units"][0]
    assert "super_users" not in [key for key, _ in nurses.tables[0].columns]


def test_the_fourth_card_counts_who_falls_below_a_target(app, client, wards) -> None:
    wards.evidence("e2", "K1", 2, TODAY - 340 * DAY)
    sign_in(client, app, "cmio@example.org", ["cmio"])
    page = client.get("/workforce").get_data(as_text=True)
    expected = wards.rows("expiry", "SGH")["SGH"]["ending"]["90"]
    card = page[page.index("Fall below a target in 90 days") :][:400]
    assert f">{expected}<" in card
    assert ">–<" in client.get("/workforce?as_of=2026-10-01").get_data(as_text=True)


def test_a_refused_name_keeps_the_name_and_the_filters(app, client, wards) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    for name in ("x" * 121, " "):
        answer = client.post("/workforce/views", data={"name": name, "kind": "trend", "unit": "MED", "rows": "lowest"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "A name of 1 to 120 characters was expected." in page
        assert f'value="{name}"' in page
        assert 'name="unit" value="MED"' in page
        assert 'name="rows" value="lowest"' in page
        assert 'name="profession"' not in page


def test_the_people_behind_a_cell_lead_on_and_can_be_assigned_to(app, client, wards) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    page = client.get("/workforce/units/ED/K1").get_data(as_text=True)
    assert page.count("/team/") >= 6
    assert page.count('href="/assign/') == 6
    assert "Remind those ticked" not in page, "a CMIO has no team to remind"
