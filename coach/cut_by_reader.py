"""What the reader of parts (`labels.onnx`) marks as unfit is cut out of a sentence, so that the rest still is one."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from coach.clauses import FINITE, has_verb, inside_quotes
from coach.cut_by_words import DICTATED, TAKES_BACK, tidied
from coach.language import Span, Token, is_verb_form, tag
from coach.situation import Channel
from coach.tuned import Labels
from coach.unfit import (
    CALLS_SURELY,
    FAULTY,
    INSULT,
    INSULTS,
    MEANS_THEM,
    NO_FAULT,
    PRIVATE,
    SURELY,
    LeftOut,
    Reason,
    calls_nobody,
    doubt,
    inner_parts,
    joined_deed,
    praises,
    why_unfit,
)


def less_unfit_parts(sentence: Span, channel: Channel, labels: Labels, left: list[LeftOut], team: bool = False) -> str:
    """The sentence without the parts that the model finds unfit for the recipient."""
    parts = inner_parts(sentence)
    first = [why_unfit(part, channel, labels, team) for part in parts]
    within = [_runs_within(p, r, labels) for p, r in zip(parts, first, strict=True)]
    reasons = [None if runs else reason for reason, runs in zip(first, within, strict=True)]
    reasons = _less_what_is_beside(parts, reasons)
    reasons = _with_what_hangs(parts, _with_what_trails(parts, reasons, labels), labels)
    reasons = [
        None if reason is Reason.INSULT and (_is_name(part) or _only_calls_names(part, sentence, labels)) else reason
        for part, reason in zip(parts, _less_what_is_left_over(parts, reasons), strict=True)
    ]
    cuts = [(p.start, _end_of_unfit(p, r, labels), r) for p, r in zip(parts, reasons, strict=True) if r]
    kept = [p for p, r in zip(parts, reasons, strict=True) if not r]
    if cuts and kept and not _can_stand(kept) and _acted_in(cuts, labels):
        cuts = [cut for cut in cuts if cut[2] in (Reason.PRIVATE, Reason.ASIDE)]
    cuts += [run for runs in within for run in runs]
    cuts += [run for part in kept for run in _names_called(part, sentence, labels)]
    cuts += [run for part in kept for run in _told_on(part, labels)]
    spared = [
        part
        for part, unfit, runs in zip(parts, first, within, strict=True)
        if unfit and not runs and not any(cut[0] == part.start for cut in cuts)
    ]
    cuts = _with_marked(cuts, _marked(sentence, channel, labels, team), spared)
    cuts = [
        cut for cut in cuts if not (cut[2] is Reason.INSULT and _is_subject(sentence, _as_span(sentence, *cut[:2])))
    ]
    cuts = [(start, _before_closing(sentence, start, end), reason) for start, end, reason in cuts]
    cuts = [cut for cut in cuts if not _breaks_bracket(sentence, cut, cuts) and not _leaves_who(sentence, cut, cuts)]
    cuts = _with_their_brackets(sentence, cuts)
    return _without_cuts(sentence, _led_by(parts, sorted(cuts), labels), left)


def _with_marked(
    cuts: list[tuple[int, int, Reason]], marked: Sequence[tuple[int, int, Reason]], spared: Sequence[Span]
) -> list[tuple[int, int, Reason]]:
    """With the words that the reader is sure of, but not inside a part that was spared; a cut inside them is one with them."""
    found = list(cuts)
    for start, end, reason in marked:
        met = [cut for cut in found if cut[0] < end and start < cut[1]]
        whole = all(start <= cut[0] and cut[1] <= end for cut in met)
        if whole and not any(part.start < end and start < part.end for part in spared):
            found = [cut for cut in found if cut not in met] + [(start, end, reason)]
    return found


def _marked(sentence: Span, channel: Channel, labels: Labels, team: bool) -> list[tuple[int, int, Reason]]:
    """Words that the reader is sure of, whatever part they stand in: "pulled off the shift | after Declan had made a hames of it |
    and everybody had their week"."""
    words = [
        Span(sentence.start + m.start(), sentence.start + m.end(), m.group())
        for m in re.finditer(r"\w[\w'’-]*", sentence.text)
    ]
    found = []
    for reason, name in _MARKED_AS.items():
        least = MARKED_FROM if reason is Reason.OTHERS_FAULT else SURELY
        sure = [labels.mean(name, word.start, word.end) >= least for word in words]
        for out, group in groupby(range(len(words)), key=sure.__getitem__):
            run = [*group]
            if not out or not 1 < len(run) < len(words):
                continue
            part = _with_its_tail(sentence, _as_span(sentence, words[run[0]].start, words[run[-1]].end))
            part = _with_what_he_did(sentence, part, labels) if reason is Reason.OTHERS_FAULT else part
            label = reason is not Reason.INSULT or _is_label(part.text, labels.mean(name, part.start, part.end))
            if label and _can_go(sentence, part):
                found += [(part.start, part.end, reason)] if why_unfit(part, channel, labels, team) is reason else []
    return found


