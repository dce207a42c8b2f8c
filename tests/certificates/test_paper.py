"""The paper: every fact on one page, in any script, drawn with embedded letters."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import normalize

import pytest
import segno
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from certificates import facts as facts_module
from certificates import serials
from certificates.drawings import band_svg, qr_svg
from certificates.facts import CertificateFacts
from certificates.paper import NO_CREDIT, certificate_pdf, day, duration

MakeFacts = Callable[..., CertificateFacts]

AMA = (
    "The Example General Hospital designates this enduring material for a maximum of 0.75 "
    "AMA PRA Category 1 Credit(s)™. Physicians should claim only the credit commensurate with the extent "
    "of their participation in the activity."
)
ANCC = "Example General Hospital, 1 Sample Street, Sampletown, awards 0.75 ANCC contact hours."

NAMES = {
    "und-Latn": "Răzvan Țurcanu-Șablon",
    "vi": "Nguyễn Thị Ánh Mẫu",
    "el": "Ελένη Παραδείγματος",
    "und-Cyrl": "Екатерина Їжакевич Примерова",
    "und-Arab": "عائشة نموذج العيّنة",
    "he": "דוגמה כהן",
    "zh": "样本小明",
    "ja": "見本 さくら",
    "ko": "김견본",
    "th": "สมชาย ตัวอย่าง",
}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return read(pdf).pages[0].extract_text()


def squeezed(text: str) -> str:
    """Return `text` without blanks, which lines and kerning put in and leave out."""
    return "".join(normalize("NFC", text).split())


def drawn_glyphs(reader: PdfReader) -> dict[str, set[int]]:
    """Return the numbers of the glyphs that the page draws, by the name of the font."""
    page = reader.pages[0]
    fonts = page["/Resources"]["/Font"]
    drawn: dict[str, set[int]] = {}
    font = ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            font = operands[0]
        elif operator in (b"Tj", b"TJ"):
            parts = operands[0] if isinstance(operands[0], list) else operands
            for part in parts:
                raw = getattr(part, "original_bytes", None)
                if raw is not None:
                    numbers = {int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)}
                    drawn.setdefault(font, set()).update(numbers)
    assert set(drawn) <= set(fonts)
    return drawn


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_in_any_script_is_drawn_with_embedded_letters_and_can_be_copied(
    make_facts: MakeFacts, name: str
) -> None:
    pdf = certificate_pdf(make_facts(name=name))
    reader = read(pdf)
    assert squeezed(name) in squeezed(reader.pages[0].extract_text())
    fonts = reader.pages[0]["/Resources"]["/Font"]
    for font, glyphs in drawn_glyphs(reader).items():
        descriptor = fonts[font]["/DescendantFonts"][0]["/FontDescriptor"]
        file = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
        assert file is not None, f"{font} is not embedded"
        assert 0 not in glyphs, f"{font} draws a box for a missing letter"
        embedded = TTFont(BytesIO(file.get_object().get_data()))
        assert max(glyphs) < embedded["maxp"].numGlyphs
        assert "/ToUnicode" in fonts[font]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        *((NAMES["vi"], "Source-Serif-4-Vietnamese"), (NAMES["el"], "Source-Serif-4-Greek")),
        *((NAMES["und-Cyrl"], "Source-Serif-4-Cyrillic"), (NAMES["und-Arab"], "Noto-Naskh-Arabic")),
        *((NAMES["zh"], "CJK-SC"), (NAMES["ja"], "CJK-JP"), (NAMES["ko"], "CJK-KR")),
    ],
)
def test_a_name_is_drawn_in_the_family_of_its_script(make_facts: MakeFacts, name: str, family: str) -> None:
    fonts = read(certificate_pdf(make_facts(name=name))).pages[0]["/Resources"]["/Font"]
    assert any(family in fonts[font]["/BaseFont"] for font in fonts)


def test_han_characters_of_a_taiwanese_course_have_the_shapes_used_there(make_facts: MakeFacts) -> None:
    changed = make_facts(course_title="更安全的醫囑錄入", language="zh-Hant-TW")
    fonts = read(certificate_pdf(changed)).pages[0]["/Resources"]["/Font"]
    assert any("CJK-TC" in fonts[font]["/BaseFont"] for font in fonts)


def test_the_tags_of_name_and_title_say_their_language(make_facts: MakeFacts) -> None:
    pdf = certificate_pdf(make_facts(name=NAMES["vi"], course_title="更安全的医嘱录入", language="zh"))
    found = {tag["/S"]: tag.get("/Lang") for tag in structure(read(pdf))}
    assert (found["/H1"], found["/H2"]) == ("vi", "zh")
    assert read(pdf).trailer["/Root"]["/Lang"] == "en"


def structure(reader: PdfReader) -> list[Any]:
    """Return the structure elements in reading order."""
    found: list[Any] = []

    def walk(entry: Any) -> None:
        entry = entry.get_object() if hasattr(entry, "get_object") else entry
        if isinstance(entry, list):
            for each in entry:
                walk(each)
        elif hasattr(entry, "get") and "/S" in entry:
            found.append(entry)
            walk(entry.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_paper_is_tagged_titled_and_marked_as_accessible(paper: bytes, facts: CertificateFacts) -> None:
    reader = read(paper)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == f"Certificate {facts.serial}: Safer orders with CPOE"
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_data().decode()
    kinds = [tag["/S"] for tag in structure(reader)]
    assert kinds.count("/H1") == kinds.count("/H2") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    figures = [tag for tag in structure(reader) if tag["/S"] == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ["QR code that opens the verification page"]
    assert kinds.count("/Link") >= 1


def test_the_paper_states_every_fact(paper: bytes, facts: CertificateFacts) -> None:
    text = squeezed(text_of(paper))
    for stated in (
        *(facts.name, facts.profession, facts.unit, facts.course_title, facts.course_code, facts.edition),
        *("23 November 2026", "23 November 2028", "40 minutes (0.67 hours)", "92.5%", facts.serial),
        *("Orders (B1), level 2 Practises", "Answer alerts (B4), level 3 Guides others"),
        *("Informatics Academy", "Example General Hospital", facts.signatory_name, facts.signatory_title),
        *(f"academy.example.org/verify/{facts.serial}", NO_CREDIT, "Certificate of completion", "Sample"),
    ):
        assert squeezed(stated) in text, stated


def test_a_paper_without_expiry_score_unit_or_competencies_says_so_or_leaves_them_out(
    make_facts: MakeFacts,
) -> None:
    plain = make_facts(valid_until=None, score=None, unit="", competencies=(), sample=False)
    text = text_of(certificate_pdf(plain))
    assert "No expiry" in text
    assert "%" not in text
    assert "level" not in text
    assert squeezed("Registered nurse, completed and passed") in squeezed(text)
    # The name of the sample person is the only sample left.
    assert text.count("Sample") == 1


def test_credits_stand_type_by_type_with_their_statements_and_are_never_added(make_facts: MakeFacts) -> None:
    pdf = certificate_pdf(make_facts(credits=(("ama-pra-1", Decimal("0.75"), AMA), ("ancc", Decimal("0.50"), ANCC))))
    text = squeezed(text_of(pdf))
    assert squeezed(AMA + " Awarded: 0.75.") in text
    assert squeezed(ANCC + " Awarded: 0.5.") in text
    assert squeezed(NO_CREDIT) not in text
    assert "1.25" not in text
    fonts = read(pdf).pages[0]["/Resources"]["/Font"]
    assert any("Italic" in fonts[font]["/BaseFont"] for font in fonts)


def test_markup_in_facts_is_printed_and_not_obeyed(make_facts: MakeFacts) -> None:
    name = "<b>Asha</b> & <img src=x>"
    assert squeezed(name) in squeezed(text_of(certificate_pdf(make_facts(name=name))))


def test_the_longest_facts_fit_one_page_with_nothing_cut_off(make_facts: MakeFacts) -> None:
    longest = facts_module.LONGEST
    statement = ("word " * 200)[: facts_module.LONGEST_STATEMENT - 4] + "end."
    changed = make_facts(
        name=filled("Wilhelmina ", longest["name"]),
        profession=filled("anaesthetist ", longest["profession"]),
        unit=filled("perioperative ", longest["unit"]),
        course_title=filled("Recovering from downtime ", longest["course_title"]),
        course_code="C" * longest["course_code"],
        edition="9" * longest["edition"],
        issuer=filled("Informatics Academy, ", longest["issuer"]),
        signatory_name=filled("Placeholder ", longest["signatory_name"]),
        signatory_title=filled("Informatics ", longest["signatory_title"]),
        verify_url="https://" + "a" * (longest["verify_url"] - 8),
        competencies=tuple(
            (f"B{n}", filled("Closing the loop ", facts_module.LONGEST_COMPETENCY), 5, filled("Leads ", 60))
            for n in range(facts_module.MOST_COMPETENCIES)
        ),
        credits=tuple((f"type-{n}", Decimal("1.25"), statement) for n in range(facts_module.MOST_CREDITS)),
    )
    pdf = certificate_pdf(changed)
    assert len(read(pdf).pages) == 1
    text = squeezed(text_of(pdf))
    for name in longest:
        if name not in ("language", "verify_url"):
            assert squeezed(getattr(changed, name)).replace(",", "") in text.replace(",", ""), name
    assert "a" * (longest["verify_url"] - 8) in text
    assert text.count("end.Awarded:1.25.") == facts_module.MOST_CREDITS
    assert text.count("level5") == facts_module.MOST_COMPETENCIES


def filled(words: str, length: int) -> str:
    """Return `words` repeated to exactly `length` characters, ending in a letter."""
    return (words * length)[: length - 1].strip().ljust(length, "x")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text("Wmiłżñ -", min_size=1, max_size=facts_module.LONGEST["name"]).filter(str.strip),
    title=st.text("WAalerts ’", min_size=1, max_size=facts_module.LONGEST["course_title"]).filter(str.strip),
)
def test_a_name_and_title_of_any_length_fit_one_page(name: str, title: str, make_facts: MakeFacts) -> None:
    pdf = certificate_pdf(make_facts(name=name, course_title=title))
    assert len(read(pdf).pages) == 1
    assert squeezed(name) in squeezed(text_of(pdf))


@pytest.mark.parametrize(("sign", "language"), [("W", "en"), ("樣", "zh-Hant"), ("ع", "ar")])
def test_the_widest_letters_fit_at_full_length(make_facts: MakeFacts, sign: str, language: str) -> None:
    name = sign * facts_module.LONGEST["name"]
    title = sign * facts_module.LONGEST["course_title"]
    pdf = certificate_pdf(make_facts(name=name, course_title=title, language=language))
    assert len(read(pdf).pages) == 1
    # All letters but the one of "Awarded" and the like stand in the two headings.
    assert text_of(pdf).count(sign) >= len(name) + len(title)


def test_the_page_is_a4_on_its_side_and_no_text_leaves_it(paper: bytes) -> None:
    page = read(paper).pages[0]
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (842, 595)
    places: list[tuple[float, float]] = []

    def note(text: str, matrix: list[float], line: list[float], font: Any, size: Any) -> None:
        if text.strip():
            # The place of the line, moved and scaled as the page was at that moment.
            a, b, c, d, e, f = matrix
            places.append((line[4] * a + line[5] * c + e, line[4] * b + line[5] * d + f))

    page.extract_text(visitor_text=note)
    assert len(places) > 10
    outside = [(x, y) for x, y in places if not (70 <= x <= 770 and 85 <= y <= 515)]
    assert outside == []


def test_the_same_facts_give_the_same_paper(paper: bytes, facts: CertificateFacts) -> None:
    assert certificate_pdf(facts) == paper


def test_the_qr_code_shows_the_address_module_for_module() -> None:
    address = "https://academy.example.org/verify/" + serials.make(b"another serial")
    svg = qr_svg(address, "QR code")
    matrix = segno.make(address, error="m", micro=False).matrix
    drawn = [[0] * len(matrix) for _ in matrix]
    for step in svg.split(' d="')[1].split('"')[0].split("M")[1:]:
        place, width = step.split("h")
        x, y = place.split()
        for column in range(int(x), int(x) + int(width)):
            drawn[int(float(y))][column] = 1
    assert drawn == [[int(module) for module in row] for row in matrix]
    assert "<title>QR code</title>" in svg


def test_the_band_stays_within_its_height() -> None:
    path = band_svg().split(' d="', 1)[1].split('"')[0]
    heights = [float(pair.split()[1]) for piece in path[1:].split("C") for pair in _pairs(piece)]
    assert min(heights) > 0
    assert max(heights) < 40


def _pairs(piece: str) -> list[str]:
    numbers = piece.split()
    return [f"{numbers[at]} {numbers[at + 1]}" for at in range(0, len(numbers), 2)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        *((1, "1 minute (0.02 hours)"), (40, "40 minutes (0.67 hours)"), (60, "60 minutes (1 hour)")),
        *((90, "90 minutes (1.5 hours)"), (600, "600 minutes (10 hours)")),
    ],
)
def test_a_length_is_given_in_minutes_and_hours(minutes: int, words: str) -> None:
    assert duration(minutes) == words


def test_a_day_is_written_out() -> None:
    assert day(date(2026, 11, 7)) == "7 November 2026"
