"""A framework goes out as YAML, CSV or CASE and comes back the same; what cannot be read is said with its place."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.framework import SUBJECTS, Competency, Domain, Framework, Level, default_framework
from courses.frameworkdiff import compare
from courses.frameworkfiles import KINDS, kind_of, read_file, write_file

MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
words = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: text not in ("", "~", "null"))
)
codes = st.from_regex(r"[A-Z][A-Z0-9.-]{0,8}", fullmatch=True)


@st.composite
def frameworks(draw) -> Framework:
    served = draw(st.lists(st.from_regex(r"R[A-Za-z0-9]{0,4}", fullmatch=True), min_size=1, max_size=3, unique=True))
    names = draw(st.lists(codes, min_size=2, max_size=6, unique=True))
    domains = draw(st.lists(codes, min_size=1, max_size=2, unique=True))
    members = [
        Competency(name, draw(words), draw(st.booleans()), {subject: draw(st.integers(0, 5)) for subject in SUBJECTS})
        for name in names
    ]
    size = len(members) // len(domains)
    return Framework(
        draw(codes), draw(words), draw(words),
        tuple(Level(n, draw(words), draw(st.just("") | words)) for n in range(1, 6)),
        {code: draw(words) for code in served},
        tuple(
            Domain(
                code, draw(words),
                tuple(draw(st.lists(st.sampled_from(served), unique=True))),
                tuple(members[n * size : (n + 1) * size]),
            )
            for n, code in enumerate(domains)
        ),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_products_framework_comes_back_equal_from_every_kind_of_file(kind):
    text = write_file(default_framework(), kind, MOMENT)
    assert kind_of(text) == kind
    assert read_file(text, "f") == (default_framework(), [], kind)


@pytest.mark.parametrize("kind", KINDS)
@given(framework=frameworks())
def test_any_framework_comes_back_equal(kind, framework):
    assert read_file(write_file(framework, kind, MOMENT), "f") == (framework, [], kind)


def test_a_case_package_is_whole_and_its_identifiers_last():
    package = json.loads(write_file(default_framework(), "case", MOMENT, "Sample General Hospital"))
    assert package["CFDocument"]["caseVersion"] == "1.1"
    assert package["CFDocument"]["creator"] == "Sample General Hospital"
    assert package["CFDocument"]["lastChangeDateTime"] == "2026-11-23T10:00:00Z"
    known = {item["identifier"] for item in package["CFItems"]} | {package["CFDocument"]["identifier"]}
    assert len(known) == 1 + 8 + len(default_framework().domains) + 38
    assert all(uuid.UUID(each).version == 5 for each in known)
    for each in package["CFAssociations"]:
        assert each["originNodeURI"]["identifier"] in known
        assert each["destinationNodeURI"]["identifier"] in known
    a1 = next(item for item in package["CFItems"] if item["humanCodingScheme"] == "A1")
    assert a1["identifier"] == "213ebff3-cfd2-53c5-b926-895c2b9b52cb"


def test_another_publishers_package_is_read_with_warnings_of_what_is_left_to_decide():
    items = [
        {"identifier": "d-1", "fullStatement": "Data", "humanCodingScheme": "1"},
        {"identifier": "c-1", "fullStatement": "Read a chart", "humanCodingScheme": "1.a"},
        {
            "identifier": "c-2",
            "fullStatement": "x" * 400,
            "abbreviatedStatement": "Short",
            "humanCodingScheme": "1 (b)",
        },
    ]
    links = [("c-2", "d-1", 2), ("c-1", "d-1", 1), ("d-1", "doc", 1)]
    package = {
        "CFDocument": {"identifier": "doc", "title": "Theirs", "lastChangeDateTime": "2025-01-02T00:00:00Z"},
        "CFItems": items,
        "CFAssociations": [
            {
                "associationType": "isChildOf", "sequenceNumber": n,
                "originNodeURI": {"identifier": a}, "destinationNodeURI": {"identifier": b},
            }
            for a, b, n in links
        ],
    }  # fmt: skip
    framework, faults, kind = read_file(json.dumps(package, indent=1), "theirs.json")
    assert kind == "case"
    assert (framework.code, framework.edition) == ("CASE-DOC", "2025-01-02")
    assert [(d.code, d.title) for d in framework.domains] == [("1", "Data")]
    assert [(c.code, c.title) for c in framework.competencies] == [("1.A", "Read a chart"), ("XC2", "Short")]
    assert {fault.severity for fault in faults} == {"warning"}
    assert any("states no targets" in fault.message and fault.line > 1 for fault in faults)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"CFDocument": ', 1, "not JSON"),
        ('{\n "a": }', 2, "not JSON"),
        ("{}", 1, "no CASE package"),
        ('{"CFDocument": {}}', 1, "“title” is missing"),
        (
            '{"CFDocument": {"title": []}, "CFItems": 3, "CFAssociations": [4]}',
            1,
            "“title” is missing",
        ),
        ("row,code\n", 1, "lacks title"),
        ("row,code,title\nfancy,A,B\n", 2, "not a kind of row"),
        ('row,code,title\ncompetency,A1,"open\n', 2, "not CSV"),
        ("row,code,title,domain\ncompetency,A1,B,Z\n", 2, "not a domain of a row above"),
        ("code: [", 1, "not YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text, line, said):
    framework, faults, _ = read_file(text, "f")
    assert framework is None
    assert any(said in fault.message and fault.line == line for fault in faults), faults


@given(st.text(max_size=200), st.sampled_from(["", "{", "row,code,title\n", "code: A\n"]))
def test_no_text_makes_a_reader_fall(text, begins):
    framework, faults, _ = read_file(begins + text, "f")
    assert framework is not None or any(fault.severity == "error" for fault in faults)


def test_a_sheet_of_a_spreadsheet_with_semicolons_is_read_and_a_formula_is_only_text():
    framework = default_framework()
    domain = framework.domains[0]
    first = Competency("A1", "=1+1", True, domain.competencies[0].targets)
    changed = Framework(
        framework.code, framework.title, framework.edition, framework.levels, framework.responsibilities,
        (Domain(domain.code, domain.title, domain.responsibilities, (first,)),),
    )  # fmt: skip
    text = write_file(changed, "csv", MOMENT)
    assert "'=1+1" in text
    assert read_file(text, "f")[0] == changed
    rows = "row;code;title;edition;domain;responsibilities;critical;" + ";".join(SUBJECTS) + ";evidence\n"
    rows += "framework;F;Ours;1;;;;;;;;;\n" + "".join(f"level;{n};L{n};;;;;;;;;;\n" for n in range(1, 6))
    rows += "responsibility;R1;All;;;;;;;;;;\ndomain;A;Data;;;R1;;;;;;;\ncompetency;A1;Read;;A;;yes;1;2;3;4;5;\n"
    read, faults, kind = read_file(rows, "f")
    assert (kind, faults) == ("csv", [])
    assert read.competencies[0].targets["informaticist"] == 5


@given(frameworks())
def test_nothing_differs_from_itself(framework):
    assert compare(framework, framework).count == 0


def test_a_diff_names_what_was_added_retired_retitled_moved_and_retargeted():
    levels = default_framework().levels
    needs = dict.fromkeys(SUBJECTS, 1)

    def made(edition: str, *domains: Domain) -> Framework:
        return Framework("F", "T", edition, levels, {"R1": "All"}, domains)

    one, two = Competency("A1", "One", False, needs), Competency("A2", "Two", True, needs)
    three = Competency("A3", "Three", False, needs)
    changed = Competency("A1", "First", True, {**needs, "nurse": 3})
    before = made("1", Domain("A", "A", (), (one, two)), Domain("B", "B", (), ()))
    after = made("2", Domain("A", "A", (), (three,)), Domain("B", "B", (), (changed,)))
    found = compare(before, after)
    assert [each.code for each in found.added] == ["A3"]
    assert [each.code for each in found.retired] == ["A2"]
    assert [(e.before, e.after) for e in found.retitled] == [("One", "First")]
    assert [(e.code, e.before, e.after) for e in found.moved] == [("A1", "A", "B")]
    assert [(e.before, e.after) for e in found.critical] == [("not critical", "critical")]
    assert [(e.code, e.subject, e.before, e.after) for e in found.targets] == [("A1", "nurse", 1, 3)]
    assert found.about == ("edition",)
