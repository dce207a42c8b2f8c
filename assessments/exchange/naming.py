"""Ids, titles and tags of foreign questions become ones that the item source can hold."""

import posixpath
import re
import unicodedata
import urllib.parse
from collections.abc import Container

from assessments.archive import safe_path

LONGEST_ID = 60
LONGEST_TITLE = 120
_COMPETENCY = "competency:"
_LEVEL = "level:"


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


def traits_as_tags(competency: str | None, level: int | None, case_id: str | None = None) -> list[str]:
    """Return what other systems have no field for as tags that `take_traits` reads again."""
    found = []
    if competency:
        found.append(f"{_COMPETENCY}{competency}")
    if level is not None:
        found.append(f"{_LEVEL}{level}")
    if case_id:
        found.append(f"case:{case_id}")
    return found


def take_traits(tags: list[str]) -> tuple[str | None, int | None, str | None, list[str]]:
    """Return competency, level and case id out of a list of tags, and the other tags."""
    competency: str | None = None
    level: int | None = None
    case: str | None = None
    others = []
    for tag in tags:
        if tag.startswith(_COMPETENCY) and competency is None and re.fullmatch(r"[^\s{}\"']+", tag[len(_COMPETENCY) :]):
            competency = tag[len(_COMPETENCY) :]
        elif tag.startswith(_LEVEL) and level is None and tag[len(_LEVEL) :] in ("1", "2", "3", "4", "5"):
            level = int(tag[len(_LEVEL) :])
        elif tag.startswith("case:") and case is None and re.fullmatch(r"[a-z0-9][a-z0-9-]*", tag[5:]):
            case = tag[5:]
        else:
            others.append(tag)
    return competency, level, case, others


def file_name(name: str) -> str:
    """Return a file's name without its folders, of letters, digits, points and hyphens; empty where none is left."""
    plain = posixpath.basename(urllib.parse.unquote(name).replace("\\", "/"))
    good = re.sub(r"[^\w.-]+", "-", plain, flags=re.ASCII).strip("-.") or ""
    return good if good and safe_path(good) else ""
