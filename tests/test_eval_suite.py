"""The evaluation suite from its command line: strict replay, its exit statuses, its files."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.request import Answer
from eval.__main__ import main
from eval.case import Case, case_files, read_cases
from eval.cassette import Cassette, open_cassette, recording_of
from eval.lint import lint
from eval.runner import cassette_path
from eval.scorers import SCORERS
from eval.subject import Found, asked_of, named, read_found, read_passages
from eval.totals import read_rows

SUBJECT = "v0@stub"


def a_case(at: int, **more: Any) -> dict[str, Any]:
    """A message is asked for; facts are carried where the message holds the fruit and the day."""
    fruit = ["apples", "pears", "plums", "figs", "limes", "dates", "kiwis", "melons"][at % 8]
    told = f"Person{at} sorted crate number {at + 20} of {fruit} on Tuesday, so the stall opened early."
    return {
        "id": f"c-{at:03d}",
        "suite": "recognition",
        "split": "development",
        "input": {"situation": told, "to": f"Person{at}", "kind": "recognition", "channel": "direct"},
        "gold": {"facts": [fruit, ["tuesday"]], "missing": []},
        "checks": ["form", "fit", "facts", "invented-number"],
    } | more


def good(case: Case) -> str:
    return f"{case.moment.to}, thank you: {case.moment.situation}"


def write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


class Bench:
    """A folder of cases and recordings, and the suite's command line on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cassettes = folder, folder / "cassettes"
        self.cases = folder / "cases.jsonl"

    def keep(self, rows: Sequence[dict[str, Any]]) -> tuple[Case, ...]:
        return read_cases([write_lines(self.cases, rows)])

    def record(
        self,
        cases: Sequence[Case],
        says: Callable[[Case], str] = good,
        subject: str = SUBJECT,
        provenance: str = "scripted",
    ) -> Cassette:
        who = named(subject)
        cassette = open_cassette(cassette_path(who, self.cassettes))
        for case in cases:
            asked = asked_of(who, case, Found(), {})
            answer = Answer(
                text=says(case), finish_reason="stop", model=who.model, tokens_in=50, tokens_out=20, seconds=0.2
            )
            cassette.keep(recording_of(asked, provenance, answer))
        cassette.tidy()
        return cassette

    def __call__(self, command: str, *arguments: str) -> int:
        where = [
            "--cases",
            str(self.cases),
            "--cassettes",
            str(self.cassettes),
            "--ledger",
            str(self.folder / "ledger.jsonl"),
            "--runs",
            str(self.folder / "runs"),
        ]
        return main([command, *arguments, *where])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a replay opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_suites_own_cases_and_prompts_have_no_fault() -> None:
    assert lint([path for part in (False, True) for path in case_files(part)]) == []


def test_there_are_enough_messages_in_both_parts() -> None:
    for sealed in (False, True):
        messages = [case for case in read_cases(case_files(sealed)) if case.suite.generates]
        assert len(messages) >= 120
        assert {case.split.value for case in messages} == {"sealed" if sealed else "development"}


def test_a_replay_scores_what_was_recorded_and_opens_no_socket(bench: Bench, no_sockets: None) -> None:
    cases = bench.keep([a_case(at) for at in range(6)])
    bench.record(cases, lambda case: good(case) if case.id != "c-002" else "Great job, 77 times!")
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 0
    rows = {row.case: row for row in read_rows(bench.folder / "run" / "rows.jsonl")}
    assert rows["c-001"].scores == {"form": 1.0, "fit": 1.0, "facts": 1.0, "invented-number": 1.0}
    assert rows["c-002"].scores == {"form": 1.0, "fit": 1.0, "facts": 0.0, "invented-number": 0.0}
    totals = json.loads((bench.folder / "run" / "totals.json").read_text())
    assert totals["metrics"]["invented-number"]["value"] == pytest.approx(5 / 6, abs=1e-6)
    assert json.loads((bench.folder / "run" / "run.json").read_text())["provenance"] == "scripted"


