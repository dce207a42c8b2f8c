"""The dollar rule, MathML and formulas that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rendering.mathematics import UnreadableMath, to_mathml
from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.source import Source

RENDERER = Renderer()


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


@pytest.mark.parametrize(
    "text",
    [
        "$x$ at the start",
        "after a space $x$.",
        "in brackets ($x$)",
        "at the start of a line\n$x$ here",
        "with an escaped dollar $5\\$ + x$.",
        "| a | b |\n|---|---|\n| $x$ | y |",
        "- $x$",
        "> $x$",
    ],
)
def test_a_dollar_opens_math_at_a_start_after_space_or_a_bracket(text: str) -> None:
    assert page(text).html.count("<math") == 1


@pytest.mark.parametrize(
    "text",
    [
        "It costs US$5–$10 a day.",
        "It costs $5 and then $6 more.",
        "It costs $5–$10 a day.",
        "a$x$ follows a letter",
        "*$x$ follows an asterisk*",
        "$x $ closes after a space",
        "$x$5 closes before a digit",
        "`$x$` is code",
        "    $x$ is indented code",
        "```\n$x$ is fenced code\n```",
        "\\$x$ is escaped",
        "a lone $ sign",
    ],
)
def test_near_misses_of_the_dollar_rule_stay_text(text: str) -> None:
    rendered = page(text)
    assert "<math" not in rendered.html
    assert not rendered.faults


def test_two_dollars_on_lines_of_their_own_make_a_formula_of_its_own() -> None:
    html = page("Before\n\n$$\na < b\n\n= c\n$$\n\nAfter").html
    assert '<math display="block" alttext="a &lt; b = c" tabindex="0">' in html
    assert "<p><math" not in html
    assert html.endswith("<p>After</p>")


def test_a_wide_formula_can_be_scrolled_by_keyboard_and_one_in_running_text_is_no_stop() -> None:
    assert "tabindex" in page("$$\nx\n$$").html
    assert "tabindex" not in page("$x$").html


def test_a_formula_in_the_middle_of_a_paragraph_needs_no_empty_lines() -> None:
    html = page("Before\n$$x = 1$$\nafter").html
    assert html.startswith("<p>Before</p>\n<math display=")
    assert html.endswith("<p>after</p>")


def test_two_dollars_that_never_close_stay_text() -> None:
    rendered = page("$$\nx = 1\n\nNothing closes it.")
    assert "<math" not in rendered.html
    assert "Nothing closes it." in rendered.html


def test_two_dollars_inside_code_stay_code() -> None:
    assert "<math" not in page("```\n$$\nx\n$$\n```").html


def test_mathml_carries_its_source_as_alternative_text() -> None:
    assert 'alttext="\\frac{a}{b}"' in page("$\\frac{a}{b}$").html
    assert "<mfrac>" in page("$\\frac{a}{b}$").html


@pytest.mark.parametrize("latex", ["\\text{<script>alert(1)</script>}", "\\text{<img src=x onerror=1>}", "a<b>c"])
def test_markup_inside_a_formula_is_shown_and_never_run(latex: str) -> None:
    html = page(f"${latex}$").html
    assert "<script" not in html
    assert "<img" not in html
    assert "onerror=1&gt;" in html or "onerror" not in html


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        ("\\nosuch{x}", "\\nosuch is not a known command"),
        ("x^{", "missing super script"),
        ("\\href{javascript:1}{x}", "\\href is not supported"),
        ("\\newcommand{\\a}{\\a\\a}\\a", "\\newcommand is not supported"),
        ("\\style{color:red}{x}", "\\style is not supported"),
        ("x" * 2_001, "longer than 2000"),
    ],
)
def test_a_formula_that_cannot_be_read_is_an_error_at_its_line(latex: str, says: str) -> None:
    text = f"Above\n\nHere ${latex}$ it is."
    faults = page(text).faults
    assert [fault.severity for fault in faults] == ["error"]
    assert says in faults[0].message
    assert (faults[0].line, faults[0].column) == (3, 7)


@given(st.text(alphabet="\\{}[]^_&%$ab1+-=<>\"'\n ", max_size=60))
def test_no_latex_breaks_the_reader_or_leaks_markup(latex: str) -> None:
    try:
        mathml = to_mathml(latex, display=False)
    except UnreadableMath:
        return
    assert mathml.startswith("<math")
    assert "<script" not in mathml
