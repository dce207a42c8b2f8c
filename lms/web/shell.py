"""What every page template may use: principal, navigation, locale, theme, filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import format_date, get_locale, get_translations
from flask_babel import lazy_gettext as _l

from lms.web.clock import local, now
from lms.web.desks import MANAGED, MANAGING
from lms.web.icons import icon
from lms.web.phrases import LOCALES
from lms.web.principal import Principal, principal_or_none

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")

# label, icon, endpoint, roles that see it (empty: all signed in), path prefixes that mark it current
NAVIGATION: tuple[tuple[Any, str, str, frozenset[str], tuple[str, ...]], ...] = (
    (_l("Home"), "home", "dashboard.home", frozenset(), ("=/",)),
    (_l("Catalogue"), "grid", "learning.catalogue", frozenset(), ("/courses", "/attempts")),
    (_l("My record"), "award", "dashboard.record", frozenset(), ("/record",)),
    (_l("Team"), "people", "observations.team", frozenset({"supervisor"}), ("/team",)),
    (_l("Workforce"), "chart", "reports.workforce", frozenset({"cmio", "administrator"}), ("/workforce",)),
    (_l("Manage"), "sliders", "dashboard.manage", MANAGING, ("/manage", *MANAGED)),
)
ON_A_PHONE = 4  # entries that the bar at the bottom has room for within the thumb's reach
SPARED = ("learning.catalogue", "dashboard.record")  # in this order
MENU: tuple[tuple[Any, str, str], ...] = (
    (_l("Assigned to me"), "checklist", "assignments.assigned"),
    (_l("Policies"), "shield", "policies.policies"),
    (_l("Account"), "sliders", "accounts.account"),
)


def chosen_locale() -> str:
    """The signed-in person's locale, else the browser's, else English."""
    if not has_request_context():  # the worker and the commands speak the first language
        return LOCALES[0]
    who = principal_or_none()
    kept = getattr(who, "locale", "") if who else ""
    return kept if kept in LOCALES else (request.accept_languages.best_match(LOCALES) or "en")


def install(app: Flask) -> None:
    """Bind the page shell to the application."""
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(_context)
    app.jinja_env.globals["icon"] = icon
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        clock_time=clock_time,
        moment=moment,
        number=number,
        initials=initials,
        figure=figure,
        signed=signed,
        iso_day=iso_day,
    )


def _translations() -> Any:
    """The catalogue of this request's language, looked up once: a page asks for fifty strings."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def _gettext(text: str) -> str:
    return str(_translations().ugettext(text))


def _ngettext(one: str, many: str, number: int) -> str:
    return str(_translations().ungettext(one, many, number))


def initials(name: str) -> str:
    """Up to two initials of a name, for the avatar."""
    words = [word for word in name.split() if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def day(value: dt.date | dt.datetime | None) -> str:
    """27 November 2026"""
    value = local(value).date() if isinstance(value, dt.datetime) else value
    return format_date(value, "d MMMM yyyy") if value else ""


def short_day(value: dt.date | dt.datetime | None) -> str:
    """27 Nov"""
    value = local(value).date() if isinstance(value, dt.datetime) else value
    return format_date(value, "d MMM") if value else ""


def clock_time(value: dt.datetime | None) -> str:
    """10:42"""
    return local(value).strftime("%H:%M") if value else ""


def moment(value: dt.datetime | None) -> str:
    """27 November 2026, 10:42"""
    return f"{day(value)}, {clock_time(value)}" if value else ""


def number(value: object) -> str:
    """A number without a trailing .0, with a true minus sign."""
    text = str(value)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def figure(value: object) -> object:
    """A count with its thousands set apart, such as 30,210; anything else as it is."""
    return f"{value:,}".replace("-", "−") if isinstance(value, int) and not isinstance(value, bool) else value


def signed(value: int) -> str:
    """A change with its sign, such as +3 or −26."""
    return f"{'+' if value > 0 else ''}{figure(value)}"


def iso_day(value: str) -> str:
    """27 November 2026, and for a month November 2026, from the text of a date in a table; other texts as they are."""
    try:
        return day(dt.date.fromisoformat(value)) if len(value) == 10 else format_date(_first_of(value), "MMMM yyyy")
    except ValueError:
        return value


def _first_of(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _current(prefixes: tuple[str, ...]) -> bool:
    return any(request.path == p[1:] if p.startswith("=") else request.path.startswith(p) for p in prefixes)


def _context() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    who = principal_or_none()
    return {
        "principal": who,
        "hospital": settings.hospital,
        "product": settings.product,
        "theme": request.cookies.get("theme", "") if request.cookies.get("theme") in ("light", "dark") else "",
        "locale": str(get_locale() or "en"),
        "direction": "rtl" if str(get_locale())[:2] in RIGHT_TO_LEFT else "ltr",
        "navigation": _entries(who),
        "account_menu": _menu(who),
        "sample_data": g.get("sample_data", current_app.config.get("SAMPLE_DATA", False)),
        "now": now(),
        "today": local(now()).date(),
    }


def _url(endpoint: str) -> str:
    """The address of a page without parameters, built once an application."""
    kept: dict[str, str] = current_app.extensions.setdefault("shell-addresses", {})
    if endpoint not in kept:
        kept[endpoint] = current_app.url_for(endpoint)
    return kept[endpoint]


def _entries(who: Principal | None) -> list[dict[str, Any]]:
    if who is None:
        return []
    shown = [entry for entry in NAVIGATION if not entry[3] or entry[3] & who.roles]
    # One place at most is marked: a go-live plan belongs to Workforce for those who have it, else to Manage.
    here = next((endpoint for *_rest, endpoint, _roles, prefixes in shown if _current(prefixes)), "")
    spared = _spared(who)
    return [
        {
            "url": _url(endpoint), "label": label, "icon": sign, "current": endpoint == here,
            "wide": endpoint in spared,
        }
        for label, sign, endpoint, _roles, _prefixes in shown
    ]  # fmt: skip


def _spared(who: Principal) -> tuple[str, ...]:
    """What the bar of a phone leaves to the account menu, so that no more than four entries stand in it."""
    shown = sum(1 for entry in NAVIGATION if not entry[3] or entry[3] & who.roles)
    return SPARED[: max(0, shown - ON_A_PHONE)]


def _menu(who: Principal | None) -> list[dict[str, Any]]:
    if who is None:
        return []
    spared = _spared(who)
    moved = [(label, sign, endpoint) for label, sign, endpoint, *_rest in NAVIGATION if endpoint in spared]
    return [
        {"url": _url(endpoint), "label": label, "icon": sign, "narrow": endpoint in spared}
        for label, sign, endpoint in (*moved, *MENU)
    ]
