"""Whose "she" it is: who else is in the leader's text, and which of its pronouns mean the recipient."""

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coach.language import (
    Token,
    is_verb_form,
    is_word,
    lemma,
    sentences,
    tag,
    tokens_of,
    verb_lemma,
)
from coach.recipient import (
    MEANT_FROM,
    TITLES,
    TOGETHER,
    WEEKDAY,
    Recipient,
    mentions_of,
    pronouns_by_name,
    pronouns_by_title,
    role_before,
)
from coach.situation import Pronouns
from coach.thesaurus import can_be_somebody

_SETS = {
    Pronouns.HE: {"he", "him", "his", "himself", "hes", "hed", "himslef", "hisself"},
    Pronouns.SHE: {"she", "her", "hers", "herself", "shes", "herslef"},
    Pronouns.THEY: {
        "they",
        "them",
        "their",
        "theirs",
        "themselves",
        "themself",
        "theyre",
        "theyve",
        "theyd",
        "themselfs",
    },
}
"""With what a thumb makes of them: "himslef", "shes"."""


SUBJECT, _OBJECT = {"he", "she", "they"}, {"him", "them"}
_TAKE_BARE_VERB = frozenset(
    "let lets letting make made makes help helped helps watch watched see saw hear heard have had".split()
)
_OPEN, _CLOSE = '“"«', '”"»'
_COMMON_CAPITALS = frozenset(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december mon tue wed thu fri sat sun easter christmas ramadan diwali english ok".split()
)


@dataclass
class Scene:
    """What the sentences so far have said about who is who."""

    recipient: Recipient
    others: frozenset[str]
    pronouns: Pronouns | None
    last_person: str = ""
    """The last other person named, who may be the next "she"."""
    mentions: int = 0
    typed_to_you: bool = False
    sole: bool = False
    """Whether the recipient is the only one whom their pronouns can mean: the one other person has the other ones."""
    left_out: list[str] = field(default_factory=list)


def read_scene(person: Recipient, text: str) -> Scene:
    """Reads the whole text once: other people's names, and the recipient's pronouns where nobody said them."""
    tokens = tag(text.replace("\n", " "))
    forms = {word.lower() for form in person.forms for word in form.split()}
    # A first word is capitalised anyway: there the tagger must know it as a name.
    others = frozenset(
        token.text
        for at, token in enumerate(tokens)
        if token.text[0].isupper()
        and (token.tag == "NP0" or (at > 0 and token.tag.startswith("N") and not token.text.isupper()))
        and not {token.low, token.low.removesuffix("s")} & forms
        and token.low not in _COMMON_CAPITALS
        and token.low.rstrip(".") not in TITLES
        and (at > 0 or (len(tokens) > 1 and tokens[1].tag[:2] in ("VV", "VB", "VH", "CJ", "PO", "AV")))
    )
    used = [p for p, words in _SETS.items() if _evidence(tokens, p, words)]
    gendered = [p for p in used if p is not Pronouns.THEY]
    known = person.pronouns or (gendered[0] if len(gendered) == 1 else None)
    if known is None and not gendered and used:
        known = Pronouns.THEY
    if known is None and len(gendered) == 2:
        known = _likelier(tokens, person, others, gendered)
    both = all(any(t.low in _SETS[p] for t in tokens) for p in (Pronouns.HE, Pronouns.SHE))
    sole = both and len(others) == 1 and not any(t.low.rstrip(".") in _OF_A_MAN | _OF_A_WOMAN for t in tokens)
    return Scene(person, others, known, typed_to_you=_typed_to_you(tokens, person), sole=sole)


