"""`python -m eval`: is this prompt good, is it better than that one, would we have noticed if it got worse?

Nothing heavy is imported here: a replay of one case answers before a reader has looked up.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from coach.errors import CoachError
from eval.case import FOLDER, Case, Suite, case_files, read_cases, select
from eval.errors import EvalError, MissingRecording, Misuse
from eval.runner import Bench, run_subject
from eval.subject import Subject, named
from eval.totals import Run, read_run

if TYPE_CHECKING:
    from eval.cassette import Asked, Cassette
    from eval.judging import Judge

Command = Callable[[argparse.Namespace], int]
SPLITS = ("development", "sealed", "both")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 held, 1 fell, 2 misuse, 3 refused claim, 4 missing recording, 5 inconsistent totals."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = parser().parse_args(arguments)
    try:
        return int(given.command(given))
    except EvalError as error:
        print(error, file=sys.stderr)
        return error.status
    except CoachError as error:
        print(error, file=sys.stderr)
        return Misuse.status


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m eval", description=__doc__, allow_abbrev=False)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    answering = (_parse_run(commands), _parse_record(commands))
    judging = (_parse_calibrate(commands), _parse_compare(commands), _parse_gate(commands))
    for adds in (_parse_bless, _parse_lint, _parse_mutate, _parse_report):
        adds(commands)
    for one in judging:
        one.add_argument(
            "--live", action="store_true", help="ask the endpoint for what the judge has not been asked yet"
        )
    for one in (*answering, *judging):
        one.add_argument("--concurrency", type=int, default=8, help="calls in flight, and connections (default: 8)")
        one.add_argument("--provenance", help="what the answers are to be called (default: live:MODEL@TODAY)")
    return top


def _parse_run(commands: Commands) -> argparse.ArgumentParser:
    run = _command(commands, "run", _run, "answer cases from recordings (or by the built-in drafter) and score them")
    run.add_argument("subject", nargs="+", help="built-in, or VERSION@MODEL such as v1@gpt-5-mini")
    run.add_argument("--live", action="store_true", help="ask the endpoint (OPENAI_BASE_URL) for what is not recorded")
    run.add_argument("--resume", action="store_true", help="take up the rows of a run that was stopped")
    run.add_argument("--out", type=Path, help="where the run is written (default: RUNS/SUBJECT)")
    return run


def _parse_record(commands: Commands) -> argparse.ArgumentParser:
    record = _command(commands, "record", _record, "ask the endpoint for what is not recorded yet")
    record.add_argument("subject", nargs="+")
    asks = "ask with what was retrieved there: what compare --blame replays"
    record.add_argument("--retrieved", type=Path, metavar="FOLDER", help=asks)
    return record


def _parse_calibrate(commands: Commands) -> argparse.ArgumentParser:
    calibrate = _command(commands, "calibrate", _calibrate, "how far a model as judge agrees with people, by criterion")
    calibrate.add_argument("model")
    calibrate.add_argument("--criterion", action="append", default=[], help="default: all of them")
    calibrate.add_argument("--each", type=int, default=15, help="faulty and clean messages for each (default: 15)")
    return calibrate


def _parse_compare(commands: Commands) -> argparse.ArgumentParser:
    says = "two subjects (or folders of runs) on the same cases: B against A"
    compare = _command(commands, "compare", _compare, says)
    compare.add_argument("before")
    compare.add_argument("after")
    compare.add_argument("--report", type=Path, help="write the report of both here (one HTML file)")
    blames = "of each lost case say whether retrieval or prompt lost it"
    compare.add_argument("--blame", action="store_true", help=blames)
    judges = "ask a model, in both orders, which message says more exactly"
    compare.add_argument("--judge", metavar="MODEL", help=judges)
    recorded = "A's recordings, where they lie in a folder of their own"
    compare.add_argument("--cassettes-a", type=Path, metavar="FOLDER", help=recorded)
    return compare


def _parse_gate(commands: Commands) -> argparse.ArgumentParser:
    gate = _command(commands, "gate", _gate, "hold runs against gate.yaml and what was blessed", split="both")
    gate.add_argument("subject", nargs="+")
    gate.add_argument("--out", type=Path, help="JUnit XML, JSON and Markdown go here (default: RUNS/gate)")
    gate.add_argument("--baselines", type=Path, default=FOLDER / "baselines")
    gate.add_argument("--gate", type=Path, default=FOLDER / "gate.yaml")
    return gate


def _parse_bless(commands: Commands) -> None:
    says = "make a run the baseline that later ones are held against"
    bless = _command(commands, "bless", _bless, says, split="both")
    bless.add_argument("subject", nargs="+")
    bless.add_argument("--baselines", type=Path, default=FOLDER / "baselines")


def _parse_lint(commands: Commands) -> None:
    says = "what is wrong with cases and prompts, and which recordings are stale"
    lint = _command(commands, "lint", _lint, says, split="both")
    lint.add_argument("subject", nargs="*")


def _parse_mutate(commands: Commands) -> None:
    says = "seed faults into good messages: which scorers see them, what survives"
    mutate = _command(commands, "mutate", _mutate, says)
    whose = "whose messages are the good ones (default: built-in)"
    mutate.add_argument("subject", nargs="?", default="built-in", help=whose)
    mutate.add_argument("--each", type=int, default=30, help="messages that each fault is seeded into (default: 30)")
    mutate.add_argument("--verbose", action="store_true", help="print the survivors")


def _parse_report(commands: Commands) -> None:
    report = _command(commands, "report", _report, "one HTML file of a run, or of two: B against A")
    report.add_argument("runs", nargs="+", help="subjects, or folders of runs")
    report.add_argument("--to", type=Path, help="the file (default: RUNS/SUBJECT/report.html)")


def _command(
    commands: Commands, name: str, do: Command, says: str, split: str = "development"
) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=says, description=says, allow_abbrev=False)
    one.set_defaults(command=do, name=name)
    one.add_argument(
        "--cases", type=Path, action="append", default=[], help="files of cases (default: the suite's own)"
    )
    one.add_argument("--split", choices=SPLITS, default=split, help=f"default: {split}")
    one.add_argument("--suite", action="append", default=[], choices=[suite.value for suite in Suite])
    one.add_argument("--tag", action="append", default=[])
    one.add_argument("--case", action="append", default=[], help="only the case with this id")
    one.add_argument("--cassettes", type=Path, default=FOLDER / "cassettes", help="the folder of recordings")
    one.add_argument(
        "--runs",
        dest="runs_in",
        type=Path,
        default=FOLDER / "runs",
        help="the folder where runs are kept, each by its subject",
    )
    one.add_argument(
        "--ledger", type=Path, default=FOLDER / "sealed" / "ledger.jsonl", help="where opening the sealed part is noted"
    )
    return one


def cases_of(given: argparse.Namespace) -> tuple[Case, ...]:
    """Chosen by the flags. Raises Misuse where nothing is left."""
    sealed = {"development": (False,), "sealed": (True,), "both": (False, True)}[given.split]
    paths = given.cases or [path for part in sealed for path in case_files(part)]
    cases = select(read_cases(paths), given.suite, given.tag, given.case)
    if not cases:
        raise Misuse("No case is left by these flags.")
    twice = [name for name, count in Counter(case.id for case in cases).items() if count > 1]
    if twice:
        raise Misuse(f"{twice[0]} is the id of more than one case.")
    return cases


@contextmanager
def opened_bench() -> Iterator[Bench]:
    bench = Bench()
    try:
        yield bench
    finally:
        bench.close()


def note_sealed(given: argparse.Namespace, cases: Sequence[Case], runs: Sequence[Run]) -> None:
    from eval.ledger import note

    note(given.ledger, given.name, cases, runs)


def runs_folder(subject: Subject, given: argparse.Namespace) -> Path:
    return Path(given.runs_in) / subject.file_name


def a_run(
    text: str, given: argparse.Namespace, cases: Sequence[Case], bench: Bench, cassettes: Path | None = None
) -> Run:
    """By a subject's name: replayed now. By a folder: as it was written, all of it, or what is sealed would be shown unnoted."""
    if (Path(text) / "rows.jsonl").is_file():
        run = read_run(Path(text))
        left_out = {row.case for row in run.rows} - {case.id for case in cases}
        if left_out:
            raise Misuse(
                f"{text} holds {len(left_out)} cases that these flags leave out; --split both takes in both parts."
            )
        return run
    subject = named(text)
    return run_subject(subject, cases, runs_folder(subject, given), cassettes or given.cassettes, bench)


