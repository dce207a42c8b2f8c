"""The bank and the report of item quality judge an item by one rule and agree on what needs a look."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.bank import listing, services, words
from lms.bank.reckoning import LOOK
from lms.db import db
from lms.items import retiring
from lms.people.scope import Scope
from lms.reports.kinds.items import FLAGS, NOTES
from lms.reports.making import make
from lms.reports.plans import Question
from tests.support.hospital import TODAY
from tests.support.signing import sign_in


def course_in_report():
    """The course in the report of item quality of today."""
    made = make("items", Question(None, TODAY, TODAY, Scope(everything=True)))
    return made.data["courses"][0]


@pytest.fixture
def analysed(sat, clock):
    """Figures of the sample course."""
    services.analyse(sat.course_id, now=clock())
    db.session.commit()
    return sat


def test_bank_and_report_find_the_same_questions_that_need_a_look(analysed) -> None:
    course = course_in_report()
    met = [each for each in listing.entries() if each.figures and each.figures.enough]
    assert course["flagged"] == sum(bool(each.look) for each in met) > 0
    assert course["judged"] == len(met)
    for key, code, _title, _text in FLAGS:
        assert course["flags"][key] == sum(code in each.figures.flags for each in met), key


def test_a_retired_question_needs_no_look_in_either(analysed, client, app, clock) -> None:
    educator = sign_in(client, app, "ed.ucator@example.org", ["educator"])
    odd = next(each for each in listing.entries() if each.look)
    before = course_in_report()["flagged"]
    retiring.retire(
        analysed, odd.item.id, "Two keys.", actor=educator.account_id, now=clock() - dt.timedelta(minutes=1)
    )
    db.session.commit()
    assert course_in_report()["flagged"] == before - 1 == sum(bool(each.look) for each in listing.entries())


def test_both_call_a_flag_by_the_same_name() -> None:
    assert {code: title for _key, code, title, _text in FLAGS} == {
        code: str(words.FLAGS[code][0]) for _key, code, _title, _text in FLAGS
    }
    assert {code for key, code, _title, _text in FLAGS if key not in NOTES} == set(LOOK)
