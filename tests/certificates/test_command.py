"""The command: four answers on one line, reasons beside them, and an exit status to build on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from certificates.__main__ import main
from certificates.facts import CertificateFacts
from certificates.keys import Issuer
from certificates.signing import sign_facts

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def files(
    tmp_path: Path, signed: bytes, paper: bytes, trust: bytes, facts: CertificateFacts, issuer: Issuer
) -> Callable[[str], str]:
    for name, content in {
        "signed.pdf": signed,
        "unsigned.pdf": paper,
        "appended.pdf": signed + b"\n",
        "trust.pem": trust,
        "facts.json": json.dumps(sign_facts(facts, issuer)).encode(),
        "empty.pdf": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    return lambda name: str(tmp_path / name)


@pytest.mark.parametrize("name", ["signed.pdf", "facts.json"])
def test_a_genuine_file_prints_four_answers_and_ends_with_zero(
    files: Callable[[str], str], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["verify", files(name), "--trust", files("trust.pem")]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert list(answers) == ["integrity", "covers_whole_file", "signer", "trusted"]
    assert (answers["integrity"], answers["covers_whole_file"], answers["trusted"]) == (True, True, True)
    assert main(["verify", files(name)]) == 0
    assert json.loads(capsys.readouterr().out)["trusted"] is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unsigned.pdf", "no signature"),
        ("appended.pdf", "whole file"),
        ("empty.pdf", "not a PDF"),
        ("trust.pem", "not a PDF"),
    ],
)
def test_a_file_that_does_not_hold_ends_with_one_and_a_reason(
    files: Callable[[str], str], capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    assert main(["verify", files(name)]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["covers_whole_file"] is False
    assert reason in printed.err
    assert name in printed.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["verify", "missing.pdf"], "No such file"),
        (["verify", "signed.pdf", "--trust", "missing.pem"], "No such file"),
        (["verify", "signed.pdf", "--trust", "unsigned.pdf"], "certificates in PEM"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_two_and_no_verdict(
    files: Callable[[str], str], capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    placed = [files(each) if each.endswith((".pdf", ".pem")) else each for each in arguments]
    assert main(placed) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert reason in printed.err


def test_the_command_runs_without_the_application(files: Callable[[str], str], tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for module in ("flask", "sqlalchemy", "werkzeug"):
        (blocked / f"{module}.py").write_text("raise ImportError('the library may not need this')\n")
    ran = subprocess.run(
        [sys.executable, "-m", "certificates", "verify", files("signed.pdf"), "--trust", files("trust.pem")],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(blocked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["trusted"] is True
    assert ran.stderr == ""
