"""A policy to read and attest: a versioned Markdown text with an owner, a date of effect and what changed in it.

`read_policy` turns a file into a `Policy`; `change` says what another text of a policy means for those who attested
the one before. Knows neither people nor the day on which it is asked.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessments.headings import read_heading
from assessments.model import Fault
from assessments.source import Line, Report, split_lines
from courses.coursefile import read_audience, read_responsibilities, unknown_competency
from courses.documents import CODE, CODE_EXPECTED, Document, failed, language_of, open_document
from courses.fields import Fields
from courses.rendering.renderer import Renderer

Change = Literal["unchanged", "correction", "material"]
CHANGES = "changes"
CHANGES_EXPECTED = "a section “## What changed in this edition {#changes}”"
STATEMENT = "I have read this policy and I will follow it."
_SECTION = re.compile(r"##?[ \t]")


@dataclass(frozen=True)
class Policy:
    """A policy as read.

    `html` is the whole text, `changes_html` only what changed in this edition, `statement` the sentence that a reader
    attests, `reattest_months` after how many months it is attested again, None for once an edition. `digest` is
    SHA-256 in hex of the file.
    """

    code: str
    title: str
    summary: str
    edition: str
    language: str
    owner: str
    audience: tuple[str, ...]
    effective: date
    review_by: date | None
    reattest_months: int | None
    competencies: tuple[str, ...]
    responsibilities: tuple[str, ...]
    statement: str
    html: str
    changes_html: str
    words: int
    digest: str
    path: str


def change(edition: str, digest: str, policy: Policy) -> Change:
    """Say what `policy` is to the text of that edition and digest: another edition is a material change, which is
    attested again; the same edition with other words is a correction, for which an attestation goes on holding."""
    if policy.edition != edition:
        return "material"
    return "unchanged" if policy.digest == digest else "correction"


def read_policy(
    text: str,
    path: str,
    known_competencies: Collection[str] | None = None,
    known_responsibilities: Collection[str] | None = None,
) -> tuple[Policy | None, list[Fault]]:
    """Read a policy; `path` names it in faults, None for known codes means that they are not checked.

    With any error there is no policy, but every fault.
    """
    faults: list[Fault] = []
    document = open_document(text, path, faults)
    if document is None:
        return None, faults
    fields = document.fields
    language = language_of(fields)
    code = fields.text("code", required=True, pattern=CODE, expected=CODE_EXPECTED)
    title = fields.text("title", required=True, expected="the policy's title")
    summary = fields.text("summary", expected="one sentence for the reader", longest=500)
    edition = fields.text("edition", required=True, expected='an edition such as "2026.1"', longest=40)
    owner = fields.text("owner", required=True, expected="the office that answers for the policy")
    audience = read_audience(fields)
    effective, review_by = _dates(fields)
    months = fields.whole("reattest_months", None, low=1, high=600, expected="whole months, 1 to 600")
    competencies = _competencies(fields, known_competencies)
    responsibilities = read_responsibilities(
        fields, None if known_responsibilities is None else frozenset(known_responsibilities)
    )
    statement = fields.text("statement", STATEMENT, expected="the sentence that a reader attests")
    fields.finish()
    page = document.page(language)
    faults += page.faults
    changes_html = _changes(document, language, faults)
    if effective is None or failed(faults):
        return None, sorted(faults)
    policy = Policy(
        code=code, title=title, summary=summary, edition=edition, language=language, owner=owner, audience=audience,
        effective=effective, review_by=review_by, reattest_months=months, competencies=competencies,
        responsibilities=responsibilities, statement=statement, html=page.html, changes_html=changes_html,
        words=page.words, digest=document.digest, path=path,
    )  # fmt: skip
    return policy, sorted(faults)


def _dates(fields: Fields) -> tuple[date | None, date | None]:
    effective = fields.day("effective", required=True)
    review_by = fields.day("review_by")
    if review_by is None and not fields.has("review_by"):
        fields.warning("review_by", "the field “review_by” is missing: say by when the owner looks at the policy again")
    if effective and review_by and review_by <= effective:
        fields.error(
            "review_by", f"“review_by: {review_by}” is not after “effective: {effective}”: expected a later day"
        )
    return effective, review_by


def _competencies(fields: Fields, known: Collection[str] | None) -> tuple[str, ...]:
    codes = fields.texts("competencies", expected="codes of the framework's competencies, as in [A1, E1]", longest=20)
    for code in codes:
        if known is not None and code not in known:
            fields.error("competencies", unknown_competency(code, frozenset(known)))
    return codes


def _changes(document: Document, language: str, faults: list[Fault]) -> str:
    """Return the section on what changed, rendered alone, without its heading and without ids."""
    lines = split_lines(document.body, document.body_line, Report(document.path))
    start = next((at for at, line in enumerate(lines) if _opens_changes(line)), None)
    if start is None:
        message = f"does not say what changed: expected {CHANGES_EXPECTED}"
        faults.append(Fault(document.path, document.body_line, 1, "error", message))
        return ""
    end = next((at for at, line in enumerate(lines) if at > start and _next_section(line)), len(lines))
    body = "\n".join(line.text for line in lines[start + 1 : end])
    if not body.strip():
        message = "this section is empty: expected what changed, or that this is the first edition"
        faults.append(Fault(document.path, lines[start].number, 1, "error", message))
        return ""
    # Faults of these words are said once, by the whole page.
    return Renderer(language=language).block(body, document.source(body, lines[start].number + 1)).html


def _opens_changes(line: Line) -> bool:
    heading = read_heading(line, Report(""))
    return heading is not None and heading.id == CHANGES


def _next_section(line: Line) -> bool:
    return not line.opaque and _SECTION.match(line.text) is not None
