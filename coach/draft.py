"""The built-in drafter: the leader's own sentences, put to the person, in the order the reader needs.

It adds nothing but courtesy. What the leader did not say becomes a slot `[…?]` and a question.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from coach.clauses import SO, WISH, acts, roles, split_clauses, subject_of
from coach.language import Token, carried, is_verb_form, is_word, lemma, tag, verb_lemma
from coach.prompt import fill
from coach.records import Note
from coach.separate import Kept, Said, separate
from coach.situation import Channel, Kind, Missing, Situation
from coach.thesaurus import can_be_somebody
from coach.tuned import Labels
from coach.turn import (
    TITLES,
    Recipient,
    Scene,
    done_by_you,
    is_dropped,
    read_scene,
    recipient,
    settle,
    to_third,
    to_you,
    with_name_read,
    with_short_name,
)
from coach.unfit import LeftOut

SLOT = "[…?]"
NEEDED = {
    Kind.RECOGNITION: (Missing.BEHAVIOUR, Missing.SITUATION, Missing.IMPACT),
    Kind.FEEDBACK: (Missing.BEHAVIOUR, Missing.SITUATION, Missing.IMPACT, Missing.WISH),
}
SNIPPET_WORDS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    missing: Missing
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same facts in another tone: "plainer", "warmer" or "shorter"."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    message: str
    variants: tuple[Variant, ...]
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    notes_used: tuple[str, ...]


def draft(
    situation: Situation,
    notes: Sequence[Note] = (),
    labels: Labels | None = None,
) -> Draft:
    """A message from the situation and, where one fits, one of the notes the leader left switched on.

    `labels`: what each word of the situation's text does, where the language model is there to say.
    """
    person = with_short_name(recipient(situation.to, situation.other_names, situation.pronouns), situation.text)
    if labels:
        person = with_name_read(person, situation.text, partial(labels.peak, "recipient"))
    scene, meant = read_scene(person, situation.text), None
    if labels:
        pronouns, meant = settle(scene, situation.text, partial(labels.peak, "recipient"))
    kept, left_out = separate(situation.text, situation.channel, person.forms, labels, meant, person.group)
    scene = read_scene(person, " ".join(one.text for one in kept))
    if labels:
        scene.pronouns = pronouns
    after_others = [False, *(_tells_of_another(one) for one in kept)]
    said = [_say(one, scene, situation, after) for one, after in zip(kept, after_others, strict=False)]
    said = [one for one in said if one.text]
    said, missing = _add_answers(said, scene, situation, judged=labels is not None)
    sentences = _in_order(said, missing, situation.kind, person.called)
    remembered, note = _remember(notes, situation, person, scene)
    thanks = not any(_thanks(one.text) for one in said)
    # A question quotes nothing that was said to Coach alone.
    told = " ".join(one.text for one in kept) if kept and left_out else situation.text

    def arrange(texts: Sequence[str], tone: str) -> str:
        return _around(_body([*texts, *remembered], scene, situation), person, situation, thanks, tone)

    message = arrange(sentences, "")
    reactions = {one.text for one in said if not one.roles and _REACTION.search(one.text)}
    return Draft(
        message=message,
        variants=_alternatives(sentences, reactions, message, arrange),
        questions=tuple(Question(missing=m, text=_ask(m, person, told)) for m in missing),
        left_out=left_out,
        notes_used=(note.id,) if note else (),
    )


def put_to(situation: Situation) -> tuple[Said, ...]:
    """The leader's sentences as they would be said to the person, each with what it tells; nothing is added."""
    person = recipient(situation.to, situation.other_names, situation.pronouns)
    scene = read_scene(person, situation.text)
    kept, _ = separate(situation.text, situation.channel, person.forms)
    said = (_say(one, scene, situation) for one in kept)
    return tuple(one for one in said if one.text)


_REACTION = re.compile(
    r"\b(?:thank(?:s| you)?|well done|proud|impress\w+|appreciat\w+|grateful|great|brilliant|amazing|fantastic|awesome|lovely|superb|love|loved)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?P<day>today|yesterday|tonight|this (?P<part>morning|afternoon|evening)|last night)\b", re.IGNORECASE
)


def _on_the_day(sentence: str, situation: Situation) -> str:
    """ "Today" is the day the leader gave: read on another day it becomes "on Wednesday" or "on 18 November"."""
    happened = situation.happened
    if happened is None:
        return sentence

    def turn(found: re.Match[str]) -> str:
        word = found["day"].lower()
        back = 1 if word in ("yesterday", "last night") else 0
        if (situation.today - happened).days == back:
            return found.group()
        part = found["part"] or {"tonight": "evening", "last night": "night"}.get(word, "")
        near = 0 < (situation.today - happened).days < 7
        day = f"{happened:%A}" if near else f"{happened.day} {happened:%B}"
        return f"on {day} {part}".rstrip() if near else f"on {'the ' + part + ' of ' if part else ''}{day}"

    return _TODAY.sub(turn, sentence)


def _tells_of_another(kept: Kept) -> bool:
    """Whether a "she" acts first in the sentence who is not the recipient: "she'd been refusing it for weeks. signed next day"."""
    first = next((token for token in tag(kept.text) if token.tag[:2] in ("PN", "NP", "NN")), None)
    return kept.meant is not None and first is not None and first.low in ("he", "she") and first.start not in kept.meant


DONE_FROM = 0.5
"""The probability of a deed from which on it is the recipient's, though the sentence before tells of another."""


