"""Write tuned layers of MiniLM with their heads as an int8 ONNX graph: the base graph's states in, probabilities out.

Needs onnx and onnxruntime. `states` is float32 [batch, tokens, 384], the base graph's output that `about["from"]` names;
`probabilities` is float32 [batch, tokens, labels].
"""

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

HEADS, WIDTH = 12, 384


class _Graph:
    """Nodes and weights as they are added; names are numbered."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        out = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def weight(self, value: Any) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def matrix(self, value: Any) -> str:
        return self.weight(np.asarray(value, np.float32))

    def linear(self, x: str, pair: tuple[Any, Any]) -> str:
        matrix, bias = pair
        return self.add("Add", self.add("MatMul", x, self.matrix(matrix)), self.weight(np.asarray(bias, np.float32)))

    def normal(self, x: str, pair: tuple[Any, Any]) -> str:
        scale, bias = (self.weight(np.asarray(part, np.float32)) for part in pair)
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def heads(self, x: str, order: tuple[int, ...]) -> str:
        shaped = self.add("Reshape", x, self.weight(np.array([0, 0, HEADS, WIDTH // HEADS], np.int64)))
        return self.add("Transpose", shaped, perm=order)

    def layer(self, x: str, bias: str, p: dict[str, tuple[Any, Any]]) -> str:
        query, key, value = (self.linear(x, p[name]) for name in "qkv")
        scores = self.add("MatMul", self.heads(query, (0, 2, 1, 3)), self.heads(key, (0, 2, 3, 1)))
        scaled = self.add("Mul", scores, self.weight(np.float32(1 / math.sqrt(WIDTH / HEADS))))
        weights = self.add("Softmax", self.add("Add", scaled, bias), axis=-1)
        mixed = self.add("Transpose", self.add("MatMul", weights, self.heads(value, (0, 2, 1, 3))), perm=(0, 2, 1, 3))
        flat = self.add("Reshape", mixed, self.weight(np.array([0, 0, WIDTH], np.int64)))
        x = self.normal(self.add("Add", x, self.linear(flat, p["o"])), p["l1"])
        wide = self.linear(x, p["f"])
        erf = self.add("Erf", self.add("Mul", wide, self.weight(np.float32(1 / math.sqrt(2)))))
        half = self.add("Mul", wide, self.weight(np.float32(0.5)))
        gelu = self.add("Mul", half, self.add("Add", erf, self.weight(np.float32(1))))
        return self.normal(self.add("Add", x, self.linear(gelu, p["d"])), p["l2"])


class _Packed(_Graph):
    """Matrices as int8 with a scale for each column. Opening the graph unpacks them once: it computes in float32.

    Activations rounded by the batch, as `export` has it, would give one text another vector in other company.
    """

    def matrix(self, value: Any) -> str:
        matrix = np.asarray(value, np.float32)
        scale = np.maximum(np.abs(matrix).max(axis=0, keepdims=True) / 127, 1e-12).astype(np.float32)
        whole = self.add("Cast", self.weight(np.round(matrix / scale).astype(np.int8)), to=TensorProto.FLOAT)
        return self.add("Mul", whole, self.weight(scale))


def export_encoder(layers: list[dict[str, Any]], out: Path) -> None:
    """`states` of the base graph -> `embedding`, unit vectors float32 [batch, 384]: the mean of the words."""
    graph = _Packed()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = graph.add(
        "Sub", graph.weight(np.float32(1)), graph.add("Unsqueeze", mask, graph.weight(np.array([1, 2], np.int64)))
    )
    bias = graph.add("Mul", hidden, graph.weight(np.float32(-1e9)))
    x = "states"
    for p in layers:
        x = graph.layer(x, bias, p)
    shown = graph.add("Unsqueeze", mask, graph.weight(np.array([2], np.int64)))
    total = graph.add("ReduceSum", graph.add("Mul", x, shown), graph.weight(np.array([1], np.int64)), keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [total], ["embedding"], axis=-1, p=2))
    inputs = [
        helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", WIDTH]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
    ]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "search", inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    onnx.save(model, out)


def export(params: dict[str, Any], about: dict[str, Any], out: Path, pairwise: bool = False) -> None:
    """`about`: what the graph's metadata says of it (labels, thresholds). `pairwise`: the mask is [batch, tokens, tokens]."""
    graph = _Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    wide = graph.add("Unsqueeze", mask, graph.weight(np.array([1] if pairwise else [1, 2], np.int64)))
    hidden = graph.add("Sub", graph.weight(np.float32(1)), wide)
    bias = graph.add("Mul", hidden, graph.weight(np.float32(-1e9)))
    x = "states"
    for p in params["layers"]:
        x = graph.layer(x, bias, p)
    graph.nodes.append(helper.make_node("Sigmoid", [graph.linear(x, (params["w"], params["b"]))], ["probabilities"]))
    inputs = [
        helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", WIDTH]),
        helper.make_tensor_value_info(
            "attention_mask", TensorProto.INT64, ["batch", "tokens", *(["tokens"] if pairwise else [])]
        ),
    ]
    labels = np.asarray(params["b"]).shape[0]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", "tokens", labels])]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "upper", inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        onnx.save(model, full)
        quantize_dynamic(full, out, weight_type=QuantType.QInt8, per_channel=True)
    small = onnx.load(out)
    helper.set_model_props(small, {key: json.dumps(value) for key, value in about.items()})
    onnx.save(small, out)
