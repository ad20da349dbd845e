"""Promises in a note, a sent message or a rehearsal: who, what, by when. Offered to the leader, never kept unasked.

Two read a text: rules (coach/promise_rules.py), which know the ways of saying it that were thought of, and layers of the
language model tuned to promises (tools/tune/promises.py), which know others. What the rules find counts unless the model
is sure that it is none; what they miss counts where the model is sure. Days and where words end are the rules' matter.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

from coach.embed import Read, built_in_embedder
from coach.errors import ModelMissing
from coach.language import Span, sentences
from coach.promise_rules import FoundPromise, due_of, find_by_rules, goes_on, says_again, words_of
from coach.records import Person, Promise, PromisedBy, Source
from coach.tuned import Labels, label_text, load_tuned
from coach.when import NamedDay, days_named

SURE, PEAK = 0.5, 0.95
"""A promise that no rule finds: each of its words is one rather than not, and one of them is surely. `PEAK` was chosen on
`eval/cases/promises-choose.jsonl`: from 0.5 to 0.95 precision goes from 85 to 89 %, and recall stays at 92."""
DOUBTED = 0.05
"""What a rule finds is none where no word of it reaches this."""
GAP = 2
"""Word pieces of doubt inside one promise."""


@lru_cache(maxsize=4_000)
def find_promises(text: str, written: date) -> tuple[FoundPromise, ...]:
    """The promises in a text written on that day, in order. Never raises."""
    ruled, heard = find_by_rules(text, written), _heard(text)
    if heard is None:
        return ruled
    kept = [one for each in ruled if (one := _confirmed(each, heard))]
    for one in _heard_of(text, written, heard):
        if not any(_overlap(one, other) or (one.by is other.by and says_again(one.what)) for other in kept):
            kept.append(one)
    return tuple(_dated(text, written, sorted(kept, key=lambda one: one.start)))


def _overlap(one: FoundPromise, other: FoundPromise) -> bool:
    return one.start < other.end and other.start < one.end


def _dated(text: str, written: date, found: Sequence[FoundPromise]) -> list[FoundPromise]:
    """Of several promises in one sentence each has its own day; a sentence that only names a day is about the one before."""
    dated: list[FoundPromise] = []
    for span in sentences(text):
        days = days_named(span.text, written)
        here = [one for one in found if span.start <= one.start < span.end]
        if not here and dated and dated[-1].due is None and days and _only_dates(span.text, days[0]):
            dated[-1] = replace(dated[-1], due=days[0].day)
        dated += [replace(one, due=_own_day(here, at, span, days)) for at, one in enumerate(here)] if here[1:] else here
    return dated


def _only_dates(said: str, day: NamedDay) -> bool:
    """Whether a sentence says by when what stands in the one before is due: "By Friday at the latest.", "Thurs. Hold me to it"."""
    return goes_on(said) or said[: day.start].strip().lower() in ("", "on", "for", "before", "first thing")


def _own_day(here: Sequence[FoundPromise], at: int, span: Span, days: Sequence[NamedDay]) -> date | None:
    """The day between this promise and the next, or after all of them where they are one breath; else the one before it."""
    one, after = here[at], here[at + 1] if at + 1 < len(here) else None
    start, end = one.start - span.start, one.end - span.start
    until = after.start - span.start if after else len(span.text)
    if after and ((one.by is after.by and _AND.fullmatch(span.text, end, until)) or _BOTH.search(span.text)):
        until = len(span.text)
    since = here[at - 1].end - span.start if at else 0
    own = [day for day in days if since <= day.start < until and not (at and _ends(span.text, since, start, day))]
    return due_of(span.text, start, end, own)


def _ends(said: str, since: int, start: int, day: NamedDay) -> bool:
    """Whether a day closes the act before: "I'll ring her | on Friday | and copy you in"."""
    return day.start < start and not re.search(r"[,;:–—]|\b(?:and|but|then)\b", said[since : day.start])


_AND = re.compile(r",? (?:and|&) (?:then )?(?:I['’]?(?:ll|d) |will )?", re.IGNORECASE)
_BOTH = re.compile(r"\bboth by\b", re.IGNORECASE)


@cache
def _read() -> Read | None:
    try:
        return built_in_embedder().read
    except ModelMissing:
        return None


_MAY_PROMISE = re.compile(
    r"\b(?:I|I['’]?\w+|i['’]?ll|me|my|mine|myself|we|you|will|would|gonna|shall|to|promis\w*|said|told|agreed|offer\w*|word|owe\w*|deal|done|by|tomorrow|tmrw|tonight|guarante\w+|agree\w*|confirm\w*|due|next)\b|['’](?:ll|d)\b|:|[“\"]",
    re.IGNORECASE,
)
"""No promise does without any of these, or without a day; most notes of what somebody did have none, and are not read."""


def _heard(text: str) -> Labels | None:
    """How probably each word is of a promise; None where there is no model, or nothing to read."""
    read = _read()
    if read is None or not _MAY_PROMISE.search(text):
        return None
    return label_text(load_tuned("promises"), "", text, read)


def _confirmed(one: FoundPromise, heard: Labels) -> FoundPromise | None:
    """A rule's finding as the model hears it: whose it is, if it is any."""
    sides = {by: heard.peak(by.value, one.start, one.end) for by in PromisedBy}
    if not len(heard.of(one.by.value, one.start, one.end)):
        return one  # past what the model reads
    best = max(sides, key=lambda by: (sides[by], by is one.by))
    if sides[best] < DOUBTED:
        return None
    return replace(one, by=best if sides[one.by] < DOUBTED else one.by)


