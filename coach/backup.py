"""Copies of the database, and one of them back: SQLite's own online backup, numbered, the oldest dropped."""

import re
import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coach.database import Place, copy_database, have_home_alone, is_sound, said_plainly, swap_in
from coach.errors import BadFile, BadRequest
from coach.key import read_key_file, write_key_file
from coach.log import Event, event

KEPT = 7
DAYS_BETWEEN = 1
_NAME = re.compile(r"coach-(\d{6,})-(\d{8}T\d{6})\.sqlite3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Numbers only grow: a clock that was set back makes no new backup an old one."""

    path: Path
    number: int
    made: datetime


def backup_folder(home: Path) -> Path:
    return home / "backups"


def backups(home: Path) -> tuple[Backup, ...]:
    """Newest first."""
    found = ((path, _NAME.fullmatch(path.name)) for path in backup_folder(home).glob("coach-*.sqlite3"))
    made = [
        Backup(path=path, number=int(name[1]), made=datetime.strptime(name[2], "%Y%m%dT%H%M%S"))
        for path, name in found
        if name
    ]
    return tuple(sorted(made, key=lambda one: one.number, reverse=True))


def is_due(home: Path, now: datetime) -> bool:
    """The last one is a day old, or from a future that a clock once claimed."""
    made = backups(home)
    return not made or abs((now - made[0].made).days) >= DAYS_BETWEEN


def make_backup(place: Place, now: datetime, keep: int = KEPT) -> Backup:
    """Copies the open database while others read and write it, looks whether the copy is whole, and drops the oldest."""
    if place.url:
        raise BadRequest(
            "Your notebook is in PostgreSQL: back that up with pg_dump, or write everything to a file with 'coach export'."
        )
    home = place.path.parent
    folder = backup_folder(home)
    with said_plainly(place):
        folder.mkdir(mode=0o700, exist_ok=True)
        _remove_unfinished(folder)
        write_key_file(home, read_key_file(home))
        unfinished = folder / f".new-{uuid.uuid4().hex}"
        try:
            copy_database(place, Place(path=unfinished, keys=place.keys))
            number = max((one.number for one in backups(home)), default=0) + 1
            path = folder / f"coach-{number:06}-{now:%Y%m%dT%H%M%S}.sqlite3"
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    for old in backups(home)[keep:]:
        old.path.unlink(missing_ok=True)
    event(Event.BACKED_UP, number=number, bytes=path.stat().st_size)
    return Backup(path=path, number=number, made=now.replace(microsecond=0))


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob(".new-*"):
        path.unlink(missing_ok=True)


def restore(place: Place, source: Path | None, now: datetime) -> Path:
    """Puts a backup (the newest that is whole, where none is named) in the place of the database.

    What is there now is backed up first; where it cannot be read it is moved to `coach.sqlite3.damaged`.
    Raises HomeUnusable while Coach is open, BadFile where the backup cannot be read.
    """
    home = place.path.parent
    with have_home_alone(home):
        chosen = _chosen(place, source)
        incoming = home / f".new-{uuid.uuid4().hex}"
        try:
            with said_plainly(place):
                target = Place(path=place.path, keys=place.keys[:1])
                copy_database(_with_key(place, chosen), Place(path=incoming, keys=target.keys))
                _put_away(target, now)
                swap_in(incoming, target)
        finally:
            incoming.unlink(missing_ok=True)
    event(Event.RESTORED)
    return chosen


def _chosen(place: Place, source: Path | None) -> Path:
    if source is not None:
        if not source.is_file():
            raise BadFile(f"There is no file {source}. 'coach backup --list' shows the backups that there are.")
        if not is_sound(_with_key(place, source)):
            raise BadFile(f"{source.name} is no whole backup of this notebook. Try another: 'coach backup --list'.")
        return source
    for one in backups(place.path.parent):
        if is_sound(_with_key(place, one.path)):
            return one.path
    raise BadFile("There is no backup to bring back. Import your last export with 'coach import'.")


def _with_key(place: Place, path: Path) -> Place:
    for key in place.keys:
        if is_sound(one := Place(path=path, keys=(key,))):
            return one
    return Place(path=path)


def _put_away(place: Place, now: datetime) -> None:
    """The present database, so that bringing back the wrong backup can be undone."""
    if not place.path.exists():
        return
    if is_sound(place):
        make_backup(place, now, KEPT + 1)
        return
    for ending in ("", "-wal", "-shm"):
        path = Path(f"{place.path}{ending}")
        if path.exists():
            shutil.move(path, f"{place.path}.damaged{ending}")
