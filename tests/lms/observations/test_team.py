"""The team page says who is overdue, due, ending and away, and what to do; with few statements for any team."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from sqlalchemy import event, func, select

from lms.audit.models import AuditEntry
from lms.audit.reading import looks_at
from lms.competency.services import fold, record_evidence
from lms.db import db
from lms.messages.models import Mail
from lms.observations import requests
from lms.observations.models import Nudge
from lms.observations.nudging import week_of
from lms.observations.team import Team, Wanted, chosen, team
from lms.people.queries import person
from lms.people.scope import Lent, Scope, SignOff
from tests.lms.observations.conftest import ASHA, INES, MONA, NOOR, SAMI, Ward
from tests.support.hospital import email_of, load_small_framework, make_leave, make_person, make_post

DAY = dt.timedelta(days=1)


@pytest.fixture
def ward(ward: Ward) -> Ward:
    """The same with a framework of two competencies: K1 critical, both at level 3 for nurses and physicians."""
    load_small_framework((3, 3, 3, 3, 3), (3, 3, 3, 3, 3), edition="2", now=ward.clock.now + dt.timedelta(seconds=1))
    return ward


def evidence(ward: Ward, who: str, code: str, level: int, days_ago: int, source: str = "observation") -> None:
    record_evidence(
        ward.person(who), code, source, level, ward.today - days_ago * DAY, key=f"{who}{code}{days_ago}{source}",
        actor=None, now=ward.clock.now, signed_off=source == "observation",
    )  # fmt: skip


def mine(ward: Ward, *lent: Lent) -> Team:
    fold(today=ward.today)
    own = Scope(person_ids=frozenset(ward.person(each) for each in (ASHA, NOOR, SAMI, INES)))
    return team(SignOff(own, lent), ward.person(MONA), ward.today)


def test_each_person_has_one_status_and_the_next_act(ward: Ward) -> None:
    evidence(ward, ASHA, "K1", 3, 400)  # ended
    evidence(ward, ASHA, "K2", 3, 10)
    evidence(ward, NOOR, "K1", 2, 10, "test")  # never at target
    evidence(ward, SAMI, "K1", 3, 340)  # ends within 60 days
    evidence(ward, SAMI, "K2", 3, 10)
    make_leave(ward.person(INES), ward.today, ward.today + 9 * DAY)
    found = {each.name: each for each in mine(ward).members}
    assert {name: each.status for name, each in found.items()} == {
        "Asha Sample": "overdue", "Noor Example": "due", "Sami Sample": "expiring", "Ines Example": "away",
    }  # fmt: skip
    asha, noor, sami = found["Asha Sample"], found["Noor Example"], found["Sami Sample"]
    ended = ward.today.replace(year=2026) - 400 * DAY
    assert asha.shortfall.lapsed == {"K1": ended.replace(year=ended.year + 1)}
    assert (asha.shortfall.to_learn, asha.shortfall.to_sign, asha.action) == (("K1",), (), "remind")
    assert (noor.shortfall.to_sign, noor.shortfall.to_learn) == (("K1",), ("K2",))
    assert (noor.action, noor.to_observe) == ("sign", "K1")
    assert list(sami.shortfall.ending) == ["K1"]
    assert (sami.action, found["Ines Example"].action) == ("remind", "")
    assert found["Ines Example"].placed.away_until == ward.today + 9 * DAY


def test_those_who_asked_come_first_then_overdue_then_due(ward: Ward) -> None:
    evidence(ward, ASHA, "K1", 3, 400)
    requests.ask(ward.person(SAMI), "K2", "", "", actor=ward.account(SAMI).id, today=ward.today, now=ward.clock.now)
    assert [each.name for each in mine(ward).members][:2] == ["Sami Sample", "Asha Sample"]


def test_a_later_renewal_means_that_nothing_ends(ward: Ward) -> None:
    evidence(ward, ASHA, "K1", 3, 340)
    evidence(ward, ASHA, "K1", 3, 5, "panel")
    asha = next(each for each in mine(ward).members if each.name == "Asha Sample")
    assert asha.shortfall.ending == {}


def test_filters_and_orders_narrow_and_sort(ward: Ward) -> None:
    found = mine(ward)

    def names(**words) -> list[str]:
        return [each.name for each in chosen(found, Wanted(**words))]

    assert names(text="sami sample") == ["Sami Sample"]
    assert names(profession="physician") == ["Asha Sample"]
    assert names(unit=ward.hospital.units["MED-B"]) == ["Ines Example"]
    assert names(status="ready") == []
    assert names(order="name") == ["Asha Sample", "Ines Example", "Noor Example", "Sami Sample"]
    assert names(order="unit")[-1] == "Ines Example"


def test_what_was_lent_shows_only_the_competencies_lent(ward: Ward) -> None:
    fold(today=ward.today)
    lent = Lent(1, Scope(person_ids=frozenset({ward.person(ASHA)})), frozenset({"K2"}))
    found = team(SignOff(Scope(), (lent,)), ward.person(SAMI), ward.today)
    assert [each.shortfall.missing for each in found.members] == [("K2",)]


def test_the_reader_is_never_of_the_team_and_nobody_gives_nobody(ward: Ward) -> None:
    own = SignOff(Scope(unit_ids=frozenset({ward.hospital.units["MED-A"]})))
    fold(today=ward.today)
    assert "Mona Manager" not in [each.name for each in team(own, ward.person(MONA), ward.today).members]
    assert team(SignOff(), ward.person(MONA), ward.today) == Team()


def press(client, ward: Ward, *who: str, one: bool = False):
    ids = [_public(ward, each) for each in who]
    return client.post("/team/reminders", data={"one" if one else "person": ids}, follow_redirects=True)


def _public(ward: Ward, who: str) -> str:
    found = person(ward.person(who))
    assert found is not None
    return found.public_id


def test_one_reminder_a_person_and_week_however_often_pressed(ward: Ward, as_) -> None:
    mona = as_(MONA, "supervisor")
    assert "2 reminders are on their way" in press(mona, ward, ASHA, NOOR).text
    again = press(mona, ward, ASHA, one=True).text
    assert "reminded this week already" in again
    assert db.session.scalar(select(func.count()).select_from(Nudge)) == 2
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2
    acts = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "team.nudge")
    assert db.session.scalar(acts) == 2
    ward.clock.move(days=7)
    press(as_(MONA, "supervisor"), ward, ASHA)
    assert db.session.scalar(select(func.count()).select_from(Mail).where(Mail.to == email_of(ASHA))) == 2


def test_nobody_outside_the_team_and_nobody_away_is_reminded(ward: Ward, as_) -> None:
    mona = as_(MONA, "supervisor")
    assert press(mona, ward, ASHA, "E-006").status_code == 403
    make_leave(ward.person(ASHA), ward.today, None)
    db.session.commit()
    assert "left alone" in press(mona, ward, ASHA).text
    assert "Tick the people" in press(mona, ward).text
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_weeks_begin_on_monday() -> None:
    assert week_of(dt.date(2026, 11, 29)) == week_of(dt.date(2026, 11, 23)) == dt.date(2026, 11, 23)
    assert week_of(dt.date(2026, 11, 30)) == dt.date(2026, 11, 30)


def test_the_file_holds_what_is_shown_and_runs_nothing(ward: Ward, as_) -> None:
    trick = make_person("X-9", "=HYPERLINK(1)", "Sample")
    make_post(trick, ward.hospital.units["MED-A"], manager_id=ward.person(MONA))
    db.session.commit()
    answer = as_(MONA, "supervisor").get("/team.csv?order=name&profession=nurse")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1) Sample", "Ines Example", "Noor Example", "Sami Sample"]
    assert {row["as_of"] for row in rows} == {ward.today.isoformat()}


def test_a_supervisor_assigns_from_the_list_to_those_who_lack_something(ward: Ward, as_) -> None:
    page = as_(MONA, "supervisor").get("/team").text
    found = re.findall(r'href="(/assign/\w+)"', page)
    assert len(found) == page.count('name="person"') > 0
    assert as_(MONA, "supervisor").get(found[0]).status_code == 200


def test_each_member_can_read_who_had_the_list_open_once_a_day(ward: Ward, as_) -> None:
    mona, asha = as_(MONA, "supervisor"), ward.person(ASHA)
    for _time in range(3):
        assert mona.get("/team").status_code == 200
    assert [(each.what, each.role) for each in looks_at(asha)] == [("list", "supervisor")]
    mona.get("/team.csv")
    assert {each.what for each in looks_at(asha)} == {"list", "export"}
    assert not looks_at(ward.person(MONA))


def test_who_is_filtered_out_is_not_looked_at(ward: Ward, as_) -> None:
    as_(MONA, "supervisor").get("/team?profession=pharmacist")
    assert not looks_at(ward.person(ASHA))


@pytest.mark.parametrize("size", [6, 60])
def test_a_team_of_any_size_takes_twelve_statements_at_most(ward: Ward, as_, size: int) -> None:
    for number in range(size - 4):
        one = make_person(f"T-{number}", f"Given{number}", "Sample")
        make_post(one, ward.hospital.units["MED-A"], manager_id=ward.person(MONA))
        record_evidence(
            one, "K1", "observation", 3, ward.today - (300 + number) * DAY, key=f"T{number}", actor=None,
            now=ward.clock.now, signed_off=True,
        )  # fmt: skip
    db.session.commit()
    mona = as_(MONA, "supervisor")
    mona.get("/team")
    asked: list[str] = []

    def count(*row) -> None:
        asked.append(row[2])

    event.listen(db.engine, "before_cursor_execute", count)
    page = mona.get("/team")
    event.remove(db.engine, "before_cursor_execute", count)
    assert page.text.count("team__tick") == size
    counted = [statement for statement in asked if not statement.startswith(("BEGIN", "SAVEPOINT"))]
    assert 0 < len(counted) <= 12, "\n".join(counted)
