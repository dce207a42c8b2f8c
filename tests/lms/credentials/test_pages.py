"""The public check, the holder's page and the paper."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from certificates.keys import create_issuer, rotate_issuer
from certificates.paper import certificate_pdf
from certificates.press import MissingLetters
from certificates.signing import sign_pdf
from certificates.verification import verify_json, verify_pdf
from lms.accounts import services as accounts
from lms.credentials import paper, services
from lms.credentials.desk import current_desk
from lms.credentials.facts import Correction
from lms.db import db
from lms.people.models import Person
from tests.lms.credentials.conftest import again
from tests.support.hospital import email_of
from tests.support.signing import make_account, separate_requests, sign_in
from tests.support.taking import statements

# Words of the paper that state no fact of their own.
SAID = frozenset("This certifies that completed and passed score".split())


def words(page: str) -> str:
    """The text of a page as a reader sees it."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<svg\b.*?</svg>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def printed(data: bytes) -> list[str]:
    """The words of a paper, without the marks at their ends."""
    text = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    return [word.strip(",.;()") for word in text.split() if word.strip(",.;()")]


@pytest.fixture
def asha(client, app, credential):
    """Asha, signed in."""
    return sign_in(client, app, email_of("E-002"))


@pytest.mark.parametrize(
    "name", ["", "Nguyễn Thị Minh Khai", "Владимир Образцов", "Wolfe-Schlegelsteinhausenbergerdorff Sample-Example"]
)
def test_the_public_page_repeats_every_printed_word(client, hospital, issue, clock, name: str) -> None:
    if name:
        db.session.execute(update(Person).where(Person.id == hospital.people["E-002"]).values(display_name=name))
    credential = issue()
    page = client.get(f"/verify/{credential.serial}").text
    found = printed(paper.pdf(credential, current_desk(), clock()))
    # A long word may be broken on the paper, and the reader of the file joins the end of a heading to the next line.
    stated = "".join(words(value) for value in re.findall(r"<dd\b[^>]*>(.*?)</dd>", page, re.DOTALL))
    solid = f"{words(page)} {stated}".replace(" ", "")
    assert [word for word in found if word not in solid and word not in SAID] == []
    assert {"83.3%", credential.serial, "Medicine", "0.13", "2028", "SAFE-101"} <= set(found)


def test_an_edited_line_would_be_seen(client, credential) -> None:
    """Each fact stands in its own line, so that a changed score or level differs from the page."""
    page = client.get(f"/verify/{credential.serial}").text
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL))
    plain = {term: words(value) for term, value in facts.items()}
    assert plain["Holder"] == "Asha Sample"
    assert plain["Profession"] == "Physician, Medicine ward A"
    assert plain["Code and edition"] == "Course SAFE-101, edition 2026.1"
    assert plain["Length"] == "8 minutes (0.13 hours)"
    assert plain["Score"] == "83.3%"
    assert "(B1), level 2 Assisted" in plain["Competencies"]
    assert plain["Credit"] == "Certificate of completion. No accredited credit."
    assert (plain["Issued"], plain["Valid until"]) == ("23 November 2026", "23 November 2028")
    assert plain["Certificate"] == credential.serial
    assert plain["Verify at"] == f"localhost/verify/{credential.serial}"


def test_the_public_page_says_each_status(client, issue, clock) -> None:
    credential, second, third = issue(), issue(key="two"), issue(key="three")
    assert "This certificate is valid" in client.get(f"/verify/{credential.serial}").text
    services.revoke(second.serial, "A private reason.", actor=None, now=clock())
    corrected = services.supersede(
        third.serial, Correction("Asha M. Sample", "Physician", ""), "Another private reason.", actor=None,
        now=clock(), desk=current_desk(),
    )  # fmt: skip
    db.session.commit()
    page = client.get(f"/verify/{second.serial}").text
    assert "This certificate was revoked" in page
    assert "private reason" not in page
    page = client.get(f"/verify/{third.serial}").text
    assert "This certificate was superseded" in page
    assert f"/verify/{corrected.serial}" in page
    assert "private reason" not in page
    clock.move(days=800)
    page = client.get(f"/verify/{credential.serial}").text
    assert "This certificate has expired" in page
    assert "ended on 23 November 2028" in page


@pytest.mark.parametrize("typed", ["K7QD-42MX-90FT", "nonsense", "x" * 5000, "<script>alert(1)</script>", "%2e%2e"])
def test_a_number_that_we_do_not_hold_is_not_found(client, hospital, typed: str) -> None:
    for answer in (
        client.get(f"/verify/{typed.replace('/', '%2F')}"),
        client.get("/verify", query_string={"serial": typed}),
    ):
        followed = client.get(answer.location) if answer.status_code == 303 else answer
        assert followed.status_code == 404
        assert "<script>alert" not in followed.text
        assert len(followed.text) < 30_000


def test_a_number_is_read_as_people_type_it(client, credential) -> None:
    typed = f" {credential.serial.lower().replace('-', ' ')} "
    answer = client.get("/verify", query_string={"serial": typed})
    assert (answer.status_code, answer.location) == (303, f"/verify/{credential.serial}")


