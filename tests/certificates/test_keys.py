"""Keys: made once, kept private, whole after a race, and trusted after a rotation."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.facts import CertificateFacts
from certificates.keys import IssuerError, create_issuer, load_issuer, rotate_issuer, trust_pem
from certificates.signing import sign_facts, sign_pdf
from certificates.verification import verify_json, verify_pdf

ORGANISATION = "Informatics Academy, Example General Hospital"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_an_issuer_is_a_p256_signing_certificate_under_its_own_root(tmp_path: Path) -> None:
    issuer = create_issuer(tmp_path / "keys", ORGANISATION, NOW)
    signing, root = issuer.chain
    assert isinstance(issuer.key.curve, ec.SECP256R1)
    assert issuer.key.public_key() == signing.public_key()
    signing.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not signing.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = signing.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert signing.not_valid_before_utc < NOW < NOW + timedelta(days=365 * 15) < signing.not_valid_after_utc
    assert ORGANISATION in signing.subject.rfc4514_string().replace("\\,", ",")


def test_keys_are_readable_by_their_owner_alone_and_never_printed(tmp_path: Path) -> None:
    os.umask(previous := os.umask(0))
    try:
        os.umask(0)
        issuer = create_issuer(tmp_path / "keys", ORGANISATION, NOW)
    finally:
        os.umask(previous)
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["root.pem", "signing-0001.pem"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert "PRIVATE" not in repr(issuer)
    assert "key=" not in repr(issuer)


def test_an_issuer_that_exists_is_returned_and_not_made_again(tmp_path: Path) -> None:
    first = create_issuer(tmp_path / "keys", ORGANISATION, NOW)
    again = create_issuer(tmp_path / "keys", "Another Hospital", NOW + timedelta(days=400))
    assert again.chain == first.chain
    assert load_issuer(tmp_path / "keys").chain == first.chain


def test_two_processes_that_start_at_once_agree_on_one_issuer(tmp_path: Path) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from certificates.keys import create_issuer;"
        "sys.stdin.readline();"
        "issuer = create_issuer(Path(sys.argv[1]), 'Example', datetime(2026, 11, 23, tzinfo=UTC));"
        "print(*(each.serial_number for each in issuer.chain))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "keys")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    # All wait for the line, so that they begin together once their imports are done.
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0, 0]
    assert len(answers) == 1
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["root.pem", "signing-0001.pem"]


def test_a_start_that_was_cut_off_after_the_root_is_completed(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = create_issuer(folder, ORGANISATION, NOW)
    (folder / "signing-0001.pem").unlink()
    (folder / ".signing-0001.pem.0123").write_bytes(b"half a f")
    second = create_issuer(folder, ORGANISATION, NOW)
    assert second.chain[1] == first.chain[1]
    assert second.chain[0] != first.chain[0]


def test_after_a_rotation_old_and_new_papers_hold_and_old_trust_keeps_holding(
    tmp_path: Path, paper: bytes, facts: CertificateFacts
) -> None:
    folder = tmp_path / "keys"
    old = create_issuer(folder, ORGANISATION, NOW)
    old_trust = trust_pem(folder)
    old_paper = sign_pdf(paper, old, reason="Certificate issued", now=NOW)
    later = NOW + timedelta(days=700)
    new = rotate_issuer(folder, ORGANISATION, later)
    new_paper = sign_pdf(paper, new, reason="Certificate issued", now=later)
    assert new.chain[0] != old.chain[0]
    assert load_issuer(folder).chain == new.chain == create_issuer(folder, ORGANISATION, later).chain
    for trust in (old_trust, trust_pem(folder)):
        assert verify_pdf(old_paper, trust).trusted
        assert verify_pdf(new_paper, trust).trusted
        assert verify_json(sign_facts(facts, new), trust).trusted
    assert trust_pem(folder).count(b"BEGIN CERTIFICATE") == 3


def test_a_rotation_removes_the_old_private_key_and_trust_holds_none(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    create_issuer(folder, ORGANISATION, NOW)
    rotate_issuer(folder, ORGANISATION, NOW)
    assert b"PRIVATE" not in (folder / "signing-0001.pem").read_bytes()
    assert b"PRIVATE" in (folder / "signing-0002.pem").read_bytes()
    assert b"PRIVATE" not in trust_pem(folder)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_rotation_needs_an_issuer(tmp_path: Path) -> None:
    with pytest.raises(IssuerError, match="cannot be read"):
        rotate_issuer(tmp_path, ORGANISATION, NOW)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("root.pem", b"", "expected a certificate"),
        ("signing-0001.pem", b"garbage", "expected a certificate"),
        ("signing-0001.pem", None, "signing-0001.pem"),
        ("root.pem", None, "cannot be read"),
    ],
)
def test_damaged_key_files_are_named_and_never_replaced(
    tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    folder = tmp_path / "keys"
    create_issuer(folder, ORGANISATION, NOW)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(IssuerError, match=expected):
        load_issuer(folder)
    if content is not None:
        with pytest.raises(IssuerError, match=expected):
            create_issuer(folder, ORGANISATION, NOW)
        assert (folder / name).read_bytes() == content


def test_a_signing_certificate_of_another_root_is_refused(tmp_path: Path) -> None:
    create_issuer(tmp_path / "a", ORGANISATION, NOW)
    create_issuer(tmp_path / "b", ORGANISATION, NOW)
    (tmp_path / "b" / "signing-0001.pem").replace(tmp_path / "a" / "signing-0001.pem")
    with pytest.raises(IssuerError, match="not signed by"):
        load_issuer(tmp_path / "a")


def test_a_key_beside_the_wrong_certificate_is_refused(tmp_path: Path) -> None:
    create_issuer(tmp_path / "a", ORGANISATION, NOW)
    create_issuer(tmp_path / "b", ORGANISATION, NOW)
    one = (tmp_path / "a" / "signing-0001.pem").read_bytes()
    other = (tmp_path / "b" / "signing-0001.pem").read_bytes()
    mixed = one[: one.index(b"-----BEGIN PRIVATE")] + other[other.index(b"-----BEGIN PRIVATE") :]
    (tmp_path / "a" / "signing-0001.pem").write_bytes(mixed)
    with pytest.raises(IssuerError, match="does not belong"):
        load_issuer(tmp_path / "a")


def test_a_long_organisation_is_cut_to_what_a_certificate_may_hold(tmp_path: Path) -> None:
    issuer = create_issuer(tmp_path / "keys", "Example General Hospital " * 10, NOW)
    assert "Example General Hospital" in issuer.certificate.subject.rfc4514_string()


def test_a_time_without_zone_and_an_empty_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        create_issuer(tmp_path / "keys", ORGANISATION, datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="organisation"):
        create_issuer(tmp_path / "keys", " ", NOW)
    assert not (tmp_path / "keys").exists()
