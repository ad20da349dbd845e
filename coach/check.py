"""What stands in the way of sending a message, and what a good coach would say about it.

Codes and severities are fixed, new faults get new codes. What each fault means, and what is advised, stands in
coach/checks; where a fault is found, in coach/pointed.py (words) and coach/overall.py (the whole message).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from coach.advise import Terms, advice, terms
from coach.clauses import OCCASION
from coach.evidence import bases, is_content
from coach.faults import Severity as Severity
from coach.faults import read_faults
from coach.foreign import foreign
from coach.ground import Clause
from coach.language import Span, sentences, tag
from coach.overall import in_doubt, overall
from coach.pointed import pointed
from coach.recipient import recipient
from coach.records import Note
from coach.situation import Channel, Kind, Situation
from coach.tuned import Labels, Reading
from coach.unfit import PRIVATE, inner_parts

STALE_DAYS = 14
LONGEST_WORDS = {
    Channel.PUBLIC_CHAT: 80,
    Channel.DIRECT: 130,
    Channel.SPOKEN: 130,
    Channel.EMAIL: 200,
    Channel.CARD: 40,
}
DISMISSED_OFTEN = 3
"""From so many dismissals with a reason on, a fault is only hinted at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What to put in place of message[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`start`, `end`, `text` point into the message, or are None when it is about the whole of it.

    `why`: what it was found by. `fix`: a change that is safe, where there is one.
    """

    code: str
    severity: Severity
    start: int | None
    end: int | None
    text: str | None
    advice: str
    why: str = ""
    fix: Fix | None = None


def without(message: str, finding: Finding) -> str:
    """The message with the words of a finding taken out, and the marks around them mended."""
    if finding.start is None or finding.end is None:
        return message
    return _without(message, finding.start, finding.end)


def _without(message: str, start: int, end: int) -> str:
    before, after = message[:start].rstrip(" \t"), message[end:].lstrip(" \t")
    if after[:1] in (".", "!", "?") and (before[-1:] in (".", "!", "?", "\n", "")):
        after = after[1:].lstrip(" \t")
    before = before.rstrip(",;:–—-") if re.match(r"[.!?,;]|$", after) else before
    after = after.lstrip(",;") if re.search(r"(?:[.!?,;:]|^)$", before) else after
    opens = not before or before[-1] in ".!?\n"
    after = after.lstrip(" \t") if opens else after
    after = after[:1].upper() + after[1:] if opens else after
    joint = "" if not before or before[-1] == "\n" or re.match(r"[.!?,;\n]|$", after) else " "
    return before + joint + after


def mended(message: str, fix: Fix) -> str:
    return message[: fix.start] + fix.text + message[fix.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the notebook adds to a message: how the person likes to be recognised, and what this leader dismisses.

    `dismissed`: how often each code was dismissed with a reason.
    """

    prefers: str = ""
    dismissed: tuple[tuple[str, int], ...] = ()


def check(
    message: str,
    about: Situation,
    clauses: Sequence[Clause] = (),
    private: Sequence[Note] = (),
    reading: Reading | None = None,
    known: Known | None = None,
) -> tuple[Finding, ...]:
    """Findings sorted by start, those about the whole message last.

    `private`: the private notes in use. `reading`: what each word does, where the language model is there to say.
    A message in another language is judged by its length, date and channel alone: see `not_judged`.
    """
    known = known or Known()
    alone, together = (reading.alone, reading.together) if reading else (None, None)
    english = foreign(message) is None
    # Only who is advised needs what the message says taken apart.
    said = cache(lambda: terms(message, _address(about), together) if english else Terms(name=_address(about)))
    second = [reading.of_situations] if reading and reading.of_situations else []
    private_readers = [one for one in (alone, reading.of_private if reading else None) if one and english]
    found = [*_unsupported(clauses), *_private_details(message, clauses, about, private, private_readers)]
    if english:
        found += _pointed(message, about.kind, alone, said)
    found.sort(key=lambda finding: (finding.start or 0, finding.end or 0))
    if english and re.search(r"\w", message):
        found += _overall(message, about, [together, *second] if together else [], said, _places(found))
    found += _context(message, about, known, said)
    return tuple(_learned(finding, dict(known.dismissed)) for finding in found)


def not_judged(message: str) -> str | None:
    """Why the words of a message were not judged, or None where they were."""
    language = foreign(message)
    if language is None:
        return None
    return f"This seems to be {language}. Coach judges English; here it looked at length, date and channel alone."


def _address(about: Situation) -> str:
    """What advice calls whom it is to: one person by the first name, anybody else as the leader did."""
    to = recipient(about.to, about.other_names, about.pronouns)
    return about.to if to.group or _several(about) else to.address


def _learned(finding: Finding, dismissed: dict[str, int]) -> Finding:
    """What this leader dismisses again and again is said more softly; what blocks never is."""
    if finding.severity is Severity.WARN and dismissed.get(finding.code, 0) >= DISMISSED_OFTEN:
        return replace(finding, severity=Severity.HINT)
    return finding


# In words


def _unsupported(clauses: Sequence[Clause]) -> Iterator[Finding]:
    for one in clauses:
        if one.source == "none":
            span = Span(one.start, one.end, one.text)
            yield _at(span, "unsupported-claim", Terms(name=""), one.reason, {"reason": one.reason})


def _pointed(message: str, kind: Kind, labels: Labels | None, said: Callable[[], Terms]) -> Iterator[Finding]:
    found = pointed(message, kind, labels)
    count = sum(one.code == "hedging" for one in found)
    for one in found:
        span = Span(one.start, one.end, message[one.start : one.end])
        yield replace(_at(span, one.code, said(), one.why, {"count": count}), fix=_fix(message, one.code, span))


def _at(span: Span, code: str, said: Terms, why: str, more: dict[str, object]) -> Finding:
    fault = read_faults()[code]
    return Finding(
        code=code,
        severity=fault.severity,
        start=span.start,
        end=span.end,
        text=span.text,
        advice=advice(fault, said, span, more),
        why=why,
    )


_SMALL_WORDS = re.compile(
    r"(?:just|maybe|perhaps|possibly|probably|kind of|kinda|sort of|sorta|a (?:little )?bit|slightly|somewhat)",
    re.IGNORECASE,
)
"""Softeners that can go and leave a sentence."""


def _fix(message: str, code: str, span: Span) -> Fix | None:
    """A change that leaves a sentence: a whole sentence goes, a small softener goes, one mark stays of several."""
    fault = read_faults()[code]
    if fault.fix == "calm":
        return None if re.search(r"\w", span.text) else Fix(start=span.start, end=span.end, text=_calm(span.text))
    if fault.fix != "cut":
        return None
    whole = any(one.text.strip(" .!?") == span.text.strip(" .!?") for one in sentences(message) if _inside(span, one))
    if not (whole or (code == "hedging" and _SMALL_WORDS.fullmatch(span.text))):
        return None
    return _changed(message, _without(message, span.start, span.end))


def _inside(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _calm(marks: str) -> str:
    return "?" if "?" in marks else "!"


def _changed(before: str, after: str) -> Fix:
    """The smallest part in which two texts differ."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Fix(start=head, end=len(before) - tail, text=after[head : len(after) - tail])


PRIVATE_FROM, PRIVATE_UNTOLD_FROM = (0.9, 0.65), (0.6, 0.3)
"""The probability of a word from which on it is private by itself, of the reader of each sentence and of the one that knows
the private notes: either is enough, for one that passes cannot be called back. Less is enough of what the leader did not write."""
PRIVATE_WITH = 0.25
"""And with a word such as "mother", which may as well be a guest's: the mean of the readers."""
FROM_NOTE = 2
"""So many words of a private note that the situation does not have make a part of the message the note's."""


def takes_two(first: Reading, about: Situation) -> bool:
    """Whether a second reader is asked: what is private where others read, and what a message may lack."""
    return others_read(about) or in_doubt(first.together, about.kind)


def others_read(about: Situation) -> bool:
    """Whether somebody else than the one person it is to reads it."""
    return about.channel.others_read or _several(about)


def _private_details(
    message: str, clauses: Sequence[Clause], about: Situation, private: Sequence[Note], readers: Sequence[Labels]
) -> Iterator[Finding]:
    public = others_read(about)
    # To one person nothing is private but what a note says of somebody else.
    private = private if public else [note for note in private if _of_another(note, about)]
    if not (public or private):
        return
    sources = {f"note:{note.id}" for note in private}
    spans = {(clause.start, clause.text): "from a private note" for clause in clauses if clause.source in sources}
    noted = [_content(note.text) - _content(about.said) for note in private]
    for sentence in sentences(message):
        for part in inner_parts(sentence):
            untold = any(one.source == "none" and _meet(one, part) for one in clauses)
            why = _from_note(part, noted) or (_private(part, readers, untold) if public else "")
            if why and not any(start < part.end and part.start < start + len(text) for start, text in spans):
                text = part.text.strip(" ,;:–—-()")
                spans[part.start + part.text.index(text), text] = why
    for (start, text), why in sorted(spans.items()):
        yield _at(Span(start, start + len(text), text), "private-detail", Terms(name=""), why, {})


def _meet(clause: Clause, part: Span) -> bool:
    return clause.start < part.end and part.start < clause.end


def _of_another(note: Note, about: Situation) -> bool:
    """Whether a note begins with somebody else: "Elif is on probation" among those on Pilar."""
    first = next(iter(tag(note.text)), None)
    forms = {word.lower() for name in (about.to, *about.other_names, note.person) for word in name.split()}
    return first is not None and first.tag == "NP0" and first.low not in forms and not OCCASION.match(note.text)


def _from_note(part: Span, noted: Sequence[frozenset[str]]) -> str:
    return "from a private note" if any(len(_content(part.text) & note) >= FROM_NOTE for note in noted) else ""


def _private(part: Span, readers: Sequence[Labels], untold: bool) -> str:
    """Why others may not read it, "" where they may. `untold`: whether the leader wrote no such thing."""
    peaks = [one.peak("private", part.start, part.end) for one in readers]
    least = PRIVATE_UNTOLD_FROM if untold else PRIVATE_FROM
    by_words = bool(PRIVATE.search(part.text)) and sum(peaks) >= PRIVATE_WITH * len(peaks)
    sure = any(peak >= enough for peak, enough in zip(peaks, least, strict=False))
    return "a private matter, by its words" if by_words or sure else ""


def _content(text: str) -> frozenset[str]:
    """Its words that say something, in their basic forms."""
    return frozenset(min(bases(token.text), key=len) for token in tag(text) if is_content(token))


# About the whole message


REPROACHES = frozenset("absolute blame comparison faint-praise mind-reading names-a-trait threat".split())
"""What is said in one of these is neither question nor request, whatever its form."""


def _places(found: Sequence[Finding]) -> tuple[Span, ...]:
    return tuple(Span(f.start or 0, f.end or 0, f.text or "") for f in found if f.code in REPROACHES)


def _overall(
    message: str, about: Situation, readers: Sequence[Labels], said: Callable[[], Terms], reproaches: Sequence[Span]
) -> Iterator[Finding]:
    names = frozenset(word.lower() for name in (about.to, *about.other_names) for word in name.split())
    for one in overall(message, about.kind, names, readers, reproaches):
        yield _about_all(one.code, said(), one.why, {})


def _context(message: str, about: Situation, known: Known, said: Callable[[], Terms]) -> Iterator[Finding]:
    """What follows from whom it is to, when it was, and where it will be read."""
    if about.kind is Kind.FEEDBACK and about.channel.others_read:
        yield _about_all("public-criticism", said(), f"feedback in {about.channel.value}", {})
    elif about.kind is Kind.FEEDBACK and _several(about):
        yield _about_all("two-recipients", said(), f"written to {about.to}", {"name": about.to})
    if about.kind is Kind.RECOGNITION and about.channel.others_read and _rather_not(known.prefers):
        yield _about_all("prefers-private", said(), "your note on this person", {"prefers": known.prefers})
    if about.happened and (days := (about.today - about.happened).days) > STALE_DAYS:
        yield _about_all("stale", said(), f"more than {STALE_DAYS} days", {"days": days})
    words, limit = len(message.split()), LONGEST_WORDS[about.channel]
    if words > limit:
        yield _about_all("too-long", said(), f"more than {limit} words", {"count": words, "limit": limit})


def _rather_not(prefers: str) -> bool:
    return any(True for _ in read_faults()["prefers-private"].matches(prefers))


_AND = re.compile(r"(?:,|;|/|\band\b|&|\+)", re.IGNORECASE)


def _several(about: Situation) -> bool:
    """Whether it is written to two people or more."""
    return len([part for part in _AND.split(about.to) if re.search(r"\w", part)]) > 1


def _about_all(code: str, said: Terms, why: str, more: dict[str, object]) -> Finding:
    fault = read_faults()[code]
    return Finding(
        code=code,
        severity=fault.severity,
        start=None,
        end=None,
        text=None,
        advice=advice(fault, said, None, more),
        why=why,
    )
