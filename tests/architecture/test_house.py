"""Rules of the house that import contracts cannot say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lms.app import BLUEPRINTS
from lms.db import db

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("lms", "courses", "assessments", "certificates")
LATE = ("weasyprint", "pyhanko", "xlsxwriter", "pyhanko_certvalidator", "pyarrow")
# These may wait inside a function, and stand at the top only of modules that the web process does not load at start.
MAY_WAIT = ("numpy", "scipy", "assessments.irt")


def sources(*rooms: str) -> list[Path]:
    """Every Python file of the rooms."""
    return sorted(path for room in rooms for path in (PROJECT / room).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(paths: list[Path], words: list[str]) -> str:
    return "\n".join(f"{path.relative_to(PROJECT)}: {word}" for path, word in zip(paths, words, strict=True))


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    files = [*sources(*ROOMS, "tests", "bench", "scripts"), PROJECT / "config.py", PROJECT / "wsgi.py"]
    long = [(p, str(p.read_text(encoding="utf-8").count("\n"))) for p in files]
    long = [(p, n) for p, n in long if int(n) > 400]
    assert not long, named([p for p, _ in long], [n for _, n in long])


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"
        for path in sources(*ROOMS, "tests", "bench", "scripts")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert not long, "\n".join(long)


def test_no_room_is_a_junk_drawer() -> None:
    junk = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert not [path for path in sources(*ROOMS) if path.name in junk]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(PROJECT))
        for path in sources(*ROOMS)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent, "\n".join(silent)


def test_imports_stand_at_the_top_except_the_heavy_ones() -> None:
    """Weasyprint, pyhanko and spreadsheets double the start-up, so they wait inside the function that uses them."""
    faults = []
    for path in sources(*ROOMS):
        module = tree(path)
        top = {id(node) for node in module.body}
        for holder in module.body:
            if isinstance(holder, ast.If | ast.Try):
                top |= {id(node) for node in ast.walk(holder)}
        for node in ast.walk(module):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            if any(name == one or name.startswith(f"{one}.") for name in names for one in MAY_WAIT):
                continue
            heavy = any(name.split(".")[0] in LATE for name in names)
            if heavy == (id(node) in top):
                faults.append(f"{path.relative_to(PROJECT)}:{node.lineno} {', '.join(names)}")
    assert not faults, "\n".join(faults)


def test_the_web_process_starts_without_numerical_libraries() -> None:
    """Calibration and its matrices are loaded when they are first asked for, not at start."""
    code = "import sys, lms.app; print(*sorted({'numpy', 'scipy', 'assessments.irt'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_only_views_tasks_and_commands_commit() -> None:
    allowed = {"views.py", "tasks.py", "cli.py"}
    faults = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sources("lms")
        if path.name not in allowed
        and not {"cli", "api", "jobs"} & set(path.relative_to(PROJECT / "lms").parts)
        and not path.name.startswith("views")
        and "views" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not faults, "\n".join(faults)


def test_every_model_says_which_personal_data_it_holds() -> None:
    silent = [m.class_.__name__ for m in db.Model.registry.mappers if "pii:" not in (m.class_.__doc__ or "")]
    assert not silent, silent


def test_models_are_read_only_by_their_own_feature() -> None:
    """`lms.X.models` is imported by X's own services and queries; reports.queries may read all."""
    faults = []
    for path in sources("lms"):
        feature = path.relative_to(PROJECT / "lms").parts[0]
        for node in ast.walk(tree(path)):
            found = re.fullmatch(r"lms\.(\w+)\.models", node.module or "") if isinstance(node, ast.ImportFrom) else None
            if found and found.group(1) != feature and feature not in ("reports", "demo", "operations", "privacy"):
                faults.append(f"{path.relative_to(PROJECT)}:{node.lineno} {node.module}")
    assert not faults, "\n".join(faults)


def test_settings_import_the_standard_library_alone() -> None:
    found = {
        name.split(".")[0]
        for node in ast.walk(tree(PROJECT / "config.py"))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }
    allowed = sys.stdlib_module_names
    assert found <= allowed, found - allowed


def test_migrations_know_no_application_code() -> None:
    faults = [
        p.name
        for p in (PROJECT / "migrations" / "versions").glob("*.py")
        if re.search(r"\b(from|import) lms", p.read_text())
    ]
    assert not faults, faults


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda b: b.name)
def test_a_blueprint_is_named_after_its_feature(blueprint) -> None:
    room = blueprint.import_name.split(".")[1]
    assert blueprint.name == ("site" if room == "web" else room)


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No path of a developer's machine and no host of a package registry in what is committed."""
    words = [
        "pypi" + ".org",
        "files.pythonhosted" + ".org",
        "registry." + "npmjs",
        "deb.debian" + ".org",
        "/wo" + "rk/",
    ]
    found = subprocess.run(
        ["git", "grep", "-nIF", *[w for word in words for w in ("-e", word)], "--", "."],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not found.stdout, found.stdout[:2000]
