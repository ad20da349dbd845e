"""The records: one owner's rows in SQLite, kept safe, kept apart, and gone when they are to be gone."""

import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from coach import records as module
from coach.desk import Desk
from coach.errors import BadRequest, HomeUnusable, NewerDatabase, SeveralPeople, UnknownPerson
from coach.exchange import add_note, person_named
from coach.records import (
    HEAD,
    Message,
    Note,
    Person,
    Promise,
    PromiseState,
    Records,
    find_person,
    open_records,
)

DAY = date(2026, 5, 4)
# Twenty digits: a shorter number is soon found by chance in some index's random ids.
CANARY = "Zwölfkämpferin Ødegård ⁂ 90217391646820175533"


def note(person: Person, text: str, *, note_id: str = "", private: bool = False, day: date = DAY) -> Note:
    return Note(
        id=note_id or text,
        person_id=person.id,
        person=person.name,
        date=day,
        kind="observation",
        private=private,
        text=text,
    )


def message(person: Person, text: str = "Thank you.", message_id: str = "m1") -> Message:
    return Message(
        id=message_id,
        person_id=person.id,
        person=person.name,
        situation="what happened",
        kind="recognition",
        channel="direct",
        drafted="Thank you!",
        text=text,
        happened=DAY,
        sent_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
        sources={"notes": ["n1"], "drafter": "built-in"},
    )


def keep(records: Records, *notes: Note) -> None:
    records.keep_notes(notes, None, "")


@pytest.fixture
def records(desk: Desk) -> Records:
    return desk.records


@pytest.fixture
def amara(records: Records) -> Person:
    person = Person(
        id="p1", name="Amara Okafor", start_date=DAY, aliases=("Sister A",), pronouns="she", birthday="03-17"
    )
    records.keep_person(person)
    return person


@pytest.fixture
def wei(records: Records) -> Person:
    person = Person(id="p2", name="Wei Chen")
    records.keep_person(person)
    return person


# The database


def test_the_newest_migration_is_the_one_that_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_new_database_has_every_table_at_the_newest_version(records: Records) -> None:
    with sqlite3.connect(records.path) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"people", "notes", "messages", "writings", "edits", "notes_fts", "alembic_version"} <= names
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        for table in ("people", "notes", "messages", "writings"):
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            assert "owner" in columns
    connection.close()


def test_opening_again_keeps_what_is_there(records: Records, amara: Person) -> None:
    again = open_records(records.path)
    assert again.people() == (amara,)
    again.close()


