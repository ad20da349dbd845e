"""Who is "you": turns the leader's sentences about a person into sentences to that person, or the reverse.

Nothing is rephrased: only names and pronouns of the recipient change, and the verbs that must agree with them.
Words inside quotation marks stay as they were said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from coach.clauses import FINITE
from coach.language import (
    Token,
    is_verb_form,
    is_word,
    lemma,
    tag,
    third_person,
    verb_lemma,
)
from coach.recipient import AFTER_CALLING, is_owner, mentions_of, role_before
from coach.scene import ALL_PRONOUNS, SUBJECT, Scene, is_possessive, is_recipient, means_anybody, quoted
from coach.situation import Pronouns
from coach.thesaurus import can_be_somebody, known

_TO_YOU = {
    "he": "you", "she": "you", "they": "you", "him": "you", "them": "you", "his": "your", "their": "your",
    "hers": "yours", "theirs": "yours", "himself": "yourself", "herself": "yourself", "themself": "yourself",
    "themselves": "yourself", "himslef": "yourself", "hisself": "yourself", "herslef": "yourself", "themselfs": "yourself",
    "hes": "youre", "shes": "youre", "theyre": "youre", "theyve": "youve", "hed": "youd", "theyd": "youd",
}  # fmt: skip
_FROM_YOU = {
    Pronouns.HE: {"you": "he", "object": "him", "your": "his", "yours": "his", "yourself": "himself"},
    Pronouns.SHE: {"you": "she", "object": "her", "your": "her", "yours": "hers", "yourself": "herself"},
    Pronouns.THEY: {
        "you": "they",
        "object": "them",
        "your": "their",
        "yours": "theirs",
        "yourself": "themself",
        "yourselves": "themselves",
    },
}
_AFTER_PREPOSITION = frozenset(
    "of to for with by from at about on in between against near behind beside towards".split()
)


@dataclass
class _Piece:
    """A token on its way into the new sentence: `text` may have changed, "" drops it."""

    token: Token
    text: str
    you: bool = False
    possessive: bool = False


def to_you(sentence: str, scene: Scene, meant: frozenset[int] | None = None) -> str:
    """The sentence said to the recipient: "She rewrote her list" -> "You rewrote your list".

    `meant`: where the words begin that mean the recipient, as the language model reads it; without it, by rule.
    """
    tokens = tag(sentence)
    pieces = [_Piece(token, token.text) for token in tokens]
    hidden = quoted(tokens)
    for start, end in mentions_of(tokens, scene.recipient):
        if not hidden[start] and not _is_what_they_are_called(tokens, start):
            if _called(tokens, start, end, scene.recipient.group):
                first = start - 1 if start and tokens[start - 1].text == "," else start
                for piece in pieces[first:end]:
                    piece.text = ""
            else:
                for piece in pieces[role_before(tokens, start) : start]:
                    piece.text = ""
                goes_on = (
                    tokens[end].tag[:2] in ("NN", "NP") or tokens[end].low == "and" if end < len(tokens) else False
                )
                if start and tokens[start - 1].low == "the" and not goes_on:
                    pieces[start - 1].text = ""  # "tell the dean", who is Dean Whitlock
                _replace_name(pieces, start, end, is_owner(tokens[end - 1], scene.recipient))
            scene.mentions += 1
    for at, piece in enumerate(pieces):
        third = not scene.typed_to_you and piece.token.low in ALL_PRONOUNS
        if not hidden[at] and not piece.you and third and is_recipient(tokens, at, scene, meant):
            _replace_pronoun(pieces, at, scene)
        if piece.token.text in scene.others:
            scene.last_person = piece.token.text
    _place_first(pieces)
    for at, piece in enumerate(pieces):
        if piece.you and not piece.possessive and piece.token.low not in ("him", "her", "them"):
            _agree(pieces, at)
    return _join(sentence, pieces)


def _is_what_they_are_called(tokens: Sequence[Token], start: int) -> bool:
    """ "everyone calls her Auntie Bev"."""
    called = start > 1 and verb_lemma(tokens[start - 2].text) in ("call", "name", "nickname")
    return called and tokens[start - 1].low in ALL_PRONOUNS | {"you"}


def _place_first(pieces: list[_Piece]) -> None:
    """ "Noreen on checkouts noticed it" -> "on checkouts you noticed it"."""
    if not pieces or pieces[0].text != "you" or pieces[0].token.low in ALL_PRONOUNS | {"you", "u"}:
        return
    rest = [piece for piece in pieces[1:] if piece.text]
    if not rest or rest[0].token.low not in ("on", "in", "at"):
        return
    where = [rest[0], *takewhile(lambda piece: piece.token.tag in _OF_A_PLACE, rest[1:])]
    acts = rest[len(where) :][:1]
    if 1 < len(where) <= LONGEST_PLACE and where[-1].token.tag != "DPS" and acts and acts[0].token.tag in _ACTS:
        pieces[0].text = " ".join([piece.text for piece in where] + ["you"])
        for piece in where:
            piece.text = ""


_OF_A_PLACE = frozenset("AT0 AJ0 NN0 NN1 NN2 NP0 DPS CRD ORD".split())
_ACTS = frozenset("VVD VBD VBZ VHD VHZ VDD VM0".split())
LONGEST_PLACE = 5
"""Words of "on the top floor" at most that are said before "you"."""


def done_by_you(doing: str) -> str:
    """A fragment that says what somebody does, said to them: "writes it down and types it up" -> "you write it down and type it up"."""
    sentence = f"you {doing[0].lower()}{doing[1:]}"
    pieces = [_Piece(token, token.text) for token in tag(sentence)]
    pieces[0].you = True
    _agree(pieces, 0)
    return _join(sentence, pieces)


_PRAISING = frozenset("good great nice lovely brilliant fantastic top super excellent amazing cracking".split())
_CHEERS = frozenset(
    "nice one|well done|good job|great job|nice job|good work|great work|nice work|thank you|hats off|ta|cheers|thanks|bravo|congrats".split(
        "|"
    )
)
_ORDERED = frozenset("stop keep start remember check ring text tell ask wear use".split())


def _is_order(tokens: Sequence[Token]) -> bool:
    """ "Errol stop sending the wrong valves": of a third person it would be "stops", of what was "stopped"."""
    told = any(token.tag in ("VVD", "VBD", "VHD", "VDD") for token in tokens[1:])
    return tokens[0].low in _ORDERED and tokens[0].text.islower() and not told


def _called(tokens: Sequence[Token], start: int, end: int, team: bool = False) -> bool:
    """Whether the name only calls the person, whom the message has named already: "nice one Farid"."""
    last = end == len(tokens) or tokens[end].tag == "PUN"
    if last and start in (1, 2) and " ".join(token.low for token in tokens[:start]) in _CHEERS:
        return True
    if last and end < len(tokens) and tokens[end].text[0] == "!" and start and _wished(tokens[:start]):
        return True
    if (
        last
        and start > 2
        and tokens[0].low in _PRAISING
        and tokens[start - 1].low in ("ever", "always", "again", "there")
    ):
        return True
    turns = end < len(tokens) and tokens[end].low == "but" and any(token.low == "you" for token in tokens[:start])
    if start > 1 and (turns or _ends(tokens[end:])) and _flung_after(tokens[:start]):
        return True
    if start == 0 and end < len(tokens):
        # "Raj I heard you", "babs your knitting", "nani please stop", "yuki the walk-in has been labelled wrong"
        thing = tokens[end].low == "the" and end + 1 < len(tokens) and not can_be_somebody(lemma(tokens[end + 1].low))
        orders = _is_order(tokens[end:]) and not team
        lacks = tokens[end].low == "no" and end + 1 < len(tokens) and tokens[end + 1].low not in ("longer", "doubt")
        return lacks or tokens[end].low in AFTER_CALLING or thing or orders
    if start < 2 or tokens[start - 1].text != "," or not (last and tokens[end - 1].text[-1].isalnum()):
        return False
    # "no harness on the platform, Jordan, third time", and not one of "Ana, Jordan and Piotr".
    after = next((t for t in tokens[end:] if t.tag not in ("PUN", "CJC")), None)
    listed = tokens[start - 2].tag == "NP0" or (after is not None and after.tag == "NP0")
    return not listed and not any(t.low in ("you", "and") for t in tokens[start - 2 : start])


_HERE = frozenset("please pls plz it this that them me us here there again today now too tho though mate".split())


def _ends(after: Sequence[Token]) -> bool:
    """Whether a sentence ends, or goes on with a clause of its own: "on the floor again pippa, it cracks"."""
    goes_on = (
        len(after) > 1 and after[0].text == "," and after[1].low in ("it", "that", "this", "they", "you", "i", "we")
    )
    return not after or after[0].text in (".", "!", "?") or goes_on


def _flung_after(before: Sequence[Token]) -> bool:
    """ "Dose, route, time, please Raj", "before you hand me the keys Benedikt": who is called at the end."""
    last = before[-1]
    thing = last.tag in ("NN1", "NN2") and last.text.islower() and not can_be_somebody(lemma(last.low))
    done = any(token.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for token in before)
    if before[0].low in ("when", "while", "as", "after") and not any(
        token.low in ("you", "please") for token in before
    ):
        return False  # "when I came in today Priya, …"
    return last.low in _HERE or (thing and done and before[-2].tag[:2] not in ("PR", "CJ"))


def _wished(before: Sequence[Token]) -> bool:
    """ "Five years today Gwen!", "Happy retirement Cyril!!": no sentence, and nothing that the name belongs to."""
    acts = any(token.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for token in before)
    return not acts and before[-1].tag[:2] in ("NN", "AJ", "AV", "CR")


def _replace_name(pieces: list[_Piece], start: int, end: int, typed_as_owner: bool) -> None:
    first = pieces[start]
    first.you, first.text = True, "of you" if start and pieces[start - 1].token.low == "both" else "you"
    for piece in pieces[start + 1 : end]:
        piece.text = ""
    if typed_as_owner:
        first.text, first.possessive = "your", True
    elif end < len(pieces) and pieces[end].token.low in ("'s", "'"):
        if _is_contraction([p.token for p in pieces], end):
            return
        acts = end + 1 < len(pieces) and pieces[end + 1].token.tag in ("VVD", "VBD", "VHD", "VBZ", "VM0")
        # "Ms Lindqvist's came on Monday", and not "Adam's cut finger"
        alone = acts and not (end + 2 < len(pieces) and pieces[end + 2].token.tag[:2] == "NN")
        first.text, first.possessive, pieces[end].text = "yours" if alone else "your", True, ""


_FOR_SO_LONG = re.compile(r"\d+ \w+ (?:late|early|short|behind|over|down|under)\b|(?:late|early|short|behind|absent)$")


def _is_contraction(tokens: Sequence[Token], at: int) -> bool:
    """Whether the 's at `at` is "is" or "has": "Jonah's late", "Jonah's been", against "Jonah's list"."""
    if _FOR_SO_LONG.match(" ".join(token.low for token in tokens[at + 1 : at + 4])):
        return True  # "trina's 20 min late"
    if _is_doing(tokens, at) or _is_good_at(tokens[at + 1 : at + 3]):
        return True
    for token in tokens[at + 1 :]:
        if token.tag in ("AV0", "XX0"):
            continue
        after = tokens[at + 2] if at + 2 < len(tokens) else None
        if after is not None and is_verb_form(token.text) and after.tag in ("PNP", "AT0", "DPS") and after.low != "i":
            return True  # "Hilary's rewritten it"
        return (
            token.tag in ("VVN", "VBN", "VHN", "VVG", "VBG", "AT0", "VDN")
            or token.low == "said"
            or (token.tag == "AJ0" and (after is None or not after.tag.startswith("N")))
        )
    return True


