"""The faults that stand in words: which words, and why.

Each sentence is judged by itself: what is written in another one cannot move the verdict.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coach.clauses import EDGE, split_clauses
from coach.faults import Fault, Phrases, read_faults
from coach.language import Span, sentences
from coach.situation import Kind
from coach.tuned import Labels

ELSEWHERE = ("unsupported-claim", "private-detail")
"""Pointed at by grounding, and by what others may read."""
SOFTENERS = 3
"""In one sentence: fewer do not bury a point."""
GAP = 2
"""Word pieces below the threshold inside one run."""
MOST = 0.5
"""The share of a clause from which on all of it is meant."""
_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|(?<!\w)‘[^’\n]*’(?!\w)|(?<!\w)'[^'\n]{2,}'(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """message[start:end] commits the fault. `likely`: how probable the model finds it, 1 without one."""

    code: str
    start: int
    end: int
    why: str
    likely: float


@dataclass(frozen=True)
class _Sentence:
    """One sentence with the model's labels for its word pieces."""

    span: Span
    labels: Labels | None

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        return tuple((self.span.start + c.start, self.span.start + c.end) for c in split_clauses(self.span.text))

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        return [(self.span.start + m.start(), self.span.start + m.end()) for m in _QUOTED.finditer(self.span.text)]

    def is_quoted(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.quoted)

    @cached_property
    def pieces(self) -> slice:
        assert self.labels is not None  # noqa: S101 - only asked for where a model has read
        starts = self.labels.spans[:, 0]
        first, last = np.searchsorted(starts, [self.span.start, self.span.end]).tolist()
        return slice(first, last)

    def probabilities(self, code: str) -> NDArray[np.float32]:
        if self.labels is None:
            return np.zeros(0, np.float32)
        found: NDArray[np.float32] = self.labels.values[self.pieces, self.labels.names.index(code)]
        return found

    def peak(self, code: str) -> float:
        return float(self.probabilities(code).max(initial=0.0))

    def runs(self, code: str, least: float) -> Iterator[tuple[int, int, float]]:
        """Where the label's pieces stand together, with the highest probability of each run."""
        found = self.probabilities(code)
        if found.max(initial=0.0) < least or self.labels is None:
            return
        near = np.flatnonzero(found >= least / 2)
        groups = np.split(near, np.flatnonzero(np.diff(near) > GAP + 1) + 1)
        spans = self.labels.spans[self.pieces]
        for group in groups:
            peak = float(found[group].max())
            if peak >= least:
                yield int(spans[group[0], 0]), int(spans[group[-1], 1]), peak


def pointed(message: str, kind: Kind, labels: Labels | None) -> tuple[Pointed, ...]:
    """Every fault that stands in words, sorted by where. `labels`: each sentence read alone; None without the model."""
    faults = [f for f in read_faults().values() if f.scope == "span" and f.code not in ELSEWHERE and f.concerns(kind)]
    found: list[Pointed] = []
    for span in sentences(message):
        sentence = _Sentence(span, labels)
        each = [one for fault in faults for one in _in_sentence(fault, sentence)]
        found += [_trimmed(one, message) for one in _strongest(each)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _in_sentence(fault: Fault, sentence: _Sentence) -> list[Pointed]:
    if fault.code == "hedging":
        return _softeners(fault, sentence)
    read = [_to_clause(one, sentence) for one in _by_reading(fault, sentence)]
    return _merged([*_by_phrase(fault, sentence), *read])


def _softeners(fault: Fault, sentence: _Sentence) -> list[Pointed]:
    """Each softener by itself where the list has enough of them; else all the words that the model marks."""
    listed, read = _merged(_by_phrase(fault, sentence)), list(_by_reading(fault, sentence))
    if len(listed) >= SOFTENERS:
        return listed
    return _merged([*listed, *read]) if read else []


def _by_phrase(fault: Fault, sentence: _Sentence) -> Iterator[Pointed]:
    likely = 1.0 if sentence.labels is None else sentence.peak(fault.code)
    for found, phrases in fault.matches(sentence.span.text):
        start, end = sentence.span.start + found.start(), sentence.span.start + found.end()
        if end > start and not sentence.is_quoted(start, end) and _counts(fault, phrases, sentence, likely):
            why, sure = _listed(found.group(), phrases), 1.0 if phrases.sure else likely
            yield Pointed(code=fault.code, start=start, end=end, why=why, likely=sure)


def _counts(fault: Fault, phrases: Phrases, sentence: _Sentence, likely: float) -> bool:
    if sentence.labels is None:
        return phrases.sure or fault.code == "hedging"
    return likely >= (fault.read_from.sure if phrases.sure else fault.read_from.phrase)


def _listed(words: str, phrases: Phrases) -> str:
    return f"“{words.strip()}” is on the list: {phrases.because}"


_READ = "the language model reads it so"


def _by_reading(fault: Fault, sentence: _Sentence) -> Iterator[Pointed]:
    """Not in a greeting or an ending, which the model takes for phrases that fit anyone: they do, and may."""
    if EDGE.fullmatch(sentence.span.text):
        return
    for start, end, likely in sentence.runs(fault.code, fault.read_from.alone):
        if not sentence.is_quoted(start, end):
            why = f"{_READ} ({likely:.0%}): {fault.means}"
            yield Pointed(code=fault.code, start=start, end=end, why=why, likely=likely)


def _to_clause(one: Pointed, sentence: _Sentence) -> Pointed:
    """All of the clauses of which the model marked most."""
    start, end = one.start, one.end
    for a, b in sentence.clauses:
        if min(one.end, b) - max(one.start, a) >= MOST * (b - a):
            start, end = min(start, a), max(end, b)
    return replace(one, start=start, end=end)


def _merged(found: Iterable[Pointed]) -> list[Pointed]:
    """Overlapping places of one fault as one; a reason from the lists comes before one of the model's."""
    done: list[Pointed] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if done and one.start < done[-1].end:
            last = done[-1]
            why = min(last.why, one.why, key=lambda why: why.startswith(_READ))
            done[-1] = replace(last, end=max(last.end, one.end), likely=max(last.likely, one.likely), why=why)
        else:
            done.append(one)
    return done


SURELY_TOO = 0.8
"""The probability from which on a second fault is named in the same words."""


def _strongest(found: list[Pointed]) -> list[Pointed]:
    """Of the faults in the same words the likeliest, and those as good as certain."""
    kept: list[Pointed] = []
    for one in sorted(found, key=lambda one: -one.likely):
        if one.likely >= SURELY_TOO or not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return kept


def _trimmed(one: Pointed, message: str) -> Pointed:
    """Whole words, without the marks around them; a stack of marks keeps them."""
    start, end = one.start, one.end
    while start > 0 and message[start - 1].isalnum() and message[start].isalnum():
        start -= 1
    while end < len(message) and message[end - 1].isalnum() and message[end].isalnum():
        end += 1
    text = message[start:end]
    if re.search(r"\w", text):
        start += len(text) - len(text.lstrip(" ,;:–—-\n\t"))
        end -= len(text) - len(text.rstrip(" ,;:–—-.!?\n\t"))
    return replace(one, start=start, end=end)
