"""Prompt lab, for those who change prompts (COACH_DEV=1): the last reports of the evaluation suite, newest first."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from coach.desk import Desk
from coach.pages.plain import plain

RUNS = Path(__file__).parents[2] / "eval" / "runs"
SHOWN = 20
HOW = "python -m eval report built-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    name: str
    made: float
    manifest: dict[str, Any]
    totals: dict[str, Any]


def developing() -> bool:
    return os.environ.get("COACH_DEV") == "1"


def report_file(name: str, runs: Path = RUNS) -> Path | None:
    """The report of that name, among those that there are: a name is compared, never made into a path."""
    return next((path for path in runs.glob("*/report.html") if path.parent.name == name), None)


def reports(runs: Path = RUNS) -> tuple[Report, ...]:
    """Newest first; one whose run is not finished is left out."""
    found = [report for path in runs.glob("*/report.html") if (report := _read(path))]
    return tuple(sorted(found, key=lambda report: (-report.made, report.name))[:SHOWN])


def _read(path: Path) -> Report | None:
    try:
        manifest, totals = (json.loads((path.parent / f"{part}.json").read_text("utf-8")) for part in ("run", "totals"))
    except (OSError, ValueError):
        return None
    return Report(name=path.parent.name, made=path.stat().st_mtime, manifest=manifest, totals=totals)


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
    whole = report.totals["metrics"]["all"]
    with st.container(border=True):
        said, opens = st.columns([4, 1], vertical_alignment="center")
        said.markdown(f"**{plain(report.manifest['subject'])}**, provenance {plain(report.manifest['provenance'])}")
        parts = " and ".join(report.manifest["splits"])
        share = "" if whole["value"] is None else f", {whole['value']:.1%} of {whole['n']} pass every check"
        said.caption(plain(f"{report.totals['cases']} cases ({parts}){share}"))
        opens.link_button("Open the report", f"/reports/{report.name}", width="stretch")
