"""Who is ready on the day, as known today and as known then."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.competency.ledger import withdraw_evidence
from lms.db import db
from lms.golive import services
from lms.golive.figures import build
from lms.golive.making import PlanRefused
from lms.golive.text import Requirement
from lms.people.scope import Scope
from tests.lms.golive.conftest import COURSE, DAY, GO_LIVE, PLAN, TEXT, changed, noon
from tests.support.hospital import NOW, TODAY, make_leave


def row(frame, code: str) -> dict:
    return next(each for each in build(frame).data["units"] if each["code"] == code)


def test_somebody_is_ready_with_the_certificate_and_the_level_that_will_hold_on_the_day(plan) -> None:
    plan.train("e0")
    plan.certify("e1")  # lacks the level
    plan.skill("e2")  # lacks the course
    plan.skill("e3", level=1)
    plan.certify("e3")
    found = row(plan.frame(), "ED")
    assert (found["ready"], found["of"], found["needed"]) == (1, 10, 9)
    assert {each["code"]: each["missing"] for each in found["lacking"]} == {COURSE: 7, "K1": 8}


def test_a_certificate_that_ends_before_the_day_is_none(plan) -> None:
    for name, until in (("e0", GO_LIVE - DAY), ("e1", GO_LIVE), ("e2", None)):
        plan.certify(name, until=until)
        plan.skill(name)
    assert row(plan.frame(), "ED")["ready"] == 2


def test_evidence_that_ends_before_the_day_is_none(plan) -> None:
    """K1 is critical and holds 12 months: enough today, not on the day."""
    plan.certify("e0")
    plan.skill("e0", on=TODAY - 360 * DAY)
    assert row(plan.frame(), "ED")["ready"] == 0


def test_a_revoked_certificate_counts_until_its_revocation_and_a_corrected_one_on(plan) -> None:
    plan.certify("e0", revoked_at=noon(TODAY - 10 * DAY))
    plan.skill("e0")
    correction = plan.certify("e1", on=TODAY - 5 * DAY)
    first = plan.certify("e1")
    first.superseded_by = correction.id
    plan.skill("e1")
    assert row(plan.frame(), "ED")["ready"] == 1
    assert row(plan.frame(TODAY - 11 * DAY), "ED")["ready"] == 2


def test_people_who_will_be_away_gone_or_not_there_yet_are_not_counted(plan) -> None:
    make_leave(plan.people["e0"], GO_LIVE - DAY, GO_LIVE)
    make_leave(plan.people["e1"], TODAY, GO_LIVE - DAY)  # back on the day
    plan.person("gone", "ED", ends=GO_LIVE - DAY)
    plan.person("comes", "ED", starts=GO_LIVE)
    plan.person("later", "ED", starts=GO_LIVE + DAY)
    db.session.commit()
    assert row(plan.frame(), "ED")["of"] == 10  # ten, less e0, and the one who comes


def test_somebody_in_two_units_counts_in_each_and_once_in_all(plan) -> None:
    plan.person("both", "ED", "MED-A")
    frame = plan.frame()
    assert [group.of for group in frame.groups] == [11, 7]
    report = build(frame)
    assert report.data["total"]["of"] == 17
    assert [each["of"] for each in report.data["units"]] == [None, 7], "all three would tell of the one in both"


def test_people_whom_no_requirement_concerns_are_staff_but_in_no_denominator(plan) -> None:
    services.save(PLAN, changed(requirements=(Requirement("level", "K1", 2, "nurse"),)), 1, actor=None, now=NOW)
    plan.person("clerk", "ED", profession="other")
    found = row(plan.frame(), "ED")
    assert (found["staff"], found["of"]) == (11, 10)


def test_the_pace_counts_who_became_ready_in_which_week(plan) -> None:
    for number, days in enumerate((3, 5, 10, 18, 18, 80)):
        plan.train(f"e{number}", on=TODAY - days * DAY)
    group = plan.frame().group("ED")
    assert list(group.weekly) == [0, 0, 0, 0, 0, 2, 1, 2]
    trend = row(plan.frame(), "ED")["trend"]
    assert [point["ready"] for point in trend] == [1, 1, 1, 1, 1, 1, 3, 4, 6]
    assert trend[-1]["on"] == TODAY.isoformat()
    assert (group.forecast.enough, group.forecast.ready) == (True, 8)  # 5 in 8 weeks, 3 weeks left


def test_a_past_day_shows_what_was_known_and_planned_then(plan) -> None:
    plan.train("e0", on=TODAY - 40 * DAY)
    plan.certify("e1")
    plan.skill("e1", on=TODAY - 40 * DAY, recorded=TODAY - 2 * DAY)  # entered late
    services.tick(PLAN, TEXT.checklist[0].key, True, actor=None, now=noon(TODAY - 5 * DAY))
    services.save(PLAN, changed(aim=80, units=("ED",)), 1, actor=None, now=noon(TODAY - 3 * DAY))
    db.session.commit()
    now, then = build(plan.frame()), build(plan.frame(TODAY - 10 * DAY))
    assert [each["code"] for each in now.data["units"]] == ["ED"]
    assert [each["code"] for each in then.data["units"]] == ["ED", "MED"]
    assert (now.data["units"][0]["ready"], then.data["units"][0]["ready"]) == (2, 1)
    assert (now.data["plan"]["edition"], then.data["plan"]["edition"]) == (2, 1)
    assert [each["done"] for each in now.data["checklist"]] == [True, False]
    assert [each["done"] for each in then.data["checklist"]] == [False, False]


def test_a_past_figure_is_the_same_after_later_evidence(plan) -> None:
    plan.train("e0", on=TODAY - 40 * DAY)
    before = build(plan.frame(TODAY - 10 * DAY))
    plan.train("e1", on=TODAY - DAY)
    plan.skill("e2", on=TODAY - 30 * DAY, recorded=TODAY)
    assert build(plan.frame(TODAY - 10 * DAY)).digest == before.digest


@pytest.mark.parametrize(
    ("as_of", "kind"), [(TODAY + DAY, "date"), (TODAY - dt.timedelta(days=90), "date")], ids=["to come", "before it"]
)
def test_a_day_without_an_answer_is_refused(plan, as_of, kind) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan.frame(as_of)
    assert refused.value.kind == kind


def test_the_finding_names_the_unit_that_is_furthest_and_why(plan) -> None:
    for number in range(4):
        plan.train(f"e{number}")
    for number in range(6):
        plan.train(f"m{number}")
    assert build(plan.frame()).finding == (
        "No unit is ready for 14 December 2026. Furthest from it is Emergency: 6 of 10 are not trained, "
        "the early shift lacks one super-user"
    )


def test_a_unit_is_ready_when_trained_and_covered(plan) -> None:
    text = changed(units=("ED",), ratio=10)
    services.save(PLAN, text, 1, actor=None, now=NOW)
    for number in range(9):
        plan.train(f"e{number}")
    assert build(plan.frame()).finding == "Emergency is ready for 14 December 2026"


def test_small_groups_stay_hidden_and_cannot_be_worked_out(plan) -> None:
    services.save(PLAN, changed(units=("ED", "MED", "TINY")), 1, actor=None, now=NOW)
    plan.unit("TINY", "SGH")
    for number in range(3):
        plan.person(f"t{number}", "TINY")
    found = {each["code"]: each for each in build(plan.frame()).data["units"]}
    hidden = [code for code, each in found.items() if each["of"] is None]
    assert "TINY" in hidden
    assert len(hidden) == 2  # with one alone the total would give it away
    assert [found["TINY"][name] for name in ("lacking", "trend", "forecast")] == [[], [], None]


def test_what_one_profession_lacks_is_not_told_where_few_have_it(plan) -> None:
    plan.person("doctor", "ED", profession="physician")
    found = row(plan.frame(), "ED")
    assert [each["code"] for each in found["lacking"]] == [COURSE]
    assert not plan.frame().parts


def test_a_reader_of_one_unit_sees_that_unit_alone(plan) -> None:
    mine = Scope(unit_ids=frozenset({plan.units["ED"]}))
    report = build(plan.frame(scope=mine))
    assert [each["code"] for each in report.data["units"]] == ["ED"]
    assert report.data["total"]["of"] == 10
    assert ("units", "those you may see") in report.filters
    with pytest.raises(PlanRefused) as refused:
        plan.frame(scope=Scope(unit_ids=frozenset({plan.units["SGH"]})))
    assert refused.value.kind == "scope"


def test_a_reader_who_manages_people_sees_figures_of_these_alone(plan) -> None:
    mine = Scope(person_ids=frozenset(plan.people[f"e{number}"] for number in range(6)))
    report = build(plan.frame(scope=mine))
    assert report.data["total"]["of"] == 6
    assert ("people", "those you manage") in report.filters


def test_the_digest_follows_every_figure(plan) -> None:
    first = build(plan.frame()).digest
    assert build(plan.frame()).digest == first
    plan.train("e5")
    assert build(plan.frame()).digest != first


def test_an_unknown_plan_is_refused(hospital) -> None:
    with pytest.raises(PlanRefused) as refused:
        hospital.frame(plan="0" * 20)
    assert refused.value.kind == "unknown"


def test_evidence_that_was_withdrawn_counts_only_in_figures_of_days_before(plan) -> None:
    plan.train("e0", on=TODAY - 40 * DAY)
    key = f"e0-2-{TODAY - 40 * DAY}-None"
    assert withdraw_evidence(key, "entered by mistake", actor=None, now=noon(TODAY - 3 * DAY))
    db.session.commit()
    assert row(plan.frame(), "ED")["ready"] == 0
    assert row(plan.frame(TODAY - 10 * DAY), "ED")["ready"] == 1
