"""Who is measured: the built-in drafter, or a version of the prompts as one model answers it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coach.request import Request
from coach.situation import Channel
from eval.case import FOLDER, Case, Moment, digest_of
from eval.cassette import About, Asked, Recording
from eval.errors import Misuse
from eval.output import Output
from eval.scorers import LONGEST
from eval.templates import quoted, template_digest, turns

BUILT_IN = "built-in"
MODELS = FOLDER / "models.json"
SLOT = "[…?]"
CHANNELS = {
    Channel.PUBLIC_CHAT: "a chat that the whole team reads",
    Channel.DIRECT: "a direct message",
    Channel.EMAIL: "an email",
    Channel.SPOKEN: "to be said aloud",
    Channel.CARD: "a card that goes round the team",
}
"""As coach.compose says it, which is too much to import for a replay; a test holds the two together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`name` is "built-in", or a prompt version and a model: "v1@gpt-5-mini"."""

    version: str
    model: str = ""

    @property
    def name(self) -> str:
        return f"{self.version}@{self.model}" if self.model else self.version

    @property
    def file_name(self) -> str:
        """Without what a file's name may not hold."""
        return "".join(c if c.isalnum() or c in "@._-" else "-" for c in self.name)

    @property
    def built_in(self) -> bool:
        return self.version == BUILT_IN

    def answers(self, case: Case) -> bool:
        """A model writes messages; finding and rehearsing are Coach's own."""
        return self.built_in or isinstance(case.input, Moment)


def named(text: str) -> Subject:
    """Raises Misuse where it names no subject."""
    if text == BUILT_IN:
        return Subject(version=BUILT_IN)
    version, at, model = text.partition("@")
    if not version or not at or not model:
        raise Misuse(
            f"{text!r} names no subject: say built-in, or a prompt version and a model, such as v1@gpt-5-mini."
        )
    return Subject(version=version, model=model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was retrieved for a case: ids, best first."""

    principles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest_of([self.principles, self.notes])


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """How a model is asked, and what its answers are called: "tiny-model", or "" for live:MODEL@DAY."""

    max_tokens: int
    temperature: float | None = None
    seed: int | None = None
    provenance: str = ""


@cache
def parameters_of(model: str) -> Parameters:
    """From `models.json`: the model's own line, else the default one."""
    known = json.loads(MODELS.read_text("utf-8"))
    return Parameters(**known.get(model, known["default"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A principle as a prompt shows it."""

    title: str
    text: str
    not_when: str


Passages = Mapping[str, Passage]
"""Id of a principle -> what a prompt shows of it."""


def asked_of(subject: Subject, case: Case, found: Found, passages: Passages) -> Asked:
    """The one request that this subject makes of its model for this case."""
    prompt = f"{case.moment.kind.value}/{subject.version}"
    how = parameters_of(subject.model)
    request = Request(
        turns=turns(prompt, prompt_values(case, found, passages)),
        max_tokens=how.max_tokens,
        temperature=how.temperature,
        seed=how.seed,
    )
    return Asked(
        model=subject.model,
        request=request,
        about=About(
            case=case.id,
            input=case.digest,
            prompt=f"{prompt}@{template_digest(prompt)}",
            retrieval=digest_of([found.digest, [asdict(passages[one]) for one in found.principles if one in passages]]),
            parameters=digest_of([how.max_tokens, how.temperature, how.seed]),
        ),
    )


def prompt_values(case: Case, found: Found, passages: Passages) -> Mapping[str, object]:
    """By the names that the templates use. Whatever people wrote is quoted: it closes no delimiter."""
    moment = case.moment
    notes = {note.id: note for note in case.notes}
    given = [notes[name] for name in found.notes if name in notes and not notes[name].private]
    return {
        "situation": quoted(moment.situation),
        "to": quoted(moment.to),
        "pronouns": moment.pronouns.value if moment.pronouns else "",
        "channel": CHANNELS[moment.channel],
        "words": LONGEST[moment.channel],
        "happened": moment.date.isoformat() if moment.date else "",
        "today": moment.today.isoformat(),
        "notes": [{"day": note.date.isoformat(), "text": quoted(note.text)} for note in given],
        "principles": [_quoted(passages[name]) for name in found.principles if name in passages],
        "samples": [quoted(text) for text in moment.voice],
        "slot": SLOT,
    }


def _quoted(passage: Passage) -> dict[str, str]:
    return {name: quoted(text) for name, text in asdict(passage).items()}


def output_of(recording: Recording, used: tuple[str, ...]) -> Output:
    """A message as it was recorded. What it asks for shows as blanks, which scorers find in the text."""
    error = recording.error["code"] if recording.error else ""
    return Output(
        message="" if error and error != "cut-off" else recording.response.strip(),
        used=used,
        error=error,
        finish_reason=recording.finish_reason,
        key=recording.key,
        tokens_in=recording.usage.get("tokens_in"),
        tokens_out=recording.usage.get("tokens_out"),
        latency_ms=recording.latency_ms,
    )


RETRIEVED = FOLDER / "cassettes" / "retrieved.jsonl"


def read_found(path: Path = RETRIEVED) -> dict[str, Found]:
    """Digest of a case -> what was retrieved for it when it was last recorded."""
    rows = [row for row in _lines(path) if "case" in row]
    return {row["case"]: Found(principles=tuple(row["principles"]), notes=tuple(row["notes"])) for row in rows}


def read_passages(path: Path = RETRIEVED) -> dict[str, Passage]:
    rows = [row for row in _lines(path) if "principle" in row]
    return {row["principle"]: Passage(title=row["title"], text=row["text"], not_when=row["not_when"]) for row in rows}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line] if path.is_file() else []


def passages_of(library: Mapping[str, Any], found: Mapping[str, Found]) -> dict[str, Passage]:
    """Of the principles that were found for some case."""
    names = {name for one in found.values() for name in one.principles}
    return {
        name: Passage(title=library[name].title, text=library[name].text, not_when=library[name].not_when)
        for name in sorted(names & set(library))
    }


def found_lines(found: Mapping[str, Found], passages: Passages) -> str:
    """Principles first, each once, then what was found for each case."""
    rows: list[dict[str, Any]] = [{"principle": name, **asdict(passages[name])} for name in sorted(passages)]
    rows += [{"case": name, **asdict(found[name])} for name in sorted(found)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
