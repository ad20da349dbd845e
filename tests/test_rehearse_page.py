"""The Rehearse page in a real browser: six turns, back, the debrief, the best line in the draft, the promise kept."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser import ensure
from tests.test_browser import choose, chromium, open_page, picture, server, settled, write

__all__ = ["chromium", "server"]
PATIENCE_MS = 120_000
SAID = (
    "Thanks for coming in.",
    "You were late to handover on Tuesday, so the night crew had to stay on.",
    "What got in the way?",
    "So the mornings are too full, and nobody asked.",
    "I'll send you the new rota by Friday.",
    "Could you ring me before seven, from Monday?",
)


def shows(page: Page, bubbles: int) -> None:
    expect(page.get_by_test_id("stChatMessage")).to_have_count(bubbles, timeout=PATIENCE_MS)


def speak(page: Page, text: str) -> None:
    count = page.get_by_test_id("stChatMessage").count()
    page.get_by_label("What you say").fill(text)
    page.get_by_role("button", name="Say it", exact=True).click()
    shows(page, count + 2)
    settled(page)


def set_up(page: Page) -> None:
    """From the sample team and the Write page to the settings of a rehearsal about what stands there."""
    page.get_by_role("button", name="Try it with a sample team").click()
    expect(page.get_by_role("button", name="Try it with a sample team")).to_have_count(0, timeout=PATIENCE_MS)
    choose(page, "Amara")
    page.get_by_role("radio", name="Feedback").click()
    settled(page)
    write(page, "she was late to handover twice this week, so the night crew had to stay on")
    page.get_by_role("button", name="Rehearse this talk").click()
    expect(page.get_by_role("heading", name="Rehearse", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("What it is about")).to_have_value(re.compile("late to handover"), timeout=PATIENCE_MS)
    page.get_by_text("Defensive", exact=True).click()
    settled(page)


def say_otherwise(page: Page, text: str) -> None:
    page.get_by_role("button", name="Say this otherwise").nth(1).click()
    shows(page, 3)
    speak(page, text)


def take_along(page: Page, width: int) -> None:
    """A promise and the best line, from the debrief to where they belong."""
    page.get_by_role("button", name="Keep this promise").first.click()
    expect(page.get_by_text("It is among your promises.").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Use my best line").click()
    expect(page.get_by_text("is in the draft on the Write page")).to_be_visible(timeout=PATIENCE_MS)
    if width < 640:
        page.get_by_role("button", name="Expand sidebar").click()
    page.get_by_role("link", name="Write").click()
    expect(page.get_by_label("Your message")).to_have_value(
        re.compile("late to handover on Tuesday, so the night crew had to stay on"), timeout=PATIENCE_MS
    )


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_leader_rehearses_goes_back_and_takes_along_what_was_learnt(chromium, server, width, scheme) -> None:  # type: ignore[no-untyped-def]
    page, watch = open_page(chromium, server, width, scheme)
    page.set_default_timeout(PATIENCE_MS)
    set_up(page)
    picture(page, f"rehearse-set-up-{width}-{scheme}")
    page.get_by_role("button", name="Start", exact=True).click()
    shows(page, 1)
    for text in SAID:
        speak(page, text)
    expect(page.get_by_test_id("stAlert")).to_have_count(1)  # the hint
    picture(page, f"rehearse-talk-{width}-{scheme}")

    say_otherwise(page, "You are unreliable.")
    expect(page.get_by_role("heading", name="Compare what you tried")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, f"rehearse-branches-{width}-{scheme}")
    page.reload()
    expect(page.get_by_text("You are unreliable.").first).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    say_otherwise(page, SAID[1])
    for text in SAID[2:]:
        speak(page, text)

    page.get_by_role("button", name="End and debrief").click()
    expect(page.get_by_role("heading", name="What went well")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("“What got in the way?”").first).to_be_visible()
    settled(page)
    page.wait_for_timeout(1_500)
    picture(page, f"rehearse-debrief-{width}-{scheme}")
    take_along(page, width)
    assert watch.errors == []
    assert watch.elsewhere == []


def rehearse(page: Page, about: str, said: str) -> None:
    who = page.get_by_label("With whom")
    who.fill("someone like Jo")
    who.press("Enter")
    settled(page)
    page.get_by_label("What it is about").fill(about)
    page.get_by_role("button", name="Start", exact=True).click()
    shows(page, 1)
    speak(page, said)
    page.get_by_role("button", name="End and debrief").click()
    expect(page.get_by_role("heading", name="In numbers")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_earlier_rehearsals_are_kept_found_and_deleted_one_by_one(chromium, server, width, scheme) -> None:  # type: ignore[no-untyped-def]
    page, watch = open_page(chromium, server, width, scheme)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/rehearse")
    rehearse(page, "Left the dock gate open twice.", "The gate stood open on Monday. What happened there?")
    picture(page, f"rehearse-debrief-{width}-{scheme}")
    page.get_by_text("Keep this rehearsal").click()
    settled(page)
    page.get_by_role("button", name="New rehearsal").click()
    rehearse(page, "The minutes went out a week late.", "You never send them.")
    page.get_by_role("button", name="New rehearsal").click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, f"rehearse-earlier-{width}-{scheme}")

    search = page.get_by_label("Search them")
    search.fill("GATE")
    search.press("Enter")
    expect(page.get_by_role("button", name="Delete", exact=True)).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.get_by_text(", kept")).to_be_visible()
    search.fill("no such words")
    search.press("Enter")
    expect(page.get_by_text("No rehearsal has these words.")).to_be_visible(timeout=PATIENCE_MS)
    search.fill("minutes")
    search.press("Enter")
    expect(page.get_by_text("The minutes went out a week late.")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The minutes went out a week late.")).to_have_count(0, timeout=PATIENCE_MS)
    search.fill("")
    search.press("Enter")
    expect(page.get_by_text("Left the dock gate open twice.")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Open", exact=True).last.click()
    expect(page.get_by_label(re.compile("Keep this rehearsal"))).to_be_checked(timeout=PATIENCE_MS)
    assert watch.errors == []
    assert watch.elsewhere == []


class Hears(BaseHTTPRequestHandler):
    """A service that turns any speech into the same text."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"text": "You were late twice."}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_a_turn_said_aloud_is_typed_and_no_sound_is_kept(chromium, server, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    service = ThreadingHTTPServer(("127.0.0.1", 0), Hears)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    monkeypatch.setenv("COACH_TRANSCRIBE_URL", f"http://127.0.0.1:{service.server_address[1]}/v1")
    server.stop()
    server.start()
    fake = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    hearing = chromium.browser_type.launch(executable_path=ensure(), args=fake)
    page = hearing.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/rehearse")
    who = page.get_by_label("With whom")
    who.fill("Jo")
    who.press("Enter")
    settled(page)
    page.get_by_label("What it is about").fill("Jo was late to handover twice this week.")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Record").click()
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_label("What you say")).to_have_value("You were late twice.", timeout=PATIENCE_MS)
    hearing.close()
    service.shutdown()
    service.server_close()
    assert [file for file in server.home.rglob("*") if file.is_file() and file.read_bytes()[:4] == b"RIFF"] == []
