"""The built-in partner: a small model of a conversation that plays the team member, without any language model.

What the leader's turn does (`coach/moves.py`) changes the partner's state: trust, guard, what was asked and found out.
The state and the turn choose a moment ("judges", "withheld", "accepts"), the moment a pool of hand-written lines
(`coach/rehearsal/lines.yaml`), and the seed one of them. The same setting and the same turns give the same talk.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from coach.embed import Vectors
from coach.matter import Matter, as_told
from coach.moves import COMPETITIVE, FEELINGS, Embed, Labelled, Move
from coach.retrieve import words
from coach.situation import Pronouns
from coach.when import days_named

FOLDER = Path(__file__).parent / "rehearsal"
SHORTEST, LONGEST = 5, 30
"""Words of a turn: people say about 17 at a time, language models 45."""
LONGEST_QUIET = 12
TURNS_AT_MOST = 60
LONGEST_TURN = 180
"""Words: a leader who says more at a time is asked for the main thing."""
GIVES_IN_FROM = 3
"""The first turn in which a partner of difficulty 2 or 3 may give in."""
FACTS = 2
NEAR_FACTS = 5


class Reaction(StrEnum):
    LISTENS = "listens"
    QUIET = "quiet"
    DEFENSIVE = "defensive"
    HURT = "hurt"
    DEFLECTS = "deflects"
    TURNS = "turns-it-back"
    AGREES = "agrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Who is played, about what, and how. `facts`: what only an open question brings out, as the leader wrote it."""

    to: str
    about: str
    reaction: Reaction = Reaction.LISTENS
    difficulty: int = 2
    seed: int = 0
    facts: tuple[str, ...] = ()
    pronouns: Pronouns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was agreed: in whose words, who does it ("you" is the leader), and by when."""

    text: str
    owner: str
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The partner after a turn. `trust` and `guard` lie between 0 and 1; `found`: which facts are out, by their place."""

    trust: float
    guard: float
    turn: int = 0
    found: tuple[int, ...] = ()
    used: tuple[str, ...] = ()
    last_moves: tuple[Move, ...] = ()
    listened: int = 0
    asked_how: bool = False
    abuse: int = 0
    upset: bool = False
    step: Step | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of the partner's: what is said at which moment, and the state after it."""

    text: str
    moment: str
    state: State


_START = {
    Reaction.LISTENS: (0.52, 0.15),
    Reaction.QUIET: (0.38, 0.30),
    Reaction.DEFENSIVE: (0.30, 0.60),
    Reaction.HURT: (0.36, 0.40),
    Reaction.DEFLECTS: (0.34, 0.45),
    Reaction.TURNS: (0.30, 0.55),
    Reaction.AGREES: (0.44, 0.20),
}
_EFFECT = {
    Move.FACT: (0.03, -0.02),
    Move.JUDGES: (-0.12, 0.15),
    Move.FEELING: (0.07, -0.07),
    Move.OPEN: (0.08, -0.06),
    Move.CLOSED: (0.0, 0.01),
    Move.REFLECTS: (0.12, -0.10),
    Move.PROPOSES: (0.0, 0.0),
    Move.CONCEDES: (0.10, -0.12),
    Move.RULES: (-0.05, 0.08),
    Move.POWER: (-0.16, 0.18),
    Move.ADVICE: (-0.07, 0.08),
}
"""Move -> what it does to trust and guard. Signs and order follow the literature on negotiation practice; sizes are ours."""
_HARDER = {1: (1.3, 0.7), 2: (1.0, 1.0), 3: (0.8, 1.25)}
"""Difficulty -> how much a good move counts, and a bad one."""
_OPEN_FROM = 0.56
_TELLS_FROM = {1: (0.0, 0.0), 2: (0.36, 0.46), 3: (0.48, 0.58)}
"""Difficulty -> the trust from which the first private fact is told when asked, and the next one."""
_ACCEPTS_FROM = {1: 0.46, 2: 0.54, 3: 0.62}


@cache
def lines() -> Mapping[str, tuple[str, ...]]:
    """Pool -> its lines."""
    pools = yaml.safe_load((FOLDER / "lines.yaml").read_text("utf-8"))
    return {name: tuple(row.strip() for row in rows.splitlines() if row.strip()) for name, rows in pools.items()}


