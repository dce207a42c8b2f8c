"""From facts to obligations: what a person has to do, why, by when, and how it stands. Pure: no database, no clock.

Nothing here is stored. Rules, posts, leave, completions, attestations and exemptions are dated, so the obligations of
any day follow from them, and time alone changes nothing that would have to be written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from lms.assignments.terms import CLINICIANS, Audience, Target, Terms, Version
from lms.credentials.services import add_months

State = Literal["open", "soon", "due", "grace", "overdue", "done", "exempt", "away"]
STATES: tuple[State, ...] = ("overdue", "grace", "due", "soon", "open", "away", "exempt", "done")
WAITING = frozenset({"overdue", "grace", "due", "soon", "open"})
SOON_DAYS = 30
DUE_DAYS = 7
LATE_DAYS = 14
_DAY = dt.timedelta(days=1)


class Span(Protocol):
    """A time between two days, both included; `ends` None while it is open. Posts and leave are such."""

    @property
    def starts(self) -> dt.date: ...
    @property
    def ends(self) -> dt.date | None: ...


class Held(Span, Protocol):
    """A post, as `people.tenure.Tenure`."""

    @property
    def line(self) -> frozenset[int]: ...
    @property
    def super_user(self) -> bool: ...
    @property
    def informaticist(self) -> bool: ...
    @property
    def began(self) -> dt.date: ...


@dataclass(frozen=True, slots=True)
class Proof:
    """The latest completion of a target: its day, and the last day on which it holds by itself, None without an end."""

    done_on: dt.date
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Step:
    """One step of a pathway: done with `need` of `courses`; due so many days after the start, or at no time."""

    courses: tuple[str, ...]
    need: int
    due_days: int | None


@dataclass(frozen=True)
class Asked:
    """What a target is on the day: since when its present text asks, its steps, and months until it is due again."""

    since: dt.date | None = None  # an edition of a policy, attested anew
    again_months: int | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Exemption:
    """A person need not follow a rule between two days, both included."""

    starts: dt.date
    ends: dt.date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that a person has to do. `due_on` is None without a date, or while a leave without an end stops it.

    `renewal` says that it was done before and is asked again. `steps` are (done, all) of a pathway.
    """

    source: str  # the public id of the rule or of the direct assignment
    direct: bool
    target: Target
    mandatory: bool
    because: str
    assigned_on: dt.date
    due_on: dt.date | None
    state: State
    done_on: dt.date | None = None
    lapses_on: dt.date | None = None
    renewal: bool = False
    steps: tuple[int, int] | None = None
    by: str = ""  # who asked it directly

    def order(self) -> tuple[bool, dt.date, bool, str]:
        """What comes first on a list: what waits, the nearest day, mandatory before recommended."""
        return self.state not in WAITING, self.due_on or dt.date.max, not self.mandatory, self.target.code


def joined_on(versions: Sequence[Version], held: Sequence[Held], profession: str, on: dt.date) -> dt.date | None:
    """The first day of the unbroken time, up to `on`, in which the rule has concerned a person; None if not on `on`.

    Posts that follow one another without a day between count as one time, and so do versions that ask the same.
    """
    return joined_in(chain_of(versions, on), held, profession, on)


def chain_of(versions: Sequence[Version], on: dt.date) -> tuple[Version, ...]:
    """The versions of a rule up to a day that ask the same as the one that holds on it; none where none holds."""
    current = next((each for each in versions if each.covers(on)), None)
    if current is None:
        return ()
    return tuple(
        each
        for each in versions
        if each.clock_from == current.clock_from
        and each.starts <= on
        and (each.ends is None or each.ends >= each.starts)
    )


