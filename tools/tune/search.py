"""Tune MiniLM to find the notes and principles that matter, and write the graph that Coach searches with.

Learns from `eval/train/notebooks.jsonl` (which of one person's sixteen notes matter for what the leader types) and from
the example situations in `coach/library` (which call for the same principle). Development only, like train.py; about
six minutes on two cores. Afterwards: `make library`.

Usage: python search.py [--held-back]    (held back: one notebook in eight, to choose the number of epochs with)
"""

import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from export import export_encoder
from minilm import Params, layer, load_layers, load_tokenizer, lower
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "coach" / "models" / "search.onnx"
NOTEBOOKS, LIBRARY = ROOT / "eval" / "train" / "notebooks.jsonl", ROOT / "coach" / "library"
EPOCHS, RATE, DROP, SEED = 2, 5e-5, 0.1, 0
QUERY, NOTE = 64, 48
"""Word pieces a text is cut to while training: one shape for every step."""
AT_ONCE, EACH = 8, 3
"""Principles in one step, and situations of each."""
PRINCIPLES_WEIGHT = 0.7
WORTH = {3: 1.0, 2: 0.5, 1: 0.2}
ALIKE = 0.5
"""From here on two situations call for the same."""

Batch = tuple[Any, ...]


class Texts:
    """Word pieces as the lower states of the model as published: none of them is tuned below the first layer."""

    def __init__(self) -> None:
        embedding, self.layers = load_layers()
        self._tokenizer, self._states = load_tokenizer(QUERY), lower(embedding, [])

    def states(self, texts: Sequence[str], longest: int) -> Batch:
        ids, mask = (np.zeros((len(texts), longest), kind) for kind in (np.int32, np.float32))
        for at, text in enumerate(texts):
            pieces = self._tokenizer.encode(text).ids[:longest]
            ids[at, : len(pieces)], mask[at, : len(pieces)] = pieces, 1
        return self._states(ids, mask), mask


def embed(layers: Sequence[Params], x: Any, mask: Any, key: Any = None) -> Any:
    """Unit vectors [batch, 384]: the mean of the words, as the model was published."""
    for p in layers:
        key, own = (None, None) if key is None else jax.random.split(key)
        x = layer(p, x, (1 - mask[:, None, None, :]) * -1e9, own, DROP)
    mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def loss(params: Params, queries: Batch, notes: Batch, gain: Any, situations: Batch, alike: Any, key: Any) -> Any:
    """Cross entropy of the notes that matter ("none" among them), and of the situations that call for the same."""
    first, second, third = jax.random.split(key, 3)
    layers = params["layers"]
    like = embed(layers, *queries, first) @ embed(layers, *notes, second).T * params["sharp"]
    like = jnp.concatenate([like, jnp.broadcast_to(params["none"], (like.shape[0], 1))], 1)
    vectors = embed(layers, *situations, third)
    others = vectors @ vectors.T * params["sharp-principles"] - 1e9 * jnp.eye(len(alike))
    same = jnp.where(alike > 0, jax.nn.log_softmax(others, 1), 0)
    return -(gain * jax.nn.log_softmax(like, 1)).sum(1).mean() - PRINCIPLES_WEIGHT * (alike * same).sum(1).mean()


def gains(query: dict[str, Any], notes: int) -> NDArray[np.float32]:
    """[notes + 1]: each note's share of what matters, 2^grade - 1; all of it last where nothing does."""
    found = np.zeros(notes + 1, np.float32)
    for at, grade in query["relevant"].items():
        found[int(at)] = 2**grade - 1
    found[-1] = not query["relevant"]
    return found / found.sum()


