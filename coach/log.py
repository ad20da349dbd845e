"""What happened, for whoever has to find out why: one line of JSON each, in a file that only the owner can read.

Ids and counts alone. There is no way to log a text: a value is a number, or one of Coach's own random ids.
"""

import json
import logging
import os
import re
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST, KEPT = 1_000_000, 3
_ID = re.compile(r"[0-9a-f]{32}")
_logger = logging.getLogger("coach.log")
_logger.propagate = False


class Event(StrEnum):
    OPENED = "opened"
    NOTES_KEPT = "notes-kept"
    NOTES_EMBEDDED = "notes-embedded"
    INDEX_READY = "index-ready"
    INDEX_UNUSABLE = "index-unusable"
    DRAFTED = "drafted"
    FORGOTTEN = "forgotten"
    BACKED_UP = "backed-up"
    RESTORED = "restored"
    KEY_CHANGED = "key-changed"
    FAILED = "failed"


class _File(RotatingFileHandler):
    """Says nothing where it cannot write: a full disk is reported by what the leader does, not by the log."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def handleError(self, record: logging.LogRecord) -> None: ...


def open_log(home: Path) -> None:
    """Everything from here on goes to `logs/coach.log` in this home, and an error nobody caught to it alone."""
    path = log_path(home)
    if [getattr(handler, "baseFilename", "") for handler in _logger.handlers] == [str(path)]:
        return
    for handler in list(_logger.handlers):
        _logger.removeHandler(handler)
        handler.close()
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handler = _File(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    except OSError:  # the home says by itself what is wrong with it
        return
    handler.setFormatter(logging.Formatter("%(message)s"))
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
    threading.excepthook = lambda failed: failure(failed.exc_value)


def log_path(home: Path) -> Path:
    return home / "logs" / "coach.log"


def event(what: Event, *ids: str, **counts: float) -> None:
    """Adds a line. What is no number or no id of ours is left out, whoever passed it."""
    values = {name: round(n, 3) for name, n in counts.items() if isinstance(n, int | float)}
    known = [one for one in ids if _ID.fullmatch(one)]
    _write(what, values | ({"ids": known} if known else {}))


def failure(error: BaseException | None) -> None:
    """An error's type and the places it passed, never its words: they may quote the leader's."""
    if error is not None:
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
        _write(Event.FAILED, {"error": type(error).__name__, "at": places[-8:]})


def _write(what: Event, values: dict[str, float | str | Sequence[str]]) -> None:
    if _logger.handlers:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        _logger.info(json.dumps({"time": now, "event": what.value, "process": os.getpid()} | values))
