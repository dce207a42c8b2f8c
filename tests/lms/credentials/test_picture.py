"""The picture of a certificate: everything has its place, whatever the length of a text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from certificates.facts import CertificateFacts
from lms.credentials.picture import broken, cut, picture, width

TEXT = st.text(st.characters(categories=["L", "N", "Zs", "P"]), min_size=1, max_size=160).filter(str.strip)


def facts(name: str, title: str, unit: str) -> CertificateFacts:
    return CertificateFacts(
        serial="K7QD-42MX-90FT", name=name, profession="Nurse", unit=unit, course_code="SAFE-101", course_title=title,
        edition="2026.1", language="en", issued_on=date(2026, 11, 23), valid_until=None, minutes=8,
        score=Decimal("83.3"), competencies=(("B1", "Orders", 2, "Assisted"),), credits=(), issuer="Sample Hospital",
        signatory_name="M. Placeholder", signatory_title="", verify_url="https://example.org/verify/K7QD-42MX-90FT",
    )  # fmt: skip


@given(name=TEXT, title=TEXT, unit=TEXT.map(lambda text: text[:120]))
def test_no_text_leaves_its_place_and_no_line_runs_into_the_foot(name: str, title: str, unit: str) -> None:
    drawn = picture(facts(name, title, unit))
    lines = [*drawn.name, drawn.learner, *drawn.title, drawn.course, drawn.levels]
    assert all(width(line.text, line.size) <= 371 for line in lines)
    places = [line.y for line in lines]
    assert places == sorted(places)
    assert places[0] > 140
    assert places[-1] < 326


def test_a_short_text_keeps_its_size_and_a_long_one_is_broken_then_cut() -> None:
    assert broken("Asha Sample", 360, (44, 36, 28), 2) == [("Asha Sample", 44)]
    two = broken("Maria Dolores Example de la Sample y Prototype", 360, (44, 36, 28), 2)
    assert [size for _, size in two] == [28, 28]
    assert " ".join(text for text, _ in two) == "Maria Dolores Example de la Sample y Prototype"
    assert broken("x" * 160, 360, (28,), 2)[0][0].endswith("…")
    assert cut("short", 10, 100) == "short"
