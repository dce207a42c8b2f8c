"""Super-user cover of a unit's shifts on the day of go-live: how many are needed, planned and missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.golive.text import Places, Shift


@dataclass(frozen=True)
class ShiftCover:
    """One shift of a unit: people expected, super-users needed for them and planned.

    `entered` says whether the hospital entered the super-users; else those of the unit are spread over its shifts
    in proportion to the people expected.
    """

    shift: Shift
    staff: int
    needed: int
    planned: int
    entered: bool

    @property
    def short(self) -> int:
        """How many super-users are missing."""
        return max(0, self.needed - self.planned)


@dataclass(frozen=True)
class Cover:
    """The cover of a unit. `super_users` are those with a super-user post in it who are not away on the day.

    `over` says how many more are planned than there are: somebody cannot work two shifts.
    """

    shifts: tuple[ShiftCover, ...]
    super_users: int
    over: int

    @property
    def short(self) -> int:
        """How many super-users are missing over all shifts, those who do not exist included."""
        return sum(each.short for each in self.shifts) + self.over

    @property
    def needed(self) -> int:
        """How many super-users all shifts need."""
        return sum(each.needed for each in self.shifts)


def cover(
    staff: int,
    super_users: int,
    shifts: Sequence[Shift],
    places: Mapping[str, Places],
    ratio: int,
    more: Mapping[str, int] | None = None,
) -> Cover:
    """The cover of a unit of `staff` counted people.

    A shift needs one super-user for each `ratio` people expected, rounded up. `places` by shift key holds what the
    hospital entered; without it a shift expects its share of the unit's people. `more` by shift key are super-users
    from elsewhere, added to those planned.
    """
    added = more or {}
    expected = [_expected(staff, shift, places.get(shift.key)) for shift in shifts]
    needed = [-(-count // ratio) for count in expected]
    entered = [places[shift.key].super_users if shift.key in places else None for shift in shifts]
    open_shifts = [number for number, given in enumerate(entered) if given is None]
    left = max(0, super_users - sum(given for given in entered if given is not None))
    shared = dict(zip(open_shifts, spread(left, [needed[number] for number in open_shifts]), strict=True))
    rows = []
    for number, shift in enumerate(shifts):
        given = entered[number]
        planned = (shared[number] if given is None else given) + added.get(shift.key, 0)
        rows.append(ShiftCover(shift, expected[number], needed[number], planned, given is not None))
    there = super_users + sum(added.values())
    return Cover(tuple(rows), there, max(0, sum(each.planned for each in rows) - there))


def _expected(staff: int, shift: Shift, entered: Places | None) -> int:
    if entered is not None and entered.staff is not None:
        return entered.staff
    return -(-staff * shift.share // 100)


def spread(people: int, needs: Sequence[int]) -> list[int]:
    """Whole people over needs in proportion (largest remainder), earlier needs first where remainders are equal."""
    total = sum(needs)
    if not total:
        return [0] * len(needs)
    counts = [people * need // total for need in needs]
    order = sorted(range(len(needs)), key=lambda number: (-(people * needs[number] % total), number))
    for number in order[: people - sum(counts)]:
        counts[number] += 1
    return counts