@cache
def library() -> Mapping[str, tuple[str, ...]]:
    """ "reason" and "worry" -> private facts."""
    return {kind: tuple(facts) for kind, facts in yaml.safe_load((FOLDER / "facts.yaml").read_text("utf-8")).items()}


def choose_facts(about: str, seed: int, embed: Embed) -> tuple[str, ...]:
    """A reason and a worry from the library, drawn among those nearest in meaning to the matter."""
    draw = random.Random(f"facts {seed}")  # noqa: S311 - which lines are drawn is no secret
    return tuple(draw.choice(_nearest(about, facts, embed)) for facts in library().values())


def _nearest(about: str, facts: Sequence[str], embed: Embed) -> Sequence[str]:
    vectors = embed([about, *facts])
    if vectors is None:
        return facts
    order = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")
    return [facts[at] for at in order[:NEAR_FACTS]]


def begin(setting: Setting) -> State:
    trust, guard = _START[setting.reaction]
    by = (2 - setting.difficulty) * 0.07
    return State(trust=trust + by, guard=max(guard - by, 0.0))


def opening(setting: Setting, matter: Matter) -> Said:
    """What the partner says on coming in."""
    state = begin(setting)
    return _say(_Talk(setting, matter, state, "", date.min, {}), "opening", state)


