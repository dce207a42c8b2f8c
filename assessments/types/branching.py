"""A path of decisions, each leading to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.answers import Branch, Branching, Step
from assessments.body import Parts, split_options
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.seeds import opaque, shuffled
from assessments.source import Line, Report
from assessments.types.choices import check_options, checked_position, shown
from assessments.types.kind import Kind

_ARROW = re.compile(r"(?:→|->)[ \t]*(#\S*)?\Z")
_TARGET = re.compile(r"#[a-z0-9][a-z0-9-]*\Z")


class BranchingKind(Kind[Branching]):
    """Options end in `→ #item-id`; the raw answer is the option ids along the path, the canonical one positions.

    A path that has not come to its end counts the step it stands at as missed.
    """

    name = "branching"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_options(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Branching]:
        """Read the options with their arrows; where those lead is checked when all items are known."""
        check_options(parts, heading, report)
        branches = []
        for one in parts.options:
            found = _ARROW.search(one.text)
            text = one.text[: found.start()].rstrip() if found else one.text
            target = found[1][1:] if found and found[1] and _TARGET.match(found[1]) else None
            if found and target is None:
                report.error(
                    one.line, one.column, "this arrow leads nowhere; expected `→ #item-id` at the option's end"
                )
            if found and not text:
                report.error(one.line, one.column, "this option is empty; expected text before the arrow")
            branches.append(Branch(text, one.right, one.feedback, target))
        stem = parts.stem if parts.stem.strip() else heading.title
        return stem, Branching((Step(heading.id or "", heading.title, stem, tuple(branches)),))

    def present(self, item: Item, answer: Branching, seed: str, canonical: Any) -> dict[str, Any]:
        """Show every step and where its options lead; consequences only along the path taken so far."""
        walk = _walk(answer, canonical)
        taken = {(step.id, position) for step, position in walk.taken}
        return {
            "steps": [
                {
                    "id": _step_id(seed, item, step),
                    "title": step.title,
                    "stem_html": step.stem,
                    "options": [
                        self._option(item, seed, step, position, (step.id, position) in taken)
                        for position in _order(item, seed, step)
                    ],
                }
                for step in answer.steps
            ],
            "path": [_option_id(seed, item, step, position) for step, position in walk.taken],
            "at": _step_id(seed, item, walk.at) if walk.at else None,
        }

    def _option(self, item: Item, seed: str, step: Step, position: int, taken: bool) -> dict[str, Any]:
        branch = step.branches[position]
        target = branch.target
        shown_option: dict[str, Any] = {
            "id": _option_id(seed, item, step, position),
            "html": branch.text,
            "next": opaque(seed, item.id, f"step {target}") if target is not None else None,
        }
        if taken:
            shown_option |= {"chosen": True, "consequence_html": branch.consequence}
        return shown_option

    def read_answer(self, item: Item, answer: Branching, seed: str, raw: Any) -> list[int] | None:
        """See Kind; a path may be unfinished."""
        if raw is None:
            return None
        if not isinstance(raw, list):
            raise AnswerError(f"expected a list of the option ids along the path, not {shown(raw)}")
        if len(raw) > len(answer.steps):
            raise AnswerError(f"expected at most {len(answer.steps)} option ids, not {len(raw)}")
        path: list[int] = []
        for one in raw:
            step = _walk(answer, path).at
            if step is None:
                raise AnswerError("the path has come to its end; expected no further option id")
            ids = [_option_id(seed, item, step, position) for position in range(len(step.branches))]
            if not isinstance(one, str) or one not in ids:
                raise AnswerError(f"expected the id of an option of step {len(path) + 1}, not {shown(one)}")
            path.append(ids.index(one))
        return path or None

    def raw_answer(self, item: Item, answer: Branching, seed: str, canonical: Any) -> list[str]:
        """See Kind."""
        return [_option_id(seed, item, step, position) for step, position in _walk(answer, canonical).taken]

    def share(self, item: Item, answer: Branching, canonical: Any) -> Fraction:
        """Right steps / steps on the path taken."""
        walk = _walk(answer, canonical)
        hits = sum(step.branches[position].right for step, position in walk.taken)
        steps = len(walk.taken) + (walk.at is not None)
        return Fraction(hits, steps) if steps else Fraction(0)

    def finished(self, item: Item, answer: Branching, canonical: Any) -> bool:
        """Whether the path has come to its end."""
        return _walk(answer, canonical).at is None

    def review(self, item: Item, answer: Branching, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the path taken, step by step, with the consequence of each choice, and the step it stopped before."""
        walk = _walk(answer, canonical)
        path = [*walk.taken, *([(walk.at, None)] if walk.taken and walk.at else [])]
        return {
            "steps": [
                {
                    "title": step.title,
                    "stem_html": step.stem,
                    "right": chosen is not None and step.branches[chosen].right,
                    "missing": chosen is None,
                    "options": [
                        {
                            "id": _option_id(seed, item, step, position),
                            "html": step.branches[position].text,
                            "right": step.branches[position].right,
                            "chosen": position == chosen,
                            "feedback_html": step.branches[position].consequence if position == chosen else None,
                        }
                        for position in _order(item, seed, step)
                    ],
                }
                for step, chosen in path
            ],
            "finished": bool(walk.taken) and walk.at is None,
        }


@dataclass(frozen=True)
class _Walk:
    """The choices made along a path, and the step at which it stands; None at its end."""

    taken: tuple[tuple[Step, int], ...]
    at: Step | None


def _walk(answer: Branching, canonical: Any) -> _Walk:
    steps = {step.id: step for step in answer.steps}
    at: Step | None = answer.steps[0]
    taken: list[tuple[Step, int]] = []
    for one in [] if canonical is None else _path(canonical):
        if at is None:
            raise AnswerError("the path goes on after its end")
        position = checked_position(one, len(at.branches))
        taken.append((at, position))
        target = at.branches[position].target
        at = steps[target] if target is not None else None
    return _Walk(tuple(taken), at)


def _path(canonical: Any) -> list[Any]:
    if not isinstance(canonical, list):
        raise AnswerError(f"expected a list of positions along the path, not {shown(canonical)}")
    return canonical


def _order(item: Item, seed: str, step: Step) -> list[int]:
    positions = [str(one) for one in range(len(step.branches))]
    if item.shuffle:
        positions = shuffled(seed, f"{item.id} {step.id}", positions)
    return [int(one) for one in positions]


def _step_id(seed: str, item: Item, step: Step) -> str:
    return opaque(seed, item.id, f"step {step.id}")


def _option_id(seed: str, item: Item, step: Step, position: int) -> str:
    return opaque(seed, item.id, f"{step.id} {position}")
