"""Writing studies of a pass mark: begin one, rate, close a round, adopt. Each refuses with words, or does it whole."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from lms.accounts import queries as accounts
from lms.audit.services import record
from lms.catalog.facts import VersionFacts
from lms.db import db, insert_ignore, lock_named, public_id, upsert
from lms.standards import letters, queries, takers
from lms.standards.facts import Study
from lms.standards.models import AdoptedStandard, StandardJudge, StandardRating, StandardRound, StandardStudy

PANEL_ROLES = frozenset({"educator", "supervisor", "cmio"})
MOST_ROUNDS = 4
LARGEST_PANEL = 40
LONGEST_REASON = 1000


class Refused(ValueError):
    """The act cannot be done; the message says why and what was expected."""


def begin(
    version: VersionFacts, emails: Sequence[str], rounds: int, *, actor: int, now: dt.datetime, public: str = ""
) -> str:
    """Begin a study of a text's exam with a panel named by e-mail; returns its public id. Raises Refused.

    `public` is the id to use where it must be the same each time; otherwise a new one is made.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        raise Refused(_("From one to %(most)s rounds were expected.", most=MOST_ROUNDS))
    questions = queries.rateable(version) if version.exam else ()
    if not questions:
        raise Refused(_("This course has no assessment with questions to rate."))
    panel = panel_of(emails, PANEL_ROLES)
    return write_study(version, panel, questions, rounds, "angoff", actor=actor, now=now, public=public)


def write_study(
    version: VersionFacts, panel: frozenset[int], questions: Sequence[str], rounds: int, method: str, *, actor: int,
    now: dt.datetime, public: str = "",
) -> str:  # fmt: skip
    """Write the rows of a study of either method, once all is checked; returns its public id."""
    public = public or public_id()
    study_id = db.session.scalar(
        insert(StandardStudy).returning(StandardStudy.id),
        {
            "public_id": public, "course_id": version.course_id, "version_id": version.id, "items": list(questions),
            "rounds": rounds, "method": method, "created_at": now, "created_by": actor,
        },
    )  # fmt: skip
    # The numbers of the panel are in an order that nobody can read from names or accounts.
    order = sorted(panel, key=lambda each: hashlib.sha256(f"{public}:{each}".encode()).digest())
    rows = [{"study_id": study_id, "account_id": each, "label": label} for label, each in enumerate(order, 1)]
    db.session.execute(insert(StandardJudge), rows)
    record(
        "standard.begin", "standard", public, actor=actor, now=now, course=version.code, panel=len(panel), method=method
    )
    return public


def panel_of(emails: Sequence[str], roles: frozenset[str]) -> frozenset[int]:
    """The accounts with these addresses. Raises Refused where one has none of the roles, or for too few or too many."""
    wanted = dict.fromkeys(each.strip().lower() for each in emails if each.strip())
    if len(wanted) > LARGEST_PANEL:
        raise Refused(_("A panel of at most %(most)s people was expected.", most=LARGEST_PANEL))
    found, unfit = set(), []
    for email in wanted:
        account = accounts.account_by_email(email) if len(email) <= 254 and "\0" not in email else None
        if account is None or account.deactivated_at is not None or not account.roles & roles:
            unfit.append(email[:80].replace("\0", ""))
        else:
            found.add(account.id)
    if unfit:
        addresses = ", ".join(unfit)
        if "educator" in roles:
            raise Refused(
                _("No account of an educator, a supervisor or a CMIO has the address %(emails)s.", emails=addresses)
            )
        raise Refused(_("No account of a supervisor or a CMIO has the address %(emails)s.", emails=addresses))
    if len(found) < 2:
        raise Refused(_("A panel of two people or more was expected; five or more are usual."))
    return frozenset(found)


def invite(public: str, *, now: dt.datetime) -> int:
    """Write to the panel of a study that was begun, once; returns how many e-mails are on their way."""
    study = queries.study(public)
    assert study is not None, "studies are never deleted"
    return letters.invite(study, now=now)


def remind(study: Study, *, actor: int, now: dt.datetime) -> int:
    """Write to the members who have not said all in the open round, once a day; returns how many e-mails are new."""
    study = locked(study)
    if study.open_round is None:
        raise Refused(_("The rounds are over; nobody is waited for."))
    if study.borderline:
        left = dict.fromkeys(study.panel - takers.tally(study).by_member.keys(), 0)
    else:
        left = {each.account_id: len(study.items) - each.rated for each in queries.progress(study).waiting}
    sent = letters.remind(study, left, now=now)
    if sent:
        record("standard.remind", "standard", study.public_id, actor=actor, now=now, letters=sent)
    return sent