MARKED_FROM = 0.5
"""The probability of each word of a run that tells of somebody's fault: the reader knows to the word where it begins and ends."""
_MARKED_AS = {
    Reason.INSULT: "insult",
    Reason.OTHERS_FAULT: "others-fault",
    Reason.GUESS: "speculation",
    Reason.ASIDE: "aside",
}


def _with_its_tail(sentence: Span, run: Span) -> Span:
    """With the few words after it that say nothing alone: "HR are treating it | as a data breach"."""
    end = next((part.end for part in inner_parts(sentence) if part.start < run.end <= part.end), run.end)
    tail = sentence.text[run.end - sentence.start : end - sentence.start]
    joined = re.match(r"\W*(?:and|but|so|,|;|-|–|—)", tail, re.IGNORECASE) or re.match(r"[^\w\s/]", tail)
    short = 0 < len(tail.split()) <= LEFT_BETWEEN and not has_verb(tail) and tag(tail)[0].tag != "VVN"
    return _as_span(sentence, run.start, end) if short and not joined else run


_HE_GOES_ON = r"(?P<who>he|she)\b(?! (?:has|had|needs|must|should|ought|is|was) to\b| (?:must|should)\b)"
HE_IS_THEY = 0.5
"""A "he" after what somebody is blamed for means the recipient from this probability on."""


def _with_what_he_did(sentence: Span, run: Span, labels: Labels) -> Span:
    """ "Lee printed the wrong ones | but he's mortified": what goes on about who was blamed."""
    rest = sentence.text[run.end - sentence.start :]
    found = re.match(
        rf"\W*(?:(?:but|and|so) )?{_HE_GOES_ON}[^,.;]*?(?=,|[.;]|\s+(?:and|but|so)\b|$)", rest, re.IGNORECASE
    )
    if not found or not re.search(r"(?:but|and|so)$", run.text + found.group()[: found.start("who")].rstrip(), re.I):
        return run
    who = run.end + found.start("who")
    meant = labels.peak("recipient", who, run.end + found.end("who")) >= HE_IS_THEY
    return run if meant else _as_span(sentence, run.start, run.end + found.end())


def _as_span(sentence: Span, start: int, end: int) -> Span:
    return Span(start, end, sentence.text[start - sentence.start : end - sentence.start])


def _can_go(sentence: Span, run: Span) -> bool:
    """Whether what stands around it is a sentence without it: nothing before it that it belongs to, no verb without its
    subject after it, no half of a bracket and nothing of a quotation."""
    start, end = run.start - sentence.start, run.end - sentence.start
    tokens = tag(sentence.text)
    before = [t for t in tokens if t.end <= start]
    after = [t for t in tokens if t.start >= end and t.tag not in ("AV0", "XX0")]
    if inside_quotes(sentence.text, start) or run.text.count("(") != run.text.count(")"):
        return False
    first = next(t for t in tokens if t.start >= start)
    described = bool(before) and before[-1].tag[:2] == "AJ" and first.tag[:2] == "NN" and has_verb(run.text)
    if described or (before and _leads_to(before[-1], first)):  # "the wrong | dose the nurse had written"
        return False
    return not (after and after[0].tag in FINITE) or (bool(before) and before[-1].tag[:2] in ("NN", "NP", "PN"))


def _is_subject(sentence: Span, run: Span) -> bool:
    """ "Yuki | the walk-in | has been labelled wrong": a thing that a clause is about, and no name for Yuki."""
    apart = re.search(r"[,(–—-]\s*$", sentence.text[: run.start - sentence.start])
    thing = re.fullmatch(r"(?:the|an?) [a-z]+-[a-z]+\W*", run.text) and not INSULTS.search(run.text)
    return bool(thing or calls_nobody(run.text)) and not apart and _acts_next(sentence.text[run.end - sentence.start :])


