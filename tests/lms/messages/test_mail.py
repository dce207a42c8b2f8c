"""E-mail: queued with what caused it, sent once, wiped afterwards."""

from __future__ import annotations

import datetime as dt
import email
import socketserver
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lms.db import db
from lms.jobs.models import Job
from lms.jobs.worker import Worker
from lms.messages import queries, services, tasks, transport
from lms.messages.models import Mail
from lms.messages.queries import Letter
from lms.messages.transport import MailFault, MailRefused, Post

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
LETTER = Letter(7, "asha@example.org", "Grüße aus der Akademie", "Hallo Asha,\n\nalles gut.\n")


@pytest.fixture(autouse=True)
def _empty_outbox() -> None:
    assert tasks.TRIES
    transport.OUTBOX.clear()


@pytest.fixture
def worker(app, clock) -> Worker:
    return Worker(clock)


@pytest.fixture
def post(tmp_path) -> Post:
    return Post("memory:", "academy@example.org", "Informatics Academy", tmp_path, development=False)


def queue(clock, **more) -> bool:
    new = services.send("asha@example.org", "Hello", "A link: http://localhost/x", now=clock(), **more)
    db.session.commit()
    return new


def mails() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_an_e_mail_is_sent_by_the_worker_and_its_text_wiped(worker, clock) -> None:
    queue(clock)
    assert transport.OUTBOX == []
    worker.drain()
    (message,) = transport.OUTBOX
    assert message["To"] == "asha@example.org"
    assert message["From"] == "Informatics Academy <academy@example.org>"
    assert "http://localhost/x" in message.get_content()
    (mail,) = mails()
    assert (mail.state, mail.body, mail.sent_at) == ("sent", "", clock.now)


def test_nothing_is_sent_that_was_taken_back(worker, clock) -> None:
    services.send("asha@example.org", "Hello", "text", now=clock())
    db.session.rollback()
    worker.drain()
    assert transport.OUTBOX == []


def test_the_same_key_is_sent_once(worker, clock) -> None:
    assert queue(clock, key="reminder:1")
    assert not queue(clock, key="reminder:1")
    worker.drain()
    assert len(transport.OUTBOX) == 1


def test_a_mail_server_that_is_away_is_tried_again(worker, clock, monkeypatch) -> None:
    def away(letter, post, now) -> None:
        raise MailFault("The mail server could not be used (ConnectionRefusedError).")

    queue(clock)
    with monkeypatch.context() as patched:
        patched.setattr(transport, "deliver", away)
        worker.drain()
    (mail,) = mails()
    assert (mail.state, bool(mail.body)) == ("waiting", True)
    clock.move(seconds=10)
    worker.drain()
    assert len(transport.OUTBOX) == 1


def test_an_address_the_server_will_never_take_is_given_up_and_its_text_wiped(worker, clock, monkeypatch) -> None:
    def never(letter, post, now) -> None:
        raise MailRefused("The mail server refused the address (550).")

    monkeypatch.setattr(transport, "deliver", never)
    queue(clock)
    worker.drain()
    (mail,) = mails()
    assert (mail.state, mail.body) == ("failed", "")
    assert db.session.scalar(select(Job.state)) == "failed"


def test_a_text_that_could_not_be_sent_for_a_day_is_wiped(app, clock) -> None:
    queue(clock)
    clock.move(hours=25)
    services.tidy(clock())
    (mail,) = mails()
    assert (mail.state, mail.body) == ("failed", "")
    clock.move(days=30)
    services.tidy(clock())
    assert mails() == []


