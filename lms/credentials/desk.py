"""The issuing desk: who issues, under which name, with which key. Reads the settings; knows no row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from flask import current_app

from certificates.keys import Issuer, create_issuer, trust_pem

_lock = Lock()
_issuers: dict[tuple[str, tuple[str, ...]], Issuer] = {}


@dataclass(frozen=True)
class Desk:
    """What issuing needs of the settings. `sample` marks every certificate as one of invented people."""

    hospital: str
    signatory_name: str
    signatory_title: str
    base_url: str
    issuer_folder: Path
    cache_folder: Path
    timezone: str
    sample: bool

    def day(self, now: dt.datetime) -> dt.date:
        """The hospital's date at a moment."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def issuer(self, now: dt.datetime) -> Issuer:
        """The signing key, made on the first use and read again when another was added to the folder."""
        folder = self.issuer_folder
        names = tuple(sorted(path.name for path in folder.glob("*.pem"))) if folder.is_dir() else ()
        with _lock:
            found = _issuers.get((str(folder), names))
            if found is None:
                found = create_issuer(folder, self.hospital, now)
                names = tuple(sorted(path.name for path in folder.glob("*.pem")))
                _issuers[str(folder), names] = found
            return found

    def trust(self, now: dt.datetime) -> bytes:
        """The certificates that a stranger may trust, rotated ones included."""
        self.issuer(now)
        return trust_pem(self.issuer_folder)

    def verify_url(self, serial: str) -> str:
        """Where a stranger checks a certificate."""
        return f"{self.base_url}/verify/{serial}"


def current_desk() -> Desk:
    """The desk of the running application."""
    settings = current_app.config["SETTINGS"]
    return Desk(
        hospital=settings.hospital,
        signatory_name=settings.signatory_name,
        signatory_title=settings.signatory_title,
        base_url=settings.base_url,
        issuer_folder=settings.issuer,
        cache_folder=settings.cache / "certificates",
        timezone=settings.timezone,
        sample=bool(current_app.config.get("SAMPLE_DATA", False)),
    )
