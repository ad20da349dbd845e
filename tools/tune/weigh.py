"""Learn how what is known of a word is weighed (coach/weigh.py): gradient-boosted trees, written as an ONNX graph.

Development only, in two steps, since Coach and the tuning have environments of their own:

    .venv/bin/python tools/tune/weigh.py rows    # reads the pairs as Coach does: build/weigh.npz
    python tools/tune/weigh.py learn             # coach/models/weigh.onnx

`learn` first prints how many inventions are found, and how many supported messages are flagged, in pairs by hands that were held
back. The pairs must be ones that the readers (`grounding.onnx`) have not learnt from: of those they are too sure.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
ROWS, GRAPH = ROOT / "build/weigh.npz", ROOT / "coach/models/weigh.onnx"
PAIRS = ("train/weigh", "cases/grounding-dev", "cases/grounding-later-dev", "cases/grounding-free-dev")
OF_CASES = 3.0
"""How much more a word of the development cases weighs: they are few, and in other manners."""
TREES = {
    "max_iter": 300, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 5.0, "max_features": 0.3
}  # fmt: skip
SEEDS = range(5)
"""The trees are grown this often, from other draws of the columns, and their sums are averaged: one growth alone is a matter of luck."""
FLAGGED = (0.05, 0.08, 0.1, 0.15)
FOLDS = 5
Growths = list[Any]
EXACTLY = 1e-4
"""How far the graph's probabilities may be from those of the trees."""


def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for name in PAIRS for line in _lines(name)]


def _lines(name: str) -> list[str]:
    return (ROOT / "eval" / f"{name}.jsonl").read_text("utf-8").splitlines()


def write_rows() -> None:
    """For each word: its evidence, the number of its pair, and of the invention it is in (-1: none)."""
    from coach import ground
    from coach.contract import check_reply
    from coach.desk import open_desk
    from coach.settings import read_settings
    from coach.weigh import SPEAKS_FOR, Case, evidence

    seen: list[Case] = []
    ground.weigh = lambda case: seen.append(case) or []  # type: ignore[attr-defined,func-returns-value]
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    tables, of, part = [], [], []
    for at, pair in enumerate(pairs()):
        seen.clear()
        check_reply(desk, pair["request"])
        message = pair["request"]["message"]
        spans = [(message.index(text), message.index(text) + len(text)) for text in pair["inventions"]]
        for words, table in (evidence(case) for case in seen[:1]):
            tables += [table] if words else []
            of += [at] * len(words)
            part += [next((k for k, (a, b) in enumerate(spans) if t.start < b and a < t.end), -1) for t in words]
    ROWS.parent.mkdir(exist_ok=True)
    np.savez(ROWS, evidence=np.concatenate(tables), of=of, part=part, speaks_for=SPEAKS_FOR)


def learn() -> None:
    from onnxruntime import InferenceSession

    rows = np.load(ROWS)
    evidence, of, part = rows["evidence"], rows["of"], rows["part"]
    growing = np.isin(np.arange(evidence.shape[1]), rows["speaks_for"]).astype(int)
    hands = np.array([pair["id"].rsplit("-", 1)[0] for pair in pairs()])
    taught = len(_lines(PAIRS[0]))
    weight = np.where(of < taught, 1.0, OF_CASES)
    names = sorted(set(hands))
    p = np.zeros(len(of))
    for fold in range(FOLDS):
        held = np.isin(hands[of], names[fold::FOLDS])
        growths = _fitted(growing, evidence[~held], part[~held] >= 0, weight[~held])
        p[held] = _probabilities(growths, evidence[held])
    _show(p, of, part)
    growths = _fitted(growing, evidence, part >= 0, weight)
    graph = _graph(growths, evidence.shape[1]).SerializeToString()
    (found,) = InferenceSession(graph).run(["probabilities"], {"evidence": evidence})
    apart = np.abs(found[:, 0] - _probabilities(growths, evidence)).max()
    if apart > EXACTLY:
        sys.exit(f"The graph says something else than the trees (by {apart:.5f}): {GRAPH} was left as it is.")
    GRAPH.write_bytes(graph)


