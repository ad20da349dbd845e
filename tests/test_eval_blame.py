"""Which part lost a case: A's retrieval with B's prompt, and the reverse, from recordings."""

import json
from pathlib import Path

import pytest

from coach.request import Answer
from eval.blame import Culprit
from eval.case import Case
from eval.cassette import open_cassette, recording_of
from eval.runner import cassette_path
from eval.subject import Found, Passage, asked_of, named
from tests.test_eval_live import calls
from tests.test_eval_live import server as server
from tests.test_eval_suite import Bench, a_case, good, write_lines

PASSAGES = {name: Passage(title=name, text=f"Text of {name}.", not_when="Never.") for name in ("old", "new")}
SIDES = {"A": ("v1@one", "old"), "B": ("v1@two", "new")}


class Sides:
    """A and B with recordings and retrieval in a folder each."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.folders = {"A": folder / "a", "B": folder / "cassettes"}
        self.case: Case = self.bench.keep([a_case(0, checks=["form", "invented-number"])])[0]
        for side, (_, principle) in SIDES.items():
            rows = [
                {"principle": principle, "title": principle, "text": f"Text of {principle}.", "not_when": "Never."},
                {"case": self.case.digest, "principles": [principle], "notes": []},
            ]
            write_lines(self.folders[side] / "retrieved.jsonl", rows)

    def record(self, retrieval: str, prompt: str, passes: bool) -> None:
        """What the prompt's model said when it was given that retrieval."""
        who = named(SIDES[prompt][0])
        asked = asked_of(who, self.case, Found(principles=(SIDES[retrieval][1],)), PASSAGES)
        text = good(self.case) if passes else "Thank you so much, 977 times over!"
        answer = Answer(text=text, finish_reason="stop", model=who.model, tokens_in=9, tokens_out=9, seconds=0.1)
        cassette = open_cassette(cassette_path(who, self.folders[prompt]))
        cassette.keep(recording_of(asked, "scripted", answer))
        cassette.tidy()

    def compare(self) -> int:
        before, after = SIDES["A"][0], SIDES["B"][0]
        return self.bench("compare", before, after, "--cassettes-a", str(self.folders["A"]), "--blame")


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    found = Sides(tmp_path)
    found.record("A", "A", passes=True)
    found.record("B", "B", passes=False)
    return found


@pytest.mark.parametrize(
    ("with_bs_prompt", "with_bs_retrieval", "culprit"),
    [
        (False, True, Culprit.PROMPT),
        (True, False, Culprit.RETRIEVAL),
        (False, False, Culprit.EITHER),
        (True, True, Culprit.BOTH),
    ],
)
def test_the_part_that_loses_the_case_by_itself_is_named(
    with_bs_prompt: bool, with_bs_retrieval: bool, culprit: Culprit, sides: Sides, capsys: pytest.CaptureFixture[str]
) -> None:
    sides.record("A", "B", passes=with_bs_prompt)
    sides.record("B", "A", passes=with_bs_retrieval)
    assert sides.compare() == 3, "scripted answers prove nothing"
    assert f"it c-000 lost by {culprit.value}." in " ".join(capsys.readouterr().out.split()) + "."


def test_a_crossing_that_was_never_recorded_is_not_guessed(sides: Sides, capsys: pytest.CaptureFixture[str]) -> None:
    sides.record("B", "A", passes=True)
    sides.compare()
    assert "lost by not known (retrieval changed)" in capsys.readouterr().out


def test_where_both_retrieved_the_same_it_was_the_prompt(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cases = bench.keep([a_case(0), a_case(1)])
    bench.record(cases, good, "v0@one")
    bench.record(cases, lambda case: "Thank you, 977 times!" if case.id == "c-001" else good(case), "v0@two")
    bench("compare", "v0@one", "v0@two", "--blame")
    out = " ".join(capsys.readouterr().out.split())
    assert "c-001 lost by prompt" in out and "c-000 lost" not in out
    bench("compare", "v0@two", "v0@one", "--blame")
    assert "No case was lost." in capsys.readouterr().out


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_crossing_is_recorded_with_what_the_other_side_retrieved(sides: Sides, server: Path) -> None:
    """Over a real socket; afterwards the replay finds it."""
    path = sides.folders["B"] / "v1@two.jsonl"
    assert sides.bench("record", "v1@two", "--retrieved", str(sides.folders["A"])) == 0
    assert calls(server) == 1
    asked = [json.loads(line)["request"]["messages"][1]["content"] for line in path.read_text("utf-8").splitlines()]
    assert sorted("Text of old." in text for text in asked) == [False, True]
