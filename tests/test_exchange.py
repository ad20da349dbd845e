"""The notebook in and out: the same rows twice add nothing, a bad row harms no other, and out is in again."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.desk import Desk, open_desk
from coach.errors import BadFile
from coach.exchange import (
    NOTE_KINDS,
    Imported,
    add_note,
    export_all,
    import_all,
    import_messages,
    import_notes,
    import_people,
    person_named,
    read_rows,
)
from coach.records import MomentState, Person, Promise, PromiseState, new_id
from coach.settings import read_settings

PEOPLE = {
    "people.jsonl": '{"name": "Amara Okafor", "role": "Nurse", "pronouns": "she/her", "start_date": "2019-04-08", '
    '"birthday": "1990-03-17", "prefers": "In public", "aliases": ["Sister A", "Mara"]}\n\n{"name": "Wei Chen"}\n',
    "people.csv": "name,role,pronouns,start_date,birthday,prefers,aliases\r\n"
    "Amara Okafor,Nurse,she,2019-04-08,03-17,In public,Sister A; Mara\r\nWei Chen,,,,,,\r\n",
    "people.yaml": "- {name: Amara Okafor, role: Nurse, pronouns: She, start_date: 2019-04-08, birthday: 03-17, "
    "prefers: In public, aliases: [Sister A, Mara]}\n- name: Wei Chen\n",
}
NOTES = {
    "notes.jsonl": '{"person": "Amara Okafor", "date": "2026-05-04", "kind": "personal", "private": true, "text": "Likes tea"}\n'
    '{"person": "Wei Chen", "date": "2026-05-05", "text": "Said \\"no\\", kindly"}\n',
    "notes.csv": 'Person,Date,Kind,Private,Text\nAmara Okafor,2026-05-04,personal,yes,Likes tea\nWei Chen,2026-05-05,,,"Said ""no"", kindly"\n',
    "notes.yml": "- {person: Amara Okafor, date: 2026-05-04, kind: personal, private: true, text: Likes tea}\n"
    "- {person: Wei Chen, date: 2026-05-05, text: 'Said \"no\", kindly'}\n",
}


def rows(name: str, text: str | bytes) -> list[tuple[int, Any]]:
    return read_rows(Path(name), text.encode() if isinstance(text, str) else text)


# The three formats


@pytest.mark.parametrize("name", PEOPLE)
def test_people_come_in_alike_from_every_format_and_twice_adds_nothing(desk: Desk, name: str) -> None:
    assert import_people(desk, rows(name, PEOPLE[name])) == Imported(added=2)
    amara, wei = desk.records.people()
    assert (amara.name, amara.role, amara.pronouns, amara.birthday, amara.prefers) == (
        "Amara Okafor",
        "Nurse",
        "she",
        "03-17",
        "In public",
    )
    assert amara.start_date == date(2019, 4, 8) and amara.aliases == ("Sister A", "Mara")
    assert (wei.name, wei.role, wei.aliases, wei.start_date) == ("Wei Chen", "", (), None)
    assert import_people(desk, rows(name, PEOPLE[name])) == Imported(same=2)
    assert desk.records.people() == (amara, wei)


@pytest.mark.parametrize("name", NOTES)
def test_notes_come_in_alike_from_every_format_and_twice_adds_nothing(desk: Desk, name: str) -> None:
    assert import_notes(desk, rows(name, NOTES[name])) == Imported(added=2)
    kept = [(n.person, n.date, n.kind, n.private, n.text) for n in desk.records.notes()]
    assert kept == [
        ("Wei Chen", date(2026, 5, 5), "observation", False, 'Said "no", kindly'),
        ("Amara Okafor", date(2026, 5, 4), "personal", True, "Likes tea"),
    ]
    assert import_notes(desk, rows(name, NOTES[name])) == Imported(same=2)
    assert len(desk.records.notes()) == 2 and len(desk.records.people()) == 2


def test_the_three_formats_of_the_same_rows_add_them_once(desk: Desk) -> None:
    done = [import_people(desk, rows(name, text)) for name, text in PEOPLE.items()]
    done += [import_notes(desk, rows(name, text)) for name, text in NOTES.items()]
    assert [(one.added, one.changed, one.bad) for one in done] == [(2, 0, ()), (0, 0, ()), (0, 0, ())] * 2


def test_a_note_with_an_id_is_changed_by_the_same_id(desk: Desk) -> None:
    row = {"id": "n1", "person": "Wei", "date": "2026-05-04", "text": "before"}
    import_notes(desk, [(1, row)])
    assert import_notes(desk, [(1, row | {"text": "after"})]) == Imported(changed=1)
    assert [(n.id, n.text) for n in desk.records.notes()] == [("n1", "after")]


def test_what_a_file_does_not_say_about_a_person_stays(desk: Desk) -> None:
    import_people(desk, rows("p.jsonl", PEOPLE["people.jsonl"]))
    assert import_people(desk, [(1, {"name": "amara okafor", "role": "Sister"})]).changed == 1
    amara = desk.records.people()[0]
    assert amara.role == "Sister" and amara.prefers == "In public" and amara.aliases == ("Sister A", "Mara")


def test_a_note_about_an_ambiguous_first_name_is_a_bad_row(desk: Desk) -> None:
    import_people(desk, [(1, {"name": "Ruth Adler"}), (2, {"name": "Ruth Baker"})])
    done = import_notes(desk, [(7, {"person": "Ruth", "date": "2026-05-04", "text": "x"})])
    assert done.added == 0 and done.bad[0][0] == 7 and "full name" in done.bad[0][1]


# Bad input

GOOD = {"person": "Wei", "date": "2026-05-04", "text": "good"}
BAD_NOTES: list[tuple[Any, str]] = [
    (GOOD | {"kind": "gossip"}, "kind is one of"),
    (GOOD | {"date": "yesterday"}, "date"),
    (GOOD | {"text": " \n\x00"}, "the note is empty"),
    (GOOD | {"text": "x" * 8_001}, "8,001 characters"),
    (GOOD | {"mood": "cheerful"}, "mood"),
    ({"person": "Wei", "text": "no day"}, "date"),
    (GOOD | {"person": "  "}, "name is empty"),
    (GOOD | {"person": "N" * 300}, "300 characters"),
    (GOOD | {"private": "perhaps"}, "private"),
    (["Wei", "2026-05-04", "a list"], "named fields"),
    ("Wei", "named fields"),
    (None, "named fields"),
]
BAD_PEOPLE: list[tuple[Any, str]] = [
    ({"name": ""}, "name is empty"),
    ({"role": "Nurse"}, "name"),
    ({"name": 5}, "name"),
    ({"name": "N" * 300}, "300 characters"),
    ({"name": "Wei", "pronouns": "xyz"}, "he, she or they"),
    ({"name": "Wei", "birthday": "17 March"}, "MM-DD"),
    ({"name": "Wei", "birthday": "02-30"}, "birthday"),
    ({"name": "Wei", "start_date": "soon"}, "start_date"),
    ({"name": "Wei", "aliases": 5}, "aliases"),
    ({"name": "Wei", "aliases": [5]}, "aliases"),
    ({"name": "Wei", "aliases": {"a": 1}}, "aliases"),
    ({"name": "Wei", "salary": 1}, "salary"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_NOTES)
def test_a_bad_note_is_reported_with_its_number_and_reason_and_the_good_ones_are_kept(
    desk: Desk, row: Any, reason: str
) -> None:
    done = import_notes(desk, [(1, GOOD), (2, row), (3, GOOD | {"text": "also good"})])
    assert done.added == 2 and [number for number, _ in done.bad] == [2] and reason in done.bad[0][1]
    assert {n.text for n in desk.records.notes()} == {"good", "also good"}


@pytest.mark.parametrize(("row", "reason"), BAD_PEOPLE)
def test_a_bad_person_is_reported_with_its_number_and_reason_and_the_good_ones_are_kept(
    desk: Desk, row: Any, reason: str
) -> None:
    done = import_people(desk, [(1, {"name": "Amara"}), (2, row), (3, {"name": "Tomás"})])
    assert done.added == 2 and [number for number, _ in done.bad] == [2] and reason in done.bad[0][1]


def test_a_leap_day_birthday_is_no_fault(desk: Desk) -> None:
    assert import_people(desk, [(1, {"name": "Wei", "birthday": "02-29"})]) == Imported(added=1)


def test_a_reason_never_quotes_what_was_written(desk: Desk) -> None:
    done = import_notes(
        desk, [(1, {"person": "Wei", "date": "secret-a", "kind": "secret-b", "private": "secret-c", "text": 5})]
    )
    assert "secret" not in done.bad[0][1]


def test_a_half_written_line_of_json_is_one_bad_row(desk: Desk) -> None:
    done = import_people(desk, rows("p.jsonl", '{"name": "Amara"}\n{"name": "Wei Ch\n{"name": "Tomás"}\n{"na'))
    assert done == Imported(added=2, bad=((2, "this line is not complete JSON"), (4, "this line is not complete JSON")))


def test_a_line_separator_inside_a_note_ends_no_line(desk: Desk) -> None:
    text = "first\u2028second\u2029third"
    line = json.dumps(GOOD | {"text": text}, ensure_ascii=False)
    assert import_notes(desk, rows("n.jsonl", line + "\r\n")) == Imported(added=1)
    assert desk.records.notes()[0].text == text


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl", "people.yaml"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(desk: Desk, name: str) -> None:
    assert import_people(desk, rows(name, b"\xef\xbb\xbf" + PEOPLE[name].encode())) == Imported(added=2)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("p.csv", "name\nJos\xe9".encode("latin-1"), "not UTF-8"),
        ("p.jsonl", '{"name": "José"}'.encode("utf-16"), "not UTF-8"),
        ("p.csv", b"first,last\nAmara,Okafor\n", "first line names the columns"),
        ("p.csv", b"", "first line names the columns"),
        ("p.csv", b'name\n"Amara\n', "not a CSV file"),
        ("p.csv", b"name\n" + b"x" * 200_000, "not a CSV file"),
        ("p.yaml", b"- name: [", "not YAML"),
        ("p.yaml", b"name: Amara", "a list is expected"),
        ("p.yaml", b"- name: !!python/object/apply:os.system [true]", "not YAML"),
        ("p.yaml", b"\x00", "not YAML"),
        ("p.xlsx", b"PK", ".jsonl, .csv or .yaml"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile) as raised:
        read_rows(Path(name), data)
    assert sentence in str(raised.value) and name in str(raised.value) and "\n" not in str(raised.value)


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadFile):
            read_rows(path if path.suffix else tmp_path / "folder.csv")


def test_a_csv_row_with_too_many_or_too_few_columns_is_judged_by_itself(desk: Desk) -> None:
    done = import_people(desk, rows("p.csv", "name,role\nAmara,Nurse,extra\nWei\nTomás,Porter\n"))
    assert done.added == 2 and [number for number, _ in done.bad] == [2]


def test_deeply_nested_json_is_a_bad_row(desk: Desk) -> None:
    assert import_people(desk, rows("p.jsonl", "[" * 100_000)).bad[0][0] == 1


# Everything, out and in again

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)
WORDS = st.text(st.characters(categories=["L", "N", "M", "P", "Zs"]), min_size=1, max_size=12)
NAMES = st.tuples(st.sampled_from(["Amara", "Wei", "Ruth", "Ωmega", "José", "李"]), WORDS).map(" ".join)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(str)
PERSON = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "role": TEXTS,
        "pronouns": st.sampled_from(["he", "she", "they", ""]),
        "start_date": DAYS,
        "birthday": st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: day.strftime("%m-%d")),
        "prefers": TEXTS,
        "aliases": st.lists(WORDS, max_size=3),
    },
)
NOTE = st.fixed_dictionaries(
    {"person": NAMES, "date": st.sampled_from(["2026-05-04", "2026-05-05"]) | DAYS, "text": TEXTS},
    optional={"kind": st.sampled_from(NOTE_KINDS), "private": st.booleans(), "id": st.uuids().map(str)},
)
MESSAGE = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "person": NAMES,
        "situation": TEXTS,
        "kind": st.sampled_from(["recognition", "feedback"]),
        "channel": st.sampled_from(["public-chat", "direct", "email", "spoken", "card"]),
        "drafted": TEXTS,
        "text": TEXTS,
        "happened": st.none() | DAYS,
        "sent_at": st.datetimes(timezones=st.none() | st.just(UTC)).map(datetime.isoformat),
        "sources": st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=2), max_size=2),
    }
)


@settings(max_examples=40)
@example(
    [], [{"person": "Wei", "date": "2026-05-04", "text": "cafe\0\u0301"}], []
)  # composed only once the NUL is gone
@given(st.lists(PERSON, max_size=4), st.lists(NOTE, max_size=5), st.lists(MESSAGE, max_size=3))
def test_what_was_exported_and_imported_exports_the_same(
    people: list[dict[str, Any]], notes: list[dict[str, Any]], messages: list[dict[str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        desks = [_without_model(Path(folder) / name) for name in ("first", "second")]
        import_people(desks[0], list(enumerate(people, 1)))
        import_notes(desks[0], list(enumerate(notes, 1)))
        import_messages(desks[0], list(enumerate(messages, 1)))
        exported = export_all(desks[0])
        done = import_all(desks[1], exported)
        again = export_all(desks[1])
        once_more = import_all(desks[1], exported)
        for desk in desks:
            desk.records.close()
    assert done.bad == () and done.changed == 0
    assert _members(again) == _members(exported)
    assert once_more.added == once_more.changed == 0


SAMPLE = st.booleans()


@settings(max_examples=20)
@given(st.lists(PERSON, max_size=4), st.lists(NOTE, max_size=6), st.lists(MESSAGE, max_size=3), SAMPLE)
def test_what_was_exported_forgotten_and_imported_is_identical(
    people: list[dict[str, Any]], notes: list[dict[str, Any]], messages: list[dict[str, Any]], sample: bool
) -> None:
    with TemporaryDirectory() as folder:
        desk = _without_model(Path(folder))
        import_people(desk, list(enumerate(people, 1)))
        import_notes(desk, [(at, row | {"sample": sample}) for at, row in enumerate(notes, 1)])
        import_messages(desk, list(enumerate(messages, 1)))
        before, exported = _everything(desk), export_all(desk)
        for person in desk.records.people():
            desk.forget(person)
        assert desk.records.people() == () and desk.records.notes() == ()
        assert import_all(desk, exported).bad == ()
        assert _everything(desk) == before and _members(export_all(desk)) == _members(exported)
        desk.records.close()


def _everything(desk: Desk) -> tuple[Any, ...]:
    """All that the records hold, but for the random ids that are made anew."""
    records = desk.records
    return (
        [replace(person, id="") for person in records.people()],
        [replace(note, person_id="", revision="") for note in records.notes()],
        [replace(message, person_id="") for message in records.messages()],
    )


def test_the_sample_team_stays_one_and_nobody_becomes_one_by_import(desk: Desk) -> None:
    import_people(desk, [(1, {"name": "Amara", "sample": True}), (2, {"name": "Wei"})])
    import_people(desk, [(1, {"name": "Amara"}), (2, {"name": "Wei", "sample": True})])
    assert [person.sample for person in desk.records.people()] == [True, False]


def _without_model(home: Path) -> Desk:
    """Vectors are no part of an export: without a model thousands of rows pass in a second."""
    desk = open_desk(read_settings(home, {}))
    desk.__dict__["embedder"] = None
    return desk


def _members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_export_is_what_the_contract_says(desk: Desk) -> None:
    import_people(desk, rows("p.jsonl", PEOPLE["people.jsonl"]))
    import_notes(desk, rows("n.jsonl", NOTES["notes.jsonl"]))
    members = _members(export_all(desk))
    assert sorted(members) == [
        f"{name}.jsonl"
        for name in "dismissals drafts intervals messages moments notes people preferences promises rehearsals talks".split()
    ]
    assert (
        list(json.loads(members["people.jsonl"].splitlines()[0]))
        == "name role pronouns start_date birthday prefers aliases email slack".split()
    )
    assert list(json.loads(members["notes.jsonl"].splitlines()[0])) == "id person date kind private text".split()


def test_a_restored_home_finds_its_notes(desk: Desk, open_home: Callable[..., Desk], tmp_path: Path) -> None:
    import_notes(desk, rows("n.jsonl", NOTES["notes.jsonl"]))
    other = open_home(tmp_path / "restored")
    assert import_all(other, export_all(desk)) == Imported(added=4)
    found = other.notes("a hot drink", None, None, date(2026, 5, 6), 1)
    assert [f.note.text for f in found] == ["Likes tea"]


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def _torn(data: bytes) -> bytes:
    return data[:60] + bytes(byte ^ 0xFF for byte in data[60:90]) + data[90:]


def _encrypted(data: bytes) -> bytes:
    """The flag that says so, in the local header and in the directory."""
    torn = bytearray(data)
    torn[6] |= 1
    torn[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(torn)


FULL = _zip(people_jsonl="".join(f'{{"name": "Person {at}"}}\n' for at in range(200)).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a zip",
        FULL[: len(FULL) // 2],
        _torn(FULL),
        _encrypted(FULL),
        _zip(notes_jsonl=b""),
        _zip(people_jsonl=b"\xff\xfe"),
    ],
    ids=["empty", "no zip", "half", "torn", "encrypted", "of another program", "not UTF-8"],
)
def test_a_zip_that_is_no_export_gets_one_sentence_and_changes_nothing(desk: Desk, data: bytes) -> None:
    with pytest.raises(BadFile):
        import_all(desk, data)
    assert desk.records.people() == ()


def test_bad_rows_inside_a_zip_are_reported_and_the_good_ones_kept(desk: Desk) -> None:
    done = import_all(desk, _zip(people_jsonl=b'{"name": "Wei"}\n{"name": ""}\n', messages_jsonl=b'{"id": "m"}\n'))
    assert done.added == 1 and [number for number, _ in done.bad] == [2, 1]


def test_promises_come_back_with_what_became_of_them(
    desk: Desk, open_home: Callable[..., Desk], tmp_path: Path
) -> None:
    person, day = person_named(desk, "Amara"), date(2026, 5, 4)
    for at, state in enumerate(PromiseState):
        desk.records.keep_promise(
            Promise(id=f"w{at}", person_id=person.id, person=person.name, what="call", due=day, made=day, state=state)
        )
    other = open_home(tmp_path / "restored")
    import_all(other, export_all(desk))
    assert import_all(other, export_all(desk)).added == 0
    there = other.records.people()[0].id
    assert other.records.promises(declined=True) == tuple(
        replace(promise, person_id=there) for promise in desk.records.promises(declined=True)
    )


def test_moments_talks_and_habits_come_back(desk: Desk, open_home: Callable[..., Desk], tmp_path: Path) -> None:
    person, day = person_named(desk, "Amara"), date(2026, 5, 4)
    note = add_note(desk, person, "Stayed on.", "observation", False, day)
    desk.records.keep_moment(note.id, "recognition", day)
    desk.records.settle_moment(note.id, MomentState.TOLD)
    desk.records.keep_talk(person.id, day)
    desk.records.keep_interval(person.id, 30)
    desk.records.keep_preference("suggestions", "0")
    other = open_home(tmp_path / "restored")
    assert import_all(other, export_all(desk)).bad == ()
    assert import_all(other, export_all(desk)).added == 0
    there = other.records.people()[0].id
    assert [(m.note.text, m.state) for m in other.records.moments(None)] == [("Stayed on.", MomentState.TOLD)]
    assert other.records.talks() == ((there, day),)
    assert other.records.intervals() == {there: 30}
    assert other.records.preference("suggestions", "3") == "0"
    assert _members(export_all(other)) == _members(export_all(desk))


def test_an_import_that_was_killed_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.exchange.ROWS_AT_ONCE", 2)
    given = [(at, {"person": "Amara", "date": "2026-05-04", "text": f"note {at}"}) for at in range(1, 8)]
    seen: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_notes(desk, given, stop)
    assert seen == [(2, 7), (4, 7)]
    assert len(desk.records.notes()) == 4, "what was reported done is kept"
    assert import_notes(desk, given) == Imported(added=3, same=4)
    assert len(desk.records.notes()) == 7


def test_rows_of_one_batch_and_of_the_next_are_the_same_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.exchange.ROWS_AT_ONCE", 2)
    row = {"person": "Amara", "date": "2026-05-04", "text": "keeps bees"}
    assert import_notes(desk, [(at, row) for at in range(5)]) == Imported(added=1, same=4)


def test_a_person_whom_another_process_adds_meanwhile_is_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = desk.records.keep_person

    def late(person: Person) -> None:
        keep(Person(id=new_id(), name="Amara"))
        keep(person)

    monkeypatch.setattr(desk.records, "keep_person", late)
    assert person_named(desk, "Amara") == desk.records.people()[0]
    assert [person.name for person in desk.records.people()] == ["Amara"]
