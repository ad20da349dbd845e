"""Tune layers of MiniLM to find the checker's faults, and write the graph that Coach reads.

A message is one row: its sentences one after the other, each begun and ended by the model's marks. The layers below read
each sentence by itself. Those above read it twice: each sentence by itself for what points at words, so that an edit in
one sentence cannot move a verdict in another, and all together for what is about the whole message.

Development only, as train.py. Usage: python checks.py [--whole | --third N | --on] (a third of the development messages is
held back; or the graph that Coach reads goes on to learn from what was written for this alone, and some of the rest)
"""

import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from examples import EVAL, FAULTS, OTHER_FAULTS, PUBLIC, WHOLE, lines, pairs
from export import export
from minilm import WIDTH, Params, layer, load_layers, load_tokenizer, normal
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from coach.language import Span, sentences  # noqa: E402

MODELS = ROOT / "coach" / "models"
POINTED = [*FAULTS, "private"]
TOGETHER = ["occasion", "behaviour", "impact", "wish", "another-issue"]
LABELS = [*POINTED, *TOGETHER]
BATCH, LONGEST, EPOCHS, TUNED_FROM, SEED = 24, 192, 4, 3, 0


@dataclass(frozen=True)
class Example:
    """ids, positions, block int [tokens]: which sentence a token is in; wanted, weight float32 [tokens, labels];
    whole float32 [labels]: 1 where the label stands somewhere in the message, 0 where nowhere, -1 unknown."""

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    block: NDArray[np.int64]
    spans: NDArray[np.int64]
    words: NDArray[np.bool_]
    wanted: NDArray[np.float32]
    weight: NDArray[np.float32]
    whole: NDArray[np.float32]
    together: bool = False


def encoded(tokenizer: Tokenizer, text: str) -> Example:
    parts = sentences(text) or (Span(0, len(text), text),)
    rows = [tokenizer.encode("", part.text) for part in parts]
    words = np.concatenate([[one == 1 for one in row.sequence_ids] for row in rows])
    moved = [np.array(row.offsets) + part.start for row, part in zip(rows, parts, strict=True)]
    empty = np.zeros((len(words), len(LABELS)), np.float32)
    return Example(
        np.concatenate([row.ids for row in rows]),
        np.concatenate([np.arange(len(row.ids)) for row in rows]),
        np.concatenate([np.full(len(row.ids), at) for at, row in enumerate(rows)]),
        np.concatenate(moved),
        words,
        empty,
        empty.copy(),
        np.full(len(LABELS), -1, np.float32),
    )


def mark(example: Example, text: str, part: str, label: str) -> None:
    start = text.index(part)
    inside = example.words & (example.spans[:, 0] < start + len(part)) & (example.spans[:, 1] > start)
    example.wanted[inside, LABELS.index(label)] = 1


def weigh(example: Example, labels: Sequence[str], weight: float = 1.0) -> None:
    example.weight[np.ix_(example.words, [LABELS.index(label) for label in labels])] = weight


def named(code: str) -> str:
    return "private" if code == "private-detail" else code


def of_sentences(tokenizer: Tokenizer) -> Iterator[Example]:
    for name in ("sentences", "sentences-more"):
        for line in lines(EVAL / "train" / f"{name}.jsonl"):
            example = encoded(tokenizer, line["text"])
            if line["span"]:
                mark(example, line["text"], line["span"], named(line["code"]))
            weigh(example, POINTED, OTHER_FAULTS)
            weigh(example, [named(line["code"])])
            yield example


def read_together(example: Example) -> Example:
    """The same message read as a whole: only what is about the whole counts."""
    weight = example.weight.copy()
    weight[:, : len(POINTED)] = 0
    return replace(example, weight=weight, together=True)


def of_messages(tokenizer: Tokenizer, cases: Sequence[dict[str, Any]]) -> Iterator[Example]:
    for case in cases:
        example = encoded(tokenizer, case["message"])
        for span in case["spans"]:
            mark(example, case["message"], span["text"], named(span["code"]))
        weigh(example, FAULTS + ["private"] * (case["channel"] in PUBLIC))
        if case["kind"] == "feedback":
            example.whole[LABELS.index("another-issue")] = "several-issues" in case["message_codes"]
        for code, label in WHOLE.items():
            if code != "no-next-step" or case["kind"] == "feedback":
                example.whole[LABELS.index(label)] = code not in case["message_codes"]
        yield example


