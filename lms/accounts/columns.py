"""Columns of people's tables that sign-in and the list of people read in the same statement as their own.

Loading the principal is one statement, and a list that is filtered by account state must be paged by the
database; so these reads join, by name and read-only, what `lms.people` owns.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, String, case, column, func, table

person = table(
    "person",
    column("id", Integer),
    column("public_id", String),
    column("employee_id", String),
    column("given_name", String),
    column("family_name", String),
    column("display_name", String),
    column("email", String),
    column("profession", String),
)
post = table(
    "post",
    column("person_id", Integer),
    column("unit_id", Integer),
    column("title", String),
    column("starts", Date),
    column("ends", Date),
)
account = table("account", column("id", Integer), column("person_id", Integer))

_both: Any = func.trim(person.c.given_name + " " + person.c.family_name)

# The name as it is printed, the same as people.queries.printed_name.
printed_name: Any = case(
    (person.c.display_name != "", person.c.display_name),
    (_both != "", _both),
    else_=func.coalesce(person.c.email, ""),
)
