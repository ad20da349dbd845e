"""Prompt lab, for those who change prompts (COACH_DEV=1): the last reports of the evaluation suite, newest first."""

import os
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import streamlit as st

from coach.desk import Desk
from coach.pages.plain import plain

RUNS = Path(__file__).parents[2] / "eval" / "runs"
SHOWN = 20
HOW = "python -m eval report built-in"


HEAD = re.compile(r'<title>(.*?)</title>\s*<meta name="description" content="([^"]*)">')
HEAD_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`title` and `says` stand in the report itself: its run may have been made again since."""

    name: str
    made: float
    title: str
    says: str


def developing() -> bool:
    return os.environ.get("COACH_DEV") == "1"


def report_file(name: str, runs: Path = RUNS) -> Path | None:
    """The report of that name, among those that there are: a name is compared, never made into a path."""
    return next((path for path in runs.glob("*/report.html") if path.parent.name == name), None)


def reports(runs: Path = RUNS) -> tuple[Report, ...]:
    """Newest first; a file that is no whole report is left out."""
    found = [report for path in runs.glob("*/report.html") if (report := _read(path))]
    return tuple(sorted(found, key=lambda report: (-report.made, report.name))[:SHOWN])


def _read(path: Path) -> Report | None:
    try:
        with path.open(encoding="utf-8") as file:
            found = HEAD.search(file.read(HEAD_CHARACTERS))
    except (OSError, ValueError):
        return None
    if not found:
        return None
    title, says = map(unescape, found.groups())
    return Report(name=path.parent.name, made=path.stat().st_mtime, title=title, says=says)


def show(desk: Desk) -> None:
    st.title("Prompt lab")
    found = reports()
    if not found:
        st.info("There is no report yet. Make one in the project's folder:")
        st.code(HOW, language=None)
        return
    st.caption("What the evaluation suite found last. A report opens in a tab of its own.")
    for report in found:
        _report(report)


def _report(report: Report) -> None:
    title = report.title.removesuffix(": evaluation")
    with st.container(border=True):
        said, opens = st.columns([4, 1], vertical_alignment="center")
        said.markdown(f"**{plain(title)}**")
        said.caption(plain(report.says))
        opens.link_button("Open the report", f"/reports/{report.name}", width="stretch")
