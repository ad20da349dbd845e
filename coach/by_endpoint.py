"""Search of notes by an embedding endpoint that the leader chose, beside the built-in model.

The built-in vectors stay, for every note. The endpoint's are made beside them, in batches, each kept as it comes, so
that a kill loses one batch at most; and a search goes by the endpoint only when every note has its vector there. What
a search compares is always of one model, whatever the endpoint does.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from coach.embed import Vectors
from coach.embedding_access import ChosenEmbeddings
from coach.endpoint import Endpoint
from coach.errors import BadAnswer, ModelFailed, RateLimited, TooLong
from coach.log import Event, event, failure
from coach.records import Note, Records

FETCHED = 2_000
AT_ONCE, CHARACTERS_AT_ONCE = 64, 60_000
"""Of one request. Providers take hundreds of texts; a processor at home is busy with 64 for some seconds."""
FEW = 16
"""New notes that a search waits for."""
BATCH_SECONDS, QUERY_SECONDS = 120.0, 5.0
"""A query that takes longer goes by the built-in model: the leader waits for it."""
REST_SECONDS = 60.0
"""After a failure the endpoint is left alone for so long, unless it says for how long itself."""
SHORTEST = 200
"""Characters. A text that is too long for the model is read from its beginning, by halves down to this."""
SAME_MODEL = 0.98
"""Cosine of a text with itself, embedded again: by the same model 0.999 and more, whatever else was in its batch."""
QUERIES_KEPT = 64

EmbedThere = Callable[[Endpoint, Sequence[str], float], Vectors]
"""Texts -> unit vectors [len(texts), dimension] within so many seconds. Raises a leaf of ModelFailed."""
Progress = Callable[[int, int], None]
_NO_PROGRESS: Progress = lambda done, of: None  # noqa: E731


def embedder_name(where: Endpoint, choice: ChosenEmbeddings) -> str:
    """What vectors are known by: those of another name are never compared. Without the key and the query."""
    return f"{where.model} at {where.bare_url}" + (f", {choice.again + 1}" if choice.again else "")


@dataclass
class ByEndpoint:
    records: Records
    where: Endpoint
    name: str
    embed: EmbedThere
    trouble: str = ""
    """Why search does not go by the endpoint, in a sentence."""
    progress: tuple[int, int] = (0, 0)
    """How many notes are embedded, of how many, while that goes on."""
    stopped: bool = False
    """The leader chose another one: nothing more is sent."""
    _recognised: bool = False
    _complete_at: int = -1
    _rests_until: float = 0.0
    _dimension: int = 0
    _working: threading.Lock = field(default_factory=threading.Lock)
    _queries: OrderedDict[str, Vectors] = field(default_factory=OrderedDict)

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._rests_until

    @property
    def under_way(self) -> bool:
        """Whether it is being made ready, or soon will be."""
        return self.progress[1] > 0 or (self._complete_at < 0 and not self.trouble)

    def has_all(self) -> bool:
        """Whether every note has its vector. A few new ones get theirs now; a search waits for no more than these."""
        version = self.records.version()
        if self._complete_at == version and self._recognised:
            return True
        if self.resting or self.stopped or not self._working.acquire(blocking=False):
            return False
        try:
            waiting = self.records.notes_without(self.name, FEW + 1)
            if len(waiting) > FEW:
                return False
            self._recognise(QUERY_SECONDS)
            for batch in _batches(waiting):
                self._keep(batch, QUERY_SECONDS)
            self._completed(version)
            return True
        except ModelFailed as error:
            self._rest(error)
            return False
        finally:
            self._working.release()

    def vector(self, text: str) -> Vectors | None:
        """[dimension], or None where the endpoint does not answer: the built-in model does then."""
        if text in self._queries:
            return self._queries[text]
        if self.resting or self.stopped:
            return None
        try:
            vector: Vectors = self._embedded([text], QUERY_SECONDS)[0]
        except ModelFailed as error:
            self._rest(error)
            return None
        self.trouble = ""
        self._queries[text] = vector
        while len(self._queries) > QUERIES_KEPT:
            self._queries.popitem(last=False)
        return vector

    def catch_up(self, progress: Progress = _NO_PROGRESS) -> bool:
        """Embeds every note that waits. Returns whether all have their vectors now; if not, `trouble` says why."""
        with self._working:
            version = self.records.version()
            if self.stopped or self.resting:
                return False
            if self._complete_at == version and self._recognised and not self.trouble:
                return True
            try:
                self._recognised = False  # after a failure, whoever answers next is looked at again
                self._recognise(BATCH_SECONDS)
                self._embed_waiting(progress)
            except ModelFailed as error:
                self._rest(error)
                return False
            finally:
                self.progress = (0, 0)
            if self.stopped:
                return False
            self._completed(version)
            return True

    def _completed(self, version: int) -> None:
        """What another endpoint computed goes only now: until here it could have been gone back to."""
        if self._complete_at < 0:
            self.records.drop_others(but=self.name)
        self._complete_at, self.trouble, self._rests_until = version, "", 0.0

    def _embed_waiting(self, progress: Progress) -> None:
        done, of = self.records.count_others(self.name), self.records.count_notes()
        while not self.stopped and (some := self.records.notes_without(self.name, FETCHED)):
            for batch in _batches(some):
                if self.stopped:
                    return
                self.progress = (done, max(of, done))
                done += self._keep(batch, BATCH_SECONDS)
                progress(done, max(of, done))

    def _keep(self, notes: Sequence[Note], seconds: float) -> int:
        """Returns how many it was."""
        vectors = self._embedded([note.text for note in notes], seconds)
        self.records.keep_others(notes, vectors, self.name)
        event(Event.NOTES_EMBEDDED, notes=len(notes))
        return len(notes)

    def _embedded(self, texts: Sequence[str], seconds: float) -> Vectors:
        vectors = self._bounded(texts, seconds)
        self._dimension = self._dimension or self.records.other_dimension(self.name) or vectors.shape[1]
        if vectors.shape[1] != self._dimension:
            raise BadAnswer(self._another_model)
        return vectors

    def _bounded(self, texts: Sequence[str], seconds: float) -> Vectors:
        """Halves what the server finds too long: the batch first, then a text of its own."""
        try:
            return self.embed(self.where, texts, seconds)
        except TooLong:
            half = len(texts) // 2
            if half:
                return np.vstack([self._bounded(texts[:half], seconds), self._bounded(texts[half:], seconds)])
            if len(texts[0]) <= SHORTEST:
                raise
            return self._bounded([texts[0][: len(texts[0]) // 2]], seconds)

    def _recognise(self, seconds: float) -> None:
        """A server may serve another model by the same name; vectors of the two would be compared."""
        if not self._recognised:
            self._compare_with_before(seconds)
            self._recognised = True

    def _compare_with_before(self, seconds: float) -> None:
        revisions = self.records.other_revisions(self.name, 1)
        found = self.records.notes_by_revision(revisions)
        if not found:
            return
        now = self._embedded([found[revisions[0]].text], seconds)[0]
        if float(self.records.other_vectors_of(self.name, revisions)[0] @ now) < SAME_MODEL:
            raise BadAnswer(self._another_model)

    @property
    def _another_model(self) -> str:
        return (
            f"Another model than before answers at {self.where.host} by the name “{self.where.model}”. Bring the first "
            "one back, or press “Embed every note again” on the Settings page."
        )

    def _rest(self, error: ModelFailed) -> None:
        """Whatever failed is asked again later; until then search goes by the built-in model."""
        after = error.after if isinstance(error, RateLimited) and error.after else REST_SECONDS
        self.trouble, self._rests_until = str(error), time.monotonic() + after
        failure(error)


def _batches(notes: Sequence[Note]) -> Iterator[list[Note]]:
    batch: list[Note] = []
    for note in notes:
        full = len(batch) == AT_ONCE or sum(len(one.text) for one in [*batch, note]) > CHARACTERS_AT_ONCE
        if batch and full:
            yield batch
            batch = []
        batch.append(note)
    if batch:
        yield batch
