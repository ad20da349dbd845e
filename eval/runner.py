"""Answers cases and scores them: rows as they finish, sorted and totalled at the end."""

import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coach import __version__
from eval.case import Case, digest_of
from eval.cassette import Asked, Cassette, Missed, missed, open_cassette
from eval.errors import MissingRecording, Misuse
from eval.output import Output
from eval.scorers import SCORERS, Company, Review, Score, Scorer, Seen, judge
from eval.subject import RETRIEVED, Found, Passages, Subject, asked_of, output_of, read_found, read_passages
from eval.totals import Row, Run, read_rows, score_fields, totals_of, write_run

if TYPE_CHECKING:
    from eval.built_in import BuiltIn

SHOWN = 3
"""Missing recordings that are shown in full; the others are counted by their reason."""


class Bench:
    """Opens Coach itself when something needs it, once."""

    def __init__(self) -> None:
        self._opened: BuiltIn | None = None

    @property
    def built_in(self) -> "BuiltIn":
        if self._opened is None:
            from eval.built_in import BuiltIn

            self._opened = BuiltIn()
        return self._opened

    def review(self, case: Case, output: Output) -> Review:
        return self.built_in.review(case, output)

    def close(self) -> None:
        if self._opened:
            self._opened.close()


# Answers


def cassette_path(subject: Subject, folder: Path) -> Path:
    return folder / f"{subject.file_name}.jsonl"


def found_for(case: Case, known: Mapping[str, Found]) -> Found:
    """A case that nothing was retrieved for yet has none; the difference then shows in its request."""
    return known.get(case.digest, Found())


def ask_for(
    subject: Subject, cases: Iterable[Case], known: Mapping[str, Found], passages: Passages
) -> dict[str, Asked]:
    return {case.id: asked_of(subject, case, found_for(case, known), passages) for case in cases}


def missing_from(cassette: Cassette, asked: Iterable[Asked]) -> list[Missed]:
    recordings = tuple(cassette.recordings.values())
    return [missed(one, recordings) for one in asked if cassette.find(one) is None]


def explain(subject: Subject, found: Sequence[Missed]) -> str:
    """The difference to the nearest recording for the first few, and the reasons of all."""
    reasons: dict[str, int] = {}
    for one in found:
        reasons[one.reason] = reasons.get(one.reason, 0) + 1
    lines = [f"{len(found)} answers of {subject.name} are not recorded; nothing was asked of any server."]
    lines += [f"  {count}: {reason}" for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])]
    for one in found[:SHOWN]:
        lines += ["", f"{one.asked.about.case}: {one.reason}", one.difference]
    lines += ["", f"Record them with: python -m eval record {subject.name}"]
    return "\n".join(lines)


def replayed(subject: Subject, cases: Sequence[Case], cassettes: Path) -> tuple[dict[str, Output], str]:
    """Case -> what was recorded, and the provenance. Raises MissingRecording; opens no socket."""
    cassette = open_cassette(cassette_path(subject, cassettes))
    known = read_found(cassettes / RETRIEVED.name)
    asked = ask_for(subject, cases, known, read_passages(cassettes / RETRIEVED.name))
    gone = missing_from(cassette, asked.values())
    if gone:
        raise MissingRecording(explain(subject, gone))
    return recorded_outputs(cassette, asked, cases, known)


def recorded_outputs(
    cassette: Cassette, asked: Mapping[str, Asked], cases: Iterable[Case], known: Mapping[str, Found]
) -> tuple[dict[str, Output], str]:
    """Case -> its output, and the provenance. All that was asked is recorded."""
    recordings = {name: cassette.recordings[one.key, one.sample] for name, one in asked.items()}
    used = {case.id: given_notes(case, found_for(case, known)) for case in cases}
    outputs = {name: output_of(recording, used[name]) for name, recording in recordings.items()}
    return outputs, provenance_of({one.provenance for one in recordings.values()})


def given_notes(case: Case, found: Found) -> tuple[str, ...]:
    """A private note is never given to a model by itself."""
    private = {note.id for note in case.notes if note.private}
    return tuple(name for name in found.notes if name not in private)


def provenance_of(found: set[str]) -> str:
    """One, or several named together; of several the weakest counts (`kind_of`)."""
    return " + ".join(sorted(found)) or "none"


# Scores


def scorers_of(case: Case) -> list[Scorer]:
    unknown = [name for name in case.checks if name not in SCORERS]
    if unknown:
        raise Misuse(f"{case.id} names checks that do not exist: {', '.join(unknown)}.")
    return [SCORERS[name] for name in case.checks]


def scored(seen: Seen, compares: bool) -> dict[str, Score]:
    """By the scorers that need the other outputs, or by those that do not."""
    return {s.name: judge(s, seen) for s in scorers_of(seen.case) if s.compares is compares}


def row_of(seen: Seen, scores: Mapping[str, Score]) -> Row:
    values, why = score_fields(scores)
    case = seen.case
    marks = seen.review.marks if "review" in seen.__dict__ else ()
    return Row(
        case=case.id, given=case.digest, suite=case.suite.value, split=case.split.value, cluster=case.drawn_with, tags=case.tags,
        output=seen.output, marks=marks, scores=values, why=why,
    )  # fmt: skip


