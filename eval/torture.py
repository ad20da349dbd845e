"""What must hold when things break: real processes, real kills, real full disks (`make torture`, some tens of minutes).

Each row of the table is a function that takes how often to try and returns what it saw; the tests run the same functions
a few times. Prints one line a row; the exit status is 1 where one does not hold.
"""

import argparse
import base64
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
from pydantic import SecretStr

from coach.backup import make_backup
from coach.desk import Desk, open_desk
from coach.embed import SEARCH_NAME
from coach.encrypt import encrypt
from coach.errors import CoachError
from coach.exchange import add_note, export_all, person_named
from coach.index import BYTES_A_ROW, BYTES_EMPTY, exact_nearest, notes_collection
from coach.principles import read_library
from coach.records import Message, Note, Person, new_id
from coach.settings import read_settings

COACH = Path(sys.executable).with_name("coach")
DAY = date(2026, 5, 4)
PATIENCE = 600.0
"""Seconds: the machine may be busy; how long a thing took is printed, not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How often a row was tried, what went wrong, and what else was seen."""

    row: str
    tries: int
    wrong: tuple[str, ...]
    seen: str = ""

    def __str__(self) -> str:
        return f"{'holds' if not self.wrong else 'BROKEN':7} {self.row:46} {self.tries:5} tries, {len(self.wrong)} wrong  {self.seen}"


# Processes