# What a turn of the leader's is, beside its moves


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SWEARS = (
    r"(?:fuck\w*|idiot|moron|bitch|bastard|cunt|wanker|prick|twat|arse(?:hole)?|ass(?:hole)?|dickhead|retard\w*|slut|whore|scum(?:bag)?|"
    r"piece of (?:shit|crap|garbage)|shithead|imbecile|cretin|pig|worthless|waste of (?:space|skin|oxygen))"
)
ABUSE = _any(
    rf"\bfuck (?:you|off)|\bf\*+k|\byou(?:['’]re| are|r)?,? (?:just |such )?(?:an? |the )?(?:\w+ ){{0,3}}?{_SWEARS}\b|\b(?:stupid|fat|lazy|ugly|dumb|old|bloody) (?:\w+ )?{_SWEARS}\b"
    rf"|\bshut (?:the \w+ |your \w+ )?up\b|\bshut (?:it|your (?:mouth|face))\b|\bgo to hell\b|\bdrop dead\b|\bpiss off\b|\bscrew you\b|\bi(?:['’]ll| will| could| want to) (?:kill|hit|hurt|slap|punch|destroy) you\b"
    rf"|\bi hate you\b|\bkill yourself\b|\bnobody would miss you\b|^\W*{_SWEARS}\W*$|\byou disgust me\b|\byou make me sick\b"
)
_VIOLENT = _any(r"\b(?:kill|hit|hurt|slap|punch|destroy) you\b|\bkill yourself\b|\bdrop dead\b")
INJECTION = _any(
    r"\b(?:ignore|disregard|forget|override) (?:\w+ ){0,4}(?:instructions?|prompts?|rules|guidelines|above|said before|messages?)\b|\bsystem (?:prompt|message|override)\b|\bprompt\b.{0,20}\b(?:print|show|reveal|repeat)"
    r"|\b(?:print|show|reveal|repeat|output|tell me|list|give me) (?:\w+ ){0,4}(?:prompt|instructions|private facts?|secret facts?|hidden facts?|secrets?|settings?|setting|seed)\b"
    r"|\b(?:are|as) you (?:really )?(?:an? )?(?:ai|bot|robot|computer|program|language model|llm|chatbot|gpt)\b|\bas an ai\b|\blanguage model\b|\byou are (?:now )?(?:an? )?(?:ai|assistant|bot|chatgpt|gpt\w*|helpful)\b"
    r"|\bdeveloper mode\b|\bjailbreak\w*\b|\bbreak (?:out of )?character\b|\bstay (?:in|out of) character\b|\brole-?play\w*\b|\bpretend (?:to be|you)\b|\b(?:switch|swap|reverse) (?:the )?roles\b|\byou(?:['’]re| are) (?:now )?(?:my|the) (?:coach|therapist|manager|boss)\b"
    r"|\bask me (?:how|what) i\b|\bbe my (?:coach|therapist)\b|\b(?:how|what) (?:am i|should i) (?:doing|say(?:ing)?|do next)\b|\bcoach me\b|\bgive me (?:some )?(?:feedback|tips|advice)\b|\brate (?:me|my)\b|\bwrite (?:me )?(?:a|an|my) (?:poem|email|message|story|song|code)\b"
    r"|<\|?/?\w+\|?>|\[/?INST\]|^\s*(?:system|assistant|user)\s*:|#{3,}|\{\{|\bDAN\b|\bact as (?:an? |my )"
)
_TASKED = _any(r"\b(?:debrief|rewind)\b.*\bnow\b")
_FAREWELL = _any(
    r"\b(?:see you|goodbye|bye|that['’]s (?:all|it) (?:from me|for today|for now)|let['’]s (?:leave|stop|end) (?:it|here)|have a (?:good|nice)|talk (?:again )?soon|until then|we['’]re done)\b"
)
_PRAISE = _any(
    r"\b(?:thank you|thanks for|well done|great (?:job|work)|good (?:job|work)|i (?:really )?(?:appreciate|value)|you did (?:really )?well|proud of you|you['’]re (?:really )?good at)\b"
)
_GREETS = _any(
    r"^\W*(?:[\w'’-]+, )?(?:hi|hello|hey|good (?:morning|afternoon|evening)|morning|thanks for (?:coming|making)|come in|have a seat|sit down|how are you|have you got|do you have|can we talk|could i have a word|can i have a word)\b"
)
_HOW_ARE_YOU = _any(r"\bhow(?: are you| is it going|['’]s it going)(?: doing| today| then| this morning)*\s*[?.!]*\s*$")
_HAS_TIME = _any(r"\b(?:a|five|ten|two) (?:moment|minutes?|second|word)\b|\bcan we talk\b")
LONGEST_GREETING = 12
_OWN_FEELING = _any(
    rf"\b(?:i|we)(?:['’]m|['’]ve been| am| are| was| were| feel| felt| get| got| have been) (?:(?!you)\w+ ){{0,3}}?(?:{FEELINGS})\b"
    rf"|\b(?:makes?|made|leaves?|left) (?:me|us) (?:(?!you)\w+ ){{0,2}}?(?:{FEELINGS})\b"
)
"""A feeling of the leader's own: "I was worried", not "I can see you're worried"."""
_DETAIL = _any(
    r"^\W*(?:(?:and|but|so|then|now|ok(?:ay)?)[,: ]+)*(?:when|where|who|whose|which|what (?:time|day|date|was the \w+|is the \w+)|how (?:many|much|long|often|late|old|far))\b"
)
"""A question that asks for one thing to know, which yes or no does not answer."""
_ALWAYS = _any(r"\b(?:always|never|constantly|every single time|all the time)\b")
_OK = _any(
    r"\b(?:are you (?:ok(?:ay)?|all right|alright|fine|well)|is everything (?:ok(?:ay)?|all right|alright|fine))\b"
)
_UNDERSTAND = _any(
    r"\b(?:do you (?:understand|agree|see)|is that clear|does that make sense|can you see|you understand|clear\?|make sense\?|right\?)"
)
_AGREED = _any(
    r"\b(?:will you do (?:that|it)|can i (?:count|rely) on|(?:is that )?(?:agreed|a deal)|deal\?|does that work|would that work|can you (?:do that|manage|commit)|is that (?:ok|okay|all right|fine) (?:for|with) you|"
    r"are you (?:up for|willing|ok with|happy with|on board)|have it (?:ready|done)|shall we (?:agree|do that)|so (?:we|do we) agree)\b"
)
ASKS_HOW = _any(
    r"\bwhat (?:will|can|could|would|are) (?:you|we) (?:do|going to do|try|change|offer|suggest|propose|commit)|\bwhat do you (?:want|plan|intend|propose|suggest)\b|\bhow (?:will|would|could|can|might) (?:you|we)\b|"
    r"\bwhat(?:['’]s| is| would be| will be) (?:your|the|a(?: good)?) (?:\w+ )?(?:plan|step|idea|suggestion|way)\b|\bwhat(?:['’]s| is) next\b|\bwhat should (?:we|happen)|\bhow do (?:you want|we (?:go|move|make|fix|sort))|"
    r"\bwhere (?:do|could|would) (?:you|we) (?:start|begin|go from here)|\bwhat could we\b"
)
_ASKS_WHEN = _any(r"\b(?:by when|when (?:can|could|will|would) (?:you|we|i)|what day|how soon|from when)\b")
_NEEDS = _any(
    r"\bwhat (?:would|did|do) you (?:have )?need(?:ed)?\b|\bwhat (?:do|would|could|might) (?:you|be|help|make|i) ?(?:need|helpful|help|make it|like|do|it take|better)\b|\bwhat would (?:help|make|it take)\b|\bhow (?:can|could|may) i (?:help|support|make)|\bwhat can (?:i|we) do (?:to|for)|\bwhat support\b|\bwhat['’]s missing\b"
)
PROBES = _any(
    r"\bwhat(?:['’]s| is| was| has| had|s)? (?:really |actually |been )*(?:happen\w*|going on|behind|getting|got|ma(?:de|kes)|stop\w*|keep\w*|le(?:d|ads?)|worr\w+|hard\w*|difficult|on your mind|it (?:been )?like|that like|changed|wrong|bother\w*|up\b|scar\w*|hold\w*|in the way|weigh\w*|the matter|troubl\w*|caus\w*)"
    r"|\bwhat(?:['’]s| is| has| was) (?:\w+ ){0,3}?(?:the (?:hardest|worst|reason|matter|story|trouble)|been|behind|hardest|stopping|keeping)\b|\bwhat am i (?:missing|not seeing)|\bwhat are you (?:worried|afraid|thinking|feeling)|\bwhat else\b|\bwhat (?:makes|made) (?:it|you|that|this)\b"
    r"|\bhow (?:come|are (?:things|you)|(?:has|have) (?:it|things|that|you)|is it|did (?:it|that|you|this)|was (?:it|that)|do you (?:see|feel|experience|explain)|would you (?:explain|describe)|so|does it)\b|\bwhy\b|\b(?:tell|talk|walk|take) me (?:more|about|through|what|how|why)|\bhelp me (?:to )?understand"
    r"|\b(?:your|the) (?:side|view|take|point of view|perspective)\b|\bsay more\b|\bin your own words\b|\bi(?:['’]d| would) (?:like|love) to (?:hear|understand|know)|\bi want to (?:hear|understand)|\bi (?:wonder|am wondering|['’]m curious)|\bwhat did you (?:think|make of|feel|need|want|find|mean)\b|\bwhat do you (?:think|make|find|feel|see|remember)\b(?! of\b)|\bcould you (?:tell|describe|explain)"
)
_ABOUT_WORRY = _any(
    r"\b(?:worr\w*|afraid|scar\w*|fear\w*|feel\w*|concern\w*|on your mind|anxious|stop(?:s|ping) you|hold(?:s|ing) you|keep(?:s|ing) you|hard\w*|up at night|risk|lose)\b"
)
_WORRIES = _any(r"\b(?:worr\w*|afraid|scared|fear\w*|anxious|dread\w*|ashamed)\b")
_PROBING = frozenset(
    "what why how happen happened happening going come about tell more me you your go get got way make made think feel see thing things it that "
    "this really all been being day time view side take point mind else understand help walk talk through something anything else there "
    "morning week lately work job moment month here today from people bit hard hardest behind stop keep stopping getting let share most main biggest worry worrie worries worried worrying end start shift "
    "night nights days week weeks month months".split()
)


