"""A borderline group: judged within one's own scope and without scores, refused when small, adopted for good."""

from __future__ import annotations

import json
import statistics
from fractions import Fraction

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assessments.standards import ENOUGH_BORDERLINE
from lms.catalog import queries as catalog
from lms.db import db
from lms.people.models import Person
from lms.people.scope import Scope
from lms.quizzes.models import Attempt, AttemptReset, Regrade, Regraded
from lms.quizzes.sittings import first_scores
from lms.standards import judging, queries, services, takers
from lms.standards.models import AdoptedStandard, StandardJudgement, StandardStudy
from lms.standards.services import Refused
from tests.lms.standards.conftest import JUDGES
from tests.support.courses import CODE
from tests.support.hospital import TODAY
from tests.support.looking import seen_at
from tests.support.signing import sign_in
from tests.support.taking import put_course, statements

SUE, CHO = JUDGES


def test_a_member_judges_takers_in_the_own_scope_and_nobody_else(border) -> None:
    assert border.may(border.sue) == frozenset(border.people[:24])
    assert border.may(border.cho) == frozenset(border.people)
    on_b = border.people[-1]
    with pytest.raises(Refused, match="not in your scope"):
        border.says(border.sue, {border.people[0]: "above", on_b: "below"})
    db.session.rollback()
    assert takers.said_by(border.study, border.sue.id) == {}, "nothing of it was kept"
    assert border.says(border.cho, {on_b: "below"}) == 1


def test_a_member_never_judges_the_own_work_and_a_supervisor_without_a_unit_judges_nobody(border) -> None:
    db.session.execute(
        update(Attempt).where(Attempt.person_id == border.people[0]).values(person_id=border.cho.person_id)
    )
    assert border.cho.person_id not in border.may(border.cho)
    assert takers.may_judge(border.study, 0, Scope(), TODAY) == frozenset()


def test_what_was_said_is_kept_repeated_changed_and_taken_back(border) -> None:
    one, two, *_others = border.people
    for _again in range(2):
        assert border.says(border.sue, {one: "borderline", two: "above"}) == 2
    assert border.says(border.sue, {one: "below"}) == 2
    assert takers.said_by(border.study, border.sue.id) == {one: "below", two: "above"}
    assert border.says(border.sue, {one: None}) == 1
    assert takers.said_by(border.study, border.cho.id) == {}


@pytest.mark.parametrize(
    ("change", "why"),
    [({"actor": 0}, "Only members"), ({"word": "perhaps"}, "Below, on or above"), ({"closed": True}, "is closed")],
)
def test_nothing_is_kept_of_a_stranger_of_other_words_or_once_it_is_closed(border, change, why) -> None:
    if change.get("closed"):
        border.judge_ward()
        border.close()
    actor = {"actor": change["actor"]} if "actor" in change else {}
    with pytest.raises(Refused, match=why):
        border.says(border.sue, {border.people[0]: change.get("word", "above")}, **actor)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(StandardJudgement)) == 0


def test_people_cannot_be_judged_in_a_study_of_questions(panel, border) -> None:
    with pytest.raises(Refused, match="is closed"):
        judging.judge(
            panel.study, {border.people[0]: "above"}, scope=Scope(everything=True), own_person=0,
            actor=panel.accounts[2], today=TODAY, now=border.clock(),
        )  # fmt: skip
    with pytest.raises(Refused, match="rates questions"):
        judging.close(panel.study, actor=panel.educator, now=border.clock())
    with pytest.raises(Refused):
        services.close(border.study, 1, actor=border.educator, now=border.clock(), without=True)


def test_the_database_refuses_another_word_and_another_method(border) -> None:
    border.says(border.sue, {border.people[0]: "above"})
    for statement in (update(StandardJudgement).values(judgement="bad"), update(StandardStudy).values(method="guess")):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_it_is_refused_below_the_least_size_and_stays_open(border) -> None:
    few = dict.fromkeys(border.people[: ENOUGH_BORDERLINE - 1], "borderline")
    border.says(border.sue, few | {border.people[20]: "above"})
    with pytest.raises(Refused, match="10 people or more judged borderline with one voice were expected; there are 9"):
        border.close()
    db.session.rollback()
    assert border.study.open_round == 1
    assert len(takers.said_by(border.study, border.sue.id)) == ENOUGH_BORDERLINE
    border.says(border.sue, {border.people[9]: "borderline"})
    assert border.close()
    assert not border.close(), "closing it again does nothing"


def test_a_study_needs_takers_and_a_panel_that_may_see_somebody(border, version, clock, app) -> None:
    put_course(clock(), code="NEW-101")
    new = catalog.current_version("NEW-101")
    with pytest.raises(Refused, match=r"10 people or more with a marked first attempt .* there are 0"):
        judging.begin(new, list(JUDGES), actor=border.educator, now=clock())
    with pytest.raises(Refused, match=r"of a supervisor or a CMIO has the address ed\.ucator@"):
        judging.begin(version, [*JUDGES, "ed.ucator@example.org"], actor=border.educator, now=clock())
    assert [(each.code, count) for each, count in takers.texts()] == [(CODE, 30)]


