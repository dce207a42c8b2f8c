"""The sample hospital's panel: three sample sign-ins set a pass mark; the first round is over. Plainly invented."""

from __future__ import annotations

import datetime as dt
from random import Random

from lms.accounts.queries import account_by_email
from lms.catalog.queries import catalogue
from lms.demo.rows import code_of
from lms.standards import queries, services

MEMBERS = ("educator@example.org", "supervisor@example.org", "cmio@example.org")
SITTING = {"educator", "supervisor", "cmio"}
LEAN = (0, -8, 6)  # how much stricter or milder each member is, in per cent
DAY = dt.timedelta(days=1)


def write_study(seed: int, *, now: dt.datetime) -> bool:
    """Write a study of the first course with an exam; False where the hospital lacks the course or the accounts."""
    accounts = [a.id for email in MEMBERS if (a := account_by_email(email)) and a.roles & SITTING]
    version = next((each for each in catalogue() if each.exam and queries.rateable(each)), None)
    if version is None or len(accounts) < len(MEMBERS):
        return False
    public = code_of("standard", seed, 0)
    begun = now - 9 * DAY
    services.begin(version, MEMBERS, 2, actor=accounts[0], now=begun, public=public)
    study = queries.study(public)
    assert study is not None, "it was begun just now"
    chance = Random(f"panel {seed}")  # noqa: S311  (sample ratings)
    ease = {item: chance.choice((55, 65, 70, 75, 80, 85, 90)) for item in study.items}
    for member, lean in zip(accounts, LEAN, strict=True):
        said = {item: max(0, min(100, ease[item] + lean + chance.randrange(-15, 16, 5))) for item in study.items}
        services.rate(study, 1, dict(said), actor=member, now=begun + DAY)
    services.close(study, 1, actor=accounts[0], now=begun + 3 * DAY)
    services.rate(study, 2, dict(ease), actor=accounts[2], now=begun + 4 * DAY)
    return True
