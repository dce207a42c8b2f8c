"""A small hospital that random acts of every kind change, for properties that hold after any of them."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from sqlalchemy import select

from assessments import mastery
from lms.competency import services
from lms.competency.models import TargetChange
from lms.competency.snapshot import forget
from lms.db import db
from lms.people.models import Leave, Person
from lms.people.posts import change_posts, end_posts, held_posts, split_posts
from lms.people.services import PersonEntry, change_people
from lms.people.units import UnitEntry, save_units
from tests.support.hospital import TODAY, load_small_framework, make_leave, make_person, make_post, make_unit

DAY = dt.timedelta(days=1)


class World:
    """A hospital of three people that random acts change; its day only moves on."""

    def __init__(self) -> None:
        forget()
        self.today = TODAY - 700 * DAY
        self.number = 0
        load_small_framework((3, 2, 1, 3, 3), (0, 2, 0, 1, 4), now=self.now)
        self.units = [make_unit("U1"), make_unit("U2", parent="U1"), make_unit("U3", parent="U1")]
        self.people = [make_person(f"P{n}", profession=p) for n, p in enumerate(("physician", "nurse", "other"))]

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.combine(self.today, dt.time(10), tzinfo=dt.UTC)

    def act(self, kind: int, who: int, what: int, when: int) -> None:
        person, unit, day = self.people[who % 3], self.units[what % 3], self.today + (when - 30) * DAY
        self.number += 1
        acts = (
            self.evidence, self.evidence, self.evidence, self.post, self.post, self.split, self.end, self.leave,
            self.profession, self.move, self.targets, self.correct, self.pass_time, self.pass_time, self.withdraw,
            self.decide, self.decide, self.take_back,
        )  # fmt: skip
        acts[kind % len(acts)](person, unit, what, day)

    def evidence(self, person, unit, what, day):
        source = mastery.SOURCES[what % 7]
        services.record_evidence(
            person, f"K{1 + what % 2}", source, what % 6, day, key=f"k{self.number}", actor=None, now=self.now,
            passed=what % 5 != 0, signed_off=what % 3 != 0, coaching_log=what % 4 == 0,
        )  # fmt: skip

    def withdraw(self, person, unit, what, day):
        services.withdraw_evidence(f"k{what % max(1, self.number)}", "an error", actor=None, now=self.now)

    def post(self, person, unit, what, day):
        roles = ("", "super-user", "informaticist")[what % 3]
        make_post(person, unit, f"T{self.number}", roles=roles, starts=day, ends=day + what * DAY if what % 2 else None)

    def _held(self, person):
        posts = held_posts(people=[person])
        return [post for post in posts if post.entry.ends is None or post.entry.ends > self.today]

    def split(self, person, unit, what, day):
        for post in self._held(person)[:1]:
            if post.entry.starts < self.today:
                entry = post.entry
                changed = type(entry)(
                    entry.person_id, entry.unit_id, entry.title, entry.starts, entry.ends, not entry.super_user
                )
                split_posts({post.id: changed}, today=self.today)

    def correct(self, person, unit, what, day):
        for post in self._held(person)[:1]:
            e = post.entry
            change_posts({post.id: type(e)(e.person_id, unit, e.title, e.starts, e.ends, e.super_user, True)})

    def end(self, person, unit, what, day):
        end_posts([post.id for post in self._held(person)[:1]], last_day=self.today)

    def leave(self, person, unit, what, day):
        if not db.session.execute(select(Leave.id).where(Leave.person_id == person, Leave.starts == day)).first():
            make_leave(person, day, day + what * DAY if what % 3 else None)

    def profession(self, person, unit, what, day):
        name = ("physician", "nurse", "other")[what % 3]
        row = db.session.execute(select(Person.employee_id, Person.email).where(Person.id == person)).one()
        change_people({person: PersonEntry(row.employee_id, "A", "B", row.email, name)}, today=self.today)

    def move(self, person, unit, what, day):
        parent = ("U1", "U2", None)[what % 3]
        save_units([UnitEntry("U3", "U3", parent)], today=self.today)

    def targets(self, person, unit, what, day):
        load_small_framework((what % 5, 2, 1, 3, 3), (1, 2, what % 4, 1, 4), edition=str(what), now=self.now)

    def decide(self, person, unit, what, day):
        subject = ("physician", "nurse", "super-user", "informaticist")[what % 4]
        way, unit_code = ("at-least", "exactly", "none")[what % 3], ("", "U1", "U2", "U3")[what // 4 % 4]
        starts = str(max(day, self.today))
        asked = services.wish(f"K{1 + what % 2}", subject, unit_code, way, str(1 + what % 5), starts, today=self.today)
        services.set_target(asked, "Drawn.", actor=None, now=self.now, today=self.today)

    def take_back(self, person, unit, what, day):
        ahead = select(TargetChange.public_id).where(TargetChange.starts > self.today).order_by(TargetChange.id.desc())
        for public in db.session.scalars(ahead.limit(1)):
            services.withdraw(public, actor=None, now=self.now, today=self.today)

    def pass_time(self, person, unit, what, day):
        self.today += (1 + what * 7) * DAY


acts = st.lists(
    st.tuples(st.integers(0, 17), st.integers(0, 2), st.integers(0, 40), st.integers(0, 60), st.booleans()),
    min_size=1, max_size=14,
)  # fmt: skip
