"""The fields of a front matter or a framework file, typed by us.

The YAML is read by `assessments.frontmatter` as strings with positions, so `2026.1`, `no` and `07:30` stay what the
author wrote until a field says here what it is. Every fault is collected; a field that cannot be read gives its
default and the reading goes on. Knows no file system.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from assessments.frontmatter import Node
from assessments.model import Fault

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?\Z")
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


class Fields:
    """The fields of one YAML mapping.

    Each reader method takes the field's name, returns its typed value or the default, and notes a fault where the
    value is missing (with `required`) or is not what was expected. `finish` warns of fields nobody asked for.
    """

    def __init__(
        self, values: Mapping[str, Node], path: str, faults: list[Fault], line: int = 1, column: int = 1
    ) -> None:
        """`values` are the fields as read; faults are added to `faults`, those of no field at `line` and `column`."""
        self.path = path
        self.faults = faults
        self._values = values
        self._asked: set[str] = set()
        self._place = (line, column)

    def _say(self, node: Node | None, severity: Literal["error", "warning"], message: str) -> None:
        line, column = (node.line, node.column) if node is not None else self._place
        self.faults.append(Fault(self.path, line, column, severity, message))

    def error(self, name: str, message: str) -> None:
        """Note an error at the value of the field `name`, at the beginning where it is missing."""
        self._say(self._values.get(name), "error", message)

    def warning(self, name: str, message: str) -> None:
        """Note a warning at the value of the field `name`."""
        self._say(self._values.get(name), "warning", message)

    def line(self, name: str) -> int:
        """Return the line of the field's value, the first line where it is missing."""
        return self._values[name].line if name in self._values else self._place[0]

    def has(self, name: str) -> bool:
        """Whether the field is there and not empty."""
        self._asked.add(name)
        node = self._values.get(name)
        return node is not None and node.text not in ("", "~", "null")

    def _present(self, name: str, required: bool, expected: str) -> Node | None:
        if self.has(name):
            return self._values[name]
        if required:
            self.error(name, f"the field “{name}” is missing: expected {expected}")
        return None

    def _scalar(self, name: str, required: bool, expected: str) -> str | None:
        node = self._present(name, required, expected)
        if node is not None and node.text is None:
            self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return node.text if node is not None else None

    def _wrong(self, name: str, value: str, expected: str) -> None:
        self.error(name, f"“{name}: {value[:80]}” is not readable: expected {expected}")

    def text(
        self, name: str, default: str = "", *, required: bool = False, expected: str = "words",
        pattern: str | None = None, longest: int = 300,
    ) -> str:  # fmt: skip
        """Return text; `pattern` must match all of it, `longest` counts characters."""
        value = self._scalar(name, required, expected)
        if value is None:
            return default
        if pattern is not None and not re.fullmatch(pattern, value):
            self._wrong(name, value, expected)
            return default
        if len(value) > longest:
            self.error(name, f"“{name}” has {len(value)} characters: expected at most {longest}")
            return default
        return value

    def number(
        self, name: str, default: Fraction | None = None, *, required: bool = False, low: int = 0,
        high: int = 1_000_000, expected: str | None = None,
    ) -> Fraction | None:  # fmt: skip
        """Return an exact number from `low` to `high`."""
        words = expected or f"a number from {low} to {high}"
        value = self._scalar(name, required, words)
        if value is None:
            return default
        if not _NUMBER.match(value) or not low <= Fraction(value) <= high:
            self._wrong(name, value, words)
            return default
        return Fraction(value)

    def whole(
        self, name: str, default: int | None = None, *, required: bool = False, low: int = 0, high: int = 1_000_000,
        expected: str | None = None,
    ) -> int | None:  # fmt: skip
        """Return a whole number from `low` to `high`."""
        words = expected or f"a whole number from {low} to {high}"
        value = self._scalar(name, required, words)
        if value is None:
            return default
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not low <= int(value) <= high:
            self._wrong(name, value, words)
            return default
        return int(value)

    def boolean(self, name: str, default: bool) -> bool:
        """Return yes or no."""
        value = self._scalar(name, False, "true or false")
        if value is None:
            return default
        if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        self._wrong(name, value, "true or false")
        return default

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a date written as 2027-11-01."""
        expected = "a date such as 2027-11-01"
        value = self._scalar(name, required, expected)
        if value is None:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self._wrong(name, value, expected)
            return None

    def choice(self, name: str, default: str, allowed: Iterable[str]) -> str:
        """Return one of `allowed`."""
        words = sorted(allowed)
        expected = "one of " + ", ".join(words)
        value = self._scalar(name, False, expected)
        if value is None:
            return default
        if value in words:
            return value
        self._wrong(name, value, expected)
        return default

    def items(self, name: str, *, required: bool = False, expected: str = "a list") -> Sequence[Node]:
        """Return the values of a list; a single word counts as a list of one."""
        node = self._present(name, required, expected)
        if node is None:
            return ()
        if isinstance(node.value, list):
            if required and not node.value:
                self.error(name, f"“{name}” is empty: expected {expected}")
            return node.value
        if isinstance(node.value, str):
            return (node,)
        self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return ()

    def texts(
        self, name: str, *, required: bool = False, expected: str = "a list of words", pattern: str | None = None,
        longest: int = 500,
    ) -> tuple[str, ...]:  # fmt: skip
        """Return a list of texts; each must match `pattern` and none may stand twice."""
        found: list[str] = []
        for node in self.items(name, required=required, expected=expected):
            value = node.text or ""
            if not value or len(value) > longest or (pattern is not None and not re.fullmatch(pattern, value)):
                self._say(node, "error", f"“{name}” holds “{value[:80]}”: expected {expected}")
            elif value in found:
                self._say(node, "error", f"“{value}” stands twice in “{name}”")
            else:
                found.append(value)
        return tuple(found)

    def each(self, name: str, *, required: bool = False, expected: str = "a list of fields") -> list["Fields"]:
        """Return a list of mappings, each to be read as fields of its own."""
        found = []
        for node in self.items(name, required=required, expected=expected):
            if isinstance(node.value, dict):
                found.append(Fields(node.value, self.path, self.faults, node.line, node.column))
            else:
                self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return found

    def inner(self, name: str, *, required: bool = False, expected: str = "fields") -> "Fields | None":
        """Return a mapping inside this one."""
        node = self._present(name, required, expected)
        if node is None:
            return None
        if isinstance(node.value, dict):
            return Fields(node.value, self.path, self.faults, node.line, node.column)
        self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return None

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, in the order written."""
        return tuple(self._values)

    def here(self, severity: Literal["error", "warning"], message: str) -> None:
        """Note a fault at the beginning of this mapping."""
        self._say(None, severity, message)

    def finish(self) -> None:
        """Warn of every field that nothing has asked for."""
        for name, node in self._values.items():
            if name not in self._asked:
                near = difflib.get_close_matches(name, sorted(self._asked), n=1)
                hint = f": did you mean “{near[0]}”?" if near else f"; expected: {', '.join(sorted(self._asked))}"
                self._say(node, "warning", f"the field “{name}” is not known and is not read{hint}")
