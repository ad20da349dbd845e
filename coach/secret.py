"""Keys, passwords and webhook addresses: in the system's keyring, or in a file that only its owner can read."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import HomeUnusable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "coach"
FILE = "secrets.json"


def system_keyring() -> "KeyringBackend | None":
    """None where there is none that keeps anything: a server, a container, a desktop without one."""
    import keyring
    from keyring.backends import fail, null

    found = keyring.get_keyring()
    return None if isinstance(found, fail.Keyring | null.Keyring) or found.priority < 1 else found


class Secrets:
    """Values by name, for one home. A value is handed to whoever uses it; no page, log or message shows it again."""

    def __init__(self, home: Path, ring: "KeyringBackend | None") -> None:
        self._path, self._ring = home / FILE, ring
        self._service = f"{SERVICE} {home}"

    @property
    def place(self) -> str:
        return "your system's keyring" if self._ring else f"a file that only you can read ({self._path})"

    def keep(self, name: str, value: str) -> None:
        """Raises HomeUnusable where it cannot be kept."""
        if self._ring and self._in_ring(name, value):
            self._write({other: kept for other, kept in self._read().items() if other != name})
        else:
            self._write(self._read() | {name: value})

    def read(self, name: str) -> str:
        """ "" where there is none. The file goes first: it holds what the keyring would not take."""
        from keyring.errors import KeyringError

        if held := self._read().get(name):
            return held
        try:
            return (self._ring.get_password(self._service, name) if self._ring else None) or ""
        except KeyringError:
            return ""

    def forget(self, name: str) -> None:
        from keyring.errors import KeyringError

        try:
            if self._ring and self._ring.get_password(self._service, name) is not None:
                self._ring.delete_password(self._service, name)
        except KeyringError as error:
            raise HomeUnusable("Your system's keyring is locked. Unlock it and try again.") from error
        self._write({other: kept for other, kept in self._read().items() if other != name})

    def _in_ring(self, name: str, value: str) -> bool:
        """A keyring that is locked or gone is as good as none."""
        from keyring.errors import KeyringError

        assert self._ring is not None  # noqa: S101 - asked only where there is one
        try:
            self._ring.set_password(self._service, name, value)
        except KeyringError:
            return False
        return True

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise HomeUnusable(
                f"{self._path} cannot be read. Delete it and enter your keys again under Channels."
            ) from error
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}

    def _write(self, values: dict[str, str]) -> None:
        """Whole or not at all, and never readable by others, not even for a moment."""
        if not values and not self._path.exists():
            return
        fresh = self._path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self._path)
        except OSError as error:
            raise HomeUnusable(f"Coach cannot write {self._path}. Give yourself write access and try again.") from error


def open_secrets(home: Path) -> Secrets:
    return Secrets(home, system_keyring())
