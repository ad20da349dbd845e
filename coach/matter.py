"""What a rehearsal is about, in the words of either side: "You were late twice" for the leader, "I was late twice" for the partner."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach.clauses import split_clauses
from coach.draft import put_to
from coach.language import Token, sentences, tag
from coach.recipient import recipient
from coach.scene import read_scene
from coach.situation import Channel, Kind, Missing, Pronouns, Situation
from coach.turn import to_you

LONGEST_DEED = 14
LONGEST_TOPIC = 7
LONGEST_FACT = 22
"""Words: with what leads up to it a turn stays within the thirty that people say at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`told`: the leader's facts as they would be said to the person, each with what it tells.

    `deed` and `topic` are as the partner says them ("I was late twice", "the late reports"); "" where there is none.
    `other`: somebody else whom the matter names.
    """

    told: tuple[tuple[str, frozenset[Missing]], ...]
    deed: str
    topic: str
    other: str

    def telling(self, missing: Missing) -> str:
        """The first of the leader's facts that tells it, or ""."""
        return next((text for text, roles in self.told if missing in roles), "")


def read_matter(about: str, to: str, pronouns: Pronouns | None, today: date) -> Matter:
    """Reads what the leader typed. Raises BadRequest when it is empty or too long."""
    situation = Situation(text=about, to=to, kind=Kind.FEEDBACK, channel=Channel.SPOKEN, pronouns=pronouns, today=today)
    topic = _topic(situation.text)
    said = () if topic else put_to(situation)
    scene = read_scene(recipient(to, (), pronouns), situation.text)
    return Matter(
        told=tuple((one.text, one.roles) for one in said),
        deed=_deed([one.text for one in said if Missing.BEHAVIOUR in one.roles]),
        topic=topic,
        other=_somebody(situation.text, sorted(scene.others)),
    )


def _somebody(about: str, names: Sequence[str]) -> str:
    """The first of the names that is no numbered place or group: "Bay 2" and "Year 6" cannot be asked anything."""
    numbered = re.compile(r"(?: \d|['’]s? \d| [A-Z]\b)")
    return next(
        (n for n in names if not any(numbered.match(about, m.end()) for m in re.finditer(re.escape(n), about))), ""
    )


_SAW = re.compile(
    r"^I (?:have |had |just |also )*(?:noticed|saw|see|heard|hear|found|was told|realised|know|gather|think|feel) (?:that )?(?=you\b)",
    re.IGNORECASE,
)


def _deed(told: Sequence[str]) -> str:
    """The first clause in which the person does something, in the first person."""
    for sentence in told:
        for clause in split_clauses(sentence):
            own = as_own(_SAW.sub("", clause.text)).rstrip(" .!?,;:–-")
            words = len(own.split())
            if 2 < words <= LONGEST_DEED and re.match(r"I\b", own) and "[" not in own:
                return own
    return ""


def _topic(about: str) -> str:
    """What was typed where it is a thing and no sentence: "the late reports"."""
    text = about.strip().rstrip(".!?")
    tokens = tag(text)
    doing = tokens[0].low.endswith("ing") if tokens else False
    verbs = [t for t in tokens if (t.tag[:2] in ("VB", "VH", "VD", "VM") and not doing) or t.tag in _FINITE]
    if verbs or not 0 < len(text.split()) <= LONGEST_TOPIC or "\n" in text:
        return ""
    text = text if tokens[0].tag == "NP0" or text.split()[0].isupper() else text[0].lower() + text[1:]
    text = re.sub(r"\byour\b|\b(?:his|her|their)\b", "my", text, flags=re.IGNORECASE)
    settled = re.match(r"(?:the|a|an|my|our|this|that|\w+ing)\b", text)
    return text if settled else f"the {text}"


_FINITE = ("VVD", "VVZ", "VVB", "PNP")


_SWAP = {
    "your": "my", "yours": "mine", "yourself": "myself", "i": "you", "me": "you", "my": "your", "mine": "yours",
    "myself": "yourself",
}  # fmt: skip
_VERBS = {"were": "was", "are": "am", "'re": "'m", "weren": "wasn"}


