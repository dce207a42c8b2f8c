"""How many failures are too many, per e-mail and per network address, within a sliding quarter of an hour.

Keys are hashed before they are stored. A refused try is not counted, so that the pause ends.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress

from sqlalchemy import delete, insert, select

from lms.accounts.models import SignInFailure
from lms.db import db

WINDOW = dt.timedelta(minutes=15)
PER_EMAIL = 10
PER_ADDRESS = 50
KEEP = dt.timedelta(days=1)


def email_key(email: str, act: str = "sign-in") -> str:
    """The key of failures with this e-mail, whether an account has it or not."""
    return _key(act, "email", email.strip().lower())


def address_key(address: str | None, act: str = "sign-in") -> str:
    """The key of failures from this network address; one household of IPv6 is one address."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return _key(act, "address", address or "")
    if ip.version == 6:
        ip = ipaddress.ip_network((ip, 64), strict=False).network_address
    return _key(act, "address", str(ip))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def blocked_until(limits: dict[str, int], now: dt.datetime) -> dt.datetime | None:
    """When the last of the keys that reached its limit is free again; None if none has."""
    rows = db.session.execute(
        select(SignInFailure.key, SignInFailure.at)
        .where(SignInFailure.key.in_(limits), SignInFailure.at > now - WINDOW)
        .order_by(SignInFailure.at.desc())
        .limit(sum(limits.values()) * 2)
    ).all()
    free: list[dt.datetime] = []
    for key, limit in limits.items():
        times = [row.at for row in rows if row.key == key]
        if len(times) >= limit:
            free.append(times[limit - 1] + WINDOW)
    return max(free, default=None)


def note(keys: list[str], now: dt.datetime) -> None:
    """Count a failure for each key."""
    db.session.execute(insert(SignInFailure), [{"key": key, "at": now} for key in keys])


def forget(key: str) -> None:
    """Drop the count of a key, after a success."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.key == key))


def tidy(now: dt.datetime) -> None:
    """Forget failures of more than a day ago."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - KEEP))
