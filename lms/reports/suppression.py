"""Small groups are hidden, and so are the cells from which they could be worked out. Pure.

The rows of a report are a unit and its direct children. Where a child's group is small its cell is
hidden; subtracting the published children from the unit would give it back, so at least two cells
stay hidden, and together they hold no small group either. Staff who are posted to the unit itself
are in no child row; where there are any, they too stand between the unit and the sum of its rows.

What is hidden is decided from the roots downward and never from the rows that happen to be shown,
so that two reports cannot be subtracted from each other: a child hidden beside a small sibling
stays hidden in the report of its own subtree, and one of its children with it.
"""

from __future__ import annotations

from collections.abc import Mapping


def hidden_children(
    parent_of: int, parent_hidden: bool, children: Mapping[str, int], smallest: int = 5, has_total: bool = True
) -> frozenset[str]:
    """Which children's cells are hidden.

    `parent_of` and the values of `children` are denominators (people). `smallest` is the least
    group that may be shown. Without `has_total` (the roots) no sum is published, so only small
    groups are hidden. Empty cells (0) are shown and hide nothing.
    """
    hidden = {code for code, of in children.items() if 0 < of < smallest}
    if not has_total:
        return frozenset(hidden)
    unlisted = max(0, parent_of - sum(children.values()))
    order = sorted((of, code) for code, of in children.items() if of >= smallest)
    while _can_be_worked_out(hidden, children, unlisted, parent_hidden, smallest):
        if not order:
            break
        hidden.add(order.pop(0)[1])
    return frozenset(hidden)


def _can_be_worked_out(
    hidden: set[str], children: Mapping[str, int], unlisted: int, parent_hidden: bool, smallest: int
) -> bool:
    """Whether the unit less its published rows leaves a single cell, or a small group."""
    if parent_hidden:
        return not hidden and not unlisted  # the published children would add up to the hidden unit
    if not hidden:
        return False
    group = unlisted + sum(children[code] for code in hidden)
    unknown = len(hidden) + (1 if unlisted else 0)
    return unknown < 2 or group < smallest
