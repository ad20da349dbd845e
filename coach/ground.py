"""Where each clause of a message comes from: the leader's situation, a note, courtesy, a blank, or nowhere.

Simple and strict: a clause is supported when one source has its content words, all its numbers and names, and the
same negation. Everything that is not found is said to come from nowhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.clauses import split_clauses
from coach.language import Span, lemma, sentences, tag
from coach.records import Note

COVERED = 0.75
"""Share of a clause's content words that one source must have; the rest may be the words that join them."""

_SLOT = re.compile(r"\[[^\[\]\n]{0,80}\?\]")
_COURTESY = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.!?]{0,60}|thank(?:s| you)(?: (?:so|very) much| again| a lot)?(?:,? [\w'’ -]{0,40})?|"
    r"(?:best|kind|warm)(?: wishes| regards)?|regards|cheers|well done[^.!?]{0,40}|great (?:job|work)|congratulations[^.!?]{0,40}|"
    r"i(?:['’]m| am| was|['’]d be)(?: really| so| very| genuinely)? (?:glad|grateful|proud|impressed|happy|pleased|touched|here)\b[^.!?]{0,30}|"
    r"i (?:really |so )?(?:appreciate|appreciated|admire) (?:it|that|this|you)|(?:let me know|tell me)\b[^.!?]{0,60}|"
    r"(?:can|could|shall|would) (?:i|we|you)\b[^.!]{0,120}\?|happy to (?:help|talk)[^.!?]{0,60}|i['’]m happy to (?:help|talk)[^.!?]{0,60})\W*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?[\"”’)]*\s*$")
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100", "twice": "2", "dozen": "12"}
_NEGATION = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|without|cannot|neither|hardly)\b|n['’]t\b", re.IGNORECASE
)
_EMPTY = frozenset(
    "a an and are as at be been being but by can could did do does for from had has have he her hers him his i if in into is it "
    "its just me my of on or our out over she so some than that the their them then there they this those to too up us was we "
    "were what when where which while who will with would you your yours yourself also really very much again still even "
    "not n't no never 's 're 've 'll 'd 'm myself himself herself themselves yourselves how why because get got thank thanks remember".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """message[start:end] == text (code points). `reason` is for the leader."""

    start: int
    end: int
    text: str
    source: str
    reason: str


@dataclass(frozen=True)
class _Source:
    name: str
    words: frozenset[str]
    numbers: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    negated: tuple[bool, ...]


def ground(message: str, situation: str, notes: Sequence[Note], names: Sequence[str]) -> tuple[Clause, ...]:
    """Every clause of `message` with its source. `names`: the forms of the recipient's name, which need no support."""
    known = frozenset(word for name in names for word in _words(name))
    sources = [_source("situation", situation), *(_source(f"note:{note.id}", _note_text(note)) for note in notes)]
    return tuple(_trace(span, sources, known) for span in clause_spans(message))


def _note_text(note: Note) -> str:
    """A note's day is part of what it says."""
    return f"{note.text} {note.date.day} {note.date:%B} {note.date.year}"


def clause_spans(message: str) -> tuple[Span, ...]:
    """The clauses of a message, slots by themselves; each span slices the message."""
    found: list[Span] = []
    for sentence in sentences(message):
        for clause in split_clauses(sentence.text):
            found += _around_slots(Span(sentence.start + clause.start, sentence.start + clause.end, clause.text))
    return tuple(found)


def _around_slots(clause: Span) -> list[Span]:
    parts, at = [], 0
    for slot in [*_SLOT.finditer(clause.text), None]:
        text = clause.text[at : slot.start() if slot else len(clause.text)]
        lead = len(text) - len(text.lstrip())
        if re.search(r"\w", text):
            parts.append(Span(clause.start + at + lead, clause.start + at + len(text.rstrip()), text.strip()))
        if slot:
            parts.append(Span(clause.start + slot.start(), clause.start + slot.end(), slot.group()))
            at = slot.end()
    return parts


def _trace(span: Span, sources: Sequence[_Source], known: frozenset[str]) -> Clause:
    source, reason = _judge(span.text, sources, known)
    return Clause(start=span.start, end=span.end, text=span.text, source=source, reason=reason)


def _judge(text: str, sources: Sequence[_Source], known: frozenset[str]) -> tuple[str, str]:
    if _SLOT.fullmatch(text):
        return "slot", "a blank for you to fill"
    content, numbers = _words(text) - known, _numbers(text)
    if (not content and not numbers) or _COURTESY.match(text):
        return "courtesy", "thanks, a greeting, or your own reaction"
    for source in sources:
        if _supported(text, content, numbers, _names(text) - known, source):
            return source.name, "your words" if source.name == "situation" else "your note"
    if _QUESTION.search(text):
        return "courtesy", "a question"
    missing = sorted(content - frozenset().union(*(source.words for source in sources)))
    return "none", "you did not write: " + ", ".join(missing or sorted(numbers) or ["this together"])


def _supported(
    text: str, content: frozenset[str], numbers: frozenset[str], names: frozenset[str], source: _Source
) -> bool:
    if not numbers <= source.numbers or not names <= source.words:
        return False
    if len(content & source.words) < COVERED * len(content):
        return False
    closest = max(range(len(source.sentences)), key=lambda at: len(content & source.sentences[at]), default=None)
    return closest is None or not _NEGATION.search(text) or source.negated[closest] or any(source.negated)


def _names(text: str) -> frozenset[str]:
    """Names need support to the letter."""
    return frozenset(
        lemma(t.low)
        for t in tag(text)
        if t.text[0].isupper() and len(t.text) > 1 and t.tag == "NP0" and t.low not in _EMPTY
    )


def _source(name: str, text: str) -> _Source:
    parts = [sentence.text for sentence in sentences(text)]
    words = tuple(_words(part) for part in parts)
    return _Source(
        name,
        frozenset().union(*words),
        frozenset().union(*(_numbers(part) for part in parts)),
        words,
        tuple(bool(_NEGATION.search(part)) for part in parts),
    )


def _words(text: str) -> frozenset[str]:
    """Content words as lemmas."""
    return frozenset(
        lemma(t.low)
        for t in tag(text.replace("\n", " "))
        if re.match(r"[^\W\d_]", t.text) and t.low not in _EMPTY and t.low not in _NUMBER_WORDS
    )


def _numbers(text: str) -> frozenset[str]:
    """Numbers as digits, "twenty" and "20" alike; "one" is left out, being mostly a pronoun."""
    words = {_NUMBER_WORDS[t.low] for t in tag(text.replace("\n", " ")) if t.low in _NUMBER_WORDS and t.low != "one"}
    return frozenset(words | set(re.findall(r"\d+(?:[.,:]\d+)*", text)))
