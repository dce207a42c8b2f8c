"""YAML between two `---` lines at the head of a file, read as strings with their positions.

`2026.1`, `no` and `07:30` mean what they say; whoever asks for a field gives it its type. The reader knows no
field, so that every kind of file can use it. Aliases, doubled keys and deep nesting are faults, not surprises.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from assessments.model import Fault

_MARK = re.compile(r"---[ \t]*\Z")
_DEEPEST = 20

Value: TypeAlias = "str | list[Node] | dict[str, Node]"


@dataclass(frozen=True)
class Node:
    """A value as it was written, and where; lists and mappings hold nodes again."""

    value: Value
    line: int
    column: int

    @property
    def text(self) -> str | None:
        """The text of a plain value without outer space, or None for a list or mapping."""
        return self.value.strip() if isinstance(self.value, str) else None


class _Loader(yaml.BaseLoader):
    """Composes nodes without giving them types, and refuses aliases, which could grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not read; write the value out", event.start_mark
            )
        return super().compose_node(parent, index)


class _Trouble(Exception):
    """A fault found while turning YAML nodes into ours."""

    def __init__(self, message: str, mark: yaml.Mark) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


def front_matter(text: str, path: str) -> tuple[dict[str, Node], str, int, list[Fault]]:
    """Split a file into its front matter and its body.

    Returns the fields, the body, the line of the file on which the body begins (from 1), and the faults. A file
    without front matter gives no fields and its whole text. Line ends are read as `\\n` whatever they are.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _MARK.match(lines[0]):
        return {}, "\n".join(lines), 1, []
    end = next((number for number, line in enumerate(lines[1:], 1) if _MARK.match(line)), None)
    if end is None:
        fault = Fault(path, 1, 1, "error", "the front matter is never closed; expected a second line of ---")
        return {}, "\n".join(lines[1:]), 2, [fault]
    fields, faults = yaml_mapping("\n".join(lines[1:end]), path, first_line=2)
    return fields, "\n".join(lines[end + 1 :]), end + 2, faults


def yaml_mapping(text: str, path: str, first_line: int = 1) -> tuple[dict[str, Node], list[Fault]]:
    """Read YAML text whose top is a mapping; `first_line` is the line of the file on which it begins."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            return {}, []
        if not isinstance(root, yaml.MappingNode):
            raise _Trouble("expected fields as `name: value`, one a line", root.start_mark)
        return _mapping(root, first_line, 1), []
    except _Trouble as trouble:
        line, column, message = trouble.mark.line, trouble.mark.column, trouble.message
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        said = " ".join(part for part in (error.context, error.problem) if part)
        message = f"this is not YAML: {said}"
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        column = error.position - (text.rfind("\n", 0, error.position) + 1)
        message = "this is not YAML: a control character stands here"
    except RecursionError:
        line, column, message = 0, 0, "the front matter is nested too deeply to be read"
    return {}, [Fault(path, first_line + line, column + 1, "error", message)]


def plain(fields: Mapping[str, Node], name: str) -> str | None:
    """Return the text of a field, or None where it is missing, empty or not plain text."""
    node = fields.get(name)
    return (node.text or None) if node else None


def _mapping(node: yaml.MappingNode, first_line: int, depth: int) -> dict[str, Node]:
    fields: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _Trouble("a field's name must be plain text", key.start_mark)
        if key.value in fields:
            before = fields[key.value].line
            raise _Trouble(f"the field {key.value!r} is given twice (first on line {before})", key.start_mark)
        fields[key.value] = _node(value, first_line, depth + 1)
    return fields


def _node(node: yaml.Node, first_line: int, depth: int) -> Node:
    if depth > _DEEPEST:
        raise _Trouble("the front matter is nested too deeply to be read", node.start_mark)
    line, column = first_line + node.start_mark.line, node.start_mark.column + 1
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node, first_line, depth), line, column)
    if isinstance(node, yaml.SequenceNode):
        return Node([_node(one, first_line, depth + 1) for one in node.value], line, column)
    return Node(node.value, line, column)
