"""The application factory: the only file that knows every feature."""

from __future__ import annotations

import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from lms.accounts import identity as accounts_identity
from lms.accounts.views import blueprint as accounts
from lms.api import install as install_api
from lms.assignments.views import blueprint as assignments
from lms.assignments.views import tell_course
from lms.bank.views import blueprint as bank
from lms.board.routes import blueprint as board
from lms.catalog.views import blueprint as catalog
from lms.cli import install as install_commands
from lms.competency.views import blueprint as competency
from lms.credentials.views import blueprint as credentials
from lms.dashboard.views import blueprint as dashboard
from lms.db import db
from lms.demo import notice as demo_notice
from lms.evaluations.views import blueprint as evaluations
from lms.examining.views import blueprint as examining
from lms.frameworks.views import blueprint as frameworks
from lms.golive.views import blueprint as golive
from lms.learning.notes import tell
from lms.learning.views import blueprint as learning
from lms.mandates.views_policies import blueprint as mandates
from lms.observations.views import blueprint as observations
from lms.operations.views import blueprint as operations
from lms.outcomes.routes import blueprint as outcomes
from lms.people.views import blueprint as people
from lms.placement.views import blueprint as placement
from lms.placement.views import tell_course as tell_test_out
from lms.policies.views import blueprint as policies
from lms.privacy.views import blueprint as privacy
from lms.publishing.views import blueprint as publishing
from lms.quizzes.views import blueprint as quizzes
from lms.reports.routes import blueprint as reports
from lms.rostering.views import blueprint as rostering
from lms.standards.views import blueprint as standards
from lms.web import assets, errors, guard, headers, logs, shell
from lms.web.extensions import babel, csrf, limiter, login, migrate
from lms.web.phrases import PhraseEnvironment
from lms.web.views import blueprint as site

BLUEPRINTS = (
    site,
    operations,
    accounts,
    people,
    rostering,
    catalog,
    publishing,
    bank,
    standards,
    learning,
    policies,
    assignments,
    quizzes,
    examining,
    evaluations,
    placement,
    competency,
    frameworks,
    observations,
    credentials,
    dashboard,
    mandates,
    reports,
    outcomes,
    board,
    privacy,
    golive,
)


def create_app(settings: Settings) -> Flask:
    """Make the application for these settings. Creates no table and starts no thread."""
    app = Flask(
        "lms", instance_path=str(settings.instance), static_folder="web/static", template_folder="web/templates"
    )
    app.config.from_mapping(settings.flask())
    app.jinja_environment = PhraseEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    settings.instance.mkdir(parents=True, exist_ok=True)
    logs.install(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db, directory=str(settings.migrations), compare_type=True)
    babel.init_app(app, locale_selector=shell.chosen_locale)
    login.init_app(app)
    accounts_identity.install(app)
    guard.install(app)  # before CSRF and limits: a stranger learns nothing from them
    csrf.init_app(app)
    limiter.init_app(app)
    headers.install(app)
    errors.install(app)
    assets.install(app)
    shell.install(app)
    demo_notice.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    tell(tell_course)
    tell(tell_test_out)
    install_api(app)
    install_commands(app)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return app