RULE_WEIGHS, NAME_WEIGHS, WISH_WEIGHS = 0.5, 2.5, 3.0
AGAINST_NAME_FROM = 1.0
"""A "she" beside a name such as Colin means Colin only from this probability on: where a rule is certain. Of 2,160 texts
that the reader had not learnt from it took 28 for the recipient by its own reading, from 0.9 on, and each was somebody else."""
_WISHED = re.compile(
    r"\b(?:i|we)(?:['’]d| would)? (?:like|want|need|prefer|expect|ask|asked|told) (?P<who>him|her|them) to\b"
    r"|\b(?:hear|find out|know)\b[^.!?]{0,20} from (?P<from>him|her|them)\b"
    r"|\b(?:from now on|next time|in future|going forward),? (?P<then>he|she|they)\b"
    r"|\b(?P<must>he|she|they) (?:(?:really |just |also )?needs? to|has to|have to|must|should|ought to)\b"
    r"|\b(?P<be>he|she|they)(?:['’]s| is|['’]re| are) to (?!be\b|have\b|blame\b|thank\b)"
    r"|(?:^|\n|[.!?] |\band )(?:can|could|would|will) (?P<asked>he|she|they)\b",
    re.IGNORECASE,
)
"""Whom the leader wants to do something is the recipient."""


def settle(scene: Scene, text: str, probability: Callable[[int, int], float]) -> tuple[Pronouns | None, frozenset[int]]:
    """The recipient's pronouns, and where the words begin that mean the recipient.

    `probability(start, end)`: how surely text[start:end] means the recipient, by the language model; the rules of
    `read_scene` have their say in which pronouns are the recipient's.
    """
    said, wished = _pronouns_said(scene, text, probability)
    known, by_name = scene.recipient.pronouns, pronouns_by_name(scene.recipient.name)
    own = known or _likeliest(said, wished, scene)
    if scene.recipient.group:
        said, own = [one for one in said if one.kind is Pronouns.THEY], Pronouns.THEY
        if not said:
            return own, frozenset()
    against = by_name is not None and own not in (by_name, Pronouns.THEY)
    least = AGAINST_NAME_FROM if against else MEANT_FROM
    if own is None or (known is None and max(one.sure for one in said if one.kind is own) < least):
        return known, frozenset()
    # Nobody is "he" in one sentence and "they" in the next.
    also = {own} if known is None or any(one.kind is own for one in said) else {own, Pronouns.THEY}
    return own, frozenset(one.start for one in said if one.kind in also and one.sure >= MEANT_FROM)


class _Said(NamedTuple):
    """A pronoun of the text, and how surely it means the recipient."""

    start: int
    sure: float
    kind: Pronouns


def _pronouns_said(
    scene: Scene, text: str, probability: Callable[[int, int], float]
) -> tuple[list[_Said], frozenset[str]]:
    """Each pronoun of the text; and those that only the recipient can be: who is asked for something, who did it themselves."""
    wishes = [(m.start(m.lastgroup or 0), m[m.lastgroup or 0].lower()) for m in _WISHED.finditer(text)]
    asked, wished = {at for at, _ in wishes}, {word for _, word in wishes}
    alone = _nobody_else_until(scene, text)
    own_words = _own_words(scene, text[:alone])
    said: list[_Said] = []
    for sentence in sentences(text):
        tokens = tag(sentence.text)
        for place, token in enumerate(tokens):
            start = sentence.start + token.start
            bound = token.low.endswith("self") and _bound(tokens, place, scene)
            bound = bound or _owned_by_doer(sentence.text, tokens, place, scene)
            plain = bound or start in asked or (start < alone and token.low in own_words)
            plain = plain or _can_only_be_they(tokens, place, scene, text[:start])
            plain = plain or _both_of_them(tokens, place, scene)
            sure = 1.0 if plain else probability(start, sentence.start + token.end)
            sure = 0.0 if _ruled_out(tokens, place, scene) else sure
            if (doer := _doer_of_self(tokens, place, scene)) is not None and not bound:
                sure = next((one.sure for one in said if one.start == sentence.start + doer), sure)
            if (subject := _subject_of_object(tokens, place)) is not None:
                done_by = next((one.sure for one in said if one.start == sentence.start + subject), 0.0)
                sure = 0.0 if done_by >= MEANT_FROM else sure
            own = _own_of_subject(sentence.text, tokens, place) or _own_of_made_to(tokens, place)
            if said and (own or _asked_about_own(tokens, place) or _answers(tokens, place)):
                sure = said[-1].sure
            said += [_Said(start, sure, kind) for kind, words in _SETS.items() if token.low in words]
            wished |= {token.low} if bound else set()
    return said, frozenset(wished)


