"""What a person is told is written so that it can be translated."""

from __future__ import annotations

import ast
import re
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


# Where the words of reports are written; drawings hold markup, and are told what to write.
REPORTS = sorted(
    [*(LMS / "reports" / "kinds").glob("*.py"), *(LMS / "reports" / name for name in ("words.py", "changes.py"))]
)
WORDS = re.compile(r"^[A-Z][a-z]+|[a-z]{2,}[,;:]? [a-z]|[a-z] [(]?$|^,? ?[a-z]{2,} ")
SAYING = ("_", "ngettext", "date_text")


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: str(path.relative_to(LMS)))
def test_every_word_of_a_report_can_be_said_in_another_language(path: Path) -> None:
    found = [f"{path.relative_to(LMS.parent)}:{line}" for line in unsayable(path.read_text())]
    assert not found, f"words stand without a message at {', '.join(found)}"


def test_words_that_reach_a_report_without_a_message_are_found_and_messages_are_not() -> None:
    plain = (
        'Table("units", "Readiness", rows)',
        'finding = f"{name}: {below} of {of} are below target"',
        'COLUMNS = (("name", "Name"),)',
        'return "nobody is left"',
    )
    for source in plain:
        assert set(unsayable(source)) == {1}, source
    said = (
        'Table("units", _("Readiness"), rows)',
        'finding = _("%(unit)s: %(below)s of %(of)s are below target", unit=name, below=below, of=of)',
        'def build():\n    """Readiness of units."""\n    assert rows, "there are rows"',
        'key = f"{code}_at_target"',
    )
    for source in said:
        assert not list(unsayable(source)), source


def unsayable(source: str) -> Iterator[int]:
    """The lines on which words stand that are no message, no docstring and nothing that only programmers read."""
    spared: set[ast.AST] = set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            spared.update(each for given in node.args for each in ast.walk(given))
        elif isinstance(node, ast.Assert | ast.Raise):
            spared.update(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            spared.add(node.value)
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in spared
        if is_text and WORDS.search(node.value):
            yield node.lineno


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
