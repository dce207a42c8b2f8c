"""Questions and answers of every type through the API, and that no key leaves before the submission."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from lms.quizzes import services
from tests.lms.api.conftest import Caller, read_lessons, sit
from tests.support.courses import CODE, EXAM, LESSON_2, RIGHT
from tests.support.taking import put_course

EVERY_TYPE = """\
---
competency: B1
level: 2
---

## One {#one}

Which sign comes first?

- [x] Red flag
  > Because it is red.
- [ ] Blue flag
  > It waits.
- [ ] Green flag
- [ ] White flag

> The rationale of one.

## Several {#several}

Which two are needed?

- [x] Name
- [x] Birth date
- [ ] Shoe size
- [ ] Star sign

> The rationale of several.

## Claim {#claim}

A near miss is reported.

- [x] True
- [ ] False

> The rationale of claim.

## Rate {#rate}

What rate, in mL/h?

= 12 ± 0.1 mL/h

> The rationale of rate.

## Word {#word}

What does CPOE stand for?

= computerized provider order entry | ~comput.* entry

> The rationale of word.

## Pairs {#pairs .matching}

Match each order with its check.

| Order | Check |
|---|---|
| Heparin | Platelets |
| Vancomycin | Trough level |
|  | Eye colour |

> The rationale of pairs.

## Steps {#steps .ordering}

Put these in order.

1. Open the chart
2. Read the banner
3. Write the order

> The rationale of steps.

## Gaps {#gaps .cloze}

Read the {{banner|header}} before every {{order}}.

> The rationale of gaps.

# Case: Night shift {#night}

A patient came at night and the ward is full.

## First move {#first-move .branching}

What do you do first?

- [x] Look at the patient → #second-move
  > The patient answers.
- [ ] Sign the order
  > The wrong dose is given.

## Second move {#second-move .branching}

And then?

- [x] Call for help
  > Help comes.
- [ ] Wait
  > Nothing changes.

# Case: Essay {#writing}

Somebody has to write it down.

## Plan {#plan .essay points=4}

How do you report a wrong-chart order?

