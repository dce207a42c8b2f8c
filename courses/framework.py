"""The competency framework: domains, competencies, levels and targets, read strictly from YAML.

The product's own framework is `framework.yaml` beside this file; a hospital brings another in the same shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assessments.frontmatter import Node, yaml_mapping
from assessments.model import Fault
from courses.fields import Fields

SUBJECTS = ("physician", "nurse", "pharmacist", "super-user", "informaticist")
DEFAULT_FILE = Path(__file__).with_name("framework.yaml")
HIGHEST_LEVEL = 5
CODE = r"[A-Z0-9][A-Z0-9.-]{0,19}"


@dataclass(frozen=True)
class Level:
    """One step of the scale: 1 aware to 5 authority; `evidence` says in words what it takes."""

    level: int
    name: str
    evidence: str


@dataclass(frozen=True)
class Competency:
    """One competency. `targets` holds a level 0 to 5 for every subject of `SUBJECTS`, 0 where none is required."""

    code: str
    title: str
    critical: bool
    targets: dict[str, int]


@dataclass(frozen=True)
class Domain:
    """A group of competencies and the responsibilities they serve."""

    code: str
    title: str
    responsibilities: tuple[str, ...]
    competencies: tuple[Competency, ...]


@dataclass(frozen=True)
class Framework:
    """A framework file as read. `responsibilities` maps codes such as R1 to titles."""

    code: str
    title: str
    edition: str
    levels: tuple[Level, ...]
    responsibilities: dict[str, str]
    domains: tuple[Domain, ...]

    @property
    def competencies(self) -> tuple[Competency, ...]:
        """All competencies in the order of the file."""
        return tuple(competency for domain in self.domains for competency in domain.competencies)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all competencies."""
        return frozenset(competency.code for competency in self.competencies)

    def domain_of(self, code: str) -> Domain | None:
        """Return the domain that holds the competency `code`."""
        return next((d for d in self.domains if any(c.code == code for c in d.competencies)), None)


def read_framework(text: str, path: str) -> tuple[Framework | None, list[Fault]]:
    """Read a framework file; `path` names it in faults. With any error there is no framework, but every fault."""
    values, faults = yaml_mapping(text.removeprefix("\ufeff").replace("\r\n", "\n"), path)
    if faults:
        return None, faults
    return framework_of(values, path, faults)


def framework_of(values: Mapping[str, Node], path: str, faults: list[Fault]) -> tuple[Framework | None, list[Fault]]:
    """Make a framework of fields with positions, whatever file they were read from; `faults` are those known already.

    Every format is brought to these fields, so that all are held to the same rules in the same words.
    """
    fields = Fields(values, path, faults)
    framework = Framework(
        code=fields.text("code", required=True, pattern=CODE, expected="a code of capital letters and digits"),
        title=fields.text("title", required=True),
        edition=fields.text("edition", required=True, expected="an edition such as 2026.1", longest=40),
        levels=_levels(fields),
        responsibilities=_responsibilities(fields),
        domains=(),
    )
    seen: dict[str, str] = {}
    domains = tuple(
        _domain(each, framework.responsibilities, seen)
        for each in fields.each(
            "domains", required=True, expected="a list of domains, each with code, title and competencies"
        )
    )
    fields.finish()
    if any(fault.severity == "error" for fault in faults):
        return None, sorted(faults, key=lambda fault: (fault.line, fault.column))
    return Framework(
        framework.code, framework.title, framework.edition, framework.levels, framework.responsibilities, domains
    ), faults  # fmt: skip


def default_framework() -> Framework:
    """Return the framework that the product ships with."""
    framework, faults = read_framework(DEFAULT_FILE.read_text(encoding="utf-8"), DEFAULT_FILE.name)
    if framework is None:
        raise ValueError(f"the product's own framework cannot be read: {faults}")
    return framework


def _levels(fields: Fields) -> tuple[Level, ...]:
    found: list[Level] = []
    for each in fields.each("levels", required=True, expected="the five levels, each with level, name and evidence"):
        number = each.whole("level", 0, required=True, low=1, high=HIGHEST_LEVEL) or 0
        found.append(Level(number, each.text("name", required=True, longest=60), each.text("evidence", longest=200)))
        each.finish()
    if found and [level.level for level in found] != list(range(1, HIGHEST_LEVEL + 1)):
        fields.error(
            "levels", f"“levels” holds {[level.level for level in found]}: expected 1, 2, 3, 4, 5 in this order"
        )
    return tuple(found)


def _responsibilities(fields: Fields) -> dict[str, str]:
    inner = fields.inner(
        "responsibilities", required=True, expected="codes with titles, as in “R1: Strategic planning”"
    )
    if inner is None:
        return {}
    found = {}
    for name in inner.names():
        title = inner.text(name, required=True, expected="a title")
        if not name.isascii() or not name.isalnum():
            inner.error(name, f"“{name}” is not a code: expected letters and digits, as in R1")
        found[name] = title
    return found


def _domain(fields: Fields, responsibilities: dict[str, str], seen: dict[str, str]) -> Domain:
    code = fields.text("code", required=True, pattern=CODE, expected="a code such as A")
    title = fields.text("title", required=True)
    served = fields.texts("responsibilities", expected="codes of responsibilities, as in [R3, R5]")
    for one in served:
        if one not in responsibilities:
            fields.error(
                "responsibilities",
                f"“{one}” is not a responsibility of this framework: expected one of {', '.join(responsibilities)}",
            )
    competencies = tuple(
        _competency(each, seen, title)
        for each in fields.each(
            "competencies",
            required=True,
            expected="a list of competencies, each with code, title, critical and targets",
        )
    )
    fields.finish()
    return Domain(code, title, served, competencies)


def _competency(fields: Fields, seen: dict[str, str], domain: str) -> Competency:
    code = fields.text("code", required=True, pattern=CODE, expected="a code such as A1")
    if code and code in seen:
        fields.error("code", f"the competency {code} stands twice, here and in “{seen[code]}”")
    seen[code] = domain
    title = fields.text("title", required=True)
    if not fields.has("critical"):
        fields.here("error", f"the competency {code} does not say whether it is critical: expected true or false")
    critical = fields.boolean("critical", False)
    expected = f"five levels from 0 to {HIGHEST_LEVEL}, for {', '.join(SUBJECTS)}"
    levels: list[int] = []
    for node in fields.items("targets", required=True, expected=expected):
        value = node.text or ""
        if value.isascii() and value.isdigit() and int(value) <= HIGHEST_LEVEL:
            levels.append(int(value))
    if fields.has("targets") and (len(levels) != len(SUBJECTS) or len(fields.items("targets")) != len(SUBJECTS)):
        fields.error("targets", f"the targets of {code} are not readable: expected {expected}")
    fields.finish()
    return Competency(code, title, critical, dict(zip(SUBJECTS, levels, strict=False)))
