"""Evaluation forms: rounds, questions, options, and what is said about the rest."""

from __future__ import annotations

import pytest

from courses.evaluations import Option, read_evaluation

FORM = """\
---
code: COURSE-EVALUATION
title: Evaluation of a course
edition: "2026.1"
scale: [No, Rather no, Neither, Rather yes, Yes]
---

Answers carry *no name*.

# At the end {#end days=0}

Two minutes.

## It was relevant to **my** work {#relevance .rating asks=relevance level=1}

Think of your last week.

## Was it free of commercial bias? {#bias .choice asks=commercial-bias}

- Yes, `free` of it {#free}
- No, a product
  was favoured {#biased}

## What will you do differently? {#plan .text asks=intention required=yes}

# Later {#later days="90,30"}

## Which parts did you use? {#used .choices asks=practice level=3 required=no}

- The banner
- The alert

## How often? {#often .rating level=3}

1. Never
2. Once
3. Weekly
4. Daily
5. Always
"""


def said(text: str) -> list[str]:
    found, faults = read_evaluation(text, "e.md")
    assert (found is None) == any(one.severity == "error" for one in faults)
    return [f"{one.line}:{one.column} {one.severity} {one.message}" for one in faults]


def test_a_form_has_rounds_of_questions() -> None:
    form, faults = read_evaluation(FORM, "e.md")
    assert faults == []
    assert form is not None
    assert (form.code, form.html) == ("COURSE-EVALUATION", "<p>Answers carry <em>no name</em>.</p>")
    assert [(one.id, one.title, one.days) for one in form.rounds] == [
        ("end", "At the end", (0,)), ("later", "Later", (30, 90)),
    ]  # fmt: skip
    assert form.rounds[0].html == "<p>Two minutes.</p>"
    relevance, bias, plan = form.rounds[0].questions
    assert (relevance.kind, relevance.asks, relevance.level, relevance.required) == ("rating", "relevance", 1, True)
    assert relevance.title == "It was relevant to my work"
    assert relevance.html == "It was relevant to <strong>my</strong> work"
    assert relevance.help_html == "<p>Think of your last week.</p>"
    assert [one.html for one in relevance.options] == ["No", "Rather no", "Neither", "Rather yes", "Yes"]
    assert bias.options == (
        Option("free", "Yes, <code>free</code> of it"), Option("biased", "No, a product was favoured"),
    )  # fmt: skip
    assert (plan.kind, plan.options, plan.required) == ("text", (), True)
    used, often = form.rounds[1].questions
    assert (used.kind, used.required, [one.id for one in used.options]) == ("choices", False, ["1", "2"])
    assert [one.html for one in often.options] == ["Never", "Once", "Weekly", "Daily", "Always"]


def test_a_form_without_rounds_is_asked_at_the_end_of_the_course() -> None:
    start = FORM.index("# At the end")
    form, _ = read_evaluation(FORM[:start] + FORM[FORM.index("## It was") : FORM.index("# Later")], "e.md")
    assert form is not None
    assert [(one.id, one.days, len(one.questions)) for one in form.rounds] == [("after", (0,), 3)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (" .rating asks=relevance", "", "14:1 error expected the question's type, one of .rating, .choice, .choices"),
        (".choices", ".stars", "28:36 error unknown type .stars; expected the question's type"),
        ("{#bias", "{#relevance", "18:37 error the id 'relevance' is already used on line 14"),
        ("{#end days=0}", "{days=0}", "10:1 error this round has no id"),
        ("{#end days=0}", "{#end}", "10:1 error this round does not say when it is asked: expected days after"),
        ('days="90,30"', "days=soon", "26:17 error days='soon' cannot be read"),
        ("level=1", "level=5", "14:70 error level='5' cannot be read; expected one of 1, 2, 3, 4"),
        ("asks=practice", "asks=weather", "28:45 error asks='weather' cannot be read; expected one of relevance,"),
        ("required=no", "needed=no", "28:67 error unknown attribute 'needed'; expected one of asks, level, required"),
        ("5. Always\n", "", "33:1 error a rating has 5 points: expected a numbered list of 5"),
        ("scale: [No, Rather no, Neither, Rather yes, Yes]\n", "", "13:1 error a rating has 5 points"),
        ("Rather no, ", "", "5:8 error “scale” holds 4 words"),
        ("- The alert\n", "", "28:1 error expected two or more options"),
        ("- The alert\n", "- The alert\n\nMore.\n", "33:1 error text after the options; expected it above them"),
        ("{#biased}", "{#free}", "21:1 error the option id 'free' stands twice"),
        ("{#biased}", "{#Biased}", "21:1 error the id 'Biased' is not one"),
        (" asks=commercial-bias", "", "7:1 warning no question at the end of the course asks about commercial-bias"),
        ("**my**", "[my](x.md)", "14:25 error"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, expected: str) -> None:
    assert old in FORM
    found = said(FORM.replace(old, new, 1))
    assert any(expected in one for one in found), found


def test_a_form_that_asks_nothing_is_an_error() -> None:
    assert any("asks nothing" in one for one in said(FORM[: FORM.index("# At the end")]))
    empty = FORM[: FORM.index("## It was")] + FORM[FORM.index("# Later") :]
    assert any("this round asks nothing" in one for one in said(empty))
