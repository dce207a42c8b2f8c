"""Writing rules, direct assignments and exemptions. Nothing that held on a past day is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from lms.assignments import queries
from lms.assignments.models import AssignmentRule, AssignmentVersion, DirectAssignment, Exemption, ReminderSent
from lms.assignments.terms import TARGETS, Audience, Target, Terms, Version
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.competency import queries as competency
from lms.db import db, insert_ignore, lock_named, public_id
from lms.pathways import queries as pathways
from lms.people import queries as people
from lms.people.facts import PROFESSIONS, ROLES
from lms.people.queries import in_batches
from lms.policies import queries as policies

LONGEST_TEXT = 300
KEEP_REMINDERS = dt.timedelta(days=800)
_DAY = dt.timedelta(days=1)


class AssignmentRefused(ValueError):
    """It cannot be written; `field` names what is at fault and the message says what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def draft(
    target: Target, audience: Audience, terms: Terms, because: str, *, held: Version | None, today: dt.date
) -> Version:
    """The version that saving these words today would open, after `held`. Raises AssignmentRefused. Writes nothing."""
    _check_target(target)
    _check_audience(audience)
    _check_terms(target, terms, held, today)
    same = held is not None and held.ends is None and _asks_the_same(held, target, terms)
    return Version(
        sequence=held.sequence + 1 if held else 1,
        starts=today,
        ends=None,
        clock_from=held.clock_from if held is not None and same else today,
        target=target,
        audience=audience,
        terms=terms,
        because=_text(because, "because"),
    )


def _asks_the_same(held: Version, target: Target, terms: Terms) -> bool:
    """Whether people who stay keep their first day: the same target by the same day."""
    return (held.target, held.terms.due_on, held.terms.due_days) == (target, terms.due_on, terms.due_days)


def _check_target(target: Target) -> None:
    if target.kind not in TARGETS:
        raise AssignmentRefused("target", _("Choose a course, a pathway, a policy or a competency."))
    if target.kind == "competency":
        if target.code not in {each.code for each in competency.competencies()}:
            raise AssignmentRefused(
                "target", _("%(code)s is not a competency of the framework in force.", code=target.code)
            )
        if target.level is None or not 1 <= target.level <= 5:
            raise AssignmentRefused("level", _("Give the level to reach, 1 to 5."))
        return
    if target.level is not None:
        raise AssignmentRefused("level", _("A level goes with a competency alone."))
    if not _exists(target):
        raise AssignmentRefused(
            "target", _("There is no %(kind)s %(code)s that people can take now.", kind=target.kind, code=target.code)
        )


def _exists(target: Target) -> bool:
    if target.kind == "course":
        return catalog.current_version(target.code) is not None
    if target.kind == "pathway":
        return pathways.pathway(target.code) is not None
    return any(each.code == target.code for each in policies.in_force())


def _check_audience(audience: Audience) -> None:
    if audience.unit_id is not None and people.unit(audience.unit_id) is None:
        raise AssignmentRefused("unit", _("Choose a unit of the roster, or the whole hospital."))
    if unknown := audience.professions - set(PROFESSIONS):
        raise AssignmentRefused("professions", _("Unknown profession: %(what)s.", what=", ".join(sorted(unknown))))
    if unknown := audience.roles - set(ROLES):
        raise AssignmentRefused("roles", _("Unknown role: %(what)s.", what=", ".join(sorted(unknown))))
    _range("within_days", audience.within_days, 0, 3650, _("days"))


def _check_terms(target: Target, terms: Terms, held: Version | None, today: dt.date) -> None:
    _range("due_days", terms.due_days, 0, 3650, _("days"))
    _range("recur_months", terms.recur_months, 1, 120, _("months"))
    _range("grace_days", terms.grace_days, 0, 365, _("days"))
    _range("window_days", terms.window_days, 0, 365, _("days"))
    past = terms.due_on is not None and terms.due_on < today
    if past and (held is None or held.terms.due_on != terms.due_on):
        raise AssignmentRefused("due_on", _("The day is past. Give today or a later day."))
    if terms.follows_expiry and target.kind != "course":
        raise AssignmentRefused("recurrence", _("Only a course has a certificate whose end can be followed."))
    if terms.recur_months and target.kind in ("pathway", "competency"):
        raise AssignmentRefused("recurrence", _("A pathway is taken once; a level says itself when it ends."))
    if terms.mandatory and terms.due_on is None and terms.due_days is None and target.kind != "pathway":
        raise AssignmentRefused("due_days", _("What is mandatory needs a day or a number of days."))


