"""Callouts with and without titles, and the placement of checks and cases."""

from __future__ import annotations

import pytest

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.source import Source

RENDERER = Renderer()


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


@pytest.mark.parametrize(
    ("kind", "class_name", "title"),
    [
        ("NOTE", "callout", "Note"),
        ("TIP", "callout is-pearl", "Tip"),
        ("IMPORTANT", "callout is-key", "Important"),
        ("WARNING", "callout is-warn", "Warning"),
        ("CAUTION", "callout is-bad", "Caution"),
    ],
)
def test_each_kind_of_callout_has_its_class_icon_and_title(kind: str, class_name: str, title: str) -> None:
    html = page(f"> [!{kind}]\n> Body *text*.").html
    assert f'class="{class_name}"' in html
    assert f'aria-label="{title}"' in html
    assert f'<p class="callout__title">{title}</p>' in html
    assert '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">' in html
    assert "<p>Body <em>text</em>.</p>" in html
    assert "[!" not in html


def test_an_author_may_give_a_callout_its_title() -> None:
    html = page("> [!TIP] From the *ward*\n> Press Report.").html
    assert 'aria-label="From the ward"' in html
    assert '<p class="callout__title">From the <em>ward</em></p>' in html


def test_callouts_speak_the_language_of_the_course() -> None:
    text = "> [!WARNING]\n> Text."
    assert 'aria-label="Warnung"' in Renderer(language="de-CH").page(text, Source("l.md", text)).html


def test_neighbouring_callouts_stay_apart() -> None:
    html = page("> [!NOTE]\n> One.\n\n> [!WARNING]\n> Two.\n\n> A quotation.").html
    assert html.count("<aside") == 2
    assert html.count("<blockquote>") == 1


def test_callouts_of_one_title_get_names_of_their_own() -> None:
    html = page("> [!NOTE]\n> One.\n\n> [!NOTE]\n> Two.").html
    assert 'aria-label="Note"' in html
    assert 'aria-label="Note (2)"' in html


def test_a_callout_holds_lists_and_code() -> None:
    html = page("> [!NOTE]\n> - a\n> - b\n>\n> ```sql\n> select 1\n> ```").html
    assert html.index("<aside") < html.index("<li>a</li>") < html.index('<div class="code">') < html.index("</aside>")


def test_a_plain_quotation_is_no_callout() -> None:
    assert "<aside" not in page("> NOTE: a quotation").html
    assert "<aside" not in page("[!NOTE]\nno quotation").html
    assert "<aside" not in page("```\n> [!NOTE]\n> code\n```").html


def test_an_unknown_kind_is_a_warning_and_stays_a_quotation() -> None:
    rendered = page("Text.\n\n> [!DANGER]\n> Body.")
    assert [(fault.line, fault.column, fault.severity) for fault in rendered.faults] == [(3, 3, "warning")]
    assert "<blockquote>" in rendered.html


def test_a_callout_without_text_is_a_warning() -> None:
    assert [fault.severity for fault in page("> [!NOTE] Only a title").faults] == ["warning"]
    assert not page("> [!NOTE] A title\n> and text").faults


def test_a_check_becomes_a_placeholder_on_a_line_of_its_own() -> None:
    rendered = page("Before.\n\n> [!CHECK] alert-override\n\nAfter.")
    assert '\n<div data-check="alert-override"></div>\n' in rendered.html
    assert "<p>\n<div" not in rendered.html
    assert rendered.checks == ("alert-override",)
    assert not rendered.faults


def test_a_case_becomes_a_placeholder() -> None:
    rendered = page("> [!CASE] ward-b")
    assert rendered.html == '<div data-case="ward-b"></div>'
    assert rendered.cases == ("ward-b",)


@pytest.mark.parametrize(
    "text", ["> [!CHECK]", "> [!CHECK] Two words", "> [!CHECK] Capital", "> [!CASE] -x", '> [!CHECK] x"><script>']
)
def test_a_placement_without_a_proper_id_is_an_error(text: str) -> None:
    rendered = page(text)
    assert [fault.severity for fault in rendered.faults] == ["error"]
    assert "data-" not in rendered.html
    assert not rendered.checks


def test_a_placement_takes_no_text_under_it() -> None:
    assert [fault.message for fault in page("> [!CHECK] a-b\n> More.").faults] == [
        "[!CHECK] a-b takes no text under it"
    ]
    assert not page("> [!CHECK] a-b\n\nMore.").faults


def test_authors_cannot_forge_a_placement_in_html() -> None:
    rendered = page('<div data-check="other"></div>')
    assert "data-check" not in rendered.html
    assert not rendered.checks
    assert "removed the attribute data-check" in rendered.faults[0].message
