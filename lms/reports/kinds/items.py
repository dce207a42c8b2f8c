"""Item quality: how many items of each course's exam deserve a second look. Pure; of takers together, never of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.classical import ENOUGH_TAKERS
from lms.reports.charts import Bar, bars
from lms.reports.frame import Frame
from lms.reports.value import Chart, Report, Table

# Key, code of the bank, title and meaning. What asks for a look stands first; the last two are notes.
FLAGS = (
    ("negative", "key", "Works backwards", "those who did better elsewhere did worse here, by more than chance: "
     "discrimination below −1/√takers"),
    ("low", "weak", "Tells little", "discrimination below 0.10, by more than chance"),
    ("too_hard", "hard", "Very hard", "fewer than 30% were right"),
    ("beats_key", "beats-key", "An option beats the key", "the ablest takers prefer a wrong option"),
    ("unequal", "dif", "Unequal for a profession", "much harder or easier for one profession at an equal score"),
    ("surely_wrong", "surely-wrong", "Certain and wrong", "fewer than 60% of the certain answers were right"),
    ("too_easy", "easy", "Very easy", "more than 95% were right"),
    ("unused", "unused", "Idle option", "fewer than 5% picked a wrong option"),
)  # fmt: skip
NOTES = ("too_easy", "unused")
DEFINITION = (
    "Items judged",
    f"Every person's first finished attempt at a course, up to the date, in whatever unit. An item is judged from "
    f"{ENOUGH_TAKERS} takers on and not before, as it stands in the text of the date: answers to the same question in "
    "other editions count, answers to an earlier wording do not. Essays, items without a key and retired items are "
    "left out. Discrimination is the correlation of being right with the score on all other items.",
)
BANK = (
    "Question bank",
    "The question bank judges each item by the same rule and the same takers, as of its last analysis, and says which "
    "they are. Its number that need a look also counts questions to which a taker objects, and leaves out courses "
    "that were withdrawn.",
)
MEANING = (
    "Flags",
    "; ".join(f"{title}: {text}" for _key, _code, title, text in FLAGS) + ". An item may have several. The last two "
    "are notes: an item that has no other flag does not deserve a second look.",
)
ALPHA = (
    "Alpha",
    "Cronbach's alpha of the items as taken, from 30 takers on: how far the same people would be put in the same order "
    "by other items like these. Below 0.7 a pass is decided by chance more often than it should be.",
)


def build(frame: Frame) -> Report:
    """The summary of item quality; needs the exams."""
    courses = [
        {
            "code": each.code, "title": each.title,
            "takers": each.takers if each.takers >= frame.smallest else None, "items": each.items,
            "judged": each.judged, "flagged": each.flagged if each.judged else None,
            "flags": {key: each.flags.get(code, 0) if each.judged else None for key, code, _, _ in FLAGS},
            "alpha": None if each.alpha is None else round(each.alpha, 2),
        }
        for each in frame.exams
    ]  # fmt: skip
    return Report(
        kind="items",
        title="Item quality by course",
        finding=_finding(courses),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, MEANING, BANK, ALPHA),
        data={
            "enough": ENOUGH_TAKERS,
            "flags": [{"key": key, "title": title, "text": text} for key, _, title, text in FLAGS],
            "courses": courses,
        },
        tabulate=_tables,
        draw=_charts,
    )


def _finding(courses: list[dict[str, Any]]) -> str:
    judged = [each for each in courses if each["judged"]]
    if not judged:
        return f"No course has {ENOUGH_TAKERS} takers yet, so no item is judged"
    items, flagged = sum(each["judged"] for each in judged), sum(each["flagged"] for each in judged)
    backwards = sum(each["flags"]["negative"] for each in judged)
    said = f"{flagged} of {items} items deserve a second look"
    verb = "works" if backwards == 1 else "work"
    return f"{said}, {backwards} of them {verb} backwards" if backwards else said


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("course", "Course"), ("title", "Title"), ("takers", "Takers"), ("items", "Items"), ("judged", "Judged"),
        ("flagged", "Second look"), *((each["key"], each["title"]) for each in data["flags"]), ("alpha", "Alpha"),
    )  # fmt: skip
    rows = tuple(
        (
            each["code"], each["title"], each["takers"], each["items"], each["judged"],
            each["flagged"] if each["judged"] else "", *(each["flags"][key] if each["judged"] else "" for key in keys),
            "" if each["alpha"] is None else each["alpha"],
        )
        for keys in [[flag["key"] for flag in data["flags"]]]
        for each in data["courses"]
    )  # fmt: skip
    return (Table("courses", "Items by flag, by course", columns, rows),)


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    judged = [each for each in data["courses"] if each["judged"]]
    if not judged:
        return ()
    items = sum(each["judged"] for each in judged)
    counts = [(flag["title"], sum(each["flags"][flag["key"]] for each in judged)) for flag in data["flags"]]
    name, most = max(counts, key=lambda found: found[1])
    title = f"Most common: {name.lower()}, {most} of {items} items" if most else "No item is flagged"
    about = f"Items with each flag, of {items} items judged."
    drawn = [Bar(label, count, f"{count} of {items}", label == "Works backwards") for label, count in counts]
    columns = (("title", "Flag"), ("items", "Items"), ("of", "Of"))
    table = Table("chart_flags", "Items by flag", columns, tuple((label, count, items) for label, count in counts))
    return (Chart(title, bars(drawn, limit=max(1, most), title=title, about=about), table, about),)
