"""Drafts become items under ids of their own, each read back from its source before it is let in."""

from dataclasses import dataclass, replace
from fractions import Fraction

from assessments.answers import Essay
from assessments.exchange.authored.checking import checked_case, checked_source
from assessments.exchange.draft import CaseDraft, Draft, Reading
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import good_tag, heading_title, own_id, slug
from assessments.exchange.record import Outcome, outcome
from assessments.model import Bank, Case, Item

MOST_ITEMS = 20_000
IDS = "ids are written in small letters, digits and hyphens here, each once in a file"


@dataclass
class Made:
    """The bank that came of a reading, and what became of each draft."""

    bank: Bank
    outcomes: list[Outcome]


def make(reading: Reading, path: str) -> Made:
    """Return the items and cases of a reading. `path` is where they are said to stand."""
    taken = {draft.made.id for draft in reading.drafts if draft.made is not None}
    cases: dict[str, Case] = {}
    refused: dict[str, str] = {}
    outcomes: list[Outcome] = []
    for place, draft in enumerate(reading.cases, 1):
        case = _case(draft, path, own_id(draft.wanted_id, draft.title, taken, f"case-{place}"))
        taken.add(case.id)
        try:
            checked_case(case)
            cases[draft.key] = case
        except Refusal as fault:
            refused[draft.key] = str(fault)
    items: list[Item] = []
    for place, one in enumerate(reading.drafts, 1):
        item_id = one.made.id if one.made else own_id(one.wanted_id, one.title, taken, f"item-{place}")
        taken.add(item_id)
        if one.wanted_id and slug(one.wanted_id) == item_id != one.wanted_id:
            reading.note(IDS)
        item = _item(one, item_id, path, place, cases, refused)
        if item is not None:
            items.append(item)
        kind = item.type if item else one.type or one.origin
        outcomes.append(outcome(item_id, one.title, kind, one.reasons, one.refusal))
    used = {item.case_id for item in items}
    kept = [case for key, case in cases.items() if case.id in used or _quiet(reading, key)]
    said = [_said(draft, cases, refused, used) for draft in reading.cases if draft.origin == "description"]
    return Made(Bank(tuple(items), tuple(kept)), [*said, *outcomes])


def _quiet(reading: Reading, key: str) -> bool:
    """Say whether a case is one of our own files, where it may stand without questions."""
    return any(draft.key == key and not draft.origin for draft in reading.cases)


def _said(draft: CaseDraft, cases: dict[str, Case], refused: dict[str, str], used: set[str | None]) -> Outcome:
    case = cases.get(draft.key)
    if case is None:
        return outcome(draft.wanted_id, draft.title, draft.origin, (), refused.get(draft.key, "it has no text"))
    if case.id not in used:
        return outcome(case.id, draft.title, draft.origin, (), "it asks nothing, and no question follows it")
    return outcome(case.id, draft.title, draft.origin, draft.reasons)


def _case(draft: CaseDraft, path: str, case_id: str) -> Case:
    return Case(case_id, heading_title(draft.title), draft.stem.strip("\n").rstrip(), path)


def _item(
    draft: Draft, item_id: str, path: str, line: int, cases: dict[str, Case], refused: dict[str, str]
) -> Item | None:
    """Return the item of a draft, or None, its refusal noted on the draft."""
    if draft.made is not None and draft.made.case_id is not None and draft.made.case_id not in cases:
        draft.changed(f"it lost its case: {refused.get(draft.made.case_id, 'the case cannot be read')}")
        return replace(draft.made, case_id=None)
    if draft.made is not None or draft.refusal is not None:
        return draft.made
    if line > MOST_ITEMS:
        draft.refusal = f"the file holds more than {MOST_ITEMS:,} questions"
        return None
    if draft.answer is None:
        draft.refusal = "it has no answer"
        return None
    if draft.case in refused:
        draft.changed(f"it lost its case: {refused[draft.case]}")
    item = Item(
        id=item_id,
        type=draft.type,
        title=_title(draft),
        stem=draft.stem.strip("\n").rstrip() or _title(draft),
        competency=draft.competency,
        level=draft.level,
        points=draft.points,
        tags=_tags(draft),
        shuffle=draft.shuffle,
        partial=draft.partial,
        rationale=(draft.rationale or "").strip("\n") or None,
        case_id=cases[draft.case].id if draft.case in cases else None,
        answer=draft.answer,
        path=path,
        line=line,
        objectives=draft.objectives,
    )
    if isinstance(item.answer, Essay):
        item = replace(item, points=sum((one.points for one in item.answer.criteria), Fraction(0)))
    try:
        checked_source(item)
    except Refusal as fault:
        draft.refusal = str(fault)
        return None
    return item


def _title(draft: Draft) -> str:
    title = heading_title(draft.title)
    if title != " ".join(draft.title.split()):
        draft.changed("its title was shortened or lost characters that a heading cannot hold")
    return title


def _tags(draft: Draft) -> tuple[str, ...]:
    kept: list[str] = []
    for tag in draft.tags:
        good = good_tag(tag)
        if good != tag:
            draft.changed(f"the tag “{tag[:60]}” became “{good}”" if good else f"the tag “{tag[:60]}” was left out")
        if good and good not in kept:
            kept.append(good)
    return tuple(kept)
