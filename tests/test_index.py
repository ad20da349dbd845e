"""The vector index: agrees with the records, can always be rebuilt, holds nobody's words, and may be missing."""

import http.server
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coach.desk import Desk
from coach.errors import IndexBusy, IndexUnusable
from coach.exchange import add_note, person_named
from coach.index import PRINCIPLES, exact_nearest, notes_collection, open_index
from coach.records import Person

DAY = date(2026, 5, 4)
TEXTS = (
    "Stayed after the night shift to walk the new porter through the bed list.",
    "Her daughter plays the cello on Fridays.",
    "Wants to present the figures to the board in autumn.",
    "Missed the handover on Monday and said so herself.",
    "Calmed a father whose appointment had been lost.",
    "Prefers a quiet word to a speech.",
)
QUERIES = ("music", "she would like to speak in front of people", "an upset visitor", "late for the meeting")
OpenHome = Callable[..., Desk]


@pytest.fixture
def amara(desk: Desk) -> Person:
    """With six notes, half of them private."""
    person = person_named(desk, "Amara Quartermain")
    for at, text in enumerate(TEXTS):
        add_note(desk, person, text, "observation", at % 2 == 1, DAY, f"n{at}")
    return person


def found(desk: Desk, query: str, k: int = 6) -> list[str]:
    return [fitting.note.text for fitting in desk.notes(query, None, None, DAY, k)]


def opened(desk: Desk) -> Desk:
    desk.open_index()
    assert desk.index is not None, desk.index_state
    return desk


# Agreement


def test_the_index_gives_what_comparing_with_every_row_gives(desk: Desk, amara: Person) -> None:
    before = {query: (found(desk, query), desk.principles(query, 10)) for query in QUERIES}
    assert opened(desk).embedder and desk.index
    revisions, vectors = desk.records.note_vectors(desk.embedder.name)
    for query in QUERIES:
        vector = desk.vector(query)
        assert vector is not None
        exact = exact_nearest(revisions, vectors, vector, 4)
        near = desk.index.nearest(notes_collection("me"), desk.embedder.name, vector, 4)
        assert list(near) == list(exact) and np.allclose(list(near.values()), list(exact.values()), atol=1e-5)
        assert found(desk, query) == before[query][0]
        assert [f.principle.id for f in desk.principles(query, 10)] == [f.principle.id for f in before[query][1]]


def test_only_some_of_the_rows_can_be_asked_for(desk: Desk, amara: Person) -> None:
    assert opened(desk).embedder and desk.index
    vector, name = desk.vector("music"), desk.embedder.name
    assert vector is not None
    some = [n.revision for n in desk.records.notes(public=True)]
    assert set(desk.index.nearest(notes_collection("me"), name, vector, 10, some)) == set(some)
    assert desk.index.nearest(notes_collection("me"), name, vector, 10, []) == {}


def test_a_new_a_changed_and_a_deleted_note_are_seen_at_the_next_search(desk: Desk, amara: Person) -> None:
    opened(desk)
    assert found(desk, "music", 1) == [TEXTS[1]]
    add_note(desk, amara, "Keeps bees behind the clinic.", "personal", False, DAY, "n1")
    assert TEXTS[1] not in found(desk, "music") and found(desk, "honey", 1) == ["Keeps bees behind the clinic."]
    desk.records.delete_note("n1")
    assert len(found(desk, "honey")) == len(TEXTS) - 1 and "Keeps bees behind the clinic." not in found(desk, "honey")
    assert desk.index and _count(desk) == len(TEXTS) - 1


def _count(desk: Desk) -> int:
    assert desk.index and desk.embedder
    return int(desk.index._collection(notes_collection("me"), desk.embedder.name).count())


def test_notes_written_by_another_process_are_seen_at_the_next_search(
    desk: Desk, amara: Person, open_home: OpenHome
) -> None:
    opened(desk)
    other = open_home(desk.settings.home)
    add_note(other, person_named(other, "Wei"), "Keeps bees.", "personal", False, DAY)
    assert found(desk, "honey", 1) == ["Keeps bees."]


def test_what_was_written_while_the_index_was_closed_is_in_it_when_it_opens(desk: Desk, amara: Person) -> None:
    opened(desk).close()
    desk.records.delete_note("n0")
    add_note(desk, amara, "Keeps bees.", "personal", False, DAY)
    assert _count(opened(desk)) == len(TEXTS)
    assert found(desk, "honey", 1) == ["Keeps bees."] and TEXTS[0] not in found(desk, "porter")


