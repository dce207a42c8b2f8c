"""Response processing, run: what a QTI item would score for an answer. Bounded, pure, and sure of what it knows.

Instead of guessing from the shape of the rules what they mean, a reader asks for the score of the answers that matter
and compares. A rule or operator that is not known raises `Unknown`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.exchange.building import number
from assessments.exchange.faults import Refusal
from assessments.exchange.qti.values import NULL, Declaration, Value, scalar
from assessments.patterns import PatternError, whole_match

MOST_STEPS = 20_000
# Not of QTI: each response that is right earns its share. It stands in where an item does not say how it is scored.
EACH_CORRECT = "each_correct"


class Unknown(Exception):
    """The processing cannot be run; the message names what is not known."""


@dataclass
class Program:
    """The processing of one item. `rules` is its element, `template` the name of a standard one, either may be none."""

    declarations: Mapping[str, Declaration]
    outcomes: Mapping[str, Value]
    rules: Any = None
    template: str = ""

    @property
    def missing(self) -> bool:
        """Whether the item does not say how it is scored: it has no rules, or none that sets SCORE."""
        if self.template or self.rules is None:
            return not self.template
        return not any(
            one.get("identifier") == "SCORE" for one in self.rules.iter("setOutcomeValue", "lookupOutcomeValue")
        )

    def run(self, answers: Mapping[str, Value]) -> dict[str, Value]:
        """Return all outcomes after an answer; answers that are not given are NULL. Raises Unknown."""
        state = _State(self, dict(answers), dict(self.outcomes))
        try:
            if self.template:
                state.template(self.template)
            elif self.rules is not None:
                state.rules(self.rules)
        except _Exit:
            return state.outcomes
        except (IndexError, ValueError, Refusal):
            raise Unknown("a rule that is not whole") from None
        return state.outcomes

    def score(self, answers: Mapping[str, Value]) -> Fraction:
        """Return the outcome SCORE after an answer, 0 where it is not set."""
        value = self.run(answers).get("SCORE", NULL)
        return _number(value) or Fraction(0)


class _Exit(Exception):
    """The rules say to stop."""


class _State:
    """One run."""

    def __init__(self, program: Program, answers: dict[str, Value], outcomes: dict[str, Value]) -> None:
        self.program, self.answers, self.outcomes = program, answers, outcomes
        self.steps = 0

    def template(self, name: str) -> None:
        declarations = self.program.declarations
        if name == EACH_CORRECT:
            right = [_right(self.answers.get(key, NULL), one) for key, one in declarations.items()]
            self.outcomes["SCORE"] = _one(Fraction(sum(right), max(1, len(right))))
            return
        one = declarations.get("RESPONSE") or next(iter(declarations.values()), None)
        if one is None:
            raise Unknown("the standard processing without a response")
        given = self.answers.get(one.identifier, NULL)
        if name == "match_correct":
            self.outcomes["SCORE"] = _one(Fraction(int(_right(given, one))))
        elif name == "cc2_match_basic":
            hit = _right(given, one)
            self.outcomes["SCORE"] = self.outcomes.get("MAXSCORE", NULL) if hit else _one(Fraction(0))
            self.outcomes["FEEDBACKBASIC"] = _one("correct" if hit else "incorrect", "identifier")
        elif name in ("map_response", "cc2_map_response"):
            self.outcomes["SCORE"] = _one(Fraction(0) if given.null else one.mapped_value(given))
            if name == "cc2_map_response":
                full = _number(self.outcomes["SCORE"]) == _number(self.outcomes.get("MAXSCORE", NULL))
                self.outcomes["FEEDBACK"] = _one("correct" if full else "incorrect", "identifier")
        else:
            raise Unknown(f"the processing template {name}")

    def rules(self, holder: Any) -> None:
        for rule in holder:
            self._step()
            name = rule.tag
            if name == "responseCondition":
                self._condition(rule)
            elif name == "setOutcomeValue":
                self.outcomes[rule.get("identifier", "")] = self.value(rule[0]) if len(rule) else NULL
            elif name == "responseProcessingFragment":
                self.rules(rule)
            elif name == "exitResponse":
                raise _Exit
            else:
                raise Unknown(f"the rule {name}")

    def _condition(self, rule: Any) -> None:
        for branch in rule:
            if branch.tag == "responseElse":
                self.rules(branch)
                return
            if branch.tag not in ("responseIf", "responseElseIf") or not len(branch):
                raise Unknown(f"the rule {branch.tag}")
            if _true(self.value(branch[0])):
                self.rules(branch[1:])
                return

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Unknown("so many rules")

    def value(self, element: Any) -> Value:
        """Return the value of an expression."""
        self._step()
        name = element.tag
        if name in _LEAVES:
            return _LEAVES[name](self, element)
        operator = _OPERATORS.get(name)
        if operator is None:
            raise Unknown(f"the operator {name}")
        return operator(element, [self.value(one) for one in element])

    def variable(self, element: Any) -> Value:
        name = element.get("identifier", "")
        if name in self.program.declarations:
            return self.answers.get(name, NULL)
        return self.outcomes.get(name, NULL)

    def correct(self, element: Any) -> Value:
        return self._declared(element).correct

    def mapped(self, element: Any) -> Value:
        one = self._declared(element)
        given = self.answers.get(one.identifier, NULL)
        return _one(Fraction(0) if given.null else one.mapped_value(given))

    def _declared(self, element: Any) -> Declaration:
        found = self.program.declarations.get(element.get("identifier", ""))
        if found is None:
            raise Unknown(f"the response {element.get('identifier')!r}")
        return found


def _one(value: Any, base: str = "float") -> Value:
    return Value((value,), "single", base)


def _truth(value: bool) -> Value:
    return _one(value, "boolean")


def _true(value: Value) -> bool:
    return not value.null and value.items[0] is True


def _number(value: Value) -> Fraction | None:
    if len(value.items) != 1:
        return None
    found = value.items[0]
    if isinstance(found, bool):
        return None
    return found if isinstance(found, Fraction) else number(str(found))


def _match(first: Value, second: Value) -> bool:
    if first.null or second.null:
        return False
    if "ordered" in (first.cardinality, second.cardinality):
        return first.items == second.items
    if "pair" in (first.base, second.base):
        return Counter(tuple(sorted(one)) for one in first.items) == Counter(tuple(sorted(one)) for one in second.items)
    return Counter(first.items) == Counter(second.items)


def _right(given: Value, one: Declaration) -> bool:
    """Say whether an answer is the declared one. Some systems list all answers to a text where one can be given."""
    if one.cardinality == "single" and len(one.correct.items) > 1:
        return not given.null and given.items[0] in one.correct.items
    return _match(given, one.correct)


def _base_value(state: _State, element: Any) -> Value:
    base = element.get("baseType", "string")
    return _one(scalar("".join(element.itertext()), base), base)


def _equal(element: Any, values: list[Value]) -> Value:
    first, second = (_number(one) for one in values)
    if first is None or second is None:
        return NULL
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return _truth(first == second)
    low, high = tolerances(element)
    if mode == "relative":
        bounds = (first * (1 - low / 100), first * (1 + high / 100))
    elif mode == "absolute":
        bounds = (first - low, first + high)
    else:
        raise Unknown(f"the tolerance mode {mode}")
    lower, upper = min(bounds), max(bounds)
    above = second >= lower if element.get("includeLowerBound", "true") != "false" else second > lower
    below = second <= upper if element.get("includeUpperBound", "true") != "false" else second < upper
    return _truth(above and below)


def tolerances(element: Any) -> tuple[Fraction, Fraction]:
    """Return the two tolerances of an `equal`; raises Unknown where they are no numbers."""
    found = [number(one) for one in element.get("tolerance", "0").split()]
    if not found or any(one is None for one in found):
        raise Unknown("a tolerance that is no number")
    low, high = found[0], found[-1]
    assert low is not None
    assert high is not None
    return low, high


def _compared(compare: Callable[[Fraction, Fraction], bool]) -> Callable[[Any, list[Value]], Value]:
    def operator(element: Any, values: list[Value]) -> Value:
        first, second = (_number(one) for one in values)
        return NULL if first is None or second is None else _truth(compare(first, second))

    return operator


def _reckoned(reckon: Callable[[list[Fraction]], Fraction]) -> Callable[[Any, list[Value]], Value]:
    def operator(element: Any, values: list[Value]) -> Value:
        numbers = [_number(Value((one,))) for value in values for one in value.items]
        if any(value.null for value in values) or any(one is None for one in numbers) or not numbers:
            return NULL
        return _one(reckon([one for one in numbers if one is not None]))

    return operator


def _string_match(element: Any, values: list[Value]) -> Value:
    if values[0].null or values[1].null:
        return NULL
    first, second = (str(one.items[0]) for one in values)
    if element.get("caseSensitive", "true") == "false":
        first, second = first.casefold(), second.casefold()
    return _truth(second in first if element.get("substring") == "true" else first == second)


def _pattern_match(element: Any, values: list[Value]) -> Value:
    if values[0].null:
        return NULL
    try:
        return _truth(whole_match(element.get("pattern", ""), str(values[0].items[0]), case_sensitive=True))
    except PatternError:
        raise Unknown("a pattern outside the dialect of patterns here") from None


def _and(element: Any, values: list[Value]) -> Value:
    return _truth(all(_true(one) for one in values))


def _index(element: Any, values: list[Value]) -> Value:
    place = element.get("n", "")
    if not place.isdigit():
        raise Unknown("an index that is a variable")
    found = values[0].items[int(place) - 1 : int(place)] if int(place) > 0 else ()
    return Value(found, "single", values[0].base)


def _contained(element: Any, values: list[Value]) -> Value:
    whole, part = Counter(values[0].items), Counter(values[1].items)
    return NULL if values[0].null or values[1].null else _truth(not part - whole)


def _gathered(cardinality: str) -> Callable[[Any, list[Value]], Value]:
    def operator(element: Any, values: list[Value]) -> Value:
        items = tuple(one for value in values for one in value.items)
        return Value(items, cardinality, values[0].base if values else "identifier")

    return operator


def _divide(values: list[Fraction]) -> Fraction:
    if len(values) != 2 or not values[1]:
        raise Unknown("a division by nothing")
    return values[0] / values[1]


def _product(values: list[Fraction]) -> Fraction:
    total = Fraction(1)
    for one in values:
        total *= one
    return total


_LEAVES: Mapping[str, Callable[[_State, Any], Value]] = {
    "variable": _State.variable,
    "correct": _State.correct,
    "mapResponse": _State.mapped,
    "baseValue": _base_value,
    "null": lambda state, element: NULL,
    "default": lambda state, element: state.program.outcomes.get(element.get("identifier", ""), NULL),
}
_OPERATORS: Mapping[str, Callable[[Any, list[Value]], Value]] = {
    "isNull": lambda element, values: _truth(values[0].null or values[0].items == ("",)),
    "match": lambda element, values: NULL if any(v.null for v in values) else _truth(_match(values[0], values[1])),
    "equal": _equal,
    "stringMatch": _string_match,
    "patternMatch": _pattern_match,
    "and": _and,
    "or": lambda element, values: _truth(any(_true(one) for one in values)),
    "not": lambda element, values: NULL if values[0].null else _truth(not _true(values[0])),
    "member": lambda element, values: _truth(not values[0].null and values[0].items[0] in values[1].items),
    "contains": _contained,
    "gt": _compared(lambda first, second: first > second),
    "gte": _compared(lambda first, second: first >= second),
    "lt": _compared(lambda first, second: first < second),
    "lte": _compared(lambda first, second: first <= second),
    "sum": _reckoned(lambda values: sum(values, Fraction(0))),
    "product": _reckoned(_product),
    "subtract": _reckoned(lambda values: values[0] - sum(values[1:], Fraction(0))),
    "divide": _reckoned(_divide),
    "min": _reckoned(min),
    "max": _reckoned(max),
    "round": _reckoned(lambda values: Fraction(round(values[0]))),
    "containerSize": lambda element, values: _one(Fraction(len(values[0].items)), "integer"),
    "multiple": _gathered("multiple"),
    "ordered": _gathered("ordered"),
    "index": _index,
}
_TEMPLATE = re.compile(r"([A-Za-z0-9_]+?)(?:\.xml)?/?\s*\Z")


def template_name(address: str) -> str:
    """Return the name of a standard template by its address, whatever version and ending it has."""
    found = _TEMPLATE.search(address)
    name = found[1].lower() if found else address
    return {"cc2_match": "match_correct"}.get(name, name)
