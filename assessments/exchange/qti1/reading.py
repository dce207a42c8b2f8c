"""QTI 1 items become drafts, each by its responses; files and packages are opened by `package`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assessments.exchange.building import left_out, short
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.reading import Media
from assessments.exchange.qti1.choices import gap_name, gaps, marked, pairs, pick_one, pick_several
from assessments.exchange.qti1.item import Question, fields_of, tests_of
from assessments.exchange.qti1.material import RESPONSES, Texts
from assessments.exchange.qti1.processing import Program
from assessments.exchange.qti1.typed import typed_essay, typed_numeric, typed_text

_KINDS: Mapping[str, str] = {
    "calculated_question": "its numbers are computed from a formula for each attempt, which items here cannot do",
    "file_upload_question": "it is answered by uploading a file",
}
# The comment and the rights of an item are the file's own; all else is read.
_KNOWN = frozenset(
    "qticomment duration itemmetadata presentation resprocessing itemfeedback itemproc_extension".split()
)
_RENDERED = {
    "render_hotspot": "it is answered by pointing at a picture",
    "render_slider": "it is answered with a slider",
    "render_extension": "it is answered by a program of its own",
}


def fill(draft: Draft, item: Any, media: Media) -> None:
    """Read a normalised item into a draft; raises Refusal where it cannot be one of ours."""
    fields = fields_of(item)
    kind = fields.get("question_type") or fields.get("cc_profile") or fields.get("bbmd_questiontype") or ""
    draft.origin = kind or draft.origin
    if kind in _KINDS:
        raise Refusal(f"{_KINDS[kind]} ({kind})")
    shown = item.find("presentation")
    if shown is None:
        raise Refusal("it has no presentation: expected what is asked")
    responses = list(shown.iter(*RESPONSES))
    once = frozenset(one.get("ident", "") for one in responses if one.get("rcardinality", "Single").lower() == "single")
    picked = frozenset(one.get("ident", "") for one in responses if one.tag == "response_lid")
    texts = Texts(draft, media)
    question = Question(item, draft, texts, Program(item.find("resprocessing"), once, picked), fields)
    question.said = {one.get("ident", ""): texts.blocks(one) for one in item.findall("itemfeedback")}
    if item.get("instructions"):
        draft.changed(f"its instructions are left out: “{short(item.get('instructions'))}”")
    draft.stem = texts.blocks(shown)
    left_out(draft, item, _KNOWN)
    _reader(question, responses)(question, responses)


def _reader(question: Question, responses: Sequence[Any]) -> Callable[[Question, Sequence[Any]], None]:
    if not responses:
        raise Refusal("it has no response: it asks nothing that is answered")
    for one in responses:
        for name, reason in _RENDERED.items():
            if one.find(f".//{name}") is not None:
                raise Refusal(f"{reason}, which no item type here can hold")
        if one.tag in ("response_xy", "response_grp"):
            raise Refusal(f"its response is a {one.tag}: expected options, a text or a number")
    if (
        all(one.tag == "response_lid" and gap_name(one) for one in responses)
        and marked(question, responses) is not None
    ):
        return gaps
    if len(responses) > 1:
        matched = question.fields.get("question_type", "matching_question") == "matching_question"
        if matched and all(one.tag == "response_lid" for one in responses):
            return pairs
        raise Refusal(f"it asks {len(responses)} things at once: expected one response, gaps or prompts to match")
    own = question.texts.blocks(responses[0])
    if own:
        question.draft.stem = "\n\n".join(one for one in (question.draft.stem, own) if one)
    if responses[0].tag == "response_lid":
        return pick_several if responses[0].get("rcardinality", "Single").lower() == "multiple" else pick_one
    typed = [one for one in tests_of(question) if one.tag != "other"]
    if not typed:
        return typed_essay
    kind = (responses[0].find(".//render_fib"), responses[0])
    numeric = any(one is not None and one.get("fibtype", "").lower() in ("decimal", "integer") for one in kind)
    named = "numeric" in question.draft.origin.lower() or "numerical" in question.draft.origin.lower()
    return typed_numeric if numeric or named or responses[0].tag == "response_num" else typed_text
