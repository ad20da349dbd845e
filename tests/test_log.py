"""The log holds ids and counts; what the leader wrote is in no log, no traceback and no temporary file."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from coach import log
from coach.backup import make_backup
from coach.desk import Desk
from coach.errors import CoachError
from coach.exchange import add_note, export_all, import_all, person_named
from coach.log import Event, event, failure, log_path
from coach.situation import Channel, Kind, Situation

DAY = date(2026, 11, 20)
CANARIES = [f"kanarie{at:02}q{at * 7919 % 9973:04}" for at in range(30)]
NAMES, NOTES, SAID, KEYS = CANARIES[:8], CANARIES[8:18], CANARIES[18:26], CANARIES[26:]


def lines(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log_path(home).read_text("utf-8").splitlines()]


def test_a_line_is_json_with_ids_and_counts_and_its_file_is_its_owners_alone(desk: Desk) -> None:
    person = person_named(desk, "Amara")
    add_note(desk, person, "Likes tea.", "personal", False, DAY)
    made = lines(desk.settings.home)
    assert made[-1]["event"] == "notes-kept" and made[-1]["notes"] == 1
    assert stat.S_IMODE(log_path(desk.settings.home).stat().st_mode) == 0o600
    assert stat.S_IMODE(log_path(desk.settings.home).parent.stat().st_mode) == 0o700


def test_a_text_cannot_be_logged_even_by_mistake(desk: Desk) -> None:
    event(Event.DRAFTED, "Amara Okafor", "0" * 32, notes="Likes tea.", seconds=0.12345)  # type: ignore[arg-type]
    assert (
        "Amara" not in log_path(desk.settings.home).read_text()
        and "tea" not in log_path(desk.settings.home).read_text()
    )
    assert lines(desk.settings.home)[-1]["ids"] == ["0" * 32] and lines(desk.settings.home)[-1]["seconds"] == 0.123


def test_a_failure_is_logged_by_type_and_place(desk: Desk) -> None:
    try:
        {}["Likes tea."]
    except KeyError as error:
        failure(error)
    last = lines(desk.settings.home)[-1]
    assert last["error"] == "KeyError" and str(last["at"]).count("test_log.py") == 1 and "tea" not in str(last)


def test_the_log_does_not_grow_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (handler,) = [one for one in log._logger.handlers if isinstance(one, log._File)]
    monkeypatch.setattr(handler, "maxBytes", 2_000)
    for _ in range(200):
        event(Event.DRAFTED, seconds=1.0)
    files = sorted(log_path(desk.settings.home).parent.iterdir())
    assert len(files) == log.KEPT + 1 and all(path.stat().st_size <= 2_000 for path in files)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def use(desk: Desk) -> None:
    """Everything that touches what was typed, with a canary in each."""
    for at, name in enumerate(NAMES):
        person = person_named(desk, f"{name} Okafor")
        add_note(desk, person, f"Was seen with {NOTES[at]} in the hall.", "observation", at % 2 == 0, DAY)
        about = Situation(
            text=f"stayed late for {SAID[at]} on Friday", to=person.name, kind=Kind.RECOGNITION, channel=Channel.CARD, today=DAY
        )  # fmt: skip
        desk.write(about)
        desk.records.keep_writing({"text": SAID[at]})
    desk.notes(NOTES[0], None, None, DAY, 3)
    import_all(desk, export_all(desk))
    made = make_backup(desk.records.database.place, datetime(2026, 11, 20))
    assert NOTES[0].encode() in made.path.read_bytes(), "the scan must be able to see it"
    with pytest.raises(CoachError) as raised:
        desk.records.keep_person(person_named(desk, f"{NAMES[0]} Okafor").__class__(id="x", name=f"{NAMES[1]} Okafor"))
    assert not any(canary in str(raised.value) for canary in CANARIES)
    desk.forget(person_named(desk, f"{NAMES[2]} Okafor"))


def misuse(coach: Path, home: Path) -> list[str]:
    """What the command line prints as errors when things go wrong, the last of them within Coach itself."""

    def run(command: Sequence[str | Path], given: str = "", **environ: str) -> str:
        return subprocess.run(
            command, input=given, capture_output=True, text=True, check=False, env=os.environ | environ
        ).stderr

    at_home = (coach, "--home", str(home))
    broken = (
        f"import coach.cli as c, sys; sys.argv = ['coach', '--home', {str(home)!r}, 'doctor']\nimport coach.doctor as d\n"
        f"def fail(s): raise KeyError({NOTES[0]!r})\nd.examine = fail\nc.main()"
    )
    return [
        run([*at_home, "notes", "add", f"{NAMES[3]} Okafor", f"Brought {NOTES[8]} in."]),
        run([*at_home, "notes", "import", "none.jsonl"], given=NOTES[9]),
        run([*at_home, "draft", "--jsonl"], given=f'{{"situation": "{SAID[0]}"}}\n{{{SAID[1]}'),
        run([*at_home, "doctor"], COACH_CHROMA_URL=f"http://u:{KEYS[1]}@127.0.0.1:9"),
        run([*at_home, "doctor"], COACH_DATABASE_URL=f"postgresql://u:{KEYS[2]}@127.0.0.1:9/d"),
        run([*at_home, "encrypt"], COACH_NEW_PASSPHRASE=KEYS[3][:3]),
        run([sys.executable, "-c", broken]),
    ]


def test_no_canary_is_in_a_log_a_traceback_or_a_temporary_file(
    home: Path, tmp_path: Path, open_home: Callable[..., Desk], coach: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("OPENAI_API_KEY", KEYS[0])
    desk = open_home(home)
    desk.open_index()
    use(desk)
    said = misuse(coach, home)
    assert "Something in Coach went wrong (KeyError)" in said[-1]
    logs = [path.read_text("utf-8") for path in log_path(home).parent.iterdir()]
    left = [path.read_bytes().decode("utf-8", "replace") for path in temporary.rglob("*") if path.is_file()]
    out = capfd.readouterr()
    places = {"log": "".join(logs), "temporary files": "".join(left), "errors": "".join(said) + out.err}
    assert len(lines(home)) >= 20
    found = [f"{canary} in {name}" for name, text in places.items() for canary in CANARIES if canary in text]
    assert found == []
