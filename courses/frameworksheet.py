"""A framework as one CSV sheet: a row for the framework, and one for each level, responsibility, domain, competency.

The first column says what a row is. A cell that a spreadsheet would take for a formula is written with an
apostrophe before it, which reading takes away again. Knows no file system and no clock.
"""

import csv
import io
import re
from collections.abc import Iterator

from assessments.frontmatter import Node
from assessments.model import Fault
from courses.framework import SUBJECTS, Framework, framework_of

COLUMNS = ("row", "code", "title", "edition", "domain", "responsibilities", "critical", *SUBJECTS, "evidence")
KINDS = ("framework", "level", "responsibility", "domain", "competency")
_REQUIRED = ("row", "code", "title")
_FORMULA = re.compile(r"'*[=+\-@\t]")
_GUARDED = re.compile(r"'+[=+\-@\t]")


def write_csv(framework: Framework) -> str:
    """Return the framework as a CSV text with a line of column names."""
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    sheet.writeheader()
    for row in _rows(framework):
        sheet.writerow({name: _guarded(text) for name, text in row.items()})
    return out.getvalue()


def _rows(framework: Framework) -> Iterator[dict[str, str]]:
    yield {"row": "framework", "code": framework.code, "title": framework.title, "edition": framework.edition}
    for level in framework.levels:
        yield {"row": "level", "code": str(level.level), "title": level.name, "evidence": level.evidence}
    for code, title in framework.responsibilities.items():
        yield {"row": "responsibility", "code": code, "title": title}
    for domain in framework.domains:
        served = " ".join(domain.responsibilities)
        yield {"row": "domain", "code": domain.code, "title": domain.title, "responsibilities": served}
        for each in domain.competencies:
            levels = {subject: str(each.targets[subject]) for subject in SUBJECTS}
            critical = "true" if each.critical else "false"
            place = {"code": each.code, "title": each.title, "domain": domain.code, "critical": critical}
            yield {"row": "competency", **place, **levels}


def read_csv(text: str, path: str) -> tuple[Framework | None, list[Fault]]:
    """Read a framework sheet; in faults the column is the number of the cell in its row."""
    faults: list[Fault] = []
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    sheet = _Sheet(path, faults)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in _REQUIRED if name not in names]
        if missing:
            message = f"the first line lacks {', '.join(missing)}: expected the columns {', '.join(COLUMNS)}"
            return None, [Fault(path, 1, 1, "error", message)]
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                sheet.take(line, dict(zip(names, cells, strict=False)), names)
            line = reader.line_num + 1
    except csv.Error as fault:
        message = f"this is not CSV: {fault}; expected cells with commas between, quoted where they hold one"
        return None, [Fault(path, max(reader.line_num, 1), 1, "error", message)]
    values = sheet.values()
    return framework_of(values, path, faults)


def _guarded(text: str) -> str:
    return "'" + text if _FORMULA.match(text) else text


class _Sheet:
    """The rows of a sheet, gathered to the fields that a framework is made of."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path, self.faults = path, faults
        self.heads: dict[str, Node] = {}
        self.levels: list[Node] = []
        self.responsibilities: dict[str, Node] = {}
        self.domains: dict[str, tuple[dict[str, Node], int]] = {}
        self.members: dict[str, list[Node]] = {}

    def take(self, line: int, cells: dict[str, str], names: list[str]) -> None:
        """Put one row where it belongs, or say what is wrong with it."""
        place = {name: names.index(name) + 1 for name in cells}
        row = {
            name: Node(cell[1:] if _GUARDED.match(cell) else cell, line, place[name]) for name, cell in cells.items()
        }
        kind = (row["row"].text or "").lower()
        if kind == "framework":
            if self.heads:
                self._say(line, 1, "a second row “framework”: expected one")
            self.heads = {name: row[name] for name in ("code", "title", "edition") if name in row}
        elif kind == "level":
            fields = {"level": row["code"], "name": row.get("title", row["code"])}
            self.levels.append(Node({**fields, **_some(row, "evidence")}, line, 1))
        elif kind == "responsibility":
            code = row["code"].text or ""
            if code in self.responsibilities:
                self._say(line, 2, f"the responsibility {code} stands twice")
            self.responsibilities[code] = row.get("title", Node("", line, 1))
        elif kind == "domain":
            self._domain(line, row)
        elif kind == "competency":
            self._competency(line, row)
        else:
            self._say(line, 1, f"“{kind[:40]}” is not a kind of row: expected one of {', '.join(KINDS)}")

    def _domain(self, line: int, row: dict[str, Node]) -> None:
        code = row["code"].text or ""
        if code in self.domains:
            self._say(line, 2, f"the domain {code} stands twice")
            return
        served = row.get("responsibilities", Node("", line, 1))
        words = re.split(r"[\s,;]+", served.text or "")
        listed = Node([Node(word, line, served.column) for word in words if word], line, served.column)
        self.domains[code] = {**_some(row, "code", "title"), "responsibilities": listed}, line
        self.members.setdefault(code, [])

    def _competency(self, line: int, row: dict[str, Node]) -> None:
        levels = [row[subject] for subject in SUBJECTS if subject in row]
        fields = _some(row, "code", "title", "critical")
        domain = row.get("domain", Node("", line, 1))
        code = domain.text or ""
        if code not in self.domains:
            known = ", ".join(self.domains) or "none so far"
            self._say(line, domain.column, f"“{code[:40]}” is not a domain of a row above: expected one of {known}")
            self.domains[code] = {"code": Node("X", line, 1), "title": Node("X", line, 1)}, line
        at = levels[0].column if levels else 1
        self.members.setdefault(code, []).append(Node({**fields, "targets": Node(levels, line, at)}, line, 1))

    def _say(self, line: int, column: int, message: str) -> None:
        self.faults.append(Fault(self.path, line, column, "error", message))

    def values(self) -> dict[str, Node]:
        """The fields of the framework."""
        domains: list[Node] = []
        for code, (fields, line) in self.domains.items():
            members = Node(self.members.get(code, []), line, 1)
            domains.append(Node({**fields, "competencies": members}, line, 1))
        return {
            **self.heads,
            "levels": Node(self.levels, 1, 1),
            "responsibilities": Node(self.responsibilities, 1, 1),
            "domains": Node(domains, 1, 1),
        }


def _some(row: dict[str, Node], *names: str) -> dict[str, Node]:
    return {name: row[name] for name in names if name in row}
