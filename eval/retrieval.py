"""How well the fitting principles and notes are found, on labelled situations (`make eval-retrieval`).

The `-dev` cases were used to choose weights, the `-kept` cases were not looked at. Beside Coach stands what it has to
beat: Chroma's default (MiniLM over one line for each principle, or over the notes), BM25, and the most recent notes.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from coach.desk import Desk, open_desk
from coach.embed import Vectors, built_in_embedder
from coach.exchange import import_notes, read_rows
from coach.records import Note
from coach.retrieve import rank_principles, words
from coach.settings import read_settings
from coach.situation import Channel

CASES = Path(__file__).parent / "cases"
RESAMPLES = 2_000
K = 5
Case = Mapping[str, Any]
Ranker = Callable[[Case], Sequence[str]]


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = K) -> float:
    """Normalised discounted cumulative gain at k, gain 2^grade - 1 (Järvelin and Kekäläinen 2002)."""
    gains = np.array([2 ** relevant.get(name, 0) - 1 for name in ranked[:k]])
    ideal = np.array(sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:k])
    discount = 1 / np.log2(np.arange(2, k + 2))
    return float((gains @ discount[: len(gains)]) / (ideal @ discount[: len(ideal)]))


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int = K) -> float:
    """The share of what is relevant among the first k; of what has room there."""
    return len(set(ranked[:k]) & set(relevant)) / min(len(relevant), k)


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Of the first relevant one among those returned; 0 where none is."""
    return next((1 / at for at, name in enumerate(ranked, 1) if name in relevant), 0.0)


MEASURES: Mapping[str, Callable[[Sequence[str], Mapping[str, int]], float]] = {
    "nDCG@5": ndcg, "recall@5": recall, "MRR": reciprocal_rank,
}  # fmt: skip


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean."""
    draws = np.random.default_rng(7).choice(values, size=(RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def principle_rankers(desk: Desk) -> dict[str, Ranker]:
    library, embed = desk.library, built_in_embedder().meaning
    titles = embed([p.text for p in library.principles])

    def coach(case: Case) -> Sequence[str]:
        return [f.principle.id for f in desk.principles(case["q"], 10)]

    def one_line(case: Case) -> Sequence[str]:
        return [library.principles[at].id for at in np.argsort(-(titles @ embed([case["q"]])[0]))[:10]]

    def lexical(case: Case) -> Sequence[str]:
        return [
            f.principle.id for f in rank_principles(library, {}, desk.example_words.scores(case["q"]), None, 10)
        ]  # fmt: skip

    return {"Coach": coach, "Chroma's default: MiniLM, one line each": one_line, "BM25 over the examples": lexical}


def note_rankers(desk: Desk) -> dict[str, Ranker]:
    notes = desk.records.notes()
    published = built_in_embedder().meaning
    vectors = published([note.text for note in notes])
    by_words = bm25s.BM25()
    by_words.index([words(note.text) for note in notes], show_progress=False)

    def fitting(case: Case) -> list[int]:
        """What a person would let each baseline look at: the notes about who is named, none that others may not read."""
        public = Channel(case["channel"]).others_read
        return [
            at
            for at, note in enumerate(notes)
            if (not case["to"] or note.person == case["to"]) and not (public and note.private)
        ]

    def best(case: Case, scores: Sequence[float] | Vectors) -> list[str]:
        return [notes[at].id for at in sorted(fitting(case), key=lambda at: -scores[at])[:10]]

    def dense(case: Case) -> Sequence[str]:
        return best(case, vectors @ published([case["q"]])[0])

    def lexical(case: Case) -> Sequence[str]:
        asked = [word for word in words(case["q"]) if word in by_words.vocab_dict]
        return best(case, by_words.get_scores(asked) if asked else [0.0] * len(notes))

    def recent(case: Case) -> Sequence[str]:
        return best(case, [note.date.toordinal() for note in notes])

    def coach(case: Case) -> Sequence[str]:
        person = desk.person(case["to"]) if case["to"] else None
        found = desk.notes(case["q"], person, Channel(case["channel"]), date.fromisoformat(case["today"]), 10)
        _none_private_in_public([one.note for one in found], Channel(case["channel"]))
        return [one.note.id for one in found]

    return {"Coach": coach, "Chroma's default: MiniLM": dense, "BM25": lexical, "most recent": recent}


def _none_private_in_public(notes: Sequence[Note], channel: Channel) -> None:
    assert not (channel.others_read and any(note.private for note in notes)), "a private note in a public channel"


def report(what: str, part: str, cases: Sequence[Case], rankers: Mapping[str, Ranker]) -> None:
    for name, rank in rankers.items():
        ranked = [rank(case) for case in cases]
        figures = []
        for measure, score in MEASURES.items():
            values = [score(found, case["relevant"]) for found, case in zip(ranked, cases, strict=True)]
            low, high = interval(values)
            figures.append(f"{measure} {np.mean(values):.3f} [{low:.3f}, {high:.3f}]")
        print(f"{what:10} {part:4} n={len(cases):3}  {'  '.join(figures)}  {name}", flush=True)


def read_cases(what: str, part: str) -> list[Case]:
    return [json.loads(line) for line in (CASES / f"{what}-{part}.jsonl").read_text("utf-8").splitlines()]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        desk = open_desk(read_settings(Path(home), {}))
        import_notes(desk, read_rows(CASES / "notebook.jsonl"))
        for what, rankers in (("principles", principle_rankers(desk)), ("notes", note_rankers(desk))):
            for part in ("dev", "kept"):
                report(what, part, read_cases(what, part), rankers)
        desk.records.close()


if __name__ == "__main__":
    main()
