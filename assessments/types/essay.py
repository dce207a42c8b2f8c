"""A longer text that a person marks by a rubric."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Criterion, Essay
from assessments.body import Cell, Parts, split_table
from assessments.headings import Heading, Traits
from assessments.model import Item, Score
from assessments.source import Line, Report
from assessments.types.kind import Kind, key_missing
from assessments.types.text import typed_text

LONGEST = 20_000
_POINTS = re.compile(r"\d{1,4}(?:\.\d{1,4})?\Z", re.ASCII)


class EssayKind(Kind[Essay]):
    """Rubric table: criterion, points, descriptors; raw and canonical answer are a string.

    The points of the rubric are the item's. The rubric stays with the marker until the answer is in.
    """

    name = "essay"
    by_person = True

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_table(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Essay]:
        """Read the rubric; its points must be numbers and sum to those that the heading gives."""
        if not parts.rows:
            key_missing(heading, report, "a rubric table: criterion, points, descriptors")
            return parts.stem, Essay((), ())
        header, *rows = parts.rows
        if len(header) < 2:
            report.error(header[0].line, header[0].column, "the rubric has one column; expected criterion and points")
        if not rows:
            report.error(header[0].line, header[0].column, "the rubric has no criterion; expected a row for each")
        criteria = [one for row in rows if (one := _criterion(row, len(header), report))]
        total = sum((one.points for one in criteria), Fraction(0))
        if "points" in heading.attributes and traits.points is not None and criteria and total != traits.points:
            report.error(
                heading.line, heading.attributes["points"][1],
                f"the rubric's points sum to {_plain(total)}, the question's are {_plain(traits.points)}; "
                "expected the same",
            )  # fmt: skip
        return parts.stem, Essay(tuple(criteria), tuple(cell.text for cell in header[2:]))

    def points(self, answer: Essay, traits: Traits) -> Fraction:
        """The rubric's sum."""
        return sum((one.points for one in answer.criteria), Fraction(0)) or super().points(answer, traits)

    def present(self, item: Item, answer: Essay, seed: str, canonical: Any) -> dict[str, Any]:
        """Show how long the text may be."""
        return {"longest": LONGEST}

    def read_answer(self, item: Item, answer: Essay, seed: str, raw: Any) -> str | None:
        """See Kind."""
        return typed_text(raw, LONGEST)

    def raw_answer(self, item: Item, answer: Essay, seed: str, canonical: Any) -> str | None:
        """See Kind."""
        return typed_text(canonical, LONGEST)

    def share(self, item: Item, answer: Essay, canonical: Any) -> Fraction:
        """Nothing, until a person has marked it."""
        return Fraction(0)

    def review(self, item: Item, answer: Essay, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the rubric."""
        return {
            "given": canonical,
            "headings_html": list(answer.headings),
            "rubric": [
                {
                    "html": one.title,
                    "points": float(one.points),
                    "descriptors_html": list(one.descriptors),
                }
                for one in answer.criteria
            ],
        }


def award(item: Item, points: Sequence[Fraction]) -> Score:
    """Return the score of an essay from the points a person gave for each criterion, in the rubric's order.

    Raises ValueError where a criterion is missing or its points are outside 0 and what it can earn.
    """
    if not isinstance(item.answer, Essay):
        raise ValueError(f"expected an essay, not the {item.type} item {item.id!r}")
    criteria = item.answer.criteria
    if len(points) != len(criteria):
        raise ValueError(f"expected points for {len(criteria)} criteria, not {len(points)}")
    for given, one in zip(points, criteria, strict=True):
        if not 0 <= given <= one.points:
            raise ValueError(f"expected 0 to {_plain(one.points)} points for {one.title!r}, not {_plain(given)}")
    earned = sum(points, Fraction(0))
    return Score(earned, item.points, right=earned == item.points)


def _criterion(row: Sequence[Cell], width: int, report: Report) -> Criterion | None:
    if len(row) != width or width < 2:
        if width >= 2:
            report.error(row[0].line, row[0].column, f"this row has {len(row)} columns; expected {width}")
        return None
    title, points = row[0], row[1]
    if not title.text:
        report.error(title.line, title.column, "the criterion is empty; expected what is judged")
    if not _POINTS.match(points.text) or not Fraction(points.text):
        report.error(points.line, points.column, f"the points {points.text!r} are no number above 0")
        return None
    return Criterion(title.text, Fraction(points.text), tuple(cell.text for cell in row[2:]))


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"
