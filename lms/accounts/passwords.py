"""Passwords: how they are kept (Argon2id) and which ones are taken. Pure; no web, no database.

The rule follows the length-first advice of NIST SP 800-63B: 12 characters or more, nothing that
attackers try first, nothing made of the person's own e-mail or name, and no demand for digits
or signs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 1000  # characters; a longer text would only cost time
COMMON = Path(__file__).with_name("common_passwords.txt")

# 32 MiB and three passes: about 60 ms of one core. Old hashes are renewed at the next sign-in.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)

_LEET = str.maketrans("0134578@$!", "oieastbasi")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def _plain(password: str) -> str:
    """One spelling for what looks the same, so that each keyboard and system can type it."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher.hash(_plain(password))


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. Without a hash it takes as long and says no."""
    try:
        right = _hasher.verify(kept or _nobody(), _plain(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with older settings and should be renewed."""
    return _hasher.check_needs_rehash(kept)


@cache
def common() -> frozenset[str]:
    """The passwords that attackers try first, in lower case."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def fault(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why the password is not taken, in English as a message id, or None if it is good.

    `email` and `name` are those of the person whose password it is to be.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return "Use 12 characters or more; a few unrelated words are easy to remember."
    if len(plain) > LONGEST:
        return "Use 1,000 characters at most."
    if _is_common(plain.casefold()):
        return "This password is on the list of those that attackers try first. Choose another."
    if _is_own(plain.casefold(), email, name):
        return "This password is made of your own name or e-mail. Choose another."
    return None


def _is_common(plain: str) -> bool:
    """On the list as it is, with figures and signs around it, or with figures for letters; or one pattern."""
    core = re.sub(r"[\W\d_]+", "", plain)
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    forms = {plain, bare, plain.translate(_LEET), bare.translate(_LEET)}
    forms |= {re.sub(r"[\W\d_]+$", "", plain).translate(_LEET)}
    if not core and len(set(plain)) <= 4:
        return True
    return bool(forms & common()) or any(_is_pattern(form) for form in (plain, plain.translate(_LEET)))


def _is_pattern(plain: str) -> bool:
    """One piece of up to six characters over and over, a common word twice, or a run of the keyboard."""
    for size in range(1, 7):
        if (plain[:size] * (len(plain) // size + 1))[: len(plain)] == plain:
            return True
    half = plain[: len(plain) // 2]
    if half * 2 == plain and half in common():
        return True
    return any(plain in run * 2 or plain in (run * 2)[::-1] for run in _RUNS)


def _is_own(plain: str, email: str, name: str) -> bool:
    """Whether next to nothing is left once the person's own words and the figures are taken out."""
    own = re.split(r"[\W_]+", f"{email} {name}".casefold())
    rest = plain
    for word in sorted({word for word in own if len(word) >= 3}, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != plain and len(re.sub(r"[\W\d_]+", "", rest)) < 4
