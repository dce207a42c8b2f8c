"""Somebody who collects every report and solves the equations that they make works out no small group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.people.facts import UnitFacts
from lms.reports.masks import mask
from lms.reports.tree import Tree
from tests.lms.reports.test_suppression import SMALLEST, in_span

NAMES = ("nurse", "physician", "pharmacist")
MEASURE = "K1"
FEW = st.sampled_from((0, 0, 1, 2, 4, 5, 6, 9, 30))


@dataclass(frozen=True)
class Alike:
    """People whom no report tells apart: those of one profession with posts in just these units."""

    profession: str
    posts: tuple[int, ...]


@dataclass(frozen=True)
class Hospital:
    """A tree and how many people are alike."""

    tree: Tree
    people: Mapping[Alike, int]

    def units(self, who: Alike) -> frozenset[int]:
        """The units in which somebody counts."""
        return frozenset(each.id for post in who.posts for each in self.tree.line(self.tree.all[post]))

    def published(self) -> list[frozenset[Alike]]:
        """Of every figure that some report shows, by unit and profession or of all, whose figure it is."""
        sizes: dict[int, Counter[str]] = {unit: Counter() for unit in self.tree.all}
        for who, count in self.people.items():
            for unit in self.units(who):
                sizes[unit][who.profession] += count
        found = []
        for wanted in (None, *NAMES):
            every = self.tree.split(list(self.tree.all.values()))
            hidden = mask(self.tree, every, {MEASURE: sizes}, SMALLEST, wanted)
            for unit in self.tree.all:
                if MEASURE not in hidden.get(unit, ()):
                    found.append(self.inside(unit, wanted))
        return [figure for figure in found if figure]

    def inside(self, unit: int, profession: str | None = None) -> frozenset[Alike]:
        """Everybody who counts in a unit, of all professions or of one."""
        mine = [who for who, count in self.people.items() if count and unit in self.units(who)]
        return frozenset(who for who in mine if profession in (None, who.profession))

    def count(self, whom: Iterable[Alike]) -> int:
        """How many people these are."""
        return sum(self.people[who] for who in whom)

    def small_groups(self) -> set[frozenset[Alike]]:
        """Every row of a unit or profession with few people, the few who are alike, and two such together."""
        rows = {self.inside(unit, name) for unit in self.tree.all for name in (None, *NAMES)}
        alike = [frozenset({who}) for who, count in self.people.items() if count]
        pairs = {one | other for one, other in combinations(alike, 2)}
        return {group for group in chain(rows, alike, pairs) if 0 < self.count(group) < SMALLEST}


@st.composite
def trees(draw: st.DrawFn, most: int = 7) -> Tree:
    """A random tree of units with one root."""
    units = [UnitFacts(1, "U1", "Unit", "", None)]
    for number in range(2, draw(st.integers(2, most)) + 1):
        units.append(UnitFacts(number, f"U{number}", "Unit", "", draw(st.integers(1, number - 1))))
    return Tree(units)


@st.composite
def hospitals(draw: st.DrawFn, professions: int = 2) -> Hospital:
    """People with one post each, anywhere; of one profession also some in the lowest units, a few of them in two."""
    tree = draw(trees())
    ends = sorted(unit for unit in tree.all if not tree.children(unit))
    twice = professions == 1 and len(ends) > 1 and draw(st.booleans())
    people = {Alike(name, (unit,)): draw(FEW) for unit in (ends if twice else tree.all) for name in NAMES[:professions]}
    if twice:
        posts = draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique=True))
        people[Alike(NAMES[0], tuple(sorted(posts)))] = draw(st.integers(1, 4))
    return Hospital(tree, people)


def vectors(figures: Iterable[frozenset[Alike]], order: list[Alike]) -> list[list[Fraction]]:
    """The figures as equations: whom each sums up."""
    return [[Fraction(who in figure) for who in order] for figure in figures]


@settings(max_examples=4000, deadline=None)
@given(hospitals(professions=1))
def test_no_small_group_follows_from_all_reports_though_people_have_two_posts(hospital: Hospital) -> None:
    order = [who for who, count in hospital.people.items() if count]
    known = vectors(hospital.published(), order)
    for group in hospital.small_groups():
        (wanted,) = vectors([group], order)
        assert not in_span(known, wanted), f"{group} can be worked out"


@settings(max_examples=4000, deadline=None)
@given(hospitals())
def test_no_small_group_follows_from_reports_of_every_profession_either(hospital: Hospital) -> None:
    order = [who for who, count in hospital.people.items() if count]
    known = vectors(hospital.published(), order)
    for group in hospital.small_groups():
        (wanted,) = vectors([group], order)
        assert not in_span(known, wanted), f"{group} can be worked out"


@st.composite
def two_days(draw: st.DrawFn) -> tuple[Hospital, dict[Alike, tuple[int, int]]]:
    """A hospital on two days: of each unit how many stayed, and how many of a large unit had left by the second."""
    tree = draw(trees())
    ends = [unit for unit in sorted(tree.all) if not tree.children(unit)]
    stayed = {Alike(NAMES[0], (unit,)): draw(FEW) for unit in ends}
    large = [who for who, count in stayed.items() if count >= SMALLEST]
    left = {who: draw(st.sampled_from((0, 0, 1, 3, 20))) if who in large else 0 for who in stayed}
    return Hospital(tree, stayed), {who: (stayed[who], left[who]) for who in stayed}


@settings(max_examples=400, deadline=None)
@given(two_days())
def test_reports_of_two_days_do_not_undo_each_other_while_the_same_groups_are_small(days) -> None:
    """Nobody in a small unit comes, goes or changes; elsewhere people leave, and units change their order of size."""
    now, moved = days
    gone = {Alike("gone", who.posts): count for who, (_, count) in moved.items()}
    names = {who: who for who in now.people} | {who: Alike(NAMES[0], who.posts) for who in gone}
    then = Hospital(now.tree, {who: sum(moved[who]) for who in now.people})
    order = [who for who, count in (*now.people.items(), *gone.items()) if count]

    def whole(figure: frozenset[Alike]) -> frozenset[Alike]:
        return frozenset(who for who in order if names[who] in figure)

    known = vectors([*now.published(), *map(whole, then.published())], order)
    for unit in now.tree.all:
        group = now.inside(unit)
        if 0 < now.count(group) < SMALLEST:
            (wanted,) = vectors([group], order)
            assert not in_span(known, wanted), f"U{unit} can be worked out"


@given(hospitals(professions=1), st.integers(2, 40))
def test_what_is_hidden_beside_small_groups_does_not_follow_from_sizes(hospital: Hospital, more: int) -> None:
    """The same groups are small, the same units have staff of their own: the same is hidden, and for every measure."""
    ends = [unit for unit in hospital.tree.all if not hospital.tree.children(unit)]
    once = {who: count for who, count in hospital.people.items() if len(who.posts) == 1}
    grown = {who: count * more if count >= SMALLEST and who.posts[0] in ends else count for who, count in once.items()}
    published = Hospital(hospital.tree, once).published()
    assert set(published) == set(Hospital(hospital.tree, grown).published())


@settings(max_examples=200, deadline=None)
@given(hospitals(), st.integers(2, 40))
def test_what_is_hidden_of_a_profession_does_not_follow_from_sizes_either(hospital: Hospital, more: int) -> None:
    ends = [unit for unit in hospital.tree.all if not hospital.tree.children(unit)]
    here = {who: count for who, count in hospital.people.items() if who.posts[0] in ends}
    grown = {who: count * more if count >= SMALLEST else count for who, count in here.items()}
    published = Hospital(hospital.tree, here).published()
    assert set(published) == set(Hospital(hospital.tree, grown).published())
