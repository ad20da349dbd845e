"""What is asked of a language model and what comes back: the seam at which drafts, rehearsals, recordings and tests meet."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. `temperature`, `seed` and `schema` (a JSON schema for the answer) are left out where they are None."""

    turns: tuple[Turn, ...]
    max_tokens: int
    temperature: float | None = None
    seed: int | None = None
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer. `tokens_in` and `tokens_out` are None where the server does not count them."""

    text: str
    finish_reason: str
    model: str
    tokens_in: int | None
    tokens_out: int | None
    seconds: float
    parameters: tuple[tuple[str, Any], ...] = ()
    """What was asked for beside the text, less what this server refuses. Empty where it is not known."""


Model = Callable[[Request], Generator[str, None, Answer]]
"""Yields the text in pieces as they arrive and returns the whole. Raises a leaf of errors.ModelFailed."""