def _is_good_at(after: Sequence[Token]) -> bool:
    """ "Jermaine's good with the kids"."""
    good = after[0].low in ("good", "great", "brilliant", "amazing", "lovely", "ace", "fab") if after else False
    return good and len(after) > 1 and after[1].low in ("with", "at")


def _is_doing(tokens: Sequence[Token], at: int) -> bool:
    """ "Joel's leaving the gate open", "Joel's cuttin corners": what he does to something, and the clause has no other verb.

    Only where the name alone begins the sentence: "Mark's writing is a mess" and "loved Joel's cooking" are his.
    """
    after = tokens[at + 1 :]
    if at > 1 or len(after) < 2:
        return False
    doing, then = after[0], after[1]
    dropped = is_dropped(doing.low)
    how = then.low in ("well", "great", "fine", "brilliantly", "ok", "okay", "badly", "better")
    to_something = (
        then.tag[:2] in ("AT", "DP", "DT", "PN")
        or then.low in ("up", "out", "off", "down")
        or how
        or (dropped and then.tag[:2] != "CJ")
    )
    clause = takewhile(lambda token: token.tag not in ("CJC", "CJS", "PUN") and token.text[0].isalnum(), after[2:])
    if not to_something or any(token.tag in FINITE for token in clause):
        return False
    return dropped or (doing.low.endswith("ing") and tag(f"she is {doing.low}")[-1].tag in ("VVG", "VDG"))


