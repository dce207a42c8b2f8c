"""The facts of one certificate: everything that its paper, its page and its signed file state.

Facts are a snapshot that outlives the course and the account, so they hold words and numbers only, no
references. This module checks them, writes them as JSON and reads them again without loss. It may not know
how they are drawn, signed or stored.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from certificates import serials

FORMAT = "certificate-facts/1"

# The longest that still fits one readable page; a longer text is refused when the facts are made, so that
# no certificate fails later when somebody downloads it.
LONGEST = {
    "name": 160,
    "profession": 80,
    "unit": 120,
    "course_code": 40,
    "course_title": 240,
    "edition": 40,
    "issuer": 120,
    "signatory_name": 100,
    "signatory_title": 140,
    "verify_url": 200,
    "language": 35,
}
MOST_COMPETENCIES = 12
MOST_CREDITS = 4
LONGEST_STATEMENT = 600
LONGEST_LEVEL_NAME = 60
LONGEST_COMPETENCY = 100


class FactsError(ValueError):
    """Facts that no certificate may state; the message says which and what was expected."""


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate states, as it was on the day of issue.

    `language` is the BCP 47 tag of the course title. `valid_until` is None for a certificate without expiry.
    `minutes` is the length of the course in minutes, above 0. `score` is per cent with one decimal, None
    where it shall not be shown. A competency is (code, title, level 1 to 5, name of the level). A credit is
    (type, amount, statement): the statement is printed as given and the amount is in the type's own unit.
    `sample` marks invented people. Raises FactsError on anything that a certificate may not state.
    """

    serial: str
    name: str
    profession: str
    unit: str
    course_code: str
    course_title: str
    edition: str
    language: str
    issued_on: date
    valid_until: date | None
    minutes: int
    score: Decimal | None
    competencies: tuple[tuple[str, str, int, str], ...]
    credits: tuple[tuple[str, Decimal, str], ...]
    issuer: str
    signatory_name: str
    signatory_title: str
    verify_url: str
    sample: bool = field(default=False)

    def __post_init__(self) -> None:
        _check(self)

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values: dates as ISO 8601, decimals as strings, the format named."""
        return {
            "format": FORMAT,
            **{entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)},
            "competencies": [
                {"code": code, "title": title, "level": level, "level_name": level_name}
                for code, title, level, level_name in self.competencies
            ],
            "credits": [
                {"type": kind, "amount": str(amount), "statement": statement}
                for kind, amount, statement in self.credits
            ],
        }


def from_json(value: Any) -> CertificateFacts:
    """Return the facts that `to_json` wrote. Raises FactsError where `value` is not that."""
    if not isinstance(value, Mapping):
        raise FactsError("expected a JSON object with the facts of a certificate")
    if value.get("format") != FORMAT:
        raise FactsError(f"expected the format {FORMAT!r}, got {value.get('format')!r}")
    names = {entry.name for entry in fields(CertificateFacts)}
    missing = sorted(names - value.keys())
    unknown = sorted(map(str, value.keys() - names - {"format"}))
    if missing or unknown:
        raise FactsError(f"missing facts: {missing}; unknown facts: {unknown}")
    given = {name: value[name] for name in names}
    given["issued_on"] = _read(date.fromisoformat, given["issued_on"], "issued_on", "a date YYYY-MM-DD")
    if given["valid_until"] is not None:
        given["valid_until"] = _read(
            date.fromisoformat, given["valid_until"], "valid_until", "a date YYYY-MM-DD or null"
        )
    if given["score"] is not None:
        given["score"] = _read(Decimal, given["score"], "score", "a number in a string, or null")
    given["competencies"] = tuple(
        tuple(_entry(entry, ("code", "title", "level", "level_name"), "competencies"))
        for entry in _list(given["competencies"], "competencies")
    )
    given["credits"] = tuple(
        (kind, _read(Decimal, amount, "credits", "an amount in a string"), statement)
        for kind, amount, statement in (
            _entry(entry, ("type", "amount", "statement"), "credits") for entry in _list(given["credits"], "credits")
        )
    )
    return CertificateFacts(**given)


def canonical(facts: CertificateFacts) -> bytes:
    """Return the one byte string that stands for these facts: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        facts.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(reader: Callable[[Any], Any], value: Any, name: str, expected: str) -> Any:
    if not isinstance(value, str):
        raise FactsError(f"{name}: expected {expected}, got {value!r}")
    try:
        return reader(value)
    except (ValueError, InvalidOperation) as fault:
        raise FactsError(f"{name}: expected {expected}, got {value!r}") from fault


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise FactsError(f"{name}: expected a list, got {value!r}")
    return value


