"""How migrations reach the database: with the application's own engine, one transaction each.

A migration script knows no application code; only this file asks the running application for its
engine and its tables (to compare them when a new script is drafted).
"""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def process_revision_directives(context_, revision, directives):
    """Write no empty script when a draft finds nothing to change."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def render_item(kind, value, autogen):
    """Write our column types as plain ones, so that a script never imports the application."""
    if kind == "type" and type(value).__name__ == "Instant":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(value).__name__ == "JSON":
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    return False


def run() -> None:
    """Run the scripts that are due. SQLite changes a table by copying it (batch mode)."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render_item,
            process_revision_directives=process_revision_directives,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
