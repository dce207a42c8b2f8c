"""Backup and restore: one portable file with every row and the issuer's keys.

The file is a zip of one JSON-lines file a table, read in a single snapshot, with a manifest of
row counts and digests. It does not depend on the database it came from, so a backup of SQLite can
be restored into PostgreSQL and the other way round. It holds everything a hospital must guard:
the file is written readable by its owner alone.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKeyConstraint,
    LargeBinary,
    Numeric,
    Table,
    insert,
    inspect,
    literal,
    select,
    update,
)
from sqlalchemy import text as sql

from lms.db import Instant, db, reset_sequences, snapshot

FORMAT = 1
BATCH = 2000


class ArchiveFault(Exception):
    """The backup cannot be written or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What a backup holds."""

    revision: str
    rows: dict[str, int]
    files: int


def revision() -> str:
    """The migration that the database stands at, or an empty string where there is none."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return ""
    return str(db.session.execute(sql("select version_num from alembic_version")).scalar() or "")


def _encode(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _decode(column: Any, value: Any) -> Any:
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, Instant):
        return dt.datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value["b"])
    if isinstance(kind, Numeric) and not isinstance(value, int | float):
        return Decimal(value)
    return value


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    order = list(table.primary_key.columns)
    result = db.session.execute(select(table).order_by(*order).execution_options(yield_per=BATCH))
    names = [column.name for column in table.columns]
    for row in result:
        yield {name: _encode(value) for name, value in zip(names, row, strict=True)}


