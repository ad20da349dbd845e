"""Opens the database: SQLite, the same encrypted, or PostgreSQL. What is wrong with it is said in plain words.

The only module that knows SQLAlchemy's engine. SQL itself stands in records.py and in the migrations, and reads the same
for all three; what cannot (full-text search, giving space back) is here.
"""

import errno
import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError

from coach.errors import BadRequest, HomeUnusable, NewerDatabase, NoSpace, WrongKey

LOCK_WAIT = 30.0
"""Seconds to wait for another process to finish writing."""
CONNECT_SECONDS = 10
PLAIN = b"SQLite format 3\0"
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the records are: a file (encrypted where there are keys, newest first), or a PostgreSQL server."""

    path: Path
    url: str | None = None
    keys: tuple[bytes, ...] = ()

    def __str__(self) -> str:
        """Without the user and the password."""
        return f"the database server {make_url(self.url).host or ''}".strip() if self.url else str(self.path)


class Database:
    """An open database. Whoever has it open holds `in-use.lock`, so that nobody swaps the file underneath."""

    def __init__(self, engine: Engine, place: Place, lock: "Hold | None") -> None:
        self.engine, self.place, self._lock = engine, place, lock

    @property
    def on_server(self) -> bool:
        return self.place.url is not None

    @property
    def encrypted(self) -> bool:
        return not self.on_server and bool(self.place.keys)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with said_plainly(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; it waits for its turn at the start, so that what it reads cannot change before it writes."""
        with said_plainly(self.place), self.engine.connect() as connection:
            with connection.execution_options(coach_writes=True).begin():
                yield connection

    def compact(self) -> None:
        """Rewrites the file so that no page keeps what was deleted."""
        with said_plainly(self.place):
            raw = self.engine.raw_connection()
            try:
                driver: Any = raw.driver_connection
                if self.on_server:
                    driver.autocommit = True
                    driver.execute("VACUUM FULL")
                    driver.autocommit = False
                else:
                    driver.execute("VACUUM")
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def close(self) -> None:
        self.engine.dispose()
        if self._lock:
            self._lock.close()


@contextmanager
def said_plainly(place: Place) -> Iterator[None]:
    """Turns the database's errors into sentences. The cause is dropped on purpose: it quotes the leader's text."""
    try:
        yield
    except IntegrityError:
        raise BadRequest("That is already in the notebook.") from None
    except DatabaseError as error:
        raise (_explain_server if place.url else _explain)(str(error.orig), place) from None
    except raw_errors() as error:
        raise _explain(str(error), place) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpace(_FULL) from None
        raise HomeUnusable(
            f"Coach cannot write beside {place} ({error.strerror}). Give yourself write access there and try again."
        ) from None


_FULL = "The disk is full or out of order: free some space and try again. What you typed is still in the window."


def _explain(reason: str, place: Place) -> HomeUnusable:
    if "full" in reason or "disk I/O" in reason:  # the second where the disk fills up under a write-ahead log
        return NoSpace(_FULL)
    if "locked" in reason:
        return HomeUnusable("Another program is using Coach's database. Close it and try again.")
    if "readonly" in reason or "unable to open" in reason:
        return HomeUnusable(f"Coach cannot write to {place}. Give yourself write access to it and try again.")
    if place.keys and "not a database" in reason:
        return WrongKey("That key does not open your notebook. Check it and try again.")
    if "not a database" in reason or "malformed" in reason:
        return HomeUnusable(
            f"{place} is damaged. Bring your last backup back with 'coach restore', "
            "or move it aside and import your last export with 'coach import'."
        )
    return HomeUnusable(f"Coach's database at {place} did not answer. Run 'coach doctor' for what to do.")


def _explain_server(reason: str, place: Place) -> HomeUnusable:
    if "No space left" in reason:
        return NoSpace(_FULL)
    if "lock timeout" in reason or "deadlock" in reason:
        return HomeUnusable("Another program is using Coach's database. Close it and try again.")
    if "password" in reason or "does not exist" in reason or "permission denied" in reason or "role" in reason:
        return HomeUnusable(
            f"{place} does not let Coach in: check the user, the password and the name in COACH_DATABASE_URL.".capitalize()
        )
    return HomeUnusable(
        f"{place} does not answer. Start it and try again; what you typed is still in the window.".capitalize()
    )


# Opening


