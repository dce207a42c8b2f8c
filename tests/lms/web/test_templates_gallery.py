"""The shells and macros render, with every variable defined, and say what they should."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string

from tests.lms.web.gallery_app import PAGES, create_gallery


@pytest.fixture
def gallery() -> Flask:
    """The gallery, in which an undefined variable is an error."""
    return create_gallery()


def render(gallery: Flask, text: str, **values: object) -> str:
    """A template written in the test, with the macros imported."""
    imports = (
        '{% import "_macros/components.html" as c %}{% import "_macros/forms.html" as f %}'
        '{% import "_macros/charts.html" as h %}'
    )
    with gallery.test_request_context("/components"):
        return render_template_string(imports + text, **values)


@pytest.mark.parametrize("name", [*PAGES, *(f"error/{code}" for code in (401, 403, 409, 413, 422, 429, 500, 503, 418))])
def test_every_page_is_whole(gallery: Flask, name: str) -> None:
    page = gallery.test_client().get(f"/{name}").get_data(as_text=True)
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert re.search(r"<title>[^<]+ – Informatics Academy</title>", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert page.index('class="skip"') < page.index("<header")


def test_theme_and_direction_come_from_the_server(gallery: Flask) -> None:
    page = gallery.test_client().get("/components?theme=dark&dir=rtl").get_data(as_text=True)
    assert '<html lang="en" dir="rtl" data-theme="dark">' in page
    assert 'value="dark" aria-pressed="true"' in page


def test_strangers_get_no_account_menu(gallery: Flask) -> None:
    page = gallery.test_client().get("/signin").get_data(as_text=True)
    assert "Sign out" not in page


@pytest.mark.parametrize(("value", "target", "colour", "width"), [(3, 3, "c-b1", "60.0"), (1, 3, "c-b2", "20.0")])
def test_a_measure_is_amber_only_below_its_target(
    gallery: Flask, value: int, target: int, colour: str, width: str
) -> None:
    bar = render(gallery, "{{ h.bullet(value, target) }}", value=value, target=target)
    assert f'class="{colour}"' in bar
    assert f'width="{width}"' in bar


def test_a_bar_never_leaves_its_frame(gallery: Flask) -> None:
    assert 'width="100"' in render(gallery, "{{ h.bullet(9, 5) }}")
    assert 'width="0.0"' in render(gallery, "{{ h.bullet(none, none) }}")


@pytest.mark.parametrize(
    ("share", "step"), [(100, "up"), (95, "up"), (94, "ok"), (90, "ok"), (89, "near"), (80, "near"), (79, "low"),
                        (65, "low"), (64, "far"), (0, "far")]
)  # fmt: skip
def test_the_colour_of_a_heat_cell_follows_the_shown_figure(gallery: Flask, share: int, step: str) -> None:
    cell = render(gallery, "{{ c.heat_cell(share, 1, 5) }}", share=share)
    assert f'<td class="gap-{step}">' in cell
    assert f"<b>{share}%</b>" in cell


def test_a_suppressed_cell_shows_no_figure_even_if_it_is_given_one(gallery: Flask) -> None:
    cell = render(gallery, "{{ c.heat_cell(50, 1, 2, '/people', suppressed=True) }}")
    assert "too few" in cell
    assert not re.search(r"\d", cell)
    assert "<a" not in cell


def test_an_empty_cell_says_that_nobody_needs_it(gallery: Flask) -> None:
    assert "nobody" in render(gallery, "{{ c.heat_cell(none, 0, 0) }}")


def test_a_refused_field_is_tied_to_its_message_and_its_hint(gallery: Flask) -> None:
    html = render(gallery, "{{ f.input('date', 'Date', hint='As 28 Feb 2027', errors=['It does not exist']) }}")
    assert 'aria-describedby="date-hint date-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="date-hint"') < html.index("<input") < html.index('id="date-error"')


def test_the_summary_links_each_message_to_its_field(gallery: Flask) -> None:
    page = gallery.test_client().get("/components").get_data(as_text=True)
    assert 'role="alert"' in page
    links = set(re.findall(r'<li><a href="#(\w+)">', page))
    assert {"name", "password", "profession", "one", "several", "agree", "file"} <= links
    assert all(f'id="{link}"' in page for link in links)


def test_what_people_typed_is_escaped(gallery: Flask) -> None:
    html = render(
        gallery,
        "{{ c.todo(x, '/') }}{{ c.tag(x) }}{{ f.input('q', x, value=x) }}{{ c.page_head(x, lede=x, crumbs=[(x, x)]) }}"
        "{{ c.results([('bad', x, x)]) }}{{ c.facts([(x, x)]) }}{{ c.segmented([(x, x, True)], x) }}",
        x='<b title="x">',
    )
    assert "<b" not in html
    assert html.count("&lt;b title=&#34;x&#34;&gt;") > 10


def test_an_error_page_names_the_reference_and_promises_what_is_safe(gallery: Flask) -> None:
    page = gallery.test_client().get("/error/404").get_data(as_text=True)
    assert "This page is not here" in page
    assert "7QX2" in page
    assert "safe" in page
