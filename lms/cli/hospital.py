"""Commands of the hospital: `roster import`, `training import`, `rollups rebuild`.

Faults go to standard error, one a line with file, line and what was expected; the exit code is
then 1 and nothing was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from lms.cli.frameworks import framework, target
from lms.competency import services as competency
from lms.db import db, snapshot
from lms.rostering import services as rostering
from lms.rostering.faults import FileFault, FileRefused
from lms.rostering.plan import Plan
from lms.rostering.training import TrainingPlan, import_training, plan_training
from lms.web.clock import now, today

roster = AppGroup("roster", help="Units, people and posts.")
training = AppGroup("training", help="Past training.")
rollups = AppGroup("rollups", help="The counts that reports read.")
GROUPS = (framework, target, roster, training, rollups)

WORDS = {
    "unit-new": "new unit",
    "unit-changed": "changed unit",
    "person-new": "new person",
    "person-adopted": "adopted person",
    "person-changed": "changed person",
    "post-opened": "post opened",
    "post-changed": "post changed",
    "post-ended": "post ended",
    "leave-new": "leave",
    "leave-changed": "leave changed",
    "leave-ended": "leave ended",
}
TRIES = 5
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Share(click.ParamType):
    """A share such as 0.35 or 35%."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """The share as a fraction; a usage error with what was expected."""
        if isinstance(value, Fraction):
            return value
        try:
            return rostering.read_share(str(value))
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


@roster.command("import")
@click.option("--units", "units_path", required=True, type=FILE, help="units.csv: code,name,parent,site")
@click.option("--people", "people_path", required=True, type=FILE, help="people.csv: one line a post")
@click.option("--dry-run", is_flag=True, help="Print the whole plan and change nothing.")
@click.option("--allow-ended", type=Share(), help="The share of open posts that may end unlisted, such as 0.35 (0.2).")
def import_roster(units_path: Path, people_path: Path, dry_run: bool, allow_ended: Fraction | None) -> None:
    """Import units and people; posts of these unit trees that the people file leaves out end today."""
    files = {"units_file": str(units_path), "people_file": str(people_path)}
    units, people = units_path.read_bytes(), people_path.read_bytes()
    try:
        if dry_run:
            plan = rostering.plan_roster(units, people, today=today(), **files)
            _print_plan(plan, steps=True)
            rostering.refuse_too_many(plan, allow_ended)
            click.echo("Dry run: nothing was changed.")
            return
        plan = rostering.import_roster(
            units, people, allow_ended=allow_ended, actor=None, now=now(), today=today(), **files
        )
    except FileRefused as refused:
        db.session.rollback()
        _print_faults(refused.faults)
        raise click.ClickException("Nothing was imported. Put the errors above right and import again.") from None
    except rostering.TooManyEnded as stopped:
        db.session.rollback()
        raise click.ClickException(f"{stopped} Nothing was changed.") from None
    db.session.commit()
    _print_plan(plan, steps=False)


@training.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be added and change nothing.")
def import_past_training(file: Path, dry_run: bool) -> None:
    """Add past training from FILE to the ledger; what it holds already is not added again."""
    try:
        if dry_run:
            plan: TrainingPlan = plan_training(file.read_bytes(), str(file), today=today())
        else:
            plan = import_training(file.read_bytes(), str(file), actor=None, now=now(), today=today())
    except FileRefused as refused:
        db.session.rollback()
        _print_faults(refused.faults)
        raise click.ClickException("Nothing was imported. Put the errors above right and import again.") from None
    db.session.commit()
    _print_faults(plan.faults)
    click.echo(
        f"{len(plan.entries)} new pieces of evidence for {plan.people} people, {plan.known} known already, "
        f"{plan.capped} kept at the ceiling of their source."
    )
    if dry_run:
        click.echo("Dry run: nothing was changed.")


@rollups.command("rebuild")
@click.option("--check", is_flag=True, help="Prove that the rollups equal the ledger; change nothing.")
def rebuild(check: bool) -> None:
    """Work the rollups out from the ledger again."""
    if not check:
        people = competency.rebuild(today=today())
        db.session.commit()
        click.echo(f"Rebuilt from the ledger: {people} people.")
        return
    differences = _checked()
    for difference in differences:
        click.echo(str(difference), err=True)
    if differences:
        raise click.ClickException(f"{len(differences)} figures differ from the ledger; `rollups rebuild` mends them.")
    click.echo("The rollups equal the ledger.")


def _checked() -> list[competency.Difference]:
    """The differences, all figures read as of one moment, so that writers meanwhile do not show as differences.

    PostgreSQL refuses to fold in a transaction that began before somebody else's fold ended; then it is done again.
    """
    for turn in range(TRIES):
        snapshot()
        try:
            return competency.check(today=today())
        except OperationalError:
            if turn == TRIES - 1:
                raise
        finally:
            db.session.rollback()
    raise AssertionError("the last turn returns or raises")


def _print_faults(faults: Sequence[FileFault]) -> None:
    for fault in faults:
        click.echo(str(fault), err=True)


def _print_plan(plan: Plan, *, steps: bool) -> None:
    _print_faults(plan.roster.faults)
    if steps:
        for step in plan.steps:
            place = f"  ({step.file}:{step.line})" if step.line else ""
            click.echo(f"{WORDS[step.kind]}: {step.subject}: {step.detail}{place}")
    told = [f"{WORDS[kind]} {count}" for kind, count in plan.counts.items() if count]
    unchanged = f"unchanged: people {plan.unchanged}, posts {plan.posts.same}"
    click.echo("; ".join([*told, unchanged]) if told else f"Nothing to change; {unchanged}.")
