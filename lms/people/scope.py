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
