"""Keys: the issuer's own root and signing certificates, in a folder outside the repository.

The root is what a stranger trusts; it signs signing certificates, and those sign papers. Rotation makes a new
signing key under the same root, so that trust once given keeps holding. Files appear whole or not at all, also
when two processes start at once. This module may not know the clock, what gets signed, nor where the folder is.

The folder holds `root.pem` and `signing-0001.pem`, `signing-0002.pem` and so on: each a certificate and, for the
root and the newest signing certificate, its private key.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_DAYS = 365 * 40
SIGNING_DAYS = 365 * 20
# X.509 allows no more characters in a name's parts.
_LONGEST_NAME = 64


class IssuerError(RuntimeError):
    """Key files that are missing or cannot be used; the message names the file and what was expected."""


@dataclass(frozen=True)
class Issuer:
    """A signing key with its certificate chain, the signing certificate first and the root last."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """Return the signing certificate."""
        return self.chain[0]


def create_issuer(folder: Path, organisation: str, now: datetime) -> Issuer:
    """Return the issuer of `folder`, made first where there is none.

    The folder is created readable by its owner alone. An issuer that exists already is returned as it is.
    `organisation` names the certificates, `now` is an aware time from which they hold. Raises IssuerError
    where existing files cannot be used.
    """
    now = _checked(organisation, now)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "root.pem").exists():
        key, certificate = _new_root(organisation, now)
        _write_once(folder / "root.pem", _pem(certificate, key))
    if not _signing_files(folder):
        _add_signing(folder, 1, organisation, now)
    return load_issuer(folder)


def load_issuer(folder: Path) -> Issuer:
    """Return the newest issuer of `folder`. Raises IssuerError where there is none or it is damaged."""
    _, root = _read(folder / "root.pem")
    files = _signing_files(folder)
    if not files:
        raise IssuerError(f"no signing certificate in {folder}: expected signing-0001.pem")
    key, certificate = _read(files[-1])
    if key is None:
        raise IssuerError(f"{files[-1]}: expected a private key beside the certificate")
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError) as fault:
        raise IssuerError(f"{files[-1]}: not signed by {folder / 'root.pem'}") from fault
    return Issuer(key, (certificate, root))


def rotate_issuer(folder: Path, organisation: str, now: datetime) -> Issuer:
    """Make a new signing key under the same root and return it; from then on it is the one that signs.

    Old certificates stay, so that `trust_pem` and old papers keep their worth; their private keys are removed.
    Raises IssuerError where there is no issuer yet.
    """
    now = _checked(organisation, now)
    load_issuer(folder)
    old = _signing_files(folder)
    _add_signing(folder, int(old[-1].stem.split("-")[1]) + 1, organisation, now)
    for path in old:
        key, certificate = _read(path)
        if key is not None:
            _replace(path, _pem(certificate, None))
    return load_issuer(folder)


def trust_pem(folder: Path) -> bytes:
    """Return the root and every signing certificate of `folder`, rotated ones included, without any key."""
    paths = [folder / "root.pem", *_signing_files(folder)]
    return b"".join(_pem(_read(path)[1], None) for path in paths)


def _checked(organisation: str, now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now: expected a time with its zone")
    if not organisation.strip():
        raise ValueError("organisation: expected a name")
    return now.astimezone(UTC).replace(microsecond=0)


def _signing_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("signing-[0-9][0-9][0-9][0-9].pem"))


def _add_signing(folder: Path, number: int, organisation: str, now: datetime) -> None:
    root_key, root = _read(folder / "root.pem")
    if root_key is None:
        raise IssuerError(f"{folder / 'root.pem'}: expected a private key beside the certificate")
    key, certificate = _new_signing(organisation, number, now, root_key, root)
    _write_once(folder / f"signing-{number:04d}.pem", _pem(certificate, key))


def _new_root(organisation: str, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation, "Certificate root")
    certificate = (
        _builder(name, name, key.public_key(), now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _new_signing(
    organisation: str, number: int, now: datetime, root_key: ec.EllipticCurvePrivateKey, root: x509.Certificate
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation, f"Certificate signature {number}")
    issuing = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    certificate = (
        _builder(name, root.subject, key.public_key(), now, SIGNING_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(issuing, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return key, certificate


def _name(organisation: str, role: str) -> x509.Name:
    owner = organisation.strip()[:_LONGEST_NAME]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
            x509.NameAttribute(NameOID.COMMON_NAME, owner),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A paper may bear the day of issue, whose first moment lies before the first start.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey | None) -> bytes:
    parts = certificate.public_bytes(serialization.Encoding.PEM)
    if key is None:
        return parts
    return parts + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey | None, x509.Certificate]:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise IssuerError(f"{path}: cannot be read: {fault.strerror}") from fault
    try:
        certificate = x509.load_pem_x509_certificate(content)
        if b"PRIVATE KEY" not in content:
            return None, certificate
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as fault:
        raise IssuerError(f"{path}: expected a certificate and a private key in PEM") from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise IssuerError(f"{path}: the private key does not belong to the certificate")
    return key, certificate


def _write_once(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless somebody else has put a file there; never a part of it."""
    draft = _draft(path, content)
    try:
        # Linking fails where the name is taken, so of two processes one wins and both use its file.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    _sync(path.parent)


def _replace(path: Path, content: bytes) -> None:
    _draft(path, content).replace(path)
    _sync(path.parent)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    """Make the new name in `folder` last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
