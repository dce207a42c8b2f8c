"""The PDF of a certificate: pressed and signed when it is first downloaded, then kept.

The cache may be thrown away at any time; the facts are the record. The same facts give the same
paper, signed anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os

from certificates.facts import canonical
from certificates.paper import certificate_pdf
from certificates.signing import sign_pdf
from lms.credentials.desk import Desk
from lms.credentials.facts import CredentialFacts


def pdf(credential: CredentialFacts, desk: Desk, now: dt.datetime) -> bytes:
    """The signed PDF of a certificate."""
    facts = credential.facts
    name = f"{credential.serial}-{hashlib.sha256(canonical(facts)).hexdigest()[:16]}.pdf"
    kept = desk.cache_folder / name
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        pass
    reason = f"Certificate {credential.serial} issued by {facts.issuer}"
    signed = sign_pdf(certificate_pdf(facts), desk.issuer(now), reason=reason, now=now)
    desk.cache_folder.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{name}.{os.getpid()}")
    draft.write_bytes(signed)
    draft.replace(kept)  # whole or not at all, also when two people download at once
    return signed