def test_a_database_of_a_newer_coach_is_refused_and_left_as_it_was(records: Records, amara: Person) -> None:
    records.close()
    connection = sqlite3.connect(records.path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = records.path.read_bytes()
    with pytest.raises(NewerDatabase, match="Update Coach"):
        open_records(records.path)
    assert records.path.read_bytes() == before


def test_a_damaged_database_is_named_in_one_sentence_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "coach.sqlite3"
    path.write_bytes(b"this is no database" * 1_000)
    with pytest.raises(HomeUnusable, match=r"damaged.*coach import"):
        open_records(path)
    assert path.read_bytes() == b"this is no database" * 1_000


def test_folders_are_0700_and_files_0600(desk: Desk, amara: Person) -> None:
    add_note(desk, amara, "stayed late", "observation", False, DAY)
    desk.open_index()
    for path in [desk.settings.home, *desk.settings.home.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path.name, oct(mode))


def test_every_connection_is_durable_and_keeps_references(records: Records) -> None:
    with records._begin() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_note_about_nobody_is_refused_without_quoting_it(records: Records) -> None:
    ghost = Person(id="nobody", name="Nobody")
    with pytest.raises(BadRequest) as raised:
        keep(records, note(ghost, CANARY))
    assert CANARY not in str(raised.value) and raised.value.__cause__ is None
    assert records.notes() == ()


# People


def test_a_person_comes_back_as_kept(records: Records, amara: Person) -> None:
    assert records.person("p1") == amara
    records.keep_person(replace(amara, role="Sister", start_date=None))
    assert records.people() == (replace(amara, role="Sister", start_date=None),)


def test_a_person_who_is_gone_is_said_to_be(records: Records) -> None:
    with pytest.raises(UnknownPerson):
        records.person("p1")


def test_two_people_cannot_have_one_name(records: Records, amara: Person) -> None:
    with pytest.raises(BadRequest):
        records.keep_person(Person(id="other", name="AMARA OKAFOR"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Amara Okafor", "p1"),
        ("amara okafor ", "p1"),
        ("sister a", "p1"),
        ("AMARA", "p1"),
        ("Wei", "p2"),
        ("Okafor", None),  # no fault: a surname alone is nobody's first name
        ("Ama", None),
        ("", None),
    ],
)
def test_a_person_is_found_by_full_name_other_name_or_first_name(
    records: Records, amara: Person, wei: Person, typed: str, found: str | None
) -> None:
    person = find_person(records.people(), typed)
    assert (person.id if person else None) == found


def test_a_first_name_of_two_people_asks_for_the_full_one() -> None:
    people = [Person(id="a", name="Ruth Adler"), Person(id="b", name="Ruth Baker"), Person(id="c", name="Ruth")]
    with pytest.raises(SeveralPeople, match="Ruth Adler or Ruth Baker"):
        find_person(people[:2], "ruth")
    # No fault: the full name is hers alone, whoever else starts with it.
    assert find_person(people, "ruth") == people[2]


def test_a_full_name_goes_before_another_persons_other_name() -> None:
    people = [Person(id="a", name="Ruth Adler", aliases=("Kim",)), Person(id="b", name="Kim")]
    found = find_person(people, "Kim")
    assert found and found.id == "b"


# Notes


def test_notes_come_newest_first_and_of_one_person(records: Records, amara: Person, wei: Person) -> None:
    keep(
        records, note(amara, "old", day=date(2025, 1, 1)), note(wei, "of Wei"), note(amara, "new"), note(amara, "newer")
    )
    assert [n.text for n in records.notes("p1")] == ["newer", "new", "old"]


def test_a_changed_note_is_one_note_with_a_new_revision(records: Records, amara: Person) -> None:
    keep(records, note(amara, "before", note_id="n1"))
    first, version = records.notes()[0], records.version()
    keep(records, note(amara, "after", note_id="n1"))
    (second,) = records.notes()
    assert second.text == "after" and second.revision != first.revision and records.version() > version
    assert records.notes_by_revision([first.revision]) == {}


def test_a_private_note_is_never_given_for_a_channel_that_others_read(records: Records, amara: Person) -> None:
    keep(records, note(amara, "open tea"), note(amara, "secret tea", private=True))
    every = {n.text: n.revision for n in records.notes()}
    assert set(records.notes_by_revision(list(every.values()))) == set(every.values())
    assert list(records.notes_by_revision(list(every.values()), public=True)) == [every["open tea"]]
    assert [n.text for n in records.notes(public=True)] == ["open tea"]
    assert records.search_words(["tea"], None, True, 10) == [every["open tea"]]
    vectors = np.eye(2, 384, dtype=np.float32)
    records.keep_notes([note(amara, "open tea"), note(amara, "secret tea", private=True)], vectors, "m")
    assert len(records.note_vectors("m", None, public=True)[0]) == 1


def test_more_revisions_than_one_statement_holds_are_all_found(records: Records, amara: Person) -> None:
    keep(records, *(note(amara, f"note {at}") for at in range(1_200)))
    revisions = [n.revision for n in records.notes()]
    assert len(records.notes_by_revision([*revisions, "gone"])) == 1_200


def test_words_find_notes_by_stem_best_first_and_after_every_change(
    records: Records, amara: Person, wei: Person
) -> None:
    keep(
        records,
        note(amara, "The tea trolley was empty, no tea", note_id="a"),
        note(amara, "A long note that mentions tea only once", note_id="b"),
    )
    keep(records, note(wei, "Presented the rota", note_id="c"))

    def found(*words: str, who: str | None = None, k: int = 10) -> list[str]:
        texts = records.notes_by_revision([n.revision for n in records.notes()])
        return [texts[revision].id for revision in records.search_words(words, who, False, k)]

    assert found("tea") == ["a", "b"] and found("tea", k=1) == ["a"]
    assert found("presenting") == ["c"] and found("presenting", who="p1") == []
    assert found() == [] and found('"', "tea*", "NEAR(") == ["a", "b"]
    keep(records, note(amara, "Likes coffee", note_id="a"))
    records.delete_note("b")
    assert found("tea") == [] and found("coffee") == ["a"]


def test_vectors_come_back_as_kept_and_by_their_embedder_only(records: Records, amara: Person) -> None:
    vectors = np.random.default_rng(1).normal(size=(2, 384)).astype(np.float32)
    records.keep_notes([note(amara, "one"), note(amara, "two")], vectors, "model-a")
    revisions, kept = records.note_vectors("model-a")
    texts = [records.notes_by_revision([revision])[revision].text for revision in revisions]
    assert np.array_equal(kept[[texts.index("one"), texts.index("two")]], vectors)
    assert records.note_vectors("model-b")[1].shape == (0, 384)
    assert len(records.notes_to_embed("model-b", 9)) == records.count_to_embed("model-b") == 2
    assert len(records.notes_to_embed("model-b", 1)) == 1 and records.notes_to_embed("model-a", 9) == ()


# Messages and the text being written


def test_a_message_kept_twice_is_one(records: Records, amara: Person) -> None:
    records.keep_message(message(amara))
    records.keep_message(message(amara, text="another text under the same id"))
    assert records.messages() == (message(amara),)


def test_what_is_being_written_outlives_the_window(records: Records) -> None:
    assert records.writing() == {}
    records.keep_writing({"situation": "half a sent"})
    records.keep_writing({"situation": "half a sentence"})
    again = open_records(records.path)
    assert again.writing() == {"situation": "half a sentence"}
    again.close()


# Owners


def test_owners_never_see_or_touch_each_others_rows(records: Records, amara: Person) -> None:
    keep(records, note(amara, "mine", note_id="n1"))
    records.keep_message(message(amara))
    records.keep_writing({"a": 1})
    other = open_records(records.path, owner="someone-else")
    assert other.people() == other.notes() == other.messages() == () and other.writing() == {}
    revisions = [n.revision for n in records.notes()]
    assert other.notes_by_revision(revisions) == {} and other.search_words(["mine"], None, False, 5) == []
    with pytest.raises(UnknownPerson):
        other.person("p1")
    other.keep_person(replace(amara, name="Overwritten"))
    other.delete_note("n1")
    assert other.forget_person(amara).notes == 0
    other.remove_sample()
    other.close()
    assert records.people() == (amara,) and len(records.notes()) == len(records.messages()) == 1
    assert records.writing() == {"a": 1}


# Forgetting


def test_forgetting_a_person_leaves_no_byte_of_them_in_any_file(desk: Desk, amara: Person, wei: Person) -> None:
    person = Person(id="p3", name=CANARY, role=CANARY, prefers=CANARY, aliases=(CANARY + " alias",))
    desk.records.keep_person(person)
    for at in range(40):
        add_note(desk, person, f"{CANARY} {at}", "personal", at % 2 == 0, DAY)
    add_note(desk, wei, "stays", "observation", False, DAY)
    desk.records.keep_message(message(person, text=CANARY))
    desk.records.keep_writing({"situation": CANARY})
    desk.open_index()
    assert desk.index_state == "ready"
    assert any(CANARY.encode() in path.read_bytes() for path in _files(desk)), "the scan must be able to see it"

    receipt = desk.forget(person)

    assert (receipt.notes, receipt.messages, receipt.mentions_left) == (40, 1, 0)
    # Words of it too: the full-text index keeps single, folded words.
    traces = [
        CANARY.encode(),
        "Zwölfkämpferin".encode(),
        b"zwolfkampferin",
        "Ødegård".encode(),
        b"90217391646820175533",
    ]
    left = [(path.name, trace) for path in _files(desk) for trace in traces if trace in path.read_bytes()]
    assert left == []
    assert {p.name for p in desk.records.people()} == {"Amara Okafor", "Wei Chen"}
    assert [n.text for n in desk.records.notes()] == ["stays"]
    assert [f.note.text for f in desk.notes("stays", None, None, DAY, 5)] == ["stays"]


def _files(desk: Desk) -> list[Path]:
    return [path for path in desk.settings.home.rglob("*") if path.is_file()]


def test_forgetting_counts_the_notes_about_others_that_still_name_the_person(desk: Desk, amara: Person) -> None:
    add_note(desk, person_named(desk, "Wei Chen"), "Was helped by amara okafor.", "observation", False, DAY)
    assert desk.forget(amara).mentions_left == 1


def test_removing_the_sample_leaves_the_leaders_own(records: Records, amara: Person) -> None:
    sample = Person(id="s", name="Sample Sam", sample=True)
    records.keep_person(sample)
    keep(records, note(sample, "of the sample"), note(amara, "own"))
    records.remove_sample()
    assert records.people() == (amara,) and [n.text for n in records.notes()] == ["own"]


def _promise(person: Person, promise_id: str = "w1", due: date | None = DAY) -> Promise:
    return Promise(id=promise_id, person_id=person.id, person=person.name, what="get back to you", due=due, made=DAY)


def test_promises_come_back_the_next_due_first_and_those_without_a_day_last(records: Records, amara: Person) -> None:
    later, first, never = _promise(amara, "w1", date(2027, 1, 1)), _promise(amara, "w2"), _promise(amara, "w3", None)
    for promise in (later, never, first):
        records.keep_promise(promise)
    assert records.promises() == (first, later, never)
    assert records.promises("somebody else") == ()


def test_a_promise_kept_twice_is_one_and_keeps_what_became_of_it(records: Records, amara: Person) -> None:
    records.keep_promise(_promise(amara))
    records.settle_promise("w1", PromiseState.DONE, DAY)
    records.keep_promise(_promise(amara))
    assert [(p.state, p.settled) for p in records.promises()] == [(PromiseState.DONE, DAY)]


def test_a_promise_is_moved_to_another_day_with_a_word_why(records: Records, amara: Person) -> None:
    records.keep_promise(_promise(amara))
    with pytest.raises(BadRequest, match="in a word why"):
        records.settle_promise("w1", PromiseState.MOVED, DAY, " ", date(2027, 1, 1))
    with pytest.raises(BadRequest, match="15 November 2026 is over"):
        records.settle_promise("w1", PromiseState.MOVED, date(2026, 11, 16), "supplier is late", date(2026, 11, 15))
    assert records.promises()[0].state is PromiseState.OPEN
    records.settle_promise("w1", PromiseState.MOVED, DAY, "supplier is late", date(2027, 1, 1))
    moved = records.promises()[0]
    assert (moved.due, moved.why, moved.to_keep) == (date(2027, 1, 1), "supplier is late", True)
    assert not moved.overdue(date(2027, 1, 1))
    assert moved.overdue(date(2027, 1, 2))


def test_a_promise_that_is_gone_cannot_be_settled(records: Records) -> None:
    with pytest.raises(BadRequest, match="no longer"):
        records.settle_promise("w1", PromiseState.DONE, DAY)


def test_what_was_declined_is_no_promise_and_stays_declined(records: Records, amara: Person) -> None:
    records.keep_promise(replace(_promise(amara), state=PromiseState.DECLINED))
    records.keep_promise(_promise(amara))
    assert records.promises() == ()
    assert [p.state for p in records.promises(declined=True)] == [PromiseState.DECLINED]


def test_promises_are_forgotten_with_the_person(records: Records, amara: Person, wei: Person) -> None:
    records.keep_promise(_promise(amara))
    records.keep_promise(_promise(wei, "w2"))
    assert records.forget_person(amara).promises == 1
    assert [p.person for p in records.promises()] == ["Wei Chen"]


def test_new_vectors_leave_the_note_and_its_revision_as_they_are(records: Records, amara: Person) -> None:
    records.keep_notes([note(amara, "one"), note(amara, "two")], None, "")
    one, two = records.notes_to_embed("m", 9)
    records.delete_note(two.id)
    vectors = np.random.default_rng(2).normal(size=(2, 8)).astype(np.float32)
    records.keep_vectors([one, two], vectors, "m")
    assert records.notes() == (one,)
    assert records.revisions("m") == [one.revision] and records.revisions("other") == []
    # A note that went meanwhile has zeros, so that the rows stay in order.
    assert np.array_equal(records.vectors_of([two.revision, one.revision]), np.stack([vectors[0] * 0, vectors[0]]))


def test_words_that_most_notes_hold_are_not_scored(
    records: Records, amara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.records.MATCHES_SCORED", 3)
    records.keep_notes([note(amara, f"shift number {at}") for at in range(5)], None, "")
    records.keep_notes([note(amara, "shift swapped with Tomás")], None, "")
    found = records.notes_by_revision(records.search_words(["shift", "swapped", "tomás"], None, False, 9))
    assert [one.text for one in found.values()] == ["shift swapped with Tomás"]
    assert records.search_words(["shift"], None, False, 9) == []
    assert records.search_words([f"word{at}" for at in range(2_000)], None, False, 9) == []


def test_a_word_is_counted_anew_once_a_note_has_changed(
    records: Records, amara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.records.MATCHES_SCORED", 2)
    assert records.search_words(["kettle"], None, False, 9) == []
    records.keep_notes([note(amara, "mended the kettle", note_id="k1")], None, "")
    assert len(records.search_words(["kettle"], None, False, 9)) == 1
    records.keep_notes([note(amara, f"kettle {at}", note_id=f"k{at}") for at in (2, 3)], None, "")
    assert records.search_words(["kettle"], None, False, 9) == []
    records.delete_note("k2")
    assert len(records.search_words(["kettle"], None, False, 9)) == 2
