"""What-if becomes assignments: shown person by person, asked once, by those entitled, and kept in the audit trail."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from lms.accounts.models import UnitGrant
from lms.assignments.queries import directs
from lms.assignments.terms import Target
from lms.audit.models import AuditEntry
from lms.db import db
from lms.golive import services
from lms.golive.text import Requirement
from lms.people.queries import people_by_ids
from lms.publishing import services as publishing
from tests.lms.golive.conftest import COURSE, DAY, GO_LIVE, LONG_AGO, PLAN, changed
from tests.support.courses import course_files
from tests.support.hospital import NOW, TODAY
from tests.support.looking import seen_at
from tests.support.signing import sign_in
from tests.support.training import make_rule

BASE = f"/workforce/golive/{PLAN}/what-if"
MORE = "K1-102"  # teaches K1 at level 2


@pytest.fixture
def courses(plan):
    """The plan's course, which teaches K2, and another that teaches K1; e0 has the course, e1 everything."""
    for code, title, competency in ((COURSE, "Safer orders", "K2"), (MORE, "Reading the chart", "K1")):
        files = course_files(code=code, title=title, competencies={competency: 2})
        known = {name: text.replace(b"B1", b"K1").replace(b"B4", b"K2") for name, text in files.items()}
        publishing.publish(known, "sample", actor=None, now=NOW)
        db.session.commit()
    plan.certify("e0", LONG_AGO)
    plan.train("e1")
    return plan


def public(plan, *names: str) -> str:
    """The query that supposes these people trained."""
    found = people_by_ids([plan.people[name] for name in names])
    return "&".join(f"person={found[plan.people[name]].public_id}" for name in names)


def asked(plan, name: str) -> dict[str, dt.date | None]:
    """What is asked of a person directly: due days by course."""
    return {each.target.code: each.terms.due_on for each in directs(TODAY).get(plan.people[name], [])}


def confirm(client, page, **form):
    """Send the form of a preview."""
    digest = re.search(r'name="digest" value="(\w+)"', page.text)[1]
    address = unescape(re.search(r'action="([^"]+what-if/assign[^"]*)"', page.text)[1])
    return client.post(address, data={"digest": digest, "due_on": (TODAY + 9 * DAY).isoformat()} | form)


@pytest.fixture
def cmio(app, client, courses):
    sign_in(client, app, "c.mio@example.org", ["cmio"])
    return client


def test_a_supposition_leads_to_a_preview_that_writes_nothing(cmio, courses) -> None:
    what_if = cmio.get(f"{BASE}?{public(courses, 'e0', 'e2')}").text
    link = unescape(re.search(r'href="([^"]+/what-if/assign[^"]*)"', what_if)[1])
    page = cmio.get(link).text
    assert "3 courses would be assigned" in page, "e0 lacks the level, e2 the course and the level"
    assert "To 2 people" in page
    assert "Reading the chart" in page
    assert directs(TODAY) == {}
    assert seen_at() == {("list", "golive-assign", "Wave 2", "")}
    assert "what-if/assign" not in cmio.get(BASE).text, "nobody is supposed"


def test_confirming_asks_each_thing_once_with_day_and_reason_and_is_kept(cmio, courses) -> None:
    address = f"{BASE}/assign?{public(courses, 'e0', 'e2')}"
    page = cmio.get(address)
    for _ in range(2):
        assert confirm(cmio, page).status_code == 303
    due = TODAY + 9 * DAY
    assert asked(courses, "e0") == {MORE: due}
    assert asked(courses, "e2") == {COURSE: due, MORE: due}
    (held, *_) = directs(TODAY)[courses.people["e0"]]
    assert held.note == "Go-live Wave 2"
    assert held.terms.mandatory
    (entry,) = db.session.query(AuditEntry).filter_by(action="golive.assign").all()
    assert entry.detail == {"people": 2, "courses": 3, "due": due.isoformat()}
    assert db.session.query(AuditEntry).filter_by(action="assignment.direct").count() == 3
    assert "All that can be assigned is assigned already" in cmio.get(address).text


def test_everybody_who_lacks_only_one_thing_is_asked_that(cmio, courses) -> None:
    page = cmio.get(f"{BASE}/assign?only=level:K1&unit=ED")
    assert "One course would be assigned" in page.text
    assert confirm(cmio, page).status_code == 303
    assert [name for name in courses.people if asked(courses, name)] == ["e0"]


def test_what_a_rule_asks_in_time_is_not_asked_again(cmio, courses) -> None:
    make_rule(TODAY, target=Target("course", COURSE), due_days=10)
    page = cmio.get(f"{BASE}/assign?{public(courses, 'e2')}")
    assert "One course would be assigned" in page.text
    confirm(cmio, page)
    assert asked(courses, "e2") == {MORE: TODAY + 9 * DAY}


def test_a_level_that_no_course_gives_is_said_and_not_assigned(cmio, courses) -> None:
    need = Requirement("level", "K1", 3, "nurse")
    services.save(PLAN, changed(requirements=(need,)), 1, actor=None, now=NOW)
    db.session.commit()
    page = cmio.get(f"{BASE}/assign?{public(courses, 'e1')}").text
    assert "All that can be assigned is assigned already" in page
    assert "K1 Skill 1 at level 3" in page


@pytest.mark.parametrize("form", [{"due_on": ""}, {"due_on": "soon"}, {"due_on": (TODAY - DAY).isoformat()},
                                  {"due_on": (GO_LIVE + DAY).isoformat()}])  # fmt: skip
def test_a_day_that_is_none_or_too_late_is_refused_and_nothing_is_written(cmio, courses, form) -> None:
    page = cmio.get(f"{BASE}/assign?{public(courses, 'e2')}")
    assert confirm(cmio, page, **form).status_code == 422
    assert directs(TODAY) == {}


def test_what_changed_since_the_preview_is_shown_again(cmio, courses) -> None:
    page = cmio.get(f"{BASE}/assign?{public(courses, 'e2', 'e3')}")
    courses.certify("e3", TODAY)
    answer = confirm(cmio, page)
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert directs(TODAY) == {}


def test_nobody_chosen_a_past_day_and_strangers_are_refused(cmio, app, courses) -> None:
    assert cmio.get(f"{BASE}/assign").status_code == 422
    assert cmio.get(f"{BASE}/assign?person=nobody").status_code == 404
    assert cmio.get(f"{BASE}/assign?{public(courses, 'e2')}&as_of=2026-11-20").status_code == 422
    who = sign_in(cmio, app, "lead@example.org", ["supervisor"])
    db.session.add(UnitGrant(account_id=who.account_id, unit_id=courses.units["MED"]))
    db.session.commit()
    assert cmio.get(f"{BASE}/assign?{public(courses, 'e2')}").status_code == 404, "another's people"
    page = cmio.get(f"{BASE}/assign?{public(courses, 'm1')}")
    assert confirm(cmio, page).status_code == 303
    assert set(asked(courses, "m1")) == {COURSE, MORE}
    sign_in(cmio, app, "learner@example.org", ["learner"])
    assert cmio.get(f"{BASE}/assign?{public(courses, 'e2')}").status_code == 403
