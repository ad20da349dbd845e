"""Search of notes by an embedding endpoint: beside the built-in model, over real sockets, whatever the endpoint does."""

import base64
import hashlib
import math
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coach.access import keep_key, kept_key
from coach.by_endpoint import AT_ONCE, FEW, ByEndpoint, embedder_name
from coach.desk import Desk
from coach.doctor import examine
from coach.embedding_access import KEY_OF, ChosenEmbeddings, choose_embeddings, embedding_endpoint, notes_may_leave
from coach.endpoint import Endpoint
from coach.errors import BadAnswer, ModelFailed, Unauthorised
from coach.exchange import add_note, person_named
from coach.index import _as_we_left_it, notes_collection
from coach.model import embed_texts
from coach.records import Note, new_id
from coach.sample import load_sample
from coach.settings import read_settings
from coach.situation import Channel
from tests.model_servers import Script, ScriptedServer, embeds, fails, says

DAY = date(2026, 11, 20)
TEXTS = (
    "Keeps bees behind the clinic.",
    "Wants to present the figures to the board in autumn.",
    "Calmed a father whose appointment had been lost, and stayed until he was seen.",
    "Her daughter plays the cello on Fridays.",
    "Missed the handover on Monday and said so herself the very same afternoon, without being asked.",
    "Likes tea.",
)
Servers = Callable[..., ScriptedServer]
OpenHome = Callable[..., Desk]


def by_length(text: str) -> list[float]:
    """A model that finds texts alike that are as long as each other: no built-in one would."""
    return [math.cos(len(text) / 100), math.sin(len(text) / 100), 0.5]


def its_own(text: str) -> list[float]:
    """No two texts have the same."""
    return [byte / 255 for byte in hashlib.sha256(text.encode()).digest()]


def longer(text: str) -> list[float]:
    return [*by_length(text), 0.1]


def as_long_as(text: str) -> str:
    """A query that shares no word with anything."""
    return "z" * len(text)


def use(desk: Desk, server: ScriptedServer, **more: object) -> ByEndpoint:
    choose_embeddings(desk.settings, ChosenEmbeddings(url=server.url, model="lengths").model_copy(update=more))
    desk.embeddings_changed()
    assert desk.by_endpoint
    return desk.by_endpoint


def found(desk: Desk, query: str, k: int = 6) -> list[str]:
    return [fitting.note.text for fitting in desk.notes(query, None, None, DAY, k)]


def asked(server: ScriptedServer) -> list[str]:
    """Every text that arrived, in order."""
    return [text for request in server.requests for text in request["input"]]


@pytest.fixture
def noted(desk: Desk) -> Desk:
    return write_notes(desk)


def write_notes(desk: Desk) -> Desk:
    """Six notes, half of them private."""
    amara = person_named(desk, "Amara Quartermain")
    for at, text in enumerate(TEXTS):
        add_note(desk, amara, text, "observation", at % 2 == 1, DAY, f"n{at}")
    return desk


def many(desk: Desk, count: int) -> None:
    amara = person_named(desk, "Amara Quartermain")
    desk.keep_notes(
        [
            Note(id=new_id(), person_id=amara.id, person=amara.name, date=DAY, kind="observation", private=False, text=f"Ward round {n}.")
            for n in range(count)
        ]
    )  # fmt: skip


# The protocol


def test_texts_become_unit_vectors_in_their_order_and_the_key_travels_in_the_header(scripted: Servers) -> None:
    server = scripted(embeds(by_length))
    vectors = embed_texts(server.endpoint, TEXTS, 30)
    assert vectors.dtype == np.float32 and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    expected = np.array([by_length(text) for text in TEXTS])
    assert np.allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)
    (request,) = server.requests
    assert request == {"model": "scripted", "input": list(TEXTS), "encoding_format": "float"}
    assert server.server.headers[0]["authorization"] == f"Bearer {server.key}"


def rows(*vectors: object) -> Script:
    return lambda to, _: says(to, {"data": [{"index": at, "embedding": v} for at, v in enumerate(vectors)]})


