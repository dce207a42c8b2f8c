"""Facts: checked once, written and read without loss."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import serials
from certificates.facts import CertificateFacts, FactsError, canonical, from_json

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=40).filter(str.strip)
SCORES = st.none() | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)
COMPETENCIES = st.lists(st.tuples(WORDS, WORDS, st.integers(0, 5), WORDS), max_size=6).map(tuple)
CREDITS = st.lists(
    st.tuples(WORDS, st.decimals(0, 100, places=2), WORDS), max_size=3, unique_by=lambda credit: credit[0]
).map(tuple)


@st.composite
def all_facts(draw: st.DrawFn) -> CertificateFacts:
    serial = serials.make(draw(st.binary(min_size=7, max_size=12)))
    issued = draw(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
    return CertificateFacts(
        serial=serial,
        **{
            name: draw(WORDS)
            for name in (
                *("name", "profession", "unit", "course_code", "course_title", "edition", "issuer"),
                *("signatory_name", "signatory_title"),
            )
        },
        language=draw(st.sampled_from(["en", "vi", "zh-Hant"])),
        issued_on=issued,
        valid_until=draw(st.none() | st.dates(issued, date(2070, 1, 1))),
        minutes=draw(st.integers(1, 6000)),
        score=draw(SCORES),
        competencies=draw(COMPETENCIES),
        credits=draw(CREDITS),
        verify_url=f"https://academy.example.org/verify/{serial}",
        sample=draw(st.booleans()),
    )


@given(all_facts())
def test_facts_written_as_json_and_read_again_are_the_same(facts: CertificateFacts) -> None:
    written = json.loads(json.dumps(facts.to_json()))
    assert from_json(written) == facts
    assert canonical(from_json(written)) == canonical(facts)


def test_the_canonical_form_has_sorted_keys_no_blanks_and_letters_as_they_are(
    make_facts: Callable[..., CertificateFacts],
) -> None:
    text = canonical(make_facts(name="Nguyễn Thị Mẫu")).decode()
    assert "Nguyễn Thị Mẫu" in text
    keys = list(json.loads(text))
    assert keys == sorted(keys)
    assert '", "' not in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"serial": "K7QD-42MX-90FV"}, "check character"),
        ({"serial": "k7qd42mx90ft"}, "check character"),
        ({"name": " "}, "name: expected some text"),
        ({"name": "Asha\nSample"}, "printable"),
        ({"name": "A" * 161}, "at most 160"),
        ({"course_title": ""}, "course_title"),
        ({"verify_url": "javascript:alert(1)"}, "http"),
        ({"issued_on": datetime(2026, 1, 1)}, "issued_on: expected a date"),
        ({"valid_until": date(2020, 1, 1)}, "before the day of issue"),
        ({"valid_until": "2028-01-01"}, "expected a date or None"),
        ({"minutes": 0}, "whole number"),
        ({"minutes": True}, "whole number"),
        ({"minutes": 1.5}, "whole number"),
        ({"score": 92.5}, "Decimal"),
        ({"score": Decimal("92.55")}, "one decimal"),
        ({"score": Decimal("100.1")}, "0 to 100"),
        ({"score": Decimal("NaN")}, "Decimal"),
        ({"competencies": (("B1", "Orders", 6, "x"),)}, "level from 0 to 5"),
        ({"competencies": (("B1", "Orders", 1, "x"),) * 13}, "at most 12"),
        ({"credits": (("ancc", Decimal(1), ""),)}, "statement of ancc"),
        ({"credits": (("ancc", 1, "x"),)}, "amount of ancc"),
        ({"credits": (("ancc", Decimal(1), "x"), ("ancc", Decimal(2), "y"))}, "each type once"),
        ({"sample": "yes"}, "sample"),
    ],
)
def test_what_no_certificate_may_state_is_refused_with_what_was_expected(
    make_facts: Callable[..., CertificateFacts], change: dict[str, Any], expected: str
) -> None:
    with pytest.raises(FactsError, match=expected):
        make_facts(**change)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda facts: [], "JSON object"),
        (lambda facts: facts | {"format": "other/2"}, "format"),
        (lambda facts: facts | {"colour": "red"}, "unknown facts: .'colour'"),
        (lambda facts: {key: facts[key] for key in facts if key != "name"}, "missing facts: .'name'"),
        (lambda facts: facts | {"issued_on": "23 November"}, "issued_on"),
        (lambda facts: facts | {"score": 92.5}, "score"),
        (lambda facts: facts | {"score": "much"}, "score"),
        (lambda facts: facts | {"competencies": {}}, "competencies: expected a list"),
        (lambda facts: facts | {"competencies": [["B1"]]}, "expected objects"),
        (lambda facts: facts | {"credits": [{"type": "ancc"}]}, "expected objects"),
        (lambda facts: facts | {"name": None}, "name"),
    ],
)
def test_json_that_is_not_facts_is_refused_with_what_was_expected(
    facts: CertificateFacts, change: Callable[[dict[str, Any]], Any], expected: str
) -> None:
    with pytest.raises(FactsError, match=expected):
        from_json(change(facts.to_json()))


def test_a_person_without_a_unit_has_none(make_facts: Callable[..., CertificateFacts]) -> None:
    assert make_facts(unit="").unit == ""