def _say(kept: Kept, scene: Scene, situation: Situation, after_another: bool = False) -> Said:
    """One sentence of the leader's as it will be read, with what it tells. `after_another`: the one before it tells of
    somebody else, who may be whom this one leaves out."""
    asked = _to_the_point(_on_the_day(kept.text, situation), scene, situation.channel)
    meant = None if kept.meant is None else carried(kept.text, kept.meant, asked)
    in_third = situation.channel is Channel.PUBLIC_CHAT
    turned = to_third(asked, scene, meant) if in_third else to_you(asked, scene, meant)
    led_to = kept.told.get(Missing.IMPACT, 0) > kept.told.get(Missing.BEHAVIOUR, 0) + 0.2
    done = kept.told.get(Missing.BEHAVIOUR, 0) > kept.told.get(Missing.WISH, 0) + 0.2
    theirs = after_another and kept.told.get(Missing.BEHAVIOUR, 0) < DONE_FROM
    turned = turned if led_to or theirs else _subject_for(turned, scene, in_third, done)
    names = {"you"} if not in_third else _third_person_names(scene)
    if turned.strip(" .,!").lower() in ("you", scene.recipient.address.lower()):
        scene.mentions = 0  # "MARISOL. Table 9 was choking, she …": not named yet
        return Said("", frozenset())
    return Said(
        _polish(turned),
        roles(turned, acts(tag(turned), frozenset(names), situation.kind is Kind.RECOGNITION), kept.told),
    )


def _third_person_names(scene: Scene) -> set[str]:
    pronouns = {scene.pronouns.value} if scene.pronouns else set()
    return {word.lower() for form in scene.recipient.forms for word in form.split()} - {"the"} | pronouns


_SEND = re.compile(
    r"^(?:please |just |can you |could you |i(?:'d| would)? (?:like|want) to |want to |wanted to |need to )*"
    r"(?:(?:say |give |send )?(?:a )?(?:big |huge |special |quick )?(?:thank(?:s| you)?|shout-?out|kudos|props|well done|hats off)"
    r"(?: you)?(?: goes| go)?(?: to)?|thank|recogni[sz]e|praise|commend)\s+(?P<who>{forms})\s+for\s+",
    re.IGNORECASE,
)
_TELL = (
    r"^(?:please |just |can you |could you |i(?:'d| would)? (?:like|want) to |want to |wanted to |need to )*(?:(?:tell|remind) (?:{forms}|him|her|them)|let (?:{forms}|him|her|them) know)(?: that)?\s+(?!about|to\b)"
    r"|^(?:please |kindly |also |and )*(?:include|mention|add|note) that (?!night|time|day|shift|bit|part|one)(?=\w+ \w+ \w)"
    r"|^what i (?:actually |really )?(?:need|want)(?:ed)? (?:said|to say) is (?:that )?|^(?:so )?(?:just |only )say (?:that )?(?=\w+ \w+ \w+)|^say (?:that )?(?=(?:i|we|he|she|they|it|you|the|his|her|their|there)\b)"
)
_ASK_THEM = (
    r"(?:^|(?<=[,;:] )|(?<=\band ))(?:please |just |can you |could you )*(?:ask|tell|remind|get) (?:{forms}|him|her|them) "
    r"(?P<not>not )?to (?=[a-z])"
)
_HAVE_THEM = r"^(?:please |just |can you |could you )*(?:(?P<not>do ?n['’]?t |do not )let|have|get) (?:{forms}|him|her|them) (?=(?!to\b|the\b|a\b|an\b|some\b|his\b|her\b|their\b)[a-z]+ (?:the|a|an|it|this|that|them|him|her|me|us|his|their|to|in|on|up|out|off|back|every\w*|all|some|any\w*)\b)"
""" "Have her take it to the pass", "don't let him say that again"."""
_LET_THEM = r"^(?:please )?let (?:{forms}|him|her|them) (?P<not>not )?(?=(?!know|off|down|go\b|in\b|out\b|be\b|have\b|loose)[a-z]+ (?!.*\b(?:and|but|so) (?:he|she|they|i|we)\b).*\b(?:every|each|always|next time|from now on|in future)\b)"
""" "Let him check under the vehicle every morning"."""
_WANTED_FOR = (
    r"^(?:(?:(?:i )?(?:need|want)|can i have) (?:an? )?(?:quick |big )?(?:thank[- ]?you|thanks|shout-?out|kudos|praise|feedback|word)(?: (?:for|to|with))? (?:{forms})(?: please| pls| plz)?"
    r"|(?:a )?(?:quick |big )?(?:thank[- ]?you|thanks|shout-?out|kudos|praise|feedback|word)(?: (?:for|to|with))? (?:{forms}) (?:please|pls|plz)"
    r"|(?:a )?(?:feedback|something)(?: (?:for|to))? (?:{forms}))(?!, [\w'’-]+ (?:and|&)\b)(?:\s*[,:.–-]+\s+(?=\w)|\W*$)"
    r"|^(?:(?:right|ok|okay|so|um),? )*(?:(?:this(?: one)?(?: is|['’]s)|it['’]s) )?(?:a )?(?:feedback |something )?for (?:{forms}),? (?=(?:he|she|they)\b)"
    r"|^(?:(?:right|ok|okay|so|um),? )*this(?: one)?(?: is|['’]s) (?:a )?(?:one |thank[- ]?you )?for (?:{forms})\b[,:.]? (?=\w+ \w+ \w)"
    r"|^(?:(?:right|ok|okay|so|um|hi|hello|hey),? )*(?:can|could) (?:you|we|i) (?:please )?(?:do|write|make|have|get) (?:one|something|a (?:[\w-]+ )?(?:note|card|message|post|shout-?out|thank[- ]?you)) (?:for|to|about) (?:{forms})(?:,? our \w+)?(?: please| pls| plz)?[,.:]?\s+(?=\w)"
    r"|^(?:(?:hi|hello|hey|ok|so),? )*(?:i['’]d|i would) (?:like|want|love) to (?:say|send|write|pass on) (?:something|a (?:few )?words?|a note|a message|a card) (?:to|for|about) (?:{forms})(?=\s*(?:[.!:]|$))[.!:]*\s*"
    r"|^(?:i )?(?:just )?(?:wanted|want|need|needed) to say (?:something |a (?:bit|word|few words) )?about (?:{forms}) (?=(?:he|she|they|how)\b)"
    r"|^(?:(?:hi|hello|hey|ok|so),? )*(?:i )?(?:need|want) an? (?:[\w-]+ )?(?:e-?mail|message|card|note|text|post) (?:to|for|about) (?:{forms})(?: \([^()]*\))?[.:,] ?"
    r"|^(?:please )?pass on to (?:{forms}) (?:that )?(?=\w+ \w+ \w)"
    r"|^(?:a )?(?:quick )?(?:note|message) (?:about|for|to) (?:{forms})[,:]? (?=(?:the|he|she|they|you|we|i)\b)"
)
"""What the leader orders of Coach: "feedback Zainab pls, …", "need a thank you for Tom, …"."""
_FOR_WHO = r"^for ({forms}),? who(?P<has>['’]s| has)? "
"""What a hurried leader puts before it: "for Paulette, who's stayed on past 7"."""
_FIND_OUT = r"^(?:please |just |can you |could you )*(?:ask|find out from) (?:(?:{forms}|him|her|them) )?(?P<what>(?:what|why|how|whether|if|where|when)\b)"
"""What the leader wants asked is asked in their own words."""
_FILLERS = re.compile(r"(?:,\s*)?\b(?:u+m+|u+h+|er+m*|hm+)\b(?:,\s*|\s+|(?=[.!?]|$))", re.IGNORECASE)
_LIKE = re.compile(r"(?<=\b(?:he|we|it)) like (?=\w)|(?<=\bshe) like (?=\w)|(?<=\bthey) like (?=\w)", re.IGNORECASE)


