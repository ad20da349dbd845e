"""Asks the model for a draft: waits where it asks to wait, shrinks once where it is too much, puts names back."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from coach.budget import cost
from coach.compose import Prepared
from coach.errors import ModelFailed, RateLimited, TooLong
from coach.request import Answer, Model
from coach.standin import PuttingBack

MOST_WAIT_SECONDS = 20.0
WAIT_SECONDS = 3.0
"""For a server that says it is busy and not for how long."""
TICK_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Nothing is arriving: the server asked to wait this many seconds more."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Why the built-in drafter answered: a code of the contract, and a sentence for the leader."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafter:
    """Who drafted, and everything it takes to do it again. Tokens are None where the server does not count them."""

    name: str = "built-in"
    model: str | None = None
    prompt: str | None = None
    parameters: tuple[tuple[str, Any], ...] = ()
    retrieved: tuple[str, ...] = ()
    """Ids of the principles, notes and messages in the request."""
    request: str | None = None
    """SHA-256 of the request as it left."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    dollars: float | None = None
    seconds: float = 0.0
    at: str = ""
    """When a model's answer was whole, in ISO form; "" for the built-in draft."""
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A whole answer with the real names in it."""

    text: str
    prepared: Prepared
    answer: Answer
    at: datetime

    @property
    def drafter(self) -> Drafter:
        prepared, answer = self.prepared, self.answer
        request, material = prepared.request, prepared.material
        dollars = None
        if answer.tokens_in is not None and answer.tokens_out is not None:
            dollars = cost(prepared.endpoint, answer.tokens_in, answer.tokens_out)
        return Drafter(
            name="model",
            model=answer.model,
            prompt=prepared.prompt,
            parameters=answer.parameters or (("max_tokens", request.max_tokens), ("temperature", request.temperature)),
            retrieved=(
                *(principle.id for principle in material.principles),
                *(note.id for note in material.notes),
                *(sample.id for sample in material.samples),
            ),
            request=prepared.hash,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            dollars=dollars,
            seconds=answer.seconds,
            at=self.at.isoformat(),
        )


Asking = Generator[str | Waiting, None, Drafted]
"""Yields what arrives, real names put back ("" while nothing does), or a Waiting; returns the whole."""


def _now() -> datetime:
    return datetime.now(UTC)


def ask(
    model: Model,
    prepared: Prepared,
    tighter: Callable[[], Prepared],
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = _now,
) -> Asking:
    """Raises a leaf of ModelFailed. `tighter` prepares the same with half the room, for a model that reads less."""
    try:
        return (yield from _ask_patiently(model, prepared, sleep, now))
    except TooLong:
        smaller = tighter()
        if smaller.request == prepared.request:
            raise
    return (yield from _ask_patiently(model, smaller, sleep, now))


def _ask_patiently(
    model: Model, prepared: Prepared, sleep: Callable[[float], None], now: Callable[[], datetime]
) -> Asking:
    """A server that is busy is waited for once, as long as it asks for within reason."""
    try:
        return (yield from _ask_once(model, prepared, now))
    except RateLimited as error:
        wait = WAIT_SECONDS if error.after is None else error.after
        if wait > MOST_WAIT_SECONDS:
            raise
    while wait > 0:
        yield Waiting(seconds=wait)
        sleep(min(TICK_SECONDS, wait))
        wait -= TICK_SECONDS
    return (yield from _ask_once(model, prepared, now))


def _ask_once(model: Model, prepared: Prepared, now: Callable[[], datetime]) -> Asking:
    names, asking = PuttingBack(prepared.standins), model(prepared.request)
    try:
        while True:
            try:
                yield names.take(next(asking))
            except StopIteration as done:
                answer: Answer = done.value
                yield names.rest()
                text = prepared.standins.put_back(answer.text)
                return Drafted(text=text, prepared=prepared, answer=answer, at=now())
    except ModelFailed:
        yield names.rest()
        raise
    finally:
        asking.close()


def whole(asking: Asking) -> Drafted:
    """Waits for the end, for those who do not watch it arrive."""
    while True:
        try:
            next(asking)
        except StopIteration as done:
            drafted: Drafted = done.value
            return drafted
