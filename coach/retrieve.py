"""Which principles and notes fit what the leader typed: meaning and words together, privacy before anything.

A query costs one embedding; principles are ranked by their example situations, notes within the person they are about.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import bm25s
import numpy as np

from coach.embed import Vectors
from coach.principles import Library, Principle
from coach.records import Note, Records

EXAMPLES_SEEN = 2_000
"""Nearest example situations looked at for one query: all of them, there being fewer."""
BEST_EXAMPLES = 12
NEAREST_WEIGHT, LEXICAL_WEIGHT = 0.4, 0.7
RIDGE = 10.0
"""Chosen by five-fold cross-validation over the library's own examples and on the development cases."""
HALF_LIFE_DAYS = 180.0
NOTES_SEEN = 60

Nearest = Callable[[Vectors, int], Mapping[str, float]]
"""A vector [384] and k -> id to cosine similarity of the k nearest."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = frozenset(
    "a an and are as at be been but by did do does for from had has have he her him his i if in is it its just me my of "
    "on or our she so that the their them they this to us was we were what when which who will with you your".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingPrinciple:
    principle: Principle
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingNote:
    note: Note
    score: float


def words(text: str) -> list[str]:
    """Content words, folded; an "s" of plural or third person is dropped, which is all the stemming that helped."""
    found = (word.casefold() for word in _WORD.findall(text))
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found if w not in _STOP]


class ExampleWords:
    """BM25 over the example situations, in memory."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._bm25 = bm25s.BM25()
        self._bm25.index([words(example.text) for example in library.examples], show_progress=False)

    def scores(self, text: str) -> dict[str, float]:
        """Example id -> BM25 score, those above 0."""
        query = [word for word in words(text) if word in self._bm25.vocab_dict]
        if not query:
            return {}
        scores = self._bm25.get_scores(query)
        return {self._library.examples[at].id: float(scores[at]) for at in np.flatnonzero(scores)}


class PrincipleWeights:
    """What sets the examples of each principle apart from all others: ridge regression over their vectors.

    Nearness alone follows the trade ("ward", "till") as much as the matter; what all principles share cancels out here.
    """

    def __init__(self, library: Library, vectors: Vectors) -> None:
        self._mean = vectors.mean(axis=0)
        centred = vectors - self._mean
        order = [principle.id for principle in library.principles]
        target = np.array(
            [[example.principle == name for name in order] for example in library.examples], dtype=np.float32
        )
        ridged = centred.T @ centred + RIDGE * np.eye(centred.shape[1], dtype=np.float32)
        self._weights = np.linalg.solve(ridged, centred.T @ (target - target.mean(axis=0)))

    def scores(self, vector: Vectors) -> Vectors:
        """[principles], in the library's order."""
        return np.asarray((vector - self._mean) @ self._weights, dtype=np.float32)


def rank_principles(
    library: Library, nearest: Mapping[str, float], lexical: Mapping[str, float], learned: Vectors | None, k: int
) -> tuple[FittingPrinciple, ...]:
    """Best first. `nearest` and `lexical`: example id -> cosine similarity, BM25 score; `learned`: [principles].

    The three kinds of score are added in standard deviations over all principles.
    """
    score = NEAREST_WEIGHT * _likeness(library, nearest) + LEXICAL_WEIGHT * _likeness(library, lexical)
    if learned is not None:
        score = score + _standardised(learned)
    best = np.argsort(-score, kind="stable")[:k] if score.any() else ()
    return tuple(FittingPrinciple(principle=library.principles[at], score=round(float(score[at]), 4)) for at in best)


def _likeness(library: Library, scores: Mapping[str, float]) -> Vectors:
    """Mean of each principle's best examples, standardised. An example that was not scored counts 0."""
    by_place = np.zeros(len(library.examples) + 1, dtype=np.float32)
    by_place[[library.places[name] for name in scores]] = list(scores.values())
    best = np.sort(by_place[library.grouped], axis=1)[:, -BEST_EXAMPLES:]
    return _standardised(np.asarray(best.mean(axis=1), dtype=np.float32))


def _standardised(values: Vectors) -> Vectors:
    """Zeros where all are alike: that says nothing."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread, dtype=np.float32) if spread else np.zeros_like(values)


def rank_notes(
    records: Records,
    text: str,
    nearest: Mapping[str, float],
    *,
    person_id: str | None,
    public: bool,
    today: date,
    k: int,
) -> tuple[FittingNote, ...]:
    """Best first. `nearest`: revision -> cosine similarity. Every hit is read again from the records, with its owner."""
    worded = records.search_words(words(text), person_id, public, NOTES_SEEN)
    score: defaultdict[str, float] = defaultdict(float)
    for revision, similarity in nearest.items():
        score[revision] += similarity
    for rank, revision in enumerate(worded):
        score[revision] += 0.2 / (1 + rank) ** 0.5
    notes = records.notes_by_revision(list(score), public=public)
    fitting = [
        FittingNote(note=note, score=round(score[revision] + _recency(note, today), 4))
        for revision, note in notes.items()
        if person_id is None or note.person_id == person_id
    ]
    return tuple(sorted(fitting, key=lambda f: (-f.score, f.note.id))[:k])


def _recency(note: Note, today: date) -> float:
    """At most 0.02: it decides between notes that fit equally well, and no more."""
    age = max((today - note.date).days, 0)
    return float(0.02 * 0.5 ** (age / HALF_LIFE_DAYS))