def open_database(place: Place, head: str) -> Database:
    """Opens (and where needed creates, or upgrades to the migration `head`).

    Raises HomeUnusable, NewerDatabase, or WrongKey.
    """
    if place.url:
        database = Database(_server(place.url), place, None)
    else:
        lock = share_home(place.path.parent)
        place = _with_its_key(place)
        database = Database(_file(place), place, lock)
    try:
        with said_plainly(place):
            _upgrade(database, head)
    except BaseException:
        database.close()
        raise
    return database


def is_plain(path: Path) -> bool:
    """Whether the file is SQLite's own format: readable by anyone who has it. A new file is."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        return file.read(len(PLAIN)) == PLAIN


def _with_its_key(place: Place) -> Place:
    """The one key that opens the file: a change of keys that was cut short may have left two."""
    try:
        exists = place.path.exists() and place.path.stat().st_size > 0
        if exists and is_plain(place.path):
            return Place(path=place.path)
    except OSError as error:
        raise HomeUnusable(
            f"Coach cannot read {place.path} ({error.strerror}). Give yourself access to it and try again."
        ) from error
    if not exists or not place.keys:
        return Place(path=place.path, keys=place.keys[:1])
    for key in place.keys:
        one = Place(path=place.path, keys=(key,))
        if opens(one):
            return one
    raise WrongKey("That key does not open your notebook. Check it and try again.")


def opens(place: Place) -> bool:
    """Whether the file can be read with the key it is given."""
    try:
        connect(place).close()
    except raw_errors():
        return False
    return True


def connect(place: Place) -> Any:
    """A bare connection to the file, for what moves whole databases. Raises the driver's errors, see `raw_errors`."""
    connection = _driver(place).connect(place.path, isolation_level=None, timeout=LOCK_WAIT, check_same_thread=False)
    try:
        _unlock(connection, place)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except raw_errors():
        connection.close()
        raise
    return connection


