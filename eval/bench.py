"""How fast things are, each beside what it can be compared with in the same run (`make bench`)."""

import argparse
import json
import os
import resource
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
from coach.endpoint import Endpoint
from coach.exchange import import_notes, person_named
from coach.ground import ground
from coach.index import notes_collection
from coach.partner import Reaction, Setting
from coach.records import Note, new_id
from coach.rehearse import say
from coach.rehearse import start as begin
from coach.settings import read_settings
from coach.situation import Channel, Kind, Situation
from coach.today import look

BIN = Path(sys.executable).parent
CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 21)
PEOPLE = 20
LARGE, IMPORTED = 100_000, 4_000
PUBLIC = Channel.PUBLIC_CHAT


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


def large_notebook(home: Path, size: int) -> Desk:
    """A desk with `size` notes whose texts and vectors are mixed from the library's: nothing is embedded."""
    desk = open_desk(read_settings(home, {}))
    assert desk.embedder is not None
    texts, base = [example.text for example in desk.library.examples], desk.library.vectors(desk.embedder)
    people = [person_named(desk, f"Person{at} Example") for at in range(PEOPLE)]
    draw = np.random.default_rng(1)
    for start in range(0, size, IMPORTED):
        places = range(start, min(start + IMPORTED, size))
        one, other = draw.integers(0, len(texts), (2, len(places)))
        vectors = 0.8 * base[one] + 0.2 * base[other] + draw.normal(0, 0.03, (len(places), base.shape[1]))
        notes = [
            Note(
                id=new_id(), person_id=people[at % PEOPLE].id, person=people[at % PEOPLE].name,
                date=TODAY - timedelta(days=at % 400), kind="observation", private=at % 4 == 0,
                text=f"{texts[a]} {' '.join(texts[b].split()[:5])} ({at})",
            )
            for at, a, b in zip(places, one, other, strict=True)
        ]  # fmt: skip
        desk.records.keep_notes(notes, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), desk.embedder.name)
    return desk


def bench_search(desk: Desk, size: int) -> None:
    """`desk` with its index open."""
    query = "She stayed late to fix the export so that billing could run on Friday."
    vector = desk.vector(query)
    assert vector is not None and desk.index is not None and desk.embedder is not None
    index, embedder, collection = desk.index, desk.embedder, notes_collection(desk.records.owner)
    person = desk.person("Person3 Example")

    def bare() -> object:
        """As Chroma is asked by itself: a text in, embedded by the same model, ids out."""
        return index.nearest(collection, embedder.name, embedder.embed([query])[0], 60)

    def ours() -> object:
        return desk.notes(query, None, None, TODAY, 5)

    alone = milliseconds(lambda: index.nearest(collection, embedder.name, vector, 60), 100)
    turns = [
        (milliseconds(bare, 10), milliseconds(ours, 10)) for _ in range(10)
    ]  # in turn: the machine is not ours alone
    theirs, whole = ([value for turn in turns for value in turn[which]] for which in (0, 1))
    said(f"bare Chroma, a vector among {size:,} notes", alone)
    said("bare Chroma, a text embedded by the same model", theirs)
    said("  search in all notes", whole)
    ratio = np.percentile(whole, 95) / np.percentile(theirs, 95)
    print(f"{'  all notes against bare Chroma, p95':58} {ratio:.2f} times")
    said(
        "  search in all notes for a public channel",
        milliseconds(lambda: desk.notes(query, None, PUBLIC, TODAY, 5), 50),
    )
    said("  search in one person's notes", milliseconds(lambda: desk.notes(query, person, None, TODAY, 5), 50))
    situation = Situation(text=query, to="Person3 Example", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=TODAY)
    said("  a draft in the app, everything included", milliseconds(lambda: desk.write(situation), 20))