@dataclass(frozen=True, slots=True)
class _Talk:
    """All that a reply depends on."""

    setting: Setting
    matter: Matter
    state: State
    said: str
    today: date
    slots: dict[str, str]
    avoid: frozenset[str] = frozenset()

    @property
    def low(self) -> str:
        return " ".join(self.said.casefold().split())

    @property
    def gives_in(self) -> bool:
        """Whether the partner may give in at all by now."""
        easy = self.setting.difficulty == 1
        return (easy or self.state.turn >= GIVES_IN_FROM) and (easy or self.state.listened > 0)


def answer(
    setting: Setting,
    matter: Matter,
    before: State,
    said: str,
    labelled: Labelled,
    earlier: Sequence[str],
    embed: Embed,
    today: date,
    avoid: frozenset[str] = frozenset(),
) -> Said:
    """The partner's reply to one turn of the leader's. `earlier`: the leader's turns before; `avoid`: lines said elsewhere."""
    state = _moved(before, setting, labelled)
    talk = _Talk(setting, matter, state, said, today, _slots(said, labelled, matter, today), avoid)
    if interrupted := _interrupted(talk, earlier):
        moment, changed = interrupted
        return _say(talk, moment, changed)
    moment, changed = _moment(talk, before, labelled, embed)
    return _say(talk, moment, changed)


