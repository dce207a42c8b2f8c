"""Issuing certificates: the facts as they are now, signed once, kept for good.

A certificate is never changed. A correction supersedes it, a withdrawal revokes it with a reason;
both keep the row. The PDF is pressed when somebody downloads it (`lms.credentials.paper`).
"""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from dataclasses import replace
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from certificates import serials
from certificates.facts import LONGEST, LONGEST_COMPETENCY, MOST_COMPETENCIES, CertificateFacts
from certificates.serials import normalise
from certificates.signing import sign_facts
from lms.audit.services import record
from lms.catalog.facts import VersionFacts
from lms.competency.queries import competency, framework
from lms.credentials import letters
from lms.credentials.desk import Desk
from lms.credentials.facts import Correction, CredentialFacts
from lms.credentials.models import Credential
from lms.credentials.queries import by_key, by_serial
from lms.db import db
from lms.people.queries import person, posts_on

LONGEST_REASON = 1000
PROFESSION_NAMES = {"physician": "Physician", "nurse": "Nurse", "pharmacist": "Pharmacist", "other": "Member of staff"}


class CredentialRefused(Exception):
    """The certificate cannot be revoked or superseded; the message says why."""


def issue(
    person_id: int,
    version: VersionFacts,
    score: Decimal | None,
    *,
    key: str,
    actor: int | None,
    now: dt.datetime,
    desk: Desk,
) -> CredentialFacts:
    """Issue the certificate for a completed version; the same `key` gives the same certificate again.

    `score` is per cent with one decimal, None where there was no exam. The person's name, unit and
    profession are printed as they are at `now`.
    """
    found = by_key(key)
    if found is not None:
        return found
    serial = _new_serial()
    facts = draw_up(person_id, version, score, serial=serial, on=desk.day(now), desk=desk)
    _insert(facts, person_id=person_id, digest=version.digest, key=key, now=now, desk=desk)
    record("credential.issue", "credential", serial, actor=actor, now=now, course=version.code, edition=version.edition)
    issued = by_key(key)
    assert issued is not None, "a certificate was just written"
    return issued


def revoke(serial: str, reason: str, *, actor: int | None, now: dt.datetime) -> None:
    """Withdraw a certificate for a stated reason and tell its holder; again is harmless. Raises CredentialRefused."""
    found = _held(serial)
    why = _reason(reason, _("A withdrawal needs a reason."))
    if found.revoked_at is not None:
        return
    db.session.execute(update(Credential).where(Credential.id == found.id).values(revoked_at=now, reason=why))
    record("credential.revoke", "credential", found.serial, actor=actor, now=now)
    letters.revoked(found, why, now=now)


def supersede(
    serial: str, correction: Correction, reason: str, *, actor: int | None, now: dt.datetime, desk: Desk
) -> CredentialFacts:
    """Issue a corrected certificate in the place of another, link the two and tell the holder.

    What was achieved stays: course, edition, score, competencies, day of issue and validity. The same correction
    again returns the same certificate. Raises CredentialRefused.
    """
    found = _held(serial)
    why = _reason(reason, _("A correction needs a reason."))
    key = f"correction:{found.serial}"
    if found.superseded_by is not None:
        made = by_key(key)
        if made is not None and _stated(made.facts) == _checked(correction):
            return made
        raise CredentialRefused(
            _("It was superseded by %(superseded_by)s. Correct that one.", superseded_by=found.superseded_by)
        )
    if found.revoked_at is not None:
        raise CredentialRefused(_("It was revoked. A revoked certificate is not corrected."))
    stated = _checked(correction)
    if stated == _stated(found.facts):
        raise CredentialRefused(_("Nothing would change. Give the name, profession or unit as it should be printed."))
    new_serial = _new_serial()
    facts = replace(
        found.facts, serial=new_serial, name=stated.name, profession=stated.profession, unit=stated.unit,
        verify_url=desk.verify_url(new_serial),
    )  # fmt: skip
    new_id = _insert(facts, person_id=found.person_id, digest=found.version_digest, key=key, now=now, desk=desk)
    db.session.execute(update(Credential).where(Credential.id == found.id).values(superseded_by=new_id, reason=why))
    record("credential.supersede", "credential", found.serial, actor=actor, now=now, by=new_serial)
    letters.superseded(found, new_serial, why, now=now)
    made = by_key(key)
    assert made is not None, "a certificate was just written"
    return made


