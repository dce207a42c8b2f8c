"""Short ways to read item Markdown in tests."""

from __future__ import annotations

import textwrap

from assessments.model import Bank, Fault, Item
from assessments.reading import read_bank


def read(source: str) -> tuple[Bank, list[Fault]]:
    """Read an item file written as an indented string."""
    return read_bank(textwrap.dedent(source).lstrip("\n"), "questions.md")


def errors(source: str) -> list[str]:
    """Return the errors of a source as `line:column message`."""
    return [f"{one.line}:{one.column} {one.message}" for one in read(source)[1] if one.severity == "error"]


def warnings(source: str) -> list[str]:
    """Return the warnings of a source as `line:column message`."""
    return [f"{one.line}:{one.column} {one.message}" for one in read(source)[1] if one.severity == "warning"]


def item(source: str) -> Item:
    """Return the one item of a source that has no errors."""
    bank, faults = read(source)
    assert [one for one in faults if one.severity == "error"] == []
    assert len(bank.items) == 1
    return bank.items[0]


def question(body: str, attributes: str = "#q") -> str:
    """Return the source of one item with a stem and the body given."""
    return f"## A question {{{attributes}}}\n\nWhat now?\n\n{textwrap.dedent(body).strip()}\n"