def rate(study: Study, number: int, given: Mapping[str, int | None], *, actor: int, now: dt.datetime) -> int:
    """Keep a member's ratings of the open round, in per cent; None takes one back. Returns how many are kept now.

    Questions that are not named stay as they are. Raises Refused for somebody else, another round, an unknown
    question or a value outside 0 to 100, and keeps nothing then.
    """
    study = locked(study)
    if actor not in study.panel:
        raise Refused(_("Only members of the panel rate."))
    if number != study.open_round:
        raise Refused(_("Round %(n)s is closed. What you had saved in it counts.", n=number))
    if unknown := set(given) - set(study.items):
        raise Refused(_("These questions are not in the study: %(items)s.", items=", ".join(sorted(unknown))))
    if any(value is not None and not 0 <= value <= 100 for value in given.values()):
        raise Refused(_("Whole numbers from 0 to 100 were expected."))
    kept = [
        {
            "study_id": study.id, "round": number, "account_id": actor, "item": item, "percent": value, "rated_at": now,
        }
        for item, value in given.items() if value is not None
    ]  # fmt: skip
    back = [item for item, value in given.items() if value is None]
    table = StandardRating.__table__
    upsert(table, kept, ["study_id", "round", "account_id", "item"], ["percent", "rated_at"])  # type: ignore[arg-type]
    if back:
        db.session.execute(
            delete(StandardRating).where(
                StandardRating.study_id == study.id, StandardRating.round == number,
                StandardRating.account_id == actor, StandardRating.item.in_(back),
            )
        )  # fmt: skip
    return len(queries.own(study, actor, number))


def close(study: Study, number: int, *, actor: int, now: dt.datetime, without: bool = False) -> bool:
    """Close a round, with how takers do now; False where it is closed already. Raises Refused.

    It waits for every member unless `without`, which leaves those out who have not rated every question; two
    complete members are needed in any case.
    """
    study = locked(study)
    if 1 <= number <= study.closed:
        return False
    if number != study.open_round:
        raise Refused(_("The study has no such round to close."))
    whole = queries.complete(study, number)
    if len(whole) < 2:
        raise Refused(_("Two people or more who rated every question were expected; there are %(n)s.", n=len(whole)))
    if whole != study.panel and not without:
        raise Refused(_("Not everybody has rated every question. Wait, or say that you close without them."))
    row = {
        "study_id": study.id, "number": number, "takers_right": queries.takers_right(study), "closed_at": now,
        "closed_by": actor,
    }  # fmt: skip
    new = insert_ignore(StandardRound.__table__, [row], ["study_id", "number"]) == 1  # type: ignore[arg-type]
    if new:
        record("standard.close", "standard", study.public_id, actor=actor, now=now, round=number, judges=len(whole))
    return new


def adopt(study: Study, adopted: Fraction, reason: str, *, actor: int, now: dt.datetime) -> bool:
    """Adopt a pass mark in per cent for good, with a reason; False where the study has one. Raises Refused."""
    study = locked(study)
    if study.adopted is not None:
        return False
    text = reason.strip()
    if study.open_round is not None:
        raise Refused(_("A pass mark is adopted after the last round."))
    if not text:
        raise Refused(_("Give the reason; whoever asks where the pass mark comes from reads it."))
    if len(text) > LONGEST_REASON or "\0" in text:
        raise Refused(_("A reason of at most %(most)s characters was expected.", most=LONGEST_REASON))
    kept = queries.evidence(study)
    try:
        found = queries.standard_of(kept, adopted, text)
    except ValueError as fault:
        raise Refused(str(fault)) from fault
    kept |= {"doubts": list(found.doubts), "sd": found.sd, "panel": found.panel, "rounds": found.rounds}
    row = {
        "study_id": study.id, "cut": str(found.cut), "adopted": str(found.adopted), "se": found.se or 0.0,
        "reason": text, "digest": found.digest, "evidence": kept, "adopted_at": now, "adopted_by": actor,
    }  # fmt: skip
    new = insert_ignore(AdoptedStandard.__table__, [row], ["study_id"]) == 1  # type: ignore[arg-type]
    if new:
        record("standard.adopt", "standard", study.public_id, actor=actor, now=now, course=study.version.code,
               digest=found.digest)  # fmt: skip
    return new


def locked(study: Study) -> Study:
    """The study as it is now that nobody else writes to it."""
    lock_named(f"standard:{study.id}")
    found = queries.study(study.public_id)
    assert found is not None, "studies are never deleted"
    return found
