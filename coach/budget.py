"""How much a model can read: tokens counted where that can be, else bounded from above; and what they cost."""

import math
import os
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from coach.endpoint import Endpoint
from coach.errors import BadFile
from coach.request import Turn

PRICES = Path(__file__).parent / "prices.yaml"
LOCAL_CONTEXT, OPENAI_CONTEXT = 8_192, 100_000
"""Tokens. Servers on a desk often read 4,000 to 8,000 and silently drop what is beyond; a bound in bytes stays below."""
AROUND_A_TURN = 16
"""Tokens that a server's template puts around each turn, generously."""

Count = Callable[[str], int]


def bound(text: str) -> int:
    """Never fewer than a byte-level or byte-fallback encoding makes: each token holds at least one byte of the text.

    Some encodings normalise first (NFKC), which can make a text longer; one more for the space some put in front.
    """
    return max(len(form.encode()) for form in (text, unicodedata.normalize("NFKC", text))) + 1


@dataclass(frozen=True, slots=True)
class Counter:
    count: Count
    exact: bool

    def of(self, turns: Sequence[Turn]) -> int:
        return sum(self.count(turn.text) + AROUND_A_TURN for turn in turns)


@cache
def counter_for(endpoint: Endpoint) -> Counter:
    """tiktoken's table for OpenAI's models once it is on this machine; the bound for all others, and until then."""
    return _OpenAICounter(endpoint.model).counter if endpoint.is_openai else Counter(bound, exact=False)


class _OpenAICounter:
    """Loads the table beside the work: it may have to be fetched, and nobody waits for that."""

    def __init__(self, model: str) -> None:
        self._encode: Count | None = None
        threading.Thread(target=self._load, args=(model,), name="coach-tokens", daemon=True).start()

    def _load(self, model: str) -> None:
        import tiktoken

        try:
            encoding = tiktoken.encoding_for_model(model)
        except (KeyError, OSError, ValueError):  # no such model, no network, a damaged table: the bound answers
            return
        self._encode = lambda text: len(encoding.encode(text, disallowed_special=()))

    @property
    def counter(self) -> Counter:
        return Counter(lambda text: (self._encode or bound)(text), exact=True)


def room(endpoint: Endpoint, answer: int) -> int:
    """Tokens that may be sent so that the answer still fits."""
    return (OPENAI_CONTEXT if endpoint.is_openai else LOCAL_CONTEXT) - answer


class Price(BaseModel):
    """US dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens_in: float
    tokens_out: float


class Prices(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: date
    models: dict[str, Price]


@cache
def prices() -> Prices:
    """From the file that COACH_PRICES names, else Coach's own. Raises BadFile."""
    path = Path(os.environ.get("COACH_PRICES") or PRICES)
    try:
        return Prices.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadFile(f"{path} cannot be read as prices: it has the form of {PRICES}.") from error


def cost(endpoint: Endpoint, tokens_in: int, tokens_out: int) -> float | None:
    """US dollars at list price; 0 on this machine, None where the price is not known."""
    if endpoint.on_this_machine:
        return 0.0
    known = [name for name in prices().models if endpoint.model == name or endpoint.model.startswith(f"{name}-20")]
    if not known or not endpoint.is_openai:
        return None
    price = prices().models[max(known, key=len)]
    return (tokens_in * price.tokens_in + tokens_out * price.tokens_out) / 1_000_000


def at_most(dollars: float | None) -> str:
    """Before it is sent: the answer may be shorter than it may be long."""
    return f"{in_words(dollars)}, at the most" if dollars else in_words(dollars)


def in_words(dollars: float | None) -> str:
    if dollars is None:
        return "price not known"
    if dollars == 0:
        return "free of charge"
    cents = 100 * dollars
    amount = "less than a tenth of a cent" if cents < 0.1 else f"about {math.ceil(cents * 10) / 10:g} US cents"
    return f"{amount} (by prices noted in {prices().as_of:%B %Y}; your provider’s may have changed)"
