"""What learners say is shown by level, never of a few, never by name, and alike on page and in every file."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from courses.framework import DEFAULT_FILE
from lms.db import db
from lms.evaluations import queries, services
from lms.outcomes.evaluation import evaluation_report, key_figures
from tests.support.courses import CODE
from tests.support.hospital import TODAY, load_framework, make_person
from tests.support.signing import sign_in
from tests.support.taking import put_course, read_all

FORM = DEFAULT_FILE.parent / "content" / "evaluations" / "course-evaluation.md"
AFTER = dt.date(2026, 12, 2)


@pytest.fixture
def answer(app, clock):
    """A function that lets so many more people complete the course and answer."""
    load_framework()
    put_course(clock(), exam=None)
    services.publish(FORM.read_text(encoding="utf-8"), FORM.name, actor=None, now=clock())
    made = iter(range(100))

    def go(count: int, **more: object) -> None:
        for number in (next(made) for _ in range(count)):
            person = make_person(f"E-8{number}", "Any", f"Sample {number}")
            read_all(person, CODE, clock())
            (offer,) = queries.offers(person, clock())
            given = {"relevance": "5", "bias": "free", "intention": "change", "plan": f"Words {number}"}
            services.send(person, offer, given | more, today=clock().date())
        db.session.commit()

    return go


def figures(as_of: dt.date = AFTER):
    return key_figures(evaluation_report(CODE, as_of=as_of, smallest=5).data["courses"][0])


def test_five_answers_show_when_their_month_is_over_and_four_do_not(answer) -> None:
    answer(4)
    assert figures()["relevant"] is None
    answer(1, relevance="2")
    assert figures(TODAY)["relevant"] is None, "the month is not over"
    assert figures()["relevant"] == (4, 5)


def test_a_later_handful_waits_until_it_is_no_handful(answer, clock) -> None:
    answer(6)
    clock.move(days=20)
    answer(2)
    january, february = dt.date(2027, 1, 5), dt.date(2027, 2, 5)
    assert figures(january)["relevant"] == (6, 6)
    clock.move(days=30)
    answer(3)
    assert figures(january)["relevant"] == (6, 6)
    assert figures(february)["relevant"] == (11, 11)


def test_two_dates_of_answers_stand_beside_each_other_with_the_change_in_points(answer, clock) -> None:
    answer(6)
    clock.move(days=30)
    answer(6, relevance="2")
    december, january = dt.date(2026, 12, 5), dt.date(2027, 1, 5)
    report = evaluation_report(CODE, as_of=january, smallest=5, before=december)
    found = {each["figure"]: each for each in report.data["compared"]}
    assert (found["relevant"]["before"], found["relevant"]["now"]) == ((6, 6), (6, 12))
    assert found["relevant"]["change"] == -50
    assert found["did30"]["change"] is None, "nobody was asked yet"
    (table,) = [each for each in report.tables if each.key == "compared"]
    assert [row[1:] for row in table.rows if row[1] == "Relevant"] == [("Relevant", 100, 50, -50)]
    assert report.digest != evaluation_report(CODE, as_of=january, smallest=5).digest


def test_a_supervisor_reads_the_figures_and_no_free_text(answer, client, app, clock) -> None:
    answer(5)
    clock.move(days=10)
    sign_in(client, app, "ward@example.org", ["supervisor"])
    page = client.get(f"/workforce/evaluations/{CODE}").text
    assert "100% found it relevant" in page
    assert "Words 3" not in page
    assert client.get(f"/workforce/evaluations/{CODE}.pdf").status_code == 200


def test_page_and_files_tell_the_same_and_texts_come_from_five_on(answer, client, app, clock) -> None:
    answer(5, **{"bias-where": "Lesson two praises a product."})
    clock.move(days=10)
    sign_in(client, app, "ed@example.org", ["educator"])
    page = client.get(f"/workforce/evaluations/{CODE}").text
    assert "100% found it relevant" in page
    assert "Words 3" in page
    assert "praises a product" not in page, "what is said of bias is not for authors"
    got = {form: client.get(f"/workforce/evaluations/{CODE}.{form}") for form in ("json", "csv", "xlsx")}
    assert {each.headers["X-Report-Digest"] for each in got.values()} == {json.loads(got["json"].data)["digest"]}
    assert json.loads(got["json"].data)["digest"] in page
    assert b"Words 3" not in b"".join(each.data for each in got.values())
    assert client.get("/workforce/evaluations").status_code == 200
    sign_in(client, app, "chief@example.org", ["cmio"])
    assert "praises a product" in client.get(f"/workforce/evaluations/{CODE}").text


def test_learners_have_no_way_in_and_an_unknown_course_is_not_found(client, app) -> None:
    sign_in(client, app, "learner@example.org", ["learner"])
    assert client.get("/workforce/evaluations").status_code == 403
    sign_in(client, app, "ed@example.org", ["educator"])
    assert client.get("/workforce/evaluations/NONE").status_code == 404
