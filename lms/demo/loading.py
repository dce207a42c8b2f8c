"""Writing the sample hospital in bulk. Refuses to touch a database that holds another hospital."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from lms.accounts.queries import account_by_email
from lms.audit.models import AuditEntry
from lms.audit.services import record
from lms.competency.facts import CompetencyFacts
from lms.competency.folding import rebuild
from lms.competency.models import Evidence
from lms.competency.queries import competencies, target_levels
from lms.credentials.desk import Desk
from lms.credentials.services import add_months
from lms.db import db, lock_named, reset_sequences
from lms.demo import observing, sign_ins, targets
from lms.demo.books import write_courses
from lms.demo.evidence import SampleEvidence, draw
from lms.demo.golive import write_plans
from lms.demo.hospital import ROOT, UNITS
from lms.demo.outcomes import write_outcomes
from lms.demo.panels import write_study
from lms.demo.rows import BATCH, Rows, code_of, noon
from lms.demo.staff import SamplePerson
from lms.demo.staff import draw as draw_staff
from lms.demo.training import write_training
from lms.observations.models import Observation
from lms.people.models import Person, Unit
from lms.people.posts import LeaveEntry, PostEntry, add_posts, set_leaves
from lms.people.units import UnitEntry, save_units

LOADED = "demo.load"  # the act in the audit trail that tells a sample hospital from a real one


class DemoRefused(Exception):
    """The sample hospital cannot be loaded; the message says why."""


class ForeignHospital(DemoRefused):
    """The database holds a hospital that is not the sample."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded; `new` is False where this hospital was there already."""

    new: bool
    staff: int
    leavers: int = 0
    units: int = 0
    evidence: int = 0
    attempts: int = 0
    certificates: int = 0


def loaded() -> dict[str, int] | None:
    """Staff and seed of the sample hospital in the database, None where there is none."""
    statement = select(AuditEntry.detail).where(
        AuditEntry.subject_kind == "hospital", AuditEntry.subject == ROOT[0], AuditEntry.action == LOADED
    )
    return db.session.scalars(statement.order_by(AuditEntry.id)).first()


def is_sample() -> bool:
    """Whether the database holds the sample hospital."""
    return loaded() is not None


def load(staff: int, seed: int, *, desk: Desk, now: dt.datetime) -> Loaded:
    """Load the hospital of `staff` people; the same again changes nothing. Raises DemoRefused; the caller commits."""
    if not 1 <= staff <= 2_000_000:
        raise DemoRefused(f"--staff is {staff}; a number from 1 to 2,000,000 was expected.")
    lock_named("demo")  # of two loads at once the second finds the first one's hospital
    held = loaded()
    if held is not None:
        if held != {"staff": staff, "seed": seed}:
            raise DemoRefused(
                f"A sample hospital of {held['staff']} staff, made with seed {held['seed']}, is loaded already. "
                "Use an empty database for another one."
            )
        return Loaded(False, staff)
    _refuse_foreign()
    today = desk.day(now)
    people = draw_staff(staff, seed, today)
    units = save_units([UnitEntry(u.code, u.name, u.parent or None, u.site) for u in UNITS], today=today)
    ids = _people(people, units, seed)
    sign_ins.make(now)
    targets.decide(seed, today=today, now=now)
    evidence = _evidence(people, ids, seed, today)
    written = write_courses(people, ids, seed, desk, now)
    observing.tell(seed, today=today, now=now)
    write_training(people, ids, units, seed, today, now)
    own = {ids[person.number] for person in people if person.sign_in}
    write_outcomes(own, seed, now, today)
    record(LOADED, "hospital", ROOT[0], actor=None, now=now, staff=staff, seed=seed)
    reset_sequences()
    rebuild(today=today)
    write_plans(seed, today=today, now=now)
    write_study(seed, now=now)
    leavers = sum(person.left for person in people)
    staff_now = len(people) - leavers
    return Loaded(True, staff_now, leavers, len(units), evidence, written.attempts, written.certificates)


def _refuse_foreign() -> None:
    if db.session.scalar(select(func.count()).select_from(Unit)):
        raise ForeignHospital("This database holds a hospital. The sample is loaded only into one without units.")
    if not competencies():
        raise DemoRefused("No framework is in force. Run `flask --app wsgi framework import FILE` first.")


