"""Learns what a leader's sentence does (coach/models/moves.npz) from eval/cases/turns-dev.jsonl; `-m tools.tune.turns`.

One logistic regression a move over the cues of coach/moves.py and the sentence's vector; five-fold cross-validation
prints the turn's macro F1 for each strength of the penalty. The cases kept aside are not read.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from coach.embed import built_in_embedder
from coach.moves import CUES, MOVES, WEIGHTS, chosen, cues
from eval.turns import macro_f1

CASES = Path(__file__).parents[2] / "eval" / "cases" / "turns-dev.jsonl"
FOLDS = 5
PENALTIES = ((0.3, 0.05), (0.3, 0.1), (0.3, 0.2), (1.0, 0.1), (1.0, 0.2), (1.0, 0.4))
"""On the weights of cues, and of the vector."""


def fit(features, target, penalty):
    """Weights [features + 1, moves], the last row the bias."""
    columns = []
    for at in range(target.shape[1]):
        y = target[:, at]

        def loss(w, y=y):
            z = features @ w[:-1] + w[-1]
            p = 1 / (1 + np.exp(-z))
            value = np.sum(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(penalty * w[:-1] ** 2)
            return value, np.append(features.T @ (p - y) + penalty * w[:-1], np.sum(p - y))

        columns.append(minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x)
    return np.stack(columns, axis=1)


def main():
    turns = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    parts = [(at, part) for at, turn in enumerate(turns) for part in turn["parts"]]
    target = np.array([[move in part["labels"] for move in MOVES] for _, part in parts], float)
    vectors = built_in_embedder().meaning([part["text"] for _, part in parts]).astype(float)
    found = np.stack([cues(part["text"]) for _, part in parts]).astype(float)
    fold = np.array([at % FOLDS for at, _ in parts])
    scores = {}
    for kind in ("both", "alone"):
        features = np.hstack([found, vectors]) if kind == "both" else found
        for on_cues, on_vector in PENALTIES:
            penalty = np.r_[np.full(len(CUES), on_cues), np.full(features.shape[1] - len(CUES), on_vector)]
            told = [set() for _ in turns]
            for one in range(FOLDS):
                w = fit(features[fold != one], target[fold != one], penalty)
                for row in np.flatnonzero(fold == one):
                    likely = 1 / (1 + np.exp(-(features[row] @ w[:-1] + w[-1])))
                    told[parts[row][0]] |= chosen(likely)
            scores[kind, on_cues, on_vector] = macro_f1([set(t["labels"]) for t in turns], told)
            print(kind, on_cues, on_vector, round(scores[kind, on_cues, on_vector], 3))
    kept = {}
    for kind in ("both", "alone"):
        features = np.hstack([found, vectors]) if kind == "both" else found
        _, on_cues, on_vector = max((key for key in scores if key[0] == kind), key=scores.get)
        penalty = np.r_[np.full(len(CUES), on_cues), np.full(features.shape[1] - len(CUES), on_vector)]
        w = fit(features, target, penalty).astype(np.float32)
        kept |= {kind: w[:-1], f"{kind}_bias": w[-1]}
    np.savez_compressed(WEIGHTS, **kept)


if __name__ == "__main__":
    main()
