"""Rules that hold for every template of the product, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lms.web.icons import PATHS, icon

ROOT = Path(__file__).resolve().parents[3]
LMS = ROOT / "lms"
TEMPLATES = sorted(path for path in LMS.glob("**/templates/**/*.html"))
NAMES = [str(path.relative_to(ROOT)) for path in TEMPLATES]
SHELLS = re.compile(r"\{%-?\s*extends\s[^%]*\"(?:base|focus|public)\.html\"")
CSS = re.sub(r"/\*.*?\*/", "", (LMS / "web" / "static" / "app.css").read_text(), flags=re.DOTALL)
CLASSES = frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", CSS))
each = pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)


def source(path: Path) -> str:
    """The text of a template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@each
def test_no_template_needs_what_the_content_policy_forbids(path: Path) -> None:
    text = source(path)
    assert not re.search(r"\sstyle\s*=", text), "a style attribute is blocked; use a class or an SVG attribute"
    assert not re.search(r"<style\b", text), "an inline style sheet is blocked"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline event handler is blocked"
    assert not re.search(r"javascript:|[\"'(]data:", text), "javascript: and data: addresses are blocked"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag, "an inline script is blocked"


@each
def test_every_icon_that_a_template_names_exists(path: Path) -> None:
    text = source(path)
    named = re.findall(r"\bicon\(\s*['\"]([\w-]+)['\"]", text)
    named += re.findall(r"\b(?:icon_name|delta_icon|back_icon)\s*=\s*['\"]([\w-]+)['\"]", text)
    assert [name for name in named if name not in PATHS] == []


@each
def test_a_per_cent_sign_in_a_translated_string_is_doubled(path: Path) -> None:
    # Jinja formats the result of every _() call, so that a lone % breaks the page when it is shown.
    for call in re.findall(r"\b_\(\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", source(path)):
        assert not re.search(r"%(?!%|\()", call.replace("%%", "")), call


@each
def test_every_form_that_posts_carries_the_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", source(path), flags=re.DOTALL):
        opening = form[: form.index(">")]
        if re.search(r"method\s*=\s*[\"']post", opening, flags=re.IGNORECASE):
            assert "csrf" in form or "hidden_tag" in form, opening


@each
def test_colour_in_a_template_is_an_attribute_of_a_drawing(path: Path) -> None:
    text = re.sub(r"\b(?:fill|stroke|stop-color)=\"(?:[^\"{]|\{\{.*?\}\})*\"", "", source(path))
    assert re.findall(r"[\"']#(?:[0-9a-fA-F]{3}){1,2}[\"']", re.sub(r"\{\{.*?\}\}", "", text)) == []


@each
def test_a_page_uses_no_class_that_the_style_sheet_does_not_know(path: Path) -> None:
    text = source(path)
    if not SHELLS.search(text) and not path.name.startswith("_"):
        return  # what is pressed to paper or sent by mail brings its own style sheet
    said = re.findall(r"(?<![\w-])class=\"([^\"]*)\"", text) + re.findall(r"_class\s*=\s*'([^']*)'", text)
    names = {name for each in said for name in re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", each).split()}
    assert {name for name in names if "\0" not in name} - CLASSES == set()


def test_an_unknown_icon_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no icon 'nothing'; there are: .*award.*upload"):
        icon("nothing")


def test_an_icon_alone_is_an_image_with_a_name_and_beside_text_it_is_silent() -> None:
    assert 'role="img" aria-label="Search &lt;all&gt;"' in icon("search", label="Search <all>")
    assert 'aria-hidden="true"' in icon("search")
    assert 'class="icon icon--dir icon--l"' in icon("next", dir=True, cls="icon--l")
