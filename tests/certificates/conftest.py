"""What the tests of certificates share: sample facts, an issuer and a signed paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from certificates import serials
from certificates.facts import CertificateFacts
from certificates.keys import Issuer, create_issuer, trust_pem
from certificates.paper import certificate_pdf
from certificates.signing import sign_pdf

SERIAL = serials.make(b"sample entropy")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORGANISATION = "Informatics Academy, Example General Hospital"

FACTS = CertificateFacts(
    serial=SERIAL,
    name="Asha Sample",
    profession="Registered nurse",
    unit="Medical 4B",
    course_code="CPOE-101",
    course_title="Safer orders with CPOE",
    edition="2026.1",
    language="en",
    issued_on=date(2026, 11, 23),
    valid_until=date(2028, 11, 23),
    minutes=40,
    score=Decimal("92.5"),
    competencies=(("B1", "Orders", 2, "Practises"), ("B4", "Answer alerts", 3, "Guides others")),
    credits=(),
    issuer=ORGANISATION,
    signatory_name="Mina Placeholder, MD",
    signatory_title="Chief Medical Informatics Officer",
    verify_url=f"https://academy.example.org/verify/{SERIAL}",
    sample=True,
)


@pytest.fixture(scope="session")
def facts() -> CertificateFacts:
    return FACTS


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., CertificateFacts]:
    """Return a function that gives the sample facts with some of them changed."""

    def make(**changes: Any) -> CertificateFacts:
        return replace(FACTS, **changes)

    return make


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def issuer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer") / "keys"
    create_issuer(folder, ORGANISATION, NOW)
    return folder


@pytest.fixture(scope="session")
def issuer(issuer_folder: Path) -> Issuer:
    return create_issuer(issuer_folder, ORGANISATION, NOW)


@pytest.fixture(scope="session")
def trust(issuer_folder: Path) -> bytes:
    return trust_pem(issuer_folder)


@pytest.fixture(scope="session")
def paper(facts: CertificateFacts) -> bytes:
    return certificate_pdf(facts)


@pytest.fixture(scope="session")
def signed(paper: bytes, issuer: Issuer) -> bytes:
    return sign_pdf(paper, issuer, reason="Certificate issued", now=NOW)


@pytest.fixture(scope="session")
def forger(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Return another issuer that calls itself exactly as the real one."""
    return create_issuer(tmp_path_factory.mktemp("forger") / "keys", ORGANISATION, NOW)
