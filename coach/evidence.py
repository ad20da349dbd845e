"""What can be said for certain of a message against what was told: its words, amounts, names, days and quotations."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from coach.language import Span, Token, is_verb_form, lemma, tag, tokens_of, verb_lemma
from coach.quantity import MONTHS, WEEKDAYS, WORD_TOO, Quantity, follows, people, quantities
from coach.thesaurus import SAME, closeness, known

_EMPTY = frozenset(
    "a an and are as at be been being but by can could did do does doing done for from had has have having he her hers him his i if in into is it "
    "its just me my of on or our out over she so some than that the their them then there they this those these to too up us was we "
    "were what when where which while who whom whose will with would shall should may might must you your yours yourself also really very much again still even "
    "not n't no 's 're 've 'll 'd 'm myself himself herself themselves yourselves ourselves itself how why because though although "
    "got get gets getting thank thanks remember one any such same other another more most many lot lots bit thing things something anything "
    "somebody someone right well great nice dear hi hello best regards kind warm wishes like want let see look know think feel make made go went "
    "come came take took put give gave say said tell told down off away back here now only please".split()
)
NEGATION = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|without|cannot|neither|nor|hardly|nowhere)\b|n['’]t\b", re.IGNORECASE
)


def is_content(token: Token) -> bool:
    return (
        bool(re.match(r"[^\W_]", token.text))
        and token.low not in _EMPTY
        and token.tag not in ("PRP", "AT0", "DPS", "PNP", "CJC", "CJS", "VM0", "DTQ", "AVQ", "CRD")
    )


def bases(word: str) -> frozenset[str]:
    """The forms a word may have been told in; the Kellers are the Keller family."""
    low = word.lower()
    family = {low.removesuffix("s")} if word[:1].isupper() else set()
    return frozenset({low, lemma(low), verb_lemma(low), *family})


@dataclass(frozen=True)
class Told:
    """Everything that a message may draw on: the situation, then the notes."""

    sources: tuple[str, ...]
    """What a clause's source is called, for each of `texts`."""
    texts: tuple[str, ...]

    @cached_property
    def tokens(self) -> tuple[tuple[Token, ...], ...]:
        return tuple(tokens_of(text) for text in self.texts)

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """For each source the base forms of all its words."""
        return tuple(
            frozenset(base for t in tokens for base in bases(t.text) if re.match(r"[^\W_]", t.text))
            for tokens in self.tokens
        )

    @cached_property
    def all_words(self) -> frozenset[str]:
        return frozenset().union(*self.words)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(q for text in self.texts for q in quantities(text, spans_too=True))

    @cached_property
    def all_text(self) -> str:
        return "\n".join(self.texts)


def closest(token: Token, words: Collection[str]) -> float:
    """1 where the word itself was told, less for a synonym or a broader word, 0 where nothing like it was."""
    forms = bases(token.text)
    if not forms.isdisjoint(words):
        return 1.0
    return max((closeness(form, word) for form in forms for word in words), default=0.0)


@dataclass(frozen=True)
class Unit:
    """The smallest part that can be taken out: a phrase of a clause, with its content words."""

    span: Span
    clause: int
    content: tuple[Token, ...]


class Rule(StrEnum):
    """What a rule objects to."""

    AMOUNT = "amount"
    DAY = "day"
    NAME = "name"
    CONTRARY = "contrary"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Objection:
    """message[start:end] cannot follow from what was told, and why. `faint`: by a rule that is often wrong."""

    start: int
    end: int
    reason: str
    rule: Rule = Rule.OTHER
    faint: bool = False


_WHEN = frozenset([*WEEKDAYS, *MONTHS, "easter", "christmas"]) - {"may", "march"}
_SHORT = {name[:3]: name for name in (*WEEKDAYS, *MONTHS)} | {
    "tues": "tuesday",
    "weds": "wednesday",
    "thur": "thursday",
    "thurs": "thursday",
    "sept": "september",
}
_SOON = frozenset("today yesterday tomorrow tonight".split())
QUOTED = 0.7
"""Share of a quotation's words that must have been told."""
_QUOTED = re.compile(r"[“\"](?P<words>[^”\"\n]{3,}?)[”\"]")


