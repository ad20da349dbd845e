"""Who is "you": turns the leader's sentences about a person into sentences to that person, or the reverse.

Nothing is rephrased: only names and pronouns of the recipient change, and the verbs that must agree with them.
Words inside quotation marks stay as they were said.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from typing import NamedTuple

from nicknames import NickNamer

from coach.clauses import FINITE
from coach.language import (
    OF_A_THING,
    Token,
    is_verb_form,
    is_word,
    lemma,
    sentences,
    tag,
    third_person,
    tokens_of,
    verb_lemma,
)
from coach.situation import Pronouns, without_accents
from coach.thesaurus import can_be_somebody

TITLES = frozenset(
    "mr mrs ms mx miss dr doctor sister nurse prof professor sir madam chef coach captain sergeant father rev reverend officer "
    "judge imam rabbi pastor constable corporal inspector matron mother brother foreman forewoman deacon manager watch warden ranger "
    "lieutenant commander major colonel councillor lord lady superintendent bishop canon vicar sheikh sensei skipper bosun nanny "
    "dame pc ps dc ds di cllr maestro grandmaster driver engineer technician instructor tutor lecturer principal head deputy trooper "
    "private cadet sgt cpl lt capt insp supt warden conductor guard driller toolpusher porter steward stewardess paramedic pilot trainer umpire referee "
    "chief marshal abbot chaplain curate elder signaller dispatcher firefighter midwife detective señora señor señorita madame monsieur "
    "frau herr signora signor pcso wpc ma'am".split()
)
_POSTS = frozenset("team shift ward project line section site duty night charge staff leader lead".split())
"""Said before a name as part of a title: "Team leader Ana", "Staff nurse Kelly"."""
_HEADS = frozenset("manager leader commander chef officer supervisor lead corporal sergeant".split())
_WITH_SURNAME = frozenset(
    "mr mrs ms mx miss dr doctor prof professor pc ps dc ds di sgt cpl lt capt insp supt cllr judge officer captain firefighter detective señora señor "
    "madame monsieur frau herr signora signor".split()
)
"""Titles said with the surname: "Dr Anjali Rao" is "Dr Rao", where "Sister Agatha Bell" is "Sister Agatha"."""
_NICKNAMES = frozenset(
    "big little old young wee tall uncle auntie aunty aunt granny grandad mama papa nana quiet tiny mad crazy lanky posh lucky lovely "
    "sparky chippy brickie postie lofty smiley shorty titch curly dusty "
    "grandma grandpa gran nonna nonno oma opa tio tia".split()
)
_PARTICLES = frozenset("de du da di van von der den la le al el bin ibn ten ter".split())
_SECOND_NAMES = frozenset(
    "ann anne beth carlos claire claude fang hua hui jane jie jo kate laure lou luc marie mei michel pablo pierre rae sophie sue ying zahra "
    "ling".split()
)
"""What follows a first name and is a part of it: "Juan Carlos", "Mei Ling". None of them is a common surname."""
_GROUP = re.compile(
    r"^(?:the|our|my|all|team|crew|shift|squad)\b(?!.*\b(?:lead|leader|manager|captain|boss)\b)|\b(?:team|crew|shift|group|staff|everyone|everybody|all|squad|volunteers|nurses|department|"
    r"class|committee|gang|lads|folks|night|nights|days|porters|teachers|drivers|cleaners|watch|(?:help)?desk|reception|accounts|payroll|"
    r"sales|marketing|finance|support|lab|office|kitchen|workshop|maintenance|security|payable|receivable|services|operations|ops|facilities|logistics|procurement|housekeeping|catering|stores|dispatch|admin|control|fundraising|purchasing|billing|training|engineering|nursing|planning|cleaning|packing|housing|bakery|deli|lost property|warehouse|dept|physio|pharmacy|triage|goods in|(?-i:HR|IT|A&E|ICU))(?: \d+\w?| [A-Z])?$"
    r"|\b(?:team|crew|shift|gang|squad|lads|girls|staff) (?:at|in|on|of|from|for) |\w (?-i:bay|pod|bench|hub|cell|branch|unit|line|wing|floor|room|suite)$"
    r"|^(?:everyone|everybody)\b|\b(?:team|crew|squad|gang) (?-i:[A-Z])\w+(?: \d+)?$|^(?:ward|unit|floor|bay|studio|room|theatre|lab|warehouse|depot|site|branch|store|station|house|year|form|section|line|block|watch) (?:\d+\w?|[a-z])$"
    r"|^(?:sales|accounts|night|day|early|late|front|back|kitchen) (?:floor|desk|shift|staff|team|crew|office|of house|bar)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\S(?:\s+(?:and|&|\+)\s+|,\s+)\S", re.IGNORECASE)
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
FIRST_NAMES = Path(__file__).parent / "models" / "first-names.txt"


@cache
def _first_names() -> dict[Pronouns, frozenset[str]]:
    """First names that are hardly ever another's (tools/export_first_names.py): they say whom a text's "she" may mean, and
    nothing of the person, whose own pronouns stand in the notebook. In small letters without marks."""
    lines = FIRST_NAMES.read_text("utf-8").splitlines()
    return {
        pronouns: frozenset(line.split()) for pronouns, line in zip((Pronouns.HE, Pronouns.SHE), lines, strict=True)
    }


_SUBJECT, _OBJECT = {"he", "she", "they"}, {"him", "them"}
_TO_YOU = {
    "he": "you", "she": "you", "they": "you", "him": "you", "them": "you", "his": "your", "their": "your",
    "hers": "yours", "theirs": "yours", "himself": "yourself", "herself": "yourself", "themself": "yourself",
    "themselves": "yourself", "himslef": "yourself", "hisself": "yourself", "herslef": "yourself", "themselfs": "yourself",
    "hes": "youre", "shes": "youre", "theyre": "youre", "theyve": "youve", "hed": "youd", "theyd": "youd",
}  # fmt: skip
_FROM_YOU = {
    Pronouns.HE: {"you": "he", "object": "him", "your": "his", "yours": "his", "yourself": "himself"},
    Pronouns.SHE: {"you": "she", "object": "her", "your": "her", "yours": "hers", "yourself": "herself"},
    Pronouns.THEY: {"you": "they", "object": "them", "your": "their", "yours": "theirs", "yourself": "themself"},
}
_AFTER_PREPOSITION = frozenset(
    "of to for with by from at about on in between against near behind beside towards".split()
)
_TAKE_BARE_VERB = frozenset(
    "let lets letting make made makes help helped helps watch watched see saw hear heard have had".split()
)
_OPEN, _CLOSE = '“"«', '”"»'
_COMMON_CAPITALS = frozenset(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december mon tue wed thu fri sat sun easter christmas ramadan diwali english ok".split()
)


@dataclass(frozen=True)
class Recipient:
    """Whom the message is for, by every form the leader may have typed."""

    name: str
    forms: tuple[str, ...]
    pronouns: Pronouns | None
    group: bool

    @property
    def address(self) -> str:
        """How to call them: "Amara", "Mr Chen", "early crew"."""
        words = self.name.split()
        if self.group or _is_one(self.name):
            return re.sub(r"^(?:the|our|my)\s+", "", self.name, flags=re.IGNORECASE)
        said_before = TITLES | _NICKNAMES | _POSTS | _PARTICLES
        while words[0].islower() and words[0] not in said_before and any(w[0].isupper() for w in words):
            del words[0]  # "lollipop lady Jean"
        # "Crew Manager Obi"
        titles = 2 if len(words) > 2 and words[1].lower() in _HEADS else 0
        while titles < len(words) - 1 and words[titles].rstrip(".").lower() in TITLES | _NICKNAMES | _POSTS:
            titles += 1
        if titles and len(words) > titles + 1 and words[titles - 1].rstrip(".").lower() in _WITH_SURNAME:
            return " ".join([*words[:titles], words[-1]])
        double = len(words) > titles + 1 and words[titles + 1].lower() in _SECOND_NAMES
        return " ".join(words[: titles + 1 + double])

    @property
    def called(self) -> str:
        """How others are told of them: a team by all of its name, "the early crew"."""
        return self.name if self.group or _is_one(self.name) else self.address


def recipient(name: str, other_names: Iterable[str], pronouns: Pronouns | None) -> Recipient:
    name = re.sub(r"^Det\.? (?P<rank>Con|Sgt|Insp)\.?\s+", lambda one: f"D{one['rank'][0]} ", name)
    shorn = re.sub(r"\s*\([^()]*\)?\s*$", "", name)  # "Mr Tibbs (caretaker)"
    alias = re.search(r"\(([A-Z][\w'’-]+)\)\s*$", name) if shorn else None  # "Lady M (Maureen)"
    if alias and re.match(r"(?:the|our|my) ", shorn):
        shorn, alias, other_names = (
            alias[1],
            None,
            [*other_names, shorn, re.sub(r"^the\s+", "", shorn)],
        )  # "the young un (Rhys)"
    name, other_names = shorn or name, [*other_names, *([alias[1]] if alias else [])]
    post = re.fullmatch(r"[^,]*\b(?P<post>[\w'’-]+), (?P<name>[A-Z][\w'’-]+)", name)
    if post and (post["post"] == "PA" or (post["post"].islower() and can_be_somebody(post["post"]))):
        name = post["name"]  # "councillor's PA, Dawn"
    of_them = re.search(r" (?:from|in|at|on) ", name) and _is_first_name(name.split()[0].lower())  # "Kofi from IT"
    group = (
        (bool(_GROUP.search(name)) and not (of_them or _is_one(name)))
        or bool(_TOGETHER.search(name))
        or _are_many(name)
    )
    shown = name if group or _is_one(name) or name != name.lower() else " ".join(w.capitalize() for w in name.split())
    words = [w for w in shown.split() if w.rstrip(".").lower() not in TITLES]
    forms = {shown, *other_names}
    if _TOGETHER.search(shown):
        forms |= {" and ".join(reversed(re.split(r"\s+and\s+", shown)))}
    elif group:
        forms |= {re.sub(r"^(?:the|our|my)\s+", "", shown, flags=re.IGNORECASE)}
        forms |= {f"the {form}" for form in list(forms) if not form.lower().startswith("the ")}
        forms |= {f"the {words[-1]}"} if words[-1].islower() else set()
        part_of = re.search(r"\b(?:on|of|from|in|at) (?P<whole>[A-Z\d]\w* \w+|\w+ [A-Z\d]\w*)$", shown)
        forms |= {part_of["whole"]} if part_of else set()  # "the lads on B shift"
        forms |= {words[-1], f"the {words[-1]}"} if words[-1].lower() in _SHIFTS else set()
        forms |= {f"{shown} team", f"the {shown} team"} if len(words) == 1 else set()  # "the fundraising team's raffle"
    elif _is_one(name):
        whole = shown.split()
        forms |= {" ".join(whole[1:]), f"the {whole[-1]}"}
    elif words:
        forms |= {words[0], " ".join(words)} | ({words[-1]} if len(words[-1].rstrip(".")) > 1 else set())
    ordered = sorted((f for f in forms if f.strip()), key=len, reverse=True)
    pronouns = Pronouns.THEY if group else pronouns or _by_title(shown)
    return _as_typed(Recipient(shown, tuple(ordered), pronouns, group))


def _is_one(name: str) -> bool:
    """ "the new lad", "our receptionist", and not "the early crew"."""
    last = re.fullmatch(r"(?:the|our|my) (?:[\w'’-]+ )*(?P<is>[a-z]+)", name, re.IGNORECASE)
    return last is not None and can_be_somebody(last["is"].lower()) and lemma(last["is"].lower()) == last["is"].lower()


def _are_many(name: str) -> bool:
    """ "Dinner ladies", "B shift pickers", "hygienists", "Green 2", and nobody with a first name ("ian parsons")."""
    words = name.split()
    if not words or _is_first_name(words[0]):
        return False
    one = lemma(words[-1])
    common = words[-1].islower() or (len(words) == 1 and words[0] not in _SURNAMES and _TRADE.search(words[0]))
    people = common and one != words[-1] and words[-1].endswith("s") and can_be_somebody(one.lower())
    return people or (len(words) == 2 and words[-1][0].isdigit())


_SHIFTS = frozenset("nights days earlies lates".split())
_SURNAMES = frozenset(
    "Masters Walters Peters Rogers Winters Sanders Myers Sellers Summers Rivers Flowers Powers Bowers Ayers Sayers".split()
)
_TRADE = re.compile(r"(?:er|or|ist|ian|ant|ent|ard|eer|ee|hand|tech|chef|cook|nurse|rep|guide|clerk|apprentice)s$")
"""How what many people do ends, and a surname seldom: "Pickers", "Stewards", not "Williams"."""


def _is_first_name(word: str) -> bool:
    return bool(_by_name(word) or _CALLED_SHORT.nicknames_of(word))


SHORTEST_SHORT_NAME = 3
_CALLED_SHORT = NickNamer()


def with_short_name(person: Recipient, text: str) -> Recipient:
    """The recipient with the form of the first name that `text` has in its place: "vik" of Vikram, "Jimmy" of Jim."""
    names = [w.lower() for w in person.name.split() if w.rstrip(".").lower() not in TITLES]
    first, tokens = names[0] if names else "", tokens_of(text)
    if person.group or any(token.low == first for token in tokens):
        return person if person.group else _with_bracketed(person, text)
    # "minnie read to them" begins with Wilhelmina; in "she was rude to Beth" Elizabeth is none.
    fond = _CALLED_SHORT.nicknames_of(first) if tokens and first else set()
    short = {
        token.text
        for token in tokens
        if len(token.text) >= SHORTEST_SHORT_NAME
        and (
            first.startswith(token.low)
            or (token is tokens[0] and token.low in fond)
            or any(_fond_of(name, token.low) for name in names)
        )
        and (_can_be_name(token) or _is_flung_first(tokens, token) or _is_written_as_name(text, token))
        and _by_name(token.text) in (None, _by_name(person.name))
    }
    return _with_bracketed(replace(person, forms=(*person.forms, *sorted(short))), text)


def _with_bracketed(person: Recipient, text: str) -> Recipient:
    """The name in brackets after how the recipient is called is theirs: "The new lad (Callum) keeps his airpods in"."""
    forms = "|".join(re.escape(form) for form in person.forms)
    found = re.search(rf"(?<!\w)(?i:{forms}) \((?P<name>[A-Z][a-z'’-]+)\)", text)
    known = {word.lower() for form in person.forms for word in form.split()}
    if (
        not found
        or found["name"].lower() in known
        or not (_is_one(person.name) or _is_first_name(found["name"].lower()))
    ):
        return person  # "Priya (Monday)", "Priya (Finance)"
    return replace(person, forms=(found.group(), *person.forms, found["name"]))


def _can_be_name(token: Token) -> bool:
    """And not "the" for Theodora."""
    unknown = token.tag[:2] in ("NN", "VV", "AJ", "UN", "IT") and not is_word(token.text)
    return token.text[-1].isalpha() and (token.tag == "NP0" or unknown)


def _is_written_as_name(text: str, token: Token) -> bool:
    """A word with a capital where no sentence begins: "on Saturday Bash"; not "Till 4", "The Plough"."""
    if token.tag[:2] not in ("NP", "NN", "VV", "AJ", "UN") or re.match(r" (?:\d|[A-Z])", text[token.end :]):
        return False
    return token.text[0].isupper() and not token.text.isupper() and bool(re.search(r"[\w,] $", text[: token.start]))


def with_name_read(person: Recipient, text: str, probability: Callable[[int, int], float]) -> Recipient:
    """The recipient with the name that `text` has for them: "Aga" of Agnieszka, "JP", "Otilie"; beside their own only its beginning.

    `probability(start, end)`: how surely text[start:end] means the recipient, by the language model.
    """
    tokens = tokens_of(text)
    if person.group:
        return person
    sure = [
        token
        for token in tokens
        if _can_be_name(token)
        and token.low.rstrip(".") not in TITLES
        and probability(token.start, token.end) >= _named_from(person, token.text)
    ]
    if _mentions(tokens, person):
        sure = [token for token in sure if probability(token.start, token.end) >= NAMED_FROM]
        # "Rhi" beside Rhiannon; anybody else beside them is somebody else.
        first = person.address.lower()
        short = {one.text for one in sure if len(one.low) >= SHORTEST_SHORT_NAME and first.startswith(one.low)}
        return replace(person, forms=(*person.forms, *sorted(short - set(person.forms))))
    forms = {text[sure[0].start : sure[0].end]} if sure else set()
    forms |= {text[one.start : then.end] for one, then in pairwise(sure) if one.end + 1 >= then.start}
    alone = {token.low for token in tokens}.isdisjoint({"you", "your", "him", "her", "them"})
    if not sure and alone and (lad := _THAT_LAD.match(text)):
        forms = {lad[1]}
    return replace(person, forms=(*sorted(forms, key=len, reverse=True), *person.forms))


def _named_from(person: Recipient, written: str) -> float:
    """The probability from which on a name that is not the recipient's own means them."""
    name = written.lower()
    if _by_name(name) not in (None, _by_name(person.name)):
        return NAMED_FROM  # Paula beside Paul
    stem = re.sub(r"(.)\1$", r"\1", re.sub(r"(?:ie|y|ey|o|s|a)$", "", name))
    own = [word.lower() for word in person.name.split()]
    if len(stem) >= SHORTEST_SHORT_NAME and any(word.startswith(stem) for word in own):
        return FONDLY_FROM  # "Bernie" of Bernadette
    return MEANT_FROM if any(word[0] == name[0] for word in own) else NAMED_FROM