def _held(serial: str) -> CredentialFacts:
    """The certificate, held until the transaction ends, so that two decisions about it wait for each other."""
    known = normalise(serial)
    db.session.execute(select(Credential.id).where(Credential.serial == known).with_for_update())
    found = by_serial(serial)
    if found is None:
        raise CredentialRefused(_("There is no certificate with this number."))
    return found


def _reason(text: str, missing: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise CredentialRefused(missing)
    if len(reason) > LONGEST_REASON:
        raise CredentialRefused(
            _("The reason is longer than %(longest_reason)s characters.", longest_reason=LONGEST_REASON)
        )
    return reason


def _stated(facts: CertificateFacts) -> Correction:
    return Correction(facts.name, facts.profession, facts.unit)


def _checked(correction: Correction) -> Correction:
    """The correction as it would be printed; a person corrects it, so what does not fit is refused, not shortened."""
    made = Correction(*(printable(text) for text in (correction.name, correction.profession, correction.unit)))
    for name, text in (("name", made.name), ("profession", made.profession), ("unit", made.unit)):
        if not text and name != "unit":
            raise CredentialRefused(_("The %(name)s is missing.", name=name))
        if len(text) > LONGEST[name]:
            raise CredentialRefused(
                _(
                    "The %(name)s is longer than %(what)s characters, which do not fit the page.",
                    name=name,
                    what=LONGEST[name],
                )
            )
    return made


def _insert(facts: CertificateFacts, *, person_id: int, digest: str, key: str, now: dt.datetime, desk: Desk) -> int:
    values = {
        "serial": facts.serial, "key": key, "person_id": person_id, "course_code": facts.course_code,
        "version_digest": digest, "facts": facts.to_json(), "signed": sign_facts(facts, desk.issuer(now)),
        "issued_at": now, "valid_until": facts.valid_until,
    }  # fmt: skip
    return int(db.session.execute(insert(Credential).values(**values).returning(Credential.id)).scalar_one())


def draw_up(
    person_id: int, version: VersionFacts, score: Decimal | None, *, serial: str, on: dt.date, desk: Desk
) -> CertificateFacts:
    """The facts of a certificate issued on a day. Texts too long for the page are shortened visibly."""
    holder = person(person_id)
    if holder is None:
        raise LookupError(f"No person {person_id}.")
    units = list(dict.fromkeys(post.unit_name for post in posts_on(person_id, on)))
    return CertificateFacts(
        serial=serial,
        name=fit(holder.name, LONGEST["name"]) or holder.employee_id or holder.public_id,
        profession=PROFESSION_NAMES[holder.profession],
        unit=fit(", ".join(units), LONGEST["unit"]),
        course_code=version.code,
        course_title=fit(version.title, LONGEST["course_title"]),
        edition=version.edition,
        language=version.language or "en",
        issued_on=on,
        valid_until=add_months(on, version.valid_months) if version.valid_months else None,
        minutes=max(1, version.minutes),
        score=score.quantize(Decimal("0.1")) if score is not None else None,
        competencies=_competencies(version),
        credits=(),  # no accreditor is enabled; the paper then says "No accredited credit."
        issuer=fit(desk.hospital, LONGEST["issuer"]),
        signatory_name=fit(desk.signatory_name, LONGEST["signatory_name"]),
        signatory_title=fit(desk.signatory_title, LONGEST["signatory_title"]),
        verify_url=desk.verify_url(serial),
        sample=desk.sample,
    )


def _competencies(version: VersionFacts) -> tuple[tuple[str, str, int, str], ...]:
    frame = framework()
    rows = []
    for code, level in version.competencies[:MOST_COMPETENCIES]:
        known = competency(code)
        level = min(level, 2)  # what a test can show; the paper promises no more
        title = known.title if known else code
        rows.append((code, fit(title, LONGEST_COMPETENCY), level, frame.level_name(level) if frame else ""))
    return tuple(rows)


def _new_serial() -> str:
    while True:
        serial = serials.make(secrets.token_bytes(16))
        if db.session.execute(select(Credential.id).where(Credential.serial == serial)).first() is None:
            return serial


def printable(text: str) -> str:
    """A text on one line without signs that print as nothing or a box; joiners that belong to a spelling stay."""
    kept = (sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def fit(text: str, longest: int) -> str:
    """A printable text that fits its place on the paper, shortened with an ellipsis."""
    text = printable(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of a month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))
