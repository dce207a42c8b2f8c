"""The signed JSON form of facts: a flattened JSON Web Signature (RFC 7515) with ES256, sealed and opened.

    {"facts": {…}, "payload": "…", "protected": "…", "signature": "…"}

`payload` holds the canonical bytes of the facts, `protected` the algorithm and the certificate chain (`x5c`),
`signature` the signature over both. `facts` repeats the payload for human readers; opening checks that it says
the same. This module may not know files, trust or the clock.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certificates.facts import CertificateFacts, FactsError, canonical, from_json
from certificates.keys import Issuer

TYPE = "certificate+jws"
ALGORITHM = "ES256"

_MEMBERS = frozenset({"facts", "payload", "protected", "signature"})
_COORDINATE_BYTES = 32
# A chain is a signing certificate, a root and at most a few between them.
_LONGEST_CHAIN = 5


class EnvelopeError(ValueError):
    """Not a signed certificate in JSON; the message says what was expected."""


@dataclass(frozen=True)
class Envelope:
    """An opened envelope. `intact` tells whether the signature fits, `whole` whether nothing else is beside it."""

    facts: CertificateFacts
    chain: tuple[x509.Certificate, ...]
    intact: bool
    whole: bool


def seal(facts: CertificateFacts, issuer: Issuer) -> dict[str, Any]:
    """Return the facts with the signature of `issuer` as JSON values."""
    header = {
        "alg": ALGORITHM,
        "typ": TYPE,
        "x5c": [base64.b64encode(_der(certificate)).decode() for certificate in issuer.chain],
    }
    protected = _encoded(json.dumps(header, sort_keys=True, separators=(",", ":")).encode())
    payload = _encoded(canonical(facts))
    r, s = decode_dss_signature(issuer.key.sign(_signed(protected, payload), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")
    return {
        "facts": facts.to_json(),
        "payload": payload,
        "protected": protected,
        "signature": _encoded(signature),
    }


def open_envelope(data: bytes | Mapping[str, Any]) -> Envelope:
    """Return what a signed JSON file says and whether its signature fits.

    `data` is the file or its parsed object. Raises EnvelopeError where it is not such a file at all.
    """
    members = _parsed(data) if isinstance(data, bytes) else data
    if not isinstance(members, Mapping) or not members.keys() >= {"payload", "protected", "signature"}:
        raise EnvelopeError("the file bears no signature: expected payload, protected and signature")
    protected, payload, signature = (members[name] for name in ("protected", "payload", "signature"))
    header = _parsed(_decoded(protected, "protected"))
    chain = _chain(header)
    try:
        content = _parsed(_decoded(payload, "payload"))
        facts = from_json(content)
    except FactsError as fault:
        raise EnvelopeError(f"the payload does not hold the facts of a certificate: {fault}") from fault
    return Envelope(
        facts=facts,
        chain=chain,
        intact=_fits(chain[0], _signed(protected, payload), _decoded(signature, "signature")),
        whole=members.keys() <= _MEMBERS and members.get("facts", content) == content,
    )


def _fits(certificate: x509.Certificate, signed: bytes, signature: bytes) -> bool:
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise EnvelopeError(f"expected a P-256 key in the signing certificate, as {ALGORITHM} asks")
    if len(signature) != 2 * _COORDINATE_BYTES:
        return False
    numbers = (signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:])
    r, s = (int.from_bytes(number, "big") for number in numbers)
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _chain(header: Any) -> tuple[x509.Certificate, ...]:
    if not isinstance(header, Mapping) or header.get("alg") != ALGORITHM or header.get("typ") != TYPE:
        raise EnvelopeError(f"expected a protected header with alg {ALGORITHM} and typ {TYPE}")
    # Critical extensions must be understood by whoever verifies, and this format has none.
    if header.keys() != {"alg", "typ", "x5c"}:
        raise EnvelopeError("expected a protected header with alg, typ and x5c alone")
    listed = header["x5c"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= _LONGEST_CHAIN:
        raise EnvelopeError(f"x5c: expected one to {_LONGEST_CHAIN} certificates")
    try:
        return tuple(x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in listed)
    except (ValueError, TypeError) as fault:
        raise EnvelopeError("x5c: expected certificates in base64") from fault


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as fault:
        raise EnvelopeError(f"this is not a certificate in JSON: {fault}") from fault


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name given twice, because two readers could take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _signed(protected: str, payload: str) -> bytes:
    return f"{protected}.{payload}".encode()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(segment: Any, name: str) -> bytes:
    """Return the bytes of a base64url segment, which must be written in the one canonical way."""
    if not isinstance(segment, str) or not segment.isascii():
        raise EnvelopeError(f"{name}: expected base64url text")
    try:
        content = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise EnvelopeError(f"{name}: expected base64url text") from fault
    if _encoded(content) != segment:
        raise EnvelopeError(f"{name}: expected base64url text without padding")
    return content


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
