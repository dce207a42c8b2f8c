"""Writing studies of a borderline group: begin one, judge, close. Each refuses with words, or does it whole.

Members say who of those that took the exam is on the border of being competent, by what they know of their work.
Once the judging is closed nobody can tell any more who said what of whom: scores and judgements stay, names go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete

from assessments.standards import ENOUGH_BORDERLINE
from lms.audit.services import record
from lms.catalog.facts import VersionFacts
from lms.db import db, insert_ignore, upsert
from lms.people.scope import Scope
from lms.quizzes import sittings
from lms.standards import takers
from lms.standards.facts import Study
from lms.standards.models import StandardJudgement, StandardRound
from lms.standards.services import Refused, locked, panel_of, write_study

JUDGE_ROLES = frozenset({"supervisor", "cmio"})  # an educator may see nobody's work by that role


def begin(version: VersionFacts, emails: Sequence[str], *, actor: int, now: dt.datetime, public: str = "") -> str:
    """Begin a study of the people who took the exam of a text; returns its public id. Raises Refused."""
    took = len(sittings.first_scores(version.id)) if version.exam else 0
    if took < ENOUGH_BORDERLINE:
        raise Refused(
            _(
                "%(least)s people or more with a marked first attempt at this text were expected; there are %(n)s.",
                least=ENOUGH_BORDERLINE,
                n=took,
            )
        )
    panel = panel_of(emails, JUDGE_ROLES)
    return write_study(version, panel, (), 1, "borderline", actor=actor, now=now, public=public)


def judge(
    study: Study, given: Mapping[int, str | None], *, scope: Scope, own_person: int, actor: int, today: dt.date,
    now: dt.datetime,
) -> int:  # fmt: skip
    """Keep what a member says of people; None takes it back. Returns how many the member has judged.

    People who are not named stay as they are. Raises Refused for somebody who is not on the panel, a study that is
    not open, a judgement that there is not, or a person whom the member may not judge, and keeps nothing then.
    """
    study = locked(study)
    if actor not in study.panel:
        raise Refused(_("Only members of the panel judge."))
    if not study.borderline or study.open_round is None:
        raise Refused(_("The judging is closed. What you had saved counts."))
    if any(word is not None and word not in takers.JUDGEMENTS for word in given.values()):
        raise Refused(_("Below, on or above the border was expected, or nothing."))
    if set(given) - takers.may_judge(study, own_person, scope, today):
        raise Refused(_("One of these people did not take the exam, or is not in your scope today."))
    kept = [
        {"study_id": study.id, "account_id": actor, "person_id": key, "judgement": word, "judged_at": now}
        for key, word in given.items() if word is not None
    ]  # fmt: skip
    keys = ["study_id", "account_id", "person_id"]
    upsert(StandardJudgement.__table__, kept, keys, ["judgement", "judged_at"])  # type: ignore[arg-type]
    back = [key for key, word in given.items() if word is None]
    if back:
        db.session.execute(
            delete(StandardJudgement).where(
                StandardJudgement.study_id == study.id, StandardJudgement.account_id == actor,
                StandardJudgement.person_id.in_(back),
            )
        )  # fmt: skip
    return len(takers.said_by(study, actor))


def close(study: Study, *, actor: int, now: dt.datetime) -> bool:
    """Close the judging with the scores of this moment, and forget who said what; False where it is closed already.

    Raises Refused while fewer people are on the border than a cut can rest on.
    """
    study = locked(study)
    if not study.borderline:
        raise Refused(_("The panel of this study rates questions."))
    if study.open_round is None:
        return False
    kept = takers.snapshot(study)
    on_border = takers.tally(study).borderline
    if on_border < ENOUGH_BORDERLINE:
        raise Refused(
            ngettext(
                "%(least)s people or more judged borderline with one voice were expected; there is one.",
                "%(least)s people or more judged borderline with one voice were expected; there are %(num)d.",
                on_border,
                least=ENOUGH_BORDERLINE,
            )
        )
    row = {"study_id": study.id, "number": 1, "takers_right": {}, "takers": kept, "closed_at": now, "closed_by": actor}
    new = insert_ignore(StandardRound.__table__, [row], ["study_id", "number"]) == 1  # type: ignore[arg-type]
    if new:
        db.session.execute(delete(StandardJudgement).where(StandardJudgement.study_id == study.id))
        record(
            "standard.judged", "standard", study.public_id, actor=actor, now=now, judged=kept["judged"],
            borderline=on_border,
        )  # fmt: skip
    return new
