"""The courses that journeys take, and what is right and wrong in them as a learner reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support import courses as sample

EVERY_TYPE = """\
---
competency: B1
level: 2
---

## Best step {#best-step}

An alert is overridden on nine orders of ten. What is the best *first* step?

- [ ] Switch it off
  > That also removes the one that helps.
- [x] Read the override reasons
  > They show which rules only make noise.
- [ ] Ask for a second signature
  > A signature mends no rule.

> Reasons show which rules to retire.

## On the banner {#on-banner}

What do you check on the banner before you sign?

- [x] The name
- [x] The encounter
- [ ] The colour of the screen
  > It tells the system, not the patient.

> Name and encounter.

## Near misses {#near-misses}

A near miss is reported even when nobody was harmed.

- [x] True
  > It shows where the next one comes from.
- [ ] False
  > Without a report nobody learns.

> Report it.

## Rate {#rate}

Heparin 25,000 units in 250 mL, ordered at 1,200 units/h. What rate do you set, in mL/h?

= 12 ± 0.1 mL/h

> 100 units in 1 mL.

## Abbreviation {#abbreviation}

What does CPOE stand for?

= computerized provider order entry | computerised provider order entry

> The order is entered by the one who decides it.

## Who does what {#who-does-what .matching}

Match each act with the one who does it.

| Act | Who |
|---|---|
| Verifies the order | Pharmacist |
| Signs the order | Physician |
| Scans the wristband | Nurse |

> One act, one owner.

## Steps of a read-back {#read-back .ordering}

Put the steps of a read-back in order.

1. Write the order down
2. Read it back
3. Hear it confirmed

> Writing comes first.

## Two identifiers {#identifiers .cloze}

Compare the {{name}} and the date of {{birth}}.

> Both stay with the person.

## A new finding {#new-finding .concordance}

You thought the alert was noise. Then you see that renal function fell overnight. Noise is now …

| −2 | −1 | 0 | +1 | +2 |
|---|---|---|---|---|
| 6 | 4 | 1 | 0 | 0 |

> Most of the panel drop the idea.

## In your words {#own-words .essay}

Describe one alert that you would retire, and why.

| Criterion | Points | Descriptors |
|---|---|---|
| Names a rule | 1 | which rule and where |
| Gives a reason | 1 | the reason rests on what happened |

# Case: A pump at night {#case-pump}

A pump runs at 120 mL/h; the order says 12.

## A note from the ward {#note-first}

What do you open *first*?

- [x] The pump's own log
  > It holds the rate that ran.
- [ ] The screen of a neighbour
  > It tells of another patient.

> The pump knows what it did.

## A note to the ward {#note-then}

Whom do you tell?

- [x] The prescriber and the pharmacist
  > Both act on the same order.
- [ ] Nobody until morning
  > The rate runs on until then.

> Those who can change the order.

# Case: The blank screen {#case-blank}

You are the nurse on a ward. The record is down.

## First call {#first-call .branching}

The screen is blank at 14:25. What do you do first?

- [x] Look at the downtime sheet → #second-call
  > The sheet names the computer that holds the copy.
- [ ] Wait for it to come back → #second-call
  > Nothing happens for a quarter of an hour.

> The sheet first.

## Second call {#second-call .branching}

The copy is stamped 13:50. What do you write on it?

- [x] The time at which you read it
  > Now everyone can see how old it is.
- [ ] Nothing
  > Later nobody knows how old it was.

> A copy without a time is a rumour.
"""


@dataclass(frozen=True)
class Question:
    """A question as its reader meets it: a part of its text, its type, a right and a wrong answer."""

    says: str
    type: str
    right: Any
    wrong: Any


SAMPLE = (
    Question("Which two identifiers", "single", "Name and date of birth", "Bed and ward"),
    Question(
        "What do you check before you sign", "multiple",
        ["The name on the banner", "The encounter on the banner"], ["The colour of the screen"],
    ),
    Question("An order on the wrong chart", "single", "True", "False"),
    Question("What rate do you set", "numeric", "12", "120"),
    Question("What does CPOE stand for", "text", "computerized provider order entry", "something else"),
    Question("overridden 94", "single", "Review the override reasons", "Switch all interaction alerts off"),
)  # fmt: skip

WIDGETS = (
    Question("best first step", "single", "Read the override reasons", "Switch it off"),
    Question(
        "What do you check on the banner", "multiple", ["The name", "The encounter"], ["The colour of the screen"]
    ),
    Question("A near miss is reported", "single", "True", "False"),
    Question("What rate do you set", "numeric", "12", "1"),
    Question("What does CPOE stand for", "text", "computerised provider order entry", "something else"),
    Question(
        "Match each act", "matching",
        {"Verifies the order": "Pharmacist", "Signs the order": "Physician", "Scans the wristband": "Nurse"},
        {"Verifies the order": "Nurse", "Signs the order": "Nurse", "Scans the wristband": "Physician"},
    ),
    Question(
        "Put the steps", "ordering",
        ["Write the order down", "Read it back", "Hear it confirmed"],
        ["Hear it confirmed", "Read it back", "Write the order down"],
    ),
    Question("and the date of", "cloze", ["name", "birth"], ["bed", "ward"]),
    Question("What do you open first", "single", "The pump's own log", "The screen of a neighbour"),
    Question("Whom do you tell", "single", "The prescriber and the pharmacist", "Nobody until morning"),
    Question(
        "The screen is blank", "branching",
        ["Look at the downtime sheet", "The time at which you read it"], ["Wait for it", "Nothing"],
    ),
    Question("Describe one alert", "essay", "The allergy rule for a cough syrup; nobody changed an order.", "No."),
)  # fmt: skip

# What a lesson may ask and an exam may not.
OPINION = Question("Noise is now", "concordance", "−2", "+2")


CHECKED = (
    "best-step", "on-banner", "near-misses", "rate", "abbreviation", "who-does-what", "read-back", "identifiers",
    "new-finding", "first-call",
)  # fmt: skip


def sample_course(code: str, **changes: Any) -> dict[str, bytes]:
    """The small course of the suite under a code of its own; see `course_files` for what may be changed."""
    return sample.course_files(code, **changes)


def every_type_course(code: str, **changes: Any) -> dict[str, bytes]:
    """A course whose exam asks one question of each type; two share a vignette, and a person marks the last.

    Its first lesson checks one of each type that a lesson may ask, script concordance among them.
    """
    checks = "\n".join(f"## {each} {{#look-{each}}}\n\n> [!CHECK] {each}\n" for each in CHECKED)
    lesson = f"---\ntitle: Before you sign\nminutes: 8\n---\n\nRead the banner.\n\n{checks}"
    only: Mapping[str, bytes] = {"10-right-patient.md": lesson.encode(), "20-alerts.md": AFTER.encode()}
    return sample.course_files(code, questions=EVERY_TYPE, title="Every kind of question", extra=only, **changes)


AFTER = """\
---
title: After you signed
minutes: 1
---

See that it arrived.

## Look again {#again}

> [!NOTE]
> An order that nobody saw was not given.

![The banner shows the name and the encounter](media/banner.svg)
"""
