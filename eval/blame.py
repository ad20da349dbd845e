"""Which part lost a case: A's retrieval with B's prompt, and B's retrieval with A's prompt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.totals import ALL, Row


class Culprit(StrEnum):
    PROMPT = "prompt"
    RETRIEVAL = "retrieval"
    BOTH = "both together"
    EITHER = "either alone"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    case: str
    metric: str
    culprit: Culprit
    why: str = ""


Crossed = Callable[[str, str, str], Row | str]
"""(case, retrieval from, prompt from), "A" or "B" -> the row, or why there is none."""


def blame(lost: Sequence[str], metric: str, before: Mapping[str, Row], crossed: Crossed) -> tuple[Blamed, ...]:
    """Of each lost case: with B's prompt alone, is it lost; and with B's retrieval alone?"""
    return tuple(_one(case, metric, before[case], crossed) for case in lost)


def _one(case: str, metric: str, before: Row, crossed: Crossed) -> Blamed:
    prompt, retrieval = crossed(case, "A", "B"), crossed(case, "B", "A")
    unknown = [why for why in (prompt, retrieval) if isinstance(why, str)]
    if isinstance(prompt, str) or isinstance(retrieval, str):
        return Blamed(case=case, metric=metric, culprit=Culprit.UNKNOWN, why=unknown[0])
    by_prompt, by_retrieval = (_worse(before, row, metric) for row in (prompt, retrieval))
    culprit = {
        (True, True): Culprit.EITHER,
        (True, False): Culprit.PROMPT,
        (False, True): Culprit.RETRIEVAL,
        (False, False): Culprit.BOTH,
    }[by_prompt, by_retrieval]
    return Blamed(case=case, metric=metric, culprit=culprit)


def _worse(before: Row, after: Row, metric: str = ALL) -> bool:
    a, b = before.score(metric), after.score(metric)
    return a is not None and b is not None and b < a
