"""An evaluation form: what learners are asked about a course when they finish it and again weeks later.

`read_evaluation` turns a Markdown file into an `Evaluation`: level-1 headings open its rounds, level-2 headings are
questions. Knows neither answers nor who gave them; the platform asks without names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from assessments.headings import Heading, checked_id, read_heading
from assessments.model import Fault
from assessments.source import Line, Report, split_lines
from courses.documents import CODE, CODE_EXPECTED, Document, failed, language_of, open_document
from courses.fields import Fields
from courses.rendering.headings import plain_text
from courses.rendering.renderer import Rendered, Renderer

T = TypeVar("T")
KINDS = ("rating", "choice", "choices", "text")
POINTS = 5
# What a question asks about, so that reports find it whatever its words: the first three are expected at once.
ASKS = ("relevance", "commercial-bias", "intention", "quality", "practice", "barriers", "results", "suggestion")
_EXPECTED_AT_ONCE = ASKS[:3]
_BULLET = re.compile(r"[-*+][ \t]+(\S.*)")
_NUMBERED = re.compile(r"\d{1,2}[.)][ \t]+(\S.*)")
_OPTION_ID = re.compile(r"\s*\{#([^{}\s]*)\}\s*\Z")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_ROUND_ATTRIBUTES = ("days",)
_QUESTION_ATTRIBUTES = ("asks", "level", "required")


@dataclass(frozen=True)
class Option:
    """One answer to choose; `id` is lasting within an edition, `html` inline."""

    id: str
    html: str


@dataclass(frozen=True)
class Question:
    """One question. `kind` is `rating` (1 to 5), `choice` (one), `choices` (several) or `text`.

    `title` is plain words, `html` the same with its markup, `help_html` what stands under it, empty or not. `asks` is
    one of `ASKS` or None; `level` the level of Kirkpatrick's model, 1 reaction to 4 results, or None.
    """

    id: str
    kind: str
    title: str
    html: str
    help_html: str
    required: bool
    asks: str | None
    level: int | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Round:
    """Questions asked together, `days` days after the course, 0 for at once; several days ask the same again."""

    id: str
    title: str
    days: tuple[int, ...]
    html: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Evaluation:
    """A form as read; `html` introduces it, `digest` is SHA-256 in hex of the file."""

    code: str
    title: str
    summary: str
    edition: str
    language: str
    html: str
    rounds: tuple[Round, ...]
    digest: str
    path: str


@dataclass
class _Section:
    heading: Heading | None
    lines: list[Line] = field(default_factory=list)


def read_evaluation(text: str, path: str) -> tuple[Evaluation | None, list[Fault]]:
    """Read an evaluation form; `path` names it in faults. With any error there is no form, but every fault."""
    faults: list[Fault] = []
    document = open_document(text, path, faults)
    if document is None:
        return None, faults
    fields = document.fields
    language = language_of(fields)
    code = fields.text("code", required=True, pattern=CODE, expected=CODE_EXPECTED)
    title = fields.text("title", required=True, expected="the form's title")
    summary = fields.text("summary", expected="one sentence", longest=500)
    edition = fields.text("edition", required=True, expected='an edition such as "2026.1"', longest=40)
    scale = _scale(fields)
    fields.finish()
    reader = _FormReader(document, language, scale, title)
    html, rounds = reader.read()
    faults += reader.report.faults
    if failed(faults):
        return None, sorted(set(faults))
    form = Evaluation(code, title, summary, edition, language, html, rounds, document.digest, path)
    return form, sorted(set(faults))


def _scale(fields: Fields) -> tuple[str, ...]:
    expected = f"{POINTS} words for the points of a rating, from 1 to {POINTS}"
    scale = fields.texts("scale", expected=expected, longest=60)
    if scale and len(scale) != POINTS:
        fields.error("scale", f"“scale” holds {len(scale)} words: expected {expected}")
        return ()
    return scale


class _FormReader:
    """Reads the rounds and questions of one form, collecting faults."""

    def __init__(self, document: Document, language: str, scale: Sequence[str], title: str) -> None:
        self.document = document
        self.renderer = Renderer(language=language)
        self.scale = scale
        self.title = title
        self.report = Report(document.path)
        self._ids: dict[str, int] = {}

    def read(self) -> tuple[str, tuple[Round, ...]]:
        """Return the introduction as HTML and the rounds."""
        sections = self._sections()
        intro = self._block(sections[0].lines)
        rounds: list[Round] = []
        opened: tuple[Heading | None, list[Line]] = (None, [])
        questions: list[Question] = []
        for section in sections[1:]:
            heading = section.heading
            if heading is not None and heading.level == 1:
                rounds += self._round(opened, questions)
                opened, questions = (heading, section.lines), []
            elif heading is not None:
                questions += self._question(heading, section.lines)
        rounds += self._round(opened, questions)
        if not rounds:
            self.report.error(
                self.document.body_line, 1, "asks nothing: expected questions as `## Words {#id .rating}`"
            )
        self._tell_unasked(rounds)
        return intro, tuple(rounds)

    def _sections(self) -> list[_Section]:
        sections = [_Section(None)]
        for line in split_lines(self.document.body, self.document.body_line, self.report):
            heading = read_heading(line, self.report)
            if heading is None:
                sections[-1].lines.append(line)
            else:
                sections.append(_Section(heading))
        return sections

    def _tell_unasked(self, rounds: Sequence[Round]) -> None:
        asked = {one.asks for each in rounds if 0 in each.days for one in each.questions}
        for topic in _EXPECTED_AT_ONCE if rounds else ():
            if topic not in asked:
                message = f"no question at the end of the course asks about {topic}: expected one with asks={topic}"
                self.report.warning(self.document.body_line, 1, message)

    def _round(self, opened: tuple[Heading | None, list[Line]], questions: list[Question]) -> list[Round]:
        heading, lines = opened
        if heading is None:
            return [Round("after", self.title, (0,), "", tuple(questions))] if questions else []
        self._know(heading, _ROUND_ATTRIBUTES)
        if heading.kind is not None:
            self.report.error(heading.line, heading.kind_column, f"a round takes no type such as .{heading.kind}")
        round_id = self._take(heading, "this round")
        if not questions:
            self.report.error(heading.line, 1, "this round asks nothing: expected questions under ## headings")
        days = self._days(heading)
        return [Round(round_id, heading.title, days, self._block(lines), tuple(questions))] if round_id else []

    def _days(self, heading: Heading) -> tuple[int, ...]:
        expected = 'days after the course, as in days=0 or days="30,90"'
        if "days" not in heading.attributes:
            self.report.error(heading.line, 1, f"this round does not say when it is asked: expected {expected}")
            return ()
        text, column = heading.attributes["days"]
        parts = [one for one in re.split(r"[,\s]+", text) if one]
        if not parts or not all(re.fullmatch(r"\d{1,3}", one, re.ASCII) for one in parts):
            self.report.error(heading.line, column, f"days={text!r} cannot be read; expected {expected}")
            return ()
        return tuple(sorted({int(one) for one in parts}))

    def _know(self, heading: Heading, names: Sequence[str]) -> None:
        for name, (_, column) in heading.attributes.items():
            if name not in names:
                message = f"unknown attribute {name!r}; expected one of {', '.join(names)}"
                self.report.error(heading.line, column, message)

    def _take(self, heading: Heading, what: str) -> str:
        found = checked_id(heading, what, self.report) or ""
        if found in self._ids:
            message = f"the id {found!r} is already used on line {self._ids[found]}; expected its own"
            self.report.error(heading.line, heading.id_column, message)
        elif found:
            self._ids[found] = heading.line
        return found

    def _question(self, heading: Heading, lines: list[Line]) -> list[Question]:
        self._know(heading, _QUESTION_ATTRIBUTES)
        question_id = self._take(heading, "this question")
        kind = heading.kind or ""
        if kind not in KINDS:
            message = f"expected the question's type, one of {', '.join('.' + one for one in KINDS)}"
            given = f"unknown type .{kind}; " if kind else ""
            self.report.error(heading.line, heading.kind_column if kind else 1, given + message)
            return []
        if not heading.title:
            self.report.error(heading.line, 1, "this question has no words; expected them in its heading")
        options, help_lines = self._options(heading, kind, lines)
        title = self._inline(heading.title, heading.line)
        if not question_id:
            return []
        return [
            Question(
                id=question_id,
                kind=kind,
                title=plain_text(title),
                html=title,
                help_html=self._block(help_lines),
                required=self._value(heading, "required", {"yes": True, "no": False}, kind != "text"),
                asks=self._value(heading, "asks", {one: one for one in ASKS}, None),
                level=self._value(heading, "level", {str(one): one for one in range(1, 5)}, None),
                options=options,
            )
        ]

    def _value(self, heading: Heading, name: str, allowed: Mapping[str, T], default: T) -> T:
        """Return what an attribute says; another value than those allowed is a fault."""
        if name not in heading.attributes:
            return default
        text, column = heading.attributes[name]
        if text not in allowed:
            message = f"{name}={text!r} cannot be read; expected one of {', '.join(allowed)}"
            self.report.error(heading.line, column, message)
        return allowed.get(text, default)

    def _options(self, heading: Heading, kind: str, lines: list[Line]) -> tuple[tuple[Option, ...], list[Line]]:
        """Part the lines under a question into its options and what stands before them."""
        if kind == "text":
            return (), lines
        mark = _NUMBERED if kind == "rating" else _BULLET
        start = next((at for at, one in enumerate(lines) if not one.opaque and mark.match(one.text)), len(lines))
        written = self._listed(lines[start:], mark)
        if kind == "rating" and not written and self.scale:
            written = [(heading.line, word) for word in self.scale]
        if kind == "rating" and len(written) != POINTS:
            message = (
                f"a rating has {POINTS} points: expected a numbered list of {POINTS}, or “scale” in the front matter"
            )
            self.report.error(heading.line, 1, message)
        elif kind != "rating" and len(written) < 2:
            self.report.error(heading.line, 1, "expected two or more options, as in `- Yes` and `- No`")
        return self._named(written), lines[:start]

    def _listed(self, lines: Sequence[Line], mark: re.Pattern[str]) -> list[tuple[int, str]]:
        """Return line and words of each entry of a list; an indented line goes on with the entry above it."""
        found: list[tuple[int, str]] = []
        for line in lines:
            entry = mark.match(line.text)
            if line.blank:
                continue
            if entry:
                found.append((line.number, entry[1].strip()))
            elif line.indent >= 2 and found:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line.text.strip()}")
            else:
                self.report.error(line.number, line.first_column, "text after the options; expected it above them")
        return found

    def _named(self, written: Sequence[tuple[int, str]]) -> tuple[Option, ...]:
        """Give each option its id: the one written at its end, as in `- Yes {#yes}`, or its number."""
        found: list[Option] = []
        for number, (line, words) in enumerate(written, 1):
            given = _OPTION_ID.search(words)
            option_id = given[1] if given else str(number)
            if given and not _ID.match(option_id):
                self.report.error(
                    line, 1, f"the id {option_id!r} is not one; expected small letters, digits and hyphens"
                )
            if option_id in {one.id for one in found}:
                self.report.error(line, 1, f"the option id {option_id!r} stands twice; expected one for each option")
            found.append(Option(option_id, self._inline(words[: given.start()] if given else words, line)))
        return tuple(found)

    def _block(self, lines: Sequence[Line]) -> str:
        """Render a passage, empty where it holds no words."""
        if all(one.blank for one in lines):
            return ""
        passage = "\n".join(one.text for one in lines)
        return self._keep(self.renderer.block(passage, self.document.source(passage, lines[0].number)))

    def _inline(self, phrase: str, line: int) -> str:
        return self._keep(self.renderer.inline(phrase, self.document.source(phrase, line)))

    def _keep(self, rendered: Rendered) -> str:
        self.report.faults += rendered.faults
        return rendered.html
