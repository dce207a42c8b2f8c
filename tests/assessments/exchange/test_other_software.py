"""Files made by software of others come in with a truthful report, and software of others reads ours.

Nothing here was written to suit this project: the writers and readers are packages of their own, which the development
environment pins. What each file holds beside our questions is said in `docs/exchange.md`.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import playwright
import pytest

from assessments.answers import Choices, Cloze, Essay, Gap, Matching, Numeric, Ordering, Text
from assessments.exchange.conversion import Import, read_items, write_items
from assessments.model import Bank
from assessments.reading import read_bank
from tests.assessments.exchange.generated import placeless
from tests.assessments.exchange.roundtrip import meaning
from tests.assessments.exchange.samples import USUAL, outcomes

HERE = Path(__file__).parent
# The script engine that the browser driver brings.
NODE = Path(playwright.__file__).parent / "driver" / "node"
PARSE = "process.stdout.write(JSON.stringify(require(process.argv[1]).parse(require('fs').readFileSync(0, 'utf8'))))"


def tool(name: str, *arguments: str, at: Path) -> None:
    """Run a command that a package put beside this Python."""
    command = [str(Path(sys.executable).parent / name), *arguments]
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def carried(package: str, name: str) -> bytes:
    """The bytes of a file that a package carries."""
    (found,) = (one for one in importlib.metadata.files(package) or [] if one.name == name)
    return Path(found.locate()).read_bytes()


def statuses(found: Import) -> dict[str, str]:
    return {one.id: one.status for one in found.record.outcomes}


def test_a_question_bank_that_moodle_exported_comes_in_with_every_loss_named() -> None:
    found = read_items(carried("amc2moodle", "moodle-bank-exemple.xml"))
    assert statuses(found) == {
        "problemdescription": "refused", "essai": "changed", "html-layout": "changed", "table": "changed",
        "code": "changed", "num-int": "imported", "num-float": "changed", "num-2ans": "changed",
        "num-2rounding": "changed", "calculee": "refused", "checkcomputation": "refused", "markdown": "changed",
        "plain-text": "imported",
    }  # fmt: skip
    said = outcomes(found)
    assert said["num-2rounding"].reasons[0].endswith("earned 50 % and is now not accepted")
    assert "its number was rounded to 12 decimal places" in said["num-float"].reasons
    assert "the feedback for the whole question is left out: “Votre réponse est correcte.”" in said["table"].reasons
    assert "the alignment of text was left out" in said["html-layout"].reasons
    assert "computed from a formula" in said["calculee"].reasons[0]
    assert sorted(found.media) == ["media/4.png", "media/dessin.svg"]
    code = found.bank.item("code")
    assert "```\na = 2\nb = a + 3.14\n```" in code.stem
    assert code.rationale == "global feedback"


def test_a_paper_test_that_another_tool_made_moodle_questions_of_comes_in() -> None:
    found = read_items(carried("amc2moodle", "QCM.xml"))
    counts = [found.record.count(one) for one in ("imported", "changed", "refused")]  # type: ignore[arg-type]
    assert counts == [1, 8, 4]
    said = outcomes(found)
    assert said["with-int"].reasons == (
        "the answer “295.0” earned 50 % and is now not accepted",
        "the answer “285.0” earned 50 % and is now not accepted",
    )
    answer = found.bank.item("pref").answer
    assert isinstance(answer, Choices)
    assert sum(one.right for one in answer.options) == 2
    assert "the wrong option “Sainte-Menehould” cost 12.5 % and now costs 50 %" in said["pref"].reasons
    assert found.bank.item("qsimple-img").stem.count("](media/") == 1


YAML = """\
type: multiple_choice
title: Wrong chart
question: The open chart is another patient's. What comes first?
general_feedback: Nothing is written into a chart that is not the patient's.
answers:
  - {answer: Close it, points: 100, feedback: Nothing has been written yet.}
  - {answer: Tell the patient, points: 50, feedback: Later.}
  - {answer: Write on, points: 0, feedback: That is how errors begin.}
---
type: true_false
title: Near miss
question: A near miss is reported even when nobody was harmed.
correct_answer: true
general_feedback: It shows where the next one comes from.
correct_feedback: Right.
incorrect_feedback: Without a report nobody learns.
---
type: numerical
title: Rate
question: How many mL an hour?
general_feedback: 100 units in 1 mL.
answers:
  - {answer: 12, tolerance: 0.1, points: 100, feedback: Right.}
---
type: shortanswer
title: Short for
question: What does CPOE stand for?
general_feedback: Every order.
answer_case_sensitive: false
answers:
  - {answer: computerised provider order entry, points: 100, feedback: Right.}
  - {answer: order entry, points: 40, feedback: By computer.}
