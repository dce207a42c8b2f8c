"""`demo load`: the sample hospital; `prepare`: everything that a start needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from assessments.frontmatter import front_matter, plain
from courses.digest import course_digest
from courses.documents import text_digest
from courses.framework import default_framework
from courses.reading import read_folder
from lms.catalog.queries import published_texts
from lms.cli.training import publish_shipped
from lms.competency.editions import is_the_hospitals, was_imported
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.db import db
from lms.demo import sign_ins
from lms.demo.loading import DemoRefused, ForeignHospital, Loaded, is_sample, load
from lms.evaluations.queries import forms
from lms.evaluations.services import publish as publish_form
from lms.observations import checklists
from lms.publishing.services import PublishRefused, publish
from lms.web.clock import now

PROJECT = Path(__file__).resolve().parents[2]
FRAMEWORK = PROJECT / "courses" / "framework.yaml"
CURRICULUM = PROJECT / "courses" / "content"

group = AppGroup("demo", help="A sample hospital of invented people.")


@group.command("load")
@click.option("--staff", type=int, default=400, show_default=True, help="people in post")
@click.option("--seed", type=int, default=1, show_default=True, help="the same seed gives the same hospital")
def load_command(staff: int, seed: int) -> None:
    """Load a sample hospital with two years of history into a database without units."""
    _refuse_production()
    moment = now()
    _framework(moment)
    _checklists(moment)
    publish_shipped(CURRICULUM, moment)
    _publish_forms(moment)
    try:
        _tell(_load(staff, seed, moment))
    except ForeignHospital as fault:
        db.session.rollback()
        raise click.ClickException(str(fault)) from fault
    _print_sign_ins(moment)


@click.command("prepare")
@click.option("--staff", type=int, default=400, show_default=True, help="people in the sample hospital")
def prepare(staff: int) -> None:
    """Migrate, put the framework in force, publish the curriculum, and in development load the sample hospital."""
    upgrade()
    moment = now()
    _framework(moment)
    known = published_texts()
    digests = frozenset().union(*(found for found, _ in known.values()))
    theirs = {code for code, (_, by_account) in known.items() if by_account}
    for folder in sorted(path.parent for path in CURRICULUM.glob("*/course.md")):
        _publish(folder, moment, digests, theirs)
    _checklists(moment)
    publish_shipped(CURRICULUM, moment)
    _publish_forms(moment)
    if not current_app.config["SETTINGS"].production:
        _sample(staff, moment)


def _sample(staff: int, moment: dt.datetime) -> None:
    """The sample hospital, unless there is one of any size or another hospital, which is served as it is."""
    if is_sample():
        click.echo("The sample hospital is there.")
    else:
        try:
            _tell(_load(staff, 1, moment))
        except ForeignHospital:
            db.session.rollback()
            click.echo("This database holds a hospital of its own; the sample is not loaded into it.")
            return
    _print_sign_ins(moment)


def _refuse_production() -> None:
    if current_app.config["SETTINGS"].production:
        raise click.ClickException("The sample hospital is not loaded where APP_ENV=production.")


def _framework(moment: dt.datetime) -> None:
    """Put the shipped framework in force, unless it was before or the hospital has one of its own."""
    text = FRAMEWORK.read_text(encoding="utf-8")
    if was_imported(text) or is_the_hospitals(default_framework().code):
        return
    done = import_framework(text, FRAMEWORK.name, actor=None, now=moment)
    db.session.commit()
    if done.new:
        click.echo(f"Framework {done.code} {done.edition}: {done.competencies} competencies.")


def _publish(folder: Path, moment: dt.datetime, digests: Collection[str], theirs: Collection[str]) -> None:
    """Publish a shipped course, unless this text was published before or an educator's own text is current."""
    files = read_folder(folder)
    if course_digest(files) in digests:
        return
    code = plain(front_matter(files["course.md"].decode("utf-8", "replace"), "course.md")[0], "code")
    if code in theirs:
        click.echo(f"Course {code} was published by an educator here; the shipped text is left aside.")
        return
    try:
        done = publish(files, folder.name, actor=None, now=moment)
    except PublishRefused as fault:
        db.session.rollback()
        for each in fault.faults:
            click.echo(str(each), err=True)
        raise click.ClickException(f"{folder.name} was not published.") from fault
    db.session.commit()
    if done.new:
        click.echo(f"Course {done.code}, edition {done.edition}.")


def _checklists(moment: dt.datetime) -> None:
    """Publish the shipped checklists, unless a text was published before or somebody's own is in use."""
    known = frozenset().union(*checklists.known_digests().values())
    theirs = checklists.published_by_people()
    for path in sorted((CURRICULUM / "checklists").glob("*.md")):
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        if text_digest(text) in known:
            continue
        code = plain(front_matter(text, path.name)[0], "code")
        if code in theirs:
            click.echo(f"Checklist {code} was published by somebody here; the shipped text is left aside.")
            continue
        done = checklists.publish(data, path.name, actor=None, now=moment)
        click.echo(f"Checklist {done.code}, edition {done.edition}.")
    db.session.commit()


def _publish_forms(moment: dt.datetime) -> None:
    """Publish the shipped evaluation forms whose code nobody has published here."""
    known = forms()
    for path in sorted((CURRICULUM / "evaluations").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if plain(front_matter(text, path.name)[0], "code") not in known:
            done = publish_form(text, path.name, actor=None, now=moment)
            click.echo(f"Evaluation form {done.form.code}, edition {done.form.edition}.")
    db.session.commit()


def _load(staff: int, seed: int, moment: dt.datetime) -> Loaded:
    desk = replace(current_desk(), sample=True)
    try:
        done = load(staff, seed, desk=desk, now=moment)
    except ForeignHospital:
        raise
    except DemoRefused as fault:
        db.session.rollback()
        raise click.ClickException(str(fault)) from fault
    db.session.commit()
    return done


def _tell(done: Loaded) -> None:
    if not done.new:
        click.echo(f"The sample hospital of {done.staff} staff is there.")
        return
    click.echo(
        f"Sample hospital: {done.staff} staff and {done.leavers} leavers in {done.units} units, "
        f"{done.attempts} attempts, {done.certificates} certificates, {done.evidence} pieces of evidence beside them."
    )


def _print_sign_ins(moment: dt.datetime) -> None:
    made = sign_ins.make(moment)
    db.session.commit()
    click.echo(f"\nSample sign-ins, all with the password {sign_ins.PASSWORD}")
    for each in made:
        click.echo(f"  {each.email:28} {', '.join(each.roles)}")
