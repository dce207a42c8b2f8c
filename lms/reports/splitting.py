"""Which figures of one profession may be shown, so that no small group comes out beside those of all. Pure.

The figure of all professions is published, so figures of some give away those of the others: a ward of
twenty nurses and two physicians cannot show its nurses; one with six pharmacists besides can show its
nurses and hides both others.

Everything published is a sum of cells, a cell being the people of one profession in one row. Rows are what the
figures of all professions cut the hospital into: a shown unit less the shown units below it. Of each
profession the shown figures cut the rows into blocks in the same way, and what no figure of it covers is open.
So each cell lies in one row and in one block, and rows and blocks are the nodes of a graph whose edges are the
cells. A group of cells follows from the sums of nodes just if it is a directed cut: a set of nodes that no
cell enters from a row outside to a block inside; the group is the cells that leave it, from a row inside to a block
outside. (Open cells of all professions are one block, since the sum of everything is known.) No small
group follows, then, just if from the row of each small cell to its block as many people flow as may be
shown, where cells are passed from row to block by as many as they have, and from block to row by any
number. That is the theorem of maximal flow and minimal cut. Where less flows, the cut that stops it is broken by
hiding a figure whose block lies on one side and the block it then falls to on the other. Hiding never
makes another group follow.

What is hidden follows from small cells and from codes, never from how large the large ones are: on two days on
which the same groups are small the same figures are hidden.

Somebody with posts in two units is counted in both, so that a row may have less than nobody: the rows below it
count so many people more than once. A few of those are a small group as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from lms.reports.tree import Tree

By = Mapping[str, int]  # people by profession
Figure = tuple[int, str]  # unit and profession
Flow = dict[tuple[object, object], int]  # from row to block; less than nobody where it goes back
KEPT = ("nurse", "physician", "pharmacist", "other")  # whose figures stay where a choice is left: those asked for most
OPEN: Figure = (-1, "")  # the block of all cells that no figure of their profession covers


def veiled(tree: Tree, sizes: Mapping[int, By], hidden: frozenset[int], smallest: int) -> dict[int, frozenset[str]]:
    """By unit the professions, of those with anybody in it, whose figure may not be shown.

    `sizes` are people by unit (subtrees) and profession, `hidden` the units whose figure of all
    professions is hidden already.
    """
    blocks = _Blocks(tree, sizes, hidden, smallest)
    blocks.settle()
    found: dict[int, frozenset[str]] = {}
    for unit_id, by in sizes.items():
        names = frozenset(name for name, count in by.items() if count and (unit_id, name) not in blocks.shown)
        if names:
            found[unit_id] = names
    return found


class _Blocks:
    """The graph of rows and blocks while figures are taken from it, until no small group follows."""

    def __init__(self, tree: Tree, sizes: Mapping[int, By], hidden: frozenset[int], smallest: int) -> None:
        self.smallest = smallest
        self.code = {unit.id: unit.code for unit in tree.all.values()}
        self.depth: dict[int, int] = {}
        self.above: dict[int, int | None] = {}  # of a unit with a row, the next one above
        self.under: dict[int, list[int]] = defaultdict(list)
        rows = self._rows(tree, sizes, hidden)
        for unit in tree.roots:  # nobody is told the sum of a hidden root, in which nothing is shown
            if unit.id in hidden:
                del rows[unit.id]
        self.shown: set[Figure] = {
            (unit_id, name) for unit_id in rows for name, count in sizes.get(unit_id, {}).items() if count >= smallest
        }
        self.names = sorted({name for _, name in self.shown})
        self.left = Counter(unit_id for unit_id, _ in self.shown)
        self.partial = {unit_id for unit_id in rows if any(0 < n < smallest for n in sizes.get(unit_id, {}).values())}
        self.cells: dict[int, dict[Figure, int]] = {unit_id: {} for unit_id in rows}
        self.rows: dict[Figure, dict[int, None]] = defaultdict(dict)  # in order, as a set has none
        for unit_id, by in rows.items():
            for name, count in sorted(by.items()):
                if count:
                    self._add(unit_id, self.block(unit_id, name), count)

    def _rows(self, tree: Tree, sizes: Mapping[int, By], hidden: frozenset[int]) -> dict[int, Counter[str]]:
        """By the unit that stands for it, the people of each row."""
        rows: dict[int, Counter[str]] = {}
        standing: dict[int, int] = {}
        for root in tree.roots:
            for unit in tree.subtree(root):
                above = tree.parents[unit.id]
                if unit.id not in hidden or above is None:
                    standing[unit.id] = unit.id
                    over = None if above is None else standing[above]
                    self.above[unit.id] = over
                    self.depth[unit.id] = 0 if over is None else self.depth[over] + 1
                    if over is not None:
                        self.under[over].append(unit.id)
                else:
                    standing[unit.id] = standing[above]
                own = Counter(sizes.get(unit.id, {}))
                for child in tree.children(unit.id):
                    own.subtract(sizes.get(child.id, {}))
                rows.setdefault(standing[unit.id], Counter()).update(own)
        return rows

    def block(self, unit_id: int | None, name: str) -> Figure:
        """The block of a unit's people of a profession: the next shown figure at it or above it."""
        while unit_id is not None:
            if (unit_id, name) in self.shown:
                return (unit_id, name)
            unit_id = self.above[unit_id]
        return OPEN

    def _add(self, row: int, block: Figure, count: int) -> None:
        mine = self.cells[row]
        mine[block] = mine.get(block, 0) + count
        if mine[block]:
            self.rows[block][row] = None
        else:
            del mine[block]
            self.rows[block].pop(row, None)

    def settle(self) -> None:
        """Hide until no small group follows."""
        for row in sorted(self.cells, key=lambda unit_id: self.code[unit_id]):
            while self._uncovered(row):
                pass

    def _uncovered(self, row: int) -> bool:
        """Whether a small cell of the row followed; if so a figure was hidden against it."""
        for block, count in list(self.cells[row].items()):
            if abs(count) < self.smallest:
                side = self._cut(row, block)
                if side is not None and (figure := self._against(side, row)) is not None:
                    self._hide(figure)
                    return True
        return False

    def _hide(self, figure: Figure) -> None:
        self.shown.remove(figure)
        self.left[figure[0]] -= 1
        self.partial.add(figure[0])
        into = self.block(self.above[figure[0]], figure[1])
        for row in list(self.rows.pop(figure, {})):
            self._add(row, into, self.cells[row].pop(figure))

    def _against(self, side: set[object], row: int) -> Figure | None:
        """The figure to hide so that this side is no cut any more.

        One near and low, where others stay or are hidden anyhow, and of the professions named last.
        """
        line: dict[int | None, int] = {None: -1}
        at = self.above[row]
        while at is not None:
            line[at] = self.depth[at]
            at = self.above[at]

        def wish(figure: Figure) -> tuple[object, ...]:
            unit_id, name = figure
            up: int | None = unit_id
            while up not in line:
                up = self.above[up]  # type: ignore[index]
            place = KEPT.index(name) if name in KEPT else len(KEPT)
            last, whole = self.left[unit_id] == 1, unit_id not in self.partial
            return (-line[up], -self.depth[unit_id], last, whole, -place, name, self.code[unit_id])

        found = {figure for block in side if isinstance(block, tuple) for figure in self._beside(block, side)}
        return min(found, key=wish, default=None)

    def _beside(self, block: Figure, side: set[object]) -> Iterator[Figure]:
        """The figures whose hiding would join this block of a side to one outside it."""
        if block != OPEN:
            if self.block(self.above[block[0]], block[1]) not in side:
                yield block
            starts = [(child, block[1]) for child in self.under[block[0]]]
        else:
            starts = [(unit_id, name) for unit_id, up in self.above.items() if up is None for name in self.names]
        while starts:
            figure = starts.pop()
            if figure in self.shown:
                if figure not in side:
                    yield figure
            else:
                starts += [(child, figure[1]) for child in self.under[figure[0]]]

    def _cut(self, row: int, block: Figure) -> set[object] | None:
        """One side of the cut between a row and a block through which fewer flow than may be shown; None if none."""
        flow: Flow = {}
        total = 0
        while total < self.smallest:
            path, side = self._path(row, block, flow)
            if path is None:
                return side
            room = min(self._room(one, other, flow) for one, other in pairwise(path))
            for one, other in pairwise(path):
                if isinstance(one, int):
                    flow[one, other] = flow.get((one, other), 0) + room
                else:
                    flow[other, one] = flow.get((other, one), 0) - room
            total += room
        return None

    def _room(self, one: object, other: object, flow: Flow) -> int:
        if isinstance(one, int):
            return abs(self.cells[one][other]) - flow.get((one, other), 0)  # type: ignore[index]
        return self.smallest

    def _path(self, row: int, block: Figure, flow: Flow) -> tuple[list[object] | None, set[object]]:
        """A way on which more can flow, else one side of the cut; looked for from both ends, as one may be small."""
        ahead: dict[object, object] = {row: None}
        behind: dict[object, object] = {block: None}
        waiting, wanted = deque[object]([row]), deque[object]([block])
        while waiting and wanted:
            at = waiting.popleft()
            for each in self._onward(at, flow):
                if each not in ahead:
                    ahead[each] = at
                    if each in behind:
                        return _joined(ahead, behind, each), set()
                    waiting.append(each)
            at = wanted.popleft()
            for each in self._backward(at, flow):
                if each not in behind:
                    behind[each] = at
                    if each in ahead:
                        return _joined(ahead, behind, each), set()
                    wanted.append(each)
        return None, set(behind if waiting else ahead)

    def _onward(self, node: object, flow: Flow) -> Iterable[object]:
        if isinstance(node, int):
            return [each for each in self.cells[node] if self._room(node, each, flow) > 0]
        return self.rows[node]  # type: ignore[index]

    def _backward(self, node: object, flow: Flow) -> Iterable[object]:
        if isinstance(node, int):
            return self.cells[node]
        return (each for each in self.rows[node] if self._room(each, node, flow) > 0)  # type: ignore[index]


def _joined(ahead: Mapping[object, object], behind: Mapping[object, object], middle: object) -> list[object]:
    """The way from the one end over the middle to the other."""
    path, at = [middle], ahead[middle]
    while at is not None:
        path.insert(0, at)
        at = ahead[at]
    at = behind[middle]
    while at is not None:
        path.append(at)
        at = behind[at]
    return path
