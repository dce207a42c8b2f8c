"""The texts of QTI 1: `material` of plain words, HTML and pictures, however deep it stands in flows."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from assessments.exchange.draft import Draft
from assessments.exchange.markup.escaping import MARKS
from assessments.exchange.markup.reading import Markdown, Media
from assessments.types.cloze import CLOSE, OPEN

RESPONSES = frozenset({"response_lid", "response_str", "response_num", "response_xy", "response_grp"})
_OTHER = {"mataudio": "a sound", "matvideo": "a video", "matapplet": "a program", "matapplication": "a program"}


def materials(holder: Any) -> Iterator[Any]:
    """Yield the materials of an element in order, without those of the responses and options in it."""
    for one in holder:
        if one.tag == "material":
            yield one
        elif isinstance(one.tag, str) and one.tag not in RESPONSES and not one.tag.startswith("render_"):
            yield from materials(one)


class Texts:
    """Makes Markdown of materials; what is lost is noted on the draft."""

    def __init__(self, draft: Draft, media: Media) -> None:
        self.draft, self.media = draft, media

    def blocks(self, holder: Any) -> str:
        """Return the Markdown of all materials within an element."""
        return self._read(self._html(holder), phrase=False)

    def phrase(self, holder: Any) -> str:
        """Return the same on one line, for a prompt or a cell."""
        return self._read(self._html(holder), phrase=True)

    def with_gaps(self, holder: Any, names: Sequence[str]) -> str | None:
        """Return the Markdown of all materials with `[name]` as the mark of each gap, None where one is missing."""
        text = self._html(holder)
        for place, name in enumerate(names, 1):
            written = f"[{html.escape(name, quote=False)}]"
            if written not in text:
                return None
            text = text.replace(written, f"{OPEN}{place}{CLOSE}", 1)
        return self._read(text, phrase=False)

    def _read(self, text: str, *, phrase: bool) -> str:
        reader = Markdown(media=self.media)
        made = reader.phrase(text) if phrase else reader.blocks(text)
        for loss in reader.losses:
            self.draft.changed(loss)
        return made

    def _html(self, holder: Any) -> str:
        return "".join(f"<div>{self._material(one)}</div>" for one in materials(holder))

    def _material(self, material: Any) -> str:
        parts: list[str] = []
        for one in material.iter():
            # Words could bring marks of gaps of their own.
            text = MARKS.sub("", one.text or "")
            if one.tag in ("mattext", "matemtext"):
                is_html = one.get("texttype", "text/plain").lower() != "text/plain"
                parts.append(text if is_html else html.escape(text, quote=False).replace("\n", "<br>"))
            elif one.tag == "mat_formattedtext":
                plain = one.get("type", "").upper() == "PLAIN_TEXT"
                parts.append(html.escape(text, quote=False).replace("\n", "<br>") if plain else text)
            elif one.tag == "matbreak":
                parts.append("<br>")
            elif one.tag == "matimage":
                address, words = html.escape(one.get("uri", "")), html.escape(one.get("label", ""))
                parts.append(f'<img src="{address}" alt="{words}">')
            elif one.tag in _OTHER:
                self.draft.changed(f"{_OTHER[one.tag]} was left out")
        return "".join(parts)
