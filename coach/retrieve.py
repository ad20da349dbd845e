"""Which principles and notes fit what the leader typed: meaning and words together, privacy before anything.

A query costs one embedding; principles are ranked by their example situations, notes within the person they are about.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import bm25s
import numpy as np

from coach.embed import Vectors
from coach.principles import Library, Principle, closeness
from coach.records import Note, Person, Records

EXAMPLES_SEEN = 2_000
"""Nearest example situations looked at for one query: enough that the best of each principle that fits are among them."""
BEST_EXAMPLES = 6
NEAREST_WEIGHT, LEXICAL_WEIGHT = 0.4, 0.7
"""Chosen by five-fold cross-validation over the library's own graded situations and on the development cases."""
LIKE_ANY, LIKE_ANY_FROM = 3, 0.35
"""Below it a text is about nothing Coach knows: none of 113 development situations with principles, 1 % of 200 other
situations, and 38 % of 40 texts that were no situation at all; of 20 such texts kept aside, 30 %. A higher bound costs real ones."""
HALF_LIFE_DAYS = 180.0
NOTES_SEEN = 60
SHARED_WORDS = 0.05
"""Chosen on the development cases: little, since the model was tuned to see through other words."""
UNMEASURED = 0.3
"""Of the best note where only another embedding ranks and no built-in one says how like it is: offered, never used unasked."""
RECENT, ROUNDING = 0.02, 0.001
READ_AT_ONCE = 12
"""Notes: to read one takes as long as to compare with thousands."""
ABOUT_NAMED = 0.4
"""A note about somebody whom the text names comes before one that is a little more like it."""

Nearest = Callable[[Vectors, int], Mapping[str, float]]
"""A vector [384] and k -> id to cosine similarity of the k nearest."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAME = re.compile(r"[^\W_]+")
_ALSO_WORDS = frozenset(
    "april art august bill chase dawn drew faith frank gene grace grant hope jack joy june mark max may mercy pat rob "
    "rose ray sandy summer sue will young".split()
)
"""First names that leaders' sentences are full of: they name somebody only where they are written as names."""
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
    """What the library's examples say of a text: `learned` [examples, principles], weighted by how close each is to it."""

    def __init__(self, vectors: Vectors, learned: Vectors) -> None:
        self._vectors, self._learned = vectors, learned

    def scores(self, vector: Vectors) -> Vectors:
        """[principles], in the library's order."""
        return np.asarray(closeness(self._vectors, vector) @ self._learned, dtype=np.float32)


def nothing_fits(nearest: Mapping[str, float]) -> bool:
    """Whether the situations most like a text are not like it at all: a recipe, a timetable, keys struck at random."""
    closest = sorted(nearest.values(), reverse=True)[:LIKE_ANY]
    return bool(closest) and sum(closest) / len(closest) < LIKE_ANY_FROM


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
    """Mean of each principle's best examples, standardised. An example that was not scored counts 0.

    What an index still holds of an earlier library says nothing.
    """
    known = {library.places[name]: score for name, score in scores.items() if name in library.places}
    by_place = np.zeros(len(library.examples) + 1, dtype=np.float32)
    by_place[list(known)] = list(known.values())
    best = np.sort(by_place[library.grouped], axis=1)[:, -BEST_EXAMPLES:]
    return _standardised(np.asarray(best.mean(axis=1), dtype=np.float32))


def _standardised(values: Vectors) -> Vectors:
    """Zeros where all are alike: that says nothing."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread, dtype=np.float32) if spread else np.zeros_like(values)


def in_the_order_of(other: Mapping[str, float], built_in: Mapping[str, float]) -> dict[str, float]:
    """Another embedding's order on the built-in model's scale: its r-th note is worth what the built-in's r-th is.

    What another embedding calls like is on a scale of its own (unrelated texts have 0.1 with one and 0.7 with the
    next), and every weight and threshold here was measured with the built-in one. So many notes pass a threshold as
    by the built-in model; which they are, the other says.
    """
    scale = sorted(built_in.values(), reverse=True)
    ranked = sorted(other, key=lambda revision: -other[revision])
    if not scale:
        return {revision: UNMEASURED / (1 + rank) ** 0.5 for rank, revision in enumerate(ranked)}
    return {revision: scale[min(rank, len(scale) - 1)] for rank, revision in enumerate(ranked)}


def rank_notes(
    records: Records,
    nearest: Mapping[str, float],
    worded: Sequence[str],
    *,
    person_id: str | None,
    named: Collection[str] = (),
    public: bool,
    today: date,
    k: int,
) -> tuple[FittingNote, ...]:
    """Best first. `nearest`: revision -> cosine similarity; `worded`: revisions that share words, best first.

    `named`: ids of the people whom the text names. Every hit is read again from the records, with its owner, as far
    down as one may still be among the best.
    """
    score: defaultdict[str, float] = defaultdict(float, nearest)
    for rank, revision in enumerate(worded):
        score[revision] += SHARED_WORDS / (1 + rank) ** 0.5
    order, fitting = sorted(score, key=lambda revision: -score[revision]), list[FittingNote]()
    most_added = RECENT + ROUNDING + (ABOUT_NAMED if named else 0.0)
    for start in range(0, len(order), READ_AT_ONCE):
        if len(fitting) >= k and score[order[start]] + most_added < fitting[k - 1].score:
            break
        fitting += [
            FittingNote(note=note, score=round(score[revision] + _added(note, named, today), 4))
            for revision, note in records.notes_by_revision(order[start : start + READ_AT_ONCE], public=public).items()
            if person_id is None or note.person_id == person_id
        ]
        fitting.sort(key=lambda f: (-f.score, f.note.id))
    return tuple(fitting[:k])


def _added(note: Note, named: Collection[str], today: date) -> float:
    return _recency(note, today) + ABOUT_NAMED * (note.person_id in named)


def people_named(people: Sequence[Person], text: str) -> tuple[Person, ...]:
    """Whom the text names, by full name, another name, first name or surname. A name that two people go by names neither."""
    spoken = " ".join(
        word.casefold() for word in _NAME.findall(text) if word[0].isupper() or word not in _ALSO_WORDS | _STOP
    )
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        for name in (person.name, *person.aliases, person.name.split()[0], person.name.split()[-1]):
            by_name[" ".join(_NAME.findall(name.casefold()))].add(person.id)
    clear = {name: next(iter(ids)) for name, ids in by_name.items() if len(ids) == 1 and len(name) > 1}
    found = {ids for name, ids in clear.items() if f" {name} " in f" {spoken} "}
    return tuple(person for person in people if person.id in found)


def _recency(note: Note, today: date) -> float:
    """It decides between notes that fit equally well, and no more."""
    age = max((today - note.date).days, 0)
    return float(RECENT * 0.5 ** (age / HALF_LIFE_DAYS))