def is_sound(place: Place) -> bool:
    """Whether the file is a notebook, and every page of it can be read."""
    if not place.path.is_file() or (not place.keys and not is_plain(place.path)):
        return False
    try:
        connection = connect(place)
        try:
            ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'people'").fetchone()[0]
            return bool(ours and connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
        finally:
            connection.close()
    except raw_errors():
        return False


def copy_database(source: Place, target: Place) -> None:
    """Copies a database that may be in use, under the target's key, into one whole file with no log beside it.

    Raises the driver's errors, see `raw_errors`, or HomeUnusable where the copy is not whole.
    """
    target.path.unlink(missing_ok=True)
    os.close(os.open(target.path, os.O_CREAT | os.O_WRONLY, 0o600))
    if source.keys[:1] == target.keys[:1]:
        _copy_pages(source, target)
    else:
        _copy_under_another_key(source, target)
    if not is_sound(target):
        raise HomeUnusable(f"The copy of {source} is not whole: check the disk, and try again.")
    with target.path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy_pages(source: Place, target: Place) -> None:
    read = connect(source)
    try:
        written = _driver(target).connect(target.path, isolation_level=None)
        try:
            _unlock(written, target)
            read.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")
        finally:
            written.close()
    finally:
        read.close()


def _copy_under_another_key(source: Place, target: Place) -> None:
    """By SQLCipher's own export: reads a plain file too, with an empty key."""
    sqlcipher = _driver(source if source.keys else target)
    connection = sqlcipher.connect(source.path, isolation_level=None, timeout=LOCK_WAIT)
    try:
        _unlock(connection, source)
        connection.execute("PRAGMA temp_store=MEMORY")
        key = f"\"x'{target.keys[0].hex()}'\"" if target.keys else "''"
        connection.execute(f"ATTACH DATABASE ? AS copy KEY {key}", (str(target.path),))
        connection.execute("SELECT sqlcipher_export('copy')")
        connection.execute("DETACH DATABASE copy")
    finally:
        connection.close()


def swap_in(incoming: Path, place: Place) -> None:
    """Puts a whole copy in the place of a database that nobody has open. A kill leaves the one or the other."""
    if place.path.exists() and place.path.stat().st_size:
        connection = connect(place)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    for ending in ("-wal", "-shm"):
        Path(f"{place.path}{ending}").unlink(missing_ok=True)
    os.replace(incoming, place.path)
    folder = os.open(place.path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _driver(place: Place) -> Any:
    if not place.keys:
        return sqlite3
    try:
        import sqlcipher3.dbapi2 as sqlcipher
    except ImportError as error:
        raise HomeUnusable("Your notebook is encrypted: run 'make extras' to install what opens it.") from error
    return sqlcipher


def raw_errors() -> tuple[type[Exception], ...]:
    """What the drivers raise. The encrypted one has a tree of its own."""
    sqlcipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.DatabaseError, *((sqlcipher.DatabaseError,) if sqlcipher else ()))


def _unlock(connection: Any, place: Place) -> None:
    if place.keys:
        connection.execute(f"PRAGMA key = \"x'{place.keys[0].hex()}'\"")
        connection.execute("PRAGMA temp_store=MEMORY")  # a temporary file would hold plain text


def _file(place: Place) -> Engine:
    arguments = {"check_same_thread": False, "isolation_level": None, "timeout": LOCK_WAIT}
    engine = create_engine(f"sqlite:///{place.path}", module=_driver(place), connect_args=arguments)
    event.listen(engine, "connect", partial(_configure, place))
    # The driver would open a transaction only before the first change: a migration cut short would leave half its tables.
    event.listen(engine, "begin", _begin)
    return engine


def _configure(place: Place, connection: Any, _: Any) -> None:
    _unlock(connection, place)
    new = not place.path.exists() or place.path.stat().st_size == 0
    cursor = connection.cursor()
    # 32 MB of pages are kept: with 100,000 notes each search would otherwise ask the disk for its pages again.
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", "cache_size=-32000"):
        cursor.execute(f"PRAGMA {pragma}")
    if new or cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode=WAL")
        place.path.chmod(0o600)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("coach_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _server(url: str) -> Engine:
    try:
        named = make_url(url)
    except ArgumentError:
        named = None
    if named is None or named.get_backend_name() not in ("postgresql", "postgres"):
        raise HomeUnusable("COACH_DATABASE_URL names a PostgreSQL database, such as postgresql://user@host/coach.")
    try:
        import psycopg
    except ImportError as error:
        raise HomeUnusable("PostgreSQL needs one more package: run 'make extras', then try again.") from error
    engine = create_engine(
        named.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,  # the server may have been started anew since
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "coach",
            "options": f"-c lock_timeout={int(LOCK_WAIT)}s",
        },
    )
    event.listen(engine, "connect", lambda connection, _: _like_sqlite(psycopg, connection))
    return engine


def _like_sqlite(psycopg: Any, connection: Any) -> None:
    """Yes and no are written as 1 and 0, whatever the column: the tables are the same as SQLite's."""

    class Truth(psycopg.adapt.Dumper):  # type: ignore[misc]
        oid = 0

        def dump(self, value: bool) -> bytes:
            return b"1" if value else b"0"

    connection.adapters.register_dumper(bool, Truth)


# The schema


def _upgrade(database: Database, head: str) -> None:
    with database.engine.connect() as connection:
        version = _version(connection)
    if version == head:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    if version is not None and version not in {
        s.revision for s in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise NewerDatabase(
            f"{database.place} was written by a newer Coach. Update Coach, or name another folder with --home."
        )
    with database.writing() as connection:
        if database.on_server:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20261121)")
        if _version(connection) != head:  # another process may have been quicker
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


# Who has the file open


def share_home(home: Path) -> "Hold":
    """Held by everyone who has the database open; closed, it is let go. Raises HomeUnusable while it is being swapped."""
    return _lock(home, fcntl.LOCK_SH, "Coach is just changing its database: wait a moment and try again.")


@contextmanager
def have_home_alone(home: Path) -> Iterator[None]:
    """For what swaps the file. Raises HomeUnusable when Coach is open in another window."""
    busy = "Coach is open in another window: close it (or stop it with Ctrl+C) and try again."
    hold = _lock(home, fcntl.LOCK_EX, busy)
    try:
        yield
    finally:
        hold.close()


class Hold:
    """A lock on a home's file; let go by `close`, at the end of the process, or with the last who knows it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    __del__ = close


def _lock(home: Path, how: int, busy: str) -> Hold:
    try:
        hold = Hold(os.open(home / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise HomeUnusable(
            f"Coach cannot write to {home} ({error.strerror}). Give yourself write access to it and try again."
        ) from error
    try:
        fcntl.flock(hold._descriptor, how | fcntl.LOCK_NB)
    except OSError:
        hold.close()
        raise HomeUnusable(busy) from None
    return hold
