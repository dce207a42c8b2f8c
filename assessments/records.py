"""Frozen dataclasses become JSON and come back the same, exactly.

Fractions are written as "3/4", tuples as lists, a union with None as null. A field that came later is declared with
`added(default)`: it is left out while it holds its default, so that what was written before reads and writes the same.
Knows nothing of questions.
"""

import dataclasses
import types
import typing
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

Record = TypeVar("Record")
_ADDED = "added"


def added(default: Any) -> Any:
    """Declare a dataclass field that older records lack and that is not written while it holds `default`."""
    return dataclasses.field(default=default, metadata={_ADDED: True})


def encode(value: Any) -> Any:
    """Return the JSON-able form of a frozen dataclass, or of anything that stands in one."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not (field.metadata.get(_ADDED) and getattr(value, field.name) == field.default)
        }
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    return value


def decode(shape: type[Record], data: Any) -> Record:
    """Rebuild a dataclass of type `shape` from what `encode` wrote; raises ValueError on anything else."""
    result = _decode(shape, data)
    return typing.cast(Record, result)


@cache
def _fields(shape: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(shape)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(shape))


@cache
def _later(shape: type) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(shape) if field.metadata.get(_ADDED))


def _decode(hint: Any, data: Any) -> Any:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if not isinstance(data, dict):
            raise ValueError(f"expected an object for {hint.__name__}, not {data!r}")
        names = {name for name, _ in _fields(hint)}
        if set(data) | _later(hint) != names:
            raise ValueError(f"{hint.__name__} has the fields {sorted(names)}, not {sorted(data)}")
        return hint(**{name: _decode(inner, data[name]) for name, inner in _fields(hint) if name in data})
    origin = typing.get_origin(hint)
    if origin is tuple:
        if not isinstance(data, list):
            raise ValueError(f"expected a list, not {data!r}")
        inner = typing.get_args(hint)[0]
        return tuple(_decode(inner, one) for one in data)
    if origin in (types.UnionType, typing.Union):
        if data is None:
            return None
        inner = next(one for one in typing.get_args(hint) if one is not type(None))
        return _decode(inner, data)
    if hint is Fraction:
        return Fraction(data)
    if not isinstance(data, hint) or (hint is int and isinstance(data, bool)):
        raise ValueError(f"expected {hint.__name__}, not {data!r}")
    return data
