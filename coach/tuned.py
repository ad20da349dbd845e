"""What each word of a text does, by the language model's layers tuned for it (tools/tune).

A tuned graph goes on from states of the model as published (`Tuned.states`): its weights are there once, for search and
for all that is tuned on top of them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.embed import Read, Words
from coach.language import SHED_HAD, Span, sentences

FOLDER = Path(__file__).parent / "models"
AT_ONCE = 800
"""Characters: well under the model's 256 word pieces."""


@dataclass(frozen=True)
class Labels:
    """How probable each label is for each word piece: float32 [n, len(names)]; spans int64 [n, 2] in code points."""

    names: tuple[str, ...]
    spans: NDArray[np.int64]
    values: NDArray[np.float32]

    def of(self, name: str, start: int, end: int) -> NDArray[np.float32]:
        """The label's probability for each word piece inside start:end; empty where the model did not read."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        found: NDArray[np.float32] = self.values[inside, self.names.index(name)]
        return found

    def mean(self, name: str, start: int, end: int) -> float:
        found = self.of(name, start, end)
        return float(found.mean()) if len(found) else 0.0

    def peak(self, name: str, start: int, end: int) -> float:
        found = self.of(name, start, end)
        return float(found.max()) if len(found) else 0.0

    def runs(self, name: str, start: int, end: int, least: float = 0.5) -> list[tuple[int, int]]:
        """Where words stand together that have the label, inside start:end but not all of it."""
        inside = np.flatnonzero((self.spans[:, 0] < end) & (self.spans[:, 1] > start)).tolist()
        yes = [at for at in inside if self.values[at, self.names.index(name)] >= least]
        groups: list[list[int]] = []
        for at in yes:
            if groups and groups[-1][-1] == at - 1:
                groups[-1].append(at)
            else:
                groups.append([at])
        found = [(int(self.spans[g[0], 0]), int(self.spans[g[-1], 1])) for g in groups]
        return [run for run in found if run[1] - run[0] < 0.8 * (end - start)]

    def instead(self, name: str, of: "Labels") -> "Labels":
        """With another model's word on one label, of the same word pieces."""
        values = self.values.copy()
        values[:, self.names.index(name)] = of.values[:, of.names.index(name)]
        return Labels(self.names, self.spans, values)

    def beside(self, other: "Labels") -> "Labels":
        """With another model's labels of the same word pieces beside its own."""
        return Labels((*self.names, *other.names), self.spans, np.hstack([self.values, other.values]))

    def set_for(self, name: str, start: int, end: int, value: float) -> None:
        """What another reading said of start:end instead."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        self.values[inside, self.names.index(name)] = value

    def moved(self, by: int) -> "Labels":
        return Labels(self.names, self.spans + by, self.values)


def joined(parts: Sequence[Labels]) -> Labels:
    """The labels of consecutive texts as those of one."""
    return Labels(parts[0].names, np.concatenate([p.spans for p in parts]), np.concatenate([p.values for p in parts]))


def least(readings: Sequence[Labels]) -> Labels:
    """Of several readings of the same text, the least probability for each word that all of them reached."""
    reached = min(len(one.spans) for one in readings)
    values = np.minimum.reduce([one.values[:reached] for one in readings])
    return Labels(readings[0].names, readings[0].spans[:reached], values)


def average(readings: Sequence[Labels]) -> Labels:
    """What several models say of the same words, each as much as the others."""
    return Labels(readings[0].names, readings[0].spans, np.mean([one.values for one in readings], axis=0))


@dataclass(frozen=True)
class Tuned:
    """One tuned upper half."""

    session: Any
    names: tuple[str, ...]
    states: str
    """Which states of the base model it goes on from."""

    def label(self, words: Words) -> Labels:
        """The labels of a text's words."""
        feed = {"states": words.states[None], "attention_mask": np.ones((1, len(words.states)), dtype=np.int64)}
        (found,) = self.session.run(["probabilities"], feed)
        return Labels(self.names, words.spans, found[0][words.real])


@dataclass(frozen=True)
class Reading:
    """A message read twice: `alone`, where no sentence sees another, and `together`."""

    alone: Labels
    together: Labels
    of_situations: Labels | None = None
    """And once more as what happened is read: what a message does not tell is judged by two readers."""
    of_private: Labels | None = None
    """And after the private notes on whom it is about, where others can read it: so is what is private."""


def read_message(tuned: Tuned, message: str, read: Read) -> Reading | None:
    """The labels of a message of any length; None where there is no model, or nothing to read."""
    parts = [part for sentence in sentences(message) for part in _cut(sentence, AT_ONCE)]
    words = read([("", part.text) for part in parts], tuned.states) if parts else None
    if words is None:
        return None
    found = [_both(tuned, words[start:end], parts[start:end]) for start, end in _runs(words)]
    return Reading(joined([one.alone for one in found]), joined([one.together for one in found]))