def _entry(value: Any, keys: tuple[str, ...], name: str) -> list[Any]:
    if not isinstance(value, Mapping) or value.keys() != set(keys):
        raise FactsError(f"{name}: expected objects with {', '.join(keys)}, got {value!r}")
    return [value[key] for key in keys]


def _check(facts: CertificateFacts) -> None:
    if not isinstance(facts.serial, str) or serials.normalise(facts.serial) != facts.serial:
        raise FactsError(f"serial: expected XXXX-XXXX-XXXX with a right check character, got {facts.serial!r}")
    for name, longest in LONGEST.items():
        # A unit is left out for people without one.
        _check_text(name, getattr(facts, name), longest, empty_allowed=name in ("unit", "signatory_title"))
    if not facts.verify_url.startswith(("https://", "http://")):
        raise FactsError(f"verify_url: expected an http or https address, got {facts.verify_url!r}")
    if type(facts.issued_on) is not date:
        raise FactsError(f"issued_on: expected a date, got {facts.issued_on!r}")
    if facts.valid_until is not None and type(facts.valid_until) is not date:
        raise FactsError(f"valid_until: expected a date or None, got {facts.valid_until!r}")
    if facts.valid_until is not None and facts.valid_until < facts.issued_on:
        raise FactsError(f"valid_until: {facts.valid_until} lies before the day of issue {facts.issued_on}")
    if type(facts.minutes) is not int or not 0 < facts.minutes <= 60_000:
        raise FactsError(f"minutes: expected a whole number from 1 to 60000, got {facts.minutes!r}")
    if facts.score is not None:
        _check_decimal("score", facts.score, Decimal(100))
        if facts.score != facts.score.quantize(Decimal("0.1")):
            raise FactsError(f"score: expected one decimal place, got {facts.score}")
    if type(facts.sample) is not bool:
        raise FactsError(f"sample: expected true or false, got {facts.sample!r}")
    _check_competencies(facts)
    _check_credits(facts)


def _check_competencies(facts: CertificateFacts) -> None:
    if not isinstance(facts.competencies, tuple) or len(facts.competencies) > MOST_COMPETENCIES:
        raise FactsError(f"competencies: expected at most {MOST_COMPETENCIES}")
    for code, title, level, level_name in facts.competencies:
        _check_text("competency code", code, LONGEST["course_code"])
        _check_text("competency title", title, LONGEST_COMPETENCY)
        _check_text("level name", level_name, LONGEST_LEVEL_NAME, empty_allowed=True)
        if type(level) is not int or not 0 <= level <= 5:
            raise FactsError(f"competency {code}: expected a level from 0 to 5, got {level!r}")


def _check_credits(facts: CertificateFacts) -> None:
    if not isinstance(facts.credits, tuple) or len(facts.credits) > MOST_CREDITS:
        raise FactsError(f"credits: expected at most {MOST_CREDITS}")
    for kind, amount, statement in facts.credits:
        _check_text("credit type", kind, LONGEST["course_code"])
        _check_decimal(f"amount of {kind}", amount, Decimal(10_000))
        # An accreditor's words are printed whole, so a credit without them is none.
        _check_text(f"statement of {kind}", statement, LONGEST_STATEMENT)
    kinds = [kind for kind, _, _ in facts.credits]
    if len(set(kinds)) != len(kinds):
        raise FactsError(f"credits: expected each type once, got {kinds}")


def _check_text(name: str, value: Any, longest: int, *, empty_allowed: bool = False) -> None:
    if not isinstance(value, str) or not (empty_allowed or value.strip()):
        raise FactsError(f"{name}: expected some text, got {value!r}")
    if len(value) > longest:
        raise FactsError(f"{name}: expected at most {longest} characters, got {len(value)}")
    # Control characters, lone surrogates and private signs print as nothing or as a box. Format signs such
    # as the joiners of Persian and Indic names belong to the spelling.
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in value):
        raise FactsError(f"{name}: expected printable text, got {value!r}")


def _check_decimal(name: str, value: Any, highest: Decimal) -> None:
    if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value <= highest:
        raise FactsError(f"{name}: expected a Decimal from 0 to {highest}, got {value!r}")
