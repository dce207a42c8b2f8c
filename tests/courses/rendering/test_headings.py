"""Anchors, ids and the outline."""

from __future__ import annotations

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.source import Source

RENDERER = Renderer()


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


def test_a_heading_links_to_itself() -> None:
    rendered = page("## The base rate")
    assert rendered.html == '<h2 id="the-base-rate"><a class="anchor" href="#the-base-rate">The base rate</a></h2>'
    assert [(heading.id, heading.title, heading.level) for heading in rendered.outline] == [
        ("the-base-rate", "The base rate", 2)
    ]


def test_headings_of_the_same_words_have_different_ids() -> None:
    assert [heading.id for heading in page("## Why\n\n## Why\n\n### Why").outline] == ["why", "why-2", "why-3"]


def test_an_id_given_by_the_author_stays_and_is_not_given_twice() -> None:
    assert [heading.id for heading in page("## Why\n\n## Other {#why}").outline] == ["why-2", "why"]


def test_headings_of_any_script_have_ids() -> None:
    assert [heading.id for heading in page("## Μέτρα\n\n## تنبيه\n\n## ???").outline] == ["μέτρα", "تنبيه", "section"]


def test_a_heading_never_takes_the_name_of_the_page_around() -> None:
    assert [heading.id for heading in page("## Main").outline] == ["main-2"]


def test_a_heading_with_a_link_has_no_link_around_it() -> None:
    html = page("## See [there](https://example.org)").html
    assert html.count("<a ") == 1


def test_the_outline_reads_formulas_by_their_source_and_leaves_note_marks_out() -> None:
    outline = page("## Rate $r_1$ and *more*[^a]\n\n[^a]: Note.").outline
    assert outline[0].title == "Rate r_1 and more"


def test_a_first_level_heading_steps_down_below_the_title_of_the_page() -> None:
    assert "<h1" not in page("# Title\n\nText").html


def test_a_hashtag_is_no_heading() -> None:
    assert page("#hashtag stays text").html == "<p>#hashtag stays text</p>"


def test_an_id_given_twice_is_an_error() -> None:
    faults = page("Text.\n\n## One {#same}\n\n## Two {#same}").faults
    assert [(fault.line, fault.severity) for fault in faults] == [(3, "error")]
    assert not page("## One {#one}\n\n## Two {#two}").faults
