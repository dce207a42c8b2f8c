"""The command `python -m assessments convert FILE --to FORMAT -o OUT [--from FORMAT] [--report FILE.json] [--dry-run]`.

The only part of the room that touches a disk. What it writes stands under its name whole or not at all. Exit 0 where
OUT was written (refused items are in the report), 1 where nothing could be, 2 on a wrong call.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assessments.archive import pack, safe_path
from assessments.exchange.authored.checking import media_of
from assessments.exchange.content import PACKAGE
from assessments.exchange.conversion import FORMATS, TARGETS, ExchangeError, Export, Record, read_items, write_items
from assessments.exchange.record import joined
from assessments.model import Bank


def add_conversion(commands: Any) -> None:
    """Add the command to the parser's commands."""
    parser = commands.add_parser("convert", help="take questions from one format to another, with a report")
    parser.add_argument("file", type=Path, help="questions of any known format, or a zip package of them")
    parser.add_argument("--to", required=True, choices=TARGETS, dest="target")
    parser.add_argument("--from", choices=tuple(FORMATS), dest="source", help="else told from the content")
    parser.add_argument("-o", "--output", type=Path, help="the new file; needed unless --dry-run is given")
    parser.add_argument("--report", type=Path, help="write what became of each item as JSON")
    parser.add_argument("--dry-run", action="store_true", help="only report, write no questions")


def run_conversion(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if options.output is None and not options.dry_run:
        print("error: expected -o OUT, or --dry-run", file=sys.stderr)
        return 2
    try:
        data = _read(options.file, PACKAGE.archive)
        given = read_items(data, name=options.file.name, source=options.source)
        media = {**_media_beside(options.file, given.bank), **given.media}
        single = options.output is not None and options.output.suffix.lower() == ".xml" and len(given.bank.items) == 1
        made = write_items(given.bank, options.target, media=media, single=single)
        record = joined(given.record, made.record)
        kept = record.count("imported") + record.count("changed")
        if kept and not options.dry_run:
            _write(options.output, made, options.target)
        if options.report is not None:
            _put(options.report, (json.dumps(record.as_json(), indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
    except (ExchangeError, OSError) as fault:
        said = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        print(f"error: {options.file}: {said}", file=sys.stderr)
        return 1
    _say(record)
    if not kept:
        print("error: no question could be carried over; nothing was written", file=sys.stderr)
        return 1
    if options.output is not None and made.suffix == ".zip" != options.output.suffix.lower():
        print(f"note: {options.output} holds a zip package, whatever its name says", file=sys.stderr)
    return 0


def _say(record: Record) -> None:
    counts = (record.count("imported"), record.count("changed"), record.count("refused"))
    print("{} imported, {} changed, {} refused".format(*counts), file=sys.stderr)
    for note in record.notes:
        print(f"note: {note}", file=sys.stderr)
    for one in record.outcomes:
        for reason in one.reasons:
            print(f"{one.status}: {one.id} ({one.type}): {reason}", file=sys.stderr)


def _read(path: Path, most: int) -> bytes:
    """Return the bytes of an ordinary file of bounded size."""
    if not path.exists():
        raise ExchangeError("there is no such file")
    if not path.is_file():
        raise ExchangeError("this is not a file: expected questions in one")
    if path.stat().st_size > most:
        raise ExchangeError(f"the file has {path.stat().st_size:,} bytes: expected at most {most:,}")
    return path.read_bytes()


def _media_beside(path: Path, bank: Bank) -> Mapping[str, bytes]:
    """Return the files of the folder `media/` beside a source that the bank names; links that lead out are left."""
    found: dict[str, bytes] = {}
    root = path.parent.resolve()
    for name in media_of(bank):
        target = root / name
        if safe_path(name) and target.is_file() and target.resolve().is_relative_to(root):
            found[name] = _read(target, PACKAGE.file)
    return found


def _write(output: Path, made: Export, target: str) -> None:
    if output.is_dir():
        raise ExchangeError(f"{output} is a folder: expected the name of a file")
    data = made.data
    if target == "markdown" and output.suffix.lower() == ".zip":
        data = pack({"questions.md": made.data, **made.media})
    else:
        _write_media(output.parent, made.media)
    _put(output, data)


def _write_media(folder: Path, media: Mapping[str, bytes]) -> None:
    """Write media beside the new file; one of that name with other content is left alone and stops everything."""
    for name, data in media.items():
        if (folder / name).exists() and (folder / name).read_bytes() != data:
            raise ExchangeError(f"{folder / name} is already there with other content: expected an empty media folder")
    for name, data in media.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _put(folder / name, data)


def _put(path: Path, data: bytes) -> None:
    """Write a file under a passing name and then give it its own, so that it is never half there."""
    handle, passing = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # A temporary file is private; what is written here is an ordinary file.
        mask = os.umask(0)
        os.umask(mask)
        Path(passing).chmod(0o666 & ~mask)
        Path(passing).replace(path)
    except BaseException:
        Path(passing).unlink(missing_ok=True)
        raise
