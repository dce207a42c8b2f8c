"""Verification: is this file whole and as it was signed, by whom, and is that signer trusted?

It needs the file and, for trust, the issuer's certificates in PEM; no application, database or network. A
certificate's chain is judged at the time of signing, so that a paper outlives the key that signed it. This
module may not know whether a genuine certificate has been revoked or superseded: the public page says that.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from certificates.envelope import EnvelopeError, open_envelope


class TrustError(ValueError):
    """The certificates given as trusted cannot be read."""


@dataclass(frozen=True)
class Verdict:
    """What was found out about a signed file.

    `integrity`: what is signed is as it was signed. `covers_whole_file`: nothing in the file lies outside the
    signature. `signer`: the name in the signing certificate, which anybody can write there. `trusted`: whether
    that certificate comes from one of the trusted ones, None where none were given. `faults` says in words
    why something does not hold; `signed_at` is the time that the signer states.
    """

    integrity: bool
    covers_whole_file: bool
    signer: str | None
    trusted: bool | None
    faults: tuple[str, ...] = ()
    signed_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the file can be relied on, as far as trust was asked for."""
        return self.integrity and self.covers_whole_file and self.trusted is not False

    def to_json(self) -> dict[str, Any]:
        """Return the four public answers."""
        return {
            "integrity": self.integrity,
            "covers_whole_file": self.covers_whole_file,
            "signer": self.signer,
            "trusted": self.trusted,
        }


def verify_pdf(data: bytes, trust: bytes | None) -> Verdict:
    """Return the verdict on a signed PDF. `trust` is one or more certificates in PEM, or None.

    A file that cannot be read or bears no signature gives a verdict with faults. Raises TrustError where
    `trust` holds no certificate.
    """
    anchors = _anchors(trust)
    if not data.startswith(b"%PDF-"):
        return _unusable("this is not a PDF file: expected %PDF- at its beginning", anchors)
    # pyHanko is slow to load, so only what verifies a PDF loads it.
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import ValueErrorWithMessage

    try:
        reader = PdfFileReader(BytesIO(data))
        if reader.encrypted:
            return _unusable("the PDF is encrypted: expected the file as it was issued", anchors)
        signatures = reader.embedded_signatures
        if not signatures:
            return _unusable("the PDF bears no signature", anchors)
        # A later signature can vouch for what an earlier one does not cover, so the last one is judged.
        return _judge_pdf(data, signatures[-1], anchors)
    except (PdfReadError, ValueErrorWithMessage) as fault:
        return _unusable(f"the PDF or its signature is damaged: {fault}", anchors)
    except Exception as fault:
        # So loose a format fails in more ways than can be listed when its bytes are damaged, and each of
        # them means the same to whoever asks.
        return _unusable(f"the PDF or its signature is damaged: {type(fault).__name__}", anchors)


def verify_json(data: bytes | Mapping[str, Any], trust: bytes | None) -> Verdict:
    """Return the verdict on signed facts, given as the bytes of a file or as the parsed object.

    `trust` and errors are as for `verify_pdf`.
    """
    anchors = _anchors(trust)
    try:
        envelope = open_envelope(data)
    except EnvelopeError as fault:
        return _unusable(str(fault), anchors)
    # The facts may be older than the key, where records of earlier years were taken over.
    issued = datetime.combine(envelope.facts.issued_on, time.max, UTC)
    signed_at = max(issued, envelope.chain[0].not_valid_before_utc)
    trusted = _is_trusted(envelope.chain[0], envelope.chain[1:], signed_at, anchors)
    faults = []
    if not envelope.intact:
        faults.append("the signature does not fit the payload")
    if not envelope.whole:
        faults.append("the file says something that is not signed")
    return _verdict(envelope.intact, envelope.whole, envelope.chain[0], trusted, faults, signed_at)


def _judge_pdf(data: bytes, signature: Any, anchors: list[x509.Certificate] | None) -> Verdict:
    # See verify_pdf: loaded by what verifies only.
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    # Trust is judged apart, so pyHanko gets no roots and looks nothing up.
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, nobody, skip_diff=True)
    signer = x509.load_der_x509_certificate(signature.signer_cert.dump())
    others = [x509.load_der_x509_certificate(each.dump()) for each in signature.other_embedded_certs]
    signed_at = signature.self_reported_timestamp or signer.not_valid_before_utc
    unchanged = status.intact and status.valid
    coherent = _is_plain(signature) and _fit_together(signer, others)
    whole = _is_exact(data, signature)
    faults = []
    if not unchanged:
        faults.append("the signed part of the file has been changed")
    if not coherent:
        faults.append("the certificates in the signature do not belong together or have been changed")
    if not whole:
        faults.append("the signature does not cover the whole file")
    trusted = _is_trusted(signer, others, signed_at, anchors)
    return _verdict(unchanged and coherent, whole, signer, trusted, faults, signed_at)


