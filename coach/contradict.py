"""Where a message says the contrary of what was told: another person did it, or it was not done."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach.clauses import split_clauses
from coach.evidence import Objection, Rule, bases
from coach.language import Span, Token, is_verb_form, lemma, sentences, tag, tokens_of, verb_lemma
from coach.quantity import MONTHS, WEEKDAYS

_LIGHT = frozenset(
    "be have do get make go come take give say tell see know think want like need let keep put ask feel look thank mean use help try "
    "work start call show find talk speak seem happen become leave turn bring hold stand wait".split()
)
RECIPIENT, LEADER, SOMEBODY = "recipient", "leader", "?"


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does the verb, and whether it is denied. `actor`: RECIPIENT, LEADER, a name folded, or SOMEBODY.

    `verb`: its lemma, or "be" with what is said to be: "be loose".
    """

    verb: str
    actor: str
    denied: bool
    clause: Span
    plainly: bool = False
    """Denied by "not" at the verb itself, or asserted in a clause that denies nothing."""


def contradictions(message: str, texts: Sequence[str], to: Collection[str], spoken_to: bool) -> Iterable[Objection]:
    """`to`: the words of the recipient's names; `spoken_to`: whether "you" in the message is the recipient."""
    told = [deed for text in texts for deed in deeds(text, to, spoken_to=False)]
    for claim in deeds(message, to, spoken_to):
        same = [deed for deed in told if deed.verb == claim.verb]
        if claim.verb in _LIGHT:
            same = [deed for deed in same if _same_matter(claim.clause, deed.clause, to)]
        if claim.verb.startswith("be "):
            same = [deed for deed in same if _same_words(claim.clause, deed.clause, to)]
        if not same or _WISHED.search(claim.clause.text):
            continue
        actors = {deed.actor for deed in same}
        certain = actors.isdisjoint((SOMEBODY, LEADER)) and claim.actor not in (SOMEBODY, LEADER)
        if certain and claim.actor not in actors:
            yield Objection(
                claim.clause.start,
                claim.clause.end,
                f"someone else did this: “{same[0].clause.text}”",
                Rule.CONTRARY,
                True,
            )
        elif (
            claim.actor != LEADER
            and all(deed.denied != claim.denied for deed in same)
            and not any(_BEFORE.search(d.clause.text) for d in same)
        ):
            faint = bool(_NO_MORE.search(claim.clause.text)) or not any(
                d.plainly and claim.plainly and _say_the_same(claim, d, to) for d in same
            )
            yield Objection(
                claim.clause.start,
                claim.clause.end,
                f"you said the contrary: “{same[0].clause.text}”",
                Rule.CONTRARY,
                faint,
            )

    yield from _order_turned(message, texts)


_ORDER = re.compile(
    r"\b(?P<which>before|after) (?:(?:the|an?|his|her|their|your|my|our|its) )?(?P<what>[a-z]{3,})\b", re.IGNORECASE
)
_NO_THING = frozenset(
    "that this it all long then which she they you anyone anybody everyone being having the and".split()
)


def _order_turned(message: str, texts: Sequence[str]) -> Iterator[Objection]:
    """ "After your shift", where it was told of before the shift alone."""
    told: dict[str, set[str]] = {}
    for found in (found for text in texts for found in _ORDER.finditer(text)):
        told.setdefault(lemma(found["what"].lower()), set()).add(found["which"].lower())
    for found in _ORDER.finditer(message):
        which, what = found["which"].lower(), lemma(found["what"].lower())
        if what not in _NO_THING and told.get(what, {which}).isdisjoint({which}):
            other = next(iter(told[what]))
            yield Objection(found.start(), found.end(), f"you said {other}, not {which}", Rule.CONTRARY, True)


def _say_the_same(claim: Deed, told: Deed, to: Collection[str]) -> bool:
    """Whether the one speaks of what the other does: all of it, or of a short "he did not overtake" all that it says."""
    same_actor = claim.actor == told.actor != SOMEBODY
    return _same_words(claim.clause, told.clause, to) or (same_actor and _same_words(told.clause, claim.clause, to))