def _moved(before: State, setting: Setting, labelled: Labelled) -> State:
    """The state with what the turn did to trust and guard: a move made twice running counts half, kindness after a fault little."""
    good, bad = _HARDER[setting.difficulty]
    trust, guard = before.trust, before.guard
    hurtful = bool(COMPETITIVE & set(labelled.moves))
    for move in labelled.moves:
        up, wary = _EFFECT[move]
        factor = good if up > 0 else bad
        if up > 0 and (move in before.last_moves or hurtful):
            factor *= 0.5
        if move is Move.ADVICE and before.upset:
            factor *= 1.7
        trust, guard = trust + up * factor, guard + wary * factor
    listened = bool({Move.OPEN, Move.REFLECTS, Move.FEELING, Move.CONCEDES} & set(labelled.moves))
    return replace(
        before,
        turn=before.turn + 1,
        trust=_bounded(trust),
        guard=_bounded(guard),
        last_moves=labelled.moves,
        listened=before.listened + listened,
    )


def _bounded(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 3)


def _interrupted(talk: _Talk, earlier: Sequence[str]) -> tuple[str, State] | None:
    """What no conversation goes on from as if nothing were: (moment, state), or None."""
    state = talk.state
    if state.ended:
        return "ended", state
    if ABUSE.search(talk.said):
        worse = replace(
            state,
            abuse=state.abuse + 1,
            trust=_bounded(state.trust - 0.3),
            guard=_bounded(state.guard + 0.3),
            upset=True,
        )
        over = worse.abuse > 1 or bool(_VIOLENT.search(talk.said))
        return ("ended", replace(worse, ended=True)) if over else ("boundary", worse)
    if state.turn > TURNS_AT_MOST:
        return "time-up", replace(state, ended=True)
    if not any(c.isalnum() for c in talk.said):
        return "silence", state
    if INJECTION.search(talk.said) or _TASKED.search(talk.said):
        return "confused", state
    if _is_foreign(talk.said):
        return "foreign", state
    if len(talk.said.split()) > LONGEST_TURN or len(talk.said) > LONGEST_TURN * 8:
        return "overwhelmed", state
    if len(talk.low) > 12 and talk.low in (" ".join(text.casefold().split()) for text in earlier):
        return "repeated", state
    return None


_ENGLISH = frozenset(
    "the a an i you we he she it they is are was were do did does have has had to of in on at and or but not no yes that this my your our what "
    "how why when who can could will would should me us be been for with so if about from ok okay hi hello thanks thank sorry please let's it's "
    "i'm you're that's don't didn't i'll right good morning really well".split()
)


def _is_foreign(said: str) -> bool:
    """Whether hardly a letter is Latin, or of several words none is a common English one."""
    letters = [c for c in said if c.isalpha()]
    latin = sum("LATIN" in _script(c) for c in letters)
    if letters and latin < len(letters) / 2:
        return True
    found = [word.strip(".,!?…;:\"“”'’()").replace("’", "'") for word in said.casefold().split()]
    return len(found) >= 4 and not any(word in _ENGLISH for word in found)


@cache
def _script(character: str) -> str:
    import unicodedata

    return unicodedata.name(character, "")


# What the turn is answered with


def _moment(talk: _Talk, before: State, labelled: Labelled, embed: Embed) -> tuple[str, State]:
    """(moment, state after it) for an ordinary turn."""
    state, moves = talk.state, set(labelled.moves)
    if _FAREWELL.search(talk.said) and Move.OPEN not in moves:
        settled = state.step is not None
        return f"farewell-{'agreed' if settled else 'open'}", state
    hard = next((m for m in (Move.POWER, Move.JUDGES, Move.RULES) if m in moves), None)
    if hard and not (Move.OPEN in moves and talk.setting.difficulty == 1):
        upset = replace(state, upset=hard is not Move.RULES)
        if hard is Move.JUDGES and (found := _ALWAYS.search(talk.said)):
            talk.slots["word"] = found.group().lower()
            return "always", upset
        return {Move.POWER: "power", Move.JUDGES: "judges", Move.RULES: "rules"}[hard], upset
    if greeting := _greeting(talk, moves):
        return greeting, state
    if Move.OPEN in moves:
        return _to_open_question(talk, labelled, embed)
    state = replace(state, upset=False)
    if Move.ADVICE in moves:
        return "advice", replace(state, upset=before.upset)
    if Move.PROPOSES in moves or _AGREED.search(talk.said):
        return _to_proposal(talk, labelled, state)
    for move, moment in ((Move.CONCEDES, "concedes"), (Move.REFLECTS, "reflects"), (Move.FEELING, "feeling")):
        if move in moves:
            own = move is Move.FEELING and _OWN_FEELING.search(talk.said)
            return f"{moment}-own" if own else moment, replace(state, upset=_is_hurt(talk))
    if Move.CLOSED in moves:
        if any(_DETAIL.search(part.span.text) for part in labelled.doing(Move.CLOSED)):
            return "closed-detail", state
        return "closed-ok" if _OK.search(talk.said) else "closed-understand" if _UNDERSTAND.search(
            talk.said
        ) else "closed", state
    if Move.FACT in moves:
        return "fact", replace(state, upset=_is_hurt(talk))
    return "thanks" if _PRAISE.search(talk.said) else "other", state