def of_whole_messages(tokenizer: Tokenizer) -> Iterator[Example]:
    """Messages of which only what they do not tell is labelled."""
    for line in lines(EVAL / "train" / "messages.jsonl"):
        case = line | {"spans": [], "channel": "direct"}
        yield from (read_together(example) for example in of_messages(tokenizer, [case]))


def of_situations(tokenizer: Tokenizer) -> Iterator[Example]:
    told = TOGETHER[:4]
    for line in lines(EVAL / "train" / "situations.jsonl"):
        text = "".join(segment["text"] for segment in line["segments"])
        example, at = encoded(tokenizer, text), 0
        for segment in line["segments"]:
            for label in set(segment["labels"]) & set(told):
                end = at + len(segment["text"].rstrip())
                inside = example.words & (example.spans[:, 0] < end) & (example.spans[:, 1] > at)
                example.wanted[inside, LABELS.index(label)] = 1
            at += len(segment["text"])
        weigh(example, told)
        yield replace(example, together=True)


def of_issues(tokenizer: Tokenizer) -> Iterator[Example]:
    for line in lines(EVAL / "train" / "issues.jsonl"):
        example = encoded(tokenizer, line["message"])
        for text in line["others"]:
            mark(example, line["message"], text, "another-issue")
        weigh(example, ["another-issue"])
        example.whole[LABELS.index("another-issue")] = bool(line["others"])
        yield replace(example, together=True)


CLEAN = 0.5
"""Weight of messages that were written for grounding: hardly one of them has a fault."""


def of_grounding(tokenizer: Tokenizer) -> Iterator[Example]:
    """Messages as leaders write them, with their private details; a third of those without any."""
    for at, case in enumerate(pairs()):
        message, public = case["request"]["message"], case["request"]["channel"] in PUBLIC
        if case["private"] or at % 3 == 1:
            example = encoded(tokenizer, message)
            for text in case["private"] if public else ():
                mark(example, message, text, "private")
            weigh(example, FAULTS, CLEAN)
            weigh(example, ["private"] if public else [])
            yield example


def third(case: dict[str, Any]) -> int:
    return int(hashlib.sha256(f"third of {case['id']}".encode()).hexdigest(), 16) % 3


SHAPES = (48, 96, LONGEST)
"""Tokens that a batch is padded to: each shape is compiled once, which takes longer than the padding."""


def padded(some: Sequence[Example]) -> tuple[Any, ...]:
    longest = max(len(e.ids) for e in some)
    tokens = next((shape for shape in SHAPES if shape >= longest), LONGEST)
    ids, positions = (np.zeros((BATCH, tokens), np.int32) for _ in range(2))
    block = np.full((BATCH, tokens), -1, np.int32)
    wanted, weight = (np.zeros((BATCH, tokens, len(LABELS)), np.float32) for _ in range(2))
    whole = np.full((BATCH, len(LABELS)), -1, np.float32)
    for at, e in enumerate(some):
        n = min(len(e.ids), tokens)
        ids[at, :n], positions[at, :n], block[at, :n] = e.ids[:n], e.positions[:n], e.block[:n]
        wanted[at, :n], weight[at, :n], whole[at] = e.wanted[:n], e.weight[:n], e.whole
    reading = np.zeros(BATCH, bool)
    reading[: len(some)] = [e.together for e in some]
    return ids, positions, block, wanted, weight, whole, reading


def batches(
    examples: Sequence[Example], rng: np.random.Generator | None
) -> Iterator[tuple[list[int], tuple[Any, ...]]]:
    """Examples of like length together; in random order where `rng` is given."""
    jitter = rng.random(len(examples)) * 8 if rng else np.zeros(len(examples))
    order = sorted(range(len(examples)), key=lambda at: len(examples[at].ids) + jitter[at])
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if rng:
        rng.shuffle(groups)
    for group in groups:
        yield group, padded([examples[at] for at in group])


