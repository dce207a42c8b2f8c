"""Queueing e-mail: a row with the text and a job that sends it, in the caller's transaction.

Nothing is sent unless the caller commits, and nothing that was committed is lost.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert, select, update

from lms.db import db, insert_ignore
from lms.jobs.services import enqueue
from lms.messages.models import Mail

SEND = "messages.send"
SUBJECT_LENGTH = 300
KEEP = dt.timedelta(days=30)
GIVE_UP = dt.timedelta(days=1)  # longer than all tries of the job together


class BadAddress(ValueError):
    """The address cannot be written to; the message says what was expected."""


def send(to: str, subject: str, body: str, *, key: str | None = None, now: dt.datetime) -> bool:
    """Queue an e-mail of plain text to one address; the same `key` is sent once. Returns whether it is new.

    Raises BadAddress for what is not one plain address: line ends or a second address in it
    would let a stranger write headers or reach other people.
    """
    address = to.strip()
    if address.count("@") != 1 or any(c.isspace() or c in ",;<>\"'\\" or not c.isprintable() for c in address):
        raise BadAddress("One plain e-mail address was expected.")
    row = {
        "key": key, "to": address, "subject": " ".join(subject.split())[:SUBJECT_LENGTH], "body": body,
        "state": "waiting", "created_at": now,
    }  # fmt: skip
    if key is not None:
        if db.session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
            return False
        insert_ignore(Mail.__table__, [row], ["key"])  # type: ignore[arg-type]
        mail_id = db.session.scalar(select(Mail.id).where(Mail.key == key))
    else:
        mail_id = db.session.scalar(insert(Mail).values(**row).returning(Mail.id))
    enqueue(SEND, {"mail": mail_id}, now=now, key=f"mail:{mail_id}")
    return True


def mark_sent(mail_id: int, now: dt.datetime) -> None:
    """Note that the e-mail left, and wipe its text, which may hold a link."""
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(state="sent", sent_at=now, body=""))


def mark_failed(mail_id: int) -> None:
    """Note that the e-mail was given up, and wipe its text."""
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(state="failed", body=""))


def tidy(now: dt.datetime) -> None:
    """Forget e-mails of long ago, addresses and all, and give up those that could not be sent for a day."""
    late = update(Mail).where(Mail.state == "waiting", Mail.created_at < now - GIVE_UP)
    db.session.execute(late.values(state="failed", body=""))
    db.session.execute(delete(Mail).where(Mail.created_at < now - KEEP))
