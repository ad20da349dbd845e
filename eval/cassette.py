"""Recordings at the model seam: one JSON line for each answer, found again by what was asked.

A recording's key is the SHA-256 of the canonical request, so a changed prompt, parameter, case or retrieval finds nothing.
"""

import difflib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from coach.request import Answer, Request
from eval.errors import Inconsistent, Misuse

CHARACTERS_A_TOKEN = 4
"""A rule of thumb, for what re-recording would cost where nothing better is known."""
DIFFERENCE_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a request was made of, part by part, so that a difference can be named. Digests, and the case's id."""

    case: str = ""
    input: str = ""
    prompt: str = ""
    retrieval: str = ""
    parameters: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it stands in a recording, with the `sample`-th answer wanted."""

    model: str
    request: Request
    about: About = About()
    sample: int = 0

    @cached_property
    def canonical(self) -> dict[str, Any]:
        """As Chat Completions names things; what is None was not said."""
        said = {
            "model": self.model,
            "messages": [{"role": turn.role.value, "content": turn.text} for turn in self.request.turns],
            "max_tokens": self.request.max_tokens,
            "temperature": self.request.temperature,
            "seed": self.request.seed,
            "schema": self.request.schema,
        }
        return {name: value for name, value in said.items() if value is not None}

    @cached_property
    def key(self) -> str:
        return key_of(self.canonical)


def key_of(canonical: Mapping[str, Any]) -> str:
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`finish_reason` is the server's; "error" where there was no whole answer, and then `error` says which."""

    key: str
    provenance: str
    model: str
    request: Mapping[str, Any]
    response: str
    finish_reason: str
    usage: Mapping[str, int | None]
    latency_ms: int
    sample: int = 0
    error: Mapping[str, str] | None = None
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        return json_line(self)


def json_line(value: object) -> str:
    """One line, dataclasses as objects with sorted names. `dataclasses.asdict` copies all it meets, which takes twice as long."""
    return json.dumps(value, default=_by_name, sort_keys=True, ensure_ascii=False) + "\n"


def _by_name(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def recording_of(asked: Asked, provenance: str, answer: Answer) -> Recording:
    return Recording(
        key=asked.key,
        provenance=provenance,
        model=asked.model,
        request=asked.canonical,
        response=answer.text,
        finish_reason=answer.finish_reason,
        usage={"tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out},
        latency_ms=round(1_000 * answer.seconds),
        sample=asked.sample,
        about=asdict(asked.about),
    )


def failure_of(asked: Asked, provenance: str, code: str, message: str, seconds: float) -> Recording:
    """An error is an answer too: a replay meets it again. A truncated answer keeps its finish_reason "length"."""
    finish = "length" if code == "cut-off" else "error"
    blank = Answer(text="", finish_reason=finish, model=asked.model, tokens_in=None, tokens_out=None, seconds=seconds)
    return replace(recording_of(asked, provenance, blank), error={"code": code, "message": message})


class Cassette:
    """The recordings of one subject, in one file that is sorted by key and sample when it is closed."""

    def __init__(self, path: Path, recordings: Iterable[Recording] = ()) -> None:
        self.path = path
        self.recordings = {(one.key, one.sample): one for one in recordings}
        self._file: int | None = None

    def find(self, asked: Asked) -> Recording | None:
        return self.recordings.get((asked.key, asked.sample))

    def keep(self, recording: Recording) -> None:
        """On the disk before it returns."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.write(self._file, recording.line.encode("utf-8", "surrogatepass"))
        os.fsync(self._file)
        self.recordings[recording.key, recording.sample] = recording

    def tidy(self) -> None:
        """Sorted and whole, in one step: a reader sees the old file or the new one."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self.recordings or self.path.exists():
            write_whole(self.path, "".join(self.recordings[at].line for at in sorted(self.recordings)))


def write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def open_cassette(path: Path) -> Cassette:
    """Raises Inconsistent where a recording is not what its key says. A torn last line (a kill) is left out."""
    if not path.is_file():
        return Cassette(path)
    text = path.read_text("utf-8", errors="surrogatepass")
    lines = text.split("\n")
    if lines[-1]:  # no line break at the end: the writer was killed within it
        with path.open("r+b") as file:
            file.truncate(len(text[: len(text) - len(lines[-1])].encode("utf-8", "surrogatepass")))
    return Cassette(path, [_recording(path, at, line) for at, line in enumerate(lines[:-1], start=1) if line.strip()])


def _recording(path: Path, number: int, line: str) -> Recording:
    try:
        found = Recording(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise Misuse(f"{path.name}:{number} is no recording ({type(error).__name__}).") from error
    if key_of(found.request) != found.key:
        raise Inconsistent(f"{path.name}:{number}: the request is not the one its key was made of.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An answer that is not there, and why: which parts of the request differ from the nearest recording."""

    asked: Asked
    nearest: Recording | None
    changed: tuple[str, ...]

    @property
    def reason(self) -> str:
        if self.nearest is None:
            return "nothing was recorded for this subject"
        if self.nearest.about.get("case") != self.asked.about.case:
            return "this case was never recorded"
        if not self.changed:
            return "the request changed" if self.nearest.key != self.asked.key else "this sample was never recorded"
        return " and ".join(self.changed) + " changed"

    @property
    def difference(self) -> str:
        """As `diff -u` prints it, from the nearest recording to what is asked now."""
        before = _readable(self.nearest.request) if self.nearest else []
        lines = list(
            difflib.unified_diff(before, _readable(self.asked.canonical), "recorded", "asked now", n=1, lineterm="")
        )
        more = [f"… {len(lines) - DIFFERENCE_LINES} more lines"] if len(lines) > DIFFERENCE_LINES else []
        return "\n".join([*lines[:DIFFERENCE_LINES], *more])


def _readable(canonical: Mapping[str, Any]) -> list[str]:
    lines = [f"{name}: {value}" for name, value in sorted(canonical.items()) if name != "messages"]
    for message in canonical["messages"]:
        lines += [f"--- {message['role']}", *message["content"].split("\n")]
    return lines


_PARTS = {"input": "case", "prompt": "prompt", "retrieval": "retrieval", "parameters": "parameters"}


def missed(asked: Asked, recordings: Sequence[Recording]) -> Missed:
    same_case = [one for one in recordings if one.about.get("case") == asked.about.case]
    nearest = max(same_case or recordings, key=lambda one: _likeness(one, asked), default=None)
    now = asdict(asked.about)
    changed = [_PARTS[part] for part in _PARTS if nearest and nearest.about.get(part) != now[part]]
    if nearest and nearest.model != asked.model:
        changed.append("model")
    return Missed(asked=asked, nearest=nearest, changed=tuple(changed))


def _likeness(recording: Recording, asked: Asked) -> float:
    """Shared lines, of all: quick, and enough to choose what to show."""
    ours, theirs = set(_readable(asked.canonical)), set(_readable(recording.request))
    return len(ours & theirs) / max(len(ours | theirs), 1)


def cost(asked: Sequence[Asked]) -> tuple[int, int]:
    """What asking would cost at most: calls, and tokens in and out."""
    read = sum(len(turn.text) for one in asked for turn in one.request.turns) // CHARACTERS_A_TOKEN
    return len(asked), read + sum(one.request.max_tokens for one in asked)
