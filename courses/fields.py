"""YAML read as strings with positions, then typed by us: front matter and framework files.

`2026.1`, `no` and `07:30` stay what the author wrote until a field says what it is. Every fault is collected; a
field that cannot be read gives its default and the reading goes on. Knows no file system.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assessments.model import Fault

DEEPEST = 20
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,6})?\Z")
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[MappingNode | None, list[Fault]]:
    """Parse one YAML mapping that begins at `first_line` of `path`, without typing anything.

    Anchors and aliases are refused (a few of them can stand for gigabytes), and so is nesting beyond reason.
    """
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            mark = event.start_mark
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                return None, [
                    _fault(path, first_line, mark, "anchors (&) and aliases (*) are not read: write the value out")
                ]
            if depth > DEEPEST:
                return None, [_fault(path, first_line, mark, f"nested deeper than {DEEPEST} levels")]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        what = " ".join(part for part in (fault.context, fault.problem) if part)
        return None, [
            _fault(path, first_line, fault.problem_mark or fault.context_mark, f"not readable as YAML: {what}")
        ]
    except (yaml.YAMLError, RecursionError, ValueError):
        return None, [
            Fault(path, first_line, 1, "error", "not readable as YAML: it holds characters that YAML refuses")
        ]
    if not isinstance(node, MappingNode):
        return None, [Fault(path, first_line, 1, "error", "expected fields, one a line, as in “title: Safer orders”")]
    return node, []


def _fault(path: str, first_line: int, mark: yaml.Mark | None, message: str) -> Fault:
    if mark is None:
        return Fault(path, first_line, 1, "error", message)
    return Fault(path, first_line + mark.line, mark.column + 1, "error", message)


class Fields:
    """The fields of one YAML mapping.

    Each reader method takes the field's name, returns its typed value or the default, and notes a fault where the
    value is missing (with `required`) or is not what was expected. `finish` warns of fields nobody asked for.
    """

    def __init__(self, node: MappingNode, path: str, first_line: int, faults: list[Fault]) -> None:
        self.path = path
        self.first_line = first_line
        self.faults = faults
        self._node: Node = node
        self._asked: set[str] = set()
        self._values: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._say(key, "error", "a field's name is a plain word")
            elif key.value in self._values:
                self._say(key, "error", f"the field “{key.value}” stands here twice")
            else:
                self._values[key.value] = (key, value)

    @classmethod
    def empty(cls, path: str, first_line: int, faults: list[Fault]) -> "Fields":
        """Return fields with nothing in them, for a file without front matter."""
        return cls(MappingNode("tag:yaml.org,2002:map", []), path, first_line, faults)

    def _say(self, node: Node | None, severity: Literal["error", "warning"], message: str) -> None:
        mark = node.start_mark if node is not None else None
        line, column = (self.first_line + mark.line, mark.column + 1) if mark else (self.first_line, 1)
        self.faults.append(Fault(self.path, line, column, severity, message))

    def error(self, name: str, message: str) -> None:
        """Note an error at the value of the field `name`, at the beginning where it is missing."""
        self._say(self._values[name][1] if name in self._values else None, "error", message)

    def warning(self, name: str, message: str) -> None:
        """Note a warning at the value of the field `name`."""
        self._say(self._values[name][1] if name in self._values else None, "warning", message)

    def line(self, name: str) -> int:
        """Return the line of the field's value, the first line where it is missing."""
        mark = self._values[name][1].start_mark if name in self._values else None
        return self.first_line + (mark.line if mark else 0)

    def has(self, name: str) -> bool:
        """Whether the field is there and not empty."""
        self._asked.add(name)
        node = self._values.get(name, (None, None))[1]
        return node is not None and not (isinstance(node, ScalarNode) and node.value in ("", "~", "null"))

    def _present(self, name: str, required: bool, expected: str) -> Node | None:
        if self.has(name):
            return self._values[name][1]
        if required:
            self.error(name, f"the field “{name}” is missing: expected {expected}")
        return None

    def _scalar(self, name: str, required: bool, expected: str) -> str | None:
        node = self._present(name, required, expected)
        if node is None:
            return None
        if not isinstance(node, ScalarNode):
            self._say(node, "error", f"“{name}” is not readable: expected {expected}")
            return None
        return str(node.value).strip()

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
        self, name: str, default: Fraction | None = None, *, required: bool = False, low: int = 0, high: int = 1_000_000,
        expected: str | None = None,
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
        """Return the nodes of a list; a single word counts as a list of one."""
        node = self._present(name, required, expected)
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            if required and not node.value:
                self.error(name, f"“{name}” is empty: expected {expected}")
            return list(node.value)
        if isinstance(node, ScalarNode):
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
            value = str(node.value).strip() if isinstance(node, ScalarNode) else ""
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
            if isinstance(node, MappingNode):
                found.append(Fields(node, self.path, self.first_line, self.faults))
            else:
                self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return found

    def inner(self, name: str, *, required: bool = False, expected: str = "fields") -> "Fields | None":
        """Return a mapping inside this one."""
        node = self._present(name, required, expected)
        if node is None:
            return None
        if isinstance(node, MappingNode):
            return Fields(node, self.path, self.first_line, self.faults)
        self._say(node, "error", f"“{name}” is not readable: expected {expected}")
        return None

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, in the order written."""
        return tuple(self._values)

    def here(self, severity: Literal["error", "warning"], message: str) -> None:
        """Note a fault at the beginning of this mapping."""
        self._say(self._node if self._values else None, severity, message)

    def finish(self) -> None:
        """Warn of every field that nothing has asked for."""
        for name, (key, _) in self._values.items():
            if name not in self._asked:
                near = difflib.get_close_matches(name, sorted(self._asked), n=1)
                hint = f": did you mean “{near[0]}”?" if near else f"; expected: {', '.join(sorted(self._asked))}"
                self._say(key, "warning", f"the field “{name}” is not known and is not read{hint}")
