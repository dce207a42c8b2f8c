"""Item quality: how many items of each course's exam deserve a second look. Pure; of takers together, never of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.classical import ENOUGH_TAKERS
from lms.reports.charts import Bar, bars
from lms.reports.frame import Frame
from lms.reports.value import Chart, Report, Table

FLAGS = (
    ("too_easy", "Too easy", "95 % or more were right"),
    ("too_hard", "Too hard", "fewer than 30 % were right"),
    ("negative", "Works backwards", "those who did better elsewhere did worse here (discrimination below 0)"),
    ("low", "Hardly tells apart", "discrimination from 0 to below 0.10"),
    ("unused", "Unused option", "a wrong option of a single-choice item that nobody picked"),
)
DEFINITION = (
    "Items judged",
    f"Every person's first finished attempt at a course, up to the date, in whatever unit and version of the course; "
    f"an item is judged from {ENOUGH_TAKERS} takers on and not before. Essays and items without a key are left out. "
    "Discrimination is the correlation of being right with the score on all other items.",
)
MEANING = ("Flags", "; ".join(f"{title}: {text}" for _, title, text in FLAGS) + ". An item may have several.")
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
            "flags": {key: each.flags.get(key, 0) if each.judged else None for key, _, _ in FLAGS},
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
        definitions=(DEFINITION, MEANING, ALPHA),
        data={
            "enough": ENOUGH_TAKERS,
            "flags": [{"key": key, "title": title, "text": text} for key, title, text in FLAGS],
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
    return f"{said}, {backwards} of them work backwards" if backwards else said


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("course", "Course"), ("title", "Title"), ("takers", "Takers"), ("items", "Items"), ("judged", "Judged"),
        ("flagged", "Flagged"), *((each["key"], each["title"]) for each in data["flags"]), ("alpha", "Alpha"),
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