def _greeting(talk: _Talk, moves: set[Move]) -> str:
    """ "greet", "greet-how" for a "how are you?" in passing, or "" where more than a greeting was said."""
    said = talk.said
    asked = moves & {Move.OPEN, Move.CLOSED}
    if talk.state.turn > 2 or not _GREETS.search(said) or len(said.split()) > LONGEST_GREETING or moves - asked:
        return ""
    if _HOW_ARE_YOU.search(said):
        return "greet-how"
    return "greet" if not asked or _HAS_TIME.search(said) else ""


def _is_hurt(talk: _Talk) -> bool:
    return talk.setting.reaction is Reaction.HURT and talk.state.trust < _OPEN_FROM


def _to_open_question(talk: _Talk, labelled: Labelled, embed: Embed) -> tuple[str, State]:
    state = replace(talk.state, upset=False)
    asked = " ".join(part.span.text for part in labelled.doing(Move.OPEN))
    if _ASKS_WHEN.search(asked):
        return _to_how(talk, replace(state, asked_how=True), dated=True)
    if _NEEDS.search(asked):
        return "needs", state
    if ASKS_HOW.search(asked):
        return _to_how(talk, replace(state, asked_how=True), dated=False)
    place = fact_asked_for(talk.setting, talk.matter, state, asked, embed)
    if place is None:
        told = len(state.found) == len(talk.setting.facts) and state.found and state.trust >= _OPEN_FROM
        return ("told" if told and PROBES.search(asked) else "open"), state
    if state.trust < _TELLS_FROM[talk.setting.difficulty][min(len(state.found), 1)]:
        return "withheld", state
    talk.slots["fact"] = as_told(talk.setting.facts[place], talk.setting.to, talk.setting.pronouns)
    return "reveal", replace(state, found=(*state.found, place), trust=_bounded(state.trust + 0.05), upset=True)


def fact_asked_for(setting: Setting, matter: Matter, state: State, asked: str, embed: Embed) -> int | None:
    """The place of the private fact that an open question asks for, of those not told yet; None for a question beside it.

    A question asks for a fact when it asks for reasons or worries in general, or speaks of what the fact is about.
    """
    left = [at for at in range(len(setting.facts)) if at not in state.found]
    if not left:
        return None
    near = _nearness(asked, [setting.about, *(setting.facts[at] for at in left)], embed)
    content = set(words(asked)) - _PROBING
    shared = {at: len(content & set(words(setting.facts[at]))) for at in left}
    on_fact = [at for place, at in enumerate(left, 1) if shared[at] or near[place] >= ON_FACT]
    general = PROBES.search(asked) and (
        len(content) <= 1 or content & set(words(setting.about)) or near[0] >= ON_MATTER
    )
    if on_fact:
        return max(on_fact, key=lambda at: (shared[at], near[1 + left.index(at)]))
    if not general:
        return None
    spoken = set(words(asked)) - set(words(setting.about))
    named = [at for at in left if spoken & set(words(setting.facts[at]))]
    if len(named) == 1:  # "What makes the mornings hard?" is about the mornings, worry or not
        return named[0]
    worried = bool(_ABOUT_WORRY.search(asked))
    return next((at for at in left if bool(_WORRIES.search(setting.facts[at])) == worried), left[0])


