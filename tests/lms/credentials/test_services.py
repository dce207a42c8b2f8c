"""Issuing, correcting and revoking certificates; what they state stays as it was."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from certificates.verification import verify_json
from lms.audit.models import AuditEntry
from lms.catalog import queries as catalog
from lms.credentials import queries, services
from lms.credentials.desk import current_desk
from lms.credentials.facts import Correction
from lms.credentials.models import Credential
from lms.credentials.services import CredentialRefused
from lms.db import db
from lms.messages.models import Mail
from lms.people.models import Person, Unit
from tests.lms.credentials.conftest import again, on
from tests.support.courses import CODE
from tests.support.hospital import make_person, make_post
from tests.support.taking import put_course

RIGHT = Correction("Asha Maria Sample", "Physician", "Medicine ward A")


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "credential")))


def correct(credential, clock, correction: Correction = RIGHT, reason: str = "The second name was missing."):
    made = services.supersede(credential.serial, correction, reason, actor=None, now=clock(), desk=current_desk())
    db.session.commit()
    return made


def test_the_same_reason_gives_the_same_certificate(issue) -> None:
    first = issue()
    assert issue() == first
    assert issue(key="another").serial != first.serial
    assert count(Credential) == 2


def test_it_states_everything_as_it_is_on_the_day(credential) -> None:
    facts = credential.facts
    assert (facts.name, facts.profession, facts.unit) == ("Asha Sample", "Physician", "Medicine ward A")
    assert (facts.course_code, facts.edition, facts.minutes, facts.score) == (CODE, "2026.1", 8, Decimal("83.3"))
    assert (facts.issued_on, facts.valid_until) == (on("2026-11-23"), on("2028-11-23"))
    assert [(code, level, name) for code, _, level, name in facts.competencies] == [
        ("B1", 2, "Assisted"),
        ("B4", 2, "Assisted"),
    ]
    assert facts.credits == ()
    assert facts.verify_url == f"http://localhost/verify/{credential.serial}"


def test_later_changes_leave_it_as_it_was(credential, clock) -> None:
    db.session.execute(update(Person).values(given_name="New", family_name="Name", display_name="Dr New Name"))
    db.session.execute(update(Unit).values(name="Another ward"))
    put_course(clock(), title="Another title", edition="2027.1")
    assert again(credential).facts == credential.facts
    assert verify_json(again(credential).signed, current_desk().trust(clock())).holds


def test_people_with_two_posts_carry_both_units_and_those_without_none(hospital, issue) -> None:
    person = hospital.people["E-009"]
    make_post(person, hospital.units["ED"])
    assert issue(person).facts.unit == "Pharmacy, Emergency"
    alone = make_person("E-950", "Ola", "Sample", "other")
    facts = issue(alone, key="two").facts
    assert (facts.unit, facts.profession) == ("", "Member of staff")


NAMES = (
    "Nguyễn Thị Minh Khai",
    "Владимир Образцов",
    "Ελένη Παράδειγμα",
    "عائشة نموذج",
    "山田 見本",
    "Wolfe-Schlegelsteinhausenbergerdorff " * 4,
    "Zoë d'Exemple-O’Sample, MD",
    "می\u200cخواهم نمونه",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_and_length_are_kept(hospital, issue, name: str) -> None:
    person = hospital.people["E-002"]
    db.session.execute(update(Person).where(Person.id == person).values(display_name=name.strip()))
    facts = issue().facts
    assert facts.name == name.strip() or (facts.name.endswith("…") and name.startswith(facts.name[:-1]))
    assert len(facts.name) <= 160


def test_signs_that_print_as_nothing_are_left_out() -> None:
    assert services.printable("Asha\x00\x07 \n Sample\ue000") == "Asha Sample"
    assert services.fit("x" * 200, 10) == "xxxxxxxxx…"


def test_a_certificate_without_end_stays_valid(issue, clock) -> None:
    put_course(clock(), code="EVER-1", title="For ever", valid_months=None)
    made = issue(code="EVER-1")
    assert made.valid_until is None
    assert made.status(on("2126-01-01")) == "valid"


def test_the_status_moves_with_time(credential) -> None:
    assert credential.status(on("2026-11-23")) == "valid"
    assert credential.status(on("2028-11-23")) == "valid"
    assert credential.status(on("2028-11-24")) == "expired"


def test_months_end_on_the_last_day_where_there_is_no_such_day() -> None:
    assert services.add_months(on("2026-08-31"), 6) == on("2027-02-28")
    assert services.add_months(on("2026-12-31"), 12) == on("2027-12-31")
    assert services.add_months(on("2024-02-29"), 24) == on("2026-02-28")


def test_a_withdrawal_needs_a_reason_and_keeps_the_facts(credential, clock) -> None:
    for reason in ("", "  \n "):
        with pytest.raises(CredentialRefused, match="reason"):
            services.revoke(credential.serial, reason, actor=None, now=clock())
    services.revoke(credential.serial.lower(), " Issued to\nthe wrong person. ", actor=None, now=clock())
    db.session.commit()
    found = again(credential)
    assert (found.status(on("2026-11-23")), found.reason) == ("revoked", "Issued to the wrong person.")
    assert found.status(on("2030-01-01")) == "revoked"
    assert found.facts == credential.facts
    assert acts() == ["credential.issue", "credential.revoke"]


def test_revoking_twice_is_one_revocation(credential, clock) -> None:
    services.revoke(credential.serial, "First.", actor=None, now=clock())
    services.revoke(credential.serial, "Second.", actor=None, now=clock.move(days=1))
    found = again(credential)
    assert (found.reason, found.revoked_at) == ("First.", clock() - dt.timedelta(days=1))
    assert acts().count("credential.revoke") == 1
    assert count(Mail) == 1


def test_an_unknown_number_cannot_be_decided_about(hospital, clock) -> None:
    for serial in ("", "nonsense", "K7QD-42MX-90FT"):
        with pytest.raises(CredentialRefused, match="no certificate"):
            services.revoke(serial, "Why.", actor=None, now=clock())
        with pytest.raises(CredentialRefused, match="no certificate"):
            services.supersede(serial, RIGHT, "Why.", actor=None, now=clock(), desk=current_desk())


def test_a_correction_issues_a_new_certificate_and_links_both(credential, clock) -> None:
    clock.move(days=40)
    made = correct(credential, clock)
    old = again(credential)
    assert (old.status(on("2027-01-02")), old.superseded_by) == ("superseded", made.serial)
    assert (made.status(on("2027-01-02")), made.supersedes) == ("valid", credential.serial)
    assert old.facts == credential.facts
    assert made.facts.name == "Asha Maria Sample"
    kept = ("course_code", "course_title", "edition", "issued_on", "valid_until", "minutes", "score", "competencies")
    assert [getattr(made.facts, name) for name in kept] == [getattr(credential.facts, name) for name in kept]
    assert made.facts.verify_url.endswith(made.serial)
    assert verify_json(made.signed, current_desk().trust(clock())).holds
    assert acts() == ["credential.issue", "credential.supersede"]
    letter = db.session.scalars(select(Mail)).one()
    assert letter.to == "e-002@hospital.example"
    assert made.serial in letter.body
    assert "The second name was missing." in letter.body


def test_the_same_correction_again_is_the_same_certificate(credential, clock) -> None:
    made = correct(credential, clock)
    assert correct(credential, clock) == made
    assert count(Credential) == 2
    with pytest.raises(CredentialRefused, match=made.serial):
        correct(credential, clock, Correction("Somebody Else", "Physician", ""))
    second = correct(made, clock, Correction("Asha M. Sample", "Physician", ""))
    assert (second.supersedes, again(made).superseded_by) == (made.serial, second.serial)


REFUSED = (
    (Correction("Asha Sample", "Physician", "Medicine ward A"), "Nothing would change"),
    (Correction("", "Physician", ""), "name is missing"),
    (Correction("\x00", "Physician", ""), "name is missing"),
    (Correction("Asha", " ", ""), "profession is missing"),
    (Correction("A" * 161, "Physician", ""), "160 characters"),
    (Correction("Asha", "Physician", "U" * 121), "120 characters"),
)


@pytest.mark.parametrize(("correction", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_printed_or_changes_nothing_is_refused(credential, clock, correction, message: str) -> None:
    with pytest.raises(CredentialRefused, match=message):
        correct(credential, clock, correction)
    db.session.rollback()
    assert again(credential).status(on("2026-11-23")) == "valid"
    assert count(Credential) == 1


def test_a_revoked_certificate_is_not_corrected(credential, clock) -> None:
    services.revoke(credential.serial, "Why.", actor=None, now=clock())
    with pytest.raises(CredentialRefused, match="revoked"):
        correct(credential, clock)


def test_a_superseded_certificate_may_still_be_revoked(credential, clock) -> None:
    correct(credential, clock)
    services.revoke(credential.serial, "Forged.", actor=None, now=clock())
    found = again(credential)
    assert found.status(on("2026-11-23")) == "revoked"
    assert found.superseded_by is not None


def test_a_reason_has_an_end(credential, clock) -> None:
    with pytest.raises(CredentialRefused, match="1000"):
        services.revoke(credential.serial, "x" * 1001, actor=None, now=clock())


def test_a_holder_without_an_address_is_decided_about_all_the_same(credential, clock) -> None:
    db.session.execute(update(Person).values(email=None))
    services.revoke(credential.serial, "Why.", actor=None, now=clock())
    assert again(credential).revoked_at is not None
    assert count(Mail) == 0


def test_certificates_of_a_person_come_newest_first(hospital, issue, clock) -> None:
    first = issue()
    clock.move(days=1)
    second = issue(key="two")
    issue(hospital.people["E-003"], key="three")
    assert [each.serial for each in queries.of_person(hospital.people["E-002"])] == [second.serial, first.serial]


def test_an_edition_that_was_withdrawn_is_named_by_what_it_was(issue, clock) -> None:
    version = catalog.current_version(CODE)
    put_course(clock(), edition="2027.1", text="New.")
    made = services.issue(
        again(issue()).person_id, version, None, key="late", actor=None, now=clock(), desk=current_desk()
    )
    assert (made.facts.edition, made.facts.score) == ("2026.1", None)
