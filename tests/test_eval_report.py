"""The report in a real browser: what it says, that it can be filtered and used by keyboard, and that it fits a phone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from eval.case import Case
from eval.cassette import Cassette
from eval.output import Output
from eval.report import paired_metrics
from eval.totals import Row, Run
from tests.browser import ensure
from tests.test_eval_suite import Bench, a_case, good

A, B = "v0@one", "v0@two"


def poor(case: Case) -> str:
    """One invents a number, one says other words, the others are as before."""
    if case.id == "c-001":
        return f"{good(case)} It saved 977 hours."
    return good(case).replace("thank you", "many thanks indeed") if case.id == "c-002" else good(case)


def uncounted(cassette: Cassette) -> None:
    """A server that does not say how many tokens the first answer took."""
    at = min(cassette.recordings)
    cassette.recordings[at] = replace(cassette.recordings[at], usage={"tokens_in": None, "tokens_out": None})
    cassette.tidy()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench(tmp_path_factory.mktemp("report"))
    rows = [a_case(at) for at in range(5)] + [a_case(5, gold={})]
    cases = bench.keep(rows)
    bench.record(cases, good, A)
    uncounted(bench.record(cases, poor, B))
    path = bench.folder / "report.html"
    assert bench("report", A, B, "--to", str(path)) == 0
    return path


@pytest.fixture(scope="module")
def page(report: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(120_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(report.as_uri())
        yield page
        assert asked == [report.as_uri()], "nothing else is asked for, and nothing breaks"
        browser.close()


def test_tokens_that_were_not_counted_are_no_sum(report: Path) -> None:
    html = report.read_text("utf-8")
    assert "counted for 5 of 6" in html and "<td class=n>300</td>" in html


def test_each_reason_for_unscored_stands_once_with_its_checks(report: Path) -> None:
    table = report.read_text("utf-8").split("<h2>Unscored</h2>")[1].split("</table>")[0]
    assert table.count("no facts are labelled") == 1
    assert table.count("<tr>") == 2


def test_a_row_of_the_table_speaks_of_the_cases_that_both_were_scored_on() -> None:
    """A alone was scored on an easy case: its mean over all it was scored on would stand above B's, beside a change for the better."""
    sides = [{"hard": 0.2, "easy": 1.0}, {"hard": 0.4, "easy": None}]
    a, b = paired_metrics(
        [Run(manifest={}, totals={}, rows=tuple(a_row(*pair) for pair in one.items())) for one in sides]
    )
    assert (a["facts"].value, b["facts"].value) == (0.2, 0.4)
    assert {(one["facts"].n, one["facts"].unscored) for one in (a, b)} == {(1, 1)}


def a_row(case: str, facts: float | None) -> Row:
    return Row(
        case=case, given="", suite="recognition", split="development", cluster=case, output=Output(), scores={"facts": facts}
    )  # fmt: skip


def test_cases_are_filtered_and_opened(page: Page) -> None:
    page.locator("#metric").select_option(label="invented-number")
    page.locator("#outcome").select_option("lost")
    expect(page.locator("#count")).to_have_text("1 of 6 cases")
    expect(page.locator(".case .flag")).to_have_text("lost")
    page.locator(".case > button").click()
    expect(page.locator(".case ins")).to_contain_text("It saved 977 hours.")
    page.locator("#outcome").select_option("text")
    page.locator("#metric").select_option("")
    page.locator("#search").fill("crate number 22")
    expect(page.locator("#count")).to_have_text("1 of 6 cases")
    page.locator(".case > button").click()
    assert [text.strip() for text in page.locator(".case del").all_text_contents()] == ["thank you:"]
    assert [text.strip() for text in page.locator(".case ins").all_text_contents()] == ["many thanks indeed:"]


def test_it_is_used_by_keyboard(page: Page) -> None:
    page.locator("#outcome").select_option("")
    page.locator("#search").fill("")
    page.locator("body").click(position={"x": 1, "y": 1})
    page.keyboard.press("/")
    page.keyboard.type("plums")
    page.keyboard.press("Escape")
    expect(page.locator("#count")).to_have_text("1 of 6 cases")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".case > button")).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_the_screen(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    table = page.evaluate("[...document.querySelectorAll('.scroll')].map((one) => one.scrollWidth - one.clientWidth)")
    assert width == 390 or max(table) <= 0, json.dumps(table)
