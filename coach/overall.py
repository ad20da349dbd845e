"""The faults of a message as a whole: what it does not tell, and whether it raises more than one matter."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, partial
from statistics import mean

import numpy as np

from coach.clauses import acts, roles
from coach.faults import Fault, read_faults
from coach.language import Span, sentences, tag
from coach.situation import Kind, Missing
from coach.tuned import Labels

ROLE = {
    "no-behaviour": (Missing.BEHAVIOUR, "behaviour"),
    "no-situation": (Missing.SITUATION, "occasion"),
    "no-impact": (Missing.IMPACT, "impact"),
    "no-next-step": (Missing.WISH, "wish"),
}
"""What a message lacks that has the fault, and what the model calls it."""
ANOTHER = "another-issue"
SURE_FROM = 0.95
"""The first reader's probability from which on the second need not be asked whether something is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """A fault of the whole message, and why."""

    code: str
    why: str


def overall(
    message: str, kind: Kind, names: frozenset[str], readers: Sequence[Labels], pointed: Collection[Span] = ()
) -> tuple[Overall, ...]:
    """`names`: the recipient's, folded. `readers`: the message read as one, the checks' reading first; () without the model.

    `pointed`: where its words commit a fault: "how could you?" is no question that helps.
    """
    found = []
    by_rule = cache(lambda: _told(message, kind, names))

    def told(role: Missing) -> bool:
        apart = pointed if role is Missing.WISH else ()
        return any(role in roles for one, roles in by_rule() if not any(_meet(one, part) for part in apart))

    for code, (role, label) in ROLE.items():
        fault = read_faults()[code]
        if fault.concerns(kind) and (why := _missing(fault, label, partial(told, role), readers)):
            found.append(Overall(code=code, why=why))
    several = read_faults()["several-issues"]
    if not readers or not several.concerns(kind):
        return tuple(found)
    apart = [one for one in sentences(message) if any(_meet(one, part) for part in pointed)]
    if (likely := _peak(readers[0], ANOTHER, apart)) >= several.read_from.alone:
        found.append(Overall(code=several.code, why=f"the language model finds a second matter ({likely:.0%})"))
    return tuple(found)


def in_doubt(labels: Labels, kind: Kind) -> bool:
    """Whether a second reader could change what a message is said to lack."""
    return any(
        _peak(labels, label) < SURE_FROM for code, (_, label) in ROLE.items() if read_faults()[code].concerns(kind)
    )


def _missing(fault: Fault, label: str, told: Callable[[], bool], readers: Sequence[Labels]) -> str | None:
    """Why it is missing, or None where it is there. `told`: whether the words tell it by rule, asked only where that decides."""
    if not readers:
        return None if told() else f"no sentence tells it, by its words: {fault.means}"
    if_told, if_not = (
        fault.read_from.alone if least is None else least for least in (fault.read_from.told, fault.read_from.untold)
    )
    likely = mean(_peak(one, label) for one in readers)
    if likely >= max(if_told, if_not) or (likely >= min(if_told, if_not) and likely >= (if_told if told() else if_not)):
        return None
    return f"the language model finds none of it ({likely:.0%}): {fault.means}"


def _peak(labels: Labels, name: str, apart: Collection[Span] = ()) -> float:
    """The highest probability of a label. `apart`: where it does not count: a reproach is no matter of its own."""
    values = labels.values[:, labels.names.index(name)]
    for one in apart:
        values = np.where((labels.spans[:, 0] < one.end) & (labels.spans[:, 1] > one.start), 0.0, values)
    return float(values.max(initial=0.0))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _told(message: str, kind: Kind, names: frozenset[str]) -> tuple[tuple[Span, frozenset[Missing]], ...]:
    """What each sentence tells, by its words."""
    is_you, praise = names | {"you", "your"}, kind is Kind.RECOGNITION
    return tuple((one, frozenset(roles(one.text, acts(tag(one.text), is_you, praise)))) for one in sentences(message))
