"""What the gate lets through, what it takes out, and that it says so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.sanitising import DROPPED_WITH_CONTENT, TAGS
from courses.rendering.source import Source

RENDERER = Renderer()


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


@pytest.mark.parametrize(
    ("text", "gone", "named"),
    [
        ("<script>alert(1)</script>", "alert", "<script>"),
        ("<style>p{color:red}</style>", "color", "<style>"),
        ('<iframe src="https://example.org"></iframe>', "iframe", "<iframe>"),
        ('<svg onload="alert(1)"><script>1</script></svg>', "svg", "<svg>"),
        ("<form action=/x><button>Go</button></form>", "button", "<form>"),
        ('<p onclick="steal()">Hi</p>', "steal", "onclick"),
        ('<p style="color:red">Hi</p>', "style", "style"),
        ("Hi\n{: style='color:red' }", "style", "style"),
        ('<img src="x" onerror="a()" alt="A">', "onerror", "onerror"),
        ("[go](javascript:alert(1))", "javascript", "javascript:alert"),
        ("[go](vbscript:x)", "vbscript", "vbscript:x"),
        ("[go](data:text/html,x)", "data:", "data:text/html"),
        ("<marquee>Hi</marquee>", "marquee", "<marquee>"),
        ('<p id="main">Hi</p>', 'id="main"', "the page around uses this name"),
    ],
)
def test_unsafe_markup_is_removed_and_named_at_its_line(text: str, gone: str, named: str) -> None:
    rendered = page(f"First.\n\n{text}\n\nLast.")
    assert gone not in rendered.html
    warnings = [fault for fault in rendered.faults if named in fault.message]
    assert warnings, rendered.faults
    assert warnings[0].severity == "warning"
    assert warnings[0].line in (3, 4)
    assert "<p>Last.</p>" in rendered.html


@pytest.mark.parametrize(
    "text",
    [
        "Press <kbd>Report</kbd>.",
        "H<sub>2</sub>O and 10<sup>3</sup>",
        "<details><summary>More</summary>Text</details>",
        '<div class="lead">Text</div>',
        "5 < 6 and 7 > 3",
        "<!-- a note to other authors -->Text",
        "<math><mi>x</mi><mo>=</mo><mn>1</mn></math>",
    ],
)
def test_harmless_markup_stays_without_a_word(text: str) -> None:
    assert not page(text).faults


def test_prose_in_angle_brackets_is_named_because_it_would_vanish() -> None:
    faults = page("Write <patient name> here.").faults
    assert [fault.message for fault in faults] == [
        "removed <patient>, which a lesson may not contain; write &lt; to show a “<”"
    ]


def test_an_image_inside_a_formula_obeys_the_rules_of_images() -> None:
    rendered = page("<math><mi>x<img src=x onerror=alert(1)></mi></math>")
    assert "onerror" not in rendered.html
    assert any(fault.severity == "error" for fault in rendered.faults)


def test_nothing_of_a_style_attribute_survives_a_table() -> None:
    html = page("| a | b |\n|:-:|--:|\n| 1 | 2 |").html
    assert "style" not in html
    assert 'align="center"' in html
    assert '<td align="right" class="n">2</td>' in html


def test_no_tag_is_both_kept_and_dropped() -> None:
    assert not TAGS & DROPPED_WITH_CONTENT


PIECES = st.sampled_from(
    [
        piece.replace("_", " ").replace("~", "\n")
        for piece in """
    <script> </script> <svg> <math> <mi> <img_src=x_onerror=a()> <style> </style> <!-- -->
    <a_href='javascript:a()'> ` ```~ $ $$ >_ -_ ~ ~~ x " ' < > &lt; {:_onclick=a()_} [a](javascript:a()) ![a](data:x)
    <table> <mtext> <mglyph>
    <template> | --- <p_id=main> <annotation-xml_encoding="text/html"> </math> </svg> <title> <noscript>
    """.split()
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_mixture_of_markup_lets_a_program_through(text: str) -> None:
    html = page(text).html
    # The renderer's own drawings are the only svg; they hold a path and nothing else.
    own = re.sub(r'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="[^"<>]*"/></svg>', "", html)
    assert not re.search(r"<(?:script|style|iframe|svg|template|object|embed)\b", own, re.IGNORECASE)
    for tag in re.findall(r"<[a-zA-Z][^>]*>", own):
        assert not re.search(r"\s(?:on\w+|style)\s*=", re.sub(r'"[^"]*"', '""', tag)), tag
        assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript):', tag, re.IGNORECASE), tag
