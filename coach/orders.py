"""What a leader says to Coach before they tell what happened: "shoutout for Bea, …", "message to Tom re Friday: …", "Impact: …"."""

import re
from collections.abc import Collection, Iterable
from functools import cache

from coach.clauses import has_verb
from coach.language import Span, lemma, sentences, tag
from coach.thesaurus import can_be_somebody


def _any(words: str) -> str:
    return "|".join(words.split())


_BEFORE_IT = _any(
    "hi hello hey ok okay right so um and also please pls plz just coach to do say write draft compose create send make give something it['’]s its "
    "here['’]s heres need want"
)
_WISHED = r"(?:i|we)(?: just)? (?:need|want)|(?:i|we)(?:['’]d| would) (?:like|love)|i(?: just)? wanted(?= to\b)|can i (?:have|get)"
_TO_COACH = (
    rf"(?:(?:{_BEFORE_IT}|{_WISHED}|(?:can|could|would|will) (?:you|u|ye|we|i)|pass on|help me(?: with)?|knock up"
    r"|this(?: one)?(?: is|['’]s))\b,? )*?"
)
"""Whoever only tells ("I got an email about Bea") orders nothing."""
_KINDS = _any(
    "quick big huge massive little small short wee nice warm kind lovely proper formal special difficult hard tricky awkward gentle private public "
    "positive negative constructive honest general leaving farewell retirement birthday anniversary welcome christmas team"
)
_SORT = (
    r"(?:(?:a )?(?:(?:little|quick|wee) )?bit of\s)?(?:(?:a|an|some|another|the|my|our|one)\s)?"
    rf"(?:(?:very |really )?(?:{_KINDS}|get[- ]well|end[- ]of[- ]\w+)\s){{0,2}}"
)
_THANKS = r"(?:thank[- ]?(?:yous?|u)|well done|thanks|thx|shout[- ]?outs?|kudos|props|praise|recognition|mention|appreciation)"
_PAPERS = _any("note message msg card post e-?mail text dm letter line lines words draft paragraph reply")
_WRITTEN = (
    rf"(?:(?:(?:{_THANKS}\s)?(?:few words|{_PAPERS}"
    r"|feedback|chat|word|reminder)(?: in a card)?)|something(?: (?:nice|kind|short|warm))?|one)"
)
_PLEASE = r"(?:\s(?:please|pls|plz|needed|wanted|due))?"
_FROM = r"\sfrom (?:all of us|us all|us|me|the \w+|everyone)"
_AT_WORK = r"\s(?:in|at|from) (?:the )?\w+(?: \w+)?(?=,?\s(?:he|she|they)\b)"
_ASKED = rf"(?:\s\([^()]*\)|,?\s(?:please|pls|plz)|,?\s(?:our|my)\s\w+(?:\s\w+(?=,))?|{_AT_WORK}|{_FROM})*"
"""What may stand after the name: "(new on tills)", "pls", "our porter", "from all of us"."""
_STOP = r"(?:\s*[:–—]+\s*|\s+-+\s+|\s*[.!;]+(?:\s+|$)|\s*$)"
_TO_TELL = (
    r"saying|to say|which says|that says|telling (?:him|her|them)|to tell (?:him|her|them)|to let (?:him|her|them) know"
)
_SAYING = rf",?\s(?:(?:{_TO_TELL})(?: that)?|that)\s(?=\w+ \w+)"
_TOPIC = (
    r"\s(?=(?:re|about|regarding|on|after|over|following)[:\s]\s?\w)(?!(?:on|over|after) (?:it|him|her|them|to|for)\b)"
)
""" "Feedback for Bea | on Friday's briefing": when it was is no part of the order."""
_TOLD = r",?\s+(?=(?:he|she|they|you|we|i|it|the|his|her|their)(?:['’]\w+)?\s)"
_LISTED = r",\s(?!(?:[\w'’-]+\s){1,2}(?:and|&)\s)(?=\w)"
""" "For Bea, Tom and Ann" is no order's end."""
_THANKING = r",?\s(?=thanking (?:him|her|them) for\s)"
_ENDS = rf"(?:{_ASKED}(?:{_STOP}|{_SAYING}|{_THANKING}|{_TOPIC}|{_TOLD}|{_LISTED}))"
_UM = r"(?:\s(?:um|uh|erm?)\b,?)?"
_SO = r"(?:(?:right|ok|okay|so|um)\b,? )*"
_WHERE = r"channel|chat|board|newsletter|all[- ]hands|noticeboard|group|wall|whatsapp|slack|teams|bulletin|town ?hall|intranet|page"
_MEETING = r"stand-?up|huddle|briefing|assembly|handover|toolbox talk"
_PLACE = rf"(?:(?:the|our|my|(?:this (?:week|month)|tomorrow|today)['’]?s) (?:[\w-]+ ){{0,2}}?(?:{_WHERE}|{_MEETING})|{_MEETING}|church|the record)"
_OCCASION = r"(?:leaving|birthday|retirement|farewell|anniversary|thank[- ]you|christmas|get[- ]well)"
_CARD = rf"(?:['’]?s)? (?:{_OCCASION} )?(?:card|note|message|shout-?out|feedback|e-?mail|book)"
_TALK = r"(?:my |our |the |a )?(?:1:1|1-1|one[- ]to[- ]one|121|appraisal|review|catch-?up|supervision)"
_FIELD = _any(
    "situation context background what when where behaviou?r action impact effect result outcome ask request wish details? observation recognition "
    "feedback message note"
)
_MATTER = (
    r"what (?:happened|went wrong|went well|i saw|i noticed|he did|she did|they did)|so what"
    r"|what i(?:['’]d like| want| need| see| wish(?!:? that)| hope(?!:? that))"
    r"|why it matter(?:s|ed)|next(?: time| steps?)?|(?:subject|fwd?|re)(?:\s*:\s*(?:subject|fwd?|re))*"
)
_FIELDS = rf"(?:the )?(?:{_FIELD}|{_MATTER})(?:\s*:\s*|(?-i:(?<=[A-Z]{{4}}))\s[-–]\s)"
"""Also "WHAT - …"."""
_WRITE_TO = r"(?:write|reply|message|email|text|dm) (?:to )?"
_MANNERS = _any(
    "warm firm kind gentle friendly formal informal casual light serious short brief long not but and very too cruel gushing soppy harsh soft "
    "professional email card direct chat whatsapp slack teams spoken one two line lines paragraph"
)
NAME = "ǁ"
"""Stands for each letter of the recipient's name; a letter itself, and in no name that is typed."""
_WHO = rf"(?:(?:our|my|the)\s(?:[a-z]+\s){{0,2}})?{NAME}+(?-i:\s[A-Z][\w'’-]+)?(?:['’]?s(?=\s(?:leaving|birthday)))?"
_ALWAYS = (
    rf"{_TO_COACH}{_SORT}(?:{_WRITTEN}|recognition)(?:\s(?:for|in|on)\s{_PLACE})?{_PLEASE}\s(?:for|4|to|2|with|about|re|on)\s{{who}}{_ENDS}",
    rf"{_TO_COACH}{_SORT}(?:{_WRITTEN}|{_THANKS})\s*[,:–-]\s*{{who}}(?:{_STOP}|,\s(?:from\s[^,.:]*[,.:]\s*)?)(?=[^,.]*\w|$)",
    rf"{_TO_COACH}{_WRITE_TO}{{who}}{_STOP}",
    rf"{_TO_COACH}(?:say|pass on|explain|mention|point out) to {{who}}(?: that)?\s(?=\w+ \w)",
    rf"(?:say|read out|mention|announce|put) (?:it |this )?(?:in|at|on) {_PLACE}{_STOP}",
    rf"(?:please |pls |can you |could you )?(?:write|draft|do|make|send|give) {_SORT}(?={_THANKS}\s(?:to|for)\s{{who}}\sfor\s\w+ing\b)",
    rf"(?:feedback|{_THANKS})\s{{who}}\s(?:please|pls|plz)\s*[,.:]\s+(?=\w)",
    rf"{_TO_COACH}(?:say )?(?:something |a (?:bit|word|few words) )?about\s{{who}}{_TOLD}",
    rf"{_TO_COACH}(?:give|send|write|drop|do)\s{{who}}\s{_SORT}(?:{_WRITTEN}|{_THANKS}){_ASKED}(?:{_STOP}|{_SAYING}|{_TOPIC})",
    rf"{_SO}(?:(?:this(?: one)?(?: is|['’]s)|it['’]s|one)\b,? )?(?:for|4|re|about|to)\s{{who}}{_ASKED}"
    rf"(?:{_STOP}(?=\w|$)|,?{_UM}\s(?=(?:he|she|they)(?:['’]\w+)?\s))",
    rf"{_SO}this(?: one)?(?: is|['’]s) (?:a )?(?:one |thank[- ]?you )?for {{who}}\b[,:.]?{_UM}\s(?=\w+ \w+ \w)",
    rf"(?:to|for|person|name|who|recipient)\s*:\s*{{who}}{_STOP}",
    rf"(?:tone|style|format|length|channel)\s*:\s*(?:(?:{_MANNERS})\b[,;]?\s*)+[.!]*\s*$",
    rf"(?:{_SORT}{_WRITTEN}\s)?for\s(?:{{who}}{_CARD}|(?:a|the|his|her|their) {_OCCASION} card|{_PLACE}){_ASKED}{_STOP}",
    rf"(?:my |some )?(?:notes? for )?(?:{_TALK}|(?<=for ){_PLACE})(?:\s(?:w/?|with|for)\s{{who}})?(?:,\s(?:notes|points))?{_STOP}",
    rf"{{who}}{_CARD}\s*(?:[:–—]|\s-)\s*",
    rf"{{who}}\s*[,:–—-]\s*(?:{_THANKS}|feedback)\s*[:–—-]\s+",
)
_TO_THEM = (
    rf"{_TO_COACH}{_SORT}{_THANKS}{_PLEASE}\s(?:for|4|to|2)\s{{who}}{_ASKED}(?:\s*[:–—]\s*|\s-+\s|{_LISTED})",
    rf"{_SORT}{_THANKS}\s*(?:[:–—]|\s-)\s*(?={{who}}\b)",
    rf"{_SORT}{_THANKS}{_PLEASE}\s(?:for|4)\s{{who}}{_ASKED}\s*[.!]+\s*",
)
"""What reads well in a post, and not said to the person: "shoutout for Bea, she …"."""
_BEFORE_A_DEED = rf"for\s{{who}}{_ASKED},\s+(?=\w)"
_DEED = ("VVD", "VVN", "VVG", "VBD", "VHD")
_OWN_THANKS = re.compile(rf"{_SORT}{_THANKS}\s(?:to|2)\s", re.IGNORECASE)