FONDLY_FROM, NAMED_FROM = 0.1, 0.9
"""Where a name begins and ends as short ones do, and where not even its first letter is theirs."""
_THAT_LAD = re.compile(
    r"(?i)\s*((?:this|that) (?:(?:new|young|big|wee|old|other) )?(?:lad|lass|boy|girl|man|woman|guy|bloke|kid|chap|fella|feller|gent|lady))\b(?!['’])(?! (?:in|from|at|on|with|who|of|(?-i:[A-Z])))"
)
"""Whom a text is about that begins so and has no name."""


def _is_flung_first(tokens: Sequence[Token], name: Token) -> bool:
    """ "gem youve been brilliant"."""
    first = tokens[0] is name and name.tag[:2] != "VM" and name.low not in ("can", "will", "may")
    return first and len(tokens) > 1 and tokens[1].low in _AFTER_CALLING


def _as_typed(person: Recipient) -> Recipient:
    """The recipient with the other ways in which a thumb writes the same name: "Joaquin", "sat crew", "Mia n Tom", "aunty"."""
    forms = list(person.forms)
    for form in person.forms:
        said = {
            without_accents(form),
            _WEEKDAY.sub(lambda day: day.group()[:3], form),
            re.sub(r"\bAuntie\b", "Aunty", form),
        }
        said |= (
            {re.sub(r"\s+(?:and|&)\s+", joint, form) for joint in (" and ", " & ", " n ")} if person.group else set()
        )
        forms += sorted(said - set(forms))
    return replace(person, forms=tuple(forms))


