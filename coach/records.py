"""The truth: people, notes, messages and the text being written, in SQLite.

The only module that imports SQLAlchemy's engine. Everything else (Chroma's index, the full-text index) can be
rebuilt from here. Each row carries its owner.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from coach.errors import BadRequest, HomeUnusable, NewerDatabase, NoSpace, SeveralPeople, UnknownPerson

HEAD = "0001"
"""The newest migration; a test compares it with the folder. Known here so that Alembic loads only when needed."""
OWNER = "me"
LOCK_WAIT = 30.0
"""Seconds to wait for another process to finish writing."""
ROWS_AT_ONCE = 500

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What forgetting a person removed, and how many notes about others still contain the name."""

    person: str
    notes: int
    messages: int
    mentions_left: int


def new_id() -> str:
    return uuid.uuid4().hex


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Turns the database's errors into sentences. The cause is dropped on purpose: it quotes the leader's text."""
    try:
        yield
    except IntegrityError:
        raise BadRequest("That is already in the notebook.") from None
    except (OperationalError, DatabaseError) as error:
        raise _explain(str(error.orig), path) from None


def _explain(reason: str, path: Path) -> HomeUnusable:
    if "full" in reason or "disk I/O" in reason:  # the second where the disk fills up under a write-ahead log
        return NoSpace(
            "The disk is full or out of order: free some space and try again. What you typed is still in the window."
        )
    if "locked" in reason:
        return HomeUnusable("Another program is using Coach's database. Close it and try again.")
    if "readonly" in reason or "unable to open" in reason:
        return HomeUnusable(f"Coach cannot write to {path}. Give yourself write access to it and try again.")
    if "not a database" in reason or "malformed" in reason:
        return HomeUnusable(f"{path} is damaged. Move it aside and import your last export with 'coach import'.")
    return HomeUnusable(f"Coach's database at {path} did not answer. Run 'coach doctor' for what to do.")


def _configure(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", f"busy_timeout={int(LOCK_WAIT * 1000)}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def open_records(path: Path, owner: str = OWNER) -> "Records":
    """Opens (and where needed creates or upgrades) the database. Raises HomeUnusable or NewerDatabase."""
    new = not path.exists()
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _configure)
    with _said_plainly(path):
        if new:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            path.chmod(0o600)
        _upgrade(engine, path)
    return Records(engine, path, owner)


def _upgrade(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        known = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if version == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if version is not None and version not in {
        s.revision for s in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise NewerDatabase(f"{path} was written by a newer Coach. Update Coach, or name another folder with --home.")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _person(row: Row[Any]) -> Person:
    values = row._asdict()
    started = values["start_date"]
    return Person(
        **{key: values[key] for key in ("id", "name", "role", "pronouns", "birthday", "prefers")},
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


_NOTES = "SELECT n.*, p.name AS person FROM notes n JOIN people p ON p.id = n.person_id WHERE n.owner = :owner"
_FIT = "(n.private = 0 OR NOT :public)"


class Records:
    """One owner's rows. Every method is one transaction; an error leaves everything as it was."""

    def __init__(self, engine: Engine, path: Path, owner: str) -> None:
        self._engine, self.path, self.owner = engine, path, owner

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with _said_plainly(self.path), self._engine.begin() as connection:
            yield connection

    def _rows(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        with self._begin() as connection:
            return connection.execute(text(statement), {"owner": self.owner, **values}).all()

    def _write(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        with self._begin() as connection:
            connection.execute(text(statement), [{"owner": self.owner, **row} for row in rows])

    def close(self) -> None:
        self._engine.dispose()

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
        columns = "id name role pronouns start_date birthday prefers aliases sample".split()
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
        """Removes the person with all notes and messages about them, and rewrites the file so that no page keeps it."""
        with self._begin() as connection:
            values = {"owner": self.owner, "id": person.id}
            counts = [
                connection.execute(
                    text(f"SELECT count(*) FROM {table} WHERE owner = :owner AND person_id = :id"), values
                ).scalar_one()
                for table in ("notes", "messages")
            ]
            connection.execute(text("DELETE FROM people WHERE owner = :owner AND id = :id"), values)
            connection.execute(text("DELETE FROM writings WHERE owner = :owner"), values)
            connection.execute(text("INSERT INTO notes_fts (notes_fts) VALUES ('rebuild')"))
        self._compact()
        left = sum(person.name.casefold() in note.text.casefold() for note in self.notes())
        return Receipt(person=person.name, notes=counts[0], messages=counts[1], mentions_left=left)

    def _compact(self) -> None:
        with _said_plainly(self.path), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
            raw.exec_driver_sql("VACUUM")
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # Notes

    def notes(self, person_id: str | None = None, public: bool = False) -> tuple[Note, ...]:
        """Newest first; without private ones when `public`."""
        who = " AND n.person_id = :person" if person_id else ""
        rows = self._rows(f"{_NOTES}{who} AND {_FIT} ORDER BY n.date DESC, n.row DESC", person=person_id, public=public)
        return tuple(map(_note, rows))

    def notes_by_revision(self, revisions: Sequence[str], public: bool = False) -> dict[str, Note]:
        """The notes that still exist, are this owner's, and may be read there: every hit of an index passes here."""
        found: dict[str, Note] = {}
        for start in range(0, len(revisions), ROWS_AT_ONCE):
            names = {f"r{i}": r for i, r in enumerate(revisions[start : start + ROWS_AT_ONCE])}
            rows = self._rows(
                f"{_NOTES} AND {_FIT} AND n.revision IN ({', '.join(f':{n}' for n in names)})", public=public, **names
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
        self._write(
            f"INSERT INTO notes (owner, {', '.join(columns)}) VALUES (:owner, {', '.join(f':{c}' for c in columns)}) "
            f"ON CONFLICT (owner, id) DO UPDATE SET {changes}",
            rows,
        )

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

    def notes_to_embed(self, embedder: str) -> tuple[Note, ...]:
        rows = self._rows(f"{_NOTES} AND n.embedder <> :embedder", embedder=embedder)
        return tuple(map(_note, rows))

    def search_words(self, words: Sequence[str], person_id: str | None, public: bool, k: int) -> list[str]:
        """Revisions of the notes that share words, best BM25 first (SQLite FTS5)."""
        if not words:
            return []
        who = " AND n.person_id = :person" if person_id else ""
        rows = self._rows(
            "SELECT n.revision FROM notes_fts f JOIN notes n ON n.row = f.rowid "
            f"WHERE notes_fts MATCH :q AND n.owner = :owner AND {_FIT}{who} ORDER BY bm25(notes_fts) LIMIT :k",
            q=" OR ".join('"' + word.replace('"', "") + '"' for word in words),
            person=person_id,
            public=public,
            k=k,
        )
        return [row.revision for row in rows]

    # Messages and the text being written

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
        self._compact()


def find_person(people: Sequence[Person], name: str) -> Person | None:
    """The person meant by a full name, another name, or a first name. Raises SeveralPeople when two fit equally."""
    wanted = name.casefold().strip()
    tests: tuple[Callable[[Person], bool], ...] = (
        lambda p: p.name.casefold() == wanted,
        lambda p: wanted in (alias.casefold() for alias in p.aliases),
        lambda p: p.name.casefold().split()[0] == wanted,
    )
    for fits in tests:
        found = [person for person in people if fits(person)]
        if len(found) > 1:
            names = " or ".join(person.name for person in found)
            raise SeveralPeople(f"“{name}” could be {names}. Type the full name.")
        if found:
            return found[0]
    return None