def less_order(sentence: Span, forms: tuple[str, ...], others_read_it: bool) -> tuple[Span, str]:
    """The sentence without what only tells Coach what to write and for whom, and that; `others_read_it`: in a post.

    The name of a field ("Impact:") is no matter of its own.
    """
    text = _masked(sentence.text, forms)
    opens = re.match(r"[\s>*•·–—-]*", text)
    at = opens.end() if opens else 0
    before_deed = _if_deed_follows(sentence.text, _ends(_patterns(_BEFORE_A_DEED), text, at))
    ends = max(_ends(_patterns(*_ALWAYS), text, at), before_deed)
    if not others_read_it:
        ends = max(ends, _thanks(sentence.text, _ends(_patterns(*_TO_THEM), text, at), at))
    ends = _after_role(sentence.text, ends)
    order = sentence.text[at:ends].strip()
    ends = _ends(_patterns(_FIELDS), text, max(at, ends)) or ends
    return Span(sentence.start + ends, sentence.end, sentence.text[ends:]), order


def _masked(text: str, forms: Collection[str]) -> str:
    """The recipient's name as one sign, letter for letter: the patterns are made once, and not for each name."""
    named = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    # "Will you write …" asks, whoever is called Will.
    name = re.compile(rf"(?<!\w)(?:{named})(?! (?:you|u|ye)\b)", re.IGNORECASE)
    return name.sub(lambda found: NAME * len(found.group()), text)


