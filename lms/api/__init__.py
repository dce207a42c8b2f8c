"""The HTTP API, version 1 (docs/api.md). Thin: parse, one service or query call, commit once."""

from __future__ import annotations

from flask import Flask, current_app, g
from flask_limiter.util import get_remote_address

from lms.api import attempts, courses, credentials, framework, golive, health, me, measures, people, reports
from lms.api.bodies import limit_body
from lms.api.document import make_api
from lms.web.extensions import csrf, limiter

BLUEPRINTS = (
    health.blueprint,
    courses.blueprint,
    attempts.blueprint,
    me.blueprint,
    credentials.blueprint,
    framework.blueprint,
    people.blueprint,
    measures.blueprint,
    golive.blueprint,
    reports.blueprint,
)


def install(app: Flask) -> None:
    """Register the API under /api/v1 with its description at /api/v1/openapi.json."""
    api = make_api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            rule.merge_slashes = False  # a doubled slash is unknown here; merging it would answer by a redirect


def _allowance() -> str:
    return f"{current_app.config['SETTINGS'].api_per_minute}/minute"


def _caller() -> str:
    """Requests are counted by token, those without one by address."""
    who = g.get("api_principal")
    if who is not None and who.is_authenticated:
        return f"token:{who.token_id}"
    return f"address:{get_remote_address()}"


# Once, and not in `install`: the blueprints and the limiter belong to the module, and a limit that is stated
# again for a second application would count every request twice.
for _blueprint in BLUEPRINTS:
    limiter.limit(_allowance, key_func=_caller)(_blueprint)
    csrf.exempt(_blueprint)  # only a bearer token counts here, and browsers do not send one by themselves
    _blueprint.before_request(limit_body)
