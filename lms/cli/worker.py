"""`worker`: background jobs, until it is told to end."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import signal

import click
from flask import current_app
from flask.cli import with_appcontext

import lms
from lms.jobs.worker import Worker
from lms.web.clock import now


def load_tasks() -> None:
    """Import every feature's `tasks.py`, which registers what it holds."""
    for room in pkgutil.iter_modules(lms.__path__):
        name = f"lms.{room.name}.tasks"
        if room.ispkg and importlib.util.find_spec(name):
            importlib.import_module(name)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Work through the queue; ends after the job in hand on SIGTERM or Ctrl-C."""
    load_tasks()
    loop = Worker(now)
    if once:
        loop.run_periodic()
        done = loop.drain()
        click.echo(f"{done} jobs done.", err=True)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    current_app.logger.info("worker started")
    loop.run()
    current_app.logger.info("worker ended")
