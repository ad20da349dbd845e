"""Imports only look left along the flow, and each outside library has one module that knows it."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parent.parent
ORDER = (
    "errors address log settings situation endpoint access embedding_access request budget model migrations database "
    "key records backup embed principles by_endpoint index encrypt forget language thesaurus quantity standin when "
    "promise_rules tuned promise clauses unfit cut_by_words cut_by_reader kept_out orders separate recipient scene turn "
    "to_the_point subject retrieve prompt draft evidence weigh voice contradict ground faults pointed overall advise "
    "foreign lineup check compose answered drafting moves matter partner hint rehearse persona debrief desk exchange "
    "sample capture today rhythm look_back calendar_file approval secret https posting channels wishes send dialogue "
    "sarif contract doctor serve bulk cli pages app"
).split()
"""The flow from left to right. A folder (migrations, sample, pages) is one place."""

ONLY_IN = {
    "chromadb": ("index",),
    "sqlalchemy": ("database", "records", "migrations"),
    "alembic": ("database", "migrations"),
    "sqlcipher3": ("database",),
    "psycopg": ("database",),
    "jinja2": ("prompt",),
    "streamlit": ("app", "pages"),
    "openai": ("model",),
    "httpcore2": ("https",),
    "keyring": ("secret", "key", "access"),
    "slack_sdk": ("channels",),
    "smtplib": ("channels",),
    "email_validator": ("address",),
}


def place(path: Path) -> str:
    """ "coach/pages/write.py" -> "pages"; "" for what is no part of the flow (coach/__init__.py)."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "coach" else parts
    return "" if parts[0] == "__init__" else parts[0]


def modules() -> list[Path]:
    return [*sorted((ROOT / "coach").rglob("*.py")), ROOT / "app.py"]


def imported(source: str, package: tuple[str, ...]) -> Iterator[str]:
    """Dotted names of everything imported anywhere in the source: in functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> set[str]:
    return set(imported(path.read_text("utf-8"), path.relative_to(ROOT).parent.parts))


def places_imported(names: set[str]) -> set[str]:
    """ "coach.desk.Desk" -> "desk"; `from coach import __version__` names no place."""
    found = {name.split(".")[1] for name in names if name.startswith("coach.")}
    return {name for name in found if not name.startswith("__")}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_has_a_place_and_imports_only_what_is_left_of_it(path: Path) -> None:
    here = place(path)
    names = imports_of(path)
    if not here:
        assert not places_imported(names), "coach/__init__.py imports nothing of Coach"
        return
    assert here in ORDER, f"give {here} its place in ORDER"
    for other in places_imported(names):
        assert other in ORDER, f"{here} imports {other}, which has no place"
        within_folder = other == here and path.parent not in (ROOT, ROOT / "coach")
        assert within_folder or ORDER.index(other) < ORDER.index(here), (
            f"{here} imports {other}, which is not left of it"
        )


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_by_the_modules_that_know_it(library: str) -> None:
    users = {place(path) for path in modules() if library in {name.split(".")[0] for name in imports_of(path)}}
    assert users <= set(ONLY_IN[library])
    assert set(ONLY_IN[library][:1]) <= users, "the table names a module that no longer needs it"


def test_every_place_in_the_order_exists() -> None:
    assert {place(path) for path in modules()} - {""} == set(ORDER)


def test_imports_are_found_wherever_they_hide() -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from coach.desk import Desk\n"
        "def late():\n    import chromadb.config as c\n    from coach import contract\n    from . import check\n"
    )
    assert set(imported(source, ("coach",))) == {
        "typing.TYPE_CHECKING",
        "coach.desk.Desk",
        "chromadb.config",
        "coach.contract",
        "coach.check",
    }


def test_the_first_page_waits_for_no_library_that_it_does_not_use() -> None:
    loads = "import sys, app; app.get_ready(); print(*{'openai', 'altair', 'icalendar', 'chromadb'} & {*sys.modules}, sep=',')"
    with TemporaryDirectory() as home:
        ran = subprocess.run(
            [sys.executable, "-c", loads],
            cwd=ROOT,
            env=os.environ | {"COACH_HOME": home},
            capture_output=True,
            text=True,
        )
    assert (ran.returncode, ran.stdout) == (0, "\n"), ran.stderr
