"""Small groups are hidden, and so are the cells from which they could be worked out. Pure.

The rows of a report are a unit and its direct children. Where a child's group is small its cell is
hidden; subtracting the published children from the unit would give it back, so more cells stay
hidden until what is left of the unit is itself no small group. What is left may be staff posted to the
unit itself: a head of department with two deputies has no row and is a small group all the same. It may
be less than nobody, where people with posts in two rows are counted in both; they can be worked out by
adding the rows, and so a few of them hide a row as well.

What is hidden is decided from the roots downward and never from the rows that happen to be shown,
so that two reports cannot be subtracted from each other: a child hidden beside a small sibling
stays hidden in the report of its own subtree, and enough of its children with it. The published
units of a tree then cut it into parts, a unit less the published units below it, and no part has
fewer people than may be shown; every sum and difference of published figures is made of whole parts.

Which sibling is hidden beside a small group follows from the codes of the units alone, not from their
sizes: on two days on which the same groups are small the same siblings are hidden, so that the report of
one day does not show what that of the other hides.
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
    left = parent_of - sum(of for code, of in children.items() if code not in hidden)
    for code in sorted(code for code, of in children.items() if of >= smallest):
        # A unit that is hidden itself keeps enough people that none of its rows gives it away.
        if left >= smallest or not (hidden or parent_hidden or 0 < abs(left) < smallest):
            break
        hidden.add(code)
        left += children[code]
    return frozenset(hidden)
