"""Links and media addresses: looked up, checked, written for the platform."""

from __future__ import annotations

import pytest

from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.shelf import BareShelf, MediaEntry
from courses.rendering.source import Source

SHELF = BareShelf(
    entries={
        "media/form.pdf": MediaEntry("/media/ff/form.pdf", "application/pdf"),
        "media/a b.png": MediaEntry("/media/aa/a%20b.png", "image/png", 1, 1),
    },
    pages={"20-order-sets.md": "order-sets"},
)
RENDERER = Renderer(SHELF)


def page(text: str) -> Rendered:
    return RENDERER.page(text, Source("l.md", text))


def test_a_link_to_a_lesson_becomes_its_slug() -> None:
    assert '<a href="order-sets">next</a>' in page("[next](20-order-sets.md)").html
    assert '<a href="order-sets">next</a>' in page("[next](./20-order-sets.md)").html


def test_a_link_to_a_heading_of_a_lesson_is_kept_for_checking() -> None:
    rendered = page("Text.\n\n[next](20-order-sets.md#why)")
    assert 'href="order-sets#why"' in rendered.html
    placed = rendered.references[0]
    assert (placed.reference.page, placed.reference.anchor, placed.line) == ("order-sets", "why", 3)


def test_a_link_to_media_becomes_its_address() -> None:
    assert '<a href="/media/ff/form.pdf">the form</a>' in page("[the form](media/form.pdf)").html
    assert 'src="/media/aa/a%20b.png"' in page("![A scan](media/a%20b.png)").html
    assert 'src="/media/aa/a%20b.png"' in page("![A scan](<media/a b.png>)").html


@pytest.mark.parametrize(
    "address",
    ["30-nothing.md", "media/none.pdf", "questions.md", "../../etc/passwd", "/etc/passwd", "//example.org/x",
     "media/../../x.png", "..%2f..%2fetc", "media\\form.pdf", "order-sets"],
)  # fmt: skip
def test_a_link_that_leads_nowhere_is_an_error_at_its_line(address: str) -> None:
    rendered = page(f"Text.\n\nSee [this form]({address}).")
    assert [(fault.line, fault.severity) for fault in rendered.faults] == [(3, "error")]
    assert "href" not in rendered.html


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=2", "http://example.org", "HTTPS://example.org"])
def test_links_to_other_sites_give_away_no_opener(address: str) -> None:
    assert 'rel="noopener"' in page(f"[there]({address})").html


def test_links_inside_the_platform_and_mail_have_no_rel() -> None:
    html = page("[next](20-order-sets.md) [mail](mailto:a@example.org)").html
    assert "rel=" not in html
    assert 'href="mailto:a@example.org"' in html


def test_raw_html_links_obey_the_same_rules() -> None:
    assert 'href="order-sets"' in page('<a href="20-order-sets.md">x</a>').html
    assert [fault.severity for fault in page('<a href="nope.md">x</a>').faults] == ["error"]


def test_a_link_to_a_heading_of_its_own_page_is_checked() -> None:
    assert not page("## The base rate\n\n[up](#the-base-rate)").faults
    assert [fault.line for fault in page("## The base rate\n\n[up](#the-base-rates)").faults] == [3]


def test_equal_mistakes_point_at_their_own_lines() -> None:
    faults = page("[a](no.md)\n\n[b](no.md)").faults
    assert [fault.line for fault in faults] == [1, 3]


def test_an_image_of_another_site_is_an_error() -> None:
    faults = page("![A scan](https://example.org/a.png)").faults
    assert "lies on another site" in faults[0].message
    assert faults[0].severity == "error"


def test_a_file_that_is_no_image_cannot_be_shown_as_one() -> None:
    assert [fault.message for fault in page("![The form](media/form.pdf)").faults] == [
        "“media/form.pdf” is not an image"
    ]


def test_a_link_inside_code_is_no_link() -> None:
    assert not page("`[a](no.md)`\n\n```\n[b](no.md)\n```").faults


def test_a_text_in_a_folder_below_writes_its_addresses_from_there() -> None:
    source = Source("questions/a.md", "", 1, "questions")
    good = RENDERER.block("[form](../media/form.pdf) [next](../20-order-sets.md)", source)
    assert 'href="/media/ff/form.pdf"' in good.html
    assert 'href="order-sets"' in good.html
    assert [fault.severity for fault in RENDERER.block("[form](media/form.pdf)", source).faults] == ["error"]
    assert [fault.severity for fault in RENDERER.block("[x](../../etc/passwd)", source).faults] == ["error"]
