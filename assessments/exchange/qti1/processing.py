"""The processing of a QTI 1 item, run on the answers that matter. What is not known raises `Unknown`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
_ACTS = {
    "set": lambda score, value: value,
    "add": lambda score, value: score + value,
    "subtract": lambda score, value: score - value,
    "multiply": lambda score, value: score * value,
}
Answers = Mapping[str, Sequence[str]]
Test = Callable[[Answers], bool]


@dataclass
class Outcome:
    """What an answer earns, and the identifiers of the feedback that it is shown."""

    score: Fraction = Fraction(0)
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Rule:
    """One rule made ready: whether it holds, what it does to the score, what it shows, and whether the next is run."""

    holds: Test
    acts: Sequence[Callable[[Outcome], None]]
    shown: Sequence[str]
    goes_on: bool


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
        outcome = Outcome(self._start)
        for rule in self._rules:
            if not rule.holds(answers):
                continue
            for act in rule.acts:
                act(outcome)
            if self.called and CORRECT in rule.shown:
                outcome.score = Fraction(1)
            outcome.shown += rule.shown
            if not rule.goes_on:
                break
        if self._least is not None and outcome.score < self._least:
            outcome.score = self._least
        return outcome

    @cached_property
    def _rules(self) -> list[_Rule]:
        """The rules in a form that is quick to run, as each is run for every answer that is tried."""
        conditions = [] if self.rules is None else self.rules.findall("respcondition")
        if len(conditions) > MOST_CONDITIONS:
            raise Unknown("so many rules")
        found = []
        for one in conditions:
            test = one.find("conditionvar")
            if test is not None:
                shown = [each.get("linkrefid", "") for each in one.findall("displayfeedback")]
                acts = [self._act(each) for each in one.findall("setvar") if _is_score(each)]
                found.append(_Rule(self._all(test), acts, shown, _goes_on(one)))
        return found

    def _bound(self, name: str) -> Fraction | None:
        one = self._declared
        return number(one.get(name, "")) if one is not None else None

    @cached_property
    def _declared(self) -> Any:
        found = [] if self.rules is None else self.rules.findall("outcomes/decvar")
        return next((one for one in found if _is_score(one)), None)

    @cached_property
    def _start(self) -> Fraction:
        return self._bound("defaultval") or Fraction(0)

    @cached_property
    def _least(self) -> Fraction | None:
        return self._bound("minvalue")

    def _act(self, act: Any) -> Callable[[Outcome], None]:
        text = (act.text or "").strip()
        if text.lower() == "score.max":
            text = self._declared.get("maxvalue", "") if self._declared is not None else ""
        value, name = number(text), act.get("action", "Set").lower()

        def run(outcome: Outcome) -> None:
            if value is None:
                raise Unknown(f"the score {text!r}")
            if name not in _ACTS:
                raise Unknown(f"the act {name}")
            outcome.score = _ACTS[name](outcome.score, value)

        return run

    def _all(self, holder: Any) -> Test:
        tests = list(holder)
        if any(one.tag.startswith("vargt") for one in tests) and any(one.tag.startswith("varlt") for one in tests):
            # A number beside the bounds that it lies between is the one to show; it narrows nothing.
            tests = [one for one in tests if one.tag != "varequal"]
        names = {one.get("respident") for one in tests}
        # Answers listed for a response that takes one of them are alternatives: together they could never hold.
        alternatives = all(one.tag == "varequal" for one in tests) and len(names) == 1 and names <= self.single
        return _joined([self._test(one) for one in tests], any if alternatives else all)

    def _test(self, test: Any) -> Test:
        name = test.tag
        if name in ("and", "or"):
            return _joined([self._test(one) for one in test], all if name == "and" else any)
        if name == "not":
            inner = _joined([self._test(one) for one in test], all)
            return lambda answers: not inner(answers)
        if name == "other":
            return lambda answers: True
        key, text = test.get("respident", ""), (test.text or "").strip()
        if name == "unanswered":
            return lambda answers: not answers.get(key)
        if name == "varequal":
            if key in self.picked:
                return lambda answers: text in answers.get(key, ())
            exact = test.get("case", "No").lower() == "yes"
            return lambda answers: any(_same(text, one, exact) for one in answers.get(key, ()))
        if name in _COMPARED and (bound := number(text)) is not None:
            return lambda answers: _beyond(name, answers.get(key, ()), bound)
        return _unknown(f"the bound {text!r}" if name in _COMPARED else f"the test {name}")


def _joined(tests: Sequence[Test], how: Callable[[Iterable[bool]], bool]) -> Test:
    return lambda answers: how(one(answers) for one in tests)


def _beyond(name: str, given: Sequence[str], bound: Fraction) -> bool:
    value = number(given[0]) if given else None
    return value is not None and bool(_COMPARED[name](value, bound))


def _unknown(what: str) -> Test:
    def test(answers: Answers) -> bool:
        raise Unknown(what)

    return test


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
