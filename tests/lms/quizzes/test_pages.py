"""The exam as a learner without a script takes it, with two tabs, lost connections and ended sign-ins."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.accounts.models import SignIn
from lms.credentials.models import Credential
from lms.db import db
from lms.quizzes import queries
from tests.support.courses import CODE, EXAM, QUESTIONS
from tests.support.hospital import load_framework, make_person
from tests.support.signing import sign_in
from tests.support.taking import answer, form_of, put_course, read_all, statements

EXAM_PAGE = f"/courses/{CODE}/exam"


@pytest.fixture
def ready(app, client, clock):
    """Asha, a nurse, signed in, with every lesson of the sample course completed."""
    load_framework()
    make_person("E-901", "Asha", "Sample", "nurse", "asha.sample@example.org")
    db.session.commit()
    put_course(clock())
    who = sign_in(client, app, "asha.sample@example.org")
    read_all(who.person_id, CODE, clock())
    return who


@pytest.fixture
def attempt(client, ready) -> str:
    """The public id of an attempt that was just begun."""
    answer = client.post(EXAM_PAGE)
    assert answer.status_code == 303
    return re.fullmatch(r"/attempts/(\w+)/1", answer.location)[1]


def state(attempt: str, who) -> dict:
    found = queries.attempt(attempt, who.person_id)
    return queries.responses(found.id)


def test_the_rules_stand_before_the_start(client, ready) -> None:
    page = client.get(EXAM_PAGE).text
    for words in (
        "Ready for the assessment", "6 questions.", "80% passes.", "20 minutes, counted by the server",
        "3 attempts", "24 hours between them", "how sure you are", "Read each question to its end",
        "Start the assessment",
    ):  # fmt: skip
        assert words in page, words


def test_a_refused_start_is_a_conflict_that_says_why(app, client, clock) -> None:
    put_course(clock())
    sign_in(client, app, "ben.sample@example.org")
    answer = client.post(EXAM_PAGE)
    assert answer.status_code == 409
    assert "opens when you have completed every lesson" in answer.text
    assert client.post("/courses/NO-1/exam").status_code == 404


def test_a_question_page_shows_one_question_and_no_key(client, attempt) -> None:
    page = client.get(f"/attempts/{attempt}/1").text
    assert "Question 1 of 6" in page
    assert "Which two identifiers do you compare before an order?" in page
    assert "How sure are you?" in page
    assert "data-deadline=" in page
    for words in ("Both stand on the banner", "Two identifiers that stay", "is-right", "heparin"):
        assert words not in page, words
    assert client.get(f"/attempts/{attempt}/7").status_code == 404
    assert client.get(f"/attempts/{attempt}/0").status_code == 404


def test_next_and_previous_save_what_was_chosen(client, ready, attempt) -> None:
    options = form_of(client.get(f"/attempts/{attempt}/1").text, "question")
    chosen = options["Name and date of birth"]
    answer = client.post(f"/attempts/{attempt}/1", data={"answer": chosen, "confidence": "3", "go": "next"})
    assert (answer.status_code, answer.location) == (303, f"/attempts/{attempt}/2")
    assert client.post(f"/attempts/{attempt}/2", data={"go": "previous"}).location == f"/attempts/{attempt}/1"
    page = client.get(f"/attempts/{attempt}/1").text
    assert re.search(rf'value="{chosen}"[^>]*checked', page)
    assert re.search(r'name="confidence" value="3" checked', page)
    assert "1 answered, 0 flagged, 5 to go" in page
    assert client.post(f"/attempts/{attempt}/6", data={"go": "next"}).location == f"/attempts/{attempt}"


def test_saving_an_answer_costs_at_most_six_statements(client, ready, attempt) -> None:
    client.post(f"/attempts/{attempt}/4", data={"answer": "11"})
    with statements() as seen:
        client.post(f"/attempts/{attempt}/4", data={"answer": "12"}, headers={"X-Requested-With": "fetch"})
    assert len(seen) <= 4, seen
    with statements() as seen:
        client.get(f"/attempts/{attempt}/4")
    assert len(seen) <= 4, seen


def test_a_script_saves_without_leaving_the_page(client, ready, attempt) -> None:
    headers = {"X-Requested-With": "fetch"}
    answer = client.post(f"/attempts/{attempt}/4", data={"answer": "12,0"}, headers=headers)
    assert (answer.status_code, answer.data) == (204, b"")
    assert state(attempt, ready)["heparin-rate"].value == 12
    refused = client.post(f"/attempts/{attempt}/4", data={"answer": "twelve"}, headers=headers)
    assert refused.status_code == 422
    assert "expected a number" in refused.json["message"]
    assert state(attempt, ready)["heparin-rate"].value == 12


def test_a_script_gets_the_list_of_questions_where_one_becomes_answered_or_open(client, ready, attempt) -> None:
    headers = {"X-Requested-With": "fetch"}
    with statements() as seen:
        answer = client.post(f"/attempts/{attempt}/4", data={"answer": "12", "was": "0"}, headers=headers)
    assert len(seen) <= 6, seen
    assert answer.status_code == 200
    assert 'id="questions"' in answer.text
    assert "1 answered, 0 flagged, 5 to go" in answer.text
    assert 'name="was" value="1"' in answer.text
    assert client.post(f"/attempts/{attempt}/4", data={"answer": "13", "was": "1"}, headers=headers).status_code == 204
    emptied = client.post(f"/attempts/{attempt}/4", data={"answer": " ", "was": "1"}, headers=headers)
    assert "0 answered" in emptied.text


def test_a_bad_answer_keeps_the_typed_text_and_stores_nothing(client, ready, attempt) -> None:
    answer = client.post(f"/attempts/{attempt}/4", data={"answer": "12 mL/h <b>", "go": "next"})
    assert answer.status_code == 422
    assert "Not saved: expected a number without its unit" in answer.text
    assert 'value="12 mL/h &lt;b&gt;"' in answer.text
    assert "heparin-rate" not in state(attempt, ready)


def test_an_answer_can_be_cleared_and_a_question_flagged(client, ready, attempt) -> None:
    client.post(f"/attempts/{attempt}/4", data={"answer": "12", "confidence": "2"})
    answer = client.post(f"/attempts/{attempt}/4", data={"answer": "12", "confidence": "2", "go": "flag"})
    assert answer.location == f"/attempts/{attempt}/4"
    saved = state(attempt, ready)["heparin-rate"]
    assert (saved.value, saved.confidence, saved.flagged) == (12, 2, True)
    client.post(f"/attempts/{attempt}/4", data={"answer": "12", "go": "flag"})
    assert not state(attempt, ready)["heparin-rate"].flagged
    cleared = client.post(f"/attempts/{attempt}/4", data={"answer": "12", "confidence": "2", "go": "clear"})
    assert cleared.location == f"/attempts/{attempt}/4#q-stem", "back at the question, not at the top of the page"
    saved = state(attempt, ready)["heparin-rate"]
    assert (saved.value, saved.confidence) == (None, None)


def test_a_confidence_that_is_none_stores_nothing(client, ready, attempt) -> None:
    answer = client.post(f"/attempts/{attempt}/4", data={"answer": "12", "confidence": "9"})
    assert answer.status_code == 422
    assert "heparin-rate" not in state(attempt, ready)


def test_the_overview_lists_what_is_open_and_flagged(client, ready, attempt) -> None:
    client.post(f"/attempts/{attempt}/4", data={"answer": "12", "go": "flag"})
    page = client.get(f"/attempts/{attempt}").text
    assert "5 questions have no answer yet" in page
    assert "Flagged:" in page
    assert "Hand in" in page


def test_handing_in_twice_leads_to_the_same_result_and_one_certificate(client, ready, attempt, clock) -> None:
    answer(attempt, ready.person_id, clock(), wrong=1)
    for _ in range(2):
        done = client.post(f"/attempts/{attempt}/submit")
        assert (done.status_code, done.location) == (303, f"/attempts/{attempt}/result")
    assert db.session.execute(select(func.count()).select_from(Credential)).scalar() == 1
    page = client.get(f"/attempts/{attempt}/result").text
    assert "You passed with 83.3%" in page
    assert "See your certificate" in page


def test_the_back_button_after_handing_in_leads_to_the_result(client, ready, attempt, clock) -> None:
    client.post(f"/attempts/{attempt}/submit")
    for address in (f"/attempts/{attempt}/1", f"/attempts/{attempt}"):
        assert client.get(address).location == f"/attempts/{attempt}/result"
    late = client.post(f"/attempts/{attempt}/4", data={"answer": "12"})
    assert (late.status_code, late.location) == (303, f"/attempts/{attempt}/result")
    script = client.post(f"/attempts/{attempt}/4", data={"answer": "12"}, headers={"X-Requested-With": "fetch"})
    assert (script.status_code, script.json["kind"]) == (409, "closed")
    assert state(attempt, ready)["heparin-rate"].value is None


def test_a_second_tab_goes_on_with_the_same_attempt_at_the_first_open_question(client, ready, attempt) -> None:
    options = form_of(client.get(f"/attempts/{attempt}/1").text, "question")
    client.post(f"/attempts/{attempt}/1", data={"answer": next(iter(options.values())), "go": "next"})
    assert client.post(EXAM_PAGE).location == f"/attempts/{attempt}/2"
    assert "Your attempt is open" in client.get(EXAM_PAGE).text


def test_an_ended_sign_in_leads_back_to_the_question_with_nothing_lost(app, client, ready, attempt) -> None:
    client.post(f"/attempts/{attempt}/4", data={"answer": "12"})
    for row in db.session.execute(select(SignIn)).scalars():
        db.session.delete(row)
    db.session.commit()
    answer = client.post(
        f"/attempts/{attempt}/4", data={"answer": "12"}, headers={"Referer": f"http://localhost/attempts/{attempt}/4"}
    )
    assert answer.status_code == 302
    assert answer.location.endswith(f"/sign-in?next=/attempts/{attempt}/4")
    sign_in(client, app, "asha.sample@example.org")
    assert 'value="12"' in client.get(f"/attempts/{attempt}/4").text


def test_time_that_is_over_hands_in_what_was_saved(client, ready, attempt, clock) -> None:
    answer(attempt, ready.person_id, clock())
    clock.move(minutes=21)
    page = client.get(f"/attempts/{attempt}").text
    assert "The time is over" in page
    clock.move(minutes=2)
    assert client.get(f"/attempts/{attempt}/1").location == f"/attempts/{attempt}/result"
    assert "You passed with 100%" in client.get(f"/attempts/{attempt}/result").text


def test_the_result_puts_confident_errors_first_and_explains_them(client, ready, attempt) -> None:
    for number, (text, sure) in {1: ("Bed and ward", "1"), 6: ("Switch all interaction alerts off", "3")}.items():
        options = form_of(client.get(f"/attempts/{attempt}/{number}").text, "question")
        client.post(f"/attempts/{attempt}/{number}", data={"answer": options[text], "confidence": sure})
    client.post(f"/attempts/{attempt}/submit")
    page = client.get(f"/attempts/{attempt}/result").text
    assert "Not yet: 0%, and 80% passes" in page
    assert "You were sure and wrong once" in page
    assert page.index("Question 6</h3>") < page.index("Question 1</h3>")
    assert "That removes the ones that prevent harm too." in page
    assert "Alerts that are always overridden train people" in page
    assert "Lesson 1: The right patient" in page
    assert "The next attempt opens on 24 November 2026, 10:00" in page
    assert "Flagged (0)" in page


@pytest.mark.parametrize(
    ("policy", "wrong", "shown"),
    [("after_submit", 6, True), ("after_pass", 6, False), ("after_pass", 0, True), ("never", 0, False)],
)
def test_the_key_is_shown_as_the_exam_allows(app, client, ready, clock, policy, wrong, shown) -> None:
    put_course(clock(), code="POL-1", title="Policy", exam=EXAM | {"feedback": policy})
    read_all(ready.person_id, "POL-1", clock())
    attempt = client.post("/courses/POL-1/exam").location.split("/")[2]
    answer(attempt, ready.person_id, clock(), wrong=wrong)
    client.post(f"/attempts/{attempt}/submit")
    page = client.get(f"/attempts/{attempt}/result?show=all").text
    assert ("Alerts that are always overridden train people" in page) is shown


def test_another_persons_attempt_is_not_found(app, client, ready, attempt) -> None:
    other = app.test_client()
    sign_in(other, app, "ben.sample@example.org")
    assert other.get(f"/attempts/{attempt}/1").status_code == 404
    assert other.get(f"/attempts/{attempt}/result").status_code == 404
    assert other.post(f"/attempts/{attempt}/1", data={"answer": "x"}).status_code == 404
    assert other.post(f"/attempts/{attempt}/submit").status_code == 404


def test_every_form_carries_its_token(app, client, ready, attempt) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for address in (
        EXAM_PAGE,
        f"/attempts/{attempt}/1",
        f"/attempts/{attempt}",
        f"/courses/{CODE}/lessons/right-patient",
    ):
        page = client.get(address).text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        assert forms
        assert all(re.search(r'name="csrf_token" value="[^"]+"', form) for form in forms), address
    assert client.post(f"/attempts/{attempt}/4", data={"answer": "12"}).status_code == 400


PATH = """\

