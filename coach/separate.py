"""What a leader typed, separated: sentences fit for the recipient, and what is left out with the reason."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from coach.clauses import split_clauses
from coach.cut_by_reader import less_unfit_parts, without_blamed
from coach.cut_by_words import less_unfit_words, tidied
from coach.kept_out import (
    after_kept_out,
    begins_kept_out,
    less_marked,
    matter_in,
    unnamed,
    without_kept_out,
)
from coach.language import OF_A_THING, Span, carried, sentences
from coach.orders import less_order
from coach.situation import Channel, Missing
from coach.tuned import Labels
from coach.unfit import ROLE_LABELS, LeftOut, Reason, may_be_private

_NO_NAME_AFTER = "".join(rf"(?<!\b{word} )" for word in OF_A_THING)


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


def separate(
    text: str,
    channel: Channel,
    forms: tuple[str, ...],
    labels: Labels | None = None,
    meant: Collection[int] | None = None,
    team: bool = False,
) -> tuple[tuple[Kept, ...], tuple[LeftOut, ...]]:
    """Sentences fit for the recipient, and what is not with the reason.

    `forms`: the names of the recipient. `labels`: what each word of the text does. `meant`: where the words begin that
    mean the recipient. `team`: whether they are several.
    """
    kept: list[Kept] = []
    left: list[LeftOut] = []
    for form in (f for f in forms if len(f) > 2 and f[0].isupper()):
        # A name typed small reads as a noun to the tagger.
        text = re.sub(rf"(?<!\w){_NO_NAME_AFTER}{re.escape(form)}(?!\w)", form, text, flags=re.IGNORECASE)
    nobody = unnamed(text, forms)
    told_before = False
    for whole in sentences(text):
        before = len(left)
        told, order = less_order(whole, forms, channel is Channel.PUBLIC_CHAT)
        left += [LeftOut(order, Reason.ASIDE)] if order else []
        sentence = less_marked(told, labels, left) if labels and told.text else told
        sentence = _less_taken_back(sentence, kept if told_before else [], left)
        sentence = without_kept_out(sentence, left)
        remaining = _fit_to_tell(sentence, channel, forms, labels, left, team)
        remaining = remaining if sentence is told else tidied(remaining)
        remaining = nobody.less(remaining, left) if nobody else remaining
        if labels and remaining:
            remaining = without_blamed(remaining, sentence, text, labels, left)
        if remaining:
            roles = (
                {m: labels.peak(name, sentence.start, sentence.end) for m, name in ROLE_LABELS.items()}
                if labels
                else {}
            )
            own = None if meant is None else carried(sentence.text, {at - sentence.start for at in meant}, remaining)
            kept.append(Kept(remaining, roles, own))
        # What "don't mention that" is about may have gone already; a label that went was not it.
        told_before = bool(remaining) and not any(one.reason in _MAY_BE_IT for one in left[before:])
        named = (LeftOut(" ".join(one.text.split()), one.reason) for one in left)
    return tuple(kept), tuple(one for one in named if one.text)


_MAY_BE_IT = (Reason.ASIDE, Reason.PRIVATE)


def _fit_to_tell(
    sentence: Span, channel: Channel, forms: tuple[str, ...], labels: Labels | None, left: list[LeftOut], team: bool
) -> str:
    fit = less_unfit_parts(sentence, channel, labels, left, team) if labels else sentence.text
    # "Until her daughter could get here" has a word of the family and nothing private.
    suspect = channel.others_read and (labels is None or may_be_private(sentence, labels))
    return less_unfit_words(fit, suspect, forms, left) if fit else ""


def _less_taken_back(sentence: Span, kept: list[Kept], left: list[LeftOut]) -> Span:
    """ "Don't mention that", "leave the last bit out": the sentence before it, or its last part, is kept out of `kept`.

    What the sentence says besides.
    """
    found = begins_kept_out(sentence.text)
    if not found:
        return sentence
    if kept and _FIRST_BIT.search(found.group()):
        matter = _take_first_back(kept)
    else:
        matter = _take_back(kept, bool(_LAST_BIT.search(found.group()))) if kept else ""
    left.append(LeftOut(f"{matter} {found.group().strip(' ,;.–-(')}".strip(), Reason.ASIDE))
    at = after_kept_out(sentence.text, found)
    return Span(sentence.start + at, sentence.end, sentence.text[at:])


_LAST_BIT = re.compile(r"\blast (?:bit|part|thing|line|sentence)\b", re.IGNORECASE)
_FIRST_BIT = re.compile(r"\bfirst (?:bit|part|line|sentence)\b", re.IGNORECASE)


def _take_first_back(kept: list[Kept]) -> str:
    """What was told first goes: its first clause, or the whole sentence; what went."""
    first = kept.pop(0)
    clauses = split_clauses(first.text)
    ends = clauses[1].start if len(clauses) > 1 else len(first.text)
    rest = tidied(first.text[ends:])
    if rest:
        kept.insert(0, Kept(rest, first.told, None if first.meant is None else carried(first.text, first.meant, rest)))
    return first.text[:ends].strip(" ,;")


def _take_back(kept: list[Kept], last_bit: bool) -> str:
    """The sentence told last goes, or its last part; what went."""
    before = kept.pop()
    clauses = split_clauses(before.text)
    matter = clauses[-1].start if last_bit and len(clauses) > 1 else matter_in(before.text)
    rest = tidied(before.text[:matter])
    if rest:
        kept.append(Kept(rest, before.told, None if before.meant is None else carried(before.text, before.meant, rest)))
    return before.text[matter:]
