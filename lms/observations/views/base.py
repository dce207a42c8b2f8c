"""What the pages of the feature share: the blueprint, who may see and sign, and refusals beside their field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g
from flask_babel import gettext as _

from lms.accounts.queries import scope_of, sign_off_of
from lms.competency.facts import FrameworkFacts
from lms.competency.queries import competencies, framework
from lms.competency.tasks import fold_these
from lms.observations.refusals import Refused
from lms.observations.team import Team, members_of, team
from lms.people.facts import PersonFacts, PostFacts
from lms.people.queries import person_by_public_id, posts_on
from lms.people.scope import SignOff
from lms.web.clock import today
from lms.web.guard import demand
from lms.web.principal import principal

blueprint = Blueprint("observations", "lms.observations", template_folder="templates")

OVERSEERS = frozenset({"cmio", "administrator"})


@dataclass(frozen=True)
class Subject:
    """A person whose page is open, and what the reader may do there."""

    person: PersonFacts
    posts: tuple[PostFacts, ...]
    signs: frozenset[str] | None  # the competencies that the reader may sign; None means all, empty none
    oversees: bool

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units of today's posts."""
        return frozenset(post.unit_id for post in self.posts)

    def may_sign(self, competency: str | None = None) -> bool:
        """Whether the reader may sign a competency, or any."""
        return self.signs is None or (bool(self.signs) if competency is None else competency in self.signs)


def sign_off() -> SignOff:
    """Whose work the reader may sign off today; asked once a request."""
    if "sign_off" not in g:
        who = principal()
        g.sign_off = sign_off_of(who.account_id, who.person_id, who.roles, today())
    return g.sign_off  # type: ignore[no-any-return]


def own_team() -> SignOff:
    """The people of the reader's team: who may sign for everybody still has a team of their own."""
    signer = sign_off()
    if not signer.own.everything:
        return signer
    who = principal()
    return SignOff(scope_of(who.account_id, who.person_id, {"supervisor"}, today()), signer.lent)


def fresh_team() -> Team:
    """The reader's team, with what changed about its people folded: names stand beside what they lack."""
    signer = own_team()
    units, people = members_of(signer)
    fold_these(today(), units, people)
    return team(signer, principal().person_id, today())


def demand_signer() -> None:
    """Refuse whoever is no supervisor and was lent nothing."""
    demand("supervisor" in principal().roles or sign_off().anything)


def subject(public: str) -> Subject:
    """The person of an address, if the reader may see them: by right to sign, or as CMIO or administrator."""
    who = principal()
    if "supervisor" not in who.roles and not OVERSEERS & who.roles:
        demand(sign_off().anything)
    found = person_by_public_id(public)
    if found is None:
        abort(404)
    posts = posts_on(found.id, today())
    units = frozenset(post.unit_id for post in posts)
    signer = sign_off()
    covered = signer.covers(found.id, units)
    oversees = bool(OVERSEERS & who.roles)
    demand(covered or (oversees and scope_of(who.account_id, who.person_id, who.roles, today()).everything))
    signs = signer.competencies(found.id, units) if covered else frozenset()
    if found.id == who.person_id:
        signs = frozenset()  # nobody signs off their own competence
    return Subject(found, posts, signs, oversees)


def delegation_of(found: Subject, competency: str) -> int | None:
    """By which lent right the reader signs here; None where it is their own office."""
    signer = sign_off()
    if signer.own.covers_person(found.person.id, found.unit_ids):
        return None
    lent = signer.lender(found.person.id, found.unit_ids, competency)
    return lent.delegation_id if lent else None


def refuse(form: Any, fault: Refused, otherwise: str) -> None:
    """Put the words of a refusal beside the field at fault, or beside another where the form has no such field."""
    named = getattr(form, fault.field, None)
    if named is None or not hasattr(named, "errors"):
        named = getattr(form, otherwise)
    named.errors = [*named.errors, fault.message]


def refuse_all(form: Any, faults: Iterable[Refused], otherwise: str) -> bool:
    """Put each refusal beside its field, where nothing stands there yet; returns whether there was any."""
    found = False
    for fault in faults:
        found = True
        named = getattr(form, fault.field, None) or getattr(form, otherwise)
        if not named.errors:
            refuse(form, fault, otherwise)
    return found


def titles() -> dict[str, str]:
    """Titles of the competencies by code: nobody puts a word to a code alone."""
    return {each.code: each.title for each in competencies()}


def level_name(frame: FrameworkFacts | None, level: int) -> str:
    """A level in the words of the framework."""
    name = frame.level_name(level) if frame else ""
    return _("Level %(level)s, %(name)s", level=level, name=name.lower()) if name else _("Level %(level)s", level=level)


def scale(highest: int) -> list[tuple[int, str, str]]:
    """The entrustment scale up to a level: level, its name in the framework, and what it means at the bedside."""
    frame = framework()
    words = {
        1: _("Knows what to do, did not do it alone"),
        2: _("Did it with help or prompts"),
        3: _("Did it safely without help"),
        4: _("Did it safely and helps others to"),
        5: _("Sets how it is done here"),
    }
    return [(level, level_name(frame, level), words[level]) for level in range(1, highest + 1)]