def _range(field: str, value: int | None, low: int, high: int, unit: str) -> None:
    if value is not None and not low <= value <= high:
        raise AssignmentRefused(
            field, _("Give whole %(unit)s from %(low)s to %(high)s.", unit=unit, low=low, high=format(high, ","))
        )


def _text(text: str, field: str) -> str:
    found = " ".join(text.replace("\0", "").split())
    if len(found) > LONGEST_TEXT:
        raise AssignmentRefused(field, _("It is longer than %(longest_text)s characters.", longest_text=LONGEST_TEXT))
    return found


def save_rule(
    target: Target, audience: Audience, terms: Terms, because: str, *,
    public: str | None, key: str, actor: int | None, now: dt.datetime, today: dt.date,
) -> str:  # fmt: skip
    """Make a rule, or with `public` close its present version and open a changed one; returns its public id.

    The same form, by its `key`, is one change however often it is sent. Raises AssignmentRefused; nothing is
    written then.
    """
    lock_named("assignments")
    if (known := queries.version_by_key(key)) is not None:
        return known
    rule = queries.rule(public) if public is not None else None
    if public is not None and rule is None:
        raise AssignmentRefused("target", _("This rule does not exist any more."))
    held = rule.newest if rule else None
    version = draft(target, audience, terms, because, held=held, today=today)
    if rule is None or held is None:
        name = public_id()
        made = insert(AssignmentRule).values(public_id=name).returning(AssignmentRule.id)
        rule_id = int(db.session.execute(made).scalar_one())
    else:
        name, rule_id = rule.public_id, rule.id
        if held.ends is None:
            _close(rule_id, held.sequence, today - _DAY)
    db.session.execute(insert(AssignmentVersion).values(_columns(version, rule_id, key, actor, now)))
    action = "assignment.make" if rule is None else "assignment.change"
    record(
        action,
        "assignment",
        name,
        actor=actor,
        now=now,
        target=f"{target.kind}:{target.code}",
        version=version.sequence,
    )
    return name


def _close(rule_id: int, sequence: int, last: dt.date) -> None:
    db.session.execute(
        update(AssignmentVersion)
        .where(AssignmentVersion.rule_id == rule_id, AssignmentVersion.sequence == sequence)
        .values(ends=last)
    )


def _columns(version: Version, rule_id: int, key: str, actor: int | None, now: dt.datetime) -> dict[str, object]:
    target, audience, terms = version.target, version.audience, version.terms
    return {
        "key": key, "rule_id": rule_id, "sequence": version.sequence, "starts": version.starts, "ends": version.ends,
        "clock_from": version.clock_from, "target_kind": target.kind, "target_code": target.code,
        "level": target.level, "kind": "mandatory" if terms.mandatory else "recommended",
        "unit_id": audience.unit_id, "professions": sorted(audience.professions), "roles": sorted(audience.roles),
        "within_days": audience.within_days, "due_on": terms.due_on, "due_days": terms.due_days,
        "recur_months": terms.recur_months, "follows_expiry": terms.follows_expiry,
        "window_days": terms.window_days, "grace_days": terms.grace_days, "because": version.because,
        "made_at": now, "made_by": actor,
    }  # fmt: skip