@pytest.mark.parametrize(
    "script",
    [
        rows([1.0, 0.0]),  # one for two texts
        rows([1.0, 0.0], [1.0]),
        rows([1.0, 0.0], [0.0, 0.0]),
        rows([1.0, 0.0], [float("nan"), 1.0]),
        rows([1.0, 0.0], [None, 1.0]),
        rows([], []),
        rows(*[base64.b64encode(b"\x00\x00\x80\x3f").decode()] * 2),
        lambda to, _: says(to, {"data": [{"index": 0, "embedding": [1.0]}] * 2}),
        lambda to, _: says(to, {"data": None}),
        lambda to, _: says(to, ["no"]),
        lambda to, _: (to.head(200, "text/html"), to.send("<html>")),
    ],
)
def test_what_is_no_vectors_is_refused_in_a_sentence(script: Script, scripted: Servers) -> None:
    with pytest.raises(BadAnswer, match=r"127\.0\.0\.1"):
        embed_texts(scripted(script).endpoint, ["one", "two"], 30)


def test_what_a_server_says_of_a_key_is_not_repeated(scripted: Servers) -> None:
    with pytest.raises(Unauthorised) as raised:
        embed_texts(scripted(fails(401, "bad key sk-…cdef")).endpoint, ["one"], 30)
    assert "cdef" not in str(raised.value)


# Beside the built-in model


def test_notes_are_found_in_the_order_of_the_endpoint_once_it_has_them_all(noted: Desk, scripted: Servers) -> None:
    asked = "he was interrupted again in the meeting"
    use(noted, scripted(embeds(by_length)))
    for opened in (False, True):
        if opened:
            noted.open_index()
        before = noted.principles(asked, 5)
        noted.embed_by_endpoint()
        for text in TEXTS:
            assert found(noted, as_long_as(text), 1) == [text], "indexed" if opened else "compared"
        assert noted.principles(asked, 5) == before


def test_only_notes_and_what_they_are_searched_by_are_sent(noted: Desk, scripted: Servers) -> None:
    server = scripted(embeds(by_length))
    use(noted, server)
    noted.open_index()
    noted.embed_by_endpoint()
    noted.principles("he was interrupted again in the meeting", 5)
    assert sorted(asked(server)) == sorted(TEXTS)
    found(noted, "an upset visitor")
    found(noted, "an upset visitor")
    assert asked(server)[len(TEXTS) :] == ["an upset visitor"], "a query is asked once"


def test_as_many_notes_fit_a_situation_as_by_the_built_in_model(noted: Desk, scripted: Servers) -> None:
    """With this endpoint any two texts are 0.9 alike: by its own figures every note would be used."""
    amara = noted.person("Amara")
    built_in = [fitting.score for fitting in noted.notes("an upset visitor", amara, None, DAY, 6)]
    use(noted, scripted(embeds(lambda text: [9.0, *by_length(text)])))
    noted.embed_by_endpoint()
    other = [fitting.score for fitting in noted.notes("an upset visitor", amara, None, DAY, 6)]
    assert np.allclose(sorted(other), sorted(built_in), atol=0.06), "but for shared words"


def test_private_notes_are_not_shown_where_others_read(noted: Desk, scripted: Servers) -> None:
    use(noted, scripted(embeds(by_length)))
    noted.open_index()
    noted.embed_by_endpoint()
    for text in TEXTS:
        shown = noted.notes(as_long_as(text), None, Channel.CARD, DAY, 6)
        assert len(shown) == 3 and not any(fitting.note.private for fitting in shown)


def test_search_goes_on_by_the_built_in_model_while_notes_are_embedded(noted: Desk, scripted: Servers) -> None:
    many(noted, AT_ONCE)
    before, held, go_on = found(noted, "music"), threading.Event(), threading.Event()

    def slow(to: object, request: dict[str, object]) -> None:
        held.set()
        assert go_on.wait(60)
        embeds(by_length)(to, request)  # type: ignore[arg-type]

    by = use(noted, scripted(embeds(by_length), slow, embeds(by_length)))
    behind = threading.Thread(target=noted.embed_by_endpoint)
    behind.start()
    assert held.wait(60)
    assert found(noted, "music") == before and by.progress == (AT_ONCE, AT_ONCE + len(TEXTS))
    go_on.set()
    behind.join(60)
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]] and by.progress == (0, 0)


CHILD = """
import sys
from pathlib import Path
from coach.desk import open_desk
from coach.settings import read_settings
open_desk(read_settings(Path(sys.argv[1]), {})).embed_by_endpoint()
"""


