"""The truth: people, notes, messages and the text being written, in SQLite or PostgreSQL.

Everything else (Chroma's index, the full-text index) can be rebuilt from here. Each row carries its owner.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text

from coach.database import Database, Place, open_database
from coach.errors import BadRequest, SeveralPeople, UnknownPerson

HEAD = "0010"
"""The newest migration; a test compares it with the folder. Known here so that Alembic loads only when needed."""
OWNER = "me"
ROWS_AT_ONCE = 500
REHEARSAL_DAYS = 30
"""How long a rehearsal stays that the leader did not say to keep."""
MATCHES_SCORED, WORDS_ASKED = 1_000, 200

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    name: str
    role: str = ""
    pronouns: str = ""
    start_date: date | None = None
    birthday: str = ""
    prefers: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""
    slack: str = ""
    """A member id (U0…), or the mail address known to Slack."""
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`revision` changes with every edit and is all that the vector index knows of a note."""

    id: str
    person_id: str
    person: str
    date: date
    kind: str
    private: bool
    text: str
    sample: bool = False
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that was sent: what it grew from, what was drafted, and what the leader made of it."""

    id: str
    person_id: str
    person: str
    situation: str
    kind: str
    channel: str
    drafted: str
    text: str
    happened: date | None
    sent_at: datetime
    sources: Mapping[str, Any]
    sample: bool = False


class PromisedBy(StrEnum):
    LEADER = "leader"
    OTHER = "other"


class PromiseState(StrEnum):
    """`moved` is still to be kept, on another day; `declined` was offered and is none, and is not offered again."""

    OPEN = "open"
    MOVED = "moved"
    DONE = "done"
    DROPPED = "dropped"
    DECLINED = "declined"


class Source(StrEnum):
    """Where something was found; its id is that of the note, message or rehearsal."""

    NOTE = "note"
    MESSAGE = "message"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised between the leader and a person on the day `made`. `due` None: no day was named.

    `why` is the leader's word when it was done, moved or dropped, on the day `settled`.
    """

    id: str
    person_id: str
    person: str
    promised_by: PromisedBy = PromisedBy.LEADER
    what: str
    due: date | None
    made: date
    state: PromiseState = PromiseState.OPEN
    why: str = ""
    settled: date | None = None
    source: Source = Source.NOTE
    source_id: str = ""
    sample: bool = False

    @property
    def to_keep(self) -> bool:
        return self.state in (PromiseState.OPEN, PromiseState.MOVED)

    def overdue(self, today: date) -> bool:
        return self.to_keep and self.due is not None and self.due < today