---
type: matching
title: Who does it
question: Who does what?
general_feedback: Each act has one owner.
shuffle_answers: SHUFFLE
options:
  - {question: Verifies the order, answer: Pharmacist}
  - {question: Signs the order, answer: Physician}
  - {answer: Visitor}
---
type: ordering
title: Verbal order
question: What comes after what?
general_feedback: Read it back.
subset_size: 2
grading_type: relative_position
show_grading_details: true
numbering_style: numbers
answers: [Write it down, Read it back, Hear it confirmed]
---
type: essay
title: Alert
question: Describe one alert that helped.
general_feedback: One is enough.
response_format: plain
text_response: {required: true, lines_shown: 5, template: It was, allow_media_in_text: false}
grader_info: Names the alert and the harm.
---
type: missing_words
title: Banner
question: Compare [[1]] and [[2]].
general_feedback: Two identifiers.
correct_feedback: Yes.
partial_feedback: One more.
incorrect_feedback: No.
options:
  - {answer: name, group: 1}
  - {answer: birth date, group: 1}
  - {answer: room, group: 1}
---
type: cloze
title: Dose
question: "Give {1:NUMERICAL:=5:0.5} mg."
general_feedback: By weight.
---
type: multiple_true_false
title: Grid
question: True or not?
general_feedback: Each for itself.
shuffle_answers: false
answers:
  - {answer: Alerts tire, choice: true, feedback: They do.}
  - {answer: Alerts decide, choice: false, feedback: People do.}
"""


def test_moodle_xml_that_a_question_tool_writes_comes_in_type_by_type(tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(YAML, encoding="utf-8")
    tool("make-questions", "-i", "in.yaml", "-o", "out.xml", at=tmp_path)
    found = read_items((tmp_path / "out.xml").read_bytes())
    assert statuses(found) == {
        "wrong-chart": "changed", "near-miss": "imported", "rate": "changed", "short-for": "changed",
        "who-does-it": "imported", "verbal-order": "changed", "alert": "changed", "banner": "changed",
        "dose": "changed", "grid": "refused",
    }  # fmt: skip
    said = {one.id: one.reasons for one in found.record.outcomes}
    assert said["wrong-chart"] == ("the option “Tell the patient” earned 50 % and now earns nothing",)
    assert said["rate"] == ("the feedback to the answer “12” is left out: “Right.”",)
    assert "the answer “order entry” earned 40 % and is now not accepted" in said["short-for"]
    assert said["verbal-order"] == (
        "only some of its entries were asked; here all are",
        "partial marks were given by another rule; here each entry in its place earns its share",
    )
    assert "the template that the answer began with is left out" in said["alert"]
    assert said["banner"][0].endswith("the choices that fit no gap are left out: room")
    assert said["dose"] == ("the answer stood within the sentence; an ellipsis marks its place now",)
    assert "a question of the type mtf" in said["grid"][0]
    bank = found.bank
    rate, dose, pairs, gaps, essay = (
        bank.item(one).answer for one in ("rate", "dose", "who-does-it", "banner", "alert")
    )
    assert isinstance(rate, Numeric)
    assert isinstance(dose, Numeric)
    assert [rate.ranges[0].shown, dose.ranges[0].shown] == ["12 ± 0.1", "5 ± 0.5"]
    assert isinstance(pairs, Matching)
    assert pairs.choices == ("Pharmacist", "Physician", "Visitor")
    assert gaps == Cloze((Gap(("name",)), Gap(("birth date",))), False)
    assert isinstance(essay, Essay)
    assert essay.criteria[0].descriptors == ("Names the alert and the harm.",)
    row = bank.item("verbal-order").answer
    assert row == Ordering(("Write it down", "Read it back", "Hear it confirmed"))
    assert all(item.rationale for item in bank.items), "every general feedback came along"


TEXT = """\
Quiz title: Night team
Quiz description: A few questions

Title: Wrong chart
Points: 2
1.  The open chart is another patient's. What comes *first*?
... Nothing is written into it.
a)  Write on
... That is how errors begin.
*b) Close it
... Nothing has been written yet.

Title: On the banner
2.  What do you check? ![the banner](banner.png)
[*] The name
[*] The encounter
[ ] The colour

3.  A near miss is reported.
*a) True
b) False

4.  How many mL an hour?
=   12 +- 0.1

5.  What does CPOE stand for?
*   computerised provider order entry
*   computerized provider order entry

6.  Describe one alert.
____

