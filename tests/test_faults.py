"""What must hold when things break, each row a few times; `make torture` tries them as often as the issue asks."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from coach import database
from coach.desk import Desk
from coach.errors import NewerDatabase
from coach.exchange import add_note, person_named
from coach.records import open_records
from eval import torture

DAY = date(2026, 5, 4)


def holds(held: torture.Held) -> None:
    assert held.tries and held.wrong == (), str(held)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    holds(torture.kill_writes(2, tmp_path))


def test_a_kill_aimed_at_the_index_needs_nobody_to_mend_it(tmp_path: Path) -> None:
    holds(torture.kill_index(1, tmp_path, notes=1_500))


def test_broken_stores_are_made_anew(tmp_path: Path) -> None:
    holds(torture.broken_stores(tmp_path, ("sparse file of 1 TB", "read-only")))


def test_two_processes_on_one_home_lose_and_hide_nothing(tmp_path: Path) -> None:
    holds(torture.two_processes(20, tmp_path))


@pytest.mark.parametrize("kind", [kind for kind in torture.KINDS if "locked" not in kind and "read-only" not in kind])
def test_nothing_typed_is_lost_and_one_sentence_says_why(kind: str, tmp_path: Path) -> None:
    holds(torture.stopped(1, tmp_path, kind))


def test_a_database_that_stays_locked_is_said_to_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT", 0.2)
    person = person_named(desk, "Amara")
    other = open_records(desk.records.path)
    with other.database.writing():
        waiting = open_records(desk.records.path)
        with pytest.raises(torture.CoachError, match="Another program"):
            waiting.keep_writing({"text": "half a sentence"})
        waiting.close()
    other.close()
    desk.records.keep_writing({"text": "half a sentence"})
    assert desk.records.writing() == {"text": "half a sentence"} and desk.records.people() == (person,)


def test_forgetting_leaves_no_byte_in_any_form(tmp_path: Path) -> None:
    holds(torture.forget_people(2, tmp_path))


def test_a_forgetting_that_was_cut_short_is_ended_by_the_next_start(
    desk: Desk, open_home: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    amara = person_named(desk, "Amara")
    add_note(desk, amara, "Zwölfkämpferin.", "personal", True, DAY)

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.records, "forget_person", stop)
    with pytest.raises(KeyboardInterrupt):
        desk.forget(amara)
    desk.records.close()
    again = open_home(desk.settings.home)
    assert again.records.people() == () and not (desk.settings.home / "forgetting").exists()
    assert torture._left(desk.settings.home, {"it": "Zwölfkämpferin".encode()}) == []


def test_a_change_of_keys_survives_a_kill(tmp_path: Path) -> None:
    holds(torture.kill_rekey(1, tmp_path))


# Every earlier schema


ROWS: dict[str, dict[str, Any]] = {
    "people": {"id": "p1", "name": "Amara", "aliases": "[]", "folded": "amara"},
    "notes": {"person_id": "p1", "id": "n1", "text": "Likes tea.", "date": "2026-05-04", "kind": "personal"},
}


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


@pytest.fixture
def at_revision(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A database as that revision left it, with a person and a note."""

    def make(revision: str) -> Path:
        path = tmp_path / f"{revision}.sqlite3"
        engine = create_engine(f"sqlite:///{path}")
        config = Config()
        config.set_main_option("script_location", str(database.MIGRATIONS))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            for table, known in ROWS.items():
                columns = [
                    c["name"] for c in inspect(connection).get_columns(table) if c["name"] not in ("row", "vector")
                ]
                values: dict[str, Any] = {name: known.get(name, "me" if name == "owner" else "") for name in columns}
                values |= {name: 0 for name in ("sample", "private") if name in columns}
                names = ", ".join(values)
                connection.execute(
                    text(f"INSERT INTO {table} ({names}) VALUES (:{names.replace(', ', ', :')})"), values
                )
        engine.dispose()
        return path

    yield make


@pytest.mark.parametrize("revision", revisions())
def test_every_earlier_schema_opens_and_nothing_is_lost(revision: str, at_revision: Callable[[str], Path]) -> None:
    records = open_records(at_revision(revision))
    assert [(n.id, n.person, n.text, n.date) for n in records.notes()] == [("n1", "Amara", "Likes tea.", DAY)]
    records.keep_notes(records.notes(), None, "")
    assert records.search_words(["tea"], None, False, 3) == [n.revision for n in records.notes()]
    records.close()


def test_a_newer_schema_is_refused_politely(at_revision: Callable[[str], Path]) -> None:
    path = at_revision("head")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerDatabase, match="Update Coach"):
        open_records(path)


def test_an_upgrade_that_stops_half_way_leaves_the_schema_as_it_was(
    at_revision: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = at_revision("0001")

    def stop(config: Config, _: str) -> None:
        config.attributes["connection"].execute(text("CREATE TABLE promises (half INTEGER)"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(command, "upgrade", stop)
        open_records(path)
    records = open_records(path)
    assert records.promises() == () and len(records.notes()) == 1
    records.close()