class DeliveryState(StrEnum):
    """`offered`: shown for confirmation. `unknown`: it left and no answer came. From `waiting` on it is a person's click."""

    OFFERED = "offered"
    WAITING = "waiting"
    UNDONE = "undone"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to send a message. `token` is good for one click; `digest` is that of the very bytes shown beside it."""

    token: str
    message_id: str
    via: str
    digest: str
    state: DeliveryState
    detail: str
    changed: datetime


class MomentState(StrEnum):
    WAITING = "waiting"
    TOLD = "told"
    LET_GO = "let-go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A note of something that the person has not been told yet. `kind` is recognition or feedback."""

    note: Note
    kind: str
    captured: date
    state: MomentState = MomentState.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A talk that was practised. `person_id` None: with nobody in the notebook; `kept`: it does not expire.

    `state` is the whole talk, `learnt` the figures of its debrief ({} before there is one), both as JSON values.
    """

    id: str
    person_id: str | None
    person: str
    about: str
    begun: datetime
    kept: bool
    state: Mapping[str, Any]
    learnt: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A finding of the checker that the leader judged to be none, and why."""

    id: str
    person_id: str
    person: str
    code: str
    words: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDraft:
    """What made a draft by a model, sent or not, and nothing of its text.

    `person`: "" where nobody of that name is in the notebook. `made`: a `drafting.Drafter` as plain values.
    """

    id: str
    person_id: str | None
    person: str
    at: datetime
    made: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What forgetting a person removed and from where, and how many notes about others still contain the name."""

    person: str
    notes: int
    messages: int
    mentions_left: int
    backups: int = 0
    exports: int = 0
    promises: int = 0
    rehearsals: int = 0


def gone(receipt: Receipt) -> str:
    """ "12 notes and 3 messages are gone, from 2 backups and 1 export too"."""
    first = f"{_some(receipt.notes, 'note')} and {_some(receipt.messages, 'message')} are gone, with what search knew of them"
    more = [_some(n, what) for n, what in ((receipt.backups, "backup"), (receipt.exports, "export")) if n]
    return first + (f"; {' and '.join(more)} no longer hold them" if more else "")


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def new_id() -> str:
    return uuid.uuid4().hex


def open_records(path: Path, owner: str = OWNER, url: str | None = None, keys: Sequence[bytes] = ()) -> "Records":
    """Opens (and where needed creates or upgrades) the file, or the PostgreSQL database at `url`.

    Raises HomeUnusable or a leaf of it.
    """
    return Records(open_database(Place(path=path, url=url, keys=tuple(keys)), HEAD), owner)


def _person(row: Row[Any]) -> Person:
    values = row._asdict()
    started = values["start_date"]
    return Person(
        **{key: values[key] for key in ("id", "name", "role", "pronouns", "birthday", "prefers", "email", "slack")},
        start_date=date.fromisoformat(started) if started else None,
        aliases=tuple(json.loads(values["aliases"])),
        sample=bool(values["sample"]),
    )


def _note(row: Row[Any]) -> Note:
    values = row._asdict()
    return Note(
        **{key: values[key] for key in ("id", "person_id", "person", "kind", "text", "revision")},
        date=date.fromisoformat(values["date"]),
        private=bool(values["private"]),
        sample=bool(values["sample"]),
    )


def _message(row: Row[Any]) -> Message:
    values = row._asdict()
    happened = values["happened"]
    return Message(
        **{
            key: values[key] for key in ("id", "person_id", "person", "situation", "kind", "channel", "drafted", "text")
        },
        happened=date.fromisoformat(happened) if happened else None,
        sent_at=datetime.fromisoformat(values["sent_at"]),
        sources=json.loads(values["sources"]),
        sample=bool(values["sample"]),
    )


def _promise(row: Row[Any]) -> Promise:
    values = row._asdict()
    due, settled = values["due"], values["settled"]
    return Promise(
        **{key: values[key] for key in ("id", "person_id", "person", "what", "why", "source_id")},
        promised_by=PromisedBy(values["promised_by"]),
        due=date.fromisoformat(due) if due else None,
        made=date.fromisoformat(values["made"]),
        state=PromiseState(values["state"]),
        settled=date.fromisoformat(settled) if settled else None,
        source=Source(values["source"]),
        sample=bool(values["sample"]),
    )


def _delivery(row: Row[Any]) -> Delivery:
    values = row._asdict()
    return Delivery(
        **{key: values[key] for key in ("token", "message_id", "via", "digest", "detail")},
        state=DeliveryState(values["state"]),
        changed=datetime.fromtimestamp(values["changed"]).astimezone(),
    )


def _draft(row: Row[Any]) -> ModelDraft:
    values = row._asdict()
    return ModelDraft(
        **{key: values[key] for key in ("id", "person_id", "person")},
        at=datetime.fromisoformat(values["at"]),
        made=json.loads(values["made"]),
    )


def _rehearsal(row: Row[Any]) -> Rehearsal:
    values = row._asdict()
    return Rehearsal(
        **{key: values[key] for key in ("id", "person_id", "person", "about")},
        begun=datetime.fromisoformat(values["begun"]),
        kept=bool(values["kept"]),
        state=json.loads(values["state"]),
        learnt=json.loads(values["learnt"]),
    )


_NOTE = "n.id, n.person_id, p.name AS person, n.date, n.kind, n.private, n.text, n.sample, n.revision"
"""All of a note but its vector, which is four times as long as the rest."""
_NOTES = f"SELECT {_NOTE} FROM notes n JOIN people p ON p.id = n.person_id WHERE n.owner = :owner"
_OF_REVISIONS = _NOTES.replace("n.owner =", "n.owner || '' =")
"""Not by the index on owners, which SQLite prefers to the one on revisions and which holds every note there is."""
_FIT = "(n.private = 0 OR NOT :public)"
_OTHER = (
    "FROM other_vectors v JOIN notes n ON n.owner = v.owner AND n.id = v.note_id "
    "WHERE v.owner = :owner AND v.embedder = :embedder"
)
_WITHOUT = (
    "NOT EXISTS (SELECT 1 FROM other_vectors v WHERE v.owner = n.owner AND v.embedder = :embedder AND v.note_id = n.id)"
)
# A changed note keeps no vector of its earlier text.
_NO_OTHER_VECTOR = text("DELETE FROM other_vectors WHERE owner = :owner AND note_id = :id")
_WORDS = "notes_fts f JOIN notes n ON n.row = f.rowid", "notes_fts MATCH :q", "bm25(notes_fts)"
_WORDS_IN_ALL = (
    "(SELECT rowid AS row, rank AS worth FROM notes_fts WHERE notes_fts MATCH :q ORDER BY rank LIMIT :k) f JOIN notes n USING (row)",
    "true",
    "f.worth",
)
"""Of all notes: the best are chosen before any row is read. A thousand rows read only to be ordered took up to 17 ms of 100,000."""
_WORDS_ON_SERVER = (
    "notes n, websearch_to_tsquery('english', :q) AS q",
    "to_tsvector('english', n.text) @@ q",
    "ts_rank(to_tsvector('english', n.text), q) DESC",
)


def _quoted(word: str) -> str:
    """A word as FTS5 takes it, whatever it is."""
    return '"' + word.replace('"', "") + '"'


class Records:
    """One owner's rows. Every method is one transaction; an error leaves everything as it was."""

    def __init__(self, database: Database, owner: str) -> None:
        self.database, self.path, self.owner = database, database.place.path, owner
        self._held: tuple[int, dict[str, int]] = (-1, {})
        """At which version of the notes, how many of them hold each word that was looked for."""

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self.database.writing() as connection:
            yield connection

    def _rows(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        begin = self.database.reading if statement.startswith("SELECT") else self.database.writing
        with begin() as connection:
            return connection.execute(text(statement), {"owner": self.owner, **values}).all()

    def _write(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        with self._begin() as connection:
            connection.execute(text(statement), [{"owner": self.owner, **row} for row in rows])

    def close(self) -> None:
        self.database.close()

    def version(self) -> int:
        """Changes whenever any process has changed a note: what the index compares itself with."""
        return int(self._rows("SELECT total FROM edits")[0].total)

    # People

    def people(self) -> tuple[Person, ...]:
        return tuple(map(_person, self._rows("SELECT * FROM people WHERE owner = :owner ORDER BY lower(name)")))

    def person(self, person_id: str) -> Person:
        rows = self._rows("SELECT * FROM people WHERE owner = :owner AND id = :id", id=person_id)
        if not rows:
            raise UnknownPerson("That person is no longer in the notebook.")
        return _person(rows[0])

    def keep_person(self, person: Person) -> None:
        """Adds the person, or replaces the one with the same id."""
        columns = "id name role pronouns start_date birthday prefers aliases email slack sample".split()
        row = asdict(person) | {
            "start_date": person.start_date.isoformat() if person.start_date else None,
            "aliases": json.dumps(person.aliases, ensure_ascii=False),
            "folded": person.name.casefold(),
        }
        changes = ", ".join(f"{c} = excluded.{c}" for c in [*columns[1:], "folded"])
        names, slots = ", ".join([*columns, "folded"]), ", ".join(f":{c}" for c in [*columns, "folded"])
        self._write(
            f"INSERT INTO people (owner, {names}) VALUES (:owner, {slots}) "
            f"ON CONFLICT (id) DO UPDATE SET {changes} WHERE people.owner = excluded.owner",
            [row],
        )

    def forget_person(self, person: Person) -> Receipt:
        """Removes the person with everything written about them, and rewrites the file so that no page keeps it."""
        with self._begin() as connection:
            values = {"owner": self.owner, "id": person.id}
            counts = [
                connection.execute(
                    text(f"SELECT count(*) FROM {table} WHERE owner = :owner AND person_id = :id"), values
                ).scalar_one()
                for table in ("notes", "messages", "promises")
            ]
            connection.execute(
                text(
                    "DELETE FROM deliveries WHERE owner = :owner AND message_id IN "
                    "(SELECT id FROM messages WHERE owner = :owner AND person_id = :id)"
                ),
                values,
            )
            names = {"n0": person.name.casefold()} | {f"a{i}": a.casefold() for i, a in enumerate(person.aliases)}
            practised = connection.execute(
                text(
                    "DELETE FROM rehearsals WHERE owner = :owner AND (person_id = :id "
                    f"OR folded IN ({', '.join(f':{n}' for n in names)}))"
                ),
                values | names,
            ).rowcount
            connection.execute(text("DELETE FROM people WHERE owner = :owner AND id = :id"), values)
            connection.execute(text("DELETE FROM writings WHERE owner = :owner"), values)
            if not self.database.on_server:
                connection.execute(text("INSERT INTO notes_fts (notes_fts) VALUES ('rebuild')"))
        self.database.compact()
        left = sum(person.name.casefold() in note.text.casefold() for note in self.notes())
        return Receipt(
            person=person.name,
            notes=counts[0],
            messages=counts[1],
            promises=counts[2],
            rehearsals=practised,
            mentions_left=left,
        )

    # Notes

    def notes(self, person_id: str | None = None, public: bool = False) -> tuple[Note, ...]:
        """Newest first; without private ones when `public`."""
        who = " AND n.person_id = :person" if person_id else ""
        rows = self._rows(f"{_NOTES}{who} AND {_FIT} ORDER BY n.date DESC, n.row DESC", person=person_id, public=public)
        return tuple(map(_note, rows))

    def count_notes(self) -> int:
        return int(self._rows("SELECT count(*) AS n FROM notes WHERE owner = :owner")[0].n)

    def notes_by_id(self, ids: Sequence[str]) -> tuple[Note, ...]:
        """Those of them that still exist."""
        names = {f"i{at}": one for at, one in enumerate(ids)}
        rows = self._rows(f"{_NOTES} AND n.id IN ({', '.join(f':{n}' for n in names)})", **names) if names else ()
        return tuple(map(_note, rows))

    def notes_by_revision(self, revisions: Sequence[str], public: bool = False) -> dict[str, Note]:
        """The notes that still exist, are this owner's, and may be read there: every hit of an index passes here."""
        found: dict[str, Note] = {}
        for start in range(0, len(revisions), ROWS_AT_ONCE):
            names = {f"r{i}": r for i, r in enumerate(revisions[start : start + ROWS_AT_ONCE])}
            rows = self._rows(
                f"{_OF_REVISIONS} AND {_FIT} AND n.revision IN ({', '.join(f':{n}' for n in names)})",
                public=public,
                **names,
            )
            found |= {row.revision: _note(row) for row in rows}
        return found

    def keep_notes(self, notes: Sequence[Note], vectors: Vectors | None, embedder: str) -> None:
        """Adds notes or replaces those with the same ids, each with its vector [len(notes), 384] in one transaction."""
        columns = "id person_id date kind private text sample revision vector embedder".split()
        rows = [
            {
                **{c: getattr(note, c) for c in ("id", "person_id", "kind", "private", "text", "sample")},
                "date": note.date.isoformat(),
                "revision": new_id(),
                "vector": None if vectors is None else vectors[at].astype(np.float32).tobytes(),
                "embedder": "" if vectors is None else embedder,
            }
            for at, note in enumerate(notes)
        ]
        if not rows:
            return
        changes = ", ".join(f"{c} = excluded.{c}" for c in columns[1:])
        kept = text(
            f"INSERT INTO notes (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)}) "
            f"ON CONFLICT (owner, id) DO UPDATE SET {changes}"
        )
        with self._begin() as connection:
            connection.execute(kept, [{"owner": self.owner, **row} for row in rows])
            connection.execute(_NO_OTHER_VECTOR, [{"owner": self.owner, "id": row["id"]} for row in rows])

    def delete_note(self, note_id: str) -> None:
        self._write("DELETE FROM notes WHERE owner = :owner AND id = :id", [{"id": note_id}])

    def note_vectors(
        self, embedder: str, person_id: str | None = None, public: bool = False
    ) -> tuple[list[str], Vectors]:
        """Revisions and their vectors [n, 384] by this embedder."""
        who = " AND n.person_id = :person" if person_id else ""
        rows = self._rows(
            f"SELECT n.revision, n.vector FROM notes n WHERE n.owner = :owner AND n.embedder = :embedder AND {_FIT}{who}",
            embedder=embedder,
            person=person_id,
            public=public,
        )
        flat = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32)
        return [row.revision for row in rows], flat.reshape(len(rows), -1) if rows else np.empty((0, 384), np.float32)

    def revisions(self, embedder: str) -> list[str]:
        """Of every note with a vector by this embedder."""
        rows = self._rows(
            "SELECT n.revision FROM notes n WHERE n.owner = :owner AND n.embedder = :embedder", embedder=embedder
        )
        return [row.revision for row in rows]

    def vectors_of(self, revisions: Sequence[str]) -> Vectors:
        """[len(revisions), dimension], in their order; a note that is gone meanwhile has zeros."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(revisions), ROWS_AT_ONCE):
            names = {f"r{i}": r for i, r in enumerate(revisions[start : start + ROWS_AT_ONCE])}
            rows = self._rows(
                "SELECT n.revision, n.vector FROM notes n WHERE n.owner || '' = :owner AND n.vector IS NOT NULL "
                f"AND n.revision IN ({', '.join(f':{n}' for n in names)})",
                **names,
            )
            found |= {row.revision: np.frombuffer(row.vector, dtype=np.float32) for row in rows}
        width = max((len(vector) for vector in found.values()), default=384)
        return np.stack([found.get(revision, np.zeros(width, np.float32)) for revision in revisions])

    def count_to_embed(self, embedder: str) -> int:
        rows = self._rows("SELECT count(*) AS n FROM notes n WHERE n.owner = :owner AND n.embedder <> :embedder",
                          embedder=embedder)  # fmt: skip
        return int(rows[0].n)

    def notes_to_embed(self, embedder: str, k: int) -> tuple[Note, ...]:
        """Some of the notes, at most `k`, that have no vector by this embedder."""
        rows = self._rows(f"{_NOTES} AND n.embedder <> :embedder LIMIT :k", embedder=embedder, k=k)
        return tuple(map(_note, rows))

    def keep_vectors(self, notes: Sequence[Note], vectors: Vectors, embedder: str) -> None:
        """New vectors of notes that are there; one changed or deleted meanwhile is left as it is."""
        self._write(
            "UPDATE notes SET vector = :vector, embedder = :embedder WHERE owner = :owner AND revision = :revision",
            [
                {"revision": note.revision, "vector": vector.astype(np.float32).tobytes(), "embedder": embedder}
                for note, vector in zip(notes, vectors, strict=True)
            ],
        )

    # Vectors by an endpoint that the leader chose, beside the built-in ones

    def other_vectors(
        self, embedder: str, person_id: str | None = None, public: bool = False
    ) -> tuple[list[str], Vectors]:
        """Revisions and their vectors [n, dimension] by this embedder."""
        who = " AND n.person_id = :person" if person_id else ""
        rows = self._rows(
            f"SELECT n.revision, v.vector {_OTHER} AND {_FIT}{who}", embedder=embedder, person=person_id, public=public
        )
        flat = np.frombuffer(b"".join(row.vector for row in rows), dtype=np.float32)
        return [row.revision for row in rows], flat.reshape(len(rows), -1) if rows else np.empty((0, 0), np.float32)

    def other_revisions(self, embedder: str, k: int = -1) -> list[str]:
        """Of the notes with a vector by this embedder; of `k` of them, where `k` is not -1."""
        limit = "" if k < 0 else f" LIMIT {k:d}"
        return [row.revision for row in self._rows(f"SELECT n.revision {_OTHER}{limit}", embedder=embedder)]

    def other_vectors_of(self, embedder: str, revisions: Sequence[str]) -> Vectors:
        """[len(revisions), dimension], in their order; a note that is gone meanwhile has zeros."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(revisions), ROWS_AT_ONCE):
            names = {f"r{i}": r for i, r in enumerate(revisions[start : start + ROWS_AT_ONCE])}
            rows = self._rows(
                "SELECT n.revision, v.vector FROM notes n JOIN other_vectors v ON v.owner = n.owner AND v.note_id = n.id "
                "WHERE n.owner || '' = :owner AND v.embedder = :embedder "
                f"AND n.revision IN ({', '.join(f':{n}' for n in names)})",
                embedder=embedder,
                **names,
            )
            found |= {row.revision: np.frombuffer(row.vector, dtype=np.float32) for row in rows}
        width = self.other_dimension(embedder)
        return np.stack([found.get(revision, np.zeros(width, np.float32)) for revision in revisions])

    def other_dimension(self, embedder: str) -> int:
        """Numbers in each vector by this embedder; 0 while there is none."""
        rows = self._rows(f"SELECT length(v.vector) AS n {_OTHER} LIMIT 1", embedder=embedder)
        return int(rows[0].n) // 4 if rows else 0

    def count_others(self, embedder: str) -> int:
        return int(self._rows(f"SELECT count(*) AS n {_OTHER}", embedder=embedder)[0].n)

    def notes_without(self, embedder: str, k: int) -> tuple[Note, ...]:
        """Some of the notes, at most `k`, that have no vector by this endpoint."""
        return tuple(map(_note, self._rows(f"{_NOTES} AND {_WITHOUT} LIMIT :k", embedder=embedder, k=k)))

    def keep_others(self, notes: Sequence[Note], vectors: Vectors, embedder: str) -> None:
        """Vectors of notes that are there; one changed or deleted meanwhile gets none."""
        self._write(
            "INSERT INTO other_vectors (owner, note_id, embedder, vector) "
            "SELECT n.owner, n.id, :embedder, :vector FROM notes n WHERE n.owner = :owner AND n.revision = :revision "
            "ON CONFLICT (owner, embedder, note_id) DO UPDATE SET vector = excluded.vector",
            [
                {"revision": note.revision, "vector": vector.astype(np.float32).tobytes(), "embedder": embedder}
                for note, vector in zip(notes, vectors, strict=True)
            ],
        )

    def drop_others(self, but: str) -> None:
        """Every such vector that is not by this embedder."""
        self._write("DELETE FROM other_vectors WHERE owner = :owner AND embedder <> :embedder", [{"embedder": but}])

    def search_words(self, words: Sequence[str], person_id: str | None, public: bool, k: int) -> list[str]:
        """Revisions of the notes that share words, best first (SQLite FTS5 by BM25, or PostgreSQL's own text search)."""
        on_server = self.database.on_server
        telling = words if on_server else self._rare(words)
        if not telling:
            return []
        who = " AND n.person_id = :person" if person_id else ""
        some = person_id is not None or public
        tables, fits, order = _WORDS_ON_SERVER if on_server else _WORDS if some else _WORDS_IN_ALL
        rows = self._rows(
            f"SELECT n.revision FROM {tables} WHERE {fits} AND n.owner = :owner AND {_FIT}{who} ORDER BY {order} LIMIT :k",
            q=" OR ".join(map(_quoted, telling)),
            person=person_id,
            public=public,
            k=k,
        )
        return [row.revision for row in rows]

    # What the leader has the checker leave alone

    def dismissals(self) -> tuple[Dismissal, ...]:
        """Newest first."""
        rows = self._rows(
            "SELECT d.id, d.person_id, d.code, d.words, d.reason, d.at, p.name AS person FROM dismissals d "
            "JOIN people p ON p.id = d.person_id WHERE d.owner = :owner ORDER BY d.at DESC, d.id"
        )
        return tuple(Dismissal(**row._asdict() | {"at": datetime.fromisoformat(row.at)}) for row in rows)

    def dismissed(self) -> tuple[tuple[str, int], ...]:
        """How often each code was dismissed with a reason."""
        rows = self._rows("SELECT code, count(*) AS times FROM dismissals WHERE owner = :owner GROUP BY code")
        return tuple((row.code, row.times) for row in rows)

    def dismiss(self, dismissal: Dismissal) -> None:
        """Keeps it; the same id again changes nothing. Raises BadRequest without a reason."""
        if not dismissal.reason.strip():
            raise BadRequest("Say in a few words why this is fine: Coach learns from the reason.")
        row = {c: getattr(dismissal, c) for c in ("id", "person_id", "code", "words", "reason")}
        self._write(
            "INSERT INTO dismissals (owner, id, person_id, code, words, reason, at) "
            "VALUES (:owner, :id, :person_id, :code, :words, :reason, :at) ON CONFLICT (owner, id) DO NOTHING",
            [row | {"at": dismissal.at.isoformat()}],
        )

    def _rare(self, words: Sequence[str]) -> list[str]:
        """The rarest words, as many as few enough notes hold: FTS5 scores every note that holds one (4 µs each)."""
        if not words:
            return []
        distinct = list(dict.fromkeys(words))[:WORDS_ASKED]
        held = self._counted(distinct)
        rarest = sorted((word for word in held if held[word]), key=lambda word: held[word])
        sums = accumulate(held[word] for word in rarest)
        return [word for word, matches in zip(rarest, sums, strict=True) if matches <= MATCHES_SCORED]

    def _counted(self, words: Sequence[str]) -> dict[str, int]:
        """Word -> how many notes hold it. Each is counted once until a note changes: a situation is searched for while it
        is typed, and most of its words stay."""
        version, known = self._held
        if (now := self.version()) != version:
            known = {}
        new = [word for word in words if word not in known]
        counts = " UNION ALL ".join(
            f"SELECT {at} AS place, count(*) AS notes FROM notes_fts WHERE notes_fts MATCH :w{at}"
            for at in range(len(new))
        )
        rows = self._rows(counts, **{f"w{at}": _quoted(word) for at, word in enumerate(new)}) if new else ()
        counted = known | {new[row.place]: row.notes for row in rows}
        self._held = now, counted
        return {word: counted[word] for word in words}

    # Messages

    def messages(self, person_id: str | None = None) -> tuple[Message, ...]:
        who = " AND m.person_id = :person" if person_id else ""
        rows = self._rows(
            "SELECT m.*, p.name AS person FROM messages m JOIN people p ON p.id = m.person_id "
            f"WHERE m.owner = :owner{who} ORDER BY m.sent_at DESC, m.rowid DESC",
            person=person_id,
        )
        return tuple(map(_message, rows))

    def keep_message(self, message: Message) -> None:
        """Adds the message; the same id again changes nothing, so that a double click sends once."""
        columns = "id person_id situation kind channel drafted text happened sent_at sources sample".split()
        row = {c: getattr(message, c) for c in columns} | {
            "happened": message.happened.isoformat() if message.happened else None,
            "sent_at": message.sent_at.isoformat(),
            "sources": json.dumps(message.sources, ensure_ascii=False),
        }
        self._write(
            f"INSERT INTO messages (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)}) "
            "ON CONFLICT (id) DO NOTHING",
            [row],
        )

    # What models drafted

    def drafts(self) -> tuple[ModelDraft, ...]:
        """Newest first."""
        rows = self._rows(
            "SELECT d.id, d.person_id, COALESCE(p.name, '') AS person, d.at, d.made FROM drafts d "
            "LEFT JOIN people p ON p.id = d.person_id WHERE d.owner = :owner ORDER BY d.at DESC, d.id"
        )
        return tuple(map(_draft, rows))

    def keep_draft(self, draft: ModelDraft) -> None:
        self._write(
            "INSERT INTO drafts (owner, id, person_id, at, made) VALUES (:owner, :id, :person_id, :at, :made)",
            [
                {
                    "id": draft.id,
                    "person_id": draft.person_id,
                    "at": draft.at.astimezone(UTC).isoformat(),
                    "made": json.dumps(draft.made, ensure_ascii=False),
                }
            ],
        )

    # Promises

    def promises(self, person_id: str | None = None, declined: bool = False) -> tuple[Promise, ...]:
        """The next due first, those without a day last; the ones that turned out to be none only when asked for."""
        who = " AND p.person_id = :person" if person_id else ""
        rows = self._rows(
            "SELECT p.*, q.name AS person FROM promises p JOIN people q ON q.id = p.person_id "
            f"WHERE p.owner = :owner{who} AND (:declined OR p.state <> 'declined') "
            "ORDER BY p.due IS NULL, p.due, p.made, p.id",
            person=person_id,
            declined=declined,
        )
        return tuple(map(_promise, rows))

    def keep_promise(self, promise: Promise) -> None:
        """Adds the promise; the same id again changes nothing, so that a double click keeps it once."""
        columns = "id person_id promised_by what due made state why settled source source_id sample".split()
        row = {c: getattr(promise, c) for c in columns} | {
            name: day.isoformat() if day else None
            for name, day in (("due", promise.due), ("made", promise.made), ("settled", promise.settled))
        }
        self._write(
            f"INSERT INTO promises (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)}) "
            "ON CONFLICT (owner, id) DO NOTHING",
            [row],
        )

    def settle_promise(
        self, promise_id: str, state: PromiseState, day: date, why: str = "", due: date | None = None
    ) -> None:
        """Says what became of a promise on `day`; `due` is the new day of one that was moved (None: no day).

        Raises BadRequest when the promise is gone, where a move or a drop comes without a word why, or a move into the past.
        """
        if state in (PromiseState.MOVED, PromiseState.DROPPED) and not why.strip():
            raise BadRequest("Say in a word why, so that you can tell the person.")
        if state is PromiseState.MOVED and due and due < day:
            raise BadRequest(f"{due.day} {due:%B %Y} is over. Move it to today or a later day.")
        changed = self._rows(
            "UPDATE promises SET state = :state, why = :why, settled = :day, "
            "due = CASE WHEN :state = 'moved' THEN :due ELSE due END "
            "WHERE owner = :owner AND id = :id RETURNING id",
            id=promise_id,
            state=state,
            why=why.strip(),
            day=None if state is PromiseState.OPEN else day.isoformat(),
            due=due.isoformat() if due else None,
        )
        if not changed:
            raise BadRequest("That promise is no longer in the notebook.")

    # Messages on their way out

    def offer_delivery(self, delivery: Delivery) -> None:
        """Keeps what is shown for confirmation: the token, and the digest of what it stands for."""
        columns = "token message_id via digest state detail changed".split()
        row = {c: getattr(delivery, c) for c in columns} | {"changed": delivery.changed.timestamp()}
        self._write(
            f"INSERT INTO deliveries (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)})",
            [row],
        )

    def move_delivery(
        self,
        token: str,
        before: Sequence[DeliveryState],
        after: DeliveryState,
        now: datetime,
        detail: str = "",
        digest: str = "",
    ) -> bool:
        """Whether this call moved it: of any number of callers, in any number of processes, one gets True.

        With a `digest`, only where it was offered for just that. Moving a second delivery of the same message on its
        way is refused by the database itself.
        """
        names = {f"b{at}": state.value for at, state in enumerate(before)}
        try:
            moved = self._rows(
                "UPDATE deliveries SET state = :after, detail = :detail, changed = :now WHERE owner = :owner AND token = :token "
                f"AND state IN ({', '.join(f':{name}' for name in names)}) AND (:digest = '' OR digest = :digest) RETURNING token",
                token=token, after=after.value, detail=detail, now=now.timestamp(), digest=digest, **names,
            )  # fmt: skip
        except BadRequest:
            return False
        return bool(moved)

    def delivery_of(self, message_id: str) -> Delivery | None:
        """The one that counts: on its way or sent, else the newest that a person clicked."""
        rows = self._rows(
            "SELECT * FROM deliveries WHERE owner = :owner AND message_id = :id AND state <> 'offered' "
            "ORDER BY state IN ('waiting', 'sending', 'sent', 'unknown') DESC, changed DESC LIMIT 1",
            id=message_id,
        )
        return _delivery(rows[0]) if rows else None

    # Rehearsals

    def rehearsals(self) -> tuple[Rehearsal, ...]:
        """Newest first."""
        rows = self._rows("SELECT * FROM rehearsals WHERE owner = :owner ORDER BY begun DESC, id")
        return tuple(map(_rehearsal, rows))

    def keep_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Adds the rehearsal, or replaces the one with the same id."""
        columns = "id person_id person folded about begun kept state learnt".split()
        row = {c: getattr(rehearsal, c) for c in ("id", "person_id", "person", "about")} | {
            "folded": rehearsal.person.casefold(),
            "begun": rehearsal.begun.astimezone(UTC).isoformat(),
            "kept": int(rehearsal.kept),
            "state": json.dumps(rehearsal.state, ensure_ascii=False),
            "learnt": json.dumps(rehearsal.learnt, ensure_ascii=False),
        }
        changes = ", ".join(f"{c} = excluded.{c}" for c in columns[1:])
        self._write(
            f"INSERT INTO rehearsals (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)}) "
            f"ON CONFLICT (owner, id) DO UPDATE SET {changes}",
            [row],
        )

    def delete_rehearsal(self, rehearsal_id: str) -> None:
        self._write("DELETE FROM rehearsals WHERE owner = :owner AND id = :id", [{"id": rehearsal_id}])

    def expire_rehearsals(self, before: datetime) -> None:
        """Deletes those begun before then that the leader did not say to keep."""
        due = "FROM rehearsals WHERE owner = :owner AND kept = 0 AND begun < :before"
        earliest = before.astimezone(UTC).isoformat()
        if self._rows(f"SELECT id {due} LIMIT 1", before=earliest):
            self._write(f"DELETE {due}", [{"before": earliest}])

    # Moments, talks and how often

    def keep_moment(self, note_id: str, kind: str, captured: date) -> None:
        """The note is of a moment that waits to be told. Kept once, whatever became of it."""
        self._write(
            "INSERT INTO moments (owner, note_id, kind, state, captured) VALUES (:owner, :note, :kind, :state, :captured) "
            "ON CONFLICT (owner, note_id) DO NOTHING",
            [{"note": note_id, "kind": kind, "state": MomentState.WAITING.value, "captured": captured.isoformat()}],
        )

    def moments(self, state: MomentState | None = MomentState.WAITING) -> tuple[Moment, ...]:
        """The oldest first. `state` None: all of them."""
        fits = " AND m.state = :state" if state else ""
        rows = self._rows(
            "SELECT n.*, p.name AS person, m.kind AS told_as, m.state, m.captured FROM moments m "
            "JOIN notes n ON n.owner = m.owner AND n.id = m.note_id JOIN people p ON p.id = n.person_id "
            f"WHERE m.owner = :owner{fits} ORDER BY n.date, n.row",
            **({"state": state.value} if state else {}),
        )
        return tuple(
            Moment(
                note=_note(row),
                kind=row.told_as,
                captured=date.fromisoformat(row.captured),
                state=MomentState(row.state),
            )
            for row in rows
        )

    def settle_moment(self, note_id: str, state: MomentState) -> None:
        self._write(
            "UPDATE moments SET state = :state WHERE owner = :owner AND note_id = :note",
            [{"note": note_id, "state": state.value}],
        )

    def keep_talk(self, person_id: str, day: date) -> None:
        """The leader talked with the person on that day; said twice it is one talk."""
        self._write(
            "INSERT INTO talks (owner, person_id, day) VALUES (:owner, :person, :day) "
            "ON CONFLICT (owner, person_id, day) DO NOTHING",
            [{"person": person_id, "day": day.isoformat()}],
        )

    def talks(self) -> tuple[tuple[str, date], ...]:
        """(person id, day), the oldest first."""
        rows = self._rows("SELECT person_id, day FROM talks WHERE owner = :owner ORDER BY day, person_id")
        return tuple((row.person_id, date.fromisoformat(row.day)) for row in rows)

    def last_contacts(self, before: date) -> dict[str, date]:
        """Person id -> the last day before this one of a note, a message, a rehearsal or a talk; without those that had none."""
        rows = self._rows(
            "SELECT person_id, max(day) AS day FROM ("
            "SELECT person_id, date AS day FROM notes WHERE owner = :owner UNION ALL "
            "SELECT person_id, substr(sent_at, 1, 10) AS day FROM messages WHERE owner = :owner UNION ALL "
            "SELECT person_id, substr(begun, 1, 10) AS day FROM rehearsals WHERE owner = :owner AND person_id IS NOT NULL "
            "UNION ALL SELECT person_id, day FROM talks WHERE owner = :owner) AS contacts "
            "WHERE day < :before GROUP BY person_id",
            before=before.isoformat(),
        )
        return {row.person_id: date.fromisoformat(row.day) for row in rows}

    def intervals(self) -> dict[str, int]:
        """Person id -> after how many days without a word the leader wants to be reminded; 0 is never."""
        rows = self._rows("SELECT person_id, days FROM intervals WHERE owner = :owner")
        return {row.person_id: row.days for row in rows}

    def keep_interval(self, person_id: str, days: int) -> None:
        self._write(
            "INSERT INTO intervals (owner, person_id, days) VALUES (:owner, :person, :days) "
            "ON CONFLICT (owner, person_id) DO UPDATE SET days = excluded.days",
            [{"person": person_id, "days": days}],
        )

    def preference(self, name: str, otherwise: str) -> str:
        rows = self._rows("SELECT value FROM preferences WHERE owner = :owner AND name = :name", name=name)
        return str(rows[0].value) if rows else otherwise

    def keep_preference(self, name: str, value: str) -> None:
        self._write(
            "INSERT INTO preferences (owner, name, value) VALUES (:owner, :name, :value) "
            "ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value",
            [{"name": name, "value": value}],
        )

    def notes_since(self, day: date) -> tuple[Note, ...]:
        """Those dated on that day or later, newest first."""
        rows = self._rows(f"{_NOTES} AND n.date >= :day ORDER BY n.date DESC, n.row DESC", day=day.isoformat())
        return tuple(map(_note, rows))

    def messages_since(self, day: date) -> tuple[Message, ...]:
        """Those sent on that day or later, newest first."""
        rows = self._rows(
            "SELECT m.*, p.name AS person FROM messages m JOIN people p ON p.id = m.person_id "
            "WHERE m.owner = :owner AND m.sent_at >= :day ORDER BY m.sent_at DESC, m.rowid DESC",
            day=day.isoformat(),
        )
        return tuple(map(_message, rows))

    # The text being written

    def writing(self) -> dict[str, Any]:
        """What is in the window now, so that it outlives the window."""
        rows = self._rows("SELECT state FROM writings WHERE owner = :owner")
        return json.loads(rows[0].state) if rows else {}

    def keep_writing(self, state: Mapping[str, Any]) -> None:
        self._write(
            "INSERT INTO writings (owner, state) VALUES (:owner, :state) "
            "ON CONFLICT (owner) DO UPDATE SET state = excluded.state",
            [{"state": json.dumps(state, ensure_ascii=False)}],
        )

    def remove_sample(self) -> None:
        self._write("DELETE FROM people WHERE owner = :owner AND sample = 1", [{}])
        self.database.compact()


_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|sister|nurse|sir)\b\.?\s+")


def find_person(people: Sequence[Person], name: str) -> Person | None:
    """The person meant by a full name, another name, a first name, or a title and surname ("Mr Chen"). Raises SeveralPeople when two fit equally."""
    wanted = name.casefold().strip()
    tests: tuple[Callable[[Person], bool], ...] = (
        lambda p: p.name.casefold() == wanted,
        lambda p: wanted in (alias.casefold() for alias in p.aliases),
        lambda p: p.name.casefold().split()[0] == wanted,
        lambda p: bool(_TITLE.match(wanted)) and p.name.casefold().split()[-1] == _TITLE.sub("", wanted),
    )
    for fits in tests:
        found = [person for person in people if fits(person)]
        if len(found) > 1:
            names = " or ".join(person.name for person in found)
            raise SeveralPeople(f"“{name}” could be {names}. Type the full name.")
        if found:
            return found[0]
    return None
