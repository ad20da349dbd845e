"""What a leader types for Coach to know and not to pass on: "keep that out", "not for the card", "only I know"."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from coach.clauses import DAY, has_verb, inside_quotes, split_clauses
from coach.cut_by_words import tidied
from coach.language import Span
from coach.tuned import Labels
from coach.unfit import PRIVATE, LeftOut, Reason, inner_parts, told_to_do

_UNNAMED = re.compile(
    r"\b(?i:leave|keep) (?:(?P<left>[A-Z][\w-]+)(?P<name>['’]s name)?|(?!my|his|her|their|our|the)(?P<small>[a-z][\w-]+)['’]?s name) (?i:out)\b"
    r"|\b(?i:leave|keep) (?!it|that|this|him|her|them|me|us|the|my)(?P<low>[a-z][\w-]+) out of (?:it|this)\b"
    r"|\b(?i:do ?n['’]?t|do not) (?i:mention|name|put|say|use) (?P<kept>[A-Z][\w-]+)(?:['’]s name)?(?! \w+['’]s)(?=\s*(?:[.,;!?)]|$|in\b|obviously|please|though))"
    r"|\b(?i:do ?n['’]?t|do not) (?i:mention|put|say|include|use) (?:that|this|it|anything) (?:about|on) (?P<about>(?!that|this|it|him|her|them|my|me|the|his|their|our|what|how|why)[A-Za-z][\w-]+)"
)


@dataclass(frozen=True, slots=True)
class Unnamed:
    """What the leader wants kept out: `names` are nobody's, nothing that begins with one of `untold` is told, and nothing
    about one of `matters`."""

    names: re.Pattern[str]
    untold: re.Pattern[str]
    matters: re.Pattern[str]
    matters_in_phrases: re.Pattern[str]

    def less(self, sentence: str, left: list[LeftOut]) -> str:
        left += [LeftOut(m.group().strip(" ,"), Reason.ASIDE) for m in self.matters_in_phrases.finditer(sentence)]
        sentence = self.matters_in_phrases.sub("", sentence)
        told = ""
        about_it = bool(self.matters.search(sentence))
        for clause in inner_parts(Span(0, len(sentence), sentence)) if about_it else split_clauses(sentence):
            if self.untold.match(clause.text) or self.matters.search(clause.text):
                left.append(LeftOut(clause.text.strip(" ,;.–-"), Reason.ASIDE))
            else:
                told += f"{clause.text} "
        return self.names.sub("somebody", tidied(told) if told.strip() != sentence else sentence)


def unnamed(text: str, forms: Collection[str]) -> Unnamed | None:
    """The names to be kept out where they are not the recipient's: "leave Gillian's name out", "leave leanne out of it"."""
    own = {word for form in forms for word in form.split()}
    found = {m["left"] or m["kept"] or (m["small"] or m["low"] or "").title(): m for m in _UNNAMED.finditer(text)}
    found = {
        name: m for name, m in found.items() if name and name not in own and not re.fullmatch(DAY, name, re.IGNORECASE)
    }
    untold = sorted(name for name, m in found.items() if m["low"] or (m["left"] and not m["name"]))
    known = {name.lower() for name in own | set(found)}
    about = {m["about"].lower() for m in _UNNAMED.finditer(text) if m["about"]}
    matters = sorted(({(m["what"] or m["which"]).lower() for m in _MATTER.finditer(text)} | about) - known)
    if not found and not matters:
        return None
    of_matters = _any_of(matters)
    phrase = re.compile(_IN_PHRASE.replace("{matter}", of_matters.pattern), re.IGNORECASE)
    # "Don't mention Will": he is nobody, and "will" stays.
    names = re.compile(_any_of(sorted(found)).pattern)
    return Unnamed(names, _any_of(untold), of_matters, phrase)


