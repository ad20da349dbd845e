"""Every page of the app under axe-core: no violation of WCAG 2.2 AA, light and dark, at desktop and at phone width."""

import ast
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from coach.desk import open_desk
from coach.promise import offered
from coach.records import Message, Source, new_id
from coach.sample import load_sample
from coach.settings import read_settings
from tests.browser import ensure
from tests.test_browser import PATIENCE_MS, Server, picture, settled

MAIN = Path(__file__).parent.parent / "coach" / "pages" / "main.py"
NO_FADING = "* { transition: none !important; animation: none !important }"
"""What fades in is pale for a moment."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def registered() -> list[tuple[str, str]]:
    """(address, title) of each page in main.py."""
    tree = ast.parse(MAIN.read_text("utf-8"))
    tables = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "PAGES"
    ]
    return [(name, title) for name, title, *_ in ast.literal_eval(tables[0])]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a home with a team, promises, moments and messages, so that no page is empty."""
    home = tmp_path_factory.mktemp("lived-in") / "home"
    live_in(home)
    port = 8700 + os.getpid() % 1000
    running = Server(home, port)
    running.start()
    yield running
    running.stop()


def live_in(home: Path) -> None:
    desk, today = open_desk(read_settings(home, {})), date.today()
    load_sample(desk, today)
    people = desk.records.people()
    for at, person in enumerate(people * 4):
        sent = datetime.now().astimezone() - timedelta(days=6 * at)
        text = "Thank you for staying on to settle the new patient, so nights started calmly." if at % 3 else "Thanks!"
        principle = desk.library.principles[at % 3].id
        desk.records.keep_message(
            Message(
                id=new_id(), person_id=person.id, person=person.name, situation="Stayed on yesterday.", text=text,
                kind="feedback" if at % 5 == 0 else "recognition", channel="direct", drafted=text, happened=None,
                sent_at=sent, sources={"principles": [principle]},
            )
        )  # fmt: skip
    for note in desk.records.notes()[:4]:
        desk.records.keep_moment(note.id, "recognition", today)
    for days, words in ((9, "get back to you by tomorrow"), (0, "fix the chair by today"), (0, "ring IT by Friday")):
        made = today - timedelta(days=days)
        for promise in offered(f"I'll {words}.", made, people[0], Source.NOTE, words):
            desk.records.keep_promise(promise)
    desk.close()
    desk.records.close()


def opened(chromium, server: Server, name: str, title: str, width: int, scheme: str) -> Page:  # type: ignore[no-untyped-def]
    page: Page = chromium.new_context(viewport={"width": width, "height": 1600}, color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/{name}")
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    page.add_style_tag(content=NO_FADING)
    return page


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


def test_axe_sees_what_is_wrong() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(
            "<html lang=en><title>t</title><main><h1>t</h1><img src=x><p style='color:#aaa'>faint</p></main>"
        )
        assert {fault.split(":")[0] for fault in faults(page)} == {"image-alt", "color-contrast"}
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anyone_out(lived_in: Server, scheme: str) -> None:
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox", "--disable-gpu"])
        for name, title in registered():
            for width in (1280, 390):
                page = opened(browser, lived_in, name, title, width, scheme)
                picture(page, f"axe-{name}-{scheme}-{width}")
                if wrong := faults(page):
                    found[name, width] = wrong
                page.context.close()
        browser.close()
    assert found == {}
