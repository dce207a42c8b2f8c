"""Verification: genuine files hold, and every kind of change or forgery is told."""

import base64
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader, PdfWriter

from certificates.facts import CertificateFacts
from certificates.keys import Issuer
from certificates.signing import FIELD, sign_facts, sign_pdf
from certificates.verification import TrustError, verify_json, verify_pdf

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORGANISATION = "Informatics Academy, Example General Hospital"


def pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def test_a_signed_paper_holds_with_and_without_trust(signed: bytes, trust: bytes) -> None:
    verdict = verify_pdf(signed, trust)
    assert verdict.to_json() == {
        "integrity": True,
        "covers_whole_file": True,
        "signer": ORGANISATION,
        "trusted": True,
    }
    assert (verdict.holds, verdict.faults, verdict.signed_at) == (True, (), NOW)
    without = verify_pdf(signed, None)
    assert without.trusted is None
    assert without.holds


def test_root_alone_or_signing_certificate_alone_is_enough_to_trust(signed: bytes, issuer: Issuer) -> None:
    for certificate in issuer.chain:
        assert verify_pdf(signed, pem_of(certificate)).trusted


def test_signing_keeps_tags_metadata_and_text_and_puts_nothing_on_the_page(paper: bytes, signed: bytes) -> None:
    before, after = PdfReader(BytesIO(paper)), PdfReader(BytesIO(signed))
    assert signed.startswith(paper)
    root = after.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/Metadata"].get_data() == before.trailer["/Root"]["/Metadata"].get_data()
    assert after.pages[0].extract_text() == before.pages[0].extract_text()
    widgets = [note.get_object() for note in after.pages[0]["/Annots"] if note.get_object()["/Subtype"] == "/Widget"]
    assert len(widgets) == 1
    # Outside the page, so that PDF/UA asks no tag for it; printable and not hidden, as PDF/A asks.
    left, bottom, right, top = (float(number) for number in widgets[0]["/Rect"])
    assert (right - left, top - bottom) == (0, 0)
    assert left < 0
    assert widgets[0]["/F"] & 4
    assert not widgets[0]["/F"] & 2
    assert widgets[0]["/T"] == FIELD
    assert widgets[0]["/TU"]


def test_the_signature_is_pades_certifies_and_encloses_its_chain(signed: bytes, issuer: Issuer) -> None:
    value = PdfReader(BytesIO(signed)).get_fields()[FIELD]["/V"]
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"
    assert value["/Reference"][0]["/TransformParams"]["/P"] == 1
    assert value["/Reason"] == "Certificate issued"
    contents = bytes(value["/Contents"])
    for certificate in issuer.chain:
        assert contents.count(certificate.public_bytes(Encoding.DER)) == 1


@pytest.mark.parametrize("seed", range(60))
def test_a_changed_byte_anywhere_is_told(signed: bytes, seed: int) -> None:
    place = random.Random(seed).randrange(9, len(signed))
    changed = bytearray(signed)
    changed[place] = (changed[place] + 1) % 256
    assert not verify_pdf(bytes(changed), None).holds


def test_a_changed_byte_in_the_container_of_the_signature_is_told(signed: bytes) -> None:
    ranges = re.search(rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)\]", signed)
    assert ranges is not None
    start = int(ranges.group(2))
    used = len(signed[start : int(ranges.group(3))].rstrip(b"0>"))
    # Every eleventh place, and the padding behind the signature, which no signature covers.
    for place in [*range(start, start + used, 11), start + used + 200]:
        changed = bytearray(signed)
        changed[place] = ord("1") if changed[place] != ord("1") else ord("2")
        assert not verify_pdf(bytes(changed), None).holds, place - start


def test_another_name_for_the_same_key_material_is_not_trusted(
    paper: bytes, forger: Issuer, trust: bytes, facts: CertificateFacts
) -> None:
    forged = sign_pdf(paper, forger, reason="Certificate issued", now=NOW)
    verdict = verify_pdf(forged, trust)
    assert (verdict.integrity, verdict.covers_whole_file, verdict.trusted) == (True, True, False)
    assert verdict.signer == ORGANISATION
    assert not verdict.holds
    assert "does not come from a trusted one" in verdict.faults[0]
    assert verify_pdf(forged, None).holds
    assert verify_json(sign_facts(facts, forger), trust).trusted is False