def joined_in(chain: Sequence[Version], held: Sequence[Held], profession: str, on: dt.date) -> dt.date | None:
    """The same for a chain that is known."""
    spans: list[tuple[dt.date, dt.date | None]] = []
    for version in chain:
        for post in held:
            if post.starts <= on and concerns(version.audience, post, profession, version.starts):
                starts = max(post.starts, version.starts)
                ends = _earlier(post.ends, version.ends)
                if ends is None or starts <= ends:
                    spans.append((starts, ends))
    if len(spans) > 1:
        spans.sort(key=lambda span: span[0])
    first: dt.date | None = None
    until: dt.date | None = None
    for starts, ends in spans:
        if first is None or (until is not None and starts > until + _DAY):
            first, until = starts, ends
        elif until is not None and (ends is None or ends > until):
            until = ends
    return first if first is not None and (until is None or until >= on) else None


def concerns(audience: Audience, post: Held, profession: str, since: dt.date) -> bool:
    """Whether a rule that holds since a day concerns somebody of this profession for this post."""
    if audience.unit_id is not None and audience.unit_id not in post.line:
        return False
    if audience.professions and profession not in audience.professions:
        return False
    if audience.within_days is not None and post.began < since - dt.timedelta(days=audience.within_days):
        return False
    if not audience.roles:
        return True
    return (
        (post.super_user and "super-user" in audience.roles)
        or (post.informaticist and "informaticist" in audience.roles)
        or ("clinician" in audience.roles and profession in CLINICIANS)
    )


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def merged(leaves: Sequence[Span]) -> list[tuple[dt.date, dt.date | None]]:
    """Times away in order, those that touch or overlap as one."""
    found: list[tuple[dt.date, dt.date | None]] = []
    for leave in sorted(leaves, key=lambda each: each.starts):
        if found and (found[-1][1] is None or leave.starts <= found[-1][1] + _DAY):
            starts, until = found[-1]
            if until is not None and (leave.ends is None or leave.ends > until):
                found[-1] = (starts, leave.ends)
        else:
            found.append((leave.starts, leave.ends))
    return found


def after_days(start: dt.date, days: int, leaves: Sequence[tuple[dt.date, dt.date | None]]) -> dt.date | None:
    """The day `days` after `start`, days on leave not counted; None while a leave without an end is on the way.

    `leaves` are merged.
    """
    due = start + dt.timedelta(days=days)
    for starts, ends in leaves:
        if ends is not None and ends < start:
            continue
        if starts > due:
            break
        if ends is None:
            return None
        due += ends - max(starts, start) + _DAY
    return due


def moved(day: dt.date, leaves: Sequence[tuple[dt.date, dt.date | None]]) -> dt.date | None:
    """A fixed day, moved by the length of the leave that covers it; None where that leave has no end.

    What was left of the time when the leave began is left again afterwards. `leaves` are merged.
    """
    for starts, ends in leaves:
        if starts <= day and (ends is None or day <= ends):
            if ends is None:
                return None
            day += ends - starts + _DAY
    return day


def first_due(
    start: dt.date, terms: Terms, clock_from: dt.date, leaves: Sequence[tuple[dt.date, dt.date | None]]
) -> dt.date | None:
    """The day by which something is due that was asked on `start`; None without a date or on leave without an end.

    Whom the rule, which counts from `clock_from`, caught later has some days from then on, whatever the fixed day is.
    """
    if terms.due_on is None:
        return None if terms.due_days is None else after_days(start, terms.due_days, leaves)
    fixed = moved(terms.due_on, leaves)
    if fixed is None or start <= clock_from:
        return fixed
    late = after_days(start, LATE_DAYS if terms.due_days is None else terms.due_days, leaves)
    return None if late is None else max(fixed, late)


def _standing(
    due: dt.date | None, terms: Terms, leaves: Sequence[tuple[dt.date, dt.date | None]], today: dt.date
) -> State:
    if due is None or due > today + dt.timedelta(days=SOON_DAYS):
        return "open"
    if due > today + dt.timedelta(days=DUE_DAYS):
        return "soon"
    if due >= today or not terms.mandatory:
        return "due"
    until = after_days(due, terms.grace_days, leaves) if terms.grace_days else due
    return "grace" if until is None or until >= today else "overdue"


