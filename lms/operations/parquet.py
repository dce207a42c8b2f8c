"""The ledger and the attempts as Parquet files for DuckDB, Spark and the like, one file a month.

People and pieces of evidence appear under keyed hashes: the same person is the same everywhere in the
export and in every later one, and only whoever holds the key of this instance can say who it is. Names,
documents, free text and answers are not in it. Rows are read by a cursor on the server in one snapshot,
so that memory stays bounded, and every file appears whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from lms.db import db, snapshot, streamed
from lms.operations.datasets import DataSet, data_sets

BATCH = 20_000  # rows in memory at a time
FORMAT = 1
MANIFEST = "manifest.json"
PART = "part-0.parquet"
KEY = "export_key"


class ExportFault(Exception):
    """The export cannot be written; the message says why and what was expected."""


@dataclass(frozen=True)
class Exported:
    """What was written: rows by data set, and how many files."""

    rows: dict[str, int]
    files: int


def export(folder: Path, instance: Path, *, since: dt.date | None = None) -> Exported:
    """Write the data sets below `folder`; with `since` only months from that one on. Raises ExportFault.

    Repeated, it gives the same files. Months that are not asked for stay as they are.
    """
    kept = _manifest(folder)
    key = _key(instance / KEY)
    staging = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    first = since.replace(day=1) if since else dt.date.min
    snapshot()
    try:
        staging.mkdir(parents=True)
        files: dict[str, dict[str, Any]] = {}
        for each in data_sets():
            for month in _months(each, first):
                name = f"{each.name}/year={month.year:04}/month={month.month:02}/{PART}"
                (staging / name).parent.mkdir(parents=True)
                rows = _write(staging / name, each, month, key)
                files[name] = {"rows": rows, "sha256": _digest(staging / name)}
        _put_in_place(staging, folder, files, kept, first)
    except OSError as fault:
        raise ExportFault(f"{folder} could not be written: {fault.strerror}.") from fault
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    rows_of = {
        each.name: sum(f["rows"] for n, f in files.items() if n.startswith(each.name + "/")) for each in data_sets()
    }
    return Exported(rows_of, len(files))


def _manifest(folder: Path) -> dict[str, dict[str, Any]] | None:
    """The files of an earlier export there, None where the folder is new."""
    if not folder.parent.is_dir():
        raise ExportFault(f"There is no folder {folder.parent}; an existing folder was expected.")
    if not folder.exists():
        return None
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return dict(held["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ExportFault(
            f"{folder} is not an export of ours; a new folder or an earlier export was expected."
        ) from None


def _months(data: DataSet, first: dt.date) -> Iterator[dt.date]:
    """The first days of the months in which there may be rows, from the oldest to the newest."""
    oldest, newest = db.session.execute(select(func.min(data.moment), func.max(data.moment))).one()
    if oldest is None:
        return
    month = max(oldest.date().replace(day=1), first)
    while month <= newest.date():
        if db.session.execute(_rows(data, month).limit(1)).first() is not None:
            yield month
        month = _next(month)


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


def _rows(data: DataSet, month: dt.date) -> Select[Any]:
    start, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (month, _next(month)))
    chosen = data.joined(select(*(column.source for column in data.columns)).select_from(data.order[-1].table))
    return chosen.where(data.moment >= start, data.moment < end)


def _write(path: Path, data: DataSet, month: dt.date, key: bytes) -> int:
    """Write one file; returns its rows."""
    import pyarrow as pa  # not before an export is asked for: it doubles the start of everything else
    import pyarrow.parquet as pq

    kinds = {
        "string": pa.string(), "int8": pa.int8(), "int16": pa.int16(), "bool": pa.bool_(), "date32": pa.date32(),
        "double": pa.float64(), "instant": pa.timestamp("us", tz="UTC"), "decimal": pa.decimal128(5, 1),
    }  # fmt: skip
    schema = pa.schema(
        [pa.field(each.name, kinds[each.kind], metadata={"meaning": each.meaning}) for each in data.columns]
    )
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for some in streamed(_rows(data, month).order_by(*data.order), BATCH):
            columns = [
                pa.array([_hash(key, value) for value in values] if column.hashed else values, kinds[column.kind])
                for column, values in zip(data.columns, zip(*some, strict=True), strict=True)
            ]
            file.write_table(pa.Table.from_arrays(columns, schema=schema))
            rows += len(some)
    return rows


def _hash(key: bytes, value: str) -> str:
    return hmac.digest(key, value.encode(), "sha256").hex()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_in_place(
    staging: Path,
    folder: Path,
    files: dict[str, dict[str, Any]],
    kept: dict[str, dict[str, Any]] | None,
    first: dt.date,
) -> None:
    """Move the files to their place, the manifest last: it names only files that are there."""
    earlier = {name: facts for name, facts in (kept or {}).items() if _month_of(name) < first}
    manifest = {"format": FORMAT, "files": dict(sorted({**earlier, **files}.items()))}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    if kept is None:
        staging.rename(folder)
        return
    for name in (*files, MANIFEST):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(folder / name)
    for name in kept.keys() - earlier.keys() - files.keys():  # months without rows by now
        (folder / name).unlink(missing_ok=True)


def _month_of(name: str) -> dt.date:
    _, year, month, _ = name.split("/")
    return dt.date(int(year.removeprefix("year=")), int(month.removeprefix("month=")), 1)


def _key(path: Path) -> bytes:
    """The key of this instance: made once, readable by its owner alone, also when two exports start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError):
        raise ExportFault(
            f"{path} is damaged; the key of earlier exports was expected. Put it back from a backup."
        ) from None
