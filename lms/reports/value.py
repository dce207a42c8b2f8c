"""The one value behind a report's page and every export, and its digest. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lms.web.texts import language


@dataclass(frozen=True)
class Table:
    """A table of a report: column keys with titles, and rows of plain values (None: hidden)."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    for_files: bool = False  # too long to read: in CSV and XLSX only


@dataclass(frozen=True)
class Chart:
    """A picture of a report. `title` is its finding, `svg` the drawing, `table` the numbers behind it.

    `note` says what a forecast or an estimate assumes.
    """

    title: str
    svg: str
    table: Table
    note: str = ""


@dataclass(frozen=True)
class Report:
    """A report's figures with everything that says what they mean, its texts in the source language.

    `data` is the JSON payload of the API without date and digest; `tabulate` makes the tables of
    CSV, XLSX, PDF and page from `data` and nothing else, `draw` the charts of page and PDF.
    """

    kind: str
    title: str
    finding: str
    as_of: dt.date
    filters: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    data: Mapping[str, Any]
    tabulate: Callable[[Mapping[str, Any]], tuple[Table, ...]] = field(repr=False, compare=False)
    draw: Callable[[Mapping[str, Any]], tuple[Chart, ...]] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The same figures as tables, the main one first."""
        return self.tabulate(self.data)

    @property
    def shown_tables(self) -> tuple[Table, ...]:
        """The tables that are short enough for page and paper."""
        return tuple(table for table in self.tables if not table.for_files)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The same figures as pictures, drawn once in each language that asks for them; none of some kinds."""
        if self.draw is None:
            return ()
        if language() not in self._drawn:
            self._drawn[language()] = self.draw(self.data)
        return self._drawn[language()]

    @cached_property
    def _drawn(self) -> dict[str, tuple[Chart, ...]]:
        return {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over kind, date, filters and data, and so the same in every format and language."""
        facts = {"kind": self.kind, "as_of": self.as_of.isoformat(), "filters": self.filters, "data": self.data}
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def payload(self) -> dict[str, Any]:
        """The JSON answer of the API, in the source language whoever asks: programs read it."""
        return {
            "kind": self.kind,
            "as_of": self.as_of.isoformat(),
            "digest": self.digest,
            "title": self.title,
            "finding": self.finding,
            "filters": dict(self.filters),
            "definitions": [{"term": term, "text": text} for term, text in self.definitions],
            **self.data,
        }

    @cached_property
    def body(self) -> bytes:
        """The payload as JSON text, made once for a value that is answered many times."""
        return json.dumps(self.payload(), ensure_ascii=False, separators=(",", ":"), default=str).encode()
