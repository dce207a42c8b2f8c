"""Our own Markdown: `questions.md`, or a zip file with it and its media."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assessments.exchange.authored.checking import bank_source, checked_case, checked_source, media_named
from assessments.exchange.content import Source, decoded
from assessments.exchange.draft import CaseDraft, Draft, Reading
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.kind import Format
from assessments.exchange.outgoing import Outgoing, Written, each_item
from assessments.exchange.record import Tally
from assessments.headings import ID, Heading, read_heading
from assessments.model import Bank, Fault, Item
from assessments.reading import join_banks, read_bank
from assessments.source import Report, split_lines

_ITEM = re.compile(r"^##[ \t].*\{[^{}\n]*#[a-z0-9][^{}\n]*\}[ \t#]*$", re.MULTILINE)
_HEADING = re.compile(r"^##[ \t]+\S", re.MULTILINE)
_FILE = re.compile(r"(?:.*/)?questions(?:/[^/]+)?\.md\Z")


class Markdown(Format):
    """An item that our reader finds errors in is refused with them; the others come in as they stand."""

    name = "markdown"
    label = "Markdown"
    suffix = ".md"

    def detect(self, source: Source) -> bool:
        """See Format: a level-2 heading with an id (or any, in a file named .md), or a zip file with a questions.md."""
        if source.is_zip:
            return any(_FILE.match(path) for path in source.files)
        if source.looks_like_xml:
            return False
        named = source.name.lower().endswith(".md") and _HEADING.search(source.text)
        return bool(named or _ITEM.search(source.text))

    def read(self, source: Source) -> Reading:
        """See Format."""
        reading = Reading(notes=source.notes)
        texts = {source.name: source.text} if not source.is_zip else _package(source, reading)
        banks = []
        for path, text in texts.items():
            bank, faults = read_bank(text, path)
            banks.append(bank)
            reading.drafts += _drafts(text, path, bank, faults)
            reading.cases += [CaseDraft(one.id, one.title, one.stem, one.id) for one in bank.cases]
            for one in faults:
                if one.severity == "error" and not _owned(one, text, path):
                    reading.note(str(one))
        for fault in join_banks(banks)[1]:
            for draft in reading.drafts:
                if draft.made and (draft.made.path, draft.made.line) == (fault.path, fault.line):
                    draft.made, draft.refusal = None, fault.message
        return reading

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format; a rendered bank cannot be written, as its texts are HTML."""
        bank = outgoing.bank
        cases = {one.id: one for one in bank.cases}

        def one_item(item: Item, tally: Tally) -> tuple[Item, str]:
            if item.case_id is not None and item.case_id in cases:
                checked_case(cases[item.case_id])
            return item, checked_source(item)

        pieces, outcomes = each_item(bank.items, one_item)
        written = {item.id for item, _ in pieces}
        outcomes = [
            replace(one, status="refused", reasons=("an arrow of it leads to a question that was refused",))
            if one.id in written and _leads_out(bank.item(one.id), written) else one
            for one in outcomes
        ]  # fmt: skip
        pieces = [(item, text) for item, text in pieces if not _leads_out(item, written)]
        text, moved = bank_source(bank, pieces)
        outcomes = [
            replace(one, status="changed", reasons=tuple(moved[one.id])) if one.id in moved else one
            for one in outcomes
        ]  # fmt: skip
        media = {path: outgoing.media[path] for path in media_named(text) if path in outgoing.media}
        return Written(text.encode("utf-8"), self.suffix, outcomes, media=media)


def _leads_out(item: Item, written: set[str]) -> bool:
    steps = getattr(item.answer, "steps", ())
    return any(step.id not in written for step in steps)


def _package(source: Source, reading: Reading) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path, data in sorted(source.files.items()):
        if _FILE.match(path):
            texts[path], notes = decoded(data)
            reading.notes += notes
        elif "media/" in path:
            reading.media["media/" + path.partition("media/")[2]] = data
    if not texts:
        raise ExchangeError("the package holds no questions.md: expected one")
    return texts


def _headings(text: str) -> Iterator[Heading]:
    """Yield the headings of the first two levels as the reader splits at them."""
    quiet = Report("")
    for line in split_lines(text.removeprefix("\ufeff"), 1, quiet):
        heading = read_heading(line, quiet)
        if heading is not None:
            yield heading


def _drafts(text: str, path: str, bank: Bank, faults: list[Fault]) -> list[Draft]:
    """Return a draft for every level-2 heading, refused with the errors that stand under it."""
    places = list(_headings(text))
    made = {item.line: item for item in bank.items}
    drafts = []
    for heading, after in zip(places, [*places[1:], None], strict=False):
        if heading.level != 2:
            continue
        end = after.line if after else float("inf")
        wrong = [one.message for one in faults if one.severity == "error" and heading.line <= one.line < end]
        item = made.get(heading.line)
        wanted = heading.id if heading.id and ID.match(heading.id) else ""
        draft = Draft(heading.title, heading.kind or (item.type if item else "question"), wanted)
        draft.type = item.type if item else ""
        if wrong:
            draft.refusal = "; ".join(wrong)
        elif item is None:
            draft.refusal = "it cannot be read"
        else:
            draft.made = item
        drafts.append(draft)
    return drafts


def _owned(fault: Fault, text: str, path: str) -> bool:
    """Say whether a fault stands under a heading of an item, so that the item tells it."""
    above = [one for one in _headings(text) if one.line <= fault.line]
    return bool(above) and above[-1].level == 2