_MARKS_ALOUD = (
    (r",? comma(?= \w+ )", ","),
    (r",? (?:full stop new (?:line|paragraph)|new (?:line|paragraph)|full stop)(?= \w|$)", "."),
)
_HAD_BUT_WHO = r"^had (?=(?:an?|the|no|another|some|two|three|\d+) [^.;]*?\b(?:and|but|so|when) (?:{forms}) (?!and\b))"
_NAMES_GOT = (
    r"(?:^|(?<=[,;] )|(?<=\band )|(?<=\bbut )|(?<=\bbecause )|(?<=\bas ))({forms})s "
    r"(?=(?:got|been|gone|done|always|never|just|still|already)\b)"
)
_OPENING_NOISE = (
    r"^(?:hey|hi|yo|alright) (?:bro|mate|man|coach|so|all),? (?={forms}\b)|^(?:y['’]?all|guys|folks|lads),? (?={forms} \w)|"
    rf"^(?:(?:ok|okay|{SO}|um|erm)\b[, ]+)*(?:{{forms}}),? (?:right|well|like|um|erm|man|mate|bro),? (?=(?:he|she|they)(?:['’]|\b))"
    rf"|^(?:(?:yeah|right(?! [a-z]+ (?:given|was|is|but|call|answer)\b)|ok|okay|{SO}|well(?! done)|um|erm|oh|anyway|basically|hiya"
    r"|bless (?:him|her|them)(?= (?:he|she|they)\b))\b[, ]+)+(?=\w)"
)
_NAME_AT_END = (
    r"(?<!\bto)(?<!\bfor)(?<!\bwith)(?<!\bof)(?<!\bby)(?<!\bfrom)(?<!\band)(?<!\blike) (?:{forms})(?=[.!?]*$)"
)
_SAID_LAST = (
    r"(?<=\w), (?:did|our) (?:{forms})(?=[.!]*$)|(?<=^legend) (?:{forms})(?=[.!,]*$)|(?<=^star) (?:{forms})(?=[.!,]*$)"
)
""" "Walked it twice, did Marek": whom it is about, said after all."""
_GREETED = (
    r"^(?:hi|hiya|hey|hello|dear)\s+(?:{forms})\W*$"
    r"|^(?:(?:hi|hey|hello|dear|well done|bravo|congrats|thanks)\s+)?(?:{forms})"
    r"(?:\s+(?:mate|pal|buddy|bro|dude|hun)\b[,:.!]?\s*|\s*(?:[,:–—]|\s-)\s+)"
)
_GREETED_ALL = re.compile(
    r"^(?:dear|hi|hiya|hey|hello|(?:good )?(?:morning|afternoon|evening)) (?:all|team|everyone|everybody|both|folks|guys|lads|ladies)\b(?:[,:.!–-]+\s*|$)",
    re.IGNORECASE,
)


def _written(sentence: str) -> str:
    """Without what people only say aloud: "um", "new line", and "like" between whoever acts and the verb in the past."""
    for aloud, mark in _MARKS_ALOUD:
        sentence = re.sub(aloud, mark, sentence, flags=re.IGNORECASE)
    if _FILLERS.search(sentence):
        sentence = re.sub(r" {2,}", " ", _FILLERS.sub(" ", sentence)).strip()
    tokens = {token.start: token for token in tag(sentence)}
    for like in reversed(list(_LIKE.finditer(sentence))):
        after = tokens.get(like.end())
        if after and after.tag in ("VVD", "VBD", "VHD", "VDD"):
            sentence = f"{sentence[: like.start()]} {sentence[like.end() :]}"
    return sentence


