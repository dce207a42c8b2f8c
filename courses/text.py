"""Bytes become text, safely: UTF-8 only, one kind of line end, no characters that could hide or break anything."""

import re

from assessments.model import Fault

LARGEST_TEXT = 400_000
# A passage beyond these is no prose, and the time to read it grows with the square of its size.
LONGEST_BLOCK = 20_000
MOST_BRACKETS_TIMES_LENGTH = 8_000_000
LONGEST_GAP = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def read_text(data: bytes, path: str) -> tuple[str | None, list[Fault]]:
    """Return the text of a file and what is wrong with it; None where it cannot be read at all.

    A byte order mark is dropped and line ends become `\\n`, without a word: both are an editor's habit.
    """
    if len(data) > LARGEST_TEXT:
        message = f"has {len(data):,} bytes: expected at most {LARGEST_TEXT:,}; split it into several files"
        return None, [Fault(path, 1, 1, "error", message)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = data[: fault.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        hint = " (it looks like UTF-16)" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        return None, [Fault(path, line, column, "error", f"is not UTF-8 text{hint}: save it again as UTF-8")]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    gap = re.search(rf"[ \t]{{{LONGEST_GAP},}}", text)
    if gap:
        message = f"{len(gap[0]):,} spaces in a row: expected fewer than {LONGEST_GAP:,}"
        return None, [Fault(path, *_place(text, gap.start()), "error", message)]
    faults = [
        Fault(
            path, *_place(text, found.start()), "error", f"holds the control character U+{ord(found[0]):04X}: delete it"
        )
        for found in list(_CONTROL.finditer(text))[:20]
    ]
    faults += [
        Fault(
            path, *_place(text, found.start()), "warning",
            f"holds U+{ord(found[0]):04X}, which can show text in another order than it is written",
        )
        for found in list(_BIDI.finditer(text))[:20]
    ]  # fmt: skip
    faults += _oversized_blocks(text, path)
    return (None if any(fault.severity == "error" for fault in faults) else text), faults


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _oversized_blocks(text: str, path: str) -> list[Fault]:
    faults = []
    for found in re.finditer(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", text):
        block = found[0]
        message = ""
        if len(block) > LONGEST_BLOCK:
            message = (
                f"a passage of {len(block):,} characters without an empty line: expected at most {LONGEST_BLOCK:,}"
            )
        elif block.count("[") * len(block) > MOST_BRACKETS_TIMES_LENGTH:
            message = f"a passage with {block.count('['):,} signs “[”: put empty lines between its parts"
        if message:
            faults.append(Fault(path, _place(text, found.start())[0], 1, "error", message))
    return faults
