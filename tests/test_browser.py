"""The main job as a leader does it, in a real browser, at desktop and at phone width."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import ensure

COACH = Path(sys.executable).with_name("coach")
ROOT = Path(__file__).parent.parent
PICTURES = Path(os.environ.get("COACH_PICTURES", "build/pictures"))
PATIENCE_MS = 60_000
DONE = """() => {
    const boxes = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map((host) => host.shadowRoot);
    return document.querySelector('[data-test-script-state=notRunning]')
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
        && document.querySelector('[data-testid=stHtml] style')
        && boxes.every((inside) => inside?.querySelector('#box')?.dataset.version);
}"""
"""Streamlit's own word that the run has ended (its status widget comes up late), and all of it is there: what is loaded when
it is first needed, our style, and each of our text boxes at work."""
SITUATION = "she walked the new clerk through the booking screen at the desk on Tuesday"


@dataclass
class Server:
    """The app as `coach` starts it, on a home of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [str(COACH), "--home", str(self.home), "--port", str(self.port), "--no-browser"]

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command(), stdout=quiet, stderr=quiet, env=self.environment(), cwd=ROOT)
        for _ in range(900):
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the app did not start")

    def crash(self) -> None:
        assert self.process
        self.process.kill()

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        self.process.wait(30)


@dataclass
class Watch:
    """Everything that must not happen in the page: console errors and requests to anywhere else."""

    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def over(self, page: Page, server: Server) -> None:
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda r: self.elsewhere.append(r.url) if not r.url.startswith(own) else None)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Server(tmp_path / "home", port)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=ensure(), args=arguments)
        yield browser
        browser.close()


