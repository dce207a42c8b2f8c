"""QTI files and packages opened: the manifest, the order of a test, shared stimuli, keywords and pictures."""

import posixpath
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.building import left_out, short
from assessments.exchange.content import decoded, parse_xml
from assessments.exchange.draft import CaseDraft, Draft, Reading
from assessments.exchange.faults import ExchangeError, Refusal
from assessments.exchange.markup.reading import Markdown
from assessments.exchange.naming import one_line
from assessments.exchange.pictures import finder
from assessments.exchange.qti.item import title_of
from assessments.exchange.qti.names import normalised
from assessments.exchange.qti.reading import fill

MANIFEST = "imsmanifest.xml"
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(qti-assessment-(?:item|test)|assessment(?:Item|Test))[\s>]")
_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:qti-)?assessment-?[Ii]tem[\s>]")
_HEAD = 20_000
# What an item consists of: read, refused or named elsewhere.
_KNOWN = frozenset(
    "responseDeclaration outcomeDeclaration templateDeclaration contextDeclaration templateProcessing stylesheet "
    "assessmentStimulusRef itemBody catalogInfo responseProcessing modalFeedback rubricBlock".split()
)
NO_MANIFEST = "the package has no imsmanifest.xml; every QTI item in it was read, by name"
METADATA = "of the metadata of items their keywords are taken"
HELPS = "its catalogue of helps (a glossary, spoken words, translations) is left out"
TEST = "the test of the package gives the order of its items; its sections, weights and limits are not taken"


def version_of(files: Mapping[str, bytes]) -> str:
    """Return "2" or "3" for the version of the first QTI file of a package, empty where it holds none."""
    for path, data in sorted(files.items()):
        found = _ROOT.search(data[:_HEAD]) if path.lower().endswith(".xml") else None
        if found:
            return "3" if found[1].startswith(b"qti-") else "2"
    return ""


def read_document(text: str, notes: list[str]) -> Reading:
    """Return the drafts of one XML file: an item, or whatever holds several."""
    root, mended = parse_xml(text)
    reading = Reading(notes=[*notes, *mended])
    normalised(root)
    items = [root] if root.tag == "assessmentItem" else list(root.iter("assessmentItem"))
    if not items:
        raise ExchangeError(f"the file begins with <{root.tag}> and holds no item: expected the whole package as a zip")
    opened = _Package({}, reading)
    for one in items:
        opened.item(one, "", [])
    return reading


def read_package(files: Mapping[str, bytes], notes: list[str]) -> Reading:
    """Return the drafts of a package; raises ExchangeError where it holds no item."""
    reading = Reading(notes=notes)
    opened = _Package(files, reading)
    manifest = next((path for path in sorted(files, key=len) if posixpath.basename(path).lower() == MANIFEST), None)
    listed = opened.listed(manifest) if manifest is not None else opened.found()
    if manifest is None:
        reading.note(NO_MANIFEST)
    for path, keywords in listed:
        opened.file(path, keywords)
    if not reading.drafts:
        raise ExchangeError("the package holds no QTI item: expected assessment items named in its imsmanifest.xml")
    return reading