def test_embedding_goes_on_where_a_kill_stopped_it(noted: Desk, scripted: Servers, open_home: OpenHome) -> None:
    many(noted, 3 * AT_ONCE)
    held = threading.Event()

    def for_ever(to: object, _: object) -> None:
        held.set()
        to.gone(60)  # type: ignore[attr-defined]

    server = scripted(embeds(by_length), embeds(by_length), for_ever, embeds(by_length))
    by = use(noted, server)
    child = subprocess.Popen([sys.executable, "-c", CHILD, noted.settings.home])
    assert held.wait(60)
    child.kill()
    child.wait()
    assert noted.records.count_others(by.name) == 2 * AT_ONCE
    again = open_home(noted.settings.home)
    again.embed_by_endpoint()
    first, later = asked(server)[: 2 * AT_ONCE], asked(server)[3 * AT_ONCE :]
    assert again.by_endpoint and again.by_endpoint.has_all()
    assert len(set(first) & set(later)) == 1, "one, by which the model is recognised"
    assert set(first) | set(later) == {note.text for note in noted.records.notes()}


def test_a_new_and_a_changed_note_are_found_at_the_next_search(noted: Desk, scripted: Servers) -> None:
    server = scripted(embeds(by_length))
    by = use(noted, server)
    noted.open_index()
    noted.embed_by_endpoint()
    amara = person_named(noted, "Amara Quartermain")
    add_note(noted, amara, "Grows roses.", "personal", False, DAY, "n0")
    assert noted.records.count_others(by.name) == len(TEXTS) - 1, "no vector of the earlier text is left"
    assert found(noted, as_long_as("Grows roses."), 1) == ["Grows roses."]
    assert found(noted, as_long_as(TEXTS[0]), 1) != [TEXTS[0]] and asked(server).count("Grows roses.") == 1


def test_a_note_changed_while_it_is_embedded_keeps_no_vector_of_its_earlier_text(noted: Desk) -> None:
    earlier = noted.records.notes_without("m", 10)
    amara = person_named(noted, "Amara Quartermain")
    add_note(noted, amara, "Grows roses.", "personal", False, DAY, "n0")
    noted.records.keep_others(earlier, np.eye(len(earlier), dtype=np.float32), "m")
    assert [note.text for note in noted.records.notes_without("m", 10)] == ["Grows roses."]


def test_after_an_import_search_goes_by_the_built_in_model_until_all_is_embedded(
    noted: Desk, scripted: Servers
) -> None:
    server = scripted(embeds(by_length))
    use(noted, server)
    noted.embed_by_endpoint()
    many(noted, FEW + 1)
    count = len(asked(server))
    assert TEXTS[3] in found(noted, "music", 1) and len(asked(server)) == count
    noted.embed_by_endpoint()
    assert found(noted, as_long_as(TEXTS[3]), 1) == [TEXTS[3]]


def test_without_the_built_in_model_the_endpoint_alone_finds_notes_and_none_is_used_unasked(
    noted: Desk, scripted: Servers
) -> None:
    noted.embedder = None
    use(noted, scripted(embeds(by_length)))
    noted.embed_by_endpoint()
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]
    assert max(fitting.score for fitting in noted.notes("zzz", None, None, DAY, 6)) < 0.4


# Changing it


def test_another_model_is_built_beside_and_the_first_ones_vectors_go_when_it_is_complete(
    noted: Desk, scripted: Servers
) -> None:
    many(noted, FEW)
    first = use(noted, scripted(embeds(by_length)))
    noted.open_index()
    noted.embed_by_endpoint()
    server = scripted(embeds(longer))
    second = use(noted, server, model="others")
    assert first.stopped and first.name != second.name
    assert found(noted, "music", 1) == [TEXTS[3]] and asked(server) == [], "by the built-in model"
    assert noted.records.count_others(first.name) == FEW + len(TEXTS)
    noted.embed_by_endpoint()
    assert noted.records.count_others(first.name) == 0
    assert noted.records.count_others(second.name) == FEW + len(TEXTS)
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]
    assert beside(noted) == [notes_collection("me", second.name)]


def beside(desk: Desk) -> list[str]:
    assert desk.index
    names = [collection.name for collection in desk.index._client.list_collections()]
    return [name for name in names if name.startswith(notes_collection("me") + "-")]


def test_turned_off_search_is_the_built_in_models_again(noted: Desk, scripted: Servers, open_home: OpenHome) -> None:
    before = found(noted, "music")
    server = scripted(embeds(by_length))
    use(noted, server)
    noted.open_index()
    noted.embed_by_endpoint()
    choose_embeddings(noted.settings, ChosenEmbeddings(url=server.url, model="lengths", on=False))
    noted.embeddings_changed()
    count = len(asked(server))
    assert found(noted, "music") == before and noted.by_endpoint is None and noted.search_trouble == ""
    noted.close()
    again = open_home(noted.settings.home)
    again.open_index()
    assert beside(again) == [] and found(again, "music") == before and len(asked(server)) == count