def is_dropped(word: str) -> bool:
    """Whether its last letter was left off: "cuttin", and not "win"."""
    return word.endswith("in") and not is_word(word) and is_verb_form(f"{word}g")


def _replace_pronoun(pieces: list[_Piece], at: int, scene: Scene) -> None:
    piece = pieces[at]
    low = piece.token.low
    piece.you = True
    if low == "her":
        tokens = [p.token for p in pieces]
        named = any(start == at + 1 for start, _ in mentions_of(tokens, scene.recipient))  # "calls her Auntie Bev"
        piece.possessive = is_possessive(tokens, at) and not named
        piece.text = "your" if piece.possessive else "you"
        return
    if low == "his" and (at + 1 == len(pieces) or pieces[at + 1].token.tag in ("PUN", "CJC", "VBZ", "VBD", "TO0")):
        piece.text, piece.possessive = "yours", True
        return
    piece.text = _TO_YOU[low]
    if low in ("hes", "shes") and _had_done([p.token for p in pieces], at):
        piece.text = "youve"
    if piece.text == "yourself" and scene.recipient.group:
        piece.text = "yourselves"
    piece.possessive = piece.text != "you"


def _had_done(tokens: Sequence[Token], at: int) -> bool:
    """Whether the "'s" at `at` is "has": "she's been", "she's got to", against "she's stuck"."""
    rest = [t for t in tokens[at + 1 :] if t.tag not in ("AV0", "XX0") and t.low not in ("double", "triple")]
    after = rest[0] if rest else None
    if after is None:
        return False
    if after.low == "gone" and len(rest) > 2 and rest[1].low == "and" and rest[2].tag in ("VVN", "VVD"):
        return True  # "he's gone and promised it"
    if (
        len(rest) > 1
        and (rest[1].tag in ("PNP", "AT0", "DPS", "NP0") or rest[1].low in ("half", "every", "each", "both", "most"))
        and is_verb_form(after.text)
        and after.low[-1] in "dnt"
        and after.low not in _STATES - {"booked", "needed"}
    ):
        return True  # "she's rewritten it"
    if after.low in _STATES:
        return False
    if any(t.low in ("normally", "usually", "generally") for t in tokens[at + 1 : at + 3]):
        return False  # "he's normally squared away"
    if (
        after.low == "done"
        and len(rest) > 1
        and rest[1].low in ("it", "this", "that", "the", "them", "all", "his", "her")
    ):
        return True
    return after.tag in ("VVN", "VBN", "VHN", "VDN") or after.low in ("got", "gotta", "said")


