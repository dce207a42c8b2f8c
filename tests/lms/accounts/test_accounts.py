"""Accounts, roles, unit grants, tokens, leaving and coming back: the rules below the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from lms.accounts import queries, services, sign_ins
from lms.accounts.models import Account, AccountRole, ApiToken, SignIn, UnitGrant
from lms.accounts.refusals import AccountRefused
from lms.audit.models import AuditEntry
from lms.db import db
from lms.people.models import Person, Post, Unit, UnitTree
from tests.lms.accounts.conftest import PASSWORD
from tests.support.signing import make_account


@pytest.fixture
def hospital(app) -> dict[str, int]:
    """North with two wards below it, and South; a nurse on ward 1 whose manager is Mara."""
    units = [Unit(code=c, name=c.title()) for c in ("NORTH", "W1", "W2", "SOUTH")]
    db.session.add_all(units)
    db.session.flush()
    north, ward1, ward2, south = (unit.id for unit in units)
    units[1].parent_id = units[2].parent_id = north
    db.session.add_all(UnitTree(ancestor_id=i, unit_id=i, depth=0) for i in (north, ward1, ward2, south))
    db.session.add_all(UnitTree(ancestor_id=north, unit_id=i, depth=1) for i in (ward1, ward2))
    mara, nurse = Person(given_name="Mara", family_name="Sample"), Person(given_name="Nils", family_name="Sample")
    db.session.add_all([mara, nurse])
    db.session.flush()
    start = dt.date(2026, 1, 1)
    db.session.add(Post(person_id=nurse.id, unit_id=ward1, title="Nurse", manager_id=mara.id, starts=start))
    db.session.commit()
    return {"north": north, "w1": ward1, "w2": ward2, "south": south, "mara": mara.id, "nurse": nurse.id}


def test_an_account_belongs_to_the_person_the_roster_knows(app, clock) -> None:
    person = Person(given_name="Asha", family_name="Sample", email="asha@example.org", employee_id="E1")
    db.session.add(person)
    db.session.commit()
    account_id = services.create_account("ASHA@example.org", ["learner"], actor=None, now=clock())
    assert db.session.get_one(Account, account_id).person_id == person.id


def test_an_account_of_somebody_unknown_brings_its_own_person(app, clock) -> None:
    account_id = services.create_account("new@example.org", ["learner"], actor=None, now=clock())
    person = db.session.get_one(Person, db.session.get_one(Account, account_id).person_id)
    assert (person.email, person.employee_id) == ("new@example.org", None)


def test_creating_it_again_adds_roles_and_leaves_the_password(app, asha, clock) -> None:
    before = db.session.get_one(Account, asha.id).password_hash
    again = services.create_account(
        "Asha@Example.org", ["educator"], password="other words entirely", must_change=True, actor=None, now=clock()
    )
    account = db.session.get_one(Account, again)
    assert (again, account.password_hash, account.must_change) == (asha.id, before, False)
    assert set(db.session.scalars(select(AccountRole.role))) == {"learner", "educator"}


def test_one_person_has_one_account(app, asha, clock) -> None:
    person = db.session.get_one(Person, asha.person_id)
    person.email = "asha.new@example.org"
    db.session.commit()
    with pytest.raises(AccountRefused, match="signs in as asha@"):
        services.create_account("asha.new@example.org", ["learner"], actor=None, now=clock())


@pytest.mark.parametrize("email", ["", "asha", "a@b", "a@b@c.org", "a b@c.org", "a@c.org\nBcc: x", "@c.org", "a@.org."])
def test_what_is_no_e_mail_is_refused_with_nothing_written(app, clock, email) -> None:
    with pytest.raises(AccountRefused, match="An e-mail address such as"):
        services.create_account(email, ["learner"], actor=None, now=clock())
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_role_that_is_none_is_refused_with_the_roles_there_are(app, clock) -> None:
    with pytest.raises(AccountRefused, match="boss is not a role; one of learner, educator"):
        services.create_account("a@example.org", ["boss"], actor=None, now=clock())


def test_the_cmio_and_administrators_see_everything(app, hospital, clock) -> None:
    for role in ("cmio", "administrator"):
        account = make_account(app, f"{role}@example.org", [role])
        assert queries.scope_of(account.id, account.person_id, {role}, clock().date()).everything


def test_a_supervisor_sees_granted_units_with_all_below_and_managed_people(app, hospital, clock) -> None:
    account = make_account(app, "mara@example.org", ["supervisor"], person_id=hospital["mara"])
    services.grant_unit(account.id, "NORTH", actor=None, now=clock())
    scope = queries.scope_of(account.id, hospital["mara"], {"supervisor"}, clock().date())
    assert scope.unit_ids == {hospital["north"], hospital["w1"], hospital["w2"]}
    assert scope.person_ids == {hospital["nurse"]}
    assert not scope.covers_unit(hospital["south"])


def test_others_see_nobody_whatever_was_granted_before(app, hospital, clock) -> None:
    account = make_account(app, "mara@example.org", ["supervisor"], person_id=hospital["mara"])
    services.grant_unit(account.id, "NORTH", actor=None, now=clock())
    scope = queries.scope_of(account.id, hospital["mara"], {"learner", "educator"}, clock().date())
    assert (scope.everything, scope.unit_ids, scope.person_ids) == (False, frozenset(), frozenset())


def test_units_are_granted_to_supervisors_alone_and_go_with_the_role(app, hospital, clock) -> None:
    account = make_account(app, "mara@example.org", ["learner"])
    with pytest.raises(AccountRefused):
        services.grant_unit(account.id, "W1", actor=None, now=clock())
    services.set_roles(account.id, ["supervisor"], actor=None, now=clock())
    services.grant_unit(account.id, "W1", actor=None, now=clock())
    services.grant_unit(account.id, "W1", actor=None, now=clock())
    assert queries.granted_unit_ids(account.id) == {hospital["w1"]}
    services.set_roles(account.id, ["learner"], actor=None, now=clock())
    assert db.session.scalar(select(func.count()).select_from(UnitGrant)) == 0


def test_the_last_administrator_keeps_role_and_account(app, make, clock) -> None:
    only = make("admin@example.org", "administrator", "learner")
    invited = services.create_account("invited@example.org", ["administrator"], actor=None, now=clock())
    assert invited
    for act in (
        lambda: services.set_roles(only.id, ["learner"], actor=only.id, now=clock()),
        lambda: services.deactivate(only.id, actor=only.id, now=clock()),
    ):
        with pytest.raises(AccountRefused) as refused:
            act()
        assert refused.value.kind == "last-administrator"
    other = make("second@example.org", "administrator")
    services.deactivate(only.id, actor=other.id, now=clock())
    with pytest.raises(AccountRefused):
        services.set_roles(other.id, ["learner"], actor=other.id, now=clock())


def test_a_leavers_sign_ins_and_tokens_end_and_the_records_stay(app, asha, clock) -> None:
    secret = services.sign_in("asha@example.org", PASSWORD, "", "10.0.0.1", now=clock())
    token = services.create_token("asha@example.org", "script", actor=asha.id, now=clock())
    services.deactivate(asha.id, actor=None, now=clock())
    assert queries.principal_by_sign_in(secret, clock()) is None
    assert queries.principal_by_api_token(token, clock()) is None
    assert db.session.get(Person, asha.person_id) is not None
    services.reactivate(asha.id, actor=None, now=clock())
    assert queries.principal_by_sign_in(secret, clock()) is None
    assert queries.principal_by_api_token(token, clock()) is None
    assert services.sign_in("asha@example.org", PASSWORD, "", "10.0.0.1", now=clock())


def test_a_token_acts_as_its_account_until_it_is_revoked(app, asha, clock) -> None:
    token = services.create_token("ASHA@example.org", " Nightly  export ", actor=asha.id, now=clock())
    who = queries.principal_by_api_token(token, clock())
    assert who is not None
    assert who.account_id == asha.id
    facts = queries.tokens(asha.id)
    assert [fact.name for fact in facts] == ["Nightly export"]
    services.revoke_token(facts[0].id, asha.id, actor=asha.id, now=clock())
    assert queries.principal_by_api_token(token, clock()) is None


def test_a_token_is_kept_as_a_hash_alone(app, asha, clock) -> None:
    token = services.create_token("asha@example.org", "script", actor=None, now=clock())
    row = db.session.execute(select(ApiToken)).scalar_one()
    assert token not in vars(row).values()
    assert len(token) >= 40


def test_nobody_ends_what_belongs_to_somebody_else(app, asha, make, clock) -> None:
    other = make("other@example.org")
    services.create_token("asha@example.org", "script", actor=None, now=clock())
    services.sign_in("asha@example.org", PASSWORD, "", "10.0.0.1", now=clock())
    token_id, sign_in_id = db.session.scalar(select(ApiToken.id)), db.session.scalar(select(SignIn.id))
    with pytest.raises(AccountRefused):
        services.revoke_token(token_id, other.id, actor=other.id, now=clock())
    with pytest.raises(AccountRefused):
        sign_ins.revoke(sign_in_id, other.id, now=clock())


def test_acts_on_accounts_are_written_down_without_names(app, asha, make, clock) -> None:
    admin = make("admin@example.org", "administrator")
    make("second@example.org", "administrator")
    services.set_roles(asha.id, ["educator"], actor=admin.id, now=clock())
    services.deactivate(asha.id, actor=admin.id, now=clock())
    services.reactivate(asha.id, actor=admin.id, now=clock())
    entries = db.session.execute(select(AuditEntry).where(AuditEntry.actor_id == admin.id).order_by(AuditEntry.id))
    rows = entries.scalars().all()
    assert [row.action for row in rows] == ["account.roles", "account.deactivate", "account.reactivate"]
    assert rows[0].detail == {"added": ["educator"], "removed": ["learner"]}
    assert all("asha" not in str(vars(row)) for row in rows)


def test_what_ended_long_ago_is_forgotten(app, asha, clock) -> None:
    services.sign_in("asha@example.org", PASSWORD, "", "10.0.0.1", now=clock())
    clock.move(days=31)
    sign_ins.tidy(clock())
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