def _leads_to(before: Token, first: Token) -> bool:
    """ "Until | Declan bothered", "you noticed | that Colin had …", "fixed | what Declan had broken", "look | like a liar"."""
    looks = re.match(r"look|sound|feel|felt", before.low) and first.low == "like"
    dangling = before.tag in _LEFT_OPEN or before.tag in ("CJS", "CJT")
    of_that = first.low == "that" and first.tag == "CJT" and not before.tag.startswith("NN") and before.tag != "PUN"
    told = before.tag[:2] == "VV" and (first.tag[:2] in ("AT", "DT", "PN", "NN", "NP") or first.low in ("what", "how"))
    return bool(looks) or dangling or of_that or told


SHORTEST_ASIDE, GAP = 3, 2
"""Words: of an aside in a dictated text, and between two halves of one."""


def _runs_within(part: Span, reason: Reason | None, labels: Labels) -> list[tuple[int, int, Reason]]:
    """ "Ok app listen dont make this long Douglas didnt lock the side gate": where the aside of a dictated text begins and
    ends, or the guess; nothing where the part is one or is short."""
    name = _MARKED_AS[reason] if reason in (Reason.ASIDE, Reason.GUESS) else None
    words = [Span(part.start + m.start(), part.start + m.end(), m.group()) for m in re.finditer(r"\S+", part.text)]
    if name is None or reason is None or len(words) < DICTATED or labels.mean(name, part.start, part.end) >= SURELY:
        return []
    runs: list[list[int]] = []
    for at in (i for i, word in enumerate(words) if labels.mean(name, word.start, word.end) >= SURELY):
        if runs and at - runs[-1][-1] <= GAP + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    ends = [
        run
        for run in runs
        if len(run) >= SHORTEST_ASIDE
        and (run[0] == 0 or run[-1] == len(words) - 1 or _SUPPOSES.match(part.text[words[run[0]].start - part.start :]))
    ]
    spans = [_as_span(part, words[run[0]].start, words[run[-1]].end) for run in ends]
    found = [(run.start, _with_its_tail(part, run).end, reason) for run in spans]
    taken_back = any(TAKES_BACK.search(part.text[start - part.start : end - part.start]) for start, end, _ in found)
    return [] if taken_back and reason is Reason.ASIDE else found


_SUPPOSES = re.compile(r"i (?:think|reckon|guess|suspect|bet|suppose)\b|(?:probably|maybe|prob)\b", re.IGNORECASE)


def _breaks_bracket(sentence: Span, cut: tuple[int, int, Reason], cuts: Sequence[tuple[int, int, Reason]]) -> bool:
    """ "The canteen ladies (Jo," of "The canteen ladies (Jo, Big Jo and Farida) fed them": a label ends with its bracket."""
    said = sentence.text[cut[0] - sentence.start : cut[1] - sentence.start]
    closes = sentence.text.find(")", cut[1] - sentence.start)
    all_of_it = any(start <= sentence.start + closes < end for start, end, _ in cuts)
    opens = said.count("(") > said.count(")") and bool(re.search(r"\w\s*\(", said))
    return cut[2] is Reason.INSULT and opens and closes >= 0 and not all_of_it


def _leaves_who(sentence: Span, cut: tuple[int, int, Reason], cuts: Sequence[tuple[int, int, Reason]]) -> bool:
    """ "He rang back | and got Dev | who had no idea": what goes on about whom the cut names, and is not cut itself."""
    after = re.match(r"\s*who\b", sentence.text[cut[1] - sentence.start :], re.IGNORECASE)
    named = sentence.text[cut[0] - sentence.start : cut[1] - sentence.start].rstrip()[-1:].isalpha()
    return bool(after and named and cut[2] is Reason.OTHERS_FAULT) and not any(
        other[0] <= cut[1] + 1 < other[1] for other in cuts if other is not cut
    )


def _before_closing(sentence: Span, start: int, end: int) -> int:
    """Where a cut ends that would take one half of a bracket with it: "(one charged us 280 quid, | cowboy)"."""
    said = sentence.text[start - sentence.start : end - sentence.start]
    halved = said.count(")") > said.count("(") and said.rstrip(" .").endswith(")")
    return start + said.rindex(")") if halved else end


