"""Response and outcome variables of a QTI item: their declarations, right answers and mappings."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.exchange.building import number
from assessments.exchange.faults import Refusal


@dataclass(frozen=True)
class Value:
    """A value of QTI: its scalars (none is NULL), single, multiple or ordered, and their base type."""

    items: tuple[Any, ...]
    cardinality: str = "single"
    base: str = "identifier"

    @property
    def null(self) -> bool:
        """Whether there is nothing."""
        return not self.items


NULL = Value(())


@dataclass(frozen=True)
class Entry:
    """One line of a mapping."""

    key: Any
    value: Fraction
    case_sensitive: bool


@dataclass(frozen=True)
class Declaration:
    """A response variable: what it holds, the right answer, and what each answer is worth."""

    identifier: str
    cardinality: str
    base: str
    correct: Value
    entries: tuple[Entry, ...] = ()
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None
    mapped: bool = False

    def mapped_value(self, given: Value) -> Fraction:
        """Return what an answer is worth by the mapping; each key counts once."""
        total = Fraction(0)
        for one in dict.fromkeys(given.items):
            total += next((entry.value for entry in self.entries if _same(entry, one, self.base)), self.default)
        if self.lower is not None:
            total = max(total, self.lower)
        return min(total, self.upper) if self.upper is not None else total


def _same(entry: Entry, given: Any, base: str) -> bool:
    if base == "pair":
        return set(entry.key) == set(given)
    if isinstance(given, str) and not entry.case_sensitive:
        return bool(entry.key.casefold() == given.casefold())
    return bool(entry.key == given)


def scalar(text: str, base: str) -> Any:
    """Return one value of a base type; raises Refusal where the text is none."""
    plain = text.strip()
    if base in ("pair", "directedPair"):
        parts = plain.split()
        if len(parts) != 2:
            raise Refusal(f"the value {plain!r} is no pair: expected two identifiers")
        return tuple(parts)
    if base in ("float", "integer"):
        found = number(plain)
        if found is None:
            raise Refusal(f"the value {plain!r} is no number")
        return found
    if base == "boolean":
        return plain in ("true", "1")
    return plain


def read_values(holder: Any, cardinality: str, base: str) -> Value:
    """Return the values that stand in an element such as correctResponse."""
    if holder is None:
        return Value((), cardinality, base)
    texts: Sequence[str] = ["".join(one.itertext()) for one in holder.findall("value")]
    return Value(tuple(scalar(one, base) for one in texts), cardinality, base)


def read_declaration(element: Any) -> Declaration:
    """Return a response declaration."""
    cardinality = element.get("cardinality", "single")
    base = element.get("baseType", "identifier")
    mapping = element.find("mapping")
    entries: list[Entry] = []
    default, lower, upper = Fraction(0), None, None
    if mapping is not None:
        default = _number(mapping.get("defaultValue")) or Fraction(0)
        lower, upper = _number(mapping.get("lowerBound")), _number(mapping.get("upperBound"))
        for one in mapping.findall("mapEntry"):
            value = _number(one.get("mappedValue"))
            if value is None:
                raise Refusal(f"the mapped value {one.get('mappedValue')!r} is no number")
            sensitive = one.get("caseSensitive", "true") != "false"
            entries.append(Entry(scalar(one.get("mapKey", ""), base), value, sensitive))
    return Declaration(
        element.get("identifier", ""), cardinality, base,
        read_values(element.find("correctResponse"), cardinality, base),
        tuple(entries), default, lower, upper, mapping is not None,
    )  # fmt: skip


def _number(text: str | None) -> Fraction | None:
    return number(text) if text else None
