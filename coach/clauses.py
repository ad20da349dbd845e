"""The clauses of a leader's sentence, and what each tells: situation, behaviour, impact or wish.

Shared by the drafter (what to say, what to ask) and by grounding (what a clause is).
"""

import re
from bisect import bisect_left

from coach.language import Span, Token, lemma, tag, verb_lemma
from coach.situation import Missing

DAY = (
    r"today|tonight|yesterday|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|"
    r"january|february|march|april|june|july|august|september|october|november|december|christmas|easter"
)
_OCCASION = (
    r"meeting|shift|call|handover|demo|lesson|class|review|stand-?up|briefing|round|rounds|visit|launch|release|outage|"
    r"inspection|audit|delivery|rehearsal|performance|matinee|service|lunch|breakfast|dinner|event|fair|gala|workshop|training|"
    r"session|interview|presentation|tour|rush|flood|storm|fire|drill|alarm|surgery|operation|assembly|trip|open day|"
    r"conference|retro|retrospective|sprint|deadline|emergency|night|morning|afternoon|evening|week|month|term|"
    r"ward|site|shop|store|till|theatre|kitchen|floor|office|lab|warehouse|yard|gate|reception|room|bay|counter|desk|"
    r"line|queue|match|exam|parents' evening|kick-?off|hour|minutes|appointment|match|funeral|wedding|harvest|milking|"
    r"close|closing|opening|start|check-?in|check-?out|changeover|onboarding|migration|deploy|deployment|course"
)
OCCASION = re.compile(
    rf"\b(?:{DAY}|(?:mon|tues?|wed|thurs?|fri|sat|sun)s?)\b"
    r"|\b(?:this|last|the other|that|on|next) (?:morning|afternoon|evening|night|week|month|shift|year|day|weekend)\b"
    r"|\b(?:at|by|around|before|after|since|until|till|from) (?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|o'clock)?\b|noon|midnight|\w+ o'clock|half past|quarter)"
    r"|\b\d{1,2}(?::|\.)\d{2}\b|\b\d{1,2}\s?(?:am|pm)\b"
    rf"|\b(?:in|at|on|during|before|after|for|throughout|through|over|into|outside|behind|by|across|from) "
    rf"(?:(?:the|a|an|our|my|his|her|their|your|this|last|that|every|each|both|two|three|all)\s)?(?:[\w'’-]+\s){{0,3}}?(?:{_OCCASION})s?\b"
    r"|\b(?:when|while|as soon as|the moment|after|before|once|until) (?:the|a|an|our|my|his|her|their|we|i|he|she|they|you|it|someone|nobody|two|three|one|[A-Z]\w+)\b"
    r"|\bjust now\b|\bat the weekend\b|\bminutes? ago\b|\bhours? ago\b|\bdays? ago\b|\bovernight\b|\bin front of\b|\bwith (?:the|a) (?:client|customer|patient|family|parent|supplier|visitor)",
    re.IGNORECASE,
)  # fmt: skip
IMPACT = re.compile(
    r"\bso (?:that |now |nobody|no one|everyone|we|i|they|the|he|she|you|it|all|our|my|none|people|there)\b"
    r"|\bwhich (?:meant|means|saved|let|gave|made|kept|helped|stopped|calmed|left|cost|allowed|put|held|got|freed|spared|took|is why)"
    r"|\b(?:meant|means|meaning) (?:that |we|i|the|nobody|no|everyone|they|he|she|our|a|people)"
    r"|\b(?:thanks to|because of) (?:that|this|it|him|her|them|you)\b"
    r"|\b(?:saved|saving|spared|sparing|cost|costing|freed|prevented|avoided|avoiding|allowed|allowing|enabled|helped|kept|keeping|"
    r"left us|left the|left me|let us|let me|let the|gave us|gave me|gave the|made it easier|made sure we|put us|held up|delayed|lost us|"
    r"confused|upset|calmed|relaxed|settled|reassured|cheered|unblocked|doubled|halved|cut|dropped|rose|fell|stopped crying)\b"
    r"|\b(?:as a result|the result|therefore|in the end|in turn|now (?:we|the|everyone|nobody|they|it|i))\b"
    r"|\b(?:nobody|no one|none of us|everyone|everybody|the whole|we all|the rest of us) (?:had|has|could|was|were|got|knew|knows|is|went|left|lost|missed|needed|uses?|felt|noticed|waited|ended|said|can|now|team|ward|crew|line|shift|class)"
    r"|\b(?:we|i|they|the [\w'’-]+(?: [\w'’-]+)?|patients?|customers?|parents?|clients?|people|kids|children|guests) "
    r"(?:had to|couldn['’]t|didn['’]t have to|did not have to|could|were able|was able|got (?:home|out|through|the|our|it|paid)|missed|lost|opened on|finished on|started on|"
    r"waited|are waiting|were waiting|was waiting|went home|left (?:smiling|happy|early|calm|without)|ran out|ran late|ran on|had no|ended up|had nothing|thanked|came back|complained|noticed|stayed|signed)"
    r"|\bwithout (?:losing|missing|delay|a hitch|anyone having|stopping)\b|\bin time for\b|\bon time\b(?! today$)"
    r"|\b(?:first time|zero|not one|not a single) ",
    re.IGNORECASE,
)  # fmt: skip
EDGE = re.compile(
    r"\W*(?:(?i:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening))"
    r"|(?i:(?:with )?(?:best|kind|kindest|warm|warmest|many|all the)(?: best| wishes| regards| thanks)?|regards|cheers|sincerely"
    r"|yours(?: sincerely| truly| faithfully)?|take care|thanks(?: again)?|thank you(?: again)?))"
    r"(?:[\s,]+[A-Z][\w.'’-]*){0,4}\W*"
)
"""A greeting or an ending, all of it: it says nothing about anybody."""
WISH = re.compile(
    r"\b(?:i|we)(?:['’]d| would)? (?:like|want|need|prefer|expect|ask|hope|love)(?:ed)? (?:him|her|them|you|it|[A-Z]\w+|to|the|that|a|if|everyone|every|us)\b"
    r"|\b(?:next time|from now on|in future|going forward|please|from (?:monday|tuesday|wednesday|thursday|friday|tomorrow|next week))\b"
    r"|\b(?:he is|she is|they are|you are) to (?!be\b)\w+"
    r"|\b(?:needs?|has|have) to (?!be\b.*\bproud)\w+|\b(?:should|must|ought to) \w+"
    r"|\b(?:can|could|would|will) (?:he|she|they|you|we)\b|\blet['’]s\b|\bhow about\b|\bi['’]m asking\b|\bmy ask\b",
    re.IGNORECASE,
)


