"""A pattern that stands for a few words is spelled out, for formats that know only plain answers."""

import re
from collections.abc import Iterable

_CLASS = re.compile(r"\[([^\]\[^\\-]+-?|-)\]")
_SPECIAL = ".*+{}^$"


class _Endless(Exception):
    """The pattern is more than a list of words."""


def spelled_out(pattern: str, most: int = 60) -> list[str] | None:
    """Return all texts that a pattern matches as a whole, or None where they are more than `most` or without end."""
    try:
        found, rest = _either(pattern, most)
    except _Endless:
        return None
    return list(dict.fromkeys(one for one in found if one.strip())) if not rest and found else None


def _either(text: str, most: int) -> tuple[list[str], str]:
    """Read alternatives up to a closing parenthesis or the end; returns their words and the rest of the pattern."""
    words: list[str] = []
    while True:
        found, text = _sequence(text, most)
        words += found
        if not text.startswith("|"):
            return words, text
        text = text[1:]


def _sequence(text: str, most: int) -> tuple[list[str], str]:
    words = [""]
    while text and text[0] not in "|)":
        piece, text = _piece(text, most)
        if text.startswith("?"):
            if text[1:2] == "?":
                raise _Endless
            piece, text = ["", *piece], text[1:]
        if text[:1] in ("*", "+", "{"):
            raise _Endless
        words = _joined(words, piece)
        if len(words) > most:
            raise _Endless
    return words, text


def _piece(text: str, most: int) -> tuple[list[str], str]:
    if text[0] == "(":
        body = text[3:] if text.startswith("(?:") else text[1:]
        if body.startswith("?"):
            raise _Endless
        words, rest = _either(body, most)
        if not rest.startswith(")"):
            raise _Endless
        return words, rest[1:]
    if text[0] == "[":
        found = _CLASS.match(text)
        if not found:
            raise _Endless
        return list(found[1]), text[found.end() :]
    if text[0] == "\\":
        if len(text) < 2 or text[1].isalnum():
            raise _Endless
        return [text[1]], text[2:]
    if text[0] in _SPECIAL or text[0] == "?":
        raise _Endless
    return [text[0]], text[1:]


def _joined(words: Iterable[str], piece: Iterable[str]) -> list[str]:
    endings = list(piece)
    return [one + ending for one in words for ending in endings]