def test_the_form_alone_asks_for_a_number(client, hospital) -> None:
    page = client.get("/verify")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_the_public_page_costs_one_statement(client, app, credential) -> None:
    separate_requests(app)
    with statements() as seen:
        assert client.get(f"/verify/{credential.serial}").status_code == 200
    assert len(seen) <= 1


def test_the_paper_is_signed_and_kept(client, asha, credential, clock) -> None:
    path = f"/certificates/{credential.serial}.pdf"
    first = client.get(path)
    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert f'filename="certificate-{credential.serial}.pdf"' in first.headers["Content-Disposition"]
    clock.move(minutes=30)
    assert client.get(path).data == first.data
    verdict = verify_pdf(first.data, client.get("/verify/issuer.pem").data)
    assert (verdict.holds, verdict.trusted, verdict.integrity) == (True, True, True)


def test_a_paper_signed_with_another_key_or_edited_does_not_hold(client, asha, credential, clock, tmp_path) -> None:
    trust = client.get("/verify/issuer.pem").data
    other = create_issuer(tmp_path / "other", "Sample General Hospital", clock())
    forged = sign_pdf(certificate_pdf(credential.facts), other, reason="Forged", now=clock())
    assert verify_pdf(forged, trust).trusted is False
    genuine = client.get(f"/certificates/{credential.serial}.pdf").data
    edited = genuine.replace(b"/Title", b"/Titel", 1)
    assert not verify_pdf(edited + b" ", trust).holds
    assert edited == genuine or not verify_pdf(edited, trust).holds


def test_papers_of_before_a_new_key_still_hold(client, asha, credential, clock) -> None:
    before = client.get(f"/certificates/{credential.serial}.pdf").data
    rotate_issuer(current_desk().issuer_folder, "Sample General Hospital", clock.move(minutes=30))
    trust = client.get("/verify/issuer.pem").data
    assert verify_pdf(before, trust).trusted is True
    for kept in current_desk().cache_folder.glob("*.pdf"):
        kept.unlink()
    after = client.get(f"/certificates/{credential.serial}.pdf").data
    assert after != before
    assert verify_pdf(after, trust).trusted is True


def test_the_signed_facts_are_a_file_that_verifies(client, asha, credential) -> None:
    answer = client.get(f"/certificates/{credential.serial}.json")
    assert answer.mimetype == "application/json"
    assert verify_json(answer.data, client.get("/verify/issuer.pem").data).trusted is True
    told = json.loads(answer.data)
    told["payload"] = "e30"
    assert not verify_json(json.dumps(told).encode(), None).holds


def test_the_issuers_certificates_hold_no_key(client, credential) -> None:
    answer = client.get("/verify/issuer.pem")
    assert answer.mimetype == "application/x-pem-file"
    assert b"BEGIN CERTIFICATE" in answer.data
    assert b"PRIVATE" not in answer.data


def test_letters_that_no_font_has_are_said_and_not_a_fault(client, asha, credential, monkeypatch) -> None:
    def press(facts):
        raise MissingLetters("ꙮ")

    monkeypatch.setattr(paper, "certificate_pdf", press)
    answer = client.get(f"/certificates/{credential.serial}.pdf")
    assert answer.status_code == 503
    assert not list(current_desk().cache_folder.glob(f"{credential.serial}*"))


PAPERS = ("", ".pdf", ".json")


def test_a_certificate_is_for_its_holder_and_entitled_staff(client, app, credential, clock) -> None:
    def statuses(email: str, *roles: str) -> set[int]:
        sign_in(client, app, email, roles or ("learner",))
        return {client.get(f"/certificates/{credential.serial}{kind}").status_code for kind in PAPERS}

    assert statuses(email_of("E-002")) == {200}
    assert statuses(email_of("E-003")) == {403}
    assert statuses("educator@example.org", "educator") == {403}
    assert statuses(email_of("E-001"), "supervisor") == {200}
    assert statuses(email_of("E-007"), "supervisor") == {403}
    granted = make_account(app, email_of("E-008"), ["supervisor"])
    assert statuses(email_of("E-008")) == {403}
    accounts.grant_unit(granted.id, "MED", actor=None, now=clock())
    db.session.commit()
    assert statuses(email_of("E-008")) == {200}
    assert statuses("cmio@example.org", "cmio") == {200}
    assert statuses("admin@example.org", "administrator") == {200}


def test_a_stranger_signs_in_first(client, app, credential) -> None:
    separate_requests(app)
    for kind in PAPERS:
        answer = client.get(f"/certificates/{credential.serial}{kind}")
        assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


def test_an_unknown_certificate_is_not_there(client, asha) -> None:
    for serial in ("nonsense", "K7QD-42MX-90FT"):
        for kind in PAPERS:
            assert client.get(f"/certificates/{serial}{kind}").status_code == 404


