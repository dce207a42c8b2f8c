"""Free text that could identify a patient is asked about before it is kept, and a form says all its faults at once."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from lms.db import db
from lms.observations.models import CoachingEntry, Observation, ObservationRequest
from lms.people.queries import person
from tests.lms.observations.conftest import ASHA, MONA, NOOR, Ward

TELLING = "Patient Lena, MRN 12345678, born 12.03.1960"


def public(ward: Ward, who: str) -> str:
    found = person(ward.person(who))
    assert found is not None
    return found.public_id


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def coaching(ward: Ward) -> dict[str, str]:
    """What a form of the coaching log holds."""
    return {
        "key": "c", "person": public(ward, NOOR), "competency": "B1", "coached_on": ward.today.isoformat(),
        "minutes": "15", "practised": TELLING,
    }  # fmt: skip


def test_a_coaching_entry_that_could_identify_a_patient_is_kept_only_once_its_writer_has_looked(
    ward: Ward, as_, coaching: dict[str, str]
) -> None:
    asha = as_(ASHA)
    asked = asha.post("/record/coaching", data=coaching)
    assert asked.status_code == 422
    assert "Could this identify a patient?" in asked.text
    assert "12345678" in asked.text
    assert 'name="identifiers"' in asked.text
    assert rows(CoachingEntry) == 0
    assert asha.post("/record/coaching", data=coaching | {"identifiers": "y"}).status_code == 303
    assert rows(CoachingEntry) == 1


def test_harmless_words_are_not_asked_about(ward: Ward, as_, coaching: dict[str, str]) -> None:
    asha = as_(ASHA)
    assert 'name="identifiers"' not in asha.get("/record/coaching").text
    assert asha.post("/record/coaching", data=coaching | {"practised": "Order sets for sepsis"}).status_code == 303


def test_a_wish_to_be_observed_may_name_a_day_and_no_patient(ward: Ward, as_) -> None:
    asha = as_(ASHA)
    asked = asha.post("/record/competencies/B1/ask", data={"supervisor": "", "note": TELLING})
    assert asked.status_code == 422
    assert rows(ObservationRequest) == 0
    answer = asha.post("/record/competencies/B1/ask", data={"supervisor": "", "note": "Late shift on 27 November"})
    assert answer.status_code == 303


def test_a_note_at_the_bedside_is_looked_through_and_the_ticks_stay(ward: Ward, as_) -> None:
    mona = as_(MONA, "supervisor")
    body = {"key": "o", "level": "3", "observed_on": ward.today.isoformat(), "setting": "work", "note": TELLING}
    asked = mona.post(f"/team/{public(ward, ASHA)}/observe/B1", data=body)
    assert asked.status_code == 422
    assert "Could this identify a patient?" in asked.text
    assert rows(Observation) == 0
    assert mona.post(f"/team/{public(ward, ASHA)}/observe/B1", data=body | {"identifiers": "y"}).status_code == 303


def test_the_coaching_form_says_everything_that_is_wrong_at_once(ward: Ward, as_) -> None:
    late = ward.today.replace(year=ward.today.year + 1).isoformat()
    page = as_(ASHA).post("/record/coaching", data={"key": "c", "coached_on": late, "minutes": "900"})
    assert page.status_code == 422
    for words in (
        "Choose the colleague you coached", "Choose the competency.", "The day lies within the last 90 days.",
        "1 to 600 minutes.", "Say in a line what was practised.",
    ):  # fmt: skip
        assert words in page.text


def test_the_form_of_prior_learning_says_everything_that_is_wrong_at_once(ward: Ward, as_) -> None:
    body = {"key": "p", "competency": "B1", "title": "x" * 400, "achieved_on": "1850-01-01",
            "document": (io.BytesIO(b"MZ"), "course.exe")}  # fmt: skip
    page = as_(ASHA).post("/record/prior-learning", data=body)
    assert page.status_code == 422
    for words in (
        "300 characters", "The day lies within the last 10 years.", "Choose the level that it shows.",
        "A whole PDF, PNG or JPEG file was expected",
    ):  # fmt: skip
        assert words in page.text
