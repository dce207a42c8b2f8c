"""Knowledge checks inside a lesson: the form where the author placed one, its feedback, and its judgement.

What does not depend on a person, the text and the unanswered forms, is rendered once for each
version, lesson and locale and kept. Only an answered or refused form is rendered for a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from assessments import registry
from assessments.model import AnswerError, Item
from lms.catalog.cache import VersionCache
from lms.catalog.facts import LessonFacts, LessonPage, VersionFacts
from lms.items import queries as items
from lms.items.answers import Form, parse_form
from lms.learning.facts import CheckFacts

PLACE = re.compile(r'<div data-check="([a-z0-9-]+)"></div>')
CSRF = '<input type="hidden" name="csrf_token" value="">'

_bodies: VersionCache[tuple[int, str, str], tuple[tuple[str | None, str], ...]] = VersionCache(300)


@dataclass(frozen=True)
class Refused:
    """An answer that could not be read: which item, what was expected, and the form as it was typed."""

    item: str
    message: str
    form: Mapping[str, str]


def seed(version: VersionFacts, item: str) -> str:
    """The seed of a check: the same for everybody, so that its form can be kept."""
    return f"check:{version.digest}:{item}"


def body(
    version: VersionFacts, page: LessonPage, given: Mapping[str, CheckFacts], refused: Refused | None = None
) -> Markup:
    """The text of a lesson with its checks; `given` holds the person's answers by item."""

    def load() -> tuple[tuple[str | None, str], ...]:
        return tuple(_parts(version, page))

    locale = str(get_locale() or "en")
    parts = _bodies.get(version.id, (version.id, page.slug, locale), load) or ()
    if len(parts) == 1:
        return Markup(parts[0][1])  # noqa: S704 -- published HTML, cleaned when it was published
    token = CSRF.replace('value=""', f'value="{generate_csrf()}"')
    out = []
    for item_id, html in parts:
        if item_id is not None and (item_id in given or (refused and refused.item == item_id)):
            html = _form(version, page, item_id, given.get(item_id), refused if _meant(refused, item_id) else None)
        out.append(html.replace(CSRF, token) if item_id is not None else html)
    return Markup("".join(out))  # noqa: S704 -- as above, and templates


def _meant(refused: Refused | None, item_id: str) -> bool:
    return refused is not None and refused.item == item_id


def _parts(version: VersionFacts, page: LessonPage) -> list[tuple[str | None, str]]:
    pieces = PLACE.split(page.html)
    found: list[tuple[str | None, str]] = [(None, pieces[0])]
    for item_id, text in zip(pieces[1::2], pieces[2::2], strict=True):
        found += [(item_id, _form(version, page, item_id, None, None)), (None, text)]
    return found


def _form(
    version: VersionFacts, page: LessonPage, item_id: str, given: CheckFacts | None, refused: Refused | None
) -> str:
    item = items.bank(version.id).item(item_id)
    key = seed(version, item_id)
    value = given.value if given else None
    return render_template(
        "items/check.html",
        model=registry.present(item, key, value),
        raw=registry.raw_answer(item, key, value),
        review=registry.review(item, key, value) if given and not refused else None,
        error=refused.message if refused else None,
        typed=refused.form if refused else None,
        action=url_for("learning.check", code=version.code, slug=page.slug, item=item_id),
        csrf=Markup(CSRF),  # noqa: S704 -- a constant
    )


def judge(version: VersionFacts, item_id: str, form: Form) -> tuple[Any, bool]:
    """The canonical answer in a form and whether it is right; raises AnswerError where there is none to judge."""
    item: Item = items.bank(version.id).item(item_id)
    key = seed(version, item_id)
    value = registry.read_answer(item, key, parse_form(item, key, form))
    if value is None:
        raise AnswerError(_("choose or type an answer first"))
    return value, registry.score(item, value).right


_IDS = re.compile(r'\s(id|for|aria-labelledby|aria-describedby)="([^"]+)"|\shref="#([^"]+)"')
_NEAR = re.compile(r'\shref="([a-z0-9-]+)(?:#([^"]+))?"')
_HEADINGS = re.compile(r"<(/?)h([2-5])(?=[\s>])")


def plain(page: LessonPage, lessons: Sequence[LessonFacts]) -> Markup:
    """A lesson for a page that holds all `lessons`: no checks, unique ids, headings one level down, links within."""
    positions = {lesson.slug: lesson.position for lesson in lessons}

    def unique(found: re.Match[str]) -> str:
        name, ids, target = found.groups()
        start = f"l{page.position}-"
        if target:
            return f' href="#{start}{target}"'
        return f' {name}="{" ".join(start + each for each in ids.split())}"'

    def near(found: re.Match[str]) -> str:
        position = positions.get(found[1])
        if position is None:
            return found[0]
        return f' href="#l{position}-{found[2]}"' if found[2] else f' href="#lesson-{position}"'

    html = PLACE.sub("", page.html)
    html = _NEAR.sub(near, _IDS.sub(unique, html))
    # Landmarks of several lessons would share their names; on paper they are notes and groups.
    html = html.replace("<aside ", '<aside role="note" ').replace('role="doc-endnotes"', 'role="group"')
    return Markup(_HEADINGS.sub(lambda m: f"<{m[1]}h{int(m[2]) + 1}", html))  # noqa: S704 -- published HTML
