"""One leader's open notebook, library and index: the whole flow from situation to message and back into the records."""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from coach.access import endpoint, hides_names
from coach.answered import message_in
from coach.by_endpoint import ByEndpoint, embedder_name
from coach.check import Finding, Known, check, others_read, takes_two
from coach.compose import Material, Prepared, prepare, samples_for
from coach.database import said_plainly
from coach.draft import Draft, draft
from coach.drafting import Drafted, Drafter, Fallback, ask, whole
from coach.embed import SEARCH_NAME, Embed, Embedder, Vectors, Words, built_in_embedder
from coach.embedding_access import chosen_embeddings, embedding_endpoint, notes_may_leave, refused
from coach.encrypt import finish_change
from coach.endpoint import Endpoint
from coach.errors import BadFile, BadRequest, IndexBusy, IndexUnusable, ModelFailed, ModelMissing
from coach.forget import cut_short, end_forgetting, forget_in_backups, forget_in_exports, start_forgetting
from coach.ground import Clause, ground
from coach.index import (
    PRINCIPLES,
    Index,
    clear_index,
    downloaded_embedder,
    exact_nearest,
    notes_collection,
    open_index,
    rows_of,
)
from coach.lineup import IN_LINE, LineUp, line_up, nameless, stand_ins
from coach.log import Event, event, failure, open_log
from coach.orders import blanked
from coach.principles import Library, read_library
from coach.recipient import recipient
from coach.records import (
    REHEARSAL_DAYS,
    Message,
    ModelDraft,
    Note,
    Person,
    Receipt,
    Records,
    find_person,
    new_id,
    open_records,
)
from coach.request import Model
from coach.retrieve import (
    EXAMPLES_SEEN,
    NOTES_SEEN,
    ExampleWords,
    FittingNote,
    FittingPrinciple,
    PrincipleWeights,
    in_the_order_of,
    nothing_fits,
    people_named,
    rank_notes,
    rank_principles,
    words,
)
from coach.settings import Settings, prepare_home
from coach.situation import Channel, Kind, Pronouns, Situation
from coach.tuned import Labels, Reading, knowing, label_mentions, label_text, load_tuned, read_message

PRINCIPLES_SHOWN = 3
NOTES_SHOWN = 5
NOTE_SHOWN_ABOVE = 0.25
"""One less like it is not even offered: from here on 38 % of the development cases' five notes matter, without it 36 %."""
NOTE_USED_ABOVE = 0.4
"""A note less like the situation than this is offered, not used: from here on 64 % of the development cases' notes matter."""
SAME_EVENT_ABOVE, SAME_EVENT_DAYS = 0.75, 7
_UNWELCOME = re.compile(
    r"\b(?:late|forgot\w*|missed|mistake|error|complain\w*|argu\w+|snapped|rude|shout\w*|wrong|fail\w*|again|slow|behind|without telling)\b",
    re.IGNORECASE,
)
"""A note with one of these may be a correction: it goes into praise only when the leader says so."""
EMBED_AT_ONCE = 512
"""Notes embedded and kept in one go: what a kill can undo of an import, two or three seconds of it."""
SEEN_FOR_PUBLIC = 4 * NOTES_SEEN
"""The index does not know which notes are private: for a channel that others read more are fetched, then some left out."""

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
    drafter: Drafter = Drafter()  # noqa: RUF009 - frozen

    @property
    def notes_used(self) -> tuple[Note, ...]:
        return tuple(fitting.note for fitting in self.notes if fitting.note.id in self.draft.notes_used)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was found for a situation: `usable` are the notes a draft may rest on."""

    situation: Situation
    person: Person | None
    principles: tuple[FittingPrinciple, ...]
    notes: tuple[FittingNote, ...]
    usable: tuple[Note, ...]
    labels: Labels | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ByWords:
    """Revisions that share words, best first, and whom the text names."""

    worded: Sequence[str]
    named: Sequence[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to a model, ready to leave, with what its answer will be read against.

    `base` is the built-in draft: what it asks for and leaves out holds for any draft.
    """

    found: _Found
    base: Draft
    prepared: Prepared
    tighter: Callable[[], Prepared]


