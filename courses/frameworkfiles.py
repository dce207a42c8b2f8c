"""Framework files of every kind: which kind a text is, and reading and writing it. Knows no file system."""

from datetime import datetime
from typing import Literal

from assessments.model import Fault
from courses.framework import Framework, read_framework
from courses.frameworkcase import write_case
from courses.frameworkcasereading import read_case
from courses.frameworksheet import read_csv, write_csv
from courses.frameworktext import write_yaml

Kind = Literal["yaml", "csv", "case"]
KINDS: tuple[Kind, ...] = ("yaml", "csv", "case")
SUFFIXES: dict[Kind, str] = {"yaml": "yaml", "csv": "csv", "case": "json"}
MEDIA: dict[Kind, str] = {"yaml": "application/yaml", "csv": "text/csv", "case": "application/json"}


def kind_of(text: str) -> Kind:
    """Tell by its beginning what kind of framework file a text is."""
    begins = text.removeprefix("\ufeff").lstrip()
    if begins.startswith("{"):
        return "case"
    head = begins.split("\n", 1)[0].strip().lower().replace('"', "")
    cells = [cell.strip() for cell in head.replace(";", ",").split(",")]
    return "csv" if "row" in cells and len(cells) > 1 else "yaml"


def read_file(text: str, path: str) -> tuple[Framework | None, list[Fault], Kind]:
    """Read a framework file of any kind; without a framework there is at least one error."""
    kind = kind_of(text)
    readers = {"yaml": read_framework, "csv": read_csv, "case": read_case}
    framework, faults = readers[kind](text, path)
    return framework, faults, kind


def write_file(framework: Framework, kind: Kind, changed: datetime, creator: str = "") -> str:
    """Write a framework as a text of this kind; `changed` and `creator` stand in CASE alone."""
    if kind == "case":
        return write_case(framework, changed, creator)
    return write_csv(framework) if kind == "csv" else write_yaml(framework)