def finished(cases: Sequence[Case], rows: Mapping[str, Row]) -> tuple[Row, ...]:
    """In the order of the cases, with the scores that compare them."""
    seen = {case.id: Seen(case=case, output=rows[case.id].output) for case in cases}
    Company(list(seen.values()))
    return tuple(_with(rows[case.id], case, scored(seen[case.id], compares=True)) for case in cases)


def _with(row: Row, case: Case, more: Mapping[str, Score]) -> Row:
    values, why = score_fields(more)
    both = {**row.scores, **values}
    ordered = {name: both[name] for name in case.checks}
    return replace(row, scores=ordered, why={**row.why, **why})


# A run


class RowFile:
    """Rows as they finish; those of a run that was stopped are taken up again."""

    def __init__(self, folder: Path, resume: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "rows.jsonl"
        self.rows = {row.case: row for row in read_rows(self._path)} if resume and self._path.is_file() else {}
        self._file: IO[str] = self._path.open("w", encoding="utf-8", newline="\n")
        for row in self.rows.values():
            self._file.write(row.line)
        self._file.flush()

    def score(self, case: Case, output: Output, bench: Bench) -> None:
        """By all that needs no other output of the run."""
        seen = Seen(case=case, output=output, reviewer=bench.review)
        self._keep(row_of(seen, scored(seen, compares=False)))

    def _keep(self, row: Row) -> None:
        self.rows[row.case] = row
        self._file.write(row.line)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


Tick = Callable[[], None]


@contextmanager
def progress(total: int, what: str) -> Iterator[Tick]:
    """A bar with rate and remaining time on a terminal; silence elsewhere."""
    if not sys.stderr.isatty() or total < SHOWN:
        yield lambda: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit="case", file=sys.stderr) as bar:

        def step() -> None:
            bar.update()

        yield step


def run_subject(
    subject: Subject, cases: Sequence[Case], folder: Path, cassettes: Path, bench: Bench, resume: bool = False
) -> Run:
    """Strict: a model's answers come from recordings, or MissingRecording is raised before anything is scored."""
    mine = put_to(subject, cases)
    recorded, provenance = ({}, subject.name) if subject.built_in else replayed(subject, mine, cassettes)
    file = RowFile(folder, resume)
    with closing(file):
        score_rest(subject, mine, recorded, file, bench)
    return kept_run(subject, provenance, mine, file.rows, folder)


def put_to(subject: Subject, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Those that it can answer. Raises Misuse where one names a check that does not exist, before anything is asked."""
    mine = tuple(case for case in cases if subject.answers(case))
    for case in mine:
        scorers_of(case)
    return mine


def score_rest(
    subject: Subject, cases: Sequence[Case], recorded: Mapping[str, Output], file: RowFile, bench: Bench
) -> None:
    """What no row answers yet: from what is recorded, or by asking the built-in drafter."""
    with progress(len(cases), subject.name) as tick:
        for case in cases:
            if not taken_up(file.rows.get(case.id), case, recorded):
                file.score(case, recorded[case.id] if case.id in recorded else bench.built_in.answer(case), bench)
            tick()


def taken_up(row: Row | None, case: Case, recorded: Mapping[str, Output]) -> bool:
    """Whether a row of a run that was stopped still answers this case, checks included."""
    if (
        row is None
        or row.given != case.digest
        or {s.name for s in scorers_of(case) if not s.compares} - set(row.scores)
    ):
        return False
    return case.id not in recorded or row.output.key == recorded[case.id].key


def kept_run(subject: Subject, provenance: str, cases: Sequence[Case], rows: Mapping[str, Row], folder: Path) -> Run:
    whole = finished(cases, rows)
    run = Run(manifest=manifest_of(subject, provenance, cases), rows=whole, totals=totals_of(whole))
    write_run(folder, run)
    return run


def manifest_of(subject: Subject, provenance: str, cases: Sequence[Case]) -> dict[str, Any]:
    """What was measured: nothing in it depends on the hour or on how many calls ran at once."""
    return {
        "subject": subject.name,
        "provenance": provenance,
        "cases": len(cases),
        "cases_digest": cases_digest(cases),
        "splits": sorted({case.split.value for case in cases}),
        **_commit(),
        "coach": __version__,
        "python": platform.python_version(),
    }


def cases_digest(cases: Sequence[Case]) -> str:
    return digest_of([[case.id, case.digest, list(case.checks), case.gold.model_dump(mode="json")] for case in cases])


def _commit() -> dict[str, Any]:
    """What was measured, and whether it was changed since; "" where git does not know."""
    command = ["git", "status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)  # noqa: S603
    lines = done.stdout.splitlines()
    commit = next((line.split()[-1] for line in lines if line.startswith("# branch.oid ")), "")
    return {"commit": commit, "changed": any(not line.startswith("#") for line in lines)}
