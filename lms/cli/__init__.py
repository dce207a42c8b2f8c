"""The command line (`flask --app wsgi …`): parse, one service call, commit once, print."""

from __future__ import annotations

from flask import Flask

from lms.cli import (
    accounts,
    checklists,
    courses,
    credentials,
    demo,
    evaluations,
    export,
    frameworks,
    golive,
    hospital,
    measures,
    operations,
    privacy,
    reports,
    training,
    worker,
)

COMMANDS = (
    accounts.account,
    accounts.token,
    checklists.group,
    courses.group,
    credentials.group,
    demo.group,
    demo.prepare,
    export.group,
    golive.group,
    evaluations.group,
    frameworks.framework,
    frameworks.target,
    hospital.roster,
    hospital.rollups,
    hospital.training,
    measures.group,
    operations.backup_command,
    operations.restore_command,
    privacy.group,
    reports.pack,
    reports.report,
    *training.GROUPS,
    worker.worker,
)


def install(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
