"""Encryption at rest: nothing readable in any file, a wrong key refused kindly, and a key that can be changed."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from pydantic import SecretStr

from coach import encrypt as module
from coach.backup import backups, make_backup, restore
from coach.desk import Desk
from coach.doctor import examine
from coach.encrypt import decrypt, encrypt
from coach.errors import BadRequest, HomeUnusable, Locked, WrongKey
from coach.exchange import add_note, person_named
from coach.key import read_key_file
from coach.settings import Settings, read_settings

DAY = date(2026, 5, 4)
NOTE = "Zwölfkämpferin ⁂ 90217391646820175533 walked the new porter through."
WORDS = SecretStr("four words are long")
OTHER = SecretStr("four other words here")


class Store(KeyringBackend):
    """The system's key store, in memory: a real one needs somebody at a desktop."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def store() -> Iterator[Store]:
    before = keyring.get_keyring()
    made = Store()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def written(desk: Desk) -> Settings:
    """A closed plain notebook with a note, an index and a backup."""
    add_note(desk, person_named(desk, "Amara Quartermain"), NOTE, "personal", True, DAY)
    desk.open_index()
    make_backup(desk.records.database.place, datetime(2026, 5, 4))
    desk.close()
    desk.records.close()
    return desk.settings


def with_words(settings: Settings, words: SecretStr | None) -> Settings:
    return settings.model_copy(update={"passphrase": words})


def readable(home: Path) -> list[str]:
    traces = (
        NOTE.encode(),
        b"Zw",
        b"Quartermain",
        b"quartermain",
        b"porter",
        b"SQLite format",
        WORDS.get_secret_value().encode(),
    )
    files = [path for path in home.rglob("*") if path.is_file()]
    assert len(files) >= 4
    return [
        f"{trace!r} in {path.name}"
        for path in files
        for trace in traces
        if len(trace) > 2 and trace in path.read_bytes()
    ]


def notes(open_home: Callable[..., Desk], home: Path, **environ: str) -> list[str]:
    desk = open_home(home, **environ)
    found = [fitting.note.text for fitting in desk.notes("the porter", None, None, DAY, 3)]
    desk.close()
    desk.records.close()
    return found


def test_with_a_passphrase_no_file_can_be_read_and_search_goes_on(
    written: Settings, open_home: Callable[..., Desk]
) -> None:
    assert readable(written.home), "the scan must be able to see it"
    assert encrypt(written, WORDS) is None
    assert readable(written.home) == [] and not written.index_folder.exists()
    environ = {"COACH_PASSPHRASE": WORDS.get_secret_value()}
    desk = open_home(written.home, **environ)
    desk.open_index()
    assert desk.index is None and "encrypted" in desk.index_state
    add_note(desk, person_named(desk, "Wei Chen"), "Keeps porter bees.", "personal", False, DAY)
    assert make_backup(desk.records.database.place, datetime(2026, 5, 5)).path.exists()
    assert readable(written.home) == []  # with its write-ahead log open
    desk.records.close()
    assert readable(written.home) == []
    assert set(notes(open_home, written.home, **environ)) == {NOTE, "Keeps porter bees."}


@pytest.mark.parametrize("words", ["", "four words are longer", "FOUR WORDS ARE LONG"])
def test_a_wrong_or_missing_passphrase_is_refused_kindly_and_changes_nothing(
    written: Settings, words: str, coach: Path
) -> None:
    encrypt(written, WORDS)
    before = {path: path.read_bytes() for path in written.home.glob("coach*")}
    environ = os.environ | ({"COACH_PASSPHRASE": words} if words else {})
    command = [coach, "--home", str(written.home), "notes", "search", "porter"]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and not done.stdout
    assert "passphrase" in done.stderr if not words else "Check it and try again" in done.stderr
    assert before == {path: path.read_bytes() for path in written.home.glob("coach*")}


def test_the_key_store_opens_it_without_a_word_and_the_recovery_key_elsewhere(
    written: Settings, store: Store, open_home: Callable[..., Desk]
) -> None:
    recovery = encrypt(written, None)
    assert recovery and readable(written.home) == [] and notes(open_home, written.home) == [NOTE]
    store.held.clear()  # another computer
    with pytest.raises(Locked, match="recovery key"):
        open_home(written.home)
    with pytest.raises(WrongKey):
        open_home(written.home, COACH_PASSPHRASE=recovery[:-1] + ("A" if recovery[-1] != "A" else "Q"))
    with pytest.raises(WrongKey, match="52 letters"):
        open_home(written.home, COACH_PASSPHRASE=OTHER.get_secret_value())
    assert notes(open_home, written.home, COACH_PASSPHRASE=recovery.lower().replace("-", " ")) == [NOTE]


def test_without_a_key_store_it_asks_for_a_passphrase(written: Settings) -> None:
    keyring_before = keyring.get_keyring()
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(Locked, match="passphrase"):
            encrypt(written, None)
    finally:
        keyring.set_keyring(keyring_before)
    assert read_key_file(written.home) is None
    with pytest.raises(BadRequest, match="at least 8"):
        encrypt(written, SecretStr("short"))