def test_vectors_of_another_model_are_thrown_away(desk: Desk, amara: Person) -> None:
    assert opened(desk).index
    assert desk.index and desk.embedder
    desk.index.follow(
        "try", "model-a", ["x"], lambda ids: np.eye(len(ids), 384, dtype=np.float32), lambda done, of: None
    )
    vector = np.eye(1, 384, dtype=np.float32)[0]
    assert list(desk.index.nearest("try", "model-a", vector, 5)) == ["x"]
    assert desk.index.nearest("try", "model-b", vector, 5) == {}


def test_rebuilding_an_open_index_leaves_it_open_and_complete(desk: Desk, amara: Person) -> None:
    seen: list[tuple[int, int]] = []
    assert opened(desk).rebuild_index(lambda done, of: seen.append((done, of))) == len(TEXTS)
    assert seen[-1] == (len(TEXTS), len(TEXTS)) and _count(desk) == len(TEXTS)
    add_note(desk, amara, "Keeps bees.", "personal", False, DAY)
    assert found(desk, "honey", 1) == ["Keeps bees."] and _count(desk) == len(TEXTS) + 1


# Broken and busy


@pytest.mark.parametrize("damage", ["garbage", "truncated", "emptied", "removed", "vectors torn"])
def test_a_broken_folder_is_rebuilt_and_search_is_complete(
    desk: Desk, amara: Person, open_home: OpenHome, damage: str
) -> None:
    opened(desk).close()
    store = desk.settings.index_folder / "chroma.sqlite3"
    if damage == "garbage":
        store.write_bytes(b"\x13garbage" * 5_000)
    elif damage == "truncated":
        store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])
    elif damage == "emptied":
        store.write_bytes(b"")
    elif damage == "removed":
        store.unlink()
    else:
        for path in desk.settings.index_folder.rglob("*.bin"):
            path.write_bytes(path.read_bytes()[:7] + b"\xff" * 40)
    again = opened(open_home(desk.settings.home))
    assert sorted(found(again, "music")) == sorted(TEXTS) and _count(again) == len(TEXTS)
    assert found(again, "music", 1) == [TEXTS[1]] and again.principles("praise", 3)


def test_a_second_opening_is_told_that_the_index_is_busy_and_searches_without_it(
    desk: Desk, amara: Person, open_home: OpenHome
) -> None:
    opened(desk)
    with pytest.raises(IndexBusy):
        open_index(desk.settings.index_folder, None)
    other = open_home(desk.settings.home)
    other.open_index()
    assert other.index is None and "another window" in other.index_state
    assert found(other, "music") == found(desk, "music")
    with pytest.raises(IndexBusy):
        other.rebuild_index()
    desk.close()
    assert opened(other).index_state == "ready"


def test_a_second_process_is_told_that_the_index_is_busy_and_searches_without_it(
    desk: Desk, amara: Person, coach: Path
) -> None:
    opened(desk)
    command = [coach, "--home", desk.settings.home]
    reindex = subprocess.run([*command, "reindex"], capture_output=True, text=True, check=False)
    assert reindex.returncode == 1 and "another window" in reindex.stderr and "Traceback" not in reindex.stderr
    search = subprocess.run(
        [*command, "notes", "search", "music", "-k", "1"], capture_output=True, text=True, check=False
    )
    assert search.returncode == 0 and TEXTS[1] in search.stdout
    assert found(desk, "music", 1) == [TEXTS[1]]


def test_a_person_is_not_half_forgotten_while_another_process_has_the_index(
    desk: Desk, amara: Person, open_home: OpenHome
) -> None:
    opened(desk)
    other = open_home(desk.settings.home)
    with pytest.raises(IndexBusy):
        other.forget(amara)
    assert len(other.records.notes()) == len(TEXTS)


# What it holds


