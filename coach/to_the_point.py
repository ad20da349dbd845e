"""A sentence of the leader's without what only introduces it: "please thank Priya for …", "tell him that …", "so basically …"."""

import re

from coach.clauses import SO
from coach.language import is_verb_form, is_word, lemma, tag
from coach.recipient import TITLES
from coach.scene import Scene
from coach.situation import Channel
from coach.thesaurus import can_be_somebody
from coach.turn import is_dropped

_SEND = re.compile(
    r"^(?:please |just |can you |could you |i(?:'d| would)? (?:like|want) to |want to |wanted to |need to )*"
    r"(?:(?:say |give |send )?(?:a )?(?:big |huge |special |quick )?(?:thank(?:s| you)?|shout-?out|kudos|props|well done|hats off)"
    r"(?: you)?(?: goes| go)?(?: to| for)?|big up|thank|recogni[sz]e|praise|commend)\s+(?P<who>{forms})\s+for\s+",
    re.IGNORECASE,
)
_TELL = (
    r"^(?:please |just |can you |could you |i(?:'d| would)? (?:like|want) to |want to |wanted to |need to )*(?:(?:tell|remind) (?:{forms}|him|her|them|(?:the|our) (?:lad|lass))|let (?:{forms}|him|her|them) know)(?: that)?\s+(?!about|to\b)"
    r"|^(?:please |kindly |also |and )*(?:include|mention|add|note) that (?!night|time|day|shift|bit|part|one)(?=\w+ \w+ \w)"
    r"|^what i (?:actually |really )?(?:need|want)(?:ed)? (?:said|to say) is (?:that )?|^(?:so )?(?:just |only )say (?:that )?(?=\w+ \w+ \w+)|^say (?:that )?(?=(?:i|we|he|she|they|it (?!at\b|in\b|to\b|on\b|with\b|like\b|out\b|so\b|again\b|nicely\b)|you|the|his|her|their|there)\b)"
)
_ASK_THEM = (
    r"(?:^|(?<=[,;:] )|(?<=\band ))(?:please |just |can you |could you )*(?:ask|tell|remind|get) (?:{forms}|him|her|them) "
    r"(?P<not>not )?to (?=[a-z])"
)
_HAVE_THEM = r"^(?:please |just |can you |could you )*(?:(?P<not>do ?n['’]?t |do not )let|have|get) (?:{forms}|him|her|them) (?=(?!to\b|the\b|a\b|an\b|some\b|his\b|her\b|their\b)[a-z]+ (?:the|a|an|it|this|that|them|him|her|me|us|his|their|to|in|on|up|out|off|back|every\w*|all|some|any\w*)\b)"
""" "Have her take it to the pass", "don't let him say that again"."""
_LET_THEM = r"^(?:please )?let (?:{forms}|him|her|them) (?P<not>not )?(?=(?!know|off|down|go\b|in\b|out\b|be\b|have\b|loose)[a-z]+ (?!.*\b(?:and|but|so) (?:he|she|they|i|we)\b).*\b(?:every|each|always|next time|from now on|in future)\b)"
""" "Let him check under the vehicle every morning"."""
_RE_DAY = re.compile(
    r"^(?:re|regarding):? (?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?)\s*[:,–-]\s+",
    re.IGNORECASE,
)
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
    r"^(?:hey|hi|yo|alright) (?:bro|mate|man|coach|so),? (?={forms}\b)|^y['’]?all,? (?={forms} \w)|"
    rf"^(?:(?:ok|okay|{SO}|um|erm)\b[, ]+)*(?:{{forms}}),? (?:right|well|like|um|erm|man|mate|bro),? (?=(?:he|she|they)(?:['’]|\b))"
    rf"|^(?:(?:yeah|right(?! (?:call|thing|decision|move|answer|way|time|place|people)\b)(?! [a-z]+ (?:given|was|is|but|call|answer)\b)|ok|okay|{SO}|well(?! done)|um|erm|oh|anyway|basically|hiya"
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
    r"|^(?:yo|oi|hey|hiya|hi)\s+(?:{forms})\s+(?=(?:you|u|ur|your|the|i|we|that|this|what|thanks|can you|could you|please)\b)"
    r"|^(?:(?:hi|hey|hello|dear|well done|bravo|congrats|thanks)\s+)?(?:{forms})"
    r"(?:\s+(?:mate|pal|buddy|bro|dude|hun|hon|luv|y['’]?all)\b[,:.!]?\s*|\s+(?:honey|darling)\b[,:.!]?\s*|\s+(?:love|pet|dear|duck)[,:.!]\s*|\s*(?:[,:–—]|\s-)\s+)"
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


