"""Several writers and several folders at once lose nothing and count nothing twice."""

from __future__ import annotations

import random
import threading

from flask import Flask

from lms.changes.services import any_marks
from lms.competency import queries, services
from lms.competency.folding import stored_counts
from lms.db import db
from lms.people.posts import LeaveEntry, set_leaves
from tests.support.hospital import NOW, TODAY, load_framework, sample_hospital

ROUNDS = 40


def write(app: Flask, number: int, people: list[int], faults: list[BaseException]) -> None:
    """A writer: evidence, a leave or a leave taken back, each committed by itself."""
    chance = random.Random(number)
    try:
        for turn in range(ROUNDS):
            with app.app_context():
                person = chance.choice(people)
                code = chance.choice(["A1", "B1", "E2"])
                services.record_evidence(
                    person, code, "observation", chance.randrange(5), TODAY, key=f"w{number}-{turn}", actor=None,
                    now=NOW, signed_off=True,
                )  # fmt: skip
                if number == 0:
                    away = LeaveEntry(people[turn % len(people)], TODAY)
                    set_leaves([away] if turn % 2 else [], [] if turn % 2 else [away])
                db.session.commit()
    except BaseException as fault:
        faults.append(fault)


def fold(app: Flask, done: threading.Event, faults: list[BaseException]) -> None:
    """A folder: again and again until the writers are through."""
    try:
        while not done.is_set():
            with app.app_context():
                services.fold(today=TODAY)
                db.session.commit()
    except BaseException as fault:
        faults.append(fault)


def test_writers_and_folders_at_once_leave_rollups_that_equal_the_recount(app):
    people = list(sample_hospital().people.values())
    load_framework()
    db.session.commit()
    faults: list[BaseException] = []
    done = threading.Event()
    writers = [threading.Thread(target=write, args=(app, n, people, faults)) for n in range(4)]
    folders = [threading.Thread(target=fold, args=(app, done, faults)) for _ in range(3)]
    for thread in [*writers, *folders]:
        thread.start()
    for thread in writers:
        thread.join(120)
    done.set()
    for thread in folders:
        thread.join(120)
    assert not faults
    db.session.rollback()
    services.fold(today=TODAY)
    db.session.commit()
    assert not any_marks()
    assert stored_counts() == queries.recount(TODAY)
    assert services.check(today=TODAY) == []
