"""What a leader's turn does to the talk: states a fact, judges, asks openly …, by rules and the embedding model together.

Each sentence is given to one logistic regression a move, over the sentence's vector and some thirty cues found by
rule. The weights are learnt from the labelled turns in `eval/cases/turns-dev.jsonl` by `tools/tune/turns.py`.
The moves are those of the research on conversation practice named in the issue: competitive ones (judging, power,
rules, advice) and cooperative ones (asking openly, reflecting, conceding, proposing).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.clauses import IMPACT, OCCASION, acts
from coach.embed import Vectors
from coach.language import Span, sentences, tag
from coach.situation import Missing
from coach.unfit import INSULT

WEIGHTS = Path(__file__).parent / "models" / "moves.npz"
SENTENCES_READ = 40
"""Of one turn: nobody takes in more, and what a turn does is plain by then."""
LONGEST_READ = 4_000


class Move(StrEnum):
    """What a sentence of the leader's does. A turn has the moves of all its sentences, in this order."""

    FACT = "states-fact"
    JUDGES = "judges"
    FEELING = "names-feeling"
    OPEN = "asks-open"
    CLOSED = "asks-closed"
    REFLECTS = "reflects"
    PROPOSES = "proposes"
    CONCEDES = "concedes"
    RULES = "appeals-to-rules"
    POWER = "appeals-to-power"
    ADVICE = "dumps-advice"


MOVES = tuple(Move)
COOPERATIVE = frozenset({Move.FEELING, Move.OPEN, Move.REFLECTS, Move.CONCEDES})
COMPETITIVE = frozenset({Move.JUDGES, Move.RULES, Move.POWER, Move.ADVICE})