def _run(given: argparse.Namespace) -> int:
    from eval.show import table

    cases = cases_of(given)
    with opened_bench() as bench:
        for text in given.subject:
            subject = named(text)
            folder = given.out or runs_folder(subject, given)
            if given.live and not subject.built_in:
                from eval.live import live_run

                run = live_run(subject, cases, folder, given.cassettes, bench, given)
            else:
                run = run_subject(subject, cases, folder, given.cassettes, bench, given.resume)
            note_sealed(given, cases, [run])
            print(table(run))
    return 0


def _record(given: argparse.Namespace) -> int:
    from eval.live import record

    cases = cases_of(given)
    with opened_bench() as bench:
        for text in given.subject:
            print(record(named(text), cases, given.cassettes, bench, given))
    return 0


def _compare(given: argparse.Namespace) -> int:
    from eval.compare import Verdict, compare
    from eval.errors import FELL, RefusedClaim
    from eval.show import comparison_table

    cases = cases_of(given)
    with opened_bench() as bench:
        before = a_run(given.before, given, cases, bench, given.cassettes_a)
        after = a_run(given.after, given, cases, bench)
        note_sealed(given, cases, [before, after])
        found = compare(before, after)
        print(comparison_table(found))
        if given.judge:
            from eval.judging import preference_line, preferences

            judge = _judge(given.judge, given)
            print(preference_line(judge, preferences(judge, before, after)))
        if given.blame:
            from eval.crossing import blame_lost, blame_table

            cassettes = {"A": given.cassettes_a or given.cassettes, "B": given.cassettes}
            print(blame_table(blame_lost(found, cases, cassettes, bench)))
    if given.report:
        from eval.report import write_report

        write_report(given.report, cases, (before, after), _typed(given))
    if found.verdict is Verdict.REFUSED:
        raise RefusedClaim(f"Refused: {found.why}.")
    return FELL if found.verdict is Verdict.WORSE else 0