_WISHED = re.compile(
    r"\b(?:would|could|should|will|shall|must|can|may|might|want|like|please|next time|from now|need|hope|if|in future|let|better|more|less|than|other)\b|['’](?:d|ll)\b|\?",
    re.IGNORECASE,
)
_NO_MORE = re.compile(r"\b(?:since|any ?more|any longer|no longer|by now)\b", re.IGNORECASE)
"""It was so, and is no longer."""
_BEFORE = re.compile(r"\b(?:before|until|till|yet|refus\w+|almost|nearly)\b", re.IGNORECASE)


def _same_matter(one: Span, other: Span, to: Collection[str]) -> bool:
    """Whether two clauses speak of the same thing, names aside: a verb such as "take" alone says little."""
    things = [
        {base for t in tag(c.text) if t.tag[:2] == "NN" and t.low not in to for base in bases(t.text)}
        for c in (one, other)
    ]
    return not things[0].isdisjoint(things[1])


_DENIES = frozenset("no not never nobody nothing none neither nor without hardly barely cannot".split())
_NOT_ONLY = frozenset("just only even merely simply always necessarily".split())
SAME_WORDS = 0.75
"""The share of a clause's nouns, verbs and adjectives from which on it says the same as another, or the contrary."""


def _same_words(claim: Span, told: Span, to: Collection[str]) -> bool:
    """Whether nearly all that a clause speaks of stands in the other one, names aside."""
    said = [t for t in tag(claim.text) if t.tag[:2] in ("NN", "VV", "AJ", "CR") and t.low not in to]
    known = {base for t in tag(told.text) for base in (*bases(t.text), verb_lemma(t.text))}
    shared = sum(not known.isdisjoint((*bases(t.text), verb_lemma(t.text))) for t in said)
    return bool(said) and shared >= SAME_WORDS * len(said)


def deeds(text: str, to: Collection[str], spoken_to: bool) -> list[Deed]:
    """The verbs of a text with who does them. "She" is the recipient where nobody else is named, else somebody."""
    others = [
        t for t in tokens_of(text) if t.tag == "NP0" and t.text[0].isupper() and t.low not in (*to, *WEEKDAYS, *MONTHS)
    ]
    found, she = [], SOMEBODY if others else RECIPIENT
    for sentence in sentences(text):
        for clause in split_clauses(sentence.text):
            span = Span(sentence.start + clause.start, sentence.start + clause.end, clause.text)
            tokens = tokens_of(clause.text)
            for at, token in enumerate(tokens):
                denied_so = at and tokens[at - 1].low in ("dont", "doesnt", "didnt") and is_verb_form(token.text)
                if not denied_so and (
                    token.tag[:2] != "VV" or (token.tag in ("VVG", "VVI") and not _finite(tokens, at))
                ):
                    continue  # "didnt wipe": a noun to the tagger
                actor = _actor(tokens, at, to, spoken_to, she)
                denied = _denied(tokens, at)
                plainly = _not_at(tokens, at) if denied else not _denies(tokens[max(0, at - 5) : at + 4])
                found.append(Deed(verb_lemma(token.text), actor, denied, span, plainly))
            found += _states(tokens, span)
    return found


def _states(tokens: Sequence[Token], clause: Span) -> Iterator[Deed]:
    """ "The board was not loose", "every round was on time": what something is said to be, by whoever."""
    for at, token in enumerate(tokens):
        if token.tag not in ("VBD", "VBZ", "VBB"):
            continue
        rest = [t for t in tokens[at + 1 : at + 5] if t.tag not in ("XX0", "AV0", "AT0", "DPS")]
        if rest and rest[0].tag == "PRP":
            rest = [t for t in rest[1:2] if t.tag[:2] == "NN"]
        if rest and (rest[0].tag == "AJ0" or rest[0].tag[:2] == "NN"):
            denied = _is_not(token) or any(_is_not(t) for t in tokens[at + 1 : at + 3])
            yield Deed(
                f"be {rest[0].low}", SOMEBODY, denied, clause, denied or not _denies(tokens[max(0, at - 5) : at + 5])
            )


_SHORT_NOT = frozenset(
    "dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont cant couldnt wouldnt shouldnt aint".split()
)
"""As a thumb types them, without the apostrophe."""


