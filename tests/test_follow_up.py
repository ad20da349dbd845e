"""From a line caught in passing to a told moment, and a promise from found to done, in a real browser."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coach.desk import Desk, open_desk
from coach.exchange import add_note
from coach.records import MomentState, PromiseState
from coach.sample import load_sample
from coach.settings import read_settings
from tests.test_browser import PATIENCE_MS, Server, Watch, picture, settled
from tests.test_browser import chromium as chromium

PATIENT_MS = 3 * PATIENCE_MS


def opened_home(home: Path) -> Desk:
    return open_desk(read_settings(home, {}))


@pytest.fixture
def team(tmp_path: Path, free_port: int) -> Iterator[Server]:
    """The app on a home with a team; one note has a promise in it."""
    home = tmp_path / "home"
    desk = opened_home(home)
    load_sample(desk, date.today())
    priya = next(person for person in desk.records.people() if person.name == "Priya Nair")
    add_note(desk, priya, "I'll show Priya the rota tool tomorrow.", "one-on-one", False, date.today())
    desk.records.close()
    running = Server(home, free_port)
    running.start()
    yield running
    running.stop()


def on(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=PATIENT_MS)
    settled(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_moment_is_caught_and_told_and_a_promise_kept_and_done(
    chromium: Browser,
    team: Server,
    width: int,
    scheme: str,
) -> None:
    page: Page = chromium.new_context(viewport={"width": width, "height": 1800}, color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENT_MS)
    watch = Watch()
    watch.over(page, team)
    page.goto(team.url)
    on(page, "Today")

    offered = page.get_by_text(re.compile("show Priya the rota tool"))
    expect(offered.first).to_contain_text("by tomorrow")
    kept = page.locator("[data-testid=stVerticalBlock]").filter(has=offered).last
    kept.get_by_role("button", name="Keep it in mind").click()
    settled(page)
    expect(page.get_by_role("button", name="Done")).to_be_visible(timeout=PATIENT_MS)
    picture(page, f"today-{width}-{scheme}")

    line = page.get_by_label("Just saw something? One line is enough")
    line.fill("Amara stayed on yesterday to settle the new patient, so nights started calmly")
    line.press("Enter")
    expect(page.get_by_text(re.compile("Noted about Amara Okafor: observation, yesterday"))).to_be_visible(
        timeout=PATIENT_MS
    )
    settled(page)
    page.get_by_role("button", name="Draft it now").click()
    on(page, "Write")
    message = page.get_by_label("Your message")
    expect(message).to_have_value(re.compile("you stayed on yesterday to settle the new patient"), timeout=PATIENT_MS)
    picture(page, f"told-{width}-{scheme}")
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("Kept in Amara")).to_be_visible(timeout=PATIENT_MS)

    page.goto(f"{team.url}/today")
    on(page, "Today")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Nothing promised is open.")).to_be_visible(timeout=PATIENT_MS)
    assert watch.errors == [] and watch.elsewhere == []
    page.context.close()

    desk = opened_home(team.home)
    assert [moment.state for moment in desk.records.moments(None)] == [MomentState.TOLD]
    assert [promise.state for promise in desk.records.promises()] == [PromiseState.DONE]
    desk.records.close()