def _to_the_point(sentence: str, scene: Scene, channel: Channel) -> str:
    """Drops what only introduces: "please thank Priya for …", "tell him that …", "Priya, you …"; "ask her to" is "please"."""
    forms = "|".join(re.escape(form) for form in scene.recipient.forms)
    sentence = re.sub(_WANTED_FOR.replace("{forms}", forms), "", _written(sentence), flags=re.IGNORECASE)
    sentence = re.sub(_FOR_WHO.replace("{forms}", forms), r"\1\g<has> ", sentence, flags=re.IGNORECASE)
    sentence = _in_full(sentence, forms, one=not scene.recipient.group)
    sentence = re.sub(_FIND_OUT.replace("{forms}", forms), r"I'd like to know \g<what>", sentence, flags=re.IGNORECASE)
    for ordered in (_HAVE_THEM, _ASK_THEM, _LET_THEM):
        had = re.compile(ordered.replace("{forms}", forms), re.IGNORECASE)
        sentence = had.sub(lambda m: f"please {'do not ' if m['not'] else ''}", sentence)
    thanks = re.match(_SEND.pattern.replace("{forms}", forms), sentence, re.IGNORECASE)
    if thanks:
        opening = f"Thanks to {scene.recipient.called} for " if channel is Channel.PUBLIC_CHAT else "Thank you for "
        return opening + sentence[thanks.end() :]
    told = re.match(_TELL.replace("{forms}", forms), sentence, re.IGNORECASE)
    if told:
        return sentence[told.end() :]
    sentence = re.sub(_OPENING_NOISE.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)
    sentence = re.sub(_SAID_LAST.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)
    sentence = _without_topic(sentence, forms)
    if channel is Channel.PUBLIC_CHAT:
        # "ines you absolute star the dinosaur trail"
        sentence = re.sub(rf"({forms}),? {_STAR.pattern},?(?= \w)", r"\1, \g<star>,", sentence, flags=re.IGNORECASE)
    if scene.typed_to_you:
        sentence = _without_address(sentence, forms)
    sentence = sentence if channel is Channel.PUBLIC_CHAT else _GREETED_ALL.sub("", sentence)
    return re.sub(_GREETED.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)


def _in_full(sentence: str, forms: str, one: bool) -> str:
    """What a hurried writer leaves off: "had a burst main and Petra noticed" is ours, "teddys got a newborn" is "teddy's got"."""
    sentence = re.sub(_HAD_BUT_WHO.replace("{forms}", forms), "we had ", sentence, flags=re.IGNORECASE)
    if not one:
        return sentence
    sentence = re.sub(_NAMES_GOT.replace("{forms}", forms), r"\1's ", sentence, flags=re.IGNORECASE)
    timed = r"\d+(?:[:.]\d\d)? ?[ap]m\b|\d+ (?:yrs|years|months|weeks) (?:on|in|at|with)\b|(?:good|great|brilliant|amazing|lovely|ace) (?:with|at)\b"
    sentence = re.sub(rf"\b({forms})s (?={timed})", r"\1's ", sentence, flags=re.IGNORECASE)
    doing = re.match(rf"({forms})s (?=(?P<doing>[a-z]+in)['’g]? \w)", sentence, re.IGNORECASE)
    # "winstons moaning about it", and not "marks missing on three"
    alone = doing and is_dropped(doing["doing"].lower()) and not is_verb_form(doing[1].lower())
    return f"{doing[1]}'s {sentence[doing.end() :]}" if doing and alone else sentence


_NO_CALL_AFTER = "to for with of by from and like than as is was the a an your my his her our such them some no before this that every".split()
_FLUNG_IN = (
    r"(?<=\w)"
    + "".join(rf"(?<!\b{word})" for word in _NO_CALL_AFTER)
    + r" (?:{forms})(?=, (?:you|your|ur|u|it|that|this|we|i|no|so|but|and|which|\w+ (?:is|was|were|are|had|has|stuck)\b)\b)"
)
""" "You carried her cases up four floors Zoran, lift stuck since Sunday"."""


def _without_address(sentence: str, forms: str) -> str:
    """Without the name of the person typed to, in the middle or at the end: "You have not once left a bay empty this month carys."""
    titles = "|".join(TITLES)
    called = rf",\s*(?:(?:{titles})\b\.?|(?:(?:{titles})\.?\s+)?(?:{forms}))"
    goes_on = r"(?:\s*(?=[.!?]*$|[;:–—])|\s*(?=,\s*(?:but|so|which|who|you|i|we|and)\b)|\s*,)"
    sentence = re.sub(called + goes_on, "", sentence, flags=re.IGNORECASE)
    sentence = re.sub(_FLUNG_IN.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)
    wished = rf"^((?:congrat(?:ulation)?s|happy [a-z]+)),? (?:(?:{titles})\.? )?(?:{forms})\b"
    flung = rf"(?<=star) (?:{forms})(?=,| (?:seriously|honestly|really|thanks?)\b)"
    sentence = re.sub(flung, "", sentence, flags=re.IGNORECASE)  # "youre a star tariq, seriously"
    sentence = re.sub(wished, r"\1", sentence, flags=re.IGNORECASE)  # "Congratulations Moira on your 25 years"
    if not re.search(r"\byou\b[^.!?]*[.!?]*$", sentence, re.IGNORECASE):
        return sentence
    return re.sub(_NAME_AT_END.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)


