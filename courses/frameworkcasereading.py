"""A CASE 1.0 or 1.1 package read as a framework, ours or another publisher's.

Of another publisher's tree the leaves become competencies and their parents domains; what it does not say (targets,
critical, levels) is filled in with a warning, so that an educator sees what is still to be decided.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Literal

from assessments.frontmatter import Node
from assessments.model import Fault
from courses.framework import CODE, SUBJECTS, Framework, default_framework, framework_of
from courses.frameworkcase import CHILD, COMPETENCY, DOMAIN, RELATED, RESPONSIBILITY

_LONGEST = 300
_IDENTIFIER = re.compile(r'"identifier"\s*:\s*"([^"\\]{1,100})"')


def read_case(text: str, path: str) -> tuple[Framework | None, list[Fault]]:
    """Read a CFPackage; a fault of an item stands on the line of its identifier."""
    try:
        package = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as fault:
        return None, [Fault(path, fault.lineno, fault.colno, "error", f"this is not JSON: {fault.msg}")]
    except RecursionError:
        return None, [Fault(path, 1, 1, "error", "the JSON is nested too deeply to be read")]
    document = package.get("CFDocument") if isinstance(package, dict) else None
    if not isinstance(document, dict):
        return None, [Fault(path, 1, 1, "error", "this is no CASE package: expected an object with a CFDocument")]
    reading = _Reading(text, path, package, document)
    values = reading.values()
    return framework_of(values, path, reading.faults)


def _text(value: Any) -> str:
    """The text of a plain JSON value; lists and objects have none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


