"""Requests with reminders, coaching, prior learning with its document, panels, and what people say of themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from lms.audit.models import AuditEntry
from lms.competency.models import Evidence
from lms.competency.queries import profile
from lms.db import db
from lms.messages.models import Mail
from lms.observations import coaching, panels, prior, ratings, requests
from lms.observations.refusals import Refused
from tests.lms.observations.conftest import ASHA, CMIO, LI, MONA, NOOR, Ward
from tests.support.hospital import email_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 17 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"


def ask(ward: Ward, who: str = ASHA, code: str = "B1", note: str = "", supervisor: str = "") -> str:
    return requests.ask(
        ward.person(who), code, note, supervisor, actor=ward.account(who).id, today=ward.today, now=ward.clock.now
    )


def mails(to: str) -> list[str]:
    return list(db.session.scalars(select(Mail.subject).where(Mail.to == email_of(to)).order_by(Mail.id)))


def sweep(ward: Ward) -> tuple[int, int]:
    return requests.remind_and_expire(today=ward.today, now=ward.clock.now)


def test_asking_tells_those_who_may_sign_and_twice_is_once(ward: Ward) -> None:
    assert ask(ward, note="Late shift.") == ask(ward)
    assert mails(MONA) == ["Asha Sample asks you to observe B1"]


def test_a_named_supervisor_alone_is_told_and_must_be_one(ward: Ward) -> None:
    mona = ward.account(MONA)
    ask(ward, supervisor=mona.public_id)
    assert len(mails(MONA)) == 1
    with pytest.raises(Refused, match="cannot sign"):
        ask(ward, code="A1", supervisor=ward.account(NOOR).public_id)
    with pytest.raises(Refused, match="Nobody is set up"):
        ask(ward, who=LI)
    with pytest.raises(Refused, match="framework"):
        ask(ward, code="Z9")


def test_a_request_reminds_once_after_seven_days_and_lapses_after_thirty(ward: Ward) -> None:
    ask(ward)
    ward.clock.move(days=6)
    assert sweep(ward) == (0, 0)
    ward.clock.move(days=1)
    assert (sweep(ward), sweep(ward)) == ((1, 0), (0, 0))
    assert len(mails(MONA)) == 2
    ward.clock.move(days=23)
    assert (sweep(ward), sweep(ward)) == ((0, 1), (0, 0))
    assert mails(ASHA) == ["Nobody has observed B1 yet"]
    assert [each.state for each in requests.of_person(ward.person(ASHA))] == ["expired"]
    assert ask(ward) != requests.of_person(ward.person(ASHA))[1].public_id


def test_a_request_is_taken_back_by_its_own_person_alone(ward: Ward) -> None:
    public = ask(ward)
    with pytest.raises(LookupError):
        requests.withdraw(public, person_id=ward.person(NOOR), actor=ward.account(NOOR).id, now=ward.clock.now)
    for _again in range(2):
        requests.withdraw(public, person_id=ward.person(ASHA), actor=ward.account(ASHA).id, now=ward.clock.now)
    assert requests.open_of(ward.person(ASHA)) == ()


def coached(ward: Ward, **words) -> str:
    given = {
        "coach_id": ward.person(ASHA), "person_id": ward.person(NOOR), "competency": "B1", "coached_on": ward.today,
        "minutes": 20, "practised": "Order sets", "key": "k",
    } | words  # fmt: skip
    return coaching.write(**given, actor=ward.account(ASHA).id, today=ward.today, now=ward.clock.now)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"competency": "Z9"}, "competency"), ({"minutes": 0}, "minutes"), ({"minutes": 601}, "minutes"),
        ({"practised": " "}, "practised"), ({"practised": "a\0"}, "practised"),
        ({"coached_on": dt.date(2026, 11, 24)}, "coached_on"), ({"coached_on": dt.date(2026, 8, 1)}, "coached_on"),
    ],
)  # fmt: skip
def test_an_entry_of_coaching_that_cannot_be_is_refused(ward: Ward, words: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        coached(ward, **words)
    assert refused.value.field == field


def test_coaching_counts_once_confirmed_by_the_coached_alone(ward: Ward) -> None:
    for number in range(3):
        public = coached(ward, key=str(number))
        with pytest.raises(LookupError):
            coaching.answer(public, True, person_id=ward.person(ASHA), actor=ward.account(ASHA).id, now=ward.clock.now)
        assert not coaching.log_holds(ward.person(ASHA), "B1", ward.today)
        for said in (True, False):  # the first answer stands
            coaching.answer(public, said, person_id=ward.person(NOOR), actor=ward.account(NOOR).id, now=ward.clock.now)
    assert coaching.log_holds(ward.person(ASHA), "B1", ward.today)
    assert not coaching.log_holds(ward.person(ASHA), "B2", ward.today)
    assert not coaching.log_holds(ward.person(ASHA), "B1", ward.today + dt.timedelta(days=400))
    with pytest.raises(Refused, match="two"):
        coached(ward, person_id=ward.person(ASHA), key="self")


@pytest.mark.parametrize(("data", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_document_is_known_by_its_content(data: bytes, kind: str) -> None:
    assert prior.media_type(data) == kind
    assert prior.media_type(data[: len(data) // 2]) is None


@pytest.mark.parametrize("data", [b"", b"hello", b"<html></html>", b"GIF89a", b"PK\3\4", b"MZ%PDF-1.7 %%EOF"])
def test_anything_else_is_no_document(data: bytes) -> None:
    assert prior.media_type(data) is None


def bring(ward: Ward, **words) -> str:
    given = {
        "competency": "B1", "level": 3, "title": "Course at another hospital", "achieved_on": ward.today,
        "file_name": "../../cert.pdf", "data": PDF, "key": "p",
    } | words  # fmt: skip
    return prior.bring(ward.person(ASHA), **given, actor=ward.account(ASHA).id, today=ward.today, now=ward.clock.now)


def test_prior_learning_shows_two_until_it_is_signed_off(ward: Ward) -> None:
    public = bring(ward)
    assert bring(ward) == public
    assert (ward.level(ASHA), prior.document(public)) == (2, PDF)
    found = prior.one(public)
    assert found is not None
    assert found.file_name == "cert.pdf"
    mona = ward.account(MONA)
    for _again in range(2):
        prior.sign_off(public, 3, account_id=mona.id, person_id=mona.person_id, now=ward.clock.now)
    assert ward.level(ASHA) == 3
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 2
    with pytest.raises(Refused, match="their own"):
        prior.sign_off(public, 3, account_id=1, person_id=ward.person(ASHA), now=ward.clock.now)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"data": b"hello"}, "document"), ({"data": b""}, "document"), ({"level": 4}, "level"),
        ({"title": ""}, "title"),
        ({"data": PDF + b" " * prior.LARGEST}, "document"), ({"achieved_on": dt.date(2026, 11, 24)}, "achieved_on"),
        ({"achieved_on": dt.date(2001, 1, 1)}, "achieved_on"), ({"competency": "Z9"}, "competency"),
    ],
)  # fmt: skip
def test_prior_learning_that_cannot_be_is_refused_and_nothing_is_kept(ward: Ward, words: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        bring(ward, **words)
    assert refused.value.field == field
    assert prior.of_person(ward.person(ASHA)) == ()


def panel(ward: Ward, **words) -> str:
    given = {
        "competency": "B1", "level": 5, "held_on": ward.today, "members": ["A. Member", "B. Member"],
        "minutes": "Judged on twelve cases.", "key": "p",
    } | words  # fmt: skip
    me = ward.account(CMIO, "learner", "cmio")
    return panels.record(
        ward.person(ASHA), **given, account_id=me.id, recorder=me.person_id, today=ward.today, now=ward.clock.now
    )


def test_a_panel_alone_reaches_level_five(ward: Ward) -> None:
    assert panel(ward) == panel(ward)
    assert ward.level(ASHA) == 5


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"members": ["Alone"]}, "members"), ({"members": ["Same", " Same "]}, "members"), ({"minutes": ""}, "minutes"),
        ({"level": 6}, "level"), ({"held_on": dt.date(2027, 1, 1)}, "held_on"), ({"competency": "Z9"}, "competency"),
    ],
)  # fmt: skip
def test_a_panel_without_members_or_minutes_is_none(ward: Ward, words: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        panel(ward, **words)
    assert refused.value.field == field
    assert ward.level(ASHA) == 0


def rate(ward: Ward, key: str, **given: int) -> int:
    rows = {row.code: row for row in profile(ward.person(ASHA), ward.today)}
    return ratings.rate(
        ward.person(ASHA), given, rows, key=key, actor=ward.account(ASHA).id, today=ward.today, now=ward.clock.now
    )


def test_a_rating_counts_as_one_and_is_remembered_as_said(ward: Ward) -> None:
    assert rate(ward, "a", B1=4, A1=2) == 2
    assert (rate(ward, "a", B1=4, A1=2), rate(ward, "b", B1=4)) == (0, 0)
    assert ward.level(ASHA) == 1
    ward.clock.move(seconds=1)
    assert rate(ward, "c", B1=2) == 1
    ward.clock.move(seconds=1)
    assert rate(ward, "d", B1=4) == 1
    row = next(row for row in profile(ward.person(ASHA), ward.today) if row.code == "B1")
    assert (ratings.latest(row), row.level) == (4, 1)
    said = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "self.rate").order_by(AuditEntry.id))
    assert [each["competencies"] for each in said] == ["B1, A1", "B1", "B1"], "what is said again is no act"
    with pytest.raises(Refused):
        rate(ward, "e", B1=6)
    with pytest.raises(Refused):
        rate(ward, "e", Z9=1)
