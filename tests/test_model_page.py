"""The Write and Settings pages with a model, in the process: set up, draft, stop, fall back, mend."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coach.access import Chosen, choose, chosen
from coach.desk import Desk
from coach.exchange import add_note, person_named
from coach.pages.writing import Writing, restored
from coach.situation import Situation
from tests.model_servers import ScriptedServer, chunk, fails, streams
from tests.test_drafting import HAPPENED

PATIENCE_SECONDS = 90
GOOD = "Thank you, Amara: on Tuesday you walked the new clerk through the booking screen, so nobody had to queue twice."
Servers = Callable[..., ScriptedServer]


def write_page() -> None:
    from coach.pages.opened import the_desk
    from coach.pages.write import show

    show(the_desk())


def settings_page() -> None:
    import streamlit as st

    from coach.errors import CoachError
    from coach.pages.opened import the_desk
    from coach.pages.settings import show

    try:
        show(the_desk())
    except CoachError as error:
        st.error(str(error))


@pytest.fixture
def open_page(home: Path, open_home: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """One desk for all runs of a page, as in the app."""
    monkeypatch.setenv("COACH_HOME", str(home))
    monkeypatch.setattr("coach.pages.opened._desk", cache(lambda: open_home(home)))
    return lambda page: AppTest.from_function(page, default_timeout=PATIENCE_SECONDS)


def shown(page: AppTest) -> str:
    """Every word on the page."""
    boxes = [
        *page.markdown,
        *page.text,
        *page.caption,
        *page.info,
        *page.warning,
        *page.error,
        *page.success,
        *page.code,
    ]
    return "\n".join(str(box.value) for box in boxes).replace("\\", "")


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label.replace("\\", "") == label).click().run()


def drafted(desk: Desk) -> Writing:
    return restored(desk.records.writing())


def ready(desk: Desk, server: ScriptedServer, **more: Any) -> None:
    """A model set up, and a situation typed."""
    choose(desk.settings, Chosen(url=server.url, model="scripted", **more))
    writing = Writing(to="Amara", text=HAPPENED, drafted=True, stale=True, drafted_text=HAPPENED, drafted_to="Amara")
    desk.records.keep_writing(writing.saved())


def test_a_model_drafts_on_the_page_and_coach_is_one_click_away(
    open_page: Callable[..., AppTest], desk: Desk, scripted: Servers
) -> None:
    server = scripted(streams(GOOD))
    ready(desk, server)
    page = open_page(write_page).run()
    assert not page.exception and drafted(desk).message == GOOD
    assert "Drafted by scripted" in shown(page) and "11 tokens sent, 7 received, free of charge" in shown(page)
    page.run()
    assert len(server.requests) == 1, "looking again asks nobody"
    press(page, "Use Coach’s own draft")
    assert drafted(desk).message != GOOD and not drafted(desk).modelled
    press(page, "Draft with scripted")
    assert drafted(desk).message == GOOD and len(server.requests) == 2


@pytest.mark.parametrize(
    ("script", "sentence", "kept"),
    [
        (fails(401, "bad key sk-…cdef"), "The key is not accepted", ""),
        (streams("Thank you, Ama", finish=None), "broke off in the middle", "Thank you, Ama"),
        (lambda to, _: (to.head(), to.send(chunk("Thank"))), "broke off in the middle", "Thank"),
    ],
)
def test_a_failure_is_said_and_coach_drafts_at_once(
    script: Any, sentence: str, kept: str, open_page: Callable[..., AppTest], desk: Desk, scripted: Servers
) -> None:
    ready(desk, scripted(script))
    page = open_page(write_page).run()
    assert not page.exception
    assert sentence in shown(page) and "Coach’s own draft" in shown(page) and "cdef" not in shown(page)
    writing = drafted(desk)
    assert "you walked the new clerk" in writing.message and writing.text == HAPPENED, "the situation is not lost"
    assert writing.partial == kept and kept in shown(page)


def test_what_a_model_made_up_is_mended_by_one_more_try(
    open_page: Callable[..., AppTest], desk: Desk, scripted: Servers
) -> None:
    server = scripted(streams(GOOD + " The board praised you for saving 40,000 pounds."), streams(GOOD))
    ready(desk, server)
    page = open_page(write_page).run()
    assert "Before you send" in shown(page)
    next(toggle for toggle in page.toggle if toggle.label == "See what will be sent for that").set_value(True).run()
    codes = [code.value for code in page.code]
    press(page, "Ask the model to leave out what you did not say")
    assert codes[:-1] == [turn["content"] for turn in server.requests[1]["messages"]]
    assert json.loads(codes[-1]) == server.requests[1], "shown to the letter before it left"
    assert drafted(desk).message == GOOD and "40,000" in drafted(desk).before
    last = server.requests[1]["messages"]
    assert [turn["role"] for turn in last] == ["system", "user", "assistant", "user"] and "40,000" in last[-1][
        "content"
    ]


def test_what_will_be_sent_is_what_is_sent(open_page: Callable[..., AppTest], desk: Desk, scripted: Servers) -> None:
    server = scripted(streams(GOOD))
    ready(desk, server)
    page = open_page(write_page).run()
    next(toggle for toggle in page.toggle if toggle.label == "See what will be sent").set_value(True).run()
    sent = [turn["content"] for turn in server.requests[0]["messages"]]
    codes = [code.value for code in page.code]
    assert sent == codes[: len(sent)]
    assert json.loads(codes[-1]) == server.requests[0], "and all that travels with it"
    assert "at most" in shown(page) and server.url in shown(page)


def test_nothing_leaves_this_machine_before_the_leader_agreed(
    open_page: Callable[..., AppTest], desk: Desk, scripted: Servers
) -> None:
    ready(desk, scripted(streams(GOOD)))
    choose(desk.settings, Chosen(url="https://models.example/v1", model="away"))
    page = open_page(write_page).run()  # a test that reached for models.example would fail
    assert not page.exception and "you walked the new clerk" in drafted(desk).message
    assert "Look at what would be sent there" in shown(page)
    sent = "\n".join(code.value for code in page.code)
    assert "booking screen" in sent and "Amara" not in sent, "with stand-ins"


# Settings


def fill(page: AppTest, label: str, value: str) -> None:
    next(box for box in page.text_input if box.label == label).set_value(value)


def test_a_model_is_set_up_and_its_key_never_shown_again(
    open_page: Callable[..., AppTest], desk: Desk, scripted: Servers
) -> None:
    server = scripted(streams("yes"))
    page = open_page(settings_page).run()
    for label, value in (("Address", server.url), ("Model", "scripted"), ("Key", server.key)):
        fill(page, label, value)
    press(page, "Save")
    assert not page.exception and "only you can read" in shown(page)
    press(page, "Test connection")
    assert "answers" in shown(page) and server.server.headers[-1]["authorization"].endswith(server.key)
    assert server.key not in shown(page) and all(server.key not in str(box.value) for box in page.text_input)
    press(page, "Forget the key")
    assert not any(path.name == "model-key.json" for path in desk.settings.home.iterdir())


def test_what_is_wrong_with_a_connection_is_said_in_words(
    open_page: Callable[..., AppTest], desk: Desk, free_port: int
) -> None:
    choose(desk.settings, Chosen(url=f"http://127.0.0.1:{free_port}/v1", model="m"))
    page = press(open_page(settings_page).run(), "Test connection")
    assert "Start the program that serves the model" in shown(page)


def test_models_on_this_machine_are_looked_for_when_asked(
    open_page: Callable[..., AppTest], desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    server = scripted(streams("x"), models=("llama3.2",))
    ports = {"Ollama": server.server.server_address[1], "vLLM": free_port}
    monkeypatch.setattr("coach.pages.settings.LOCAL_SERVERS", ports)
    page = open_page(settings_page).run()
    assert "llama3.2" not in shown(page)
    press(press(page, "Look for models on this machine"), "Use llama3.2 (Ollama)")
    assert chosen(desk.settings).model == "llama3.2" and str(ports["Ollama"]) in chosen(desk.settings).url


@pytest.mark.parametrize(
    ("url", "model", "key", "sentence"),
    [
        ("ftp://x", "m", "", "That is no address"),
        ("http://localhost:1", " ", "", "Name the model"),
        ("http://models.example", "m", "sk-1", "not encrypted"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_kept(
    url: str, model: str, key: str, sentence: str, open_page: Callable[..., AppTest], desk: Desk
) -> None:
    page = open_page(settings_page).run()
    for label, value in (("Address", url), ("Model", model), ("Key", key)):
        fill(page, label, value)
    press(page, "Save")
    assert sentence in shown(page) and chosen(desk.settings) == Chosen()


def test_a_draft_is_made_again_where_what_it_rests_on_changed_and_not_else(
    open_page: Callable[..., AppTest], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[str] = []
    write = Desk.write

    def counted(self: Desk, situation: Situation, *more: Any) -> Any:
        times.append(situation.said)
        return write(self, situation, *more)

    monkeypatch.setattr(Desk, "write", counted)
    writing = Writing(to="Amara", text=HAPPENED, drafted=True, stale=True, drafted_text=HAPPENED, drafted_to="Amara")
    desk.records.keep_writing(writing.saved())
    page = open_page(write_page).run()
    page.run()
    assert not page.exception and len(times) == 1
    amara = person_named(desk, "Amara")
    page.run()
    assert len(times) == 2, "a person is known now"
    add_note(desk, amara, "Likes the early shift.", "personal", False, date(2026, 11, 2))
    page.run()
    page.run()
    assert len(times) == 3, "and a note"
