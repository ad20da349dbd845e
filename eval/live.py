"""Asks a model for what is not recorded yet: many calls at once, each answer on the disk before it counts as given.

The one module of the suite that opens a connection. It is imported for `record` and `run --live` alone.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from coach.endpoint import Endpoint
from coach.errors import (
    CutOff,
    ModelFailed,
    ModelNotFound,
    QuotaUsedUp,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from coach.model import AskModel, open_async_model
from coach.request import Answer
from eval.case import Case
from eval.cassette import Asked, Cassette, Recording, failure_of, open_cassette, recording_of, write_whole
from eval.errors import MissingRecording, Misuse
from eval.runner import (
    Bench,
    RowFile,
    ask_for,
    cassette_path,
    found_for,
    given_notes,
    kept_run,
    progress,
    put_to,
    recorded_outputs,
    score_rest,
)
from eval.subject import (
    RETRIEVED,
    Found,
    Subject,
    found_lines,
    output_of,
    parameters_of,
    passages_of,
    read_found,
    read_passages,
)
from eval.totals import Run

TRIES = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
RETRY_SHARE = 0.1
"""Of all calls: a server that fails more often is not asked on and on."""
DEADLINE = 180.0
"""Seconds for one case, every try included."""
ENDS_THE_RUN = (Unauthorised, ModelNotFound, QuotaUsedUp)
"""The next call would fail the same way."""
NO_ANSWER = (Unreachable, RateLimited)
"""Says something about the hour, nothing about the prompt: it is not recorded."""
WORTH_ANOTHER_TRY = (*NO_ANSWER, ServerFailed, TimedOut)

Arrived = Callable[[Asked, Recording], None]


@dataclass
class Retries:
    """Tries beyond the first that the whole run may still make."""

    left: int

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """How the calls of one run are made."""

    ask: AskModel
    provenance: str
    concurrency: int
    retries: Retries
    deadline: float = DEADLINE


async def ask_all(asked: Sequence[Asked], calls: Calls, cassette: Cassette, arrived: Arrived) -> list[str]:
    """Keeps each answer, then calls `arrived`. Returns what could not be asked: "case: why". Raises what ends the run."""
    waiting = iter(asked)
    failed: list[str] = []

    async def work() -> None:
        for one in waiting:
            try:
                recording = await _answered(one, calls)
            except NO_ANSWER as error:
                failed.append(f"{one.about.case}: {error}")
                continue
            await asyncio.to_thread(cassette.keep, recording)
            arrived(one, recording)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(calls.concurrency, len(asked))):
                workers.create_task(work())
    except* ENDS_THE_RUN as group:
        raise group.exceptions[0] from None
    return failed


async def _answered(asked: Asked, calls: Calls) -> Recording:
    """An answer, or the error that a replay shall meet again. Raises one of NO_ANSWER or ENDS_THE_RUN."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(calls.deadline):
            return recording_of(asked, calls.provenance, await _with_tries(asked, calls))
    except TimeoutError:
        failure: ModelFailed = TimedOut(f"No answer within {calls.deadline:.0f} seconds.")
    except (*NO_ANSWER, *ENDS_THE_RUN):
        raise
    except ModelFailed as error:
        failure = error
    kept = failure_of(asked, calls.provenance, failure.code, str(failure), time.monotonic() - started)
    return replace(kept, response=failure.heard) if isinstance(failure, CutOff) else kept


async def _with_tries(asked: Asked, calls: Calls) -> Answer:
    for tried in range(1, TRIES + 1):
        try:
            return await calls.ask(asked.request)
        except WORTH_ANOTHER_TRY as error:
            if tried == TRIES or not calls.retries.take():
                raise
            told = error.after if isinstance(error, RateLimited) else None
            await asyncio.sleep(min(told or FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE))
    raise AssertionError("the last try returns or raises")


def endpoint_of(model: str) -> Endpoint:
    """From OPENAI_BASE_URL and OPENAI_API_KEY, as for Coach itself."""
    url, key = os.environ.get("OPENAI_BASE_URL", ""), os.environ.get("OPENAI_API_KEY", "")
    if not url and not key:
        raise Misuse("Name the endpoint: OPENAI_BASE_URL, and OPENAI_API_KEY where it wants a key.")
    return Endpoint(url=url, model=model, key=key)


