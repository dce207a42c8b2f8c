"""A sparse national hospital, written straight into PostgreSQL by COPY: a fast path of its own for `bench-scale`.

Every row is one that the application could have written: levels under their ceilings, validity by the
rule of `assessments.mastery`, posts and leave with dates. About twelve pieces of evidence a person over
two years and a half, drawn from pools made once, so that a million people take minutes and not hours.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from assessments import mastery

FIRST = 1000  # the lowest internal id of people; those below belong to accounts
PIECES = 12
POOL = 4000
CHUNK = 2000
DAYS = 900
WARD = 250  # people of a ward
SHARES = (("nurse", 0.60), ("physician", 0.20), ("pharmacist", 0.05), ("other", 0.15))
SOURCES = (("test", 0.55), ("observation", 0.25), ("simulation", 0.08), ("case", 0.06), ("prior", 0.04), ("self", 0.02))
EVIDENCE = (
    "public_id, key, person_id, competency_id, source, level, passed, signed_off, coaching_log, achieved_on, "
    "valid_until, recorded_at, document"
)
UNIQUE = ("uq_evidence_public_id", "uq_evidence_key")
INDEXES = ("ix_evidence_person_competency", "ix_evidence_recorded")


class National:
    """The hospital of so many staff, the same for the same number."""

    def __init__(self, staff: int, competencies: list[tuple[int, bool]], needs: dict[str, list[int]], today: dt.date):
        """`competencies` are (id, critical); `needs` the ids that each profession has a target in."""
        self.staff, self.today = staff, today
        self.chance = random.Random(staff)
        self.critical = dict(competencies)
        self.pools = {
            name: [self._bundle(needs[name] or list(self.critical)) for _ in range(POOL)] for name, _ in SHARES
        }
        self.units = self._tree()
        self.wards = [number for number, _, _, kind in self.units if kind == "ward"]

    def _tree(self) -> list[tuple[int, str, int | None, str]]:
        """Units as (id, code, parent, kind): nation, regions, hospitals of eight departments, wards."""
        wards = max(5, round(self.staff / WARD))
        found: list[tuple[int, str, int | None, str]] = [(1, "NAT", None, "nation")]

        def add(code: str, parent: int, kind: str) -> int:
            found.append((len(found) + 1, code, parent, kind))
            return len(found)

        hospitals = max(1, round(wards / 40))
        regions = [add(f"R{n:02}", 1, "region") for n in range(min(10, hospitals))]
        left = wards
        for number in range(hospitals):
            hospital = add(f"H{number:03}", regions[number % len(regions)], "hospital")
            for letter in "ABCDEFGH":
                department = add(f"H{number:03}{letter}", hospital, "department")
                for ward in range(min(5, left)):
                    add(f"H{number:03}{letter}{ward}", department, "ward")
                    left -= 1
        return found

    def _bundle(self, wanted: list[int]) -> list[str]:
        """The evidence of one person as lines of COPY without the columns that name person and piece."""
        found = []
        for _ in range(PIECES):
            source = self.chance.choices([name for name, _ in SOURCES], [share for _, share in SOURCES])[0]
            signed = source in ("observation", "prior") or (source == "simulation" and self.chance.random() < 0.5)
            passed = source != "test" or self.chance.random() < 0.85
            level = min(self.chance.choice((1, 2, 2, 3, 3, 4)), mastery.ceiling(source, signed, False))
            achieved = self.today - dt.timedelta(days=self.chance.randrange(DAYS))
            competency = self.chance.choice(wanted)
            until = mastery.valid_until(achieved, self.critical[competency])
            what = f"{competency}\t{source}\t{level}\t{passed:d}\t{signed:d}\t0"
            found.append(f"{what}\t{achieved}\t{until}\t{achieved} 12:00:00+00\t\n")
        return found

    def people(self) -> Iterator[tuple[int, str]]:
        """Internal id and profession of everybody."""
        names, shares = zip(*SHARES, strict=True)
        chance = random.Random(self.staff + 1)
        for number in range(self.staff):
            yield FIRST + number, chance.choices(names, shares)[0]

    def person_rows(self) -> Iterator[str]:
        """Lines of COPY for people."""
        for person_id, profession in self.people():
            yield f"{person_id}\t{person_id:020x}\tN{person_id}\tSample\tPerson {person_id}\t\t{profession}\n"

    def post_rows(self) -> Iterator[str]:
        """Lines of COPY for posts: one in twenty has two, one in fifty has left, one in twenty-five is super-user."""
        chance = random.Random(self.staff + 2)
        for number in range(self.staff):
            ward = self.wards[number % len(self.wards)]
            starts = self.today - dt.timedelta(days=chance.randrange(30, 3000))
            left = self.today - dt.timedelta(days=chance.randrange(400)) if chance.random() < 0.02 else None
            if left is not None and left < starts:
                left = None
            ends = str(left) if left else "\\N"
            super_user, informaticist = chance.random() < 0.04, chance.random() < 0.005
            yield f"{FIRST + number}\t{ward}\tStaff\t{super_user:d}\t{informaticist:d}\t{starts}\t{ends}\n"
            if chance.random() < 0.05:
                yield f"{FIRST + number}\t{chance.choice(self.wards)}\tSecond post\t0\t0\t{starts}\t{ends}\n"

    def leave_rows(self) -> Iterator[str]:
        """Lines of COPY for times away: three in a hundred now."""
        chance = random.Random(self.staff + 3)
        for number in range(self.staff):
            if chance.random() < 0.03:
                starts = self.today - dt.timedelta(days=chance.randrange(60))
                yield f"{FIRST + number}\t{starts}\t{self.today + dt.timedelta(days=chance.randrange(1, 200))}\n"

    def evidence_rows(self) -> Iterator[str]:
        """Lines of COPY for the ledger."""
        chance = random.Random(self.staff + 4)
        number = 0
        for person_id, profession in self.people():
            lines = self.pools[profession][chance.randrange(POOL)]
            for line in lines[chance.randrange(3) :]:
                number += 1
                yield f"{number:020x}\tbench:{number}\t{person_id}\t{line}"


def write(connection: Any, hospital: National) -> None:
    """Write the hospital through a psycopg connection and bring the planner's statistics up to date."""
    with connection.cursor() as cursor:
        units = [f"{i}\t{code}\tUnit {code}\t\t{up or chr(92) + 'N'}\n" for i, code, up, _ in hospital.units]
        _copy(cursor, "unit", "id, code, name, site, parent_id", units)
        cursor.execute(
            "insert into unit_tree (ancestor_id, unit_id, depth) with recursive line(unit_id, ancestor_id, depth) as ("
            "select id, id, 0 from unit union all select line.unit_id, unit.parent_id, depth + 1 from line "
            "join unit on unit.id = line.ancestor_id where unit.parent_id is not null) "
            "select ancestor_id, unit_id, depth from line"
        )
        cursor.execute("select setval(pg_get_serial_sequence('unit', 'id'), (select max(id) from unit))")
        cursor.execute("insert into unit_edition (id, mark) values (1, 'national')")
        people = "id, public_id, employee_id, given_name, family_name, display_name, profession"
        _copy(cursor, "person", people, hospital.person_rows())
        cursor.execute("select setval(pg_get_serial_sequence('person', 'id'), (select max(id) from person))")
        posts = "person_id, unit_id, title, super_user, informaticist, starts, ends"
        _copy(cursor, "post", posts, hospital.post_rows())
        _copy(cursor, "leave", "person_id, starts, ends", hospital.leave_rows())
        # The ledger's indexes are made after the rows, which takes a third of the time.
        kept = {name: _definition(cursor, name) for name in INDEXES}
        for name in UNIQUE:
            cursor.execute(f"alter table evidence drop constraint {name}")
        for name in INDEXES:
            cursor.execute(f"drop index {name}")
        _copy(cursor, "evidence", EVIDENCE, hospital.evidence_rows())
        for name in UNIQUE:
            column = name.removeprefix("uq_evidence_")
            cursor.execute(f"alter table evidence add constraint {name} unique ({column})")
        for definition in kept.values():
            cursor.execute(definition)
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")
    connection.autocommit = False


def _definition(cursor: Any, name: str) -> str:
    cursor.execute("select indexdef from pg_indexes where indexname = %s", (name,))
    return str(cursor.fetchone()[0])


def _copy(cursor: Any, table: str, columns: str, lines: Any) -> None:
    with cursor.copy(f'copy "{table}" ({columns}) from stdin') as sink:
        chunk: list[str] = []
        for line in lines:
            chunk.append(line)
            if len(chunk) == CHUNK:
                sink.write("".join(chunk))
                chunk = []
        sink.write("".join(chunk))
