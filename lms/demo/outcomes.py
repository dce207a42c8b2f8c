"""Sample evaluations and quality measures: plainly invented, the same for the same seed.

Learners evaluate what the sample says they completed. Two measures of 24 months come with two registered comparisons:
one with a signal, one without any, which stays listed all the same.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Collection

from courses.evaluations import Question, Round
from lms.db import db
from lms.demo.rows import Rows, code_of
from lms.evaluations import queries as evaluations
from lms.evaluations.facts import FormFacts
from lms.evaluations.models import EvaluationAsked, EvaluationTally, EvaluationText
from lms.learning.finished import Finished, finished_between
from lms.measures import queries as measures
from lms.measures import services
from lms.measures.periods import later
from lms.outcomes.comparison import exposure_report

MONTHS = 24
SHARES = {0: 0.62, 30: 0.38, 90: 0.27}  # how many of those who were asked answer
TEXTS = {
    "plan": (
        "Say why when I override an alert.", "Read name and encounter aloud before I sign.",
        "Keep the problem list short.", "Ask for a second look at a rule that never helps.",
        "Check the downtime folder at the start of a shift.",
    ),
    "mend": (
        "The second case is too easy.", "A picture of our own screen would help.", "Good length for a night shift.",
    ),
    "effect-what": ("Fewer calls from pharmacy.", "The night team finds the plan at once.", "Handover takes longer."),
}  # fmt: skip
GIVEN = "code,title,unit,period,numerator,denominator,direction,kind,of,owner,source,definition"
WORDS = {
    "ALERT-REASON": "overridden alerts,Medication safety committee,Alert log (sample data),"
    "Overridden interaction alerts with a reason that another person can act on.",
    "RAR-100K": "orders,Medication safety committee,Order log (sample data),"
    "Orders withdrawn by their author within ten minutes and placed for another patient.",
}


def write_outcomes(staff_signing_in: Collection[int], seed: int, now: dt.datetime, today: dt.date) -> None:
    """Write everything; the caller commits. People who sign in are left to answer for themselves."""
    _evaluate(frozenset(staff_signing_in), seed, now, today)
    _measure(seed, now, today)
    _compare(now, today)


def _evaluate(own: frozenset[int], seed: int, now: dt.datetime, today: dt.date) -> None:
    known = evaluations.forms()
    if not known:
        return
    counts: Counter[tuple[object, ...]] = Counter()
    asked, texts = Rows(EvaluationAsked), Rows(EvaluationText)
    for done in finished_between(now - dt.timedelta(days=31 * MONTHS), now):
        form = evaluations.form_of(done.code, known)
        if form is not None and done.person_id not in own:
            _answer(done, form, counts, asked, texts, random.Random(f"evaluation:{seed}:{done.key}"), now, today)  # noqa: S311
    tallies = Rows(EvaluationTally)
    for (form_id, code, name, days, month, question, answer), count in counts.items():
        tallies.add(
            form_id=form_id, course_code=code, round=name, days=days, month=month, question=question, answer=answer,
            count=count,
        )  # fmt: skip
    for rows in (asked, tallies, texts):
        rows.write()


def _answer(
    done: Finished, form: FormFacts, counts: Counter[tuple[object, ...]], asked: Rows, texts: Rows,
    rng: random.Random, now: dt.datetime, today: dt.date,
) -> None:  # fmt: skip
    liking = rng.gauss(0.45, 0.5)
    for one in form.rounds:
        for days in one.days:
            when = done.completed_at + dt.timedelta(days=days + rng.random() * 9)
            if rng.random() >= SHARES.get(days, 0.3) or when >= now:
                continue
            month = min(when.date(), today).replace(day=1)
            about = (form.id, done.code, one.id, days, month)
            asked.add(
                completion_key=done.key, round=one.id, days=days, person_id=done.person_id, form_id=form.id,
                answered=True, draft=None, reminded_at=None,
            )  # fmt: skip
            counts[(*about, "", "")] += 1
            for question, answer in _chosen(one, rng, liking):
                counts[(*about, question, answer)] += 1
            for each in one.questions:
                if each.id in TEXTS and rng.random() < 0.07:
                    texts.add(
                        key=code_of("text", done.key, one.id, days, each.id), form_id=form.id, course_code=done.code,
                        round=one.id, days=days, month=month, question=each.id, words=rng.choice(TEXTS[each.id]),
                    )  # fmt: skip


def _chosen(one: Round, rng: random.Random, liking: float) -> list[tuple[str, str]]:
    found = []
    for question in one.questions:
        if question.kind == "rating":
            found.append((question.id, question.options[_rating(rng, liking)].id))
        elif question.kind == "choice":
            found.append((question.id, _choice(question, rng)))
        elif question.kind == "choices":
            found += [(question.id, option.id) for option in question.options if rng.random() < 0.24]
    return found


def _rating(rng: random.Random, liking: float) -> int:
    return max(0, min(4, round(3.1 + liking * 0.7 + rng.gauss(0, 0.75))))


def _choice(question: Question, rng: random.Random) -> str:
    """The first options are the likely ones; almost nobody notices bias."""
    weights = [0.965, 0.025, 0.01] if question.asks == "commercial-bias" else [0.38, 0.24, 0.14, 0.10, 0.08, 0.06]
    options = question.options
    return rng.choices(options, weights=(weights + [0.05] * len(options))[: len(options)])[0].id


def _measure(seed: int, now: dt.datetime, today: dt.date) -> None:
    rng = random.Random(f"measures:{seed}")  # noqa: S311  (a sample, not a secret)
    first = later(today, -MONTHS)
    lines, fixed = [GIVEN + ",per"], []
    for unit, base, gain in (("ED", 0.44, 0.17), ("AMU", 0.48, 0.15), ("ICU", 0.52, 0.0), ("S5A", 0.46, 0.0)):
        for number in range(MONTHS):
            of = rng.randint(260, 420)
            share = base + (gain if number >= 15 else gain * 0.4 if number >= 13 else 0.0)
            part = sum(rng.random() < share for _ in range(of))
            head = f"ALERT-REASON,Override reasons that help,{unit},{later(first, number):%Y-%m}"
            tail = f"up,p,{WORDS['ALERT-REASON']},100"
            lines.append(f"{head},{part},{of},{tail}")
            if (unit, number) == ("ED", 20):
                fixed.append(f"{head},{part - 9},{of},{tail}")
    for unit, rate in (("ED", 62), ("AMU", 48), ("M4A", 41), ("M5A", 44)):
        for number in range(MONTHS):
            of = rng.randint(15_000, 22_000)
            part = sum(rng.random() < rate / 1e5 * 50 for _ in range(of // 50))
            head = f"RAR-100K,Retract-and-reorder for another patient,{unit},{later(first, number):%Y-%m}"
            lines.append(f"{head},{part},{of},down,u,{WORDS['RAR-100K']},100000")
    _take(lines, now - dt.timedelta(days=30), today)
    _take([lines[0], *fixed], now - dt.timedelta(days=12), today)


def _take(lines: list[str], moment: dt.datetime, today: dt.date) -> None:
    services.import_measures("\n".join(lines).encode(), "sample.csv", actor=None, now=moment, today=today)


def _compare(now: dt.datetime, today: dt.date) -> None:
    first = later(today, -MONTHS)
    began = later(first, 12)
    early = dt.datetime.combine(began, dt.time(9), dt.UTC) - dt.timedelta(days=20)
    for place, words in ((11, "New alert screen with reasons to choose from"), (17, "Winter beds opened")):
        day = later(first, place) + dt.timedelta(days=9)
        services.add_change(day, words, "" if place == 17 else "ACU", actor=None, now=now, today=today)
    for code, course, units, beside, lag, reason in (
        ("ALERT-REASON", "CPOE-101", ["ED", "AMU"], ["ICU", "S5A"], 3, "The course practises reasons that others can "
         "act on; a quarter should be enough for most of the staff to have taken it."),
        ("RAR-100K", "CPOE-101", ["ED", "AMU"], ["M4A", "M5A"], 3, "The course begins with the right patient; fewer "
         "orders should be placed on the wrong chart."),
    ):  # fmt: skip
        measure = measures.measure(code)
        assert measure is not None, "the sample has just imported it"
        key = services.register(
            measure, course, units, beside, begins_on=began, lag=lag, expected="better", reason=reason, actor=None,
            now=early,
        )  # fmt: skip
        db.session.flush()
        found = measures.comparison(key)
        assert found is not None, "it was just registered"
        report = exposure_report(found, as_of=today, known_at=now, smallest=5)
        services.keep_outcome(found, report.data["outcome"], report.digest, today, actor=None, now=now)
