"""One leader's open notebook, library and index: the whole flow from situation to message and back into the records."""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from coach.check import Finding, check
from coach.draft import Draft, draft
from coach.embed import Embedder, Vectors, Words, built_in_embedder
from coach.errors import IndexUnusable, ModelMissing
from coach.ground import Clause, ground
from coach.index import PRINCIPLES, Index, clear_index, downloaded_embedder, exact_nearest, notes_collection, open_index
from coach.principles import Library, read_library
from coach.records import Note, Person, Receipt, Records, find_person, open_records
from coach.retrieve import (
    EXAMPLES_SEEN,
    NOTES_SEEN,
    ExampleWords,
    FittingNote,
    FittingPrinciple,
    PrincipleWeights,
    rank_notes,
    rank_principles,
)
from coach.settings import Settings, prepare_home
from coach.situation import Channel, Kind, Pronouns, Situation
from coach.tuned import Labels, label_text, load_tuned
from coach.turn import recipient

PRINCIPLES_SHOWN = 3
NOTES_SHOWN = 5
NOTE_USED_ABOVE = 0.45
"""A note less like the situation than this is offered, not used."""
SAME_EVENT_ABOVE, SAME_EVENT_DAYS = 0.75, 7
_UNWELCOME = re.compile(
    r"\b(?:late|forgot\w*|missed|mistake|error|complain\w*|argu\w+|snapped|rude|shout\w*|wrong|fail\w*|again|slow|behind|without telling)\b",
    re.IGNORECASE,
)
"""A note with one of these may be a correction: it goes into praise only when the leader says so."""
EMBED_AT_ONCE = 256