def lower_states(examples: Sequence[Example], states: Any) -> list[NDArray[np.float16]]:
    """What the layers below say of each example: they do not change, so once is enough."""
    found: dict[int, NDArray[np.float16]] = {}
    for group, (ids, positions, block, *_) in batches(examples, None):
        x = np.asarray(states(ids, positions, block), np.float16)
        found |= {at: x[row, : len(examples[at].ids)] for row, at in enumerate(group)}
    return [found[at] for at in range(len(examples))]


def stacked(rows: Sequence[NDArray[np.float16]], tokens: int) -> NDArray[np.float32]:
    x = np.zeros((BATCH, tokens, WIDTH), np.float32)
    for at, row in enumerate(rows):
        x[at, : min(len(row), tokens)] = row[:tokens]
    return x


def biases(block: Any) -> tuple[Any, Any]:
    """What hides other sentences, and what hides only padding: [batch, 1, tokens or 1, tokens]."""
    real = block >= 0
    same = (block[:, :, None] == block[:, None, :]) & real[:, None, :]
    return (1 - same[:, None].astype(jnp.float32)) * -1e9, (1 - real[:, None, None].astype(jnp.float32)) * -1e9


def upper(params: Params, x: Any, bias: Any, key: Any = None, drop: float = 0.1) -> Any:
    for p in params["layers"]:
        key, own = (None, None) if key is None else jax.random.split(key)
        x = layer(p, x, bias, own, drop)
    if key is not None:
        x = x * jax.random.bernoulli(key, 1 - drop, x.shape) / (1 - drop)
    return x @ params["w"] + params["b"]


def entropy(logits: Any, wanted: Any) -> Any:
    return jnp.maximum(logits, 0) - logits * wanted + jnp.log1p(jnp.exp(-jnp.abs(logits)))


def loss(params: Params, x: Any, block: Any, wanted: Any, weight: Any, whole: Any, key: Any, reading: Any) -> Any:
    """Cross entropy of the words, yes counting more than no, and of the whole message's softened maximum.

    `reading`: bool [batch], whether a row is read with its sentences together; its other labels weigh nothing.
    """
    alone, together = biases(block)
    together = jnp.broadcast_to(together, alone.shape)
    logits = upper(params, x, jnp.where(reading[:, None, None, None], together, alone), key)
    words = (entropy(logits, wanted) * weight * (1 + wanted)).sum() / jnp.maximum(weight.sum(), 1) * 5
    highest = jax.nn.logsumexp(jnp.where(block[:, :, None] >= 0, logits, -1e9) * 2, axis=1) / 2 - jnp.log(4.0) / 2
    known = whole >= 0
    return words + 0.3 * (entropy(highest, jnp.clip(whole, 0, 1)) * known).sum() / jnp.maximum(known.sum(), 1)


def standing(graph: Path, tuned_from: int = TUNED_FROM) -> Params:
    """What an exported graph holds, in float32: its numbers are those that `export` gives its weights in turn."""
    known = {one.name: numpy_helper.to_array(one) for one in onnx.load(graph).graph.initializer}

    def pair(at: int) -> tuple[Any, Any]:
        if f"weight_{at}" in known:
            return jnp.array(known[f"weight_{at}"]), jnp.array(known[f"weight_{at + 1}"])
        whole, scale = known[f"weight_{at}_quantized"].astype(np.float32), known[f"weight_{at}_scale"]
        return jnp.array((whole - known[f"weight_{at}_zero_point"]) * scale), jnp.array(known[f"weight_{at + 1}"])

    each = {"q": 3, "k": 5, "v": 7, "o": 14, "l1": 16, "f": 18, "d": 23, "l2": 25}
    layers = [{name: pair(24 * n + at) for name, at in each.items()} for n in range(6 - tuned_from)]
    w, b = pair(24 * len(layers) + 3)
    return {"layers": layers, "w": w, "b": b}


