"""A course with enough questions of known difficulty, and one without."""

from __future__ import annotations

import pytest

from lms.bank import services as bank
from lms.catalog import queries as catalog
from lms.db import db
from tests.lms.bank.conftest import sit
from tests.support.hospital import load_framework
from tests.support.taking import put_course

CODE = "MANY-101"


def questions(count: int) -> str:
    """So many questions of one right answer, which is always the first that the author wrote."""
    head = "---\ncompetency: B1\nlevel: 2\n---\n"
    ask = "\n## Question {n} {{#q-{n}}}\n\nWhich is right in case {n}?\n\n- [x] Right\n- [ ] Wrong\n- [ ] Neither\n"
    return head + "".join(ask.format(n=number) for number in range(count))


@pytest.fixture
def many(app, clock):
    """Forty questions, sat by eighty people, with figures."""
    load_framework()
    lesson = b"---\ntitle: The lesson\nminutes: 1\n---\n\nRead this.\n"
    put_course(
        clock(), code=CODE, questions=questions(40), exam={"title": "Final", "pass": 60, "attempts": 3},
        extra={"10-right-patient.md": lesson},
    )  # fmt: skip
    version = catalog.current_version(CODE)
    sit(version, 80, clock(), step=0.05)
    bank.analyse(version.course_id, now=clock())
    db.session.commit()
    return version
