"""What the holder is told by e-mail when a certificate is corrected or revoked. Queues; never sends by itself."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from lms.credentials.facts import CredentialFacts
from lms.messages.services import BadAddress, send
from lms.people.queries import person


def revoked(credential: CredentialFacts, reason: str, *, now: dt.datetime) -> None:
    """Tell the holder that the certificate was revoked, and why."""
    subject = _("Your certificate %(serial)s was revoked", serial=credential.serial)
    lines = (
        _("%(hospital)s revoked your certificate for this course:", hospital=credential.facts.issuer),
        credential.facts.course_title,
        _("The reason: %(reason)s", reason=reason),
        _("Your learning record is unchanged. If this is an error, answer this e-mail or ask your educators."),
        credential.facts.verify_url,
    )
    _send(credential, subject, lines, f"credential-revoked:{credential.serial}", now)


def superseded(credential: CredentialFacts, successor: str, reason: str, *, now: dt.datetime) -> None:
    """Tell the holder that a corrected certificate took the place of the old one."""
    subject = _("Your certificate %(serial)s was corrected", serial=credential.serial)
    lines = (
        _("%(hospital)s corrected your certificate for this course:", hospital=credential.facts.issuer),
        credential.facts.course_title,
        _("The reason: %(reason)s", reason=reason),
        _("The new number is %(serial)s. Please show the new certificate from now on:", serial=successor),
        credential.facts.verify_url.replace(credential.serial, successor),
    )
    _send(credential, subject, lines, f"credential-superseded:{credential.serial}", now)


def _send(credential: CredentialFacts, subject: str, lines: tuple[str, ...], key: str, now: dt.datetime) -> None:
    holder = person(credential.person_id)
    if holder is None or not holder.email:
        return
    greeting = _("Hello %(name)s,", name=holder.name)
    try:
        send(holder.email, subject, "\n\n".join((greeting, *lines)) + "\n", key=key, now=now)
    except BadAddress:
        return  # an address that the roster mistyped is no reason to leave a false certificate standing