Embed = Callable[[Sequence[str]], Vectors | None]
"""Texts -> vectors [n, 384], or None where there is no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sentence of a turn, at its place in it, and what it does."""

    span: Span
    moves: frozenset[Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    parts: tuple[Part, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(move for move in MOVES if any(move in part.moves for part in self.parts))

    def doing(self, move: Move) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if move in part.moves)


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_AUX = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|would|will|should|shall|am|may|might|"
    r"isn['’]t|aren['’]t|wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|haven['’]t|hasn['’]t|won['’]t|can['’]t|couldn['’]t)"
)
_LEAD = r"^(?:(?:and|but|so|ok(?:ay)?|right|well|then|now|look|sorry|honestly|please|just|tell me|because)[,: ]+)*"
FEELINGS = (
    r"upset|frustrat\w*|worried|worry|angry|anger|sad|hurt|annoyed|irritated|disappoint\w*|embarrass\w*|asham\w*|afraid|scared|anxious|"
    r"nervous|lonely|exhausted|exhausting|tired|fed up|overwhelmed|stressed|tense|relieved|glad|happy|proud|let down|torn|"
    r"shocked|humiliat\w*|resent\w*|uneasy|concerned|frightened|frightening|jealous|left out|pushed aside|guilty|furious|cross|"
    r"miserable|discouraged|hopeless|bitter|confused|uncomfortable|unsettled|worn out|under pressure|low|down|scary|painful"
)
_LABEL = (
    r"(?:lazy|unreliable|careless|selfish|rude|arrogant|difficult|negative|defensive|sensitive|emotional|immature|childish|slow|sloppy|"
    r"unprofessional|disorgani[sz]ed|incompetent|useless|hopeless|pathetic|stupid|bad|poor|weak|terrible|awful|lousy|disrespectful|"
    r"inconsiderate|thoughtless|irresponsible|moody|impossible|stubborn|ungrateful|unacceptable|disgraceful|cold|aggressive|"
    r"toxic|typical|ridiculous|embarrassment|disgrace|liar|joke|mess|problem|failure|disappointment|attitude|commitment|excuses?)"
)
CUES: dict[str, re.Pattern[str]] = {
    "question mark": _cue(r"\?\s*[\"”']?$"),
    "wh": _cue(
        _LEAD
        + r"(?:what|how|why|where|which|who|whats|hows)\b(?! (?:a|an) )(?!.* (?:a mess|should)\b)(?!.*(?:need to do|you do)(?: is|:))"
    ),
    "narrow wh": _cue(
        _LEAD
        + r"(?:when (?:was|is|did|were)|what time|how many|how much|how long|how often|which (?:day|one|of)|who (?:was|is|told|did|said|signed)|"
        r"where (?:did|is|was|were)|what day|what date)\b"
    ),
    "invites": _cue(
        r"\b(?:tell me (?:about|more|what|how|why)|talk me through|walk me through|help me understand|say more|explain to me|"
        r"describe|i['’]m curious|i wonder (?:how|what|why)|in your own words|your side|your view|your take|your point of view|"
        r"i['’]d (?:like|love) to (?:hear|understand|know)|i want to (?:hear|understand)|take me through)\b"
    ),
    "yes-no": _cue(_LEAD + _AUX + r" "),
    "tag": _cue(
        r",? (?:right|yes|don['’]t you|aren['’]t you|did you|isn['’]t it|didn['’]t you|wouldn['’]t you|have you|are you|ok(?:ay)?)\s*\?$"
    ),
    "why not": _cue(_LEAD + r"why (?:not|don['’]t (?:you|we))\b"),
    "asks a deed": _cue(
        r"\b(?:could|can|would|will) (?:you|we|i)\b(?! (?:see|hear|believe|say)\b)|\bi['’]d (?:like|ask|be glad|appreciate)\b"
    ),
    "lets": _cue(
        r"\blet(?:['’]s| me)\b|\bhow about\b|\bwhat (?:if|about)\b|\bshall (?:we|i)\b|\bi (?:suggest|propose)\b|\bmy (?:proposal|suggestion|offer)\b|"
        r"\bone idea\b|\bwe (?:could|might|can)\b|\bi can offer\b|\bhow would it be\b|\bwould it help if\b|\bagree(?:d)? (?:that|on)\b|\bso (?:we|you|i)['’]ll\b"
    ),
    "will": _cue(
        r"\b(?:i['’]ll|i will|i['’]m going to|i can get|i could|we['’]ll|you take|i take|you['’]ll)\b"
        r"(?!.* (?:warning|consequences|fired|hr|file)\b)(?! (?:give your|have to let|escalate|dock))"
    ),
    "due": _cue(
        r"\b(?:by|until|from|starting|every|each|next|this|on) (?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bby (?:noon|tomorrow|tonight|\d)"
        r"|\btomorrow\b|\bfrom now on\b|\bnext (?:week|time|month)\b|\bfor (?:a|two|three) (?:weeks?|months?)\b|\beach (?:day|morning|night|week)\b|\buntil\b"
    ),
    "please": _cue(r"\bplease\b"),
    "sorry": _cue(
        r"\b(?:sorry|apologi[sz]e|apology|my (?:mistake|fault|bad|part)|on me|i was wrong|i got (?:it|that) wrong|own that|i take (?:that|it) back|"
        r"messed up|misjudged|guilty|didn['’]t handle)\b"
    ),
    "grants": _cue(
        r"\b(?:you['’]re right|you are right|fair (?:point|enough)|that['’]s fair|have a point|granted|i (?:admit|accept|agree|see now)|true,|"
        r"you['’]re right to|you did tell me|every right)\b"
    ),
    "i should": _cue(
        r"\b(?:i|we) (?:should(?:['’]ve| have)|could have|shouldn['’]t|ought to have|didn['’]t (?:know|listen|support|give|handle|do)|hadn['’]t|haven['’]t been|"
        r"made it|let this|changed|promised|did promise|contributed|never)\b"
    ),
    "hears": _cue(
        r"\b(?:it |that )?sounds? (?:like|as if|as though)\b|\bwhat i (?:hear|['’]m (?:hearing|taking))|\bi hear (?:that|you)\b|\bif i(?:['’]ve)? (?:understand|got|understood)|"
        r"\blet me check\b|\bin other words\b|\byou['’]re (?:saying|telling)\b|\bi think you['’]re\b|\bhave i got\b|\bfrom (?:what you say|your side)\b|\bso for you\b|"
        r"\byou mean\b|\bjust so i\b|\bit seems\b|\byou said it['’]?s?\b|\bthat means you\b|\bwhich is why you\b|\band that['’]s why you\b"
    ),
    "so you": _cue(
        r"^(?:ok(?:ay)?,? |right,? |and |ah,? )*so,? (?:basically |really |what |in fact )*(?:you|it|the|that|when|from|nobody|there|for|your|this)\b(?!['’]ll| (?:forgot|do)\b)"
    ),
    "you felt": _cue(
        r"\byou(?:['’]d| had| have|['’]ve)? (?:felt|feel|wish|wished|needed|wanted|thought|meant|were (?:waiting|scared|afraid|worried|left|stuck|told)|"
        r"been (?:covering|waiting|carrying)|rather)\b"
    ),
    "feeling": _cue(rf"\b(?:{FEELINGS})\b"),
    "feels": _cue(
        r"\b(?:i|you) (?:feel|felt|seem|seemed|look|looked|sound|sounded|get)\b|\bi['’]m (?:a bit |really |so |very )?(?:\w+ed|sad|angry|glad|happy|afraid|nervous|proud)\b|"
        r"\b(?:that|it) must\b|\bi (?:can|could) (?:see|hear|tell|imagine)\b|\bi imagine\b|\bmakes me\b|\bi sense\b"
    ),
    "label": _cue(
        rf"\b(?:{INSULT})\b|\byou(?:['’]re| are|['’]ve become|r| have become)? (?:\w+ ){{0,4}}?{_LABEL}\b|\b(?:it|that|this)(?:['’]s| was| is) (?:\w+ ){{0,3}}?{_LABEL}\b"
        rf"|\byour (?:\w+ ){{0,2}}(?:attitude|commitment)\b|\b{_LABEL} (?:work|behaviour|behavior|attitude|performance)\b|\btypical\b"
    ),
    "always": _cue(
        r"\b(?:you|your|it['’]s)\b.*\b(?:always|never|constantly|every single time|all the time|again and again)\b|\balways with\b|\bevery(?:one|body) (?:thinks|knows)\b|\bnobody (?:wants|likes)\b"
    ),
    "you are": _cue(r"\byou(?:['’]re| are)\b"),
    "not care": _cue(
        r"\b(?:don['’]t|do not|doesn['’]t|didn['’]t) (?:even |really |seem to )?(?:care|try|bother|take (?:this|it|that) serious\w*|know how)\b|\byou (?:lack|let|keep making|just can['’]t)\b|"
        r"\bexpected (?:better|more)\b|\bgood enough\b|\byour fault\b|\bobviously\b|\bclearly\b"
    ),
    "rule": _cue(
        r"\b(?:polic(?:y|ies)|handbook|rules?|contract|procedures?|regulations?|guidelines?|code of|protocol|by law|legal\w*|compliance|requirements?|required?|requires|"
        r"mandatory|allowed|manual|section \w+|standards?|agreement|audit rules|data protection|dress code|values document|forbidden|prohibited|obliged)\b"
    ),
    "power": _cue(
        r"\b(?:i['’]m (?:your|the) (?:boss|manager|supervisor|lead)|your (?:manager|supervisor|boss)|i['’]m in charge|because i say|i say so|i['’]m telling you|not asking|i decide|i['’]ll decide|"
        r"final|an order|no (?:choice|discussion)|last word|authority|report to me|answer to me|do (?:what|as) (?:i|you['’]re) |paid to|you['’]ll do it|not up for)\b"
    ),
    "threat": _cue(
        r"\b(?:consequences?|warning|fired|sacked|let you go|another job|find some(?:one|body)|replace(?:d|able)?|write you up|on (?:your|the) file|in your file|hr\b|escalate|bonus|appraisal|"
        r"or else|or you['’]?re (?:out|off)|probation|your job|reference|dock|off the (?:project|team)|shape up|disciplinary|moved to|shifts to)"
    ),
    "advice": _cue(
        r"\byou (?:should|need to|ought to|must|have to|just have to|could always|might want|want to read)\b|\bif i were you\b|\b(?:my|the) (?:advice|trick|best thing)\b|\ball you have to\b|"
        r"\bhave you (?:tried|thought)\b|\bi(?:['’]d)? (?:recommend|always|advise)\b|\bbetter off\b|\bwhat you need\b|\bhere['’]s what you do\b|\bworked for me\b|\bwhen i was\b|\bit would be better\b|"
        r"\byou['’]d feel better|\bif you['’]d only\b|\bthat['’]s what i did\b"
    ),
    "imperative": _cue(
        _LEAD
        + r"(?:always |never |next time,? |simply |first,? )*(?:set|make|try|use|get|learn|stop|start|don['’]t|write|think|count|keep|put|take|talk|read|be|go|plan|ask|turn|block|mute|breathe|relax|pick|find|leave|call|check|"
        r"speak|do|tell|give|send|bring|come|remember|sleep)\b(?! (?:you|it true|they|we|i)\b)(?!.*\?)"
    ),
    "occasion": OCCASION,
    "impact": IMPACT,
    "past you": _cue(
        r"\byou (?:\w+ )?(?:\w{2,}ed|said|told|came|went|left|wrote|spoke|hung|rolled|did|didn['’]t|took|gave|sent|got|were|weren['’]t|had|put|ran|rang|sat|stood|let|missed|made|closed|asked)\b"
    ),
    "i saw": _cue(
        r"\bi (?:saw|noticed|heard|watched|found|counted|read|checked|looked|see that|notice)\b|\bwhat i (?:saw|noticed)\b"
    ),
    "number": _cue(
        r"\b(?:\d+|two|three|four|five|six|seven|twice|once|half|second|third|several)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\byesterday\b|\bsince\b"
    ),
    "past": _cue(
        r"\b(?:was|were|wasn['’]t|weren['’]t|had|hadn['’]t|went|came|left|hasn['’]t|haven['’]t|didn['’]t|\w{3,}ed|stood|found|rang|waited|lost)\b"
    ),
    "greets": _cue(
        r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?|thank you|bye|see you|ok(?:ay)?|right|yes|no|sure|mm+|oh|good|i see|welcome|morning)\b[^?]{0,60}$"
    ),
    "short": _cue(r"^\W*(?:\S+\s*){1,4}$"),
    "thanks": _cue(r"\b(?:thank you|thanks|appreciate|well done|great job|good at|value your|i want you to do well)\b"),
    "i": _cue(r"^(?:\w+,? )?i\b"),
}