def test_an_index_with_wide_vectors_is_not_taken_for_one_that_has_outgrown_its_rows(
    noted: Desk, scripted: Servers, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.index.BYTES_EMPTY", 200_000)
    many(noted, 300)
    use(noted, scripted(embeds(lambda text: [*by_length(text), *[0.001] * 3_000])))
    noted.open_index()
    noted.embed_by_endpoint()
    noted.close()
    folder = noted.settings.index_folder
    assert max(path.stat().st_size for path in folder.rglob("*.bin")) > 1_000_000, "or the width is not put to the test"
    assert _as_we_left_it(folder, open_home(noted.settings.home)._room())


def test_rebuilding_the_index_brings_the_endpoints_vectors_back_without_asking_it(
    noted: Desk, scripted: Servers
) -> None:
    server = scripted(embeds(by_length))
    use(noted, server)
    noted.open_index()
    noted.embed_by_endpoint()
    count = len(asked(server))
    noted.rebuild_index()
    assert len(beside(noted)) == 1 and len(asked(server)) == count
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]


# What goes wrong


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (fails(401), "The key is not accepted"),
        (fails(429, "slow down", retry_after="20"), "busy with too many requests"),
        (fails(500), "fault of its own"),
        (embeds(longer), "Another model than before"),
        (lambda to, _: to.head(), "not"),
        (lambda to, _: says(to, {"data": []}), "one list of numbers"),
    ],
)
def test_an_error_in_the_middle_leaves_search_to_the_built_in_model_and_says_so(
    script: Script, sentence: str, noted: Desk, scripted: Servers
) -> None:
    many(noted, AT_ONCE)
    before = found(noted, "music")
    server = scripted(embeds(by_length), script)
    by = use(noted, server)
    noted.embed_by_endpoint()
    assert sentence in noted.search_trouble and noted.records.count_others(by.name) == AT_ONCE
    count = len(server.requests)
    assert found(noted, "music") == before and len(server.requests) == count, "it is left alone for a while"


def test_an_endpoint_that_goes_away_leaves_search_to_the_built_in_model_and_comes_back(
    noted: Desk, scripted: Servers
) -> None:
    before = found(noted, "music")
    server = scripted(embeds(by_length), embeds(by_length), fails(503), embeds(by_length))
    by = use(noted, server)
    noted.embed_by_endpoint()
    assert found(noted, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]
    assert found(noted, "music") == before and "fault of its own" in noted.search_trouble
    by._rests_until = 0.0
    noted.embed_by_endpoint()
    assert noted.search_trouble == "" and found(noted, as_long_as(TEXTS[1]), 1) == [TEXTS[1]]


def test_nobody_there_is_said(noted: Desk, free_port: int) -> None:
    choose_embeddings(noted.settings, ChosenEmbeddings(url=f"http://127.0.0.1:{free_port}/v1", model="m"))
    noted.embeddings_changed()
    noted.embed_by_endpoint()
    assert "Start the program that serves the model" in noted.search_trouble and found(noted, "music", 1) == [TEXTS[3]]


