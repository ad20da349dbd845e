"""English as leaders type it: sentences, words with offsets, and their parts of speech (HanTa, BNC tags)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

LONGEST_WORD = 40
"""Letters that the tagger looks at: its time grows with their cube."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|mx|dr|st|sr|jr|prof|rev|sgt|capt|(?<!\d )lt|cpl|cllr|supt|insp|vs|etc|approx|esp|dept|fig|e\.g|i\.e"
    r"|a\.m|p\.m)|\b(?-i:[A-Z]))\.$",
    re.I,
)
_CLOCK_THEN = re.compile(
    r"[ap]\.m\.(?= (?-i:The|It|He|She|They|We|I|You|That|This|There|His|Her|Their|My|Our|Your|No|Nobody|And|But|So|Then|A|An|All|Not)\b)",
    re.IGNORECASE,
)
"""An hour that ends a sentence: "at 6 p.m. The plates were on the press by eight"."""
_NUMBER = re.compile(r"\bno\. ?\d", re.IGNORECASE)
_END = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s|$)""")
_JOINS = "because|cos|coz|that|when|and|but|so|if|what|where|as|before|after|till|until|since".split("|")
SHED_HAD = (
    r"(?<!\w )(?<!\w)she(?=d (?:been|already|only|always) )|(?:"
    + "|".join(rf"(?<=\b{word} )" for word in _JOINS)
    + r"|(?<=, ))she(?=d (?:not|never|just|gone|done|got|let|left|told|said|taken|made|found|seen|forgot|forgotten|given|started|worked"
    r"|finished|asked|rung|brought|kept|heard|put|come|had) )"
)
"""The "she" of "she'd" as a thumb types it: "because shed let Leanne go", and not "the bike shed left open"."""
_TOKEN = re.compile(
    rf"""
    {SHED_HAD.replace(" ", "[ ]")} |
    \[[^\[\]\n]{{0,80}}\?\]                                   # a slot
  | (?:https?://|www\.)\S+ | [\w.+-]+@[\w-]+\.[\w.]+
  | [£$€]?\d+(?:[.,:/]\d+)*(?:%|[^\W\d_]+)?                 # 9:20, £3.50, 14mm, 2nd
  | n['’]t\b | ['’](?:s|re|ve|ll|d|m)\b                     # contractions, split from their word
  | (?:(?!n['’]t\b)[^\W\d_])+(?:-(?:[^\W_])+)*              # words, hyphens inside
  | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–·>]|\d{1,2}[.)])\s+")


OF_A_THING = tuple("your his their its a an any no".split())
"""What no name follows: "you left your mark" is not Mark."""


@dataclass(frozen=True, slots=True)
class Span:
    """`text` stands at start:end (code points) of what it was found in."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark at start:end, its part of speech (BNC tag) and whether white space comes before it."""

    start: int
    end: int
    text: str
    tag: str

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")


def sentences(text: str) -> tuple[Span, ...]:
    """Sentences and list items, without the bullet. Each span slices the text; blank ones are left out."""
    found: list[Span] = []
    at = 0
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        start = bullet.end() if bullet else 0
        for match in _END.finditer(line, start):
            numbered = _NUMBER.match(line, match.start() - 2)
            short = _ABBREVIATION.search(line[start : match.end()])
            ended = not short or _CLOCK_THEN.match(line, match.end() - len("p.m."))
            if ended and not numbered and not _goes_on(line, start, match):
                _add(found, line, start, match.end(), at)
                start = match.end()
        _add(found, line, start, len(line), at)
        at += len(line) + 1
    return tuple(found)


def _goes_on(line: str, start: int, end: re.Match[str]) -> bool:
    """After what was said inside it: 'Her comments ("did a child write this?") were read out', 'asked "why?" over and over'."""
    said, then = line[start : end.start()].lstrip(), line[end.end() :].split(maxsplit=1)
    if end[0].rstrip()[-1] in '"”' and then and then[0] in _AFTER_QUOTED:
        return True
    inside = end[0][-1] in ")]" and ("(" in said or "[" in said) and said[:1].isupper()
    return inside and bool(then) and then[0][0].islower() and then[0] not in _SUBJECTS


_AFTER_QUOTED = frozenset("and or over till until because cos without instead before after when while to".split())
_SUBJECTS = frozenset("i he she they we you it".split())


def _add(found: list[Span], line: str, start: int, end: int, offset: int) -> None:
    part = line[start:end]
    trimmed = part.strip()
    if trimmed:
        lead = start + len(part) - len(part.lstrip())
        found.append(Span(offset + lead, offset + lead + len(trimmed), trimmed))


@cache
def _tagger() -> Any:
    from HanTa.HanoverTagger import HanoverTagger

    return HanoverTagger("morphmodel_en.pgz")


# Words the tagger's model (1990s news and fiction) gets wrong in the way leaders use them.
_CERTAIN = {
    "i": "PNP", "you": "PNP", "he": "PNP", "she": "PNP", "it": "PNP", "we": "PNP", "they": "PNP", "me": "PNP",
    "him": "PNP", "us": "PNP", "them": "PNP", "my": "DPS", "your": "DPS", "his": "DPS", "its": "DPS", "our": "DPS",
    "their": "DPS", "is": "VBZ", "was": "VBD", "were": "VBD", "are": "VBB", "has": "VHZ", "does": "VDZ", "n't": "XX0",
    "not": "XX0", "and": "CJC", "but": "CJC", "or": "CJC", "always": "AV0", "never": "AV0", "often": "AV0",
    "d": "VHD", "weds": "NP0", "tues": "NP0", "today": "AV0", "yesterday": "AV0", "sometimes": "AV0",
    "'re": "VBB", "'ve": "VHB", "'ll": "VM0", "'m": "VBB",
    "didnt": "VDD", "doesnt": "VDZ", "dont": "VDB", "isnt": "VBZ", "arent": "VBB", "wasnt": "VBD", "werent": "VBD",
    "hasnt": "VHZ", "havent": "VHB", "hadnt": "VHD", "couldnt": "VM0", "wouldnt": "VM0", "shouldnt": "VM0",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def _corrected(word: str, found: str) -> str:
    """A word the model does not know and took for a noun ("rewrote") is a verb when the dictionary has it only as one."""
    if not found.startswith("NN") or not word.islower():
        return found
    import lemminflect

    lemmas = lemminflect.getAllLemmas(word)
    if set(lemmas) != {"VERB"} or lemmas["VERB"][0] == word:
        return found
    return "VVG" if word.endswith("ing") else "VVZ" if word.endswith("s") else "VVD"


@lru_cache(maxsize=512)
def tag(sentence: str) -> tuple[Token, ...]:
    """The words and marks of one sentence, with offsets into it."""
    spans = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(sentence)]
    if not spans:
        return ()
    # Level 0: the tags alone, without the words' morphemes, which would take as long again.
    tags = _tagger().tag_sent([text[:LONGEST_WORD].replace("’", "'") for _, _, text in spans], taglevel=0)
    return tuple(
        Token(start, end, text, _CERTAIN.get(text.lower().replace("’", "'")) or _corrected(text, found))
        for (start, end, text), found in zip(spans, tags, strict=True)
    )


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of all sentences, with offsets into the whole text."""
    return tuple(
        Token(sentence.start + t.start, sentence.start + t.end, t.text, t.tag)
        for sentence in sentences(text)
        for t in tag(sentence.text)
    )


def carried(before: str, starts: Collection[int], after: str) -> frozenset[int]:
    """Where the marked words of `before` (by their starts) begin in `after`, which has some of its words, in order."""
    found, rest = set(), list(tag(before))
    for token in tag(after):
        at = next((i for i, t in enumerate(rest) if t.low == token.low), None)
        if at is not None:
            if rest[at].start in starts:
                found.add(token.start)
            del rest[: at + 1]
    return frozenset(found)


@lru_cache(maxsize=20_000)
def verb_lemma(word: str) -> str:
    """The verb's base form: "rewrote" -> "rewrite"."""
    import lemminflect

    found = lemminflect.getLemma(word.lower(), upos="VERB")
    return str(found[0]) if found else word.lower()


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """One base form for any part of speech, so that "notes" and "noted", "ran" and "running" compare equal."""
    import lemminflect

    low = word.lower()
    for part in ("VERB", "NOUN", "ADJ", "ADV"):
        found = lemminflect.getLemma(low, upos=part, lemmatize_oov=False)
        if found and found[0] != low:
            return str(found[0])
    return low


@lru_cache(maxsize=5_000)
def third_person(base: str) -> str:
    """The verb as he, she or it does it: "rewrite" -> "rewrites"."""
    import lemminflect

    found = lemminflect.getInflection(base.lower(), tag="VBZ")
    return str(found[0]) if found else base + "s"


def is_word(word: str) -> bool:
    """Whether the dictionary has it: "vik" is none."""
    import lemminflect

    return bool(lemminflect.getAllLemmas(word.lower()))


def is_verb_form(word: str) -> bool:
    import lemminflect

    return "VERB" in lemminflect.getAllLemmas(word.lower())
