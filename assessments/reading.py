"""An item file becomes items and cases, with every fault at once.

The file is split at its headings on source lines, outside code; each item is then read by its type, which its
class names or the shape of its answer tells. An item with faults stays in the bank wherever it has an id, so that
one mistake is not reported again by everything that refers to the item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assessments.body import (
    Parts,
    Passage,
    first_answer,
    first_option,
    option_box,
    split_answers,
    split_options,
)
from assessments.branches import link_branches
from assessments.frontmatter import front_matter
from assessments.headings import Heading, Traits, checked_id, default_traits, item_traits, read_heading
from assessments.model import Bank, Case, Fault, Item
from assessments.registry import KINDS
from assessments.source import Line, Report, split_lines
from assessments.types.numeric import nearly_number, reads_as_number
from assessments.types.truefalse import says_true_or_false

_CASE = "case:"


@dataclass
class _Section:
    """A heading with the lines under it, and the case it stands in."""

    heading: Heading | None
    lines: list[Line] = field(default_factory=list)
    case: Heading | None = None


def read_bank(text: str, path: str, first_line: int = 1, *, objectives: int | None = None) -> tuple[Bank, list[Fault]]:
    """Read an item file.

    `path` is named in faults; `first_line` is the line of the file on which `text` begins, `objectives` how many
    objectives the course has, None where positions of objectives are not to be checked. The bank holds every item
    that has a usable id; it is fit to publish only where no fault is an error.
    """
    fields, body, body_line, faults = front_matter(text, path)
    report = Report(path)
    shift = first_line - 1
    report.faults += [Fault(one.path, one.line + shift, one.column, one.severity, one.message) for one in faults]
    defaults = default_traits(fields, report, objectives)
    sections = _sections(split_lines(body, body_line + shift, report), report)
    cases: list[Case] = []
    items: list[Item] = []
    ids: dict[str, int] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for section in sections:
        if section.heading is None:
            continue
        if section.heading.level == 1:
            case = _read_case(section, ids, report)
            if case:
                cases.append(case)
        else:
            item = _read_item(section, defaults, ids, places, report, objectives)
            if item:
                items.append(item)
    for case in cases:
        if not any(item.case_id == case.id for item in items):
            report.warning(case.line, 1, f"no question follows the case {case.id!r}; expected a ## heading under it")
    items = link_branches(items, places, report)
    return Bank(tuple(items), tuple(cases)), sorted(report.faults)


def join_banks(banks: Iterable[Bank]) -> tuple[Bank, list[Fault]]:
    """Join the banks of several files into one; an id that two files use is a fault, and the first one stays."""
    items: dict[str, Item] = {}
    cases: dict[str, Case] = {}
    faults = []
    for bank in banks:
        found: list[Case | Item] = [*bank.cases, *bank.items]
        for one in found:
            held = items.get(one.id) or cases.get(one.id)
            if held is not None:
                where = f"{held.path}:{held.line}"
                message = f"the id {one.id!r} is already used at {where}; expected one of its own"
                faults.append(Fault(one.path, one.line, 1, "error", message))
            elif isinstance(one, Item):
                items[one.id] = one
            else:
                cases[one.id] = one
    return Bank(tuple(items.values()), tuple(cases.values())), faults


def _sections(lines: Sequence[Line], report: Report) -> list[_Section]:
    sections = [_Section(None)]
    case: Heading | None = None
    for line in lines:
        heading = read_heading(line, report)
        if heading is None:
            sections[-1].lines.append(line)
            continue
        if heading.level == 1:
            case = heading if _is_case(heading, report) else None
            sections.append(_Section(heading if case else None))
        else:
            sections.append(_Section(heading, case=case))
    for section in sections:
        first = next((line for line in section.lines if not line.blank and not line.opaque), None)
        if section.heading is None and first is not None:
            report.warning(
                first.number, first.first_column,
                "this text stands outside of any question and is not shown; expected it under a ## heading",
            )  # fmt: skip
    return sections


def _is_case(heading: Heading, report: Report) -> bool:
    if heading.title.lower().startswith(_CASE):
        return True
    if heading.id is not None:
        report.error(
            heading.line, heading.title_column,
            "a level-1 heading with an id opens a case; expected `# Case: title {#case-id}`, or ## for a question",
        )  # fmt: skip
    return False


def _take_id(heading: Heading, what: str, ids: dict[str, int], report: Report) -> str | None:
    found = checked_id(heading, what, report)
    if found is None:
        return None
    if found in ids:
        report.error(
            heading.line, heading.id_column, f"the id {found!r} is already used on line {ids[found]}; expected its own"
        )
        return None
    ids[found] = heading.line
    return found


def _read_case(section: _Section, ids: dict[str, int], report: Report) -> Case | None:
    heading = section.heading
    if heading is None:
        return None
    for name, (_, column) in heading.attributes.items():
        report.error(heading.line, column, f"a case takes no {name}; expected only its id")
    if heading.kind is not None:
        report.error(heading.line, heading.kind_column, f"a case takes no type such as .{heading.kind}")
    stem = "\n".join(line.text for line in section.lines).strip("\n").rstrip()
    if not stem.strip():
        report.error(heading.line, 1, "this case has no text; expected the vignette under its heading")
    case_id = _take_id(heading, "this case", ids, report)
    title = heading.title[len(_CASE) :].strip()
    return Case(case_id, title, stem, report.path, heading.line) if case_id else None


def _read_item(
    section: _Section,
    defaults: Traits,
    ids: dict[str, int],
    places: dict[str, list[tuple[int, int]]],
    report: Report,
    objectives: int | None,
) -> Item | None:
    heading = section.heading
    if heading is None:
        return None
    item_id = _take_id(heading, "this question", ids, report)
    traits = item_traits(heading, defaults, report, objectives)
    name, parts = _kind_and_parts(heading, section.lines, report)
    kind = KINDS[name]
    stem, answer = kind.parse(parts, heading, traits, report)
    if not stem.strip():
        stem = heading.title
    if not stem.strip():
        report.error(heading.line, 1, "this question has neither title nor text; expected what is asked")
    if not parts.rationale and name != "essay" and not _has_feedback(parts):
        report.warning(
            heading.line, 1, "this question explains nothing; expected feedback under options or a rationale"
        )
    if item_id is None:
        return None
    places[item_id] = [(one.line, one.column) for one in parts.options]
    return Item(
        id=item_id,
        type=name,
        title=heading.title,
        stem=stem,
        competency=traits.competency,
        level=traits.level,
        points=kind.points(answer, traits),
        tags=traits.tags,
        shuffle=traits.shuffle,
        partial=traits.partial,
        rationale=parts.rationale,
        case_id=section.case.id if section.case else None,
        answer=answer,
        path=report.path,
        line=heading.line,
        objectives=traits.objective,
    )


def _has_feedback(parts: Parts) -> bool:
    return any(one.feedback for one in parts.options)


def _kind_and_parts(heading: Heading, lines: Sequence[Line], report: Report) -> tuple[str, Parts]:
    """Return the item's type, by its class or else by the shape of its answer, and its body taken apart."""
    if heading.kind is not None and heading.kind in KINDS:
        return heading.kind, KINDS[heading.kind].split(lines, report)
    if heading.kind is not None:
        report.error(
            heading.line, heading.kind_column,
            f"unknown type .{heading.kind}; expected one of {', '.join('.' + name for name in KINDS)}",
        )  # fmt: skip
    option, answer = first_option(lines), first_answer(lines)
    if option is not None and (answer is None or option < answer):
        parts = split_options(lines, report)
        if says_true_or_false(parts.options):
            return "truefalse", parts
        return ("multiple" if sum(one.right for one in parts.options) > 1 else "single"), parts
    if answer is not None:
        parts = split_answers(lines, report)
        if all(reads_as_number(one) for one in parts.answers):
            return "numeric", parts
        _point_out_numbers(parts.answers, report)
        return "text", parts
    _point_out_near_answers(lines, report)
    return "text", split_answers(lines, report)