PIECES_TOGETHER = 400
"""Word pieces of sentences that are read together: the time grows with their square."""


def _runs(words: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Which sentences are read together: start and end."""
    start, size = 0, 0
    for at, one in enumerate(words):
        if size and size + len(one.states) > PIECES_TOGETHER:
            yield start, at
            start, size = at, 0
        size += len(one.states)
    yield start, len(words)


def _both(tuned: Tuned, words: Sequence[Words], parts: Sequence[Span]) -> Reading:
    states = np.concatenate([one.states for one in words])
    block = np.repeat(np.arange(len(words)), [len(one.states) for one in words])
    masks = np.stack([block[:, None] == block[None, :], np.ones((len(block), len(block)), dtype=bool)])
    feed = {"states": np.stack([states, states]), "attention_mask": masks.astype(np.int64)}
    (found,) = tuned.session.run(["probabilities"], feed)
    real = np.concatenate([one.real for one in words])
    spans = np.concatenate([one.spans + part.start for one, part in zip(words, parts, strict=True)])
    return Reading(Labels(tuned.names, spans, found[0][real]), Labels(tuned.names, spans, found[1][real]))


def label_text(tuned: Tuned, to: str, text: str, read: Read) -> Labels | None:
    """The labels of a text of any length about or to somebody; None where there is no model."""
    parts = pieces(text, AT_ONCE)
    words = read([(to, part.text) for part in parts], tuned.states) if parts else None
    if words is None:
        return None
    return joined([tuned.label(one).moved(part.start) for one, part in zip(words, parts, strict=True)])


_SHORTENED = re.compile(rf"\b(?P<who>he|she)['’](?P<verb>s|d|ll)\b|(?P<bare>{SHED_HAD})d\b", re.IGNORECASE)
_HE, _SHE = (
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in ("he|him|his|himself|hes", "she|her|hers|herself|shes")
)
_SPELT_OUT = {"s": " is", "d": " had", "ll": " will"}


def label_mentions(tuned: Tuned, to: str, text: str, read: Read) -> Labels | None:
    """Whom each word means. "She'd" is read as "she had" where nobody is "he": in the hard texts that taught the reader,
    short forms stand in what people say of others, and it takes them for others' everywhere."""
    found = label_text(tuned, to, text, read)
    if _HE.search(text) and _SHE.search(text):
        return found
    spelt, places, at = "", [], 0
    for short in _SHORTENED.finditer(text):
        who = "who" if short["who"] else "bare"
        spelt += text[at : short.start()]
        places.append((short.start(who), short.end(who), len(spelt)))
        spelt, at = spelt + short[who] + _SPELT_OUT[(short["verb"] or "d").lower()], short.end()
    whole = label_text(tuned, to, spelt + text[at:], read) if places else None
    if found and whole:
        for start, end, place in places:
            found.set_for("recipient", start, end, whole.peak("recipient", place, place + end - start))
    return found


KNOWN_AT_ONCE = 400
"""Characters of private notes that a message is read with."""


def knowing(to: str, private: Sequence[str]) -> str:
    """What comes before a message that others can read: whom it is about, and what must not be told of them."""
    return f"{to}. Private: {' '.join(private)[:KNOWN_AT_ONCE]}" if private else to


def pieces(text: str, at_once: int) -> list[Span]:
    """Whole sentences, up to `at_once` characters together; a sentence longer than that is cut between words."""
    found: list[Span] = []
    for part in (part for sentence in sentences(text) for part in _cut(sentence, at_once)):
        if found and part.end - found[-1].start <= at_once:
            found[-1] = Span(found[-1].start, part.end, text[found[-1].start : part.end])
        else:
            found.append(part)
    return found


def _cut(sentence: Span, at_once: int) -> Iterator[Span]:
    start = 0
    while len(sentence.text) - start > at_once:
        space = sentence.text.rfind(" ", start + 1, start + at_once)
        end = space if space > 0 else start + at_once
        yield Span(sentence.start + start, sentence.start + end, sentence.text[start:end])
        start = end
    yield Span(sentence.start + start, sentence.end, sentence.text[start:])


@cache
def load_tuned(name: str) -> Tuned:
    """A graph that goes on from the model's states; loaded once."""
    session = open_graph(name)
    about = {key: json.loads(value) for key, value in session.get_modelmeta().custom_metadata_map.items()}
    return Tuned(session, tuple(about["labels"]), about["from"])


def open_graph(name: str) -> Any:
    """`coach/models/<name>.onnx` as an onnxruntime session."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Waking a second thread for so few words takes longer than the first one needs.
    options.intra_op_num_threads = 1
    # Without it sums of eight-bit products overflow on processors without VNNI, and a draft would depend on the machine.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(FOLDER / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
