"""What the pages of the feature share: the blueprint, safe ways back, and refusals in words."""

from __future__ import annotations

import datetime as dt
import math
from urllib.parse import urlsplit

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _

from lms.accounts.letters import Desk
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.web.clock import now
from lms.web.shell import clock_time

blueprint = Blueprint("accounts", "lms.accounts", template_folder="templates")


HOME = "/"


def desk() -> Desk:
    """On whose behalf e-mails are written, from the settings."""
    settings = current_app.config["SETTINGS"]
    return Desk(settings.base_url, settings.product, settings.hospital)


def safe_place(wanted: str | None) -> str:
    """Where to go after signing in: a path of this site, else the home page.

    Whatever a browser could read as another host is not followed: `//host`, `/\\host`, control signs.
    """
    place = wanted or ""
    plain = place.startswith("/") and not place.startswith("//") and "\\" not in place
    if not plain or any(ord(c) < 33 or ord(c) == 127 for c in place):
        return HOME
    parts = urlsplit(place)
    if parts.scheme or parts.netloc or parts.path == url_for("accounts.sign_in"):
        return HOME
    return place


def _seconds_until(until: dt.datetime) -> int:
    return max(1, math.ceil((until - now()).total_seconds()))


def retry_after(refused: SignInRefused) -> dict[str, str]:
    """The header that says in how many seconds the next try may be made; empty where it may at once."""
    return {"Retry-After": str(_seconds_until(refused.until))} if refused.until else {}


def throttled_words(refused: SignInRefused) -> str:
    """When the next try may be made; empty where it may at once."""
    if refused.until is None:
        return ""
    minutes = math.ceil(_seconds_until(refused.until) / 60)
    return _("Try again at %(time)s, in %(minutes)s min.", time=clock_time(refused.until), minutes=minutes)


def in_words(refused: AccountRefused) -> str:
    """The refusal in the reader's language; where a sentence names something, as the service said it."""
    words = {
        "mismatch": _("E-mail and password do not match."),
        "throttled": _("There were too many tries."),
        "old": _("This is not your present password."),
        "link": _("This link does not work any more."),
        "unit": _("No unit has this code."),
        "last-administrator": _("This is the last administrator who can sign in. Give another person the role first."),
        "has-password": _("This person has chosen a password already. Send a link for a new one."),
        "deactivated": _("This account is deactivated. Open it again first."),
    }
    return words.get(refused.kind) or _(refused.message)