def _point_out_numbers(answers: Sequence[Passage], report: Report) -> None:
    """Say where an answer that was read as words begins like a number."""
    for one in answers:
        if nearly_number(one.text):
            report.error(
                one.line, one.column,
                f"cannot read {one.text!r} as a number; expected `= value ± tolerance unit` or `= low..high unit`",
            )  # fmt: skip
        elif one.text[0].isdigit() and " | " not in one.text:
            report.warning(
                one.line, one.column, "this answer is read as words; give the class .text or .numeric to settle it"
            )


def _point_out_near_answers(lines: Sequence[Line], report: Report) -> None:
    """Say which lines of an item without an answer were perhaps meant as one."""
    for at, line in enumerate(lines):
        if line.opaque or line.blank:
            continue
        bare = Line(line.number, line.text.lstrip())
        if line.indent > 1 and option_box(bare):
            report.error(line.number, line.first_column, "an option begins at the start of its line; remove the space")
        elif line.text.startswith("= ") and at > 0 and not lines[at - 1].blank:
            report.error(line.number, 1, "an answer line follows a blank line; expected one above it")
        elif line.text.startswith("=") and not line.text.startswith(("==", "= ")) and len(line.text.strip()) > 1:
            report.error(line.number, 2, "a space is missing after =; expected `= answer`")