7.  Bring the form.
^^^^
"""


def test_a_quiz_for_canvas_comes_in_with_its_pictures_and_feedback(tmp_path: Path) -> None:
    (tmp_path / "night.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "banner.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    tool("text2qti", "night.txt", at=tmp_path)
    found = read_items((tmp_path / "night.zip").read_bytes())
    assert found.record.source == "qti12"
    assert [(one.type, one.status) for one in found.record.outcomes] == [
        ("single", "imported"), ("multiple", "imported"), ("truefalse", "imported"), ("numeric", "imported"),
        ("text", "imported"), ("essay", "changed"), ("file_upload_question", "refused"),
    ]  # fmt: skip
    chart, banner, *_rest = found.bank.items
    assert (chart.title, chart.points, chart.rationale) == ("Wrong chart", 2, "Nothing is written into it.")
    assert chart.stem.endswith("What comes *first*?")
    assert isinstance(chart.answer, Choices)
    assert [(one.right, one.feedback) for one in chart.answer.options] == [
        (False, "That is how errors begin."), (True, "Nothing has been written yet."),
    ]  # fmt: skip
    assert "![the banner](media/banner.png)" in banner.stem
    assert found.media == {"media/banner.png": b"\x89PNG\r\n\x1a\n"}
    rate, words = (item.answer for item in found.bank.items[3:5])
    assert isinstance(rate, Numeric)
    assert rate.ranges[0].shown == "12 ± 0.1"
    assert isinstance(words, Text)
    assert [one.text for one in words.alternatives] == [
        "computerised provider order entry", "computerized provider order entry",
    ]  # fmt: skip


SHOWN = read_bank("## Pump {#pump}\n\n![A pump](media/pump.png)\n\nOn?\n\n- [x] Yes\n- [ ] No\n", "q.md")[0]


@pytest.mark.parametrize(("version", "act", "other"), [("qti21", "upgrade", "qti30"), ("qti30", "downgrade", "qti21")])
def test_what_a_converter_of_others_makes_of_our_packages_means_the_same(
    tmp_path: Path, version: str, act: str, other: str
) -> None:
    bank, media = Bank((*USUAL.items, *SHOWN.items), USUAL.cases), {"media/pump.png": b"\x89PNG\r\n\x1a\n"}
    made = write_items(bank, version, media=media)
    (tmp_path / "ours.zip").write_bytes(made.data)
    tool("qti-convert", act, "ours.zip", "theirs.zip", at=tmp_path)
    found = read_items((tmp_path / "theirs.zip").read_bytes())
    assert found.record.source == other
    assert set(statuses(found).values()) == {"imported"}
    assert found.media == media
    ours = {item.id: meaning(item) for item in placeless(read_items(made.data).bank).items}
    assert {item.id: meaning(item) for item in placeless(found.bank).items} == ours
    assert len(ours) == len(bank.items)


def parsed(data: bytes) -> list[dict[str, Any]]:
    """What another parser of GIFT finds in a file."""
    command = [str(NODE), "-e", PARSE, str(HERE / "vendor" / "gift-parser.js")]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


TRICKY = read_bank(
    "## Marks ~ = # { } : \\\\ {#marks}\n\nIs `a{b}` = *c* ~ d # e : f \\\\ g?\n\n- [x] = yes {1}\n  > Said: ~ # =\n"
    "- [ ] no ~ #\n\n> Because {x} -> y.\n",
    "q.md",
)[0]


def test_another_parser_of_gift_finds_the_same_questions_keys_and_feedback_in_ours() -> None:
    bank = Bank((*USUAL.items, *TRICKY.items), USUAL.cases)
    made = write_items(bank, "gift")
    found = {one["id"]: one for one in parsed(made.data)}
    assert list(found) == [one.id for one in made.record.outcomes if one.status != "refused"]
    kinds = {"single": "MC", "multiple": "MC", "truefalse": "TF", "numeric": "Numerical", "text": "Short"}
    for name, one in found.items():
        item = bank.item(name)
        assert one["type"] == kinds.get(item.type, "Matching")
        if isinstance(item.answer, Choices) and item.type != "truefalse":
            right = [bool(each["isCorrect"] or (each["weight"] or 0) > 0) for each in one["choices"]]
            assert right == [each.right for each in item.answer.options]
            assert [bool(each["feedback"]) for each in one["choices"]] == [
                bool(each.feedback) for each in item.answer.options
            ]
    assert found["b"]["tags"] == ["competency:B1", "level:2", "x", "y"]
    assert found["c"]["choices"] == {"type": "range", "number": 1, "range": 0.5}
    marks = found["marks"]
    assert marks["stem"]["text"] == "<p>Is <code>a{b}</code> = <em>c</em> ~ d # e : f \\ g?</p>"
    assert marks["choices"][0]["text"]["text"] == "<p>= yes {1}</p>"
    assert marks["choices"][0]["feedback"]["text"] == "<p>Said: ~ # =</p>"
    assert marks["globalFeedback"]["text"] == "<p>Because {x} -&gt; y.</p>"
