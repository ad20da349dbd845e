"""Secrets: in the keyring where there is one, else for the owner's eyes only, and shown nowhere."""

import json
import os
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from coach.errors import HomeUnusable
from coach.secret import FILE, Secrets, open_secrets

VALUE = "xoxb-2314-invented"


class Ring(KeyringBackend):
    """A keyring in memory. `locked` refuses everything, as a desktop's does before it is unlocked."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def _unlocked(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._unlocked()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._unlocked()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._unlocked()
        del self.held[service, username]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_without_a_keyring_only_the_owner_can_read_the_file(folder: Path) -> None:
    before = os.umask(0)
    try:
        Secrets(folder, None).keep("token", VALUE)
        Secrets(folder, None).keep("other", "second")
    finally:
        os.umask(before)
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert Secrets(folder, None).read("token") == VALUE and Secrets(folder, None).read("nothing") == ""
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_with_a_keyring_nothing_is_in_the_folder(folder: Path) -> None:
    ring = Ring()
    Secrets(folder, ring).keep("token", VALUE)
    assert Secrets(folder, ring).read("token") == VALUE and list(folder.iterdir()) == []
    assert Secrets(folder / "another home", ring).read("token") == ""


def test_a_locked_keyring_is_as_good_as_none_and_loses_nothing(folder: Path) -> None:
    ring = Ring()
    secrets = Secrets(folder, ring)
    secrets.keep("token", "old")
    ring.locked = True
    assert secrets.read("token") == ""
    secrets.keep("token", VALUE)
    assert secrets.read("token") == VALUE
    ring.locked = False
    assert secrets.read("token") == VALUE
    secrets.keep("token", "newest")
    assert secrets.read("token") == "newest" and json.loads((folder / FILE).read_text()) == {}


def test_a_forgotten_secret_is_gone_from_both(folder: Path) -> None:
    ring = Ring()
    secrets = Secrets(folder, ring)
    secrets.keep("token", VALUE)
    secrets.forget("token")
    secrets.forget("never kept")
    assert secrets.read("token") == "" and ring.held == {}
    bare = Secrets(folder, None)
    bare.keep("token", VALUE)
    bare.forget("token")
    assert bare.read("token") == "" and VALUE not in (folder / FILE).read_text()


def test_a_damaged_file_is_said_without_its_content(folder: Path) -> None:
    (folder / FILE).write_text(f'{{"token": "{VALUE}"')
    with pytest.raises(HomeUnusable) as caught:
        Secrets(folder, None).read("token")
    assert VALUE not in str(caught.value)


def test_no_representation_shows_a_value(folder: Path) -> None:
    secrets = Secrets(folder, None)
    secrets.keep("token", VALUE)
    assert VALUE not in repr(secrets) + str(vars(secrets))


def test_a_machine_without_a_keyring_uses_the_file(folder: Path) -> None:
    secrets = open_secrets(folder)  # tests run without the desktop's
    secrets.keep("token", VALUE)
    assert (folder / FILE).exists() and str(folder) in secrets.place
