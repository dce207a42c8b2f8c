"""The facts of sample certificates: drawn up once a course by the issuing desk, then filled in for each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from certificates.facts import LONGEST, CertificateFacts
from lms.catalog.facts import VersionFacts
from lms.credentials.desk import Desk
from lms.credentials.services import PROFESSION_NAMES, add_months, draw_up, fit
from lms.demo.hospital import UNITS
from lms.demo.staff import SamplePerson

_UNIT_NAMES = {unit.code: unit.name for unit in UNITS}


class Sheets:
    """Certificates of one desk. What they state is what issuing them one by one would state."""

    def __init__(self, desk: Desk, ids: Mapping[int, int]) -> None:
        self.desk = desk
        self.ids = ids  # internal ids by sample number
        self._drawn: dict[int, CertificateFacts] = {}

    def facts(
        self, person: SamplePerson, version: VersionFacts, score: Decimal, *, serial: str, on: dt.date
    ) -> CertificateFacts:
        """The facts of a certificate issued to a sample person on a day; `score` in per cent."""
        first = self._drawn.get(version.id)
        if first is None:
            first = draw_up(self.ids[person.number], version, score, serial=serial, on=on, desk=self.desk)
            self._drawn[version.id] = first
        held = [post for post in person.posts if post.starts <= on and (post.ends is None or on <= post.ends)]
        held.sort(key=lambda post: post.starts)  # as the roster lists them, the oldest first
        units = dict.fromkeys(_UNIT_NAMES[post.unit] for post in held)
        return replace(
            first,
            serial=serial,
            name=fit(f"{person.given} {person.family}", LONGEST["name"]),
            profession=PROFESSION_NAMES[person.profession],
            unit=fit(", ".join(units), LONGEST["unit"]),
            issued_on=on,
            valid_until=add_months(on, version.valid_months) if version.valid_months else None,
            score=score.quantize(Decimal("0.1")),
            verify_url=self.desk.verify_url(serial),
        )