def test_the_holders_page_shows_facts_picture_and_renewal(client, app, asha, credential, clock) -> None:
    page = client.get(f"/certificates/{credential.serial}").text
    assert "Your certificate is valid until 23 November 2028" in page
    assert page.count("<h1") == 1
    assert 'class="certview"' in page
    assert f"/certificates/{credential.serial}.pdf" in page
    assert "opens again on 25 August 2028" in page
    assert "Revoke" not in page
    clock.move(days=800)
    sign_in(client, app, email_of("E-002"))
    page = client.get(f"/certificates/{credential.serial}").text
    assert "ended on 23 November 2028" in page
    assert "The assessment is open" in page


def test_the_picture_is_silent_and_its_parts_are_small_files(client, asha, credential) -> None:
    page = client.get(f"/certificates/{credential.serial}").text
    drawn = re.search(r'<svg class="certview".*?</svg>\s*<section', page, re.DOTALL)[0]
    assert 'aria-hidden="true"' in drawn
    assert "Asha Sample" in drawn
    for part in set(re.findall(r'<image href="([^"]+)"', drawn)):
        answer = client.get(part)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert "max-age" in answer.headers["Cache-Control"]
    assert client.get("/certificates/drawings/key.svg").status_code == 404


def decide(client, serial: str, act: str, **fields: str):
    prefix = "correct" if act == "correct" else "revoke"
    return client.post(
        f"/certificates/{serial}/{act}", data={f"{prefix}-{name}": text for name, text in fields.items()}
    )


def test_an_administrator_corrects_a_certificate(client, app, credential) -> None:
    sign_in(client, app, "admin@example.org", ["administrator"])
    page = client.get(f"/certificates/{credential.serial}").text
    assert 'value="Asha Sample"' in page
    filled = {"name": "Asha Maria Sample", "profession": "Physician", "unit": "Medicine ward A", "reason": "Missing."}
    answer = decide(client, credential.serial, "correct", **filled)
    assert answer.status_code == 303
    new = again(credential).superseded_by
    assert answer.location == f"/certificates/{new}"
    assert decide(client, credential.serial, "correct", **filled).location == answer.location
    page = client.get(answer.location).text
    assert "Asha Maria Sample" in page
    assert credential.serial in page
    old = client.get(f"/certificates/{credential.serial}").text
    assert "Superseded by a corrected certificate" in old
    assert "Missing." in old


def test_an_administrator_revokes_with_a_reason(client, app, credential) -> None:
    sign_in(client, app, "admin@example.org", ["administrator"])
    answer = decide(client, credential.serial, "revoke", reason="")
    assert answer.status_code == 422
    assert "Give the reason" in answer.text
    assert again(credential).revoked_at is None
    assert decide(client, credential.serial, "revoke", reason="Wrong person.").status_code == 303
    assert again(credential).reason == "Wrong person."
    page = client.get(f"/certificates/{credential.serial}").text
    assert "Wrong person." in page
    assert "revoke-reason" not in page
    sign_in(client, app, email_of("E-002"))
    assert "Wrong person." in client.get(f"/certificates/{credential.serial}").text


def test_a_refused_decision_keeps_what_was_typed(client, app, credential) -> None:
    sign_in(client, app, "admin@example.org", ["administrator"])
    same = {"name": "Asha Sample", "profession": "Physician", "unit": "Medicine ward A", "reason": "A typed reason."}
    answer = decide(client, credential.serial, "correct", **same)
    assert answer.status_code == 422
    assert "Nothing would change" in answer.text
    assert "A typed reason." in answer.text
    answer = decide(client, credential.serial, "correct", **same | {"name": "x" * 161})
    assert (answer.status_code, "At most 160" in answer.text) == (422, True)


@pytest.mark.parametrize("role", ["learner", "educator", "supervisor", "cmio"])
def test_nobody_else_decides(client, app, credential, role: str) -> None:
    sign_in(client, app, email_of("E-001"), [role])
    for act in ("correct", "revoke"):
        assert decide(client, credential.serial, act, reason="Why.", name="X", profession="Y").status_code == 403
    assert again(credential).status(credential.facts.issued_on) == "valid"


def test_decisions_need_the_token_of_a_form(client, app, credential) -> None:
    sign_in(client, app, "admin@example.org", ["administrator"])
    app.config["WTF_CSRF_ENABLED"] = True
    assert decide(client, credential.serial, "revoke", reason="Why.").status_code == 400
    assert again(credential).revoked_at is None


def test_the_command_writes_what_strangers_trust(app, credential, clock, tmp_path) -> None:
    out = tmp_path / "trust.pem"
    result = app.test_cli_runner().invoke(args=["credential", "trust", "-o", str(out)])
    assert result.exit_code == 0, result.output
    data = paper.pdf(credential, current_desk(), clock())
    assert verify_pdf(data, out.read_bytes()).trusted is True
    missing = app.test_cli_runner().invoke(args=["credential", "trust", "-o", str(tmp_path / "no" / "trust.pem")])
    assert missing.exit_code != 0
    assert "Traceback" not in missing.output
