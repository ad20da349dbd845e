"""How fast the evaluation suite is, beside what it can be compared with in the same run (part of `make bench`)."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coach.request import Answer
from eval.case import Case, read_cases
from eval.cassette import open_cassette, recording_of
from eval.loopback import LATENCY_SECONDS
from eval.runner import cassette_path
from eval.subject import Found, asked_of, named
from eval.totals import read_run

ROOT = Path(__file__).parent.parent
LIGHT = (
    "form",
    "fit",
    "facts",
    "must",
    "must-not",
    "invented-number",
    "invented-name",
    "asks",
    "asks-all",
    "line-up",
    "voice",
    "variety",
)
CONCURRENCY, KILLS, TIMES = 20, 20, 5


def cases_in(folder: Path, count: int, checks: Sequence[str], changed: str = "") -> tuple[Path, tuple[Case, ...]]:
    """Invented situations, no two alike, for which nothing has to be retrieved."""
    draw = random.Random(count)  # noqa: S311 - to be repeated, no secret
    words = (
        "shelf crate roster invoice handover scaffold ledger ward kiln harvest server menu pump lesson parcel".split()
    )
    path = folder / "cases.jsonl"
    rows = []
    for at in range(count):
        told = f"Person{at} sorted {' and '.join(draw.sample(words, 4))} number {at} on Tuesday, so the day could start.{changed}"
        moment = {"situation": told, "to": f"Person{at}", "kind": "recognition", "channel": "direct"}
        gold = {"facts": [words[at % 15]], "must": ["tuesday"], "must_not": ["never mind"], "missing": []}
        row = {
            "id": f"b-{at:04d}",
            "suite": "recognition",
            "split": "development",
            "input": moment,
            "gold": gold,
            "checks": list(checks),
        }
        rows.append(json.dumps(row))
    path.write_text("\n".join(rows) + "\n", "utf-8")
    cases = read_cases([path])
    found = [json.dumps({"case": case.digest, "principles": [], "notes": []}) for case in cases]
    (folder / "cassettes").mkdir(exist_ok=True)
    (folder / "cassettes" / "retrieved.jsonl").write_text("\n".join(found) + "\n", "utf-8")
    return path, cases


def record_all(folder: Path, cases: Sequence[Case], subject: str) -> None:
    who = named(subject)
    cassette = open_cassette(cassette_path(who, folder / "cassettes"))
    for case in cases:
        asked = asked_of(who, case, Found(), {})
        said = f"Thank you. {case.moment.situation}"
        answer = Answer(text=said, finish_reason="stop", model=who.model, tokens_in=90, tokens_out=30, seconds=0.5)
        one = recording_of(asked, "scripted", answer)
        cassette.recordings[one.key, one.sample] = one
    cassette.tidy()


def suite(folder: Path, *arguments: str, check: bool = True) -> tuple[float, int, str]:
    """Seconds of the whole process, its exit status and what it said last."""
    where = [
        "--cases",
        str(folder / "cases.jsonl"),
        "--cassettes",
        str(folder / "cassettes"),
        "--runs",
        str(folder / "runs"),
    ]
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "eval", *arguments, *where], cwd=ROOT, capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - start
    if check and done.returncode:
        raise RuntimeError(done.stderr)
    return taken, done.returncode, done.stderr


@contextmanager
def loopback(log: Path | None = None) -> Iterator[str]:
    command = [sys.executable, "-m", "eval.loopback", str(LATENCY_SECONDS), *([str(log)] if log else [])]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdin and process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.stdin.close()
        process.wait()


BARE = """
import asyncio, json, sys
from openai import AsyncOpenAI
async def main(url, path, at_once):
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=600)
    gate = asyncio.Semaphore(at_once)
    async def ask(told):
        async with gate:
            stream = await client.chat.completions.create(model="stub", stream=True, messages=[{"role": "user", "content": told}])
            return "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])
    told = [json.loads(line)["input"]["situation"] for line in open(path)]
    assert all(await asyncio.gather(*(ask(one) for one in told)))
asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""
"""The same questions by the client alone, streamed as Coach asks them; nothing is kept."""