def ask_into(
    cassette: Cassette, wanted: Sequence[Asked], model: str, given: argparse.Namespace, arrived: Arrived
) -> list[str]:
    """Asks one model; the cassette is left sorted whatever happens. Returns what could not be asked."""
    if given.concurrency < 1:
        raise Misuse("--concurrency is at least 1.")
    if not wanted:
        return []
    endpoint = endpoint_of(model)
    provenance = given.provenance or parameters_of(model).provenance or f"live:{model}@{datetime.now(UTC):%Y-%m-%d}"

    async def go(arrived: Arrived) -> list[str]:
        async with open_async_model(endpoint, given.concurrency) as ask:
            retries = Retries(max(TRIES, round(RETRY_SHARE * len(wanted))))
            calls = Calls(ask=ask, provenance=provenance, concurrency=given.concurrency, retries=retries)
            return await ask_all(wanted, calls, cassette, arrived)

    try:
        with progress(len(wanted), f"asking {model}") as tick:

            def seen(one: Asked, recording: Recording) -> None:
                arrived(one, recording)
                tick()

            return asyncio.run(go(seen))
    finally:
        cassette.tidy()


def ask_missing(
    subject: Subject, asked: Mapping[str, Asked], cassettes: Path, given: argparse.Namespace, arrived: Arrived
) -> tuple[Cassette, list[str]]:
    """Asks what is not recorded. Returns all recordings, and what could not be asked."""
    cassette = open_cassette(cassette_path(subject, cassettes))
    wanted = [one for one in asked.values() if cassette.find(one) is None]
    return cassette, ask_into(cassette, wanted, subject.model, given, arrived)


def retrieve_new(cases: Sequence[Case], cassettes: Path, bench: Bench) -> dict[str, Found]:
    """What Coach finds for each case is recorded too, so that a replay needs no search."""
    path = cassettes / RETRIEVED.name
    known = read_found(path)
    new = [case for case in cases if case.digest not in known]
    if not new:
        return known
    with progress(len(new), "retrieving") as tick:
        for case in new:
            known[case.digest] = bench.built_in.retrieve(case)
            tick()
    write_whole(path, found_lines(known, passages_of(bench.built_in.desk.library.by_id, known)))
    return known


def record(subject: Subject, cases: Sequence[Case], cassettes: Path, bench: Bench, given: argparse.Namespace) -> str:
    """Says what was asked and what was there before. Raises MissingRecording where some could not be asked."""
    if subject.built_in:
        return "built-in answers for itself: nothing to record."
    mine = [case for case in cases if subject.answers(case)]
    new: list[Recording] = []
    retrieved = given.retrieved or cassettes
    known = retrieve_new(mine, retrieved, bench)
    asked = ask_for(subject, mine, known, read_passages(retrieved / RETRIEVED.name))
    cassette, failed = ask_missing(subject, asked, cassettes, given, lambda _, recording: new.append(recording))
    if failed:
        raise MissingRecording(
            "\n".join([f"{len(failed)} of {len(mine)} could not be asked; the others are kept.", *failed[:5]])
        )
    errors = sum(one.error is not None for one in new)
    return f"{subject.name}: {len(new)} asked ({errors} gave no whole answer), {len(asked) - len(new)} were there, in {cassette.path}."


def live_run(
    subject: Subject, cases: Sequence[Case], folder: Path, cassettes: Path, bench: Bench, given: argparse.Namespace
) -> Run:
    """Asks what is missing, writes each row as its answer comes, and scores the rest as a replay would."""
    mine = {case.id: case for case in put_to(subject, cases)}
    known = retrieve_new(tuple(mine.values()), cassettes, bench)
    asked = ask_for(subject, mine.values(), known, read_passages(cassettes / RETRIEVED.name))
    file = RowFile(folder, resume=given.resume)

    def arrived(one: Asked, recording: Recording) -> None:
        case = mine[one.about.case]
        file.score(case, output_of(recording, given_notes(case, found_for(case, known))), bench)

    with closing(file):
        cassette, failed = ask_missing(subject, asked, cassettes, given, arrived)
        if failed:
            raise MissingRecording(
                "\n".join([f"{len(failed)} of {len(mine)} could not be asked; --resume goes on.", *failed[:5]])
            )
        recorded, provenance = recorded_outputs(cassette, asked, mine.values(), known)
        score_rest(subject, tuple(mine.values()), recorded, file, bench)
    return kept_run(subject, provenance, tuple(mine.values()), file.rows, folder)