def objections(
    message: str, told: Told, tokens: Sequence[Token], to: Collection[str], signed: int, days: Collection[str]
) -> list[Objection]:
    """`signed`: where the greeting and the signature are not part of the text any more; `days`: names of the day it happened."""
    return [
        *_amounts(message, told),
        *_names(message, told, tokens, to, signed),
        *_days(message, tokens, told, days),
        *_quotations(message, told),
        *_history(message, told),
    ]


_OFFERED = re.compile(
    r"\b(?:can|could|shall|will|would|may) (?:we|you|i)\b|\blet['’]?s\b|\b(?:i['’]d|we['’]d|would) like\b|\bi['’]?(?:ll| will)\b|\bhave time\b|\bhave you\b|\bdo you have\b|\bgot (?=\w+ minutes?\?)|\bif you\b|\bhappy to\b|\b(?:come|talk|find|ring|call|write|speak) (?:to )?me\b|\bwould \w+ \w* ?(?:suit|help|do|work)\b|\bplease\b",
    re.IGNORECASE,
)
"""Something proposed: "could we take ten minutes today?" needs no support."""


def _amounts(message: str, told: Told) -> Iterable[Objection]:
    names = len(
        {t.text for tokens in told.tokens for t in tokens if t.tag == "NP0" and t.text[0].isupper()}
        - {n.title() for n in _WHEN}
    )
    for q in quantities(message):
        if (
            q.text.lower() in ("couple", "single", "double", "pair", "a couple")
            or people(q, names)
            or _proposed(message, q.start)
        ):
            continue
        if _loose(q, message):
            continue
        if q.means("count") == [0.0] and NEGATION.search(told.all_text):
            continue
        before, after = message[max(0, q.start - 16) : q.start], message[q.end : q.end + 16]
        if not follows(q, before, told.quantities, after):
            yield Objection(q.start, q.end, f"you did not say “{q.text}”", Rule.AMOUNT, q.text.lower() == "both")


def _loose(q: Quantity, message: str) -> bool:
    """ "both surprised and glad", "I hope to read you one day": words for amounts that are none."""
    before, after = message[max(0, q.start - 9) : q.start].lower(), message[q.end : q.end + 40]
    ours = re.search(r"\bwe $", before) or (
        before.endswith(" us ") and re.match(r"[^\w\s]|\Z| (?:and|were|had|did)\b", after)
    )
    if q.text.lower() in ("two", "both") and (after.startswith(" of us") or ours):
        return True
    if q.text.lower() == "both":
        return bool(re.match(r" \w+ and\b", after))
    if q.text.lower() in ("twice", "two", "three", "four", "hundred", "thousand", "million"):
        return any(m.start() < q.end and q.start < m.end() for m in _IDIOM.finditer(message))
    return q.text.lower() == "one day" and not re.search(r"\b(?:in|within|only|just|for|took|after) $", before)


_IDIOM = re.compile(
    r"\bi (?:had to |have to |did )?(?:(?:read|look|check|think|blink|count|swallow)\w*|thought) (?:[\w']+ ){0,4}twice\b|\b(?:think|thinking|look) twice\b"
    r"|\bthree cheers\b|\bfour eyes\b|\bthanks a million\b|\ba million thanks\b|\ba (?:hundred|thousand|million) times (?:rather|better|over|more)\b|\b(?:a thing|one|an hour|a word) or two\b|\bin two minds\b|\bput two and two\b",
    re.IGNORECASE,
)


def _proposed(message: str, at: int) -> bool:
    start = max((m.end() for m in re.finditer(r"[.!?\n]\s", message[:at])), default=0)
    if _OFFERED.search(message[start : at + 20]):
        return True
    end = re.compile(r"[.!?](?=\s|\Z)|\n|\Z").search(message, at)
    asked = end is not None and end[0] == "?"
    return asked and not any(t.tag in ("VVD", "VBD", "VHD", "VDD") for t in tag(message[start:at]))


