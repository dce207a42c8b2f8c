"""Which people and units a principal may see. Pure; filled by `accounts.queries.scope_of`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """`everything` for the CMIO and administrators; else units (subtrees resolved) and managed people."""

    everything: bool = False
    unit_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()

    def covers_unit(self, unit_id: int) -> bool:
        """Whether figures and people of the unit may be seen."""
        return self.everything or unit_id in self.unit_ids

    def covers_person(self, person_id: int, unit_ids: frozenset[int] = frozenset()) -> bool:
        """Whether a person may be seen, given the units of their current posts."""
        return self.everything or person_id in self.person_ids or bool(self.unit_ids & unit_ids)


@dataclass(frozen=True)
class Lent:
    """What a colleague lets somebody sign in their stead. `competencies` empty means all of them."""

    delegation_id: int
    scope: Scope
    competencies: frozenset[str] = frozenset()

    def allows(self, competency: str | None) -> bool:
        """Whether the competency is among those lent; None asks for any."""
        return competency is None or not self.competencies or competency in self.competencies


@dataclass(frozen=True)
class SignOff:
    """Whose work somebody may sign off on a day: by their own office, and lent by colleagues."""

    own: Scope = Scope()
    lent: tuple[Lent, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there is anybody at all to sign off."""
        return self.own != Scope() or bool(self.lent)

    def covers(self, person_id: int, unit_ids: frozenset[int], competency: str | None = None) -> bool:
        """Whether a person's work may be signed off, in a competency or in any."""
        return self.own.covers_person(person_id, unit_ids) or self.lender(person_id, unit_ids, competency) is not None

    def lender(self, person_id: int, unit_ids: frozenset[int], competency: str | None = None) -> Lent | None:
        """What was lent that covers this person and competency, the first of several."""
        return next(
            (each for each in self.lent if each.scope.covers_person(person_id, unit_ids) and each.allows(competency)),
            None,
        )

    def competencies(self, person_id: int, unit_ids: frozenset[int]) -> frozenset[str] | None:
        """The competencies that may be signed for a person; None means all."""
        if self.own.covers_person(person_id, unit_ids):
            return None
        mine = [each for each in self.lent if each.scope.covers_person(person_id, unit_ids)]
        if any(not each.competencies for each in mine):
            return None
        return frozenset().union(*(each.competencies for each in mine))