_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)


def _fond_of(name: str, form: str) -> bool:
    """ "Jimmy" of Jim, "Robbie" of Rob."""
    return len(name) >= SHORTEST_SHORT_NAME and bool(re.fullmatch(rf"{re.escape(name)}{name[-1]}?(?:y|ie|ey)", form))


def _by_name(name: str) -> Pronouns | None:
    """What a first name suggests, for a text that leaves it open. "Dr James" is no James."""
    words = [word.rstrip(".").lower() for word in name.split()]
    if len(words) == 2 and words[0] in TITLES:
        return None
    first = without_accents(next((word for word in words if word not in TITLES | _NICKNAMES), ""))
    return next((pronouns for pronouns, names in _first_names().items() if first in names), None)


def _by_title(name: str) -> Pronouns | None:
    """ "Mr" and "Sister" say it; most titles do not."""
    title = name.split()[0].rstrip(".").lower()
    if title in ("mr", "sir", "father", "brother", "imam", "señor", "monsieur", "herr", "signor", "lord"):
        return Pronouns.HE
    hers = "mrs ms miss madam ma'am sister matron mother señora señorita madame frau signora lady dame".split()
    return Pronouns.SHE if title in hers else None


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


MEANT_FROM = 0.5
"""A pronoun of the recipient's kind means the recipient from this probability on."""
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
    known, by_name = scene.recipient.pronouns, _by_name(scene.recipient.name)
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
            own = _own_of_subject(sentence.text, tokens, place) or _own_of_made_to(tokens, place)
            if said and (own or _asked_about_own(tokens, place) or _answers(tokens, place)):
                sure = said[-1].sure
            said += [_Said(start, sure, kind) for kind, words in _SETS.items() if token.low in words]
            wished |= {token.low} if bound else set()
    return said, frozenset(wished)


