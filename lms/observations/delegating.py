"""To whom a supervisor may lend the right to sign off: another supervisor, or a coach in what is lent.

Who gives, for whom and how long stands in `accounts.delegations`; here stands the question of competence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _

from lms.accounts import delegations
from lms.accounts.queries import AccountFacts
from lms.accounts.refusals import AccountRefused
from lms.competency.queries import competencies, profile
from lms.observations.refusals import Refused
from lms.people.queries import posts_on

COACH = 4


def may_receive(taker: AccountFacts, wanted: Collection[str], today: dt.date) -> str | None:
    """Why this account may not be lent the right to sign these competencies; None where it may.

    A supervisor may sign anything. Anybody else must be a super-user at level 4 or above in each competency,
    and these must be named.
    """
    if taker.deactivated_at is not None:
        return "This account is closed."
    if "supervisor" in taker.roles:
        return None
    if not any(post.super_user for post in posts_on(taker.person_id, today)):
        return "Only a supervisor or a super-user can sign for others."
    if not wanted:
        return "Name the competencies: a super-user signs those in which they hold level 4 or above."
    held = {each.code: each.level for each in profile(taker.person_id, today)}
    short = sorted(code for code in wanted if held.get(code, 0) < COACH)
    return f"This super-user holds no level {COACH} in {', '.join(short)}." if short else None


def lend(
    giver: AccountFacts,
    taker: AccountFacts | None,
    *,
    person_id: int | None,
    unit_id: int | None,
    wanted: Collection[str],
    starts: dt.date,
    ends: dt.date,
    key: str,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Lend the right to sign off; returns the public id. Raises Refused with the field at fault."""
    if taker is None:
        raise Refused("to", _("Nobody has an account with this e-mail."), "to")
    unknown = sorted(set(wanted) - {each.code for each in competencies()})
    if unknown:
        raise Refused("competencies", _("%(what)s is not in the framework.", what=", ".join(unknown)), "competencies")
    reason = may_receive(taker, wanted, today)
    if reason is not None:
        raise Refused("to", reason, "to")
    try:
        return delegations.delegate(
            giver, taker.id, person_id=person_id, unit_id=unit_id, competencies=wanted, starts=starts, ends=ends,
            key=key, today=today, now=now,
        )  # fmt: skip
    except AccountRefused as fault:
        field = {"scope": "scope", "dates": "ends", "to": "to"}.get(fault.kind, "to")
        raise Refused(fault.kind, fault.message, field) from None