def bench_live(count: int = 1_000) -> None:
    with tempfile.TemporaryDirectory() as name, loopback() as url:
        folder = Path(name)
        path, _ = cases_in(folder, count, ("form",))
        os.environ["OPENAI_BASE_URL"] = url
        pairs = []
        for at in range(TIMES):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", BARE, url, str(path), str(CONCURRENCY)], cwd=ROOT, check=True)  # noqa: S603
            bare = time.perf_counter() - start
            (folder / "cassettes" / "v0@stub.jsonl").unlink(missing_ok=True)
            live, _, _ = suite(
                folder, "run", "v0@stub", "--live", "--concurrency", str(CONCURRENCY), "--out", f"{name}/run{at}"
            )
            pairs.append((live / bare, live, bare))
        least, (ratio, live, bare), most = sorted(pairs)[0], sorted(pairs)[TIMES // 2], sorted(pairs)[-1]
        print(
            f"{f'{count:,} cases live, {CONCURRENCY} at once':58} {live:.2f} s, {ratio:.2f} times the bare client's {bare:.2f} s "
            f"(of {TIMES} pairs the one in the middle; {least[0]:.2f}-{most[0]:.2f})"
        )


def bench_replay() -> None:
    bare = min(_start() for _ in range(3))
    print(f"{'starting Python and importing pydantic and jinja2':58} {bare:.2f} s")
    for count, checks, said in (
        (1, ("form",), "start-up: one case"),
        (1_000, ("form",), "strict replay of 1,000 cases x 1 check"),
    ):
        with tempfile.TemporaryDirectory() as name:
            _, cases = cases_in(Path(name), count, checks)
            record_all(Path(name), cases, "v0@stub")
            taken = sorted(suite(Path(name), "run", "v0@stub", "--out", f"{name}/run")[0] for _ in range(TIMES))
            print(
                f"{said:58} {taken[0]:.2f} s, {taken[0] / bare:.1f} times that (of {TIMES} the best; at most {taken[-1]:.2f})"
            )


def _start() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import pydantic, jinja2"], check=True)
    return time.perf_counter() - start


def bench_compare(count: int = 1_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, cases = cases_in(folder, count, LIGHT)
        for subject in ("v0@one", "v0@two"):
            record_all(folder, cases, subject)
        report = folder / "report.html"
        taken, checks = min(
            (
                suite(folder, "compare", "v0@one", "v0@two", "--report", str(report), check=False)[0],
                _checks_alone(cases),
            )
            for _ in range(TIMES)
        )
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_024
        print(
            f"{f'{count:,} x 2 versions x {len(LIGHT)} checks, statistics, report':58} {taken:.2f} s, of which the checks {checks:.2f} s; "
            f"most memory {memory:.0f} MB, report {report.stat().st_size / 1e6:.1f} MB"
        )


def _checks_alone(cases: Sequence[Case]) -> float:
    from eval.output import Output
    from eval.runner import scored
    from eval.scorers import Company, Seen

    start = time.perf_counter()
    for _ in range(2):
        seen = [Seen(case=case, output=Output(message=f"Thank you. {case.moment.situation}")) for case in cases]
        Company(seen)
        for one in seen:
            scored(one, compares=False), scored(one, compares=True)
    return time.perf_counter() - start


def bench_kills(count: int = 400) -> None:
    """Killed at random moments, then resumed: totals, and calls beyond those needed."""
    worst, draw = 0, random.Random(5)  # noqa: S311
    for at in range(KILLS):
        with tempfile.TemporaryDirectory() as name:
            folder, log = Path(name), Path(name) / "asked.log"
            log.touch()
            _, cases = cases_in(folder, count, ("form", "facts"))
            with loopback(log) as url:
                os.environ["OPENAI_BASE_URL"] = url
                arguments = [
                    "run",
                    "v0@stub",
                    "--live",
                    "--resume",
                    "--concurrency",
                    str(CONCURRENCY),
                    "--out",
                    f"{name}/run",
                ]
                _kill_after(folder, arguments, log, draw.randrange(1, count - 1))
                suite(folder, *arguments)
            found = read_run(folder / "run")
            assert found.totals["cases"] == len(cases) == len({row.case for row in found.rows}), f"kill {at}"
            worst = max(worst, len(log.read_text().splitlines()) - count)
    print(f"{f'{KILLS} kills of {count} cases, resumed':58} totals exact each time, at most {worst} calls repeated")


def _kill_after(folder: Path, arguments: Sequence[str], log: Path, asked: int) -> None:
    where = ["--cases", str(folder / "cases.jsonl"), "--cassettes", str(folder / "cassettes")]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-m", "eval", *arguments, *where], cwd=ROOT, **quiet)  # noqa: S603
    while process.poll() is None and log.stat().st_size < asked * len("asked\n"):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def bench_changed_prompt(count: int = 1_000) -> None:
    os.environ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"  # nothing listens there
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, cases = cases_in(folder, count, ("form",))
        record_all(folder, cases, "v0@stub")
        cases_in(folder, count, ("form",), changed=" All of it.")
        seconds = []
        for _ in range(TIMES):
            taken, status, said = suite(folder, "run", "v0@stub", "--out", f"{name}/run", check=False)
            assert status == 4 and "case changed" in said and "+++ asked now" in said
            seconds.append(taken)
        print(
            f"{f'{count:,} stale recordings named and shown, no server':58} {min(seconds):.2f} s (of {TIMES} the best; at most {max(seconds):.2f})"
        )


PARTS = {
    "replay": bench_replay,
    "changed": bench_changed_prompt,
    "compare": bench_compare,
    "live": bench_live,
    "kills": bench_kills,
}


def main(chosen: Sequence[str]) -> None:
    """All of it, or the parts that are named."""
    for name in chosen or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
