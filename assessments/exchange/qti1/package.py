"""QTI 1 files and packages opened: the manifest's order, sections, and pictures wherever the system put them."""

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from assessments.exchange.content import decoded, parse_xml, without_named_type
from assessments.exchange.draft import CaseDraft, Draft, Reading
from assessments.exchange.faults import ExchangeError, Refusal
from assessments.exchange.naming import heading_title, one_line
from assessments.exchange.pictures import finder
from assessments.exchange.qti.names import normalised
from assessments.exchange.qti1.item import fields_of
from assessments.exchange.qti1.material import Texts
from assessments.exchange.qti1.reading import fill
from assessments.types.cloze import CLOSE, OPEN

_ROOT = re.compile(rb"<(?:[\w.-]+:)?questestinterop[\s>]")
_HEAD = 20_000
# Canvas writes a quiz twice, once with all that it knows of it.
_WHOLE = "non_cc_assessments/"
_BASE = re.compile(r"(?:\$IMS-CC-FILEBASE\$|@X@EmbeddedFile\.requestUrlStub@X@)/*")
# Where Canvas and Blackboard keep pictures, besides the folder of the file itself.
_FOLDERS = ("", "web_resources", "csfiles")
QUIZ = "of a quiz its questions are taken; its title, description, order, limits and settings are not"
BANKS = "questions that a quiz draws from question banks come in where the file holds those banks"
TWICE = "the package holds each quiz twice; the copy that says more was read"


def holds_qti1(data: bytes) -> bool:
    """Say whether a file begins as QTI 1."""
    return bool(_ROOT.search(data[:_HEAD]))


def places(files: Mapping[str, bytes]) -> list[str]:
    """Return the paths of a package that hold QTI 1, by name."""
    return sorted(path for path, data in files.items() if holds_qti1(data))


def read_document(text: str, notes: list[str]) -> Reading:
    """Return the drafts of one file; raises ExchangeError where it holds no item."""
    reading = Reading(notes=notes)
    _read(text, reading, finder({}, "", reading.keep))
    return _whole(reading)


def read_package(files: Mapping[str, bytes], notes: list[str]) -> Reading:
    """Return the drafts of a package; raises ExchangeError where it holds no item."""
    reading = Reading(notes=notes)
    found = places(files)
    whole = [path for path in found if path.startswith(_WHOLE)]
    if whole and len(whole) < len(found):
        reading.note(TWICE)
    for path in whole or found:
        try:
            text, guessed = decoded(files[path])
            for one in guessed:
                reading.note(f"{path}: {one}")
            _read(text, reading, finder(files, path, reading.keep, _FOLDERS, _BASE))
        except ExchangeError as fault:
            draft = Draft(posixpath.basename(path), "file", posixpath.basename(path).partition(".")[0])
            draft.refusal = str(fault)
            reading.drafts.append(draft)
    return _whole(reading)


def _whole(reading: Reading) -> Reading:
    if not reading.drafts and not reading.cases:
        raise ExchangeError("the file holds no question: expected <item> elements in <questestinterop>")
    return reading


def _read(text: str, reading: Reading, media: Callable[[str], str | None]) -> None:
    root, mended = parse_xml(without_named_type(text, "questestinterop"))
    for one in mended:
        reading.note(one)
    normalised(root)
    if root.find("assessment") is not None or root.find("objectbank") is not None:
        reading.note(QUIZ)
    drawn = len(list(root.iter("bankentry_item", "sourcebank_ref")))
    if drawn:
        reading.note(BANKS)
    cases: dict[str, str] = {}
    for item in root.iter("item"):
        fields = fields_of(item)
        if fields.get("question_type") == "text_only_question":
            cases[item.get("ident", "")] = _case(item, reading, media)
            continue
        draft = Draft(_title(item), fields.get("question_type", "item"), item.get("ident") or _named(fields))
        parent = fields.get("parent_stimulus_item_ident") or item.getparent().get("parent_stimulus_item_ident", "")
        draft.case = cases.get(parent)
        reading.add(draft, lambda draft, item=item: fill(draft, item, media))  # type: ignore[misc]
        # A title such as “Question” says nothing; the words of the question say more.
        if not draft.title or re.fullmatch(r"(?i)question(?:\s*\d+)?", draft.title):
            draft.title = _words(draft.stem) or draft.title


def _case(item: Any, reading: Reading, media: Callable[[str], str | None]) -> str:
    """Keep a text that asks nothing as the case of the questions that name it; returns its key."""
    key = f"case {len(reading.cases) + 1}"
    holder = Draft(_title(item), "description")
    case = CaseDraft(key, heading_title(holder.title), "", item.get("ident", ""), origin="description")
    shown = item.find("presentation")
    try:
        case.stem = Texts(holder, media).blocks(shown) if shown is not None else ""
    except Refusal as fault:
        holder.changed(str(fault))
    if item.get("instructions"):
        holder.changed(f"its instructions are left out: “{item.get('instructions')}”")
    case.reasons = [*holder.reasons, "a text without a question became the case of the questions that name it"]
    reading.cases.append(case)
    return key


def _title(item: Any) -> str:
    return one_line(item.get("title") or "")


def _named(fields: Mapping[str, str]) -> str:
    return fields.get("bbmd_asi_object_id", "")


def _words(stem: str) -> str:
    stem = re.sub(rf"{OPEN}\d+{CLOSE}", "…", stem)
    plain = one_line(re.sub(r"[*`$\\]", "", re.sub(r"<[^<>]*>|!\[[^\]]*\]\([^)]*\)", " ", stem)))
    return plain if len(plain) <= 60 else plain[:59].rstrip() + "…"