def to_the_point(sentence: str, scene: Scene, channel: Channel) -> str:
    """Drops what only introduces: "please thank Priya for …", "tell him that …", "Priya, you …"; "ask her to" is "please"."""
    forms = "|".join(re.escape(form) for form in scene.recipient.forms)
    sentence = re.sub(r"^thanking (?:him|her|them) for ", "Thank you for ", sentence, flags=re.IGNORECASE)
    sentence = _RE_DAY.sub(r"on \g<day>, ", _written(sentence))
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
        sentence = re.sub(rf"({forms}),? {STAR.pattern},?(?= \w)", r"\1, \g<star>,", sentence, flags=re.IGNORECASE)
    if scene.typed_to_you:
        sentence = _without_address(sentence, forms)
    sentence = sentence if channel is Channel.PUBLIC_CHAT else _GREETED_ALL.sub("", sentence)
    sentence = re.sub(_GREETED.replace("{forms}", forms), "", sentence, flags=re.IGNORECASE)
    return _without_called_out(re.sub(r"^[-–—]+\s+", "", sentence), forms)


def _without_called_out(sentence: str, forms: str) -> str:
    """ "GREAT CATCH ON THE SPEC NICO", "wow Olu": whom the leader calls out to, who needs no name and is no "you" there."""
    called = re.fullmatch(rf"(?P<what>(?:{_HAILED})\b.*?),? (?:{forms})(?P<end>[!.]*)", sentence, re.IGNORECASE)
    if not called or any(token.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for token in tag(called["what"].lower())):
        return sentence
    last = tag(called["what"].lower())[-1].tag
    return called["what"] + called["end"] if last.startswith("NN") or " " not in called["what"] else sentence


_HAILED = "wow|great|good|nice|brilliant|fantastic|amazing|excellent|superb|lovely|top|cracking|awesome|bravo|congrats|congratulations|cheers|thanks|yay|hooray|legend|star"


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


_NO_CALL_AFTER = "dear hi hello hey to for with of by from and like than as is was the a an your my his her our such them some no before this that every".split()
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
    r"(?:{forms}),? (?=love (?:the|your|how|that|it)\b|thank you\b|thanks (?:so|a|very|again|for|to)\b|(?:can|could|will) you\b"
    r"|(?:when|while) (?!\w+(?:ed|ing)\b)[^.;!?]*[^.;!?,]\b(?<!and )(?<!that )(?<!but )(?<!told )(?<!said )(?:he|she|they) (?:just |then |only )?\w+"
    r"|(?:on|in|at) the \w+ (?:the|a|an) \w+ (?:was|were|is|had|wouldn|would|didn|couldn|could|kept|got|came|went)"
    r"|(?:the|our|my) [a-z]+ (?:was|were) left\b)"
    r"|(?:{forms}),? (?=(?:when|if|after|before|while) (?:you|u)\b)"
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


STAR = re.compile(
    r"(?P<you>you) (?P<star>(?:absolute|total|complete|utter|proper|little|bloody) (?:star|legend|hero|gem|diamond|marvel|machine|treasure)s?)\b",
    re.IGNORECASE,
)
