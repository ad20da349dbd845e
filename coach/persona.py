"""The partner with a language model: the built-in partner's state decides what may be said, the model finds the words.

Each reply is checked before it counts. One that fails is asked for once more; then the built-in line is said instead.
"""

import re
from collections.abc import Callable, Sequence

from coach.errors import ModelFailed
from coach.matter import as_told
from coach.moves import Embed
from coach.partner import GIVES_IN, GIVES_IN_FROM, LONGEST, SHORTEST, Reaction, Said, Setting
from coach.prompt import quoted, turns
from coach.rehearse import Session, Voice
from coach.request import Model, Request, Turn
from coach.retrieve import words
from coach.standin import LEFT_OUT, NOBODY, StandIns, stand_ins

PROMPT = "persona/v1"
ANSWER_TOKENS = 90
TOO_LONG = LONGEST + 10
"""Words from which on a reply need not be waited for: not even without a name and tags in front would it be short enough."""
TEMPERATURE = 0.7
LIKE_THE_FACT = 0.62
"""Cosine similarity from which a reply tells a private fact in other words."""
ECHOED_ORDER, ECHOED_WORDS = 5, 7
"""Words in a row that a reply takes from its instructions, or from what the leader said: a person hardly takes so many."""
ALONE = frozenset({"boundary", "ended", "silence", "confused", "foreign", "overwhelmed", "repeated", "time-up"})
"""Moments that stay with the built-in partner: nothing a leader types there is for a model to play along with."""

_MANNERS = {
    Reaction.LISTENS: "open and fair, with a view of your own",
    Reaction.QUIET: "quiet and guarded; you say little",
    Reaction.DEFENSIVE: "defensive; you explain, object and feel accused",
    Reaction.HURT: "hurt; you take it to heart",
    Reaction.DEFLECTS: "deflecting; you point to the others, the system, the team before you",
    Reaction.TURNS: "turning it back; you ask the leader about their own part in it",
    Reaction.AGREES: "agreeing with everything, pleasantly, and committing to nothing",
}


def persona(
    model: Model,
    embed: Embed,
    show: Callable[[str], None] = lambda text: None,
    people: Sequence[str] | None = None,
    refuse: Callable[[str], None] = lambda fault: None,
) -> Voice:
    """A voice for `rehearse.say`. `show` gets the reply as it grows, before it is checked; `refuse` why one did not count.

    `people`: the names to send stand-ins for, with every other name that was said; None sends names as they are.
    """

    def voice(session: Session, said: str, built_in: Said) -> tuple[str, str, str]:
        if built_in.moment in ALONE:
            return built_in.text, "built-in", ""
        fault, names = "", names_hidden(session, said, people)
        for _ in range(2):
            try:
                asked = request(session, said, built_in, fault, names)
                reply = names.put_back(_whole(model, asked, lambda text: show(names.put_back(text))))
                reply = _cleaned(reply, session.setting.to)
            except ModelFailed as error:
                return built_in.text, "built-in", error.code
            fault = find_fault(session, said, built_in, reply, embed)
            if not fault:
                return reply, "model", ""
            refuse(fault)
        return built_in.text, "built-in", fault

    return voice


def names_hidden(session: Session, said: str, people: Sequence[str] | None) -> StandIns:
    """Stand-ins for whoever is named in what is sent; none where names may leave."""
    if people is None:
        return NOBODY
    setting = session.setting
    texts = [setting.about, *setting.facts, *(text for t in session.path for text in (t.say, t.reply)), said]
    return stand_ins([setting.to, *people], texts)