def _agree(pieces: list[_Piece], at: int) -> None:
    """Makes the verbs whose subject is the "you" at `at` agree with it."""
    tokens = [p.token for p in pieces]
    before = tokens[at - 1].low if at else ""
    if before in ("was", "is", "has", "does", "'s") and (
        at == 1 or tokens[at - 2].tag in ("AVQ", "DTQ", "PNQ", "PUN", "CJC")
    ):
        pieces[at - 1].text = _plural(tokens[at - 1], tokens, at - 1)
        return
    if before in _AFTER_PREPOSITION and tokens[at].low not in SUBJECT:
        return
    verb = _next_verb(pieces, at + 1) if not (at and tokens[at - 1].tag == "VM0") else None  # "Could you try one page"
    while verb is not None:
        pieces[verb].text = _plural(tokens[verb], tokens, verb)
        verb = _coordinated_verb(pieces, verb)


def _next_verb(pieces: list[_Piece], start: int) -> int | None:
    """The verb right after the subject, adverbs and what stands in brackets skipped."""
    first, bracketed = start, False
    for i in range(start, len(pieces)):
        token, text = pieces[i].token, pieces[i].text
        bracketed = bracketed or token.tag == "PUL"
        if bracketed or (text == "" and not token.text == "'"):
            bracketed, first = bracketed and token.tag != "PUR", i + 1
            continue
        if token.low == "'s" or token.low in _PLURAL or token.tag in ("VVZ", "VBZ", "VHZ", "VDZ"):
            return i
        noun = i == first and token.tag in ("NN2", "NN1", "NN0") and token.low.endswith("s")
        before = pieces[i - 1].token.low
        slang = (
            not is_word(token.text)
            and token.low not in _SPELT_SO
            and i + 1 < len(pieces)
            and pieces[i + 1].token.tag in ("AV0", "AT0", "PNP", "DPS")
        )
        if noun and (is_verb_form(token.text) or before in ("he", "she") or slang):
            return i
        if token.tag in ("AV0", "XX0"):
            first = i + 1
            continue
        return i if token.tag[:2] in ("VV", "VM", "VH", "VD", "VB") else None
    return None