def end_rule(public: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> bool:
    """End a rule: from today on it asks nothing. Past days keep it. Returns whether it held; again is harmless."""
    lock_named("assignments")
    rule = queries.rule(public)
    if rule is None or rule.newest.ends is not None:
        return False
    _close(rule.id, rule.newest.sequence, today - _DAY)
    record("assignment.end", "assignment", public, actor=actor, now=now)
    return True


def exempt(
    public: str, person_id: int, ends: dt.date, reason: str, *, actor: int | None, now: dt.datetime, today: dt.date
) -> None:
    """Exempt a person from a rule until a day, for a reason; again on the same day changes reason and end.

    Raises AssignmentRefused.
    """
    rule, holder = queries.rule(public), people.person(person_id)
    if rule is None or holder is None:
        raise AssignmentRefused("person", _("There is no such rule or person."))
    why = _text(reason, "reason")
    if not why:
        raise AssignmentRefused("reason", _("Say why, without a diagnosis."))
    if not today <= ends <= today + dt.timedelta(days=3 * 366):
        raise AssignmentRefused("ends", _("Give the last day of the exemption, today or later, within three years."))
    row = {
        "public_id": public_id(), "rule_id": rule.id, "person_id": person_id, "starts": today, "ends": ends,
        "reason": why, "granted_by": actor, "granted_at": now,
    }  # fmt: skip
    keys = ["rule_id", "person_id", "starts"]
    if not insert_ignore(Exemption.__table__, [row], keys):  # type: ignore[arg-type]
        db.session.execute(
            update(Exemption)
            .where(Exemption.rule_id == rule.id, Exemption.person_id == person_id, Exemption.starts == today)
            .values(ends=ends, reason=why, granted_by=actor, granted_at=now)
        )
    record("assignment.exempt", "person", holder.public_id, actor=actor, now=now, rule=public, ends=ends.isoformat())


def end_exemption(public: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> bool:
    """Take an exemption back: it no longer holds from today on. Returns whether it held; again is harmless."""
    held = select(Exemption.id).where(Exemption.public_id == public, Exemption.ends >= today)
    key = db.session.scalar(held)
    if key is None:
        return False
    db.session.execute(update(Exemption).where(Exemption.id == key).values(ends=today - _DAY))
    record("assignment.exempt_end", "exemption", public, actor=actor, now=now)
    return True


def assign(
    person_id: int, target: Target, *, mandatory: bool, due_on: dt.date | None, note: str,
    actor: int | None, now: dt.datetime, today: dt.date,
) -> str:  # fmt: skip
    """Ask something of one person; while it is asked, asking again changes nothing. Returns its public id.

    The caller has checked that the actor may. Raises AssignmentRefused.
    """
    holder = people.person(person_id)
    if holder is None:
        raise AssignmentRefused("person", _("There is no such person."))
    if target.kind == "competency":
        raise AssignmentRefused("target", _("Choose a course, a pathway or a policy."))
    _check_target(target)
    if due_on is not None and due_on < today:
        raise AssignmentRefused("due_on", _("The day is past. Give today or a later day."))
    if mandatory and due_on is None:
        raise AssignmentRefused("due_on", _("What is mandatory needs a day."))
    row = {
        "public_id": public_id(), "person_id": person_id, "target_kind": target.kind, "target_code": target.code,
        "kind": "mandatory" if mandatory else "recommended", "assigned_on": today, "due_on": due_on,
        "note": _text(note, "note"), "assigned_by": actor, "assigned_at": now, "open_key": 1,
    }  # fmt: skip
    keys = ["person_id", "target_kind", "target_code", "open_key"]
    if insert_ignore(DirectAssignment.__table__, [row], keys):  # type: ignore[arg-type]
        what = f"{target.kind}:{target.code}"
        record("assignment.direct", "person", holder.public_id, actor=actor, now=now, target=what)
    held = select(DirectAssignment.public_id).where(
        DirectAssignment.person_id == person_id,
        DirectAssignment.target_kind == target.kind,
        DirectAssignment.target_code == target.code,
        DirectAssignment.open_key == 1,
    )
    return str(db.session.execute(held).scalar_one())


def take_back(public: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> bool:
    """Stop asking what was asked of one person, from today on. Returns whether it was asked; again is harmless."""
    asked = update(DirectAssignment).where(DirectAssignment.public_id == public, DirectAssignment.open_key == 1)
    done = db.session.execute(asked.values(ended_on=today, ended_by=actor, open_key=None))
    if not getattr(done, "rowcount", 0):
        return False
    record("assignment.direct_end", "assignment", public, actor=actor, now=now)
    return True


def note_export(public: str, *, actor: int | None, now: dt.datetime) -> None:
    """Write down that names under a rule left the application."""
    record("assignment.export", "assignment", public, actor=actor, now=now)


def note_reminders(keys: Iterable[str], *, now: dt.datetime) -> int:
    """Write down what went out; returns how many of the keys are new."""
    rows = [{"key": key, "sent_at": now} for key in keys]
    new = 0
    for some in in_batches(rows, 400):
        new += insert_ignore(ReminderSent.__table__, some, ["key"])  # type: ignore[arg-type]
    return new


def tidy_reminders(*, now: dt.datetime) -> None:
    """Forget keys of long ago; what they kept from going out twice is over."""
    db.session.execute(delete(ReminderSent).where(ReminderSent.sent_at < now - KEEP_REMINDERS))
