"""What was written is read again: an item leaves only as a source that reads as the same item.

The one judge of what an item may hold is the reader that authors use, so nothing can come in that they could not
have written.
"""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from assessments.answers import Branching
from assessments.exchange.authored.writing import case_source, item_source
from assessments.exchange.faults import Refusal
from assessments.model import Bank, Case, Fault, Item
from assessments.reading import read_bank

_MEDIA = re.compile(r"\]\((media/[^)\s]+)")
# No question is as long as this; a text that is would take long to render wherever it is shown.
LONGEST = 40_000
_PLACE = ("path", "line", "case_id")
_IN_WORDS = {"stem": "its text", "answer": "its answer", "title": "its title", "rationale": "its explanation"}


def checked_source(item: Item) -> str:
    """Return the source of an item that reads as the same item; raises Refusal, saying what the reader found wrong."""
    said = ""
    for with_type in (False, True):
        source = item_source(item, with_type=with_type)
        if len(source) > LONGEST:
            raise Refusal(f"it has {len(source):,} characters: expected at most {LONGEST:,} a question")
        found, errors = _read(source)
        if found is not None and not errors and not differences(item, found):
            return source
        said = "; ".join(one.message for one in errors)
        if not said and found is not None:
            said = "; ".join(f"{_IN_WORDS.get(one, one)} would read differently" for one in differences(item, found))
    raise Refusal(f"it cannot be written as Markdown: {said or 'it would not read as one question'}")


def _read(source: str) -> tuple[Item | None, list[Fault]]:
    bank, faults = read_bank(source, "")
    # Arrows are judged with the whole bank; alone, each leads nowhere.
    errors = [one for one in faults if one.severity == "error" and "an arrow leads to #" not in one.message]
    return (bank.items[0] if len(bank.items) == 1 and not bank.cases else None), errors


def differences(item: Item, other: Item) -> list[str]:
    """Return the names of the fields in which two items differ, but for where they stand."""
    found = []
    for one in fields(Item):
        mine, yours = getattr(item, one.name), getattr(other, one.name)
        if one.name == "answer" and isinstance(mine, Branching) and isinstance(yours, Branching):
            mine, yours = _own_step(mine), _own_step(yours)
        if one.name not in _PLACE and mine != yours:
            found.append(one.name)
    return found


def _own_step(answer: Branching) -> Branching:
    step = answer.steps[0]
    return Branching((replace(step, branches=tuple(replace(one, target=None) for one in step.branches)),))


def bank_source(bank: Bank, sources: Sequence[tuple[Item, str]]) -> tuple[str, dict[str, list[str]]]:
    """Return a file of item sources under their cases, and what had to be moved, by item id.

    The order of the bank is kept, but that the items of one case stand together.
    """
    cases = {one.id: one for one in bank.cases}
    pieces: list[str] = []
    moved: dict[str, list[str]] = {}
    done: set[str] = set()
    under: str | None = None
    for item, source in sources:
        case = cases.get(item.case_id) if item.case_id else None
        if case is None:
            if under is not None:
                pieces.append("# Further questions\n")
            under = None
            pieces.append(source)
        elif case.id not in done:
            done.add(case.id)
            under = case.id
            group = [(one, text) for one, text in sources if one.case_id == case.id]
            pieces += [case_source(case), *(text for _, text in group)]
            place = [one.id for one, _ in sources].index(item.id)
            together = [one.id for one, _ in sources[place : place + len(group)]]
            for one, _ in group:
                if one.id not in together:
                    moved[one.id] = ["it was moved to the other questions of its case"]
    return "\n".join(pieces), moved


def checked_case(case: Case) -> None:
    """Raise Refusal where a vignette cannot be written as Markdown that reads as the same."""
    bank, faults = read_bank(case_source(case) + "\n## Q {#a-question-under-it}\n\n= words\n", "")
    errors = [one.message for one in faults if one.severity == "error"]
    same = len(bank.cases) == 1 and (bank.cases[0].id, bank.cases[0].title, bank.cases[0].stem) == (
        case.id, case.title, case.stem,
    )  # fmt: skip
    if errors or not same:
        raise Refusal(f"its case cannot be written as Markdown: {'; '.join(errors) or 'it would read differently'}")


def media_named(text: str) -> list[str]:
    """Return the paths under `media/` that a Markdown text shows or links to, each once."""
    return list(dict.fromkeys(_MEDIA.findall(text)))


def media_of(bank: Bank) -> list[str]:
    """Return the paths under `media/` that a bank names, in order."""
    found: list[str] = []
    for one in bank.cases:
        found += media_named(one.stem)
    for item in bank.items:
        try:
            found += media_named(item_source(item, with_type=True))
        except Refusal:
            continue
    return list(dict.fromkeys(found))