def tune(examples: Sequence[Example], start: Params | None = None) -> Params:
    embedding, layers = load_layers()
    epochs, highest = (EPOCHS, 2e-4) if start is None else (2, 1e-4)

    @jax.jit
    def states(ids: Any, positions: Any, block: Any) -> Any:
        x = embedding["word_embeddings.weight"][ids] + embedding["token_type_embeddings.weight"][0]
        x = normal(x + embedding["position_embeddings.weight"][positions], *_norm(embedding))
        for p in layers[:TUNED_FROM]:
            x = layer(p, x, biases(block)[0])
        return x

    rng, key = np.random.default_rng(SEED), jax.random.PRNGKey(SEED)
    params = (
        {
            "layers": layers[TUNED_FROM:],
            "w": jnp.array(rng.normal(0, 0.02, (WIDTH, len(LABELS))), jnp.float32),
            "b": jnp.full((len(LABELS),), -2.5),
        }
        if start is None
        else start
    )
    steps = epochs * -(-len(examples) // BATCH)
    rate = optax.warmup_cosine_decay_schedule(0, highest, steps // 10, steps, 5e-6)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))
    state = optimiser.init(params)

    @jax.jit
    def step(params: Params, state: Any, x: Any, *batch: Any) -> tuple[Params, Any, Any]:
        value, gradient = jax.value_and_grad(loss)(params, x, *batch)
        updates, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, updates), state, value

    started = time.monotonic()
    below = lower_states(examples, states)
    print(f"read below, {time.monotonic() - started:.0f} s", flush=True)
    for epoch in range(epochs):
        losses = []
        for group, (_, _, block, wanted, weight, whole, reading) in batches(examples, rng):
            key, own = jax.random.split(key)
            x = stacked([below[at] for at in group], block.shape[1])
            params, state, value = step(params, state, x, block, wanted, weight, whole, own, reading)
            losses.append(float(value))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)
    return params


def _norm(embedding: Params) -> tuple[Any, Any]:
    return embedding["LayerNorm.weight"], embedding["LayerNorm.bias"]


def go_on(out: Path) -> None:
    tokenizer = load_tokenizer(LONGEST)
    known = [e for kind in (of_situations, of_grounding) for e in kind(tokenizer)]
    sentences_known = list(of_sentences(tokenizer))
    first = len(lines_of("sentences"))
    cases = lines(EVAL / "cases" / "checks-dev.jsonl")
    messages = list(of_messages(tokenizer, list(cases)))
    alone = [replace(e, whole=np.full_like(e.whole, -1)) for e in messages]
    examples = [*known[::6], *sentences_known[:first:5], *sentences_known[first:]]
    examples += [
        *of_issues(tokenizer),
        *of_whole_messages(tokenizer),
        *alone[::2],
        *(read_together(e) for e in messages[1::2]),
    ]
    print(f"{len(examples)} examples", flush=True)
    finish(tune(examples, standing(out)), out)


def lines_of(name: str) -> list[dict[str, Any]]:
    return list(lines(EVAL / "train" / f"{name}.jsonl"))


def finish(params: Params, out: Path) -> None:
    about = {"labels": LABELS, "from": "lower", "pointed": len(POINTED)}
    export(jax.tree.map(np.asarray, params), about, out, pairwise=True)
    print(f"{out} {out.stat().st_size:,} bytes")


def main(out: Path, held: int | None) -> None:
    tokenizer = load_tokenizer(LONGEST)
    cases = [case for case in lines(EVAL / "cases" / "checks-dev.jsonl") if held is None or third(case) != held]
    kinds = (of_sentences, of_situations, of_issues, of_grounding, of_whole_messages)
    examples = [example for kind in kinds for example in kind(tokenizer)]
    messages = list(of_messages(tokenizer, cases))
    # The messages are what it is for: each is learnt from twice, in both readings.
    alone = [replace(e, whole=np.full_like(e.whole, -1)) for e in messages]
    examples += alone * 2 + [read_together(e) for e in messages] * 2
    print(f"{len(examples)} examples", flush=True)
    finish(tune(examples), out)


if __name__ == "__main__":
    if "--on" in sys.argv:
        go_on(MODELS / "checks.onnx")
    elif "--whole" in sys.argv:
        main(MODELS / "checks.onnx", None)
    else:
        n = int(sys.argv[sys.argv.index("--third") + 1])
        main(Path(f"checks-third-{n}.onnx"), n)