@dataclass
class _Package:
    """The files of a package and what is read out of them."""

    files: Mapping[str, bytes]
    reading: Reading
    stimuli: dict[str, str | None] = field(default_factory=dict)
    losses: dict[str, list[str]] = field(default_factory=dict)

    def found(self) -> list[tuple[str, list[str]]]:
        """Return every file that is an item."""
        return [
            (path, [])
            for path, data in sorted(self.files.items())
            if path.lower().endswith(".xml")
            and re.search(rb"<(?:[\w.-]+:)?(?:qti-)?assessment-?[Ii]tem[\s>]", data[:_HEAD])
        ]

    def listed(self, manifest: str) -> list[tuple[str, list[str]]]:
        """Return the items that the manifest names, in the order of the test where there is one."""
        root = self.parsed(manifest)
        base = posixpath.dirname(manifest)
        items: dict[str, list[str]] = {}
        tests: list[str] = []
        for one in root.iter("resource"):
            kind, href = one.get("type", ""), one.get("href") or ""
            file = next((child.get("href", "") for child in one.findall("file")), "")
            path = _joined(base, href or file)
            if "test" in kind and "imsqti" in kind:
                tests.append(path)
            elif "item" in kind and "imsqti" in kind:
                items[path] = _keywords(one)
                if _says_more(one):
                    self.reading.note(METADATA)
            elif re.search(r"imsqti_(?:xml)?v1|ims_qtiasi", kind):
                draft = Draft(one.get("identifier", ""), "QTI 1", one.get("identifier", ""))
                draft.refusal = "it is QTI 1 among items of a later version: expected a package of its own"
                self.reading.drafts.append(draft)
        ordered: list[str] = []
        for test in tests:
            ordered += [path for path in self._test(test) if path not in ordered]
        for path in ordered:
            items.setdefault(path, [])
        unnamed = [path for path, _ in self.found() if path not in items] if items else []
        if unnamed:
            self.reading.note(f"items that the manifest does not name are left out: {short(', '.join(unnamed))}")
        if not items and not self.reading.drafts:
            return self.found()
        return sorted(items.items(), key=lambda pair: ordered.index(pair[0]) if pair[0] in ordered else len(ordered))

    def _test(self, path: str) -> list[str]:
        try:
            root = self.parsed(path)
        except ExchangeError as fault:
            self.reading.note(f"the test {path} could not be read: {fault}")
            return []
        self.reading.note(TEST)
        return [_joined(posixpath.dirname(path), one.get("href", "")) for one in root.iter("assessmentItemRef")]

    def parsed(self, path: str) -> Any:
        """Return the normalised root of a file; raises ExchangeError."""
        if path not in self.files:
            raise ExchangeError(f"the file {path!r} is named and is not in the package")
        text, notes = decoded(self.files[path])
        root, mended = parse_xml(text)
        for one in [*notes, *mended]:
            self.reading.note(f"{path}: {one}")
        return normalised(root)

    def file(self, path: str, keywords: list[str]) -> None:
        """Read one item file; one that cannot be read is refused, and the others go on."""
        try:
            root = self.parsed(path)
            if root.tag != "assessmentItem":
                raise ExchangeError(f"the file begins with <{root.tag}>: expected an assessment item")
        except ExchangeError as fault:
            draft = Draft(posixpath.basename(path), "file", posixpath.basename(path).removesuffix(".xml"))
            draft.refusal = str(fault)
            self.reading.drafts.append(draft)
            return
        self.item(root, path, keywords)

    def item(self, root: Any, path: str, keywords: list[str]) -> None:
        """Read one normalised item."""
        draft = Draft(title_of(root), "assessmentItem", root.get("identifier") or "")
        draft.tagged(keywords)
        if root.find("stylesheet") is not None:
            self.reading.note("style sheets of items are left out")

        def read(draft: Draft) -> None:
            draft.case = self._case(root, path, draft)
            if root.find("catalogInfo") is not None:
                draft.changed(HELPS)
            left_out(draft, root, _KNOWN)
            fill(draft, root, finder(self.files, path, self.reading.keep))

        self.reading.add(draft, read)

    def _case(self, root: Any, path: str, draft: Draft) -> str | None:
        """Return the key of the case that an item's stimuli make, the same for all items with the same ones."""
        places = [_joined(posixpath.dirname(path), one.get("href", "")) for one in root.iter("assessmentStimulusRef")]
        if not places:
            return None
        if len(places) > 1:
            draft.changed(f"of its {len(places)} stimuli only the first became its case")
        place = places[0]
        if place not in self.stimuli:
            self.stimuli[place] = self._stimulus(place)
        if self.stimuli[place] is None:
            raise Refusal(f"its stimulus {place!r} cannot be read, and without it the question cannot be answered")
        for loss in self.losses.get(place, []):
            draft.changed(f"in its stimulus: {loss}")
        return self.stimuli[place]

    def _stimulus(self, place: str) -> str | None:
        try:
            root = self.parsed(place)
        except ExchangeError:
            return None
        body = root.find("stimulusBody")
        if body is None:
            return None
        reader = Markdown(media=finder(self.files, place, self.reading.keep))
        case = CaseDraft(
            place, one_line(root.get("title") or "Stimulus"), reader.blocks(body), root.get("identifier", "")
        )
        self.losses[place] = [*reader.losses, *([HELPS] if root.find("catalogInfo") is not None else [])]
        case.origin = "stimulus"
        self.reading.cases.append(case)
        return place


def _joined(base: str, href: str) -> str:
    plain = urllib.parse.unquote(href.partition("?")[0].partition("#")[0])
    return posixpath.normpath(posixpath.join(base, plain)) if plain else ""


def _says_more(resource: Any) -> bool:
    """Say whether the metadata of a resource holds words that are no keywords."""
    return any(
        one_line(leaf.text or "") and not any(up.tag == "keyword" for up in (leaf, *leaf.iterancestors()))
        for holder in resource.findall("metadata")
        for leaf in holder.iter()
        if isinstance(leaf.tag, str)
    )


def _keywords(resource: Any) -> list[str]:
    """Return the keywords of a resource's metadata, whatever version of it."""
    found = []
    for one in resource.iter("keyword"):
        found += [text for text in (one_line("".join(part.itertext())) for part in (list(one) or [one])) if text]
    return list(dict.fromkeys(found))
