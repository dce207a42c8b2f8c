"""Item quality: how many items of each course's exam deserve a second look. Pure; of takers together, never of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.classical import ENOUGH_TAKERS
from lms.reports.charts import Bar, bars
from lms.reports.frame import Frame
from lms.reports.value import Chart, Report, Table
from lms.web.texts import cased, joined
from lms.web.texts import plural as ngettext
from lms.web.texts import text as _

# Key, code of the bank, title and meaning. What asks for a look stands first; the last two are notes.
FLAGS = (
    ("negative", "key", _("Works backwards"), _("those who did better elsewhere did worse here, by more than chance: "
     "discrimination below −1/√takers")),
    ("low", "weak", _("Tells little"), _("discrimination below 0.10, by more than chance")),
    ("too_hard", "hard", _("Very hard"), _("fewer than 30% were right")),
    ("beats_key", "beats-key", _("An option beats the key"), _("the ablest takers prefer a wrong option")),
    ("unequal", "dif", _("Unequal for a profession"),
     _("much harder or easier for one profession at an equal score")),
    ("surely_wrong", "surely-wrong", _("Certain and wrong"), _("fewer than 60% of the certain answers were right")),
    ("too_easy", "easy", _("Very easy"), _("more than 95% were right")),
    ("unused", "unused", _("Idle option"), _("fewer than 5% picked a wrong option")),
)  # fmt: skip
NOTES = ("too_easy", "unused")
DEFINITION = (
    _("Items judged"),
    _(
        "Every person's first finished attempt at a course, up to the date, in whatever unit. An item is judged from "
        "%(enough)s takers on and not before, as it stands in the text of the date: answers to the same question in "
        "other editions count, answers to an earlier wording do not. Essays, items without a key and retired items are "
        "left out. Discrimination is the correlation of being right with the score on all other items.",
        enough=ENOUGH_TAKERS,
    ),
)
BANK = (
    _("Question bank"),
    _(
        "The question bank judges each item by the same rule and the same takers, as of its last analysis, and says "
        "which they are. Its number that need a look also counts questions to which a taker objects, and leaves out "
        "courses that were withdrawn."
    ),
)
MEANING = (
    _("Flags"),
    _(
        "%(flags)s. An item may have several. The last two are notes: an item that has no other flag does not deserve "
        "a second look.",
        flags=joined(
            "; ", [_("%(flag)s: %(meaning)s", flag=title, meaning=text) for _key, _code, title, text in FLAGS]
        ),
    ),
)
ALPHA = (
    _("Alpha"),
    _(
        "Cronbach's alpha of the items as taken, from 30 takers on: how far the same people would be put in the same "
        "order by other items like these. Below 0.7 a pass is decided by chance more often than it should be."
    ),
)


def build(frame: Frame) -> Report:
    """The summary of item quality; needs the exams."""
    courses = [
        {
            "code": each.code, "title": each.title,
            "takers": each.takers if each.takers >= frame.smallest else None, "items": each.items,
            "judged": each.judged, "flagged": each.flagged if each.judged else None,
            "flags": {key: each.flags.get(code, 0) if each.judged else None for key, code, *_words in FLAGS},
            "alpha": None if each.alpha is None else round(each.alpha, 2),
        }
        for each in frame.exams
    ]  # fmt: skip
    return Report(
        kind="items",
        title=_("Item quality by course"),
        finding=_finding(courses),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, MEANING, BANK, ALPHA),
        data={
            "enough": ENOUGH_TAKERS,
            "flags": [{"key": key, "title": title, "text": text} for key, _code, title, text in FLAGS],
            "courses": courses,
        },
        tabulate=_tables,
        draw=_charts,
    )


def _finding(courses: list[dict[str, Any]]) -> str:
    judged = [each for each in courses if each["judged"]]
    if not judged:
        return _("No course has %(enough)s takers yet, so no item is judged", enough=ENOUGH_TAKERS)
    items, flagged = sum(each["judged"] for each in judged), sum(each["flagged"] for each in judged)
    backwards = sum(each["flags"]["negative"] for each in judged)
    said = _("%(flagged)s of %(items)s items deserve a second look", flagged=flagged, items=items)
    if not backwards:
        return said
    return ngettext(
        "%(finding)s, %(num)d of them works backwards", "%(finding)s, %(num)d of them work backwards", backwards,
        finding=said,
    )  # fmt: skip


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("course", _("Course")), ("title", _("Title")), ("takers", _("Takers")), ("items", _("Items")),
        ("judged", _("Judged")), ("flagged", _("Second look")),
        *((each["key"], each["title"]) for each in data["flags"]), ("alpha", _("Alpha")),
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
    return (Table("courses", _("Items by flag, by course"), columns, rows),)


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    judged = [each for each in data["courses"] if each["judged"]]
    if not judged:
        return ()
    items = sum(each["judged"] for each in judged)
    counts = [(flag["title"], sum(each["flags"][flag["key"]] for each in judged)) for flag in data["flags"]]
    name, most = max(counts, key=lambda found: found[1])
    title = _("No item is flagged")
    if most:
        flag = cased(name, str.lower)
        title = _("Most common: %(flag)s, %(most)s of %(items)s items", flag=flag, most=most, items=items)
    about = _("Items with each flag, of %(items)s items judged.", items=items)
    drawn = [
        Bar(label, count, _("%(count)s of %(items)s", count=count, items=items), label == FLAGS[0][2])
        for label, count in counts
    ]
    columns = (("title", _("Flag")), ("items", _("Items")), ("of", _("Of")))
    table = Table("chart_flags", _("Items by flag"), columns, tuple((label, count, items) for label, count in counts))
    return (Chart(title, bars(drawn, limit=max(1, most), title=title, about=about), table, about),)
