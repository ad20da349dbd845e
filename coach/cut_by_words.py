"""What its words alone show to be unfit is cut out of a sentence: asides to Coach, comparisons, labels, private matters."""

import re

from coach.clauses import SO, has_verb, inside_quotes, split_clauses
from coach.language import Span, lemma, tag
from coach.thesaurus import can_be_somebody
from coach.unfit import (
    ASIDES,
    COMPARED,
    INSULT,
    INSULTS,
    LABELLED,
    LITERAL,
    PRIVATE,
    LeftOut,
    Reason,
    joined_deed,
    why_unfit_by_words,
)


def less_unfit_words(sentence: str, suspect: bool, forms: tuple[str, ...], left: list[LeftOut]) -> str:
    if aside := next((m for m in ASIDES.finditer(sentence) if not inside_quotes(sentence, m.start())), None):
        return _without_aside(sentence, aside, forms, left)
    if _ONLY_CALLS.fullmatch(sentence) and not LITERAL.search(sentence):
        left.append(LeftOut(sentence.strip(" .!"), Reason.INSULT))
        return ""
    sentence = _without_comparison(sentence, left)
    sentence = _without_names_called(sentence, left)
    sentence = _without_label(sentence, forms, left)
    clauses = split_clauses(sentence)
    before, kept = len(left), list[str]()
    for at, clause in enumerate(clauses):
        reason = why_unfit_by_words(clause.text, suspect, forms)
        head = _before_private(clause.text) if reason is Reason.PRIVATE else ""
        deed = joined_deed(clause.text) if reason is Reason.PRIVATE and not head else None
        if head:
            left.append(LeftOut(clause.text[len(head) :].strip(" ,;.–-"), Reason.PRIVATE))
            kept.append(f"{head}, ")
        elif deed:
            left.append(LeftOut(clause.text[:deed].strip(" ,;.–-"), Reason.PRIVATE))
            kept.append(f"{clause.text[deed:]} ")
        elif reason:
            left.append(LeftOut(clause.text.strip(" ,;.–-"), reason))
        else:
            end = clauses[at + 1].start if at + 1 < len(clauses) else len(sentence)
            kept.append(sentence[clause.start : end])
    return tidied("".join(kept)) if len(left) > before else sentence


_ONLY_CALLS = re.compile(
    rf"\W*(?:(?:such|what|just|total|absolute|complete|utter|proper|right|real|bloody|an?|the)\s+)*(?:{INSULT})"
    r"(?: (?:this|last|all|again|today|as (?:ever|usual|always))(?: \w+)?)?\W*",
    re.IGNORECASE,
)
""" "Total waste of space this week." """


def _before_private(clause: str) -> str:
    """What the clause says before the part with the private matter, where that stands by itself; else ""."""
    private = PRIVATE.search(clause)
    joints = [m.start() for m in _PART.finditer(clause) if private and m.end() <= private.start()]
    head = clause[: joints[-1]] if joints else ""
    return head if has_verb(head) and not PRIVATE.search(head) else ""


_PART = re.compile(r",\s|\s(?=(?:and|while|despite|even|because|although|so soon)\b)", re.IGNORECASE)
LONGEST_LEAD = 6
"""Words before an aside that may belong to it: "i really do not know how to say it"."""


TAKES_BACK = re.compile(
    r"\b(?:tell|mention|name|include|put|bring|say|quote|use|leave|keep|between|record|stays?|out|private|confidence)\b",
    re.IGNORECASE,
)
"""What an aside says that is about what stands beside it, and takes that back."""
_ASKED = re.compile(r"(?:can|could|would|will) you\b|make\b", re.IGNORECASE)


def _after_aside(sentence: str, aside: re.Match[str], forms: tuple[str, ...]) -> int | None:
    """Where a dictated text begins to speak of the recipient: "can you make this sound less angry than I am | Emeka was to …"."""
    named = re.search(rf"\b(?:{'|'.join(map(re.escape, forms)) or '(?!)'})\b", sentence[aside.end() :])
    if (
        not named
        or not _ASKED.match(aside.group())
        or TAKES_BACK.search(aside.group())
        or len(sentence[: aside.start()].split()) > LONGEST_LEAD
    ):
        return None
    at = aside.end() + named.start()
    return at if len(sentence[at:].split()) >= DICTATED and has_verb(sentence[at:]) else None


_BRACKET = re.compile(r"\([^()]*\)")
DICTATED = 12
"""Words: of a text that goes on without a mark; after an aside they cannot all belong to it."""


def _without_aside(sentence: str, aside: re.Match[str], forms: tuple[str, ...], left: list[LeftOut]) -> str:
    """Drops the clause that speaks to Coach; the rest of the sentence stays when it says something by itself."""
    begins = _after_aside(sentence, aside, forms)
    if begins:
        left.append(LeftOut(sentence[:begins].strip(" ,;–-"), Reason.ASIDE))
        return sentence[begins:]
    bracket = next(
        (m for m in _BRACKET.finditer(sentence) if m.start() <= aside.start() and aside.end() <= m.end()), None
    )
    if bracket and bracket.group() != sentence:
        left.append(LeftOut(bracket.group().strip(" ()"), Reason.ASIDE))
        return tidied(sentence[: bracket.start()] + sentence[bracket.end() :])
    clauses = split_clauses(sentence)
    speaking = [c for c in clauses if c.start < aside.end() and aside.start() < c.end]
    rest = [c for c in clauses if c not in speaking]
    if sentence.endswith("?") or (not rest and len(sentence[: aside.start()].split()) <= LONGEST_LEAD):
        left.append(LeftOut(sentence, Reason.ASIDE))
        return ""
    first = speaking[0]
    told = first.text[: max(aside.start() - first.start, 0)]
    # Dictation has no marks: "she said he pulled through no emojis".
    told = told if len(told.split()) > LONGEST_LEAD and has_verb(told) else ""
    left.append(LeftOut(first.text[len(told) :].strip(" ,;–-"), Reason.ASIDE))
    left += [LeftOut(c.text.strip(" ,;–-"), Reason.ASIDE) for c in speaking[1:]]
    rest = [Span(c.start, c.end, told) if c is first else c for c in clauses if c in rest or (told and c is first)]
    return tidied(" ".join(c.text for c in rest))


