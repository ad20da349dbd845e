"""Encryption of the whole notebook: on, off, and under another key. A kill at any point leaves a notebook that opens.

The key file learns the new key before any file is written under it, and forgets the old one after the last file is.
In between every file opens with one of the two, and the next start goes on where this one was stopped.
"""

import secrets
import uuid
from pathlib import Path

from pydantic import SecretStr

from coach.backup import backups
from coach.database import Place, copy_database, have_home_alone, is_plain, opens, said_plainly, swap_in
from coach.errors import BadRequest, HomeUnusable
from coach.index import clear_index
from coach.key import (
    KeyFile,
    drop_from_store,
    new_outer,
    outer_key,
    read_key_file,
    recovery_key,
    unlock,
    unwrap,
    wrap,
    write_key_file,
)
from coach.log import Event, event
from coach.settings import Settings


def encrypt(settings: Settings, new: SecretStr | None) -> str | None:
    """Turns encryption on, or changes its key. Returns the recovery key where the key store has the key.

    Without `new` the key goes to the system's key store. Raises Locked or WrongKey where the present one is not known,
    HomeUnusable while Coach is open.
    """
    if settings.database_url:
        raise BadRequest("Your notebook is in PostgreSQL: encrypt that server's disk instead.")
    with have_home_alone(settings.home):
        before = read_key_file(settings.home)
        old = unlock(settings.home, settings.passphrase)
        file, outer = new_outer(new)
        keys = (secrets.token_bytes(32), *old)
        write_key_file(settings.home, file.model_copy(update={"keys": wrap(outer, keys), "changing": True}))
        if before and before.by == "key-store":
            drop_from_store(before.id)
        _go_on(settings, keys, outer)
    return recovery_key(outer) if file.by == "key-store" else None


def decrypt(settings: Settings) -> None:
    """Takes encryption off. Raises Locked or WrongKey, HomeUnusable while Coach is open."""
    with have_home_alone(settings.home):
        file = read_key_file(settings.home)
        if file is None:
            raise BadRequest("Your notebook is not encrypted.")
        outer = outer_key(file, settings.passphrase)
        keys = unwrap(file, outer)
        write_key_file(settings.home, file.model_copy(update={"changing": True, "ending": True}))
        _go_on(settings, keys, outer)


def finish_change(settings: Settings) -> tuple[bytes, ...]:
    """The keys of the notebook. A change that was cut short is finished first, unless another window has it open."""
    file = read_key_file(settings.home)
    if file is None:
        return ()
    outer = outer_key(file, settings.passphrase)
    keys = unwrap(file, outer)
    if file.changing or (settings.database.exists() and is_plain(settings.database)):
        try:
            with have_home_alone(settings.home):
                return _go_on(settings, keys, outer)
        except HomeUnusable:
            return keys
    return keys


def _go_on(settings: Settings, keys: tuple[bytes, ...], outer: bytes) -> tuple[bytes, ...]:
    """Brings every file under the newest key, or under none, then forgets the others."""
    file = read_key_file(settings.home)
    assert file is not None  # noqa: S101 - written before
    target = () if file.ending else keys[:1]
    for path in (settings.database, *(one.path for one in backups(settings.home))):
        if path.exists():
            _bring(path, keys, target)
    for left in [*settings.home.glob(".new-*"), *settings.home.glob("backups/.new-*")]:
        left.unlink(missing_ok=True)
    clear_index(settings.index_folder)  # vectors tell what a text says
    _forget_old(settings.home, file, outer, target)
    event(Event.KEY_CHANGED)
    return target


def _bring(path: Path, keys: tuple[bytes, ...], target: tuple[bytes, ...]) -> None:
    now = _as_it_is(path, keys)
    if now.keys == target:
        return
    incoming = path.with_name(f".new-{uuid.uuid4().hex}")
    try:
        with said_plainly(now):
            copy_database(now, Place(path=incoming, keys=target))
            swap_in(incoming, now)
    finally:
        incoming.unlink(missing_ok=True)


def _as_it_is(path: Path, keys: tuple[bytes, ...]) -> Place:
    if is_plain(path):
        return Place(path=path)
    for key in keys:
        if opens(one := Place(path=path, keys=(key,))):
            return one
    raise HomeUnusable(f"{path} opens with no key of this notebook. Move it elsewhere and try again.")


def _forget_old(home: Path, file: KeyFile, outer: bytes, target: tuple[bytes, ...]) -> None:
    if target:
        write_key_file(home, file.model_copy(update={"keys": wrap(outer, target), "changing": False}))
        return
    write_key_file(home, None)
    if file.by == "key-store":
        drop_from_store(file.id)
