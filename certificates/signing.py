"""Signing: the pressed paper gets a PAdES signature, the facts a JSON Web Signature, with the same key.

This module may not know what a paper states, the clock, nor where keys are kept.
"""

from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives import serialization

from certificates import envelope
from certificates.facts import CertificateFacts
from certificates.keys import Issuer

FIELD = "IssuerSignature"


def sign_pdf(pdf: bytes, issuer: Issuer, *, reason: str, now: datetime) -> bytes:
    """Return `pdf` with an invisible signature of `issuer` (PAdES baseline B-B) over every byte of it.

    It is a certifying signature: any later change to the file breaks it. `reason` is shown by PDF readers;
    `now` is the aware time of signing. Tags and metadata stay. Raises ValueError where `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("now: expected a time with its zone")
    # pyHanko is slow to load, so only what signs loads it.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter

    class DatedSigner(PdfSigner):
        """Signs at the given time; pyHanko's own signer asks the clock."""

        def init_signing_session(self, *given: Any, **named: Any) -> Any:
            session = super().init_signing_session(*given, **named)
            session.system_time = now
            return session

    class PlainWriter(IncrementalPdfFileWriter):
        """Adds the signature alone; pyHanko's own writer also sets a date of change by the clock."""

        def _update_meta(self) -> None:
            pass

    described = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # The field has no place on the page: PDF/UA asks a tag for every other form field, and whoever hears the
    # page read should not stop at it.
    place = SigFieldSpec(
        FIELD,
        on_page=0,
        box=None,
        readable_field_name="Signature of the issuer",
        invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    )
    signer = DatedSigner(described, _key_and_chain(issuer), new_field_spec=place)
    signed: BytesIO = signer.sign_pdf(PlainWriter(BytesIO(pdf)))
    return signed.getvalue()


def _key_and_chain(issuer: Issuer) -> Any:
    """Return the key of `issuer` with its certificates in the form that pyHanko signs with."""
    # See sign_pdf: loaded by what signs only.
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko.sign import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    encoding = serialization.Encoding.PEM
    chain = list(load_certs_from_pemder_data(b"".join(each.public_bytes(encoding) for each in issuer.chain)))
    key = load_private_key_from_pemder_data(
        issuer.key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        passphrase=None,
    )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    # The signing certificate is enclosed anyway; given here too, it would be there twice.
    store.register_multiple(chain[1:])
    return SimpleSigner(signing_cert=chain[0], signing_key=key, cert_registry=store)


def sign_facts(facts: CertificateFacts, issuer: Issuer) -> dict[str, Any]:
    """Return the facts with the signature of `issuer` and its certificates, as JSON values (see envelope)."""
    return envelope.seal(facts, issuer)