_IN_PHRASE = (
    r",?\s+(?:(?:up|down|over|out|back|away) )?(?:to|in|at|on|from|about|for|with|into|onto|off|through) "
    r"(?:(?:the|his|her|their|my|our|your|a|some)\s)?(?:[\w'’-]+\s)?{matter}(?: (?:above|below|upstairs|downstairs|thing|stuff))?(?=\s*(?:[,.;!?]|$|(?:and|so|by|at|on|before|after|until|till|for|with)\b))"
)
"""Where a matter only hangs on what was done: "carried them up to the flat"."""
_MATTER = re.compile(
    r"\b(?:do ?n['’]?t|do not) (?:(?:mention|bring up|include) (?:anything about )?|(?:tell (?:him|her|them)|say anything) about |put )(?:the |his |her |their )?"
    r"(?P<what>(?!that|this|it|him|her|them|my|in|to|too|any|name|names|bit|part|last|first|anything|something|me|us|off|on|up|down|pressure)[a-z]{2,})(?=\s*(?:[.,;!?)]|$|obviously|please|though|in(?: it| there)?\s*(?:[.,;!?)]|$)))"
    r"|(?:^|[.,;!?] )(?:please |just )?(?:skip|leave out|drop) the (?P<which>[a-z]{3,}) (?:business|bit|part|stuff|story)\b",
    re.IGNORECASE,
)
"""What is not to come up: "dont mention the op", "dont tell him about the camera"."""


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b" if names else r"(?!)", re.IGNORECASE)


