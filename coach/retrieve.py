"""Which principles and notes fit what the leader typed: meaning and words together, privacy before anything.

A query costs one embedding; principles are ranked by their example situations, notes within the person they are about.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import bm25s
import numpy as np

from coach.embed import Vectors
from coach.principles import Library, Principle
from coach.records import Note, Records

EXAMPLES_SEEN = 200
"""Nearest example situations looked at for one query, of about a thousand."""
BEST_EXAMPLES = 3
"""A principle's likeness is the mean of its best three examples (measured better than the best one or all)."""
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


def rank_principles(
    library: Library, nearest: Mapping[str, float], lexical: Mapping[str, float], k: int
) -> tuple[FittingPrinciple, ...]:
    """Best first. `nearest` and `lexical`: example id -> cosine similarity, BM25 score."""
    dense, worded = _by_principle(library, nearest), _by_principle(library, lexical)
    top = max(worded.values(), default=0.0) or 1.0
    score = {p: dense.get(p, 0.0) + LEXICAL_WEIGHT * worded.get(p, 0.0) / top for p in dense.keys() | worded.keys()}
    best = sorted(score, key=lambda p: (-score[p], p))[:k]
    return tuple(FittingPrinciple(principle=library.by_id[p], score=round(score[p], 4)) for p in best)


LEXICAL_WEIGHT = 0.15


def _by_principle(library: Library, scores: Mapping[str, float]) -> dict[str, float]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for example in library.examples:
        if example.id in scores:
            found[example.principle].append(scores[example.id])
    # Fewer than three seen: the missing ones count as the weakest seen at all, not as nothing.
    floor = min(scores.values(), default=0.0)
    return {
        p: sum((sorted(values, reverse=True) + [floor] * BEST_EXAMPLES)[:BEST_EXAMPLES]) / BEST_EXAMPLES
        for p, values in found.items()
    }


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
    return 0.02 * 0.5 ** (age / HALF_LIFE_DAYS)


