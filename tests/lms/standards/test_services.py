"""A pass mark set by a panel: private while a round is open, exact when adopted, and never changed after."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from lms.bank import services as bank
from lms.db import db
from lms.items import retiring
from lms.standards import queries, services
from lms.standards.models import AdoptedStandard, StandardRating, StandardStudy
from lms.standards.services import Refused
from lms.standards.views import percent
from tests.lms.bank.conftest import sit
from tests.lms.standards.conftest import PANEL
from tests.support.courses import ITEMS
from tests.support.signing import make_account

WHOLE = [60] * len(ITEMS)


def test_a_study_holds_the_questions_that_new_papers_may_hold(panel, version, clock) -> None:
    assert panel.study.items == ITEMS
    retiring.retire(version, ITEMS[1], "Trivia.", actor=panel.educator, now=clock())
    assert ITEMS[1] not in queries.rateable(version)
    assert panel.study.items == ITEMS, "the questions of a study are fixed"


@pytest.mark.parametrize(
    ("emails", "rounds", "why"),
    [
        (["ann.one@example.org"], 2, "two people or more"),
        (["ann.one@example.org", "ANN.ONE@example.org "], 2, "two people or more"),
        ([*PANEL, "asha@example.org"], 2, "asha@example.org"),
        ([*PANEL, "nobody@example.org"], 2, "nobody@example.org"),
        ([*PANEL, "a\0b@example.org"], 2, "has the address ab@example.org"),
        ([f"p{n}@example.org" for n in range(41)], 2, "at most 40"),
        (list(PANEL), 0, "From one to 4"),
        (list(PANEL), 5, "From one to 4"),
    ],
)
def test_a_panel_is_of_educators_supervisors_and_cmios(panel, app, version, clock, emails, rounds, why) -> None:
    make_account(app, "asha@example.org", ["learner"])
    with pytest.raises(Refused, match=why):
        services.begin(version, emails, rounds, actor=panel.educator, now=clock())
    assert db.session.scalar(select(func.count()).select_from(StandardStudy)) == 1


def test_part_of_the_ratings_is_kept_repeated_and_taken_back(panel) -> None:
    for _again in range(2):
        panel.rate(0, 50, 60)
    assert queries.own(panel.study, panel.accounts[0], 1) == {ITEMS[0]: 50, ITEMS[1]: 60}
    panel.rate(0, 55)
    assert queries.own(panel.study, panel.accounts[0], 1) == {ITEMS[0]: 55, ITEMS[1]: 60}
    left = services.rate(panel.study, 1, {ITEMS[1]: None}, actor=panel.accounts[0], now=panel.clock())
    assert left == 1
    assert queries.own(panel.study, panel.accounts[1], 1) == {}


@pytest.mark.parametrize("given", [{ITEMS[0]: 50, ITEMS[1]: 101}, {ITEMS[0]: -1}, {ITEMS[0]: 50, "another": 50}])
def test_nothing_is_kept_where_one_rating_is_bad(panel, given) -> None:
    with pytest.raises(Refused):
        services.rate(panel.study, 1, given, actor=panel.accounts[0], now=panel.clock())
    assert db.session.scalar(select(func.count()).select_from(StandardRating)) == 0


def test_nobody_else_rates_and_nobody_in_a_round_that_is_not_open(panel) -> None:
    with pytest.raises(Refused, match="members"):
        services.rate(panel.study, 1, {ITEMS[0]: 5}, actor=panel.educator, now=panel.clock())
    with pytest.raises(Refused, match="Round 2"):
        panel.rate(0, 50, number=2)
    for member in range(3):
        panel.rate(member, *WHOLE)
    panel.close(1)
    with pytest.raises(Refused, match="Round 1 is closed"):
        panel.rate(0, 50, number=1)


def test_the_database_refuses_a_rating_beyond_a_hundred(panel) -> None:
    panel.rate(0, 50)
    with pytest.raises(IntegrityError):
        db.session.execute(update(StandardRating).values(percent=101))
    db.session.rollback()


def test_a_round_waits_for_everybody_or_leaves_out_whoever_is_not_ready(panel) -> None:
    panel.rate(0, *WHOLE)
    with pytest.raises(Refused, match="there are 1"):
        panel.close(1, without=True)
    panel.rate(1, *[80] * len(ITEMS))
    panel.rate(2, 0, 0)
    with pytest.raises(Refused, match="Not everybody"):
        panel.close(1)
    assert panel.close(1, without=True)
    assert not panel.close(1), "closing it again does nothing"
    (over,) = queries.rounds_over(panel.study)
    assert (len(over.judges), over.cut, over.missing) == (2, 70, 0)
    with pytest.raises(Refused, match="no such round"):
        panel.close(3)


def test_figures_of_a_round_appear_only_once_it_is_closed(panel) -> None:
    for member in range(3):
        panel.rate(member, *[50 + 10 * member] * len(ITEMS))
    assert queries.rounds_over(panel.study) == ()
    assert queries.seen(panel.study, panel.accounts[0]) == {}
    panel.close(1)
    beside = queries.seen(panel.study, panel.accounts[0])[ITEMS[0]]
    assert (beside.own, beside.mean, beside.lowest, beside.highest, beside.takers_right) == (50, 60, 50, 70, None)
    panel.rate(1, *[0] * len(ITEMS))
    assert queries.seen(panel.study, panel.accounts[0])[ITEMS[0]] == beside, "the open round changes nothing"


@pytest.mark.parametrize(("takers", "known"), [(90, True), (29, False)])
def test_how_takers_did_is_shown_from_thirty_of_them_on(panel, version, clock, takers, known) -> None:
    sit(version, takers, clock())
    bank.analyse(version.course_id, now=clock())
    for member in range(3):
        panel.rate(member, *WHOLE)
    panel.close(1)
    right = queries.seen(panel.study, panel.accounts[0])[ITEMS[0]].takers_right
    assert (right is not None) is known
    assert right is None or 50 < right <= 100


def test_a_pass_mark_is_adopted_once_with_a_digest_that_its_evidence_gives_again(panel, clock) -> None:
    with pytest.raises(Refused, match="after the last round"):
        services.adopt(panel.study, Fraction(70), "Agreed.", actor=panel.educator, now=clock())
    panel.both_rounds()
    for mark, reason in ((Fraction(70), " "), (Fraction(70), "x" * 1001), (Fraction(101), "Too much.")):
        with pytest.raises(Refused):
            services.adopt(panel.study, mark, reason, actor=panel.educator, now=clock())
    assert services.adopt(panel.study, Fraction("72.5"), "Agreed.", actor=panel.educator, now=clock())
    db.session.commit()
    assert not services.adopt(panel.study, Fraction(10), "Again.", actor=panel.educator, now=clock())
    adopted = panel.study.adopted
    assert (adopted.cut, adopted.adopted, adopted.reason) == (70, Fraction("72.5"), "Agreed.")
    assert adopted.se == pytest.approx(10 / 3**0.5)
    made = queries.standard_of(dict(adopted.evidence), adopted.adopted, adopted.reason)
    assert made.digest == adopted.digest
    changed = dict(adopted.evidence) | {"ratings": [[*row[:3], 99] for row in adopted.evidence["ratings"]]}
    assert queries.standard_of(changed, adopted.adopted, adopted.reason).digest != adopted.digest
    assert db.session.scalar(select(func.count()).select_from(AdoptedStandard)) == 1


@pytest.mark.parametrize("statement", [update(AdoptedStandard).values(adopted="1"), delete(AdoptedStandard)])
def test_the_database_refuses_to_change_or_remove_a_pass_mark_adopted(panel, clock, statement) -> None:
    panel.both_rounds()
    services.adopt(panel.study, Fraction(70), "Agreed.", actor=panel.educator, now=clock())
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.scalar(select(AdoptedStandard.adopted)) == "70"


def test_the_evidence_names_nobody(panel, clock) -> None:
    panel.both_rounds()
    judges = {row[1] for row in queries.evidence(panel.study)["ratings"]}
    assert judges == {"Judge 1", "Judge 2", "Judge 3"}


@given(st.fractions(0, 100))
def test_a_figure_in_per_cent_is_read_to_a_tenth(value) -> None:
    assert abs(float(percent(value)) - float(value)) <= 0.0501
    assert not percent(value).endswith(".0")
