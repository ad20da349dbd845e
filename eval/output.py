"""What a subject gave for one case, in the form that scorers read, whoever wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """`message` is empty where there was none; `error` then says why. `ranked`: ids, best first (retrieval).

    `questions`: what was asked for, by name ("impact") where the subject names it. `used`: ids of the notes that were
    given to it. `private`: those of the ranked that are private notes.
    """

    message: str = ""
    questions: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    states: tuple[str, ...] = ()
    error: str = ""
    finish_reason: str = "stop"
    key: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_ms: int | None = None


def output_from(row: Mapping[str, object]) -> Output:
    """Back from JSON, where tuples are lists."""
    values = {name: _tuples(value) for name, value in row.items()}
    return Output(**values)  # type: ignore[arg-type]


def _tuples(value: object) -> object:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
