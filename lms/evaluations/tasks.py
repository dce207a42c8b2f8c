"""The follow-up by e-mail: whoever completed a course is asked once after 30 and after 90 days what became of it.

May run any number of times: each round of a completion is written to once. Who is away or has left is not written to;
who comes back while the round is open is.
"""

from __future__ import annotations

import datetime as dt

from flask import current_app
from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.evaluations import queries, services
from lms.evaluations.facts import Offer
from lms.jobs.registry import every
from lms.messages.services import BadAddress, send
from lms.people.facts import PersonFacts
from lms.people.queries import people_by_ids
from lms.people.spans import leaves_of, posts_of
from lms.web.clock import local

MOST = 500  # letters a run; the rest follow in the next one


@every(3600, "evaluations.follow-up")
def follow_up(*, now: dt.datetime) -> None:
    """Remind of the follow-ups that opened, each once."""
    waiting = queries.due(now)
    day = local(now).date()
    ids = {done.person_id for done, _offer in waiting}
    here = {post.person_id for post in posts_of(ids, until=day) if post.covers(day)}
    away = {leave.person_id for leave in leaves_of(ids, until=day) if leave.covers(day)}
    chosen = [(done.person_id, offer) for done, offer in waiting if done.person_id in here - away][:MOST]
    people = people_by_ids([person_id for person_id, _offer in chosen])
    titles = {version.code: version.title for version in catalog.catalogue()}
    for person_id, offer in chosen:
        _write(people[person_id], offer, titles.get(offer.course_code, offer.course_code), now)
    services.note_reminded(chosen, now=now)


def _write(person: PersonFacts, offer: Offer, title: str, now: dt.datetime) -> None:
    if not person.email:
        return
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    lines = (
        _("Hello %(name)s,", name=person.name),
        _("%(days)s days ago you completed this course:", days=offer.days),
        title,
        _("What became of it? A few questions, about two minutes. Your answers are counted without your name."),
        f"{base}/evaluations/{offer.course_code}/{offer.round.id}/{offer.days}",
        _("Nothing depends on it, and this is the only reminder."),
    )
    subject = _("What became of it: %(course)s", course=title)
    key = f"evaluation:{offer.completion_key}:{offer.round.id}:{offer.days}"
    try:
        send(person.email, subject, "\n\n".join(lines) + "\n", key=key, now=now)
    except BadAddress:
        return  # an address that the roster mistyped; the hint on the home page is there all the same
