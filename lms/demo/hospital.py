"""The shape of the sample hospital: sites, units, and which professions work where. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

ROOT = ("EGH", "Example General Hospital")


@dataclass(frozen=True)
class UnitPlan:
    """A unit of the plan. `share` is its part of all staff; `mix` the weights of the professions.

    `skill` shifts how often its people reach a target, so that units differ as they do in life.
    """

    code: str
    name: str
    parent: str
    site: str
    share: float = 0.0
    mix: tuple[float, float, float, float] = (0.2, 0.7, 0.02, 0.08)  # physician, nurse, pharmacist, other
    skill: float = 0.0


WARD = (0.22, 0.68, 0.03, 0.07)
ACUTE = (0.32, 0.62, 0.02, 0.04)
CLINIC = (0.40, 0.45, 0.02, 0.13)
PHARMACY = (0.00, 0.04, 0.78, 0.18)
SUPPORT = (0.10, 0.20, 0.05, 0.65)

_N, _S = "North site", "South site"

UNITS: tuple[UnitPlan, ...] = (
    UnitPlan("EGH", "Example General Hospital", "", ""),
    UnitPlan("ACU", "Acute care", "EGH", _N),
    UnitPlan("MED", "Medicine", "EGH", _N),
    UnitPlan("SUR", "Surgery", "EGH", _N),
    UnitPlan("WCH", "Women and children", "EGH", _S),
    UnitPlan("AMB", "Ambulatory care", "EGH", _S),
    UnitPlan("CSS", "Clinical support", "EGH", _N),
    UnitPlan("ED", "Emergency", "ACU", _N, 6.5, ACUTE, -0.45),
    UnitPlan("ICU", "Intensive care", "ACU", _N, 5.0, ACUTE, 0.55),
    UnitPlan("HDU", "High dependency", "ACU", _N, 2.6, ACUTE, 0.30),
    UnitPlan("AMU", "Acute medical unit", "ACU", _N, 4.2, WARD, 0.0),
    UnitPlan("CCU", "Coronary care", "ACU", _N, 2.4, ACUTE, 0.35),
    UnitPlan("M4A", "Medical 4A", "MED", _N, 3.4, WARD, 0.05),
    UnitPlan("M4B", "Medical 4B", "MED", _N, 3.6, WARD, 0.20),
    UnitPlan("M5A", "Medical 5A, care of older people", "MED", _N, 3.2, WARD, -0.15),
    UnitPlan("ONC", "Oncology", "MED", _N, 3.3, WARD, 0.25),
    UnitPlan("HAE", "Haematology", "MED", _N, 2.0, WARD, 0.20),
    UnitPlan("REN", "Renal and dialysis", "MED", _N, 3.0, WARD, 0.10),
    UnitPlan("RES", "Respiratory", "MED", _N, 2.7, WARD, 0.0),
    UnitPlan("NEU", "Neurology and stroke", "MED", _N, 2.8, WARD, 0.05),
    UnitPlan("S5A", "Surgical 5A", "SUR", _N, 3.6, WARD, -0.20),
    UnitPlan("S5B", "Surgical 5B", "SUR", _N, 3.3, WARD, -0.05),
    UnitPlan("ORT", "Orthopaedics", "SUR", _N, 3.4, WARD, -0.10),
    UnitPlan("THE", "Theatres", "SUR", _N, 5.6, (0.38, 0.55, 0.00, 0.07), -0.30),
    UnitPlan("PAC", "Recovery", "SUR", _N, 1.8, ACUTE, 0.0),
    UnitPlan("URO", "Urology", "SUR", _N, 2.0, WARD, 0.05),
    UnitPlan("PAE", "Paediatrics", "WCH", _S, 3.8, WARD, 0.30),
    UnitPlan("NIC", "Neonatal intensive care", "WCH", _S, 3.2, ACUTE, 0.40),
    UnitPlan("MAT", "Maternity", "WCH", _S, 4.4, (0.20, 0.74, 0.01, 0.05), -0.15),
    UnitPlan("GYN", "Gynaecology", "WCH", _S, 1.8, WARD, 0.0),
    UnitPlan("OPD", "Outpatients", "AMB", _S, 4.0, CLINIC, 0.15),
    UnitPlan("DAY", "Day surgery", "AMB", _S, 2.6, ACUTE, 0.05),
    UnitPlan("END", "Endoscopy", "AMB", _S, 1.6, ACUTE, 0.10),
    UnitPlan("COM", "Community and virtual ward", "AMB", _S, 2.2, CLINIC, -0.05),
    UnitPlan("PHA", "Pharmacy", "CSS", _N, 4.4, PHARMACY, 0.60),
    UnitPlan("LAB", "Laboratory", "CSS", _N, 2.6, SUPPORT, 0.0),
    UnitPlan("RAD", "Radiology", "CSS", _N, 3.2, (0.35, 0.15, 0.00, 0.50), -0.10),
    UnitPlan("PAL", "Palliative care team", "CSS", _N, 0.9, (0.40, 0.50, 0.10, 0.0), 0.10),
    UnitPlan("INF", "Clinical informatics", "CSS", _N, 1.0, (0.25, 0.45, 0.20, 0.10), 0.90),
)

TITLES = {
    "physician": ("Consultant", "Registrar", "Resident"),
    "nurse": ("Registered nurse", "Registered nurse", "Senior nurse"),
    "pharmacist": ("Pharmacist", "Clinical pharmacist"),
    "other": ("Health care assistant", "Therapist", "Ward clerk"),
}

GIVEN = (
    "Asha Ben Chidi Dalia Elif Farid Grace Hana Ivo Jun Kofi Lena Mina Noor Oscar Priya Quyen Rosa Samir Tara "
    "Uma Viktor Wanda Ximena Yusuf Zoe Amara Bao Carla Dmitri Esther Femi Giulia Hugo Ines Jonas Karin Leila Marco "
    "Nadia Olu Petra Rafael Sofia Tomas Ursula Vera Wei Yara Zain"
).split()
FAMILY = "Sample Example Placeholder Specimen Template Demo Mock Fixture".split()
INITIALS = "ABCDEFGHJKLMNPRSTVW"


def leaves() -> tuple[UnitPlan, ...]:
    """The units in which people work."""
    return tuple(unit for unit in UNITS if unit.share)
