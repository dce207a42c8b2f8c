"""Drawing the sample people, their posts and their absences. Pure: the same seed, the same people."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from lms.demo.hospital import FAMILY, GIVEN, INITIALS, TITLES, UnitPlan, leaves

PROFESSIONS = ("physician", "nurse", "pharmacist", "other")
# name, given name, family name, unit, profession (empty: any), whether the head of the unit
SIGN_INS = (
    ("nurse", "Asha", "Sample", "M4B", "nurse", False),
    ("physician", "Ben", "Example", "M4B", "physician", False),
    ("pharmacist", "Rosa", "Specimen", "PHA", "pharmacist", False),
    ("supervisor", "Tara", "Placeholder", "M4B", "", True),
    ("cmio", "Mina", "Placeholder", "INF", "", True),
    ("educator", "Jun", "Template", "INF", "", False),
    ("administrator", "Olu", "Mock", "INF", "", False),
)
LEAVER_SHARE = 0.08
AWAY_SHARE = 0.03
SECOND_POST_SHARE = 0.03
SKILL = 1.8  # how far apart the units are


@dataclass
class SamplePost:
    """A post of a sample person; `manager` is the number of another sample person."""

    unit: str
    title: str
    starts: dt.date
    ends: dt.date | None = None
    super_user: bool = False
    informaticist: bool = False
    manager: int | None = None


@dataclass
class SamplePerson:
    """A sample person; `number` is theirs for good. `ability` is on the logistic scale."""

    number: int
    given: str
    family: str
    profession: str
    ability: float
    posts: list[SamplePost] = field(default_factory=list)
    leave: tuple[dt.date, dt.date | None] | None = None
    sign_in: str | None = None  # the name of a sample sign-in, such as nurse

    @property
    def employee_id(self) -> str:
        """An employee number that cannot be taken for a real one."""
        return f"S{self.number:06d}"

    @property
    def email(self) -> str:
        """An address that can never receive mail."""
        if self.sign_in:
            return f"{self.sign_in}@example.org"
        return f"{self.given.split()[0]}.{self.family}.{self.number}@example.org".lower()

    @property
    def left(self) -> bool:
        """Whether the person has left the hospital."""
        return all(post.ends is not None for post in self.posts)


def draw(staff: int, seed: int, today: dt.date) -> list[SamplePerson]:
    """`staff` people in post on `today` and some leavers of the last two years."""
    rng = random.Random(f"staff:{seed}:{staff}")  # noqa: S311  (a sample, not a secret)
    sizes = _sizes(staff)
    people: list[SamplePerson] = []
    for unit, size in sizes:
        head: int | None = None
        for place in range(size):
            person = _person(rng, len(people) + 1, unit, today, place)
            person.posts[0].manager = head
            if head is None:
                head = person.number
            people.append(person)
    _second_posts(rng, people, [unit for unit, size in sizes if size >= 8], today)
    for _ in range(round(staff * LEAVER_SHARE)):
        unit = rng.choices([u for u, _ in sizes], [s for _, s in sizes])[0]
        person = _person(rng, len(people) + 1, unit, today, 99)
        post = person.posts[0]
        post.ends = max(post.starts, today - dt.timedelta(days=rng.randint(1, 700)))
        post.starts = min(post.starts, post.ends - dt.timedelta(days=120))
        person.leave = None
        people.append(person)
    _name_sign_ins(people, today)
    return people


def _name_sign_ins(people: list[SamplePerson], today: dt.date) -> None:
    """Choose who the sample sign-ins are; a small hospital takes whom it has, a tiny one goes without some."""
    free = [p for p in people if not p.left and p.leave is None and len(p.posts) == 1]
    for name, given, family, unit, profession, head in SIGN_INS:

        def fit(person: SamplePerson, unit: str = unit, profession: str = profession, head: bool = head) -> int:
            post = person.posts[0]
            right_head = (post.title == "Head of unit") == head
            return 4 * (post.unit == unit) + 2 * (profession in (person.profession, "")) + right_head

        best = max(free, key=fit, default=None)
        if best is None:
            return
        free.remove(best)
        best.sign_in, best.given, best.family = name, given, family
        best.profession = profession or best.profession
        post = best.posts[0]
        post.starts = min(post.starts, today - dt.timedelta(days=900))  # long enough for their stories


def _sizes(staff: int) -> list[tuple[UnitPlan, int]]:
    """Whole numbers of people for each unit that add up to `staff` (largest remainder)."""
    units = leaves()
    total = sum(unit.share for unit in units)
    exact = [(staff * unit.share / total, unit) for unit in units]
    sizes = [[int(value), value - int(value), unit] for value, unit in exact]
    missing = staff - sum(int(row[0]) for row in sizes)  # type: ignore[call-overload]
    for row in sorted(sizes, key=lambda row: -row[1])[:missing]:  # type: ignore[operator]
        row[0] += 1  # type: ignore[operator]
    return [(row[2], row[0]) for row in sizes]  # type: ignore[misc]


def _person(rng: random.Random, number: int, unit: UnitPlan, today: dt.date, place: int) -> SamplePerson:
    profession = rng.choices(PROFESSIONS, unit.mix)[0]
    if place == 0 and unit.mix[1] > 0.3:
        profession = "nurse"  # the head of a ward
    given = f"{GIVEN[number * 7 % len(GIVEN)]} {INITIALS[number * 5 % len(INITIALS)]}."
    person = SamplePerson(
        number, given, FAMILY[number * 3 % len(FAMILY)], profession, rng.gauss(SKILL * unit.skill, 0.8)
    )
    days = int(rng.expovariate(1 / 1300)) + 3
    starts = today - dt.timedelta(days=min(days, 9000))
    title = rng.choice(TITLES[profession])
    if place == 0:
        title, starts = "Head of unit", min(starts, today - dt.timedelta(days=900))
    post = SamplePost(unit.code, title, starts)
    post.informaticist = unit.code == "INF" and profession != "other"
    post.super_user = not post.informaticist and place % 9 == 3 and profession != "other"
    if post.super_user or post.informaticist:
        person.ability += 0.9
    person.posts.append(post)
    if rng.random() < AWAY_SHARE and place not in (0, 1, 99):
        begun = today - dt.timedelta(days=rng.randint(10, 200))
        ends = None if rng.random() < 0.3 else today + dt.timedelta(days=rng.randint(5, 200))
        person.leave = (max(begun, starts), ends)
    return person


def _second_posts(rng: random.Random, people: list[SamplePerson], units: list[UnitPlan], today: dt.date) -> None:
    """Some people share their week between two units; some came from another unit of the hospital."""
    if len(units) < 2:
        return
    for person in people:
        first = person.posts[0]
        other = rng.choice(units)
        if other.code == first.unit or first.title == "Head of unit":
            continue
        chance = rng.random()
        if chance < SECOND_POST_SHARE:
            starts = max(first.starts, today - dt.timedelta(days=rng.randint(30, 400)))
            person.posts.append(SamplePost(other.code, first.title, starts, manager=None))
        elif chance < 0.12 and (today - first.starts).days > 500:
            moved = today - dt.timedelta(days=rng.randint(100, 450))
            person.posts.append(SamplePost(other.code, first.title, first.starts, moved - dt.timedelta(days=1)))
            first.starts = moved
