"""The commands of the hospital write whole or not at all, and tell faults on standard error."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from courses.framework import DEFAULT_FILE
from lms.cli.hospital import GROUPS
from lms.competency.models import Rollup
from lms.db import db
from lms.people import queries as people
from lms.people.models import Person
from tests.support.hospital import small_framework

UNITS = "code,name,parent,site\nH,Hospital,,Main\nA,Ward A,H,Main\n"
HEADER = "employee_id,given_name,family_name,email,profession,unit,post,roles,manager,starts,ends\n"


@pytest.fixture
def run(app, tmp_path):
    """Run a command with files written for it; `name=text` pairs become paths."""
    for group in GROUPS:
        if group.name not in app.cli.commands:
            app.cli.add_command(group)

    def run(*words: str, **files: str):
        arguments = list(words)
        for name, text in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            arguments = [str(path) if word == name.upper() else word for word in arguments]
        return app.test_cli_runner().invoke(args=arguments)

    return run


def lines(*numbers: int) -> str:
    return HEADER + "".join(f"E{n},Sample,Person {n},e{n}@h.example,nurse,A,Nurse,,,2025-01-01,\n" for n in numbers)


def test_a_hospital_goes_in_by_three_commands_and_the_rollups_prove_it(run):
    done = run("framework", "import", str(DEFAULT_FILE))
    assert (done.exit_code, done.stdout) == (
        0, "CIW 2026.1 is in force: 38 competencies, 0 retired, 167 targets changed.\n",
    )  # fmt: skip
    assert "nothing changed" in run("framework", "import", str(DEFAULT_FILE)).stdout
    done = run("roster", "import", "--units", "U", "--people", "P", u=UNITS, p=lines(1, 2, 3))
    assert (done.exit_code, done.stdout) == (
        0,
        "new unit 2; new person 3; post opened 3; unchanged: people 0, posts 0\n",
    )
    done = run("roster", "import", "--units", "U", "--people", "P", u=UNITS, p=lines(1, 2, 3))
    assert done.stdout == "Nothing to change; unchanged: people 3, posts 3.\n"
    text = "employee_id,competency,level,source,achieved,document\nE1,B1,5,test,2026-06-01,\n"
    done = run("training", "import", "T", t=text)
    assert done.stdout.startswith("1 new pieces of evidence for 1 people, 0 known already, 1 kept at the ceiling")
    assert "t.csv:2: warning: level is 5, but test shows at most 2" in done.stderr
    assert run("rollups", "rebuild").stdout == "Rebuilt from the ledger: 3 people.\n"
    assert run("rollups", "rebuild", "--check").stdout == "The rollups equal the ledger.\n"


def test_a_dry_run_tells_the_whole_plan_and_changes_nothing(run):
    done = run("roster", "import", "--units", "U", "--people", "P", "--dry-run", u=UNITS, p=lines(1))
    assert done.exit_code == 0
    assert "new person: E1 Sample Person 1: nurse, e1@h.example" in done.stdout
    assert done.stdout.endswith("Dry run: nothing was changed.\n")
    assert people.roots() == ()


def test_a_bad_line_refuses_the_whole_import(run):
    bad = lines(1, 2).replace("e2@h.example", "e1@h.example") + lines(3).split("\n", 1)[1].replace("nurse", "king", 1)
    done = run("roster", "import", "--units", "U", "--people", "P", u=UNITS, p=bad)
    assert done.exit_code == 1
    assert "p.csv:3: error: email e1@h.example stands on line 2 for E1" in done.stderr
    assert "p.csv:4: error: profession is “king”" in done.stderr
    assert "Nothing was imported." in done.stderr
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_too_many_endings_stop_the_import_and_name_the_way_on(run, dry):
    run("roster", "import", "--units", "U", "--people", "P", u=UNITS, p=lines(1, 2, 3, 4))
    done = run("roster", "import", "--units", "U", "--people", "P", *dry, u=UNITS, p=lines(1, 2))
    assert done.exit_code == 1
    assert "2 of 4 open posts (50 %)" in done.stderr
    assert "--allow-ended 0.5" in done.stderr
    done = run("roster", "import", "--units", "U", "--people", "P", "--allow-ended", "50%", u=UNITS, p=lines(1, 2))
    assert (done.exit_code, done.stdout) == (0, "post ended 2; unchanged: people 2, posts 2\n")
    done = run("roster", "import", "--units", "U", "--people", "P", "--allow-ended", "lots", u=UNITS, p=lines(1, 2))
    assert done.exit_code == 2
    assert "expected a number from 0 to 1" in done.stderr


def test_a_framework_with_faults_is_refused_with_their_places(run):
    done = run("framework", "import", "F", f=small_framework((9, 1, 1, 1, 1)))
    assert done.exit_code == 1
    assert "f.csv:17:61: error: the targets of K1 are not readable" in done.stderr


def test_the_check_fails_on_a_wrong_rollup_and_rebuilding_mends_it(run):
    run("framework", "import", str(DEFAULT_FILE))
    run("roster", "import", "--units", "U", "--people", "P", u=UNITS, p=lines(1))
    run("rollups", "rebuild")
    db.session.execute(update(Rollup).values(at_target=7))
    db.session.commit()
    done = run("rollups", "rebuild", "--check")
    assert done.exit_code == 1
    assert "rollup CellCounts(of=1, at_target=7" in done.stderr
    run("rollups", "rebuild")
    assert run("rollups", "rebuild", "--check").exit_code == 0
