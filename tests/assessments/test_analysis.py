"""Item statistics of the command line, checked against figures worked out another way."""

from __future__ import annotations

import json
import math
import random
import statistics
from pathlib import Path

import pytest

from assessments.__main__ import main
from assessments.classical import analyse
from assessments.responses import read_responses

# Five takers, four items: small enough to work out by hand.
SMALL = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 1]]


def table(rows: list[list[int | None]] | list[list[int]]) -> str:
    names = ",".join(f"i{number}" for number in range(len(rows[0])))
    body = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return f"{names}\n{body}\n"


def textbook(rows: list[list[int]]) -> tuple[float, float, list[float]]:
    """Work out alpha, SEM and corrected point-biserials from sums, as a textbook does."""
    count = len(rows[0])
    totals = [sum(row) for row in rows]
    spread = statistics.variance(totals)
    alpha = (
        count / (count - 1) * (1 - sum(statistics.variance([row[i] for row in rows]) for i in range(count)) / spread)
    )
    corrected = [
        statistics.correlation([row[i] for row in rows], [sum(row) - row[i] for row in rows]) for i in range(count)
    ]
    return alpha, math.sqrt(spread * (1 - alpha)), corrected


def test_five_takers_and_four_items_give_the_figures_worked_out_by_hand() -> None:
    """Totals 3, 2, 1, 4, 1: variance 1.7; item variances 0.2, 0.3, 0.3, 0.3; alpha = 4/3 · (1 − 1.1/1.7)."""
    responses, faults = read_responses(table(SMALL), "r.csv")
    found = analyse(responses)
    assert faults == []
    assert [item.difficulty for item in found.items] == [0.8, 0.6, 0.4, 0.4]
    assert found.alpha == pytest.approx(4 / 3 * (1 - 1.1 / 1.7))
    assert found.sem == pytest.approx(math.sqrt(1.7 * (1 - 4 / 3 * (1 - 1.1 / 1.7))))


def test_complete_tables_give_the_textbook_figures() -> None:
    chance = random.Random(4)
    for takers, count in ((40, 6), (200, 25)):
        abilities = [chance.gauss(0, 1.2) for _ in range(takers)]
        rows = [
            [int(chance.random() < 1 / (1 + math.exp(b - one))) for b in [(i - count / 2) / 6 for i in range(count)]]
            for one in abilities
        ]
        alpha, sem, corrected = textbook(rows)
        found = analyse(read_responses(table(rows), "r.csv")[0])
        assert found.alpha == pytest.approx(alpha)
        assert found.sem == pytest.approx(sem)
        assert [item.discrimination for item in found.items] == pytest.approx(corrected)


def test_what_was_not_reached_is_left_out_and_not_counted_as_wrong() -> None:
    responses, _ = read_responses("a,b\n1,1\n0,\n1,0\n0,0\n,1\n", "r.csv")
    found = analyse(responses)
    assert [(item.reached, item.difficulty) for item in found.items] == [(4, 0.5), (4, 0.5)]
    assert found.items[0].discrimination == pytest.approx(0.5)


def test_figures_that_cannot_be_worked_out_are_none() -> None:
    everyone_right = analyse(read_responses("a,b\n1,1\n1,0\n1,1\n", "r.csv")[0])
    assert everyone_right.items[0].discrimination is None
    assert analyse(read_responses("a\n1\n0\n", "r.csv")[0]).alpha is None
    nobody = analyse(read_responses("a,b\n", "r.csv")[0])
    assert (nobody.takers, nobody.alpha, nobody.sem, nobody.items[0].difficulty) == (0, None, None, None)


def test_a_first_column_that_names_the_taker_is_left_out() -> None:
    responses, faults = read_responses("taker,a\nx7,1\n", "r.csv")
    assert faults == []
    assert [column.id for column in responses.columns] == ["a"]


def test_every_bad_cell_is_named_at_once() -> None:
    _, faults = read_responses("a,a,\n1,2,0\n1\n\nx,1,1\n", "r.csv")
    assert [str(fault) for fault in faults] == [
        "r.csv:1:2: error: the item 'a' has two columns; expected one",
        "r.csv:1:3: error: this column has no name; expected an item id",
        "r.csv:2:2: error: '2' is no response; expected 1 for right, 0 for wrong, or nothing for not reached",
        "r.csv:3:1: error: this row has 1 cells; expected 3, one for each column of the header",
        "r.csv:5:1: error: 'x' is no response; expected 1 for right, 0 for wrong, or nothing for not reached",
    ]
    assert "expected a header" in str(read_responses("", "r.csv")[1][0])


def test_the_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "responses.csv"
    file.write_text(table(SMALL), encoding="utf-8")
    assert main(["analyse", str(file)]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report["takers"] == 5
    assert set(report) >= {"takers", "alpha", "sem", "items"}
    assert set(report["items"][0]) >= {"id", "difficulty", "discrimination", "a", "b", "se_a", "se_b", "fit"}
    assert "5 takers are few" in printed.err


def test_the_command_refuses_a_bad_file_and_a_model_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "responses.csv"
    file.write_text("a\nyes\n", encoding="utf-8")
    assert main(["analyse", str(file)]) == 1
    assert f"{file}:2:1: error: 'yes' is no response" in capsys.readouterr().err
    assert main(["analyse", str(tmp_path / "none.csv")]) == 1
    assert main(["analyse", str(file), "--model", "rasch"]) == 2
    assert "rasch is not there yet" in capsys.readouterr().err
    file.write_bytes(b"a\n\xff\n")
    assert main(["analyse", str(file)]) == 1
    assert "expected UTF-8" in capsys.readouterr().err