def bench_scale(size: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        desk = large_notebook(Path(home), size)
        start = time.perf_counter()
        desk.open_index()
        print(f"{f'index of {size:,} notes built from their vectors':58} {time.perf_counter() - start:.1f} s")
        bench_search(desk, size)
        bench_prepare(desk)
        desk.close()
        desk.records.close()
        if size >= LARGE:
            bench_large_start(home)


def bench_large_start(home: str) -> None:
    coach = [str(BIN / "coach"), "--home", home, "--port", "PORT", "--no-browser"]
    taken = statistics.median([first_page(coach, "Today") for _ in range(3)])
    print(f"{'start with that notebook and its index to the first page':58} {taken:.1f} s")


def bench_import() -> None:
    """The same texts by the model alone and by an import: read, checked, embedded, kept, searchable by words."""
    texts = [f"{text} ({at})" for at, text in enumerate((situations() * 20)[:IMPORTED])]
    rows = [
        (at, {"person": f"Person{at % PEOPLE} Example", "date": TODAY.isoformat(), "text": text})
        for at, text in enumerate(texts)
    ]
    embed = built_in_embedder().meaning
    embed(texts[:64])
    start = time.perf_counter()
    embed(texts)
    bare = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as home:
        desk = open_desk(read_settings(Path(home), {}))
        start = time.perf_counter()
        import_notes(desk, rows)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        assert import_notes(desk, rows).same == len(rows)
        again = time.perf_counter() - start
        desk.records.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{f'import of {len(texts):,} notes':58} {len(texts) / ours:.0f} a second, {bare / ours:.0%} of the bare model's speed"
    )
    print(f"{'  the same file again, as after a kill':58} {len(texts) / again:.0f} a second")
    print(f"{'  most memory in this process so far':58} {peak:.0f} MiB")


def bench_prepare(desk: Desk) -> None:
    """What a model adds before its request leaves: retrieve, prompt, budget, with and without stand-ins."""
    situation = Situation(
        text="She stayed late to fix the export so that billing could run on Friday.", to="Person3 Example",
        kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=TODAY,
    )  # fmt: skip
    for name, url in (
        ("on this machine", "http://localhost:1"),
        ("elsewhere, with stand-ins", "https://models.example"),
    ):
        where = Endpoint(url=url, model="m")
        said(f"  before a request leaves, {name}", milliseconds(partial(desk.prepare, situation, where=where), 100))


MARKER = "Zebrafish"
WATCH = """
window.seen = [];
let there = false;
new MutationObserver(() => {
  const here = [...document.querySelectorAll('[data-testid="stText"]')].some((one) => one.textContent.includes("MARKER"));
  if (here && !there) window.seen.push(Date.now());
  there = here;
}).observe(document, { subtree: true, childList: true, characterData: true });
""".replace("MARKER", MARKER)