_SPELT_SO = frozenset("jus alwas allways alwys".split())


def _coordinated_verb(pieces: list[_Piece], verb: int) -> int | None:
    """The next verb that shares the subject: "opens the ward and checks the fridge"."""
    tokens = [p.token for p in pieces]
    for i in range(verb + 1, len(tokens)):
        leads = tokens[i].tag in ("CJS", "CJT", "DTQ", "PNQ", "AVQ") and tokens[i].low != "whatsoever"
        if leads or tokens[i].low in (".", ";", ":", "so", "which"):
            return _taken_up_after(tokens, i) if tokens[verb].low == "has" else None
        if tokens[i].tag == "CJC" or tokens[i].text == ",":
            j = i + 1
            while j < len(tokens) and tokens[j].tag in ("AV0", "CJC"):
                j += 1
            if tokens[i].text == "," and j == i + 1 and _brings_things(tokens, verb, j):
                continue
            if j < len(tokens) and (tokens[j].tag in ("VVZ", "VBZ", "VHZ", "VDZ") or tokens[j].low in ("was", "wasnt")):
                return j
            if (
                j < len(tokens)
                and tokens[j].tag == "NN2"
                and not (tokens[verb].low == "has" or (tokens[verb].low == "'s" and _had_done(tokens, verb)))
                and (_followed_by_object(tokens, j) or _goes_somewhere(tokens, j))
                and is_verb_form(tokens[j].text)
            ):
                return j
            if j < len(tokens) and tokens[j].tag in ("PNP", "NP0", "EX0"):
                return None
    return None


def _brings_things(tokens: Sequence[Token], verb: int, at: int) -> bool:
    """ "reorganised the cupboard, labels on every shelf": after what was done things are told, not what she does."""
    if tokens[verb].tag not in ("VVD", "VBD", "VHD", "VDD") or at >= len(tokens):
        return False
    thing = tokens[at].tag in ("NN2", "VVZ") and tokens[at].low.endswith("s") and known(lemma(tokens[at].low))
    return thing and (at + 1 == len(tokens) or tokens[at + 1].tag not in ("AT0", "DPS", "PNP", "DT0", "TO0"))