def _probabilities(growths: Growths, evidence: NDArray[np.float32]) -> NDArray[np.float64]:
    """Of each word, by the mean of what the growths sum to."""
    summed = np.mean([trees.decision_function(evidence) for trees in growths], axis=0)
    return np.asarray(1 / (1 + np.exp(-summed)), np.float64)


def _graph(growths: Growths, columns: int) -> Any:
    """The trees, their sums averaged and made a probability: `evidence` float32 [words, columns] to `probabilities` [words, 1]."""
    from onnx import TensorProto, helper

    summed = helper.make_node(
        "TreeEnsembleRegressor", ["evidence"], ["summed"], domain="ai.onnx.ml", n_targets=1,
        base_values=[float(np.mean([trees._baseline_prediction.item() for trees in growths]))],
        **_nodes(growths), **_leaves(growths),
    )  # fmt: skip
    likely = helper.make_node("Sigmoid", ["summed"], ["probabilities"])
    given = helper.make_tensor_value_info("evidence", TensorProto.FLOAT, [None, columns])
    found = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 1])
    opsets = [helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)]
    return helper.make_model(
        helper.make_graph([summed, likely], "weigh", [given], [found]), opset_imports=opsets, ir_version=9
    )


def _grown(growths: Growths) -> list[Any]:
    return [one for trees in growths for (one,) in trees._predictors]


def _nodes(growths: Growths) -> dict[str, list[Any]]:
    """Each node of each tree: where a column is at most a value, the left one follows."""
    rows = [(tree, at, node) for tree, one in enumerate(_grown(growths)) for at, node in enumerate(one.nodes)]
    branch = [not node["is_leaf"] for _, _, node in rows]
    names = {
        "featureids": ("feature_idx", int), "values": ("num_threshold", float), "truenodeids": ("left", int), "falsenodeids": ("right", int)
    }  # fmt: skip
    found = {
        f"nodes_{name}": [kind(node[field]) if splits else kind(0) for (_, _, node), splits in zip(rows, branch, strict=True)]
        for name, (field, kind) in names.items()
    }  # fmt: skip
    return found | {
        "nodes_treeids": [tree for tree, _, _ in rows],
        "nodes_nodeids": [at for _, at, _ in rows],
        "nodes_modes": ["BRANCH_LEQ" if splits else "LEAF" for splits in branch],
    }


def _leaves(growths: Growths) -> dict[str, list[Any]]:
    leaves = [
        (tree, at, float(node["value"]) / len(growths))
        for tree, one in enumerate(_grown(growths))
        for at, node in enumerate(one.nodes)
        if node["is_leaf"]
    ]
    return {
        "target_treeids": [tree for tree, _, _ in leaves],
        "target_nodeids": [at for _, at, _ in leaves],
        "target_ids": [0] * len(leaves),
        "target_weights": [value for _, _, value in leaves],
    }


def _fitted(
    growing: NDArray[np.int64], evidence: NDArray[np.float32], invented: NDArray[np.bool_], weight: NDArray[np.float64]
) -> Growths:
    """Where `growing` is 1, more in that column never makes a word more credible."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return [
        HistGradientBoostingClassifier(random_state=seed, monotonic_cst=growing, **TREES).fit(
            evidence, invented, sample_weight=weight
        )
        for seed in SEEDS
    ]


def _show(p: NDArray[np.float64], of: NDArray[np.int64], part: NDArray[np.int64]) -> None:
    supported = [at for at, pair in enumerate(pairs()) if not pair["inventions"]]
    highest = np.zeros(len(pairs()))
    np.maximum.at(highest, of, p)
    inventions = {(a, k): 0.0 for a, pair in enumerate(pairs()) for k in range(len(pair["inventions"]))}
    for a, k, one in zip(of.tolist(), part.tolist(), p.tolist(), strict=True):
        if k >= 0:
            inventions[a, k] = max(inventions[a, k], one)
    for flagged in FLAGGED:
        least = float(np.quantile(highest[supported], 1 - flagged))
        found = np.mean([one > least for one in inventions.values()])
        print(f"from {least:.3f}: {found:.1%} of {len(inventions)} found, {flagged:.0%} of {len(supported)} flagged")


if __name__ == "__main__":
    {"rows": write_rows, "learn": learn}[sys.argv[1]]()
