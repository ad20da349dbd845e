"""The prompt lab: reports are found by name alone, and only those who develop see the page."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from coach.pages import lab
from tests.browser import ensure
from tests.test_browser import Server


def a_report(runs: Path, name: str) -> Path:
    folder = runs / name
    folder.mkdir(parents=True)
    manifest = {"subject": "v1@stub", "provenance": "scripted", "splits": ["development"]}
    whole = {"value": 0.9, "n": 10}
    (folder / "run.json").write_text(json.dumps(manifest))
    (folder / "totals.json").write_text(json.dumps({"cases": 10, "metrics": {"all": whole}}))
    (folder / "report.html").write_text("<title>A report</title>")
    return folder


def test_reports_are_listed_newest_first_and_unfinished_ones_left_out(tmp_path: Path) -> None:
    for at, name in enumerate(("one", "two")):
        os.utime(a_report(tmp_path, name) / "report.html", (at, at))
    (a_report(tmp_path, "torn") / "totals.json").write_text("{")
    assert [report.name for report in lab.reports(tmp_path)] == ["two", "one"]


@pytest.mark.parametrize("name", ["../one", "one/../one", "..", "", "missing", "/etc"])
def test_a_name_that_is_no_report_opens_nothing(name: str, tmp_path: Path) -> None:
    a_report(tmp_path / "runs", "one")
    assert lab.report_file(name, tmp_path / "runs") is None
    assert lab.report_file("one", tmp_path / "runs") is not None


def test_the_lab_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not lab.developing()
    monkeypatch.setenv("COACH_DEV", "0")
    assert not lab.developing()


def test_the_lab_opens_in_development(home: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_DEV", "1")
    server = Server(home=home, port=free_port)
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"{server.url}/lab")
            expect(page.get_by_role("heading", name="Prompt lab", exact=True)).to_be_visible(timeout=60_000)
            answer = page.request.get(f"{server.url}/reports/missing")
            assert (answer.status, answer.text()) == (404, "There is no such report.")
            browser.close()
    finally:
        server.stop()
