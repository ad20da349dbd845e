"""Tune the layers of MiniLM to see what is promised, and by whom (coach/models/promises.onnx).

Goes on from the graph that Coach reads; `--anew` begins with the model as published. Learns from the development cases of
`eval/cases/promises*-dev.jsonl`, from frames (promise_frames.py), and from invented notes that promise nothing. The cases
kept aside are not read. Some fifteen minutes on two cores, anew.

Usage: python promises.py [--anew]
"""

import sys
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from checks import standing
from examples import EVAL, Example, lines, read_pair
from export import export
from minilm import Params, load_tokenizer, upper
from promise_frames import made
from tokenizers import Tokenizer
from train import LONGEST, MODELS, STATE, entropy, tune

LABELS = ("leader", "other")
TUNED_FROM = 0
EPOCHS, EPOCHS_ANEW = 2, 5
FRAMED = 1_500
TOGETHER = 450
"""Texts of two or three sentences, put together from single ones."""
AS_OFTEN = 2
"""Each case written by hand is seen this often for one made of a frame."""
SPEAK_OF_THE_LEADER = set("i me my we will ll d promised agreed offered".split())
SPEAK_OF_PROMISES = SPEAK_OF_THE_LEADER - {"i", "me", "my", "we"} | {
    "said",
    "says",
    "told",
    "to",
    "going",
    "let",
    "owe",
}
UNPROMISING = 1_200
Marks = list[tuple[int, int, str]]


def cases() -> Iterator[tuple[str, Marks]]:
    for path in sorted((EVAL / "cases").glob("promises*-dev.jsonl")):
        yield from map(marked, lines(path))


def marked(case: dict[str, Any]) -> tuple[str, Marks]:
    marks, at = [], 0
    for promise in case["promises"]:
        start = case["text"].find(promise["what"], at)
        start = start if start >= 0 else case["text"].find(promise["what"])
        at = start + len(promise["what"])
        marks.append((start, at, promise["who"]))
    return case["text"], marks


def unpromising() -> Iterator[tuple[str, Marks]]:
    """Notes of what somebody did that do not speak of the leader; situations and messages that speak of no promise."""
    for notebook in lines(EVAL / "train" / "notebooks.jsonl"):
        for note in notebook["notes"]:
            words = set(note["text"].lower().replace("’", " ").replace("'", " ").split())
            if note["kind"] in ("observation", "personal") and not words & SPEAK_OF_THE_LEADER:
                yield note["text"], []
    for situation in lines(EVAL / "train" / "situations.jsonl"):
        text = "".join(segment["text"] for segment in situation["segments"]).strip()
        if not set(text.lower().replace("’", " ").replace("'", " ").split()) & SPEAK_OF_PROMISES:
            yield text, []
    for message in lines(EVAL / "train" / "messages.jsonl"):
        if not set(message["message"].lower().replace("’", " ").replace("'", " ").split()) & SPEAK_OF_PROMISES:
            yield message["message"], []


def example(tokenizer: Tokenizer, text: str, marks: Marks) -> Example:
    one = read_pair(tokenizer, "", text, len(LABELS), text)
    one.weight[one.words] = 1
    one.whole[:] = 0
    for start, end, who in marks:
        label = LABELS.index(who)
        one.wanted[one.words & (one.spans[:, 0] < end) & (one.spans[:, 1] > start), label] = 1
        one.whole[label] = 1
    return one


def together(texts: list[tuple[str, Marks]], rng: np.random.Generator) -> Iterator[tuple[str, Marks]]:
    for _ in range(TOGETHER):
        text, marks = "", []
        for at in rng.choice(len(texts), rng.integers(2, 4)):
            said, here = texts[at]
            marks += [(start + len(text), end + len(text), who) for start, end, who in here]
            text += (said if said[-1:] in (".", "!", "?", '"') else said + ".") + " "
        yield text.strip(), marks


def learnt() -> list[tuple[str, Marks]]:
    rng = np.random.default_rng(3)
    by_hand, framed, empty = list(cases()), made(FRAMED, 6), list(unpromising())
    empty = [empty[at] for at in rng.permutation(len(empty))[:UNPROMISING]]
    print(f"{len(by_hand)} cases, {len(framed)} frames, {len(empty)} notes that promise nothing", flush=True)
    return by_hand * AS_OFTEN + framed + empty + list(together(by_hand + framed + empty, rng))


def loss(params: Params, x: Any, mask: Any, wanted: Any, weight: Any, whole: Any, key: Any) -> Any:
    """As for the other labels, but that a whole text without a promise counts for more, and a word of one for less."""
    logits = upper(params, x, mask, key)
    words = (entropy(logits, wanted) * weight * (1 + 0.3 * wanted)).sum() / jnp.maximum(weight.sum(), 1) * 5
    highest = jax.nn.logsumexp(jnp.where(mask[:, :, None] > 0, logits, -1e9) * 2, axis=1) / 2 - jnp.log(4.0) / 2
    known = whole >= 0
    return words + 0.5 * (entropy(highest, jnp.clip(whole, 0, 1)) * known).sum() / jnp.maximum(known.sum(), 1)


def main(anew: bool) -> None:
    tokenizer = load_tokenizer(LONGEST)
    out = MODELS / "promises.onnx"
    start, epochs = (None, EPOCHS_ANEW) if anew else (standing(out, TUNED_FROM), EPOCHS)
    params, _ = tune([example(tokenizer, *one) for one in learnt()], 5, TUNED_FROM, loss, epochs, start)
    export(jax.tree.map(np.asarray, params), {"labels": LABELS, "from": STATE[TUNED_FROM]}, out)
    print(f"{out} {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main("--anew" in sys.argv)
