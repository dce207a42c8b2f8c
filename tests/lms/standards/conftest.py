"""A panel of three and an educator around the sample course."""

from __future__ import annotations

import pytest

from lms.catalog import queries as catalog
from lms.db import db
from lms.standards import queries, services
from lms.standards.facts import Study
from tests.support.courses import CODE
from tests.support.hospital import load_framework
from tests.support.signing import make_account
from tests.support.taking import put_course

PANEL = {"ann.one@example.org": "educator", "ben.two@example.org": "supervisor", "cho.three@example.org": "cmio"}


class Panel:
    """A study of two rounds by three people, with short ways to act in it."""

    def __init__(self, app, clock) -> None:
        self.clock = clock
        self.accounts = [make_account(app, email, ["learner", role]).id for email, role in PANEL.items()]
        self.educator = make_account(app, "ed.ucator@example.org", ["educator"]).id
        version = catalog.current_version(CODE)
        self.public = services.begin(version, list(PANEL), 2, actor=self.educator, now=clock())
        db.session.commit()

    @property
    def study(self) -> Study:
        """The study as it is now."""
        found = queries.study(self.public)
        assert found is not None
        return found

    def rate(self, member: int, *percents: int, number: int | None = None) -> None:
        """A member says these of the first questions, in the open round."""
        study = self.study
        given = dict(zip(study.items, percents, strict=False))
        services.rate(study, number or study.open_round, given, actor=self.accounts[member], now=self.clock())
        db.session.commit()

    def close(self, number: int, **how: bool) -> bool:
        """The educator closes a round."""
        done = services.close(self.study, number, actor=self.educator, now=self.clock(), **how)
        db.session.commit()
        return done

    def both_rounds(self) -> None:
        """Everybody rates twice; the second time they have come nearer. The cut is 70 %."""
        for spread in (20, 10):
            for member, shift in enumerate((-spread, 0, spread)):
                self.rate(member, *[70 + shift] * 5, 70 + shift)
            self.close(self.study.open_round)


@pytest.fixture
def version(app, clock):
    """What learners of the sample course see."""
    load_framework()
    put_course(clock())
    return catalog.current_version(CODE)


@pytest.fixture
def panel(app, clock, version) -> Panel:
    """A study of the sample course, with nothing rated yet."""
    return Panel(app, clock)
