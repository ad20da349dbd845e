"""The README's commands are run as they stand, and what the pages may not do is looked for."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if re.match(r"(?:echo .*\| )?coach ", line)
] + re.findall(r"`(coach (?:export|import|forget)[^`]*)`", README)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COACH_HOME": str(folder / "home"), "PATH": path}
    return subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S602


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the README's files and a home that knows Amara."""
    made = tmp_path_factory.mktemp("readme")
    (made / "message.txt").write_text("On Monday you came in at 9:20. Could you ring next time?", "utf-8")
    (made / "people.csv").write_text("name,role,pronouns\nAmara Okafor,Staff nurse,she\n", "utf-8")
    (made / "notes.jsonl").write_text(
        '{"person": "Amara Okafor", "date": "2026-03-12", "text": "Was presenting."}\n', "utf-8"
    )
    for command in (
        "coach people import people.csv",
        "coach notes import notes.jsonl",
        "coach export everything.zip",
        "coach backup",
    ):
        assert run(command, made).returncode == 0
    return made


def test_the_readme_has_commands_to_run() -> None:
    assert len(COMMANDS) >= 12


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(command: str, prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "folder")
    done = run(command, tmp_path / "folder")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_command_is_in_the_readme() -> None:
    from coach.cli import app, notes_app, people_app

    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    groups = [f"{group} {c.name or c.callback.__name__.split('_')[-1]}" for group, sub in (("people", people_app), ("notes", notes_app))
              for c in sub.registered_commands if c.callback]  # fmt: skip
    missing = [name for name in [*names, *groups] if f"coach {name}" not in README]
    assert missing == []


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"\bmake ([a-z-]+)", README))
    assert named >= {"app", "test"}
    assert [name for name in named if f"\n{name}:" not in makefile] == []


def _pages() -> list[Path]:
    return [*sorted((ROOT / "coach" / "pages").glob("*.py")), ROOT / "app.py"]


def test_no_page_renders_html_that_is_not_a_constant() -> None:
    for path in _pages():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg != "unsafe_allow_html", path.name
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "html":
                assert isinstance(node.args[0], ast.Name) and node.args[0].id.isupper(), path.name


def test_no_page_caches_a_leaders_data() -> None:
    assert not [path.name for path in _pages() if "st.cache_" in path.read_text("utf-8")]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    hosts = re.compile(rb"https?://(?:[a-z.]*\.)?(?:py" rb"pi|files\.pythonhosted|registry\.npm" rb"js|deb\.debian)\.")
    assert [
        name for name in listed if name and (ROOT / name).is_file() and hosts.search((ROOT / name).read_bytes())
    ] == []


def test_the_table_of_cases_counts_them_as_they_are() -> None:
    folder = ROOT / "eval"
    rows = re.findall(r"^\| (`[^|]+) \| ([\d, ]+) \|", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 20
    for names, counts in rows:
        files = [
            folder / f"{name.replace('{' + parts + '}', part)}"
            for name in re.findall(r"`([^`]+\.jsonl)`", names)
            for parts in re.findall(r"\{([\w,]+)\}", name) or [""]
            for part in parts.split(",")
        ]
        if "sealed" not in names:  # those are given by their sums
            assert [len(file.read_text("utf-8").splitlines()) for file in files] == [int(n) for n in counts.split(",")]