def request(session: Session, said: str, built_in: Said, again: str = "", names: StandIns = NOBODY) -> Request:
    """What the model is asked: everything that would leave the machine."""
    setting = session.setting
    talk = [{"who": "member", "text": quoted(session.opened.text)}]
    for turn in session.path:
        talk += [{"who": "leader", "text": quoted(turn.say)}, {"who": "member", "text": quoted(turn.reply)}]
    values = {
        "manner": _MANNERS[setting.reaction],
        "mood": "you have come to trust them" if built_in.state.trust >= 0.56 else "you do not trust this talk yet",
        "giving_in": _giving_in(built_in),
        "private": _private(setting, built_in),
        "about": quoted(setting.about),
        "talk": talk,
        "said": quoted(said),
        "again": again,
    }
    return Request(
        turns=tuple(Turn(role=turn.role, text=names.hide(turn.text)) for turn in turns(PROMPT, values)),
        max_tokens=ANSWER_TOKENS,
        temperature=TEMPERATURE,
        seed=setting.seed,
    )


_TAKES = frozenset({"accepts", "accepts-offer", "commits", "commits-when", "commits-dated"})


def _giving_in(built_in: Said) -> str:
    if built_in.moment in _TAKES:
        return "You are ready to agree now: say yes to what is proposed, or say what you will do."
    return "Do not give in: no apology, no “you are right”, no promise to change, no yes to a plan."


def _private(setting: Setting, built_in: Said) -> str:
    """A fact that is not to be told does not reach the model at all."""
    if built_in.moment == "reveal":
        told = as_told(setting.facts[built_in.state.found[-1]], setting.to, setting.pronouns)
        return f"Tell them this now, in these words or nearly: {quoted(told)}"
    if built_in.moment == "withheld":
        return "There is something behind it that you do not tell yet. Say that much, and no more."
    return "Give no private reason for anything."


def _whole(model: Model, asked: Request, show: Callable[[str], None]) -> str:
    asking, so_far = model(asked), ""
    while True:
        try:
            so_far += next(asking)
            show(so_far)
            if len(so_far.split()) > TOO_LONG:
                asking.close()
                return so_far
        except StopIteration as done:
            return str(done.value.text)


def _cleaned(text: str, name: str) -> str:
    """Without the name, the quotation marks or the tag that models like to put around a line."""
    text = re.sub(r"</?(?:member|leader|talk)>", " ", text)
    text = re.sub(
        rf"^\s*(?:{re.escape(name)}|{re.escape(name.split()[0])}|member|team member)\s*:\s*", "", text, flags=re.I
    )
    return " ".join(text.split()).strip('“”"').strip()


COACHES = re.compile(
    r"\bhow (?:does|did|do) (?:that|this|it|you) (?:make you )?feel\b|\bhow can i (?:help|support|assist)\b|\bwhat (?:would|do) you (?:like|want|need) (?:from me|to (?:achieve|work on|explore|focus))|\btell me more\b"
    r"|\b(?:great|good|nice|excellent|well) (?:job|question|work|done|feedback|point)\b|\bas (?:an ai|a language model|your (?:coach|manager|leader|supervisor)|the (?:coach|manager|leader))\b|\blanguage model\b|\bi(?:['’]m| am) (?:here to (?:help|support|listen)|an ai|your (?:coach|manager|boss))"
    r"|\blet['’]s (?:explore|unpack|work through)\b|\bit sounds like you\b|\bwhat i(?:['’]m)? hear(?:ing)?\b|\bhave you (?:considered|thought about|tried)\b|\byou (?:should|could|might want to) (?:try|consider|say|ask|give)\b|\bi (?:suggest|recommend) (?:that )?you\b|\bteam member\b|\bin this (?:role|scenario|conversation)\b"
    r"|\b(?:my|your|the) (?:last|previous) answer\b|\banswer otherwise\b|\bwith (?:the|a) team leader\b|\b(?:your|my) response\b|\bthe leader(?:['’]s)?\b(?! (?:we|i|they|before|of|on|at)\b)|\bthis is a (?:play|game|script)\b|\bthe talk (?:ended|has (?:ended|moved)|is over)\b|\bi(?:['’]m| am) all yours\b|\byou are now speaking\b|\b(?:answer|respond to) the request\b|\bthe specified\b",
    re.IGNORECASE,
)
"""What a coach, a therapist or a machine would say, or who repeats what it was told, and the person played would not."""
SPEAKS_FOR_LEADER = re.compile(
    r"(?:^|[.!?\"”\n] ?)(?:leader|manager|boss|supervisor|me|you|user|coach|assistant)\s*:|[*_(\[]\s*(?:the |my |your )?(?:leader|manager|boss|you|he|she|i|they)?\s*(?:nods?|sighs?|smiles?|pauses?|looks?|shrugs?|laughs?|leans?)\b"
    r"|\byou (?:nod|sigh|smile|reply|respond|shrug)\b(?! (?:to|that|it))|\bthe (?:leader|manager) (?:says|said|replies|nods|asks)\b|</?\w+>",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:yes|yeah|ok|okay|sure|fine|all right|alright|agreed|i can|i could|i['’]ll|i will|let['’]s|deal|good|works|please|thank)\b", re.IGNORECASE
)  # fmt: skip