def _names(message: str, told: Told, tokens: Sequence[Token], to: Collection[str], signed: int) -> Iterable[Objection]:
    typed = {t.low for source in told.tokens for t in source}
    short = {word for word in typed - _EMPTY if not known(word) or _demonym(word)}
    typed |= (
        {word.removesuffix("'s").removesuffix("’s") for word in typed} | set(to) | _WHEN | _SOON | _EMPTY | _SWORN_BY
    )
    counted = quantities(message)
    for at, token in enumerate(tokens):
        if token.start >= signed or not token.text[0].isupper() or not typed.isdisjoint(_singular(token.low)):
            continue
        if any(q.start <= token.start < q.end for q in counted) or _SIGNED.match(message, max(0, token.start - 2)):
            continue
        opens = at == 0 or tokens[at - 1].text[-1] in ".!?:…" or "\n" in message[tokens[at - 1].end : token.start]
        if len(token.text) < 2 or lemma(token.low) in told.all_words or _demonym(token.low):
            continue
        if any(_shortened(token.low, word) for word in short) or not typed.isdisjoint(_TITLES.get(token.low, ())):
            continue
        common = is_verb_form(token.low) or known(lemma(token.low))
        if (opens and (common or token.tag != "NP0")) or (not opens and token.tag != "NP0" and common):
            continue
        if not token.text.isalpha() and "-" not in token.text:
            continue
        if opens and _exclaimed(message[token.start :]):
            continue
        yield Objection(token.start, token.end, f"you did not name “{token.text}”", Rule.NAME)


_SWORN_BY = frozenset("god lord jesus christ heaven heavens dios".split())
_SIGNED = re.compile(r", \w+[.!]?\s*\Z")
"""Somebody signs on the last line: "All the best, Claude"."""


def _singular(word: str) -> set[str]:
    """ "the Kellers", "Fridays"."""
    return {word, word.removesuffix("s"), word.removesuffix("es")}


def _exclaimed(text: str) -> bool:
    """ "Takk!", "Malo 'aupito.", "Chapeau.": a word of thanks in another language, and no sentence."""
    words = re.match(r"[^.!?\n]{0,25}(?=[.!]\s|[.!]?\s*\Z)", text)
    return words is not None and not any(
        t.tag[:2] in ("VV", "VB", "VD", "VH", "VM") for t in tag(words[0]) if known(lemma(t.low))
    )


_TITLES = {
    "doctor": ("dr",), "sergeant": ("sgt", "sarge"), "captain": ("cpt",), "lieutenant": ("lt",), "mister": ("mr",), "commander": ("cmdr", "cdr"),
    "constable": ("pc", "dc"), "detective": ("dc", "ds", "di"), "councillor": ("cllr",), "corporal": ("cpl",), "saint": ("st",), "street": ("st",),
    "road": ("rd",), "avenue": ("ave",), "mount": ("mt",),
}  # fmt: skip
SHORTEST_PART = 4


def _shortened(word: str, typed: str) -> bool:
    """ "Professor" for "prof", "Instagram" for "insta", "Japan" for "Japanese"."""
    part = word.startswith(typed) and len(typed) >= SHORTEST_PART
    return part or (typed.startswith(word) and len(word) > SHORTEST_PART and _demonym(typed))


def _demonym(word: str) -> bool:
    return known(word) and word.endswith(("ish", "ese", "ian", "ean", "ench", "utch", "erman"))


def _days(message: str, tokens: Sequence[Token], told: Told, days: Collection[str]) -> Iterable[Objection]:
    named = {_SHORT.get(w, w) for w in told.all_words} | {w.removesuffix("s") for w in told.all_words} | set(days)
    named |= set(_beside(named, told.all_text))
    for token in tokens:
        word = token.low.removesuffix("s")
        word = _SHORT.get(word, word) if token.text[0].isupper() else word
        if (
            (word in _WHEN or token.low in _SOON)
            and word not in named
            and token.low not in named
            and not _proposed(message, token.start)
            and not (token.low in _TO_COME and _wished(message, token.start))
        ):
            # "But today it is only thanks": of the day it is sent, where the model sees nothing in it.
            yield Objection(
                token.start,
                token.end,
                f"you did not say “{token.text}”",
                Rule.DAY,
                faint=token.low == "today" or _supposed(message, token.start),
            )


_TO_COME = ("today", "tonight", "tomorrow")
_SUPPOSED = re.compile(r"^\s*if\b|\b(?:would|could|might|like an?|as \w+ as an?)\b|['’]d rather\b", re.IGNORECASE)


