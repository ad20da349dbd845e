"""The Rehearse page in a real browser: six turns, back, the debrief, the best line in the draft, the promise kept."""

import re

import pytest
from playwright.sync_api import Page, expect

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


def speak(page: Page, text: str) -> None:
    count = page.get_by_test_id("stChatMessage").count()
    page.get_by_label("What you say").fill(text)
    page.get_by_role("button", name="Say it", exact=True).click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(count + 2, timeout=PATIENCE_MS)
    settled(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_leader_rehearses_goes_back_and_takes_along_what_was_learnt(chromium, server, width, scheme) -> None:  # type: ignore[no-untyped-def]
    page, watch = open_page(chromium, server, width, scheme)
    page.set_default_timeout(PATIENCE_MS)
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
    picture(page, f"rehearse-set-up-{width}-{scheme}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=PATIENCE_MS)
    for text in SAID:
        speak(page, text)
    expect(page.get_by_test_id("stAlert")).to_have_count(1)  # the hint
    picture(page, f"rehearse-talk-{width}-{scheme}")

    page.get_by_role("button", name="Say this otherwise").nth(1).click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(3, timeout=PATIENCE_MS)
    speak(page, "You are unreliable.")
    expect(page.get_by_role("heading", name="Compare what you tried")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, f"rehearse-branches-{width}-{scheme}")
    page.reload()
    expect(page.get_by_text("You are unreliable.").first).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    page.get_by_role("button", name="Say this otherwise").nth(1).click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(3, timeout=PATIENCE_MS)
    for text in SAID[1:]:
        speak(page, text)

    page.get_by_role("button", name="End and debrief").click()
    expect(page.get_by_role("heading", name="What went well")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("“What got in the way?”").first).to_be_visible()
    settled(page)
    page.wait_for_timeout(1_500)
    picture(page, f"rehearse-debrief-{width}-{scheme}")
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
    assert watch.errors == []
    assert watch.elsewhere == []
