"""Copies of the notebook, made beside a running app, and one of them brought back."""

import sqlite3
import stat
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from coach.backup import KEPT, backups, is_due, make_backup, restore
from coach.desk import Desk
from coach.errors import BadFile, BadRequest, HomeUnusable
from coach.exchange import add_note, person_named
from coach.records import open_records

DAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 12)


def texts(path: Path) -> set[str]:
    records = open_records(path)
    try:
        return {note.text for note in records.notes()}
    finally:
        records.close()


def keep(desk: Desk, text: str) -> None:
    add_note(desk, person_named(desk, "Amara"), text, "observation", False, DAY)


def test_a_backup_is_whole_and_its_owners_alone_while_the_notebook_is_written(desk: Desk) -> None:
    keep(desk, "One.")
    with desk.records._begin():  # somebody is writing
        made = make_backup(desk.records.database.place, NOON)
    assert texts(made.path) == {"One."} and stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert sorted(p.name for p in made.path.parent.glob("*.sqlite3*")) == [made.path.name]
    assert backups(desk.settings.home) == (made,)


def test_the_oldest_go_by_number_though_the_clock_was_set_back(desk: Desk) -> None:
    keep(desk, "One.")
    made = [make_backup(desk.records.database.place, NOON.replace(day=28 - at)) for at in range(KEPT + 2)]
    assert [one.number for one in backups(desk.settings.home)] == [one.number for one in reversed(made[2:])]
    assert not made[0].path.exists() and made[-1].path.exists()


def test_one_is_due_after_a_day_and_when_there_is_none_or_it_is_from_the_future(desk: Desk) -> None:
    assert is_due(desk.settings.home, NOON)
    make_backup(desk.records.database.place, NOON)
    # No fault: less than a day ago.
    assert not is_due(desk.settings.home, NOON.replace(hour=23))
    assert is_due(desk.settings.home, NOON.replace(day=5, hour=13)) and is_due(desk.settings.home, NOON.replace(day=2))


def test_a_backup_comes_back_and_what_was_there_can_be_brought_back_too(desk: Desk, coach: Path) -> None:
    keep(desk, "One.")
    first = make_backup(desk.records.database.place, NOON)
    keep(desk, "Two.")
    with pytest.raises(HomeUnusable, match="open in another window"):
        restore(desk.records.database.place, None, NOON)
    desk.records.close()
    assert restore(desk.records.database.place, None, NOON) == first.path
    assert texts(desk.settings.database) == {"One."}
    done = subprocess.run([coach, "--home", desk.settings.home, "restore"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "as it was in" in done.stdout, done.stderr
    assert texts(desk.settings.database) == {"One.", "Two."}


def test_a_damaged_database_is_set_aside_for_the_newest_backup_that_is_whole(desk: Desk) -> None:
    keep(desk, "One.")
    place = desk.records.database.place
    make_backup(place, NOON)
    torn = make_backup(place, NOON)
    torn.path.write_bytes(torn.path.read_bytes()[:9_000])
    desk.records.close()
    place.path.write_bytes(b"this is no database" * 1_000)
    restore(place, None, NOON)
    assert texts(place.path) == {"One."}
    assert place.path.with_name("coach.sqlite3.damaged").read_bytes().startswith(b"this is no")


def test_what_is_no_backup_is_refused_and_nothing_changes(desk: Desk, tmp_path: Path) -> None:
    keep(desk, "One.")
    desk.records.close()
    place = desk.records.database.place
    (tmp_path / "text").write_bytes(b"Dear diary" * 900)
    for file in (None, tmp_path / "none", tmp_path / "text"):
        with pytest.raises(BadFile):
            restore(place, file, NOON)
    assert texts(place.path) == {"One."} and not list(desk.settings.home.glob(".new-*"))


def test_another_programs_database_is_no_backup(desk: Desk, tmp_path: Path) -> None:
    desk.records.close()
    connection = sqlite3.connect(tmp_path / "other.sqlite3")
    connection.execute("CREATE TABLE recipes (name)")
    connection.commit()
    connection.close()
    with pytest.raises(BadFile):
        restore(desk.records.database.place, tmp_path / "other.sqlite3", NOON)


def test_forgetting_a_person_reaches_the_backups(desk: Desk) -> None:
    keep(desk, "One.")
    add_note(desk, person_named(desk, "Wei Chen"), "Stays.", "observation", False, DAY)
    made = [make_backup(desk.records.database.place, NOON) for _ in range(2)]
    receipt = desk.forget(person_named(desk, "Amara"))
    assert receipt.backups == 2 and [texts(one.path) for one in made] == [{"Stays."}, {"Stays."}]
    assert b"One." not in b"".join(one.path.read_bytes() for one in made)


def test_a_backup_that_cannot_be_written_is_said_to_be(desk: Desk) -> None:
    keep(desk, "One.")
    (desk.settings.home / "backups").write_text("in the way")
    with pytest.raises(HomeUnusable, match="cannot write beside"):
        make_backup(desk.records.database.place, NOON)


def test_a_server_has_its_own_backups(desk: Desk) -> None:
    from coach.database import Place

    with pytest.raises(BadRequest, match="pg_dump"):
        make_backup(Place(path=desk.settings.database, url="postgresql://h/d"), NOON)


def test_the_command_line_makes_and_lists_them(home: Path, coach: Path, open_home: Callable[..., Desk]) -> None:
    command = [coach, "--home", home, "backup"]
    done = [subprocess.run([*command, *more], capture_output=True, text=True, check=False) for more in ([], ["--list"])]
    assert [one.returncode for one in done] == [0, 0]
    (made,) = backups(home)
    assert str(made.path) in done[0].stdout and str(made.path) in done[1].stdout
