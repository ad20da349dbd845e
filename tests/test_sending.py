"""Sending as a leader does it, in a real browser: confirm and undo, confirm and sent, and what may not go there."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coach.posting import keep_channels
from coach.records import Person, Records, open_records
from tests.conftest import OFFLINE
from tests.loopback import AMARA, SLACK_HOOK, TOKEN, Loopback, as_slack_shows, loopback, posting_to
from tests.test_browser import Server, Watch, choose, keep_it, message, picture, settled, write
from tests.test_browser import chromium as chromium

ROOT = Path(__file__).parent.parent
JONAS = Person(
    id="p-jonas", name="Jonas Lind", email="jonas@clinic.org", prefers="No public praise, please. A private word."
)
LONG_MS = 60_000


class Sending(Server):
    """`arguments`: the loopback server's port and its authority."""

    arguments: tuple[str, ...] = ()

    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.app_on_loopback", *self.arguments, *super().command()[1:]]

    def environment(self) -> dict[str, str]:
        """Nothing of the developer's own; this app starts before a test's clean environment does."""
        own = {
            name: value for name, value in os.environ.items() if not name.startswith(("COACH_", "OPENAI_", "CHROMA_"))
        }
        keyless = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        return own | keyless | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(OFFLINE)])}


@pytest.fixture(scope="module")
def slack_and_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Sending]]:
    """One app for all of these: starting it takes longer than most of them."""
    folder = tmp_path_factory.mktemp("sending")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        app = Sending(folder / "home", free.getsockname()[1])
    with loopback() as slack:
        keep_channels(app.home, posting_to(app.home, slack).file)
        with kept(app) as records:
            records.keep_person(AMARA)
            records.keep_person(JONAS)
        slack.authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        app.arguments = (str(slack.port), str(folder / "authority.pem"))
        app.start()
        yield slack, app
        app.stop()


@contextmanager
def kept(app: Sending) -> Iterator[Records]:
    records = open_records(app.home / "coach.sqlite3")
    yield records
    records.close()


@pytest.fixture
def slack(slack_and_app: tuple[Loopback, Sending]) -> Loopback:
    running = slack_and_app[0]
    running.arrived.clear(), running.faults.clear()
    running.does[:] = ["ok"]
    return running


@pytest.fixture
def server(slack_and_app: tuple[Loopback, Sending]) -> Sending:
    """With an empty Write page."""
    with kept(slack_and_app[1]) as records:
        records.keep_writing({})
    return slack_and_app[1]


def write_page(chromium, server: Sending, width: int, scheme: str = "light") -> tuple[Page, Watch]:  # type: ignore[no-untyped-def]
    context = chromium.new_context(viewport={"width": width, "height": 2_000}, color_scheme=scheme)
    page, watch = context.new_page(), Watch()
    page.set_default_timeout(LONG_MS)
    watch.over(page, server)
    page.goto(f"{server.url}/write")
    expect(page.get_by_label("What happened")).to_be_visible(timeout=LONG_MS)
    settled(page)
    return page, watch


def for_the_team(page: Page, name: str) -> None:
    choose(page, name)
    page.get_by_role("radio", name="Public chat").click()
    settled(page)
    write(page, "stayed on Friday and fixed the export, so billing ran & nobody had to wait")


def pressed(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    expect(button).to_be_enabled(timeout=LONG_MS)
    button.click()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_leader_confirms_undoes_confirms_again_and_it_arrives_once(chromium, server, slack, width, scheme) -> None:
    page, watch = write_page(chromium, server, width, scheme)
    for_the_team(page, "Amara")
    page.get_by_label("Your message").fill("Amara, you stayed on Friday & fixed the export. <!channel> *Thank you*.")
    settled(page)
    for _ in page.get_by_role("button", name="Keep it", exact=True).all():
        keep_it(page, "It is meant for all of them")
    text = message(page)
    pressed(page, "Send to #ward-b …")
    confirmation = page.locator(".st-key-confirmation")
    expect(confirmation).to_contain_text("Everyone on Ward B, about 24 people", timeout=LONG_MS)
    expect(confirmation).to_contain_text(text)
    settled(page)
    picture(page, f"confirm-{width}-{scheme}")

    confirmation.get_by_role("button", name="Send", exact=True).click()
    leaving = page.locator(".st-key-leaving")
    expect(leaving).to_contain_text("Leaving in", timeout=LONG_MS)
    expect(leaving).to_contain_text(text)
    picture(page, f"leaving-{width}-{scheme}")
    leaving.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Stopped in time")).to_be_visible(timeout=LONG_MS)
    assert message(page) == text and slack.messages == []
    picture(page, f"undone-{width}-{scheme}")

    pressed(page, "Send to #ward-b …")
    confirmation.get_by_role("button", name="Send", exact=True).dblclick()
    expect(leaving).to_contain_text("Leaving in", timeout=LONG_MS)
    page.reload()
    expect(page.get_by_text("history")).to_be_visible(timeout=LONG_MS)
    picture(page, f"sent-{width}-{scheme}")
    assert [as_slack_shows(payload)[0] for payload in slack.messages] == [text] and slack.faults == []
    assert watch.errors == [] and watch.elsewhere == []


def test_what_changes_after_the_confirmation_was_shown_is_confirmed_anew(chromium, server, slack) -> None:
    page, _ = write_page(chromium, server, 1280)
    for_the_team(page, "Amara")
    pressed(page, "Send to #ward-b …")
    expect(page.locator(".st-key-confirmation")).to_be_visible(timeout=LONG_MS)
    page.get_by_label("Your message").fill(message(page) + " Thank you again.")
    expect(page.get_by_text("The message changed since")).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".st-key-confirmation")).to_have_count(0)