FAULTS = frozenset(
    {
        "length",
        "bent-name",
        "coaching",
        "speaks-for-leader",
        "gives-in",
        "private-fact",
        "fact-not-told",
        "step-not-taken",
        "repeats",
        "echo",
    }
)
"""Why a reply does not count; any other reason for a built-in line is that the model failed."""


def find_fault(session: Session, said: str, built_in: Said, reply: str, embed: Embed) -> str:
    """Why a reply does not count: "length", "coaching" …, or "" where it does."""
    setting, state = session.setting, built_in.state
    if not SHORTEST <= len(reply.split()) <= LONGEST:
        return "length"
    if LEFT_OUT in reply:
        return "bent-name"
    if COACHES.search(reply):
        return "coaching"
    if SPEAKS_FOR_LEADER.search(reply):
        return "speaks-for-leader"
    if setting.difficulty > 1 and state.turn < GIVES_IN_FROM and GIVES_IN.search(reply):
        return "gives-in"
    if tells_early(session, said, built_in, reply, embed):
        return "private-fact"
    if built_in.moment == "reveal" and not _tells(reply, setting.facts[state.found[-1]], frozenset(), embed):
        return "fact-not-told"
    if built_in.moment in _TAKES and not _TAKEN.search(reply):
        return "step-not-taken"
    if reply in (turn.reply for turn in session.turns):
        return "repeats"
    return "echo" if echoes(session, said, built_in, reply) else ""


def echoes(session: Session, said: str, built_in: Said, reply: str) -> bool:
    """Whether the reply says its instructions aloud, or goes on in the leader's own words instead of answering them."""
    orders = _runs(request(session, said, built_in).turns[0].text, ECHOED_ORDER)
    if _runs(reply, ECHOED_ORDER) & (orders - _runs(_private(session.setting, built_in), ECHOED_ORDER)):
        return True
    theirs = [session.setting.about] if built_in.moment in _TAKES else [session.setting.about, said]
    return any(_runs(reply, ECHOED_WORDS) & _runs(text, ECHOED_WORDS) for text in theirs)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    said = re.findall(r"[\w'’]+", text.casefold())
    return set(zip(*(said[at:] for at in range(length)), strict=False))


def tells_early(session: Session, said: str, built_in: Said, reply: str, embed: Embed) -> bool:
    """Whether the reply tells a private fact that has not been asked for, in its words or in others."""
    setting = session.setting
    known = frozenset(words(" ".join([setting.about, said, *(f"{t.say} {t.reply}" for t in session.path)])))
    hidden = [fact for at, fact in enumerate(setting.facts) if at not in built_in.state.found]
    return any(_tells(reply, fact, known, embed) for fact in hidden)


def _tells(reply: str, fact: str, known: frozenset[str], embed: Embed) -> bool:
    """`known`: words that were said in the talk anyway and tell nothing."""
    telling = set(words(fact)) - known
    shared = telling & set(words(reply))
    if len(shared) >= max(2, (len(telling) + 1) // 2):
        return True
    vectors = embed([reply, fact])
    return vectors is not None and float(vectors[0] @ vectors[1]) >= LIKE_THE_FACT