_BRACKET = re.compile(r"\([^()]*\)?")


def _with_their_brackets(sentence: Span, cuts: list[tuple[int, int, Reason]]) -> list[tuple[int, int, Reason]]:
    """ "(their cock-up, they've admitted it)": what a bracket says of what was cut inside it goes with it."""
    found = list(cuts)
    for bracket in _BRACKET.finditer(sentence.text):
        start, end = sentence.start + bracket.start(), sentence.start + bracket.end()
        inside = [cut for cut in cuts if start <= cut[0] and cut[1] <= end]
        rest = bracket.group()
        for cut in sorted(inside, reverse=True):
            rest = rest[: cut[0] - start] + rest[cut[1] - start :]
        hangs = re.match(r"\W*(?:they|it|he|she|that|this|which|who|so|and|but)\b", rest, re.IGNORECASE)
        blames = any(cut[2] in (Reason.INSULT, Reason.OTHERS_FAULT) for cut in inside) and not has_verb(rest)
        if inside and (hangs or blames):
            found = [cut for cut in found if cut not in inside] + [(start, end, inside[0][2])]
    return found


def _end_of_unfit(part: Span, reason: Reason, labels: Labels) -> int:
    """Where what is unfit ends: the deed joined to it stays, unless the reader finds it unfit as well."""
    if reason is Reason.OTHERS_FAULT:
        return _end_of_fault(part, labels)
    deed = joined_deed(part.text) if reason is Reason.PRIVATE else None
    if deed is None or labels.mean("private", part.start + deed, part.end) >= PRIVATE_DEED:
        return part.end
    return part.start + deed


def _end_of_fault(part: Span, labels: Labels) -> int:
    """ "after dispatch sent him off with half an order | and still made the drop by two": to the word, where more is joined to it."""
    words = [(part.start + m.start(), part.start + m.end()) for m in re.finditer(r"[\w'’-]+", part.text)]
    marked = [end for start, end in words if labels.mean("others-fault", start, end) >= MARKED_FROM]
    rest = [labels.mean("others-fault", start, end) for start, end in words if marked and start >= marked[-1]]
    joined = marked and re.match(r",?\s+(?:and|but|so|then|got)\b|,\s+\w", part.text[marked[-1] - part.start :])
    return marked[-1] if joined and len(rest) > LEFT_BETWEEN and max(rest) < NO_FAULT_BELOW else part.end


NO_FAULT_BELOW = 0.2
"""The probability of each word below which what is joined to somebody's fault is none of it."""
PRIVATE_DEED = 0.5
"""The probability from which on a deed joined to a private matter is private with it."""
_SUBORDINATE = re.compile(r"(?:while|when|because|after|since|as|although|though|despite)\b", re.IGNORECASE)


def _less_what_is_beside(parts: Sequence[Span], reasons: Sequence[Reason | None]) -> list[Reason | None]:
    """ "Leila covered reception while Jan was at her chemo": only what hangs on the deed is private."""
    found = list(reasons)
    for at, (part, after) in enumerate(pairwise(parts)):
        private = reasons[at] is reasons[at + 1] is Reason.PRIVATE
        hangs_on = _SUBORDINATE.match(after.text) and PRIVATE.search(after.text) and not PRIVATE.search(part.text)
        if private and hangs_on and has_verb(part.text) and not _SUBORDINATE.match(part.text):
            found[at] = None
    return found


def _with_what_trails(parts: Sequence[Span], reasons: Sequence[Reason | None], labels: Labels) -> list[Reason | None]:
    """ "Wayne just never turned in, phone off, nothing": fragments that go on telling on him."""
    found = list(reasons)
    for at, part in enumerate(parts[1:], start=1):
        told_on = labels.mean("others-fault", part.start, part.end) >= SURELY
        short = len(part.text.split()) <= LEFT_OVER or not _can_stand([part])
        if found[at - 1] is Reason.OTHERS_FAULT and not found[at] and told_on and short:
            found[at] = Reason.OTHERS_FAULT
    return found


_LEFT_OPEN = frozenset("VBZ VBB VBD VM0 PRP PRF AT0 DPS TO0".split())
_HANGS = re.compile(
    r"(?:when|if|until|till|before|as|than|like|where|while|because|since|after|though|although|which|who|that)\b",
    re.IGNORECASE,
)


