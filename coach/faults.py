"""The faults a message can have, one file each in coach/checks: what it means, which phrases point at it and why, what to advise.

A list of phrases is where a check starts. `sure` phrases are the fault unless the language model finds nothing of it in
the sentence; the others count only where it finds something; and it may find the fault without any phrase.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from coach.situation import Kind

FOLDER = Path(__file__).parent / "checks"


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phrases(_Written):
    """Patterns with one reason or source for all of them."""

    because: str
    find: tuple[str, ...]
    sure: bool = False


class Advice(_Written):
    """What to say where the message has all that the template `needs`; the first that fits is used."""

    needs: tuple[str, ...]
    say: str


class ReadFrom(_Written):
    """Probabilities from which on the model's reading counts: by itself, with a phrase, with a sure phrase.

    Of what a message does not tell: by itself, where its words tell it by rule, and where they do not."""

    alone: float = 0.85
    phrase: float = 0.6
    sure: float = 0.01
    told: float | None = None
    untold: float | None = None


class Fault(_Written):
    code: str
    version: int
    kind: Literal["recognition", "feedback", "both"]
    severity: Severity
    scope: Literal["span", "message"]
    means: str
    phrases: tuple[Phrases, ...] = ()
    read_from: ReadFrom = ReadFrom()
    advice: tuple[Advice, ...]
    fix: Literal["cut", "calm"] | None = None
    """What can be done to the words without a risk to the rest: cut them, or leave one mark of several."""

    def concerns(self, kind: Kind) -> bool:
        return self.kind in ("both", kind.value)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], Phrases], ...]:
        return tuple((_whole_words(one.find), one) for one in self.phrases)

    def matches(self, text: str) -> Iterator[tuple[re.Match[str], Phrases]]:
        for pattern, phrases in self._patterns:
            yield from ((found, phrases) for found in pattern.finditer(text))


def _whole_words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A phrase begins and ends where words do; a stack of marks may stand close to a word."""
    return re.compile(rf"(?:(?<!\w)|(?=\W))(?:{'|'.join(patterns)})(?:(?!\w)|(?<=\W))", re.IGNORECASE)


@cache
def read_faults() -> dict[str, Fault]:
    """Every fault by its code."""
    faults = [Fault.model_validate(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))]
    return {fault.code: fault for fault in faults}