def bench_first_token(times: int = 20) -> None:
    """From the first token at the socket to the same token in a real browser."""
    from playwright.sync_api import sync_playwright

    from tests.browser import ensure
    from tests.model_servers import Connection, ScriptedServer, chunk

    left: list[float] = []

    def script(to: Connection, _: object) -> None:
        to.head()
        time.sleep(0.4)
        left.append(1_000 * time.time())
        to.send(chunk(f"{MARKER} "))
        time.sleep(0.6)
        to.send(chunk("fixed the export.") + chunk(finish="stop") + "data: [DONE]\n\n")

    server = ScriptedServer((script,))
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=ensure(), args=["--no-sandbox"])) as browser,
        socket.socket() as free,
    ):
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"OPENAI_BASE_URL": server.url, "COACH_MODEL": "scripted"}
        command = [str(BIN / "coach"), "--home", home, "--port", str(port), "--no-browser"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            page = browser.new_page()
            page.set_default_timeout(60_000)
            page.add_init_script(WATCH)
            page.goto(f"http://127.0.0.1:{port}")
            page.get_by_label("Who", exact=True).fill("Ivo")
            page.get_by_label("Who", exact=True).press("Enter")
            page.wait_for_timeout(2_000)
            for at in range(times):
                page.get_by_label("What happened").fill(f"Ivo fixed the export on Friday, number {at}.")
                page.get_by_label("What happened").press("Control+Enter")
                page.wait_for_function(f"window.seen.length > {at}")
                page.get_by_text("Drafted by scripted").wait_for()
                page.wait_for_timeout(1_500)
            seen = page.evaluate("window.seen")
        finally:
            process.terminate()
            process.wait()
            server.stop()
    said("first token at the socket to the browser", [b - a for a, b in zip(left, seen, strict=True)])


def bench_drafter() -> None:
    """As the app drafts: every reader reads each text; nothing is remembered from one to the next but the tags of words."""
    read, desk = built_in_embedder().read, open_desk(read_settings(Path(tempfile.mkdtemp()) / "home", {}))
    assert read
    texts = situations()
    cases = [Situation(text=t, to="Amara", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=TODAY) for t in texts]

    def draft_one(case: Situation) -> None:
        draft(case, (), desk.labels_of(case.to, case.text))

    said("drafting one message", [milliseconds(partial(draft_one, case), 1)[0] for case in cases])
    pairs = [json.loads(line)["request"] for line in (CASES / "grounding-dev.jsonl").read_text("utf-8").splitlines()]
    grounding = [partial(ground, pair["message"], pair["situation"], [], (pair["to"],), read) for pair in pairs]
    said("grounding one message in other words", [milliseconds(run, 1)[0] for run in grounding])


def bench_rehearsal() -> None:
    """One turn of the built-in partner: what was said is labelled, answered and hinted at."""
    embed = built_in_embedder().meaning
    texts = [json.loads(line)["say"] for line in (CASES / "turns-dev.jsonl").read_text("utf-8").splitlines()][:200]
    about = "She was late to handover twice this week, so the night crew stayed on."
    fresh = begin(Setting(to="Amara", about=about, reaction=Reaction.DEFENSIVE), embed, TODAY)
    said(
        "a turn of the rehearsal's built-in partner",
        [milliseconds(partial(say, fresh, t, embed, TODAY), 1)[0] for t in texts],
    )


def run_cli(home: str, arguments: Sequence[str], lines: Sequence[str] = ()) -> float:
    start = time.perf_counter()
    command = [str(BIN / "coach"), "--home", home, *arguments]
    subprocess.run(command, input="\n".join(lines), text=True, capture_output=True, check=True)  # noqa: S603
    return time.perf_counter() - start


def bench_bulk_check(home: str) -> None:
    """Messages of the development part, without what one alone takes: a program's start."""
    told = ("message", "kind", "channel", "to", "situation", "date", "today")
    cases = [json.loads(line) for line in (CASES / "checks-dev.jsonl").read_text("utf-8").splitlines()]
    asked = [json.dumps({key: case[key] for key in told if key in case}) for case in cases]
    started = statistics.median(run_cli(home, ["check", "--jsonl"], asked[:1]) for _ in range(3))
    each = 1_000 * (run_cli(home, ["check", "--jsonl"], asked) - started) / (len(asked) - 1)
    print(f"{'checking a message in bulk, start-up left out':58} {each:.1f} ms ({len(asked)} messages)")


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
        bench_bulk_check(home)
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


def today_page() -> None:
    """The page as Streamlit runs it; imported inside, since it runs as a script of its own."""
    from coach.pages.today import show
    from eval.bench import OPEN

    show(OPEN[0])


OPEN: list[Desk] = []


def bench_today() -> None:
    """Today with 50 people and 5,000 notes of two years, some of them promises: the records, then the whole page."""
    from streamlit.testing.v1 import AppTest

    desk = open_desk(read_settings(Path(tempfile.mkdtemp()) / "home", {}))
    people = [person_named(desk, f"Person {at:02}") for at in range(50)]
    texts = [
        *situations(),
        *(json.loads(line)["text"] for line in (CASES / "promises-dev.jsonl").read_text("utf-8").splitlines()),
    ]
    today = date.today()
    notes = [
        Note(
            id=new_id(), person_id=people[at % 50].id, person=people[at % 50].name, date=today - timedelta(days=at * 730 // 5_000),
            kind="observation", private=False, text=texts[at % len(texts)],
        )
        for at in range(5_000)
    ]  # fmt: skip
    desk.records.keep_notes(notes, None, "")
    for note in notes[:200]:
        desk.records.keep_moment(note.id, "recognition", today)
    started = time.perf_counter()
    look(desk, today)
    print(
        f"{'today, 50 people and 5,000 notes: the first look':58}     {1_000 * (time.perf_counter() - started):8.1f} ms"
    )
    said("today: each look after that", milliseconds(lambda: look(desk, today), 20))
    OPEN[:] = [desk]
    import eval.bench

    eval.bench.OPEN[:] = OPEN  # this file runs as __main__, the page imports it by name
    page = AppTest.from_function(today_page, default_timeout=60)
    said("today: the whole page", milliseconds(page.run, 10))
    assert not page.exception


def bench_sizes() -> None:
    for size in (1_000, 10_000, LARGE):
        bench_scale(size)


BENCHES = {
    "start": bench_start,
    "first-token": bench_first_token,
    "command-line": bench_command_line,
    "drafter": bench_drafter,
    "import": bench_import,
    "today": bench_today,
    "scale": bench_sizes,
    "rehearsal": bench_rehearsal,
}


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    ask.add_argument("what", nargs="*", choices=[*BENCHES, []], help="all of it, or some")
    os.environ.pop("COACH_HOME", None)
    for name in ask.parse_args().what or BENCHES:
        BENCHES[name]()


if __name__ == "__main__":
    main()