def _both_of_them(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """ "The two of them", "between them", in a text about two who are named."""
    before = " ".join(token.low for token in tokens[max(at - 2, 0) : at])
    together = scene.recipient.group and TOGETHER.search(scene.recipient.name)
    return (
        bool(together)
        and tokens[at].low == "them"
        and bool(
            re.search(r"(?:two|pair|both) of$|(?<!stood )(?<!stand )(?<!got )(?<!get )(?<!stepped )between$", before)
        )
    )


def _can_only_be_they(tokens: Sequence[Token], at: int, scene: Scene, before: str) -> bool:
    """Whether a "they" that acts is a team because nobody else has been told of, people or firm: "Lorna and Yusuf … they'd packed 212"."""
    after = [token for token in tokens[at + 1 : at + 4] if token.tag not in ("AV0", "XX0")]
    acts = any(token.tag in ("VVD", "VVN") for token in after[:2])
    if not scene.recipient.group or tokens[at].low != "they" or not acts:
        return False
    words = tokens_of(before)
    named = {i for start, end in mentions_of(words, scene.recipient) for i in range(start, end)}
    rest = [token for i, token in enumerate(words) if i not in named]
    people = [t for t in rest if t.low in _SOMEBODY or (t.tag == "NN2" and can_be_somebody(lemma(t.low)))]
    acting = any(
        one.text in scene.others and then.tag[:2] in ("VV", "VB", "VH", "VD") and before_it.tag != "PRP"
        for before_it, one, then in zip([*words[:1], *words], words, words[1:], strict=False)
    )
    return bool(named) and not people and not acting


def _own_words(scene: Scene, of_them_alone: str) -> frozenset[str]:
    """The recipient's "he" or "she" words, where the part of a text that speaks of nobody else, or a name, says which."""
    low = {token.low for token in tokens_of(of_them_alone)}
    early = [kind for kind in (Pronouns.HE, Pronouns.SHE) if not low.isdisjoint(_SETS[kind])]
    expected = (
        scene.recipient.pronouns or pronouns_by_name(scene.recipient.name) or (early[0] if len(early) == 1 else None)
    )
    return frozenset(_SETS[expected]) if expected in (Pronouns.HE, Pronouns.SHE) else frozenset()


def _likeliest(said: Sequence[_Said], wished: frozenset[str], scene: Scene) -> Pronouns | None:
    """Nobody is "he" and "she": the other kind's words must all mean somebody else."""
    by_name = pronouns_by_name(scene.recipient.name)
    weights = {
        kind: sum(math.log(1.001 - one.sure) for one in said if one.kind is not kind)
        + math.log(max(one.sure for one in said if one.kind is kind) + 0.001)
        + RULE_WEIGHS * (kind is scene.pronouns)
        + NAME_WEIGHS * (kind is by_name)
        + WISH_WEIGHS * (not wished.isdisjoint(_SETS[kind]))
        for kind in {one.kind for one in said}
    }
    return max(weights, key=lambda kind: (weights[kind], kind), default=None)


def _bound(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """Whether "herself" belongs to the recipient's name as the subject, with nobody between whom it may mean: "let her do it by herself"."""
    between = tokens[max((end for _, end in mentions_of(tokens[:at], scene.recipient)), default=0) : at]
    doubtful = any(token.low in ALL_PRONOUNS or token.text in scene.others for token in between)
    return not doubtful and _subject_before(tokens, at, scene) == "recipient"


def _doer_of_self(tokens: Sequence[Token], at: int, scene: Scene) -> int | None:
    """Where the "he" begins whose "himself" stands at `at`: nobody is named between the two."""
    kind = next((words for words in _SETS.values() if tokens[at].low in words), None)
    if kind is None or not tokens[at].low.endswith(("self", "selves")):
        return None
    for token in reversed(tokens[:at]):
        if token.text in scene.others or token.tag == "NP0":
            return None
        if token.low in SUBJECT & kind:
            return token.start
    return None


_OWNERS = re.compile(
    r"(?P<his>(?:his|her|their)) own\b|\b(?:rais|los|lost|keep|kept|hold|held|blew|blow|roll|bit|lower|chang|hurt)\w* "
    r"(?P<her>his|her|their) (?:voice|temper|cool|nerve|calm|breath|tongue|nose|eyes|mind|head)\b"
    r"|\b(?:took|takes?|taken|spent|spends?|gave up|gives? up|given up|used|wasted|missed|skipped|lost|worked|cut short|in|on) "
    r"(?:all |half )?(?:of )?(?P<time>his|her|their) (?:whole |entire |own |one )?(?:way (?:home|in|out|back|to|over|up|down)\b"
    r"|days? off|lunch|break|dinner|weekend|evening|night off|rest day|holiday|planning period|free period"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)
"""Whose voice is raised, and whose "own" it is, is whoever does it."""


def _subject_of_object(tokens: Sequence[Token], at: int) -> int | None:
    """Where the pronoun begins that did to the one at `at` what was done: "she got her on the floor" tells of two people."""
    low = tokens[at].low
    if low not in ("him", "them", "her") or at < MIN_BEFORE_OBJECT or (low == "her" and is_possessive(tokens, at)):
        return None
    before = at - 1
    if not tokens[before].tag.startswith("VV"):
        return None
    while before > 0 and tokens[before - 1].tag in ("AV0", "VHD", "VHZ", "VBD", "VBZ", "VM0", "XX0"):
        before -= 1
    subject = {"him": "he", "her": "she", "them": "they"}[low]
    return tokens[before - 1].start if before > 0 and tokens[before - 1].low == subject else None


MIN_BEFORE_OBJECT = 2
"""A subject and a verb."""


def _own_of_subject(sentence: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether "her" belongs to the pronoun before it in the clause: who "she" is in "she never lost her temper", "her" is too."""
    owned = any(tokens[at].start == m.start("her") for m in _OWNERS.finditer(sentence))
    before = next((t for t in reversed(tokens[:at]) if t.tag in ("PNP", "NP0", "NN1", "NN2", "PUN")), None)
    return owned and before is not None and before.low in SUBJECT


def _own_of_made_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether "herself" is hers who is let or helped: "let her hold the spoon herself"."""
    before = [i for i in range(at) if tokens[i].low in ALL_PRONOUNS]
    made = bool(before) and before[-1] > 0 and tokens[before[-1] - 1].low in _TAKE_BARE_VERB
    return made and tokens[at].low.endswith("self") and tokens[before[-1]].low in ("her", "him")


_ANSWERED = re.compile(
    r"\b(?:asked|rang|called|messaged|reminded|told) (?:(?P<her>her)|him|them)\b"
    r"(?: \w+){0,4} (?(her)she|(?:he|they)) (?:said|says|replied|answered|goes)$"
)
""" "Greg asked her about it, she said": whoever is asked answers."""


def _answers(tokens: Sequence[Token], at: int) -> bool:
    """Whether the "she" at `at` is who was asked just before."""
    return bool(_ANSWERED.search(" ".join(token.low for token in tokens[max(0, at - 8) : at + 2])))


def _asked_about_own(tokens: Sequence[Token], at: int) -> bool:
    """Whether "his" is his who is asked: "asking him about his dog"."""
    before = [token.low for token in tokens[max(0, at - 2) : at]]
    asked = at > 2 and verb_lemma(tokens[at - 3].text) in ("ask", "tell", "remind", "teach")
    same = {"him": "his", "her": "her", "them": "their"}
    return asked and len(before) == 2 and before[1] in ("about", "for") and same.get(before[0]) == tokens[at].low


_SOMEBODY = frozenset(
    "who whoever chair someone somebody everyone everybody anyone anybody nobody others one mr mrs ms miss dr staff crew team family families "
    "class group crowd public audience committee board council police company firm client clients people folk folks kids lads ward department agency "
    "office supplier customer mum mums nan gran bloke blokes fella chap mate mates punter temp temps rep reps lead newbie starter starters".split()
)
"""Who may be meant, besides the dictionary's nouns for people and animals."""


def _may_be_somebody(token: Token, others: Collection[str], own: Pronouns | None) -> bool:
    """Whether a word may be somebody whom `own` means as well: a noun for people, a name that is not plainly of the other
    kind, and what the dictionary does not know."""
    if own is not None and lemma(token.low) in _OF_OTHER_KIND.get(own, ()):
        return False
    if token.low in _SOMEBODY:
        return True
    if token.text[0].isupper() and token.low not in _COMMON_CAPITALS:
        kind = pronouns_by_name(token.text)
        if kind is not None:
            return own is None or kind is own
        if token.text in others or token.tag == "NP0":
            return True
    if token.tag[:2] not in ("NN", "NP") or not token.text.isalpha() or token.low in _COMMON_CAPITALS:
        return False
    return can_be_somebody(token.low) or can_be_somebody(lemma(token.low)) or not is_word(token.text)


def _is_titled_otherwise(tokens: Sequence[Token], at: int, own: Pronouns | None) -> bool:
    """ "Mr Dunne", who is no "she"."""
    titled = [kind for token in tokens[max(at - 2, 0) : at + 1] if (kind := pronouns_by_title(token.text))]
    return own is not None and bool(titled) and own not in titled


def _nobody_else_until(scene: Scene, text: str) -> int:
    """Up to where a text speaks of the recipient alone: a "she" before it can mean nobody else.

    0 where the text does not begin with the recipient.
    """
    tokens = tokens_of(text)
    named = mentions_of(tokens, scene.recipient)
    if not named or scene.recipient.group or named[0][1] > 4:
        return 0
    theirs = {at for start, end in named for at in range(role_before(tokens, start), end)}
    own = pronouns_by_name(scene.recipient.name) or scene.recipient.pronouns
    somebody = [
        t
        for at, t in enumerate(tokens)
        if at not in theirs and _may_be_somebody(t, scene.others, own) and not _is_titled_otherwise(tokens, at, own)
    ]
    if not somebody or _all_of_the_other_kind(somebody, tokens, scene, own):
        return len(text)
    return somebody[0].start


def _all_of_the_other_kind(
    somebody: Sequence[Token], tokens: Sequence[Token], scene: Scene, own: Pronouns | None
) -> bool:
    """Whether one other person is named, and must be the "she" of a text about Marcus."""
    other = {Pronouns.HE: Pronouns.SHE, Pronouns.SHE: Pronouns.HE}.get(own) if own else None
    named = {token.text for token in somebody if token.tag not in ("NN0", "NN2")}
    return (
        other is not None
        and len(named) == 1
        and named <= scene.others
        and any(token.low in _SETS[other] for token in tokens)
    )


def _owned_by_doer(sentence: str, tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """Whether "his" belongs to the recipient, who does it: "norm blew his nose", or by a note-taker without a subject "never
    raised his voice"."""
    start = tokens[at].start
    owners = [m for m in _OWNERS.finditer(sentence) if start in (m.start("his"), m.start("her"), m.start("time"))]
    if not owners or (owners[0]["time"] and scene.others):
        return False  # "Ana was ill and Priya took her Saturday"
    doers = [t for t in tokens[:at] if t.tag[:2] in ("NN", "NP", "PN")]
    starts_with_verb = next((t for t in tokens if t.tag != "AV0"), tokens[at]).tag in ("VVD", "VVZ", "VVN", "VHD")
    return (not doers and starts_with_verb) or (
        _subject_before(tokens, at, scene) == "recipient" and not any(t.low in SUBJECT for t in tokens[:at])
    )


def _ruled_out(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """What grammar rules out, however sure the model is: "one of them" is no one person's, "the crew sang to them" is not
    to the crew (an object is somebody else than the subject of its clause), and "Dai put his back out" is Dai's back."""
    low, before = tokens[at].low, tokens[at - 1] if at else None
    if low == "them" and before and before.low == "of" and not scene.recipient.group:
        return at > 1 and tokens[at - 2].low in _SOME
    if low.endswith(("self", "selves")) and _subject_before(tokens, at, scene) == "other":
        return True
    if low in ("his", "her", "their") and at + 1 < len(tokens) and tokens[at + 1].low in _BODY:
        return (
            tokens[0].text in scene.others
            or _subject_before(tokens, at, scene) == "other"
            or _somebody_acts(tokens[:at])
        )
    if low not in _OBJECT and (low != "her" or is_possessive(tokens, at)):
        return False
    near = before is not None and (before.tag.startswith("VV") or before.low in ("to", "for", "after"))
    near = near or _beside_somebody(tokens, at)
    mine = any(token.low in ("me", "us", "i", "we") for token in tokens[:at])
    return near and not mine and _subject_before(tokens, at, scene) == "recipient"


def _somebody_acts(before: Sequence[Token]) -> bool:
    """ "Homeowner stood watching with | her hand over her mouth": in one clause with somebody's deed, and nobody else's."""
    at = 1 if before[:1] and before[0].tag in ("AT0", "DPS", "DT0") else 0
    acts = len(before) > at + 1 and before[at + 1].tag in ("VVD", "VBD", "VHD", "VDD", "VVZ", "VBZ", "VHZ")
    one = all(token.low not in SUBJECT and token.tag not in ("CJS", "CJC") for token in before)
    return acts and one and before[at].tag == "NN1" and can_be_somebody(lemma(before[at].low))


def _beside_somebody(tokens: Sequence[Token], at: int) -> bool:
    """ "Sat with her", "stayed late with him": with somebody else, where nothing was taken along."""
    if at < 2 or tokens[at - 1].low not in ("with", "beside", "alongside"):
        return False
    verb = next((token for token in reversed(tokens[: at - 1]) if token.tag not in ("AV0", "AVP")), tokens[at - 2])
    return verb.tag.startswith("VV")


_SOME = frozenset(
    "one each every all both none most some many few several two three four five half neither either any".split()
)
_BODY = frozenset(
    "back foot feet hand hands arm arms leg legs knee knees head eye eyes face finger fingers shoulder neck ankle wrist hip voice "
    "mind temper breath wife husband mum mother dad father son daughter baby kids children".split()
)
_OF_A_MAN = frozenset(
    "mr sir man boy lad bloke guy father dad son brother husband grandad grandfather gentleman king uncle nephew".split()
)
_OF_A_WOMAN = frozenset(
    "mrs ms miss madam woman girl lady mother mum mom daughter sister wife gran grandmother nan queen aunt niece".split()
)


_OF_OTHER_KIND = {
    Pronouns.HE: _OF_A_WOMAN | {"bride", "granny", "mam", "lass"},
    Pronouns.SHE: _OF_A_MAN | {"fella", "chap", "groom", "grandpa"},
}
"""Words for somebody who is no "he", and no "she"."""


def _evidence(tokens: Sequence[Token], pronoun: Pronouns, words: set[str]) -> bool:
    """Whether the text uses these pronouns before anybody else they could stand for: "mr hale … he" says nothing."""
    other = {Pronouns.HE: _OF_A_MAN, Pronouns.SHE: _OF_A_WOMAN}.get(pronoun, frozenset())
    for at, token in enumerate(tokens):
        if token.low.rstrip(".") in other and not (
            token.low == "sister" and at + 1 < len(tokens) and tokens[at + 1].tag == "NP0"
        ):
            return False
        if token.low in words:
            return True
    return False


def _likelier(tokens: Sequence[Token], person: Recipient, others: frozenset[str], used: Sequence[Pronouns]) -> Pronouns:
    """Of "he" and "she" in one text, the recipient's: whom the leader wants to do something, or who acts after the name."""
    last = ""
    forms = {word.lower() for form in person.forms for word in form.split()}
    for at, token in enumerate(tokens):
        said = next((p for p in used if token.low in _SETS[p]), None)
        if said is None:
            last = "recipient" if token.low in forms else "other" if token.text in others else last
            continue
        if (
            at > 1
            and tokens[at - 1].low in ("want", "like", "need", "ask", "asked", "told", "tell")
            and tokens[at - 2].low in ("i", "'d", "to")
        ):
            return said
        if last in ("recipient", "other"):
            owner_is_recipient = (last == "recipient") == (token.low not in _OBJECT)
            return said if owner_is_recipient else next(p for p in used if p is not said)
    return used[0]


def _typed_to_you(tokens: Sequence[Token], person: Recipient) -> bool:
    """Whether "you" is the recipient: it is said, and the recipient is not spoken of as a third person."""
    said = _outside_quotes(tokens)
    said = [token for at, token in enumerate(said) if not means_anybody(said, at)]
    if not any(t.low in ("you", "your", "yours", "yourself", "ur") or t.text == "u" for t in said):
        return False
    if any(
        one.low == "you" and after.tag in ("VVD", "VBD", "VHD", "VDD") and before.text in ("-", "*", "•", ".", "!")
        for before, one, after in zip(said, said[1:], said[2:], strict=False)
    ):
        return True
    third = {kind for kind in (Pronouns.HE, Pronouns.SHE) if any(t.low in _SETS[kind] for t in tokens)}
    called = any(
        start == 0 and end < len(tokens) and tokens[end].text == "," for start, end in mentions_of(tokens, person)
    )
    other = bool(third) and pronouns_by_name(person.name) not in {None, *third}
    return not third or called or other or tokens[0].low in ("you", "your")


_ANYBODY = re.compile(
    r"you (?:(?:'d|would) (?:never|hardly|not|n't)(?: have)? (?:known?|guess\w*|think|thought|believed?)"
    r"|could (?:hear|cut|see) (?:a|the|your)\b|(?:ca|could) n't (?:fault|buy|make it up))"
    r"|you believe (?:it|that)\b|you know who\b"
)


def means_anybody(tokens: Sequence[Token], at: int) -> bool:
    """Whether "you" is nobody in particular: "you'd never have known", "can you believe it"."""
    return tokens[at].low == "you" and bool(
        _ANYBODY.match(" ".join(t.low.replace("’", "'") for t in tokens[at : at + 6]))
    )


def _outside_quotes(tokens: Sequence[Token]) -> list[Token]:
    inside = quoted(tokens)
    return [t for t, hidden in zip(tokens, inside, strict=True) if not hidden]


def quoted(tokens: Sequence[Token]) -> list[bool]:
    hidden, closed_by = [], ""
    for at, token in enumerate(tokens):
        if not closed_by and (closes := _opens_quote(tokens, at)):
            closed_by = closes
            hidden.append(True)
        else:
            hidden.append(bool(closed_by))
            if (
                closed_by
                and token.text in closed_by
                and (token.text in _CLOSE or not (token.tag == "POS" or _goes_on(tokens, at)))
            ):
                closed_by = ""
    return hidden if not closed_by else [False] * len(hidden)


_CLIPPED = frozenset(
    "em til till cause cos coz bout round n tis twas ere ave im er is ow ello phone course fraid specially".split()
)
"""What is written with a mark for what is left off: "get 'em in 'til six"."""


def _opens_quote(tokens: Sequence[Token], at: int) -> str:
    """What would close the quotation that begins at this mark; "" where none does. An apostrophe opens one between a
    space and a word."""
    token = tokens[at]
    if token.text in _OPEN:
        return _CLOSE
    apart = not at or tokens[at - 1].end < token.start or tokens[at - 1].text in "(:"
    clipped = at + 1 < len(tokens) and (tokens[at + 1].low in _CLIPPED or tokens[at + 1].text[0].isdigit())
    return "'’" if token.text in "'‘" and token.tag != "POS" and apart and _goes_on(tokens, at) and not clipped else ""


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word follows without a space."""
    return at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].end and tokens[at + 1].text[0].isalnum()


ALL_PRONOUNS = frozenset().union(*_SETS.values())


def is_recipient(tokens: Sequence[Token], at: int, scene: Scene, meant: frozenset[int] | None) -> bool:
    low = tokens[at].low
    if meant is not None:
        return tokens[at].start in meant
    if scene.pronouns is None or low not in _SETS[scene.pronouns]:
        return False
    if scene.sole:
        return True
    before = [t for t in tokens[:at]]
    named = [t for t in before if t.text in scene.others]
    if scene.pronouns is Pronouns.THEY and not scene.recipient.group and not scene.mentions:
        return True
    if scene.pronouns is Pronouns.THEY and any(t.tag == "NN2" for t in before[-12:]) and not scene.recipient.group:
        return False
    reflexive = low.endswith(("self", "selves"))
    if low in _OBJECT and not reflexive:
        # "she walked her through it": an object is somebody else than the subject of its own clause.
        subject = _subject_before(tokens, at, scene)
        return subject != "recipient"
    if low == "her" and not is_possessive(tokens, at):
        return _subject_before(tokens, at, scene) != "recipient"
    if named and low in SUBJECT:
        return _subject_before(tokens, at, scene) != "other" or not _starts_clause_after_other(tokens, at, scene)
    return not (named and _subject_before(tokens, at, scene) == "other")


def _subject_before(tokens: Sequence[Token], at: int, scene: Scene) -> str:
    """Who does the verb before `at`: "recipient", "other" or "" (neither, or nobody)."""
    mentions = {i for start, end in mentions_of(tokens, scene.recipient) for i in range(start, end)}
    for i in range(at - 1, -1, -1):
        if tokens[i].tag[:2] not in ("VV", "VB", "VH", "VD", "VM"):
            continue
        j = i - 1
        while j >= 0 and tokens[j].tag in ("AV0", "XX0", "AVP", "VM0", "VHD", "VHZ", "VBD", "VBZ"):
            j -= 1
        if j >= 0 and (
            j in mentions or (tokens[j].low in SUBJECT and scene.pronouns and tokens[j].low in _SETS[scene.pronouns])
        ):
            return "recipient"
        if j >= 0 and tokens[j].text in scene.others:
            return "other"
        if j >= 0 and tokens[j].tag in ("PNP", "PNI", "NN1", "NN2", "NP0"):
            return ""
    return ""


def _starts_clause_after_other(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    return at > 0 and tokens[at - 1].low in ("so", "because", "that", "and", ",", "when", "what", "who", "how")


_MOVES = frozenset("send drive walk take get bring see let".split())
"""What is done to somebody on the way home."""
_SPOKEN_TO = frozenset("remind tell ask ring call text email message warn see meet thank".split())
_OWNED = frozenset("side view version story account point reason reasons".split())
"""Verbs too, but after "her" they are hers: "I'd like to hear her side"."""


_NOT_OWNED = frozenset("AT0 DT0 PRP TO0 CJS CJT CJC PUN AV0 AVP AVQ DTQ PNQ DPS PNP PUR XX0".split())
_VERBS_TOO = frozenset("VVI VVB VVD VBI VHI VDI".split())
_NOUNS_HERE = frozenset("work report help plan desk".split())


def is_possessive(tokens: Sequence[Token], at: int) -> bool:
    """Whether "her" at `at` owns what follows: "her list", against "told her that"."""
    if at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if after.low == "own" or after.low in _OWNED:
        return True
    if at and _ends_here(tokens[at - 1], after, tokens[at + 2] if at + 2 < len(tokens) else None):
        return False
    if after.tag in _NOT_OWNED:
        return False
    return after.tag not in _VERBS_TOO or after.low in _NOUNS_HERE


_GIVE = frozenset("give pay owe allow lend buy".split())
_UNITS = frozenset(
    "minute minutes mins min hour hours hrs day days week weeks month months quid pounds euros dollars".split()
)
_HAVE_SO = frozenset("like want need keep get find leave make have".split())


def _ends_here(before: Token, after: Token, second: Token | None) -> bool:
    """ "I'd reminded her Thursday", "took her home", "cost her an hour", "let her go": nothing is hers."""
    if WEEKDAY.fullmatch(after.text) or after.low in ("yesterday", "today"):
        return verb_lemma(before.text) in _SPOKEN_TO and (second is None or second.tag[:2] != "NN")
    if after.low == "home":
        return verb_lemma(before.text) in _MOVES
    if (
        after.tag == "AJ0"
        and verb_lemma(before.text) in _HAVE_SO
        and (second is None or second.tag in ("PUN", "CJC", "PRP"))
    ):
        return True  # "I would like her alive."
    if verb_lemma(before.text) == "call" and after.low in ("something", "everything"):
        return True
    if after.low in ("questions", "stuff", "things"):
        return verb_lemma(before.text) in ("ask", "tell")
    if before.low in ("took", "takes", "take", "cost", "costs"):
        return after.tag in ("CRD", "AT0", "DT0")
    if after.tag == "CRD" and second is not None:
        # "asked her four times", "give her two hours", "shout at her 15 min"
        times = second.low == "times" and verb_lemma(before.text) in _SPOKEN_TO
        return times or (second.low in _UNITS and (before.low == "at" or verb_lemma(before.text) in _GIVE))
    return before.low in _TAKE_BARE_VERB and is_verb_form(after.text) and verb_lemma(after.text) == after.low
