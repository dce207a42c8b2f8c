"""Writes of posts and leave, in bulk; each marks the people whose standing it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, tuple_, update

from lms.changes.services import mark_people
from lms.db import db
from lms.people.models import Leave, Post
from lms.people.queries import in_batches


@dataclass(frozen=True)
class PostEntry:
    """A post to be opened. `ends` is the last day, inclusive; None while it is open."""

    person_id: int
    unit_id: int
    title: str
    starts: dt.date
    ends: dt.date | None = None
    super_user: bool = False
    informaticist: bool = False
    manager_id: int | None = None
    listed_start: dt.date | None = None


@dataclass(frozen=True)
class LeaveEntry:
    """A time away from work, both days included."""

    person_id: int
    starts: dt.date
    ends: dt.date | None = None


@dataclass(frozen=True)
class HeldPost:
    """A stored post with its internal id, as an import compares it."""

    id: int
    entry: PostEntry

    @property
    def listed(self) -> dt.date:
        """The first day as the roster states it."""
        return self.entry.listed_start or self.entry.starts


def add_posts(entries: Sequence[PostEntry]) -> None:
    """Open posts in bulk. A post ends no earlier than it starts, or the database refuses all."""
    if entries:
        db.session.execute(insert(Post), [_columns(entry) for entry in entries])
        mark_people(entry.person_id for entry in entries)


def change_posts(entries: Mapping[int, PostEntry]) -> None:
    """Correct posts in bulk, by internal id. What a correction changes counts for past days too."""
    if entries:
        db.session.execute(update(Post), [{"id": i, **_columns(entry)} for i, entry in entries.items()])
        db.session.expire_all()
        mark_people(entry.person_id for entry in entries.values())


def split_posts(entries: Mapping[int, PostEntry], *, today: dt.date) -> None:
    """Give posts new roles from `today` on, by internal id; their past keeps the old ones."""
    if not entries:
        return
    yesterday = today - dt.timedelta(days=1)
    held = {post.id: post for post in held_posts(ids=entries)}
    db.session.execute(update(Post), [{"id": i, "ends": yesterday} for i in entries])
    db.session.expire_all()
    rows = [{**_columns(entry), "starts": today, "listed_start": held[i].listed} for i, entry in entries.items()]
    db.session.execute(insert(Post), rows)
    mark_people(entry.person_id for entry in entries.values())


def end_posts(post_ids: Collection[int], *, last_day: dt.date) -> None:
    """End open posts; one that had not begun by then was never held and goes."""
    for some in in_batches(post_ids):
        held = held_posts(ids=some)
        unbegun = [post.id for post in held if post.entry.starts > last_day]
        if unbegun:
            db.session.execute(delete(Post).where(Post.id.in_(unbegun)))
        ending = [post.id for post in held if post.entry.starts <= last_day]
        if ending:
            db.session.execute(update(Post).where(Post.id.in_(ending)).values(ends=last_day))
        mark_people(post.entry.person_id for post in held)
    db.session.expire_all()


def remove_posts(post_ids: Collection[int]) -> None:
    """Take away posts that were never held, such as parts after a last day that came to be known late."""
    for some in in_batches(post_ids):
        mark_people(post.entry.person_id for post in held_posts(ids=some))
        db.session.execute(delete(Post).where(Post.id.in_(some)))
    db.session.expire_all()


def held_posts(
    *, ids: Collection[int] | None = None, people: Collection[int] = (), units: Collection[int] = ()
) -> list[HeldPost]:
    """Stored posts: those with these ids, or those of any of these people or in any of these units."""
    columns = (
        Post.id, Post.person_id, Post.unit_id, Post.title, Post.starts, Post.ends, Post.super_user,
        Post.informaticist, Post.manager_id, Post.listed_start,
    )  # fmt: skip
    found: dict[int, HeldPost] = {}
    wanted = [(Post.id, ids)] if ids is not None else [(Post.person_id, people), (Post.unit_id, units)]
    for column, values in wanted:
        for some in in_batches(list(values)):
            for row in db.session.execute(select(*columns).where(column.in_(some)).order_by(Post.id)):
                found[row.id] = HeldPost(row.id, PostEntry(*tuple(row)[1:]))
    return list(found.values())


def set_leaves(entries: Sequence[LeaveEntry], gone: Sequence[LeaveEntry] = ()) -> None:
    """Write times away, by person and first day; `gone` are times that turned out not to be."""
    stale = list({(entry.person_id, entry.starts) for entry in [*gone, *entries]})
    for some in in_batches(stale, 400):
        db.session.execute(delete(Leave).where(tuple_(Leave.person_id, Leave.starts).in_(some)))
    if entries:
        rows = [{"person_id": e.person_id, "starts": e.starts, "ends": e.ends} for e in entries]
        db.session.execute(insert(Leave), rows)
    mark_people(entry.person_id for entry in [*gone, *entries])


def _columns(entry: PostEntry) -> dict[str, Any]:
    return {
        "person_id": entry.person_id,
        "unit_id": entry.unit_id,
        "title": entry.title,
        "starts": entry.starts,
        "ends": entry.ends,
        "super_user": entry.super_user,
        "informaticist": entry.informaticist,
        "manager_id": entry.manager_id,
        "listed_start": entry.listed_start,
    }