_IT = r"(?:(?:any|all) of )?(?:that|this|it|those|them)(?: (?:bit|part|stuff|thing|one))?"
_BIT = r"(?:that|the|this) (?:(?:last|first) (?:bit|part|line|sentence)|last thing)"
_NOT_TO = (
    r"(?:i )?(?:do ?n['’]?t|do not|would ?n['’]?t|(?:best|better|rather|prefer|please|prob(?:ably)?|obviously|but|and|just) not(?: to)?|no need to|let['’]?s not"
    r"|i(?:['’]d| would) (?:rather|prefer) (?:(?:if )?(?:we|you) (?:did ?n['’]?t|do ?n['’]?t)|not(?: to)?))"
)
_TELL = r"(?:mention|include|put|say|repeat|print|quote|reveal|bring up|tell (?:him|her|them|anyone|anybody|people|the others|everyone))"
_THERE = (
    r"(?: (?:in|on|down|up|out|there|round|around|further|to (?:him|her|them|anyone|anybody|the (?:others|team|group)|everyone|people)"
    r"|(?:in|on|into|to) (?:the|this|your|a|it|there)(?: (?:message|note|card|chat|e-?mail|post|draft|text|shout-?out|letter|thing|announcement|speech|board))?))*"
)
_SOFTLY = r"(?:,? (?:obviously|obvs|please|pls|plz|of course|though|tho|either|at all|anywhere|ok(?:ay)?|thanks|thx|ta|yet|to be safe|if you can(?: help it)?))*"
_END = r"(?=\s*(?:[.,;:!?)–—]|-\s|$)|\s+(?:but|and|so|just|only|cos|because|though|tho|he|she|they|its|it['’]s)\b)"
_MESSAGE = r"(?:the|this|that|any) (?:message|note|card|chat|e-?mail|post|draft|text|shout-?out|letter|board|group|team|whole \w+|announcement|speech|wall)"
_US = r"(?:us|ourselves|you and (?:me|i)|me and you|the two of us|these (?:four )?walls)"
_WITHIN = rf"(?:between {_US}|private|secret|confidential|dark|unsaid|schtum|shtum|under wraps|under your hat|in (?:this|the) room|with (?:us|me)|no further)"
_OUT = rf"(?:{_WITHIN}|quiet|to yourself|out(?: of (?:it|this|{_MESSAGE}))?|off {_MESSAGE})"
_SPEAKS_OF_IT = "|".join(
    (
        # "don't put that", "rather not say it", "don't put that last bit"
        rf"{_NOT_TO} (?:{_TELL} (?:{_IT}|{_BIT})|(?:bring|pass) {_IT} (?:up|on)){_THERE}{_SOFTLY}{_END}",
        rf"{_NOT_TO} (?:drop (?:him|her|them) in it|let on|go there|go into (?:it|that|this)){_SOFTLY}{_END}",
        rf"(?:keep|leave|cut|skip|drop|lose|omit|scrap) (?:{_IT}|{_BIT}) (?:well |right |all |just |strictly )?{_OUT}{_SOFTLY}{_END}",
        rf"(?:leave(?: out)?|cut|skip|drop|lose|omit|scrap) (?:{_BIT}|(?:that|this) (?:bit|part))(?: (?:in|out|off))?{_SOFTLY}{_END}",
        rf"leave out {_IT}{_SOFTLY}{_END}",
        rf"(?:keep|stay|steer) (?:well )?(?:away from|clear of|off|quiet (?:about|on)|schtum (?:about|on)) {_IT}{_SOFTLY}",
        # "not for the card", "which isn't to go in"
        rf"(?:(?:which|that|this|it|bit)(?:['’]?s| is|(?= is))?,? )?(?:really |obviously |strictly |definitely |just |probably )*(?:is ?n['’]?t |is not |ain['’]?t |not )"
        rf"(?:(?:something|one|a thing|meant|supposed)? ?(?:for|in|part of) {_MESSAGE}|for (?:sharing|print|publication|public(?:ation| consumption)?|general (?:\w+)|anyone else|anybody else|the others|everyone|others|other people|onward \w+|passing on)"
        rf"|for (?:his|her|their|other people['’]?s|anyone['’]?s) (?:eyes|ears)|to (?:go in|be (?:mentioned|shared|repeated|passed on|put in|included|said|known|made public|broadcast))|going in|public(?: yet| knowledge)?|common knowledge|announced(?: yet)?)"
        rf"{_THERE}{_SOFTLY}{_END}",
        rf"(?:which|that|this|it)(?: really| obviously)? (?:does ?n['’]?t need to|need ?n['’]?t|should ?n['’]?t|should not|must ?n['’]?t|must not|can ?n['’]?t|cannot|had better not|['’]d better not|better not) "
        rf"(?:be (?:mentioned|shared|in|known|said|repeated|passed|public|named)|come (?:up|out)|get (?:out|round|around|back)|leave|go (?:in|any further|further)){_THERE}[^.,;!?)]{{0,20}}{_END}",
        rf"(?:which|that|it|this) (?:must |should |has to |have to |needs to |is to |had better |better |gotta |got to |can )?(?:stays?|remains?|be kept|be left|goes|go) (?:strictly |just )?{_WITHIN}{_END}",
        rf"(?:(?:that|it|this|which) )?(?:is |are |['’]s )?best (?:left|kept) {_OUT}{_END}",
        # "say nothing of it", "nothing about that"
        rf"(?:say|mention|put|write|breathe) (?:nothing|nowt|not a word|no word)(?: (?:about|of|on) {_IT})?{_SOFTLY}{_END}",
        rf"(?:make )?no mention of {_IT}",
        rf"(?:(?<=\bso )|(?<=\bplease )|(?<=\bwith )|(?<=\band )|(?<=\bbut ))nothing about {_IT}",
        # "only I know"
        r"only (?:i|we|you and i|me|hr|the two of us|a few of us)(?:['’]ve| have|ve)?(?: been)? (?:knows?|told)(?: (?:about )?(?:that|this|it))?" + _END,
        r"(?:nobody|no ?one)(?: else)? (?:is|are|['’]s)? ?(?:supposed|meant|ought|should|allowed|needs?)(?: to)? (?:to )?know(?: (?:about )?(?:that|this|it|yet))*" + _END,
        r"(?:nobody|no ?one) else knows(?: (?:about )?(?:that|this|it|yet))*" + _END,
        # "which he'd hate to see in print"
        r"(?:which )?(?:he|she|they)(?:['’]?d| would) (?:hate|die|be mortified|kill me|murder me|never forgive)[^.;!?)]*?\b(?:print|know\w*|knew|mention\w*|public|passed round|saying (?:it|so|this|that))\b[^.;!?,)]*",
        r"which (?:he|she|they) (?:would ?n['’]?t|does ?n['’]?t|do ?n['’]?t|wo ?n['’]?t) (?:want|like|need) (?:passed (?:round|around|on)|known|shared|mentioned|said|out|public|(?:people|anyone|us|me|everyone|others) (?:to know|knowing|to mention|mentioning))\b",
        r"(?:i )?(?:do ?n['’]?t|do not|would ?n['’]?t) (?:want|like|need) (?:that|this|it)(?: bit| part)? (?:mentioned|said|known|brought up|to come up|shared|repeated|out|passed on|in (?:it|there|the \w+))\b",
        r"(?:i )?(?:do ?n['’]?t|do not) want (?:him|her|them) (?:singled out|named|blamed|shamed|in trouble)\b",
        # "it's a surprise", "that's between us", "that's hers to tell"
        r"(?:so )?(?:do ?n['’]?t|do not) (?:(?:spoil|ruin|blow) (?:it|that|this|the (?:surprise|secret))|give (?:it|that|this|anything|the \w+) away)\b[^.;!?,)]*",
        rf"(?:that|this|it)(?:['’]?s| is| stays| must stay)? (?:meant to be |supposed to be |still |to be |strictly |just |all )*(?:(?:a )?(?:surprise|secret)|private|confidential|off the record|hush[- ]hush|personal|between {_US}|none of (?:his|her|their|our|anyone['’]?s|anybody['’]?s) business|nobody['’]?s business|sensitive){_SOFTLY}{_END}",
        r"that(?:['’]?s| is) (?:his|hers|theirs) to (?:tell|say|share)\b(?:,? not (?:mine|ours))?",
        r"(?:between (?:us|you and me|ourselves)|in (?:strict|strictest|the strictest|complete) confidence|strictly confidential(?:ly)?|off the record|hush[- ]hush|mum['’]?s the word|say no more|schtum|shtum)" + _SOFTLY + _END,
        rf"(?:strike|delete|scrap|unsay) (?:{_IT}|all that)\b[^.;!?,)]*",
        rf"(?:all |strictly |that is |this is )*confidential(?:ly)?(?:,? (?:naturally|obviously|of course))?{_END}",
        r"you (?:did ?n['’]?t|never) (?:hear|get) (?:it|that|this) from me",
        r"(?:forget|ignore|pretend|strike|scratch|delete|unsay)(?: that)? (?:i|you) (?:said|mentioned|typed|wrote|told|never|did ?n['’]?t)[^.;!?)]*",
        r"i (?:probably |really )?(?:should ?n['’]?t|should not|shouldnt|was ?n['’]?t supposed to|am not meant to|['’]m not supposed to|['’]m not meant to) (?:be |have )?(?:telling|tell|said|say|told|saying|typed|know)\b[^.;!?)]*",
        r"(?:that|this|it)(?:['’]?s| is) (?:just |only |purely )?(?:for (?:your (?:info(?:rmation)?|eyes|ears|reference)|context|background|info)|(?:context|background|fyi))(?: only| alone)?" + _END,
        r"(?:just |only |purely )(?:for (?:your (?:info(?:rmation)?|eyes|ears|reference)|context|background|info)|fyi|background|context|so (?:you|u) (?:know|understand|get it))" + _END,
    )
)  # fmt: skip
KEEP_OUT = re.compile(
    rf"[,;–—(-]?\s*(?:\b(?:but|and|so|please|pls|plz|though|tho|obviously|oh|also|ps|nb)\b[,:]? )*\b(?:{_SPEAKS_OF_IT})(?:,? (?:only|just) (?:that|how|what)\b.*)?",
    re.IGNORECASE,
)
_OF_WHAT_FOLLOWS = re.compile(
    r"\b(?:(?P<told>(?:he|she|they|i) (?:also )?(?:told|said to) (?:me|us) (?:that )?in (?:strict |the strictest )?confidence)"
    rf"|(?:strictly )?between (?:us|you and me|ourselves),?|off the record,?|in confidence,?|(?:just |only |purely )?(?:for (?:your )?(?:info(?:rmation)?|context|background)(?: only)?|fyi|so (?:you|u) (?:know|understand)),?"
    rf"|not (?:for|in) {_MESSAGE},? (?:but|cos|because)|(?:keep|stay) (?:quiet|schtum|mum) (?:about |on )?(?=what|why|how|who|the|his|her)|(?:do ?n['’]?t|do not) (?:say|mention|tell (?:him|her|them)|let (?:him|her|them) know|let on)(?: to \w+)? (?=that|why|what|how|who)) (?=\w)",
    re.IGNORECASE,
)
"""Said before what it is about: "between you and me, he …", "keep quiet what the leave is for"."""
_REPORTED = re.compile(
    r"\b(?:told|asked|begged|warned|reminded|said|says|saying|ask|tell|tells)(?: (?:me|us|him|her|them|you|[\w'’-]+))?(?: that)?(?: (?:he|she|they|you|i|we))?(?: to)?[,:]?\s*$",
    re.IGNORECASE,
)
"""Somebody's own words to somebody else: "I told her not to say that"."""


