"""Front matter is read as strings with positions, and nothing in it is a surprise."""

from __future__ import annotations

import pytest

from assessments.frontmatter import Node, front_matter, plain, yaml_mapping


def read(text: str) -> dict[str, Node]:
    fields, _, _, faults = front_matter(text, "course.md")
    assert faults == []
    return fields


def fault(text: str) -> str:
    fields, _, _, (found,) = front_matter(text, "course.md")
    assert fields == {}
    return str(found)


def test_values_mean_what_they_say() -> None:
    fields = read('---\nedition: 2026.1\nshuffle: no\nat: 07:30\nday: 2027-11-01\nquoted: "a: b"\nempty:\n---\n')
    values = {name: node.value for name, node in fields.items()}
    assert values == {
        "edition": "2026.1", "shuffle": "no", "at": "07:30", "day": "2027-11-01", "quoted": "a: b", "empty": "",
    }  # fmt: skip
    assert plain(fields, "edition") == "2026.1"
    assert plain(fields, "empty") is None
    assert plain(fields, "missing") is None


def test_every_value_knows_its_place_in_the_file() -> None:
    fields = read("---\ncode: A\ncredits:\n  - {type: ancc, amount: 0.75}\n---\n")
    assert (fields["code"].line, fields["code"].column) == (2, 7)
    listed = fields["credits"].value
    assert isinstance(listed, list)
    entry = listed[0].value
    assert isinstance(entry, dict)
    assert (entry["amount"].value, entry["amount"].line, entry["amount"].column) == ("0.75", 4, 26)


def test_the_body_follows_with_its_first_line() -> None:
    assert front_matter("---\na: b\n---\n\n# Title\n", "x")[1:3] == ("\n# Title\n", 4)
    assert front_matter("# Title\n", "x")[:3] == ({}, "# Title\n", 1)
    assert front_matter("", "x")[:3] == ({}, "", 1)


@pytest.mark.parametrize("text", ["\n---\na: b\n---\n", " ---\na: b\n---\n", "----\na: b\n----\n", "--- x\n---\n"])
def test_only_three_hyphens_on_the_first_line_open_front_matter(text: str) -> None:
    assert front_matter(text, "x")[:3] == ({}, text, 1)


def test_faults_are_named_with_their_place() -> None:
    assert fault("---\na: b\n") == (
        "course.md:1:1: error: the front matter is never closed; expected a second line of ---"
    )
    assert fault("---\na: b\na: c\n---\n").startswith("course.md:3:1: error: the field 'a' is given twice")
    assert fault("---\na: [b\n---\n").startswith("course.md:2:6: error: this is not YAML: ")
    assert fault("---\n- a\n---\n").startswith("course.md:2:1: error: expected fields as `name: value`")
    assert fault("---\na: &x b\nc: *x\n---\n").startswith("course.md:3:4: error: this is not YAML: aliases")
    assert fault("---\na: b\x07\n---\n").startswith("course.md:2:5: error: this is not YAML: a control character")
    assert fault("---\n? [a]\n: b\n---\n").startswith("course.md:2:3: error: a field's name must be plain text")


@pytest.mark.parametrize("depth", [25, 5000])
def test_deep_nesting_is_a_fault(depth: int) -> None:
    assert "nested too deeply" in fault(f"---\na: {'[' * depth}{']' * depth}\n---\n")


def test_aliases_cannot_grow_without_end() -> None:
    rows = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    assert "aliases" in fault(f"---\na0: &a0 x\n{rows}\n---\n")


def test_tags_build_no_objects() -> None:
    fields = read('---\na: !!python/object/apply:os.system ["true"]\n---\n')
    assert isinstance(fields["a"].value, list)


def test_empty_front_matter_has_no_fields() -> None:
    assert read("---\n---\nText") == {}
    assert yaml_mapping("# only a comment\n", "x") == ({}, [])