def cues(sentence: str) -> NDArray[np.float32]:
    """Which cues the sentence has: 0 or 1, float32 [len(CUES)]."""
    return np.array([bool(cue.search(sentence)) for cue in CUES.values()], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Weights:
    """Two models: over cues and vector [cues + 384, moves], and over the cues alone for where there is no vector."""

    both: NDArray[np.float32]
    both_bias: NDArray[np.float32]
    alone: NDArray[np.float32]
    alone_bias: NDArray[np.float32]


@cache
def _weights() -> _Weights:
    with np.load(WEIGHTS) as file:
        return _Weights(*(file[name].astype(np.float32) for name in ("both", "both_bias", "alone", "alone_bias")))


UNSURE = 0.5
LIKELIEST = 0.3
"""A sentence whose likeliest move is less likely than this does none of them."""


def probabilities(texts: Sequence[str], vectors: Vectors | None) -> NDArray[np.float32]:
    """How likely each sentence makes each move [n, moves]."""
    found = np.stack([cues(text) for text in texts])
    weights = _weights()
    if vectors is None:
        logits = found @ weights.alone + weights.alone_bias
    else:
        logits = np.hstack([found, vectors]) @ weights.both + weights.both_bias
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def chosen(likely: NDArray[np.float32]) -> frozenset[Move]:
    """The moves of one sentence: all that are likelier than not, else the likeliest if it is likely enough."""
    found = frozenset(move for move, p in zip(MOVES, likely, strict=True) if p >= UNSURE)
    if Move.POWER in found:
        found -= {Move.PROPOSES}  # "you'll do it, I'm the boss" is no proposal
    best = int(likely.argmax())
    return found or (frozenset({MOVES[best]}) if likely[best] >= LIKELIEST else frozenset())


_CONCEDED = _cue(
    r"^\W*(?:(?:no|yes|ok(?:ay)?|well|oh|ah|right),? )*(?:i(?:['’]m| am) (?:so |very |really )?sorry\b(?! (?:to|that you|you))|sorry\b(?=[.,!]|$| (?:about|for|i|that was)\b)|"
    r"i apologi[sz]e\b|you(?:['’]re| are) (?:quite |absolutely )?right\b(?! (?:now|here|there)\b)|fair (?:point|enough)\b|that was (?:too harsh|unfair|uncalled for|wrong of me)\b|my (?:mistake|fault)\b)"
)


_EVERY_TIME = _cue(
    r"\byou (?:always|never|constantly)\b(?! (?:help|support|manage|deliver|find|make time|listen|gave up|complain|forget (?:a|any)))"
)


def _settled(text: str, moves: frozenset[Move]) -> frozenset[Move]:
    """What the cues alone are sure of: "how many" asks for one thing to know, and a plain apology is one."""
    if Move.OPEN in moves and CUES["narrow wh"].search(text):
        return moves - {Move.OPEN} | {Move.CLOSED}
    if not moves and _CONCEDED.search(text):
        return frozenset({Move.CONCEDES})
    return moves or (frozenset({Move.JUDGES}) if _EVERY_TIME.search(text) else moves)


def _uncalled(text: str, to: str) -> str:
    """Without the name of whoever is spoken to: "Dave, you left it open" does what "you left it open" does."""
    names = "|".join(re.escape(name) for name in {to, *to.split()[:1]} if name)
    return re.sub(rf"^(?:{names}), (?=\w)|, (?:{names})(?=[.!?]*$)", "", text, flags=re.IGNORECASE) if names else text


def label_turn(said: str, embed: Embed, to: str = "") -> Labelled:
    """What the turn does, sentence by sentence; what lies past the first forty sentences is not read. `to`: whom it is said to."""
    spans = [span for span in sentences(said[:LONGEST_READ]) if any(map(str.isalpha, span.text))][:SENTENCES_READ]
    if not spans:
        return Labelled(parts=())
    texts = [_uncalled(span.text, to) for span in spans]
    likely = probabilities(texts, embed(texts))
    found = [_settled(text, chosen(row)) for text, row in zip(texts, likely, strict=True)]
    return Labelled(parts=tuple(Part(span=s, moves=moves) for s, moves in zip(spans, found, strict=True)))


_LED_TO = _cue(
    r"(?:\b(?:and|so|because|which|then|that['’]s why|after that|since then)|[,;–]) (?!you\b)(?:[\w'’-]+ ){1,4}?(?:had to|has to|have to|could(?:n['’]t| not)|can['’]t|"
    r"went (?:quiet|home|without|off|out)|called|rang|complained|stayed|waited|lost|left|stopped|ran (?:out|late)|found out|missed|cried|was (?:cold|late|left|upset)|were (?:cold|late|left|upset|alone))\b"
    r"|\b(?:made|makes|left|leaves|kept|keeps|cost|costs) (?:us|me|them|her|him|the|everyone|others|people)\b|\b(?:had|has|have) no (?:idea|time|chance|choice)\b"
)
"""What it led to, for others than the person spoken to, in ways that a message to send would put otherwise."""
_FOLLOWED = _cue(
    r"(?:,? (?:and|so|which)|;) (?!(?:you|i|it|that|this|then)\b)(?:[\w'’-]+ ){1,4}?(?:(?!need)\w{3,}ed|went|came|fell|heard|rang|told|lost|took|felt|broke|ran|saw|found|got|gave|couldn['’]t)\b"
)
"""What somebody or something else did after it: "you missed the walk, and Mrs Hill slipped"."""
_DATED = _cue(
    r"\bon the \d{1,2}(?:st|nd|rd|th)\b|\bsince (?:half-term|january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


def tells(part: Part) -> frozenset[Missing]:
    """Which of situation, behaviour and impact a spoken sentence tells. A verdict tells none of them."""
    text, found = part.span.text, set()
    if part.moves & COMPETITIVE:
        return frozenset()
    if Move.FACT in part.moves:
        if OCCASION.search(text) or _DATED.search(text):
            found.add(Missing.SITUATION)
        if acts(tag(text), frozenset({"you"}), praise=False):
            found.add(Missing.BEHAVIOUR)
        followed = Missing.BEHAVIOUR in found and _FOLLOWED.search(text)
        if IMPACT.search(text) or _LED_TO.search(text) or followed:
            found.add(Missing.IMPACT)
    if Move.FEELING in part.moves and Move.OPEN not in part.moves and re.search(r"\b(?:I|me|I['’]m|we|us)\b", text):
        found.add(Missing.IMPACT)
    return frozenset(found)
