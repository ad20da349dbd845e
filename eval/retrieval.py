"""How well the fitting principles are found, on labelled situations (`make eval-retrieval`).

`principles-dev.jsonl` was used to choose the weights, `principles-kept.jsonl` was not looked at.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from coach.embed import built_in_embedder
from coach.index import exact_nearest
from coach.principles import Library, read_library
from coach.retrieve import EXAMPLES_SEEN, ExampleWords, PrincipleWeights, rank_principles

CASES = Path(__file__).parent / "cases"
RESAMPLES = 2_000
Ranker = Callable[[str], Sequence[str]]


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 5) -> float:
    """Normalised discounted cumulative gain at k, gain 2^grade - 1 (Järvelin and Kekäläinen 2002)."""
    gains = [2 ** relevant.get(name, 0) - 1 for name in ranked[:k]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:k]
    discount = 1 / np.log2(np.arange(2, k + 2))
    return float((gains @ discount[: len(gains)]) / (ideal @ discount[: len(ideal)]))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean."""
    draws = np.random.default_rng(7).choice(values, size=(RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def rankers(library: Library) -> dict[str, Ranker]:
    embedder, words = built_in_embedder(), ExampleWords(library)
    vectors, ids = library.vectors(embedder), [example.id for example in library.examples]
    weights = PrincipleWeights(library, vectors)
    titles = embedder.embed([p.text for p in library.principles])

    def coach(text: str) -> Sequence[str]:
        vector = embedder.embed([text])[0]
        near = exact_nearest(ids, vectors, vector, EXAMPLES_SEEN)
        return [f.principle.id for f in rank_principles(library, near, words.scores(text), weights.scores(vector), 5)]

    def one_line(text: str) -> Sequence[str]:
        return [library.principles[at].id for at in np.argsort(-(titles @ embedder.embed([text])[0]))[:5]]

    def lexical(text: str) -> Sequence[str]:
        return [f.principle.id for f in rank_principles(library, {}, words.scores(text), None, 5)]

    return {"coach": coach, "MiniLM over the principle's text": one_line, "BM25 over the examples": lexical}


def main() -> None:
    library = read_library()
    for part in ("dev", "kept"):
        cases = [json.loads(line) for line in (CASES / f"principles-{part}.jsonl").read_text("utf-8").splitlines()]
        for name, rank in rankers(library).items():
            scores = [ndcg(rank(case["q"]), case["relevant"]) for case in cases]
            low, high = interval(scores)
            print(f"{part:5} n={len(cases)}  nDCG@5 {np.mean(scores):.3f} [{low:.3f}, {high:.3f}]  {name}")


if __name__ == "__main__":
    main()
