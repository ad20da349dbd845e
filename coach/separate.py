"""What a leader typed, separated: sentences fit for the recipient, and what is left out with the reason."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from coach.clauses import DAY, split_clauses
from coach.cut_by_reader import less_unfit_parts, without_blamed
from coach.cut_by_words import less_unfit_words, tidied
from coach.language import Span, carried, sentences
from coach.situation import Channel, Missing
from coach.tuned import Labels
from coach.unfit import ROLE_LABELS, LeftOut, Reason, inner_parts, may_be_private


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence that is fit to pass on, and what it tells."""

    text: str
    roles: frozenset[Missing]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of one sentence for the recipient.

    `told`: how probable the model finds each role, {} without it. `meant`: where the words begin that mean the
    recipient, None where no model says.
    """

    text: str
    told: dict[Missing, float]
    meant: frozenset[int] | None


_UNNAMED = re.compile(
    r"\b(?i:leave|keep) (?:(?P<left>[A-Z][\w-]+)(?P<name>['’]s name)?|(?!my|his|her|their|our|the)(?P<small>[a-z][\w-]+)['’]?s name) (?i:out)\b"
    r"|\b(?i:leave|keep) (?!it|that|this|him|her|them|me|us|the|my)(?P<low>[a-z][\w-]+) out of (?:it|this)\b"
    r"|\b(?i:do ?n['’]?t|do not) (?i:mention|name|put|say|use) (?P<kept>[A-Z][\w-]+)(?:['’]s name)?(?! \w+['’]s)(?=\s*(?:[.,;!?)]|$|in\b|obviously|please|though))"
)


@dataclass(frozen=True, slots=True)
class _Unnamed:
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


def _unnamed(text: str, forms: Collection[str]) -> _Unnamed | None:
    """The names to be kept out where they are not the recipient's: "leave Gillian's name out", "leave leanne out of it"."""
    own = {word for form in forms for word in form.split()}
    found = {m["left"] or m["kept"] or (m["small"] or m["low"]).title(): m for m in _UNNAMED.finditer(text)}
    found = {name: m for name, m in found.items() if name not in own and not re.fullmatch(DAY, name, re.IGNORECASE)}
    untold = sorted(name for name, m in found.items() if m["low"] or (m["left"] and not m["name"]))
    known = {name.lower() for name in own | set(found)}
    matters = sorted({(m["what"] or m["which"]).lower() for m in _MATTER.finditer(text)} - known)
    if not found and not matters:
        return None
    of_matters = _any_of(matters)
    phrase = re.compile(_IN_PHRASE.replace("{matter}", of_matters.pattern), re.IGNORECASE)
    # "Don't mention Will": he is nobody, and "will" stays.
    names = re.compile(_any_of(sorted(found)).pattern)
    return _Unnamed(names, _any_of(untold), of_matters, phrase)


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


def separate(
    text: str,
    channel: Channel,
    forms: tuple[str, ...],
    labels: Labels | None = None,
    meant: Collection[int] | None = None,
) -> tuple[tuple[Kept, ...], tuple[LeftOut, ...]]:
    """Sentences fit for the recipient, and what is not with the reason.

    `forms`: the names of the recipient. `labels`: what each word of the text does. `meant`: where the words begin that
    mean the recipient.
    """
    kept: list[Kept] = []
    left: list[LeftOut] = []
    for form in (f for f in forms if len(f) > 2 and f[0].isupper()):
        # A name typed small reads as a noun to the tagger.
        text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", form, text, flags=re.IGNORECASE)
    unnamed = _unnamed(text, forms)
    for whole in sentences(text):
        if kept and _takes_back(whole, kept, left):
            continue
        sentence = _without_kept_out(whole, left)
        remaining = _fit_to_tell(sentence, channel, forms, labels, left)
        remaining = remaining if sentence is whole else tidied(remaining)
        remaining = unnamed.less(remaining, left) if unnamed else remaining
        if labels and remaining:
            remaining = without_blamed(remaining, sentence, text, labels, left)
        if remaining:
            told = (
                {m: labels.peak(name, sentence.start, sentence.end) for m, name in ROLE_LABELS.items()}
                if labels
                else {}
            )
            own = None if meant is None else carried(sentence.text, {at - sentence.start for at in meant}, remaining)
            kept.append(Kept(remaining, told, own))
    return tuple(kept), tuple(left)  # fmt: skip


def _fit_to_tell(
    sentence: Span, channel: Channel, forms: tuple[str, ...], labels: Labels | None, left: list[LeftOut]
) -> str:
    fit = less_unfit_parts(sentence, channel, labels, left) if labels else sentence.text
    # "Until her daughter could get here" has a word of the family and nothing private.
    suspect = channel.others_read and (labels is None or may_be_private(sentence, labels))
    return less_unfit_words(fit, suspect, forms, left) if fit else ""