ON_FACT, ON_MATTER = 0.42, 0.25
"""Cosine similarity from which a question speaks of a fact, and of the matter."""


def _nearness(asked: str, texts: Sequence[str], embed: Embed) -> Sequence[float]:
    vectors: Vectors | None = embed([asked, *texts])
    return [0.0] * len(texts) if vectors is None else [float(v) for v in vectors[1:] @ vectors[0]]


def _to_how(talk: _Talk, state: State, dated: bool) -> tuple[str, State]:
    """ "What will you do, and by when?": an answer that counts, once there is trust for it."""
    if not talk.gives_in or state.trust < _ACCEPTS_FROM[talk.setting.difficulty]:
        return "dodges", state
    if not dated:
        return "commits", state
    theirs = state.step is not None and state.step.owner != "you"
    return ("commits-when" if theirs or not ASKS_HOW.search(talk.said) else "commits-dated"), state


def _to_proposal(talk: _Talk, labelled: Labelled, state: State) -> tuple[str, State]:
    parts = labelled.doing(Move.PROPOSES)
    proposal = parts[-1].span.text if parts else talk.said.strip()
    own = bool(parts) and all(_OFFERS.search(p.span.text) and not _OF_YOU.search(p.span.text) for p in parts)
    willing = talk.gives_in and state.trust >= _ACCEPTS_FROM[talk.setting.difficulty] - (0.06 if own else 0)
    empty = talk.setting.reaction is Reaction.AGREES and not state.asked_how
    if own:
        if not willing or empty:
            return "doubts-offer", state
        return "accepts-offer", replace(state, step=state.step or _step(proposal, "you", talk.today))
    if empty and not (willing and talk.setting.difficulty == 1 and state.listened > 1):
        return "proposes", state
    if not willing:
        return ("not-yet" if state.trust >= _OPEN_FROM - 0.04 else "proposes"), state
    trusting = replace(state, trust=_bounded(state.trust + 0.04))
    return "accepts", replace(trusting, step=_step(proposal, talk.setting.to, talk.today))


_OFFERS = _any(
    r"\b(?:i['’]ll|i will|i can|i could|let me|i['’]m going to|i['’]d be happy|shall i|would it help if i)\b"
)
_OF_YOU = _any(
    r"\b(?:you['’]ll|you (?:take|could|call|check|do|send|write|tell|come|bring|will|can)|can you|could you|would you|please|we)\b"
)


def _step(text: str, owner: str, today: date) -> Step:
    named = days_named(text, today) if today > date.min else ()
    return Step(text=text.strip(), owner=owner, due=named[0].day if named else None)


# Words for it


