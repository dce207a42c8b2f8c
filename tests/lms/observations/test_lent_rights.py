"""A right to sign off is lent for a time, reaches no further than the lender's own, and ends when taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.accounts import services as accounts
from lms.accounts.delegations import DelegationFacts, given_by, lent_to, revoke, signers_of
from lms.accounts.models import Delegation
from lms.accounts.queries import account_by_email, sign_off_of
from lms.audit.models import AuditEntry
from lms.db import db
from lms.observations import coaching
from lms.observations.delegating import lend
from lms.observations.refusals import Refused
from lms.people.scope import Lent, Scope, SignOff
from tests.lms.observations.conftest import ASHA, INES, LI, MONA, NOOR, RAVI, SAMI, Ward
from tests.support.hospital import email_of

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


def lent_by_mona(ward: Ward, to: str, **words) -> str:
    words = {
        "person_id": ward.person(ASHA), "unit_id": None, "wanted": (), "starts": ward.today,
        "ends": ward.today + 7 * DAY, "key": "k", "today": ward.today, "now": ward.clock.now,
    } | words  # fmt: skip
    return lend(ward.account(MONA), account_by_email(email_of(to)), **words)


def signs(ward: Ward, who: str, whom: str, code: str | None = None, on: dt.date | None = None) -> bool:
    me = ward.account(who)
    units = {ASHA: "MED-A", NOOR: "MED-A", INES: "MED-B", LI: "ED"}
    found = sign_off_of(me.id, me.person_id, me.roles, on or ward.today)
    return found.covers(ward.person(whom), frozenset({ward.hospital.units[units[whom]]}), code)


def coach(ward: Ward, who: str, code: str) -> None:
    """Bring somebody to level 4."""
    for number in range(3):
        public = coaching.write(
            ward.person(who), ward.person(NOOR), code, ward.today, 10, "Practice", key=f"{who}{code}{number}",
            actor=ward.account(who).id, today=ward.today, now=ward.clock.now,
        )  # fmt: skip
        coaching.answer(public, True, person_id=ward.person(NOOR), actor=ward.account(NOOR).id, now=ward.clock.now)
    ward.observe(who, code, 4)


def test_a_colleague_signs_for_those_lent_from_the_first_day_to_the_last(ward: Ward) -> None:
    ward.account(RAVI, "learner", "supervisor")
    assert not signs(ward, RAVI, ASHA)
    lent_by_mona(ward, RAVI, starts=ward.today + DAY, ends=ward.today + 3 * DAY)
    seen = [signs(ward, RAVI, ASHA, on=ward.today + n * DAY) for n in range(5)]
    assert seen == [False, True, True, True, False]
    assert not signs(ward, RAVI, NOOR, on=ward.today + DAY)


def test_it_is_revoked_at_once_and_every_act_is_on_record(ward: Ward) -> None:
    ward.account(RAVI, "learner", "supervisor")
    public = lent_by_mona(ward, RAVI)
    assert lent_by_mona(ward, RAVI) == public
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 1
    assert not revoke(public, by=ward.account(RAVI), now=ward.clock.now)
    assert signs(ward, RAVI, ASHA)
    for _again in range(2):
        assert revoke(public, by=ward.account(MONA), now=ward.clock.now)
    assert not signs(ward, RAVI, ASHA)
    assert (given_by(ward.account(MONA).id, ward.today), lent_to(ward.account(RAVI).id, ward.today)) == ((), ())
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "delegation")).all()
    assert acts == ["delegation.give", "delegation.revoke"]


def test_it_ends_with_the_lenders_own_right(ward: Ward) -> None:
    ward.account(RAVI, "learner", "supervisor")
    lent_by_mona(ward, RAVI)
    accounts.deactivate(ward.account(MONA).id, actor=None, now=ward.clock.now)
    assert not signs(ward, RAVI, ASHA)


def test_what_was_lent_is_not_lent_on(ward: Ward) -> None:
    ravi = ward.account(RAVI, "learner", "supervisor")
    ward.account(LI, "learner", "supervisor")
    lent_by_mona(ward, RAVI)
    with pytest.raises(Refused, match="not among those"):
        lend(
            ravi, account_by_email(email_of(LI)), person_id=ward.person(ASHA), unit_id=None, wanted=(),
            starts=ward.today, ends=ward.today, key="x", today=ward.today, now=ward.clock.now,
        )  # fmt: skip


def test_a_unit_is_lent_with_all_below_it_and_no_more_than_was_granted(ward: Ward) -> None:
    ward.account(RAVI, "learner", "supervisor")
    with pytest.raises(Refused, match="unit"):
        lent_by_mona(ward, RAVI, person_id=None, unit_id=ward.hospital.units["MED"])
    accounts.grant_unit(ward.account(MONA).id, "MED", actor=None, now=ward.clock.now)
    lent_by_mona(ward, RAVI, person_id=None, unit_id=ward.hospital.units["MED"])
    assert (signs(ward, RAVI, INES), signs(ward, RAVI, ASHA), signs(ward, RAVI, LI)) == (True, True, False)


def test_a_super_user_is_lent_only_what_they_coach(ward: Ward) -> None:
    ward.account(SAMI)
    ward.account(NOOR)
    with pytest.raises(Refused, match="Name the competencies"):
        lent_by_mona(ward, SAMI)
    with pytest.raises(Refused, match="no level 4 in B1"):
        lent_by_mona(ward, SAMI, wanted=["B1"])
    with pytest.raises(Refused, match="super-user"):
        lent_by_mona(ward, NOOR, wanted=["B1"])
    coach(ward, SAMI, "B1")
    lent_by_mona(ward, SAMI, wanted=["B1"])
    assert (signs(ward, SAMI, ASHA, "B1"), signs(ward, SAMI, ASHA, "B2")) == (True, False)
    assert [each.email for each in signers_of(ward.person(ASHA), ward.today)] == [email_of(MONA), email_of(SAMI)]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"starts": dt.date(2026, 11, 24), "ends": dt.date(2026, 11, 23)}, "ends"),
        ({"starts": dt.date(2026, 11, 1), "ends": dt.date(2026, 11, 22)}, "ends"),
        ({"ends": dt.date(2028, 11, 23)}, "ends"),
        ({"wanted": ["Z9"]}, "competencies"),
        ({"unit_id": 1}, "scope"),
        ({"person_id": None}, "scope"),
    ],
)
def test_a_loan_that_makes_no_sense_is_refused_at_its_field(ward: Ward, words: dict, field: str) -> None:
    ward.account(RAVI, "learner", "supervisor")
    with pytest.raises(Refused) as refused:
        lent_by_mona(ward, RAVI, **words)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 0


def test_home_leads_a_coach_to_those_they_sign_for(ward: Ward, as_) -> None:
    coach(ward, SAMI, "B1")
    lent_by_mona(ward, SAMI, wanted=["B1"])
    db.session.commit()
    sami = as_(SAMI)
    assert "in a colleague’s stead" in sami.get("/").text
    assert "Asha Sample" in sami.get("/team").text
    ward.clock.move(days=8)
    assert "in a colleague’s stead" not in as_(SAMI).get("/").text
    assert as_(SAMI).get("/team").status_code == 403


def test_nobody_is_lent_the_right_to_sign_themselves(ward: Ward) -> None:
    ward.account(ASHA, "learner", "supervisor")
    with pytest.raises(Refused, match="their own"):
        lent_by_mona(ward, ASHA)


@given(days, days, days, st.booleans())
def test_a_loan_holds_exactly_within_its_days_unless_taken_back(
    starts: dt.date, ends: dt.date, on: dt.date, revoked: bool
) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    loan = DelegationFacts(1, "x", 1, 1, 2, 2, 3, None, (), starts, ends, at, at if revoked else None)
    assert loan.holds(on) == (not revoked and (on - starts).days >= 0 and (ends - on).days >= 0)


scopes = st.builds(
    Scope,
    everything=st.just(False),
    unit_ids=st.frozensets(st.integers(1, 5)),
    person_ids=st.frozensets(st.integers(1, 5)),
)
codes = st.frozensets(st.sampled_from(("A1", "B1", "B2")))


@given(scopes, st.lists(st.tuples(scopes, codes)), st.integers(1, 5), st.frozensets(st.integers(1, 5)))
def test_what_may_be_signed_is_the_same_asked_by_competency_or_all_at_once(
    own: Scope, lent: list, person: int, units: frozenset[int]
) -> None:
    signer = SignOff(own, tuple(Lent(number, scope, of) for number, (scope, of) in enumerate(lent)))
    found = signer.competencies(person, units)
    for code in ("A1", "B1", "B2", "C1"):
        assert signer.covers(person, units, code) == (found is None or code in found)
    assert signer.covers(person, units) == (found is None or bool(found))