def _with_what_hangs(parts: Sequence[Span], reasons: Sequence[Reason | None], labels: Labels) -> list[Reason | None]:
    """ "Probably he's | after the senior role", "Ian hadn't updated the sheet | when he said he would": neither half says
    anything without the other."""
    found = list(reasons)
    for at, part in enumerate(parts[:-1]):
        tokens = tag(part.text)
        open_ended = bool(tokens) and (tokens[-1].tag in _LEFT_OPEN or tokens[-1].low in ("'s", "’s", "'re", "’re"))
        if not found[at] and found[at + 1] and open_ended and len(part.text.split()) <= LEFT_OVER:
            found[at] = found[at + 1]
    kept = [at for at, reason in enumerate(found) if not reason]
    hang = all(
        _HANGS.match(parts[at].text) and not _acted_in([(parts[at].start, parts[at].end, Reason.ASIDE)], labels)
        for at in kept
    )
    if kept and kept[0] and found[0] and hang:
        return [reason or found[0] for reason in found]
    return found


LEFT_OVER, LEFT_BETWEEN = 3, 5
"""Words without a verb that say nothing by themselves after what is left out, and between two such parts."""


def _less_what_is_left_over(parts: Sequence[Span], reasons: Sequence[Reason | None]) -> list[Reason | None]:
    """ "Ali had been idle since 4, useless as ever": a few words between what is left out say nothing without it."""
    found = list(reasons)
    for at, part in enumerate(parts[1:-1], start=1):
        between = found[at - 1] and reasons[at + 1]
        if between and not found[at] and len(part.text.split()) <= LEFT_BETWEEN and not has_verb(part.text):
            found[at] = found[at - 1]
    last = parts[-1].text if parts else ""
    if found[-2:-1] == [Reason.PRIVATE] and not found[-1] and len(last.split()) <= LEFT_OVER and not has_verb(last):
        found[-1] = Reason.PRIVATE  # ", him and Leila"
    return found


def _can_stand(kept: Sequence[Span]) -> bool:
    return any(t.tag in ("VVD", "VVZ", "VVB", "VBD", "VBZ", "VHD", "VHZ", "VDD") for p in kept for t in tag(p.text))


def _acted_in(cuts: Sequence[tuple[int, int, Reason]], labels: Labels) -> bool:
    return any(labels.mean("behaviour", start, end) >= 0.3 for start, end, _ in cuts)


_NOT_THEM = re.compile(r"\W*(?:and |but )?not (?:me|us|you|him|her|them|ours|yours|his|hers)\W*", re.IGNORECASE)


def _led_by(
    parts: Sequence[Span], cuts: list[tuple[int, int, Reason]], labels: Labels
) -> list[tuple[int, int, Reason]]:
    """What hangs on a part goes with it: "Tom, who …" where "Tom" was cut, "so this is a good sign" where a warning
    was, "not you" where somebody was blamed, "but he's mortified" where he was."""
    found = list(cuts)
    for before, part in pairwise(parts):
        reason = next((r for start, end, r in found if (start, end) == (before.start, before.end)), None)
        relative = (
            re.match(r"(?:which|who|whose|because|cos|coz|cuz)\b", part.text, re.IGNORECASE)
            or _NOT_THEM.fullmatch(part.text)
            or (
                reason is Reason.PRIVATE
                and re.match(r"(?:(?:and|so|but) )?(?:it|this|that)\b", part.text, re.IGNORECASE)
            )
        )
        blamed = reason is Reason.OTHERS_FAULT and re.match(
            r"so\b.*\b(?:on|up to|down to) (?:him|her|them)\b", part.text, re.I
        )
        goes_on = re.match(rf"(?:(?:but|and|so) )?{_HE_GOES_ON}", part.text, re.IGNORECASE)
        joined = re.search(r"\b(?:but|and|so)\b", f"{before.text[-5:]} {part.text[:4]}", re.IGNORECASE)
        him = goes_on if joined and reason is Reason.OTHERS_FAULT else None
        of_them = (
            him and labels.peak("recipient", part.start + him.start("who"), part.start + him.end("who")) < HE_IS_THEY
        )
        if reason and (relative or blamed or of_them) and (part.start, part.end, reason) not in found:
            found.append((part.start, part.end, reason))
    return sorted(found)