@dataclass
class Desk:
    settings: Settings
    records: Records
    library: Library
    index: Index | None = None
    index_state: str = "not opened"
    index_progress: tuple[int, int] = (0, 0)
    """How many are indexed, of how many, while the index is being filled."""
    endpoint_state: str = ""
    """Why the embedding endpoint that the leader named gets nothing, in a sentence."""
    _seen_version: int = -1
    _warming: threading.Lock = field(default_factory=threading.Lock)
    _compared: dict[str, tuple[tuple[int, str | None, bool], list[str], Vectors]] = field(default_factory=dict)
    """By embedder, what was last compared with each note."""
    _filled: tuple[str, int] = ("", -1)
    """By which endpoint, and at which version of the notes, the index has the vectors beside the built-in ones."""
    _aside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "beside-the-model"))
    endpoint_wanted: threading.Event = field(default_factory=threading.Event)
    """Set when there may be something to embed by the endpoint: whoever does it behind the page waits for this."""

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
    def example_words(self) -> ExampleWords:
        return ExampleWords(self.library)

    @cached_property
    def _example_vectors(self) -> Vectors:
        assert self.embedder is not None  # noqa: S101 - only asked for where there is one
        return self.library.vectors(self.embedder)

    @cached_property
    def _principle_weights(self) -> PrincipleWeights:
        assert self.embedder is not None  # noqa: S101 - only asked for where there is one
        return PrincipleWeights(self._example_vectors, self.library.learned(self.embedder))

    @cached_property
    def _example_ids(self) -> list[str]:
        return [example.id for example in self.library.examples]

    def vector(self, text: str) -> Vectors | None:
        """[384], or None where there is no model."""
        vectors = self._embed([text])
        return None if vectors is None else vectors[0]

    def embed(self, texts: Sequence[str]) -> Vectors | None:
        """What texts mean, whatever one may search for; [len(texts), 384], or None where there is no model."""
        return self._asked(self.embedder.meaning, texts) if self.embedder else None

    def _embed(self, texts: Sequence[str]) -> Vectors | None:
        """For search."""
        return self._asked(self.embedder.embed, texts) if self.embedder else None

    def _asked(self, embed: Embed, texts: Sequence[str]) -> Vectors | None:
        """A model that turns out damaged is as good as none: search goes on by words."""
        try:
            return embed(texts)
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

    # Another embedding for the search of notes

    @cached_property
    def by_endpoint(self) -> ByEndpoint | None:
        """The endpoint that the leader chose and that may have the notes; None: search goes by the built-in model."""
        try:
            where, choice = embedding_endpoint(self.settings), chosen_embeddings(self.settings)
        except (BadFile, BadRequest) as error:
            self.endpoint_state = str(error)
            return None
        self.endpoint_state = ""
        if where is None:
            return None
        if not notes_may_leave(self.settings, where):
            self.endpoint_state = refused(where) or not_agreed_to(where)
            return None
        return ByEndpoint(self.records, where, embedder_name(where, choice), _embed_there)

    def embeddings_changed(self) -> None:
        """After the Settings page: another endpoint, or none. Nothing more is sent to the one before."""
        before = self.__dict__.pop("by_endpoint", None)
        if before:
            before.stopped = True
        self.endpoint_wanted.set()

    @property
    def search_trouble(self) -> str:
        """Why search does not go by the endpoint that the leader chose, or ""."""
        return self.by_endpoint.trouble if self.by_endpoint else self.endpoint_state

    def embed_by_endpoint(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """Gives every note its vector by the endpoint. Search goes by the built-in model until that, and the index of it, is done."""
        by = self.by_endpoint
        if by and by.catch_up(progress) and self.index:
            self._beside(self.index, by, progress)

    def _beside(self, index: Index, by: ByEndpoint, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """The endpoint's vectors in the index, beside the built-in ones."""
        version = self.records.version()
        if self._filled == (by.name, version):
            return
        name = notes_collection(self.records.owner, by.name)
        try:
            index.drop_beside(self.records.owner, but=by.name)
            index.follow(
                name, by.name, self.records.other_revisions(by.name),
                lambda some: self.records.other_vectors_of(by.name, some), progress,
            )  # fmt: skip
            self._filled = by.name, version
        except IndexUnusable as error:
            self._lost(error)

    def _there(self, text: str) -> Vectors | None:
        """By the endpoint, where every note can be compared with it at once; else the built-in model answers."""
        by = self.by_endpoint
        if by is None or not text.strip() or not by.has_all():
            return None
        if self.index is not None:
            if self._filled[0] != by.name:  # the first filling may take minutes: behind the page
                self.endpoint_wanted.set()
                return None
            self._beside(self.index, by)
        return by.vector(text)

    # The index

    def open_index(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """Opens Chroma and makes it agree with the records and the library. Search works before and during it."""
        with self._warming:
            if self.index is not None or self.embedder is None:
                return
            try:
                self.index, self.index_state = self._opened_index(progress), "ready"
                event(Event.INDEX_READY, rows=self._rows_indexed())
            except ModelMissing as error:
                self.embedder, self.index_state = None, str(error)
            except IndexUnusable as error:
                self.index_state = str(error)
                failure(error)

    def _opened_index(self, progress: Callable[[int, int], None]) -> Index:
        """Agreeing with the records. A folder that breaks only when it is written to is made anew, once."""
        if self.records.database.encrypted and not self.settings.chroma_url:
            raise IndexUnusable(
                "Your notebook is encrypted, so no index of it is kept on disk: every note is compared instead."
            )
        for again in (True, False):
            index = open_index(self.settings.index_folder, self.settings.chroma_url, self._room())
            try:
                self._follow(index, progress)
                if self.by_endpoint is None:
                    index.drop_beside(self.records.owner, but="")
                return index
            except IndexUnusable:
                index.close()
                if self.settings.chroma_url or not again:
                    raise
                clear_index(self.settings.index_folder)
            except BaseException:
                index.close()
                raise
        raise AssertionError("unreachable")

    def _rows_indexed(self) -> int:
        return len(self.library.examples) + self.records.count_notes()

    def _room(self) -> int:
        """How many rows the index may have grown to, the endpoint's beside the built-in ones."""
        by = self.by_endpoint
        others = rows_of(self.records.count_others(by.name), self.records.other_dimension(by.name)) if by else 0
        return self._rows_indexed() + others

    def _follow(self, index: Index, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        assert self.embedder is not None  # noqa: S101
        name = self.embedder.name
        self.embed_waiting(progress)
        version = self.records.version()
        examples = dict(zip(self._example_ids, self._example_vectors, strict=True))
        index.follow(PRINCIPLES, name, self._example_ids, _rows(examples), progress)
        revisions = self.records.revisions(name)
        index.follow(notes_collection(self.records.owner), name, revisions, self.records.vectors_of, progress)
        self._seen_version = version

    def embed_waiting(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """Embeds the notes written while no model (or another one) was there."""
        if self.embedder is None:
            return
        name = self.embedder.name
        done, of = 0, self.records.count_to_embed(name)
        while some := self.records.notes_to_embed(name, EMBED_AT_ONCE):
            vectors = self._embed([note.text for note in some])
            if vectors is None:
                return
            self.records.keep_vectors(some, vectors, name)
            done += len(some)
            progress(done, max(of, done))

    def keep_notes(self, notes: Sequence[Note], progress: Callable[[int, int], None] = _NO_PROGRESS) -> None:
        """The records first, with their vectors; the index follows at the next search. What is reported done is kept."""
        for start in range(0, len(notes), EMBED_AT_ONCE):
            some = notes[start : start + EMBED_AT_ONCE]
            vectors = self._embed([note.text for note in some])
            self.records.keep_notes(some, vectors, self.embedder.name if self.embedder else "")
            event(Event.NOTES_KEPT, notes=len(some))
            self.endpoint_wanted.set()
            progress(start + len(some), len(notes))

    def rebuild_index(self, progress: Callable[[int, int], None] = _NO_PROGRESS) -> int:
        """Empties Chroma and fills it again from the records. Raises IndexBusy or IndexUnusable. Returns the notes in it."""
        if self.settings.chroma_url:
            index = self.index or open_index(self.settings.index_folder, self.settings.chroma_url)
            index.drop(PRINCIPLES)
            index.drop(notes_collection(self.records.owner))
            index.drop_beside(self.records.owner, but="")
            self._filled = "", -1
            self._follow(index, progress)
        else:
            self.close()
            clear_index(self.settings.index_folder)
            index = self._opened_index(progress)
        self.index, self.index_state = index, "ready"
        if self.by_endpoint and self.by_endpoint.has_all():
            self._beside(index, self.by_endpoint, progress)
        return len(self.records.notes())

    def close(self) -> None:
        index, self.index, self._filled = self.index, None, ("", -1)
        if index:
            index.close()

    def _nearest(self, collection: str, embedder: str, vector: Vectors, k: int) -> dict[str, float] | None:
        """From Chroma; None while it is not there."""
        if self.index is None or self.embedder is None:
            return None
        try:
            if self._seen_version != self.records.version():
                self._follow(self.index)
            return self.index.nearest(collection, embedder, vector, k)
        except IndexUnusable as error:
            self._lost(error)
            return None

    def _lost(self, error: IndexUnusable) -> None:
        """A server that went away: the exact comparison answers from here on."""
        self.close()
        self.index_state = str(error)

    # Retrieve

    def principles(self, text: str, k: int) -> tuple[FittingPrinciple, ...]:
        return self._principles(text, self.vector(text), k)

    def _principles(self, text: str, vector: Vectors | None, k: int) -> tuple[FittingPrinciple, ...]:
        near: dict[str, float] = {}
        learned = None
        if vector is not None:
            learned = self._principle_weights.scores(vector)
            found = self._nearest(PRINCIPLES, self.embedder.name if self.embedder else "", vector, EXAMPLES_SEEN)
            near = (
                exact_nearest(self._example_ids, self._example_vectors, vector, EXAMPLES_SEEN)
                if found is None
                else found
            )
        if self.embedder and self.embedder.name == SEARCH_NAME and nothing_fits(near):
            return ()
        return rank_principles(self.library, near, self.example_words.scores(text), learned, k)

    def notes(
        self, text: str, person: Person | None, channel: Channel | None, today: date, k: int
    ) -> tuple[FittingNote, ...]:
        by_words = self._aside.submit(self._by_words, text, person, channel)
        return self._notes(text, self.vector(text), by_words, person, channel, today, k)

    def _by_words(self, text: str, person: Person | None, channel: Channel | None) -> "_ByWords":
        """What needs no meaning: the database looks while the model reads."""
        public = channel is not None and channel.others_read
        return _ByWords(
            worded=self.records.search_words(words(text), person.id if person else None, public, NOTES_SEEN),
            named=() if person else people_named(self.records.people(), text),
        )

    def _notes(
        self, text: str, vector: Vectors | None, by_words: "Future[_ByWords]", person: Person | None,
        channel: Channel | None, today: date, k: int,
    ) -> tuple[FittingNote, ...]:  # fmt: skip
        public = channel is not None and channel.others_read
        who, there = person.id if person else None, self._there(text)
        nothing = vector is None and there is None

        def near(person_id: str | None, exact: bool = False) -> dict[str, float]:
            return {} if nothing else self._near(vector, there, person_id, public, exact)

        def ranked(nearest: dict[str, float]) -> tuple[FittingNote, ...]:
            return rank_notes(
                self.records, nearest | of_named, spoken.worded,
                person_id=who, named={one.id for one in spoken.named}, public=public, today=today, k=k,
            )  # fmt: skip

        nearest, spoken = near(who), by_words.result()
        of_named = {name: like for one in spoken.named for name, like in near(one.id).items()}
        fitting = ranked(nearest)
        if nothing or who is not None or not public or len(fitting) == k:
            return fitting
        return ranked(near(who, exact=True))

    def _near(
        self, vector: Vectors | None, there: Vectors | None, who: str | None, public: bool, exact: bool
    ) -> dict[str, float]:
        """Revision -> likeness on the built-in model's scale; `there`: by the endpoint, which then says the order."""
        built_in = self.embedder.name if self.embedder else ""
        likeness = {} if vector is None or not built_in else self._nearest_notes(vector, who, public, built_in, exact)
        by = self.by_endpoint
        if there is None or by is None:
            return likeness
        return in_the_order_of(self._nearest_notes(there, who, public, by.name, exact), likeness)

    def _nearest_notes(
        self, vector: Vectors, who: str | None, public: bool, embedder: str = SEARCH_NAME, exact: bool = False
    ) -> dict[str, float]:
        """One person's notes are few: comparing with each is exact and quicker than any index. All notes: Chroma."""
        seen = SEEN_FOR_PUBLIC if public else NOTES_SEEN
        found = None if exact or who is not None else self._nearest(self._collection(embedder), embedder, vector, seen)
        return self._compare(embedder, vector, who, public) if found is None else found

    def _collection(self, embedder: str) -> str:
        built_in = self.embedder is not None and embedder == self.embedder.name
        return notes_collection(self.records.owner, "" if built_in else embedder)

    def _compare(self, embedder: str, vector: Vectors, who: str | None, public: bool) -> dict[str, float]:
        """With each note. The vectors last read are kept until a note changes: at 100,000 reading them takes seconds."""
        key, known = (self.records.version(), who, public), self._compared.get(embedder)
        if known is None or known[0] != key:
            built_in = self.embedder is not None and embedder == self.embedder.name
            read = self.records.note_vectors if built_in else self.records.other_vectors
            known = self._compared[embedder] = key, *read(embedder, who, public)
        _, revisions, vectors = known
        return exact_nearest(revisions, vectors, vector, NOTES_SEEN)

    # The whole path

    def person(self, name: str) -> Person | None:
        return find_person(self.records.people(), name)

    def write(self, situation: Situation, off: Collection[str] = (), on: Collection[str] = ()) -> Reply:
        """Situation -> the built-in draft, with what it rests on. Notes in `off` stay out of it; those `on` go first."""
        started = time.perf_counter()
        found = self._find(situation, off, on)
        made = draft(found.situation, found.usable, found.labels)
        return self._explained(found, made, Drafter(seconds=time.perf_counter() - started))

    def known(self) -> tuple[object, ...]:
        """Equal as long as the same situation makes the same reply: notes, people, dismissed faults and the means of search."""
        records = self.records
        return records.version(), records.people(), records.dismissed(), self.index_state, self.embedder is None

    def warm_up(self) -> None:
        """Takes a shipped situation the whole path, so that the leader's first draft need not wait for the models."""
        example = Situation(
            text=self._shipped_situations[0], to="you", kind=Kind.FEEDBACK, channel=Channel.CARD, today=date.today()
        )
        found = self._find(example, (), ())
        made = draft(found.situation, found.usable, found.labels)
        self.review(made.message, found.situation, ())
        self.line_up(made.message, found.situation)

    def _find(self, situation: Situation, off: Collection[str], on: Collection[str]) -> "_Found":
        person = self.person(situation.to)
        situation = _known(situation, person)
        by_words = self._aside.submit(self._by_words, situation.said, person, situation.channel)
        vector = self.vector(situation.said)
        principles = self._principles(situation.said, vector, PRINCIPLES_SHOWN)
        notes = (
            self._notes(situation.said, vector, by_words, person, situation.channel, situation.today, NOTES_SHOWN)
            if person
            else ()
        )
        notes = tuple(fitting for fitting in notes if fitting.score >= NOTE_SHOWN_ABOVE or fitting.note.id in on)
        return _Found(
            situation=situation,
            person=person,
            principles=principles,
            notes=notes,
            usable=tuple(_usable(notes, situation, off, on)),
            labels=self.labels_of(situation.to, situation.text),
        )

    def _explained(self, found: "_Found", made: Draft, drafter: Drafter) -> Reply:
        used = [fitting.note for fitting in found.notes if fitting.note.id in made.notes_used]
        clauses, findings = self.review(made.message, found.situation, used)
        seconds = drafter.seconds
        event(Event.DRAFTED, seconds=seconds, clauses=len(clauses), findings=len(findings), notes=len(used))
        return Reply(
            draft=made,
            clauses=clauses,
            findings=findings,
            principles=found.principles,
            notes=found.notes,
            person=found.person,
            seconds=drafter.seconds,
            drafter=drafter,
        )

    # With a model

    @cached_property
    def endpoint(self) -> Endpoint | None:
        """The model that the leader set up. Raises BadFile where the settings file cannot be read."""
        return endpoint(self.settings)

    def model_changed(self) -> None:
        """After the Settings page: the endpoint is read again when it is next asked for."""
        self.__dict__.pop("endpoint", None)

    def prepare(
        self,
        situation: Situation,
        off: Collection[str] = (),
        on: Collection[str] = (),
        hide_names: bool | None = None,
        where: Endpoint | None = None,
    ) -> "Asked":
        """What would be sent, to the byte; nothing leaves yet. `hide_names` None: as set up. Raises TooLong."""
        where = where or self.endpoint
        assert where is not None  # noqa: S101 - only asked for where there is one
        found = self._find(situation, off, on)
        base = draft(found.situation, found.usable, found.labels)
        material = Material(
            situation=found.situation,
            notes=found.usable,
            principles=tuple(fitting.principle for fitting in found.principles),
            samples=samples_for(found.situation, self.sent(), found.person.id if found.person else None),
        )
        people = [name for person in self.records.people() for name in (person.name, *person.aliases)]
        hide = hides_names(self.settings, where) if hide_names is None else hide_names

        def put_together(tight: bool) -> Prepared:
            return prepare(material, people, base.left_out, where, hide, tight)

        return Asked(found=found, base=base, prepared=put_together(False), tighter=lambda: put_together(True))

    def sent(self) -> tuple[Message, ...]:
        """What the leader sent, the sample team's apart, the newest first."""
        real = [message for message in self.records.messages() if not message.sample]
        return tuple(sorted(real, key=lambda message: message.sent_at, reverse=True))

    def answered(self, asked: "Asked", drafted: Drafted) -> Reply:
        """A model's answer as a draft, traced and checked like any other. Raises Refused or BadAnswer."""
        message = message_in(drafted.text, asked.found.situation)
        used = tuple(note.id for note in drafted.prepared.material.notes)
        made = replace(asked.base, message=message, variants=(), notes_used=used)
        self._keep_how(drafted, asked.found.person)
        return self._explained(asked.found, made, drafted.drafter)

    def _keep_how(self, drafted: Drafted, person: Person | None) -> None:
        """Which prompt, model, parameters and passages made it stays known, whether it is sent or not."""
        self.records.keep_draft(
            ModelDraft(
                id=new_id(),
                person_id=person.id if person else None,
                person=person.name if person else "",
                at=drafted.at,
                made=asdict(drafted.drafter),
            )
        )

    def rewritten(
        self, situation: Situation, off: Collection[str], on: Collection[str], message: str, drafter: Drafter
    ) -> Reply:
        """A model's draft from before, explained as it stands, without asking again."""
        found = self._find(situation, off, on)
        used = tuple(note.id for note in found.usable if note.id in drafter.retrieved)
        made = replace(
            draft(found.situation, found.usable, found.labels), message=message, variants=(), notes_used=used
        )
        return self._explained(found, made, drafter)

    def write_with(
        self, model: Model, where: Endpoint, situation: Situation, off: Collection[str] = (), on: Collection[str] = ()
    ) -> Reply:
        """The model's draft; where it fails the built-in one, which says so."""
        try:
            asked = self.prepare(situation, off, on, where=where)
            return self.answered(asked, whole(ask(model, asked.prepared, asked.tighter)))
        except ModelFailed as error:
            return self.fallen_back(self.write(situation, off, on), error)

    def fallen_back(self, built_in: Reply, error: ModelFailed) -> Reply:
        fallback = Fallback(code=error.code, message=str(error))
        return replace(built_in, drafter=replace(built_in.drafter, fallback=fallback))

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
        reading = self._reading(message, about, [note.text for note in private])
        return check(message, about, clauses, private, reading, self._known(about))

    def _reading(self, message: str, about: Situation, private: Sequence[str]) -> Reading | None:
        if not (self.embedder and self.embedder.read):
            return None
        found = read_message(load_tuned("checks"), message, self._read)
        if found is None or not takes_two(found, about):
            return found
        told = label_text(load_tuned("labels"), about.to, message, self._read)
        if not others_read(about):
            return replace(found, of_situations=told)
        known = knowing(about.to, private)
        return replace(
            found, of_situations=told, of_private=label_text(load_tuned("private"), known, message, self._read)
        )

    def _known(self, about: Situation) -> Known:
        person = self.person(about.to)
        return Known(prefers=person.prefers if person else "", dismissed=self.records.dismissed())

    def labels_of(self, to: str, text: str) -> Labels | None:
        """What each word of a text does that is about or to somebody; None where there is no model.

        Whom a "she" means is another reader's word: it was tuned from the first layer up, and takes all of them to know.
        """
        if not (self.embedder and self.embedder.read):
            return None
        text = blanked(text, recipient(to, (), None).forms)
        told = label_text(load_tuned("labels"), to, text, self._read)
        whom = label_mentions(load_tuned("mentions"), to, text, self._read)
        unsaid = label_text(load_tuned("kept-out"), to, text, self._read)
        return told.instead("recipient", whom).beside(unsaid) if told and whom and unsaid else None

    def line_up(self, message: str, about: Situation) -> LineUp | None:
        """How many of twelve situations a message could be about; None without the language model."""
        names = [one.name for one in self.records.people()] + [about.to, *about.other_names]
        mine = [one.situation for one in self.records.messages()[:IN_LINE]]
        others = stand_ins(about.said, mine, self._shipped_situations)
        vectors = self.embed([nameless(text, names) for text in (message, about.said, *others)])
        return None if vectors is None else line_up(vectors[0], vectors[1], vectors[2:])

    @cached_property
    def _shipped_situations(self) -> tuple[str, ...]:
        return tuple(principle.situations[0] for principle in self.library.principles)

    def forget(self, person: Person) -> Receipt:
        """Removes the person from the records, the index, the backups and the exports in this home.

        Raises IndexBusy, before anything is removed, when another process has the index.
        """
        home = self.settings.home
        if self.index is None and not self.settings.chroma_url:
            clear_index(self.settings.index_folder)
        with said_plainly(self.records.database.place):
            start_forgetting(home, person.id)
            exports = forget_in_exports(self.records, person)
            backups = forget_in_backups(self.records, person.id)
        receipt = replace(self.records.forget_person(person), backups=backups, exports=exports)
        if self.index is not None or self.settings.chroma_url:
            self.rebuild_index()
        end_forgetting(home)
        event(Event.FORGOTTEN, person.id, notes=receipt.notes, messages=receipt.messages, backups=backups)
        return receipt

    def finish_forgetting(self) -> None:
        """Ends what a kill left half done."""
        person_id = cut_short(self.settings.home)
        if person_id is None:
            return
        person = next((one for one in self.records.people() if one.id == person_id), None)
        if person:
            self.forget(person)
            return
        if not self.settings.chroma_url:
            clear_index(self.settings.index_folder)
        self.records.database.compact()
        end_forgetting(self.settings.home)


def not_agreed_to(where: Endpoint) -> str:
    return f"{where.host} gets no note before you agree on the Settings page."


def _embed_there(where: Endpoint, texts: Sequence[str], seconds: float) -> Vectors:
    from coach.model import embed_texts  # here: its library takes half a second to load

    return embed_texts(where, texts, seconds)


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
    open_log(settings.home)
    url = settings.database_url.get_secret_value() if settings.database_url else None
    keys = () if url else finish_change(settings)
    desk = Desk(settings, open_records(settings.database, url=url, keys=keys), read_library())
    try:
        desk.finish_forgetting()
    except IndexBusy:  # the window that has the index open finishes it, or the next start
        pass
    desk.records.expire_rehearsals(datetime.now(UTC) - timedelta(days=REHEARSAL_DAYS))
    return desk
