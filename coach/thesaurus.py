"""Which English words mean the same or nearly the same (WordNet 3.1; tools/export_thesaurus.py)."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "models" / "thesaurus.npz"
SAME, NEAR, APART = 0.9, 0.7, 0.0


@dataclass(frozen=True)
class _Rows:
    """A list of numbers for each word, end to end."""

    values: NDArray[np.int32]
    ends: NDArray[np.int32]

    def of(self, word: int) -> frozenset[int]:
        start = self.ends[word - 1] if word else 0
        return frozenset(self.values[start : self.ends[word]].tolist())


@dataclass(frozen=True)
class _Thesaurus:
    number: dict[str, int]
    own: _Rows
    near: _Rows
    people: frozenset[int]


@cache
def _loaded() -> _Thesaurus:
    with np.load(FILE) as file:
        words = bytes(file["words"]).decode().split("\n")
        own, near = (_Rows(file[name], file[f"{name}_ends"]) for name in ("own", "near"))
        people = frozenset(file["people"].tolist())
        return _Thesaurus({word: at for at, word in enumerate(words)}, own, near, people)


def known(word: str) -> bool:
    return word in _loaded().number


def can_be_somebody(noun: str) -> bool:
    """Whether a noun, by itself, is commonly a person or an animal: "clerk" is, "counter" is not."""
    return _loaded().number.get(noun) in _loaded().people


@lru_cache(maxsize=50_000)
def closeness(one: str, other: str) -> float:
    """1 for the same word, SAME for words with a common sense, NEAR for a broader, narrower or derived one, else APART."""
    if one == other:
        return 1.0
    words = _loaded()
    a, b = words.number.get(one), words.number.get(other)
    if a is None or b is None:
        return APART
    own_a, own_b = words.own.of(a), words.own.of(b)
    if own_a & own_b:
        return SAME
    return NEAR if own_a & words.near.of(b) or own_b & words.near.of(a) else APART