_OFFICE = re.compile(
    r"\b(?:heads?|leads?|leader|managers?|deputy|director|chair\w*|teacher|nurse|dr|doctor|sister|assistant|engineer|captain|chef|coordinator|officer|"
    r"secretary|treasurer|governor|supervisor|foreman|consultant|registrar|professor|matron|technician|clerk|porter|driver|trainee|apprentice|"
    r"student|intern|paralegal|solicitor|associate)\b",
    re.IGNORECASE,
)
"""What somebody does for a living is no label: "our head of maths"."""
_CALLED = re.compile(
    r"\b(?:(?:that|this|the|you|u|ya|what an?|such an?|an?|our|my)\s+)?(?:(?:total|absolute|complete|utter|proper|right|real|bloody)\s+)?(?<=\s)$",
    re.IGNORECASE,
)


def _names_called(part: Span, sentence: Span, labels: Labels) -> list[tuple[int, int, Reason]]:
    """Labels of a person inside a part that says something: ", u melon", "that dozy article left the mixer on"."""
    found = []
    by_words = _label_by_its_words(part)
    said = labels.runs("insult", part.start, part.end) or by_words
    runs = [next((w for w in by_words if run[0] <= w[0] and w[1] <= run[1]), run) for run in said]
    for start, end in (_whole_words(sentence, *run) for run in runs):
        named = sentence.text[start - sentence.start : end - sentence.start]
        sure = labels.mean("insult", start, end)
        if sure < 0.5 + doubt(Reason.INSULT, named) or not _is_label(named, sure):
            continue
        cut = _label_that_can_go(sentence.text, start - sentence.start, end - sentence.start)
        if cut:
            found.append((sentence.start + cut[0], sentence.start + cut[1], Reason.INSULT))
    return found


def _is_label(named: str, sure: float) -> bool:
    """A common label, or words that the reader is surer of and that are no praise, no thing and no office: not "floor"."""
    if INSULTS.search(named):
        return True
    thing = calls_nobody(named) and sure < CALLS_SURELY
    surely = sure >= (NAMED_FROM if " " in named else SURELY)
    return surely and not (thing or _is_no_label(named) or praises(named) or _OFFICE.search(named))


NAMED_FROM = 0.9
"""The probability from which on words that are no common label are one."""


def _is_no_label(named: str) -> bool:
    """ "His.", "Spotter every": no word of it could be what somebody is."""
    tokens = [token for token in tag(named) if token.tag != "PUN"]
    describes = any(token.tag[:2] in ("NN", "AJ", "NP") for token in tokens)
    return not INSULTS.search(named) and (not describes or tokens[-1].tag in ("AT0", "DT0", "DPS", "PRP"))


def without_blamed(remaining: str, sentence: Span, whole: str, labels: Labels, left: list[LeftOut]) -> str:
    """ "You noticed that somebody had put the wrong names on": what cannot be cut is told without the name, where it
    stands nowhere else."""
    for token, after in pairwise(tag(sentence.text)):
        start, end = sentence.start + token.start, sentence.start + token.end
        acts = after.tag[:2] in ("VV", "VB", "VH", "VD", "VM", "AV", "XX")  # and not "the Peterson lady"
        if (
            not acts
            or token.tag != "NP0"
            or labels.mean("others-fault", start, end) < BLAMED
            or whole.count(token.text) != 1
        ):
            continue
        did = _DID_WRONG.match(sentence.text, token.end)
        if (
            did
            and FAULTY.search(did.group())
            and not NO_FAULT.search(sentence.text)
            and labels.peak("recipient", start, end) < MEANS_THEM
        ):
            if token.text in remaining:
                remaining = remaining.replace(token.text, "somebody")
                left.append(LeftOut(token.text, Reason.OTHERS_FAULT))
    return _without_doer(remaining, sentence, labels, left)


def _without_doer(remaining: str, sentence: Span, labels: Labels, left: list[LeftOut]) -> str:
    """ "The rota was botched | by Karen": that it was may be told, and by whom not."""
    for found in _BY_WHOM.finditer(sentence.text):
        start, end = sentence.start + found.start("who"), sentence.start + found.end("who")
        blamed = (
            is_verb_form(found["did"].split()[0])
            and FAULTY.search(found["did"])
            and labels.mean("others-fault", start, end) >= TOLD_BY
        )
        if blamed and labels.peak("recipient", start, end) < MEANS_THEM and found["by"] in remaining:
            remaining = re.sub(rf"{re.escape(found['by'])}(?=[.,;!?]|$)", "", remaining, count=1)
            left.append(LeftOut(found["by"].strip(), Reason.OTHERS_FAULT))
    return remaining


