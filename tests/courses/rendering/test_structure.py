"""Tables, figures, task lists, notes, definition lists and abbreviations as they reach the page."""

from __future__ import annotations

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.shelf import BareShelf, MediaEntry, Track
from courses.rendering.source import Source

SHELF = BareShelf(
    entries={
        "media/a.png": MediaEntry("/media/aa/a.png", "image/png", 640, 480),
        "media/d.svg": MediaEntry("/media/dd/d.svg", "image/svg+xml", 360, 180),
        "media/f.mp4": MediaEntry("/media/ff/f.mp4", "video/mp4", tracks=(Track("en", "/media/cc/f.vtt"),)),
        "media/silent.mp4": MediaEntry("/media/ee/silent.mp4", "video/mp4"),
        "media/talk.mp3": MediaEntry("/media/bb/talk.mp3", "audio/mpeg"),
    }
)
RENDERER = Renderer(SHELF)


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


def errors(text: str) -> list[str]:
    return [fault.message for fault in page(text).faults if fault.severity == "error"]


def test_a_table_scrolls_in_a_named_region_and_its_headers_have_scopes() -> None:
    html = page("| Tier | Right in |\n|---|--:|\n| Stop | 71 % |").html
    assert '<div aria-label="Table: Tier, Right in" class="scroll" role="region" tabindex="0">' in html
    assert '<table class="table">' in html
    assert '<th scope="col">Tier</th>' in html
    assert '<th align="right" class="n" scope="col">Right in</th>' in html
    assert "<td>Stop</td>" in html


def test_a_first_column_of_bold_words_heads_its_rows() -> None:
    html = page("| Tier | Right in |\n|---|---|\n| **Stop** | 71 % |\n| **Note** | 8 % |").html
    assert html.count('scope="row"') == 2


def test_one_cell_that_is_not_bold_heads_no_row() -> None:
    assert 'scope="row"' not in page("| a | b |\n|---|---|\n| **Stop** | 1 |\n| Note | 2 |").html
    assert 'scope="row"' not in page("| a | b |\n|---|---|\n| **Stop** it | 1 |").html


def test_an_empty_corner_is_no_header_and_the_first_column_heads_its_rows() -> None:
    html = page("|  | Right |\n|---|---|\n| Stop | 71 % |").html
    assert "<td></td>" in html
    assert '<th scope="row">Stop</th>' in html


def test_two_tables_with_the_same_headers_have_different_names() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    html = page(f"{table}\n\nText.\n\n{table}").html
    assert 'aria-label="Table: a, b"' in html
    assert 'aria-label="Table: a, b (2)"' in html


def test_an_image_alone_in_its_paragraph_with_a_title_is_a_figure() -> None:
    html = page('![A scan](media/a.png "How a scan looks")').html
    assert html.startswith('<figure class="figure">')
    assert "<figcaption>How a scan looks</figcaption>" in html
    assert "title=" not in html


def test_an_image_without_a_title_or_with_company_is_no_figure() -> None:
    assert "<figure" not in page("![A scan](media/a.png)").html
    assert "<figure" not in page('See ![A scan](media/a.png "Title") here').html


def test_images_have_their_size_and_load_late() -> None:
    html = page("![A scan](media/a.png)").html
    assert '<img alt="A scan" src="/media/aa/a.png" width="640" height="480" loading="lazy" decoding="async">' in html


def test_a_width_given_by_the_author_keeps_the_proportions() -> None:
    html = page("![A scan](media/a.png){width=320}").html
    assert 'width="320"' in html
    assert 'height="240"' in html


def test_an_image_without_alternative_text_is_an_error_at_its_line() -> None:
    faults = page("Text.\n\n![](media/a.png)").faults
    assert [(fault.line, fault.severity) for fault in faults] == [(3, "error")]
    assert "no alternative text" in faults[0].message
    assert errors('<img src="media/a.png">')
    assert not errors("![A scan](media/a.png)")


def test_an_image_marked_as_decoration_needs_no_words() -> None:
    assert not page("![](media/a.png){.decorative}").faults