@contextmanager
def worker(*command: str | Path | int, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """One of the processes below, its words read line by line; gone at the end whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "eval.torture", *map(str, command)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environ,
        cwd=Path(__file__).parent.parent,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def begin(process: subprocess.Popen[str]) -> str:
    """Lets a writer begin. Returns what it says of its index."""
    said = json.loads(lines_of(process).readline())["index"]
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return str(said)


def lines_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def checked(home: Path, **environ: str) -> dict[str, Any]:
    """A fresh start of a home, as the app does it, and what it finds."""
    with worker("check", home, **environ) as process:
        out, err = process.communicate(timeout=PATIENCE)
    if process.returncode:
        return {"error": err.strip().splitlines()[-1:] or [process.returncode]}
    return dict(json.loads(out.splitlines()[-1]))


def _so_far(row: str, at: int, tries: int, wrong: Sequence[str]) -> None:
    """On standard error, for whoever waits."""
    if at % 5 == 4:
        print(f"        {row}: {at + 1} of {tries}, {len(wrong)} wrong", file=sys.stderr, flush=True)


def _say(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def _desk(home: Path) -> Desk:
    return open_desk(read_settings(home))


def do_write(home: Path, prefix: str, count: int) -> None:
    """Writes notes one after the other, says each when it is kept, and searches now and then, so that the index follows."""
    desk = _desk(home)
    desk.open_index()
    person = person_named(desk, "Amara Okafor")
    _say(index=desk.index_state)
    sys.stdin.readline()
    for at in range(count):
        add_note(desk, person, f"{prefix} saw that {at} things were done", "observation", False, DAY, f"{prefix}-{at}")
        _say(kept=f"{prefix}-{at}")
        if at % 10 == 9:
            desk.notes("things done", None, None, DAY, 3)
    desk.close()
    desk.records.close()


def do_rebuild(home: Path, rebuild: bool) -> None:
    """Rebuilds the index, or opens it after half the notes changed, and says how far it is."""
    desk = _desk(home)

    def progress(done: int, of: int) -> None:
        _say(done=done, of=of)

    _say(start=True)
    if rebuild:
        desk.rebuild_index(progress)
    else:
        desk.open_index(progress)
        _fill(desk, len(desk.records.notes()) // 2, random.Random().randrange(10**6))
        _say(start=True)
        desk.notes("anything", None, None, DAY, 3)
    _say(ended=True)


def do_check(home: Path) -> None:
    """Opens the home and compares search with the exact answer and the index with the records."""
    started = time.perf_counter()
    desk = _desk(home)
    vector = _unit(1, 77)[0]
    found = desk._nearest_notes(vector, None, False)
    searched = time.perf_counter() - started
    desk.open_index()
    ready = time.perf_counter() - started
    ids, vectors = desk.records.note_vectors(SEARCH_NAME)
    exact = exact_nearest(ids, vectors, vector, len(found) or 1)
    indexed = (
        set(desk.index._collection(notes_collection("me"), SEARCH_NAME).get(include=[])["ids"]) if desk.index else None
    )
    near = desk._nearest_notes(vector, None, False)
    _say(
        notes=[note.id for note in desk.records.notes()],
        people=[person.name for person in desk.records.people()],
        searched=searched,
        ready=ready,
        state=desk.index_state,
        complete=list(found) == list(exact) and set(near) <= set(ids) and (not ids or bool(near)),
        agree=indexed is None or indexed == set(ids),
        indexed=-1 if indexed is None else len(indexed),
        principles=len(desk.principles("she was interrupted again", 3)),
        words=desk.records._rows("SELECT count(*) AS held FROM notes_fts WHERE notes_fts MATCH 'things'")[0].held,
    )
    desk.close()
    desk.records.close()


def do_rekey(home: Path, new: str) -> None:
    _say(start=True)
    encrypt(read_settings(home), SecretStr(new))
    _say(ended=True)


def do_forget(home: Path) -> None:
    desk = _desk(home)
    desk.open_index()
    _say(start=True)
    desk.forget(person_named(desk, "Amara Okafor"))
    _say(ended=True)


# Homes


def _unit(count: int, seed: int) -> Any:
    rows = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _fill(desk: Desk, count: int, seed: int) -> None:
    """Notes with vectors of no text: what is tried here does not read them."""
    person = person_named(desk, "Amara Okafor")
    notes = [
        Note(
            id=f"n{at}",
            person_id=person.id,
            person=person.name,
            date=DAY,
            kind="observation",
            private=False,
            text=f"{at} things, by {seed}",
        )
        for at in range(count)
    ]
    desk.records.keep_notes(notes, _unit(count, seed), SEARCH_NAME)


def filled(home: Path, count: int) -> Path:
    desk = _desk(home)
    _fill(desk, count, 5)
    desk.open_index()
    desk.close()
    desk.records.close()
    return home


def too_large(home: Path, notes: int) -> list[str]:
    """Files over three times what they should take; apparent size, so that a sparse one counts."""
    expected = 3 * (BYTES_EMPTY + BYTES_A_ROW * (notes + len(read_library().examples)))
    return [p.name for p in home.rglob("*") if p.is_file() and p.stat().st_size > expected]


# Kills


def kill_writes(tries: int, folder: Path, seed: int = 1) -> Held:
    """SIGKILL while notes are written: what was acknowledged is there, and records and index agree after a start."""
    chance, wrong, kept = random.Random(seed), [], 0
    home = folder / "home"
    acknowledged: set[str] = set()
    for at in range(tries):
        with worker("write", home, f"w{at}", 10_000) as process:
            stop = chance.randrange(1, 40)
            begin(process)
            for line in lines_of(process):
                acknowledged |= {json.loads(line)["kept"]} if "kept" in line else set()
                if len(acknowledged) >= kept + stop:
                    break
            time.sleep(chance.random() * 0.05)
            process.kill()
            acknowledged |= {
                json.loads(line)["kept"] for line in lines_of(process) if line.endswith("}\n") and "kept" in line
            }
        kept = len(acknowledged)
        if at % 5 == 4 or at == tries - 1:
            wrong += _disagreement(checked(home), acknowledged, at)
        _so_far("writes", at, tries, wrong)
    return Held(row="SIGKILL while notes are written", tries=tries, wrong=tuple(wrong), seen=f"{kept} acknowledged")


def _disagreement(found: dict[str, Any], acknowledged: set[str], at: int) -> list[str]:
    if "error" in found:
        return [f"{at}: {found['error']}"]
    lost = acknowledged - set(found["notes"])
    one_more = len(set(found["notes"]) - acknowledged) > at + 1  # each kill may leave one that was kept, not yet said
    bad = lost or one_more or not found["agree"] or not found["complete"] or found["words"] != len(found["notes"])
    return (
        [f"{at}: {len(lost)} lost, agree {found['agree']}, complete {found['complete']}, {found['state']}"]
        if bad
        else []
    )


def kill_index(tries: int, folder: Path, notes: int = 5_000, seed: int = 2) -> Held:
    """SIGKILL aimed at an index write or rebuild: the next start needs nobody, and its search is complete."""
    chance = random.Random(seed)
    wrong: list[str] = []
    searched, ready = [0.0], [0.0]
    home = filled(folder / "home", notes)
    for at in range(tries):
        with worker("rebuild", home, at % 2) as process:
            stop = chance.randrange(1, 2 + notes // 1_000)
            for _ in range(stop):
                lines_of(process).readline()
            time.sleep(chance.random() * 0.3)
            process.kill()
        found = checked(home)
        _so_far("index", at, tries, wrong)
        if "error" in found:
            wrong.append(f"{at}: {found['error']}")
            continue
        searched.append(found["searched"])
        ready.append(found["ready"])
        large = too_large(home, notes)
        if (
            found["state"] != "ready"
            or not found["agree"]
            or not found["complete"]
            or found["indexed"] != notes
            or large
        ):
            wrong.append(f"{at}: {found['state']}, {found['indexed']} indexed, {large}")
    seen = f"complete search after {max(searched):.1f} s at most, index ready after {max(ready):.1f} s, {notes} notes"
    return Held(row="SIGKILL aimed at the index", tries=tries, wrong=tuple(wrong), seen=seen)


def kill_forgetting(tries: int, folder: Path, seed: int = 3) -> Held:
    """SIGKILL while a person is being forgotten: the next start ends it, in every file."""
    chance, wrong = random.Random(seed), []
    for at in range(tries):
        home = folder / f"home{at}"
        desk = _desk(home)
        add_note(desk, person_named(desk, "Amara Okafor"), "Zwölfkämpferin of 1987", "personal", True, DAY)
        add_note(desk, person_named(desk, "Wei Chen"), "Stays as it is.", "observation", False, DAY, "stays")
        make_backup(desk.records.database.place, datetime(2026, 5, 4))
        desk.records.close()
        with worker("forget", home) as process:
            lines_of(process).readline()
            time.sleep(chance.random() * 0.5)
            process.kill()
        found = checked(home)
        started = found.get("people") == ["Wei Chen"]
        if (
            "error" in found
            or "stays" not in found["notes"]
            or (started and _left(home, {"": "Zwölfkämpferin".encode()}))
        ):
            wrong.append(f"{at}: {found}")
        shutil.rmtree(home)
    return Held(row="SIGKILL while a person is forgotten", tries=tries, wrong=tuple(wrong))


def kill_rekey(tries: int, folder: Path, seed: int = 4) -> Held:
    """SIGKILL while the key is changed: one of the two passphrases opens the notebook, whole, and no file is readable."""
    chance, wrong, ended = random.Random(seed), [], 0
    home = folder / "home"
    desk = _desk(home)
    _fill(desk, 500, 5)
    make_backup(desk.records.database.place, datetime(2026, 5, 4))
    desk.records.close()
    now = "the first passphrase"
    encrypt(read_settings(home), SecretStr(now))
    for at in range(tries):
        new = f"passphrase {at}"
        with worker("rekey", home, new, COACH_PASSPHRASE=now) as process:
            lines_of(process).readline()
            time.sleep(chance.random() * 0.8)
            process.kill()
            ended += "ended" in lines_of(process).read()
        opened = [word for word in (new, now) if len(checked(home, COACH_PASSPHRASE=word).get("notes", ())) == 500]
        if not opened:
            wrong.append(f"{at}: neither passphrase opens it")
            break
        now = opened[0]
        _so_far("rekey", at, tries, wrong)
        if _left(home, {"": b"things, by"}):
            wrong.append(f"{at}: plain text in {_left(home, {'': b'things, by'})}")
    return Held(row="SIGKILL while the key is changed", tries=tries, wrong=tuple(wrong), seen=f"{ended} had ended")


# Broken stores


def _old_store(folder: Path) -> Path:
    """A store as another Chroma user leaves it, its vectors written out: what can be torn."""
    import chromadb

    client: Any = chromadb.PersistentClient(str(folder))
    made = client.create_collection(
        notes_collection("me"),
        embedding_function=None,
        metadata={"embedder": SEARCH_NAME},
        configuration={"hnsw": {"space": "cosine", "sync_threshold": 100, "batch_size": 50}},
    )
    made.upsert(ids=[f"old{at}" for at in range(300)], embeddings=_unit(300, 1))
    client.close()
    return next(path for path in folder.iterdir() if path.is_dir())


def _empty_pickle(index: Path) -> None:
    (_old_store(index) / "index_metadata.pickle").write_bytes(b"")


def _torn_links(index: Path) -> None:
    (_old_store(index) / "link_lists.bin").write_bytes(b"\xff" * 5_000)


def _torn_vectors(index: Path) -> None:
    path = _old_store(index) / "data_level0.bin"
    path.write_bytes(path.read_bytes()[:997])


def _sparse(index: Path) -> None:
    with (_old_store(index) / "link_lists.bin").open("r+b") as file:
        file.truncate(10**12)


def _folder_gone(index: Path) -> None:
    shutil.rmtree(_old_store(index))


def _store(damage: Callable[[Path], object]) -> Callable[[Path], None]:
    def run(index: Path) -> None:
        damage(index / "chroma.sqlite3")

    return run


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x13garbage" * 5_000)


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _wrong_dimension(index: Path) -> None:
    import chromadb

    client: Any = chromadb.PersistentClient(str(index))
    made = client.create_collection(notes_collection("me"), embedding_function=None, metadata={"embedder": SEARCH_NAME})
    made.upsert(ids=["a", "b"], embeddings=_unit(2, 1)[:, :128])
    client.close()


def _other_embedder(index: Path) -> None:
    import chromadb

    client: Any = chromadb.PersistentClient(str(index))
    made = client.create_collection(notes_collection("me"), embedding_function=None, metadata={"embedder": "other"})
    made.upsert(ids=["a", "b"], embeddings=_unit(2, 1))
    client.close()


def _read_only(index: Path) -> None:
    """Its rows cannot be written, whoever tries: for root, a mode is no wall."""
    connection = sqlite3.connect(index / "chroma.sqlite3")
    connection.execute(
        "CREATE TRIGGER no BEFORE INSERT ON embeddings_queue BEGIN SELECT RAISE(ABORT, 'attempt to write a readonly database'); END"
    )
    connection.commit()
    connection.close()
    for path in index.rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)


@contextmanager
def _locked_store(index: Path) -> Iterator[None]:
    connection = sqlite3.connect(index / "chroma.sqlite3", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


ANEW: dict[str, Callable[[Path], None]] = {
    "empty pickle": _empty_pickle,
    "torn link lists": _torn_links,
    "torn vectors": _torn_vectors,
    "sparse file of 1 TB": _sparse,
    "missing folder": _folder_gone,
    "wrong dimension": _wrong_dimension,
    "other embedder": _other_embedder,
}
"""Made in the place of ours."""
OURS: dict[str, Callable[[Path], None]] = {
    "garbage": _store(_garbage),
    "cut in half": _store(_half),
    "store emptied": _store(lambda path: path.write_bytes(b"")),
    "read-only": _read_only,
}
"""Done to ours. With the locked one that makes twelve."""


def broken_stores(folder: Path, only: Sequence[str] = ()) -> Held:
    """Each is noticed before this process lets Chroma open it, made anew, and search is complete all the while."""
    wrong = []
    model = filled(folder / "model", 200)
    names = [name for name in (*ANEW, *OURS, "locked") if not only or name in only]
    for name in names:
        home = folder / name.replace(" ", "-")
        shutil.copytree(model, home)
        index = home / "index"
        if name in ANEW:
            shutil.rmtree(index)
            index.mkdir()
            ANEW[name](index)
        elif name in OURS:
            OURS[name](index)
        held = _locked_store(index) if name == "locked" else None
        if held:
            held.__enter__()
        found = checked(home)
        if held:
            held.__exit__(None, None, None)
        if "error" in found or found["state"] != "ready" or not found["agree"] or not found["complete"]:
            wrong.append(f"{name}: {found.get('error') or found['state']}")
        elif found["indexed"] != 200 or too_large(home, 200) or [p.name for p in home.glob("index-broken-*")]:
            wrong.append(f"{name}: {found['indexed']} indexed, {too_large(home, 200)}")
        shutil.rmtree(home)
    return Held(row="broken stores", tries=len(names), wrong=tuple(wrong))


# Two processes


def two_processes(writes: int, folder: Path) -> Held:
    home = folder / "home"
    _desk(home).records.close()
    acknowledged: set[str] = set()
    with worker("write", home, "a", writes) as first:
        assert first.stdin is not None
        one = json.loads(lines_of(first).readline())["index"]
        with worker("write", home, "b", writes) as second:
            two = begin(second)
            first.stdin.write("\n")
            first.stdin.flush()
            for process in (second, first):
                acknowledged |= {json.loads(line)["kept"] for line in lines_of(process)}
    found = checked(home)
    wrong = _disagreement(found, acknowledged, 0)
    wrong += [] if one == "ready" and "another window" in two else [f"the second said: {two}"]
    wrong += [] if len(acknowledged) == 2 * writes else [f"{len(acknowledged)} acknowledged"]
    return Held(
        row="two processes on one home",
        tries=2 * writes,
        wrong=tuple(wrong),
        seen=f"{len(found.get('notes', ()))} notes",
    )


# What stops a request


def _note(home: Path, text: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [str(COACH), "--home", str(home), "notes", "add", "Amara", text]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def _told(done: subprocess.CompletedProcess[str]) -> bool:
    """One sentence, no traceback, and not the leader's words."""
    lines = done.stderr.strip().splitlines()
    return done.returncode == 1 and len(lines) == 1 and "Traceback" not in done.stderr and "unseen" not in done.stderr


def stopped(tries: int, folder: Path, kind: str) -> Held:
    """The fault, a note that cannot be kept, one sentence; with the fault gone the notebook is as it was and takes it."""
    wrong = []
    for at in range(tries):
        home = folder / f"{kind}{at}".replace(" ", "-")
        first = _note(home, "Was seen before.")
        hit = KINDS[kind](home, at)
        after = _note(home, "Comes after.")
        texts = _texts(home)
        kept_or_told = "An unseen thing." in texts or _told(hit)
        if (
            first.returncode
            or after.returncode
            or not kept_or_told
            or not {"Was seen before.", "Comes after."} <= texts
        ):
            wrong.append(f"{at}: {hit.returncode} {hit.stderr[-200:]} {sorted(texts)}")
        shutil.rmtree(home)
    return Held(row=kind, tries=tries, wrong=tuple(wrong))


def _texts(home: Path) -> set[str]:
    desk = _desk(home)
    try:
        return {note.text for note in desk.records.notes()}
    finally:
        desk.records.close()


def _disk_full(home: Path, at: int) -> subprocess.CompletedProcess[str]:
    """Every file as large as it is now and not a page larger: what a full disk is to a database."""
    size = max(path.stat().st_size for path in home.rglob("*") if path.is_file())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096 * (at % 5), size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return _note(home, "An unseen thing.", preexec_fn=limit)


def _read_only_home(home: Path, _: int) -> subprocess.CompletedProcess[str]:
    with _immutable(home):
        return _note(home, "An unseen thing.")


@contextmanager
def _immutable(home: Path) -> Iterator[None]:
    """Modes, and for root, whom they do not stop, a read-only mount of the folder over itself."""
    if os.geteuid():
        home.chmod(0o500)
        yield
        home.chmod(0o700)
        return
    at = str(home)
    for command in (["mount", "--bind", at, at], ["mount", "-o", "remount,bind,ro", at]):
        subprocess.run(command, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)  # noqa: S607


def _clock_back(home: Path, at: int) -> subprocess.CompletedProcess[str]:
    """A note, a message and a backup a day before those that are there: nothing of the later day goes."""
    import time_machine

    desk = _desk(home)
    person = person_named(desk, "Amara")
    for moment, name in ((datetime(2026, 5, 4, 9, at), "later"), (datetime(2026, 5, 3, 9, at), "earlier")):
        with time_machine.travel(moment):
            add_note(desk, person, f"Seen {name}.", "observation", False, date.today(), name)
            desk.records.keep_message(_message(person, name, datetime.now()))
            made = make_backup(desk.records.database.place, datetime.now())
    names = [message.id for message in desk.records.messages()]
    desk.records.close()
    good = sorted(names) == ["earlier", "later"] and made.path.exists() and made.number == 2
    return _note(home, "An unseen thing.") if good else subprocess.CompletedProcess([], 9, "", "\n")


def _message(person: Person, name: str, now: datetime) -> Message:
    return Message(
        id=name, person_id=person.id, person=person.name, situation="s", kind="recognition", channel="direct",
        drafted="Thanks", text="Thanks!", happened=None, sent_at=now, sources={},
    )  # fmt: skip


def _locked(home: Path, _: int, seconds: float = 30.0) -> subprocess.CompletedProcess[str]:
    connection = sqlite3.connect(home / "coach.sqlite3", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    command = [str(COACH), "--home", str(home), "notes", "add", "Amara", "An unseen thing."]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        connection.close()
        out, err = process.communicate(timeout=PATIENCE)
    connection.close()
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _terminated(home: Path, at: int) -> subprocess.CompletedProcess[str]:
    """SIGTERM between requests and in the middle of one: every line that came out is whole."""
    command = [str(COACH), "--home", str(home), "draft", "--jsonl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin and process.stdout and process.stderr
        request = {"situation": "stayed late", "to": "Amara", "kind": "recognition", "channel": "direct"}
        process.stdin.write((json.dumps(request) + "\n") * 50)
        process.stdin.flush()
        answered = process.stdout.readline()
        time.sleep(0.02 * at)
        process.terminate()
        rest, err = process.stdout.read(), process.stderr.read()
    whole = all(json.loads(line)["message"] for line in (answered + rest).splitlines())
    asked = process.returncode == 143 and len(err.strip().splitlines()) == 1
    return subprocess.CompletedProcess(command, 1 if whole and asked else 9, "", err)


KINDS: dict[str, Callable[[Path, int], subprocess.CompletedProcess[str]]] = {
    "disk full": _disk_full,
    "read-only folder": _read_only_home,
    "clock set back a day": _clock_back,
    "database locked for 30 s": _locked,
    "SIGTERM in the middle of a request": _terminated,
}


# Forgetting


def traces(text: str, vector: Any) -> dict[str, bytes]:
    """What must not be left of a text, by the way it is written."""
    raw = text.encode()
    pieces = {f"base64 at {at}": base64.b64encode(b" " * at + raw)[4:-4] for at in range(3)}
    return pieces | {
        "UTF-8": raw,
        "UTF-16": text.encode("utf-16-le"),
        "UTF-16 big-endian": text.encode("utf-16-be"),
        "JSON-escaped": json.dumps(text)[1:-1].encode(),
        "vector": np.asarray(vector, dtype=np.float32).tobytes()[:64],
    }


def _left(home: Path, wanted: dict[str, bytes]) -> list[str]:
    found = []
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    data += b"".join(archive.read(name) for name in archive.namelist())
            found += [f"{name} in {path.name}" for name, trace in wanted.items() if trace in data]
    return found


def forget_people(people: int, folder: Path) -> Held:
    """Each has notes, messages, a half-written text, backups and an export; then not a byte of them in any file."""
    wrong, home = [], folder / "home"
    desk = _desk(home)
    desk.open_index()
    for at in range(people):
        person = person_named(desk, f"Zwölfkämpferin Ødegård {at:03} {'x' * at}y")
        for n in range(3):
            text = f"{at:03} Ünverwechselbar \U0001f33b note {n} of Ødegård, {new_id()}"
            add_note(desk, person, text, "personal", n == 1, DAY)
        desk.records.keep_message(_message(person, new_id(), datetime(2026, 5, 4)))
    everyone = desk.records.people()
    for at, person in enumerate(everyone):
        notes = desk.records.notes(person.id)
        wanted = [traces(note.text, desk.vector(note.text)) for note in notes] + [traces(person.name, np.ones(384))]
        others = {note.id: note.text for note in desk.records.notes() if note.person_id != person.id}
        desk.records.keep_writing({"situation": notes[0].text})
        desk.notes(notes[0].text, None, None, DAY, 3)
        (home / "everything.zip").write_bytes(export_all(desk))
        make_backup(desk.records.database.place, datetime(2026, 5, 4, 9, at))
        seen = {name for one in wanted[:1] for name in one if _left(home, {name: one[name]})}
        receipt = desk.forget(person)
        left = [found for one in wanted for found in _left(home, one)]
        held = {note.id: note.text for note in desk.records.notes()} == others
        told = (receipt.notes, receipt.messages, receipt.exports) == (3, 1, 1) and receipt.backups >= 1
        if left or not held or not told or not {"UTF-8", "vector"} <= seen:
            wrong.append(f"{at}: left {left[:4]}, others kept {held}, {receipt}, seen {seen}")
    desk.close()
    desk.records.close()
    return Held(row="forget a person", tries=people, wrong=tuple(wrong))


# All of it


def rows(part: str) -> Iterator[Held]:
    table: dict[str, Callable[[Path], Held]] = {
        "writes": lambda at: kill_writes(100, at),
        "index": lambda at: kill_index(100, at),
        "stores": broken_stores,
        "two": lambda at: two_processes(2_000, at),
        **{kind: lambda at, kind=kind: stopped(10, at, kind) for kind in KINDS},  # type: ignore[misc]
        "forget": lambda at: forget_people(20, at),
        "forget-kill": lambda at: kill_forgetting(20, at),
        "rekey": lambda at: kill_rekey(40, at),
    }
    for name, run in table.items():
        if part in ("", name):
            with tempfile.TemporaryDirectory() as folder:
                yield run(Path(folder))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    broken = 0
    for held in rows(parser.parse_args().only):
        print(held, flush=True)
        for one in held.wrong:
            print(f"        {one}", flush=True)
        broken += bool(held.wrong)
    return 1 if broken else 0


if __name__ == "__main__":
    WORKERS: dict[str, Callable[..., None]] = {
        "write": lambda home, prefix, count: do_write(Path(home), prefix, int(count)),
        "rebuild": lambda home, rebuild: do_rebuild(Path(home), rebuild == "1"),
        "check": lambda home: do_check(Path(home)),
        "rekey": lambda home, new: do_rekey(Path(home), new),
        "forget": lambda home: do_forget(Path(home)),
    }
    if sys.argv[1:2] and sys.argv[1] in WORKERS:
        try:
            WORKERS[sys.argv[1]](*sys.argv[2:])
        except CoachError as error:
            sys.exit(str(error))
    else:
        sys.exit(main())