_BY_WHOM = re.compile(r"\b(?P<did>[a-z]+(?: (?:up|out|off|down))?)(?P<by> by (?P<who>[A-Z][\w'’-]+))(?=[.,;!?]|$)")
TOLD_BY = 0.2
"""The probability from which on whoever did something badly, and is named after it, is not."""


BLAMED = 0.5
"""The probability from which on the name of who did something wrong is not told."""
_DID_WRONG = re.compile(r"(?: [\w'’-]+){1,6}")
_RELATIVE = re.compile(r"(?:that|which|who|whom|whose)$", re.IGNORECASE)


def _told_on(part: Span, labels: Labels) -> list[tuple[int, int, Reason]]:
    """What hangs on a noun and tells on somebody: "every joint Kyle hadn't bothered to flux"."""
    found = []
    for start, end in labels.runs("others-fault", part.start, part.end):
        hung = _hung_clause(part.text, start - part.start, end - part.start)
        if hung and labels.mean("others-fault", part.start + hung[0], part.start + hung[1]) >= TOLD_ON:
            found.append((part.start + hung[0], part.start + hung[1], Reason.OTHERS_FAULT))
    return found


def _hung_clause(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The relative clause, with or without its pronoun, nearest to where text[start:end] begins and as long."""
    tokens = tag(text)
    if len(re.findall(r"\w+", text[end:])) > LEFT_OVER - 1 and not re.match(r"\s*[,;.)]", text[end:]):
        return None
    begins = [
        at
        for at, token in enumerate(tokens[1:], start=1)
        if (tokens[at - 1].tag[:2] in ("NN", "CR", "AJ") and not tokens[at - 1].text[0].isupper())
        and len(re.findall(r"\w+", text[min(start, token.start) : max(start, token.start)])) <= LEFT_OVER
        and (_RELATIVE.match(token.text) or token.tag in ("NP0", "AT0", "DT0"))
        and any(t.tag in FINITE for t in tokens[at + 1 :])
    ]
    if not begins:
        return None
    rest = len(text) if not re.match(r"\s*[,;)]", text[end:]) else end
    return tokens[begins[0]].start, rest


TOLD_ON = 0.6
_LABEL_THEN_DEED = re.compile(
    rf"\b(?:that|this|the|you|u) (?:\w+ )?(?:{INSULT})\b(?: (?:article|one|thing|man|woman|boy|girl|lad|bloke|creature))?(?=\s+\w+\s+\w)",
    re.IGNORECASE,
)


def _label_by_its_words(part: Span) -> list[tuple[int, int]]:
    """Where the model takes the deed for part of the label: "Titch that dozy article left the mixer going"."""
    found = _LABEL_THEN_DEED.search(part.text)
    return [(part.start + found.start(), part.start + found.end())] if found else []


def _whole_words(sentence: Span, start: int, end: int) -> tuple[int, int]:
    """Without the half of a word at either end: a reader may doubt the "s" of "hrs"."""
    inside = [m for m in re.finditer(r"[\w'’-]+|[^\w\s]", sentence.text) if start <= sentence.start + m.start()]
    whole = [m for m in inside if sentence.start + m.end() <= end]
    return (sentence.start + whole[0].start(), sentence.start + whole[-1].end()) if whole else (start, start)


_BEFORE_NAMES = frozenset("little big old young wee lil and".split())


def _is_name(part: Span) -> bool:
    """ "Wilma, the stubborn goat, …": what stands before the label is nobody's label; nor is "little Ahmed"."""
    words = [word for word in re.findall(r"[^\W\d_]+", part.text) if word.lower() not in _BEFORE_NAMES]
    return bool(words) and all(word[0].isupper() for word in words)


def _only_calls_names(part: Span, sentence: Span, labels: Labels) -> bool:
    """Whether the part says what was done when its label is gone: "Titch that dozy article left the mixer on"."""
    rest = part.text
    cuts = _names_called(part, sentence, labels)
    for start, end, _ in reversed(cuts):
        rest = rest[: start - part.start] + rest[end - part.start :]
    return bool(cuts) and len(rest.split()) > LEFT_OVER and _can_stand([Span(part.start, part.end, rest)])


def _label_that_can_go(said: str, start: int, end: int) -> tuple[int, int] | None:
    """The label said[start:end] with what goes with it; None where the rest could not stand without it."""
    named, after = said[start:end], said[end:]
    if re.match(r"(?:his|her|their|your) ", named, re.IGNORECASE):
        return None  # "his attitude stinks": without it, he does
    if called := _CALLED.search(said, 0, start):
        start = called.start()
    if any(token.tag in FINITE for token in tag(named)[:1]):
        # "and Bashir was no better": the subject goes with it, or all of it stays.
        clause = re.search(r"(?:[,;]|\b(?:and|but|while)\b)[^,;]*$", said[:start])
        if clause is None:
            return None
        start = clause.start()
    before = said[:start]
    first = next((token for token in tag(said) if token.start >= end), None)
    acts_next = first is not None and first.tag in ("VVD", "VVZ", "VHZ", "VHD", "VBD", "VBZ", "VDD")
    stands_apart = re.match(r"\s*(?:[,.;!?)–—-]|$)", after) or re.search(r"(?:^|[,;(–—-])\s*$", before)
    if not stands_apart and not (acts_next and before.strip()):
        return None
    return start, end + len(_rest_of_label(before, after))


def _rest_of_label(before: str, after: str) -> str:
    """What of a clause says nothing without the label it went with: "shes a waste of space | before 9am but …"."""
    rest = re.match(r"[^,.;!?]*?(?=\s+(?:but|and|so)\b|[.!]*$)", after, re.IGNORECASE)
    if not rest or not re.search(r"(?:^|[,;(–—-])\s*$", before) or len(rest.group().split()) > 4:
        return ""
    return "" if has_verb(rest.group()) else rest.group()


_HOW_LONG = re.compile(
    r",? (?:\w+|a few|a couple of|not (?:even )?\w+) (?:minutes?|hours?|days?|weeks?|months?|years?)\s+$", re.IGNORECASE
)


_COMPARES = re.compile(
    r",?\s*(?:(?:way|much|far|even|a lot) )?(?:more \w+|\w+er|better|worse|less) than\s+$", re.IGNORECASE
)
""" "Way better than | when Lydia did it": it says nothing without."""


def _acts_next(rest: str) -> bool:
    words = [token for token in tag(rest.lstrip(" ,")) if token.tag not in ("AV0", "XX0")]
    return bool(words) and words[0].tag[:2] in ("VV", "VB", "VH", "VD", "VM")


def _without_cuts(sentence: Span, cuts: Sequence[tuple[int, int, Reason]], left: list[LeftOut]) -> str:
    if not cuts:
        return sentence.text
    kept, at, before = "", sentence.start, None
    for start, end, reason in cuts:
        kept += sentence.text[at - sentence.start : max(at, start) - sentence.start]
        whole = sentence.text[start - sentence.start : end - sentence.start]
        if whole.rstrip().endswith(",") and re.search(r"\w\s*$", kept):
            kept = f"{kept.rstrip()}, "
        elif whole.rstrip().endswith(",") and re.fullmatch(r"(?:[^\W\d_][\w.'’-]*\s*){1,3},\s*", kept):
            kept = f"{kept.rstrip(' ,')} "  # "Wilma, the stubborn goat, would not …"
        elif re.match(r"\W*(?:who|which|whose)\b", whole) and _acts_next(sentence.text[end - sentence.start :]):
            kept = f"{kept.rstrip(' ,')} "  # "her Year 9s, who are feral, put on a concert"
        if re.match(r"(?:after|before)\b", whole, re.IGNORECASE):
            kept = _HOW_LONG.sub(" ", kept)  # "three weeks | after his own operation"
        text = sentence.text[max(at, start) - sentence.start : max(at, end) - sentence.start].strip(" ,;–-()")
        if compares := _COMPARES.search(kept):
            kept, text = kept[: compares.start()], f"{compares.group().strip(' ,')} {text}"
        if reason is before and start <= at + 2 and left:
            left[-1] = LeftOut(f"{left[-1].text} {text}", reason)
        elif re.search(r"[^\W\d_]", text):
            left.append(LeftOut(text, reason))
        at, before = max(at, end), reason
    return tidied(kept + sentence.text[at - sentence.start :])
