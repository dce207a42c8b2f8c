"""Pages that belong to no feature: the theme choice, help, accessibility."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.web.guard import access

blueprint = Blueprint("site", __name__)

YEAR = 365 * 24 * 3600


@blueprint.post("/preferences/theme")
@access(public=True)
def theme() -> ResponseReturnValue:
    """Keep the choice of light, dark or the system's in a cookie and go back."""
    chosen = request.form.get("theme", "")
    back = urlsplit(request.referrer or "/")
    place = back.path if back.netloc in ("", request.host) and back.path.startswith("/") else "/"
    answer = redirect(place if not place.startswith("//") else "/", 303)
    if chosen in ("light", "dark"):
        answer.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    else:
        answer.delete_cookie("theme")
    return answer


@blueprint.get("/help")
@access(public=True)
def help_page() -> ResponseReturnValue:
    """How to get help, for whoever reads it."""
    return render_template("site/help.html")


@blueprint.get("/accessibility")
@access(public=True)
def accessibility() -> ResponseReturnValue:
    """What the pages promise and how to report a barrier."""
    return render_template("site/accessibility.html")
