"""The texts of a programme beside its courses: `checklists/`, `evaluations/`, `pathways/`, `policies/`, all Markdown.

Reads them all at once with the faults of each, and those that only show across files. Works on bytes by path;
`scan_programme` is the one function that touches a disk.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from assessments.model import Fault
from courses.checklists import Checklist, read_checklist
from courses.evaluations import Evaluation, read_evaluation
from courses.folder import display
from courses.pathways import Pathway, read_pathway
from courses.policies import Policy, read_policy
from courses.text import LARGEST_TEXT, read_text

FOLDERS = ("checklists", "evaluations", "pathways", "policies")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def path(self) -> str: ...


Text = TypeVar("Text", bound=_Coded)


@dataclass(frozen=True)
class Programme:
    """Every text of a programme that was read without errors, in the order of the paths."""

    pathways: tuple[Pathway, ...] = ()
    policies: tuple[Policy, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    checklists: tuple[Checklist, ...] = ()


def read_programme(
    files: Mapping[str, bytes],
    name: str = "",
    *,
    courses: Collection[str] | None = None,
    competencies: Collection[str] | None = None,
    responsibilities: Collection[str] | None = None,
) -> tuple[Programme, list[Fault]]:
    """Read the texts among `files`, whose paths begin with one of `FOLDERS`; `name` stands before paths in faults.

    `courses`, `competencies` and `responsibilities` are known codes, None where they are not to be checked.
    """
    faults: list[Fault] = []

    def pathway(text: str, path: str) -> tuple[Pathway | None, list[Fault]]:
        return read_pathway(text, path, courses)

    def policy(text: str, path: str) -> tuple[Policy | None, list[Fault]]:
        return read_policy(text, path, competencies, responsibilities)

    def checklist(text: str, path: str) -> tuple[Checklist | None, list[Fault]]:
        return read_checklist(text, path, competencies)

    programme = Programme(
        pathways=_read_all("pathways", files, name, pathway, faults),
        policies=_read_all("policies", files, name, policy, faults),
        evaluations=_read_all("evaluations", files, name, read_evaluation, faults),
        checklists=_read_all("checklists", files, name, checklist, faults),
    )
    return programme, sorted(set(faults))


def _read_all(
    folder: str,
    files: Mapping[str, bytes],
    name: str,
    read: Callable[[str, str], tuple[Text | None, list[Fault]]],
    faults: list[Fault],
) -> tuple[Text, ...]:
    found: list[Text] = []
    for path in sorted(files):
        if not path.startswith(f"{folder}/") or not path.endswith(".md"):
            continue
        shown = display(name, path)
        text, wrong = read_text(files[path], shown)
        if text is None:
            faults += wrong
            continue
        one, wrong = read(text, shown)
        faults += wrong
        if one is not None:
            faults += _taken(one, found)
            found.append(one)
    return tuple(found)


def _taken(one: Text, before: Sequence[Text]) -> list[Fault]:
    other = next((each for each in before if each.code == one.code), None)
    if other is None:
        return []
    return [Fault(one.path, 1, 1, "error", f"the code {one.code} is taken by {other.path}: codes are unique")]


def scan_programme(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Read the Markdown files in the folders of `FOLDERS` inside `folder`; a link that leads out is refused."""
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    root = folder.resolve()
    for path in sorted(one for below in FOLDERS for one in (folder / below).glob("*.md")):
        inside = path.relative_to(folder).as_posix()
        if not path.is_file() or not path.resolve().is_relative_to(root):
            faults.append(Fault(str(path), 1, 1, "error", "is not an ordinary file of this folder"))
            continue
        try:
            with path.open("rb") as stream:
                files[inside] = stream.read(LARGEST_TEXT + 1)
        except OSError as fault:
            faults.append(Fault(str(path), 1, 1, "error", f"cannot be read: {fault.strerror}"))
    return files, faults
