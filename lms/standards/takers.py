"""Who took an exam, and who of them a member of a panel may judge. Reads only; a score never leaves with a name."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select

from assessments.standards import ENOUGH_BORDERLINE
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db
from lms.people import queries as people
from lms.people.facts import PersonFacts
from lms.people.placed import placed
from lms.people.scope import Scope
from lms.quizzes import sittings
from lms.standards import queries
from lms.standards.facts import LEAST_SHOWN, Border, Desk, Group, Study, Taker, Tally
from lms.standards.models import StandardJudgement

PAGE = 25
MOST_LISTED = 500  # people whom somebody with a view of the whole hospital gets as a list; beyond, a name is asked for
SEARCHED = 200
JUDGEMENTS = ("below", "borderline", "above")


def texts() -> tuple[tuple[VersionFacts, int], ...]:
    """The texts with an exam that enough people handed in for a study, with how many; the latest of a course first."""
    counts = {key: count for key, count in sittings.handed_in().items() if count >= ENOUGH_BORDERLINE}
    found = [(each, counts[each.id]) for each in catalog.versions_by_id(counts).values() if each.exam]
    return tuple(sorted(found, key=lambda one: (one[0].title.casefold(), one[0].code, -one[0].sequence)))


def may_judge(study: Study, own_person: int, scope: Scope, today: dt.date) -> frozenset[int]:
    """The people whom a member with this scope may judge: takers whom the member may see, never the member."""
    took = frozenset(sittings.first_scores(study.version.id)) - {own_person}
    return took if scope.everything else took & placed(scope.unit_ids, scope.person_ids, today).keys()


def desk(
    study: Study, account_id: int, own_person: int, scope: Scope, today: dt.date, *, text: str = "", page: int = 1
) -> Desk:
    """A page of those whom a member may judge, by name, with what the member has said of them."""
    allowed = may_judge(study, own_person, scope, today)
    said = {key: word for key, word in said_by(study, account_id).items() if key in allowed}
    search_first = scope.everything and len(allowed) > MOST_LISTED
    if search_first and text.strip():
        found: Iterable[PersonFacts] = (each for each in people.search(text, limit=SEARCHED) if each.id in allowed)
    else:
        words = text.casefold().split()
        some = people.people_by_ids(said.keys() if search_first else allowed).values()
        found = (each for each in some if all(word in each.name.casefold() for word in words))
    ordered = sorted(found, key=lambda each: (each.name.casefold(), each.id))
    pages = max(1, -(-len(ordered) // PAGE))
    at = min(max(page, 1), pages)
    shown = ordered[(at - 1) * PAGE : at * PAGE]
    places = placed((), [each.id for each in shown], today)
    takers = tuple(
        Taker(each, tuple(name for _, name in places[each.id].units) if each.id in places else (), said.get(each.id))
        for each in shown
    )
    return Desk(takers, len(ordered), len(allowed), len(said), at, pages, search_first)


def said_by(study: Study, account_id: int) -> dict[int, str]:
    """What a member has said, by person."""
    statement = select(StandardJudgement.person_id, StandardJudgement.judgement).where(
        StandardJudgement.study_id == study.id, StandardJudgement.account_id == account_id
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def tally(study: Study) -> Tally:
    """How far the judging is, while it is open."""
    took, said = sittings.first_scores(study.version.id), _said(study)
    of = {key: words for key, words in said.items() if key in took}
    by_member = Counter(account_id for words in of.values() for account_id in words)
    agreed = agreed_on(of)
    return Tally(
        len(took), len(of), sum(word == "borderline" for word in agreed.values()), len(of) - len(agreed), by_member
    )


def agreed_on(said: dict[int, dict[int, str]]) -> dict[int, str]:
    """By person what was said with one voice. Whoever members differ on is left out: no majority makes a border."""
    return {key: next(iter(words.values())) for key, words in said.items() if len(set(words.values())) == 1}


def snapshot(study: Study) -> dict[str, object]:
    """What stays of the judging: scores with what was said of whoever had them, in the order of scores, and counts."""
    took, said = sittings.first_scores(study.version.id), _said(study)
    of = {key: words for key, words in said.items() if key in took}
    agreed = agreed_on(of)
    pairs = sorted((took[key], word) for key, word in agreed.items())
    return {
        "takers": [[str(score), word] for score, word in pairs],
        "judged": len(of),
        "judges": len({account_id for words in of.values() for account_id in words}),
        "differ": len(of) - len(agreed),
    }


def border(study: Study) -> Border | None:
    """What the judging came to; None while it is open."""
    if study.open_round is not None:
        return None
    kept = queries.evidence(study)
    groups = []
    for judgement in JUDGEMENTS:
        scores = [Fraction(score) for score, word in kept["takers"] if word == judgement]
        median = Fraction(statistics.median(scores)) if len(scores) >= LEAST_SHOWN else None
        groups.append(Group(judgement, len(scores), median))
    standard = queries.standard_of(kept, None, "")
    return Border(standard, tuple(groups), kept["judged"], kept["judges"], kept["differ"])


def _said(study: Study) -> dict[int, dict[int, str]]:
    """What was said, by person and account."""
    statement = select(StandardJudgement.person_id, StandardJudgement.account_id, StandardJudgement.judgement)
    found: dict[int, dict[int, str]] = {}
    for person_id, account_id, word in db.session.execute(statement.where(StandardJudgement.study_id == study.id)):
        found.setdefault(person_id, {})[account_id] = word
    return found
