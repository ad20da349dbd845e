"""What to do about a fault, in this message's own terms: templates that a person wrote, filled with its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coach.clauses import EDGE, OCCASION, split_clauses
from coach.faults import Fault
from coach.language import Span, sentences
from coach.tuned import Labels

LONGEST_QUOTE = 90
"""Characters of the message quoted in one piece of advice."""
SAID_FROM = 0.5
"""The probability from which on a clause is quoted as what was done, or what came of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the message says that advice can point at; None where it says nothing of the kind."""

    name: str
    day: str | None = None
    deed: Span | None = None
    effect: Span | None = None
    other: Span | None = None


def terms(message: str, name: str, labels: Labels | None) -> Terms:
    day = OCCASION.search(message)
    if labels is None:
        return Terms(name=name, day=day.group() if day else None)
    clauses = [
        Span(sentence.start + clause.start, sentence.start + clause.end, clause.text)
        for sentence in sentences(message)
        for clause in split_clauses(sentence.text)
        if not EDGE.fullmatch(clause.text)
    ]
    deed, effect, other = (_likeliest(clauses, labels, label) for label in ("behaviour", "impact", "another-issue"))
    return Terms(name=name, day=day.group() if day else None, deed=deed, effect=effect, other=other)


def _likeliest(clauses: list[Span], labels: Labels, label: str) -> Span | None:
    scored = [(labels.mean(label, one.start, one.end), -one.start, one) for one in clauses]
    likely, _, best = max(scored, default=(0.0, 0, None))
    return best if best is not None and likely >= SAID_FROM else None


def advice(fault: Fault, about: Terms, words: Span | None, more: Mapping[str, object]) -> str:
    """The first template that has all it needs. `words`: what the finding points at."""
    has: dict[str, object] = {"name": about.name, **more}
    if about.day:
        has["day"] = about.day.lower() if about.day.split()[0].lower() in _SMALL else about.day
    for key, part in (("deed", about.deed), ("effect", about.effect), ("other", about.other)):
        if part and not (words and part.start < words.end and words.start < part.end):
            has[key] = quoted(part.text)
    if words:
        has["words"], has["joint"] = quoted(words.text), words.text.split()[0].strip(",;")
    template = next(one for one in fault.advice if all(need in has for need in one.needs))
    return _opening(template.say.format_map(has), about.name)


def _opening(text: str, name: str) -> str:
    """A name such as "the early crew" may begin a sentence of the advice."""
    at_start = rf"(?:^|(?<=[.?!] )){re.escape(name)}(?!\w)"
    return re.sub(at_start, name[:1].upper() + name[1:], text) if name[:1].islower() else text


_SMALL = frozenset(
    "in at on during before after for throughout over into by across from when while with just last this that".split()
)


def quoted(text: str) -> str:
    """The words without their marks, cut between words where they are long."""
    text = re.sub(r"\s+", " ", text).strip(" ,;:–—-.")
    if len(text) <= LONGEST_QUOTE:
        return text
    return text[: text.rfind(" ", 0, LONGEST_QUOTE)].rstrip(" ,;:–—-") + " …"
