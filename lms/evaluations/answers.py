"""Reading what was filled in on a round: answers in their canonical form, and what is missing or not one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from courses.evaluations import Question, Round

LONGEST = 2000  # characters of a free text
Answers = dict[str, Any]


def read_answers(asked: Round, values: Callable[[str], Sequence[str]]) -> tuple[Answers, dict[str, str]]:
    """Answers by question, and faults by question: `missing`, `unknown` or `long`.

    `values` gives what was sent under a question's id. A rating or choice is the id of an option, choices are a list
    of them, a text is a string. What is empty is left out.
    """
    answers: Answers = {}
    faults: dict[str, str] = {}
    for question in asked.questions:
        given = [each.strip() for each in values(question.id) if each.strip()]
        fault = _fault(question, given)
        if fault:
            faults[question.id] = fault
        if given and fault != "unknown":
            answers[question.id] = given if question.kind == "choices" else given[0]
    return answers, faults


def _fault(question: Question, given: Sequence[str]) -> str:
    if not given:
        return "missing" if question.required else ""
    if question.kind == "text":
        return "long" if len(given[0]) > LONGEST else ""
    known = {option.id for option in question.options}
    if any(each not in known for each in given) or (question.kind != "choices" and len(given) > 1):
        return "unknown"
    return ""


def texts(asked: Round, answers: Mapping[str, Any]) -> dict[str, str]:
    """The free texts among answers."""
    return {one.id: str(answers[one.id]) for one in asked.questions if one.kind == "text" and one.id in answers}


def marks(asked: Round, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Question and chosen option of everything but texts, each chosen one once."""
    found: list[tuple[str, str]] = []
    for one in asked.questions:
        if one.kind != "text" and one.id in answers:
            given = answers[one.id]
            found += [(one.id, each) for each in dict.fromkeys(given if isinstance(given, list) else [given])]
    return found
