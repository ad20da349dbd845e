"""The part of the Settings page about search, and what every page says of it, in the process."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from coach.access import kept_key
from coach.desk import Desk
from coach.embedding_access import KEY_OF, ChosenEmbeddings, choose_embeddings, chosen_embeddings
from tests.model_servers import embeds, fails
from tests.test_browser import chromium, picture, server
from tests.test_browser import open_page as open_page_in
from tests.test_by_endpoint import ELSEWHERE, TEXTS, Servers, as_long_as, by_length, found, left, use, write_notes
from tests.test_model_page import fill, open_page, press, settings_page, shown

__all__ = ["chromium", "left", "open_page", "server"]
Pages = Callable[..., AppTest]
ADDRESS, MODEL, KEY = "Address of the embedding server", "Embedding model", "Key for it"


@pytest.fixture
def noted(open_page: Pages) -> Desk:
    """The desk that the pages have open, with six notes in it."""
    from coach.pages.opened import the_desk

    return write_notes(the_desk())


def state_page() -> None:
    from coach.pages.opened import the_desk
    from coach.pages.searched import show_state

    show_state(the_desk())


def test_an_endpoint_on_this_machine_is_set_up_and_its_key_never_shown_again(
    open_page: Pages, noted: Desk, scripted: Servers
) -> None:
    server = scripted(embeds(by_length))
    page = open_page(settings_page).run()
    for label, value in ((ADDRESS, server.url), (MODEL, "lengths"), (KEY, server.key)):
        fill(page, label, value)
    press(page, "Save for search")
    assert not page.exception and "only you can read" in shown(page) and "0 of 6 notes are embedded" in shown(page)
    noted.embed_by_endpoint()
    assert "6 of 6 notes are embedded" in shown(page.run())
    press(page, "Test the embedding")
    assert "answers with 3 numbers" in shown(page) and server.server.headers[-1]["authorization"].endswith(server.key)
    assert server.key not in shown(page) and all(server.key not in str(box.value) for box in page.text_input)
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]
    press(page, "Forget this key")
    assert kept_key(noted.settings, server.url, KEY_OF) == ""


def test_elsewhere_what_would_leave_is_said_and_nothing_does_before_the_tick(
    open_page: Pages, noted: Desk, left: list[str]
) -> None:
    page = open_page(settings_page).run()
    for label, value in ((ADDRESS, ELSEWHERE), (MODEL, "m")):
        fill(page, label, value)
    press(page, "Save for search")
    assert "each of your 6 notes, private ones too" in shown(page) and "cannot be called back" in shown(page)
    agree = next(button for button in page.button if button.key == "agree-embeddings")
    assert agree.disabled
    noted.embed_by_endpoint()
    assert left == []
    page.checkbox[0].check().run()
    press(page, "Agree, and embed my notes there")
    assert chosen_embeddings(noted.settings).agreed == ELSEWHERE and "every note leaves this machine" in shown(page)
    noted.embed_by_endpoint()
    assert sorted(left) == sorted(TEXTS)
    press(page, "Stop sending notes there")
    assert noted.by_endpoint is None and "private ones too" in shown(page)


def test_another_address_is_agreed_to_anew(open_page: Pages, noted: Desk, left: list[str]) -> None:
    choose_embeddings(noted.settings, ChosenEmbeddings(url=ELSEWHERE, model="m", agreed=ELSEWHERE))
    page = open_page(settings_page).run()
    fill(page, ADDRESS, "https://other.example/v1")
    press(page, "Save for search")
    fill(page, ADDRESS, ELSEWHERE)
    press(page, "Save for search")
    assert chosen_embeddings(noted.settings).agreed == "" and left == []


@pytest.mark.parametrize(
    ("url", "model", "sentence"),
    [
        ("http://models.example", "m", "not encrypted"),
        ("ftp://x", "m", "That is no address"),
        ("localhost:1", " ", "Name the embedding server"),
        ("", "m", "Name the embedding server"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_kept(
    url: str, model: str, sentence: str, open_page: Pages, noted: Desk
) -> None:
    page = open_page(settings_page).run()
    fill(page, ADDRESS, url)
    fill(page, MODEL, model)
    press(page, "Save for search")
    assert sentence in shown(page) and chosen_embeddings(noted.settings) == ChosenEmbeddings()


def test_named_in_the_environment_it_waits_for_the_tick_too(
    open_page: Pages, noted: Desk, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_EMBEDDINGS_URL", ELSEWHERE)
    monkeypatch.setenv("COACH_EMBEDDINGS_MODEL", "m")
    noted.embeddings_changed()
    page = open_page(settings_page).run()
    assert "COACH_EMBEDDINGS_URL" in shown(page) and not [box for box in page.text_input if box.label == ADDRESS]
    page.checkbox[0].check().run()
    press(page, "Agree, and embed my notes there")
    noted.embed_by_endpoint()
    assert sorted(left) == sorted(TEXTS)


def test_embedding_again_gives_every_note_a_new_vector(open_page: Pages, noted: Desk, scripted: Servers) -> None:
    server = scripted(embeds(by_length))
    use(noted, server)
    noted.embed_by_endpoint()
    press(open_page(settings_page).run(), "Embed every note again")
    noted.embed_by_endpoint()
    assert len(server.requests) == 2 and noted.by_endpoint and noted.by_endpoint.has_all()


def test_every_page_says_how_far_it_is_and_why_it_does_not_go_on(
    open_page: Pages, noted: Desk, scripted: Servers
) -> None:
    assert not open_page(state_page).run().main.children, "nothing to say"
    by = use(noted, scripted(fails(503)))
    by.progress = (2, 6)
    page = open_page(state_page).run()
    bar = page.get("progress")[0]
    assert (
        not page.exception
        and "2 of 6" in bar.proto.text
        and "built-in model meanwhile" in bar.proto.text.replace("\\", "")
    )  # type: ignore[attr-defined]
    by.progress = (0, 0)
    noted.embed_by_endpoint()
    assert "Search goes by the built-in model. The server at 127.0.0.1 has a fault" in shown(
        open_page(state_page).run()
    )


def test_the_bar_is_seen_while_notes_are_embedded_and_search_goes_on(
    chromium, server, open_home: Callable[..., Desk], scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    def slowly(to, asked) -> None:  # type: ignore[no-untyped-def]
        time.sleep(4)
        embeds(by_length)(to, asked)

    far = scripted(slowly)
    page, watch = open_page_in(chromium, server, 390, "dark")
    server.stop()
    desk = open_home(server.home)
    write_notes(desk)
    desk.close()
    desk.records.close()
    monkeypatch.setenv("COACH_EMBEDDINGS_URL", far.url)
    monkeypatch.setenv("COACH_EMBEDDINGS_MODEL", "lengths")
    server.start()
    page.goto(f"{server.url}/notebook")
    expect(page.get_by_text("Embedding your notes with lengths")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Search goes by the built-in model meanwhile.")).to_be_visible()
    picture(page, "searched-390-dark")
    expect(page.get_by_text("Embedding your notes with lengths")).to_have_count(0, timeout=60_000)
    assert watch.elsewhere == []
