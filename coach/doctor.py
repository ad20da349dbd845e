"""What works on this machine, what does not, and how to mend it."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from coach.backup import backups
from coach.database import is_sound
from coach.desk import Desk, open_desk
from coach.errors import CoachError, HomeUnusable, Locked
from coach.index import downloaded_embedder
from coach.key import key_store, read_key_file
from coach.log import log_path
from coach.settings import Settings, prepare_home

What = TypeVar("What")
ROOM_NEEDED = 200_000_000
"""Bytes: a backup and a rebuilt index of a large notebook."""


DAYS_UNTIL_TOO_OLD = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    works: bool
    says: str


def examine(settings: Settings) -> Iterator[Part]:
    """One part after the other; what depends on the records is left out when these cannot be opened.

    Raises Locked where a passphrase would open them.
    """
    folder = _part("folder", _folder, settings)
    yield folder
    if not folder.works:
        return
    for name, look_at_home in (("disk", _disk), ("backups", _backups), ("log", _log), ("encryption", _encryption)):
        yield _part(name, look_at_home, settings)
    try:
        desk = open_desk(settings)
    except Locked:
        raise
    except CoachError as error:
        yield Part(name="records", works=False, says=str(error))
        return
    try:
        for name, look in (
            ("records", _records),
            ("library", _library),
            ("language model", _model),
            ("index", _index),
            ("embedding endpoint", _embeddings),
        ):
            yield _part(name, look, desk)
    finally:
        desk.close()
        desk.records.close()


def _part(name: str, look: Callable[[What], str], at: What) -> Part:
    try:
        return Part(name=name, works=True, says=look(at))
    except CoachError as error:
        return Part(name=name, works=False, says=str(error))


def _folder(settings: Settings) -> str:
    prepare_home(settings)
    return str(settings.home)


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.home).free
    if free < ROOM_NEEDED:
        raise HomeUnusable(f"Only {free // 1_000_000} MB are free at {settings.home}: free some space.")
    return f"{free // 1_000_000_000} GB free"


def _backups(settings: Settings) -> str:
    if settings.database_url:
        return "PostgreSQL has its own: pg_dump"
    made = backups(settings.home)
    if not made:
        return "none yet: Coach makes one a day while it is open, and 'coach backup' makes one now"
    last = f"{len(made)}, the last from {made[0].made:%d %B %Y, %H:%M}"
    if (datetime.now() - made[0].made).days >= DAYS_UNTIL_TOO_OLD:
        raise HomeUnusable(f"{last}. Make a new one with 'coach backup'.")
    return last


def _log(settings: Settings) -> str:
    path = log_path(settings.home)
    if not path.exists():
        return "empty"
    if not os.access(path, os.W_OK):
        raise HomeUnusable(f"{path} cannot be written. Mend it with: chmod 600 {path}")
    if stat.S_IMODE(path.stat().st_mode) != 0o600:
        raise HomeUnusable(f"Others can read {path}. Mend it with: chmod 600 {path}")
    return f"{path}, ids and counts only"


def _encryption(settings: Settings) -> str:
    file = read_key_file(settings.home)
    if file is None:
        return "off ('coach encrypt' turns it on)"
    if file.changing:
        raise HomeUnusable("The key is being changed: close Coach and run 'coach doctor' again to finish it.")
    if file.by == "key-store" and key_store() is None:
        raise HomeUnusable("This computer's key store does not answer. Unlock it, or use your recovery key.")
    return "on, by the key store" if file.by == "key-store" else "on, by passphrase"


def _records(desk: Desk) -> str:
    database = desk.records.database
    if not database.on_server and not is_sound(database.place):
        raise HomeUnusable("Pages of the database cannot be read. Bring your last backup back: 'coach restore'.")
    kind = "PostgreSQL" if database.on_server else f"SQLite {sqlite3.sqlite_version}"
    return f"{len(desk.records.people())} people, {desk.records.count_notes()} notes ({kind})"


def _library(desk: Desk) -> str:
    return f"{len(desk.library.principles)} principles, {len(desk.library.examples)} examples"


def _model(desk: Desk) -> str:
    if desk.embedder is None:
        downloaded_embedder()  # raises with what to do
    vector = desk.vector("one")
    assert vector is not None  # noqa: S101
    return f"{desk.embedder.name if desk.embedder else ''}, {len(vector)} numbers a text"


def _index(desk: Desk) -> str:
    if desk.records.database.encrypted and not desk.settings.chroma_url:
        return "none on disk, as your notebook is encrypted: every note is compared"
    desk.open_index()
    if desk.index is None:
        raise CoachError(f"{desk.index_state} Mend it with 'coach reindex'.")
    server = urlsplit(desk.settings.chroma_url or "").netloc.rpartition("@")[2]
    return f"Chroma at {server}" if server else f"Chroma in {desk.settings.index_folder}"


def _embeddings(desk: Desk) -> str:
    """Asked only where notes may go there."""
    by = desk.by_endpoint
    if by is None:
        if desk.endpoint_state:
            raise CoachError(desk.endpoint_state)
        return "none: search goes by the language model here"
    found = by.vector("one")
    if found is None:
        raise CoachError(f"{by.trouble} Until then search goes by the language model here.")
    embedded, of = desk.records.count_others(by.name), desk.records.count_notes()
    left = "" if embedded == of else " (Coach embeds the rest while it is open, or 'coach reindex' does)"
    return f"{by.where.model} at {by.where.host}, {len(found)} numbers a text, {embedded} of {of} notes embedded{left}"


_OF_THE_DESK = (
    ("records", _records),
    ("library", _library),
    ("language model", _model),
    ("index", _index),
    ("embedding endpoint", _embeddings),
)
