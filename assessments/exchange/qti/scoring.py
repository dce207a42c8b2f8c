"""What the processing of a QTI item amounts to, found by running it on the answers that matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from assessments.exchange.building import CLOSE, percent
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.qti.processing import EACH_CORRECT, Program, Unknown
from assessments.exchange.qti.values import Declaration, Value

_MOST_OPTIONS = 8
Answers = Mapping[str, Value]


@dataclass
class Scoring:
    """A program that runs, and what a full answer earns by it."""

    program: Program
    points: Fraction

    def share(self, answers: Answers) -> Fraction:
        """Return what an answer earns, 1 for all of it."""
        return self.program.score(answers) / self.points


def scoring(program: Program, best: Sequence[Answers], declared: Fraction | None, draft: Draft) -> Scoring:
    """Return how an item is scored; `best` are answers of which one should earn all, `declared` the points it names.

    Where the processing is missing or cannot be run, the declared right answer stands in, and that is said. Raises
    Refusal where nothing earns anything.
    """
    if program.missing:
        draft.changed("its file does not say how it is scored; the right answer earns the mark")
        program = _stand_in(program)
    try:
        most = max((program.score(one) for one in best), default=Fraction(0))
        program.score({})
    except Unknown as fault:
        draft.changed(f"its scoring has {fault}, which is not read here; the right answer it declares earns the mark")
        program = _stand_in(program)
        try:
            most = max((program.score(one) for one in best), default=Fraction(0))
        except Unknown:
            raise Refusal(f"its scoring has {fault}, and it declares no right answer") from None
    if most <= 0:
        raise Refusal("no answer earns anything by its own rules: expected a right answer")
    near = declared is not None and abs(declared - most) <= CLOSE * most
    points = declared if declared is not None and near else most
    if declared is not None and declared > 0 and not near:
        draft.changed(f"it is said to be worth {float(declared):g}, but its best answer earns {float(most):g}")
    draft.points = round(points, 4)
    return Scoring(program, most)


def _stand_in(program: Program) -> Program:
    # A text may list what it accepts in its mapping, with and without capitals, beside one answer that it shows.
    mapped = any(
        one.mapped and (one.correct.null or one.cardinality == "single") for one in program.declarations.values()
    )
    if len(program.declarations) > 1:
        template = EACH_CORRECT
    else:
        template = "map_response" if mapped else "match_correct"
    return Program(program.declarations, program.outcomes, None, template)


def near(first: Fraction, second: Fraction) -> bool:
    """Say whether two shares are the same but for rounding."""
    return abs(first - second) <= CLOSE


def subsets(names: Sequence[str], most: int, key: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the picks that matter: all of them for few options, else the telling ones around `key`."""
    limit = most or len(names)
    if len(names) <= _MOST_OPTIONS:
        return [one for size in range(1, limit + 1) for one in combinations(names, size)]
    found: list[tuple[str, ...]] = [(one,) for one in names]
    found += [tuple(key), tuple(names)]
    found += [tuple(one for one in key if one != left) for left in key if len(key) > 1]
    found += [(*key, one) for one in names if one not in key]
    return [one for one in dict.fromkeys(found) if len(one) <= limit]


def settle_credit(draft: Draft, cases: Sequence[tuple[str, Fraction, Fraction, bool]], whole: bool) -> None:
    """Decide whether parts of an answer earn parts, and name a difference.

    Each case is an answer in words, what it earned, what it earns by our partial rule, and whether it is wholly right.
    `whole` says that partial credit of ours has a meaning here.
    """
    ours = all(near(earned, partial) for _, earned, partial, _ in cases)
    strict = all(near(earned, Fraction(int(right))) for _, earned, _, right in cases)
    if ours or not whole:
        if not ours:
            _difference(draft, cases)
        return
    if strict:
        draft.partial = False
        return
    _difference(draft, cases)


def _difference(draft: Draft, cases: Sequence[tuple[str, Fraction, Fraction, bool]]) -> None:
    words, earned, partial, _ = next(one for one in cases if not near(one[1], one[2]))
    now = f"{words} earned {percent(earned)} and now earns {percent(partial)}"
    draft.changed(f"parts of an answer were paid by another rule: {now}")


def probe(run: Callable[[], Fraction]) -> Fraction:
    """Return a share, 0 where the rules cannot be run on this answer."""
    try:
        return run()
    except Unknown:
        return Fraction(0)


def answer_of(one: Declaration, *items: object) -> Value:
    """Return an answer to a response."""
    return Value(tuple(items), one.cardinality, one.base)
