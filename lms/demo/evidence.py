"""Sample evidence beside the courses: past training, observations, self-ratings. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import random
from collections.abc import Iterator, Mapping

from lms.competency.facts import CompetencyFacts
from lms.demo.drawn import SampleEvidence
from lms.demo.history import earlier
from lms.demo.readers import GAPS
from lms.demo.staff import SamplePerson


def ease(code: str) -> float:
    """How much easier a competency comes than others, from −0.6 to 0.6; belongs to its code."""
    number = int(hashlib.blake2b(code.encode(), digest_size=4).hexdigest(), 16) / 2**32
    return (number - 0.5) * 1.2


def draw(
    person: SamplePerson, targets: Mapping[str, int], known: Mapping[str, CompetencyFacts], seed: int, today: dt.date
) -> Iterator[SampleEvidence]:
    """The evidence of one person towards their targets, two years back and a little more, and what it renewed."""
    found = list(_present(person, targets, known, seed, today))
    yield from found
    begins = min(post.starts for post in person.posts)
    past = random.Random(f"history:{seed}:{person.number}")  # noqa: S311  (a sample, not a secret)
    yield from earlier(found, known, begins, past)


def _present(
    person: SamplePerson, targets: Mapping[str, int], known: Mapping[str, CompetencyFacts], seed: int, today: dt.date
) -> Iterator[SampleEvidence]:
    """The newest evidence of one person in each competency."""
    rng = random.Random(f"evidence:{seed}:{person.number}")  # noqa: S311  (a sample, not a secret)
    begins = min(post.starts for post in person.posts)
    ends = min(today, max(post.ends or today for post in person.posts))
    span = max(0, (ends - max(begins, today - dt.timedelta(days=760))).days)
    if span < 10:
        return
    told = GAPS.get(person.sign_in or "")
    # Most people keep everything current; the rest are behind in several things at once.
    steady = 3.2 if rng.random() < 1 / (1 + math.exp(-(0.2 + 0.8 * person.ability))) else 0.0
    for code, target in targets.items():
        holds = 350 if known[code].critical else 715
        chance = 1 / (1 + math.exp(-(1.2 + 0.9 * person.ability + ease(code) + steady)))
        reached = rng.random() < chance
        lapsed = not reached and rng.random() < 0.35
        level = target if reached or lapsed else max(0, target - 1 - (rng.random() < 0.3))
        if told is not None:
            level, lapsed = min(target, told.get(code, target)), False
        age = rng.randint(3, max(4, min(span, holds)))
        if lapsed:
            age = min(span, holds + rng.randint(30, 300))
        day = ends - dt.timedelta(days=age)
        yield from _pieces(rng, code, level, day, begins)
        if rng.random() < 0.12:
            rated = min(5, max(1, level + rng.choice((-1, 0, 1, 1))))
            yield SampleEvidence(code, "self", rated, ends - dt.timedelta(days=rng.randint(1, span)))


def _pieces(rng: random.Random, code: str, level: int, day: dt.date, begins: dt.date) -> Iterator[SampleEvidence]:
    """What lifts a person to a level: training first, from level 3 an observation at work."""
    if level <= 0:
        return
    taught = max(begins, day - dt.timedelta(days=rng.randint(5, 120)))
    if level <= 2:
        yield SampleEvidence(code, "prior", level, day, document="Sample training record")
        return
    if rng.random() < 0.6:
        yield SampleEvidence(code, "prior", 2, taught, document="Sample training record")
    yield SampleEvidence(code, "observation", min(level, 4), day, signed_off=True, coaching_log=level >= 4)
