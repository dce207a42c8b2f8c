"""Commands of training: `policy publish`, `pathway publish`, `assignment list`, and what a start publishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from assessments.model import Fault
from lms.assignments.compliance import count
from lms.assignments.gathering import of_everybody
from lms.db import db
from lms.pathways import queries as pathways
from lms.pathways import services as pathway_services
from lms.people.queries import roots
from lms.policies import queries as policies
from lms.policies import services as policy_services
from lms.web.clock import now, today

policy = AppGroup("policy", help="Policies that staff read and attest.")
pathway = AppGroup("pathway", help="Pathways: courses in an order for a new task.")
assignment = AppGroup("assignment", help="Rules of mandatory and recommended training.")
GROUPS = (policy, pathway, assignment)
PATHS = click.Path(exists=True, path_type=Path)

Publish = Callable[[str, str], Any]


@policy.command("publish")
@click.argument("paths", nargs=-1, required=True, type=PATHS)
def publish_policies(paths: tuple[Path, ...]) -> None:
    """Publish policies from Markdown files or folders of them; the newest text again changes nothing."""
    for done in _publish_all(paths, lambda text, name: _put_policy(text, name, now())):
        click.echo(f"Policy {done.code}, edition {done.edition}: {done.change}.")


@pathway.command("publish")
@click.argument("paths", nargs=-1, required=True, type=PATHS)
def publish_pathways(paths: tuple[Path, ...]) -> None:
    """Publish pathways from Markdown files or folders of them; the newest text again changes nothing."""
    for done in _publish_all(paths, lambda text, name: _put_pathway(text, name, now())):
        click.echo(f"Pathway {done.code}, edition {done.edition}: {'published' if done.new else 'unchanged'}.")


@assignment.command("list")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="a past day, such as 2026-06-30; today if left out")
def list_rules(as_of: dt.datetime | None) -> None:
    """List the rules that hold, with how their people stand in the whole hospital."""
    on = as_of.date() if as_of else today()
    book, people = of_everybody(on, today=today())
    top = [unit.id for unit in roots()]
    for rule in book.rules:
        version = rule.on(on)
        assert version is not None, "a book holds rules in force"
        counts = [count(people, [unit], rule.public_id).get(unit) for unit in top]
        told = "; ".join(
            f"{each.people} people, {each.done} done, {each.overdue} overdue, {each.away} away, {each.exempt} exempt"
            for each in counts
            if each
        )
        kind = "mandatory" if version.terms.mandatory else "recommended"
        click.echo(f"{rule.public_id}  {kind}  {version.target.kind} {version.target.code}: {told or 'nobody'}")
    if not book.rules:
        click.echo(f"No rule holds on {on}.")


def publish_shipped(content: Path, moment: dt.datetime) -> None:
    """Publish the texts that come with the product, unless this hospital has had them or has its own."""
    for path in sorted((content / "policies").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        known = policies.known_text(text)
        if not known:
            done = _publish_one(path, lambda words, name: _put_policy(words, name, moment), quiet=True)
            click.echo(f"Policy {done.code}, edition {done.edition}.")
    for path in sorted((content / "pathways").glob("*.md")):
        if not pathways.known_text(path.read_text(encoding="utf-8")):
            done = _publish_one(path, lambda words, name: _put_pathway(words, name, moment), quiet=True)
            click.echo(f"Pathway {done.code}, edition {done.edition}.")


def _put_policy(text: str, name: str, moment: dt.datetime) -> policy_services.Published:
    return policy_services.publish(text, name, actor=None, now=moment, today=today())


def _put_pathway(text: str, name: str, moment: dt.datetime) -> pathway_services.Published:
    return pathway_services.publish(text, name, actor=None, now=moment)


def _publish_all(paths: Iterable[Path], publish: Publish) -> list[Any]:
    files = [file for path in paths for file in (sorted(path.glob("*.md")) if path.is_dir() else [path])]
    if not files:
        raise click.ClickException("No Markdown file there; files ending in .md were expected.")
    return [_publish_one(file, publish) for file in files]


def _publish_one(file: Path, publish: Publish, *, quiet: bool = False) -> Any:
    """Publish one file and commit; its faults go to standard error and stop the command."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise click.ClickException(f"{file}: {broken}. A text in UTF-8 was expected.") from None
    try:
        done = publish(text, str(file))
    except (policy_services.PolicyRefused, pathway_services.PathwayRefused) as refused:
        db.session.rollback()
        _tell(refused.faults)
        raise click.ClickException(f"{file} was not published.") from None
    db.session.commit()
    if not quiet:
        _tell(done.warnings)
    return done


def _tell(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.path}:{fault.line}:{fault.column}: {fault.severity}: {fault.message}", err=True)