@pytest.mark.parametrize(
    "address",
    ["a@example.org\nBcc: b@example.org", "a@example.org\r\n", "a@example.org,b@example.org", "a@b@c", "nobody",
     "Asha <a@example.org>", "a @example.org", "a@example.org;b"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(app, clock, address) -> None:
    if address.strip() == "a@example.org":
        services.send(address, "s", "b", now=clock())
        assert db.session.scalar(select(Mail.to)) == "a@example.org"
        return
    with pytest.raises(services.BadAddress):
        services.send(address, "s", "b", now=clock())
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_line_end_in_a_subject_becomes_a_space(app, worker, clock) -> None:
    services.send("a@example.org", "Hello\r\nBcc: b@example.org", "text", now=clock())
    db.session.commit()
    worker.drain()
    (message,) = transport.OUTBOX
    assert message["Subject"] == "Hello Bcc: b@example.org"
    assert message["Bcc"] is None


def test_an_e_mail_goes_into_a_folder_whole(post) -> None:
    transport.deliver(LETTER, replace(post, url="file:outbox"), NOW)
    (path,) = (post.folder / "outbox").iterdir()
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (read["Subject"], read["To"]) == (LETTER.subject, LETTER.to)
    assert read.get_content().strip() == LETTER.body.strip()
    assert read["Date"] == "Mon, 23 Nov 2026 10:00:00 +0000"


def test_a_text_is_logged_in_development_alone(post, caplog) -> None:
    caplog.set_level("INFO", logger="lms.messages")
    with pytest.raises(MailFault, match="MAIL_URL is not set"):
        transport.deliver(LETTER, replace(post, url="log:"), NOW)
    assert "Asha" not in caplog.text
    transport.deliver(LETTER, replace(post, url="log:", development=True), NOW)
    assert "Hallo Asha" in caplog.text


@pytest.mark.parametrize("url", ["", "http://mail", "smtp:", "carrier-pigeon:x"])
def test_an_address_of_no_mail_server_says_what_was_expected(post, url) -> None:
    with pytest.raises(MailFault, match="expected"):
        transport.deliver(LETTER, replace(post, url=url), NOW)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as is needed to take, or refuse, an e-mail."""

    def handle(self) -> None:
        server = self.server
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")  # noqa: E731
        say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].upper()
            if word.startswith("EHLO"):
                say("250 sample")
            elif word.startswith("RCPT"):
                say(server.answer)
            elif word == "DATA":
                say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                server.taken.append(text)
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


@pytest.fixture
def smtp():
    """A mail server on this machine."""
    with _Server(("127.0.0.1", 0), _Smtp) as server:
        server.taken, server.answer = [], "250 ok"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_e_mail_leaves_by_smtp(post, smtp) -> None:
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}?starttls=no"
    transport.deliver(LETTER, replace(post, url=url), NOW)
    (taken,) = smtp.taken
    assert b"To: asha@example.org" in taken


@pytest.mark.parametrize(("answer", "fault"), [("550 no such user", MailRefused), ("451 later", MailFault)])
def test_a_refused_address_is_told_apart_from_one_to_try_later_and_is_not_named(post, smtp, answer, fault) -> None:
    smtp.answer = answer
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}?starttls=no"
    with pytest.raises(fault) as raised:
        transport.deliver(LETTER, replace(post, url=url), NOW)
    assert "asha" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert smtp.taken == []


def test_a_server_without_tls_gets_no_e_mail_unless_that_is_asked_for(post, smtp) -> None:
    with pytest.raises(MailFault):
        transport.deliver(LETTER, replace(post, url=f"smtp://127.0.0.1:{smtp.server_address[1]}"), NOW)
    assert smtp.taken == []


def test_a_server_that_is_away_is_a_fault_to_try_later(post) -> None:
    with pytest.raises(MailFault, match="could not be used"):
        transport.deliver(LETTER, replace(post, url="smtp://127.0.0.1:9?starttls=no"), NOW)


def test_a_letter_shows_neither_address_nor_text_when_it_is_printed() -> None:
    assert "asha" not in repr(LETTER)
    assert "Hallo" not in repr(LETTER)


def test_the_counts_by_state_are_known(app, clock, worker) -> None:
    queue(clock)
    assert queries.counts() == {"waiting": 1}
    worker.drain()
    assert queries.counts() == {"sent": 1}
