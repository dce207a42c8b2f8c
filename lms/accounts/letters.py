"""The words of the e-mails that carry a link. Plain text; the address comes from the settings, never from a request."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Desk:
    """On whose behalf e-mails are written. `base_url` has no slash at its end."""

    base_url: str
    product: str
    hospital: str


def _address(desk: Desk, secret: str) -> str:
    return f"{desk.base_url}/set-password/{secret}"


def invitation(desk: Desk, name: str, secret: str, days: int) -> tuple[str, str]:
    """Subject and text of an invitation; the link holds for `days`."""
    subject = _("Your account at %(product)s", product=desk.product)
    lines = (
        _("Hello %(name)s,", name=name),
        _(
            "%(hospital)s invites you to %(product)s. There you find your courses, your certificates and your record.",
            hospital=desk.hospital,
            product=desk.product,
        ),
        _("Choose a password to begin. The link works once, for %(days)s days:", days=days),
        _address(desk, secret),
        _("If you did not expect this e-mail, you need not do anything."),
    )
    return subject, "\n\n".join(lines) + "\n"


def reset(desk: Desk, name: str, secret: str, minutes: int) -> tuple[str, str]:
    """Subject and text for a forgotten password; the link holds for `minutes`."""
    subject = _("A new password for %(product)s", product=desk.product)
    lines = (
        _("Hello %(name)s,", name=name),
        _("somebody asked for a new password for your account at %(hospital)s.", hospital=desk.hospital),
        _("Choose it here. The link works once, for %(minutes)s minutes:", minutes=minutes),
        _address(desk, secret),
        _("If it was not you, you need not do anything: your password stays as it is."),
    )
    return subject, "\n\n".join(lines) + "\n"


def changed(desk: Desk, name: str) -> tuple[str, str]:
    """Subject and text that tell of a changed password, so that nobody changes it unseen."""
    subject = _("Your password for %(product)s was changed", product=desk.product)
    lines = (
        _("Hello %(name)s,", name=name),
        _("the password of your account at %(hospital)s was changed a moment ago.", hospital=desk.hospital),
        _("If it was not you, ask for a new password at once and tell your help desk:"),
        f"{desk.base_url}/forgot-password",
    )
    return subject, "\n\n".join(lines) + "\n"
