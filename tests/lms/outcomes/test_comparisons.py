"""A course beside a measure: what it says, that a null result stays, and that no small group shows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from lms.db import db
from lms.measures import queries, services
from lms.outcomes.comparison import exposure_report
from lms.outcomes.exposure import exposures
from lms.people.facts import PostSpan
from tests.lms.outcomes.conftest import CALM, RISEN
from tests.support.courses import CODE
from tests.support.hospital import TODAY
from tests.support.signing import sign_in


def report(comparison, clock, as_of=TODAY, known_at=None):
    return exposure_report(comparison, as_of=as_of, known_at=known_at or clock(), smallest=5)


def test_a_rise_after_the_training_is_a_signal_for_the_better_and_never_called_a_cause(load, register, clock) -> None:
    load(RISEN, CALM)
    found = report(register(), clock)
    assert found.data["outcome"] == "better"
    assert found.data["beside_outcome"] == "none"
    assert found.finding.startswith("Override reasons given in Ward A: a signal for the better since Feb 2026")
    assert any("does not show that one moved the other" in each for each in found.data["cautions"])


def test_a_null_result_is_said_kept_and_stays_on_the_list(load, register, clock) -> None:
    load(CALM, CALM)
    comparison = register()
    found = report(comparison, clock)
    assert found.data["outcome"] == "none"
    assert "no signal since" in found.finding
    for _ in range(2):
        services.keep_outcome(comparison, "none", found.digest, TODAY, actor=None, now=clock())
    db.session.commit()
    (listed,) = queries.comparisons()
    assert [each.outcome for each in listed.outcomes] == ["none"]


def test_the_same_registration_again_is_the_same_one_and_another_expectation_is_another(load, register) -> None:
    load(CALM, CALM)
    assert register().public_id == register().public_id
    assert register(expected="none").public_id != register().public_id
    assert len(queries.comparisons()) == 2


@pytest.mark.parametrize(
    "changes", [{"lag": 25}, {"lag": -1}, {"expected": "great"}, {"reason": " "}, {"reason": "x" * 2001}]
)
def test_a_registration_that_says_too_little_is_refused(load, register, changes) -> None:
    load(CALM, CALM)
    with pytest.raises(services.MeasureRefused):
        register(**changes)


def test_the_training_of_the_staff_stands_beside_each_month(load, register, clock) -> None:
    load(RISEN, CALM)
    rows = {row["period"]: row for row in report(register(), clock).data["series"]}
    assert (rows["2025-12"]["trained"], rows["2025-12"]["of_staff"]) == (0, 6)
    assert (rows["2026-01"]["trained"], rows["2026-01"]["of_staff"]) == (3, 6)


def test_a_report_of_an_earlier_day_does_not_know_later_corrections(load, register, clock) -> None:
    load(RISEN, CALM)
    comparison = register()
    before = report(comparison, clock)
    moment = clock()
    clock.move(days=10)
    load([*RISEN[:-1], 150], CALM)
    assert report(comparison, clock, known_at=moment).digest == before.digest
    after = report(comparison, clock)
    assert after.digest != before.digest
    assert after.data["series"][-1]["numerator"] == 150


def test_values_known_before_the_registration_are_said(load, register, clock) -> None:
    load(RISEN, CALM)
    clock.move(days=1)
    told = report(register(), clock).data["cautions"]
    assert any("7 of the periods since then were known already" in each for each in told)


def test_changes_of_these_units_and_of_the_hospital_are_named_and_others_are_not(load, register, clock) -> None:
    load(RISEN, CALM)
    for unit, words in (("A", "New screen"), ("SGH", "New hospital rule"), ("", "Everywhere"), ("B", "Elsewhere")):
        services.add_change(dt.date(2026, 1, 5), words, unit, actor=None, now=clock(), today=TODAY)
    found = report(register(), clock).data
    assert {each["words"] for each in found["changes"]} == {"New screen", "New hospital rule", "Everywhere"}
    assert any("3 other changes" in each for each in found["cautions"])


def test_page_and_files_come_from_one_value_with_one_digest(load, register, client, app) -> None:
    load(RISEN, CALM)
    key = register().public_id
    sign_in(client, app, "chief@example.org", ["cmio"])
    page = client.get(f"/workforce/comparisons/{key}")
    assert page.status_code == 200
    got = {form: client.get(f"/workforce/comparisons/{key}.{form}") for form in ("json", "csv", "xlsx", "pdf")}
    digests = {each.headers["X-Report-Digest"] for each in got.values()}
    assert len(digests) == 1
    digest = digests.pop()
    assert digest in page.text
    value = json.loads(got["json"].data)
    assert value["digest"] == digest
    rows = list(csv.DictReader(io.StringIO(got["csv"].data.decode("utf-8-sig"))))
    assert [float(row["value"]) for row in rows] == [round(row["value"], 4) for row in value["series"]]
    assert {row["digest"] for row in rows} == {digest}
    book = zipfile.ZipFile(io.BytesIO(got["xlsx"].data))
    assert digest.encode() in book.read("xl/sharedStrings.xml")
    root = PdfFileReader(io.BytesIO(got["pdf"].data)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_the_desk_goes_from_a_file_to_a_kept_outcome_in_the_browser(wards, client, app) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    assert "No comparison is registered yet" in client.get("/workforce/measures").text
    text = "code,title,unit,period,numerator,denominator,direction,kind\n"
    text += "\n".join(f"GIVEN,Reasons given,A,2026-{month:02d},{20 + month % 3},40,up,p" for month in range(1, 11))
    tried = client.post("/workforce/measures/import", data={"file": (io.BytesIO(text.encode()), "given.csv")})
    assert "10 values are ready" in tried.text
    assert queries.measures() == ()
    plan = tried.text.split('name="plan" value="')[1].split('"')[0]
    done = client.post("/workforce/measures/import", data={"text": text, "name": "given.csv", "plan": plan})
    assert done.status_code == 303
    assert "within what chance brings" in client.get("/workforce/measures/GIVEN?unit=A").text
    form = {"measure": "GIVEN", "course": CODE, "units": "A", "begins_on": "2026-06-01", "lag": "1",
            "expected": "better", "reason": "They learn to give reasons."}  # fmt: skip
    bad = client.post("/workforce/comparisons/new", data=form | {"lag": "many"})
    assert (bad.status_code, "0 to 24" in bad.text) == (422, True)
    there = client.post("/workforce/comparisons/new", data=form).location
    assert "Registered before looking" in client.get(there).text
    assert client.post(f"{there}/outcome").status_code == 303
    assert "They learn to give reasons." in client.get(there).text
    listed = client.get("/workforce/measures").text
    assert "comparison shows a signal for the better" in listed
    client.post("/workforce/measures/changes", data={"on": "2026-06-03", "words": "A new screen", "unit": "A"})
    assert "A new screen" in client.get(there).text


def test_a_bad_file_is_answered_with_its_lines(wards, client, app) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    text = b"code,title,unit,period,numerator,denominator,direction,kind\nX,T,NOWHERE,2026-01,1,2,up,p\n"
    answer = client.post("/workforce/measures/import", data={"file": (io.BytesIO(text), "bad.csv")})
    assert answer.status_code == 422
    assert "bad.csv:2" in answer.text
    assert queries.measures() == ()


WRITING = ("measures/import", "measures/changes", "comparisons/new")


@pytest.mark.parametrize(
    ("role", "pages"),
    [("learner", ("measures", *WRITING)), ("educator", ("measures", *WRITING)), ("supervisor", WRITING)],
)
def test_others_than_the_cmio_and_administrators_write_nothing(client, app, role, pages) -> None:
    sign_in(client, app, f"{role}@example.org", [role])
    for page in pages:
        assert client.get(f"/workforce/{page}").status_code == 403


def test_what_is_not_there_is_not_found(wards, client, app) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    for page in ("measures/NONE", "comparisons/none", "comparisons/none.pdf", "measures/NONE.csv"):
        assert client.get(f"/workforce/{page}").status_code == 404


DAY = dt.date(2026, 1, 31)
posts = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 5)), max_size=60, unique=True)


@given(posts, st.sets(st.integers(1, 30)), st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5)))
def test_no_two_figures_subtracted_give_a_small_group(held, completed, first, second) -> None:
    spans = [PostSpan(person, unit, False, False, dt.date(2025, 1, 1), None) for person, unit in held]
    done = dict.fromkeys(completed, dt.date(2025, 6, 1))
    one, other, both = (
        exposures(spans, (), done, units, [DAY])[0].of or 0 for units in (first, second, first | second)
    )
    for figure in (one, other, both, both - one, both - other, one + other - both):
        assert figure == 0 or figure >= 5