def as_own(sentence: str) -> str:
    """What is said to "you", as "you" would say it: "You were late and I waited" -> "I was late and you waited"."""
    tokens = tag(sentence)
    parts, subject = [], False
    for at, token in enumerate(tokens):
        text = token.text
        if token.low == "you":
            subject = _is_subject(tokens, at)
            text = "I" if subject else "me"
        elif token.low in ("i", "me", "my", "mine", "myself", "your", "yours", "yourself"):
            text = _SWAP[token.low]
            subject = False
        elif subject and token.low in _VERBS:
            text, subject = _VERBS[token.low], False
        elif at and tokens[at - 1].low == "i" and token.low in ("am", "was", "'m"):
            text = {"am": "are", "was": "were", "'m": "'re"}[token.low]
        elif token.tag[:2] in ("VV", "VH", "VD", "VM", "NN"):
            subject = False
        space = sentence[tokens[at - 1].end : token.start] if at else ""
        parts.append(space + text)
    found = "".join(parts)
    return found[0].upper() + found[1:] if found else ""


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    governed = before is not None and (before.tag[:2] in ("VV", "PR", "PO") and before.low not in ("that", "when"))
    verb_next = after is not None and (
        after.tag[:2] in ("VV", "VB", "VH", "VD", "VM", "AV") or after.low.startswith("'")
    )
    return verb_next or not governed


def as_told(fact: str, to: str, pronouns: Pronouns | None) -> str:
    """A private fact as the partner says it, in the first person and short enough to be said at once.

    One written in the first person stays as it is; "her mother is ill" becomes "My mother is ill.".
    """
    text = " ".join(fact.split())
    first = next(iter(sentences(text)), None)
    text = text if len(text.split()) <= LONGEST_FACT or first is None else first.text
    if not _is_own(text):
        text = _from_outside(text, to, pronouns)
    text = _shortened(text).rstrip(" ,;:–-")
    return text if re.search(r"[.!?…]$", text) else f"{text}."


_STATE = r"(?:worried|afraid|scared|anxious|nervous|ashamed|embarrassed|tired|exhausted|overwhelmed|stressed|bored|lonely|burnt out|unsure|upset|ill|angry)"
_LEADER = "xyou"


def _from_outside(text: str, to: str, pronouns: Pronouns | None) -> str:
    """What somebody else would write of the person, as that person says it. "You" in it is the leader and stays so."""
    kept = re.sub(r"\byou(?=r?s?\b)", _LEADER, text, flags=re.IGNORECASE)
    own = as_own(to_you(kept, read_scene(recipient(to, (), pronouns), kept))).replace(_LEADER, "you")
    own = re.sub(r"\b(and|but) is\b", r"\1 am", own)
    if re.match(rf"{_STATE}\b", own, re.IGNORECASE):
        return f"I'm {own[0].lower()}{own[1:]}"
    if not any(t.tag[:2] in ("VB", "VH", "VD", "VM") or t.tag in _FINITE for t in tag(own)):
        return f"It comes down to {own[0].lower()}{own[1:]}"
    return own


def _is_own(text: str) -> bool:
    """Whether it is told in the first person already."""
    third = re.match(r"(?:he|she|they|his|her|their|you|your)\b", text, re.IGNORECASE)
    return not third and bool(re.search(r"\b(?:i|i['’]\w+|my|me|mine|we|our)\b", text, re.IGNORECASE))


def _shortened(text: str) -> str:
    """At most LONGEST_FACT words, whole clauses where that can be."""
    kept = ""
    for clause in split_clauses(text):
        longer = text[: clause.end]
        if len(longer.split()) > LONGEST_FACT:
            break
        kept = longer
    return kept or " ".join(text.split()[:LONGEST_FACT])


_BACK = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "'m": "'re", "am": "are", "you": "me", "your": "my",
}  # fmt: skip


def said_back(told: str) -> str:
    """What the partner told, as the leader says it back: "My dad is ill and I drive him." -> "your dad is ill and you drive him"."""
    tokens = tag(told)
    parts = []
    for at, token in enumerate(tokens):
        text = _BACK.get(token.low, token.text)
        if token.low == "you" and _is_subject(tokens, at):
            text = "I"
        if at and tokens[at - 1].low == "i" and token.low in ("was", "wasn"):
            text = "were" + token.text[3:]
        parts.append((told[tokens[at - 1].end : token.start] if at else "") + text)
    found = "".join(parts).rstrip(" .!?…")
    keeps = not tokens or tokens[0].tag == "NP0"
    return found if keeps else found[:1].lower() + found[1:]
