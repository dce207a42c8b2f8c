"""Evaluations are asked without being in the way, and no way leads from an answer to its person."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from courses.framework import DEFAULT_FILE
from lms.db import db
from lms.evaluations import queries, services
from lms.evaluations.facts import released
from lms.evaluations.models import EvaluationAsked, EvaluationTally, EvaluationText
from lms.evaluations.tasks import follow_up
from lms.messages.models import Mail
from lms.privacy.erasure import erase
from lms.web.identifiers import suspects
from tests.support.courses import CODE
from tests.support.hospital import TODAY, load_framework, make_leave, make_person, make_post, make_unit
from tests.support.signing import sign_in
from tests.support.taking import put_course, read_all

FORM = DEFAULT_FILE.parent / "content" / "evaluations" / "course-evaluation.md"
EMAIL = "e-77@hospital.example"
GOOD = {
    "relevance": "5", "gain": "4", "own-day": "4", "length": "3", "bias": "free", "intention": "change",
    "plan": "Read the name aloud.", "obstacles": ["time", "system"],
}  # fmt: skip
LATER = {"done": "routine", "how-often": "4", "effect": "good", "seen": "seen-only"}


@pytest.fixture
def nurse(app, clock) -> int:
    """A nurse who completes the sample course today."""
    load_framework()
    unit = make_unit("WARD")
    person = make_person("E-77", "Nia", "Sample", "nurse", EMAIL)
    make_post(person, unit)
    put_course(clock(), exam=None)
    services.publish(FORM.read_text(encoding="utf-8"), FORM.name, actor=None, now=clock())
    read_all(person, CODE, clock())
    db.session.commit()
    return person


def rows(model) -> list:
    return list(db.session.scalars(select(model)))


def test_the_shipped_form_is_published_once(nurse, clock) -> None:
    again = services.publish(FORM.read_text(encoding="utf-8"), FORM.name, actor=None, now=clock())
    assert not again.new
    assert list(queries.forms()) == ["COURSE-EVALUATION"]


def test_a_bad_form_is_refused_with_line_and_column(app, clock) -> None:
    with pytest.raises(services.FormRefused) as caught:
        services.publish(
            "---\ncode: X\ntitle: T\nedition: 1\n---\n\n## Q {#q .stars}\n", "x.md", actor=None, now=clock()
        )
    assert any(each.line == 7 for each in caught.value.faults)
    assert queries.forms() == {}


def test_a_course_with_a_form_of_its_own_is_asked_by_it(nurse, clock) -> None:
    own = FORM.read_text(encoding="utf-8").replace("code: COURSE-EVALUATION", f"code: {CODE}-EVALUATION")
    services.publish(own, "own.md", actor=None, now=clock())
    (offer,) = queries.offers(nurse, clock())
    assert offer.form.code == f"{CODE}-EVALUATION"


def test_home_course_page_and_list_lead_to_the_open_round(nurse, client, app) -> None:
    sign_in(client, app, EMAIL)
    address = f"/evaluations/{CODE}/end/0"
    assert address in client.get("/").text
    assert f"/evaluations/{CODE}" in client.get(f"/courses/{CODE}").text
    assert client.get(f"/evaluations/{CODE}").location.endswith(address)
    page = client.get(address).text
    assert "commercial bias" in page
    assert "Send without my name" in page


def test_answers_can_be_edited_until_they_are_sent_and_count_once(nurse, client, app) -> None:
    sign_in(client, app, EMAIL)
    address = f"/evaluations/{CODE}/end/0"
    assert client.post(f"{address}/draft", data={"relevance": "2", "plan": "Draft words."}).status_code == 204
    assert "Draft words." in client.get(address).text
    assert client.post(address, data={"act": "keep", "plan": "Other words."}).status_code == 303
    assert "Other words." in client.get(address).text
    assert client.post(address, data=GOOD).status_code == 303
    again = client.post(address, data=GOOD | {"relevance": "1"})
    assert again.status_code == 409
    assert client.post(f"{address}/draft", data=GOOD).status_code == 409
    counts = {(each.question, each.answer): each.count for each in rows(EvaluationTally)}
    assert counts["", ""] == 1
    assert counts["relevance", "5"] == 1
    assert ("relevance", "1") not in counts
    assert counts["obstacles", "time"] == counts["obstacles", "system"] == 1
    assert [each.words for each in rows(EvaluationText)] == ["Read the name aloud."]
    assert "Tell us what it was worth" not in client.get("/").text


def test_what_is_missing_is_asked_again_and_nothing_is_lost(nurse, client, app) -> None:
    sign_in(client, app, EMAIL)
    answer = client.post(f"/evaluations/{CODE}/end/0", data={**GOOD, "relevance": "", "bias": "17"})
    assert answer.status_code == 422
    assert "2 questions are open" in answer.text
    assert "Read the name aloud." in answer.text
    assert rows(EvaluationTally) == []


def test_words_that_could_identify_a_patient_are_asked_about_before_sending(nurse, client, app) -> None:
    sign_in(client, app, EMAIL)
    data = GOOD | {"plan": "As with Mrs Example in bed 12."}
    answer = client.post(f"/evaluations/{CODE}/end/0", data=data)
    assert answer.status_code == 422
    assert "Could this identify a patient" in answer.text
    assert rows(EvaluationText) == []
    assert client.post(f"/evaluations/{CODE}/end/0", data=data | {"identifiers": "none"}).status_code == 303
    assert len(rows(EvaluationText)) == 1


def test_no_row_leads_from_an_answer_to_its_person(nurse, client, app) -> None:
    """Neither a reference nor a time nor an order ties what was said to who said it."""
    sign_in(client, app, EMAIL)
    client.post(f"/evaluations/{CODE}/end/0", data=GOOD)
    (asked,) = rows(EvaluationAsked)
    assert (asked.person_id, asked.answered, asked.draft) == (nurse, True, None)
    for model in (EvaluationTally, EvaluationText):
        table = model.__table__
        named = {key.column.table.name for key in table.foreign_keys}
        assert named == {"evaluation_form"}
        assert not {"created_at", "answered_at", "sent_at"} & set(table.columns.keys())
        for row in db.session.execute(select(table)).mappings():
            assert all(not isinstance(value, dt.datetime) for value in row.values())
            assert row["month"].day == 1
    times = [column for column in EvaluationAsked.__table__.columns if "_at" in column.name]
    assert [column.name for column in times] == ["reminded_at"]
    trail = db.session.execute(text("select action from audit_entry where action like 'evaluation%'")).scalars()
    assert set(trail) == {"evaluation.publish"}
    if db.engine.dialect.name == "sqlite":
        assert "without rowid" in str(
            db.session.scalar(text("select lower(sql) from sqlite_master where name = 'evaluation_text'"))
        )
    assert inspect(db.engine).get_pk_constraint("evaluation_text")["constrained_columns"] == ["key"]


def test_erasure_takes_the_draft_and_leaves_the_counts(nurse, client, app, clock) -> None:
    sign_in(client, app, EMAIL)
    client.post(f"/evaluations/{CODE}/end/0", data=GOOD)
    before = [each.count for each in rows(EvaluationTally)]
    db.session.execute(text("update post set ends = '2026-11-01'"))
    erase(nurse, actor=None, now=clock(), today=TODAY, reason="asked")
    assert rows(EvaluationAsked) == []
    assert [each.count for each in rows(EvaluationTally)] == before


def test_it_is_no_gate_and_closes_by_itself(nurse, client, app, clock) -> None:
    sign_in(client, app, EMAIL)
    for page in ("/", f"/courses/{CODE}", "/record"):
        assert client.get(page).status_code == 200
    clock.move(days=61)
    assert [each.days for each in queries.offers(nurse, clock())] == []
    sign_in(client, app, EMAIL)
    assert client.get(f"/evaluations/{CODE}/end/0").status_code == 404
    clock.move(days=30)
    assert [each.days for each in queries.offers(nurse, clock())] == [90]


def letters() -> list[str]:
    return [each.subject for each in rows(Mail) if (each.key or "").startswith("evaluation:")]


def test_after_thirty_and_ninety_days_a_person_is_written_to_once_each(nurse, client, app, clock) -> None:
    for days, expected in ((29, 0), (1, 1), (1, 1), (30, 1), (28, 1), (2, 2), (3, 2)):
        clock.move(days=days)
        for _ in range(2):
            follow_up(now=clock())
            db.session.commit()
        assert len(letters()) == expected
    sign_in(client, app, EMAIL)
    assert client.post(f"/evaluations/{CODE}/follow-up/90", data=LATER).status_code == 303
    assert {each.days for each in rows(EvaluationTally)} == {90}


def test_who_is_away_is_written_to_on_return_and_who_has_left_never(nurse, clock) -> None:
    back = (clock() + dt.timedelta(days=40)).date()
    make_leave(nurse, TODAY, back - dt.timedelta(days=1))
    clock.move(days=31)
    follow_up(now=clock())
    assert letters() == []
    clock.move(days=10)
    follow_up(now=clock())
    assert len(letters()) == 1
    db.session.execute(text("update post set ends = '2026-12-31'"))
    clock.move(days=55)
    follow_up(now=clock())
    assert len(letters()) == 1


def test_who_answered_is_not_reminded(nurse, clock) -> None:
    clock.move(days=31)
    offer = next(each for each in queries.offers(nurse, clock()) if each.days == 30)
    assert services.send(nurse, offer, LATER, today=clock().date())
    assert not services.send(nurse, offer, LATER, today=clock().date())
    follow_up(now=clock())
    assert letters() == []


@pytest.mark.parametrize(
    ("words", "shapes"),
    [
        ("I read the name aloud on every round.", []),
        ("Mrs Example was given 25 mg at 10:42.", ["name"]),
        ("MRN 123 456 78", ["word", "number"]),
        ("the 87-year-old in bed 4", ["age", "place"]),
        ("born on 12 March 1950", ["word", "date"]),
        ("on 03/04/2026 or 2026-04-03", ["date", "date"]),
        ("write to nia@example.org", ["email"]),
        ("Heparin 25,000 units in 250 mL, 1,200 units/h, 94 % of 48 alerts", []),
    ],
)
def test_what_looks_like_an_identifier_is_found(words: str, shapes: list[str]) -> None:
    assert [shape for shape, _ in suspects(words)] == shapes


@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(words: str) -> None:
    assert all(found in words for _, found in suspects(words))


@given(st.lists(st.integers(0, 12), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_figures_of_two_dates_differ_by_no_small_group(counts, first, second) -> None:
    months = [dt.date(2024 + place // 12, place % 12 + 1, 1) for place in range(len(counts))]
    sums = dict(zip(months, accumulate(counts), strict=True))

    def shown(upto: int) -> int:
        last = released(list(zip(months, counts, strict=True))[:upto], 5)
        return sums[last] if last else 0

    difference = abs(shown(first) - shown(second))
    assert difference == 0 or difference >= 5