def _is_exact(data: bytes, signature: Any) -> bool:
    """Tell whether the signature covers every byte but its own place, and nothing hides in that place."""
    ranges = [int(number) for number in signature.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or ranges[2] + ranges[3] != len(data):
        return False
    place = data[ranges[1] : ranges[2]]
    content = bytes(signature.pkcs7_content)
    # The place is reserved before the signature is known; what is left of it must be empty.
    written = content.hex().encode()
    spelled = place in (b"<" + written + b">", b"<" + written.upper() + b">")
    return spelled and not any(content[_der_length(content) :])


def _is_plain(signature: Any) -> bool:
    """Tell whether the parts of the container that no signature covers say what the signed ones ask."""
    container, signer_info = signature.signed_data, signature.signer_info
    listed = [each.dump() for each in container["digest_algorithms"]]
    enclosed = {each.dump() for each in container["certificates"]}
    return (
        len(enclosed) == len(container["certificates"]) == 1 + len(signature.other_embedded_certs)
        and container["version"].native == "v1"
        and signer_info["version"].native == "v1"
        and listed == [signer_info["digest_algorithm"].dump()]
    )


def _der_length(content: bytes) -> int:
    """Return the length of the DER value at the start of `content`, its head included."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(content[2 : 2 + size], "big")


def _fit_together(signer: x509.Certificate, others: Sequence[x509.Certificate]) -> bool:
    """Tell whether the certificates are one chain: each signed within it, and each needed by the signer.

    The signature does not cover the chain itself, so a change in a certificate of it would pass unseen. A
    signer who encloses no other certificate is taken at its word, because trust is judged apart.
    """
    left = list(others)
    current = signer
    while left:
        issuers = [each for each in left if _issued(current, each)]
        if not issuers:
            return False
        current = issuers[0]
        left.remove(current)
    # What names no other key as its issuer's is a root and has signed itself.
    return not others or _names_issuer_key(current) or _issued(current, current)


def _names_issuer_key(certificate: x509.Certificate) -> bool:
    kinds = [extension.oid for extension in certificate.extensions]
    return ExtensionOID.AUTHORITY_KEY_IDENTIFIER in kinds


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:
        # A bad signature, an unknown algorithm and a malformed key all mean: not by that issuer.
        return False
    return True


def _is_trusted(
    signer: x509.Certificate,
    others: Sequence[x509.Certificate],
    moment: datetime,
    anchors: list[x509.Certificate] | None,
) -> bool | None:
    """Tell whether `signer` may sign and comes from an anchor, judged at `moment`; None without anchors."""
    if anchors is None:
        return None
    if signer in anchors:
        return signer.not_valid_before_utc <= moment <= signer.not_valid_after_utc
    # See verify_pdf: loaded by what verifies only.
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    def converted(certificates: Sequence[x509.Certificate]) -> list[Any]:
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in certificates)
        return list(load_certs_from_pemder_data(pem))

    context = ValidationContext(
        trust_roots=converted(anchors), moment=moment, best_signature_time=moment, allow_fetching=False
    )
    validator = CertificateValidator(converted([signer])[0], converted(others), validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage({"non_repudiation"}))  # type: ignore[no-untyped-call]
    except (PathError, ValidationError):
        return False
    return True


def _anchors(trust: bytes | None) -> list[x509.Certificate] | None:
    if trust is None:
        return None
    try:
        return x509.load_pem_x509_certificates(trust)
    except ValueError as fault:
        raise TrustError("expected one or more certificates in PEM to trust") from fault


def _unusable(fault: str, anchors: list[x509.Certificate] | None) -> Verdict:
    return Verdict(False, False, None, None if anchors is None else False, (fault,))


def _verdict(
    integrity: bool,
    whole: bool,
    signer: x509.Certificate,
    trusted: bool | None,
    faults: list[str],
    signed_at: datetime,
) -> Verdict:
    if trusted is False:
        faults.append("the signer's certificate does not come from a trusted one")
    names = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else signer.subject.rfc4514_string()
    return Verdict(integrity, whole, name, trusted, tuple(faults), signed_at)