def _gate(given: argparse.Namespace) -> int:
    from eval.gate import as_json, as_junit, as_markdown, baseline_path, decide, read_baseline, read_gate
    from eval.show import write_all

    cases, gate, decisions = cases_of(given), read_gate(given.gate), []
    with opened_bench() as bench:
        for text in given.subject:
            run = a_run(text, given, cases, bench)
            note_sealed(given, cases, [run])
            baseline = read_baseline(baseline_path(named_file(run), given.baselines))
            judge = _judge(gate.judge, given) if gate.judge else None
            decisions.append(decide(run, gate.asked_of(run), baseline, judge))
    write_all(
        given.out or given.runs_in / "gate",
        {"junit.xml": as_junit(decisions), "gate.md": as_markdown(decisions), "gate.json": as_json(decisions)},
    )
    print(as_markdown(decisions))
    return max(decision.status for decision in decisions)


def named_file(run: Run) -> str:
    return named(run.subject).file_name


def _bless(given: argparse.Namespace) -> int:
    from eval.gate import baseline_path, bless

    cases = cases_of(given)
    with opened_bench() as bench:
        for text in given.subject:
            if Path(text).is_dir():
                raise Misuse(
                    f"{text} is a folder, whose rows may be older than the recordings: bless a subject by its name."
                )
            run = a_run(text, given, cases, bench)
            note_sealed(given, cases, [run])
            path = baseline_path(named_file(run), given.baselines)
            bless(run, path)
            print(f"{path} is the baseline of {run.subject} ({run.provenance}, {len(run.rows)} cases). Commit it.")
    return 0


def _lint(given: argparse.Namespace) -> int:
    from eval.lint import lint, staleness

    faults = lint(given.cases or [path for part in (False, True) for path in case_files(part)])
    for fault in faults:
        print(fault)
    if given.subject:
        cases = cases_of(given)
        for text in given.subject:
            print(staleness(named(text), cases, given.cassettes))
    print(f"{len(faults)} faults." if faults else "No fault in cases and prompts.")
    return 1 if faults else 0


def _mutate(given: argparse.Namespace) -> int:
    """Held where at least 95 % are caught and no scorer objects to more than 5 % of the good messages."""
    from eval.errors import FELL
    from eval.mutants import false_alarms, good_messages, mutate, mutation_table, read_mutants
    from eval.scorers import Seen

    mutants = read_mutants()
    cases = [case for case in cases_of(given) if case.suite.generates]
    with opened_bench() as bench:
        run = a_run(given.subject, given, cases, bench)
        note_sealed(given, cases, [run])
        outputs = {row.case: row.output for row in run.rows}
        seen = good_messages([Seen(case=case, output=outputs[case.id], reviewer=bench.review) for case in cases])
        caught = mutate(seen, mutants, bench.review, given.each)
        alarms = false_alarms(seen, mutants)
    print(mutation_table(caught, alarms, given.verbose))
    found, seeded = sum(one.caught for one in caught), sum(one.seeded for one in caught)
    return 0 if found >= 0.95 * seeded and all(bad <= 0.05 * of for bad, of in alarms.values()) else FELL


def _calibrate(given: argparse.Namespace) -> int:
    from eval.judge import calibration_table
    from eval.judging import calibrated

    print(calibration_table(calibrated(_judge(given.model, given), given.criterion, given.each)))
    return 0


def _judge(model: str, given: argparse.Namespace) -> "Judge":
    """With --live it asks for what is not recorded."""
    from eval.judging import Judge

    def ask(cassette: "Cassette", wanted: Sequence["Asked"]) -> None:
        from eval.live import ask_into

        failed = ask_into(cassette, wanted, model, given, lambda _, __: None)
        if failed:
            said = (
                f"{len(failed)} of {len(wanted)} questions to the judge could not be asked; the other answers are kept."
            )
            raise MissingRecording("\n".join([said, *failed[:5]]))

    return Judge(model=model, cassettes=given.cassettes, ask=ask if given.live else None)


def _report(given: argparse.Namespace) -> int:
    from eval.report import write_report

    if len(given.runs) > 2:
        raise Misuse("A report shows one run, or two: B against A.")
    cases = cases_of(given)
    with opened_bench() as bench:
        runs = tuple(a_run(text, given, cases, bench) for text in given.runs)
    note_sealed(given, cases, runs)
    path = given.to or runs_folder(named(runs[-1].subject), given) / "report.html"
    write_report(path, cases, runs, _typed(given))
    print(f"The report is in {path}.")
    return 0


def _typed(given: argparse.Namespace) -> str:
    """The command that makes the same again."""
    import shlex

    return shlex.join(["python", "-m", "eval", *sys.argv[1:]]) if sys.argv[1:] else f"python -m eval {given.name}"


if __name__ == "__main__":
    sys.exit(main())
