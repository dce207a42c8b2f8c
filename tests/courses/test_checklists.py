"""A checklist is read from one Markdown file, with every fault at its place, and critical items decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.__main__ import main
from courses.checklists import ANSWERS, MET, outcome, read_checklist
from courses.framework import default_framework

CONTENT = Path(__file__).resolve().parents[2] / "courses" / "content" / "checklists"
CODES = default_framework().codes
TEXT = """\
---
code: OBS-T1
title: A sample checklist
competency: B1
level: 3
edition: "2026.1"
minutes: 5
---

Watch one *real* order.

- [ ] Reads the banner {#banner .critical}
  > Aloud.
- [ ] Reads the summary
  to its end {#summary}
"""


def faults_of(text: str) -> list[str]:
    return [f"{each.line}: {each.severity}: {each.message}" for each in read_checklist(text, "t.md", CODES)[1]]


def test_a_checklist_is_read_with_its_items_in_order():
    checklist, faults = read_checklist(TEXT, "t.md", CODES)
    assert faults == []
    assert checklist is not None
    assert (checklist.code, checklist.competency, checklist.level, checklist.minutes) == ("OBS-T1", "B1", 3, 5)
    assert checklist.intro_html == "<p>Watch one <em>real</em> order.</p>"
    assert [(item.id, item.html, item.hint_html, item.critical) for item in checklist.items] == [
        ("banner", "Reads the banner", "Aloud.", True), ("summary", "Reads the summary to its end", "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("competency: B1", "competency: Z9", "4: error: the competency “Z9” is not in the framework"),
        ("level: 3", "level: 5", "5: error: “level: 5” is not readable"),
        ("code: OBS-T1", "code: obs", "2: error"),
        ("minutes: 5\n", "", "1: error: the field “minutes” is missing"),
        ("{#summary}", "", "14: error: the item has no id"),
        ("{#summary}", "{#banner}", "14: error: the id “banner” stands here twice"),
        ("{#summary}", "{#summary .must}", "14: error: “.must” is not known here"),
        ("- [ ] Reads the summary", "- [x] Reads the summary", "14: error: “[x]” is no empty box"),
        ("- [ ] Reads the summary", "- [ ]Reads the summary", "14: error: a space is missing after the box"),
        (" .critical", "", "12: warning: no item is .critical"),
        ("Watch", "<script>x</script>Watch", "10: warning: removed <script>"),
        ("  to its end", "to its end", "15: warning: this line belongs to no item"),
    ],
)
def test_each_fault_is_told_at_its_line(old: str, new: str, expected: str):
    assert any(fault.startswith(expected) for fault in faults_of(TEXT.replace(old, new))), faults_of(
        TEXT.replace(old, new)
    )


@pytest.mark.parametrize("text", ["", "no front matter", "---\ncode: X", TEXT.split("- [ ]", 1)[0]])
def test_a_file_that_is_no_checklist_says_what_was_expected(text: str):
    checklist, faults = read_checklist(text, "t.md", CODES)
    assert checklist is None
    assert any("expected" in fault.message for fault in faults)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_with_a_reason(text: str):
    checklist, faults = read_checklist(text, "t.md", CODES)
    assert checklist is not None or any(fault.severity == "error" for fault in faults)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.booleans(), min_size=1), st.data())
def test_a_level_is_open_exactly_while_a_critical_item_is_not_met(critical: dict[str, bool], data: st.DataObject):
    answers = data.draw(st.dictionaries(st.sampled_from(sorted(critical)), st.sampled_from(ANSWERS)))
    found = outcome(critical, answers)
    assert found.met + found.not_met + found.not_seen == len(critical)
    assert set(found.open_critical) == {item for item, must in critical.items() if must and answers.get(item) != MET}


@pytest.mark.parametrize("answers", [{"z": "met"}, {"a": "yes"}])
def test_an_unknown_item_or_answer_is_refused(answers: dict[str, str]):
    with pytest.raises(ValueError, match=r"item|expected"):
        outcome({"a": True}, answers)


@pytest.mark.parametrize("file", sorted(CONTENT.glob("*.md")), ids=lambda path: path.stem)
def test_a_checklist_of_ours_has_no_fault_and_something_critical(file: Path):
    checklist, faults = read_checklist(file.read_text(encoding="utf-8"), file.name, CODES)
    assert faults == []
    assert checklist is not None
    assert 5 <= len(checklist.items) <= 12
    assert any(item.critical for item in checklist.items)


def test_the_check_command_reads_checklists_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / "checklists"
    folder.mkdir()
    (folder / "one.md").write_text(TEXT)
    assert main(["check", str(folder)]) == 0
    (folder / "two.md").write_text(TEXT.replace("level: 3", "level: none"))
    (folder / "three.md").write_text(TEXT)
    assert main(["check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert f"{folder}/two.md:5:8: error: “level: none”" in out
    assert "the code OBS-T1 is taken by" in out
