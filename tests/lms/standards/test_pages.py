"""Standard setting in the browser: who sees what, ratings that are kept, and the words of the result."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.db import db
from lms.messages.models import Mail
from lms.standards import queries
from tests.lms.standards.conftest import PANEL
from tests.support.courses import CODE, ITEMS
from tests.support.signing import sign_in
from tests.support.taking import statements

ANN, BEN, CHO = PANEL


def as_educator(client, app):
    return sign_in(client, app, "ed.ucator@example.org", ["educator"])


def as_member(client, app, email=ANN):
    return sign_in(client, app, email, [PANEL[email]])


def form(panel, *values: object, number: int = 1) -> dict[str, object]:
    return {"round": number, **{f"r-{at}": value for at, value in enumerate(values, 1)}}


def test_pages_are_for_educators_and_the_panel(client, app, panel) -> None:
    place = f"/standards/{panel.public}"
    assert client.get(place).status_code == 302
    sign_in(client, app, "asha@example.org", ["learner"])
    assert client.get("/standards").status_code == 403
    assert client.get(place).status_code == 403
    sign_in(client, app, "other@example.org", ["supervisor"])
    assert client.get("/standards").status_code == 200
    assert "You sit on no panel" in client.get("/standards").text
    assert client.get(place).status_code == 403
    assert client.get(f"{place}/rate").status_code == 403
    assert client.post(f"{place}/close", data={"round": 1}).status_code == 403
    as_member(client, app, BEN)
    assert client.get(place).status_code == 200
    assert client.get(f"{place}/rate").status_code == 200
    assert client.post(f"{place}/close", data={"round": 1}).status_code == 403
    assert client.post(f"{place}/adopt", data={"mark": 1, "reason": "x"}).status_code == 403
    assert client.get("/standards/new").status_code == 403
    as_educator(client, app)
    assert client.get(place).status_code == 200
    assert client.get(f"{place}/rate").status_code == 403, "an educator who is not on the panel does not rate"
    assert client.get("/standards/nothing").status_code == 404


def test_an_educator_begins_a_study_and_bad_panels_are_said(client, app, panel) -> None:
    as_educator(client, app)
    assert "Safe" in client.get("/standards/new").text or CODE in client.get("/standards/new").text
    for change in ({"course": ""}, {"panel": "nobody@example.org"}, {"rounds": "9"}, {"rounds": "two"}):
        typed = {"course": CODE, "panel": "\n".join(PANEL), "rounds": "2"} | change
        answer = client.post("/standards/new", data=typed)
        assert answer.status_code == 422
        assert "Nothing was begun" in answer.text
        assert typed["panel"].splitlines()[0] in answer.text, "what was typed is still there"
    answer = client.post("/standards/new", data={"course": CODE, "panel": ", ".join(PANEL), "rounds": "3"})
    assert answer.status_code == 303
    assert len(queries.studies()) == 2


def test_a_member_saves_part_comes_back_and_ends(client, app, panel) -> None:
    as_member(client, app)
    assert "One panel waits for your judgement" in client.get("/standards").text
    place = f"/standards/{panel.public}/rate"
    for _again in range(2):
        assert client.post(place, data=form(panel, "40", "", "")).location.endswith("/rate")
    page = client.get(place).text
    assert "5 questions are left to rate" in page
    assert 'value="40"' in page
    assert client.post(place, data=form(panel, *["40"] * 6)).location.endswith(panel.public)
    assert "No panel waits" in client.get("/standards").text or "No pass mark" in client.get("/standards").text


@pytest.mark.parametrize("bad", ["101", "-1", "abc", "5.5", "1e2", "٥", "9" * 30])
def test_a_bad_rating_is_said_beside_its_field_and_nothing_is_saved(client, app, panel, bad) -> None:
    member = as_member(client, app)
    answer = client.post(f"/standards/{panel.public}/rate", data=form(panel, "40", bad))
    assert answer.status_code == 422
    assert "A whole number from 0 to 100 was expected" in answer.text
    assert 'value="40"' in answer.text
    assert f'value="{bad}"' in answer.text
    assert queries.own(panel.study, member.account_id, 1) == {}


@pytest.mark.parametrize("number", ["", "0", "2", "7", "one"])
def test_ratings_for_a_round_that_is_not_open_are_refused(client, app, panel, number) -> None:
    member = as_member(client, app)
    answer = client.post(f"/standards/{panel.public}/rate", data=form(panel, "40", number=number))
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text
    assert queries.own(panel.study, member.account_id, 1) == {}


def test_while_a_round_is_open_nobody_sees_the_ratings_of_another(client, app, panel) -> None:
    panel.rate(0, *[37] * len(ITEMS))
    panel.rate(1, 91)
    for who in (lambda: as_educator(client, app), lambda: as_member(client, app, CHO)):
        who()
        page = client.get(f"/standards/{panel.public}").text
        assert "2 people have not rated everything" in page
        shown = re.sub(r"<[^>]*>", " ", page.split("<h1>")[1].split("</main>")[0])  # tokens of forms hold any digits
        assert "37" not in shown
        assert "The panel:" not in page
    as_member(client, app, CHO)
    page = client.get(f"/standards/{panel.public}/rate").text
    assert 'value="37"' not in page
    assert 'value="91"' not in page


def test_the_second_round_shows_own_rating_beside_mean_and_range(client, app, panel) -> None:
    for member, value in enumerate((40, 60, 95)):
        panel.rate(member, *[value] * len(ITEMS))
    panel.close(1)
    as_member(client, app)
    page = client.get(f"/standards/{panel.public}/rate").text
    assert "You said 40 before." in page
    assert "The panel: 65, from 40 to 95." in page
    assert "Not saved yet" in page


def test_closing_says_who_is_missing_and_can_leave_them_out(client, app, panel) -> None:
    as_educator(client, app)
    panel.rate(0, *[40] * len(ITEMS))
    panel.rate(1, *[60] * len(ITEMS))
    place = f"/standards/{panel.public}/close"
    for given in ({"round": "1"}, {"round": "x"}, {}):
        answer = client.post(place, data=given)
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.text
    for _again in range(2):
        assert client.post(place, data={"round": "1", "without": "yes"}).status_code == 303
    assert panel.study.closed == 1


def test_the_result_says_the_cut_beside_the_text_and_the_line_for_it(client, app, panel) -> None:
    panel.both_rounds()
    as_educator(client, app)
    place = f"/standards/{panel.public}"
    page = client.get(place).text
    assert "<h1>The panel’s cut is 70%, exam.md says " in page
    assert "The judges differ widely on no question" in page
    for mark, reason in (("abc", "Agreed."), ("101", "Agreed."), ("72.5", " "), ("", "Agreed.")):
        answer = client.post(f"{place}/adopt", data={"mark": mark, "reason": reason})
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.text
    assert client.get(f"{place}/evidence.json").status_code == 404
    for _again in range(2):
        assert client.post(f"{place}/adopt", data={"mark": "72,5", "reason": "Agreed."}).status_code == 303
    page = client.get(place).text
    assert "<code>pass: 72.5</code>" in page
    assert "Digest agrees" in page
    digest = panel.study.adopted.digest
    assert digest in page
    assert digest[:12] in client.get("/standards").text
    kept = client.get(f"{place}/evidence.json")
    assert kept.json["digest"] == digest
    assert "ann.one" not in kept.text.lower()
    assert "Pass marks" in client.get("/bank").text


def test_names_never_stand_beside_ratings(client, app, panel) -> None:
    panel.both_rounds()
    as_member(client, app, CHO)
    page = client.get(f"/standards/{panel.public}").text
    assert "Judge 1" in page
    assert "Ann One" not in page
    assert client.get(f"/standards/{panel.public}/rate").status_code == 303
    answer = client.post(f"/standards/{panel.public}/rate", data=form(panel, "40", number=2))
    assert answer.status_code == 422
    assert "Round 2 is closed" in answer.text


def test_the_number_of_statements_does_not_grow_with_the_questions_rated(client, app, panel) -> None:
    as_educator(client, app)
    place = f"/standards/{panel.public}"
    client.get(place)
    with statements() as before:
        client.get(place)
    panel.rate(0, *[40] * len(ITEMS))
    with statements() as after:
        client.get(place)
    assert len(after) == len(before)


def letters_to(email: str) -> list[Mail]:
    return list(db.session.scalars(select(Mail).where(Mail.to == email).order_by(Mail.id)))


def test_members_get_an_e_mail_with_the_link_when_a_study_begins(client, app, panel) -> None:
    as_educator(client, app)
    place = client.post("/standards/new", data={"course": CODE, "panel": ", ".join(PANEL), "rounds": "1"}).location
    for email in PANEL:
        (letter,) = letters_to(email)
        assert f"http://localhost{place}/rate" in letter.body
        assert "6 questions" in letter.body
    assert letters_to("ed.ucator@example.org") == []


def test_a_study_that_is_refused_writes_to_nobody(client, app, panel) -> None:
    as_educator(client, app)
    client.post("/standards/new", data={"course": CODE, "panel": ", ".join([*PANEL, "no@example.org"]), "rounds": "1"})
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_an_educator_reminds_those_who_are_not_ready_once_a_day(client, app, panel, clock) -> None:
    panel.rate(0, *[60] * 6)
    panel.rate(1, 60, 60)
    place = f"/standards/{panel.public}/remind"
    as_member(client, app, BEN)
    assert client.post(place).status_code == 403
    as_educator(client, app)
    for _again in range(2):
        assert client.post(place).status_code == 303
    assert [len(letters_to(email)) for email in PANEL] == [0, 1, 1]
    assert "4 questions of the exam" in letters_to(BEN)[0].body
    assert "Nobody was written to" in client.get(f"/standards/{panel.public}").text
    clock.move(days=1)
    as_educator(client, app)
    client.post(place)
    assert [len(letters_to(email)) for email in PANEL] == [0, 2, 2]


def test_nobody_is_reminded_after_the_last_round(client, app, panel) -> None:
    panel.both_rounds()
    as_educator(client, app)
    answer = client.post(f"/standards/{panel.public}/remind")
    assert (answer.status_code, "The rounds are over" in answer.text) == (422, True)
    assert "Remind by e-mail" not in answer.text


def test_home_names_the_panel_until_everything_is_rated(client, app, panel) -> None:
    as_member(client, app)
    page = client.get("/").text
    assert "A panel waits for your judgement" in page
    assert f"/standards/{panel.public}/rate" in page
    panel.rate(0, *[60] * 6)
    assert "panel waits" not in client.get("/").text
