"""Script concordance: how a new finding changes a hypothesis, judged against a panel."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Concordance
from assessments.body import Cell, Parts, split_table
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.source import Line, Report
from assessments.types.choices import shown
from assessments.types.kind import Kind, key_missing

SCALE = (-2, -1, 0, 1, 2)
LABELS = {-2: "−2", -1: "−1", 0: "0", 1: "+1", 2: "+2"}
FEWEST_VOTES = 10
_COUNT = re.compile(r"\d{1,4}\Z", re.ASCII)


class ConcordanceKind(Kind[Concordance]):
    """Table with the header −2 … +2 and one row of votes; credit = votes ÷ modal votes.

    Formative only. Raw and canonical answer are a whole number from −2 to 2.
    """

    name = "concordance"
    formative = True

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_table(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Concordance]:
        """Read the votes; another header, another number of rows and votes that are no counts are faults."""
        nobody = Concordance((0,) * len(SCALE))
        if not parts.rows:
            key_missing(heading, report, "a table with the header −2 −1 0 +1 +2 and one row of votes")
            return parts.stem, nobody
        header, *rows = parts.rows
        if tuple(_degree(cell) for cell in header) != SCALE:
            report.error(header[0].line, header[0].column, "expected the header | −2 | −1 | 0 | +1 | +2 |")
        if len(rows) != 1:
            report.error(header[0].line, header[0].column, f"there are {len(rows)} rows of votes; expected one")
            return parts.stem, nobody
        row = rows[0]
        if len(row) != len(SCALE) or not all(_COUNT.match(cell.text) for cell in row):
            report.error(row[0].line, row[0].column, "expected five counts of votes, 0 where nobody chose a degree")
            return parts.stem, nobody
        votes = tuple(int(cell.text) for cell in row)
        if not any(votes):
            report.error(row[0].line, row[0].column, "nobody voted; expected the panel's votes")
        elif sum(votes) < FEWEST_VOTES:
            report.warning(
                row[0].line, row[0].column,
                f"the panel gave {sum(votes)} votes; {FEWEST_VOTES} to 20 make a sound key",
            )  # fmt: skip
        return parts.stem, Concordance(votes)

    def present(self, item: Item, answer: Concordance, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the scale."""
        return {"scale": [{"value": value, "label": LABELS[value]} for value in SCALE]}

    def read_answer(self, item: Item, answer: Concordance, seed: str, raw: Any) -> int | None:
        """See Kind."""
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float) or raw not in SCALE:
            raise AnswerError(f"expected a whole number from -2 to 2, not {shown(raw)}")
        return int(raw)

    def raw_answer(self, item: Item, answer: Concordance, seed: str, canonical: Any) -> int | None:
        """See Kind."""
        return self.read_answer(item, answer, seed, canonical)

    def share(self, item: Item, answer: Concordance, canonical: Any) -> Fraction:
        """Votes for the chosen degree / votes for the most chosen one."""
        value = self.read_answer(item, answer, "", canonical)
        most = max(answer.votes, default=0)
        return Fraction(answer.votes[SCALE.index(value)], most) if value is not None and most else Fraction(0)

    def review(self, item: Item, answer: Concordance, seed: str, canonical: Any) -> dict[str, Any]:
        """Show how the panel voted; the key is what most of them chose."""
        most = max(answer.votes, default=0)
        return {
            "scale": [
                {"value": value, "label": LABELS[value], "votes": votes, "chosen": value == canonical}
                for value, votes in zip(SCALE, answer.votes, strict=True)
            ],
            "given": canonical,
            "key_text": " or ".join(
                LABELS[value] for value, votes in zip(SCALE, answer.votes, strict=True) if votes == most
            ),
        }


def _degree(cell: Cell) -> int | None:
    plain = cell.text.replace("−", "-").replace("–", "-")
    return int(plain) if re.fullmatch(r"[+-]?[0-2]", plain) else None