def _lapse(proof: Proof, target: Target, terms: Terms, asked: Asked) -> dt.date | None:
    """The last day on which a completion fulfils the rule; None without an end."""
    ends: list[dt.date] = []
    for months in (terms.recur_months, asked.again_months):
        if months:
            ends.append(add_months(proof.done_on, months))
    if proof.valid_until is not None and (terms.follows_expiry or target.kind == "competency"):
        ends.append(proof.valid_until)
    return min(ends, default=None)


def obligation(
    source: str,
    target: Target,
    terms: Terms,
    because: str,
    assigned_on: dt.date,
    *,
    clock_from: dt.date,
    asked: Asked,
    proofs: Mapping[str, Proof],
    leaves: Sequence[tuple[dt.date, dt.date | None]],
    today: dt.date,
    exempt: bool = False,
    direct: bool = False,
    by: str = "",
) -> Obligation:
    """What follows for a person from being assigned a target on a day. `proofs` are by code, known by `today`.

    A completion from before the assignment counts where it still held on that day. An exemption wins over everything,
    a completion over leave. `leaves` are merged.
    """
    if target.kind == "pathway":
        due, done_on, lapses, counted, all_steps = _pathway(terms, assigned_on, clock_from, asked, proofs, leaves)
        steps: tuple[int, int] | None = (counted, all_steps)
        fulfilled, renewal = done_on is not None, False
    else:
        steps = None
        start = max(assigned_on, asked.since) if asked.since else assigned_on
        due = first_due(start, terms, clock_from, leaves)
        proof = proofs.get(target.code)
        lapses = _lapse(proof, target, terms, asked) if proof else None
        holds = proof is not None and _held_on(proof, lapses, assigned_on)
        done_on = proof.done_on if proof is not None and holds else None
        lapses = lapses if holds else None
        opens = lapses - dt.timedelta(days=terms.window_days) if lapses else None
        fulfilled = holds and (opens is None or today < opens)
        renewal = holds and not fulfilled
        if lapses is not None:
            again = moved(lapses, leaves)
            due = again if due is None or again is None else max(due, again)
    away = any(starts <= today and (ends is None or today <= ends) for starts, ends in leaves)
    state: State
    if exempt:
        state = "exempt"
    elif fulfilled:
        state = "done"
    elif away:
        state = "away"
    else:
        state = _standing(due, terms, leaves, today)
    return Obligation(
        source, direct, target, terms.mandatory, because, assigned_on, due, state, done_on, lapses, renewal, steps, by
    )


def _held_on(proof: Proof, lapses: dt.date | None, day: dt.date) -> bool:
    """Whether a completion counts for something assigned on a day: it came after, or still held then."""
    if lapses is not None and lapses < day:
        return False
    return proof.done_on >= day or proof.valid_until is None or proof.valid_until >= day


def _pathway(
    terms: Terms,
    start: dt.date,
    clock_from: dt.date,
    asked: Asked,
    proofs: Mapping[str, Proof],
    leaves: Sequence[tuple[dt.date, dt.date | None]],
) -> tuple[dt.date | None, dt.date | None, None, int, int]:
    """Due day of the nearest open step, day of completion, no lapse, steps done, all steps."""
    whole = first_due(start, terms, clock_from, leaves)
    open_dates: list[dt.date | None] = []
    last: dt.date = start
    done = 0
    for step in asked.steps:
        held = [proof for code in step.courses if (proof := proofs.get(code)) and _held_on(proof, None, start)]
        if len(held) >= step.need:
            done += 1
            last = max(last, sorted(proof.done_on for proof in held)[step.need - 1])
        else:
            open_dates.append(whole if step.due_days is None else after_days(start, step.due_days, leaves))
    if done == len(asked.steps):
        return None, (last if asked.steps else None), None, done, done
    dated = [day for day in open_dates if day is not None]
    return min(dated, default=None), None, None, done, len(asked.steps)