def test_the_cut_is_the_median_of_those_on_the_border_with_its_error(border) -> None:
    border.judge_ward()
    assert takers.border(border.study) is None, "no figure while the judging is open"
    border.close()
    found = takers.border(border.study)
    scores = [4 * at for at in range(7, 18)]
    assert found.standard.cut == statistics.median(scores) == 48
    assert found.standard.se == pytest.approx(1.2533 * statistics.stdev(scores) / 11**0.5)
    assert [(each.judgement, each.size) for each in found.groups] == [("below", 7), ("borderline", 11), ("above", 6)]
    assert (found.judged, found.judges, found.differ) == (24, 1, 0)
    assert found.standard.doubts == ()


def test_whom_members_differ_on_is_in_no_group(border) -> None:
    border.judge_ward()
    border.says(border.cho, {border.people[7]: "above", border.people[8]: "borderline"})
    seen = takers.tally(border.study)
    assert (seen.judged, seen.borderline, seen.differ, seen.lacking) == (24, 10, 1, 0)
    border.close()
    found = takers.border(border.study)
    assert (found.judges, found.differ, found.standard.panel) == (2, 1, 10)


def test_names_go_when_the_judging_is_closed_and_later_scores_change_nothing(border) -> None:
    border.judge_ward()
    border.close()
    assert db.session.scalar(select(func.count()).select_from(StandardJudgement)) == 0
    border.score(border.people[12], 100)
    db.session.commit()
    assert takers.border(border.study).standard.cut == 48
    evidence = queries.evidence(border.study)
    assert evidence["takers"] == sorted(evidence["takers"], key=lambda one: int(one[0])), "no order tells who is who"
    kept = json.dumps(evidence)
    for public, name in db.session.execute(select(Person.public_id, Person.family_name)):
        assert public not in kept
        assert name not in kept


def test_a_mark_is_adopted_once_with_a_digest_that_its_evidence_gives_again(border) -> None:
    with pytest.raises(Refused, match="after the last round"):
        border.adopt()
    db.session.rollback()
    border.judge_ward()
    border.close()
    assert border.adopt("47.5")
    assert not border.adopt(10)
    adopted = border.study.adopted
    assert (adopted.cut, adopted.adopted, adopted.evidence["panel"]) == (48, Fraction("47.5"), 11)
    made = queries.standard_of(dict(adopted.evidence), adopted.adopted, adopted.reason)
    assert (made.method, made.digest) == ("borderline-group", adopted.digest)
    changed = dict(adopted.evidence) | {"takers": [["1", "borderline"], *adopted.evidence["takers"][1:]]}
    assert queries.standard_of(changed, adopted.adopted, adopted.reason).digest != adopted.digest
    assert db.session.scalar(select(func.count()).select_from(AdoptedStandard)) == 1


def test_a_score_is_of_the_first_marked_attempt_at_this_text_after_what_was_decided(border, clock) -> None:
    one, two, three, four, *_others = border.people
    attempt = dict(db.session.execute(select(Attempt.person_id, Attempt.id)).all())
    regrade = db.session.scalar(
        insert(Regrade).returning(Regrade.id),
        {
            "public_id": "r", "key": "r", "course_id": border.version.course_id, "item": "q", "rule": "credit",
            "reason": "", "made_at": clock(),
        },
    )  # fmt: skip
    db.session.execute(
        insert(Regraded).values(
            regrade_id=regrade, attempt_id=attempt[one], earned="3", possible="4", percent=75, passed=True,
            percent_before=0, passed_before=False,
        )
    )  # fmt: skip
    db.session.execute(insert(AttemptReset).values(attempt_id=attempt[two], reset_at=clock(), reason="Alarm."))
    db.session.execute(update(Attempt).where(Attempt.id == attempt[three]).values(number=2))
    db.session.execute(update(Attempt).where(Attempt.id == attempt[four]).values(state="awaiting_marking"))
    scores = first_scores(border.version.id)
    assert scores[one] == 75
    assert scores.keys() == set(border.people) - {two, three, four}
    assert first_scores(0) == {}


def test_the_page_lists_takers_by_name_without_a_score_and_notes_the_look(client, app, border) -> None:
    sign_in(client, app, SUE, ["supervisor"])
    place = f"/standards/{border.public}/judge"
    page = client.get(place).text
    assert "you may judge 24 people" in page
    assert page.count("<fieldset") == 24
    assert "WARD-A" in page
    assert "WARD-B" not in page
    assert "%" not in page.split("<main", 1)[1].split("</main", 1)[0], "no score is shown"
    assert seen_at() == {("list", "judging", "Safer orders, a sample", "")}
    public = dict(db.session.execute(select(Person.id, Person.public_id)).all())
    data = {f"p-{public[key]}": "borderline" for key in border.people[:3]} | {"go": "stay", "page": "1"}
    assert client.post(place, data=data).status_code == 303
    assert "You have judged 3 people" in client.get(place).text
    assert client.post(place, data={f"p-{public[border.people[0]]}": "none"}).status_code == 303
    assert len(takers.said_by(border.study, border.sue.id)) == 2
    refused = client.post(place, data={f"p-{public[border.people[-1]]}": "above"})
    assert (refused.status_code, "not in your scope" in refused.text) == (422, True)
    assert client.post(place, data={"p-nothing": "above"}).status_code == 422
    sign_in(client, app, "taker@example.org")
    assert client.get(place).status_code == 403


