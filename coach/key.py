"""The key of an encrypted notebook: kept by the system's key store, or made from a passphrase.

The database is encrypted under a random key. `coach.key` holds that key wrapped (AES-256-GCM) under another one, which
is in the key store or comes from a passphrase by Argon2id. While a key is being changed the file holds both, newest first.
"""

import base64
import os
import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from coach.errors import BadRequest, HomeUnusable, Locked, WrongKey

SERVICE = "coach"
SHORTEST = 8
# RFC 9106, section 4, the second recommended choice: 3 passes, 4 lanes, 64 MiB.
PASSES, LANES, MEMORY_KIB = 3, 4, 65_536
_ABOUT = b"coach database key, version 1"
_MISSING = "Your notebook is encrypted: run 'make extras' to install what opens it."


class KeyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    by: Literal["key-store", "passphrase"]
    id: str
    """The entry's name in the key store, or the passphrase's salt (both hex)."""
    keys: tuple[str, ...]
    changing: bool = False
    """Files may still be under an older key, or under none."""
    ending: bool = False
    """Encryption is being taken off."""


def key_path(home: Path) -> Path:
    return home / "coach.key"


def read_key_file(home: Path) -> KeyFile | None:
    """None where the notebook is not encrypted."""
    path = key_path(home)
    if not path.exists():
        return None
    try:
        return KeyFile.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise HomeUnusable(f"{path} is damaged. Put the copy of it back that lies beside your backups.") from error


def write_key_file(home: Path, file: KeyFile | None) -> None:
    """In one step: a kill leaves the old or the new. Another copy lies with the backups: without it they are noise."""
    for folder in (home, home / "backups"):
        if folder.is_dir():
            _write(key_path(folder), file)


def _write(path: Path, file: KeyFile | None) -> None:
    if file is None:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
        out.write(file.model_dump_json())
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)


def unlock(home: Path, passphrase: SecretStr | None) -> tuple[bytes, ...]:
    """The keys of the notebook's files, newest first; none where it is not encrypted. Raises Locked or WrongKey."""
    file = read_key_file(home)
    return () if file is None else unwrap(file, outer_key(file, passphrase))


def unwrap(file: KeyFile, outer: bytes) -> tuple[bytes, ...]:
    try:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        raise HomeUnusable(_MISSING) from error
    try:
        wrapped = [base64.b64decode(key) for key in file.keys]
        return tuple(AESGCM(outer).decrypt(one[:12], one[12:], _ABOUT) for one in wrapped)
    except InvalidTag:
        raise WrongKey("That does not open your notebook. Check it and try again: capitals and spaces count.") from None


def wrap(outer: bytes, keys: tuple[bytes, ...]) -> tuple[str, ...]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonces = [secrets.token_bytes(12) for _ in keys]
    sealed = [n + AESGCM(outer).encrypt(n, key, _ABOUT) for n, key in zip(nonces, keys, strict=True)]
    return tuple(base64.b64encode(one).decode() for one in sealed)


def outer_key(file: KeyFile, passphrase: SecretStr | None) -> bytes:
    if file.by == "passphrase":
        if passphrase is None:
            raise Locked("Your notebook is encrypted: it opens with its passphrase.")
        return _from_passphrase(passphrase, bytes.fromhex(file.id))
    if passphrase is not None:
        return _from_recovery(passphrase)
    held = _held(file.id)
    if held is None:
        raise Locked(
            "Your notebook is encrypted, and this computer's key store does not have its key. Unlock the key store, "
            "or type the recovery key you were given."
        )
    return held


def _from_passphrase(passphrase: SecretStr, salt: bytes) -> bytes:
    try:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
    except ImportError as error:
        raise HomeUnusable(_MISSING) from error
    kdf = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive(passphrase.get_secret_value().encode("utf-8", "surrogatepass"))


# The key store


def key_store() -> Any | None:
    """The system's own, or None where there is none that works."""
    try:
        import keyring
        from keyring.backends import fail
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        store = keyring.get_keyring()
        if isinstance(store, fail.Keyring) or store.priority <= 0:
            return None
        store.get_password(SERVICE, "is it there")
    except (KeyringError, RuntimeError, OSError):
        return None
    return store


def _held(name: str) -> bytes | None:
    store = key_store()
    value = store.get_password(SERVICE, name) if store else None
    return _from_recovery(SecretStr(value)) if value else None


def keep_in_store(store: Any, name: str, outer: bytes) -> None:
    store.set_password(SERVICE, name, recovery_key(outer))


def drop_from_store(name: str) -> None:
    store = key_store()
    if store and store.get_password(SERVICE, name):
        store.delete_password(SERVICE, name)


def recovery_key(outer: bytes) -> str:
    """What opens the notebook where the key store is lost: 52 letters and digits in groups of four."""
    text = base64.b32encode(outer).decode().rstrip("=")
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _from_recovery(typed: SecretStr) -> bytes:
    text = typed.get_secret_value().replace("-", "").replace(" ", "").upper()
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise WrongKey("That is no recovery key of Coach: it has 52 letters and digits in groups of four.")
    return key


def new_outer(passphrase: SecretStr | None) -> tuple[KeyFile, bytes]:
    """A key file without keys yet, and the key that will wrap them; by passphrase, else in the key store."""
    if passphrase is not None:
        if len(passphrase.get_secret_value()) < SHORTEST:
            raise BadRequest(f"A passphrase has at least {SHORTEST} characters. Four words that you remember do well.")
        salt = secrets.token_bytes(16)
        return KeyFile(by="passphrase", id=salt.hex(), keys=()), _from_passphrase(passphrase, salt)
    store = key_store()
    if store is None:
        raise Locked("This computer has no key store that Coach can use: choose a passphrase instead.")
    name, outer = secrets.token_hex(16), secrets.token_bytes(32)
    keep_in_store(store, name, outer)
    return KeyFile(by="key-store", id=name, keys=()), outer