| Criterion | Points | Good |
|---|---|---|
| Says whom to tell | 2 | Names the unit lead |
| Says what to write | 2 | Fact, action, plan |
"""
TYPES = {
    "one": "single",
    "several": "multiple",
    "claim": "truefalse",
    "rate": "numeric",
    "word": "text",
    "pairs": "matching",
    "steps": "ordering",
    "gaps": "cloze",
    "first-move": "branching",
    "plan": "essay",
}


@pytest.fixture
def sheet(asha, clock) -> dict[str, Any]:
    """An open attempt at a course with one item of every type that is drawn."""
    lesson = LESSON_2.replace("{text}", "Read.").encode()
    put_course(
        clock(), code="ALL-1", title="Every type", questions=EVERY_TYPE, exam=EXAM | {"open": "always"},
        extra={"10-right-patient.md": lesson, "20-alerts.md": lesson.replace(b"Alerts worth reading", b"Two")},
    )  # fmt: skip
    started = asha.post("/courses/ALL-1/attempts")
    assert started.status_code == 201
    return started.get_json()


def by_id(sheet: dict[str, Any]) -> dict[str, Any]:
    return {item["id"]: item for item in sheet["items"]}


def ids(item: dict[str, Any], side: str = "options") -> dict[str, str]:
    return {option["html"]: option["id"] for option in item[side]}


def right_answers(sheet: dict[str, Any]) -> dict[str, Any]:
    """The right answer to every item, in the shapes of the contract."""
    items = by_id(sheet)
    left, choices = ids(items["pairs"], "left"), ids(items["pairs"], "right")
    steps = ids(items["steps"])
    first, second = (ids(step) for step in items["first-move"]["steps"])
    return {
        "one": ids(items["one"])["Red flag"],
        "several": [ids(items["several"])["Birth date"], ids(items["several"])["Name"]],
        "claim": ids(items["claim"])["True"],
        "rate": 12.05,
        "word": " Computerised order entry ",
        "pairs": [[left["Heparin"], choices["Platelets"]], [left["Vancomycin"], choices["Trough level"]]],
        "steps": [steps["Open the chart"], steps["Read the banner"], steps["Write the order"]],
        "gaps": ["Header", "order"],
        "first-move": [first["Look at the patient"], second["Call for help"]],
        "plan": "Tell the lead.\nWrite what happened.",
    }


def put(asha: Caller, sheet: dict[str, Any], item: str, answer: Any) -> Any:
    return asha.put(f"/attempts/{sheet['id']}/responses/{item}", {"answer": answer})


def test_every_type_is_asked_with_what_it_needs(sheet) -> None:
    items = by_id(sheet)
    assert {key: item["type"] for key, item in items.items()} == TYPES
    assert items["rate"]["unit"] == "mL/h"
    assert len(items["gaps"]["gaps"]) == 2
    assert len(items["pairs"]["left"]) == 2
    assert len(items["pairs"]["right"]) == 3
    assert items["first-move"]["case"]["title"] == "Night shift"
    assert all(item["answer"] is None for item in items.values())


def test_every_type_is_answered_in_its_shape_and_scored(asha, sheet) -> None:
    answers = right_answers(sheet)
    for item, answer in answers.items():
        saved = put(asha, sheet, item, answer)
        assert saved.status_code == 200, (item, saved.text)
    again = by_id(asha.post("/courses/ALL-1/attempts").get_json())
    assert again["rate"]["answer"] == 12.05
    assert again["word"]["answer"] == "Computerised order entry"
    assert sorted(again["several"]["answer"]) == sorted(answers["several"])
    for item in ("one", "claim", "pairs", "steps", "gaps", "first-move", "plan"):
        assert again[item]["answer"] == answers[item]
    result = asha.post(f"/attempts/{sheet['id']}/submission").get_json()
    assert (result["status"], result["score"], result["passed"]) == ("awaiting_marking", None, None)
    assert result["credential"] is None
    scores = {item["id"]: (item["score"], item["status"]) for item in result["items"]}
    assert scores.pop("plan") == (None, "awaiting_marking")
    assert set(scores.values()) == {(1.0, "scored")}
    assert asha.post(f"/attempts/{sheet['id']}/submission").get_json() == result


def test_parts_of_an_answer_earn_parts_of_the_points(asha, sheet) -> None:
    items, answers = by_id(sheet), right_answers(sheet)
    shoe = ids(items["several"])["Shoe size"]
    some = {
        "several": answers["several"][:1],
        "pairs": answers["pairs"][:1],
        "gaps": ["banner", "mistake"],
        "steps": answers["steps"][::-1],
        "first-move": answers["first-move"][:1],
    }
    for item, answer in some.items():
        assert put(asha, sheet, item, answer).status_code == 200
    assert put(asha, sheet, "several", [*answers["several"], shoe]).status_code == 200
    result = asha.post(f"/attempts/{sheet['id']}/submission").get_json()
    scores = {item["id"]: item["score"] for item in result["items"]}
    assert (scores["several"], scores["pairs"], scores["gaps"]) == (0.5, 0.5, 0.5)
    assert scores["steps"] == pytest.approx(1 / 3)
    assert scores["first-move"] == 0.5
    assert scores["one"] == 0.0


WRONG_SHAPES = (
    ("one", ["x"]), ("one", "x"), ("one", 1), ("several", "x"), ("several", ["x"]), ("several", [1]),
    ("claim", True), ("claim", "true"), ("rate", "12"), ("rate", [12]), ("word", 12), ("word", ["a"]),
    ("pairs", "x"), ("pairs", [["a", "b"]]), ("pairs", [["a"]]), ("steps", []), ("steps", ["a", "b", "c"]),
    ("gaps", "banner"), ("gaps", ["banner"]), ("gaps", ["a", "b", "c"]), ("gaps", [1, 2]), ("gaps", {"gaps": 1}),
    ("first-move", "x"), ("first-move", ["x"]), ("plan", 4), ("plan", {}), ("plan", "x" * 20_001),
)  # fmt: skip


def test_every_type_refuses_other_shapes_and_keeps_what_it_had(asha, sheet) -> None:
    answers = right_answers(sheet)
    for item, answer in answers.items():
        put(asha, sheet, item, answer)
    kept = asha.post("/courses/ALL-1/attempts").get_json()
    twice = [("several", answers["several"] * 2), ("pairs", answers["pairs"] * 2), ("steps", answers["steps"][:2])]
    for item, answer in (*WRONG_SHAPES, *twice):
        refused = put(asha, sheet, item, answer)
        assert refused.status_code == 422, (item, answer)
        assert "expected" in refused.get_json()["detail"]
    assert asha.post("/courses/ALL-1/attempts").get_json() == kept


def test_null_clears_an_answer_of_every_type_and_keeps_the_confidence(asha, sheet) -> None:
    for item, answer in right_answers(sheet).items():
        path = f"/attempts/{sheet['id']}/responses/{item}"
        assert asha.put(path, {"answer": answer, "confidence": 2}).get_json()["confidence"] == 2
        cleared = asha.put(path, {"answer": None}).get_json()
        assert (cleared["answer"], cleared["confidence"]) == (None, 2)
        assert asha.put(path, {"answer": None, "confidence": None}).get_json()["confidence"] is None
    result = asha.post(f"/attempts/{sheet['id']}/submission").get_json()
    assert {item["score"] for item in result["items"]} == {0.0}


def test_the_same_answer_again_changes_nothing(asha, sheet, clock) -> None:
    first = put(asha, sheet, "rate", 12).get_json()
    assert put(asha, sheet, "rate", 12).get_json() == first


def test_concordance_is_never_asked_in_an_exam(asha, clock) -> None:
    extra = """\


