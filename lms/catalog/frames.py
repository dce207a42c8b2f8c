"""Pages that are the same for everybody but for a few slots: rendered once, filled for each request.

A frame belongs to a published version, a locale and a theme, and holds nothing about a person.
What differs between people is put into its slots as finished, escaped HTML.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import current_app, g, render_template, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from lms.catalog.cache import VersionCache

MARK = "\x00"
THEMES = ("light", "dark")

_frames: VersionCache[tuple[Hashable, ...], Frame] = VersionCache(400)


@dataclass(frozen=True)
class Frame:
    """A page in pieces: text, the name of a slot, text, and so on."""

    pieces: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """The page with its slots filled with HTML; `csrf` is filled with this session's token."""
        values = {**values, "csrf": generate_csrf()}
        out = list(self.pieces)
        for place in range(1, len(out), 2):
            out[place] = values[out[place]]
        return "".join(out)


def slot(name: str) -> Markup:
    """The mark of a slot in a template that makes a frame."""
    return Markup(f"{MARK}{name}{MARK}")  # noqa: S704 -- a name of ours


def frame(version_id: int, template: str, key: tuple[Hashable, ...], context: Mapping[str, Any]) -> Frame:
    """The frame that `template` makes of `context`, kept for this version, locale, theme and `key`.

    `key` names everything in `context` that is not settled by the version. A page with messages
    for the person (flashes) is rendered afresh.
    """
    theme = request.cookies.get("theme", "")
    settled = (template, version_id, str(get_locale()), theme if theme in THEMES else "", _sample(), *key)
    if session.get("_flashes"):
        return _render(template, context)
    found = _frames.get(version_id, settled, lambda: _render(template, context))
    assert found is not None, "a template always renders"
    return found


def _sample() -> bool:
    return bool(g.get("sample_data", current_app.config.get("SAMPLE_DATA", False)))


def _render(template: str, context: Mapping[str, Any]) -> Frame:
    # The forms of the shell get a slot for their token, and the page's own address without its query.
    place = SimpleNamespace(full_path=request.path)
    html = render_template(template, slot=slot, csrf_token=lambda: slot("csrf"), request=place, **context)
    if generate_csrf() in html:
        raise RuntimeError(f"{template} holds a person's token; a frame writes slot('csrf') in its place.")
    return Frame(tuple(html.split(MARK)))


def fragment(template: str, **context: Any) -> Markup:
    """A part of a page for a slot. Only what is passed is known: no principal, no navigation."""
    return Markup(current_app.jinja_env.get_template(template).render(context))  # noqa: S704 -- escaped by the template
