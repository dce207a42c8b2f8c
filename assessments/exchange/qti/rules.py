"""Declarations and response processing for what an item here pays, in the names of QTI 2."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lxml import etree  # type: ignore[import-untyped]


def points_text(value: Fraction) -> str:
    """Return points as QTI writes them, to twelve places."""
    text = f"{float(value):.12f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


class Rules:
    """The scoring side of one item: `declarations`, and either `template` or `conditions`."""

    def __init__(self, points: Fraction) -> None:
        self.points = points
        self.declarations: list[Any] = []
        self.conditions: list[Any] = []
        self.template = ""
        # The cardinality of the outcome that shows feedback of an option; empty where there is none.
        self._feedback = ""

    @property
    def feedback(self) -> str:
        """The cardinality of the outcome FEEDBACK, empty where no option has feedback."""
        return self._feedback

    @feedback.setter
    def feedback(self, cardinality: str) -> None:
        self._feedback = cardinality
        rule = etree.Element("setOutcomeValue", identifier="FEEDBACK")
        etree.SubElement(rule, "variable", identifier="RESPONSE")
        self.conditions.append(rule)

    def single(self, right: Sequence[str]) -> None:
        """One right choice earns all."""
        self._declare("RESPONSE", "single", "identifier", right)
        self._all_or_nothing(_match("RESPONSE"))

    def multiple(self, names: Sequence[str], right: Sequence[str], *, partial: bool) -> None:
        """Each right pick earns its share, each wrong one costs as much, not below nothing."""
        one = self._declare("RESPONSE", "multiple", "identifier", right)
        if not partial:
            self._all_or_nothing(_match("RESPONSE"))
            return
        share = self.points / max(1, len(right))
        mapping = _mapping(one, lower="0", upper=points_text(self.points))
        for name in names:
            _entry(mapping, name, share if name in right else -share)
        self._mapped()

    def order(self, names: Sequence[str], *, partial: bool) -> None:
        """Each entry in its place earns its share."""
        self._declare("RESPONSE", "ordered", "identifier", names)
        if not partial:
            self._all_or_nothing(_match("RESPONSE"))
            return
        for place, name in enumerate(names, 1):
            test = etree.Element("match")
            index = etree.SubElement(test, "index", n=str(place))
            etree.SubElement(index, "variable", identifier="RESPONSE")
            _base(test, "identifier", name)
            self._add(test, self.points / len(names))

    def pairs(self, pairs: Sequence[str], *, partial: bool) -> None:
        """Each right pair earns its share."""
        one = self._declare("RESPONSE", "multiple", "directedPair", pairs)
        if not partial:
            self._all_or_nothing(_match("RESPONSE"))
            return
        mapping = _mapping(one, lower="0", upper=points_text(self.points))
        for pair in pairs:
            _entry(mapping, pair, self.points / len(pairs))
        self._mapped()

    def words(self, answers: Sequence[str], *, case: bool) -> None:
        """Each accepted answer earns all."""
        one = self._declare("RESPONSE", "single", "string", answers[:1])
        mapping = _mapping(one)
        for text in answers:
            _entry(mapping, text, self.points, case)
        self._mapped()

    def numbers(self, spans: Sequence[tuple[str, str]], shown: str) -> None:
        """A number in any of the ranges, both ends included, earns all."""
        self._declare("RESPONSE", "single", "float", [shown])
        test = etree.Element("or")
        for low, high in spans:
            both = etree.SubElement(test, "and")
            for name, bound in (("gte", low), ("lte", high)):
                compare = etree.SubElement(both, name)
                etree.SubElement(compare, "variable", identifier="RESPONSE")
                _base(compare, "float", bound)
        self._set(test)

    def gaps(self, names: Sequence[str], answers: Sequence[Sequence[str]], *, case: bool, partial: bool) -> None:
        """Each right gap earns its share, or all together earn all."""
        share = self.points / max(1, len(names))
        for name, accepted in zip(names, answers, strict=True):
            mapping = _mapping(self._declare(name, "single", "string", accepted[:1]))
            for text in accepted:
                _entry(mapping, text, share, case)
        if partial:
            rule = etree.Element("setOutcomeValue", identifier="SCORE")
            total = etree.SubElement(rule, "sum")
            for name in names:
                etree.SubElement(total, "mapResponse", identifier=name)
            self.conditions.append(rule)
            return
        test = etree.Element("and")
        for name in names:
            compare = etree.SubElement(test, "gt")
            etree.SubElement(compare, "mapResponse", identifier=name)
            _base(compare, "float", "0")
        self._set(test)

    def essay(self) -> None:
        """A person gives the points."""
        self._declare("RESPONSE", "single", "string", [])

    def _declare(self, name: str, cardinality: str, base: str, right: Sequence[str]) -> Any:
        one = etree.Element("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        if right:
            correct = etree.SubElement(one, "correctResponse")
            for text in right:
                etree.SubElement(correct, "value").text = text
        self.declarations.append(one)
        return one

    def _all_or_nothing(self, test: Any) -> None:
        if self.points == 1 and not self.conditions:
            self.template = "match_correct"
        else:
            self._set(test)

    def _mapped(self) -> None:
        if not self.conditions:
            self.template = "map_response"
            return
        test = etree.Element("not")
        etree.SubElement(etree.SubElement(test, "isNull"), "variable", identifier="RESPONSE")
        rule = etree.Element("setOutcomeValue", identifier="SCORE")
        etree.SubElement(rule, "mapResponse", identifier="RESPONSE")
        self._if(test, rule)

    def _set(self, test: Any) -> None:
        rule = etree.Element("setOutcomeValue", identifier="SCORE")
        _base(rule, "float", points_text(self.points))
        self._if(test, rule)

    def _add(self, test: Any, share: Fraction) -> None:
        rule = etree.Element("setOutcomeValue", identifier="SCORE")
        total = etree.SubElement(rule, "sum")
        etree.SubElement(total, "variable", identifier="SCORE")
        _base(total, "float", points_text(share))
        self._if(test, rule)

    def _if(self, test: Any, rule: Any) -> None:
        condition = etree.Element("responseCondition")
        branch = etree.SubElement(condition, "responseIf")
        branch.extend([test, rule])
        self.conditions.append(condition)


def _match(name: str) -> Any:
    test = etree.Element("match")
    etree.SubElement(test, "variable", identifier=name)
    etree.SubElement(test, "correct", identifier=name)
    return test


def _base(parent: Any, base: str, value: str) -> None:
    etree.SubElement(parent, "baseValue", baseType=base).text = value


def _mapping(declaration: Any, lower: str = "", upper: str = "") -> Any:
    mapping = etree.SubElement(declaration, "mapping", defaultValue="0")
    if lower:
        mapping.set("lowerBound", lower)
    if upper:
        mapping.set("upperBound", upper)
    return mapping


def _entry(mapping: Any, key: str, value: Fraction, case: bool | None = None) -> None:
    one = etree.SubElement(mapping, "mapEntry", mapKey=key, mappedValue=points_text(value))
    if case is not None:
        one.set("caseSensitive", "true" if case else "false")