def has_verb(text: str) -> bool:
    return any(t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for t in tag(text))


FINITE = frozenset("VVD VVZ VVB VBD VBZ VBB VHD VHZ VHB VDD VDZ VDB VM0".split())
SO = (
    r"so(?! (?:proud|happy|pleased|glad|grateful|impressed|thankful)\b"
    r"| (?:did|do|does|was|were|has|have|had|am|is|are|will|would|can|could) (?:i|we|he|she|they|you|it|all|the|everyone|everybody)\b)"
)
"""Which only joins: "so nobody waited", and not "so proud of you" or "so did they"."""
_JOINT = re.compile(
    r";\s+|\s[–—-]\s|:\s+(?=\S+\s\S+\s\S+)"
    r"|,\s+(?=(?:and|but|so|which|who|because|then|although|though|while|where|when)\b)"
    r"|,\s+(?=(?:i|we|he|she|they|you|it|nobody|everyone|this|that)\b)"
    r"|,\s+(?=(?-i:[A-Z])[a-z]+ (?:had|has|was|did|just|never|walked|sat|wouldn)\b)"
    r"|\s+(?=(?:and|but|so|while)\s+(?:still |yet |then |even so,? )?(?:i|we|he|she|they|you|it|nobody|no one|everyone|the|that|this|(?-i:[A-Z])[a-z]+)\b)"
    r"|\s+(?=(?:so that|which meant|because|becuase|becasue|beacuse|even though|although|despite|even with)\b)"
    r"|,\s+(?=(?:not sure|no idea|do ?n[o'’]?t know|please|keep|make|can you|could you|do ?n[o'’]?t)\b)",
    re.IGNORECASE,
)
VERB_WITHIN = frozenset("shes hes theyre youre im ive thats weve theyve youve".split())
"""Typed without the apostrophe."""


