"""How an e-mail leaves: by SMTP, into a folder, into the log (development) or into a list (tests).

Knows no database. Faults say what went wrong without naming the person written to, because
they are logged.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from lms.messages.queries import Letter

log = logging.getLogger("lms.messages")

TIMEOUT = 20  # seconds for each answer of the mail server


class MailFault(RuntimeError):
    """The e-mail did not leave; trying later may help."""


class MailRefused(RuntimeError):
    """The mail server will never take this e-mail."""


@dataclass(frozen=True)
class Post:
    """What sending needs of the settings. `development` allows the text of e-mails in the log."""

    url: str
    sender: str
    sender_name: str
    folder: Path  # what a relative `file:` address stands in
    development: bool


OUTBOX: list[EmailMessage] = []  # what `memory:` sent


def write(letter: Letter, post: Post, now: object) -> EmailMessage:
    """The e-mail with its headers. Header values are set by the library, which refuses line ends."""
    message = EmailMessage()
    user, _, domain = post.sender.rpartition("@")
    message["From"] = Address(post.sender_name, user, domain)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)  # type: ignore[arg-type]
    message["Message-ID"] = make_msgid(idstring=str(letter.id), domain=domain or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    # A link stays on one line, also where an e-mail is read as a file.
    message.set_content(letter.body, cte="7bit" if letter.body.isascii() else None)
    return message


def deliver(letter: Letter, post: Post, now: object) -> None:
    """Send by the way that the address of the settings names; raises MailFault or MailRefused."""
    parts = urlsplit(post.url)
    way = WAYS.get(parts.scheme)
    if way is None:
        raise MailFault(f"MAIL_URL begins with {parts.scheme!r}; {', '.join(WAYS)} were expected.")
    way(write(letter, post, now), parts, post)


def _smtp(message: EmailMessage, parts: SplitResult, post: Post) -> None:
    if not parts.hostname:
        raise MailFault("MAIL_URL names no mail server; smtp://user:password@host:587 was expected.")
    try:
        with _connect(parts) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as fault:
        codes = {code for code, _ in fault.recipients.values()}
        kind = MailRefused if codes and all(500 <= code < 600 for code in codes) else MailFault
        raise kind(f"The mail server refused the address ({', '.join(map(str, sorted(codes)))}).") from None
    except smtplib.SMTPResponseException as fault:
        raise MailFault(f"The mail server answered {fault.smtp_code}.") from None
    except (OSError, smtplib.SMTPException) as fault:
        raise MailFault(f"The mail server could not be used ({type(fault).__name__}).") from None


def _connect(parts: SplitResult) -> smtplib.SMTP:
    """A session with the server; `smtp:` changes to TLS unless the address ends in ?starttls=no."""
    host, context = str(parts.hostname), ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    if parse_qs(parts.query).get("starttls", ["yes"])[0] != "no":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _file(message: EmailMessage, parts: SplitResult, post: Post) -> None:
    folder = post.folder / unquote(parts.netloc + parts.path)
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").replace("/", "_") + ".eml"
    draft = folder / f".{name}"
    draft.write_bytes(bytes(message))
    draft.rename(folder / name)


def _log(message: EmailMessage, parts: SplitResult, post: Post) -> None:
    if not post.development:
        raise MailFault("MAIL_URL is not set, so no e-mail leaves; smtp://user:password@host:587 was expected.")
    log.info("e-mail to %s: %s\n%s", message["To"], message["Subject"], message.get_content())


def _memory(message: EmailMessage, parts: SplitResult, post: Post) -> None:
    OUTBOX.append(message)


WAYS: dict[str, Callable[[EmailMessage, SplitResult, Post], None]] = {
    "smtp": _smtp, "smtps": _smtp, "file": _file, "log": _log, "memory": _memory,
}  # fmt: skip
