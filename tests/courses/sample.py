"""A small course without any fault, for tests that change one thing in it."""

from __future__ import annotations

COURSE = """\
---
code: SAFE-101
title: Safer orders, a sample
summary: Read the banner, answer the alert, and say why.
edition: "2026.1"
language: en
audience: [physician, nurse]
minutes: 6
competencies: [{code: B1, level: 2}, {code: B4, level: 2}]
prerequisites: []
responsibilities: [R3]
valid_months: 24
objectives:
  - Compare two identifiers before every order
authors: [{name: R. Example, credentials: PharmD, disclosure: none}]
review_by: 2027-11-01
---

Two moments that decide whether an order helps.
"""

LESSON_1 = """\
---
title: The right patient, the right encounter
minutes: 2
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
minutes: 2
---

Most alerts are overridden. The rule sees two codes. You see the patient.

## What an alert knows {#knows}

> [!NOTE]
> A silent screen is not a safe order.

| Tier | Right in |
|---|--:|
| Stop | 71 % |
"""

QUESTIONS = """\
---
competency: B1
level: 2
---

## Two identifiers {#two-identifiers}

Which two identifiers do you compare before an order?

- [x] Name and date of birth
- [ ] Bed and ward
  > Beds change faster than banners.

> Two identifiers that stay with the person.

## Infusion rate {#heparin-rate}

Heparin 25,000 units in 250 mL, ordered at 1,200 units/h. What rate do you set, in mL/h?

= 12 ± 0.1 mL/h

> 25,000 units in 250 mL are 100 units in 1 mL.

## Overridden alerts {#alert-override competency=B4}

A hospital's interaction alerts are overridden 94 % of the time. What is the best *first* step?

- [ ] Switch all interaction alerts off
  > That removes the ones that prevent harm too.
- [x] Review the override reasons

> Alerts that are always overridden train people to ignore the rest.
"""

EXAM = """\
---
title: Final assessment
pass: 80
attempts: 3
wait_hours: 24
time_limit: 2
open: after_lessons
confidence: true
feedback: after_submit
---

Take your time.
"""

BANNER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><title>A banner</title>'
    b'<rect width="9" height="9"/></svg>'
)


def course_files() -> dict[str, bytes]:
    """Return the files of the course by path."""
    texts = {
        "course.md": COURSE,
        "10-right-patient.md": LESSON_1,
        "20-alerts.md": LESSON_2,
        "questions.md": QUESTIONS,
        "exam.md": EXAM,
    }
    return {**{path: text.encode() for path, text in texts.items()}, "media/banner.svg": BANNER}


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    """Return the files with the first `old` in `path` replaced by `new`; fails where `old` is not there."""
    files = course_files()
    text = files[path].decode()
    assert old in text, f"{old!r} is not in {path}"
    return {**files, path: text.replace(old, new, 1).encode()}