def test_a_forger_who_encloses_the_real_root_is_not_trusted(
    paper: bytes, forger: Issuer, issuer: Issuer, trust: bytes, facts: CertificateFacts
) -> None:
    posing = Issuer(forger.key, (forger.chain[0], issuer.chain[1]))
    verdict = verify_pdf(sign_pdf(paper, posing, reason="Certificate issued", now=NOW), trust)
    assert verdict.trusted is False
    assert not verdict.holds
    assert verify_json(sign_facts(facts, posing), trust).trusted is False


def test_bytes_appended_after_the_signature_are_told(signed: bytes, trust: bytes) -> None:
    for tail in (b"\n", b"%comment\n", b"x" * 5000):
        verdict = verify_pdf(signed + tail, trust)
        assert not verdict.covers_whole_file
        assert not verdict.holds


def test_an_update_after_signing_is_told(signed: bytes, trust: bytes) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root[pdf_name("/PageMode")] = pdf_name("/FullScreen")
    writer.update_root()
    changed = BytesIO()
    writer.write(changed)
    verdict = verify_pdf(changed.getvalue(), trust)
    assert changed.getvalue().startswith(signed)
    assert (verdict.integrity, verdict.covers_whole_file) == (True, False)
    assert not verdict.holds
    assert "whole file" in verdict.faults[0]


def test_a_second_signature_by_somebody_else_is_judged_and_not_the_first(
    paper: bytes, issuer: Issuer, forger: Issuer, trust: bytes
) -> None:
    twice = _signed_plainly(_signed_plainly(paper, issuer, "First"), forger, "Second")
    verdict = verify_pdf(twice, trust)
    assert verdict.trusted is False
    assert not verdict.holds


def _signed_plainly(pdf: bytes, issuer: Issuer, field: str) -> bytes:
    """Sign without certifying, as other software does, so that more signatures may follow."""
    chain = list(load_certs_from_pemder_data(b"".join(map(pem_of, issuer.chain))))
    pem = issuer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = load_private_key_from_pemder_data(pem, passphrase=None)
    store = SimpleCertificateStore()
    store.register_multiple(chain[1:])
    signer = PdfSigner(PdfSignatureMetadata(field_name=field), SimpleSigner(chain[0], key, store))
    signed: bytes = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
    return signed


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda signed: b"", "not a PDF"),
        (lambda signed: b"garbage" * 100, "not a PDF"),
        (lambda signed: b"%PDF-1.7\n" + b"garbage" * 100, "damaged"),
        (lambda signed: signed[: len(signed) // 2], "damaged"),
        (lambda signed: signed[:-40], "damaged"),
        (lambda signed: b"PK" + signed, "not a PDF"),
    ],
)
def test_what_is_no_signed_paper_is_told_in_words(
    signed: bytes, spoil: Callable[[bytes], bytes], expected: str
) -> None:
    verdict = verify_pdf(spoil(signed), None)
    assert not verdict.holds
    assert expected in verdict.faults[0]
    assert verdict.signer is None


def test_an_unsigned_paper_is_told(paper: bytes, trust: bytes) -> None:
    verdict = verify_pdf(paper, trust)
    assert verdict.to_json() == {
        "integrity": False,
        "covers_whole_file": False,
        "signer": None,
        "trusted": False,
    }
    assert verdict.faults == ("the PDF bears no signature",)


def test_an_encrypted_paper_is_told(signed: bytes) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(signed)))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    assert "encrypted" in verify_pdf(locked.getvalue(), None).faults[0]


