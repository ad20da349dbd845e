"""The command line as other programs see it: exact fields, one line in and one line out, and never a traceback."""

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from coach import contract
from coach.desk import Desk
from coach.errors import BadRequest
from coach.exchange import add_note, person_named
from coach.situation import Channel, Kind, Pronouns, Situation

TODAY = date(2026, 5, 6)
DRAFT = {
    "situation": "She walked the new porter through the bed list on Monday night, so nobody waited for a bed.",
    "to": "Amara Okafor",
    "kind": "recognition",
    "channel": "direct",
}
FIELDS = {
    "draft": "message questions clauses principles notes findings left_out variants drafter".split(),
    "principles": ["principles"],
    "notes search": ["notes"],
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(coach: Path, home: Path) -> Run:
    def run_it(*arguments: object, stdin: str | bytes = "", **more: Any) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        where = more.pop("at", home)
        done = subprocess.run(
            [coach, "--home", where, *map(str, arguments)],
            input=data,
            capture_output=True,
            timeout=600,
            check=False,
            **more,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_it


def lines(*requests: object) -> str:
    return "".join(request + "\n" if isinstance(request, str) else json.dumps(request) + "\n" for request in requests)


def replies(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Every line of standard output is one JSON object: nothing else is ever printed there."""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(isinstance(reply, dict) for reply in found)
    return found


def one_sentence(done: subprocess.CompletedProcess[str], status: int, *parts: str) -> None:
    assert done.returncode == status and done.stdout == ""
    assert done.stderr.count("\n") == 1 and done.stderr.endswith((".\n", "!\n")), done.stderr
    for part in parts:
        assert part in done.stderr


# The bulk form


def test_a_draft_has_exactly_the_promised_fields_in_the_order_of_the_requests(run: Run) -> None:
    run("notes", "add", "Amara Okafor", "Walked a student through the bed list in March.")
    done = run(
        "draft",
        "--jsonl",
        stdin=lines(*(DRAFT | {"situation": f"She mended bed {n} on Monday."} for n in range(5)), DRAFT),
    )
    assert done.returncode == 0 and done.stderr == ""
    answers = replies(done)
    assert [list(answer) for answer in answers] == [FIELDS["draft"]] * 6
    assert [f"bed {n}" in answers[n]["message"] for n in range(5)] == [True] * 5
    reply = answers[-1]
    assert isinstance(reply["message"], str) and all(isinstance(question, str) for question in reply["questions"])
    assert {"start", "end", "text", "source"} <= set(reply["clauses"][0])
    assert [set(one) for one in reply["principles"]] == [{"id", "score"}] * 3
    assert all(set(one) == {"id", "text", "date"} for one in reply["notes"])
    assert set(reply["drafter"]) == {"name", "model", "prompt", "seconds"} and reply["drafter"]["name"] == "built-in"


def test_principles_and_notes_have_exactly_the_promised_fields_in_order(run: Run) -> None:
    run("notes", "add", "Amara", "Keeps bees.", "--private")
    run("notes", "add", "Wei", "Plays the cello.")
    found = run(
        "principles", "--jsonl", stdin=lines({"q": "praise in front of the team"}, {"q": "phone in meetings", "k": 2})
    )
    assert found.returncode == 0 and found.stderr == ""
    first, second = replies(found)
    assert len(first["principles"]) == 5 and len(second["principles"]) == 2
    for reply in (first, second):
        assert list(reply) == ["principles"] and all(
            list(one) == ["id", "title", "score"] for one in reply["principles"]
        )
        scores = [one["score"] for one in reply["principles"]]
        assert scores == sorted(scores, reverse=True)

    requests = (
        {"q": "honey"},
        {"q": "honey", "to": "Wei"},
        {"q": "honey", "channel": "card"},
        {"q": "honey", "to": "Nobody"},
        {"q": "music", "k": 1},
    )
    notes = run("notes", "search", "--jsonl", stdin=lines(*requests))
    assert notes.returncode == 0 and notes.stderr == ""
    assert [[one["text"] for one in reply["notes"]] for reply in replies(notes)] == [
        ["Keeps bees.", "Plays the cello."],
        ["Plays the cello."],
        ["Plays the cello."],
        [],
        ["Plays the cello."],
    ]
    assert list(replies(notes)[0]["notes"][0]) == ["id", "person", "date", "private", "text", "score"]
    assert replies(notes)[0]["notes"][0]["private"] is True


@pytest.mark.parametrize(
    ("command", "request_line"), [("draft", DRAFT), ("principles", {"q": "x"}), ("notes search", {"q": "x"})]
)
def test_each_line_is_answered_before_the_next_is_asked(
    coach: Path, home: Path, command: str, request_line: dict[str, str]
) -> None:
    process = subprocess.Popen(
        [coach, "--home", home, *command.split(), "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin and process.stdout
    patience = threading.Timer(90, process.kill)  # a forgotten flush fails here and does not hang the suite
    patience.daemon = True
    patience.start()
    with process:
        for line in (json.dumps(request_line), "{", json.dumps(request_line)):
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())  # without a flush this would wait for ever
            assert list(reply) == (["error"] if line == "{" else FIELDS[command])
        process.stdin.close()
        assert process.stdout.read() == b"" and process.wait(60) == 1
    patience.cancel()


@pytest.mark.parametrize(
    ("command", "good"), [("draft", DRAFT), ("principles", {"q": "x"}), ("notes search", {"q": "x"})]
)
def test_a_bad_line_gets_an_error_in_its_place_and_the_run_goes_on(
    run: Run, command: str, good: dict[str, str]
) -> None:
    bad = [
        '{"q": "half a li',
        "[]",
        "null",
        '"text"',
        "{}",
        json.dumps(good | {"mood": 1}),
        '{"\\ud800": 1}',
        '{"\u2028": 1}',
        "[" * 100_000,
        json.dumps(dict.fromkeys(good)),
        json.dumps({name: [1] for name in good}),
        '{"k": ' + "9" * 5_000 + "}",
        "{'q': 1}",
        "\x00",
    ]
    done = run(*command.split(), "--jsonl", stdin=lines(good, *bad, good))
    assert done.returncode == 1 and done.stderr == ""
    answers = replies(done)
    assert len(answers) == len(bad) + 2
    assert list(answers[0]) == list(answers[-1]) == FIELDS[command]
    for reply in answers[1:-1]:
        assert list(reply) == ["error"] and list(reply["error"]) == ["code", "message"]
        assert reply["error"]["code"] == "bad-request" and reply["error"]["message"].strip()


def test_bytes_that_are_not_utf8_are_one_bad_line_or_read_without_them(run: Run) -> None:
    good = json.dumps({"q": "x"}).encode()
    done = run("principles", "--jsonl", stdin=b'{"q": "caf\xe9 \xff"}\n\xff\xfe\n' + good + b"\n")
    assert done.returncode == 1 and len(replies(done)) == 3 and "principles" in replies(done)[2]


def test_no_lines_are_answered_by_no_lines(run: Run) -> None:
    done = run("draft", "--jsonl", stdin="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reader_that_leaves_early_ends_the_run_quietly(coach: Path, home: Path) -> None:
    process = subprocess.Popen(
        [coach, "--home", home, "principles", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    _, errors = b"", process.communicate(lines(*[{"q": "x"}] * 50).encode())[1]
    assert process.returncode == 1 and b"Traceback" not in errors


# Hostile situations

LONG = 5_000
LONG_NAME = "N" * 300
HOSTILE: dict[str, tuple[dict[str, Any], bool]] = {
    "empty": ({"situation": ""}, False),
    "spaces": ({"situation": " \n\t "}, False),
    "twenty thousand characters": ({"situation": "She stayed late. " * 1_177}, False),
    "one word of 20,000": ({"situation": "x" * 20_000}, False),
    "one word of 8,000": ({"situation": "x" * 8_000}, True),
    "eight thousand commas": ({"situation": "a" + "," * 7_900}, True),
    "only emoji": ({"situation": "🎉🎉👏🏽👩‍👩‍👧"}, False),
    "Arabic": ({"situation": "بقيت متأخرة لإصلاح التقرير يوم الاثنين"}, True),
    "Chinese": ({"situation": "她星期一留下来修好了报表。", "to": "李雷"}, True),
    "NUL bytes": ({"situation": "She stayed\x00 late \x00on Monday.", "to": "Am\x00ara"}, True),
    "only NUL bytes": ({"situation": "\x00\x00"}, False),
    "a name of 300 characters": ({"to": LONG_NAME}, False),
    "an empty name": ({"to": " "}, False),
    "a name of signs": ({"to": "***"}, False),
    "a name with a pattern in it": ({"to": "(.*+?[a"}, True),
    "a name with a template in it": ({"to": "{{ 7*7 }}"}, True),
    "a situation with a template in it": (
        {"situation": "She wrote {{ 7*7 }} and {% raw %} on {0} the {said} board %s."},
        True,
    ),
    "lone surrogates": ({"situation": "She stayed \ud83d late", "to": "Ama\udcffra"}, True),
    "only surrogates": ({"situation": "\ud83d\ud83d"}, False),
    "line separators": ({"situation": "She stayed late.\u2028Then\u2029 she\u0085 left."}, True),
    "right to left overrides": ({"situation": "She \u202estayed\u202c late"}, True),
    "brackets": ({"situation": "She wrote […?] and [what?] [[[ ]]] on Monday."}, True),
    "an impossible day": ({"date": "2026-02-30"}, False),
    "the first and the last day": ({"date": "0001-01-01", "today": "9999-12-31"}, True),
    "a day to come": ({"date": "2027-01-01", "today": "2026-01-01"}, True),
    "an unknown channel": ({"channel": "pigeon"}, False),
    "an unknown kind": ({"kind": "praise"}, False),
    "unknown pronouns": ({"pronouns": "xe"}, False),
    "a drafter of another kind": ({"drafter": "human"}, False),
    "a situation that is a number": ({"situation": 5}, False),
}


def test_no_situation_however_hostile_ends_the_run(run: Run) -> None:
    where = cycle((("public-chat", "feedback"), ("card", "recognition")))
    requests = [
        DRAFT | dict(zip(("channel", "kind"), one, strict=True)) | changes
        for one, (changes, _) in zip(where, HOSTILE.values(), strict=False)
    ]
    done = run("draft", "--jsonl", stdin=lines(*requests))
    assert done.returncode == 1 and done.stderr == ""
    outcome = dict(zip(HOSTILE, replies(done), strict=True))
    assert {name: "message" in reply for name, reply in outcome.items()} == {
        name: fine for name, (_, fine) in HOSTILE.items()
    }
    for reply in outcome.values():
        assert_slices(reply.get("message", ""), reply.get("clauses", []), reply.get("findings", []))


def test_no_message_however_hostile_ends_the_run(run: Run) -> None:
    """The same texts as messages to be checked, against what was told and against each other."""
    texts = [changes["situation"] for changes, _ in HOSTILE.values() if isinstance(changes.get("situation"), str)]
    texts += ["She stayed late and " * 200 + "left.", "她星期一留下来修好了报表。" * 200]
    requests = [
        {"message": text, "to": "Amara", "kind": "recognition", "channel": "card", **told}
        for text in texts
        for told in (
            {},
            {"situation": DRAFT["situation"]},
            {"situation": text, "notes": [{"text": text, "private": True}]},
        )
        # Each part of a message is read beside each part of what was told: the longest would take a minute each.
        if len(text) < LONG or told.get("situation") != text
    ]
    found = replies(run("check", "--jsonl", stdin=lines(*requests)))
    for request, reply in zip(requests, found, strict=True):
        if "error" not in reply:
            assert_slices(request["message"], reply["clauses"], reply["findings"])
        else:
            assert "notes" in request, "only what stands as the situation can be too long or empty"


@pytest.mark.parametrize("text", ["", "🎉", "\x00", LONG_NAME * 67])
def test_a_hostile_situation_typed_as_an_argument_gets_one_sentence(run: Run, text: str) -> None:
    done = run("draft", text.replace("\x00", " "), "--to", "Amara")
    assert done.returncode in (1, 2) and done.stdout == "" and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "q",
    ["", " ", "🎉", "\x00", "\ud800", "x" * 20_000, "x" * 20_001, 'NEAR("a" OR *', "المريض", "'; DROP TABLE notes; --"],
)
def test_no_query_however_hostile_ends_the_run(desk: Desk, q: str) -> None:
    add_note(desk, person_named(desk, "Amara"), "Keeps bees.", "personal", False, TODAY)
    for reply in (contract.principles_reply, contract.notes_reply):
        try:
            answer = reply(desk, {"q": q})
        except ValueError:  # what the run turns into an error object
            assert not q.strip() or len(q) > 20_000 or not q.isprintable()
        else:
            json.dumps(answer, ensure_ascii=False).encode()


# Properties


def assert_slices(message: str, clauses: Sequence[dict[str, Any]], findings: Sequence[dict[str, Any]]) -> None:
    at = 0
    for clause in clauses:
        assert message[clause["start"] : clause["end"]] == clause["text"] != ""
        assert clause["start"] >= at, "clauses stand in order and do not overlap"
        at = clause["end"]
    for finding in findings:
        if finding["start"] is None:
            assert finding["end"] is finding["text"] is None
        else:
            assert message[finding["start"] : finding["end"]] == finding["text"]


PIECES = st.sampled_from(
    """She he they Amara stayed late fixed the export on Monday because so nobody waited . , ; : – — ... ? ! \n \n\n " “ ” ’ ( ) [ ] […?]
    was were not didn't didn’t Dr. Mr. e.g. 10:30 3.5 50% 🎉 👩‍👩‍👧 é e\u0301 ß İ ﬁ 她 留 سهرت \u200b \u2028 @amara #win http://x.y/z?a=b
    I i me my we you your
    and but which who told that next time I'd like want should could thank you thanks great job - * 1. 2)""".split(" ")
)
SITUATIONS = st.lists(
    PIECES | st.text(st.characters(blacklist_categories=["Cs"]), max_size=6), min_size=1, max_size=25
).map(" ".join)
PEOPLE = st.sampled_from(
    [
        "Amara",
        "Amara Okafor",
        "the night team",
        "Sister Ruth",
        "李雷",
        "O'Neil-Ş.",
        "İ",
        "Dr. No",
        "Al (2)",
        "the team",
        "Will May",
    ]
)


@given(SITUATIONS, PEOPLE, st.sampled_from(Kind), st.sampled_from(Channel), st.none() | st.sampled_from(Pronouns))
@example("She stayed late.\u2028It helped 👩‍👩‍👧 us.", "Amara", Kind.RECOGNITION, Channel.DIRECT, None)
def test_clauses_and_findings_always_slice_the_message(
    desk: Desk, text: str, to: str, kind: Kind, channel: Channel, pronouns: Pronouns | None
) -> None:
    assume(any(character.isalpha() for character in text))
    try:
        reply = contract.draft_reply(
            desk, {"situation": text, "to": to, "kind": kind, "channel": channel, "pronouns": pronouns}
        )
    except BadRequest:
        return
    assert_slices(reply["message"], reply["clauses"], reply["findings"])
    assert reply["message"].strip() and all(question.strip() for question in reply["questions"])
    json.dumps(reply, ensure_ascii=False).encode()


@settings(max_examples=40)
@given(SITUATIONS, st.sampled_from(Channel), st.sampled_from(Kind))
@example("She told me her daughter is in hospital.", Channel.PUBLIC_CHAT, Kind.RECOGNITION)
@example("secret walrus", Channel.CARD, Kind.RECOGNITION)
def test_a_private_note_is_never_given_where_others_read(desk: Desk, text: str, channel: Channel, kind: Kind) -> None:
    assume(any(character.isalpha() for character in text))
    person = person_named(desk, "Amara")
    if not desk.records.notes():
        for at in range(3):
            add_note(
                desk,
                person,
                f"Stayed late for secret walrus {at} while her daughter was in hospital.",
                "observation",
                True,
                TODAY,
            )
            add_note(desk, person, f"Fixed the export for ward {at} on Monday.", "observation", False, TODAY)
    requests = [
        {"q": f"{text} {more}", "to": to, "channel": channel, "k": 50}
        for more in ("", "secret walrus")
        for to in (None, "Amara")
    ]
    for request in requests:
        notes = contract.notes_reply(desk, request)["notes"]
        assert any(note["private"] for note in notes) is not channel.others_read
    reply = desk.write(Situation(text=text, to="Amara", kind=kind, channel=channel, today=TODAY))
    if channel.others_read:
        assert not any(fitting.note.private for fitting in reply.notes) and not any(
            note.private for note in reply.notes_used
        )
        assert "walrus" not in reply.draft.message or "walrus" in text


# The other commands


def test_notes_added_are_found_exported_and_restored(run: Run, tmp_path: Path) -> None:
    assert (
        run("notes", "add", "Amara Okafor", "Keeps bees.", "--kind", "personal", "--private").stdout
        == "Noted about Amara Okafor.\n"
    )
    assert "Keeps bees." in run("notes", "search", "honey").stdout
    found = json.loads(run("notes", "search", "honey", "--to", "amara", "--json").stdout)["notes"]
    assert [(n["person"], n["private"]) for n in found] == [("Amara Okafor", True)]
    away = run("export", tmp_path / "all.zip")
    assert away.returncode == 0 and str(tmp_path / "all.zip") in away.stdout
    restored = tmp_path / "restored"
    back = run("import", tmp_path / "all.zip", at=restored)
    assert back.returncode == 0 and back.stdout.startswith("2 records added, 0 changed, 0 already there, 0 not read")
    assert run("import", tmp_path / "all.zip", at=restored).stdout.startswith(
        "0 records added, 0 changed, 2 already there"
    )
    run("export", tmp_path / "again.zip", at=restored)
    with zipfile.ZipFile(tmp_path / "all.zip") as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


def test_an_import_reports_bad_rows_keeps_good_ones_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,pronouns\nAmara,she\nWei,xyz\n")
    done = run("people", "import", tmp_path / "people.csv")
    assert (
        done.returncode == 1
        and done.stderr.startswith("row 3: ")
        and done.stdout.startswith("1 people added")
        and "1 not read" in done.stdout
    )
    (tmp_path / "notes.jsonl").write_text('{"person": "Amara", "date": "2026-05-04", "text": "ok"}\n{"person": "Am')
    done = run("notes", "import", tmp_path / "notes.jsonl")
    assert (
        done.returncode == 1
        and done.stderr == "row 2: this line is not complete JSON\n"
        and done.stdout.startswith("1 notes added")
    )
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    one_sentence(run("notes", "import", tmp_path / "wrong.csv"), 1, "columns")
    one_sentence(run("notes", "import", tmp_path / "none.csv"), 1, "none.csv")
    one_sentence(run("import", tmp_path / "wrong.csv"), 1, "ZIP")
    one_sentence(run("import", tmp_path / "none.zip"), 1, "none.zip")
    one_sentence(run("export", tmp_path / "no" / "such" / "folder.zip"), 1, "cannot be written")


def test_forgetting_says_what_it_removed_and_leaves_nothing(run: Run, home: Path) -> None:
    run("notes", "add", "Amara Okafor", "Keeps bees in Quaqtaq.")
    run("notes", "add", "Wei", "Was helped by Amara Okafor.")
    assert run("reindex").stdout.startswith("Indexed 2 notes and ")
    done = run("forget", "amara")
    assert (
        done.returncode == 0
        and "Forgot Amara Okafor: 1 note and 0 messages" in done.stdout
        and "1 notes about other people" in done.stdout
    )
    assert not any(b"Quaqtaq" in path.read_bytes() for path in home.rglob("*") if path.is_file())
    one_sentence(run("forget", "Amara"), 1, "no “Amara”")
    assert "Keeps bees" not in run("notes", "search", "bees").stdout


def test_doctor_says_what_works_and_how_to_mend_what_does_not(run: Run, tmp_path: Path, free_port: int) -> None:
    done = run("doctor")
    assert done.returncode == 0 and done.stderr == ""
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ok"] * 10
    env = dict(os.environ) | {"COACH_CHROMA_URL": f"http://127.0.0.1:{free_port}"}
    broken = run("doctor", env=env)
    assert broken.returncode == 1 and "\nmend  index: No Chroma server answers" in broken.stdout
    (tmp_path / "file").write_text("")
    unusable = run("doctor", at=tmp_path / "file" / "home")
    assert unusable.returncode == 1 and unusable.stdout.startswith("mend  folder: Coach cannot write")


def test_a_home_named_by_the_environment_is_used(coach: Path, tmp_path: Path) -> None:
    env = dict(os.environ) | {"COACH_HOME": str(tmp_path / "elsewhere")}
    subprocess.run([coach, "notes", "add", "Amara", "Keeps bees."], env=env, check=True, capture_output=True)
    assert (tmp_path / "elsewhere" / "coach.sqlite3").exists()


# Misuse


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("draft", "--nonsense"),
        ("draft",),
        ("draft", "She stayed late"),
        ("draft", "She stayed late", "--to", "Amara", "--channel", "pigeon"),
        ("draft", "She stayed late", "--to", "Amara", "--kind", "praise"),
        ("principles",),
        ("principles", "x", "-k", "0"),
        ("notes", "search"),
        ("notes", "add", "Amara"),
        ("notes", "add", "Amara", "x", "--kind", "gossip"),
        ("people", "import"),
        ("--port", "0"),
        ("--port", "http"),
    ],
)
def test_misuse_ends_with_two_and_says_so_on_standard_error_only(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.strip()


# The machine says no


@pytest.mark.parametrize(
    "arguments", [("draft", "--jsonl"), ("notes", "add", "Amara", "x"), ("reindex",), ("--no-browser",)]
)
def test_a_home_that_cannot_be_written_gets_one_sentence(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("not a folder")
    one_sentence(run(*arguments, at=tmp_path / "file" / "home"), 1, str(tmp_path / "file" / "home"), "--home")
    one_sentence(run(*arguments, at=tmp_path / "file"), 1, "--home")


def test_a_port_in_use_gets_one_sentence_that_names_it(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        one_sentence(run("--port", port, "--no-browser"), 1, str(port))


def test_a_database_of_a_newer_coach_gets_one_sentence(run: Run, desk: Desk) -> None:
    desk.records._write("UPDATE alembic_version SET version_num = '9999'", [{}])
    for arguments in (("notes", "search", "x"), ("draft", "--jsonl")):
        one_sentence(run(*arguments), 1, "newer Coach")


def test_a_broken_index_folder_stops_nothing(run: Run, home: Path) -> None:
    run("notes", "add", "Amara", "Keeps bees.")
    (home / "index").mkdir()
    (home / "index" / "chroma.sqlite3").write_bytes(b"garbage" * 1_000)
    assert "Keeps bees." in run("notes", "search", "honey").stdout
    assert run("doctor").returncode == 0
    assert run("reindex").stdout.startswith("Indexed 1 notes")


def _small_files() -> None:
    """A full disk as the process sees it: no file grows beyond this, and writing more fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))


def test_a_full_disk_gets_one_sentence_and_nothing_stored_is_lost(run: Run, home: Path, tmp_path: Path) -> None:
    run("notes", "add", "Amara", "Keeps bees.")
    many = tmp_path / "many.jsonl"
    many.write_text(
        "".join(
            json.dumps({"person": "Amara", "date": "2026-05-04", "text": f"{at} " + "x" * 3_000}) + "\n"
            for at in range(60)
        )
    )
    full = run("notes", "import", many, preexec_fn=_small_files)
    one_sentence(full, 1, "free some space")
    found = json.loads(run("notes", "search", "honey", "--json").stdout)["notes"]
    assert [note["text"] for note in found][:1] == ["Keeps bees."]
    again = run("notes", "import", many)
    assert again.returncode == 0 and again.stdout.startswith("60 notes added")


@pytest.mark.parametrize("arguments", [("--help",), ("draft", "--help"), ("notes", "search", "--help")])
def test_help_imports_nothing_heavy(coach: Path, arguments: tuple[str, ...]) -> None:
    # pydantic is not among them: Typer itself loads it for a command that has options.
    done = subprocess.run(
        [sys.executable, "-X", "importtime", coach, *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert {"typer", "coach"} <= loaded
    assert not loaded & {
        "streamlit",
        "chromadb",
        "sqlalchemy",
        "alembic",
        "numpy",
        "onnxruntime",
        "jinja2",
    }