def _is_not(token: Token) -> bool:
    return token.tag == "XX0" or token.low in _SHORT_NOT


def _denies(tokens: Sequence[Token]) -> bool:
    return any(_is_not(t) or t.low in _DENIES for t in tokens)


def _not_at(tokens: Sequence[Token], verb: int) -> bool:
    """Whether "not" stands at the verb; "not only" and "not always" deny something else."""
    near = tokens[max(0, verb - 2) : verb]
    return any(_is_not(t) for t in near) and not any(t.low in _NOT_ONLY for t in near)


def _finite(tokens: Sequence[Token], at: int) -> bool:
    return any(t.tag[:2] in ("VM", "VD", "VB", "VH") for t in tokens[max(0, at - 4) : at])


def _denied(tokens: Sequence[Token], verb: int) -> bool:
    for at in range(verb - 1, max(-1, verb - 5), -1):
        token = tokens[at]
        if _is_not(token) and tokens[at + 1].low in _NOT_ONLY:
            return False
        if _is_not(token) or token.low in ("never", "without", "nobody", "cannot"):
            return True
        if token.tag[:2] == "VV" or token.text in ",;:":
            break
    if verb_lemma(tokens[verb].text) == "say":
        return False
    into = verb - 1 - (verb > 1 and tokens[verb - 1].low in ("being", "getting", "having"))
    kept_from = into >= 0 and tokens[into].low == "from" and tokens[into + 1].low.endswith("ing")
    stops = ("stop", "prevent", "keep", "save", "spare")
    if kept_from and any(verb_lemma(t.text) in stops for t in tokens[:into] if t.tag[:2] == "VV"):
        return True  # "stopped them from being charged"
    around = [*range(max(0, verb - 3), verb), *range(verb + 1, min(verb + 3, len(tokens)))]
    beside = ("PRP", "PRF")  # "with no notice she covered it": that is not about the deed
    return any(
        tokens[at].low in ("no", "nothing", "none", "nobody") and not (at and tokens[at - 1].tag in beside)
        for at in around
    )


def _actor(tokens: Sequence[Token], verb: int, to: Collection[str], spoken_to: bool, she: str) -> str:
    if tokens[verb].tag in ("VVN", "VVD"):
        by = next((i for i in range(verb + 1, len(tokens) - 1) if tokens[i].low == "by"), None)
        if by and (who := _who(tokens[by + 1], to, spoken_to, she)) != SOMEBODY:
            return who
        if any(t.tag[:2] == "VB" for t in tokens[max(0, verb - 3) : verb]):
            return SOMEBODY
    joined = next((at for at in range(verb - 1, max(-1, verb - 3), -1) if tokens[at].low in ("and", "then", ",")), None)
    earlier = [at for at in range(joined or 0) if tokens[at].tag in ("VVD", "VVZ", "VVB")]
    if joined and earlier and not any(t.tag == "PNP" for t in tokens[joined:verb]):
        return _actor(tokens, earlier[-1], to, spoken_to, she)  # "Teodora read the cards and found it"
    for at in range(verb - 1, -1, -1):
        token = tokens[at]
        if token.tag in ("CJS", "CJT", "DTQ", "PNQ") or token.text in ";:":
            return SOMEBODY
        if (at and tokens[at - 1].tag in ("PRP", "PRF")) or token.low in WEEKDAYS:
            continue
        if token.tag in ("PNP", "NP0") or (token.text[0].isupper() and token.low in to):
            return _who(token, to, spoken_to, she)
        if token.tag in ("NN1", "NN2", "NN0", "PNI", "EX0", "CRD"):
            return SOMEBODY
    return SOMEBODY


def _who(token: Token, to: Collection[str], spoken_to: bool, she: str) -> str:
    if token.low in to or (token.low in ("you", "yourself") and spoken_to):
        return RECIPIENT
    if token.low in ("i", "me", "we", "us"):
        return LEADER
    if token.low in ("he", "she", "him", "her"):
        return she
    if token.tag == "NP0" and token.text[0].isupper() and token.low not in (*WEEKDAYS, *MONTHS):
        return token.low
    return SOMEBODY
