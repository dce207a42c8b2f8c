"""A tiny application that shows every component of the design on a few pages, for tests and for the eye.

Run `python -m tests.lms.web.gallery_app` and open the printed address; `?theme=dark` and `?dir=rtl` work.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.serving import make_server
from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from lms.web.assets import fingerprint
from lms.web.headers import POLICY
from lms.web.icons import icon

HERE = Path(__file__).parent
WEB = Path(__file__).resolve().parents[3] / "lms" / "web"
PAGES = (
    "components",
    "signin",
    "lesson",
    "quiz",
    "studio",
    "site/help",
    "site/accessibility",
    "error/404",
    "error/csrf",
)
ASHA = SimpleNamespace(
    name="Asha Sample",
    display_name="Asha Sample",
    initials="AS",
    subtitle="Registered nurse, Medical 4B",
    roles=frozenset({"learner"}),
    is_sample=True,
)
CHOICES = {"n": "Nurse", "p": "Physician"}


class Everything(FlaskForm):
    """One field of each kind, each refused."""

    name = StringField("Unit")
    password = PasswordField("Password")
    profession = SelectField("Profession", choices=CHOICES)
    note = TextAreaField("Note")
    one = RadioField("One of", choices=CHOICES, default="n")
    several = SelectMultipleField("Several of", choices=CHOICES)
    agree = BooleanField("I have read it")
    file = FileField("People file")


def _context() -> dict[str, Any]:
    entries = (("Home", "home"), ("Catalogue", "grid"), ("My record", "award"), ("Workforce", "chart"))
    now = dt.datetime.now(dt.UTC)
    return {
        "principal": None if request.path == "/signin" else ASHA,
        "hospital": "Example General Hospital",
        "product": "Informatics Academy",
        "navigation": [
            {"url": "#", "label": label, "icon": sign, "current": label == "Home"} for label, sign in entries
        ],
        "account_menu": [{"url": "#", "label": "Account", "icon": "sliders"}],
        "theme": request.args.get("theme", ""),
        "locale": "en",
        "direction": request.args.get("dir", "ltr"),
        "sample_data": True,
        "now": now,
        "now_iso": now.isoformat(),
        "deadline": (now + dt.timedelta(seconds=float(request.args.get("left", 1104)))).isoformat(),
        "over": request.args.get("over", ""),
    }


def create_gallery() -> Flask:
    """The application; `app.extensions["posted"]` lists what was posted: (path, form)."""
    app = Flask("gallery", root_path=str(WEB), template_folder="templates")
    app.secret_key = "gallery"
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    app.jinja_loader = ChoiceLoader([FileSystemLoader(WEB / "templates"), FileSystemLoader(HERE / "gallery")])
    Babel(app)
    CSRFProtect(app)
    # Pages of the shell lead to pages of features; the gallery has the addresses alone.
    app.add_url_rule("/forgot-password", "accounts.forgot", lambda: "")
    app.jinja_env.globals.update(icon=icon, asset=lambda name: f"/static/{name}?v={fingerprint(name)}")
    app.jinja_env.filters["initials"] = lambda name: name[:1]
    app.context_processor(_context)
    posted: list[tuple[str, dict[str, str]]] = []
    app.extensions["posted"] = posted
    app.extensions["answer"] = 204

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return Response(status=204)

    @app.get("/<name>")
    def page(name: str) -> str:
        form = Everything()
        for field in (each for each in form if each.type != "CSRFTokenField"):
            field.errors = ["Enter a value that exists, such as 28 Feb 2027"]
        return render_template(f"{name}.html", form=form)

    @app.get("/site/<name>")
    def site(name: str) -> str:
        return render_template(f"site/{name}.html")

    @app.get("/error/<kind>")
    def error(kind: str) -> str:
        return render_template("error.html", status=int(kind) if kind.isdigit() else 400, kind=kind, request_id="7QX2")

    @app.post("/<path:name>")
    def post(name: str) -> Response:
        posted.append((name, request.form.to_dict()))
        if name == "check":
            return Response(CHECKED.format(answer=request.form["answer"]))
        return Response(status=app.extensions["answer"])

    return app


CHECKED = """<form class="check stack" id="check" data-check action="/check" method="post">
<div class="callout is-good" data-feedback role="status" tabindex="-1"><p class="callout__title">Right</p>
<p>You chose {answer}.</p></div></form>"""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this computer; the value is its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    with serving(create_gallery()) as address:
        print("\n".join(f"{address}/{name}" for name in PAGES))
        threading.Event().wait()