def split_clauses(sentence: str) -> tuple[Span, ...]:
    """The clauses of one sentence: parts with a verb of their own, joined by a conjunction or a mark."""
    verbs = [t.start for t in tag(sentence) if t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") or t.low in VERB_WITHIN]
    cuts = [0]
    for joint in _JOINT.finditer(sentence):
        at = joint.end()
        before = bisect_left(verbs, cuts[-1]) < bisect_left(verbs, joint.start())
        after = bisect_left(verbs, at) < len(verbs) or _WITHOUT_VERB.match(sentence, at)
        if before and after and not inside_quotes(sentence, at):
            cuts.append(at)
    return tuple(
        Span(start, start + len(sentence[start:end].rstrip()), sentence[start:end].rstrip())
        for start, end in zip(cuts, [*cuts[1:], len(sentence)], strict=True)
    )


_WITHOUT_VERB = re.compile(r"(?:despite|even with)\b", re.IGNORECASE)


def inside_quotes(sentence: str, at: int) -> bool:
    before = sentence[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


_ROLE_FROM = {
    Missing.BEHAVIOUR: (0.15, 0.6),
    Missing.SITUATION: (0.01, 0.05),
    Missing.IMPACT: (0.2, 0.8),
    Missing.WISH: (0.15, 0.45),
}
"""Probabilities: below the first a role is not told whatever the patterns find, from the second on the model decides alone."""
_VAGUELY = re.compile(
    r"\W*(?:(?:just|so|and|wow|omg),? )*(?:[\w'’.-]+ ){0,4}?(?:"
    r"(?:absolutely |totally |really )?(?:crushed|smashed|nailed|killed|aced|rocked|owned|bossed) (?:it|that)(?: (?:again|today|yesterday|this (?:week|month|morning)|last (?:week|night)|out there))*"
    r"|(?:was|were|is|are|['’]s|['’]re|(?:has|have|['’]ve) been) (?:just |so |such |really |realy |rly |very |always |absolutely |an? )*"
    r"(?:good|great|brilliant|amazing|fantastic|lovely|excellent|wonderful|superb|awesome|nice|helpful|supportive|star|legend|hero|rock|outstanding|terrible|awful|rubbish|bad|poor|useless)"
    r"(?: (?:again|today|yesterday|tonight|this (?:week|month|morning|afternoon)|last (?:week|night|month)|(?:on|at|in|with) (?:[\w'’-]+ ?){1,4}))*"
    r")\W*",
    re.IGNORECASE,
)
"""A verdict on somebody, and all of the sentence: what they did is not told, whatever it sounds like."""


def roles(sentence: str, to_recipient: bool, told: dict[Missing, float] | None = None) -> frozenset[Missing]:
    """What a sentence tells. `to_recipient`: whether the recipient does something in it (see `acts`)."""
    found: set[Missing] = set()
    if OCCASION.search(sentence):
        found.add(Missing.SITUATION)
    if IMPACT.search(sentence):
        found.add(Missing.IMPACT)
    if WISH.search(sentence) or sentence.rstrip().endswith("?"):
        found.add(Missing.WISH)
    if to_recipient:
        found.add(Missing.BEHAVIOUR)
    if _VAGUELY.fullmatch(sentence.strip()):
        found.discard(Missing.BEHAVIOUR)
        told = {**told, Missing.BEHAVIOUR: 0.0} if told else told
    if told:
        sure = {m for m in Missing if told[m] >= _ROLE_FROM[m][1]}
        if not any(t.tag[:2] in ("VV", "VB", "VH", "VD") for t in tag(sentence)):
            sure -= {Missing.BEHAVIOUR}
        found = sure | {m for m in found if told[m] >= _ROLE_FROM[m][0]}
    return frozenset(found)


_VAGUE = frozenset(
    "be have do go get make seem feel look work help try think know want like love need appreciate impress deserve "
    "rock smash nail kill crush ace boss thank shine excel perform improve behave act support contribute matter".split()
)
_PRAISE = frozenset(
    "great good nice fantastic brilliant amazing awesome excellent superb lovely stellar wonderful outstanding top solid job work "
    "effort stuff one star rockstar legend hero champion team player attitude well done thank thanks cheers proud best always ever "
    "today yesterday tonight week day night morning shift job bad poor terrible awful rubbish better worse enough unacceptable "
    "performance behaviour behavior manner issue problem thing lot bit again really so very absolute total much shout out kudos props".split()
)


def specific(tokens: tuple[Token, ...], is_you: frozenset[str], praise: bool) -> bool:
    """Whether a fragment still shows a thing done: "too many breaks" does, as a fault; praise needs its verb."""
    content = [
        t
        for t in tokens
        if t.tag[:2] in ("NN", "AJ", "VV", "CR") and t.low not in _PRAISE | is_you and lemma(t.low) not in _PRAISE
    ]
    if praise:
        return any(t.tag[:2] == "VV" and verb_lemma(t.text) not in _VAGUE for t in content)
    if all(t.tag[:2] in ("NN", "NP", "PO", "PU", "AT", "DP") for t in tokens):
        return False  # "Bram's expense sheet": a thing, and nothing of it
    return len(content) >= 1 and (len(tokens) >= 3 or content[0].tag[:2] == "VV")


_OBSERVED = re.compile(
    r"\b(?:late|early|absent|missing|on time|there|here|back|first|last|off (?:task|site|shift)|on (?:the|her|his|their|your) phone|in (?:by|at|before))\b",
    re.I,
)
_VAGUE_DETAIL = re.compile(
    r"\d|\bwithout\b|\b(?:to|for|with|on|in|at|by|through|until|up|out|off|over)\b \w+ \w+", re.I
)


def acts(tokens: tuple[Token, ...], is_you: frozenset[str], praise: bool = True) -> bool:
    """Whether the recipient (any of `is_you`, folded) does something that a camera could have recorded."""
    finite = any(t.tag[:2] in ("VB", "VH", "VD", "VM") or t.tag in ("VVD", "VVZ", "VVB") for t in tokens)
    passive = any(t.low == "by" and tokens[at + 1].low in is_you for at, t in enumerate(tokens[:-1]) if at)
    if passive or (not finite and specific(tokens, is_you, praise)):
        return True
    for at, token in enumerate(tokens):
        if token.tag[:2] not in ("VV", "VB", "VH", "VD") or (
            token.tag in ("VVG", "VBG", "VVI") and at and tokens[at - 1].low == "to"
        ):
            continue
        if not _subject_is(tokens, at, is_you):
            continue
        rest = "".join(t.text + " " for t in tokens[at + 1 :])
        if token.tag[:2] == "VV" and verb_lemma(token.text) not in _VAGUE:
            return True
        if (
            praise
            and token.tag[:2] == "VB"
            and re.match(
                r"(?:so |really |realy |very |just |such )*(?:an? )?(?:\w+ )?(?:good|great|brilliant|amazing|fantastic|star|legend|lovely|superb|excellent|awesome|wonderful)\b",
                rest,
                re.I,
            )
        ):
            continue
        if _OBSERVED.search(rest) or (len(rest.split()) >= 4 and _VAGUE_DETAIL.search(rest)):
            return True
    return False


def _subject_is(tokens: tuple[Token, ...], verb: int, is_you: frozenset[str]) -> bool:
    """Whether the nearest thing before the verb that can be its subject is the recipient; no subject counts too."""
    for token in tokens[verb - 1 :: -1] if verb else ():
        if token.low in is_you:
            return True
        if token.tag in ("PNP", "NN1", "NN2", "NP0", "PNI", "EX0", "DTQ") and token.low not in is_you:
            return token.tag != "PNP" and token.low not in ("who",) and _shares_subject(tokens, verb, is_you)
    return verb <= 2 and tokens[verb].tag in ("VVD", "VVN", "VVZ", "VVB", "VBN", "VVG")


def subject_of(tokens: tuple[Token, ...]) -> str:
    """The head word of what stands before the first finite verb, folded; "" where there is none."""
    head = ""
    for token in tokens:
        if token.tag[:2] in ("VV", "VB", "VH", "VD", "VM") and token.tag not in ("VVG", "VVI"):
            return head
        if token.tag in ("PNP", "NN1", "NN2", "NP0", "PNI", "NN0", "CRD", "DPS"):
            head = token.low
        if token.tag in ("CJS", "DTQ") and head:
            return ""
    return ""


def _shares_subject(tokens: tuple[Token, ...], verb: int, is_you: frozenset[str]) -> bool:
    """ "you stayed late and fixed it": the verb after "and" has the subject of the one before."""
    before = tokens[verb - 1].low if verb else ""
    joined = before in ("and", ",", "then", "but") or (
        verb > 1 and tokens[verb - 1].tag == "AV0" and tokens[verb - 2].tag == "CJC"
    )
    return joined and any(t.low in is_you for t in tokens[:verb])
