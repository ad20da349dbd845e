"""Who does what a clipped sentence tells: "Stayed late" is "You stayed late", and "Stock was out" stays as it is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.clauses import DAY
from coach.language import Token, is_verb_form, is_word, tag, verb_lemma
from coach.orders import OWN_SUBJECT
from coach.scene import Scene
from coach.to_the_point import STAR
from coach.turn import done_by_you

_LEADERS = frozenset(
    "saw noticed watched heard loved spotted smelled smelt appreciated liked want wanted wish hope think thought caught love like appreciate".split()
)
_PERCEIVED = frozenset("saw noticed watched heard spotted caught".split())
"""The leader's only where it is the recipient who was seen: "noticed Kai missing" is a deed."""
_MEANS_YOU = re.compile(r"\b(?:you(?:r|rs|rself)?|u|ur)\b|^\S+ (?:him|her|them|how|that|the way)\b", re.IGNORECASE)
_ASKED_YOU = r"(?:asked|told|rang|begged|sent|needed|got|let) (?:you|{name})\b(?! down\b)"
"""The leader's as well: nobody asks themselves."""
_STATE = re.compile(
    r"^(?:(?:was|were|is|are) )?(?:late|early|absent|on time|missing)\b(?! (?:report|start|shift|finish|delivery|return|entry|reply|order|paperwork|notice|invoice)s?\b)",
    re.IGNORECASE,
)


_OF_IT = r"(?:props (?:to|for)\b|(?:wants?|needs?) (?:re)?[a-z]+ing\b|(?:was|is|were|are)(?:n['’]?t| not)? (?:all |really |just |only |entirely )*(?:your|his|her|their|[\w-]+['’]s) (?:fault|doing|idea|job|turn|problem|mess)\b|needs? to be (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|in|on|by|done|there)\b|means|lasts|costs|seems|looks(?! (?:after|out)\b)|sounds|feels|matters|depends|works(?! (?:late|hard|weekends|well with|every)\b)|serves|goes(?! off (?:and|without)\b| on (?:and on|about)\b)|turns(?! (?:up|in)\b)|thanks|cheers|helps|makes (?:sense|all|a difference|it|me|us))\b"
_SAYS_OF_IT = re.compile(_OF_IT, re.IGNORECASE)
_DOES = re.compile(
    rf"(?!{_OF_IT})"
    r"(?:[a-z]+s (?:the|a|an|your|my|our|me|us|you|them|it|to|everyone|everybody|people|everything|nothing|too)\b|keeps \w+ing\b"
    r"|[a-z]+s (?:over|at|past|behind) (?:(?-i:[A-Z])\w+|me|us|you|them|people|everyone|everybody)\b"
    r"|(?:comes|goes|gets|turns|shows|steps|stands|stays|speaks|sits|picks|leaves|walks|runs|stops|starts|rolls|clocks|logs|signs|arrives|writes|talks|listens|asks|answers|offers|forgets|interrupts|volunteers"
    r"|disappears|apologises|apologizes|delegates|explains|remembers|mentors) (?:\w+ing\b|up|out|off|in|over|back|late|early|well|home|before|after|when|if|for|with|really|very|often|straight|slack|emails?|messages|calls|most|every|things|jobs|questions|people)\b"
    r"|will (?:not|never) (?!be\b|happen\b|work\b|do\b)\w+)",
    re.IGNORECASE,
)
"""A habit whose doer the note-taker left out: "writes the readings on your hand", "needs to run them past Dev"."""


_SAME_IN_PAST = frozenset("put cut let set reset hit shut split spread cast burst".split())
_HEADLINE = re.compile(r"\w+s \w+ (?:not|never|still not)\b", re.IGNORECASE)
""" "Returns rail not touched": a noun of two words."""
_IT_TOOK = re.compile(
    r"took (?:(?:you|me|us) (?:\w+ ){1,3}(?:minutes|hours?|days?|weeks?)|(?:real |some |a lot of )?(?:guts|courage|nerve|patience|doing|balls))\b",
    re.IGNORECASE,
)


