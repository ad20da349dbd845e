"""How the leader writes, seen from the messages they sent: without training, and never about the team member."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from coach.evidence import bases, is_content
from coach.language import tokens_of

FEWEST_SAMPLES = 5
"""Under this a distance says more about the subject of the messages than about who wrote them."""
PHRASE_WORDS = 5
PHRASE_CONTENT = 2
_GREETING = re.compile(r"^(?P<word>dear|hi|hello|hey|good (?:morning|afternoon|evening)|morning)\b", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"(?:^|\n|[.!] )(?P<words>best wishes|best|warm regards|kind regards|regards|cheers|thanks(?: again)?|thank you|many thanks|all the best|yours|take care)"
    r"[,.!]?(?:\s+[A-Z]\w*)?\s*$",
    re.IGNORECASE,
)
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_CONTRACTION = re.compile(r"\b\w+['’](?:s|re|ve|ll|d|m|t)\b", re.IGNORECASE)
_CASUAL = re.compile(
    r"\b(?:hey|yeah|gonna|wanna|cheers|awesome|cool|super|thx|pls|btw|lol|guys|folks|ya)\b|!{2,}", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """`words`: typical length; `greeting` and `sign_off` where more than half of the messages have one, else ""."""

    samples: int
    words: int
    greeting: str
    sign_off: str
    emoji: bool
    formal: bool


def voice_of(sent: Sequence[str]) -> Voice | None:
    """None where nothing was sent yet."""
    if not sent:
        return None
    casual = sum(bool(_CONTRACTION.search(text) or _CASUAL.search(text)) for text in sent)
    return Voice(
        samples=len(sent),
        words=round(median(len(text.split()) for text in sent)),
        greeting=_usual(m["word"] if (m := _GREETING.search(text)) else "" for text in sent),
        sign_off=_usual(m["words"] if (m := _SIGN_OFF.search(text.strip())) else "" for text in sent),
        emoji=2 * sum(bool(_EMOJI.search(text)) for text in sent) > len(sent),
        formal=2 * casual < len(sent),
    )


def in_words(voice: Voice) -> str:
    """For the leader: how most of their messages are."""
    parts = [f"have about {voice.words} words"]
    parts += [f"begin with “{voice.greeting}”"] if voice.greeting else []
    parts += [f"end with “{voice.sign_off}”"] if voice.sign_off else []
    parts += ["use emoji"] if voice.emoji else []
    parts += ["are formal" if voice.formal else "are informal"]
    return f"Most of your messages {', '.join(parts[:-1])} and {parts[-1]}."


def _usual(found: Iterable[str]) -> str:
    """What more than half of the messages have."""
    counted = Counter(one.capitalize() for one in found)
    word, count = counted.most_common(1)[0]
    return word if 2 * count > counted.total() else ""


Profile = Mapping[str, float]


@lru_cache(maxsize=256)
def grams(text: str) -> Profile:
    """Character 3- to 5-grams with their share, white space as one blank (Stamatatos 2009: robust on short texts)."""
    flat = f" {' '.join(text.split())} "
    counted = Counter(flat[at : at + n] for n in (3, 4, 5) for at in range(len(flat) - n + 1))
    return {gram: count / counted.total() for gram, count in counted.items()}


def _apart(one: Profile, other: Profile) -> float:
    """Cosine distance: 0 the same, 1 nothing in common."""
    shared = sum(share * other[gram] for gram, share in one.items() if gram in other)
    lengths = math.sqrt(sum(s * s for s in one.values()) * sum(s * s for s in other.values()))
    return 1 - shared / lengths if lengths else 1.0


def _pooled(texts: Sequence[str]) -> Profile:
    total: Counter[str] = Counter()
    for text in texts:
        total.update(grams(text))
    return {gram: share / len(texts) for gram, share in total.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """`distance` of a text to the leader's messages, and how far these are from one another (each from the rest)."""

    distance: float
    usual: float

    @property
    def sounds_like_you(self) -> bool:
        return self.distance <= self.usual


def likeness(text: str, sent: Sequence[str]) -> Likeness | None:
    """None under five samples, and for an empty text."""
    if len(sent) < FEWEST_SAMPLES or not text.strip():
        return None
    among = [_apart(grams(one), _pooled([*sent[:at], *sent[at + 1 :]])) for at, one in enumerate(sent)]
    return Likeness(distance=_apart(grams(text), _pooled(sent)), usual=max(among))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """message[start:end] was said to somebody else before."""

    start: int
    end: int
    text: str
    person: str


def repeats(message: str, others: Sequence[tuple[str, str]]) -> tuple[Repeat, ...]:
    """Phrases of five words and more, two of them with content, that stand in messages to others.

    `others`: name and text of each. Courtesies ("thank you so much for the") are everyone's.
    """
    words = [t for t in tokens_of(message) if t.text[0].isalnum()]
    lows = [t.low for t in words]
    found: list[Repeat] = []
    for person, text in others:
        theirs = [t.low for t in tokens_of(text) if t.text[0].isalnum()]
        known = {tuple(theirs[at : at + PHRASE_WORDS]) for at in range(len(theirs) - PHRASE_WORDS + 1)}
        hits = [at for at in range(len(lows) - PHRASE_WORDS + 1) if tuple(lows[at : at + PHRASE_WORDS]) in known]
        for first, last in _runs(hits):
            run = words[first : last + PHRASE_WORDS]
            meant = sum(is_content(t) for t in run)
            start, end = run[0].start, run[-1].end
            if meant >= PHRASE_CONTENT and not any(r.start < end and start < r.end for r in found):
                found.append(Repeat(start=start, end=end, text=message[start:end], person=person))
    return tuple(sorted(found, key=lambda one: one.start))


def _runs(hits: Sequence[int]) -> list[tuple[int, int]]:
    """[2, 3, 4, 9] -> [(2, 4), (9, 9)]."""
    runs: list[tuple[int, int]] = []
    for hit in hits:
        if runs and hit == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], hit)
        else:
            runs.append((hit, hit))
    return runs


def own_share(message: str, said: str, drafted: str) -> float | None:
    """The share of a message's words that are the leader's: typed in the situation, or put in while editing.

    None where there are no words. For the leader's eyes alone.
    """
    typed = Counter(base for t in tokens_of(said) for base in bases(t.text))
    given = Counter(t.low for t in tokens_of(drafted))
    words = [t for t in tokens_of(message) if t.text[0].isalnum()]
    own = 0
    for token in words:
        edited = given[token.low] <= 0
        given[token.low] -= 1
        own += edited or any(typed[base] > 0 for base in bases(token.text))
    return own / len(words) if words else None
