"""The library: 42 leadership principles, one Markdown file each, with situations that call for them.

`python -m coach.principles` recomputes the vectors of the example situations after a change (`make library`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import frontmatter
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml import YAMLError

from coach.embed import Embedder, Vectors, built_in_embedder
from coach.errors import BadFile

FOLDER = Path(__file__).parent / "library"
VECTORS = FOLDER / "vectors.npz"
GRADED = "situations.jsonl"
CALLED_FOR = 3
"""The grade of a principle that a situation calls for before all others."""
WORTH = {3: 1.0, 2: 0.5, 1: 0.2}
GRADED_WEIGHT, RIDGE, NARROW = 6.0, 1.0, 1.0
"""Chosen by five-fold cross-validation over the library's own graded situations and on the development cases."""


class Phrasings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    recognition: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()


class Principle(BaseModel):
    """As written in its file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    family: str
    title: str
    fits: str
    not_when: str
    reason: str
    situations: tuple[str, ...]
    phrasings: Phrasings
    not_to_say: str
    sources: tuple[str, ...]
    text: str


class Graded(BaseModel):
    """A situation with every principle that fits it: 3 what it calls for, 2 what helps as well, 1 what is touched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    principles: Mapping[str, Literal[1, 2, 3]]


@dataclass(frozen=True)
class Example:
    """One situation: what retrieval compares a leader's text with. `grades`: principle id -> 1 to 3."""

    id: str
    text: str
    grades: Mapping[str, int]
    graded: bool = False
    """Whether every principle that fits is named, not just one."""


class Library:
    def __init__(self, principles: Sequence[Principle], graded: Sequence[Graded] = ()) -> None:
        self.principles = tuple(principles)
        self.by_id = {principle.id: principle for principle in self.principles}
        self.graded = tuple(graded)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        own = (
            Example(digest(text), text, {principle.id: CALLED_FOR})
            for principle in self.principles
            for text in (*principle.situations, f"{principle.title}. {principle.text}")
        )
        return (*own, *(Example(digest(one.text), one.text, one.principles, graded=True) for one in self.graded))

    @cached_property
    def places(self) -> dict[str, int]:
        """Example id -> its place in `examples`."""
        return {example.id: at for at, example in enumerate(self.examples)}

    @cached_property
    def grouped(self) -> NDArray[np.int64]:
        """[principles, most examples of one]: places of each principle's examples; past the last, len(examples)."""
        of = {
            p.id: [at for at, e in enumerate(self.examples) if e.grades.get(p.id) == CALLED_FOR]
            for p in self.principles
        }
        longest = max(map(len, of.values()))
        return np.array([places + [len(self.examples)] * (longest - len(places)) for places in of.values()])

    def vectors(self, embedder: Embedder) -> Vectors:
        """The examples' vectors [len(examples), 384]: those shipped with the library, the rest computed now."""
        known = _shipped_vectors(embedder.name)
        missing = [example for example in self.examples if example.id not in known]
        if missing:
            computed = embedder.embed([example.text for example in missing])
            known |= {example.id: vector for example, vector in zip(missing, computed, strict=True)}
        return np.stack([known[example.id] for example in self.examples])

    def learned(self, embedder: Embedder) -> Vectors:
        """What each example says for and against each principle, [examples, principles]: as shipped where nothing changed."""
        shipped = _shipped("learned", embedder.name)
        if shipped is not None and str(shipped["of"]) == self._contents:
            return np.asarray(shipped["learned"], dtype=np.float32)
        return learn(self, self.vectors(embedder))

    @cached_property
    def _contents(self) -> str:
        grades = [f"{one.id} {sorted(one.grades.items())} {one.graded}" for one in self.examples]
        return digest("\n".join([*self.by_id, *grades, str((WORTH, GRADED_WEIGHT, RIDGE, NARROW))]))


def closeness(one: Vectors, other: Vectors) -> Vectors:
    """Of unit vectors [n, 384] and [384] or [384, m]: 1 for the same, falling off with the square of the distance."""
    return np.asarray(np.exp(2 * NARROW * (one @ other - 1)), dtype=np.float32)


def learn(library: Library, vectors: Vectors) -> Vectors:
    """What sets the examples of each principle apart from all others: weighted kernel ridge regression, [examples, principles].

    A situation graded for every principle teaches what else fits it, and counts for more. Nearness alone follows the
    trade ("ward", "till") as much as the matter; what all principles share cancels out here.
    """
    weight = np.array([GRADED_WEIGHT if one.graded else 1.0 for one in library.examples], dtype=np.float32)
    target = np.array(
        [[WORTH.get(one.grades.get(p.id, 0), 0.0) for p in library.principles] for one in library.examples],
        dtype=np.float32,
    )
    usual = (target * weight[:, None]).sum(axis=0) / weight.sum()
    alike = closeness(vectors, vectors.T) + np.diag(RIDGE / weight)
    return np.asarray(np.linalg.solve(alike, target - usual), dtype=np.float32)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_library(folder: Path = FOLDER) -> Library:
    """Raises BadFile with the file's name where one does not hold what a principle needs."""
    return Library([_read_principle(path) for path in sorted(folder.glob("*.md"))], _read_graded(folder / GRADED))


def _read_graded(path: Path) -> list[Graded]:
    try:
        return (
            [Graded.model_validate_json(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        )
    except ValueError as error:
        raise BadFile(f"The situations in {path.name} cannot be read: {error}") from error


def _read_principle(path: Path) -> Principle:
    try:
        post = frontmatter.load(str(path))
        return Principle.model_validate({**post.metadata, "text": post.content.strip()})
    except (ValidationError, YAMLError, TypeError, ValueError) as error:
        raise BadFile(f"The principle in {path.name} cannot be read: {error}") from error


def _shipped_vectors(name: str) -> dict[str, Vectors]:
    stored = _shipped("vectors", name)
    return (
        {} if stored is None else dict(zip(stored["ids"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    )


def _shipped(what: str, name: str) -> Mapping[str, NDArray[Any]] | None:
    """The file's parts, where it is there, has `what`, and is of this embedder."""
    if not VECTORS.exists():
        return None
    with np.load(VECTORS) as stored:
        return dict(stored) if what in stored and str(stored["embedder"]) == name else None


def ship_vectors() -> None:
    """Writes the vectors as float16: half the size, and cosines within 0.0005. Those already there are kept."""
    library, embedder = read_library(), built_in_embedder()
    vectors = library.vectors(embedder)
    ids = np.array([example.id for example in library.examples])
    np.savez(
        VECTORS, embedder=np.array(embedder.name), ids=ids, vectors=vectors.astype(np.float16),
        of=np.array(library._contents), learned=learn(library, vectors).astype(np.float16),
    )  # fmt: skip


if __name__ == "__main__":
    ship_vectors()
