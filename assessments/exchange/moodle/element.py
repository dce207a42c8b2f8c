"""The parts that every Moodle question has: texts in their several formats, files, flags and grades."""

import base64
import binascii
import posixpath
import re
import urllib.parse
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.exchange.building import number
from assessments.exchange.draft import Draft, Reading
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.escaping import MARKS
from assessments.exchange.markup.formatted import as_html, fitted
from assessments.exchange.markup.reading import Markdown
from assessments.exchange.naming import file_name
from assessments.exchange.pictures import in_text

_PLUGIN = "@@PLUGINFILE@@"
_KINDS = {"plain_text": "plain", "moodle_auto_format": "moodle"}
LARGEST_FILE = 20_000_000


def words(element: Any, path: str) -> str:
    """Return the text of a child by path, without outer space; empty where there is none."""
    return (element.findtext(path) or "").strip()


def flag(element: Any, path: str, default: bool) -> bool:
    """Return a yes or no, which Moodle writes as true/false or 1/0."""
    text = words(element, path).lower()
    return default if not text else text in ("true", "1", "yes")


def share(answer: Any) -> Fraction:
    """Return the share of the mark that an answer earns; Moodle writes it in per cent."""
    text = answer.get("fraction", "0")
    found = number(text)
    if found is None:
        raise Refusal(f"an answer's fraction {text!r} is no number: expected per cent such as 100")
    return found / 100


def _decoded(text: str | None) -> bytes:
    return base64.b64decode("".join((text or "").split()), validate=True)


@dataclass
class Question:
    """One question element on its way to a draft."""

    element: Any
    draft: Draft
    reading: Reading
    _files: dict[str, bytes] = field(default_factory=dict)

    def text(self, path: str, *, phrase: bool = False) -> str:
        """Return the Markdown of the text at a path; `phrase` for a cell or prompt. Losses are noted."""
        found = self.element.find(path)
        return "" if found is None else self.markdown(found, phrase=phrase)

    def markdown(self, holder: Any, *, phrase: bool = False, marked: bool = False) -> str:
        """Return the Markdown of an element that holds a text in one of Moodle's formats, and maybe files.

        With `marked`, the text holds our marks of gaps, which otherwise are taken away.
        """
        inner = holder.find("text")
        raw = (holder.text if inner is None else inner.text) or ""
        if not marked:
            raw = MARKS.sub("", raw)
        self._keep_files(holder)
        kind = holder.get("format") or "moodle_auto_format"
        if kind == "markdown":
            return self._own(raw, phrase)
        return self.html(as_html(raw, _KINDS.get(kind, "html")), phrase=phrase)

    def html(self, raw: str, *, phrase: bool = False) -> str:
        """Return the Markdown of HTML."""
        reader = Markdown(media=self._media)
        made = reader.phrase(raw) if phrase else reader.blocks(raw)
        for loss in reader.losses:
            self.draft.changed(loss)
        return made

    def _own(self, raw: str, phrase: bool) -> str:
        """Return text that is Markdown already, with its line ends and pictures as ours."""
        made = re.sub(rf"{_PLUGIN}/([^)\s]+)", lambda found: self._media(found[0]) or found[0], raw.strip())
        made = fitted(made)
        if made != raw.strip():
            self.draft.changed("pictures and headings of its Markdown were fitted to ours")
        return " ".join(made.split()) if phrase else made

    def _keep_files(self, holder: Any) -> None:
        for one in holder.findall("file"):
            name = file_name(one.get("name") or "")
            if not name or one.get("encoding", "base64") != "base64":
                self.draft.changed(f"the file {one.get('name')!r} could not be taken along")
                continue
            try:
                data = _decoded(one.text)
            except (binascii.Error, ValueError):
                self.draft.changed(f"the file {name!r} is damaged and was left out")
                continue
            if len(data) > LARGEST_FILE or not data:
                self.draft.changed(f"the file {name!r} is empty or too large and was left out")
                continue
            self._files[posixpath.normpath((one.get("path") or "/").strip("/") + "/" + name).lstrip("/")] = data

    def old_picture(self) -> str:
        """Return the Markdown of the picture that Moodle 1 kept in fields of its own and showed with a question."""
        name = words(self.element, "image")
        if not name:
            return ""
        try:
            data = _decoded(self.element.findtext("image_base64"))
        except (binascii.Error, ValueError):
            data = b""
        if not file_name(name) or not data:
            self.draft.changed(f"the picture above the question could not be taken along: {name[:80]!r}")
            return ""
        self.draft.changed("a picture has no alternative text; write one, as a course needs it")
        return f"![]({self.reading.keep(name, data)})"

    def _media(self, address: str) -> str | None:
        """Return the path under `media/` for a picture kept in the question, storing it on first use."""
        if not address.startswith(_PLUGIN):
            return in_text(address, self.reading.keep)
        wanted = urllib.parse.unquote(address[len(_PLUGIN) :].partition("?")[0]).lstrip("/")
        data = self._files.get(wanted)
        if data is None:
            data = self._files.get(file_name(wanted))
        if data is None:
            return None
        return self.reading.keep(file_name(wanted), data)