class Situations:
    """The library's example situations, drawn by principle: two that were graded for every principle, and one of its own."""

    def __init__(self) -> None:
        self.texts, self.worth, own = [], [], {}
        names = sorted(path.stem for path in LIBRARY.glob("*.md"))
        for name in names:
            for text in re.findall(r'^  - "(.+)"$', (LIBRARY / f"{name}.md").read_text("utf-8"), re.MULTILINE):
                own.setdefault(name, []).append(self._add(text, {name: 3}, names))
        graded: dict[str, list[int]] = {name: [] for name in names}
        for line in (LIBRARY / "situations.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            at = self._add(row["text"], row["principles"], names)
            for name in (name for name, grade in row["principles"].items() if grade == 3):
                graded[name].append(at)
        self._own, self._graded, self._names = own, graded, names

    def _add(self, text: str, grades: dict[str, int], names: Sequence[str]) -> int:
        self.texts.append(text)
        self.worth.append([WORTH.get(grades.get(name, 0), 0.0) for name in names])
        return len(self.texts) - 1

    def draw(self, rng: np.random.Generator) -> tuple[list[str], NDArray[np.float32]]:
        """Texts, and [texts, texts] how far each calls for the same as another; rows sum to 1, or 0 where none does."""
        chosen: list[int] = []
        for name in rng.choice(self._names, AT_ONCE, replace=False):
            pool = self._graded[name] if len(self._graded[name]) >= EACH - 1 else self._own[name]
            chosen += [*rng.choice(pool, EACH - 1, replace=False), rng.choice(self._own[name])]
        worth, places = np.array([self.worth[at] for at in chosen]), np.array(chosen)
        alike = np.minimum(worth[:, None], worth[None]).max(-1)
        alike[(alike < ALIKE) | (places[:, None] == places[None])] = 0
        rows = alike / np.maximum(alike.sum(1, keepdims=True), 1e-9)
        return [self.texts[at] for at in chosen], rows.astype(np.float32)


def batches(texts: Texts, books: Sequence[dict[str, Any]], rng: np.random.Generator) -> Iterator[Batch]:
    situations = Situations()
    for _ in range(EPOCHS):
        for at in rng.permutation(len(books)):
            queries, notes = books[at]["queries"], [note["text"] for note in books[at]["notes"]]
            drawn, alike = situations.draw(rng)
            yield (
                texts.states([query["q"] for query in queries], QUERY), texts.states(notes, NOTE),
                np.stack([gains(query, len(notes)) for query in queries]), texts.states(drawn, QUERY), alike,
            )  # fmt: skip


def tune(texts: Texts, books: Sequence[dict[str, Any]]) -> list[Params]:
    rng, key, steps = np.random.default_rng(SEED), jax.random.PRNGKey(SEED), EPOCHS * len(books)
    rate = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps, RATE / 20)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))
    params = {
        "layers": texts.layers,
        "sharp": jnp.array(16.0),
        "sharp-principles": jnp.array(14.0),
        "none": jnp.array(4.0),
    }
    state = optimiser.init(params)

    @jax.jit
    def step(params: Params, state: Any, *batch: Any) -> tuple[Params, Any, Any]:
        value, gradient = jax.value_and_grad(loss)(params, *batch)
        updates, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, updates), state, value

    started, losses = time.monotonic(), []
    for at, batch in enumerate(batches(texts, books, rng), 1):
        key, own = jax.random.split(key)
        params, state, value = step(params, state, *batch, own)
        losses.append(float(value))
        if at % 50 == 0:
            print(f"{at} of {steps}: loss {np.mean(losses[-50:]):.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return params["layers"]


def score(texts: Texts, layers: Sequence[Params], books: Sequence[dict[str, Any]]) -> float:
    """How often the best note by cosine is one that matters most, over queries that have one."""
    right = []
    for book in books:
        notes = embed(layers, *texts.states([note["text"] for note in book["notes"]], NOTE))
        for query, vector in zip(
            book["queries"], embed(layers, *texts.states([q["q"] for q in book["queries"]], QUERY)), strict=True
        ):
            if query["relevant"]:
                right.append(
                    query["relevant"].get(str(int(np.argmax(notes @ vector))), 0) == max(query["relevant"].values())
                )
    return float(np.mean(right))


def held_back(book: dict[str, Any]) -> bool:
    return int(hashlib.sha256(book["to"].encode()).hexdigest(), 16) % 8 == 0


def main(whole: bool) -> None:
    texts, books = Texts(), [json.loads(line) for line in NOTEBOOKS.read_text("utf-8").splitlines()]
    kept = [book for book in books if held_back(book)]
    layers = tune(texts, [book for book in books if whole or not held_back(book)])
    if whole:
        export_encoder(jax.tree.map(np.asarray, layers), OUT)
        print(f"{OUT} {OUT.stat().st_size:,} bytes")
    else:
        print(
            f"first note right: {score(texts, texts.layers, kept):.3f} as published, {score(texts, layers, kept):.3f} tuned"
        )


if __name__ == "__main__":
    main("--held-back" not in sys.argv)
