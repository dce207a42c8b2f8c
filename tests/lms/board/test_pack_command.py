"""The board pack and its reports on the command line, with the digests of the pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from lms.board.papers import named
from lms.reports import making
from lms.reports.frame import Frame
from lms.reports.plans import Question
from lms.reports.queries import frame
from tests.lms.reports.conftest import EVERYTHING
from tests.support.hospital import NOW, TODAY
from tests.support.signing import sign_in


@pytest.fixture
def command(app, wards):
    """Run a command of the application."""
    return app.test_cli_runner().invoke


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_the_pack_of_the_command_is_that_of_the_page(app, client, command, tmp_path, form) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    file = tmp_path / f"pack.{form}"
    done = command(args=["pack", "--format", form, "--report", "readiness", "--report", "training", "-o", str(file)])
    assert done.exit_code == 0, done.output
    page = client.get(f"/workforce/pack.{form}?kind=readiness&kind=training")
    assert page.headers["X-Report-Digest"] in done.output
    assert "2 reports as of 2026-11-23" in done.output
    assert file.read_bytes() == page.get_data()


def test_the_command_says_what_a_pack_can_hold(command, tmp_path) -> None:
    listed = command(args=["pack", "--list"]).output
    assert re.search(r"^training  Mandatory training$", listed, re.M)
    assert re.search(r"^evaluation  Evaluations$", listed, re.M)
    refused = command(args=["pack", "--report", "nonsense", "-o", str(tmp_path / "x.pdf")])
    assert refused.exit_code == 2
    assert "--list" in refused.output
    assert command(args=["pack"]).exit_code == 2
    assert not (tmp_path / "x.pdf").exists()


def test_a_refused_question_writes_nothing(command, tmp_path) -> None:
    done = command(args=["pack", "--unit", "NOPE", "-o", str(tmp_path / "pack.pdf")])
    assert done.exit_code == 1
    assert "There is no unit" in done.output
    done = command(args=["report", "measure", "--format", "csv", "--measure", "NONE", "-o", str(tmp_path / "m.csv")])
    assert "There is no measure" in done.output
    assert not {each.name for each in tmp_path.iterdir()} & {"pack.pdf", "m.csv"}


def test_evaluations_are_written_as_a_report(app, client, command, tmp_path) -> None:
    sign_in(client, app, "chief@example.org", ["cmio"])
    file = tmp_path / "evaluation.json"
    done = command(args=["report", "evaluation", "--format", "json", "-o", str(file)])
    assert done.exit_code == 0, done.output
    assert file.read_bytes() == client.get("/workforce/evaluations/all.json").get_data()


def test_reports_of_a_pack_about_the_same_figures_count_them_once(wards, monkeypatch) -> None:
    asked: list[Question] = []

    def counting(question: Question) -> Frame:
        asked.append(question)
        return frame(question)

    monkeypatch.setattr(making, "frame", counting)
    question = Question(
        unit="SGH", as_of=TODAY, today=TODAY, scope=EVERYTHING, compare_to=TODAY - dt.timedelta(days=30)
    )
    names = ("heatmap", "readiness", "compliance")
    frames: making.Frames = {}
    together = [named(name, question, NOW, frames).digest for name in names]
    assert len(asked) == 1
    assert together == [named(name, question, NOW).digest for name in names]