def _without_comparison(sentence: str, left: list[LeftOut]) -> str:
    for found in list(COMPARED.finditer(sentence))[::-1]:
        left.append(LeftOut(found.group().strip(" ,"), Reason.COMPARISON))
        sentence = sentence[: found.start()] + sentence[found.end() :]
    return tidied(sentence)


def _without_names_called(sentence: str, left: list[LeftOut]) -> str:
    """ "that animal Doyle", "the bride's witch of a mother": the label goes, who was meant stays."""
    for label, instead in LABELLED:
        for found in list(label.finditer(sentence))[::-1]:
            if not inside_quotes(sentence, found.start()) and not _of_a_thing(sentence, found):
                left.append(LeftOut(found.group().strip(" ,()"), Reason.INSULT))
                sentence = sentence[: found.start()] + instead + sentence[found.end() :]
    return tidied(sentence)


def _of_a_thing(sentence: str, found: re.Match[str]) -> bool:
    """ "That monster of a cake"."""
    meant = re.match(r"[a-z-]+", sentence[found.end() :])
    return (
        bool(re.search(r" of an? $", found.group())) and bool(meant) and not can_be_somebody(meant[0] if meant else "")
    )


def _without_label(sentence: str, forms: tuple[str, ...], left: list[LeftOut]) -> str:
    """ "The useless lump left the gate open": the label goes, the fact stays with the person as its subject."""
    names = "|".join(re.escape(form) for form in forms) or r"(?!)"
    label = re.compile(
        rf"\b(?:the|that|this|my|our) (?:(?!so\b|and\b|but\b)[\w'’-]+ ){{0,2}}?(?:{INSULT})(?: (?:{INSULT}|of an? \w+|that (?:he|she|they) (?:is|are)|guy|man|woman|girl|boy|bloke|person|kid|one))*(?= \w+)"
        rf"|,\s*(?:(?:the|a|an|being|as|you|u|what|such|absolute|total|complete|utter|proper|right|real|bloody) )*(?:[\w'’-]+ ){{0,1}}?(?:{INSULT})\s*(?=,|[.!?]|$)"
        rf"|,\s*(?:the|a|an|being|as) (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})[^,.;!?]*(?=,|[.!?]|$)"
        rf"|(?:\b(?:{names}),?\s+)?\b(?:you|u) (?:(?:absolute|total|complete|utter|lazy|dopey|silly|daft|stupid|big|bloody|useless) ){{0,2}}(?:{INSULT})\b(?= (?:you|u|the|your|we|i|it|that|this|there|nobody|no one|my|our)\b|\s*[.,!?]|$)"
        rf"|\bwhat an? (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})\b"
        r"|(?:^|(?<=[,.;!?–-] ))what an? (?:absolute |total |complete |right |proper )?(?:plank|spanner|weapon|wazzock|bellend|doughnut|tool)(?=\s*(?:[,.!?;]|$))"
        rf"|(?<!\blook )(?<!\bfeel )(?<!\blooking )\blike (?:a|an|some) (?:[\w'’-]+ ){{0,2}}?(?:{INSULT})\b",
        re.IGNORECASE,
    )
    for found in list(label.finditer(sentence))[::-1]:
        opens_clause = re.search(r"(?:^|[.,;]|\b(?:and|but|so|because|when|that|if))\s*$", sentence[: found.start()])
        called = re.match(r"(?:you|u)\b", found.group(), re.IGNORECASE)
        if (
            not opens_clause
            and not called
            and not found.group().lower().startswith("what a")
            and len(INSULTS.findall(found.group())) == 1
            and LITERAL.search(found.group())
        ):
            continue
        left.append(LeftOut(found.group().strip(" ,"), Reason.INSULT))
        subject = re.match(r"(?:the|that|this|my|our)\b", found.group(), re.IGNORECASE)
        after = tag(sentence[found.end() :])
        of_another = after and after[0].tag == "NN1" and can_be_somebody(lemma(after[0].low))  # "that useless temp"
        stands = subject.group() if subject and of_another else forms[-1] if subject and forms else ""
        sentence = sentence[: found.start()] + stands + sentence[found.end() :]
    return tidied(sentence)


_SAID_SO = r"(?<!\bsay)(?<!\bsaid)(?<!\bsays)(?<!\bthink)(?<!\bthought)(?<!\bhope)(?<!\bdo)(?<!\bdid)(?<!\bdoes)"
"""Before which "so" is no word that joins: "she rang back to say so"."""


def tidied(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"[,;]?\s+\)", ")", re.sub(r"\s+([,.;!?])", r"\1", text))
    text = re.sub(r"\s*\((?:[\s,;]*\)|(?=\s*(?:[.!?,;]|$)))", "", text)
    text = re.sub(r"\((?![^()]*\))", "", text)
    text = re.sub(r"[,;]\s*([.!?])", r"\1", text)
    text = re.sub(r":\s+and\b", ":", re.sub(r",\s*,", ",", text))
    text = re.sub(rf"^(?:[,;:–-]\s*|(?:and|but|{SO})\b,?\s+)+", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?:\s*[,;:–-]|\s+(?:and|but|because)|{_SAID_SO}\s+so)+\s*$", "", text, flags=re.IGNORECASE)
    return text if re.search(r"\w", text) else ""