def _takes_back(sentence: Span, kept: list[Kept], left: list[LeftOut]) -> bool:
    """ "Don't mention that", "leave the last bit out": the sentence before it, or its last clause, is kept out."""
    said = sentence.text.strip(" .!")
    last_bit = _LAST_BIT.fullmatch(said)
    if not last_bit and not _KEEP_OUT.fullmatch(said):
        return False
    before = kept.pop()
    clauses = split_clauses(before.text)
    rest = tidied(before.text[: clauses[-1].start]) if last_bit and len(clauses) > 1 else ""
    left.append(LeftOut(f"{clauses[-1].text if rest else before.text} {said}", Reason.ASIDE))
    if rest:
        kept.append(Kept(rest, before.told, None if before.meant is None else carried(before.text, before.meant, rest)))
    return True


_LAST_BIT = re.compile(
    r"(?:(?:but|and|so|please|pls|obviously),? )*(?:(?:do ?n['’]?t|do not) (?:put|mention|include|say|use)|leave(?: out)?|cut|skip|drop|lose) (?:that|the) last (?:bit|part|thing|line)"
    r"(?: in| out| off)?(?: (?:please|pls|obviously|though))?",
    re.IGNORECASE,
)
_KEEP_OUT = re.compile(
    r"[,;–—(-]?\s*(?:\b(?:but|and|so|please|pls|though) )*\b(?:(?:keep|leave|left) (?:that|this|it)(?: bit| part)? out\b(?: of (?:it|this|the \w+))?"
    r"|(?:i )?(?:do ?n['’]?t|do not|would ?n['’]?t) (?:want|like|need) (?:that|this|it)(?: bit| part)? (?:mentioned|said|known|brought up|to come up|in (?:it|there|the \w+))\b"
    r"|(?:do ?n['’]?t|do not) (?:(?:mention|include|put in|say) (?:(?:that|this)(?: bit| part)?|it)(?=\s*(?:[.,;!?)]|$|only|just|obviously|please|of course|though))|bring (?:that|this|it) up|bring up (?:that|this)|drop (?:him|her|them) in it)\b(?: (?:obviously|please|of course|though))?"
    r"|keep (?:that|this|it)(?: bit| part)? to yourself\b"
    r"|(?:nobody|no ?one)(?: else)? (?:is (?:supposed|meant)|are (?:supposed|meant)|ought|should) (?:to )?know (?:about )?(?:that|this|it)\b"
    r"|(?:(?<=\bso )|(?<=\bplease ))nothing about (?:that|this|it|them)\b"
    r"|(?:keep|stay|steer) (?:well )?(?:away from|clear of|off) (?:that|this|it)\b|do ?n['’]?t put (?:that|this|it) in\b(?: (?:obviously|please|of course|though))?\)?"
    r"|(?:i )?(?:do ?n['’]?t|do not) want (?:him|her|them) (?:singled out|named|blamed|shamed|in trouble)\b"
    r"|that(?:['’]?s| is) (?:his|hers|theirs) to (?:tell|say|share)\b(?:,? not (?:mine|ours))?"
    r"|which (?:he|she|they) (?:would ?n['’]?t|does ?n['’]?t|do ?n['’]?t) want (?:passed (?:round|around|on)|known|shared|mentioned|said)\b"
    r"|(?:that|this)(?:['’]?s| is| stays) between (?:us|you and me)\b)(?:,? (?:only|just) (?:that|how|what)\b.*)?",
    re.IGNORECASE,
)


_LAST_REASON = re.compile(
    r"(?P<before>(?!i know\b|we know\b)\w+ \w+ \w+.*?),? (?:because|becuase|cos|coz)\b(?!.*\b(?:because|cos|coz)\b)",
    re.IGNORECASE,
)


def _without_kept_out(sentence: Span, left: list[LeftOut]) -> Span:
    """ "I know his wife left, keep that out": the clause before it is what is to be kept out."""
    found = _KEEP_OUT.search(sentence.text)
    clauses = split_clauses(sentence.text[: found.start()]) if found else ()
    if not found or not clauses or not clauses[-1].text.strip():
        return sentence
    reason = _LAST_REASON.search(clauses[-1].text)
    start = clauses[-1].start + (reason.end("before") if reason else 0)
    left.append(LeftOut(sentence.text[start : found.end()].strip(" ,;.–-"), Reason.ASIDE))
    blank = " " * (found.end() - start)  # as long as it was: the labels are found by their place
    return Span(sentence.start, sentence.end, sentence.text[:start] + blank + sentence.text[found.end() :])
