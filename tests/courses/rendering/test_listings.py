"""Code: labels, tokens, and the language nobody knows."""

from __future__ import annotations

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.source import Source

RENDERER = Renderer()


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


def test_a_listing_can_be_scrolled_by_keyboard_and_has_a_name() -> None:
    html = page('```sql title="Rule, simplified"\nselect 1\n```').html
    assert '<div class="code"><div class="code__head"><span>Rule, simplified</span></div>' in html
    assert '<pre tabindex="0" role="region" aria-label="Rule, simplified">' in html


def test_without_a_title_the_language_names_a_listing() -> None:
    html = page("```sql\nselect 1\n```\n\n```sql\nselect 2\n```").html
    assert 'aria-label="Code: SQL"' in html
    assert 'aria-label="Code: SQL (2)"' in html


def test_tokens_have_the_few_classes_of_the_design() -> None:
    html = page("```sql\nselect 'a' from b -- why\n```").html
    assert '<span class="tok-k">select</span>' in html
    assert "<span class=\"tok-s\">'a'</span>" in html
    assert '<span class="tok-c">-- why</span>' in html


def test_markup_inside_code_is_shown_as_written() -> None:
    for fence in ("```", "```html", "```text"):
        html = page(f"{fence}\n<script>alert(1)</script>\n```").html
        assert "<script" not in html
        assert "&lt;" in html


def test_indented_code_has_the_same_frame() -> None:
    html = page("Text.\n\n    a < b &amp; c").html
    assert '<pre tabindex="0" role="region" aria-label="Code"><code>a &lt; b &amp;amp; c</code></pre>' in html


def test_an_unknown_language_is_a_warning_and_shown_plainly() -> None:
    rendered = page("Text.\n\n```nosuch\nx < y\n```")
    assert [(fault.line, fault.severity) for fault in rendered.faults] == [(3, "warning")]
    assert "x &lt; y" in rendered.html


def test_a_fence_without_a_language_is_plain_and_no_warning() -> None:
    assert not page("```\nx\n```").faults


def test_a_header_beyond_reason_is_cut_to_its_language_and_costs_no_time() -> None:
    options = 'b="" ' * 4_000
    rendered = page(f"```sql {options}!\nselect 1\n```")
    assert '<span class="tok-k">select</span> 1' in rendered.html
    assert [fault.severity for fault in rendered.faults] == ["warning"]
    assert not page('```sql title="a = b" linenums="1"\nselect 1\n```').faults


def test_a_header_shown_inside_code_stays_as_written() -> None:
    options = 'b="" ' * 8
    assert page(f"````text\n``` sql {options}!\n````").html.count("b=") == 8