def kept_out(sentence: str) -> re.Match[str] | None:
    """Where a sentence says that something in it, or before it, is not to be passed on."""
    found = (m for m in KEEP_OUT.finditer(sentence) if not inside_quotes(sentence, m.start()))
    return next((m for m in found if not _said_of_others(sentence[: m.start()], m.group())), None)


def _said_of_others(before: str, order: str) -> bool:
    """Whether it is no order to Coach: "I told her not to say that", "they don't mention it", "never leave it out"."""
    ordered = re.match(
        r"\W*(?:do\b|don|keep|leave|cut|skip|drop|lose|omit|scrap|say|mention|put|write|strike|delete|stay|steer)",
        order,
        re.I,
    )
    return bool(_REPORTED.search(before) or (ordered and not re.match(r"\s*[,;–—(-]", order) and _DOES.search(before)))


_DOES = re.compile(
    r"\b(?:to|not|never|always|must|should|could|can|will|would|might|he|she|they|you|we|who|people|everyone|dont|didnt|do|does|did)\s*$|n['’]t\s*$",
    re.IGNORECASE,
)
"""Before which an order is somebody's deed, or a wish about what they do."""


def begins_kept_out(sentence: str) -> re.Match[str] | None:
    """The same where nothing stands before it: it is about what was said in the sentence before."""
    found = None if _ahead(sentence) else kept_out(sentence)
    if found and told_to_do(sentence[found.end() :].lstrip(" ,;–-")):
        return None  # "Don't say that, walk her over to it": said to them
    before = re.findall(r"\w+", sentence[: found.start()].lower()) if found else []
    hedged = set(before) <= {"maybe", "perhaps"} and found and re.search(_BIT, found.group(), re.IGNORECASE)
    return found if not before or hedged else None