def _taken_up_after(tokens: Sequence[Token], at: int) -> int | None:
    """ "has sat with everyone who couldn't settle, and has never been asked to": past a clause about others."""
    for i in range(at + 1, len(tokens) - 3):
        if tokens[i].tag in ("VBZ", "VHZ", "VDZ", "VVZ") or tokens[i].low in (".", ";", ":", "was"):
            return None
        if tokens[i].text == "," and [t.low for t in tokens[i + 1 : i + 3]] == ["and", "has"]:
            return i + 2 if tokens[i + 3].low in ("never", "always", "also") else None
    return None


def _followed_by_object(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].tag in ("AT0", "DPS", "PNP", "DT0", "TO0", "AVP")


_AWAY = frozenset("outside inside back away home round off out in up down over upstairs downstairs".split())


def _goes_somewhere(tokens: Sequence[Token], at: int) -> bool:
    """ "Shouts for me and steps outside": a verb, though the tagger takes it for a noun."""
    return at + 1 < len(tokens) and tokens[at + 1].low in _AWAY


_STATES = frozenset(
    "gone stuck supposed meant allowed interested worried tired booked needed based stressed rushed swamped".split()
)
"""Participles that say how somebody is: "she's stuck" is "she is stuck"."""
_PLURAL = {
    "is": "are", "was": "were", "has": "have", "does": "do",
    "isnt": "arent", "wasnt": "werent", "hasnt": "havent", "doesnt": "dont",
}  # fmt: skip


def _plural(verb: Token, tokens: Sequence[Token], at: int) -> str:
    """The verb as "you" does it."""
    if verb.low in _PLURAL:
        return _PLURAL[verb.low]
    if verb.low == "'s":
        return "'ve" if _had_done(tokens, at) else "'re"
    if verb.tag == "VVZ" or (verb.tag in ("NN2", "NN1", "NN0") and verb.low.endswith("s")):
        lemma = verb_lemma(verb.text)
        return lemma if lemma != verb.text else verb.text.removesuffix("s")
    return verb.text


_TAKEN_UP = re.compile(
    r"(?<!thank )(?<!was )(?<!is )(?<!told )(?P<owner>\b(?:to|of|by|with|for|from|on|about|up|at) )?(?<!\w)you(?:,? u?(?:you|u)\b)+(?! (?:and|or)\b)",
    re.IGNORECASE,
)


def _taken_up(found: re.Match[str]) -> str:
    """Whoever is named and meant again is said once, "Amara, she found them", or where the first belongs to thanks, twice."""
    return f"{found['owner']}you, you" if found["owner"] else found.group()[:3]


def _join(sentence: str, pieces: Sequence[_Piece]) -> str:
    """Puts the pieces back with the white space the leader typed."""
    out, end = "", 0
    for piece in pieces:
        gap = sentence[end : piece.token.start]
        end = piece.token.end
        if piece.text == "":
            continue
        out += gap + piece.text
    text = re.sub(r"[ \t]{2,}", " ", out + sentence[end:]).strip()
    text = re.sub(
        r"(?<!thank )(?<!told )\byou,? (?=you(?:ve|re|d|ll)\b)", "", _TAKEN_UP.sub(_taken_up, text), flags=re.IGNORECASE
    )
    text = re.sub(
        r"\ball you\b(?= (?:please|stop|start|kindly|remember|make sure))", "you all", text, flags=re.IGNORECASE
    )
    # "ngozi in the meeting she talked": the name said first is taken up again.
    return re.sub(
        r"^you (?=(?:in|on|at|during|after|before|this|last|yesterday|today)\b(?: [\w'’]+){0,4} you\b)", "", text
    )