_CALLED_FIRST = (
    r"(?:{forms}),? (?=thank you\b|thanks (?:so|a|very|again|for|to)\b|(?:can|could|will) you\b"
    r"|(?:when|while) (?!\w+(?:ed|ing)\b)[^.;!?]*[^.;!?,]\b(?<!and )(?<!that )(?<!but )(?<!told )(?<!said )(?:he|she|they) (?:just |then |only )?\w+"
    r"|(?:on|in|at) the \w+ (?:the|a|an) \w+ (?:was|were|is|had|wouldn|would|didn|couldn|could|kept|got|came|went)"
    r"|(?:the|our|my) [a-z]+ (?:was|were) left\b)"
    r"|(?:{forms}),? eh[.!,]+\s*"
    r"|to (?:{forms}) (?:on|in|at|from) \w+(?: \w+)?[,:] "
)
""" "Kwabena when the rider came in shouting he just came round", "Davey can you stop", "Ruaridh the quad was left outside"."""


def _acts_at_once(rest: str) -> bool:
    """ "Priya when asked …": whoever is named first does something there."""
    words = tag(rest)
    return len(words) > 1 and words[0].low in ("when", "while") and words[1].tag[:2] in ("VV", "VB", "VH", "VD")


def _without_topic(sentence: str, forms: str) -> str:
    """ "angus saturday the shout came in and he took the rope": the name said first is taken up again."""
    days = r"(?:(?:on|last|this) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight|morning|night)(?: (?:morning|night|evening|afternoon))?"
    named = re.match(
        rf"(?:{forms})\s+(?={days}\s+(?P<next>\S+)[^.;]*\b(?:{forms}|he|she|they)\b)", sentence, re.IGNORECASE
    )
    if named and tag(named["next"])[0].tag[:2] not in ("VV", "VB", "VH", "VD", "VM"):
        return sentence[named.end() :]
    called = re.match(_CALLED_FIRST.replace("{forms}", forms), sentence, re.IGNORECASE)
    if called and not _acts_at_once(sentence[called.end() :]):
        return sentence[called.end() :]
    what = re.match(rf"(?:{SO} )?(?:{forms}),? (?=what (?:he|she|they) )", sentence, re.IGNORECASE)
    if what:
        return sentence[what.end() :]  # "Emeka what he did was …"
    there = re.match(
        rf"(?:(?:our|my) (?:\w+ ){{1,2}})?(?:{forms}),? (?=(?:(?:on|in|at) (?:[\w'’-]+ ){{1,4}})?there (?:was|were|is)\b)",
        sentence,
        re.IGNORECASE,
    )
    if there:
        return sentence[there.end() :]
    at_work = re.match(rf"({forms}) ((?:at|on|in) the [a-z]+) (?=(?P<verb>[a-z]+)\b)", sentence, re.IGNORECASE)
    if at_work and tag(f"she {at_work['verb']}")[1].tag == "VVD" and at_work["verb"] not in ("left", "last"):
        return f"{at_work[2]} {at_work[1]} {sentence[at_work.end() :]}"  # "Lou at the tip helped a woman"
    return _without_role(sentence, forms)


def _without_role(sentence: str, forms: str) -> str:
    """ "Josh the student he's only been here three weeks": what somebody is, said to Coach, and then what they did."""
    role = re.match(
        rf"(?:{forms}) (?:(?:he|she|they)['’](?:s|re) )?(?:our|the|my) (?P<is>(?:[\w'’-]+ ){{1,6}}?)(?:you know,? )?"
        r"(?=(?:he|she|they|hes|shes)(?:['’]\w+)? \w|there (?:was|were)\b|an? \w+ \w+ \w+s\b)",
        sentence,
        re.IGNORECASE,
    )
    if not role:
        return sentence
    words = tag(role["is"])
    acts = any(word.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for word in words)
    somebody = any(can_be_somebody(lemma(word.low)) or not is_word(word.text) for word in words)
    return sentence if acts or not somebody else sentence[role.end() :]


_LEADERS = frozenset(
    "saw noticed watched heard loved spotted smelled smelt appreciated liked want wanted wish hope think thought caught love like appreciate".split()
)
_PERCEIVED = frozenset("saw noticed watched heard spotted caught".split())
"""The leader's only where it is the recipient who was seen: "noticed Kai missing" is a deed."""
_MEANS_YOU = re.compile(r"\byou(?:r|rs|rself)?\b|^\S+ (?:him|her|them|how|that|the way)\b", re.IGNORECASE)
_ASKED_YOU = r"(?:asked|told|rang|begged|sent|needed|got|let) (?:you|{name})\b(?! down\b)"
"""The leader's as well: nobody asks themselves."""
_STATE = re.compile(r"^(?:(?:was|were|is|are) )?(?:late|early|absent|on time|missing)\b", re.IGNORECASE)


