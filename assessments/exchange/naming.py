"""Ids, titles and tags of foreign questions become ones that the item source can hold."""

import posixpath
import re
import unicodedata
import urllib.parse
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from assessments.archive import safe_path
from assessments.model import Item

LONGEST_ID = 60
LONGEST_TITLE = 120
_COMPETENCY = "competency:"
_LEVEL = "level:"
_OBJECTIVE = "objective:"
_CASE = "case:"


def slug(text: str) -> str:
    """Return small letters, digits and hyphens for a name; empty where it has none of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def own_id(wanted: str, title: str, taken: Container[str], fallback: str) -> str:
    """Return an id that nobody has: from the id wanted, else from the title, else `fallback`."""
    # An id that is already well formed is kept as it is, whatever its length.
    base = wanted if re.fullmatch(r"[a-z0-9][a-z0-9-]*", wanted) else slug(wanted) or slug(title) or fallback
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def one_line(text: str) -> str:
    """Return a text on one line, its runs of space made one."""
    return " ".join(text.split())


def typed_line(text: str) -> str:
    """Return what a learner is to type: on one line, its inner spaces as they are."""
    return re.sub(r"\s*[\n\r\t]\s*", " ", text).strip()


def heading_title(text: str) -> str:
    """Return a title that fits a heading: one line, not too long, no control characters."""
    plain = one_line("".join(one if one.isprintable() else " " for one in text))
    if len(plain) > LONGEST_TITLE:
        plain = plain[: LONGEST_TITLE - 1].rstrip() + "…"
    return plain


def good_tag(text: str) -> str:
    """Return a tag without space, commas and marks that an attribute list reads; empty where nothing is left."""
    return re.sub(r"[\s,{}\"'#]+", "-", text.strip()).strip("-")


def last_part(path: str) -> str:
    """Return the last part of a path of Moodle's categories, where two strokes stand for one within a name."""
    parts = re.split(r"(?<!/)/(?!/)", re.sub(r"\$[a-z]+\$", "", path))
    return next((one.strip().replace("//", "/") for one in reversed(parts) if one.strip()), "")


@dataclass
class Said:
    """What a list of tags says: traits that other systems have no field for, the case, and the other tags."""

    competency: str | None = None
    level: int | None = None
    objectives: tuple[int, ...] = ()
    case: str | None = None
    others: list[str] = field(default_factory=list)


def traits_as_tags(item: Item, case_id: str | None = None) -> list[str]:
    """Return what other systems have no field for as tags that `take_traits` reads again, then the item's own tags."""
    found = [f"{_COMPETENCY}{item.competency}"] if item.competency else []
    found += [f"{_LEVEL}{item.level}"] if item.level is not None else []
    found += [f"{_OBJECTIVE}{one}" for one in item.objectives]
    found += [f"{_CASE}{case_id}"] if case_id else []
    return [*found, *item.tags]


def take_traits(tags: Iterable[str]) -> Said:
    """Return what tags say; the first of each trait counts, and what is no trait stays a tag."""
    said = Said()
    for tag in tags:
        if re.fullmatch(rf"{_COMPETENCY}[^\s{{}}\"']+", tag) and said.competency is None:
            said.competency = tag[len(_COMPETENCY) :]
        elif re.fullmatch(rf"{_LEVEL}[1-5]", tag) and said.level is None:
            said.level = int(tag[len(_LEVEL) :])
        elif re.fullmatch(rf"{_OBJECTIVE}[1-9]\d?", tag, re.ASCII):
            said.objectives = tuple(dict.fromkeys([*said.objectives, int(tag[len(_OBJECTIVE) :])]))
        elif re.fullmatch(rf"{_CASE}[a-z0-9][a-z0-9-]*", tag) and said.case is None:
            said.case = tag[len(_CASE) :]
        else:
            said.others.append(tag)
    return said


def file_name(name: str) -> str:
    """Return a file's name without its folders, of letters, digits, points and hyphens; empty where none is left."""
    plain = posixpath.basename(urllib.parse.unquote(name).replace("\\", "/"))
    good = re.sub(r"[^\w.-]+", "-", plain, flags=re.ASCII).strip("-.") or ""
    return good if good and safe_path(good) else ""