def to_third(sentence: str, scene: Scene, meant: frozenset[int] | None = None) -> str:
    """The sentence said of the recipient: "You rewrote your list" -> "Amara rewrote her list". `meant`: as in to_you."""
    tokens = tag(sentence)
    pieces = [_Piece(token, token.text) for token in tokens]
    hidden = quoted(tokens)
    named = bool(mentions_of(tokens, scene.recipient))
    for start, end in mentions_of(tokens, scene.recipient)[:1] if scene.typed_to_you else ():
        if start == 0 and end < len(tokens) and tokens[end].low == "you":
            named = False  # "Early crew you are unreal"
            for piece in pieces[start:end]:
                piece.text = ""
    for at, token in enumerate(tokens):
        if hidden[at]:
            continue
        if token.low in ("guys", "all", "lot") and at and tokens[at - 1].low == "you" and scene.typed_to_you:
            pieces[at].text = ""
        you = token.low in ("you", "your", "yours", "yourself", "yourselves") and not means_anybody(tokens, at)
        if you and at and tokens[at - 1].low == "thank":
            _thank(pieces, at, scene)
            continue
        if you and scene.typed_to_you:
            _name_you(pieces, at, scene)
        elif not named and scene.mentions == 0 and token.low in _ACTING and is_recipient(tokens, at, scene, meant):
            pieces[at].text = scene.recipient.called
            pieces[at].text += "'s" if token.low in _HAS_OR_IS else ""
            if at + 1 < len(pieces):
                pieces[at + 1].text = _AFTER_NAMES.get(tokens[at + 1].low, pieces[at + 1].text)
            scene.mentions += 1
            if scene.pronouns is Pronouns.THEY and not scene.recipient.group:
                _singular(pieces, at)
        if token.text in scene.others:
            scene.last_person = token.text
    scene.mentions += named
    return _join(sentence, pieces)


def _thank(pieces: list[_Piece], at: int, scene: Scene) -> None:
    """ "Thank you" stays in a post; "thank you for covering" says whom."""
    if at + 1 < len(pieces) and pieces[at + 1].token.low == "for" and scene.typed_to_you:
        pieces[at - 1].text, pieces[at].text = f"{pieces[at - 1].token.text}s to", scene.recipient.called
        scene.mentions += 1


_HAS_OR_IS = frozenset(("shes", "hes"))
_ACTING = SUBJECT | _HAS_OR_IS
_AFTER_NAMES = {"d": " had", "'ve": " have", "'re": " are", "’ve": " have", "’re": " are"}
"""What is short after "they" and spelt out after a name: "the night porters have"."""


def _name_you(pieces: list[_Piece], at: int, scene: Scene) -> None:
    tokens = [p.token for p in pieces]
    low = tokens[at].low
    low = "yourself" if low == "yourselves" and not scene.recipient.group else low
    after = next((t for t in tokens[at + 1 :] if t.low not in ("guys", "all", "lot")), None)
    subject = low == "you" and after is not None and after.tag[:2] in ("VV", "VB", "VH", "VD", "VM", "AV", "XX")
    if low == "you" and scene.recipient.group and at and tokens[at - 1].low == "of":
        pieces[at].text = "them"
        return
    first = scene.mentions == 0 or (scene.pronouns is None and low != "yourself")
    if first:
        name = scene.recipient.called
        pieces[at].text = {"you": name, "yourself": name, "yourselves": name}.get(low, f"{name}'s")
    else:
        table = _FROM_YOU[scene.pronouns or Pronouns.THEY]
        pieces[at].text = table["object"] if low == "you" and not subject else table[low]
    scene.mentions += 1
    if subject and (first or scene.pronouns is not Pronouns.THEY) and not scene.recipient.group:
        _singular(pieces, at)


_SINGULAR = {plural: singular for singular, plural in _PLURAL.items()} | {"'re": "'s", "'ve": "'s"}


def _singular(pieces: list[_Piece], at: int) -> None:
    for piece in pieces[at + 1 :]:
        if piece.token.tag in ("AV0", "XX0"):
            continue
        if piece.token.low in _SINGULAR:
            piece.text = _SINGULAR[piece.token.low]
        elif piece.token.tag == "VVB" and verb_lemma(piece.token.text) == piece.token.low:
            piece.text = third_person(piece.token.text)
        return