def _heard_of(text: str, written: date, heard: Labels) -> Iterator[FoundPromise]:
    """What the model alone hears, sentence by sentence."""
    for span in sentences(text):
        days = days_named(span.text, written)
        for by in PromisedBy:
            for start, end in _runs(heard, by, span):
                start, end = words_of(text, start, _before_a_day(start, end, span, days))
                if _SAYS_WHAT.search(text, start, end):
                    due = due_of(span.text, start - span.start, end - span.start, days)
                    yield FoundPromise(text[start:end], due, start, end, by)


def _before_a_day(start: int, end: int, span: Span, days: Sequence[NamedDay]) -> int:
    """Where the words end that say what: the day they are due by, last among them, is no part of them."""
    last = [day.start + span.start for day in days if day.end + span.start >= end > day.start + span.start]
    return min([at for at in last if _SAYS_WHAT.search(span.text, start - span.start, at - span.start)], default=end)


_SAYS_WHAT = re.compile(
    r"\b(?!(?:I|you|he|she|it|we|they|me|him|her|us|them|a|an|the|from|to|of|by|on|in|that|this|and|my|your)\b)\w\w",
    re.IGNORECASE,
)


def _runs(heard: Labels, by: PromisedBy, span: Span) -> Iterator[tuple[int, int]]:
    """Where words stand together that are sure to be promised."""
    inside = [at for at, (start, end) in enumerate(heard.spans.tolist()) if start < span.end and end > span.start]
    values = heard.values[:, heard.names.index(by.value)]
    for group in _groups([at for at in inside if values[at] >= SURE]):
        if values[group].max() >= PEAK:
            yield int(heard.spans[group[0], 0]), int(heard.spans[group[-1], 1])


def _groups(places: Sequence[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for at in places:
        if group and at - group[-1] > GAP:
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def offered(
    text: str,
    written: date,
    person: Person,
    source: Source,
    source_id: str,
    people: Sequence[Person] = (),
    is_one: bool = False,
) -> tuple[Promise, ...]:
    """What `find_promises` finds, as it would be kept. The same words of the same source get the same id.

    `person` is whom the text is about; where a promise names another of `people`, it is to (or by) them. `is_one`: the
    leader filed the text as a promise, so where none is found its first sentence is it.
    """
    found = []
    for one in find_promises(text, written) or (_first_sentence(text, written) if is_one else ()):
        who = _between(text, one, people) or person
        found.append(
            Promise(
                id=hashlib.sha256(f"{source}\n{source_id}\n{one.what.casefold()}".encode()).hexdigest()[:32],
                person_id=who.id,
                person=who.name,
                promised_by=one.by,
                what=one.what,
                due=one.due,
                made=written,
                source=source,
                source_id=source_id,
                sample=who.sample,
            )
        )
    return tuple(found)


def _first_sentence(text: str, written: date) -> tuple[FoundPromise, ...]:
    for span in sentences(text):
        start, end = words_of(text, span.start, span.end)
        if start < end:
            return (FoundPromise(text[start:end], due_of(span.text, 0, 0, days_named(span.text, written)), start, end),)
    return ()


_TO = r"(?:told|promised?|assured|texted|owe|said to|agreed with|offered|gave|wrote to|let|(?:promise|word|answer|offer) to)"
_BY = r"(?:said|says|told|tells|promised|promises|agreed|agrees|offered|volunteered|undertook|wrote|texted|swore|is|to|will|has|just|\w+ed)"


def _between(text: str, one: FoundPromise, people: Sequence[Person]) -> Person | None:
    """Who else the promise is to, "told Marek I'd …", or by, "Marek said he'd …": the last one named so in the sentence."""
    sentence = next(span for span in sentences(text) if one.start < span.end)
    before = text[sentence.start : one.start]
    places = [
        (match.start(), person)
        for person in people
        for name in sorted({person.name, person.name.split()[0], *person.aliases}, key=len, reverse=True)
        if name in before and sum(name == other.name.split()[0] for other in people) < 2
        for match in re.finditer(_named(re.escape(name), one.by), before)
    ]
    return max(places, key=lambda place: place[0])[1] if places else None


def _named(name: str, by: PromisedBy) -> str:
    return rf"\b(?i:{_TO}) {name}\b" if by is PromisedBy.LEADER else rf"\b{name}(?: (?i:{_BY})\b|:|['’](?:ll|s)\b)"