## Panel {#panel .concordance}

A new finding.

| −2 | −1 | 0 | +1 | +2 |
|---|---|---|---|---|
| 0 | 1 | 2 | 6 | 3 |
"""
    lesson = LESSON_2.replace("{text}", "Read.").encode()
    put_course(
        clock(), code="ALL-2", title="With a panel", questions=EVERY_TYPE + extra, exam=EXAM | {"open": "always"},
        extra={"10-right-patient.md": lesson, "20-alerts.md": lesson.replace(b"Alerts worth reading", b"Two")},
    )  # fmt: skip
    sheet = asha.post("/courses/ALL-2/attempts").get_json()
    assert "panel" not in by_id(sheet)


def keys_of(value: Any) -> set[str]:
    """Every name in a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys_of(each)}
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    return set()


def test_no_key_leaves_before_the_submission(asha, sheet) -> None:
    asha.put(f"/attempts/{sheet['id']}/responses/rate", {"answer": 12})
    again = asha.post("/courses/ALL-1/attempts").get_json()
    course = asha.get("/courses/ALL-1").get_json()
    text = json.dumps([sheet, again, course]).lower()
    for told in ("rationale", "because it is red", "computerized", "provider", "header", "12.1", "± 0.1", "help comes",
                 "the patient answers", "names the unit lead", "criterion", "comput."):  # fmt: skip
        assert told not in text, told
    names = keys_of([sheet, again])
    for name in names:
        assert not any(word in name for word in ("correct", "feedback", "key", "score", "credit", "votes")), name
    # The one `right` is the right-hand side of a matching item.
    assert [item["id"] for item in sheet["items"] if "right" in keys_of(item)] == ["pairs"]


def test_ids_of_options_reveal_nothing(asha, clock, monkeypatch) -> None:
    """Over many sittings the right option stands everywhere, and no id comes twice or sorts with its place."""
    put_course(clock(), code="MANY-1", title="Many", exam=EXAM | {"open": "always", "attempts": 0, "wait_hours": 0})
    chance = random.Random(7)
    monkeypatch.setattr(services.secrets, "token_hex", lambda size: chance.randbytes(size).hex())
    seen: set[str] = set()
    places, ranks = set(), set()
    for _ in range(14):
        sheet = asha.post("/courses/MANY-1/attempts").get_json()
        options = by_id(sheet)["two-identifiers"]["options"]
        names = [option["id"] for option in options]
        assert not seen & set(names)
        seen |= set(names)
        mine = next(option for option in options if option["html"] == RIGHT["two-identifiers"])
        places.add(options.index(mine))
        ranks.add(sorted(names).index(mine["id"]))
        asha.post(f"/attempts/{sheet['id']}/submission")
    assert places == {0, 1, 2}
    assert ranks == {0, 1, 2}


def test_the_sample_course_is_scored_with_one_decimal(asha) -> None:
    read_lessons(asha)
    assert sit(asha, wrong=2)["score"] == 66.7
    assert asha.get(f"/courses/{CODE}").get_json()["enrolment"]["completed_at"] is None
