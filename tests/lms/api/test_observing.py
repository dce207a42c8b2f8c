"""Signing by the API in a colleague's stead, and level 4 with a coaching log: the same contract, extended."""

from __future__ import annotations

from lms.accounts.queries import account_by_email
from lms.db import db
from lms.observations import coaching
from lms.observations.delegating import lend
from tests.support.hospital import email_of


def test_a_right_that_was_lent_signs_by_the_api_until_its_last_day(mona, caller, hospital, clock) -> None:
    ravi = caller("E-006", "supervisor")
    body = {"competency": "B1", "level": 3, "note": ""}
    assert ravi.post("/people/E-002/observations", body).status_code == 403
    giver, taker = account_by_email(email_of("E-001")), account_by_email(email_of("E-006"))
    assert giver is not None
    today = clock.now.date()
    lend(
        giver, taker, person_id=hospital.people["E-002"], unit_id=None, wanted=["B1"], starts=today,
        ends=today, key="k", today=today, now=clock.now,
    )  # fmt: skip
    db.session.commit()
    assert ravi.post("/people/E-002/observations", body).status_code == 201
    assert ravi.post("/people/E-002/observations", body | {"competency": "B2"}).status_code == 403
    assert ravi.post("/people/E-003/observations", body).status_code == 403
    clock.move(days=1)
    assert ravi.post("/people/E-002/observations", body).status_code == 403


def test_level_four_is_signed_once_the_coaching_log_is_complete(mona, asha, hospital, clock) -> None:
    body = {"competency": "B1", "level": 4, "note": ""}
    assert mona.post("/people/E-002/observations", body).status_code == 422
    coach, coached = hospital.people["E-002"], hospital.people["E-003"]
    account = account_by_email(email_of("E-002"))
    assert account is not None
    for number in range(coaching.NEEDED):
        entry = coaching.write(
            coach, coached, "B1", clock.now.date(), 10, "Practice", key=str(number), actor=account.id,
            today=clock.now.date(), now=clock.now,
        )  # fmt: skip
        coaching.answer(entry, True, person_id=coached, actor=account.id, now=clock.now)
    db.session.commit()
    assert mona.post("/people/E-002/observations", body).status_code == 201
    levels = {each["code"]: each["level"] for each in asha.get("/me/competencies").get_json()}
    assert levels["B1"] == 4
