"""Branching items: arrows between the items of a case, and the score of the path taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from assessments.answers import Branching
from assessments.model import AnswerError, Bank
from assessments.papers import draw_paper
from assessments.registry import finished, present, raw_answer, read_answer, review, score
from tests.assessments.sources import errors, read

CASE = """
# Case: A night shift {#night}

The monitor alarms.

## First look {#look .branching}

What do you do first?

- [x] Check the patient → #act
  > She is pale.
- [ ] Silence the alarm -> #late
  > It rings again.
- [ ] Go home

## Act {#act .branching}

What next?

- [x] Call the team → #late
- [ ] Wait

## Late {#late .branching}

And now?

- [x] Start compressions
- [ ] Chart the event
"""


def bank() -> Bank:
    found, faults = read(CASE)
    assert [one for one in faults if one.severity == "error"] == []
    return found


def path(seed: str, *texts: str) -> list[str]:
    """Return the option ids along a path of option texts."""
    steps = present(bank().item("look"), seed)["steps"]
    ids = []
    at = steps[0]["id"]
    for text in texts:
        step = next(one for one in steps if one["id"] == at)
        option = next(one for one in step["options"] if one["html"] == text)
        ids.append(option["id"])
        at = option["next"]
    return ids


def earned(*texts: str) -> Fraction:
    found = bank().item("look")
    return score(found, read_answer(found, "s", path("s", *texts))).earned


def test_an_item_holds_every_step_within_reach_once() -> None:
    answer = bank().item("look").answer
    assert isinstance(answer, Branching)
    assert [step.id for step in answer.steps] == ["look", "act", "late"]
    assert answer.steps[0].branches[0].text == "Check the patient"
    assert answer.steps[0].branches[0].consequence == "She is pale."
    assert [branch.target for branch in answer.steps[0].branches] == ["act", "late", None]


def test_followers_are_never_asked_alone() -> None:
    assert draw_paper(bank(), (), "seed") == ("look",)


def test_the_score_is_the_share_of_right_steps_on_the_path_taken() -> None:
    assert earned("Check the patient", "Call the team", "Start compressions") == 1
    assert earned("Check the patient", "Call the team", "Chart the event") == Fraction(2, 3)
    assert earned("Silence the alarm", "Start compressions") == Fraction(1, 2)
    assert earned("Check the patient", "Wait") == Fraction(1, 2)
    assert earned("Go home") == 0


def test_a_path_that_stops_early_counts_the_open_step_as_missed() -> None:
    assert earned("Check the patient") == Fraction(1, 2)
    assert earned("Check the patient", "Call the team") == Fraction(2, 3)


def test_a_path_comes_back_as_it_was_given() -> None:
    found = bank().item("look")
    raw = path("s", "Check the patient", "Wait")
    canonical = read_answer(found, "s", raw)
    assert canonical == [0, 1]
    assert raw_answer(found, "s", canonical) == raw


def test_a_path_holds_only_options_of_the_step_it_stands_at() -> None:
    found = bank().item("look")
    good = path("s", "Check the patient", "Wait")
    for raw in ([good[1]], [good[0], good[0]], [*good, good[0]], ["x"], [1], "x", good * 4):
        with pytest.raises(AnswerError, match="expected"):
            read_answer(found, "s", raw)


def test_consequences_are_shown_only_along_the_path() -> None:
    found = bank().item("look")
    assert "pale" not in str(present(found, "s"))
    model: dict[str, Any] = present(found, "s", [0])
    assert "pale" in str(model)
    assert "rings again" not in str(model)
    assert model["path"] == path("s", "Check the patient")
    assert model["at"] == model["steps"][1]["id"]
    assert "right" not in str(model).replace("rights", "")


def test_the_review_follows_the_path() -> None:
    shown = review(bank().item("look"), "s", [0, 1])
    assert [(step["title"], step["right"]) for step in shown["steps"]] == [("First look", True), ("Act", False)]
    assert shown["finished"] is True


def test_a_path_left_half_way_is_not_finished_and_its_review_shows_the_step_it_stopped_before() -> None:
    found = bank().item("look")
    assert not finished(found, None)
    assert not finished(found, [0])
    assert finished(found, [0, 1])
    steps = review(found, "s", [0])["steps"]
    assert [(step["title"], step["right"], step["missing"]) for step in steps] == [
        ("First look", True, False),
        ("Act", False, True),
    ]
    assert any(option["right"] for option in steps[1]["options"])
    assert not any(option["chosen"] for option in steps[1]["options"])


def test_arrows_lead_to_branching_items_of_the_same_case() -> None:
    found = errors(CASE.replace("-> #late", "-> #gone"))
    assert found == ["11:1 an arrow leads to #gone, but there is no such question in this file"]
    other = CASE.replace("## Late", "# Case: Day {#day}\n\nText.\n\n## Late")
    assert errors(other) == [
        "11:1 an arrow leads to #late, which is not in the same case",
        "19:1 an arrow leads to #late, which is not in the same case",
    ]
    plain = CASE.replace("{#late .branching}", "{#late}")
    assert "11:1 an arrow leads to #late, which is not a .branching question" in errors(plain)


def test_arrows_that_lead_back_are_a_fault() -> None:
    assert errors(CASE.replace("- [ ] Chart the event", "- [ ] Chart the event → #look")) == [
        "5:1 the arrows lead in a circle: #look → #late → #look"
    ]
    assert "the arrows lead in a circle: #late → #late" in str(
        errors(CASE.replace("- [ ] Chart the event", "- [ ] Chart the event → #late"))
    )


@pytest.mark.parametrize("ending", ["→", "->", "→ #", "→ #Late"])
def test_an_arrow_without_a_target_is_a_fault(ending: str) -> None:
    assert errors(CASE.replace("-> #late", ending)) == [
        "11:1 this arrow leads nowhere; expected `→ #item-id` at the option's end"
    ]


def test_an_arrow_inside_an_option_is_text() -> None:
    found, _ = read(CASE.replace("- [ ] Go home", "- [ ] Ward → home, 5 -> 3"))
    answer = found.item("look").answer
    assert isinstance(answer, Branching)
    assert answer.steps[0].branches[2].text == "Ward → home, 5 -> 3"
    assert answer.steps[0].branches[2].target is None


def test_every_step_has_a_right_option() -> None:
    assert errors(CASE.replace("- [x] Call", "- [ ] Call")) == [
        "19:1 no option is right; expected [x] before the right one"
    ]
