"""A number within a tolerance or a range; the unit is shown, never typed."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Numeric, Range
from assessments.body import Parts, Passage, split_answers
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.numbers import NUMBER, author_number, exact, json_number
from assessments.source import Line, Report
from assessments.types.choices import shown
from assessments.types.kind import Kind, key_missing

_UNIT = r"(?P<unit>[^\s\d,.;:|±+\-−](?:(?!\+/)[^|±])*)"
# A unit follows after a space; only a sign such as % may stand at the number.
_UNIT_PART = rf"(?:\s+{_UNIT}|(?P<sign>[%‰°])(?:\s+(?P<more>[^|]+))?)?"
_VALUE = re.compile(
    rf"(?P<value>{NUMBER})(?:\s*(?:±|\+/[-−])\s*(?P<tolerance>{NUMBER})(?P<relative>%)?)?{_UNIT_PART}\Z"
)
_RANGE = re.compile(rf"(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER}){_UNIT_PART}\Z")
_LOOKS_NUMERIC = re.compile(rf"{NUMBER}.*(?:±|\+/[-−]|\.\.)")
_ONE_WORD = re.compile(r"\S+(?: per \S+)*\Z")


class NumericKind(Kind[Numeric]):
    """Answer lines `= value ± tolerance unit` or `= low..high unit`; raw and canonical answer are a JSON number."""

    name = "numeric"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_answers(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Numeric]:
        """Read each answer line as one accepted range; all share one unit."""
        if not parts.answers:
            key_missing(heading, report, "a line `= value ± tolerance unit` after a blank line")
        ranges: list[Range] = []
        unit: str | None = None
        for passage in parts.answers:
            found = read_range(passage.text)
            if found is None:
                report.error(
                    passage.line, passage.column,
                    f"cannot read {passage.text!r} as a number; expected `= value ± tolerance unit` or "
                    "`= low..high unit`, with a decimal point",
                )  # fmt: skip
                continue
            one, its_unit = found
            if one.low > one.high:
                report.error(
                    passage.line, passage.column, "the range is empty; expected its lower end first and no negative ±"
                )
            if unit is not None and its_unit != unit:
                report.error(
                    passage.line, passage.column, f"the unit {its_unit!r} differs from {unit!r} above; expected one"
                )
            unit = its_unit if unit is None else unit
            ranges.append(one)
        return parts.stem, Numeric(tuple(ranges), unit or "")

    def present(self, item: Item, answer: Numeric, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the unit."""
        return {"unit": answer.unit}

    def read_answer(self, item: Item, answer: Numeric, seed: str, raw: Any) -> int | float | None:
        """See Kind. A form's text goes through `numbers.parse_number` first."""
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise AnswerError(f"expected a number, not {shown(raw)}")
        return json_number(raw)

    def raw_answer(self, item: Item, answer: Numeric, seed: str, canonical: Any) -> int | float | None:
        """See Kind."""
        return self.read_answer(item, answer, seed, canonical)

    def share(self, item: Item, answer: Numeric, canonical: Any) -> Fraction:
        """All or nothing; both ends of a range are in it."""
        number = self.read_answer(item, answer, "", canonical)
        if number is None:
            return Fraction(0)
        value = exact(number)
        return Fraction(int(any(one.low <= value <= one.high for one in answer.ranges)))

    def review(self, item: Item, answer: Numeric, seed: str, canonical: Any) -> dict[str, Any]:
        """See Kind."""
        key = " or ".join(one.shown for one in answer.ranges)
        return {
            "unit": answer.unit,
            "given": canonical,
            "key_text": f"{key} {answer.unit}".strip(),
        }


def read_range(text: str) -> tuple[Range, str] | None:
    """Read the text of an answer line as a range and its unit; None where it is not a number."""
    found = _RANGE.match(text)
    if found:
        low, high = author_number(found["low"]), author_number(found["high"])
        if low is None or high is None:
            return None
        return Range(low, high, f"{found['low']}..{found['high']}"), _unit(found)
    found = _VALUE.match(text)
    value = author_number(found["value"]) if found else None
    if found is None or value is None:
        return None
    width = Fraction(0)
    written = found["value"]
    if found["tolerance"]:
        tolerance = author_number(found["tolerance"])
        if tolerance is None:
            return None
        written += f" ± {found['tolerance']}{found['relative'] or ''}"
        width = abs(value) * tolerance / 100 if found["relative"] else tolerance
    return Range(value - width, value + width, written), _unit(found)


def _unit(found: re.Match[str]) -> str:
    return " ".join(part for part in (found["sign"], found["more"], found["unit"]) if part).strip()


def reads_as_number(passage: Passage) -> bool:
    """Say whether an answer line is numeric without its class: a number, maybe a tolerance, maybe a unit, no ` | `.

    A unit of several words is taken only with a tolerance, a range or `per`: "12 lead ECG" is words.
    """
    if " | " in passage.text:
        return False
    found = read_range(passage.text)
    if found is None:
        return False
    one, unit = found
    return not unit or "±" in one.shown or ".." in one.shown or bool(_ONE_WORD.match(unit))


def nearly_number(text: str) -> bool:
    """Say whether words begin as a number with a tolerance or range that cannot be read."""
    return " | " not in text and bool(_LOOKS_NUMERIC.match(text)) and read_range(text) is None
