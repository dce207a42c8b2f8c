"""Item statistics of the command line, checked against figures worked out another way."""

from __future__ import annotations

import json
import math
import random
import statistics
from pathlib import Path

import numpy as np
import pytest

from assessments.__main__ import main
from assessments.classical import analyse, too_few
from assessments.responses import collect, read_responses
from tests.assessments.published import LSAT6, patterns, responses, simulate

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
    read, faults = read_responses(table(SMALL), "r.csv")
    found = analyse(read)
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
    found = analyse(read_responses("a,b\n1,1\n0,\n1,0\n0,0\n,1\n", "r.csv")[0])
    assert [(item.reached, item.difficulty) for item in found.items] == [(4, 0.5), (4, 0.5)]
    assert found.items[0].discrimination == pytest.approx(0.5)


def test_figures_that_cannot_be_worked_out_are_none() -> None:
    everyone_right = analyse(read_responses("a,b\n1,1\n1,0\n1,1\n", "r.csv")[0])
    assert everyone_right.items[0].discrimination is None
    assert analyse(read_responses("a\n1\n0\n", "r.csv")[0]).alpha is None
    nobody = analyse(read_responses("a,b\n", "r.csv")[0])
    assert (nobody.takers, nobody.alpha, nobody.sem, nobody.items[0].difficulty) == (0, None, None, None)


def test_a_first_column_that_names_the_taker_is_left_out() -> None:
    read, faults = read_responses("taker,a\nx7,1\n", "r.csv")
    assert faults == []
    assert [column.id for column in read.columns] == ["a"]


def test_answers_collected_by_taker_are_the_table_that_would_be_read() -> None:
    takers = [{"a": True, "b": False}, {"b": True}, {}]
    assert collect(takers) == read_responses("a,b\n1,0\n,1\n,\n", "r.csv")[0]
    assert [one.id for one in collect(takers, ["b", "a", "c"]).columns] == ["b", "a", "c"]
    assert collect([]).columns == ()
    with pytest.raises(ValueError, match=r"expected items among \['a'\], not \['b'\]"):
        collect(takers, ["a"])


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


def test_classical_figures_of_lsat6_are_those_published() -> None:
    """LSAT section 6, 1,000 takers of five items (Bock and Lieberman 1970). Figures: R package ltm,
    `descript(LSAT)`: alpha 0.2950, without each item 0.2754, 0.2376, 0.2168, 0.2459, 0.2663; point-biserial with the
    total without the item 0.1128, 0.1532, 0.1728, 0.1444, 0.1216. Tolerance: the digits printed. With nothing missing
    alpha is KR-20."""
    found = analyse(responses(patterns(LSAT6)))
    assert found.alpha == pytest.approx(0.2950, abs=0.00005)
    assert [one.difficulty for one in found.items] == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert [one.discrimination for one in found.items] == pytest.approx(
        [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=0.00005
    )
    assert [one.alpha_without for one in found.items] == pytest.approx(
        [0.2754, 0.2376, 0.2168, 0.2459, 0.2663], abs=0.00005
    )


def test_items_that_were_hardly_met_together_are_compared_with_the_share_of_the_others() -> None:
    """By hand for item a: its takers 1 to 4 got 1, 1, 0, 0 and of their one other item 1, 0, 1, 0: no correlation;
    item b was reached by takers 1 to 4 too, c by takers 5 and 6, who reached nothing else."""
    found = analyse(read_responses("a,b,c\n1,1,\n1,0,\n0,1,\n0,0,\n,,1\n,,0\n", "r.csv")[0])
    assert found.alpha is None
    assert found.sem is None
    assert [one.discrimination for one in found.items] == [pytest.approx(0), pytest.approx(0), None]
    _, right = simulate(1, 500, np.ones(60), np.zeros(60))
    reached = np.random.default_rng(2).random(right.shape) < 0.05
    found = analyse(responses(right, reached))
    assert found.alpha is None
    assert np.mean([one.discrimination for one in found.items if one.discrimination is not None]) > 0.1


def test_too_few_takers_are_told_in_a_sentence() -> None:
    assert analyse(responses(SMALL)).few == "5 takers are few; below 30 these figures say little"
    assert too_few(1) == "1 taker is few; below 30 these figures say little"
    assert too_few(30) is None


@pytest.mark.parametrize("model", ["rasch", "2pl"])
def test_the_command_calibrates(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "responses.csv"
    file.write_text(table(patterns(LSAT6)), encoding="utf-8")
    assert main(["analyse", str(file), "--model", model]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    report = json.loads(printed.out)
    assert (report["model"], report["takers"], report["converged"]) == (model, 1000, True)
    first = report["items"][0]
    assert set(first) >= {"id", "difficulty", "discrimination", "a", "b", "se_a", "se_b", "fit"}
    assert first["difficulty"] == 0.924
    assert first["a"] == (1 if model == "rasch" else pytest.approx(0.825, abs=0.001))
    assert first["b"] == pytest.approx(-2.730 if model == "rasch" else -3.360, abs=0.005)
    assert first["fit"] == pytest.approx(1, abs=0.05)


def test_the_command_says_what_it_cannot_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "responses.csv"
    file.write_text("a,b,c,d\n1,1,0,\n1,0,1,\n1,1,1,\n", encoding="utf-8")
    assert main(["analyse", str(file), "--model", "rasch"]) == 0
    printed = capsys.readouterr()
    items = json.loads(printed.out)["items"]
    assert items[0]["b"] is None
    assert items[0]["reason"].startswith("all 3 who reached it got it right")
    assert items[3]["reason"] == "nobody reached it"
    assert "warning: 3 takers are few" in printed.err
    assert "warning: 2 of 4 items could not be placed" in printed.err
    file.write_text("a,b\n", encoding="utf-8")
    assert main(["analyse", str(file), "--model", "2pl"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["b"] is None


@pytest.mark.parametrize("model", ["classical", "rasch", "2pl"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\nyes\n", ":2:1: error: 'yes' is no response"),
        (b"a,b\n1,0\n1\n", ":3:1: error: this row has 1 cells"),
        (b"", ":1:1: error: the file is empty"),
        (b"a,a\n1,0\n", ":1:2: error: the item 'a' has two columns"),
        (b'a,b\n1,"0\n', "error: this is not CSV"),
        (b"a\n\xff\n", ":1:1: error: expected UTF-8"),
    ],
)
def test_the_command_refuses_a_bad_file_by_line_and_prints_nothing_else(
    model: str, content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "responses.csv"
    file.write_bytes(content)
    assert main(["analyse", str(file), "--model", model]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


def test_the_command_refuses_a_file_that_is_not_there_and_a_model_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", str(tmp_path / "none.csv")]) == 1
    assert main(["analyse", str(tmp_path)]) == 1
    with pytest.raises(SystemExit) as stopped:
        main(["analyse", str(tmp_path), "--model", "3pl"])
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""
