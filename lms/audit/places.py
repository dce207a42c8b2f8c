"""Where a named record of somebody else was opened: a code with the labels as they were seen, and the words for it.

What is stored is no sentence, so that each reader has it in their own language, and it stays true when a unit is
renamed or a plan deleted. A page that shows names to others has a code here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LONGEST = 300  # characters of a label that are kept


@dataclass(frozen=True)
class Place:
    """A page that named somebody. `about` is the title of what it was about, `unit` a unit's name; both may be empty.

    Raises ValueError for a code without words.
    """

    code: str
    about: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if self.code not in WORDS:
            raise ValueError(f"No place is called {self.code!r}.")


WORDS: Mapping[str, Any] = {
    # Lists.
    "team": _l("the team list"),
    "heat-map": _l("the people behind “%(about)s” in the heat map"),
    "not-ready": _l("who is not ready"),
    "behind": _l("who is behind in mandatory training"),
    "golive": _l("who is not ready for the go-live “%(about)s”"),
    "golive-assign": _l("what to assign before the go-live “%(about)s”"),
    "rule": _l("everybody assigned “%(about)s”"),
    "rule-preview": _l("the preview of a rule that assigns “%(about)s”"),
    "policy": _l("who has not confirmed the policy “%(about)s”"),
    "target-preview": _l("the preview of a target in “%(about)s”"),
    "attempts": _l("attempts in “%(about)s”"),
    "judging": _l("whose work in “%(about)s” is judged for the pass mark"),
    # Parts of one person's record.
    "competence": _l("competence and observations"),
    "account": _l("posts, account and roles"),
    "assigned": _l("what is assigned"),
    "rule-person": _l("the assignment of “%(about)s”"),
    "certificate": _l("“%(about)s”"),
}


def words_of(code: str, about: str, unit: str) -> str:
    """A place in words, such as "the team list, Ward 3"; empty for a code that no longer has any."""
    if code not in WORDS:
        return ""
    said = str(WORDS[code]) % {"about": about}
    return _("%(place)s, %(unit)s", place=said, unit=unit) if unit else said