def _supposed(message: str, at: int) -> bool:
    """ "I'd rather you left it till Monday": of no day in particular."""
    start = max((m.end() for m in re.finditer(r"[.!?\n]\s+", message[:at])), default=0)
    return bool(_SUPPOSED.search(message[start:at]))


_NEXT = re.compile(
    r"\b(?:next|following) (?:day|morning|afternoon|evening)\b|\bday after\b|\bovernight\b", re.IGNORECASE
)
_EVE = re.compile(r"\b(?:day|night|evening) before\b|\bprevious (?:day|evening|night)\b", re.IGNORECASE)


NEAR = 60
"""Characters between "Thursday" and "the next morning"."""


def _beside(named: Collection[str], text: str) -> Iterable[str]:
    """The days that follow from "Thursday … the next morning"."""
    for at, day in enumerate(WEEKDAYS):
        for found in re.finditer(rf"\b(?:{day}|{day[:3]}(?:s|rs|nes)?)\b", text, re.IGNORECASE):
            after = text[found.end() : found.end() + NEAR]
            if day in named and not WORD_TOO.fullmatch(found[0].lower()):
                yield from [WEEKDAYS[(at + 1) % 7]] if _NEXT.search(after) else []
                yield from [WEEKDAYS[at - 1]] if _EVE.search(after) else []


def _wished(message: str, at: int) -> bool:
    """ "Sleep well tonight": said to the reader, of what is to come."""
    start = max((m.end() for m in re.finditer(r"[.!?\n,;:]\s+", message[:at])), default=0)
    before = tag(message[start:at])
    return (
        bool(before)
        and (before[0].tag in ("VVB", "VVI", "VBI", "VHI", "VDI") or before[0].low in _BASE)
        and verb_lemma(before[0].low) == before[0].low
    )


_BASE = frozenset("sleep rest enjoy take have put treat get go eat drink raise try be".split())


def _quotations(message: str, told: Told) -> Iterable[Objection]:
    for quoted in _QUOTED.finditer(message):
        words = [t for t in tag(quoted["words"]) if is_content(t)]
        said = sum(closest(t, told.all_words) >= SAME for t in words)
        if len(words) >= 2 and said < QUOTED * len(words):
            # "I need to see it first" is a good sentence: nobody is told to have said it.
            faint = not _SAID.search(message[max(0, quoted.start() - 60) : quoted.end() + 30])
            yield Objection(quoted.start(), quoted.end(), "you did not quote this", faint=faint)


_SAID = re.compile(
    r"\b(?:said|says?|saying|told|tells?|wrote|writes|written|call(?:ed|s)|asked|asks|shout\w*|answer\w*|repl\w+|heard|words?|quot\w+|put it|text(?:ed)?|thank\w*|whisper\w*|remark\w*|comment\w*|jok\w+|reads?|review\w*|added|explain\w*|mention\w*|went|notes?|noted|book|signed|like)\b|:\s*[“\"]",
    re.IGNORECASE,
)


_EVER = re.compile(
    r"\bas (?:always|usual|ever|you (?:always|usually|so often) do)\b|\bnot for the first time\b|\b(?:once|yet) again\b|\btime (?:and|after) (?:time|again)\b"
    r"|\bday in,? day out\b|\blike (?:last|every) time\b|\b(?:I['’]ve|I have|we['’]ve|we have|I had|I) (?:\w+ )?(?:mentioned|told|said|raised|asked|spoken|talked|warned|brought)\b[^.!?]*?\b(?:before|already|repeatedly)\b",
    re.IGNORECASE,
)
_TOLD_EVER = re.compile(
    r"\b(?:always|usual\w*|ever|never|again|before|already|repeatedly|often|every|each|first|second|third|last|previous\w*|twice|times?|still|keeps?|kept|since)\b",
    re.IGNORECASE,
)


def _history(message: str, told: Told) -> Iterable[Objection]:
    """One event told as one of many: nothing that was told speaks of a time before."""
    if not _TOLD_EVER.search(told.all_text):
        for claim in _EVER.finditer(message):
            yield Objection(claim.start(), claim.end(), "you told of one time only")
