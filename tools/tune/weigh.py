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
FLAGGED = (0.05, 0.08, 0.1, 0.15)
FOLDS = 5


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
    hands = np.array([pair["id"].rsplit("-", 1)[0] for pair in pairs()])
    taught = len(_lines(PAIRS[0]))
    weight = np.where(of < taught, 1.0, OF_CASES)
    names = sorted(set(hands))
    p = np.zeros(len(of))
    for fold in range(FOLDS):
        held = np.isin(hands[of], names[fold::FOLDS])
        trees = _trees(evidence[~held], part[~held] >= 0, weight[~held])
        p[held] = trees.predict_proba(evidence[held])[:, 1]
    _show(p, of, part)
    trees = _trees(evidence, part >= 0, weight)
    GRAPH.write_bytes(_graph(trees, evidence.shape[1]).SerializeToString())
    (found,) = InferenceSession(GRAPH).run(["probabilities"], {"evidence": evidence})
    print(f"largest difference in the graph: {np.abs(found[:, 0] - trees.predict_proba(evidence)[:, 1]).max():.5f}")


def _graph(trees: Any, columns: int) -> Any:
    """The trees as one ONNX node: `evidence` float32 [words, columns] to `probabilities` [words, 1]."""
    from onnx import TensorProto, helper

    made: dict[str, list[Any]] = {
        name: [] for name in ("treeids", "nodeids", "featureids", "values", "truenodeids", "falsenodeids", "modes")
    }
    leaves: dict[str, list[Any]] = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for tree, (predictor,) in enumerate(trees._predictors):
        for at, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            row = (
                tree,
                at,
                int(node["feature_idx"]),
                float(node["num_threshold"]),
                int(node["left"]),
                int(node["right"]),
            )
            for name, value in zip(made, (*row, "LEAF" if leaf else "BRANCH_LEQ"), strict=True):
                made[name].append(
                    0 if leaf and name in ("featureids", "values", "truenodeids", "falsenodeids") else value
                )
            for name, value in zip(leaves, (tree, at, 0, float(node["value"])), strict=True) if leaf else ():
                leaves[name].append(value)
    summed = helper.make_node(
        "TreeEnsembleRegressor", ["evidence"], ["summed"], domain="ai.onnx.ml", n_targets=1,
        base_values=[float(trees._baseline_prediction.item())],
        **{f"nodes_{name}": values for name, values in made.items()}, **{f"target_{name}": values for name, values in leaves.items()},
    )  # fmt: skip
    likely = helper.make_node("Sigmoid", ["summed"], ["probabilities"])
    given = helper.make_tensor_value_info("evidence", TensorProto.FLOAT, [None, columns])
    found = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 1])
    opsets = [helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)]
    return helper.make_model(
        helper.make_graph([summed, likely], "weigh", [given], [found]), opset_imports=opsets, ir_version=9
    )


def _trees(evidence: NDArray[np.float32], wanted: NDArray[np.bool_], weight: NDArray[np.float64]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    growing = np.zeros(evidence.shape[1], int)
    growing[np.load(ROWS)["speaks_for"]] = 1
    trees = HistGradientBoostingClassifier(random_state=0, monotonic_cst=growing, **TREES)
    return trees.fit(evidence, wanted, sample_weight=weight)


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
