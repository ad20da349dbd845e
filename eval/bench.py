"""How fast things are, each beside what it can be compared with in the same run (`make bench`)."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from coach.desk import Desk, open_desk
from coach.draft import draft
from coach.embed import built_in_embedder
from coach.exchange import person_named
from coach.ground import ground
from coach.index import notes_collection
from coach.records import Note, new_id
from coach.settings import read_settings
from coach.situation import Channel, Kind, Situation
from coach.tuned import label_text, load_tuned

BIN = Path(sys.executable).parent
CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 21)
PEOPLE = 20


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(1_000 * (time.perf_counter() - start))
    return taken


def said(name: str, taken: Sequence[float]) -> float:
    p50, p95 = statistics.median(taken), float(np.percentile(taken, 95))
    print(f"{name:58} p50 {p50:8.1f} ms   p95 {p95:8.1f} ms")
    return p50


def situations() -> list[str]:
    lines = (CASES / "drafter-dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["request"]["situation"] for line in lines]


def notebook(home: Path, size: int) -> Desk:
    """A desk with `size` notes over twenty people: the words of the cases, cut and mixed."""
    desk = open_desk(read_settings(home, {}))
    people = [person_named(desk, f"Person{at} Example") for at in range(PEOPLE)]
    words = " ".join(situations()).split()
    draw = np.random.default_rng(1)
    notes = []
    for at in range(size):
        start, person = int(draw.integers(0, len(words) - 15)), people[at % PEOPLE]
        notes.append(
            Note(
                id=new_id(), person_id=person.id, person=person.name, date=TODAY - timedelta(days=at % 400),
                kind="observation", private=at % 4 == 0, text=" ".join(words[start : start + 12]) + f" ({at})",
            )
        )  # fmt: skip
    desk.keep_notes(notes)
    desk.open_index()
    return desk


def bench_search(size: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        desk = notebook(Path(home), size)
        query = "She stayed late to fix the export so that billing could run on Friday."
        vector = desk.vector(query)
        assert vector is not None and desk.index is not None and desk.embedder is not None
        index, name, collection = desk.index, desk.embedder.name, notes_collection(desk.records.owner)
        person = desk.person("Person3 Example")
        bare = said(
            f"bare Chroma query, {size:,} notes", milliseconds(lambda: index.nearest(collection, name, vector, 60), 100)
        )
        whole = said(
            "  search in all notes, embedding included",
            milliseconds(lambda: desk.notes(query, None, None, TODAY, 5), 100),
        )
        said("  search in one person's notes", milliseconds(lambda: desk.notes(query, person, None, TODAY, 5), 100))
        print(f"{'  all notes against bare Chroma':58} {whole / bare:.1f} times")
        situation = Situation(
            text=query, to="Person3 Example", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=TODAY
        )
        said("  a draft in the app, everything included", milliseconds(lambda: desk.write(situation), 50))
        desk.close()


def bench_drafter() -> None:
    """The model read each text; nothing is remembered from one to the next but the tags of words."""
    read = built_in_embedder().read
    assert read
    texts = situations()
    cases = [Situation(text=t, to="Amara", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=TODAY) for t in texts]

    def draft_one(case: Situation) -> None:
        labels = label_text(load_tuned("labels"), case.to, case.text, read)
        draft(case, (), labels)

    said("drafting one message", [milliseconds(partial(draft_one, case), 1)[0] for case in cases])
    pairs = [json.loads(line)["request"] for line in (CASES / "grounding-dev.jsonl").read_text("utf-8").splitlines()]
    grounding = [partial(ground, pair["message"], pair["situation"], [], (pair["to"],), read) for pair in pairs]
    said("grounding one message in other words", [milliseconds(run, 1)[0] for run in grounding])


def run_cli(home: str, arguments: Sequence[str], lines: Sequence[str] = ()) -> float:
    start = time.perf_counter()
    command = [str(BIN / "coach"), "--home", home, *arguments]
    subprocess.run(command, input="\n".join(lines), text=True, capture_output=True, check=True)  # noqa: S603
    return time.perf_counter() - start


def bench_command_line() -> None:
    with tempfile.TemporaryDirectory() as home:
        help_seconds = statistics.median(run_cli(home, ["--help"]) for _ in range(5))
        print(f"{'coach --help':58} {help_seconds:.2f} s")
        run_cli(home, ["draft", "stayed late", "--to", "Amara"])
        one = statistics.median(run_cli(home, ["draft", "stayed late", "--to", "Amara"]) for _ in range(3))
        print(f"{'coach draft, from start to end':58} {one:.2f} s")
        asked = [
            json.dumps({"situation": text, "to": "Amara", "kind": "recognition", "channel": "direct"})
            for text in situations() * 2
        ]
        bulk = run_cli(home, ["draft", "--jsonl"], asked)
        print(
            f"{'drafts in bulk, start-up included':58} {len(asked) / bulk:.0f} a second ({len(asked)} in {bulk:.1f} s)"
        )
        sixty = run_cli(home, ["principles", "--jsonl"], [json.dumps({"q": text}) for text in situations()[:60]])
        print(f"{'coach principles --jsonl, 60 queries, start-up included':58} {sixty:.2f} s")


def first_page(command: Sequence[str], heading: str) -> float:
    """Seconds from the command to the page's heading in a real browser."""
    from playwright.sync_api import sync_playwright

    from tests.browser import ensure

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox"])) as browser,
    ):
        page = browser.new_page()
        start = time.perf_counter()
        filled = [part.replace("PORT", str(port)) for part in command]
        process = subprocess.Popen(filled, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            page.goto(f"http://127.0.0.1:{port}")
            page.get_by_role("heading", name=heading, exact=True).wait_for()
            return time.perf_counter() - start
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str) -> None:
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)


def bench_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text("import streamlit as st\nst.title('Bare')\n")
        streamlit = [str(BIN / "streamlit"), "run", str(bare), "--server.port", "PORT", "--server.headless", "true"]
        coach = [str(BIN / "coach"), "--home", f"{folder}/home", "--port", "PORT", "--no-browser"]
        pairs = [(first_page(streamlit, "Bare"), first_page(coach, "Write")) for _ in range(4)][1:]
    ours, theirs = statistics.median(b for _, b in pairs), statistics.median(a for a, _ in pairs)
    print(f"{'start to first page in a browser':58} {ours:.1f} s, {ours / theirs:.1f} times a one-line Streamlit app")


def main() -> None:
    os.environ.pop("COACH_HOME", None)
    bench_start()
    bench_command_line()
    bench_drafter()
    for size in (1_000, 10_000):
        bench_search(size)


if __name__ == "__main__":
    main()
