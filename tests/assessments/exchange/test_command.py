"""`python -m assessments convert`: exit codes, reports, and never half a file."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from assessments.__main__ import main
from assessments.exchange.conversion import TARGETS, ExchangeError, convert, read_items
from tests.assessments.exchange.samples import FILES

ITEM = (
    "## A {#a}\n\nWhat?\n\n![A pump](media/pump.png)\n\n- [x] Yes\n- [ ] No\n\n"
    "## B {#b .branching}\n\n- [x] Yes\n- [ ] No\n"
)


def run(*arguments: str | Path) -> int:
    return main(["convert", *map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "pump.png").write_bytes(b"png")
    path = tmp_path / "questions.md"
    path.write_text(ITEM, encoding="utf-8")
    return path


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_format_is_written_and_read_again_by_its_content(target: str, source: Path, tmp_path: Path) -> None:
    output, report = tmp_path / "out" / "questions.x", tmp_path / "report.json"
    output.parent.mkdir()
    assert run(source, "--to", target, "-o", output, "--report", report) == 0
    data = json.loads(report.read_text(encoding="utf-8"))
    assert [(one["id"], one["type"]) for one in data["items"]] == [("a", "single"), ("b", "branching")]
    assert data["imported"] + data["changed"] + data["refused"] == 2
    assert data["refused"] == (0 if target == "markdown" else 1)
    assert read_items(output.read_bytes()).record.source == target
    assert len(list(output.parent.iterdir())) == (2 if target == "markdown" else 1)


def test_media_travel_beside_markdown_and_inside_a_package(source: Path, tmp_path: Path) -> None:
    package, folder = tmp_path / "p.zip", tmp_path / "back"
    folder.mkdir()
    assert run(source, "--to", "qti21", "-o", package) == 0
    assert run(package, "--to", "markdown", "-o", folder / "q.md") == 0
    assert (folder / "media" / "pump.png").read_bytes() == b"png"
    assert run(package, "--to", "markdown", "-o", tmp_path / "q.zip") == 0
    with zipfile.ZipFile(tmp_path / "q.zip") as archive:
        assert archive.namelist() == ["questions.md", "media/pump.png"]


def test_media_of_another_content_are_never_overwritten(source: Path, tmp_path: Path) -> None:
    package, folder = tmp_path / "p.zip", tmp_path / "back"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "pump.png").write_bytes(b"another")
    assert run(source, "--to", "qti21", "-o", package) == 0
    assert run(package, "--to", "markdown", "-o", folder / "q.md") == 1
    assert not (folder / "q.md").exists()
    assert (folder / "media" / "pump.png").read_bytes() == b"another"


def test_a_link_that_leads_out_of_the_folder_is_not_taken_along(source: Path, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_bytes(b"secret")
    picture = tmp_path / "media" / "pump.png"
    picture.unlink()
    picture.symlink_to(secret)
    assert run(source, "--to", "moodle-xml", "-o", tmp_path / "q.xml", "--report", tmp_path / "r.json") == 0
    assert "is missing" in json.loads((tmp_path / "r.json").read_text())["items"][0]["reasons"][0]


def test_one_item_into_an_xml_file_is_an_item_and_not_a_package(tmp_path: Path) -> None:
    source = tmp_path / "q.md"
    source.write_text("## A {#a}\n\nWhat?\n\n- [x] Yes\n- [ ] No\n", encoding="utf-8")
    assert run(source, "--to", "qti30", "-o", tmp_path / "a.xml") == 0
    assert b"<qti-assessment-item" in (tmp_path / "a.xml").read_bytes()


def test_a_bad_file_says_why_and_leaves_what_was_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out.md"
    output.write_text("kept", encoding="utf-8")
    (tmp_path / "bad.xml").write_text("<!DOCTYPE a><quiz/>", encoding="utf-8")
    assert run(tmp_path / "bad.xml", "--to", "markdown", "-o", output) == 1
    assert "declares a document type" in capsys.readouterr().err
    assert run(tmp_path / "missing.xml", "--to", "markdown", "-o", output) == 1
    assert "no such file" in capsys.readouterr().err
    assert run(tmp_path, "--to", "markdown", "-o", output) == 1
    assert "not a file" in capsys.readouterr().err
    assert output.read_text(encoding="utf-8") == "kept"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bad.xml", "out.md"]


def test_where_nothing_can_be_carried_over_nothing_is_written_but_the_report(tmp_path: Path) -> None:
    source = tmp_path / "q.md"
    source.write_text("## B {#b .branching}\n\n- [x] Yes\n- [ ] No\n", encoding="utf-8")
    assert run(source, "--to", "aiken", "-o", tmp_path / "q.txt", "--report", tmp_path / "r.json") == 1
    assert not (tmp_path / "q.txt").exists()
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["imported"], report["changed"], report["refused"]) == (0, 0, 1)


def test_a_dry_run_writes_only_its_report(source: Path, tmp_path: Path) -> None:
    assert run(source, "--to", "gift", "--dry-run", "--report", tmp_path / "r.json") == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["media", "questions.md", "r.json"]


def test_wrong_calls_are_told_apart_from_bad_files(source: Path, tmp_path: Path) -> None:
    assert run(source, "--to", "gift") == 2
    with pytest.raises(SystemExit, match="2"):
        run(source, "--to", "word", "-o", tmp_path / "x")
    assert run(source, "--to", "gift", "-o", tmp_path) == 1
    assert run(source, "--to", "gift", "-o", tmp_path / "no" / "x.gift") == 1


def test_a_format_can_be_named_where_content_could_be_read_in_two_ways(tmp_path: Path) -> None:
    source = tmp_path / "q.txt"
    source.write_text("Q {=a}\nA. a\nB. b\nANSWER: A\n", encoding="utf-8")
    assert run(source, "--from", "aiken", "--to", "markdown", "-o", tmp_path / "q.md") == 0
    with pytest.raises(ExchangeError, match="there is no format"):
        read_items(b"x", source="word")


def test_an_item_that_goes_through_two_formats_carries_the_reasons_of_both() -> None:
    made = convert((FILES / "moodle-4.xml").read_bytes(), "gift")
    said = {one.id: one for one in made.record.outcomes}
    assert (made.record.source, made.record.target) == ("moodle-xml", "gift")
    assert said["parts-of-an-order"].reasons[0].startswith("the wrong option “Price” cost 50 %")
    assert "GIFT has no points: its 2 are left out" in said["parts-of-an-order"].reasons
    assert said["order-of-steps"].status == "refused"
    assert said["weight-based-dose"].status == "refused"
