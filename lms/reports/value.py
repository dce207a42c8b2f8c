"""The one value behind a report's page and every export, and its digest. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table of a report: column keys with titles, and rows of plain values (None: hidden)."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Report:
    """A report's figures with everything that says what they mean.

    `data` is the JSON payload of the API without date and digest; `tables` are the same figures
    for CSV, XLSX and PDF. The digest covers kind, date, filters and data, and so is the same in
    every format.
    """

    kind: str
    title: str
    finding: str
    as_of: dt.date
    filters: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    data: Mapping[str, Any]
    tables: tuple[Table, ...]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        facts = {"kind": self.kind, "as_of": self.as_of.isoformat(), "filters": self.filters, "data": self.data}
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())

    def payload(self) -> dict[str, Any]:
        """The JSON answer of the API."""
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
