"""Asking a model for the suite, over real sockets: recordings, resuming after a kill, many at once, faults."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.errors import RateLimited, Refused, ServerFailed, Unauthorised
from coach.request import Answer, Request
from eval.case import Case
from eval.cassette import open_cassette
from eval.live import Calls, Retries, ask_all
from eval.runner import cassette_path
from eval.subject import Found, asked_of, named
from eval.totals import read_rows, read_run
from tests.test_eval_suite import Bench, a_case, write_lines

ROOT = Path(__file__).parent.parent
SUBJECT = "v0@stub"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Path]:
    """A model on loopback with 20 ms latency; its port is in OPENAI_BASE_URL, its log counts the calls."""
    log = tmp_path / "asked.log"
    log.touch()
    command = [sys.executable, "-m", "eval.loopback", "0.02", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    try:
        yield log
    finally:
        del os.environ["OPENAI_BASE_URL"]
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def calls(log: Path) -> int:
    return len(log.read_text().splitlines())


def prepared(bench: Bench, count: int) -> tuple[Case, ...]:
    """Cases for which nothing was retrieved, so that no search has to be opened."""
    cases = bench.keep([a_case(at) for at in range(count)])
    write_lines(bench.cassettes / "retrieved.jsonl", [{"case": c.digest, "principles": [], "notes": []} for c in cases])
    return cases


def test_the_same_comes_out_with_one_call_at_a_time_and_with_twenty(bench: Bench, server: Path, tmp_path: Path) -> None:
    prepared(bench, 40)
    kept = {}
    for concurrency in ("1", "20"):
        (bench.cassettes / "v0@stub.jsonl").unlink(missing_ok=True)
        run = tmp_path / f"run-{concurrency}"
        assert bench("run", SUBJECT, "--live", "--concurrency", concurrency, "--out", str(run)) == 0
        kept[concurrency] = [(run / name).read_bytes() for name in ("totals.json", "run.json")] + [
            [(row.case, row.output.message, row.scores) for row in read_rows(run / "rows.jsonl")]
        ]
    assert kept["1"] == kept["20"]
    assert calls(server) == 80
    assert bench("record", SUBJECT) == 0
    assert calls(server) == 80, "what is recorded is not asked again"


def test_a_live_run_ends_as_a_replay_of_its_recordings_does(bench: Bench, server: Path, tmp_path: Path) -> None:
    prepared(bench, 12)
    runs = [tmp_path / name for name in ("asked", "again", "replayed")]
    assert bench("run", SUBJECT, "--live", "--case", "c-003", "--out", str(runs[0])) == 0
    assert bench("run", SUBJECT, "--live", "--out", str(runs[0])) == 0
    assert bench("run", SUBJECT, "--live", "--resume", "--out", str(runs[1])) == 0
    assert bench("run", SUBJECT, "--out", str(runs[2])) == 0
    assert calls(server) == 12
    for name in ("rows.jsonl", "totals.json", "run.json"):
        assert len({(run / name).read_bytes() for run in runs}) == 1, name


def test_a_check_that_does_not_exist_is_named_before_anything_is_asked(bench: Bench, server: Path) -> None:
    bench.keep([a_case(0), a_case(1, checks=["spelling"])])
    assert bench("run", SUBJECT, "--live") == 2
    assert calls(server) == 0


@pytest.mark.parametrize("after", [0.2, 0.5])
def test_after_a_kill_only_the_calls_in_flight_are_repeated(
    after: float, bench: Bench, server: Path, tmp_path: Path
) -> None:
    prepared(bench, 120)
    run = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "eval",
        "run",
        SUBJECT,
        "--live",
        "--resume",
        "--concurrency",
        "4",
        "--out",
        str(run),
    ]
    where = ["--cases", str(bench.cases), "--cassettes", str(bench.cassettes)]
    process = subprocess.Popen([*command, *where], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while calls(server) < 10 and process.poll() is None:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert bench("run", SUBJECT, "--live", "--resume", "--concurrency", "4", "--out", str(run)) == 0
    assert calls(server) <= 124
    found = read_run(run)
    assert found.totals["cases"] == 120 and len({row.case for row in found.rows}) == 120


def asked(bench: Bench, cassette_folder: Path, answers: "Script", retries: int = 3) -> tuple[list[str], list[str]]:
    """What failed, and what was recorded: "c-000: refused"."""
    cases = prepared(bench, 3)
    who = named(SUBJECT)
    cassette = open_cassette(cassette_path(who, cassette_folder))
    wanted = [asked_of(who, case, Found(), {}) for case in cases]
    how = Calls(ask=answers.ask, provenance="scripted", concurrency=2, retries=Retries(retries), deadline=5)
    failed = asyncio.run(ask_all(wanted, how, cassette, lambda one, recording: None))
    kept = [
        f"{r.about['case']}: {r.error['code'] if r.error else r.finish_reason}" for r in cassette.recordings.values()
    ]
    return failed, sorted(kept)


class Script:
    """Raises what it is given, call by call, and then answers."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.asked = list(faults), 0

    async def ask(self, request: Request) -> Answer:
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        return Answer(text="Thanks", finish_reason="stop", model="stub", tokens_in=1, tokens_out=1, seconds=0.0)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.live.FIRST_PAUSE", 0.001)


def test_a_server_that_stumbles_is_asked_again(bench: Bench, tmp_path: Path) -> None:
    script = Script(ServerFailed("down"), RateLimited("busy", after=0.001))
    assert asked(bench, tmp_path, script) == ([], ["c-000: stop", "c-001: stop", "c-002: stop"])
    assert script.asked == 5


def test_a_refusal_is_recorded_and_a_busy_server_is_not(bench: Bench, tmp_path: Path) -> None:
    failed, kept = asked(bench, tmp_path, Script(Refused("no"), RateLimited("busy")), retries=0)
    assert kept[0] == "c-000: refused"
    assert len(failed) == 1 and len(kept) == 2


def test_a_key_that_is_not_taken_ends_the_run_at_once(bench: Bench, tmp_path: Path) -> None:
    script = Script(*(Unauthorised("key") for _ in range(9)))
    with pytest.raises(Unauthorised):
        asked(bench, tmp_path, script)
    assert script.asked <= 2