_OF_IT = r"(?:(?:wants?|needs?) (?:re)?[a-z]+ing\b|(?:was|is|were|are)(?:n['’]?t| not)? (?:all |really |just |only |entirely )*(?:your|his|her|their|[\w-]+['’]s) (?:fault|doing|idea|job|turn|problem|mess)\b|needs? to be (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|in|on|by|done|there)\b|means|seems|looks|sounds|feels|matters|depends|works|serves|goes(?! off (?:and|without)\b)|turns|thanks|cheers|helps|makes (?:sense|all|a difference|it|me|us))\b"
_SAYS_OF_IT = re.compile(_OF_IT, re.IGNORECASE)
_DOES = re.compile(
    rf"(?!{_OF_IT})"
    r"(?:[a-z]+s (?:the|a|an|your|my|our|me|us|you|them|it|to|everyone|everybody|people|everything|nothing|too)\b|keeps \w+ing\b"
    r"|[a-z]+s (?:over|at|past|behind) (?:(?-i:[A-Z])\w+|me|us|you|them|people|everyone|everybody)\b"
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


def _subject_for(sentence: str, scene: Scene, in_third: bool, done: bool) -> str:
    """A fragment gets the subject that its writer left out: "stayed late" -> "you stayed late".

    `done`: whether it tells of a deed and not of a wish, where the verb leaves it open ("put the lid back on").
    """
    tokens = tag(sentence)
    at = next(
        (i for i, t in enumerate(tokens) if t.tag not in ("AV0", "PUN", "CJC") or t.low in ("late", "left")), None
    )
    if at is None or any(re.match(rf"{re.escape(form)}(?!\w)", sentence, re.I) for form in scene.recipient.forms):
        return sentence
    of_others = any(one.match(sentence) for one in (_SAYS_OF_IT, _WE_GOT, _NEVER_SEEN))
    if of_others or _has_subject(sentence, tokens[at:]):
        return sentence
    if (
        tokens[0].low in ("neither", "both", "none", "each")
        and tokens[1:]
        and tokens[1].tag[:2] in ("VH", "VD", "VB", "VM")
    ):
        return (
            f"{tokens[0].text} of you {sentence[tokens[1].start :]}"
            if scene.recipient.group and not in_third
            else sentence
        )
    first, rest = tokens[at], sentence
    subject = scene.recipient.called if in_third else "you"
    if _is_leaders(tokens[at:], rest, scene):
        return f"I {_lower_first(rest)}"
    if _JUST_NEEDS.match(sentence) and not in_third:
        return _JUST_NEEDS.sub(lambda found: f"you {found[1].lower()} need to ", sentence)
    if _STATE.match(sentence):
        verb = "was" if in_third and not scene.recipient.group else "were"
        return f"{subject} {verb} {_lower_first(re.sub(r'^(?:was|were|is|are) ', '', rest, flags=re.IGNORECASE))}"
    if _IT_TOOK.match(sentence):
        return f"it {_lower_first(rest)}"
    if habit := _HABIT.match(sentence):
        return _as_habit(sentence, habit.end(), subject, in_third and not scene.recipient.group)
    third = first.low == "will" or (is_verb_form(first.text) and verb_lemma(first.text) != first.low)
    if at == 0 and third and (first.tag == "VVZ" or _DOES.match(rest)) and not _HEADLINE.match(rest):
        return f"{subject} {_lower_first(rest)}" if in_third and not scene.recipient.group else done_by_you(rest)
    if first.tag == "VHZ" and at == 0:
        return f"{subject} {_lower_first(rest) if in_third else re.sub('^has', 'have', rest, flags=re.IGNORECASE)}"
    if at <= 1 and _has_begun(sentence, tokens, at, done) and not _is_participle_phrase(sentence):
        text = _lower_first(rest)
        if first.low == "was" and not in_third:
            text = re.sub(r"\bwas\b", "were", text, count=1)
        return f"{subject} {text}"
    return _with_verb(sentence, subject, "was" if in_third and not scene.recipient.group else "were")


_ASKED_FOR = re.compile(r"^(?!.*\b(?:thank|tell|let|say)\b).*\b(?:please|pls|plz)\W*$", re.IGNORECASE)
_NO_VERBS = frozenset(("ofsted",))
"""What looks like a verb in the past to the tagger, however it is typed."""


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
    put = first.low in _SAME_IN_PAST and done and not re.match(r"\w+ \w*\d", sentence)
    return put or (first.low == "left" and bool(after) and after[0].tag in ("AT0", "DPS", "PNP"))


_HABIT = re.compile(r"(?:always|never|usually|constantly|regularly|often) (?=[a-z]+s\b)", re.IGNORECASE)


def _as_habit(sentence: str, at: int, subject: str, singular: bool) -> str:
    """ "Always puts the number on it": the verb stands at `at`; as it is where it may be no deed."""
    rest = sentence[at:]
    verb = tag(rest)[0]
    does = verb.tag == "VVZ" or (_DOES.match(rest) and is_verb_form(verb.text) and verb_lemma(verb.text) != verb.low)
    if not does or _SAYS_OF_IT.match(rest):
        return sentence
    told = rest if singular else re.sub(r"^you ", "", done_by_you(rest), flags=re.IGNORECASE)
    return f"{subject} {_lower_first(sentence[:at])}{told}"


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
    if _EXPECTED.match(rest):
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


def _with_verb(sentence: str, subject: str, verb: str) -> str:
    """The verb a note-taker leaves out: "you on your phone" -> "you were on your phone"."""
    tokens = tag(sentence)
    opens = tag(re.split(r"[,;]", sentence)[0])
    if tokens[0].low != subject.lower().split()[0] or len(tokens) <= 3 or _STAR.match(sentence):
        return sentence
    if tokens[1].low in ("our", "my"):
        return sentence[tokens[1].start :]  # "old Bill our driver"
    acts = [t for at, t in enumerate(opens[1:], 1) if t.tag[:2] in ("VV", "VB", "VH", "VD", "VM")]
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


_STAR = re.compile(
    r"(?P<you>you) (?P<star>(?:absolute|total|complete|utter|proper|little|bloody) (?:star|legend|hero|gem|diamond|marvel|machine|treasure)s?)\b",
    re.IGNORECASE,
)


def _is_participle_phrase(sentence: str) -> bool:
    """ "Asked by a customer, she …": the participle belongs to the clause after the comma."""
    return bool(re.match(r"^\w+(?:ed|en) (?:by|with|to)\b[^,]*, (?:you|he|she|they|i|we)\b", sentence, re.IGNORECASE))


_ASKS = re.compile(r"(?:could|can|would|will) you\b(?:[^.!?]|\.(?=\d))*$", re.IGNORECASE)


def _polish(sentence: str) -> str:
    """Capital first letter, "I", and an end: what a phone keyboard would have done."""
    text = re.sub(r"(?<![\w'’.])i(?=(?:['’](?:m|d|ll|ve))?(?![\w.'’]))", "I", sentence.strip())
    text = re.sub(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day(?=s?\b)", lambda day: day.group().capitalize(), text)
    if not text:
        return ""
    short = re.match(r"(?:nhs|cctv|cqc|dvla|hmrc|ppe|bbc|dbs)\b", text)
    text = text[: short.end()].upper() + text[short.end() :] if short else text[0].upper() + text[1:]  # "nhs won't pay"
    ends = re.search(r"[.!?…][\"”’)]*$", text)
    return text if ends else text.rstrip(" ,;:-–—") + ("?" if _ASKS.match(text) else ".")


_THANKS = re.compile(
    r"(?:^|[.!?,;:–—-]\s*|\b(?:i|we|big|huge|many|so|and|say|a|please|to say)\s+)thank(?:s|\s+you)?\b"
    r"|(?:^|\b(?:i|we)(?:['’]m|['’]re| am| are| was| were) )(?:(?:so|very|really|most) )*grateful\b",
    re.IGNORECASE,
)
"""The leader's own: "nobody ever thanks you" and "they wrote to thank us" thank no one."""


def _thanks(text: str) -> bool:
    return bool(_THANKS.search(text))


def _add_answers(
    said: list[Said], scene: Scene, situation: Situation, judged: bool
) -> tuple[list[Said], tuple[Missing, ...]]:
    """Puts what the leader answered in its place, and says what is still missing. `judged`: the model said what is told."""
    for missing, text in situation.answers:
        if text.strip():
            said = _place(said, missing, text, scene, situation)
    told = frozenset[Missing]().union(*(one.roles for one in said))
    if Missing.IMPACT not in told and not judged and _shows_effect(said, scene, situation):
        told |= {Missing.IMPACT}
    return said, tuple(m for m in NEEDED[situation.kind] if m not in told)


def _shows_effect(said: Sequence[Said], scene: Scene, situation: Situation) -> bool:
    """Whether, after what the recipient did, somebody or something else does something: that is what it led to."""
    own = _third_person_names(scene) if situation.channel is Channel.PUBLIC_CHAT else {"you", "your"}
    acted = False
    for one in said:
        for clause in split_clauses(one.text):
            tokens = tag(clause.text)
            if acted and subject_of(tokens) and subject_of(tokens) not in own | {"i", "it", "this", "that"}:
                return True
            acted = acted or acts(tokens, frozenset(own), situation.kind is Kind.RECOGNITION)
    return False


def _place(said: list[Said], missing: Missing, text: str, scene: Scene, situation: Situation) -> list[Said]:
    answer = _say(Kept(text, {}, None), scene, situation)
    answer = replace(answer, roles=answer.roles | {missing})
    has_verb = any(t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for t in tag(answer.text))
    acting = next((at for at, one in enumerate(said) if Missing.BEHAVIOUR in one.roles), None)
    if missing is Missing.SITUATION and not has_verb and acting is not None:
        joined = f"{answer.text.rstrip('.')}, {_lower_first(said[acting].text)}"
        return [*said[:acting], Said(joined, said[acting].roles | {missing}), *said[acting + 1 :]]
    if missing is Missing.WISH and not WISH.search(answer.text):
        request = re.sub(r"^(?:to|please) ", "", text.strip(), flags=re.IGNORECASE)
        request = to_you(request, scene)
        if tag(request) and verb_lemma(tag(request)[0].text) == tag(request)[0].low:
            answer = Said(_polish(f"Next time I'd like you to {_lower_first(request)}"), answer.roles)
    if missing is Missing.IMPACT and acting is not None:
        return [*said[: acting + 1], answer, *said[acting + 1 :]]
    return [answer, *said] if missing in (Missing.SITUATION, Missing.BEHAVIOUR) else [*said, answer]


def _in_order(said: Sequence[Said], missing: Sequence[Missing], kind: Kind, name: str) -> list[str]:
    """Situation, behaviour, impact, then for feedback the wish; a slot stands where each missing part belongs.

    `name`: the recipient's, which stays as it is after a slot: "Big Dave".
    """
    wishes = _wishes(said) if kind is Kind.FEEDBACK else []
    texts = [one.text for one in said if one not in wishes]
    if Missing.BEHAVIOUR in missing:
        texts.append(SLOT)
    if Missing.SITUATION in missing and Missing.BEHAVIOUR not in missing:
        acting = next(
            (at for at, one in enumerate(o for o in said if o not in wishes) if Missing.BEHAVIOUR in one.roles), 0
        )
        texts[acting : acting + 1] = [
            f"{SLOT} {text if text.startswith(name) else _lower_first(text)}" for text in texts[acting : acting + 1]
        ]
    if Missing.IMPACT in missing:
        texts.append(SLOT)
    return [*texts, *(one.text for one in wishes), *([SLOT] if Missing.WISH in missing else [])]


_HANGS_ON_WISH = re.compile(r"(?:its?|that|this|they|them|those|these|otherwise|then)\b", re.IGNORECASE)


def _wishes(said: Sequence[Said]) -> list[Said]:
    """What is asked for, which ends the message, with what follows it and takes it up: "No more cash at the bar. It stopped
    in March."."""
    found: list[Said] = []
    for at, one in enumerate(said):
        taken_up = at > 0 and said[at - 1] in found and _HANGS_ON_WISH.match(one.text)
        if one.roles == {Missing.WISH} or taken_up:
            found.append(one)
    return found


def _body(sentences: Sequence[str], scene: Scene, situation: Situation) -> str:
    text = " ".join(_collapse(sentences))
    opens_with_name = situation.channel in (Channel.DIRECT, Channel.SPOKEN, Channel.CARD)
    return _lower_first(text, situation.text) if opens_with_name else text


def _collapse(sentences: Sequence[str]) -> list[str]:
    """Two slots side by side are one blank to fill."""
    return [text for at, text in enumerate(sentences) if not (text == SLOT and at and sentences[at - 1] == SLOT)]


def _lower_first(text: str, typed: str = "") -> str:
    """With a small first letter, but for names; `typed`: the leader's text, where a word typed small stays so."""
    tokens = tag(" ".join(text.split(maxsplit=5)[:5]))
    if not tokens or tokens[0].low == "i" or tokens[0].text.startswith("["):
        return text
    first = tokens[0]
    short = first.low in ("u", "ur", "youve", "youre", "youd", "youll")
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


TONES = ("plainer", "warmer", "shorter")


def _around(body: str, person: Recipient, situation: Situation, thanks: bool, tone: str = "") -> str:
    """The body with what its channel puts around it. A tone changes the courtesy, never the facts."""
    address, channel = person.address, situation.channel
    if channel in _NAMED_FIRST:
        address = address[0].upper() + address[1:]
    if tone in ("warmer", "shorter") and channel in _NAMED_FIRST:
        opens = tone == "shorter" or situation.kind is Kind.FEEDBACK
        body = _upper_first(body) if opens else body
    if situation.kind is Kind.RECOGNITION:
        return fill("built-in/recognition", channel=channel.value, address=address, body=body, thanks=thanks, tone=tone)
    asked = body.rstrip().endswith("?") and not body.rstrip().endswith(SLOT)
    question = "" if asked or channel is Channel.PUBLIC_CHAT else "How did you see it?"
    return fill("built-in/feedback", channel=channel.value, address=address, body=body, question=question, tone=tone)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


_NAMED_FIRST = (Channel.DIRECT, Channel.SPOKEN, Channel.CARD)


def _alternatives(
    said: Sequence[str], reactions: Collection[str], message: str, arrange: Callable[[Sequence[str], str], str]
) -> tuple[Variant, ...]:
    """The same facts said plainer, warmer and shorter; what comes out like another one is left out."""
    found: dict[str, str] = {}
    for tone in TONES:
        kept = [text for text in said if text not in reactions or tone == "warmer"]
        text = arrange(kept or said, tone)
        if text != message and text not in found.values():
            found[tone] = text
    return tuple(Variant(name=name, message=text) for name, text in found.items())


def _snippet(said: str) -> str:
    words = said.split()
    return " ".join(words[:SNIPPET_WORDS]).rstrip(".,;:!?") + ("…" if len(words) > SNIPPET_WORDS else "")


_ASK = {
    Missing.BEHAVIOUR: "“{said}”: what exactly did {name} do?",
    Missing.SITUATION: "“{said}”: when or where did {name} do this?",
    Missing.IMPACT: "“{said}”: what did it change, and for whom, that {name} did this?",
    Missing.WISH: "“{said}”: what would you like {name} to do next time?",
}


def _ask(missing: Missing, person: Recipient, said: str) -> str:
    return _ASK[missing].format(said=_snippet(said), name=person.called)


def _remember(
    notes: Sequence[Note], situation: Situation, person: Recipient, scene: Scene
) -> tuple[list[str], Note | None]:
    """One sentence from the first note that can be quoted, with its day. A card and a team get none."""
    if situation.channel is Channel.CARD or person.group:
        return [], None
    for note in notes:
        sentence = _from_note(note, situation, scene)
        if sentence:
            return [sentence], note
    return [], None


def quotable(note: Note, situation: Situation) -> bool:
    """Whether the drafter can put the note into this message, should the leader want it."""
    person = recipient(situation.to, situation.other_names, situation.pronouns)
    return bool(_remember([note], situation, person, read_scene(person, note.text))[0])


def _from_note(note: Note, situation: Situation, scene: Scene) -> str:
    """ "Told me she wants to present." -> "I also remember 12 March, when you told me you want to present." """
    if situation.channel.others_read and (note.private or note.kind not in ("observation", "strength")):
        return ""
    sentence = re.split(r"(?<=[.!?])\s+", note.text.strip())[0].rstrip(".")
    started = tag(sentence)
    if not started or not (started[0].tag[:2] in ("VV", "VH", "VB") or started[0].low in ("i", "he", "she", "they")):
        return ""
    in_third = situation.channel is Channel.PUBLIC_CHAT
    scene = replace(scene, pronouns=scene.pronouns or read_scene(scene.recipient, sentence).pronouns)
    turned = to_third(sentence, scene) if in_third else to_you(sentence, scene)
    turned = _subject_for(turned, scene, in_third, done=True)
    year = f" {note.date.year}" if note.date.year != situation.today.year else ""
    return _polish(f"I also remember {note.date.day} {note.date:%B}{year}, when {_lower_first(turned)}")
