"""One question with everything that is known of it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from assessments import registry
from assessments.model import Item
from lms.bank import queries
from lms.bank.facts import AnalysisFacts, Figures
from lms.bank.listing import use_of
from lms.bank.reckoning import same_question
from lms.catalog import queries as catalog
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.items import queries as items
from lms.items import retiring
from lms.items.retiring import Retirement
from lms.quizzes import challenges
from lms.quizzes.challenges import ChallengeFacts

SEED = "bank"  # the order of options on the page; any would do


@dataclass(frozen=True)
class Wording:
    """A text that changed the question: `changed` names the parts, empty for the text that brought it in."""

    edition: str
    sequence: int
    published_at: dt.datetime
    changed: tuple[str, ...]
    gone: bool = False


@dataclass(frozen=True)
class Question:
    """A question of a course, as it stands in the current text or, where that has it no more, in the last that had."""

    version: VersionFacts  # the text it is shown from
    current: bool
    item: Item
    model: dict[str, Any]
    case_html: str | None
    use: str
    lessons: tuple[LessonFacts, ...]
    draws: tuple[str, ...]
    wordings: tuple[Wording, ...]
    retirements: tuple[Retirement, ...]
    objections: tuple[ChallengeFacts, ...]
    figures: Figures | None
    analysis: AnalysisFacts | None
    options: tuple[str, ...]  # the options' texts in the author's order, for the table of picks

    @property
    def retired(self) -> Retirement | None:
        """The retirement that holds now."""
        return next((each for each in self.retirements if each.restored_at is None), None)


def question(code: str, item_id: str) -> Question | None:
    """Everything about an item of a course; None where no text ever held it."""
    course = catalog.course(code)
    versions = catalog.versions_of(code)
    version = next((each for each in versions if item_id in items.bank(each.id)), None)
    if course is None or version is None:
        return None
    bank = items.bank(version.id)
    item = bank.item(item_id)
    lessons = catalog.lessons(version.id)
    checks = frozenset(check for lesson in lessons for check in lesson.checks)
    use = use_of(version, item, checks)
    draws = version.exam.draws if version.exam and use in ("exam", "both") else ()
    return Question(
        version=version,
        current=version.id == course.current_id,
        item=item,
        model=shown(item),
        case_html=bank.case(item.case_id).stem if item.case_id else None,
        use=use,
        lessons=tuple(lesson for lesson in lessons if item_id in lesson.checks),
        draws=tuple(f"{draw.count} × {draw}" for draw in draws if draw.matches(item)),
        wordings=_wordings(versions, item_id),
        retirements=retiring.history(course.id, item_id),
        objections=challenges.of_item(course.id, item_id),
        figures=queries.of_item(course.id, item_id),
        analysis=queries.analyses().get(course.id),
        options=tuple(option.text for option in getattr(item.answer, "options", ()) if hasattr(option, "right")),
    )


def shown(item: Item) -> dict[str, Any]:
    """The question looked back on with nothing chosen, in the author's order, and every feedback shown."""
    model = registry.review(item, SEED, None)
    given = getattr(item.answer, "options", ())
    if "options" in model and item.type in ("single", "multiple", "truefalse"):
        model["options"] = [
            {"id": str(at), "html": one.text, "right": one.right, "chosen": False, "feedback_html": one.feedback}
            for at, one in enumerate(given)
        ]
    return model


def _wordings(versions: Sequence[VersionFacts], item_id: str) -> tuple[Wording, ...]:
    """The texts that brought the item in, changed it or dropped it, the latest first."""
    found: list[Wording] = []
    before: Item | None = None
    for version in reversed(versions):
        bank = items.bank(version.id)
        after = bank.item(item_id) if item_id in bank else None
        head = (version.edition, version.sequence, version.published_at)
        if after is None and before is not None:
            found.append(Wording(*head, changed=(), gone=True))
        elif after is not None and before is None:
            found.append(Wording(*head, changed=()))
        elif after is not None and before is not None and not same_question(before, after):
            found.append(Wording(*head, changed=changed_parts(before, after)))
        before = after
    return tuple(reversed(found))


def changed_parts(before: Item, after: Item) -> tuple[str, ...]:
    """The names of the parts in which two items differ, where they stand in a file aside."""
    names = [each.name for each in fields(Item) if each.name not in ("path", "line")]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