def test_alternative_text_that_says_nothing_is_a_warning() -> None:
    assert [fault.severity for fault in page("![image](media/a.png)").faults] == ["warning"]
    assert [fault.severity for fault in page("![a.png](media/a.png)").faults] == ["warning"]
    assert not page("![Image of a wristband scan](media/a.png)").faults


def test_a_video_plays_with_its_captions() -> None:
    html = page('![How to scan](media/f.mp4 "A film of two minutes")').html
    assert '<video aria-label="How to scan" controls preload="metadata" src="/media/ff/f.mp4">' in html
    assert '<track kind="captions" src="/media/cc/f.vtt" srclang="en" label="Captions (en)" default>' in html
    assert "<figcaption>A film of two minutes</figcaption>" in html


def test_a_video_without_captions_is_an_error_and_audio_a_warning() -> None:
    assert errors("![How to scan](media/silent.mp4)") == [
        "the recording “media/silent.mp4” has no captions: put media/silent.vtt beside it"
    ]
    assert [fault.severity for fault in page("![A talk](media/talk.mp3)").faults] == ["warning"]


def test_a_recording_without_a_name_is_an_error() -> None:
    assert "has no name" in errors("![](media/f.mp4)")[0]


def test_task_lists_say_what_is_done() -> None:
    html = page("- [x] Scan\n- [ ] Sign").html
    assert '<input type="checkbox" disabled checked aria-label="Done">' in html
    assert '<input type="checkbox" disabled aria-label="To do">' in html


def test_notes_link_both_ways_under_a_named_section() -> None:
    html = page("Fact.[^a] Again.[^a]\n\n[^a]: The source.").html
    assert '<section aria-label="Notes and references" class="footnotes" role="doc-endnotes">' in html
    assert 'href="#fn:a"' in html
    assert 'aria-label="Back to the text, note 1"' in html
    assert 'aria-label="Back to the text, note 1.2"' in html
    assert "<hr" not in html


def test_notes_are_numbered_as_they_are_read() -> None:
    html = page("First.[^b] Second.[^a]\n\n[^a]: A\n[^b]: B").html
    assert html.index('href="#fn:b"') < html.index('href="#fn:a"')
    assert html.index('id="fn:b"') < html.index('id="fn:a"')


def test_definition_lists_and_abbreviations() -> None:
    html = page("CPOE\n:   Ordering on a screen\n\nWe use EHR here.\n\n*[EHR]: Electronic health record").html
    assert "<dt>CPOE</dt>" in html
    assert "<dd>Ordering on a screen</dd>" in html
    assert '<abbr title="Electronic health record">EHR</abbr>' in html


def test_attribute_lists_give_ids_and_classes() -> None:
    assert '<p class="lead" id="start">Text.</p>' in page("Text.\n{: .lead #start }").html


def test_inline_text_has_no_block_around_it() -> None:
    text = "12. *not* a list, $x$ and `code`"
    html = RENDERER.inline(text, Source("q.md", text)).html
    assert html.startswith("12. <em>not</em> a list, <math")
    assert "<p>" not in html
    assert "<ol>" not in html


def test_passages_inside_a_page_bring_no_ids() -> None:
    html = RENDERER.block("### A heading\n\nText.\n{: #x }", Source("q.md", "")).html
    assert "id=" not in html
    assert "<a" not in html


def test_a_note_that_nothing_refers_to_is_left_out() -> None:
    assert "Unused" not in page("Fact.[^a]\n\n[^a]: Used.\n[^b]: Unused.").html
    assert page("Fact.\n\n[^b]: Unused.").html == "<p>Fact.</p>"
    assert not page("Fact.\n\n[^b]: Unused.").faults


def test_text_struck_out_is_marked_as_deleted_and_a_single_tilde_stays() -> None:
    assert page("~~10 mg~~ 1 mg, about ~5").html == "<p><del>10 mg</del> 1 mg, about ~5</p>"


def test_a_formula_in_a_header_is_no_empty_header_and_no_part_of_the_name() -> None:
    html = page("| $x$ | Right |\n|---|---|\n| a | b |").html
    assert 'aria-label="Table: Right"' in html
    assert html.count('scope="col"') == 2
    assert 'scope="row"' not in html
