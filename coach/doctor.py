"""What works on this machine, what does not, and how to mend it."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coach.desk import Desk, open_desk
from coach.errors import CoachError
from coach.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    works: bool
    says: str


def examine(settings: Settings) -> Iterator[Part]:
    """One part after the other; what depends on the folder is left out when that cannot be used."""
    try:
        desk = open_desk(settings)
    except CoachError as error:
        yield Part(name="folder", works=False, says=str(error))
        return
    try:
        yield Part(name="folder", works=True, says=str(settings.home))
        for name, look in (("records", _records), ("library", _library), ("language model", _model), ("index", _index)):
            yield _part(name, look, desk)
    finally:
        desk.close()


def _part(name: str, look: Callable[[Desk], str], desk: Desk) -> Part:
    try:
        return Part(name=name, works=True, says=look(desk))
    except CoachError as error:
        return Part(name=name, works=False, says=str(error))


def _records(desk: Desk) -> str:
    return f"{len(desk.records.people())} people, {len(desk.records.notes())} notes (SQLite {sqlite3.sqlite_version})"


def _library(desk: Desk) -> str:
    return f"{len(desk.library.principles)} principles, {len(desk.library.examples)} examples"


def _model(desk: Desk) -> str:
    if desk.embedder is None:
        from coach.index import downloaded_embedder

        downloaded_embedder()  # raises with what to do
    vector = desk.vector("one")
    assert vector is not None  # noqa: S101
    return f"{desk.embedder.name if desk.embedder else ''}, {len(vector)} numbers a text"


def _index(desk: Desk) -> str:
    desk.open_index()
    if desk.index is None:
        raise CoachError(f"{desk.index_state} Mend it with 'coach reindex'.")
    return f"Chroma {'at ' + desk.settings.chroma_url if desk.settings.chroma_url else 'in ' + str(desk.settings.index_folder)}"
