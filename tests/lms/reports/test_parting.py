"""What a profession may show is worked out of the whole hospital once, and anew when anybody comes or goes."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from lms.competency.needs import alike
from lms.competency.rollups import size_edition, stored_sizes
from lms.competency.services import fold, set_target, wish
from lms.competency.snapshot import snapshot
from lms.db import db
from lms.people.spans import unit_lines_on
from lms.reports.masks import mask, sizes_of_rows
from lms.reports.parting import _kept
from lms.reports.plans import Question
from lms.reports.queries import plan
from tests.lms.reports.conftest import EVERYTHING
from tests.support.hospital import NOW, TODAY
from tests.support.taking import statements


@pytest.fixture
def split(wards):
    """Enough physicians on two wards that some units may be split."""
    _kept.clear()
    wards.staff(7, "MED-B", "physician")
    wards.staff(6, "ED", "physician")
    wards.ask(unit="SGH", profession="nurse")
    return wards


def reads_all(said: list[str]) -> bool:
    read = [each for each in said if each.startswith("SELECT") and "profession_rollup" in each]
    return any("unit_id IN" not in each for each in read)


def test_a_second_map_of_a_profession_reads_the_units_that_it_shows_and_no_others(split) -> None:
    with statements() as said:
        split.ask(unit="MED", profession="physician")
    assert not reads_all(said)


def test_a_pass_changes_no_size_and_a_newcomer_does(split) -> None:
    before = size_edition()
    split.evidence("b6", "K1", 3, source="observation")
    with statements() as said:
        split.ask(unit="SGH", profession="nurse")
    assert size_edition() == before
    assert not reads_all(said)
    split.staff(1, "MED-A", "physician")
    with statements() as said:
        split.ask(unit="SGH", profession="nurse")
    assert size_edition() != before
    assert reads_all(said)


def test_what_is_hidden_is_what_all_sizes_of_every_competency_give(split) -> None:
    asked = wish("K2", "nurse", "MED-A", "at-least", "2", "", today=TODAY)
    for later in (False, True):
        if later:  # a ward where nurses need K2 as well: the two competencies are about other people then
            set_target(asked, "Asked for.", actor=None, now=NOW, today=TODAY)
            db.session.commit()
        fold(today=TODAY)
        db.session.commit()
        known = snapshot()
        codes = [each.code for each in known.current]
        sizes = sizes_of_rows(stored_sizes(codes), codes)
        for profession in ("nurse", "physician", "pharmacist", "other"):
            for unit in ("SGH", "MED", "ED"):
                planned = plan(Question(unit, TODAY, TODAY, EVERYTHING, profession=profession))
                expected = mask(planned.tree, planned.parents, sizes, 5, profession)
                rows = split.rows(unit=unit, profession=profession)
                for row in planned.rows:
                    cells = rows[row.code]["cells"]
                    hidden = {code for code in codes if cells[code].get("suppressed")}
                    assert hidden == set(expected.get(row.id, ())) & set(codes), (profession, row.code)


def test_competencies_that_the_same_people_need_stand_for_each_other(split) -> None:
    lines = unit_lines_on(TODAY)
    assert alike(snapshot(), lines, TODAY) == {"K1": "K1", "K2": "K2"}
    for code, subject in product(("K1", "K2"), ("nurse", "pharmacist", "super-user", "informaticist")):
        asked = wish(code, subject, "", "at-least", "2", "", today=TODAY)
        set_target(asked, "Asked for.", actor=None, now=NOW, today=TODAY)
    assert alike(snapshot(), lines, TODAY) == {"K1": "K1", "K2": "K1"}
    assert alike(snapshot(), lines, TODAY - dt.timedelta(days=1)) == {"K1": "K1", "K2": "K2"}
