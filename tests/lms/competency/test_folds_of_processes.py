"""Writers and folders in processes of their own, some of them killed: nothing is lost and nothing counted twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from lms.app import create_app
from lms.competency import queries, services
from lms.competency.folding import stored_counts
from lms.competency.models import Evidence
from lms.db import db
from tests.support.hospital import NOW, TODAY, load_framework, sample_hospital

WRITES = 60
SPAWN = multiprocessing.get_context("spawn")


def write(settings: Settings, number: int, people: list[int]) -> None:
    """A writer that commits each piece of evidence by itself."""
    chance = random.Random(number)
    app = create_app(settings)
    for turn in range(WRITES):
        with app.app_context():
            services.record_evidence(
                chance.choice(people), chance.choice(["A1", "B1", "E2"]), "observation", chance.randrange(5), TODAY,
                key=f"p{number}-{turn}", actor=None, now=NOW, signed_off=True,
            )  # fmt: skip
            db.session.commit()


def fold(settings: Settings, slow: bool) -> None:
    """A folder without end; a slow one waits before it commits, so that it is killed in the middle."""
    app = create_app(settings)
    while True:
        with app.app_context():
            folded = services.fold(today=TODAY)
            if slow and folded:
                time.sleep(0.5)
            db.session.commit()
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_folders_and_writers_at_once_leave_rollups_that_equal_the_recount(app, tmp_path: Path):
    people = list(sample_hospital().people.values())
    load_framework()
    db.session.commit()
    settings: Any = app.config["SETTINGS"]
    writers = [SPAWN.Process(target=write, args=(settings, n, people)) for n in range(3)]
    folders = [SPAWN.Process(target=fold, args=(settings, slow)) for slow in (False, True, True)]
    for process in [*writers, *folders]:
        process.start()
    for victim in folders[1:]:
        time.sleep(3)
        os.kill(victim.pid or 0, signal.SIGKILL)
    for process in writers:
        process.join(240)
        assert process.exitcode == 0
    os.kill(folders[0].pid or 0, signal.SIGKILL)
    for process in folders:
        process.join(60)
    db.session.rollback()
    assert db.session.query(Evidence).count() == 3 * WRITES
    services.fold(today=TODAY)
    db.session.commit()
    assert not services.outstanding(TODAY)
    assert stored_counts() == queries.recount(TODAY)
    assert services.check(today=TODAY) == []
