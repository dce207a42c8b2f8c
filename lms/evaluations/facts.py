"""What other rooms may know of evaluations: forms, what is open for a person, what may be shown of answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from courses.evaluations import Evaluation, Option, Question, Round

GENERAL = "COURSE-EVALUATION"  # the form of every course that has none of its own
OWN = "-EVALUATION"  # behind a course's code: its own form
AT_ONCE = dt.timedelta(days=60)  # how long the round at the end stays open
LATER = dt.timedelta(days=30)  # how long a follow-up stays open


@dataclass(frozen=True)
class FormFacts:
    """A published form. `html` introduces it."""

    id: int
    code: str
    digest: str
    edition: str
    title: str
    html: str
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class Offer:
    """A round that a person may answer now for a completion, until `until` (the last moment)."""

    completion_key: str
    course_code: str
    completed_at: dt.datetime
    form: FormFacts
    round: Round
    days: int
    until: dt.datetime
    draft: Mapping[str, Any]


@dataclass(frozen=True)
class Tally:
    """How often an answer was given in a month."""

    course_code: str
    round: str
    days: int
    month: dt.date
    question: str
    answer: str
    count: int


def document(form: Evaluation) -> dict[str, Any]:
    """The form as the JSON that is stored."""
    return {"html": form.html, "rounds": [asdict(each) for each in form.rounds]}


def rounds_of(stored: Mapping[str, Any]) -> tuple[Round, ...]:
    """The rounds from that JSON."""
    return tuple(
        Round(
            each["id"], each["title"], tuple(each["days"]), each["html"],
            tuple(
                Question(**{**one, "options": tuple(Option(**option) for option in one["options"])})
                for one in each["questions"]
            ),
        )
        for each in stored["rounds"]
    )  # fmt: skip


def window(round_days: int, completed_at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when to when a round is open after a completion."""
    start = completed_at + dt.timedelta(days=round_days)
    return start, start + (LATER if round_days else AT_ONCE)


def released(counts: Sequence[tuple[dt.date, int]], smallest: int) -> dt.date | None:
    """The last month whose answers may be shown, None for none. Pure.

    `counts` are answers by month in order, without the present month. Months are put together from the first one on
    until each heap has `smallest` answers or more; what is left over waits. So any two dates' figures differ by whole
    heaps, and subtracting one from the other leaves no small group.
    """
    last, waiting = None, 0
    for month, count in sorted(counts):
        waiting += count
        if waiting >= smallest:
            last, waiting = month, 0
    return last
