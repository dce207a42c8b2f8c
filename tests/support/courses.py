"""A tiny sample course as a mapping of files, for every test that needs something published.

The course has two lessons, six items, one knowledge check, one picture and an exam without a
draw, so that its paper is the whole bank. `RIGHT` holds for each item what the answer form of
formats.md calls right, told by texts and not by ids, because ids are opaque.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CODE = "SAFE-101"
LESSONS = ("right-patient", "alerts")
ITEMS = ("two-identifiers", "checked-twice", "wrong-chart", "heparin-rate", "cpoe-abbr", "alert-override")

# What is right, by item: texts of options, a number, or a string.
RIGHT: Mapping[str, object] = {
    "two-identifiers": "Name and date of birth",
    "checked-twice": ["The name on the banner", "The encounter on the banner"],
    "wrong-chart": "True",
    "heparin-rate": 12,
    "cpoe-abbr": "computerized provider order entry",
    "alert-override": "Review the override reasons and retire rules that never change an order",
}

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40" role="img">'
    b"<title>A banner with name and encounter</title>"
    b'<rect width="120" height="40" fill="#e6f0f0"/><text x="8" y="24" font-size="12">Sample, Asha</text></svg>'
)

LESSON_1 = """\
---
title: The right patient, the right encounter
minutes: 1
---

An order on the wrong chart is easy to make and hard to see.

## Look at the banner {#banner}

Read the name and the encounter **before** you order.

![The banner shows the name and the encounter](media/banner.svg)

> [!CHECK] two-identifiers

## When it went wrong {#wrong}

Stop the order, write why, and report it. Then read [about alerts](20-alerts.md).
"""

LESSON_2 = """\
---
title: Alerts worth reading
minutes: 1
---

Most alerts are overridden. {text}

## What an alert knows {#knows}

The rule sees two codes. You see the patient.

> [!NOTE]
> A silent screen is not a safe order.

## What you do {#do}

Give a reason that the next reader can act on.
"""

QUESTIONS = """\
---
competency: B1
level: 2
---

## Two identifiers {#two-identifiers}

Which two identifiers do you compare before an order?

- [x] Name and date of birth
  > Both stand on the banner and on the wristband.
- [ ] Bed and ward
  > Beds change faster than banners.
- [ ] Diagnosis and consultant
  > Two people on one ward can share both.

> Two identifiers that stay with the person.

## What to check {#checked-twice}

What do you check before you sign?

- [x] The name on the banner
- [x] The encounter on the banner
- [ ] The colour of the screen
  > It tells which system you are in, not which patient.
- [ ] The name of the ward clerk
  > It does not say whose chart is open.

> Name and encounter.

## Wrong chart {#wrong-chart}

An order on the wrong chart is reported even when nobody was harmed.

- [x] True
  > Near misses show where the next one comes from.
- [ ] False
  > Without a report nobody learns.

> Report near misses.

## Infusion rate {#heparin-rate}

Heparin 25,000 units in 250 mL, ordered at 1,200 units/h. What rate do you set, in mL/h?

= 12 ± 0.1 mL/h

> 25,000 units in 250 mL are 100 units in 1 mL.

## Abbreviation {#cpoe-abbr}

What does CPOE stand for?

= computerized provider order entry | computerised physician order entry

> The order is entered by the one who decides it.

## Overridden alerts {#alert-override competency=B4}

A hospital's interaction alerts are overridden 94 % of the time. What is the best *first* step?

- [ ] Switch all interaction alerts off
  > That removes the ones that prevent harm too.
- [x] Review the override reasons and retire rules that never change an order
  > The reasons show which rules only make noise.
- [ ] Require a second signature on every override
  > A signature does not make a bad rule good.

> Alerts that are always overridden train people to ignore the rest.
"""

EXAM: Mapping[str, object] = {
    "title": "Final assessment",
    "pass": 80,
    "attempts": 3,
    "wait_hours": 24,
    "time_limit": 20,
    "open": "after_lessons",
    "confidence": "true",
    "feedback": "after_submit",
}


def course_files(
    code: str = CODE,
    *,
    edition: str = "2026.1",
    title: str = "Safer orders, a sample",
    text: str = "Few are read.",
    audience: Sequence[str] = ("physician", "nurse"),
    prerequisites: Sequence[str] = (),
    competencies: Mapping[str, int] | None = None,
    valid_months: int | None = 24,
    exam: Mapping[str, object] | None = EXAM,
    questions: str = QUESTIONS,
    extra: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The files of a sample course. `exam` None leaves out exam.md; `text` stands in the second lesson.

    Values of `exam` that are None are left out, so `EXAM | {"time_limit": None}` has no time limit.
    `extra` adds or replaces files by their path.
    """
    claims = competencies if competencies is not None else {"B1": 2, "B4": 2}
    head = [
        f"code: {code}",
        f"title: {title}",
        "summary: Read the banner, answer the alert, and say why.",
        f'edition: "{edition}"',
        "language: en",
        f"audience: [{', '.join(audience)}]",
        "minutes: 8",
        "competencies: [" + ", ".join(f"{{code: {c}, level: {n}}}" for c, n in claims.items()) + "]",
        f"prerequisites: [{', '.join(prerequisites)}]",
        "responsibilities: [R3]",
        *([f"valid_months: {valid_months}"] if valid_months else []),
        "objectives:",
        "  - Compare two identifiers before every order",
        "  - Answer an alert with a reason that helps",
        "authors: [{name: R. Example, credentials: PharmD, disclosure: none}]",
        "review_by: 2027-11-01",
    ]
    files = {
        "course.md": "---\n" + "\n".join(head) + "\n---\n\nTwo moments that decide whether an order helps.\n",
        "10-right-patient.md": LESSON_1,
        "20-alerts.md": LESSON_2.replace("{text}", text),
        "questions.md": questions,
    }
    if exam is not None:
        rules = "\n".join(f"{name}: {value}" for name, value in exam.items() if value is not None)
        files["exam.md"] = f"---\n{rules}\n---\n\nRead each question to its end. You may go back.\n"
    found = {path: content.encode() for path, content in files.items()} | {"media/banner.svg": PICTURE}
    return found | dict(extra or {})


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write the files under `folder` and return it."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def as_zip(files: Mapping[str, bytes], folder: str = "") -> bytes:
    """The files as a zip archive, under `folder` inside it where one is given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(f"{folder}/{path}" if folder else path, data)
    return out.getvalue()
