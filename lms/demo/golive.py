"""The sample hospital's go-live plans: one in three weeks, one that is over with its comparison. Plainly invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lms.catalog.queries import course
from lms.competency.queries import competency
from lms.demo.rows import code_of
from lms.golive import services
from lms.golive.text import Item, Places, PlanText, Requirement
from lms.people.queries import units
from lms.web.clock import end_of

DAY = dt.timedelta(days=1)
COMING = 19  # days until the plan that is being prepared
PAST = 40  # days since the one that is over


def write_plans(seed: int, *, today: dt.date, now: dt.datetime) -> int:
    """Write both plans for units, courses and competencies that are there; returns how many."""
    plans = (_coming(today), _over(today))
    known = {each.code for each in units()}
    written = 0
    for number, text in enumerate(plans):
        chosen = tuple(code for code in text.units if code in known)
        needs = tuple(need for need in text.requirements if _there(need))
        if not (chosen and needs):
            continue
        text = PlanText(**{**vars(text), "units": chosen, "requirements": needs})
        public = code_of("golive", seed, number)
        _live(public, text, today, now)
        written += 1
    return written


def _there(need: Requirement) -> bool:
    return (course(need.code) if need.kind == "course" else competency(need.code)) is not None


def _live(public: str, text: PlanText, today: dt.date, now: dt.datetime) -> None:
    """Write, change and activate a plan in the past, freeze its days, and end it where its day is over."""

    def at(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(9), dt.UTC)

    begun = min(text.date - 56 * DAY, today - 10 * DAY)
    earlier = PlanText(**{**vars(text), "date": text.date - 7 * DAY, "places": {}, "units": text.units[:-1]})
    services.create(public, earlier, actor=None, now=at(begun))
    services.save(public, text, 1, actor=None, now=at(begun + 4 * DAY))
    plan = services.move(public, "active", actor=None, now=at(begun + 6 * DAY))
    for number, item in enumerate(text.checklist):
        if item.due < today - (2 + number) * DAY:
            services.tick(public, item.key, True, actor=None, now=at(item.due - DAY))
    first = begun + 6 * DAY
    days = [("active", first), *((f"T-{before}", text.date - before * DAY) for before in (28, 14, 7, 1, 0))]
    for label, day in days:
        if first <= day < today:
            services.freeze(plan, label, day, end_of(day), today=today, now=at(day), smallest=5)
    if text.date < today:
        services.import_outcomes(public, _calls(text.units), actor=None, now=at(text.date + 14 * DAY))
        services.move(public, "done", actor=None, now=at(text.date + 15 * DAY))


def _calls(codes: Sequence[str]) -> str:
    notes = ("Two days of queueing at the printers.", "", "Night shift asked for a second super-user.", "")
    lines = [f"{code},{9.5 + 6 * (len(codes) - place):.1f},{notes[place % 4]}" for place, code in enumerate(codes)]
    return "\n".join(["unit,tickets_per_100,note", *lines])


def _coming(today: dt.date) -> PlanText:
    day = today + COMING * DAY
    return PlanText(
        name="Closed-loop medication, wave 2",
        system="CPOE",
        date=day,
        units=("ED", "S5A", "M4B", "ICU", "PHA"),
        requirements=(
            Requirement("course", "CPOE-101"),
            Requirement("level", "B3", 2, "nurse"),
            Requirement("level", "B1", 2, "physician"),
        ),
        places={"PHA": {"night": Places(4, 1)}},
        checklist=_checklist(
            day,
            ("Freeze the order sets", "Medication safety committee", 24),
            ("Rehearse the downtime forms on every ward", "Ward managers", 20),
            ("Bar-code readers tested at every bed", "Clinical engineering", 10),
            ("Super-user rota published", "Informatics team", 7),
            ("Command centre staffed round the clock", "Chief information officer", 2),
            ("Go or no-go decided", "CMIO", 1),
        ),
    )


def _over(today: dt.date) -> PlanText:
    day = today - PAST * DAY
    return PlanText(
        name="Downtime viewer on all acute wards",
        system="Downtime",
        date=day,
        units=("THE", "MAT", "REN", "HDU"),
        requirements=(Requirement("course", "DOWN-101"),),
        aim=80,
        ratio=15,
        checklist=_checklist(
            day,
            ("Viewer installed on the ward computers", "Service desk", 14),
            ("Paper packs in every unit", "Ward managers", 7),
            ("Go or no-go decided", "CMIO", 1),
        ),
    )


def _checklist(day: dt.date, *lines: tuple[str, str, int]) -> tuple[Item, ...]:
    return tuple(
        Item(code_of("golive-item", day, place), title, owner, day - before * DAY)
        for place, (title, owner, before) in enumerate(lines)
    )
