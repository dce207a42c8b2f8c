"""The roles that an account can hold. Pure words; who may do what stands at each route (`access`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Role:
    """A role, its name on pages, and what it opens."""

    code: str
    label: Any
    opens: Any


ROLES: tuple[Role, ...] = (
    Role("learner", _l("Learner"), _l("Takes courses and keeps a record")),
    Role("educator", _l("Educator"), _l("Publishes courses and sees how their questions work")),
    Role("supervisor", _l("Supervisor"), _l("Sees and signs off the people they manage, and units granted below")),
    Role("cmio", _l("CMIO"), _l("Sees every unit's readiness and competence")),
    Role("administrator", _l("Administrator"), _l("Looks after people, accounts, roster and courses")),
)
BY_CODE: dict[str, Role] = {role.code: role for role in ROLES}
