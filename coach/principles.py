"""The library: 42 leadership principles, one Markdown file each, with situations that call for them.

`python -m coach.principles` recomputes the vectors of the example situations after a change (`make library`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

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
    if not VECTORS.exists():
        return {}
    with np.load(VECTORS) as stored:
        if str(stored["embedder"]) != name:
            return {}
        return dict(zip(stored["ids"].tolist(), stored["vectors"].astype(np.float32), strict=True))


def ship_vectors() -> None:
    """Writes the vectors as float16: half the size, and cosines within 0.0005. Those already there are kept."""
    library, embedder = read_library(), built_in_embedder()
    vectors = library.vectors(embedder).astype(np.float16)
    ids = np.array([example.id for example in library.examples])
    np.savez(VECTORS, embedder=np.array(embedder.name), ids=ids, vectors=vectors)


if __name__ == "__main__":
    ship_vectors()