@cache
def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace("{who}", _WHO), re.IGNORECASE) for pattern in patterns)


def _ends(patterns: Iterable[re.Pattern[str]], text: str, at: int) -> int:
    """Where the longest that begins at `at` ends; 0 where none does."""
    return max((found.end() for pattern in patterns if (found := pattern.match(text, at))), default=0)


def blanked(text: str, forms: tuple[str, ...]) -> str:
    """The text with spaces where Coach is told what to write for any channel, but for the name: the model reads what happened."""
    name = re.compile(rf"\b(?:{'|'.join(re.escape(form) for form in forms)})\b", re.IGNORECASE)
    blank = text
    for sentence in sentences(text):
        told, order = less_order(sentence, forms, True)
        before = text[sentence.start : told.start]
        if order:
            kept = {at for found in name.finditer(before) for at in range(*found.span())}
            spaces = "".join(char if at in kept else " " for at, char in enumerate(before))
            blank = blank[: sentence.start] + spaces + blank[told.start :]
    return blank


def _after_role(text: str, at: int) -> int:
    """ "Recognition for Harriet, bids team.": what somebody is, and nothing that happened."""
    words = text[at:].rstrip(" .:\n").split()
    if not (0 < len(words) <= LONGEST_ROLE and text[:at].rstrip().endswith(",") and all(w.isalpha() for w in words)):
        return at
    is_role = words[-1] in _TEAMS or can_be_somebody(lemma(words[-1]))
    return len(text) if is_role and words[-1] == lemma(words[-1]) and not has_verb(text[at:]) else at


LONGEST_ROLE = 3
_TEAMS = frozenset("team crew desk shift ward office department kitchen reception accounts bar".split())


def _if_deed_follows(text: str, ends: int) -> int:
    """ "For Sam, fixed the boiler", and not "for Sam, left with nine beds, it was a hard night"."""
    rest = tag(text[ends:]) if ends else ()
    return ends if rest and rest[0].tag in _DEED and not OWN_SUBJECT.search(text[ends:]) else 0


OWN_SUBJECT = re.compile(r"^\w+ed? (?:by|with)\b|, (?:he|she|they|you|it|i|we|the|a|an)\b", re.IGNORECASE)
"""A participle before a clause that has a subject of its own."""


def _thanks(text: str, ends: int, at: int) -> int:
    """ "Kudos to Bea: she took the queue" is the leader's own thanks; "kudos to Bea: took the queue" has nobody who did it."""
    return _if_deed_follows(text, ends) if _OWN_THANKS.match(text, at) else ends