def after_kept_out(sentence: str, found: re.Match[str]) -> int:
    """Where what a sentence that begins with "keep that out" says besides begins; a few words only say why."""
    goes_on = _GOES_ON.match(sentence, found.end())
    told = goes_on.end() if goes_on else found.end()
    return told if goes_on or len(re.findall(r"\w+", sentence[told:])) > SHORT_REASON else len(sentence)


def matter_in(told: str) -> int:
    """Where in what was told the matter begins that is kept out: its private clauses, or else all of it."""
    clauses = split_clauses(told)
    private = [clause for clause in clauses if PRIVATE.search(clause.text)]
    return private[0].start if private and private[-1] is clauses[-1] else 0


_LAST_REASON = re.compile(
    r"(?P<before>(?!i know\b|we know\b)\w+ \w+ \w+.*?),? (?:because|becuase|cos|coz)\b(?!.*\b(?:because|cos|coz)\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[\s,;.)–—-]*\b(?P<but>but|just|only|anyway|anyhow)\b", re.IGNORECASE)
"""With what a leader comes back to what may be told."""


def without_kept_out(sentence: Span, left: list[LeftOut]) -> Span:
    """ "I know his wife left, keep that out": the clause before it is what is to be kept out, or what follows it."""
    cut = _ahead(sentence.text) or _behind(sentence.text)
    if cut is None:
        return sentence
    start, end = cut
    end += (
        sentence.text[start:end].count("(") > sentence.text[start:end].count(")")
        and sentence.text[end : end + 1] == ")"
    )
    left.append(LeftOut(sentence.text[start:end].strip(" ,;.–-"), Reason.ASIDE))
    return _blanked(sentence, start, end)


def _blanked(sentence: Span, start: int, end: int) -> Span:
    """As long as it was: the labels are found by their place."""
    text = f"{sentence.text[:start]}{' ' * (end - start)}{sentence.text[end:]}"
    return Span(sentence.start, sentence.end, text)


def _ahead(text: str) -> tuple[int, int] | None:
    """ "She told me in confidence her mum's in a home so leave that out": from there on."""
    found = _OF_WHAT_FOLLOWS.search(text)
    if not found or inside_quotes(text, found.start()) or _REPORTED.search(text[: found.start()]):
        return None
    before = text[: found.start()].rstrip()
    if re.search(r"\w", before) and not found["told"] and not before.endswith((",", "(", "-", "–", ";")):
        return None
    goes_on = re.search(r"[,;.]?\s+but\b|\)", text[found.end() :])
    return found.start(), found.end() + goes_on.start() if goes_on else len(text)


def _behind(text: str) -> tuple[int, int] | None:
    found = kept_out(text)
    clauses = split_clauses(text[: found.start()]) if found else ()
    if not found or not clauses or not clauses[-1].text.strip():
        return None
    return _begin_of_matter(text, clauses, found), _end_of_matter(text, found)