def _both_of_them(tokens: Sequence[Token], at: int, scene: Scene) -> bool:
    """ "The two of them", "between them", in a text about two who are named."""
    before = " ".join(token.low for token in tokens[max(at - 2, 0) : at])
    together = scene.recipient.group and _TOGETHER.search(scene.recipient.name)
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
    named = {i for start, end in _mentions(words, scene.recipient) for i in range(start, end)}
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
    expected = scene.recipient.pronouns or _by_name(scene.recipient.name) or (early[0] if len(early) == 1 else None)
    return frozenset(_SETS[expected]) if expected in (Pronouns.HE, Pronouns.SHE) else frozenset()


def _likeliest(said: Sequence[_Said], wished: frozenset[str], scene: Scene) -> Pronouns | None:
    """Nobody is "he" and "she": the other kind's words must all mean somebody else."""
    by_name = _by_name(scene.recipient.name)
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
    between = tokens[max((end for _, end in _mentions(tokens[:at], scene.recipient)), default=0) : at]
    doubtful = any(token.low in _ALL_PRONOUNS or token.text in scene.others for token in between)
    return not doubtful and _subject_before(tokens, at, scene) == "recipient"


def _doer_of_self(tokens: Sequence[Token], at: int, scene: Scene) -> int | None:
    """Where the "he" begins whose "himself" stands at `at`: nobody is named between the two."""
    kind = next((words for words in _SETS.values() if tokens[at].low in words), None)
    if kind is None or not tokens[at].low.endswith(("self", "selves")):
        return None
    for token in reversed(tokens[:at]):
        if token.text in scene.others or token.tag == "NP0":
            return None
        if token.low in _SUBJECT & kind:
            return token.start
    return None


