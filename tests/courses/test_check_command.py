"""`python -m courses`: what an author sees, and what a script can rely on."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from courses.__main__ import main
from tests.courses.sample import course_files, edited

PROJECT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): (?P<severity>error|warning): (?P<message>.+)")


def written(folder: Path, files: Mapping[str, bytes]) -> str:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return str(folder)


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[re.Match[str]]]:
    """Return the exit code and the faults printed."""
    code = main(["check", *arguments])
    lines = [LINE.fullmatch(line) for line in capsys.readouterr().out.splitlines()]
    assert all(lines)
    return code, [line for line in lines if line]


def test_a_course_without_faults_says_nothing_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, written(tmp_path, course_files()), "--strict") == (0, [])


def test_an_error_fails_and_names_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, edited("10-right-patient.md", "two-identifiers", "nothing"))
    code, faults = check(capsys, folder)
    assert code == 1
    assert [(fault["path"], fault["line"], fault["column"]) for fault in faults] == [
        (f"{folder}/10-right-patient.md", "14", "10")
    ]


def test_a_warning_fails_only_where_it_is_asked_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, edited("20-alerts.md", "You see", "<blink>You</blink> see"))
    code, faults = check(capsys, folder)
    assert (code, [fault["severity"] for fault in faults]) == (0, ["warning"])
    assert check(capsys, folder, "--strict")[0] == 1


def test_a_folder_of_courses_is_checked_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "a", edited("exam.md", "pass: 80", "pass: x"))
    written(tmp_path / "b", edited("course.md", "SAFE-101", "SAFE-102"))
    (tmp_path / "drafts").mkdir()
    code, faults = check(capsys, str(tmp_path))
    assert code == 1
    assert {fault["path"] for fault in faults} == {f"{tmp_path}/a/exam.md"}


def test_two_courses_cannot_share_their_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = written(tmp_path / "a", course_files()), written(tmp_path / "b", course_files())
    code, faults = check(capsys, first, second)
    assert code == 1
    assert [fault["path"] for fault in faults] == [f"{second}/course.md"]
    assert check(capsys, first, first)[0] == 0


def test_a_file_of_a_course_stands_for_its_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, edited("exam.md", "pass: 80", "pass: x"))
    assert len(check(capsys, f"{folder}/course.md")[1]) == 1
    assert len(check(capsys, f"{folder}/10-right-patient.md", folder)[1]) == 1


def test_a_zip_is_checked_like_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, data in edited("exam.md", "pass: 80", "pass: x").items():
            archive.writestr(f"sample/{path}", data)
    (tmp_path / "c.zip").write_bytes(stream.getvalue())
    assert [fault["path"] for fault in check(capsys, str(tmp_path / "c.zip"))[1]] == [f"{tmp_path}/c.zip/exam.md"]
    (tmp_path / "bad.zip").write_bytes(b"x")
    assert check(capsys, str(tmp_path / "bad.zip"))[0] == 1


@pytest.mark.parametrize("name", ["nothing", "empty", "file.txt"])
def test_what_is_no_course_is_an_error(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    code, faults = check(capsys, str(tmp_path / name))
    assert code == 1
    assert "expected" in faults[0]["message"]


def test_another_framework_brings_its_own_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "c", course_files())
    own = (PROJECT / "courses" / "framework.yaml").read_text(encoding="utf-8").replace("code: B4", "code: Z4")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    code, faults = check(capsys, folder, "--framework", str(tmp_path / "own.yaml"))
    assert code == 1
    assert {fault["message"][:22] for fault in faults} >= {"the competency “B4” is"}


def test_a_framework_that_cannot_be_read_is_said_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "c", course_files())
    (tmp_path / "own.yaml").write_text("code: [", encoding="utf-8")
    assert check(capsys, folder, "--framework", str(tmp_path / "own.yaml"))[0] == 1
    code, faults = check(capsys, folder, "--framework", str(tmp_path / "none.yaml"))
    assert code == 1
    assert "cannot be read" in faults[0]["message"]


def test_the_matrix_shows_what_is_claimed_asked_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, edited("exam.md", "attempts: 3", "draw: [{competency: B1, count: 2}]"))
    assert main(["check", folder, "--matrix"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith(("B1", "B4"))]
    assert rows == [["B1", "2", "2", "1", "2"], ["B4", "2", "1", "0", "0"]]


def test_several_courses_show_their_coverage_without_disturbing_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "a", course_files())
    written(tmp_path / "b", edited("course.md", "SAFE-101", "SAFE-102"))
    written(tmp_path / "c", edited("course.md", "SAFE-101", "SAFE-103") | {"stray.md": b"x"})
    main(["check", str(tmp_path)])
    printed = capsys.readouterr()
    assert all(LINE.fullmatch(line) for line in printed.out.splitlines())
    assert "Coverage: 3 courses, 2 of 38 competencies, 1 of 8 responsibilities" in printed.err
    assert not any(LINE.fullmatch(line) for line in printed.err.splitlines())


def test_the_matrix_stands_on_standard_output_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, course_files())
    assert main(["check", folder, "--matrix"]) == 0
    printed = capsys.readouterr()
    assert "Coverage: 1 course, 2 of 38 competencies" in printed.out
    assert "Coverage" not in printed.err
    assert main(["check", folder]) == 0
    assert "Coverage" not in "".join(capsys.readouterr())


def test_import_says_plainly_that_it_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "source.docx", str(tmp_path / "out")]) == 2
    assert "not available" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_checking_needs_no_web_framework_and_no_database(tmp_path: Path) -> None:
    folder = written(tmp_path, course_files())
    program = textwrap.dedent(
        """
        import sys

        class Blocker:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in {"flask", "werkzeug", "jinja2", "sqlalchemy", "wtforms", "lms", "weasyprint"}:
                    raise ModuleNotFoundError(name)

        sys.meta_path.insert(0, Blocker())
        from courses.__main__ import main
        sys.exit(main(sys.argv[1:]))
        """
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, "check", folder], cwd=PROJECT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_module_runs_by_its_name(tmp_path: Path) -> None:
    folder = written(tmp_path, edited("exam.md", "pass: 80", "pass: x"))
    done = subprocess.run(
        [sys.executable, "-m", "courses", "check", folder], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert LINE.fullmatch(done.stdout.strip())
    assert done.stderr.strip() == "1 error, 0 warnings"


def test_a_terminal_without_the_right_signs_still_gets_the_whole_report(tmp_path: Path) -> None:
    folder = written(tmp_path, edited("exam.md", "pass: 80", "pass: x"))
    done = subprocess.run(
        [sys.executable, "-m", "courses", "check", folder],
        cwd=PROJECT,
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert LINE.fullmatch(done.stdout.decode().strip())
