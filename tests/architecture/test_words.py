"""What a person is told is written so that it can be translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LMS = Path(__file__).resolve().parents[2] / "lms"
# What operators and programs read stays in one language: commands, jobs, the HTTP API, mail transport, imports.
UNTRANSLATED = ("api", "cli", "demo", "jobs", "messages", "operations", "people")
FEATURES = sorted(
    path.name for path in LMS.iterdir() if (path / "__init__.py").exists() and path.name not in UNTRANSLATED
)


@pytest.mark.parametrize("feature", FEATURES)
def test_every_refusal_that_a_person_reads_can_be_translated(feature: str) -> None:
    found = [
        f"{path.relative_to(LMS.parent)}:{line}"
        for path in sorted((LMS / feature).rglob("*.py"))
        for line in untranslated(path.read_text())
    ]
    assert not found, f"a sentence is raised without gettext at {', '.join(found)}"


def test_a_refusal_in_plain_words_is_found_and_one_through_gettext_is_not() -> None:
    plain = 'raise MarkRefused(f"The comment is longer than {most}.")'
    told = 'raise MarkRefused(_("The comment is longer than %(most)s.", most=most))'
    assert list(untranslated(plain)) == [1]
    assert not list(untranslated(told))


def untranslated(source: str) -> Iterator[int]:
    """The lines on which an exception called a refusal is raised with a sentence of its own."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
            continue
        called = node.exc.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        given = [*node.exc.args, *(word.value for word in node.exc.keywords)]
        if name.endswith("Refused") and any(_sentence(each) for each in given):
            yield node.lineno


def _sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _sentence(node.body) or _sentence(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
