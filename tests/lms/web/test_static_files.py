"""What the static files promise: small, one palette, fonts with their licence, no foreign address."""

from __future__ import annotations

import gzip
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from lms.web.assets import fingerprint

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "lms" / "web" / "static"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|lab)\(\s*\d", re.ASCII)
SCRIPTS = ("app.js", "answers.js", "editor.js")


def squeezed(name: str) -> int:
    """The size of a static file as it travels, in bytes."""
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


def vendor() -> ModuleType:
    """The script that fetched the third-party files, as a module."""
    place = ROOT / "scripts" / "vendor_frontend.py"
    spec = importlib.util.spec_from_file_location("vendor_frontend", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "limit"), [("app.css", 14_000), *((script, 3_000) for script in SCRIPTS)])
def test_a_first_visit_stays_small(name: str, limit: int) -> None:
    assert squeezed(name) <= limit


def test_a_lesson_with_all_its_files_fits_60_kilobytes() -> None:
    font = (STATIC / "fonts" / "atkinson-hyperlegible-next-latin.woff2").stat().st_size
    files = sum(squeezed(name) for name in ("app.css", "app.js", "answers.js", "icon.svg"))
    assert font + files <= 45_000, "the page itself needs the rest"


def test_components_use_tokens_and_never_a_colour_of_their_own() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(), flags=re.DOTALL)
    tokens, rest = css.split("@layer base {", 1)
    assert COLOUR.search(tokens)
    assert COLOUR.findall(rest) == []


def test_every_token_that_is_used_is_defined() -> None:
    css = (STATIC / "app.css").read_text()
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used - defined == set()


def test_important_is_kept_to_hiding_and_print() -> None:
    css = (STATIC / "app.css").read_text()
    before_print = css[: css.index("@layer print {")]
    strong = [line.strip() for line in before_print.splitlines() if "!important" in line]
    assert all(line.startswith(("[hidden]", ".only-", "@media (min-width: 48rem) { .only-")) for line in strong), strong


def test_the_style_sheet_asks_for_fonts_that_exist_and_nothing_else() -> None:
    css = (STATIC / "app.css").read_text()
    asked = re.findall(r"url\(\"?([^\")]+)", css)
    assert asked
    # The same address as asset() gives, so that the font is fetched once and kept.
    assert asked == [f"{name}?v={fingerprint(name)}" for name in (each.partition("?")[0] for each in asked)]


def test_fonts_come_with_their_licence() -> None:
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    licence = (STATIC / "fonts" / "OFL.txt").read_text()
    assert fonts
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Atkinson Hyperlegible Next" in licence


def test_the_first_font_file_holds_what_pages_are_written_with_and_no_more_than_is_promised() -> None:
    css = (STATIC / "app.css").read_text()
    promised = vendor().LATIN
    assert f"unicode-range: {promised};" in css
    font = TTFont(STATIC / "fonts" / "atkinson-hyperlegible-next-latin.woff2")
    drawn = set(font.getBestCmap())
    assert drawn <= set(subset.parse_unicodes(promised.replace(" ", "")))
    needed = "".join(map(chr, range(0x20, 0x7F))) + "−–×±°½éüñ“”‘’…•€™"
    assert [sign for sign in needed if ord(sign) not in drawn] == []


def test_third_party_files_are_pinned_by_version_and_sum() -> None:
    script = vendor()
    for package in script.PACKAGES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package.version)
        assert re.fullmatch(r"[0-9a-f]{64}", package.sha256)
        assert all(place.is_file() for _, place, _ in package.files)
        assert any("LICENSE" in path for path, _, _ in package.files), package.name


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_ask_no_other_host_and_write_no_markup_from_data(name: str) -> None:
    script = (STATIC / name).read_text()
    assert "http://" not in script
    assert "https://" not in script
    assert "innerHTML" not in script
    assert "eval(" not in script
