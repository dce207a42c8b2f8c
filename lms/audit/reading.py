"""The access log: who opened a named record of somebody else, so that staff can read it about themselves.

A reload within a quarter of an hour, or of a list within a day, is the same look and writes nothing. Another page
within that time is the same look at one more place. Looking at one's own record is nobody's business and is not kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, func, literal, select

from lms.audit.models import RecordView, RecordViewPlace
from lms.audit.places import LONGEST, Place
from lms.db import Instant, among, db, insert_found, insert_ignore

QUARTER = 15 * 60
DAY = 24 * 60 * 60
SPANS = {"record": QUARTER, "certificate": QUARTER, "list": DAY, "export": QUARTER}
ORDER = ("administrator", "cmio", "supervisor", "educator", "learner")
BATCH = 500


@dataclass(frozen=True)
class Seen:
    """A place of a look: the code of the page, the labels as they were seen, when it was first opened."""

    code: str
    about: str
    unit: str
    at: dt.datetime


@dataclass(frozen=True)
class Look:
    """One look: who, whom, at what, in which role, when, and where; old looks have no place."""

    id: int
    at: dt.datetime
    viewer_id: int
    subject_id: int
    what: str
    role: str
    places: tuple[Seen, ...] = ()


def log_view(
    viewer_id: int,
    roles: Collection[str],
    subject_ids: Iterable[int],
    what: str,
    place: Place,
    *,
    own: int,
    now: dt.datetime,
) -> int:
    """Note that an account opened the named records of these people; returns how many looks are new.

    `what` is list, record, certificate or export; `place` the page; `own` the viewer's own person, who is left out.
    """
    role = next((each for each in ORDER if each in roles), "learner")
    span = int(now.timestamp()) // SPANS[what]
    subjects = sorted(set(subject_ids) - {own})
    if not subjects or _noted(viewer_id, subjects, what, span, place) == len(subjects):
        return 0
    rows = [
        {"at": now, "viewer_id": viewer_id, "subject_id": subject, "what": what, "role": role, "span": span}
        for subject in subjects
    ]
    keys = ["subject_id", "viewer_id", "what", "span"]
    new = 0
    for at in range(0, len(rows), BATCH):
        new += insert_ignore(RecordView.__table__, rows[at : at + BATCH], keys)  # type: ignore[arg-type]
    _note_place(viewer_id, subjects, what, span, place, now)
    return new


def _noted(viewer_id: int, subjects: list[int], what: str, span: int, place: Place) -> int:
    """At how many of these people this look at this place is kept: all of them where a page is opened again."""
    view, seen = RecordView, RecordViewPlace
    statement = (
        select(func.count())
        .select_from(view)
        .join(seen, seen.view_id == view.id)
        .where(_same(viewer_id, subjects, what, span), *_at(place))
    )
    return db.session.scalar(statement) or 0


def _note_place(viewer_id: int, subjects: list[int], what: str, span: int, place: Place, now: dt.datetime) -> None:
    """Write where these looks were, in one statement however many they are."""
    found = (
        select(RecordView.id, *(literal(text, String) for text in _labels(place)), literal(now, Instant))
        .where(_same(viewer_id, subjects, what, span))
        .order_by(RecordView.id)  # two of the same wait for each other instead of each for the other
    )
    names = ("view_id", "place", "about", "unit", "at")
    insert_found(RecordViewPlace.__table__, names, found, names[:4])  # type: ignore[arg-type]


def _labels(place: Place) -> tuple[str, str, str]:
    return place.code, place.about[:LONGEST], place.unit[:LONGEST]


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    columns = (RecordViewPlace.place, RecordViewPlace.about, RecordViewPlace.unit)
    return tuple(column == text for column, text in zip(columns, _labels(place), strict=True))


def _same(viewer_id: int, subjects: list[int], what: str, span: int) -> ColumnElement[bool]:
    view = RecordView
    return and_(view.viewer_id == viewer_id, view.what == what, view.span == span, among(view.subject_id, subjects))


def looks_at(subject_id: int, *, before: int | None = None, limit: int = 50) -> tuple[Look, ...]:
    """The latest looks at a person's record; `before` is the id of the last one shown."""
    return _looks(before, limit, RecordView.subject_id == subject_id)


def looks(
    *, subject_id: int | None = None, viewer_id: int | None = None, before: int | None = None, limit: int = 100
) -> tuple[Look, ...]:
    """The latest looks of all, of one viewer, or at one person."""
    conditions = []
    if subject_id is not None:
        conditions.append(RecordView.subject_id == subject_id)
    if viewer_id is not None:
        conditions.append(RecordView.viewer_id == viewer_id)
    return _looks(before, limit, *conditions)


def _looks(before: int | None, limit: int, *conditions: ColumnElement[bool]) -> tuple[Look, ...]:
    columns = (
        RecordView.id, RecordView.at, RecordView.viewer_id, RecordView.subject_id, RecordView.what, RecordView.role,
    )  # fmt: skip
    statement = select(*columns).where(*conditions).order_by(RecordView.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(RecordView.id < before)
    rows = db.session.execute(statement).all()
    places = _places([row.id for row in rows])
    return tuple(Look(*row, places=tuple(places.get(row.id, ()))) for row in rows)


def _places(view_ids: Collection[int]) -> dict[int, list[Seen]]:
    """The places of each look in the order in which they were opened."""
    place, found = RecordViewPlace, dict[int, list[Seen]]()
    if not view_ids:
        return found
    statement = (
        select(place.view_id, place.place, place.about, place.unit, place.at)
        .where(among(place.view_id, view_ids))
        .order_by(place.view_id, place.at, place.place, place.about, place.unit)
    )
    for row in db.session.execute(statement):
        found.setdefault(row.view_id, []).append(Seen(row.place, row.about, row.unit, row.at))
    return found