@pytest.mark.parametrize("trust", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_trust_that_is_no_certificate_is_an_error(
    signed: bytes, facts: CertificateFacts, issuer: Issuer, trust: bytes
) -> None:
    with pytest.raises(TrustError, match="certificates in PEM"):
        verify_pdf(signed, trust)
    with pytest.raises(TrustError, match="certificates in PEM"):
        verify_json(sign_facts(facts, issuer), trust)


def test_a_paper_signed_before_its_key_held_is_not_trusted(paper: bytes, issuer: Issuer, trust: bytes) -> None:
    early = sign_pdf(paper, issuer, reason="Certificate issued", now=datetime(2020, 1, 1, tzinfo=UTC))
    assert verify_pdf(early, trust).trusted is False
    assert verify_pdf(early, pem_of(issuer.certificate)).trusted is False


def test_a_time_of_signing_needs_its_zone(paper: bytes, issuer: Issuer) -> None:
    with pytest.raises(ValueError, match="zone"):
        sign_pdf(paper, issuer, reason="x", now=datetime(2026, 1, 1))


def test_signed_facts_hold_and_say_what_was_signed(facts: CertificateFacts, issuer: Issuer, trust: bytes) -> None:
    sealed = json.loads(json.dumps(sign_facts(facts, issuer)))
    assert sealed["facts"] == facts.to_json()
    assert json.loads(decoded(sealed["payload"])) == facts.to_json()
    for given in (sealed, json.dumps(sealed, indent=2).encode(), json.dumps(sealed).encode("utf-16")):
        assert verify_json(given, trust).to_json() == {
            "integrity": True,
            "covers_whole_file": True,
            "signer": ORGANISATION,
            "trusted": True,
        }
    assert verify_json(sealed, None).trusted is None


def test_facts_older_than_the_key_are_trusted(
    make_facts: Callable[..., CertificateFacts], issuer: Issuer, trust: bytes
) -> None:
    old = make_facts(issued_on=date(2024, 2, 1), valid_until=date(2026, 2, 1))
    assert verify_json(sign_facts(old, issuer), trust).trusted


def decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def other_name(sealed: dict[str, Any]) -> dict[str, Any]:
    facts = json.loads(decoded(sealed["payload"])) | {"name": "Mallory Sample"}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sealed | {"payload": encoded(text.encode()), "facts": facts}


def header_with(sealed: dict[str, Any], **changes: Any) -> dict[str, Any]:
    header = json.loads(decoded(sealed["protected"])) | changes
    return sealed | {"protected": encoded(json.dumps(header).encode())}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (other_name, "does not fit"),
        (lambda sealed: sealed | {"facts": sealed["facts"] | {"name": "Mallory Sample"}}, "not signed"),
        (lambda sealed: sealed | {"note": "and honours"}, "not signed"),
        (lambda sealed: sealed | {"signature": encoded(bytes(64))}, "does not fit"),
        (lambda sealed: sealed | {"signature": encoded(bytes(63))}, "does not fit"),
        (lambda sealed: sealed | {"signature": sealed["signature"] + "=="}, "base64url"),
        (lambda sealed: sealed | {"signature": 5}, "base64url"),
        (lambda sealed: sealed | {"payload": "*"}, "base64url"),
        (lambda sealed: sealed | {"payload": encoded(b"{}")}, "facts of a certificate"),
        (lambda sealed: sealed | {"payload": encoded(b"[1")}, "not a certificate in JSON"),
        (lambda sealed: header_with(sealed, alg="none"), "alg ES256"),
        (lambda sealed: header_with(sealed, alg="HS256"), "alg ES256"),
        (lambda sealed: header_with(sealed, crit=["exp"]), "alone"),
        (lambda sealed: header_with(sealed, x5c=[]), "certificates"),
        (lambda sealed: header_with(sealed, x5c=["AAAA"]), "x5c"),
        (lambda sealed: header_with(sealed, x5c=[7]), "x5c"),
        (lambda sealed: {"facts": sealed["facts"]}, "bears no signature"),
        (lambda sealed: [sealed], "bears no signature"),
    ],
)
def test_changed_or_malformed_signed_facts_are_told(
    facts: CertificateFacts, issuer: Issuer, change: Callable[[dict[str, Any]], Any], expected: str
) -> None:
    changed = change(sign_facts(facts, issuer))
    verdict = verify_json(json.dumps(changed).encode(), None)
    assert not verdict.holds
    assert expected in verdict.faults[0]


def test_a_name_given_twice_in_the_file_is_refused(facts: CertificateFacts, issuer: Issuer) -> None:
    text = json.dumps(sign_facts(facts, issuer))
    doubled = '{"payload": "x", ' + text[1:]
    assert "given twice" in verify_json(doubled.encode(), None).faults[0]


@pytest.mark.parametrize("content", [b"", b"{", b"nonsense", b"\xff\xfe\x00", b"[" * 100_000])
def test_garbage_is_no_certificate(content: bytes) -> None:
    verdict = verify_json(content, None)
    assert not verdict.holds
    assert verdict.faults
