"""The prompt lab: reports are found by name alone, and only those who develop see the page."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from coach.pages import lab
from tests.browser import ensure
from tests.test_browser import Server
from tests.test_eval_suite import Bench, a_case, good


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def a_report(runs: Path, name: str, title: str = "v1@stub: evaluation") -> Path:
    folder = runs / name
    folder.mkdir(parents=True)
    says = '<meta name="description" content="90.0% of 10 cases pass every check. Provenance: scripted.">'
    (folder / "report.html").write_text(f"<!doctype html>\n<title>{title}</title>\n{says}")
    return folder


def test_reports_are_listed_newest_first_and_other_files_left_out(tmp_path: Path) -> None:
    for at, name in enumerate(("one", "two")):
        os.utime(a_report(tmp_path, name) / "report.html", (at, at))
    (a_report(tmp_path, "torn") / "report.html").write_text("<!doctype html>\n<title>v1")
    (a_report(tmp_path, "bytes") / "report.html").write_bytes(b"\xff\xfe\x00")
    assert [report.name for report in lab.reports(tmp_path)] == ["two", "one"]


def test_a_report_is_listed_by_what_it_says_itself(bench: Bench, tmp_path: Path) -> None:
    """Whatever became of its run since; a report of two subjects names both."""
    cases = bench.keep([a_case(0), a_case(1)])
    for subject in ("v0@one", "v0@two"):
        bench.record(cases, good, subject)
    assert bench("report", "v0@one", "v0@two", "--to", str(tmp_path / "lab" / "both" / "report.html")) == 0
    assert bench("report", "v0@one", "--to", str(tmp_path / "lab" / "one" / "report.html")) == 0
    both, one = sorted(lab.reports(tmp_path / "lab"), key=lambda report: report.name)
    assert (both.title, one.title) == ("v0@two against v0@one: evaluation", "v0@one: evaluation")
    assert both.says == "Refused. Provenance: scripted. 2 cases (development)."
    assert one.says == "100.0% of 2 cases pass every check. Provenance: scripted. 2 cases (development)."


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
