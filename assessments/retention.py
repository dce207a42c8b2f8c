"""How much of what was once shown is probably still there: an estimate beside the level, never part of it.

The curve is that of FSRS, a published model of forgetting, in the form of the `fsrs` package:

    R(t, S) = (1 + F * t / S) ** -D        with F chosen so that R(S, S) = 0.9

t is the days since the last success and S, the stability, the days after which nine in ten would still succeed. S
grows with each success, more when it came late. Weights and D are the package's defaults, found on flash cards of
other people: nothing here is fitted to a hospital, a skill or a person. Knows no database and no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler, State


@dataclass(frozen=True)
class Retention:
    """An estimate on a day: `share` from 0 to 1, `stability` in days, `successes` the days on which it was shown."""

    share: float
    stability: float
    successes: int
    last: date


def retention(successes: Iterable[date], on: date) -> Retention | None:
    """Estimate what is retained on a day from the days on which it was shown; None without any by then.

    Several successes of one day are one: the second shows nothing that the first did not.
    """
    days = sorted({day for day in successes if day <= on})
    if not days:
        return None
    # No steps of minutes and no jitter: this is a curve to read from, not a plan of reviews.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card(card_id=1, state=State.Learning, due=_noon(days[0]))
    for day in days:
        card, _ = scheduler.review_card(card, Rating.Good, review_datetime=_noon(day))
    share = scheduler.get_card_retrievability(card, _noon(on))
    return Retention(share, float(card.stability or 0), len(days), days[-1])


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