_JUDGING = _any(
    r"\b(?:lazy|unreliable|careless|selfish|rude|arrogant|difficult|negative|defensive|too sensitive|sensitive|emotional|immature|childish|slow|sloppy|unprofessional|"
    r"disorgani[sz]ed|incompetent|useless|hopeless|pathetic|stupid|terrible|awful|lousy|disrespectful|inconsiderate|thoughtless|irresponsible|moody|impossible|"
    r"stubborn|ungrateful|unacceptable|disgraceful|aggressive|toxic|ridiculous|a disgrace|not a team player|weak|poor|a mess|not good enough|bad attitude|attitude)\b"
)
_FEELING_WORD = _any(rf"\b(?:{FEELINGS})\b")
_DAY_WORD = _any(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\byesterday\b|\blast (?:week|night|month)\b")


def _slots(said: str, labelled: Labelled, matter: Matter, today: date) -> dict[str, str]:
    found = {"deed": matter.deed, "topic": matter.topic, "other": matter.other}
    for name, pattern in (("word", _JUDGING), ("feeling", _FEELING_WORD), ("when", _DAY_WORD)):
        if match := pattern.search(said):
            found[name] = match.group() if name == "when" else match.group().lower()
    if "when" in found:
        found["when"] = found["when"][0].upper() + found["when"][1:]
    return found


_WEEKDAYS = ("Wednesday", "Thursday", "Friday", "Monday")
_SLOT = re.compile(r"\{(\w+)\}")


def _say(talk: _Talk, moment: str, state: State) -> Said:
    """A line for the moment that was not said before, chosen by the seed, the turn and the leader's words."""
    draw = random.Random(f"{talk.setting.seed} {state.turn} {moment} {talk.low}")  # noqa: S311
    slots = {**talk.slots, "weekday": draw.choice(_WEEKDAYS)}
    band = "open" if state.trust >= _OPEN_FROM else "guarded"
    for pools in _pools(moment, band, talk.setting.reaction):
        fitting = list(_fitting(pools, slots, {*state.used, *talk.avoid}, talk.setting.reaction))
        if fitting:
            name, text = draw.choice(fitting)
            state = replace(state, used=(*state.used, name))
            return Said(text=text, moment=moment, state=_with_step(state, moment, text, talk))
    raise AssertionError("more lines than turns")  # a talk ends before: tests count them


def _with_step(state: State, moment: str, text: str, talk: _Talk) -> State:
    if moment in ("commits", "commits-dated"):
        return replace(state, step=_step(text, talk.setting.to, talk.today), trust=_bounded(state.trust + 0.04))
    if moment == "commits-when":
        theirs = state.step if state.step and state.step.owner != "you" else _step(talk.said, talk.setting.to, date.min)
        return replace(state, step=replace(theirs, due=_step(text, "", talk.today).due))
    return state


def _pools(moment: str, band: str, reaction: Reaction) -> Iterator[tuple[str, ...]]:
    """Where to look for a line, best first: the moment in the person's own manner, then more and more in general."""
    other = "guarded" if band == "open" else "open"
    yield f"{moment}.{band}.{reaction}", f"{moment}.any.{reaction}"
    if moment != "opening":
        yield f"{moment}.{band}.any", f"{moment}.any.any"
    near = {"withheld": "open", "told": "open", "not-yet": "proposes", "always": "judges", "confused": "other", "ended": "farewell-open",
            "closed-ok": "closed", "closed-understand": "closed", "greet": "other", "thanks": "other", "closed-detail": "any", "feeling-own": "any",
            "greet-how": "greet", "commits-dated": "commits-when"}.get(moment)  # fmt: skip
    if near:
        yield f"{near}.{band}.{reaction}", f"{near}.{band}.any", f"{near}.any.any"
    yield f"any.{band}.{reaction}", f"other.{band}.{reaction}"
    yield f"any.{band}.any", f"other.{band}.any"
    yield tuple(name for name in lines() if name.startswith(("any.guarded", "other.guarded", "closed.guarded")))
    yield tuple(
        name
        for name in lines()
        if name.startswith((f"any.{other}", "fact.guarded", "open.guarded", "reflects.guarded"))
    )
    yield tuple(name for name in lines() if ".guarded." in name)


def _fitting(
    pools: Sequence[str], slots: Mapping[str, str], used: set[str], reaction: Reaction
) -> Iterator[tuple[str, str]]:
    """(name, text) of the lines in these pools that were not said, whose slots can be filled and which are a turn long."""
    longest = LONGEST_QUIET if reaction is Reaction.QUIET and not slots.get("fact") else LONGEST
    for pool in pools:
        for at, line in enumerate(lines().get(pool, ())):
            name = f"{pool}/{at}"
            if name in used or not all(slots.get(slot) for slot in _SLOT.findall(line)):
                continue
            text = _sentence_case(_SLOT.sub(lambda found: slots[found[1]], line))
            if SHORTEST <= len(text.split()) <= longest:
                yield name, text


def _sentence_case(text: str) -> str:
    """A capital after each end of a sentence: what fills a slot begins small."""
    return re.sub(r"((?:^|[.!?] )[“\"]?)([a-z])", lambda found: found[1] + found[2].upper(), text)


GIVES_IN = _any(
    r"\byou(?:['’]re| are) (?:\w+ )?right\b|\bmy (?:fault|bad|mistake)\b|\bi(?:['’]m| am) (?:so |really |very |truly )?sorry\b|\bi apologi[sz]e\b|\bi was wrong\b|\bi (?:completely |totally |fully )?agree\b"
    r"|\bi(?:['’]ll| will) (?:do (?:it|that|better)|change|fix|improve|make sure|start|stop|be on time|try harder|work on)|\bit won['’]t happen again\b|\bi accept\b|\bi promise\b|\bcount on me\b|\byou have my word\b|\bdeal\b"
    r"|\bi(?:['’]ve| have) been (?:wrong|unfair|selfish|careless)\b|\bthank you for (?:your|the) feedback\b|\bi appreciate (?:your|the) feedback\b"
)
"""Words by which a partner gives in: admits the fault, promises to change, or takes the plan."""