CHANGES: dict[str, Callable[[Bench, pytest.MonkeyPatch], None]] = {
    "case changed": lambda bench, _: bench.keep([a_case(0, input=a_case(3)["input"])]) and None,
    "parameters changed": lambda _, patch: patch.setattr(
        "eval.subject.parameters_of", lambda model: __import__("eval.subject", fromlist=["x"]).Parameters(max_tokens=9)
    ),
}


@pytest.mark.parametrize("reason", CHANGES)
def test_a_missing_recording_says_which_part_changed(
    reason: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], no_sockets: None
) -> None:
    bench.record(bench.keep([a_case(0)]))
    CHANGES[reason](bench, monkeypatch)
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 4
    said = capsys.readouterr().err
    assert reason in said
    assert "+++ asked now" in said
    assert not (bench.folder / "run" / "totals.json").exists()


def test_a_changed_prompt_is_named_and_shown(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.record(bench.keep([a_case(0)]))
    kept = (bench.cassettes / "v0@stub.jsonl").read_text()
    row = json.loads(kept)
    bench.record(bench.keep([a_case(0)]), subject="v0@other")
    row["about"]["prompt"] = "recognition/v0@000000000000"
    row["request"]["messages"][0]["content"] = "You are a pirate."
    from eval.cassette import key_of

    row["key"] = key_of(row["request"])
    (bench.cassettes / "v0@stub.jsonl").write_text(json.dumps(row) + "\n")
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 4
    said = capsys.readouterr().err
    assert "prompt changed" in said
    assert "-You are a pirate." in said
    assert "+You are a helpful assistant." in said


def test_a_changed_retrieval_is_named(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    case = bench.keep([a_case(0)])[0]
    bench.record([case])
    write_lines(
        bench.cassettes / "retrieved.jsonl",
        [
            {"principle": "p", "title": "T", "text": "X", "not_when": "Y"},
            {"case": case.digest, "principles": ["p"], "notes": []},
        ],
    )
    # v0 shows no principles, so its request stays the same; what it was made of is compared all the same.
    found, passages = (
        read_found(bench.cassettes / "retrieved.jsonl"),
        read_passages(bench.cassettes / "retrieved.jsonl"),
    )
    asked = asked_of(named(SUBJECT), case, found[case.digest], passages)
    from eval.cassette import missed

    recordings = tuple(open_cassette(bench.cassettes / "v0@stub.jsonl").recordings.values())
    assert missed(asked, recordings).changed == ("retrieval",)


def test_lint_says_what_an_edit_makes_stale_and_what_that_costs(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.record(bench.keep([a_case(0), a_case(1)]))
    bench.keep([a_case(0), a_case(1, input=a_case(5)["input"]), a_case(2)])
    assert bench("lint", SUBJECT) == 0
    said = capsys.readouterr().out
    assert "1 of 3 recorded, 1 recordings that no case asks for" in said
    assert "1 stale or missing: case changed" in said
    assert "takes 2 calls" in said


def test_each_fault_of_a_case_is_found(bench: Bench) -> None:
    near = a_case(4)["input"] | {"situation": a_case(4)["input"]["situation"] + " Well."}
    bench.keep(
        [
            a_case(0),
            a_case(0),
            a_case(1, checks=[]),
            a_case(2, checks=["form", "frm"]),
            a_case(4),
            a_case(5, split="sealed", input=near),
        ]
    )
    faults = "\n".join(lint([bench.cases]))
    assert "c-000: this id is used 2 times" in faults
    assert "c-001: has no check" in faults
    assert "c-002: there is no check named 'frm'" in faults
    assert "c-004 and c-005: nearly the same in both parts" in faults


def test_a_case_of_the_wrong_form_names_its_line(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(bench.cases, [a_case(0), a_case(1) | {"golds": {}}])
    assert bench("run", SUBJECT) == 2
    assert "cases.jsonl:2" in capsys.readouterr().err


def test_totals_that_do_not_follow_from_the_rows_are_refused(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cases = bench.keep([a_case(at) for at in range(3)])
    bench.record(cases)
    run = bench.folder / "run"
    assert bench("run", SUBJECT, "--out", str(run)) == 0
    totals = json.loads((run / "totals.json").read_text())
    totals["metrics"]["facts"]["value"] = 0.5
    (run / "totals.json").write_text(json.dumps(totals))
    assert bench("compare", str(run), str(run)) == 5
    assert "facts" in capsys.readouterr().err


def test_a_recording_that_was_altered_is_refused(bench: Bench) -> None:
    bench.record(bench.keep([a_case(0)]))
    path = bench.cassettes / "v0@stub.jsonl"
    path.write_text(path.read_text().replace("helpful", "clever"))
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 5


def test_that_one_is_better_is_refused_unless_both_are_what_users_meet(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = bench.keep([a_case(at) for at in range(40)])
    for provenance, status in (("tiny-model", 3), ("scripted", 3), ("live:x@2026-11-21", 0)):
        bench.record(cases, lambda case: "Thanks, 99!", "v0@poor", provenance)
        bench.record(cases, good, "v0@fine", provenance)
        assert bench("compare", "v0@poor", "v0@fine") == status
        said = capsys.readouterr()
        assert ("\nbetter: " in said.out) is (status == 0)
        assert ("Refused" in said.err) is (status == 3)
    assert bench("compare", "v0@fine", "v0@poor") == 1
    assert bench("compare", "v0@fine", "v0@fine") == 0
    assert "inconclusive" in capsys.readouterr().out


GATE = """
subjects:
  live: {zero: [invented-number], floors: {facts: 0.8}, regressions: [all, facts]}
"""


def test_the_gate_holds_what_was_blessed_and_falls_where_it_got_worse(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = bench.keep([a_case(at) for at in range(40)])
    (bench.folder / "gate.yaml").write_text(GATE)
    where = ["--baselines", str(bench.folder / "baselines")]
    gate = [*where, "--gate", str(bench.folder / "gate.yaml"), "--out", str(bench.folder / "out")]
    bench.record(cases, good, SUBJECT, "live:x@2026-11-21")
    assert bench("gate", SUBJECT, *gate) == 1, "nothing was blessed yet"
    assert bench("bless", SUBJECT, *where) == 0
    assert bench("gate", SUBJECT, *gate) == 0
    bench.record(
        cases,
        lambda case: good(case) if case.id > "c-009" else "Thank you so much, 99 times over!",
        SUBJECT,
        "live:x@2026-11-21",
    )
    assert bench("gate", SUBJECT, *gate) == 1
    said = capsys.readouterr().out
    assert "**fell** | zero invented-number | 10 of 40" in said
    assert "**fell** | regression facts" in said
    junit = (bench.folder / "out" / "junit.xml").read_text()
    assert 'failures="4"' in junit and "c-003" in junit
    assert json.loads((bench.folder / "out" / "gate.json").read_text())[0]["held"] is False


def test_a_stale_recording_is_not_blessed(bench: Bench) -> None:
    bench.record(bench.keep([a_case(0)]))
    bench.keep([a_case(0, input=a_case(1)["input"])])
    assert bench("bless", SUBJECT, "--baselines", str(bench.folder / "baselines")) == 4
    assert not (bench.folder / "baselines").exists()


def test_a_folder_of_rows_is_not_blessed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Its rows may be older than the recordings."""
    bench.record(bench.keep([a_case(0)]))
    run = bench.folder / "run"
    assert bench("run", SUBJECT, "--out", str(run)) == 0
    assert bench("bless", str(run), "--baselines", str(bench.folder / "baselines")) == 2
    assert "bless a subject by its name" in capsys.readouterr().err
    assert not (bench.folder / "baselines").exists()


def test_runs_between_which_a_case_was_changed_are_not_compared(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [bench.folder / name for name in ("before", "after")]
    for run, told in zip(runs, (a_case(1), a_case(5)), strict=True):
        bench.record(bench.keep([a_case(0), a_case(1, input=told["input"])]))
        assert bench("run", SUBJECT, "--out", str(run)) == 0
    assert bench("compare", *map(str, runs)) == 2
    assert "1 cases were changed between the two runs, c-001 first" in capsys.readouterr().err


def test_opening_the_sealed_part_is_noted_once_for_the_same_answers(bench: Bench) -> None:
    cases = bench.keep([a_case(0), a_case(1, split="sealed")])
    bench.record(cases)
    for _ in range(2):
        assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 0
    ledger = (bench.folder / "ledger.jsonl").read_text().splitlines()
    assert len(ledger) == 1
    bench.record(cases, lambda case: good(case) + " Well done.")
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 0
    assert len((bench.folder / "ledger.jsonl").read_text().splitlines()) == 2


def test_a_folder_shows_nothing_sealed_that_is_not_noted(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.record(bench.keep([a_case(0), a_case(1, split="sealed")]))
    run, ledger = bench.folder / "run", bench.folder / "ledger.jsonl"
    assert bench("run", SUBJECT, "--out", str(run)) == 0
    ledger.unlink()
    both = bench.cases.read_text("utf-8")
    bench.keep([a_case(0)])
    assert bench("report", str(run), "--to", str(bench.folder / "report.html")) == 2
    assert "holds 1 cases that these flags leave out" in capsys.readouterr().err and not ledger.exists()
    bench.cases.write_text(both, "utf-8")
    assert bench("report", str(run), "--to", str(bench.folder / "report.html")) == 0
    assert len(ledger.read_text().splitlines()) == 1


def test_a_torn_last_line_of_a_recording_is_left_out(bench: Bench) -> None:
    cases = bench.keep([a_case(at) for at in range(3)])
    bench.record(cases)
    path = bench.cassettes / "v0@stub.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    assert len(open_cassette(path).recordings) == 2
    assert path.read_bytes().endswith(b"\n")


def test_an_error_that_was_recorded_is_met_again(bench: Bench) -> None:
    case = bench.keep([a_case(0)])[0]
    cassette = bench.record([case])
    only = next(iter(cassette.recordings.values()))
    cassette.recordings = {
        (only.key, 0): replace(
            only, response="Person0 sor", finish_reason="length", error={"code": "cut-off", "message": "…"}
        )
    }
    cassette.tidy()
    assert bench("run", SUBJECT, "--out", str(bench.folder / "run")) == 0
    row = read_rows(bench.folder / "run" / "rows.jsonl")[0]
    assert row.output.error == "cut-off"
    assert row.scores["form"] == 0.0


def test_nothing_heavy_is_imported_for_a_replay(bench: Bench) -> None:
    bench.record(bench.keep([a_case(0)]))
    heavy = "numpy scipy streamlit chromadb onnxruntime openai sqlalchemy HanTa asyncio.base_events yaml".split()
    program = (
        "import sys; from eval.__main__ import main\n"
        f"status = main(['run', {SUBJECT!r}, '--out', {str(bench.folder / 'run')!r}, '--cases', {str(bench.cases)!r}, "
        f"'--cassettes', {str(bench.cassettes)!r}])\n"
        f"print([name for name in {heavy!r} if name in sys.modules], status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_the_report_is_one_file_that_runs_nothing_of_a_message(bench: Bench) -> None:
    cases = bench.keep([a_case(at) for at in range(3)])
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)> @DATA@"
    bench.record(cases, lambda case: hostile)
    bench.record(cases, good, "v0@other")
    path = bench.folder / "report.html"
    assert bench("report", SUBJECT, "v0@other", "--to", str(path)) == 0
    html = path.read_text("utf-8")
    assert "<script>alert" not in html and "<img" not in html
    assert html.index("Provenance: scripted") < html.index("<h2>Metrics")
    assert "http://" not in html and "https://" not in html


def test_every_code_of_the_checker_is_a_scorer() -> None:
    import yaml

    shared = Path(__file__).parent.parent / "eval" / "mutants.yaml"
    assert {one["caught_by"][0] for one in yaml.safe_load(shared.read_text("utf-8"))["mutants"]} <= set(SCORERS)


def test_a_second_replay_says_the_same_byte_for_byte(bench: Bench) -> None:
    bench.record(bench.keep([a_case(at) for at in range(30)]))
    for name in ("one", "two"):
        assert bench("run", SUBJECT, "--out", str(bench.folder / name)) == 0
        time.sleep(0.01)
    for file in ("rows.jsonl", "totals.json", "run.json"):
        assert (bench.folder / "one" / file).read_bytes() == (bench.folder / "two" / file).read_bytes()


def test_the_suite_asks_a_model_exactly_what_coach_asks() -> None:
    """Notes, principles and samples included; what is left out of a situation and stand-ins are Coach's own steps before."""
    from coach.compose import CHANNELS, Material, prepare
    from coach.endpoint import Endpoint
    from coach.principles import read_library
    from coach.records import Note
    from eval.subject import CHANNELS as OURS
    from eval.subject import passages_of

    library = read_library()
    case = next(case for case in read_cases(case_files(False)) if any(not note.private for note in case.notes))
    found = Found(
        principles=tuple(list(library.by_id)[:3]), notes=tuple(note.id for note in case.notes if not note.private)
    )
    asked = asked_of(named("v1@stub"), case, found, passages_of(library.by_id, {"x": found}))
    notes = [
        Note(id=n.id, person_id="", person=case.moment.to, date=n.date, kind=n.kind, private=n.private, text=n.text)
        for n in case.notes
        if not n.private
    ]
    material = Material(
        situation=case.moment.told(),
        notes=tuple(notes),
        principles=tuple(library.by_id[name] for name in found.principles),
    )
    endpoint = Endpoint(url="http://127.0.0.1:9/v1", model="stub")
    theirs = prepare(material, (), (), endpoint, hide_names=False)
    assert asked.request.turns == theirs.request.turns
    assert asked.about.prompt == theirs.prompt
    assert OURS == CHANNELS


def test_the_worked_example_of_the_readme_is_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, no_sockets: None
) -> None:
    """Without the checker, which learns: what is quoted rests on the recordings and the cases alone."""
    root = Path(__file__).parent.parent
    example = (root / "README.md").read_text("utf-8").split("On the 120 development cases it prints")[1]
    quoted = [line for line in example.split("```")[1].splitlines() if line.strip()]
    names = [line.split()[0] for line in quoted]
    rows = [json.loads(line) for path in case_files(False) for line in path.read_text("utf-8").splitlines()]
    kept = [row | {"checks": [name for name in names if name in row["checks"]]} for row in rows]
    cases = write_lines(
        tmp_path / "cases.jsonl", [row for row in kept if row["suite"] not in ("retrieval", "rehearsal")]
    )
    subjects = ("v0@smollm2-135m", "v1@smollm2-135m")
    monkeypatch.setattr("eval.__main__.runs_folder", lambda subject, _: tmp_path / subject.file_name)
    assert main(["compare", *subjects, "--cases", str(cases)]) == 3
    printed = capsys.readouterr().out.splitlines()
    assert len(quoted) == 2
    for line in quoted:
        assert any(one.startswith(line.rstrip()) for one in printed), line


@pytest.mark.parametrize(
    ("user", "faults"),
    [
        ("{{ to }} {{ channel }}", ["does not use situation; say so with {# leaves out: situation #}"]),
        ("{{ to }} {{ channel }} {{ situation }}", []),
        ("{{ to }} {{ channel }}{# leaves out: situation #}", []),
        ("{{ to }} {{ channel }} {{ situation }} {{ sitaution }}", ["needs sitaution, which it is not given"]),
    ],
)
def test_a_prompt_uses_what_it_is_given_or_says_that_it_does_not(
    user: str, faults: list[str], bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.folder / "prompts" / "recognition" / "v9"
    folder.mkdir(parents=True)
    others = "{# leaves out: principles, notes, samples, pronouns, words, happened, today, slot #}"
    (folder / "system.jinja").write_text("Thank them.")
    (folder / "user.jinja").write_text(user + others)
    monkeypatch.setattr("eval.lint.PLACES", (bench.folder / "prompts",))
    bench.keep([a_case(0)])
    assert [fault.removeprefix("recognition/v9: ").removesuffix(".") for fault in lint([bench.cases])] == faults
