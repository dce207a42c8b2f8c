"""One QTI 1 item taken apart: what its metadata says, its texts, and what its rules make of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.exchange.building import number, short
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import one_line
from assessments.exchange.qti.processing import Unknown
from assessments.exchange.qti1.material import Texts
from assessments.exchange.qti1.processing import Answers, Outcome, Program

# What no learner would type; it stands for any other answer.
OTHER = "\u2603"


def fields_of(item: Any) -> dict[str, str]:
    """Return what the metadata of an item or assessment says, by its label."""
    found = {
        one_line(one.findtext("fieldlabel") or ""): one_line(one.findtext("fieldentry") or "")
        for one in item.iterfind(".//qtimetadatafield")
    }
    for one in item.iterfind("itemmetadata/*"):
        if one.text and not len(one):
            found.setdefault(one.tag, one_line(one.text))
    return found


@dataclass
class Question:
    """One item on its way to a draft."""

    item: Any
    draft: Draft
    texts: Texts
    program: Program
    fields: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)

    @property
    def worth(self) -> Fraction | None:
        """The points that the item says apart from its rules, under the name of whichever system wrote it."""
        names = ("points_possible", "qmd_absolutescore_max", "cc_weighting")
        return number(next((self.fields[name] for name in names if self.fields.get(name)), ""))

    def outcome(self, answers: Answers) -> Outcome:
        """Return what becomes of an answer; raises Refusal where the rules cannot be run."""
        try:
            return self.program.run(answers)
        except Unknown as fault:
            raise Refusal(f"its scoring has {fault}, which is not read here") from None

    def best_of(self, answers: Sequence[Answers]) -> Fraction:
        """Return the most that one of some answers earns, and set the points; raises Refusal where none earns."""
        best = max((self.outcome(one).score for one in answers), default=Fraction(0))
        if self.program.called:
            self.draft.changed("its rules give no score; the answers that they call correct earn the mark")
        if best <= 0:
            raise Refusal("no answer earns anything by its own rules: expected a right answer")
        said = self.worth
        # Most systems score in per cent and say the points apart; where they do not, the rules' own score counts.
        self.draft.points = round(said, 4) if said is not None and said > 0 else round(best, 4)
        if said is not None and said <= 0:
            self.draft.points = Fraction(1)
            self.draft.changed(f"it was worth {float(said):g} points and is now worth 1")
        return best

    def shown(self, answers: Answers) -> list[str]:
        """Return the texts that are shown after an answer."""
        found = (self.said.get(one, "") for one in self.outcome(answers).shown)
        return list(dict.fromkeys(one for one in found if one))

    def place(self, right: Answers, others: Sequence[Answers]) -> None:
        """Keep feedback that every answer is shown as the explanation, and name all other."""
        everywhere = [text for text in self.shown(right) if all(text in self.shown(one) for one in others)]
        self.draft.rationale = "\n\n".join(everywhere) or None
        self.left_out(everywhere)

    def left_out(self, kept: Sequence[str]) -> None:
        """Name feedback that has no place here."""
        for text in self.said.values():
            if text and text not in kept:
                self.draft.changed(f"feedback for some answers only is left out: “{short(text)}”")


def tests_of(question: Question) -> list[Any]:
    """Return every test of the rules that does not ask how tests hold together."""
    rules = question.program.rules
    if rules is None:
        return []
    return [
        one for one in rules.iter() if isinstance(one.tag, str) and (one.tag.startswith("var") or one.tag == "other")
    ]


def wanted_of(question: Question) -> list[Any]:
    """Return the tests for equality that do not stand within a `not`."""
    return [
        one
        for one in tests_of(question)
        if one.tag == "varequal" and not any(up.tag == "not" for up in one.iterancestors())
    ]
