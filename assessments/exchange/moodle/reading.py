"""A Moodle XML file becomes drafts: categories become tags, descriptions the case of the questions that follow."""

import re
from typing import Any

from assessments.exchange.building import left_out, number, short
from assessments.exchange.draft import CaseDraft, Draft, Reading
from assessments.exchange.faults import ExchangeError, Refusal
from assessments.exchange.moodle.element import Question, flag, words
from assessments.exchange.moodle.types import OWN_STEM, READERS, REFUSED
from assessments.exchange.naming import heading_title, last_part, one_line

_PENALTIES = ("", "0", "1", "0.3333333", "0.1", "0.33", "0.333")
# What Moodle writes into these fields itself says nothing of the author's.
_OWN_WORDS = frozenset(
    {
        "", "correct", "incorrect", "partially correct", "your answer is correct.", "your answer is incorrect.",
        "your answer is partially correct.", "that is correct.", "that is not correct.",
    }
)  # fmt: skip
# What is read, named elsewhere, or only says how a question is shown.
_KNOWN = frozenset(
    "name questiontext image image_base64 generalfeedback defaultgrade defaultmark penalty hidden idnumber answer tags "
    "shuffleanswers single answernumbering showstandardinstruction shownumcorrect correctfeedback "
    "partiallycorrectfeedback incorrectfeedback hint usecase units unitgradingtype unitpenalty showunits unitsleft "
    "subquestion responseformat responserequired responsefieldlines minwordlimit maxwordlimit attachments "
    "attachmentsrequired maxbytes filetypeslist graderinfo responsetemplate layouttype selecttype selectcount "
    "gradingtype showgrading numberingstyle dragbox selectoption length".split()
)
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
PENALTY = "penalties for further tries are not kept where they are the usual ones: an attempt here is marked once"


def read_quiz(root: Any, notes: list[str]) -> Reading:
    """Return the drafts of a `quiz` element; raises ExchangeError where it holds no question."""
    reading = Reading(notes=notes)
    category = ""
    case: str | None = None
    described: dict[str, str] = {}
    for element in root.findall("question"):
        kind = (element.get("type") or "").strip()
        if kind == "category":
            category, case = _category(element, reading), None
            continue
        if kind == "description":
            case = _description(element, reading, described)
            continue
        draft = Draft(_title(element), kind, words(element, "idnumber"))
        draft.case = case
        if category:
            draft.tags.append(category)
        reading.add(draft, _Filling(element, reading, described))
    if not reading.drafts and not reading.cases:
        raise ExchangeError("the file holds no question: expected <question> elements in <quiz>")
    return reading


class _Filling:
    """Reads one question element into its draft."""

    def __init__(self, element: Any, reading: Reading, described: dict[str, str]) -> None:
        self.element, self.reading, self.described = element, reading, described

    def __call__(self, draft: Draft) -> None:
        kind = draft.origin
        if kind in REFUSED:
            raise Refusal(f"a question of the type {kind}: {REFUSED[kind]}")
        if kind not in READERS:
            raise Refusal(f"a question of the type {kind or '(none)'}: expected one of {', '.join(READERS)}")
        question = Question(self.element, draft, self.reading)
        self._traits(draft)
        if kind not in OWN_STEM:
            draft.stem = question.text("questiontext")
        READERS[kind](question)
        if picture := question.old_picture():
            draft.stem = f"{picture}\n\n{draft.stem}"
        draft.rationale = question.text("generalfeedback") or None
        if draft.case is not None and self.described.get(draft.case) == "":
            draft.changed("it stands under the description before it, as its case")
        self._left_out(question)

    def _traits(self, draft: Draft) -> None:
        written = words(self.element, "defaultgrade") or words(self.element, "defaultmark")
        grade = number(written or "1")
        if grade is None or grade <= 0:
            draft.changed(f"it was worth {written} points and is now worth 1")
        else:
            rounded = round(grade, 4)
            if rounded != grade:
                draft.changed(f"its points were rounded to {float(rounded):g}")
            draft.points = rounded
        given = [words(one, "text") for one in self.element.findall("tags/tag")]
        case = draft.tagged(one for one in given if one)
        if case is not None and case not in self.described.values():
            draft.tags.append(f"case:{case}")
        if case is not None and case in self.described.values():
            draft.case = next(key for key, wanted in self.described.items() if wanted == case)
        elif draft.case is not None and self.described.get(draft.case):
            # A case of our own export holds only the questions that name it.
            draft.case = None

    def _left_out(self, question: Question) -> None:
        element, draft = self.element, question.draft
        penalty = words(element, "penalty")
        if number(penalty or "0") is None or penalty.rstrip("0").rstrip(".") not in _PENALTIES:
            draft.changed(f"the penalty of {penalty} for each further try is left out")
        elif penalty.strip("0."):
            question.reading.note(PENALTY)
        for name in _COMBINED:
            said = one_line(re.sub(r"<[^<>]*>", " ", words(element, f"{name}/text")))
            if said.lower() not in _OWN_WORDS:
                draft.changed(f"the feedback for the whole question is left out: “{short(said)}”")
        hints = element.findall("hint")
        if hints:
            draft.changed(f"{len(hints)} hint{'s' if len(hints) > 1 else ''} for further tries left out")
        left_out(draft, element, _KNOWN)
        if flag(element, "hidden", False):
            draft.changed("it was hidden in its question bank and is now an ordinary item")


def _title(element: Any) -> str:
    return one_line(words(element, "name/text") or words(element, "name"))


def _category(element: Any, reading: Reading) -> str:
    """Return a category as one tag: its last part, as the ones above name courses and banks."""
    path = words(element, "category/text")
    name = last_part(path)
    tag = reading.category(path)
    about = one_line(re.sub(r"<[^<>]*>", " ", words(element, "info/text")))
    if about:
        reading.note(f"the description of the category “{name}” is left out: “{short(about)}”")
    return tag


def _description(element: Any, reading: Reading, described: dict[str, str]) -> str:
    """Keep a description as a case and return its key."""
    key = f"case {len(reading.cases) + 1}"
    title = _title(element)
    holder = Draft(title, "description")
    case = CaseDraft(key, heading_title(title), "", words(element, "idnumber"), origin="description")
    question = Question(element, holder, reading)
    try:
        case.stem = question.text("questiontext")
    except Refusal as fault:
        holder.changed(str(fault))
    ours = any(words(one, "text") == f"case:{case.wanted_id}" for one in element.findall("tags/tag"))
    case.reasons = holder.reasons
    if ours:
        described[key] = case.wanted_id
    else:
        described[key] = ""
        case.reasons.append("a description became the case of the questions that follow it")
    reading.cases.append(case)
    return key