def test_a_wish_is_said_before_the_channel_is_offered(chromium, server, slack) -> None:
    page, _ = write_page(chromium, server, 390)
    for_the_team(page, "Jonas")
    expect(page.get_by_text("would rather not be praised in front of others")).to_be_visible(timeout=LONG_MS)
    way = page.get_by_role("button", name="Send to #ward-b …")
    expect(page.get_by_role("button", name="Send it to them directly")).to_be_visible(timeout=LONG_MS)
    expect(way).to_have_count(0)
    picture(page, "wish-390-light")
    page.get_by_text("They have said that it is fine this time").click()
    expect(way).to_be_visible(timeout=LONG_MS)
    before = message(page)
    page.get_by_role("button", name="Send it to them directly").click()
    expect(page.get_by_role("button", name="Send: Jonas Lind on Slack …")).to_be_visible(timeout=LONG_MS)
    expect(way).to_have_count(0)
    assert message(page) == before


def test_feedback_to_a_public_channel_is_blocked_with_a_way_out(chromium, server, slack) -> None:
    page, _ = write_page(chromium, server, 1280)
    choose(page, "Amara")
    page.get_by_role("radio", name="Feedback").click()
    settled(page)
    for_the_team(page, "Amara")
    blocked = page.get_by_text("Others can read this channel")
    expect(blocked).to_be_visible(timeout=LONG_MS)
    ways = page.get_by_role("button", name=re.compile("^Send to"))
    assert all(way.is_disabled() for way in ways.all()) and ways.count() == 3
    expect(page.get_by_role("button", name="Mark as sent")).to_be_disabled()
    picture(page, "blocked-1280-light")
    page.get_by_role("button", name="Send it to them directly").click()
    expect(page.get_by_role("button", name="Send: Amara Okafor on Slack …")).to_be_visible(timeout=LONG_MS)
    expect(blocked).to_have_count(0)


def test_what_is_unknown_is_asked_about_and_not_sent_again(chromium, server, slack) -> None:
    page, _ = write_page(chromium, server, 1280)
    slack.does[:] = ["500"]
    for_the_team(page, "Amara")
    pressed(page, "Send to #ward-b …")
    page.locator(".st-key-confirmation").get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Did it arrive?")).to_be_visible(timeout=LONG_MS)
    picture(page, "unknown-1280-light")
    page.reload()
    expect(page.get_by_text("Did it arrive?")).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="It arrived").click()
    expect(page.get_by_text("history")).to_be_visible(timeout=LONG_MS)
    assert len(slack.messages) == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_a_channel_is_set_up_and_its_secret_is_not_shown_again(chromium, server, width, scheme) -> None:
    page, watch = write_page(chromium, server, width, scheme)
    page.goto(f"{server.url}/channels")
    page.get_by_text("Add a team channel").click(timeout=LONG_MS)
    called = f"#nights-{width}"  # one app for both widths
    page.get_by_label("What you call it").fill(called)
    page.get_by_label("Who reads it").fill(f"The night shift, nine people, {width}")
    hook = page.get_by_label("Webhook address")
    hook.fill("https://hooks.slack.com.evil.example/services/T1/B1/x")
    page.get_by_role("button", name="Add channel").click()
    expect(page.get_by_text("does not send to hooks.slack.com.evil.example")).to_be_visible(timeout=LONG_MS)
    hook.fill(SLACK_HOOK.replace("8vGnk", "9wHol"))
    page.get_by_role("button", name="Add channel").click()
    expect(page.get_by_text(f"{called} is offered")).to_be_visible(timeout=LONG_MS)
    settled(page)
    picture(page, f"channels-{width}-{scheme}")
    page.reload()
    expect(page.get_by_text(f"The night shift, nine people, {width}")).to_be_visible(timeout=LONG_MS)
    shown = page.content() + " ".join(box.input_value() for box in page.locator("input").all())
    assert "9wHol" not in shown and TOKEN not in shown and "8vGnk" not in shown
    files = {path.name: path.stat().st_mode & 0o777 for path in server.home.glob("*.json")}
    assert files == {"channels.json": 0o600, "secrets.json": 0o600}
    assert watch.errors == [] and watch.elsewhere == []