def open_page(chromium, server: Server, width: int, scheme: str = "light") -> tuple[Page, Watch]:  # type: ignore[no-untyped-def]
    context = chromium.new_context(
        viewport={"width": width, "height": 2_000},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page, watch = context.new_page(), Watch()
    page.set_default_timeout(PATIENCE_MS)
    watch.over(page, server)
    page.goto(f"{server.url}/write")
    expect(page.get_by_role("heading", name="Write", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    return page, watch


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def settled(page: Page) -> None:
    """Waits until what was typed has been told (the box waits a moment) and Streamlit has finished its run."""
    page.wait_for_timeout(600)
    page.wait_for_function(DONE)


def choose(page: Page, name: str) -> None:
    who = page.get_by_label("Who", exact=True)
    who.click()
    who.fill(name)
    who.press("Enter")
    settled(page)


def write(page: Page, text: str) -> None:
    box = page.get_by_label("What happened")
    box.fill(text)
    box.press("Control+Enter")
    expect(page.get_by_label("Your message")).to_be_visible(timeout=PATIENCE_MS)
    settled(page)


def message(page: Page) -> str:
    return page.get_by_label("Your message").input_value()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_leader_drafts_edits_sends_and_finds_it_in_the_history(chromium, server, width, scheme) -> None:
    page, watch = open_page(chromium, server, width, scheme)
    page.get_by_role("button", name="Try it with a sample team").click()
    expect(page.get_by_role("button", name="Try it with a sample team")).to_have_count(0, timeout=PATIENCE_MS)
    choose(page, "Amara")
    write(page, SITUATION)
    picture(page, f"drafted-{width}-{scheme}")
    assert "you walked the new clerk through the booking screen" in message(page)
    assert "I also remember" in message(page)

    page.get_by_role("switch", checked=True).first.locator("xpath=ancestor::label").click()
    settled(page)
    expect(page.get_by_label("Your message").last).not_to_have_value(re.compile("I also remember"), timeout=PATIENCE_MS)

    page.get_by_label(re.compile("what did it change")).fill("nobody had to queue twice")
    page.get_by_role("button", name="Draft with these").click()
    expect(page.get_by_label("Your message")).to_have_value(
        re.compile("Nobody had to queue twice"), timeout=PATIENCE_MS
    )
    assert "[…?]" not in message(page)

    edited = message(page).replace("Thank you.", "Thank you, and see you at handover.")
    page.get_by_label("Your message").fill(edited)
    settled(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate("navigator.clipboard.readText()") == edited
    link = page.get_by_role("link", name="Open in mail program")
    expect(link).to_have_attribute(
        "href", re.compile(r"^mailto:\?subject=.+see%20you%20at%20handover"), timeout=PATIENCE_MS
    )

    picture(page, f"ready-{width}-{scheme}")
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("history")).to_be_visible(timeout=PATIENCE_MS)
    page.goto(f"{server.url}/notebook")
    expect(page.get_by_role("heading", name="Notebook", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    person = page.get_by_label("Person", exact=True)
    person.click()
    person.fill("Amara")
    person.press("Enter")
    settled(page)
    page.get_by_role("tab", name="Sent").click()
    expect(page.get_by_text("see you at handover").first).to_be_visible(timeout=PATIENCE_MS)
    picture(page, f"history-{width}-{scheme}")
    assert watch.errors == []
    assert watch.elsewhere == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_each_clause_shows_where_it_comes_from_and_an_invented_one_must_be_dealt_with(
    chromium, server, width, scheme
) -> None:
    page, watch = open_page(chromium, server, width, scheme)
    choose(page, "Ngozi")
    write(page, "she reloaded the lorry on Friday, so the van left on time")
    box = page.get_by_label("Your message")
    about = page.locator("#about").last
    expect(page.locator("#under mark")).to_have_count(4, timeout=PATIENCE_MS)
    settled(page)
    page.get_by_label("What happened").click()
    box.click()
    box.evaluate("box => box.setSelectionRange(12, 12)")
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("from your words", timeout=PATIENCE_MS)

    box.fill(f"{message(page)} You also won us the Harrods contract. The mayor sent flowers. You trained nine drivers.")
    settled(page)
    sent = page.get_by_role("button", name="Mark as sent")
    expect(sent).to_be_disabled(timeout=PATIENCE_MS)
    underlined = page.locator("#under mark.wavy")
    expect(underlined).to_have_count(3, timeout=PATIENCE_MS)
    wrong = underlined.first.evaluate("mark => mark.getClientRects()[0].toJSON()")
    page.mouse.move(wrong["x"] + 4, wrong["y"] + wrong["height"] / 2)
    page.mouse.move(wrong["x"] + wrong["width"] / 2, wrong["y"] + wrong["height"] / 2, steps=4)
    expect(about).to_contain_text("you did not", timeout=PATIENCE_MS)
    picture(page, f"unsupported-{width}-{scheme}")

    page.get_by_role("button", name="Take it out").first.click()
    expect(box).not_to_have_value(re.compile("Harrods"), timeout=PATIENCE_MS)
    settled(page)
    assert "mayor" in message(page)
    page.get_by_role("button", name="I know this: add it to the situation").first.click()
    expect(page.get_by_text("And, as you said")).to_contain_text("mayor", timeout=PATIENCE_MS)
    expect(underlined).to_have_count(1, timeout=PATIENCE_MS)
    settled(page)
    expect(sent).to_be_disabled()
    keep_it(page, "I trained them with her")
    expect(page.get_by_text("Kept as it is")).to_be_visible(timeout=PATIENCE_MS)
    expect(sent).to_be_enabled(timeout=PATIENCE_MS)
    assert watch.errors == []


def keep_it(page: Page, reason: str) -> None:
    """What stands in the way is kept knowingly, with a reason."""
    page.get_by_role("button", name="Keep it", exact=True).first.click()
    page.get_by_label("Why is it right to send this?").fill(reason)
    page.get_by_role("button", name="Keep it so").click()
    settled(page)


def test_another_tone_can_be_taken(chromium, server) -> None:
    page, _ = open_page(chromium, server, 1280)
    choose(page, "Ngozi")
    write(page, "she reloaded the lorry on Friday, so the van left on time")
    page.get_by_label("Your message").fill("My own words, and the van left on time.")
    settled(page)
    page.get_by_role("radio", name="Plainer").click()
    expect(page.get_by_label("Your message")).to_have_value(re.compile("^Ngozi, you reloaded"), timeout=PATIENCE_MS)
    assert "the van left on time" in message(page) and "Thank you" not in message(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Your message")).to_have_value(
        "My own words, and the van left on time.", timeout=PATIENCE_MS
    )


def test_what_was_typed_survives_a_reload_and_a_restart(chromium, server) -> None:
    page, _ = open_page(chromium, server, 1280)
    choose(page, "Ngozi")
    write(page, "she reloaded the lorry on Friday, so the van left on time")
    page.get_by_label("Your message").fill("Half a thought I was just")
    page.get_by_label("What happened").fill("and a word typed right before the reload")
    page.reload()
    expect(page.get_by_label("What happened")).to_have_value(
        "and a word typed right before the reload", timeout=PATIENCE_MS
    )
    expect(page.get_by_label("Your message")).to_have_value("Half a thought I was just", timeout=PATIENCE_MS)
    settled(page)
    server.stop()
    server.start()
    page.goto(server.url)
    expect(page.get_by_label("What happened")).to_have_value(
        "and a word typed right before the reload", timeout=PATIENCE_MS
    )
    expect(page.get_by_label("Your message")).to_have_value("Half a thought I was just", timeout=PATIENCE_MS)


def test_text_typed_while_the_server_is_gone_is_there_when_it_is_back(chromium, server) -> None:
    page, _ = open_page(chromium, server, 1280)
    expect(page.get_by_label("What happened")).to_be_visible(timeout=PATIENCE_MS)
    # At once: a server that takes its time to stop gives Streamlit the time for a dialog that makes the page inert.
    server.crash()
    page.get_by_label("What happened").fill("typed into a dead line")
    server.stop()
    server.start()
    page.goto(server.url)
    expect(page.get_by_label("What happened")).to_have_value("typed into a dead line", timeout=PATIENCE_MS)


def test_hostile_text_is_shown_as_text_and_calls_nobody(chromium, server) -> None:
    page, watch = open_page(chromium, server, 1280)
    choose(page, "Bo ![x](http://198.51.100.7/x.png)")
    write(
        page,
        "Bo <img src=http://198.51.100.7/y.png> fixed ![z](http://198.51.100.7/z.png) on Monday, so we opened on time",
    )
    page.get_by_label("Your message").fill(
        "![z](http://198.51.100.7/z.png) <img src=http://198.51.100.7/y.png> fixed it"
    )
    settled(page)
    assert "http://198.51.100.7/z.png" in message(page)
    page.wait_for_timeout(1_000)
    assert watch.elsewhere == []


def test_an_empty_box_is_answered_with_a_sentence(chromium, server) -> None:
    page, watch = open_page(chromium, server, 1280)
    page.get_by_role("button", name="Draft", exact=True).click()
    expect(page.get_by_text("Choose who it is about")).to_be_visible(timeout=PATIENCE_MS)
    choose(page, "Ngozi")
    page.get_by_role("button", name="Draft", exact=True).click()
    expect(page.get_by_text("Say in a few words what happened")).to_be_visible(timeout=PATIENCE_MS)
    assert watch.errors == []
