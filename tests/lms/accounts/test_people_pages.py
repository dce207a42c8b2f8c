"""The administrator's people: list and person."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select, update

from lms.accounts import queries
from lms.accounts.models import Account, AccountRole, UnitGrant
from lms.db import db
from lms.messages.models import Mail
from lms.people.models import Person, Post, Unit, UnitTree
from tests.support.signing import make_account, sign_in

START = dt.date(2026, 1, 1)


@pytest.fixture
def hospital(app) -> None:
    """A hospital with one ward, sixty nurses, a physician without an account, and a leaver."""
    house, ward = Unit(code="H", name="House"), Unit(code="W", name="West ward")
    db.session.add_all([house, ward])
    db.session.flush()
    ward.parent_id = house.id
    db.session.add_all(
        UnitTree(ancestor_id=a, unit_id=u, depth=d)
        for a, u, d in ((house.id, house.id, 0), (ward.id, ward.id, 0), (house.id, ward.id, 1))
    )
    people = [
        Person(given_name=f"Nurse{n:02}", family_name="Same", email=f"nurse{n:02}@example.org",
               employee_id=f"N{n:02}", profession="nurse")
        for n in range(60)
    ]  # fmt: skip
    physician = Person(given_name="Pia", family_name="Percent%", employee_id="P_1", profession="physician")
    leaver = Person(given_name="Lea", family_name="Gone", email="lea@example.org", employee_id="L1", profession="nurse")
    db.session.add_all([*people, physician, leaver])
    db.session.flush()
    db.session.add_all(Post(person_id=p.id, unit_id=ward.id, title="Nurse", starts=START) for p in people)
    db.session.add(Post(person_id=physician.id, unit_id=house.id, title="Attending", starts=START))
    db.session.add(Post(person_id=leaver.id, unit_id=ward.id, title="Nurse", starts=START, ends=dt.date(2026, 6, 30)))
    db.session.commit()


@pytest.fixture
def admin(client, app) -> Account:
    """The administrator, signed in."""
    ids = sign_in(client, app, "admin@example.org", ["administrator"], password_hash="x")
    return db.session.get_one(Account, ids.account_id)


def names(page: str) -> list[str]:
    return re.findall(r'/admin/people/[0-9a-f]{20}">([^<]+)</a>', page)


def path(email: str) -> str:
    return "/admin/people/" + db.session.scalar(select(Person.public_id).where(Person.email == email))


def act(client, email: str, what: str, **data):
    return client.post(f"{path(email)}/{what}", data=data, follow_redirects=True)


def test_everybody_is_listed_once_page_by_page(client, admin, hospital) -> None:
    seen, address = [], "/admin/people"
    while address:
        page = client.get(address).text
        seen += names(page)
        found = re.search(r'href="([^"]+after=[^"]+)" rel="next"', page)
        address = found.group(1).replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 63


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "nurse07"}, ["Nurse07 Same"]),
        ({"q": "SAME 12"}, ["Nurse12 Same"]),
        ({"q": "n33"}, ["Nurse33 Same"]),
        ({"q": "%"}, ["Pia Percent%"]),
        ({"q": "_"}, ["Pia Percent%"]),
        ({"profession": "physician"}, ["Pia Percent%"]),
        ({"state": "active"}, ["Admin Sample"]),
        ({"q": "nobody at all"}, []),
        ({"unit": "H", "q": "p"}, ["Pia Percent%", *(f"Nurse{n:02} Same" for n in range(60))][:1]),
        ({"q": "gone", "unit": "W"}, []),
    ],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(client, admin, hospital, query, found) -> None:
    page = client.get("/admin/people", query_string=query)
    assert page.status_code == 200
    if query.get("unit") == "H":
        assert "Pia Percent%" in names(page.text)
    else:
        assert names(page.text) == found


def test_a_unit_counts_with_all_below_it_on_this_day(client, admin, hospital) -> None:
    assert "61 people in House" in client.get("/admin/people?unit=H").text
    assert "60 people in West ward" in client.get("/admin/people?unit=W").text


def test_the_account_state_is_told_and_filtered_by(client, admin, hospital, app, clock) -> None:
    make_account(app, "nurse01@example.org")
    make_account(app, "nurse02@example.org", password_hash="x", deactivated_at=clock())
    assert names(client.get("/admin/people?state=invited").text) == ["Nurse01 Same"]
    assert names(client.get("/admin/people?state=deactivated").text) == ["Nurse02 Same"]
    assert "60 people" in client.get("/admin/people?state=none").text


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "W10", "bnVsbA", "WyJhIiwiYiJd", "WyJhIiwgMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd"]
)
def test_a_cursor_that_cannot_be_read_begins_at_the_start(client, admin, hospital, cursor) -> None:
    page = client.get("/admin/people", query_string={"after": cursor})
    assert page.status_code == 200
    assert "Lea Gone" in page.text


def test_a_person_is_shown_with_posts_and_account(client, admin, hospital) -> None:
    page = client.get(path("nurse01@example.org")).text
    for words in ("Nurse01 Same", "West ward", "No account", "Send an invitation", "1 January 2026"):
        assert words in page
    assert "No current post" in client.get(path("lea@example.org")).text
    assert client.get("/admin/people/00000000000000000000").status_code == 404


def test_a_person_is_invited_by_e_mail(client, admin, hospital) -> None:
    page = act(client, "nurse01@example.org", "invite").text
    assert "The invitation is on its way" in page
    assert "Invited" in page
    mail = db.session.execute(select(Mail)).scalar_one()
    assert mail.to == "nurse01@example.org"
    assert "7 days" in mail.body
    assert set(db.session.scalars(select(AccountRole.role).join(Account).where(Account.email == mail.to))) == {
        "learner"
    }
    act(client, "nurse01@example.org", "invite")
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2


def test_a_person_without_e_mail_cannot_be_invited(client, admin, hospital) -> None:
    person = db.session.execute(select(Person).where(Person.employee_id == "P_1")).scalar_one()
    page = client.get(f"/admin/people/{person.public_id}").text
    assert "holds no e-mail" in page
    answer = client.post(f"/admin/people/{person.public_id}/invite", follow_redirects=True)
    assert "Add it in the roster first" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_somebody_who_is_not_on_the_roster_is_invited(client, admin, hospital) -> None:
    assert client.get("/admin/people/new").status_code == 200
    answer = client.post("/admin/people/new", data={"email": "Guest@Example.org", "roles": ["educator"]})
    assert answer.status_code == 303
    account = queries.account_by_email("guest@example.org")
    assert account is not None
    assert (account.roles, account.has_password) == ({"educator"}, False)
    for data in (
        {"email": "guest", "roles": ["learner"]},
        {"email": "g@example.org"},
        {"email": "g@example.org", "roles": ["boss"]},
    ):
        assert client.post("/admin/people/new", data=data).status_code == 422


def test_a_reset_link_is_sent(client, admin, hospital, app) -> None:
    make_account(app, "nurse01@example.org", password_hash="x")
    assert "A link for a new password is on its way" in act(client, "nurse01@example.org", "reset").text


def test_roles_are_given_and_taken(client, admin, hospital, app) -> None:
    account = make_account(app, "nurse01@example.org")
    act(client, "nurse01@example.org", "roles", roles=["supervisor", "educator"])
    assert set(db.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account.id))) == {
        "supervisor", "educator",
    }  # fmt: skip
    answer = act(client, "nurse01@example.org", "roles")
    assert answer.status_code == 422
    assert "Choose one role or more." in answer.text


def test_units_are_granted_to_a_supervisor_and_withdrawn(client, admin, hospital, app) -> None:
    make_account(app, "nurse01@example.org", ["supervisor"])
    assert "The unit is granted" in act(client, "nurse01@example.org", "units", unit="W").text
    assert db.session.scalar(select(func.count()).select_from(UnitGrant)) == 1
    assert "No unit has this code" in act(client, "nurse01@example.org", "units", unit="NONE").text
    act(client, "nurse01@example.org", "units/withdraw", unit="W")
    assert db.session.scalar(select(func.count()).select_from(UnitGrant)) == 0


def test_an_account_follows_the_e_mail_of_the_roster(client, admin, hospital, app) -> None:
    make_account(app, "nurse01@example.org", password_hash="x")
    person = db.session.execute(select(Person).where(Person.email == "nurse01@example.org")).scalar_one()
    person.email = "married@example.org"
    db.session.commit()
    assert "The roster has married@example.org now." in client.get(path("married@example.org")).text
    assert "signs in as married@example.org" in act(client, "married@example.org", "email").text
    account = queries.account_by_email("married@example.org")
    assert account is not None
    assert account.person_id == person.id


def test_an_account_takes_no_e_mail_that_another_account_has(client, admin, hospital, app) -> None:
    make_account(app, "nurse01@example.org")
    db.session.execute(update(Account).where(Account.email == "nurse01@example.org").values(email="old@example.org"))
    make_account(app, "nurse02@example.org")
    db.session.execute(
        update(Account).where(Account.email == "nurse02@example.org").values(email="nurse01@example.org")
    )
    db.session.commit()
    assert "Another account signs in" in act(client, "nurse01@example.org", "email").text
    assert queries.account_by_email("old@example.org") is not None


def test_a_leaver_is_deactivated_and_can_come_back(client, admin, hospital, app) -> None:
    make_account(app, "lea@example.org", password_hash="x")
    assert "has no post any more but can still sign in" in client.get(path("lea@example.org")).text
    page = act(client, "lea@example.org", "deactivate").text
    assert "the records stay" in page
    assert "Open it again" in page
    assert "The account is open again" in act(client, "lea@example.org", "reactivate").text


def test_the_last_administrator_cannot_be_locked_out(client, admin, hospital) -> None:
    for what, data in (("deactivate", {}), ("roles", {"roles": ["learner"]})):
        page = act(client, "admin@example.org", what, **data)
        assert "last administrator" in page.text
    assert client.get("/admin/people").status_code == 200


def test_what_belongs_to_an_account_is_refused_where_there_is_none(client, admin, hospital) -> None:
    for what in ("reset", "deactivate", "reactivate", "units"):
        assert client.post(f"{path('nurse01@example.org')}/{what}", data={"unit": "W"}).status_code == 409


def test_the_list_takes_a_fixed_number_of_statements(client, admin, hospital, count_statements) -> None:
    with count_statements() as first:
        client.get("/admin/people?q=same")
    assert len(first) <= 7