def test_changing_the_key_writes_every_file_anew_and_the_old_one_opens_nothing(
    written: Settings, open_home: Callable[..., Desk]
) -> None:
    encrypt(written, WORDS)
    files = [written.database, *(one.path for one in backups(written.home))]
    before = [path.read_bytes()[:4_096] for path in files]
    with pytest.raises(Locked):
        encrypt(written, OTHER)
    encrypt(with_words(written, WORDS), OTHER)
    assert all(path.read_bytes()[:4_096] != old for path, old in zip(files, before, strict=True))
    with pytest.raises(WrongKey):
        open_home(written.home, COACH_PASSPHRASE=WORDS.get_secret_value())
    assert notes(open_home, written.home, COACH_PASSPHRASE=OTHER.get_secret_value()) == [NOTE]


@pytest.mark.parametrize("step", range(4))
def test_a_change_that_stops_at_any_step_leaves_a_notebook_that_opens_and_ends_by_itself(
    written: Settings, open_home: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Steps: the database, the backup, the key file; from plain to encrypted and from key to key."""
    for now, new in ((None, WORDS), (WORDS, OTHER)):
        done = 0
        real = {name: getattr(module, name) for name in ("_bring", "_forget_old", "clear_index")}

        def stop(name: str, real: dict[str, Callable[..., object]] = real) -> Callable[..., object]:
            def run(*arguments: object) -> object:
                nonlocal done
                done += 1
                if done > step:
                    raise KeyboardInterrupt
                return real[name](*arguments)

            return run

        for name in real:
            monkeypatch.setattr(module, name, stop(name))
        with pytest.raises(KeyboardInterrupt):
            encrypt(with_words(written, now), new)
        for name, function in real.items():
            monkeypatch.setattr(module, name, function)
        assert notes(open_home, written.home, COACH_PASSPHRASE=new.get_secret_value()) == [NOTE]
        file = read_key_file(written.home)
        assert file and len(file.keys) == 1 and not file.changing and readable(written.home) == []


def test_an_encrypted_backup_comes_back_encrypted(written: Settings, open_home: Callable[..., Desk]) -> None:
    encrypt(written, WORDS)
    desk = open_home(written.home, COACH_PASSPHRASE=WORDS.get_secret_value())
    place = desk.records.database.place
    desk.records.delete_note(desk.records.notes()[0].id)
    desk.records.close()
    restore(place, None, datetime(2026, 5, 5))
    assert notes(open_home, written.home, COACH_PASSPHRASE=WORDS.get_secret_value()) == [NOTE]
    assert readable(written.home) == []


def test_encryption_comes_off_again(written: Settings, open_home: Callable[..., Desk]) -> None:
    encrypt(written, WORDS)
    decrypt(with_words(written, WORDS))
    assert notes(open_home, written.home) == [NOTE] and read_key_file(written.home) is None
    with pytest.raises(BadRequest):
        decrypt(written)


def test_it_waits_until_no_window_has_the_notebook_open(desk: Desk) -> None:
    with pytest.raises(HomeUnusable, match="close it"):
        encrypt(desk.settings, WORDS)
    assert read_key_file(desk.settings.home) is None


def test_a_person_is_forgotten_in_an_encrypted_notebook_too(written: Settings, open_home: Callable[..., Desk]) -> None:
    encrypt(written, WORDS)
    desk = open_home(written.home, COACH_PASSPHRASE=WORDS.get_secret_value())
    receipt = desk.forget(desk.records.people()[0])
    assert (receipt.notes, receipt.backups) == (1, 1) and desk.records.people() == ()


def test_the_doctor_says_that_it_is_on(written: Settings) -> None:
    encrypt(written, WORDS)
    parts = {part.name: part for part in examine(with_words(written, WORDS))}
    assert parts["encryption"].says == "on, by passphrase" and "encrypted" in parts["index"].says
    with pytest.raises(Locked):
        list(examine(written))


def test_the_command_line_encrypts_and_decrypts(written: Settings, coach: Path) -> None:
    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [coach, "--home", str(written.home), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=os.environ | environ, check=False, stdin=subprocess.DEVNULL
        )

    words = WORDS.get_secret_value()
    assert "are encrypted" in run("encrypt", COACH_NEW_PASSPHRASE=words).stdout and readable(written.home) == []
    assert NOTE in run("notes", "search", "porter", COACH_PASSPHRASE=words).stdout
    assert "no longer encrypted" in run("decrypt", COACH_PASSPHRASE=words).stdout
    assert run("encrypt").returncode == 2  # nobody to ask, and no key store here


def test_the_settings_do_not_say_the_passphrase(home: Path) -> None:
    assert "hidden" not in repr(read_settings(home, {"COACH_PASSPHRASE": "hidden"}))