_NO_PROGRESS: Callable[[int, int], None] = lambda done, of: None  # noqa: E731


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A draft with everything that explains it."""

    draft: Draft
    clauses: tuple[Clause, ...]
    findings: tuple[Finding, ...]
    principles: tuple[FittingPrinciple, ...]
    notes: tuple[FittingNote, ...]
    person: Person | None
    seconds: float

    @property
    def notes_used(self) -> tuple[Note, ...]:
        return tuple(fitting.note for fitting in self.notes if fitting.note.id in self.draft.notes_used)


@dataclass
class Desk:
    settings: Settings
    records: Records
    library: Library
    index: Index | None = None
    index_state: str = "not opened"
    index_progress: tuple[int, int] = (0, 0)
    """How many are indexed, of how many, while the index is being filled."""
    _seen_version: int = -1
    _warming: threading.Lock = field(default_factory=threading.Lock)

    # Meaning

    @cached_property
    def embedder(self) -> Embedder | None:
        """The built-in model, else the one downloaded before, else none: search then goes by words alone."""
        try:
            return built_in_embedder()
        except ModelMissing:
            try:
                return downloaded_embedder()
            except ModelMissing:
                return None

    @cached_property
    def _example_words(self) -> ExampleWords:
        return ExampleWords(self.library)

    @cached_property
    def _example_vectors(self) -> Vectors:
        assert self.embedder is not None  # noqa: S101 - only asked for where there is one
        return self.library.vectors(self.embedder)

    @cached_property
    def _principle_weights(self) -> PrincipleWeights:
        return PrincipleWeights(self.library, self._example_vectors)

    @cached_property
    def _example_ids(self) -> list[str]:
        return [example.id for example in self.library.examples]

    def vector(self, text: str) -> Vectors | None:
        """[384], or None where there is no model."""
        vectors = self._embed([text])
        return None if vectors is None else vectors[0]

    def _embed(self, texts: Sequence[str]) -> Vectors | None:
        """A model that turns out damaged is as good as none: search goes on by words."""
        try:
            return self.embedder.embed(texts) if self.embedder else None
        except ModelMissing as error:
            self.embedder, self.index_state = None, str(error)
            return None

    def _read(self, pairs: Sequence[tuple[str, str]], states: str) -> tuple[Words, ...] | None:
        """The words of each pair's second text, or None where there is no model that can."""
        try:
            return self.embedder.read(pairs, states) if self.embedder and self.embedder.read else None
        except ModelMissing as error:
            self.embedder, self.index_state = None, str(error)
            return None

    # The index

    def open_index(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """Opens Chroma and makes it agree with the records and the library. Search works before and during it."""
        with self._warming:
            if self.index is not None or self.embedder is None:
                return
            try:
                index = open_index(self.settings.index_folder, self.settings.chroma_url)
                self._follow(index, progress)
                self.index, self.index_state = index, "ready"
            except ModelMissing as error:
                self.embedder, self.index_state = None, str(error)
            except IndexUnusable as error:
                self.index_state = str(error)

    def _follow(self, index: Index, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        assert self.embedder is not None  # noqa: S101
        name = self.embedder.name
        self.embed_waiting(progress)
        version = self.records.version()
        examples = dict(zip(self._example_ids, self._example_vectors, strict=True))
        index.follow(PRINCIPLES, name, self._example_ids, _rows(examples), progress)
        revisions, vectors = self.records.note_vectors(name)
        notes = dict(zip(revisions, vectors, strict=True))
        index.follow(notes_collection(self.records.owner), name, revisions, _rows(notes), progress)
        self._seen_version = version

    def embed_waiting(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """Embeds the notes written while no model (or another one) was there."""
        if self.embedder is None:
            return
        waiting = self.records.notes_to_embed(self.embedder.name)
        for start in range(0, len(waiting), EMBED_AT_ONCE):
            some = waiting[start : start + EMBED_AT_ONCE]
            self.keep_notes(some)
            progress(start + len(some), len(waiting))

    def keep_notes(self, notes: Sequence[Note]) -> None:
        """The records first, with their vectors; the index follows at the next search."""
        for start in range(0, len(notes), EMBED_AT_ONCE):
            some = notes[start : start + EMBED_AT_ONCE]
            vectors = self._embed([note.text for note in some])
            self.records.keep_notes(some, vectors, self.embedder.name if self.embedder else "")

    def rebuild_index(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> int:
        """Empties Chroma and fills it again from the records. Raises IndexBusy or IndexUnusable. Returns the notes in it."""
        if self.settings.chroma_url:
            index = open_index(self.settings.index_folder, self.settings.chroma_url)
            index.drop(PRINCIPLES)
            index.drop(notes_collection(self.records.owner))
        else:
            self.close()
            clear_index(self.settings.index_folder)
            index = open_index(self.settings.index_folder, None)
        self._follow(index, progress)
        self.index, self.index_state = index, "ready"
        return len(self.records.notes())

    def close(self) -> None:
        if self.index:
            self.index.close()
            self.index = None

    def _nearest(
        self, collection: str, vector: Vectors, k: int, among: Sequence[str] | None = None
    ) -> dict[str, float] | None:
        """From Chroma; None while it is not there."""
        if self.index is None or self.embedder is None:
            return None
        try:
            if self._seen_version != self.records.version():
                self._follow(self.index)
            return self.index.nearest(collection, self.embedder.name, vector, k, among)
        except IndexUnusable as error:  # a server that went away: the exact comparison answers from here on
            self.index, self.index_state = None, str(error)
            return None

    # Retrieve

    def principles(self, text: str, k: int) -> tuple[FittingPrinciple, ...]:
        return self._principles(text, self.vector(text), k)

    def _principles(self, text: str, vector: Vectors | None, k: int) -> tuple[FittingPrinciple, ...]:
        near: dict[str, float] = {}
        learned = None
        if vector is not None:
            learned = self._principle_weights.scores(vector)
            found = self._nearest(PRINCIPLES, vector, EXAMPLES_SEEN)
            near = (
                exact_nearest(self._example_ids, self._example_vectors, vector, EXAMPLES_SEEN)
                if found is None
                else found
            )
        return rank_principles(self.library, near, self._example_words.scores(text), learned, k)

    def notes(
        self, text: str, person: Person | None, channel: Channel | None, today: date, k: int
    ) -> tuple[FittingNote, ...]:
        return self._notes(text, self.vector(text), person, channel, today, k)

    def _notes(
        self, text: str, vector: Vectors | None, person: Person | None, channel: Channel | None, today: date, k: int
    ) -> tuple[FittingNote, ...]:
        public = channel is not None and channel.others_read
        who = person.id if person else None
        near: dict[str, float] = {}
        if vector is not None and self.embedder is not None:
            near = self._nearest_notes(vector, who, public)
        return rank_notes(self.records, text, near, person_id=who, public=public, today=today, k=k)

    def _nearest_notes(self, vector: Vectors, who: str | None, public: bool) -> dict[str, float]:
        """One person's notes are few: comparing with each is exact and quicker than any index. All notes: Chroma."""
        assert self.embedder is not None  # noqa: S101
        if who is None and not public:
            found = self._nearest(notes_collection(self.records.owner), vector, NOTES_SEEN)
            if found is not None:
                return found
        revisions, vectors = self.records.note_vectors(self.embedder.name, who, public)
        return exact_nearest(revisions, vectors, vector, NOTES_SEEN)

    # The whole path

    def person(self, name: str) -> Person | None:
        return find_person(self.records.people(), name)

    def write(self, situation: Situation, off: Collection[str] = (), on: Collection[str] = ()) -> Reply:
        """Situation -> draft, with what it rests on. Notes with ids in `off` stay out of it; those `on` go first."""
        started = time.perf_counter()
        person = self.person(situation.to)
        situation = _known(situation, person)
        vector = self.vector(situation.said)
        principles = self._principles(situation.said, vector, PRINCIPLES_SHOWN)
        notes = (
            self._notes(situation.said, vector, person, situation.channel, situation.today, NOTES_SHOWN)
            if person
            else ()
        )
        labels = self._labels(situation.to, situation.text)
        made = draft(situation, _usable(notes, situation, off, on), labels)
        used = [fitting.note for fitting in notes if fitting.note.id in made.notes_used]
        clauses, findings = self.review(made.message, situation, used)
        seconds = time.perf_counter() - started
        return Reply(
            draft=made,
            clauses=clauses,
            findings=findings,
            principles=principles,
            notes=notes,
            person=person,
            seconds=seconds,
        )

    def same_person(self, situation: Situation) -> Situation:
        """The situation with what the notebook knows of the person: other names and pronouns."""
        return _known(situation, self.person(situation.to))

    def review(
        self, message: str, situation: Situation, notes: Sequence[Note]
    ) -> tuple[tuple[Clause, ...], tuple[Finding, ...]]:
        """Where each clause of a message comes from, and what is wrong with it; for the leader's edits as for a draft."""
        names = recipient(situation.to, situation.other_names, situation.pronouns).forms
        clauses = ground(message, situation.said, notes, names, self._read, _day_names(situation))
        return clauses, self.findings(message, clauses, situation, notes)

    def findings(
        self, message: str, clauses: Sequence[Clause], about: Situation, notes: Sequence[Note]
    ) -> tuple[Finding, ...]:
        """What is wrong with a message. Without `clauses` it is not asked where it comes from."""
        private = [note for note in notes if note.private]
        labels = self._labels(about.to, message) if about.channel.others_read else None
        return check(message, clauses, about.kind, about.channel, private, about.happened, about.today, labels)

    def _labels(self, to: str, text: str) -> Labels | None:
        """What each word of a text does that is about or to somebody; None where there is no model."""
        return label_text(load_tuned("labels"), to, text, self._read) if self.embedder and self.embedder.read else None

    def forget(self, person: Person) -> Receipt:
        """Removes the person from the records and the index. Raises IndexBusy when another process has the index."""
        if self.index is None and not self.settings.chroma_url:
            clear_index(self.settings.index_folder)
        receipt = self.records.forget_person(person)
        if self.index is not None or self.settings.chroma_url:
            self.rebuild_index()
        return receipt


def _day_names(situation: Situation) -> frozenset[str]:
    """What the day it happened is called, where the leader gave its date."""
    if situation.happened is None:
        return frozenset()
    ago = (situation.today - situation.happened).days
    near = {0: ("today", "tonight"), 1: ("yesterday",)}.get(ago, ())
    return frozenset({f"{situation.happened:%A}".lower(), f"{situation.happened:%B}".lower(), *near})


def _rows(vectors: dict[str, Vectors]) -> Callable[[Sequence[str]], Vectors]:
    import numpy as np

    return lambda ids: np.stack([vectors[i] for i in ids])


def _usable(
    notes: Iterable[FittingNote], situation: Situation, off: Collection[str], on: Collection[str]
) -> list[Note]:
    """The notes the leader switched on, then those that fit by themselves."""
    chosen = [n for n in notes if n.note.id not in off and (n.note.id in on or _fits_by_itself(n, situation))]
    return [n.note for n in sorted(chosen, key=lambda n: n.note.id not in on)]


def _fits_by_itself(fitting: FittingNote, situation: Situation) -> bool:
    """Good news that others may read, like enough to belong here and not so like and recent that it is the same event."""
    note = fitting.note
    same_event = fitting.score >= SAME_EVENT_ABOVE and (situation.today - note.date).days <= SAME_EVENT_DAYS
    return (
        situation.kind is Kind.RECOGNITION
        and note.kind in ("observation", "strength")
        and not note.private
        and fitting.score >= NOTE_USED_ABOVE
        and not same_event
        and not _UNWELCOME.search(note.text)
    )


def _known(situation: Situation, person: Person | None) -> Situation:
    """The situation with what the notebook knows of the person."""
    if person is None:
        return situation
    pronouns = situation.pronouns or (Pronouns(person.pronouns) if person.pronouns in set(Pronouns) else None)
    # Typed by another name ("Sister Ruth"), that is what the leader calls them; else the notebook spells it right.
    called = situation.to if situation.to in person.aliases else person.name
    return replace(situation, to=called, other_names=(person.name, *person.aliases, situation.to), pronouns=pronouns)


def open_desk(settings: Settings) -> Desk:
    """Raises HomeUnusable where the folder or the database cannot be used. The index opens later, by itself."""
    prepare_home(settings)
    return Desk(settings, open_records(settings.database), read_library())
