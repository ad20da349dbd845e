"""How surely a leader's turn is labelled (`make eval-turns`): macro F1 with 95 % bootstrap intervals, and F1 of each move."""

import json
import sys
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np

from coach.embed import built_in_embedder
from coach.moves import MOVES, label_turn

CASES = Path(__file__).parent / "cases"
RESAMPLES = 2_000


def f1_of_each(wanted: Sequence[Set[str]], told: Sequence[Set[str]]) -> list[float]:
    """F1 of each move over turns, in the order of MOVES; a move that nobody wanted or told is left out."""
    scores = []
    for move in MOVES:
        both = sum(move in w and move in t for w, t in zip(wanted, told, strict=True))
        either = sum((move in w) + (move in t) for w, t in zip(wanted, told, strict=True))
        if either:
            scores.append(2 * both / either)
    return scores


def macro_f1(wanted: Sequence[Set[str]], told: Sequence[Set[str]]) -> float:
    return float(np.mean(f1_of_each(wanted, told)))


def interval(wanted: Sequence[Set[str]], told: Sequence[Set[str]]) -> tuple[float, float]:
    """95 % of macro F1 over turns drawn anew, with replacement."""
    draw = np.random.default_rng(7)
    some = (draw.integers(0, len(wanted), len(wanted)) for _ in range(RESAMPLES))
    found = [macro_f1([wanted[at] for at in picked], [told[at] for at in picked]) for picked in some]
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def main(verbose: bool) -> None:
    embed = built_in_embedder().meaning
    for part in ("dev", "kept"):
        cases = [json.loads(line) for line in (CASES / f"turns-{part}.jsonl").read_text("utf-8").splitlines()]
        wanted = [frozenset(case["labels"]) for case in cases]
        for how, vectors in (("rules and embedding", embed), ("rules alone", lambda texts: None)):
            told = [frozenset(label_turn(case["say"], vectors).moves) for case in cases]
            low, high = interval(wanted, told)
            print(f"{part:5} n={len(cases)}  {how}: macro F1 {macro_f1(wanted, told):.2f} [{low:.2f}, {high:.2f}]")
            if how != "rules alone":
                for move, score in zip(MOVES, f1_of_each(wanted, told), strict=True):
                    print(f"      {move:17} F1 {score:.2f} of {sum(move in w for w in wanted)}")
        if verbose and part == "dev":
            for case, got in zip(cases, told, strict=True):
                if got != set(case["labels"]):
                    print(f"      {case['say']}\n         wanted {case['labels']} told {sorted(got)}")


if __name__ == "__main__":
    main("--verbose" in sys.argv)