def _people(people: Sequence[SamplePerson], units: Mapping[str, int], seed: int) -> dict[int, int]:
    """Write people, posts and leave; returns internal ids by sample number."""
    ids: dict[int, int] = {}
    known = _known_addresses()
    for start in range(0, len(people), BATCH):
        ids.update(_add_people(people[start : start + BATCH], known, seed))
    posts = [
        PostEntry(
            ids[p.number], units[post.unit], post.title, post.starts, post.ends, post.super_user, post.informaticist,
            ids[post.manager] if post.manager else None,
        )
        for p in people
        for post in p.posts
    ]  # fmt: skip
    for start in range(0, len(posts), BATCH):
        add_posts(posts[start : start + BATCH])
    set_leaves([LeaveEntry(ids[p.number], *p.leave) for p in people if p.leave])
    return ids


def _known_addresses() -> dict[str, int]:
    """Who is there by e-mail: accounts made before the hospital was loaded."""
    statement = select(Person.email, Person.id).where(Person.email.is_not(None))
    return {str(email): person_id for email, person_id in db.session.execute(statement)}


def _add_people(people: Sequence[SamplePerson], known: Mapping[str, int], seed: int) -> dict[int, int]:
    """Write sample people; somebody who is there with the same address becomes the sample person."""
    rows: dict[int, dict[str, Any]] = {
        p.number: {
            "employee_id": p.employee_id, "given_name": p.given, "family_name": p.family, "display_name": "",
            "email": p.email, "profession": p.profession,
        }
        for p in people
    }  # fmt: skip
    ids = {p.number: known[p.email] for p in people if p.email in known}
    for number, person_id in ids.items():
        db.session.execute(update(Person).where(Person.id == person_id).values(rows[number]))
    fresh = [number for number in rows if number not in ids]
    if fresh:
        values = [{**rows[number], "public_id": code_of("person", seed, number)} for number in fresh]
        statement = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        ids.update(zip(fresh, db.session.scalars(statement, values), strict=True))
    return ids


def _evidence(people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, today: dt.date) -> int:
    """Write past training and observations; the supervisor of the sample signed those of her own people."""
    known = {each.code: each for each in competencies()}
    rows, seen = Rows(Evidence), Rows(Observation)
    needs: dict[tuple[str, bool, bool], dict[str, int]] = {}
    observer = account_by_email("supervisor@example.org")
    own = next((person.posts[0].unit for person in people if person.sign_in == "supervisor"), None)
    for person in people:
        roles = (
            person.profession,
            any(p.super_user for p in person.posts),
            any(p.informaticist for p in person.posts),
        )
        if roles not in needs:
            needs[roles] = target_levels(*roles, today)
        signed = observer.id if observer and person.posts[0].unit == own and person.sign_in != "supervisor" else None
        for number, piece in enumerate(draw(person, needs[roles], known, seed, today)):
            code = code_of("evidence", seed, person.number, number)
            by = signed if piece.source == "observation" else None
            if by is not None:
                _observe(seen, code, ids[person.number], piece, by)
            _add_evidence(rows, ids[person.number], known[piece.code], piece, code, by)
        if len(rows.waiting) >= BATCH:
            rows.write()
            seen.write()
    rows.write()
    seen.write()
    return rows.count


def _observe(rows: Rows, code: str, person_id: int, piece: SampleEvidence, observer: int) -> None:
    rows.add(
        public_id=code, key=f"demo:{code}", person_id=person_id, competency_code=piece.code, level=piece.level,
        note="Sample observation at work.", observer_id=observer, observed_on=piece.achieved,
        signed_at=noon(piece.achieved),
    )  # fmt: skip


def _add_evidence(
    rows: Rows, person_id: int, competency: CompetencyFacts, piece: SampleEvidence, code: str, observer: int | None
) -> None:
    rated = piece.source == "self"
    rows.add(
        public_id=code, key=f"demo:{code}" if observer is None else f"observation:{code}", person_id=person_id,
        competency_id=competency.id, source=piece.source, level=min(piece.level, 1) if rated else piece.level,
        stated=piece.level if rated else None, passed=True, signed_off=piece.signed_off,
        coaching_log=piece.coaching_log, achieved_on=piece.achieved,
        valid_until=add_months(piece.achieved, 12 if competency.critical else 24),
        recorded_at=noon(piece.achieved), recorded_by=observer, document=piece.document,
    )  # fmt: skip
