"""The database leaf: the session, column types, and the few places where backends differ.

Everything that only one database understands stands in this file. It knows no feature.

Transactions: a request, a task or a command is one transaction, committed by its view, task
or command. On SQLite a transaction that reads first and writes later can fail whatever the
busy timeout, so every transaction that may write takes the write lock at its start; only
requests that are known to read (`reading()`) begin without it.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    any_,
    bindparam,
    event,
    func,
    select,
    text,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_reading: contextvars.ContextVar[bool] = contextvars.ContextVar("reading", default=False)


class Base(DeclarativeBase):
    """Declarative base with constraint names that migrations can refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})


class Instant(TypeDecorator[dt.datetime]):
    """A moment in UTC. Naive values are refused, so that no local time slips in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


Document = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def public_id() -> str:
    """A new opaque identifier for addresses and the API: 20 characters, 100 bits and more."""
    return secrets.token_hex(10)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, and on SQLite take no write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write, also within a request that otherwise only reads."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(value: bool) -> None:
    """The same as `reading()` for a whole request."""
    _reading.set(value)


def insert_ignore(table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> int:
    """Insert the rows whose `keys` are not there yet; returns how many were new."""
    if not rows:
        return 0
    statement = _insert(table).values(list(rows)).on_conflict_do_nothing(index_elements=list(keys))
    # Without the option psycopg's count is lost on its way through the compiled insert.
    result = db.session.execute(statement.execution_options(preserve_rowcount=True))
    return int(getattr(result, "rowcount", 0))


def insert_found(table: Table, names: Sequence[str], found: Any, keys: Sequence[str]) -> None:
    """Insert the rows that a select finds, in its order, except those whose `keys` are there already.

    The select needs a condition: without one SQLite reads the conflict clause as a part of a join.
    """
    db.session.execute(_insert(table).from_select(list(names), found).on_conflict_do_nothing(index_elements=list(keys)))


def upsert(table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str], change: Sequence[str]) -> None:
    """Insert the rows, or set the columns in `change` where `keys` are there already."""
    if not rows:
        return
    statement = _insert(table).values(list(rows))
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in change}
    )
    db.session.execute(statement)


def add_up(table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str], counts: Sequence[str]) -> None:
    """Add the numbers in `counts` to the row with these `keys`, or insert it where there is none."""
    if not rows:
        return
    statement = _insert(table)
    # Every row goes through one prepared statement, which costs a tenth of one statement with all values.
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: table.c[name] + statement.excluded[name] for name in counts}
    )
    db.session.connection().execute(statement, list(rows))


def numbers(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[int | str]], *, words: Collection[str] = ()
) -> CTE:
    """Rows of whole numbers as a part of a statement; any number of them are one parameter. `words` are text."""
    types: list[Any] = [Text if column in words else Integer for column in columns]
    packed = bindparam(None, json.dumps([list(row) for row in rows]), type_=Text, unique=True)
    if db.engine.dialect.name == "postgresql":
        each = func.jsonb_array_elements(as_type(packed, postgresql.JSONB)).table_valued("value")
        found: list[Any] = [as_type(each.c.value.op("->>")(place), kind) for place, kind in enumerate(types)]
    else:
        each = func.json_each(packed).table_valued("value")
        found = [func.json_extract(each.c.value, f"$[{place}]", type_=kind) for place, kind in enumerate(types)]
    return select(*(one.label(column) for one, column in zip(found, columns, strict=True))).cte(name)


def seconds_between(start: Any, end: Any) -> ColumnElement[float]:
    """The seconds from one moment to another, as a part of a statement."""
    if db.engine.dialect.name == "postgresql":
        return as_type(func.extract("epoch", end - start), Float)
    return as_type((func.julianday(end) - func.julianday(start)) * 86400.0, Float)


def among(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a column is one of these numbers, however many they are, as one parameter.

    A thousand parameters cost more than the rows that they find.
    """
    if db.engine.dialect.name == "postgresql":
        packed = bindparam(None, list(ids), type_=postgresql.ARRAY(Integer), unique=True)
        return cast("ColumnElement[bool]", column == any_(packed))
    each = func.json_each(bindparam(None, json.dumps(list(ids)), type_=Text, unique=True)).table_valued("value")
    return cast("ColumnElement[bool]", column.in_(select(each.c.value)))


@contextmanager
def whole_tables() -> Iterator[None]:
    """Statements inside go over whole tables: PostgreSQL sorts and hashes them in memory instead of probing row by row.

    It cannot know how many rows a named part of a statement has, guesses two hundred, and would probe
    the indexes of a million people. SQLite has its own way.
    """
    if db.engine.dialect.name != "postgresql":
        yield
        return
    names = ("work_mem", "jit", "enable_nestloop")
    before = db.session.execute(select(*(func.current_setting(name) for name in names))).one()
    _set(dict(zip(names, ("128MB", "off", "off"), strict=True)))
    try:
        yield
    finally:
        if db.session.is_active:  # after a fault the transaction takes its settings with it
            _set(dict(zip(names, before, strict=True)))


def _set(values: Mapping[str, str]) -> None:
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in values.items())))


def streamed(statement: Any, size: int) -> Iterator[Sequence[Any]]:
    """The rows of a statement in lists of `size`, by a cursor on the server, so that memory stays bounded."""
    result = db.session.connection().execution_options(yield_per=size).execute(statement)
    yield from result.partitions(size)


def _insert(table: Table) -> Any:
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def lock_named(name: str, *, patient: bool = True) -> bool:
    """Hold a named lock until the transaction ends; SQLite's one write lock is that already.

    Whoever is not `patient` goes without it, and False, while somebody else holds it.
    """
    if db.engine.dialect.name != "postgresql":
        return True
    if not patient:
        return bool(db.session.scalar(text("select pg_try_advisory_xact_lock(hashtext(:name))"), {"name": name}))
    db.session.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
    return True


def snapshot() -> None:
    """Read everything in this transaction as it is now; to be called first. SQLite does so anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def reset_sequences() -> None:
    """After rows came in with their own numbers: let PostgreSQL count on from the highest."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            db.session.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "  # noqa: S608
                    f"coalesce((select max({column.name}) from {table.name}), 0) + 1, false)"
                )
            )


def skip_locked() -> dict[str, bool]:
    """Arguments for `with_for_update` in a queue; SQLite ignores the clause as it has one writer."""
    return {"skip_locked": True}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("pragma foreign_keys = on")
    cursor.execute("pragma busy_timeout = 15000")
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma cache_size = -32000")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
