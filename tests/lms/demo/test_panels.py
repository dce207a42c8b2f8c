"""The sample panel: one round over, the second begun, and the same for the same seed."""

from __future__ import annotations

from lms.demo.panels import MEMBERS, write_study
from lms.standards import queries
from tests.support.courses import CODE
from tests.support.hospital import load_framework
from tests.support.signing import make_account
from tests.support.taking import put_course


def test_the_sample_panel_is_between_two_rounds(app, clock) -> None:
    assert not write_study(1, now=clock()), "there is nothing to rate yet"
    load_framework()
    put_course(clock())
    assert not write_study(1, now=clock()), "there is nobody to rate"
    for email in MEMBERS:
        make_account(app, email, ["learner", email.split("@")[0]])
    assert write_study(1, now=clock())
    (study,) = queries.studies()
    assert (study.version.code, study.open_round, study.adopted, len(study.panel)) == (CODE, 2, None, 3)
    (over,) = queries.rounds_over(study)
    assert 50 < over.cut < 95
    assert len(queries.progress(study).waiting) == 2