def test_a_query_that_is_not_answered_in_time_goes_by_the_built_in_model(
    noted: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(noted, "music")
    server = scripted(embeds(by_length), lambda to, _: to.gone(60))
    use(noted, server)
    noted.embed_by_endpoint()
    monkeypatch.setattr("coach.by_endpoint.QUERY_SECONDS", 0.2)
    assert found(noted, "music") == before and "took too long" in noted.search_trouble


def test_another_model_by_the_same_name_is_noticed_and_embedding_again_mends_it(
    noted: Desk, scripted: Servers, open_home: OpenHome
) -> None:
    server = scripted(embeds(by_length), embeds(lambda text: by_length(text)[::-1]))
    use(noted, server)
    noted.embed_by_endpoint()
    later = open_home(noted.settings.home)
    assert found(later, "music", 1) == [TEXTS[3]] and "Another model than before" in later.search_trouble
    use(later, server, again=1)
    later.embed_by_endpoint()
    assert later.search_trouble == "" and found(later, as_long_as(TEXTS[2]), 1) == [TEXTS[2]]


def test_a_text_too_long_for_the_model_is_read_from_its_beginning(noted: Desk, scripted: Servers) -> None:
    def short_sighted(to: object, request: dict[str, list[str]]) -> None:
        much = sum(map(len, request["input"])) > 1_000
        answer = fails(400, "maximum context length is 1000") if much else embeds(by_length)
        answer(to, request)  # type: ignore[arg-type]

    add_note(noted, person_named(noted, "Amara"), "Long story. " * 300, "observation", False, DAY)
    server = scripted(short_sighted)
    by = use(noted, server)
    noted.embed_by_endpoint()
    assert by.trouble == "" and noted.records.count_others(by.name) == len(TEXTS) + 1
    assert (
        sorted(len(text) for text in asked(server) if text.startswith("Long"))[0] == len("Long story. " * 300) // 4 - 1
    )


# What may leave


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What would have left for another machine: nothing here reaches one."""
    texts: list[str] = []

    def embed(where: Endpoint, some: Sequence[str], seconds: float) -> np.ndarray:  # type: ignore[type-arg]
        texts.extend(some)
        vectors = np.array([by_length(text) for text in some], dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    monkeypatch.setattr("coach.desk._embed_there", embed)
    yield texts


ELSEWHERE = "https://models.example/v1"


@pytest.mark.parametrize("by_environment", [True, False])
def test_nothing_leaves_this_machine_before_the_leader_agreed(
    noted: Desk, left: list[str], by_environment: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = ChosenEmbeddings()
    if by_environment:
        monkeypatch.setenv("COACH_EMBEDDINGS_URL", ELSEWHERE)
        monkeypatch.setenv("COACH_EMBEDDINGS_MODEL", "m")
    else:
        choice = ChosenEmbeddings(url=ELSEWHERE, model="m")
        choose_embeddings(noted.settings, choice)
    noted.embeddings_changed()
    noted.open_index()
    noted.embed_by_endpoint()
    assert found(noted, "music", 1) == [TEXTS[3]] and left == []
    assert "models.example gets no note before you agree" in noted.search_trouble

    choose_embeddings(noted.settings, choice.model_copy(update={"agreed": ELSEWHERE}))
    noted.embeddings_changed()
    noted.embed_by_endpoint()
    assert sorted(left) == sorted(TEXTS), "every note, the private ones too"

    choose_embeddings(noted.settings, choice.model_copy(update={"agreed": "https://other.example/v1"}))
    noted.embeddings_changed()
    found(noted, "music", 1)
    assert sorted(left) == sorted(TEXTS) and noted.by_endpoint is None, "agreed for one address alone"


def test_nothing_leaves_over_a_way_that_others_can_read(noted: Desk, left: list[str]) -> None:
    choose_embeddings(
        noted.settings, ChosenEmbeddings(url="http://models.example/v1", model="m", agreed="http://models.example/v1")
    )
    noted.embeddings_changed()
    noted.embed_by_endpoint()
    found(noted, "music")
    assert left == [] and "not encrypted" in noted.search_trouble
    assert not notes_may_leave(noted.settings, Endpoint(url="http://192.168.1.7:11434", model="m"))
    assert notes_may_leave(noted.settings, Endpoint(url="http://127.0.0.1:11434", model="m"))


def test_once_stopped_nothing_more_is_sent(noted: Desk, left: list[str]) -> None:
    many(noted, 3 * AT_ONCE)
    choose_embeddings(noted.settings, ChosenEmbeddings(url=ELSEWHERE, model="m", agreed=ELSEWHERE))
    noted.embeddings_changed()
    noted.embed_by_endpoint(lambda done, of: noted.embeddings_changed())
    assert len(left) == AT_ONCE


# Which one, and its key


def test_the_environment_names_it_with_a_key_of_its_own(home: Path) -> None:
    settings = read_settings(home, {})
    environ = {"COACH_EMBEDDINGS_URL": "localhost:11434", "COACH_EMBEDDINGS_MODEL": "m", "COACH_EMBEDDINGS_KEY": "sk-1"}
    where = embedding_endpoint(settings, environ)
    assert where and (where.url, where.model, where.key) == ("http://localhost:11434/v1", "m", "sk-1")
    assert embedding_endpoint(settings, {}) is None


def test_a_model_that_was_not_named_is_asked_for(noted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_EMBEDDINGS_URL", "localhost:11434")
    noted.embeddings_changed()
    assert "COACH_EMBEDDINGS_MODEL" in noted.search_trouble and found(noted, "music", 1) == [TEXTS[3]]


def test_the_key_for_search_and_the_key_for_drafting_are_kept_apart(desk: Desk) -> None:
    settings = desk.settings
    keep_key(settings, ELSEWHERE, "sk-draft")
    choose_embeddings(settings, ChosenEmbeddings(url=ELSEWHERE, model="m"))
    where = embedding_endpoint(settings, {})
    assert where and where.key == "sk-draft", "at the same address"
    keep_key(settings, "https://two.example/v1", "sk-search", KEY_OF)
    choose_embeddings(settings, ChosenEmbeddings(url="https://two.example/v1", model="m"))
    where = embedding_endpoint(settings, {})
    assert where and where.key == "sk-search" and kept_key(settings, ELSEWHERE) == "sk-draft"
    choose_embeddings(settings, ChosenEmbeddings(url="https://three.example/v1", model="m"))
    where = embedding_endpoint(settings, {})
    assert where and where.key == ""


def test_the_name_of_its_vectors_holds_the_address_and_the_model_and_nothing_secret() -> None:
    where = Endpoint(url="https://models.example/v1?api-version=1&code=hidden", model="m", key="sk-1")
    assert embedder_name(where, ChosenEmbeddings()) == "m at https://models.example/v1"
    assert embedder_name(where, ChosenEmbeddings(again=1)) != embedder_name(where, ChosenEmbeddings())


# Forgotten, and looked after


def test_of_a_forgotten_person_no_vector_by_the_endpoint_is_left_in_any_file(noted: Desk, scripted: Servers) -> None:
    load_sample(noted, DAY)
    by = use(noted, scripted(embeds(its_own)))
    noted.open_index()
    noted.embed_by_endpoint()
    revisions = [note.revision for note in noted.records.notes() if note.person == "Amara Quartermain"]
    planted = [vector.tobytes() for vector in noted.records.other_vectors_of(by.name, revisions)]
    kept = len(noted.records.notes()) - len(TEXTS)
    assert any(planted[0] in data for data in files(noted))
    noted.forget(person_named(noted, "Amara Quartermain"))
    assert not [data for data in files(noted) for vector in planted if vector in data]
    assert noted.records.count_others(by.name) == kept and kept > 10


def files(desk: Desk) -> list[bytes]:
    return [path.read_bytes() for path in desk.settings.home.rglob("*") if path.is_file()]


def test_the_doctor_says_how_far_it_is(noted: Desk, scripted: Servers, free_port: int) -> None:
    def says_of_it() -> tuple[bool, str]:
        (part,) = [part for part in examine(noted.settings) if part.name == "embedding endpoint"]
        return part.works, part.says

    assert says_of_it() == (True, "none: search goes by the language model here")
    use(noted, scripted(embeds(by_length)))
    assert says_of_it()[0] and "3 numbers a text, 0 of 6 notes" in says_of_it()[1]
    choose_embeddings(noted.settings, ChosenEmbeddings(url=f"http://127.0.0.1:{free_port}/v1", model="m"))
    works, said = says_of_it()
    assert not works and "Nothing answers" in said
    choose_embeddings(noted.settings, ChosenEmbeddings(url=ELSEWHERE, model="m"))
    works, said = says_of_it()
    assert not works and "before you agree" in said


def test_reindex_embeds_what_waits(noted: Desk, scripted: Servers, coach: Path) -> None:
    by = use(noted, scripted(embeds(by_length)))
    done = subprocess.run(
        [coach, "--home", noted.settings.home, "reindex"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert noted.records.count_others(by.name) == len(TEXTS)


# A real server


def test_llama_cpp_embeds_a_notebook_and_is_searched_by(noted: Desk, tiny_embeddings: Endpoint) -> None:
    add_note(
        noted, person_named(noted, "Amara"), "Tells long stories of the old ward. " * 120, "observation", False, DAY
    )
    choose_embeddings(noted.settings, ChosenEmbeddings(url=tiny_embeddings.url, model=tiny_embeddings.model))
    noted.embeddings_changed()
    noted.open_index()
    noted.embed_by_endpoint()
    by = noted.by_endpoint
    assert by and by.trouble == "" and by.has_all() and noted.records.other_dimension(by.name) == 576
    assert found(noted, TEXTS[0], 1) == [TEXTS[0]] and noted.search_trouble == "" and TEXTS[0] in by._queries
    with pytest.raises(ModelFailed):
        embed_texts(tiny_embeddings, ["Tells long stories of the old ward. " * 120], 30)