def _begin_of_matter(text: str, clauses: Sequence[Span], found: re.Match[str]) -> int:
    bracket = text.rfind("(", 0, found.start() + 1)
    if bracket >= 0 and ")" not in text[bracket : found.start()] and re.search(r"\w", text[bracket : found.start()]):
        return bracket  # "(he told me that himself, not for the chat)"
    if len(clauses) > 1 and not has_verb(clauses[-1].text):
        clauses = clauses[:-1]
    spliced = clauses[-1].text.rfind(", ") if bracket == found.start() else -1
    hangs = re.match(
        r"(?:when|while|as|because|since|after|before|if|although|though)\b", clauses[-1].text.strip(), re.IGNORECASE
    )
    if spliced >= 0 and not hangs and has_verb(clauses[-1].text[:spliced]) and has_verb(clauses[-1].text[spliced:]):
        return clauses[-1].start + spliced  # "Cleo did 90 covers, sous had walked out at 5 (dont put that in)"
    reason = _LAST_REASON.search(clauses[-1].text)
    private = [clause.start for clause in clauses if PRIVATE.search(clause.text)]
    return min([clauses[-1].start + (reason.end("before") if reason else 0), *(private[-1:] if not reason else [])])


def _end_of_matter(text: str, found: re.Match[str]) -> int:
    """Up to where the leader comes back to what may be told: "so be gentle and say nothing of it" goes as a whole."""
    goes_on = _GOES_ON.match(text, found.end())
    rest = text[found.end() :]
    again = kept_out(rest)
    if again:
        return found.end() + again.end()
    said = re.match(r"\s*[,;]\s*|\s+(?=(?:and|so) )", rest)
    if goes_on or not said:
        return found.end()
    after = rest[said.end() :]
    return found.end() if len(after.split()) > SHORT_REASON else len(text)


SHORT_REASON = 6
"""Words after "keep that out" that only say why: ", he gets embarrassed"."""


SURE_FROM = 0.9
"""The probability of the surest of the words beside each other from which on they are kept out."""
KEPT_OUT_FROM, WHOLE_FROM, FEWEST = 0.5, 0.7, 2
"""The probability of a word from which on it is kept out then; the share of a part from which on all of it goes; words that
go by themselves."""


def less_marked(sentence: Span, labels: Labels, left: list[LeftOut]) -> Span:
    """Without what the reader finds that Coach is to know and not to pass on, and the words that say so."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", sentence.text)]
    p = [labels.mean("kept-out", sentence.start + a, sentence.start + b) for a, b in words]
    marked = [one >= KEPT_OUT_FROM for one in p]
    praised = _SINGLED_OUT.match(sentence.text)
    marked = [out and not (praised and a < praised.end()) for out, (a, _) in zip(marked, words, strict=True)]
    marked = _without_gaps([sentence.text[a:b] for a, b in words], marked)
    parts = [*inner_parts(sentence), sentence]
    for part in parts:
        inside = [at for at, (a, _) in enumerate(words) if part.start <= sentence.start + a < part.end]
        if inside and sum(marked[at] for at in inside) >= WHOLE_FROM * len(inside):
            for at in inside:
                marked[at] = True
    for out, group in groupby(range(len(words)), key=marked.__getitem__):
        run = [*group]
        if out and len(run) >= FEWEST and max(p[run[0] : run[-1] + 1]) >= SURE_FROM:
            start, end = words[run[0]][0], words[run[-1]][1]
            end = len(sentence.text) if sentence.text[end - 1] == ":" else end  # "now the bit that's under wraps: …"
            end -= sentence.text[start:end].endswith(("),", ");"))  # the mark belongs to what stands before the bracket
            left.append(LeftOut(sentence.text[start:end].strip(" ,;.–-()"), Reason.ASIDE))
            sentence = _blanked(sentence, start, end)
    return sentence


_SINGLED_OUT = re.compile(
    r"(?:and |also )?(?:a )?special (?:mention|thanks?|shout-?out)\b(?: (?:to|for))?(?: [A-Z][\w'’-]+)?(?:\W+(?:he|she|they|who)\b)?",
    re.IGNORECASE,
)
"""Praise, though it has the word: "special mention Ines"."""


def _without_gaps(words: Sequence[str], marked: Sequence[bool]) -> list[bool]:
    """A word or two between words kept out go with them, unless a mark parts them: "sous [had walked] out at [5]"."""
    found = list(marked)
    runs = [[*group] for out, group in groupby(range(len(words)), key=marked.__getitem__) if out]
    for one, other in pairwise(runs):
        between = range(one[-1] + 1, other[0])
        parted = _PARTED.search(" ".join(words[one[-1] : other[0] + 1]))
        if len(between) <= LONGEST_GAP and max(len(one), len(other)) >= FEWEST and not parted:
            for at in between:
                found[at] = True
    return found


LONGEST_GAP = 2
"""Words."""
_PARTED = re.compile(r"[,.;:!?)][\"'”’]* | [(–—-]")
