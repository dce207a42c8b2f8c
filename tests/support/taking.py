"""Taking a course in tests: publish one, complete its lessons, answer its items rightly or not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import event

from assessments import registry
from assessments.model import Item
from lms.catalog import queries as catalog
from lms.credentials.desk import current_desk
from lms.db import db
from lms.learning import services as learning
from lms.learning.facts import EnrolmentFacts
from lms.publishing import services as publishing
from lms.quizzes import queries as quizzes
from lms.quizzes import services as attempts
from tests.support.courses import RIGHT, course_files


def put_course(now: dt.datetime, **changes: Any) -> publishing.Published:
    """Publish the sample course, changed by the arguments of `course_files`, and commit."""
    files = course_files(**changes)
    done = publishing.publish(files, "sample", actor=None, now=now)
    db.session.commit()
    return done


def read_all(person_id: int, code: str, now: dt.datetime) -> EnrolmentFacts:
    """Enrol a person and complete every lesson; commits."""
    enrolment = learning.enrol(person_id, code, now=now)
    version = catalog.current_version(code)
    assert version is not None
    for lesson in catalog.lessons(version.id):
        learning.complete_lesson(enrolment.id, lesson.slug, now=now, actor=None, desk=current_desk())
    db.session.commit()
    return enrolment


def right_answer(item: Item, seed: str) -> Any:
    """The raw answer that is right for an item of the sample course."""
    wanted = RIGHT[item.id]
    options = {option["html"]: option["id"] for option in registry.present(item, seed).get("options", [])}
    if isinstance(wanted, list):
        return [options[text] for text in wanted]
    return options.get(wanted, wanted) if isinstance(wanted, str) else wanted


def wrong_answer(item: Item, seed: str) -> Any:
    """A raw answer that earns nothing."""
    wanted = RIGHT[item.id]
    options = {option["html"]: option["id"] for option in registry.present(item, seed).get("options", [])}
    if options:
        wrong = [key for text, key in options.items() if text != wanted and text not in wanted]  # type: ignore[operator]
        return wrong if isinstance(wanted, list) else wrong[0]
    return 999 if isinstance(wanted, int) else "something else"


def answer(public_id: str, person_id: int, now: dt.datetime, *, wrong: int = 0) -> None:
    """Answer every item of an attempt, the last `wrong` of them not rightly; commits."""
    attempt = quizzes.attempt(public_id, person_id)
    assert attempt is not None
    paper = quizzes.paper(attempt)
    for place, item in enumerate(paper):
        make = wrong_answer if place >= len(paper) - wrong else right_answer
        attempts.save(public_id, item.id, make(item, attempt.seed), person_id=person_id, now=now)
    db.session.commit()


def take(person_id: int, code: str, now: dt.datetime, *, wrong: int = 0) -> Any:
    """Start an attempt, answer everything and hand in; returns the result; commits."""
    public_id = attempts.start(person_id, code, actor=None, now=now)
    answer(public_id, person_id, now, wrong=wrong)
    result = attempts.submit(public_id, person_id=person_id, actor=None, now=now)
    db.session.commit()
    return result


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked inside, in order; the begin of a transaction is not counted."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, many) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def form_of(html: str, form_id: str) -> Mapping[str, str]:
    """Texts of the options of a form in a page and the ids under which they are sent."""
    form = re.search(rf'<form[^>]*id="{form_id}".*?</form>', html, re.DOTALL)
    assert form is not None, f"no form {form_id}"
    pattern = r'name="answer" value="([^"]+)".*?</span>\s*<span>(.*?)</span></label>'
    return {text: value for value, text in re.findall(pattern, form[0], re.DOTALL)}


def hospital_day() -> dt.date:
    """Today in the hospital's zone."""
    return current_desk().day(current_app.config["CLOCK"]())
