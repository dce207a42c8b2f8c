"""The rules of obligations, over any posts, leave, completions and rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.obligations import (
    LATE_DAYS,
    Asked,
    Proof,
    Step,
    after_days,
    joined_on,
    merged,
    moved,
    obligation,
)
from lms.assignments.terms import Audience, Target, Terms, Version
from lms.people.facts import LeaveSpan
from lms.people.tenure import Tenure

DAY = dt.timedelta(days=1)
START = dt.date(2026, 1, 1)
COURSE = Target("course", "SAFE-101")

days = st.integers(0, 900).map(lambda n: START + n * DAY)
short = st.integers(0, 200)


@st.composite
def leaves(draw, most: int = 4, ended: bool = False) -> list[LeaveSpan]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        starts = draw(days)
        ends = starts + draw(st.integers(0, 120)) * DAY
        found.append(LeaveSpan(1, starts, ends if ended or draw(st.integers(0, 5)) else None))
    return found


@st.composite
def terms(draw) -> Terms:
    return Terms(
        mandatory=draw(st.booleans()),
        due_on=draw(st.none() | days),
        due_days=draw(st.none() | short),
        recur_months=draw(st.none() | st.integers(1, 24)),
        window_days=draw(st.integers(0, 120)),
        grace_days=draw(st.integers(0, 40)),
    )


def owed(found: Terms, *, today: dt.date, assigned: dt.date = START, proof: Proof | None = None, away=(), exempt=False):
    proofs = {COURSE.code: proof} if proof else {}
    return obligation(
        "r", COURSE, found, "", assigned, clock_from=assigned, asked=Asked(), proofs=proofs,
        leaves=merged(away), today=today, exempt=exempt,
    )  # fmt: skip


def later(one: dt.date | None, other: dt.date | None) -> bool:
    """Whether `one` is not before `other`; no date is later than every date."""
    return (one or dt.date.max) >= (other or dt.date.max)


@given(terms(), leaves(), leaves(most=1), st.none() | days.map(lambda day: Proof(day)), days)
def test_leave_never_makes_anything_due_earlier(found, some, more, proof, today) -> None:
    before = owed(found, today=today, proof=proof, away=some)
    after = owed(found, today=today, proof=proof, away=[*some, *more])
    if before.due_on is not None or (found.due_on, found.due_days, found.recur_months) != (None, None, None):
        assert later(after.due_on, before.due_on)


@given(days, short, leaves())
def test_the_clock_counts_exactly_the_days_at_work(start, count, away) -> None:
    due = after_days(start, count, merged(away))
    if due is None:
        assert any(leave.ends is None for leave in away)
        return
    before = [start + n * DAY for n in range((due - start).days)]
    assert sum(1 for day in before if not any(leave.covers(day) for leave in away)) == count
    assert not any(leave.covers(due) for leave in away)


@given(days, leaves(ended=True))
def test_a_fixed_day_never_falls_into_a_leave(day, away) -> None:
    found = moved(day, merged(away))
    assert found is not None
    assert not any(leave.covers(found) for leave in away)
    assert found >= day


@given(terms(), leaves(), st.none() | days.map(lambda day: Proof(day)), days)
def test_an_exemption_wins_over_everything(found, away, proof, today) -> None:
    assert owed(found, today=today, proof=proof, away=away, exempt=True).state == "exempt"


@given(terms(), leaves(), st.none() | days.map(lambda day: Proof(day)), days)
def test_deriving_twice_gives_the_same(found, away, proof, today) -> None:
    one, two = (owed(found, today=today, proof=proof, away=away) for _ in range(2))
    assert one == two


@given(days, st.integers(1, 24), st.integers(0, 90))
def test_a_completed_recurrence_opens_again_and_only_then(done, months, window) -> None:
    found = Terms(due_days=30, recur_months=months, window_days=window)
    just = owed(found, today=done, assigned=done, proof=Proof(done))
    lapses = just.lapses_on
    assert lapses is not None
    opens = max(done, lapses - window * DAY)
    if opens > done:
        assert owed(found, today=opens - DAY, assigned=done, proof=Proof(done)).state == "done"
    again = owed(found, today=opens, assigned=done, proof=Proof(done))
    assert again.state != "done"
    assert again.renewal
    assert again.due_on == max(lapses, done + 30 * DAY)


@given(terms(), leaves(), days)
def test_nothing_recommended_is_ever_overdue(found, away, today) -> None:
    assert owed(replace(found, mandatory=False), today=today, away=away).state not in ("overdue", "grace")


@given(terms(), leaves(), days)
def test_who_is_away_is_never_overdue(found, away, today) -> None:
    one = owed(found, today=today, away=away)
    if any(leave.covers(today) for leave in away):
        assert one.state == "away"
    else:
        assert one.state != "away"


@pytest.mark.parametrize(
    ("left", "state"),
    [(31, "open"), (30, "soon"), (8, "soon"), (7, "due"), (0, "due"), (-1, "grace"), (-5, "grace"), (-6, "overdue")],
)
def test_states_follow_the_days_left(left: int, state: str) -> None:
    found = Terms(due_days=100, grace_days=5)
    assert owed(found, today=START + (100 - left) * DAY).state == state


def test_a_certificate_that_ended_before_the_assignment_does_not_count() -> None:
    proof = Proof(START - 400 * DAY, START - DAY)
    assert owed(Terms(due_days=30), today=START, proof=proof).done_on is None
    assert owed(Terms(due_days=30), today=START, proof=replace(proof, valid_until=START)).state == "done"


def test_a_rule_that_follows_the_certificate_asks_again_ninety_days_before_its_end() -> None:
    ends = START + 365 * DAY
    found = Terms(due_days=30, follows_expiry=True)
    assert owed(found, today=ends - 91 * DAY, proof=Proof(START, ends)).state == "done"
    again = owed(found, today=ends - 90 * DAY, proof=Proof(START, ends))
    assert (again.state, again.due_on, again.renewal) == ("open", ends, True)
    assert owed(found, today=ends + DAY, proof=Proof(START, ends)).state == "overdue"


def test_a_new_edition_of_a_policy_gives_days_from_its_own_first_day() -> None:
    policy = Target("policy", "EMR-USE")
    since = START + 200 * DAY
    one = obligation(
        "r", policy, Terms(due_on=START + 20 * DAY), "", START, clock_from=START, asked=Asked(since=since),
        proofs={}, leaves=(), today=since,
    )  # fmt: skip
    assert one.due_on == since + LATE_DAYS * DAY


def post(starts: dt.date, ends: dt.date | None = None, *, line=(1,), began: dt.date | None = None, **roles) -> Tenure:
    return Tenure(
        1, line[0], frozenset(line), roles.get("super_user", False), roles.get("informaticist", False), None,
        starts, ends, began or starts,
    )  # fmt: skip


def version(starts: dt.date = START, ends: dt.date | None = None, sequence: int = 1, **changes) -> Version:
    held = {"clock_from": START, "target": COURSE, "audience": Audience(), "terms": Terms(due_days=30)} | changes
    return Version(sequence, starts, ends, **held)


def test_posts_that_follow_one_another_are_one_time() -> None:
    move = START + 50 * DAY
    held = [post(START, move), post(move + DAY)]
    assert joined_on([version()], held, "nurse", START + 90 * DAY) == START
    gap = [post(START, move), post(move + 2 * DAY)]
    assert joined_on([version()], gap, "nurse", START + 90 * DAY) == move + 2 * DAY


def test_who_stays_through_a_changed_rule_keeps_the_first_day_and_who_joins_by_it_begins_with_it() -> None:
    change = START + 40 * DAY
    first = version(ends=change - DAY, audience=Audience(unit_id=2))
    second = version(change, sequence=2, audience=Audience(unit_id=1))
    stays = [post(START - 900 * DAY, line=(2, 1))]
    joins = [post(START - 900 * DAY, line=(3, 1))]
    assert joined_on([first, second], stays, "nurse", change + DAY) == START
    assert joined_on([first, second], joins, "nurse", change + DAY) == change
    other = replace(second, clock_from=change)
    assert joined_on([first, other], stays, "nurse", change + DAY) == change
    assert joined_on([first, second], joins, "nurse", change - DAY) is None


def test_a_rule_for_new_posts_catches_those_that_begin_and_keeps_them() -> None:
    rule = version(audience=Audience(within_days=14))
    assert joined_on([rule], [post(START - 15 * DAY)], "nurse", START) is None
    assert joined_on([rule], [post(START - 14 * DAY)], "nurse", START) == START
    newer = post(START + 100 * DAY)
    assert joined_on([rule], [newer], "nurse", START + 400 * DAY) == START + 100 * DAY
    split = post(START + 100 * DAY, began=START - 300 * DAY, super_user=True)
    assert joined_on([rule], [split], "nurse", START + 110 * DAY) is None


@pytest.mark.parametrize(
    ("audience", "profession", "roles", "concerned"),
    [
        (Audience(professions=frozenset({"nurse"})), "nurse", {}, True),
        (Audience(professions=frozenset({"nurse"})), "physician", {}, False),
        (Audience(roles=frozenset({"super-user"})), "nurse", {"super_user": True}, True),
        (Audience(roles=frozenset({"super-user"})), "nurse", {}, False),
        (Audience(roles=frozenset({"informaticist"})), "nurse", {"informaticist": True}, True),
        (Audience(roles=frozenset({"clinician"})), "pharmacist", {}, True),
        (Audience(roles=frozenset({"clinician"})), "other", {}, False),
        (Audience(unit_id=9), "nurse", {}, False),
    ],
)
def test_a_rule_concerns_professions_roles_and_units(audience, profession, roles, concerned) -> None:
    found = joined_on([version(audience=audience)], [post(START, **roles)], profession, START)
    assert (found is not None) == concerned


def test_a_pathway_is_due_step_by_step_and_done_with_the_last() -> None:
    pathway = Target("pathway", "FIRST-WEEK")
    asked = Asked(steps=(Step(("A-1",), 1, 2), Step(("B-1", "C-1"), 1, 10)))

    def at(proofs: dict[str, Proof], today: dt.date):
        return obligation(
            "r", pathway, Terms(), "", START, clock_from=START, asked=asked, proofs=proofs, leaves=(), today=today
        )

    none = at({}, START)
    assert (none.due_on, none.steps, none.state) == (START + 2 * DAY, (0, 2), "due")
    one = at({"A-1": Proof(START + DAY)}, START + DAY)
    assert (one.due_on, one.steps) == (START + 10 * DAY, (1, 2))
    both = at({"A-1": Proof(START + DAY), "C-1": Proof(START + 5 * DAY)}, START + 6 * DAY)
    assert (both.state, both.done_on, both.steps) == ("done", START + 5 * DAY, (2, 2))
    ended = at({"A-1": Proof(START - 400 * DAY, START - DAY)}, START)
    assert ended.steps == (0, 2), "a certificate that had ended before the start does not count"