class _Reading:
    """One package on its way to the fields of a framework."""

    def __init__(self, text: str, path: str, package: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.path, self.package, self.document = path, package, document
        self.faults: list[Fault] = []
        self.lines = _lines(text)
        self.items = {_text(item.get("identifier")): item for item in _objects(package.get("CFItems"))}
        self.parents: dict[str, str] = {}
        self.order: dict[str, float] = {}
        self.related: dict[str, list[str]] = defaultdict(list)
        for each in _objects(package.get("CFAssociations")):
            self._associate(each)

    def _associate(self, each: Mapping[str, Any]) -> None:
        origin = _text(_mapping(each.get("originNodeURI")).get("identifier"))
        destination = _text(_mapping(each.get("destinationNodeURI")).get("identifier"))
        if each.get("associationType") == CHILD and origin in self.items and origin not in self.parents:
            self.parents[origin] = destination
            number = each.get("sequenceNumber")
            self.order[origin] = number if isinstance(number, int | float) else len(self.order)
        elif each.get("associationType") == RELATED:
            self.related[origin].append(destination)

    def _line(self, identifier: str) -> int:
        return self.lines.get(identifier, 1)

    def _say(self, severity: Literal["error", "warning"], identifier: str, message: str) -> None:
        self.faults.append(Fault(self.path, self._line(identifier), 1, severity, message))

    def values(self) -> dict[str, Node]:
        """The fields of the framework."""
        head = _text(self.document.get("identifier"))
        line = self._line(head)
        extensions = _mapping(self.document.get("extensions"))
        code = _text(extensions.get("code")) or f"CASE-{re.sub('[^0-9A-Za-z]', '', head)[:8].upper() or '1'}"
        title = _text(self.document.get("title"))
        edition = _text(self.document.get("version")) or _text(self.document.get("lastChangeDateTime"))[:10]
        served = self._responsibilities(title or code)
        return {
            "code": Node(code, line, 1),
            "title": Node(title, line, 1),
            "edition": Node(edition, line, 1),
            "levels": Node(self._levels(), line, 1),
            "responsibilities": Node(served, line, 1),
            "domains": Node(self._domains(), line, 1),
        }

    def _kind(self, identifier: str) -> str:
        return _text(self.items[identifier].get("CFItemType")) if identifier in self.items else ""

    def _responsibilities(self, otherwise: str) -> dict[str, Node]:
        found = {
            self._code(key): Node(_text(item.get("fullStatement")), self._line(key), 1)
            for key, item in self.items.items()
            if self._kind(key) == RESPONSIBILITY
        }
        return found or {"R1": Node(otherwise[:_LONGEST], 1, 1)}

    def _levels(self) -> list[Node]:
        for rubric in _objects(self.package.get("CFRubrics")):
            for criterion in _objects(rubric.get("CFRubricCriteria")):
                levels = _objects(criterion.get("CFRubricCriterionLevels"))
                if len(levels) == len(default_framework().levels):
                    return [self._level(level) for level in levels]
        self._say("warning", "", "no rubric of five levels: the product's own levels are used")
        return [
            _fields(1, level=str(each.level), name=each.name, evidence=each.evidence)
            for each in default_framework().levels
        ]

    def _level(self, level: Mapping[str, Any]) -> Node:
        line = self._line(_text(level.get("identifier")))
        number, name = _text(level.get("score")), _text(level.get("quality"))
        return _fields(line, level=number, name=name, evidence=_text(level.get("description")))

    def _domains(self) -> list[Node]:
        """Domains in order with their competencies; what hangs on the document itself makes a domain of its own."""
        wanted = self._competencies()
        groups: dict[str, list[str]] = {}
        if any(self._kind(key) == DOMAIN for key in self.items):
            groups = {key: [] for key in self._sorted(k for k in self.items if self._kind(k) == DOMAIN)}
        for key in self._sorted(wanted):
            groups.setdefault(self.parents.get(key, ""), []).append(key)
        found = []
        for key in groups:
            line = self._line(key)
            members: list[Node] = [self._competency(each) for each in groups[key]]
            served: list[Node] = [
                Node(self._code(other), line, 1)
                for other in self.related.get(key, ())
                if self._kind(other) == RESPONSIBILITY
            ]
            known = key in self.items
            title = self._title(key) if known else _text(self.document.get("title"))[:_LONGEST]
            found.append(
                Node(
                    {
                        "code": Node(self._code(key) if known else "X", line, 1),
                        "title": Node(title, line, 1),
                        "responsibilities": Node(served, line, 1),
                        "competencies": Node(members, line, 1),
                    },
                    line, 1,
                )
            )  # fmt: skip
        return found

    def _competencies(self) -> list[str]:
        ours = [key for key in self.items if self._kind(key) == COMPETENCY]
        if ours:
            return ours
        above = set(self.parents.values())
        return [key for key in self.items if key not in above and self._kind(key) != RESPONSIBILITY]

    def _sorted(self, keys: Any) -> list[str]:
        """Items in the order of the tree: by the numbers on the way down from the document."""

        def way(key: str) -> list[float]:
            steps: list[float] = []
            seen: set[str] = set()
            while key in self.items and key not in seen:
                seen.add(key)
                steps.append(self.order.get(key, 0))
                key = self.parents.get(key, "")
            return steps[::-1]

        return sorted(keys, key=way)

    def _competency(self, key: str) -> Node:
        item, line = self.items[key], self._line(key)
        extensions = _mapping(item.get("extensions"))
        code = self._code(key)
        critical, targets = extensions.get("critical"), extensions.get("targets")
        if critical is None:
            self._say("warning", key, f"{code} does not say whether it is critical: it is read as not critical")
            critical = False
        if not isinstance(targets, dict):
            self._say("warning", key, f"{code} states no targets: nobody needs it until they are set")
            targets = dict.fromkeys(SUBJECTS, 0)
        levels: list[Node] = [Node(_text(targets.get(subject)), line, 1) for subject in SUBJECTS]
        return Node(
            {
                "code": Node(code, line, 1),
                "critical": Node(_text(critical), line, 1),
                "title": Node(self._title(key), line, 1),
                "targets": Node(levels, line, 1),
            },
            line, 1,
        )  # fmt: skip

    def _title(self, key: str) -> str:
        item = self.items[key]
        whole = _text(item.get("fullStatement"))
        if len(whole) <= _LONGEST:
            return whole
        short = _text(item.get("abbreviatedStatement"))
        self._say("warning", key, f"a statement of {len(whole)} characters is shortened: at most {_LONGEST} are kept")
        return short if 0 < len(short) <= _LONGEST else whole[: _LONGEST - 1] + "…"

    def _code(self, key: str) -> str:
        """The lasting code: the publisher's where it can be one of ours, else made of the identifier."""
        said = _text(self.items[key].get("humanCodingScheme")).strip()
        if self._kind(key) == RESPONSIBILITY and said.isascii() and said.isalnum():
            return said
        if re.fullmatch(CODE, said.upper()):
            return said.upper()
        return "X" + (re.sub("[^0-9A-Za-z]", "", key)[:12].upper() or "0")


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    line, last = 1, 0
    for match in _IDENTIFIER.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        found.setdefault(match.group(1), line)
    return found


def _fields(line: int, **values: str) -> Node:
    return Node({name: Node(value, line, 1) for name, value in values.items()}, line, 1)
