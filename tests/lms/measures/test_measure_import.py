"""A file of measures goes in whole or not at all, twice is once, and what was known before stays known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from lms.db import db
from lms.measures import queries, services
from lms.measures.models import Measure, MeasureValue
from lms.rostering.faults import FileRefused
from tests.support.hospital import TODAY, sample_hospital

HEAD = "code,title,unit,period,numerator,denominator,value,direction,kind,per,of,owner"
GOOD = """\
RAR,Wrong-patient retract-and-reorder,MED-A,2026-01,3,12000,,down,u,100000,orders,Medication safety
RAR,Wrong-patient retract-and-reorder,MED-A,2026-02,4,11000,,down,u,100000,orders,Medication safety
WAIT,Minutes to the first dose,ED,2026-W06,,,41.5,down,i,,,
"""


@pytest.fixture
def hospital(app):
    return sample_hospital()


def file(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *lines)).encode()


def take(data: bytes, now: dt.datetime, **more):
    done = services.import_measures(data, "measures.csv", actor=None, now=now, today=TODAY, **more)
    db.session.commit()
    return done


def refused(data: bytes) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        services.import_measures(data, "measures.csv", actor=None, now=dt.datetime.now(dt.UTC), today=TODAY)
    db.session.rollback()
    return [str(each) for each in caught.value.faults]


def test_a_file_becomes_measures_and_values(hospital, clock) -> None:
    take(file(*GOOD.splitlines()), clock())
    measure = queries.measure("RAR")
    assert measure
    assert (measure.kind, measure.direction, measure.span, measure.per) == ("u", "down", "month", 100_000)
    assert [(each.period, each.numerator, each.denominator) for each in queries.values(measure.id)] == [
        (dt.date(2026, 1, 1), Decimal(3), Decimal(12000)),
        (dt.date(2026, 2, 1), Decimal(4), Decimal(11000)),
    ]
    wait = queries.measure("WAIT")
    assert wait
    assert (wait.kind, wait.span) == ("xmr", "week")
    (value,) = queries.values(wait.id)
    assert (value.period, value.numerator, value.denominator) == (dt.date(2026, 2, 2), Decimal("41.5"), None)


def test_the_same_file_again_changes_nothing(hospital, clock) -> None:
    data = file(*GOOD.splitlines())
    take(data, clock())
    again = take(data, clock.move(days=1))
    assert (len(again.steps), again.known, again.new) == (0, 3, ())
    assert db.session.scalar(select(func.count()).select_from(MeasureValue)) == 3


def test_a_correction_keeps_what_was_known_before(hospital, clock) -> None:
    first = clock()
    take(file(*GOOD.splitlines()), first)
    later = clock.move(days=40)
    done = take(file(GOOD.splitlines()[0].replace(",3,", ",5,")), later)
    assert len(done.corrections) == 1
    measure = queries.measure("RAR")
    assert [each.numerator for each in queries.values(measure.id)] == [5, 4]
    before = queries.values(measure.id, known_at=later - dt.timedelta(seconds=1))
    assert [each.numerator for each in before] == [3, 4]
    assert [(each.revision, each.numerator) for each in queries.corrections(measure.id)] == [(1, 3), (2, 5)]


def test_a_plan_that_is_no_longer_true_is_not_carried_out(hospital, clock) -> None:
    data = file(*GOOD.splitlines())
    plan = services.plan_import(data, "measures.csv", today=TODAY)
    take(data, clock())
    with pytest.raises(services.PlanChanged):
        take(data, clock(), expected=plan.digest)


BAD = {
    "RAR,T,NOWHERE,2026-01,3,12000,,down,u,,,": "Column unit: “NOWHERE” is no unit",
    "RAR,T,MED-A,2026-13,3,12000,,down,u,,,": "Column 4, period: “2026-13” is not in the calendar",
    "RAR,T,MED-A,Jan 26,3,12000,,down,u,,,": "expected a month such as 2026-03 or an ISO week such as 2026-W14",
    "RAR,T,MED-A,2031-01,3,12000,,down,u,,,": "has not begun",
    "RAR,T,MED-A,2026-01,three,12000,,down,u,,,": "Column 5, numerator: “three” is no number",
    "RAR,T,MED-A,2026-01,3,,,down,u,,,": "Column 6, denominator: expected a number",
    "RAR,T,MED-A,2026-01,13,12,,down,p,,,": "13 is more than the denominator 12",
    "RAR,T,MED-A,2026-01,-1,12,,down,u,,,": "a count is never below 0",
    "RAR,T,MED-A,2026-01,1.5,12,,down,p,,,": "expected a whole number",
    "RAR,T,MED-A,2026-01,1,12,4,down,p,,,": "not both",
    "RAR,T,MED-A,2026-01,1,12,,down,c,,,": "expected none: a c chart",
    "RAR,T,MED-A,2026-01,,,NaN,down,xmr,,,": "Column 7, value: “NaN” is no number",
    "RAR,T,MED-A,2026-01,,,1e400,down,xmr,,,": "is no number",
    "RAR,T,MED-A,2026-01,,,9999999999999,down,xmr,,,": "below 10^12",
    "RAR,T,MED-A,2026-01,1,12,,sideways,p,,,": "Column 8, direction: “sideways” is not known: expected one of up",
    "RAR,T,MED-A,2026-01,1,12,,down,g,,,": "Column 9, kind: “g” is not known: expected one of p, u, c, xmr",
    "RAR,T,MED-A,2026-01,1,12,,down,p,0,,": "Column 10, per: expected a whole number above 0",
    "rar,T,MED-A,2026-01,1,12,,down,p,,,": "Column 1, code: “rar” is no code",
    "RAR,,MED-A,2026-01,1,12,,down,p,,,": "Column 2, title: expected the name",
    "RAR,T,,2026-01,1,12,,down,p,,,": "Column 3, unit: expected the code of a unit",
}


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_a_bad_line_keeps_the_whole_file_out_and_says_line_column_and_what_was_expected(hospital, line) -> None:
    (fault,) = refused(file(*GOOD.splitlines()[2:], line))
    assert fault.startswith("measures.csv:3: error: ")
    assert BAD[line] in fault
    assert db.session.scalar(select(func.count()).select_from(Measure)) == 0


def test_every_fault_is_told_at_once(hospital) -> None:
    assert len(refused(file(*BAD))) >= len(BAD)
    both = refused(file("RAR,T,NOWHERE,2026-13,3,12000,,down,u,,,"))
    assert len(both) == 2, "an unknown unit is told of a line that is amiss otherwise too"


def test_lines_of_one_measure_agree_with_each_other_and_with_what_is_stored(hospital, clock) -> None:
    lines = GOOD.splitlines()
    (fault,) = refused(file(lines[0], lines[1].replace("down,u", "up,u")))
    assert "measures.csv:3" in fault
    assert "expected the same" in fault
    (twice,) = refused(file(lines[0], lines[0]))
    assert "on line 2 already" in twice
    take(file(*lines), clock())
    (other,) = refused(file(lines[1].replace("100000", "1000")))
    assert "is stored with “100000”" in other


def test_new_words_for_a_stored_measure_are_taken_over(hospital, clock) -> None:
    take(file(*GOOD.splitlines()), clock())
    done = take(file(GOOD.splitlines()[0].replace("Medication safety", "Pharmacy")), clock.move(days=1))
    assert done.reworded == ("RAR",)
    assert queries.measure("RAR").owner == "Pharmacy"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"code;title\n", b"code,title\nx", b"PK\x03\x04zip"])
def test_what_is_no_sheet_is_refused_in_words(hospital, data) -> None:
    assert all("expected" in each for each in refused(data))


def test_the_command_imports_and_its_dry_run_does_not(hospital, app, tmp_path) -> None:
    path = tmp_path / "measures.csv"
    path.write_bytes(file(*GOOD.splitlines()))
    run = app.test_cli_runner().invoke
    tried = run(args=["measure", "import", "--dry-run", str(path)])
    assert tried.exit_code == 0, tried.output
    assert "2 new measures, 3 new values" in tried.output
    assert queries.measures() == ()
    assert run(args=["measure", "import", str(path)]).exit_code == 0
    assert len(queries.measures()) == 2
    path.write_bytes(file("RAR,T,NOWHERE,2026-01,3,12000,,down,u,,,"))
    bad = run(args=["measure", "import", str(path)])
    assert bad.exit_code == 1
    assert "NOWHERE" in bad.output


def test_a_change_beside_the_measures_is_kept_once_and_can_be_taken_off_the_list(hospital, clock) -> None:
    key = services.add_change(dt.date(2026, 3, 1), "New order screen", "ED", actor=None, now=clock(), today=TODAY)
    again = services.add_change(dt.date(2026, 3, 1), " New  order screen", "ED", actor=None, now=clock(), today=TODAY)
    assert key == again
    assert [each.words for each in queries.changes()] == ["New order screen"]
    services.withdraw_change(key, actor=None, now=clock())
    assert queries.changes() == ()
    for day, words, unit in ((dt.date(2031, 1, 1), "x", ""), (TODAY, " ", ""), (TODAY, "x", "NOWHERE")):
        with pytest.raises(services.MeasureRefused):
            services.add_change(day, words, unit, actor=None, now=clock(), today=TODAY)
