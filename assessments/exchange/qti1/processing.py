"""The processing of a QTI 1 item, run on the answers that matter. What is not known raises `Unknown`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from assessments.exchange.building import number
from assessments.exchange.qti.processing import Unknown

MOST_CONDITIONS = 500
# Blackboard's name for the feedback of a right answer; some of its question types have no other sign of one.
CORRECT = "correct"
_COMPARED = {
    "vargte": lambda given, bound: given >= bound,
    "vargt": lambda given, bound: given > bound,
    "varlte": lambda given, bound: given <= bound,
    "varlt": lambda given, bound: given < bound,
}
Answers = Mapping[str, Sequence[str]]


@dataclass
class Outcome:
    """What an answer earns, and the identifiers of the feedback that it is shown."""

    score: Fraction = Fraction(0)
    shown: list[str] = field(default_factory=list)


@dataclass
class Program:
    """The `resprocessing` of an item, None where it has none. `single` are the responses that take one answer,

    `picked` those whose answers are identifiers, which are the same or not, whatever capitals mean elsewhere.
    """

    rules: Any
    single: frozenset[str]
    picked: frozenset[str] = frozenset()

    @cached_property
    def called(self) -> bool:
        """Whether no rule gives a score, and answers are only called correct by the feedback that they are shown."""
        if self.rules is None:
            return False
        scores = [one for one in self.rules.iter("setvar") if (one.text or "").strip() not in ("0", "0.0")]
        return not scores and any(one.get("linkrefid") == CORRECT for one in self.rules.iter("displayfeedback"))

    def run(self, answers: Answers) -> Outcome:
        """Return what becomes of an answer: the picks or the one text for each response. Raises Unknown."""
        outcome = Outcome(self._start())
        conditions = [] if self.rules is None else self.rules.findall("respcondition")
        if len(conditions) > MOST_CONDITIONS:
            raise Unknown("so many rules")
        for rule in conditions:
            test = rule.find("conditionvar")
            if test is None or not self._all(test, answers):
                continue
            for act in rule.findall("setvar"):
                self._set(act, outcome)
            shown = [one.get("linkrefid", "") for one in rule.findall("displayfeedback")]
            if self.called and CORRECT in shown:
                outcome.score = Fraction(1)
            outcome.shown += shown
            if not _goes_on(rule):
                break
        least = self._bound("minvalue")
        if least is not None and outcome.score < least:
            outcome.score = least
        return outcome

    def _bound(self, name: str) -> Fraction | None:
        one = self._declared
        return number(one.get(name, "")) if one is not None else None

    @cached_property
    def _declared(self) -> Any:
        found = [] if self.rules is None else self.rules.findall("outcomes/decvar")
        return next((one for one in found if _is_score(one)), None)

    def _start(self) -> Fraction:
        return self._bound("defaultval") or Fraction(0)

    def _set(self, act: Any, outcome: Outcome) -> None:
        if not _is_score(act):
            return
        text = (act.text or "").strip()
        if text.lower() == "score.max":
            one = self._declared
            text = one.get("maxvalue", "") if one is not None else ""
        value = number(text)
        if value is None:
            raise Unknown(f"the score {text!r}")
        name = act.get("action", "Set").lower()
        if name == "set":
            outcome.score = value
        elif name == "add":
            outcome.score += value
        elif name == "subtract":
            outcome.score -= value
        elif name == "multiply":
            outcome.score *= value
        else:
            raise Unknown(f"the act {name}")

    def _all(self, holder: Any, answers: Answers) -> bool:
        tests = list(holder)
        if any(one.tag.startswith("vargt") for one in tests) and any(one.tag.startswith("varlt") for one in tests):
            # A number beside the bounds that it lies between is the one to show; it narrows nothing.
            tests = [one for one in tests if one.tag != "varequal"]
        names = {one.get("respident") for one in tests}
        alternatives = all(one.tag == "varequal" for one in tests) and len(names) == 1 and names <= self.single
        # Answers listed for a response that takes one of them are alternatives: together they could never hold.
        found = [self._holds(one, answers) for one in tests]
        return any(found) if alternatives else all(found)

    def _holds(self, test: Any, answers: Answers) -> bool:
        name = test.tag
        if name == "and":
            return all(self._holds(one, answers) for one in test)
        if name == "or":
            return any(self._holds(one, answers) for one in test)
        if name == "not":
            return not all(self._holds(one, answers) for one in test)
        if name == "other":
            return True
        given = answers.get(test.get("respident", ""), ())
        if name == "unanswered":
            return not given
        text = (test.text or "").strip()
        if name == "varequal":
            if test.get("respident", "") in self.picked:
                return text in given
            return any(_same(text, one, test.get("case", "No").lower() == "yes") for one in given)
        if name in _COMPARED:
            bound, value = number(text), number(given[0]) if given else None
            if bound is None:
                raise Unknown(f"the bound {text!r}")
            return value is not None and bool(_COMPARED[name](value, bound))
        raise Unknown(f"the test {name}")


def _goes_on(rule: Any) -> bool:
    """Say whether the rules after one are run too. Where it does not say, only what adds to the score goes on:

    the standard would stop there, and the systems that leave it out mean every pair to earn its share.
    """
    said = rule.get("continue")
    if said is not None:
        return bool(said.lower() == "yes")
    return any(one.get("action", "Set").lower() == "add" for one in rule.findall("setvar"))


def _is_score(element: Any) -> bool:
    """Say whether a variable is the score, which is the one that is not named."""
    return (element.get("varname") or element.get("variablename") or "SCORE").upper() in ("SCORE", "QUE_SCORE")


def _same(wanted: str, given: str, exact: bool) -> bool:
    if wanted == given or (not exact and wanted.casefold() == given.casefold()):
        return True
    first, second = number(wanted), number(given)
    return first is not None and first == second
