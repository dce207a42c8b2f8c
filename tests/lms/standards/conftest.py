"""A panel of three and an educator around the sample course."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy import insert, select, update

from lms.accounts import queries as accounts
from lms.accounts.models import UnitGrant
from lms.catalog import queries as catalog
from lms.db import db
from lms.people.models import Person
from lms.people.posts import PostEntry, add_posts
from lms.quizzes.models import Attempt
from lms.standards import judging, queries, services, takers
from lms.standards.facts import Study
from tests.lms.bank.conftest import sit
from tests.support.courses import CODE
from tests.support.hospital import STARTS, TODAY, load_framework, make_unit
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


JUDGES = {"sue.ward@example.org": "supervisor", "cho.three@example.org": "cmio"}


class Judging:
    """A study of those who took the exam: 24 people on ward A, scored 0 to 92 % in steps of 4, and 6 on ward B.

    Sue may see ward A, Cho everybody. `people` are in the order of their scores, those of ward B at the end.
    """

    def __init__(self, app, clock, version) -> None:
        self.clock = clock
        self.version = version
        sit(version, 30, clock())
        self.people = list(
            db.session.scalars(select(Person.id).where(Person.given_name == "Taker").order_by(Person.id))
        )
        self.wards = {name: make_unit(name) for name in ("WARD-A", "WARD-B")}
        for at, person in enumerate(self.people):
            on_a = at < 24
            self.score(person, 4 * at if on_a else 50)
            add_posts(
                [
                    PostEntry(
                        person, self.wards["WARD-A" if on_a else "WARD-B"], "Nurse", STARTS, None, False, False, None
                    )
                ]
            )
        made = {email: make_account(app, email, ["learner", role]) for email, role in JUDGES.items()}
        self.sue, self.cho = made.values()
        db.session.execute(insert(UnitGrant).values(account_id=self.sue.id, unit_id=self.wards["WARD-A"]))
        self.educator = make_account(app, "ed.ucator@example.org", ["educator"]).id
        self.public = judging.begin(version, list(JUDGES), actor=self.educator, now=clock())
        db.session.commit()

    def score(self, person: int, percent: int) -> None:
        """Set what somebody's first attempt earned."""
        earned = {"earned": str(percent), "possible": "100", "percent": percent}
        db.session.execute(update(Attempt).where(Attempt.person_id == person).values(**earned))

    @property
    def study(self) -> Study:
        """The study as it is now."""
        found = queries.study(self.public)
        assert found is not None
        return found

    def says(self, account, given, **change) -> int:
        """A member says this of people; commits."""
        roles = accounts.account(account.id).roles
        how = {
            "scope": accounts.scope_of(account.id, account.person_id, roles, TODAY), "own_person": account.person_id,
            "actor": account.id, "today": TODAY, "now": self.clock(),
        } | change  # fmt: skip
        count = judging.judge(self.study, given, **how)
        db.session.commit()
        return count

    def judge_ward(self) -> None:
        """Sue judges all of ward A: the lowest 7 below, the next 11 on the border, 6 above. The median is 48 %."""
        words = ["below"] * 7 + ["borderline"] * 11 + ["above"] * 6
        self.says(self.sue, dict(zip(self.people, words, strict=False)))

    def close(self) -> bool:
        """The educator closes the judging."""
        done = judging.close(self.study, actor=self.educator, now=self.clock())
        db.session.commit()
        return done

    def adopt(self, mark: object = 48) -> bool:
        """The educator adopts a mark."""
        done = services.adopt(self.study, Fraction(mark), "Agreed.", actor=self.educator, now=self.clock())
        db.session.commit()
        return done

    def may(self, account) -> frozenset[int]:
        """Whom a member may judge."""
        scope = accounts.scope_of(account.id, account.person_id, accounts.account(account.id).roles, TODAY)
        return takers.may_judge(self.study, account.person_id, scope, TODAY)


@pytest.fixture
def border(app, clock, version) -> Judging:
    """A study of the people who took the sample exam, with nobody judged yet."""
    return Judging(app, clock, version)


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