_OWNERS = re.compile(
    r"(?P<his>(?:his|her|their)) own\b|\b(?:rais|los|lost|keep|kept|hold|held|blew|blow|roll|bit|lower|chang|hurt)\w* "
    r"(?P<her>his|her|their) (?:voice|temper|cool|nerve|calm|breath|tongue|nose|eyes|mind|head)\b"
    r"|\b(?:took|takes?|taken|spent|spends?|gave up|gives? up|given up|used|wasted|missed|skipped|lost|worked|cut short|in|on) (?:all |half )?(?:of )?(?P<time>his|her|their) "
    r"(?:whole |entire |own |one )?(?:way (?:home|in|out|back|to|over|up|down)\b|days? off|lunch|break|dinner|weekend|evening|night off|rest day|holiday|planning period|free period|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)
"""Whose voice is raised, and whose "own" it is, is whoever does it."""


def _own_of_subject(sentence: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether "her" belongs to the pronoun before it in the clause: who "she" is in "she never lost her temper", "her" is too."""
    owned = any(tokens[at].start == m.start("her") for m in _OWNERS.finditer(sentence))
    before = next((t for t in reversed(tokens[:at]) if t.tag in ("PNP", "NP0", "NN1", "NN2", "PUN")), None)
    return owned and before is not None and before.low in _SUBJECT


def _own_of_made_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether "herself" is hers who is let or helped: "let her hold the spoon herself"."""
    before = [i for i in range(at) if tokens[i].low in _ALL_PRONOUNS]
    made = bool(before) and before[-1] > 0 and tokens[before[-1] - 1].low in _TAKE_BARE_VERB
    return made and tokens[at].low.endswith("self") and tokens[before[-1]].low in ("her", "him")


_ANSWERED = re.compile(
    r"\b(?:asked|rang|called|messaged|reminded|told) (?:(?P<her>her)|him|them)\b(?: \w+){0,4} (?(her)she|(?:he|they)) (?:said|says|replied|answered|goes)$"
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
    "who whoever chair someone somebody everyone everybody anyone anybody nobody others one mr mrs ms miss dr staff crew team family families class group crowd "
    "public audience committee board council police company firm client clients people folk folks kids lads ward department agency office "
    "supplier customer mum mums nan gran bloke blokes fella chap mate mates punter temp temps rep reps lead newbie starter starters".split()
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
        kind = _by_name(token.text)
        if kind is not None:
            return own is None or kind is own
        if token.text in others or token.tag == "NP0":
            return True
    if token.tag[:2] not in ("NN", "NP") or not token.text.isalpha() or token.low in _COMMON_CAPITALS:
        return False
    return can_be_somebody(token.low) or can_be_somebody(lemma(token.low)) or not is_word(token.text)


def _is_titled_otherwise(tokens: Sequence[Token], at: int, own: Pronouns | None) -> bool:
    """ "Mr Dunne", who is no "she"."""
    titled = [kind for token in tokens[max(at - 2, 0) : at + 1] if (kind := _by_title(token.text))]
    return own is not None and bool(titled) and own not in titled


def _nobody_else_until(scene: Scene, text: str) -> int:
    """Up to where a text speaks of the recipient alone: a "she" before it can mean nobody else.

    0 where the text does not begin with the recipient.
    """
    tokens = tokens_of(text)
    named = _mentions(tokens, scene.recipient)
    if not named or scene.recipient.group or named[0][1] > 4:
        return 0
    theirs = {at for start, end in named for at in range(_role_before(tokens, start), end)}
    own = _by_name(scene.recipient.name) or scene.recipient.pronouns
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
        _subject_before(tokens, at, scene) == "recipient" and not any(t.low in _SUBJECT for t in tokens[:at])
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
    if low not in _OBJECT and (low != "her" or _is_possessive(tokens, at)):
        return False
    near = before is not None and (before.tag.startswith("VV") or before.low in ("to", "for", "after"))
    near = near or _beside_somebody(tokens, at)
    mine = any(token.low in ("me", "us", "i", "we") for token in tokens[:at])
    return near and not mine and _subject_before(tokens, at, scene) == "recipient"


def _somebody_acts(before: Sequence[Token]) -> bool:
    """ "Homeowner stood watching with | her hand over her mouth": in one clause with somebody's deed, and nobody else's."""
    at = 1 if before[:1] and before[0].tag in ("AT0", "DPS", "DT0") else 0
    acts = len(before) > at + 1 and before[at + 1].tag in ("VVD", "VBD", "VHD", "VDD", "VVZ", "VBZ", "VHZ")
    one = all(token.low not in _SUBJECT and token.tag not in ("CJS", "CJC") for token in before)
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
    said = [token for at, token in enumerate(said) if not _means_anybody(said, at)]
    if not any(t.low in ("you", "your", "yours", "yourself", "ur") or t.text == "u" for t in said):
        return False
    if any(
        one.low == "you" and after.tag in ("VVD", "VBD", "VHD", "VDD") and before.text in ("-", "*", "•", ".", "!")
        for before, one, after in zip(said, said[1:], said[2:], strict=False)
    ):
        return True
    third = {kind for kind in (Pronouns.HE, Pronouns.SHE) if any(t.low in _SETS[kind] for t in tokens)}
    called = any(
        start == 0 and end < len(tokens) and tokens[end].text == "," for start, end in _mentions(tokens, person)
    )
    other = bool(third) and _by_name(person.name) not in {None, *third}
    return not third or called or other or tokens[0].low in ("you", "your")


_ANYBODY = re.compile(
    r"you (?:(?:'d|would) (?:never|hardly|not|n't)(?: have)? (?:known?|guess\w*|think|thought|believed?)|could (?:hear|cut|see) (?:a|the|your)\b|(?:ca|could) n't (?:fault|buy|make it up))"
    r"|you believe (?:it|that)\b|you know who\b"
)


def _means_anybody(tokens: Sequence[Token], at: int) -> bool:
    """Whether "you" is nobody in particular: "you'd never have known", "can you believe it"."""
    return tokens[at].low == "you" and bool(
        _ANYBODY.match(" ".join(t.low.replace("’", "'") for t in tokens[at : at + 6]))
    )


def _outside_quotes(tokens: Sequence[Token]) -> list[Token]:
    inside = _quoted(tokens)
    return [t for t, hidden in zip(tokens, inside, strict=True) if not hidden]


def _quoted(tokens: Sequence[Token]) -> list[bool]:
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
    hidden = _quoted(tokens)
    for start, end in _mentions(tokens, scene.recipient):
        if not hidden[start]:
            if _called(tokens, start, end, scene.recipient.group):
                first = start - 1 if start and tokens[start - 1].text == "," else start
                for piece in pieces[first:end]:
                    piece.text = ""
            else:
                for piece in pieces[_role_before(tokens, start) : start]:
                    piece.text = ""
                goes_on = (
                    tokens[end].tag[:2] in ("NN", "NP") or tokens[end].low == "and" if end < len(tokens) else False
                )
                if start and tokens[start - 1].low == "the" and not goes_on:
                    pieces[start - 1].text = ""  # "tell the dean", who is Dean Whitlock
                _replace_name(pieces, start, end, _is_owner(tokens[end - 1], scene.recipient))
            scene.mentions += 1
    for at, piece in enumerate(pieces):
        third = not scene.typed_to_you and piece.token.low in _ALL_PRONOUNS
        if not hidden[at] and not piece.you and third and _is_recipient(tokens, at, scene, meant):
            _replace_pronoun(pieces, at, scene)
        if piece.token.text in scene.others:
            scene.last_person = piece.token.text
    for at, piece in enumerate(pieces):
        if piece.you and not piece.possessive and piece.token.low not in ("him", "her", "them"):
            _agree(pieces, at)
    return _join(sentence, pieces)


def done_by_you(doing: str) -> str:
    """A fragment that says what somebody does, said to them: "writes it down and types it up" -> "you write it down and type it up"."""
    sentence = f"you {doing[0].lower()}{doing[1:]}"
    pieces = [_Piece(token, token.text) for token in tag(sentence)]
    pieces[0].you = True
    _agree(pieces, 0)
    return _join(sentence, pieces)


_ALL_PRONOUNS = frozenset().union(*_SETS.values())


def _mentions(tokens: Sequence[Token], person: Recipient) -> list[tuple[int, int]]:
    """Token ranges [start, end) that name the recipient, longest form first, a title before the name included."""
    low = [token.low for token in tokens]
    taken: list[tuple[int, int]] = []
    for form in person.forms:
        parts = [t.low for t in tag(form)]
        for start in range(len(low) - len(parts) + 1):
            end = start + len(parts)
            # "the whole watch" is not Watch Manager Boyle.
            common = len(parts) == 1 and parts[0] in TITLES and not tokens[start].text[0].isupper()
            # "400 pallets in three days", and not "Nights you are unreal"
            common = common or (len(parts) == 1 and parts[0] in _SHIFTS and start > 0 and low[end : end + 1] != ["you"])
            common = common or (
                start > 0 and low[start - 1] in OF_A_THING and tokens[start].text.islower() and is_word(parts[0])
            )
            owner = low[start:end] != parts and _owns(tokens, start, end, parts)
            if (low[start:end] == parts or owner) and not common and not any(a < end and start < b for a, b in taken):
                dotted = 1 + (start > 1 and low[start - 1] == ".")
                if start >= dotted and low[start - dotted].rstrip(".") in TITLES:
                    start -= dotted
                honoured = end + 1 < len(low) and low[end] in _HONOURED and tokens[end + 1].tag != "PUN"
                taken.append((start, end + honoured))
    return sorted(taken)


_HONOURED = frozenset("sir madam ma'am maam ji saheb sahib bhai didi san sensei".split())
"""After a name, part of how somebody is called: "Prakash sir has checked"."""
_FONDLY = frozenset("young old little poor dear lovely good our".split())


def _role_before(tokens: Sequence[Token], start: int) -> int:
    """Where what somebody is begins, at the head of a sentence and before the name: "our caretaker Mr Kowalczyk", "new lad Amadou"."""
    while start and tokens[start - 1].low in _FONDLY and tokens[start].text[0].isupper():
        start -= 1  # "and young Piotr got the slips out"
    role = tokens[:start]
    owned = bool(role) and role[0].low in ("our", "my")
    if owned and len(role) == 1:
        return 0  # "our nurse Amara", "our Agnes"
    led = owned or (bool(role) and role[0].low == "the")
    plain = all(token.tag[:2] in ("NN", "AJ") for token in role[led:])
    if len(role) < 2 or not plain or not can_be_somebody(lemma(role[-1].low)):
        return start
    return 0 if owned or role[0].low in ("new", "young", "the") else start


def _is_owner(token: Token, person: Recipient) -> bool:
    """ "dmitris", where the name is Dmitri."""
    words = {word.low for form in person.forms for word in tag(form)}
    return token.low not in words and token.low.removesuffix("s") in words


def _owns(tokens: Sequence[Token], start: int, end: int, parts: Sequence[str]) -> bool:
    """Whether the name stands there as an owner, typed without the apostrophe: "dmitris pallets", "wei lings logo"."""
    after = [token.tag for token in tokens[end : end + 2]]
    thing = after[:1] and after[0][:2] == "NN"
    # "zsofias late" is late herself, "zsofias late shift" is hers.
    described = (
        len(after) == 2 and (after[0][:2] in ("AJ", "OR") or after[0] in ("VVB", "VVI")) and after[1][:2] == "NN"
    )
    if not (thing or described):
        return False
    owner = [token.low for token in tokens[start:end]] == [*parts[:-1], f"{parts[-1]}s"]
    return owner and len(parts[-1]) >= SHORTEST_SHORT_NAME and not is_word(tokens[end - 1].text)


_PRAISING = frozenset("good great nice lovely brilliant fantastic top super excellent amazing cracking".split())
_CHEERS = frozenset(
    "nice one|well done|good job|great job|nice job|good work|great work|nice work|thank you|hats off|ta|cheers|thanks|bravo|congrats".split(
        "|"
    )
)


_AFTER_CALLING = frozenset("i we ur your please pls plz kindly you youve youre youd youll its it thats yeah".split())
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
    if start > 1 and _ends(tokens[end:]) and _flung_after(tokens[:start]):
        return True
    if start == 0 and end < len(tokens):
        # "Raj I heard you", "babs your knitting", "nani please stop", "yuki the walk-in has been labelled wrong"
        thing = tokens[end].low == "the" and end + 1 < len(tokens) and not can_be_somebody(lemma(tokens[end + 1].low))
        orders = _is_order(tokens[end:]) and not team
        lacks = tokens[end].low == "no" and end + 1 < len(tokens) and tokens[end + 1].low not in ("longer", "doubt")
        return lacks or tokens[end].low in _AFTER_CALLING or thing or orders
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
        return token.tag in ("VVN", "VBN", "VHN", "VVG", "VBG", "AT0", "VDN") or (
            token.tag == "AJ0" and (after is None or not after.tag.startswith("N"))
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


def _is_recipient(tokens: Sequence[Token], at: int, scene: Scene, meant: frozenset[int] | None) -> bool:
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
    if low == "her" and not _is_possessive(tokens, at):
        return _subject_before(tokens, at, scene) != "recipient"
    if named and low in _SUBJECT:
        return _subject_before(tokens, at, scene) != "other" or not _starts_clause_after_other(tokens, at, scene)
    return not (named and _subject_before(tokens, at, scene) == "other")


def _subject_before(tokens: Sequence[Token], at: int, scene: Scene) -> str:
    """Who does the verb before `at`: "recipient", "other" or "" (neither, or nobody)."""
    mentions = {i for start, end in _mentions(tokens, scene.recipient) for i in range(start, end)}
    for i in range(at - 1, -1, -1):
        if tokens[i].tag[:2] not in ("VV", "VB", "VH", "VD", "VM"):
            continue
        j = i - 1
        while j >= 0 and tokens[j].tag in ("AV0", "XX0", "AVP", "VM0", "VHD", "VHZ", "VBD", "VBZ"):
            j -= 1
        if j >= 0 and (
            j in mentions or (tokens[j].low in _SUBJECT and scene.pronouns and tokens[j].low in _SETS[scene.pronouns])
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


def _is_possessive(tokens: Sequence[Token], at: int) -> bool:
    """Whether "her" at `at` owns what follows: "her list", against "told her that"."""
    if at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if after.low in _OWNED:
        return True
    if at and _ends_here(tokens[at - 1], after, tokens[at + 2] if at + 2 < len(tokens) else None):
        return False
    if after.tag in _NOT_OWNED:
        return after.low == "own"
    return after.tag not in _VERBS_TOO or after.low in _NOUNS_HERE


_GIVE = frozenset("give pay owe allow lend buy".split())
_UNITS = frozenset(
    "minute minutes mins min hour hours hrs day days week weeks month months quid pounds euros dollars".split()
)
_HAVE_SO = frozenset("like want need keep get find leave make have".split())


def _ends_here(before: Token, after: Token, second: Token | None) -> bool:
    """ "I'd reminded her Thursday", "took her home", "cost her an hour", "let her go": nothing is hers."""
    if _WEEKDAY.fullmatch(after.text) or after.low in ("yesterday", "today"):
        return verb_lemma(before.text) in _SPOKEN_TO and (second is None or second.tag[:2] != "NN")
    if after.low == "home":
        return verb_lemma(before.text) in _MOVES
    if (
        after.tag == "AJ0"
        and verb_lemma(before.text) in _HAVE_SO
        and (second is None or second.tag in ("PUN", "CJC", "PRP"))
    ):
        return True  # "I would like her alive."
    if after.low in ("questions", "stuff", "things"):
        return verb_lemma(before.text) in ("ask", "tell")
    if before.low in ("took", "takes", "take", "cost", "costs"):
        return after.tag in ("CRD", "AT0", "DT0")
    if after.tag == "CRD" and second is not None:
        # "asked her four times", "give her two hours", "shout at her 15 min"
        times = second.low == "times" and verb_lemma(before.text) in _SPOKEN_TO
        return times or (second.low in _UNITS and (before.low == "at" or verb_lemma(before.text) in _GIVE))
    return before.low in _TAKE_BARE_VERB and is_verb_form(after.text) and verb_lemma(after.text) == after.low


def _replace_pronoun(pieces: list[_Piece], at: int, scene: Scene) -> None:
    piece = pieces[at]
    low = piece.token.low
    piece.you = True
    if low == "her":
        piece.possessive = _is_possessive([p.token for p in pieces], at)
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
    if (
        len(rest) > 1
        and rest[1].tag in ("PNP", "AT0", "DPS", "NP0")
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
    return after.tag in ("VVN", "VBN", "VHN", "VDN") or after.low in ("got", "gotta")


def _agree(pieces: list[_Piece], at: int) -> None:
    """Makes the verbs whose subject is the "you" at `at` agree with it."""
    tokens = [p.token for p in pieces]
    before = tokens[at - 1].low if at else ""
    if before in ("was", "is", "has", "does", "'s") and (at == 1 or tokens[at - 2].tag in ("AVQ", "DTQ", "PNQ", "PUN")):
        pieces[at - 1].text = _plural(tokens[at - 1], tokens, at - 1)
        return
    if before in _AFTER_PREPOSITION and tokens[at].low not in _SUBJECT:
        return
    verb = _next_verb(pieces, at + 1) if not (at and tokens[at - 1].tag == "VM0") else None  # "Could you try one page"
    while verb is not None:
        pieces[verb].text = _plural(tokens[verb], tokens, verb)
        verb = _coordinated_verb(pieces, verb)


def _next_verb(pieces: list[_Piece], start: int) -> int | None:
    """The verb right after the subject, adverbs and a short aside between commas skipped."""
    first = start
    for i in range(start, len(pieces)):
        token, text = pieces[i].token, pieces[i].text
        if text == "" and not token.text == "'":
            first = i + 1
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
        if tokens[i].tag in ("CJS", "CJT", "DTQ", "PNQ", "AVQ") or tokens[i].low in (".", ";", ":", "so", "which"):
            return None
        if tokens[i].tag == "CJC" or tokens[i].text == ",":
            j = i + 1
            while j < len(tokens) and tokens[j].tag in ("AV0", "CJC"):
                j += 1
            if j < len(tokens) and (tokens[j].tag in ("VVZ", "VBZ", "VHZ", "VDZ") or tokens[j].low == "was"):
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
    hidden = _quoted(tokens)
    named = bool(_mentions(tokens, scene.recipient))
    for start, end in _mentions(tokens, scene.recipient)[:1] if scene.typed_to_you else ():
        if start == 0 and end < len(tokens) and tokens[end].low == "you":
            named = False  # "Early crew you are unreal"
            for piece in pieces[start:end]:
                piece.text = ""
    for at, token in enumerate(tokens):
        if hidden[at]:
            continue
        if token.low in ("guys", "all", "lot") and at and tokens[at - 1].low == "you" and scene.typed_to_you:
            pieces[at].text = ""
        you = token.low in ("you", "your", "yours", "yourself", "yourselves") and not _means_anybody(tokens, at)
        if you and at and tokens[at - 1].low == "thank":
            _thank(pieces, at, scene)
            continue
        if you and scene.typed_to_you:
            _name_you(pieces, at, scene)
        elif not named and scene.mentions == 0 and token.low in _ACTING and _is_recipient(tokens, at, scene, meant):
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
_ACTING = _SUBJECT | _HAS_OR_IS
_AFTER_NAMES = {"d": " had", "'ve": " have", "'re": " are", "’ve": " have", "’re": " are"}
"""What is short after "they" and spelt out after a name: "the night porters have"."""


def _name_you(pieces: list[_Piece], at: int, scene: Scene) -> None:
    tokens = [p.token for p in pieces]
    low = tokens[at].low.replace("yourselves", "yourself")
    after = next((t for t in tokens[at + 1 :] if t.low not in ("guys", "all", "lot")), None)
    subject = low == "you" and after is not None and after.tag[:2] in ("VV", "VB", "VH", "VD", "VM", "AV", "XX")
    if low == "you" and scene.recipient.group and at and tokens[at - 1].low == "of":
        pieces[at].text = "them"
        return
    first = scene.mentions == 0 or (scene.pronouns is None and low != "yourself")
    if first:
        name = scene.recipient.called
        pieces[at].text = {"you": name, "yourself": name}.get(low, f"{name}'s")
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
