"""Moodle's embedded answers, `{1:SHORTANSWER:=right#said~%50%half}`, become gaps that are typed."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from assessments.answers import Gap
from assessments.exchange.building import Weighted, number, percent, short
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import typed_line
from assessments.types.cloze import CLOSE, OPEN

_START = re.compile(r"\{\s*(\d{0,4})\s*:\s*([A-Z]+(?:_[A-Z]+)*)\s*:")
# What begins as an embedded answer does and was not read as one; plain braces of a text begin otherwise.
_UNREAD = re.compile(r"\{\s*\d{0,4}\s*:\s*[A-Z_]{2,}\s*(?:\}|:[^{}]*\}?)")
_SHORT = frozenset({"SHORTANSWER", "SA", "MW"})
_EXACT = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBER = frozenset({"NUMERICAL", "NM"})
_CHOICE = frozenset("MULTICHOICE MC MCS MCV MCH MCVS MCHS".split()) | {
    f"MULTICHOICE_{form}" for form in ("S", "V", "H", "VS", "HS")
}
_SHARE = re.compile(r"%(-?\d+(?:\.\d+)?)%")


def read_embedded(text: str, draft: Draft) -> tuple[str, list[Gap], bool, Fraction]:
    """Return the text with its gaps marked, the gaps, whether case matters, and their weights together."""
    pieces: list[str] = []
    gaps: list[Gap] = []
    weights: list[int] = []
    exact: set[bool] = set()
    done = 0
    while (found := _START.search(text, done)) is not None:
        end = _end(text, found.end())
        if end is None:
            raise Refusal("an embedded answer is never closed: expected } at its end")
        answers = _answers(text[found.end() : end])
        gaps.append(_gap(found[2], answers, draft, len(gaps) + 1))
        weights.append(int(found[1] or "1"))
        if found[2] in _SHORT | _EXACT:
            exact.add(found[2] in _EXACT)
        pieces += [text[done : found.start()], f"{OPEN}{len(gaps)}{CLOSE}"]
        done = end + 1
    pieces.append(text[done:])
    left = _UNREAD.search("".join(pieces))
    if left:
        raise Refusal(f"the embedded answer “{short(left[0])}” cannot be read: expected answers behind a colon")
    if len(set(weights)) > 1:
        draft.changed("its gaps had different weights and now earn alike")
    if len(exact) > 1:
        draft.changed("capital letters mattered in some of its gaps and now matter in none")
    total = sum(weights)
    if not total:
        draft.changed("its gaps had no weight; it is now worth 1 point")
    return "".join(pieces), gaps, exact == {True}, Fraction(total or 1)


def lone_number(text: str) -> tuple[str, str, list[Weighted], Fraction] | None:
    """Return what stands before and after the one gap of a text that asks for a number, its answers and its weight.

    None where there are several gaps, or one of another kind; raises Refusal where the gap is never closed.
    """
    found = _START.search(text)
    if found is None or found[2] not in _NUMBER or _START.search(text, found.end()) is not None:
        return None
    end = _end(text, found.end())
    if end is None:
        raise Refusal("an embedded answer is never closed: expected } at its end")
    answers = []
    for one in _answers(text[found.end() : end]):
        value, _, tolerance = one.text.partition(":")
        answers.append(replace(one, text=value.strip(), tolerance=tolerance.strip() or "0"))
    return text[: found.start()], text[end + 1 :], answers, Fraction(int(found[1] or "1") or 1)


def _end(text: str, start: int) -> int | None:
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "}":
            return at
        at += 1
    return None


def _answers(text: str) -> list[Weighted]:
    found: list[Weighted] = []
    for part in re.split(r"(?<!\\)~", text):
        right = part.lstrip().startswith("=")
        rest = part.lstrip()[1:] if right else part.lstrip()
        share = Fraction(int(right))
        given = _SHARE.match(rest)
        if given:
            share = Fraction(given[1]) / 100
            rest = rest[given.end() :]
        words, _, feedback = _parted(rest)
        if words or found or right:
            found.append(Weighted(words, share, feedback or None))
    return found


def _parted(text: str) -> tuple[str, str, str]:
    found = re.search(r"(?<!\\)#", text)
    words, feedback = (text[: found.start()], text[found.end() :]) if found else (text, "")
    return _plain(words), "", _plain(feedback)


def _plain(text: str) -> str:
    bare = re.sub(r"\\([}~#/\"\\{=*])", r"\1", text)
    return typed_line(html.unescape(re.sub(r"<[^<>]*>", "", bare)))


def _gap(kind: str, answers: Sequence[Weighted], draft: Draft, place: int) -> Gap:
    best = max((one.share for one in answers), default=Fraction(0))
    if best <= 0:
        raise Refusal(f"no answer of gap {place} is right: expected one")
    if kind not in _SHORT | _EXACT | _NUMBER | _CHOICE:
        raise Refusal(f"gap {place} is of the type {kind}, which cannot be typed here")
    for one in answers:
        if one.share < best and one.share:
            draft.changed(
                f"the answer “{short(one.text)}” of gap {place} earned {percent(one.share)} and now earns nothing"
            )
    if any(one.feedback for one in answers):
        draft.changed(f"the feedback of gap {place} is left out")
    right = [one.text for one in answers if one.share == best]
    if kind in _NUMBER:
        right = [_exact_number(one, place) for one in right]
    elif kind in _CHOICE:
        others = [one.text for one in answers if one.share < best]
        draft.changed(f"gap {place} was picked from a list and is now typed; left out: {short(', '.join(others))}")
    for text in right:
        if "|" in text or "}}" in text or not text:
            raise Refusal(f"the answer “{short(text)}” of gap {place} cannot be typed into a gap here")
        if kind in _SHORT | _EXACT and "*" in text:
            raise Refusal(f"the answer “{short(text)}” of gap {place} has a wildcard, which gaps here do not know")
    return Gap(tuple(dict.fromkeys(right)))


def _exact_number(text: str, place: int) -> str:
    value, _, tolerance = text.partition(":")
    width = number(tolerance or "0")
    if number(value) is None or width is None:
        raise Refusal(f"the answer “{short(text)}” of gap {place} is no plain number with a tolerance")
    if width:
        raise Refusal(f"gap {place} accepts numbers with a tolerance, which gaps here do not: make it a numeric item")
    return value.strip()
