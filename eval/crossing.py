"""Runs A's retrieval with B's prompt and the reverse, for `compare --blame`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.blame import Blamed, Crossed, blame
from eval.case import Case
from eval.cassette import Cassette, missed, open_cassette
from eval.compare import Comparison
from eval.runner import Bench, cassette_path, found_for, given_notes, row_of, scored
from eval.scorers import Seen
from eval.subject import RETRIEVED, Found, Subject, asked_of, named, output_of, read_found, read_passages
from eval.totals import ALL, Row


def blame_lost(
    found: Comparison, cases: Sequence[Case], cassettes: Mapping[str, Path], bench: Bench, metric: str = ALL
) -> tuple[Blamed, ...]:
    """`cassettes`: "A" and "B" -> the folder of that side's recordings, retrieval among them."""
    change = next((one for one in found.changes if one.metric == metric), None)
    if change is None or not change.lost:
        return ()
    sides = {
        "A": _Side(named(found.before.subject), cassettes["A"]),
        "B": _Side(named(found.after.subject), cassettes["B"]),
    }
    by_id = {case.id: case for case in cases}
    before = {row.case: row for row in found.before.rows}

    def crossed(case: str, retrieval: str, prompt: str) -> Row | str:
        return _crossed(by_id[case], sides[retrieval], sides[prompt], bench)

    lost = [name for name in change.lost if name in by_id]
    return blame(lost, metric, before, _same_retrieval(sides, by_id, found, crossed))


class _Side:
    def __init__(self, subject: Subject, folder: Path) -> None:
        self.subject = subject
        self.cassette: Cassette = open_cassette(cassette_path(subject, folder))
        self.known: dict[str, Found] = read_found(folder / RETRIEVED.name)
        self.passages = read_passages(folder / RETRIEVED.name)

    def given(self, case: Case) -> tuple[Found, list[object]]:
        found = found_for(case, self.known)
        return found, [self.passages.get(name) for name in found.principles]


def _same_retrieval(
    sides: Mapping[str, _Side], cases: Mapping[str, Case], found: Comparison, crossed: Crossed
) -> Crossed:
    """Where both retrieved the same, crossing changes the prompt alone, and the answers are there: A's and B's own."""
    rows = {"A": {row.case: row for row in found.before.rows}, "B": {row.case: row for row in found.after.rows}}

    def ask(case: str, retrieval: str, prompt: str) -> Row | str:
        same = sides["A"].given(cases[case]) == sides["B"].given(cases[case])
        return rows[prompt][case] if same else crossed(case, retrieval, prompt)

    return ask


def _crossed(case: Case, retrieval: _Side, prompt: _Side, bench: Bench) -> Row | str:
    if prompt.subject.built_in:
        return "the built-in drafter has no prompt to be given another's retrieval"
    found = found_for(case, retrieval.known)
    asked = asked_of(prompt.subject, case, found, retrieval.passages)
    recording = prompt.cassette.find(asked)
    if recording is None:
        return missed(asked, tuple(prompt.cassette.recordings.values())).reason
    seen = Seen(case=case, output=output_of(recording, given_notes(case, found)), reviewer=bench.review)
    return row_of(seen, scored(seen, compares=False))


def blame_table(blamed: Sequence[Blamed]) -> str:
    lines = [f"  {one.case:14} lost by {one.culprit.value}{f' ({one.why})' if one.why else ''}" for one in blamed]
    return "\n".join(["Which part lost it", *lines]) if lines else "No case was lost."
