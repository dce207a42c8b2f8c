"""The administrator sees the whole plan before an upload changes anything, and applies exactly that plan."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import func, select

from lms.competency.models import Evidence
from lms.db import db
from lms.people import queries as people
from lms.people.models import Person
from lms.rostering.models import ImportFile
from tests.support.hospital import TODAY, load_framework, sample_hospital
from tests.support.signing import sign_in

UNITS = "code,name,parent,site\nH,Hospital,,Main\nA,Ward A,H,Main\n"
HEADER = "employee_id,given_name,family_name,email,profession,unit,post,roles,manager,starts,ends\n"


def lines(*numbers: int) -> str:
    return HEADER + "".join(f"E{n},Sample,Person {n},e{n}@h.example,nurse,A,Nurse,,,2025-01-01,\n" for n in numbers)


@pytest.fixture
def admin(client, app):
    sign_in(client, app, "admin@h.example", ["administrator"])
    return client


def upload(client, people_text: str, units: str = UNITS):
    files = {
        "units": (io.BytesIO(units.encode()), "units.csv"),
        "people": (io.BytesIO(people_text.encode()), "people.csv"),
    }
    answer = client.post("/admin/roster", data=files, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def upload_training(client, text: str) -> str:
    files = {"training": (io.BytesIO(text.encode()), "training.csv")}
    answer = client.post("/admin/roster/training", data=files, content_type="multipart/form-data")
    assert answer.status_code == 303
    return answer.location


def page(client, place: str, status: int = 200) -> str:
    answer = client.get(place)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def plan_of(html: str) -> dict[str, str]:
    return {"plan": re.search(r'name="plan" value="(\w+)"', html).group(1)}


def test_an_upload_shows_the_plan_and_only_applying_it_changes_the_hospital(admin):
    assert "Bring your hospital in" in page(admin, "/admin/roster")
    place = upload(admin, lines(1, 2))
    html = page(admin, place)
    assert "6 changes are ready" in html
    assert "E1 Sample Person 1" in html
    assert people.person_by_employee_id("E1") is None
    answer = admin.post(f"{place}/apply", data=plan_of(html))
    assert answer.status_code == 303
    html = page(admin, answer.location)
    assert "Imported. 6 changes were made." in html
    assert "2 people have a post today" in html
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0
    assert "These files change nothing" in page(admin, upload(admin, lines(1, 2)))


def test_faults_are_listed_with_their_lines_and_cannot_be_applied(admin):
    text = lines(1, 2).replace(",nurse,", ",king,")
    place = upload(admin, text)
    html = page(admin, place)
    assert "2 errors keep this roster out" in html
    assert "people.csv:2" in html
    assert "profession is “king”: expected one of physician, nurse, pharmacist, other." in html
    assert "Import</button>" not in html
    assert admin.post(f"{place}/apply", data={"plan": ""}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.employee_id.is_not(None))) == 0


def test_many_endings_need_a_yes(admin):
    place = upload(admin, lines(1, 2, 3, 4))
    admin.post(f"{place}/apply", data=plan_of(page(admin, place)))
    place = upload(admin, lines(1, 2))
    html = page(admin, place)
    assert "2 of 4 open posts (50 %) are not listed and would end today" in html
    form = plan_of(html)
    refused = admin.post(f"{place}/apply", data=form, follow_redirects=True).get_data(as_text=True)
    assert "confirm first" in refused
    assert people.staff_count(TODAY.replace(year=2027)) == 4
    admin.post(f"{place}/apply", data=form | {"end_posts": "yes"})
    assert people.staff_count(TODAY.replace(year=2027)) == 2


def test_a_plan_that_is_out_of_date_is_shown_again_instead_of_applied(admin):
    first = upload(admin, lines(1))
    shown = plan_of(page(admin, first))
    second = upload(admin, lines(1, 2))
    admin.post(f"{second}/apply", data=plan_of(page(admin, second)))
    answer = admin.post(f"{first}/apply", data=shown, follow_redirects=True).get_data(as_text=True)
    assert "the hospital changed since the plan was shown" in answer
    assert people.person_by_employee_id("E2") is not None


def test_without_files_the_form_says_which_is_missing(admin):
    answer = admin.post("/admin/roster", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose the file of people." in answer.get_data(as_text=True)
    answer = admin.post("/admin/roster/training", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose the file of past training." in answer.get_data(as_text=True)


def test_uploaded_files_belong_to_their_uploader_for_a_day(admin, app, clock):
    place = upload(admin, lines(1))
    other = app.test_client()
    sign_in(other, app, "other@h.example", ["administrator"])
    page(other, place, 404)
    page(admin, place.replace("roster/", "roster/training/"), 404)
    clock.move(hours=25)
    sign_in(admin, app, "admin@h.example", ["administrator"])
    page(admin, place, 404)


def test_files_may_be_thrown_away(admin):
    place = upload(admin, lines(1))
    assert "Nothing was imported" in admin.post(f"{place}/discard", follow_redirects=True).get_data(as_text=True)
    page(admin, place, 404)


def test_past_training_is_shown_before_it_is_added_and_added_once(admin):
    sample_hospital()
    load_framework()
    db.session.commit()
    text = "employee_id,competency,level,source,achieved,document\nE-002,B1,4,test,2026-06-01,old LMS\n"
    place = upload_training(admin, text)
    html = page(admin, place)
    assert "One piece of evidence is new" in html
    assert "level is 4, but test shows at most 2: kept as 2." in html
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
    answer = admin.post(f"{place}/apply", data=plan_of(html), follow_redirects=True)
    assert "Added one piece of evidence." in answer.get_data(as_text=True)
    assert "All of this is on record already" in page(admin, upload_training(admin, text))
    bad = page(admin, upload_training(admin, text.replace("E-002", "E-999")))
    assert "training.csv:2" in bad
    assert "employee_id is “E-999”: expected the number of a known person." in bad


@pytest.mark.parametrize("role", ["learner", "educator", "supervisor", "cmio"])
def test_the_desk_is_the_administrators(client, app, role):
    sign_in(client, app, "someone@h.example", [role])
    page(client, "/admin/roster", 403)
    assert client.post("/admin/roster").status_code == 403
    assert client.post("/admin/roster/abc/apply").status_code == 403
