"""The words of the e-mails about observations. Queues; never sends by itself, and an unusable address stops nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext as _

from lms.accounts.queries import AccountFacts, account
from lms.messages.services import BadAddress, send
from lms.people.facts import PersonFacts
from lms.people.queries import person


def asked(
    request: str,
    person_id: int,
    competency: str,
    note: str,
    signers: Iterable[AccountFacts],
    kind: str,
    *,
    now: dt.datetime,
) -> None:
    """Tell those who may sign that somebody asks to be observed; `kind` is asked or reminded."""
    who = person(person_id)
    name = who.name if who else ""
    subject = _("%(name)s asks you to observe %(code)s", name=name, code=competency)
    if kind == "reminded":
        subject = _("Still waiting: %(name)s asks you to observe %(code)s", name=name, code=competency)
    lines = [_("%(name)s asks to be observed at work in %(code)s.", name=name, code=competency)]
    if note:
        lines.append(_("They write: %(note)s", note=note))
    lines.append(_("It takes about a minute at the bedside. Begin here:"))
    if who:
        lines.append(_address(f"/team/{who.public_id}/observe/{competency}"))
    for signer in signers:
        _send(person(signer.person_id), signer.email, subject, lines, f"ask:{kind}:{request}:{signer.id}", now)


def expired(request: str, person_id: int, competency: str, *, now: dt.datetime) -> None:
    """Tell a learner that nobody came to observe for thirty days."""
    who = person(person_id)
    lines = [
        _("Your wish to be observed in %(code)s was open for 30 days and has lapsed.", code=competency),
        _("Ask again, and speak to your supervisor about a good moment:"),
        _address(f"/record/competencies/{competency}/ask"),
    ]
    if who and who.email:
        _send(who, who.email, _("Nobody has observed %(code)s yet", code=competency), lines, f"lapsed:{request}", now)


def disputed(observation: str, competency: str, person_id: int, observer: int, *, now: dt.datetime) -> None:
    """Tell the observer that the observed person sees it differently."""
    who, facts = person(person_id), account(observer)
    if who is None or facts is None:
        return
    lines = [
        _("%(name)s does not agree with your observation in %(code)s and says why.", name=who.name, code=competency),
        _("Talk it over. Then observe again, or withdraw the observation with a reason:"),
        _address(f"/team/observations/{observation}"),
    ]
    subject = _("%(name)s sees an observation differently", name=who.name)
    _send(person(facts.person_id), facts.email, subject, lines, f"disputed:{observation}", now)


def withdrawn(observation: str, competency: str, person_id: int, *, now: dt.datetime) -> None:
    """Tell the observed person that an observation counts no longer."""
    who = person(person_id)
    lines = [
        _("An observation of you in %(code)s was withdrawn. It stays on your record with the reason.", code=competency),
        _address(f"/record/observations/{observation}"),
    ]
    if who and who.email:
        subject = _("An observation in %(code)s was withdrawn", code=competency)
        _send(who, who.email, subject, lines, f"withdrawn:{observation}", now)


def nudge(who: PersonFacts, sender: str, codes: Iterable[str], key: str, *, now: dt.datetime) -> bool:
    """Remind somebody kindly of what is below target or ends; returns whether there is an address to write to."""
    listed = ", ".join(codes)
    lines = [
        _("%(name)s reminds you of what your role needs.", name=sender),
        _("Open now: %(codes)s", codes=listed) if listed else _("See where you stand:"),
        _("A lesson takes about five minutes. For what must be seen at work, ask for an observation:"),
        _address("/record/competencies"),
    ]
    if not who.email:
        return False
    return _send(who, who.email, _("A reminder of your competencies"), lines, key, now)


def _address(path: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def _send(who: PersonFacts | None, to: str, subject: str, lines: Iterable[str], key: str, now: dt.datetime) -> bool:
    greeting = _("Hello %(name)s,", name=who.name) if who else _("Hello,")
    try:
        send(to, subject, "\n\n".join((greeting, *lines)) + "\n", key=key, now=now)
    except BadAddress:
        return False
    return True