def backup(path: Path, issuer: Path) -> Summary:
    """Write the backup to `path`, all or nothing. `issuer` is the folder of the signing keys."""
    snapshot()
    stand = revision()
    if not stand:
        raise ArchiveFault("This database has no tables of ours; run `flask --app wsgi db upgrade` first.")
    if not path.parent.is_dir():
        raise ArchiveFault(f"There is no folder {path.parent}; an existing folder was expected.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    files = sorted(p for p in issuer.rglob("*") if p.is_file()) if issuer.is_dir() else []
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as book:
                for table in db.metadata.sorted_tables:
                    counts[table.name], digests[table.name] = _pack(book, table)
                for file in files:
                    book.write(file, f"issuer/{file.relative_to(issuer)}")
                manifest = {"format": FORMAT, "revision": stand, "rows": counts, "sha256": digests}
                book.writestr("manifest.json", json.dumps(manifest, indent=1))
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Summary(stand, counts, len(files))


def _pack(book: zipfile.ZipFile, table: Table) -> tuple[int, str]:
    """Write a table's rows; returns how many and their digest."""
    digest = hashlib.sha256()
    count = 0
    with book.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in _rows(table):
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return count, digest.hexdigest()


def restore(path: Path, issuer: Path) -> Summary:
    """Fill an empty, migrated database from a backup; the caller commits. Raises ArchiveFault.

    The whole file is read and checked before the first row is written.
    """
    try:
        book = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise ArchiveFault(f"{path} is not a backup of ours; a file made by the backup command was expected.") from None
    with book:
        manifest = _manifest(book, path)
        if not revision():
            raise ArchiveFault("This database has no tables of ours; run `flask --app wsgi db upgrade` first.")
        if db_is_used():
            raise ArchiveFault("The database already holds data. Restore into a new, migrated and empty database.")
        if manifest["revision"] != revision():
            raise ArchiveFault(
                f"The backup was made at migration {manifest['revision']}, this database stands at {revision()}. "
                "Install the version that made the backup, restore, then upgrade."
            )
        tables = db.metadata.sorted_tables
        _check_tables(book, tables, manifest)
        _refuse_other_keys(book, issuer)
        later = {table.name: _late_columns(table, tables) for table in tables}
        for table in tables:
            _fill(book, table, set(later[table.name]))
        for table in tables:
            if later[table.name]:
                _complete(book, table, later[table.name])
        reset_sequences()
        count = _keys(book, issuer)
    return Summary(str(manifest["revision"]), dict(manifest["rows"]), count)


def db_is_used() -> bool:
    """Whether any table of ours has a row."""
    return any(
        db.session.execute(select(literal(1)).select_from(table).limit(1)).first() is not None
        for table in db.metadata.sorted_tables
    )


def _manifest(book: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(book.read("manifest.json"))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        raise ArchiveFault(f"{path} has no readable manifest; it is not a whole backup.") from None
    if not isinstance(manifest, dict):
        raise ArchiveFault(f"{path} has no readable manifest; it is not a whole backup.")
    if manifest.get("format") != FORMAT:
        raise ArchiveFault(f"{path} has format {manifest.get('format')!r}; format {FORMAT} was expected.")
    if not all(isinstance(manifest.get(key), dict) for key in ("rows", "sha256")) or "revision" not in manifest:
        raise ArchiveFault(f"{path} has no readable manifest; it is not a whole backup.")
    return manifest


def _check_tables(book: zipfile.ZipFile, tables: list[Table], manifest: dict[str, Any]) -> None:
    """Raise ArchiveFault unless every table is there with the rows and the digest that the manifest names."""
    for table in tables:
        digest, count = hashlib.sha256(), 0
        try:
            for line in _lines(book, table):
                digest.update(line)
                count += 1
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError):
            digest = hashlib.sha256(b"unreadable")
        if (count, digest.hexdigest()) != (manifest["rows"].get(table.name), manifest["sha256"].get(table.name)):
            raise ArchiveFault(
                f"The table {table.name} of the backup is damaged: its digest does not fit. Nothing was restored."
            )


def _lines(book: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with book.open(f"tables/{table.name}.jsonl") as raw:
        yield from raw


def _late_columns(table: Table, order: list[Table]) -> list[str]:
    """Columns that refer to rows not there yet: the table itself, or one that is filled later."""
    known = {t.name for t in order[: order.index(table)]}
    late = []
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name not in known:
            late += [column.name for column in constraint.columns]
    return late


def _fill(book: zipfile.ZipFile, table: Table, late: set[str]) -> None:
    batch: list[dict[str, Any]] = []
    columns = {column.name: column for column in table.columns}
    for line in _lines(book, table):
        row = json.loads(line)
        if row.keys() != columns.keys():
            raise ArchiveFault(f"The table {table.name} of the backup has other columns than this database.")
        batch.append({k: None if k in late else _decode(columns[k], v) for k, v in row.items()})
        if len(batch) >= BATCH:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)


def _complete(book: zipfile.ZipFile, table: Table, late: list[str]) -> None:
    keys = list(table.primary_key.columns)
    for line in _lines(book, table):
        row = json.loads(line)
        values = {name: row[name] for name in late if row[name] is not None}
        if values:
            db.session.execute(update(table).where(*(key == row[key.name] for key in keys)).values(values))


def _key_names(book: zipfile.ZipFile) -> list[str]:
    names = [name for name in book.namelist() if name.startswith("issuer/") and not name.endswith("/")]
    if any(".." in Path(name).parts or Path(name).is_absolute() for name in names):
        raise ArchiveFault("The backup names a file outside its folder and was refused.")
    return names


def _refuse_other_keys(book: zipfile.ZipFile, issuer: Path) -> None:
    """Signing keys that are there already are kept only if they are the same."""
    names = _key_names(book)
    given = {issuer / Path(name).relative_to("issuer"): name for name in names}
    try:
        other = [target for target, name in given.items() if target.exists() and target.read_bytes() != book.read(name)]
    except (zipfile.BadZipFile, zlib.error):
        raise ArchiveFault("A signing key of the backup is damaged. Nothing was restored.") from None
    # A key that the backup does not know would go on signing, and nobody holds the certificate that vouches for it.
    extra = [path for path in issuer.glob("*.pem") if path not in given] if issuer.is_dir() and names else []
    if other or extra:
        raise ArchiveFault(f"{issuer} already holds another signing key. Move that folder away, then restore.")


def _keys(book: zipfile.ZipFile, issuer: Path) -> int:
    """Write the signing keys, each whole or not at all; returns how many."""
    names = _key_names(book)
    for name in names:
        target = issuer / Path(name).relative_to("issuer")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(book.read(name))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return len(names)