def test_no_file_of_the_index_keeps_what_lay_in_memory(tmp_path: Path) -> None:
    """glibc fills what it gives out and takes back, so that a file made of it cannot be blank by chance."""
    fills = (
        "import sys, numpy as np; from pathlib import Path; from coach.index import open_index\n"
        "rows = np.random.default_rng(1).normal(size=(300, 384)).astype('float32'); ids = [str(at) for at in range(300)]\n"
        "index = open_index(Path(sys.argv[1]), None)\n"
        "index.follow('notes', 'e', ids, lambda some: rows[[int(i) for i in some]], lambda done, of: None)\n"
        "print(next(iter(index.nearest('notes', 'e', rows[7], 3)))); index.close()\n"
    )
    for _ in range(2):  # made, and opened again
        ran = subprocess.run(
            [sys.executable, "-c", fills, str(tmp_path / "index")],
            env={**os.environ, "MALLOC_PERTURB_": "90"}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout == "7\n"
        files = [
            path for path in (tmp_path / "index").glob("*/*.bin") if path.name in ("data_level0.bin", "length.bin")
        ]
        assert len(files) == 2 and not any(any(path.read_bytes()) for path in files)


def test_the_index_holds_no_text_and_no_name(desk: Desk, amara: Person) -> None:
    opened(desk)
    assert desk.index
    data = [path.read_bytes().lower() for path in desk.settings.index_folder.rglob("*") if path.is_file()]
    words = {word.lower().strip(".,") for text in TEXTS for word in text.split() if len(word) > 6}
    words |= {"amara", "quartermain", *(example.text[:20].lower() for example in desk.library.examples)}
    assert len(words) > 30
    assert [word for word in words if any(word.encode() in content for content in data)] == []
    for name in (PRINCIPLES, notes_collection("me")):
        kept = desk.index._collection(name, "all-MiniLM-L6-v2").get(include=["documents", "metadatas", "uris"])
        assert not any(kept["documents"] or ()) and not any(kept["metadatas"] or ()) and not any(kept["uris"] or ())


# A server


@pytest.fixture
def server(tmp_path: Path, free_port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Chroma server on loopback."""
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--host", "127.0.0.1", "--port", str(free_port), "--path", tmp_path / "server"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{free_port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=5).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    yield url, process
    process.kill()
    process.wait()


def test_a_chroma_server_serves_as_well_as_the_folder(
    server: tuple[str, subprocess.Popen[bytes]], home: Path, open_home: OpenHome, desk: Desk, amara: Person
) -> None:
    url, _ = server
    without = {query: found(desk, query) for query in QUERIES}
    remote = opened(open_home(home, COACH_CHROMA_URL=url))
    assert not remote.settings.index_folder.exists()
    assert {query: found(remote, query) for query in QUERIES} == without and _count(remote) == len(TEXTS)
    desk.records.delete_note("n1")
    assert TEXTS[1] not in found(remote, "music") and _count(remote) == len(TEXTS) - 1
    remote.close()
    assert remote.rebuild_index() == len(TEXTS) - 1
    remote.close()
    assert remote.forget(amara).notes == len(TEXTS) - 1
    assert _count(remote) == 0 and found(remote, "music") == []


def test_a_server_that_goes_away_is_unusable_in_one_sentence(
    server: tuple[str, subprocess.Popen[bytes]], home: Path, open_home: OpenHome, desk: Desk, amara: Person
) -> None:
    url, process = server
    remote = opened(open_home(home, COACH_CHROMA_URL=url))
    process.kill()
    process.wait()
    assert remote.index and remote.embedder
    with pytest.raises(IndexUnusable):
        remote.index.nearest(PRINCIPLES, remote.embedder.name, np.eye(1, 384, dtype=np.float32)[0], 3)


def test_search_goes_on_exactly_when_its_server_dies_and_the_connection_is_let_go(
    server: tuple[str, subprocess.Popen[bytes]], home: Path, open_home: OpenHome, desk: Desk, amara: Person
) -> None:
    url, process = server
    without = {query: (found(desk, query), desk.principles(query, 5)) for query in QUERIES}
    remote = opened(open_home(home, COACH_CHROMA_URL=url))
    client = remote.index
    assert remote.rebuild_index() == len(TEXTS) and remote.index is client, "the open one is used, none is left behind"
    process.kill()
    process.wait()
    assert {query: found(remote, query) for query in QUERIES} == {query: notes for query, (notes, _) in without.items()}
    for query in QUERIES:
        assert [f.principle.id for f in remote.principles(query, 5)] == [f.principle.id for f in without[query][1]]
    assert remote.index is None and "does not answer" in remote.index_state
    add_note(remote, amara, "Keeps bees behind the clinic.", "personal", False, DAY)
    assert found(remote, "honey", 1) == ["Keeps bees behind the clinic."]


class _NotFound(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None: ...


def test_a_server_that_is_no_chroma_is_unusable_in_one_sentence(tmp_path: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), _NotFound) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(IndexUnusable, match="COACH_CHROMA_URL"):
            open_index(tmp_path, f"http://127.0.0.1:{other.server_port}")
        other.shutdown()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}", "127.0.0.1:{port}", "http://127.0.0.1:99999", "http://user:hidden@127.0.0.1:{port}"],
)
def test_without_its_server_search_works_and_says_so(home: Path, open_home: OpenHome, free_port: int, url: str) -> None:
    desk = open_home(home, COACH_CHROMA_URL=url.format(port=free_port))
    add_note(desk, person_named(desk, "Amara"), TEXTS[1], "personal", False, DAY)
    desk.open_index()
    assert desk.index is None
    assert "No Chroma server answers" in desk.index_state and "COACH_CHROMA_URL" in desk.index_state
    assert "hidden" not in desk.index_state
    assert found(desk, "music") == [TEXTS[1]] and desk.principles("praise", 3)
    with pytest.raises(IndexUnusable):
        desk.rebuild_index()
