"""What each action of the audit trail means, in words for a page. A test holds that every action used has some."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

WORDS: dict[str, Any] = {
    "account.create": _l("made an account"),
    "account.deactivate": _l("deactivated an account"),
    "account.email": _l("changed the e-mail of an account"),
    "account.grant": _l("gave a supervisor a unit"),
    "account.invite": _l("sent an invitation"),
    "account.password": _l("set a new password"),
    "account.reactivate": _l("reactivated an account"),
    "account.reset": _l("sent a link for a new password"),
    "account.roles": _l("changed the roles of an account"),
    "account.sign-in": _l("signed in"),
    "account.withdraw-grant": _l("took a unit from a supervisor"),
    "allowance.decline": _l("declined extra time"),
    "allowance.set": _l("set extra time"),
    "attempt.regrade": _l("regraded a question"),
    "attempt.reset": _l("let an attempt not count"),
    "attempt.settle": _l("settled an attempt by marking"),
    "attempt.start": _l("began an assessment"),
    "attempt.submit": _l("handed in an assessment"),
    "challenge.answer": _l("answered an objection"),
    "course.complete": _l("completed a course"),
    "course.publish": _l("published a course"),
    "credential.issue": _l("received a certificate"),
    "credential.revoke": _l("revoked a certificate"),
    "credential.supersede": _l("corrected a certificate"),
    "essay.mark": _l("marked a text"),
    "framework.import": _l("imported a framework"),
    "golive.create": _l("wrote a go-live plan"),
    "golive.outcomes": _l("entered what happened after a go-live"),
    "golive.people": _l("opened the people who block a go-live"),
    "golive.save": _l("changed a go-live plan"),
    "golive.state": _l("changed the state of a go-live plan"),
    "golive.tick": _l("ticked a go-live checklist"),
    "observation.sign": _l("signed an observation"),
    "person.rename": _l("changed a name"),
    "privacy.erase": _l("erased a person"),
    "privacy.export": _l("exported a person's data"),
    "privacy.retention": _l("applied the retention rule"),
    "privacy.search": _l("read the audit trail"),
    "report.people": _l("opened the people behind a figure"),
    "roster.import": _l("imported a roster"),
    "token.create": _l("made an API token"),
    "token.revoke": _l("revoked an API token"),
    "training.import": _l("imported past training"),
}
