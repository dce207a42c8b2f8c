"""Texts that are worth their words in the source language and can be said in the reader's. Knows no feature.

A report is a value: it is compared, digested, kept and handed on, and must be the same whoever asks. So its texts are
strings in the source language that remember their message and what was filled in; page, paper and spreadsheet say
them in the language of the one who reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from flask_babel import format_date, get_locale, gettext, ngettext
from markupsafe import Markup, escape

SOURCE = "en"  # the language in which texts are written


class Text(str):
    """A string in the source language that knows how it is said in another; a template says it by itself."""

    _say: Callable[[], str] | None

    def __new__(cls, source: str, say: Callable[[], str] | None = None) -> Text:
        """`say` gives the words in the language of the request."""
        made = super().__new__(cls, source)
        made._say = say
        return made

    def __html__(self) -> Markup:
        """The markup of the words in the reader's language."""
        return escape(said(self))


def language() -> str:
    """The language of the one who asks; the source language where nobody does."""
    return str(get_locale() or SOURCE)


def tag() -> str:
    """The language of the one who asks as a document names it, such as en or de-CH."""
    return language().replace("_", "-")


def said(text: str) -> str:
    """A text in the reader's language, as a plain string; other strings as they are."""
    if not isinstance(text, Text):
        return text
    say = text._say
    return str(text) if say is None or language().split("_")[0] == SOURCE else say()


def text(message: str, /, **filled: object) -> Text:
    """A message with what is filled in. To be imported as `_`, so that it is collected for translators.

    As with gettext a per cent sign is doubled where something is filled in, and only there.
    """
    if not filled:
        return Text(message, lambda: gettext(message))
    return Text(message % filled, lambda: gettext(message) % _told(filled))


def plural(one: str, many: str, num: int, /, **filled: object) -> Text:
    """A message that depends on a number, `num` in both forms. To be imported as `ngettext`."""
    known = {"num": num} | filled
    return Text((one if num == 1 else many) % known, lambda: ngettext(one, many, num, **_told(filled)))


def date_text(day: dt.date, source: str, pattern: str) -> Text:
    """A date as it is written in the source language, elsewhere by a CLDR pattern of the language."""
    return Text(source, lambda: format_date(day, pattern))


def joined(between: str, parts: Sequence[str]) -> Text:
    """Texts in a row."""
    held = tuple(parts)
    return Text(between.join(held), lambda: said(between).join(said(each) for each in held))


def cased(text: str, change: Callable[[str], str]) -> Text:
    """A text whose capitals are changed in the source language; other languages keep theirs."""
    return Text(change(str(text)), lambda: said(text))


def _told(filled: dict[str, object]) -> dict[str, object]:
    return {name: said(each) if isinstance(each, str) else each for name, each in filled.items()}
