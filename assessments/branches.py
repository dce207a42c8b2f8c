"""Branching items are joined along their arrows: each learns the steps it leads to, and who follows whom.

Targets stand in the same case, are branching themselves, and never lead back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assessments.answers import Branching, Step
from assessments.model import Item
from assessments.source import Report

Places = Mapping[str, Sequence[tuple[int, int]]]


def link_branches(items: Sequence[Item], places: Places, report: Report) -> list[Item]:
    """Return the items with every branching one holding all steps within reach, its own first.

    `places` gives line and column of each option by item id, for the faults.
    """
    own = {item.id: item.answer.steps[0] for item in items if isinstance(item.answer, Branching) and item.answer.steps}
    cases = {item.id: item.case_id for item in items}
    lines = {item.id: item.line for item in items}
    followers: set[str] = set()
    sound: dict[str, Step] = {}
    for item_id, step in own.items():
        good = []
        for branch, (line, column) in zip(step.branches, places[item_id], strict=True):
            wrong = _wrong_target(item_id, branch.target, own, cases)
            if wrong:
                report.error(line, column, wrong)
                branch = replace(branch, target=None)
            elif branch.target is not None:
                followers.add(branch.target)
            good.append(branch)
        sound[item_id] = replace(step, branches=tuple(good))
    circle = _circle(sound)
    if circle:
        report.error(lines[circle[0]], 1, f"the arrows lead in a circle: {' → '.join('#' + one for one in circle)}")
        return list(items)
    return [
        replace(item, answer=Branching(_reach(item.id, sound), item.id in followers)) if item.id in sound else item
        for item in items
    ]


def _wrong_target(item_id: str, target: str | None, own: dict[str, Step], cases: dict[str, str | None]) -> str | None:
    if target is None:
        return None
    if target not in cases:
        return f"an arrow leads to #{target}, but there is no such question in this file"
    if target not in own:
        return f"an arrow leads to #{target}, which is not a .branching question"
    if cases[target] is None or cases[target] != cases[item_id]:
        return f"an arrow leads to #{target}, which is not in the same case"
    return None


def _circle(steps: dict[str, Step]) -> list[str] | None:
    """Return the ids of a circle of arrows, its first one repeated at the end, or None."""
    done: set[str] = set()
    for start in steps:
        path: list[str] = [start]
        waiting: list[list[str]] = [_targets(steps[start])]
        while path:
            if not waiting[-1]:
                done.add(path.pop())
                waiting.pop()
                continue
            target = waiting[-1].pop()
            if target in path:
                return [*path[path.index(target) :], target]
            if target not in done:
                path.append(target)
                waiting.append(_targets(steps[target]))
    return None


def _targets(step: Step) -> list[str]:
    return [branch.target for branch in step.branches if branch.target is not None]


def _reach(item_id: str, steps: dict[str, Step]) -> tuple[Step, ...]:
    found = [item_id]
    for one in found:
        found += [target for target in dict.fromkeys(_targets(steps[one])) if target not in found]
    return tuple(steps[one] for one in found)
