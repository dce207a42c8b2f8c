"""The words of the bank for codes: what is odd about an item, how it is used, what type it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

# What each flag means, and what to do about it.
FLAGS: dict[str, tuple[Any, Any]] = {
    "key": (_l("Works backwards"), _l("The abler a taker, the seldomer the answer is right. Check the key first.")),
    "weak": (_l("Tells little"), _l("Able and weak takers answer it alike. Look for a second answer that is right.")),
    "hard": (_l("Very hard"), _l("Fewer than three in ten get it right. See whether a lesson teaches it.")),
    "easy": (
        _l("Very easy"),
        _l("More than 95 in a hundred get it right. It may be fine for something all must know."),
    ),
    "beats-key": (
        _l("An option beats the key"),
        _l("The ablest takers prefer another option. See the table of options."),
    ),
    "unused": (_l("Idle option"), _l("Fewer than one in twenty picks an option: it distracts nobody.")),
    "dif": (
        _l("Unequal for a profession"),
        _l("Takers of equal score but another profession find it much harder or easier."),
    ),
    "dif-some": (_l("Somewhat unequal"), _l("A moderate difference between professions of equal score.")),
    "surely-wrong": (
        _l("Certain and wrong"),
        _l("Fewer than six in ten certain answers are right: a misconception, or a wrong key."),
    ),
    "misfit": (_l("Off the scale"), _l("Answers scatter more than the model of the scale allows.")),
}

USES: dict[str, Any] = {
    "exam": _l("Assessment"),
    "both": _l("Assessment and lesson check"),
    "check": _l("Only a lesson check"),
    "never": _l("Never"),
}

STATES: dict[str, Any] = {"active": _l("In use"), "retired": _l("Retired"), "challenged": _l("Objected to")}

KINDS: dict[str, Any] = {
    "single": _l("One answer"),
    "multiple": _l("Several answers"),
    "truefalse": _l("True or false"),
    "numeric": _l("Number"),
    "text": _l("Short text"),
    "matching": _l("Matching"),
    "ordering": _l("Ordering"),
    "cloze": _l("Gaps"),
    "concordance": _l("Script concordance"),
    "essay": _l("Essay"),
    "branching": _l("Branching case"),
}

OPTION_FLAGS: dict[str, Any] = {
    "unused": _l("Idle"),
    "attracts-able": _l("Draws the able"),
    "beats-key": _l("Beats the key"),
    "key-weak": _l("Draws nobody more"),
}

PARTS: dict[str, Any] = {
    "type": _l("type"),
    "title": _l("title"),
    "stem": _l("question"),
    "competency": _l("competency"),
    "level": _l("level"),
    "points": _l("points"),
    "tags": _l("tags"),
    "shuffle": _l("order of options"),
    "partial": _l("partial credit"),
    "rationale": _l("explanation"),
    "case_id": _l("case"),
    "answer": _l("answers or key"),
    "objectives": _l("objectives"),
}

PROFESSIONS: dict[str, Any] = {
    "physician": _l("Physicians"),
    "nurse": _l("Nurses"),
    "pharmacist": _l("Pharmacists"),
    "other": _l("Others"),
}


def changed_words(parts: Iterable[str]) -> str:
    """Names of parts of an item, in words."""
    return ", ".join(str(PARTS.get(part, part)) for part in parts)