_WHEN_FIRST = re.compile(
    r"(?:(?:on|last|this) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|yesterday|today|tonight)(?: (?:morning|afternoon|evening|night))?, (?=[a-z]+ed\b|took|went|came|got|kept|ran|gave|found|told|rang|held|brought|sent|wrote|spoke|drove|caught|did|had|put|let|led|saw|sat|met|built|bought|stood)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Fragment:
    """What may lack a subject; the verb, if there is one, is tokens[at] ("late" and adverbs may stand before it)."""

    text: str
    tokens: Sequence[Token]
    at: int
    scene: Scene
    in_third: bool
    done: bool

    @property
    def subject(self) -> str:
        return self.scene.recipient.called if self.in_third else "you"

    @property
    def singular(self) -> bool:
        """Whether the verb is that of "she"."""
        return self.in_third and not self.scene.recipient.group

    @property
    def was(self) -> str:
        return "was" if self.singular else "were"


def with_subject(sentence: str, scene: Scene, in_third: bool, done: bool) -> str:
    """A fragment gets the subject that its writer left out: "stayed late" -> "you stayed late".

    `done`: whether it tells of a deed and not of a wish, where the verb leaves it open ("put the lid back on").
    """
    tokens = tag(sentence)
    at = next(
        (i for i, t in enumerate(tokens) if t.tag not in ("AV0", "PUN", "CJC") or t.low in ("late", "left")), None
    )
    if at is None or any(re.match(rf"{re.escape(form)}(?!\w)", sentence, re.I) for form in scene.recipient.forms):
        return sentence
    if not in_third and not scene.recipient.group and at == 0 and tokens[0].tag not in ("VVZ", "VVD"):
        sentence = _with_habits(sentence)
    fragment = _Fragment(sentence, tokens, at, scene, in_third, done)
    if _is_of_others(fragment):
        return sentence
    found = (step(fragment) for step in _STEPS)
    return next((one for one in found if one is not None), sentence)


def _is_of_others(fragment: _Fragment) -> bool:
    """Whether it has a subject, or whoever did it is not the recipient."""
    of_others = any(one.match(fragment.text) for one in (_SAYS_OF_IT, _WE_GOT, _NEVER_SEEN, _IS_IT))
    wants_you = not fragment.in_third and bool(_WANTS_YOU.match(fragment.text))
    return of_others or wants_you or _has_subject(fragment.text, fragment.tokens[fragment.at :])


def _some_of_you(fragment: _Fragment) -> str | None:
    """ "Neither has clocked in": a team is told so."""
    tokens = fragment.tokens
    if tokens[0].low not in ("neither", "both", "none", "each") or len(tokens) < 2:
        return None
    if tokens[1].tag[:2] not in ("VH", "VD", "VB", "VM"):
        return None
    spoken_to = fragment.scene.recipient.group and not fragment.in_third
    return f"{tokens[0].text} of you {fragment.text[tokens[1].start :]}" if spoken_to else fragment.text


def _after_when(fragment: _Fragment) -> str | None:
    """ "On Friday, stayed late": the subject stands after the day."""
    when = _WHEN_FIRST.match(fragment.text)
    if not when or OWN_SUBJECT.search(rest := fragment.text[when.end() :]):
        return None
    told = with_subject(rest, fragment.scene, fragment.in_third, fragment.done)
    return fragment.text[: when.end()] + lower_first(told) if told != rest else fragment.text


def _by_leader(fragment: _Fragment) -> str | None:
    leaders = _is_leaders(fragment.tokens[fragment.at :], fragment.text, fragment.scene)
    return f"I {lower_first(fragment.text)}" if leaders else None


def _needs_to(fragment: _Fragment) -> str | None:
    if fragment.in_third or not (needs := _JUST_NEEDS.match(fragment.text)):
        return None
    return f"you {needs[1].lower()} need to {fragment.text[needs.end() :]}"


def _state(fragment: _Fragment) -> str | None:
    if not _STATE.match(fragment.text):
        return None
    state = re.sub(r"^(?:was|were|is|are) ", "", fragment.text, flags=re.IGNORECASE)
    return f"{fragment.subject} {fragment.was} {lower_first(state)}"


def _it_took(fragment: _Fragment) -> str | None:
    return f"it {lower_first(fragment.text)}" if _IT_TOOK.match(fragment.text) else None


def _left_undone(fragment: _Fragment) -> str | None:
    """ "Not wearing the glasses", "doesn't check back"."""
    if fragment.in_third:
        return None
    if _NOT_DOING.match(fragment.text):
        return f"you were {lower_first(fragment.text)}"
    if not (habit := _DOES_NOT.match(fragment.text)):
        return None
    do = "do not" if habit["does"].endswith(" not") else habit["does"].lower().replace("es", "")
    return f"you {do}{fragment.text[habit.end('does') :]}"


def _habit(fragment: _Fragment) -> str | None:
    often = _OFTEN.match(fragment.text)
    return _as_habit(fragment.text, often.end(), fragment.subject, fragment.singular) if often else None


def _present(fragment: _Fragment) -> str | None:
    """ "Turns up late", "has no idea"."""
    first, text = fragment.tokens[fragment.at], fragment.text
    if fragment.at:
        return None
    third = first.low == "will" or (is_verb_form(first.text) and verb_lemma(first.text) != first.low)
    if third and (first.tag == "VVZ" or _DOES.match(text)) and not _HEADLINE.match(text):
        return f"{fragment.subject} {lower_first(text)}" if fragment.singular else done_by_you(text)
    if first.tag == "VHZ":
        return f"{fragment.subject} {lower_first(text) if fragment.in_third else re.sub('^has', 'have', text, flags=re.IGNORECASE)}"
    return None


def _past(fragment: _Fragment) -> str | None:
    text, at = fragment.text, fragment.at
    if at > 1 or not _has_begun(text, fragment.tokens, at, fragment.done) or _is_participle_phrase(text):
        return None
    told = lower_first(text)
    if fragment.tokens[at].low == "was" and not fragment.in_third:
        told = re.sub(r"\bwas\b", "were", told, count=1)
    return f"{fragment.subject} {told}"


def _no_verb(fragment: _Fragment) -> str:
    return _with_verb(fragment.text, fragment.subject, fragment.was)


_STEPS: tuple[Callable[[_Fragment], str | None], ...] = (
    _some_of_you, _after_when, _by_leader, _needs_to, _state, _it_took, _left_undone, _habit, _present, _past, _no_verb,
)  # fmt: skip
"""In this order; the first that knows whose it is tells it."""


_ASKED_FOR = re.compile(r"^(?!.*\b(?:thank|tell|let|say)\b).*\b(?:please|pls|plz)\W*$", re.IGNORECASE)
_NO_VERBS = frozenset(("ofsted",))
"""What looks like a verb in the past to the tagger, however it is typed."""


_DEEDS_TOO = frozenset(
    "spotted organised organized updated trained supported finished prepared packed covered cleaned".split()
)
"""Adjectives to the tagger, deeds where the reader finds one."""


def _has_begun(sentence: str, tokens: Sequence[Token], at: int, done: bool) -> bool:
    """Whether the fragment begins, at tokens[at], with a verb in the past whose doer its writer left out."""
    first, after = tokens[at], tokens[at + 1 : at + 2]
    shouted = first.text.isupper() and not sentence.isupper() and not is_verb_form(first.low)
    if shouted or first.low in _NO_VERBS:
        return False  # "OFSTED in."
    past = first.tag in ("VVD", "VHD", "VBD") or (first.tag in ("VVN", "VVB") and first.low != verb_lemma(first.text))
    # "Dictated letters are running late" tells of letters; "signed before it leaves, please" is asked for.
    of_things = re.match(r"\w+ \w+s (?:are|were|have|had|keep|go|need)\b", sentence, re.IGNORECASE)
    if past and not of_things and not _ASKED_FOR.match(sentence):
        return True
    if first.tag == "AJ0" and first.low.endswith("ed") and at == 0 and after and after[0].low in ("it", "them"):
        return True  # "Fixed it"
    # "Spotted sepsis in the waiting room": no adjective, where it tells of a deed.
    if first.tag == "AJ0" and first.low in _DEEDS_TOO and done and at == 0 and after:
        return after[0].tag in ("NN0", "NN2", "AT0", "DPS", "NP0")
    if first.low in ("sat", "wed") and re.match(
        r"\w+ (?:lunch|night|morning|afternoon|evening|am|pm|eve|dinner|breakfast|brunch|shift|service|\d)",
        sentence,
        re.I,
    ):
        return False  # Saturday
    if done and at == 0 and after and re.fullmatch(r"[a-z]{4,}ed", first.low) and not is_word(first.low):
        return (
            after[0].tag[:2] in ("NN", "AT", "DP", "AJ", "PN") and after[0].tag != "PNQ"
        )  # "refactored billing tests"
    put = first.low in _SAME_IN_PAST and done and not re.match(r"\w+ \w*\d", sentence)
    return put or (first.low == "left" and bool(after) and after[0].tag in ("AT0", "DPS", "PNP"))


_OFTEN = re.compile(r"(?:always|never|usually|constantly|regularly|often) (?=[a-z]+s\b)", re.IGNORECASE)


_VERB_HERE = re.compile(
    r"(?:volunteers|answers|checks|offers|asks|talks|turns|shows|walks|helps|listens) (?:for|to|with|up|in|at|before|after)\b",
    re.IGNORECASE,
)
"""Nouns elsewhere."""


def _as_habit(sentence: str, at: int, subject: str, singular: bool) -> str:
    """ "Always puts the number on it": the verb stands at `at`; as it is where it may be no deed."""
    rest = sentence[at:]
    verb = tag(rest)[0]
    if re.fullmatch(r"has done\W*", rest, re.IGNORECASE) and not singular:
        return f"{subject} {lower_first(sentence[:at])}have{rest[3:]}"
    does = verb.tag == "VVZ" or bool(_VERB_HERE.match(rest))
    does = does or bool(_DOES.match(rest) and is_verb_form(verb.text) and verb_lemma(verb.text) != verb.low)
    if not does or _SAYS_OF_IT.match(rest):
        return sentence
    told = rest if singular else re.sub(r"^you ", "", done_by_you(rest), flags=re.IGNORECASE)
    return f"{subject} {lower_first(sentence[:at])}{told}"


_IS_IT = re.compile(
    r"(?:is|was|are|were|has|have|had|does|did|do) (?:it|that|there|i|we|he|she|they|you)\b.*\?", re.IGNORECASE
)
""" "Is it me or has she stopped?": a question has its subject after the verb."""
_WANTS_YOU = re.compile(r"(?:wants|asks|sends|tells|praises) you\b", re.IGNORECASE)
""" "The client rang. Wants you on the next one": nobody does that to themselves."""
_DOING = (
    r"(?:wear|us|fill|sign|logg?|check|answer|listen|follow|turn|clos|lock|read|writ|clean|wash|label+|report|ring|call|tell|shar|keep|putt?|pick|pay"
    r"|ask|show|speak|talk|volunteer|offer|greet|repl[yi]|respond|updat|prepar)"
)
_NOT_DOING = re.compile(
    rf"not {_DOING}ing\b(?! (?:for|it to|to)\b)(?!.*\b(?:cost|costs|meant|means|caused|led|left|made|was|were|is|are|had|has)\b)",
    re.IGNORECASE,
)
_DOES_NOT = re.compile(rf"(?P<does>does(?:n['’]?t| not)) (?=(?:\w+ly )?{_DOING}e?\b)", re.IGNORECASE)
""" "Doesn't check back after mains": somebody's habit."""
_NEVER_SEEN = re.compile(
    r"never (?:seen|heard|known|felt|tasted|read) (?:anything|anyone|anybody|such|the like|a [a-z]+ like|(?:him|her|them|it|you) (?:so|like))\b",
    re.IGNORECASE,
)
""" "Never seen anything like it": the leader has not."""
_WE_GOT = re.compile(
    r"got (?:the|that|our) (?:[\w'’-]+ ){0,2}(?:order|contract|tender|bid|grant|deal|go-ahead|booking|licen[cs]e|sign-?off|all[- ]clear)"
    r"(?=\s*(?:[.!,;]|$)| (?:this|last|yesterday|today)\b)",
    re.IGNORECASE,
)
""" "Got the order this morning": the firm did."""
_ADDRESSED = re.compile(r"(?:guys|lads|folks|girls|boys|gents|ladies)\b", re.IGNORECASE)
_OF_THINGS = re.compile(
    r"\w+s to be \w+|(?i:was|is)(?:n['’]?t| not) even (?:his|her|their|your|our|my|[A-Z][\w-]+['’]s) "
)
""" "Plots to be walked on Monday", "wasn't even her mud"."""


def _has_subject(sentence: str, tokens: Sequence[Token]) -> bool:
    """Whether what looks like a verb without a subject is one: "wets go on the left rail", "guys the 5:12 went out dirty"."""
    second = tokens[1].tag if len(tokens) > 1 else ""
    plural = tokens[0].tag == "VVZ" and second in ("VVB", "VVI", "VBB", "VHB", "VDB", "VM0")
    return plural or bool(_ADDRESSED.match(sentence) or _OF_THINGS.match(sentence))


def _is_leaders(tokens: Sequence[Token], rest: str, scene: Scene) -> bool:
    """Whether the doer left out is the leader: "noticed you label every box", "asked you to look", "would like you to wait"."""
    if tokens[0].low == "like" and len(tokens) > 1 and tokens[1].tag == "AV0":
        return False  # "like really good"
    perceives = tokens[0].low in _LEADERS and len(tokens) > 1 and tokens[1].tag != "PUN"  # "Love, Chipo"
    if perceives and (tokens[0].low not in _PERCEIVED or _MEANS_YOU.search(rest)):
        return True
    if _EXPECTED.match(rest) or _SAW_WHEN.match(rest):
        return True
    asked = _ASKED_YOU.replace("{name}", re.escape(scene.recipient.address))
    return bool(re.match(rf"(?:{asked})|would (?:like|love|prefer)\b", rest, re.IGNORECASE))


_JUST_NEEDS = re.compile(
    r"^(just|only|simply) needs to (?=(?:text|ring|call|tell|ask|message|email|speak|talk|come)\b)",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"(?:was ?n['’]?t|was|had ?n['’]?t been|had been) (?:really |honestly |just )?(?:expecting|hoping|dreading|worried|told|promised|about to)\b|did ?n['’]?t (?:expect|think)\b"
    r"|got (?:it|them) (?:on |at |by |this |last )?(?:mon|tue|wed|thu|fri|sat|sun|yesterday|today|late|\d)",
    re.IGNORECASE,
)
"""What happens to whoever waits for it."""
_SAW_WHEN = re.compile(
    rf"(?:saw|heard|watched) (?:it|this|that) (?:happen\b|myself\b|again\b|twice\b|(?:on |last |this )?(?:{DAY}|mon|tues?|wed|thurs?|fri|sat|sun)\b)",
    re.IGNORECASE,
)
""" "Saw it Monday about 10 past 8": what the recipient is told of was seen by whoever tells it."""


def _with_verb(sentence: str, subject: str, verb: str) -> str:
    """The verb a note-taker leaves out: "you on your phone" -> "you were on your phone"."""
    tokens = tag(sentence)
    opens = tag(re.split(r"[,;]", sentence)[0])
    if tokens[0].low != subject.lower().split()[0] or len(tokens) <= 3 or STAR.match(sentence):
        return sentence
    if tokens[1].low in ("our", "my"):
        return sentence[tokens[1].start :]  # "old Bill our driver"
    if _COMING.fullmatch(sentence):
        verb = {"were": "are", "was": "is"}[verb]
        return f"{tokens[0].text} {verb} {sentence[tokens[1].start :]}"
    acts = [
        t
        for before, t in pairwise(opens)
        if t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") and before.tag not in ("AT0", "DPS")  # "during the get in"
    ]
    if acts and acts != [t for t in opens[1:2] if t.tag == "VVG"] and not re.match(r"\w+ on call\b", sentence):
        return sentence
    if (
        tokens[1].low in ("old", "little", "daft", "silly", "clever", "cheeky", "lovely", "beautiful")
        and tokens[2].tag == "NN1"
        and len(tokens) - (tokens[-1].tag == "PUN") == 3
    ):
        return sentence  # "you old rascal"
    unknown = not is_word(tokens[1].text) and tokens[1].text.islower() and tokens[1].text.isalpha()
    if unknown and (tokens[1].tag == "TO0" or tokens[2].tag in ("AV0", "AT0", "DPS", "PNP", "DT0")):
        return sentence  # "comps too many drinks", "na wa o": a verb, for all that is known
    return re.sub(rf"^({re.escape(subject)})(?= (?!and\b))", rf"\1 {verb}", sentence, count=1, flags=re.IGNORECASE)


_COMING = re.compile(
    r"\S+ (?:retiring|leaving|emigrating)(?: (?:on|this|next|in))?(?: (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|year|today|tomorrow|\d+\S*))?\W*",
    re.IGNORECASE,
)
""" "Bev retiring Friday" is to come; "Bev leaving the till open" was seen."""


def _with_habits(sentence: str) -> str:
    """ "30 years on the crossing, knows every child by name": what the person does, named last in a list without a verb."""
    tokens = tag(sentence)
    if tokens[0].tag in ("AT0", "DT0", "DPS") or any(t.tag in _FINITE or t.tag == "PNP" for t in tokens):
        return sentence
    habits = [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if before.text == ","
        and token.low in _HABITS
        and after.tag in ("AT0", "DPS", "DT0", "CRD", "AV0", "DTQ", "AVQ")
    ]
    for token in reversed(habits):
        sentence = f"{sentence[: token.start]}you {verb_lemma(token.text)}{sentence[token.end :]}"
    return sentence


_HABITS = frozenset("knows keeps remembers makes takes brings gives helps teaches reads".split())
_FINITE = ("VVD", "VBD", "VBZ", "VHD", "VHZ", "VDD", "VM0", "VBB", "VHB")


def _is_participle_phrase(sentence: str) -> bool:
    """ "Asked by a customer, she …": the participle belongs to the clause after the comma."""
    return bool(re.match(r"^\w+(?:ed|en) (?:by|with|to)\b[^,]*, (?:you|he|she|they|i|we)\b", sentence, re.IGNORECASE))


def lower_first(text: str, typed: str = "") -> str:
    """With a small first letter, but for names; `typed`: the leader's text, where a word typed small stays so."""
    tokens = tag(" ".join(text.split(maxsplit=5)[:5]))
    if not tokens or tokens[0].low == "i" or tokens[0].text.startswith("["):
        return text
    first = tokens[0]
    short = first.low in ("u", "ur", "re", "youve", "youre", "youd", "youll")
    named = first.tag == "NP0" or (not short and first.tag[:2] in ("NN", "AJ", "VV") and not is_word(first.text))
    named = named and first.low not in ("pls", "plz", "ta", "thx")
    small = re.search(rf"(?<![\w'’]){re.escape(first.low)}(?![\w'’])", typed)
    typed_small = small is not None and first.text not in typed
    named = named and not short and not (typed_small and (first.tag[:2] != "NP" or is_word(first.text)))
    proper = (named and first.text.lower() not in ("you", "your")) or (len(first.text) > 1 and first.text.isupper())
    calendar = re.match(
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|june|july|august)\b", first.low
    )
    return text if proper or calendar else text[0].lower() + text[1:]
