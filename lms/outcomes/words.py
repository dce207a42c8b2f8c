"""What the reports of this room say in words: definitions, cautions, outcomes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lms.measures.facts import MeasureFacts
from lms.measures.spc import FIRM, Chart

OUTCOMES = {
    "better": "a signal for the better",
    "worse": "a signal for the worse",
    "mixed": "signals in both directions",
    "change": "a signal of change",
    "none": "no signal",
    "early": "too early to say",
}
EXPECTATIONS = {"better": "better", "worse": "worse", "none": "no change"}
SIGNALS = {
    "beyond": "outside a limit",
    "near": "two of three near a limit",
    "run": "run of eight",
    "trend": "trend of six",
}
KINDS = {
    "p": "p chart, binomial limits of each point for its own denominator",
    "u": "u chart, Poisson limits of each point for its own denominator",
    "c": "c chart, Poisson limits",
    "xmr": "chart of single values, limits 2.66 average moving ranges from the mean",
}

CHART = (
    "Control chart",
    "The centre line is the mean of the baseline, that is of all periods before an effect was expected; limits stand "
    "three standard deviations from it and are frozen. Without a baseline all periods are used. {kind}.",
)
RULES = (
    "Signals",
    "One point outside a limit; two of three points beyond two thirds of the way to the same limit; eight points or "
    "more on one side of the centre line; six points or more that rise or fall without a break. Without any of them "
    "the variation is what chance brings.",
)
TRAINED = (
    "Trained",
    "People of the units, and of all units below them, with a current post and not on leave on the last day of the "
    "period, and how many of them had completed the course by then. Each person counts in the unit of the current "
    "post that began first. Units with fewer than {smallest} people of their own are left out of all figures.",
)
KNOWN = (
    "As known",
    "Values are those known on the as-of date; later corrections change no report of an earlier date. Periods that "
    "had not ended, or that not all of the units had reported, are left out.",
)
COMPARED = (
    "Compared",
    "The same question as it was answered on the earlier date: with the periods that had ended, the values that were "
    "known and the people who worked there then.",
)
BARS = "Bars: the share of the staff who had completed the course."
CAUSE = "Training and measure moved beside each other; that does not show that one moved the other."
FEW_CASES, FEW_EVENTS = 20, 3


def cautions(
    measure: MeasureFacts, drawn: Chart, *, changes: int, beside: bool, after: int, known_before: int, left_out: int
) -> tuple[str, ...]:
    """What a reader must bear in mind about a comparison, in sentences."""
    found = [CAUSE]
    if changes:
        one = changes == 1
        found.append(
            f"{'One other change' if one else f'{changes} other changes'} in these units or the whole hospital "
            f"{'is' if one else 'are'} on the list for this time and could explain the same."
        )
    else:
        found.append("No other change is on the list for this time; that may only mean that nobody entered one.")
    if not beside:
        found.append("No unit without the training stands beside it, so what happened everywhere cannot be told apart.")
    if not drawn.firm:
        found.append(f"Fewer than {FIRM} periods make up the baseline: its limits are provisional.")
    if small := small_denominators(measure, drawn):
        found.append(small)
    if 0 < after < 6:
        found.append(
            f"Only {after} {'period has' if after == 1 else 'periods have'} passed since an effect could show."
        )
    if known_before:
        found.append(
            f"{known_before} of the periods since then {'was' if known_before == 1 else 'were'} known already when "
            "the comparison was registered, so the expectation was not blind to them."
        )
    if left_out:
        found.append(f"{left_out} {'period is' if left_out == 1 else 'periods are'} left out as incomplete.")
    return tuple(found)


def small_denominators(measure: MeasureFacts, drawn: Chart) -> str:
    """A caution where cases or events are so few that exact limits say little; else an empty text."""
    if measure.kind == "p":
        few = sum(1 for each in drawn.points if (each.denominator or 0) < FEW_CASES)
        return f"{few} of the periods have fewer than {FEW_CASES} cases." if few else ""
    if measure.kind in ("u", "c"):
        few = sum(1 for each in drawn.points if each.centre * (each.denominator or 1) / measure.per < FEW_EVENTS)
        return f"In {few} of the periods fewer than {FEW_EVENTS} events are expected: limits are rough." if few else ""
    return ""


def key(direction: str) -> str:
    """What the marks of a chart mean."""
    marks = "a signal." if direction == "none" else "a signal for the better. Square: a signal for the worse."
    return f"Solid: the values. Dashed: mean and limits. Diamond: {marks}"


def figure(value: float | None, kind: str, per: int) -> str:
    """A value of a chart as it is written: per cent with one decimal, others with three digits that count."""
    if value is None:
        return "too few"
    if kind == "p" and per == 100:
        return f"{value:.1f}%"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def whole(count: float | None) -> float | str:
    """A count without a point where it has none to show; empty where there is none."""
    if count is None:
        return ""
    return int(count) if float(count).is_integer() else count


def sentence(text: str) -> str:
    """A text with a capital at its beginning; names in it keep theirs."""
    return text[:1].upper() + text[1:]


def names(units: Sequence[str]) -> str:
    """Units as a list in words."""
    if len(units) < 2:
        return "".join(units)
    return f"{', '.join(units[:-1])} and {units[-1]}"