def test_a_long_list_is_read_page_by_page_and_searched(client, app, border, monkeypatch) -> None:
    sign_in(client, app, CHO, ["cmio"])
    place = f"/standards/{border.public}/judge"
    first = client.get(place).text
    assert first.count("<fieldset") == takers.PAGE
    assert "Page 1 of 2" in first
    assert client.get(f"{place}?page=2").text.count("<fieldset") == 5
    assert client.get(f"{place}?page=99999999&q=%00").status_code == 200
    assert client.get(f"{place}?q=sample+29").text.count("<fieldset") == 1
    public = db.session.scalar(select(Person.public_id).where(Person.id == border.people[0]))
    to = client.post(place, data={f"p-{public}": "above", "go": "next", "page": "1", "q": ""}).location
    assert "page=2" in to
    monkeypatch.setattr(takers, "MOST_LISTED", 20)
    many = client.get(place).text
    assert "Too many people took the exam to list them" in many
    assert many.count("<fieldset") == 1, "whom the member has judged"
    assert client.get(f"{place}?q=sample+29").text.count("<fieldset") == 1


def test_the_list_asks_the_same_number_of_statements_however_long(client, app, border) -> None:
    sign_in(client, app, CHO, ["cmio"])
    place = f"/standards/{border.public}/judge"
    client.get(place)
    with statements() as long:
        client.get(place)
    with statements() as short:
        client.get(f"{place}?q=sample+29")
    assert len(long) == len(short)


def test_an_educator_begins_reminds_closes_and_adopts_on_the_pages(client, app, border) -> None:
    sign_in(client, app, "ed.ucator@example.org", ["educator"])
    text = f"{CODE} {border.version.digest}"
    for change in ({"text": ""}, {"text": f"{CODE} x"}, {"panel": "nobody@example.org"}):
        answer = client.post("/standards/borderline/new", data={"text": text, "panel": "\n".join(JUDGES)} | change)
        assert (answer.status_code, "Nothing was begun" in answer.text) == (422, True)
    begun = client.post("/standards/borderline/new", data={"text": text, "panel": "\n".join(JUDGES)})
    assert begun.status_code == 303
    assert "Judging" in client.get("/standards").text
    place = f"/standards/{border.public}"
    assert "<h1>10 more people on the border are needed" in client.get(place).text
    assert client.post(f"{place}/remind").status_code == 303
    refused = client.post(f"{place}/close", data={"round": "1"})
    assert (refused.status_code, "there are 0" in refused.text) == (422, True)
    assert client.get(f"{place}/judge").status_code == 403, "an educator judges nobody"
    border.judge_ward()
    assert "11 people are on the border" in client.get(place).text
    assert client.post(f"{place}/close").status_code == 303
    page = client.get(place).text
    assert "<h1>The borderline group’s median is 48%" in page
    assert "1.2533" in page
    assert client.post(f"{place}/adopt", data={"mark": "47", "reason": ""}).status_code == 422
    assert client.post(f"{place}/adopt", data={"mark": "47", "reason": "Agreed."}).status_code == 303
    page = client.get(place).text
    assert "Digest agrees" in page
    assert "<h1>47% was adopted, but exam.md says 80%" in page
    assert "pass: 47" in page
    assert client.get(f"{place}/evidence.json").status_code == 403, "scores beside judgements are not for educators"
    sign_in(client, app, "root@example.org", ["administrator"])
    kept = client.get(f"{place}/evidence.json").get_json()
    assert len(kept["evidence"]["takers"]) == 24


def test_a_small_group_is_not_shown(client, app, border) -> None:
    words = ["below"] * 4 + ["borderline"] * 11
    border.says(border.sue, dict(zip(border.people, words, strict=False)))
    border.close()
    sign_in(client, app, "ed.ucator@example.org", ["educator"])
    page = client.get(f"/standards/{border.public}").text
    assert "too few" in page
    assert "Members differed on nobody" in page


def test_home_names_the_judging_until_somebody_is_judged(client, app, border) -> None:
    sign_in(client, app, SUE, ["supervisor"])
    assert f"/standards/{border.public}/judge" in client.get("/").text
    assert f"/standards/{border.public}/judge" in client.get("/standards").text
    border.says(border.sue, {border.people[0]: "above"})
    assert "panel waits" not in client.get("/").text


def test_pages_of_the_other_method_are_not_there(client, app, border, panel) -> None:
    sign_in(client, app, CHO, ["cmio"])
    assert client.get(f"/standards/{border.public}/rate").status_code == 404
    assert client.get(f"/standards/{panel.public}/judge").status_code == 404
