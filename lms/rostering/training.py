"""Past training from a file, so that the first day is not empty: each line becomes a piece of evidence.

The same content twice is one piece. A level above what its source can show is kept at that
ceiling, and said. The file is refused as a whole on any fault. Flushes, never commits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.mastery import SOURCES
from lms.audit.services import record
from lms.competency import queries as competency
from lms.competency.services import EvidenceEntry, capped, known_keys, record_many
from lms.db import lock_named
from lms.people import queries as people
from lms.rostering.faults import FileFault, FileRefused
from lms.rostering.listing import expected_one, read_date
from lms.rostering.sheet import Row, Sheet, read_sheet
from lms.rostering.words import _

COLUMNS = ("employee_id", "competency", "level", "source", "achieved", "document")
OPTIONAL = ("signed_off", "coaching_log")
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")
LONGEST_DOCUMENT = 2000


@dataclass
class TrainingPlan:
    """What a file of past training would add. `known` pieces are in the ledger already."""

    file: str
    entries: list[EvidenceEntry] = field(default_factory=list)
    known: int = 0
    capped: int = 0
    people: int = 0
    faults: list[FileFault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The same additions have the same digest."""
        return hashlib.sha256("\n".join(entry.key for entry in self.entries).encode()).hexdigest()


def plan_training(data: bytes, file: str, *, today: dt.date) -> TrainingPlan:
    """Read a file of past training. Raises FileRefused with every fault at once."""
    sheet = read_sheet(data, file, COLUMNS, OPTIONAL)
    plan = TrainingPlan(file)
    if competency.framework() is None:
        sheet.fault(1, _("No framework is in force: import a framework first, so that competencies have a meaning."))
    known = people.ids_by_employee_id({row["employee_id"] for row in sheet.rows if row["employee_id"]})
    codes = {each.code for each in competency.competencies()}
    lines: dict[str, int] = {}
    for row in sheet.rows:
        entry = _entry(sheet, row, known, codes, today)
        if entry is None:
            continue
        if entry.key in lines:
            sheet.fault(row.line, _("The same as line %(line)s: counted once.", line=lines[entry.key]), warning=True)
            continue
        lines[entry.key] = row.line
        if (most := capped(entry)) < entry.level:
            plan.capped += 1
            sheet.fault(row.line, _above_ceiling(entry, most), warning=True)
        plan.entries.append(entry)
    if sheet.broken:
        raise FileRefused(sheet.faults)
    held = known_keys(entry.key for entry in plan.entries)
    plan.entries = [entry for entry in plan.entries if entry.key not in held]
    plan.known = len(held)
    plan.people = len({entry.person_id for entry in plan.entries})
    plan.faults = sheet.faults
    return plan


def import_training(
    data: bytes, file: str, *, expected: str | None = None, actor: int | None, now: dt.datetime, today: dt.date
) -> TrainingPlan:
    """Add a file of past training to the ledger; returns what was added.

    Raises FileRefused with every fault, TrainingChanged where `expected`, the digest of a plan that
    was shown, is not that of the plan now. Nothing is written then.
    """
    lock_named("training")
    plan = plan_training(data, file, today=today)
    if expected is not None and expected != plan.digest:
        raise TrainingChanged(_("The ledger changed since this was shown."))
    if plan.entries:
        record_many(plan.entries, actor=actor, now=now)
        digest = hashlib.sha256(data).hexdigest()[:16]
        record("training.import", "file", digest, actor=actor, now=now, new=len(plan.entries), known=plan.known)
    return plan


class TrainingChanged(ValueError):
    """What the file would add is not what was shown before."""


def _above_ceiling(entry: EvidenceEntry, most: int) -> str:
    return _("level is %(level)s, but %(source)s shows at most %(most)s: kept as %(most)s.",
             level=entry.level, source=entry.source, most=most)  # fmt: skip


def _entry(sheet: Sheet, row: Row, known: Mapping[str, int], codes: set[str], today: dt.date) -> EvidenceEntry | None:
    before = len(sheet.faults)
    number, code, source, level = row["employee_id"], row["competency"], row["source"].lower(), row["level"]
    if number not in known:
        message = _("employee_id is “%(number)s”: expected the number of a known person.", number=number)
        sheet.fault(row.line, message)
    if code not in codes:
        message = _("competency is “%(code)s”: expected a code of the framework, such as %(example)s.",
                    code=code, example=min(codes, default="A1"))  # fmt: skip
        sheet.fault(row.line, message)
    if source not in SOURCES:
        sheet.fault(row.line, expected_one("source", row["source"], SOURCES))
    if level not in ("1", "2", "3", "4", "5"):
        sheet.fault(row.line, _("level is “%(level)s”: expected 1, 2, 3, 4 or 5.", level=level))
    achieved = read_date(sheet, row, "achieved", required=True)
    if achieved and achieved > today:
        sheet.fault(
            row.line, _("achieved is %(achieved)s, after today: expected a day in the past.", achieved=achieved)
        )
    if len(row["document"]) > LONGEST_DOCUMENT:
        sheet.fault(row.line, _("document has %(found)s characters: at most %(most)s were expected.",
                                found=len(row["document"]), most=LONGEST_DOCUMENT))  # fmt: skip
    # An observation that a hospital hands over as past training was signed off when it was made;
    # without a column that says otherwise it would show nothing at all.
    signed_off = _flag(sheet, row, "signed_off", source == "observation")
    coaching_log = _flag(sheet, row, "coaching_log", False)
    if len(sheet.faults) > before or achieved is None:
        return None
    content = "|".join(
        (number, code, source, level, achieved.isoformat(), row["document"], str(signed_off), str(coaching_log))
    )
    return EvidenceEntry(
        person_id=known[number],
        competency_code=code,
        source=source,
        level=int(level),
        achieved_on=achieved,
        key=f"training:{hashlib.sha256(content.encode()).hexdigest()}",
        signed_off=signed_off,
        coaching_log=coaching_log,
        document=row["document"],
    )


def _flag(sheet: Sheet, row: Row, column: str, default: bool) -> bool:
    value = row[column].lower()
    if value == "" or column not in sheet.columns:
        return default
    if value not in (*_YES, *_NO):
        sheet.fault(row.line, expected_one(column, row[column], ("yes", "no")))
    return value in _YES