# Case: The blank screen {#case-blank}

The record is down.

## First call {#first-call .branching}

What do you do first?

- [x] Look at the downtime sheet → #second-call
  > It names the computer that holds the copy.
- [ ] Wait for it to come back → #second-call
  > Nothing happens.

> The sheet first.

## Second call {#second-call .branching}

What do you write on the copy?

- [x] The time at which you read it
  > Everyone sees how old it is.
- [ ] Nothing at all
  > Nobody knows how old it was.

> A copy without a time is a rumour.
"""


def test_a_path_left_half_way_is_not_called_answered_and_its_missing_step_is_shown(app, client, clock) -> None:
    load_framework()
    make_person("E-901", "Asha", "Sample", "nurse", "asha.sample@example.org")
    db.session.commit()
    put_course(
        clock(),
        questions=QUESTIONS + PATH,
        exam={"title": "Final", "pass": 80, "open": "always", "review": "after_submit"},
    )
    sign_in(client, app, "asha.sample@example.org")
    client.post(f"/courses/{CODE}/enrol")
    attempt = client.post(EXAM_PAGE).location.rpartition("/")[0]
    pages = {n: client.get(f"{attempt}/{n}").text for n in range(1, 8)}
    here, page = next((f"{attempt}/{n}", text) for n, text in pages.items() if "Decide and go on" in text)
    first = re.findall(r'name="(step-\w+)" value="(\w+)"', page)
    client.post(here, data={first[0][0]: first[0][1], "go": "stay"})
    overview = client.get(attempt).text
    assert "7 questions are not finished yet" in overview
    assert "Not finished" in overview
    assert "begun, not finished" in client.get(here).text
    client.post(f"{attempt}/submit")
    assert "You stopped before this step" in client.get(f"{attempt}/result").text
