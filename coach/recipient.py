"""Whom a message is to: the forms in which a text names one person, several, or a team."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from nicknames import NickNamer

from coach.clauses import FINITE
from coach.language import (
    OF_A_THING,
    Token,
    is_word,
    lemma,
    tag,
    tokens_of,
)
from coach.situation import Pronouns, without_accents
from coach.thesaurus import can_be_somebody, known

TITLES = frozenset(
    "mr mrs ms mx miss dr doctor sister nurse prof professor sir madam chef coach captain sergeant father rev reverend officer "
    "judge imam rabbi pastor constable corporal inspector matron mother brother foreman forewoman deacon manager watch warden ranger "
    "lieutenant commander major colonel councillor lord lady superintendent bishop canon vicar sheikh sensei skipper bosun nanny "
    "dame pc ps dc ds di cllr maestro grandmaster driver engineer technician instructor tutor lecturer principal head deputy trooper "
    "private cadet sgt cpl lt capt insp supt warden conductor guard driller toolpusher porter steward stewardess paramedic pilot trainer umpire "
    "referee chief marshal abbot chaplain curate elder signaller dispatcher firefighter midwife detective señora señor señorita madame monsieur "
    "frau herr signora signor pcso wpc ma'am".split()
)
_POSTS = frozenset("team shift ward project line section site duty night charge staff leader lead".split())
"""Said before a name as part of a title: "Team leader Ana", "Staff nurse Kelly"."""
_HEADS = frozenset("manager leader commander chef officer supervisor lead corporal sergeant".split())
_WITH_SURNAME = frozenset(
    "mr mrs ms mx miss dr doctor prof professor pc ps dc ds di sgt cpl lt capt insp supt cllr judge officer captain firefighter detective "
    "señora señor madame monsieur frau herr signora signor".split()
)
"""Titles said with the surname: "Dr Anjali Rao" is "Dr Rao", where "Sister Agatha Bell" is "Sister Agatha"."""
_NICKNAMES = frozenset(
    "big little old young wee tall uncle auntie aunty aunt granny grandad mama papa nana quiet tiny mad crazy lanky posh lucky lovely "
    "sparky chippy brickie postie lofty smiley shorty titch curly dusty "
    "grandma grandpa gran nan nanna nonna nonno oma opa tio tia".split()
)
_PARTICLES = frozenset("de du da di van von der den la le al el bin ibn ten ter".split())
_SECOND_NAMES = frozenset(
    "ann anne beth carlos claire claude fang hua hui jane jie jo kate laure lou luc marie mei michel pablo pierre rae sophie sue ying zahra "
    "ling".split()
)
"""What follows a first name and is a part of it: "Juan Carlos", "Mei Ling". None of them is a common surname."""
_TEAMS = "|".join(
    "team crew shift group staff everyone everybody all squad volunteers nurses department class committee gang lads folks night "
    "nights days porters teachers drivers cleaners watch desk helpdesk reception accounts payroll sales marketing finance support lab "
    "office kitchen workshop maintenance security payable receivable services operations ops facilities logistics procurement "
    "housekeeping catering stores dispatch admin control fundraising purchasing billing training engineering nursing planning cleaning "
    "packing housing bakery deli warehouse dept physio pharmacy triage".split()
)
_PLACES = "|".join(
    "ward unit floor bay studio room theatre lab warehouse depot site branch store station house year form section line block watch".split()
)
_GROUP = re.compile(
    r"^(?:the|our|my|all|team|crew|shift|squad)\b(?!.*\b(?:lead|leader|manager|captain|boss)\b)"
    rf"|\b(?:{_TEAMS}|lost property|(?:customer|patient|client) care|goods in|(?-i:HR|IT|A&E|ICU))(?: \d+\w?| [A-Z])?$"
    r"|\b(?:team|crew|shift|gang|squad|lads|girls|staff) (?:at|in|on|of|from|for) "
    r"|\w (?-i:bay|pod|bench|hub|cell|branch|unit|line|wing|floor|room|suite|shop)$"
    r"|^(?:everyone|everybody)\b|\b(?:team|crew|squad|gang) (?-i:[A-Z])\w+(?: \d+)?$"
    rf"|^(?:{_PLACES}) (?:\d+\w?|[a-z])$"
    r"|^(?:sales|accounts|night|day|early|late|front|back|kitchen) (?:floor|desk|shift|staff|team|crew|office|of house|bar)\b",
    re.IGNORECASE,
)
"""A team by its name: "the early crew", "Ward 7", "Front desk", "the lads on B shift"."""
TOGETHER = re.compile(r"\S(?:\s+(?:and|&|\+)\s+|,\s+)\S", re.IGNORECASE)
FIRST_NAMES = Path(__file__).parent / "models" / "first-names.txt"


@cache
def _first_names() -> dict[Pronouns, frozenset[str]]:
    """First names that are hardly ever another's (tools/export_first_names.py): they say whom a text's "she" may mean, and
    nothing of the person, whose own pronouns stand in the notebook. In small letters without marks."""
    lines = FIRST_NAMES.read_text("utf-8").splitlines()
    return {
        pronouns: frozenset(line.split()) for pronouns, line in zip((Pronouns.HE, Pronouns.SHE), lines, strict=True)
    }


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
        (bool(_GROUP.search(name)) and not (of_them or _is_one(name))) or bool(TOGETHER.search(name)) or _are_many(name)
    )
    shown = name if group or _is_one(name) or name != name.lower() else " ".join(w.capitalize() for w in name.split())
    words = [w for w in shown.split() if w.rstrip(".").lower() not in TITLES]
    forms = {shown, *other_names}
    if TOGETHER.search(shown):
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
    pronouns = Pronouns.THEY if group else pronouns or pronouns_by_title(shown)
    return _as_typed(Recipient(shown, tuple(ordered), pronouns, group))


def _is_one(name: str) -> bool:
    """ "the new lad", "our receptionist", and not "the early crew"."""
    last = re.fullmatch(
        r"(?:(?:the|our|my) |(?=new |young (?:lad|lass|man|woman|one)))(?:[\w'’-]+ )*(?P<is>[a-z]+)",
        name,
        re.IGNORECASE,
    )
    if last is None:
        return _is_post(name)
    return can_be_somebody(last["is"].lower()) and lemma(last["is"].lower()) == last["is"].lower()


def _is_post(name: str) -> bool:
    """ "Tree Officer", "Night porter", and not "Rose Carpenter", "Sister Warden" or "Chef Porter"."""
    words = name.lower().split()
    if len(words) != 2 or words[0] in TITLES | _NICKNAMES | _POSTS or _is_first_name(words[0]):
        return False
    return is_word(words[0]) and can_be_somebody(words[1]) and words[1] in TITLES


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
    return bool(pronouns_by_name(word) or _CALLED_SHORT.nicknames_of(word))


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
            or (token is tokens[0] and (token.low in fond or _fond_beginning(first, token.low)))
            or any(_fond_of(name, token.low) for name in names)
        )
        and (_can_be_name(token) or _is_flung_first(tokens, token) or _is_written_as_name(text, token))
        # "Bernie" is Bernadette too, whoever bears it more often.
        and (
            token.low in fond
            or _fond_beginning(first, token.low)
            or pronouns_by_name(token.text) in (None, pronouns_by_name(person.name))
        )
    } | _initials_in(tokens, names)
    return _with_bracketed(replace(person, forms=(*person.forms, *sorted(short))), text)


def _initials_in(tokens: Sequence[Token], names: Sequence[str]) -> set[str]:
    """ "JP" of Jean-Paul, who does something there; "PM stock" is not Pat Moore."""
    initials = "".join(part[0] for name in names for part in name.split("-") if part).upper()
    if len(initials) < 2 or is_word(initials.lower()):
        return set()
    does = {name.text for name, then in pairwise(tokens) if then.tag in FINITE or then.low in AFTER_CALLING}
    return does & {initials}


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
        and (token.tag == "NP0" or not known(token.low) or person.address.lower().startswith(token.low[:2]))
        and token.low.rstrip(".") not in TITLES
        and probability(token.start, token.end) >= _named_from(person, token.text)
    ]
    if mentions_of(tokens, person):
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
    if pronouns_by_name(name) not in (None, pronouns_by_name(person.name)):
        return NAMED_FROM  # Paula beside Paul
    stem = re.sub(r"(.)\1$", r"\1", re.sub(r"(?:ie|y|ey|o|s|a)$", "", name))
    own = [word.lower() for word in person.name.split()]
    if len(stem) >= SHORTEST_SHORT_NAME and any(word.startswith(stem) for word in own):
        return FONDLY_FROM  # "Bernie" of Bernadette
    return MEANT_FROM if any(word[0] == name[0] for word in own) else NAMED_FROM


FONDLY_FROM, NAMED_FROM = 0.1, 0.9
"""Where a name begins and ends as short ones do, and where not even its first letter is theirs."""
_THAT_LAD = re.compile(
    r"(?i)\s*((?:this|that) (?:(?:new|young|big|wee|old|other) )?"
    r"(?:lad|lass|boy|girl|man|woman|guy|bloke|kid|chap|fella|feller|gent|lady))\b(?!['’])(?! (?:in|from|at|on|with|who|of|(?-i:[A-Z])))"
)
"""Whom a text is about that begins so and has no name."""


def _is_flung_first(tokens: Sequence[Token], name: Token) -> bool:
    """ "gem youve been brilliant"."""
    first = tokens[0] is name and name.tag[:2] != "VM" and name.low not in ("can", "will", "may")
    return first and len(tokens) > 1 and tokens[1].low in AFTER_CALLING


def _as_typed(person: Recipient) -> Recipient:
    """The recipient with the other ways in which a thumb writes the same name: "Joaquin", "sat crew", "Mia n Tom", "aunty"."""
    forms = list(person.forms)
    for form in person.forms:
        said = {
            without_accents(form),
            WEEKDAY.sub(lambda day: day.group()[:3], form),
            re.sub(r"\bAuntie\b", "Aunty", form),
        }
        said |= (
            {re.sub(r"\s+(?:and|&)\s+", joint, form) for joint in (" and ", " & ", " n ")} if person.group else set()
        )
        forms += sorted(said - set(forms))
    return replace(person, forms=tuple(forms))


WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)


def _fond_beginning(name: str, form: str) -> bool:
    """ "Bernie" of Bernadette, "Stephie" of Stephanie; not "Carly" of Carla."""
    begun = re.fullmatch(r"(\w{4,})(?:ie|y|ey)", form)
    return bool(begun and name.startswith(begun[1]) and len(name) > len(form))


def _fond_of(name: str, form: str) -> bool:
    """ "Jimmy" of Jim, "Robbie" of Rob."""
    return len(name) >= SHORTEST_SHORT_NAME and bool(re.fullmatch(rf"{re.escape(name)}{name[-1]}?(?:y|ie|ey)", form))


def pronouns_by_name(name: str) -> Pronouns | None:
    """What a first name suggests, for a text that leaves it open. "Dr James" is no James."""
    words = [word.rstrip(".").lower() for word in name.split()]
    if len(words) == 2 and words[0] in TITLES:
        return None
    first = without_accents(next((word for word in words if word not in TITLES | _NICKNAMES), ""))
    return next((pronouns for pronouns, names in _first_names().items() if first in names), None)


def pronouns_by_title(name: str) -> Pronouns | None:
    """ "Mr" and "Sister" say it; most titles do not."""
    title = name.split()[0].rstrip(".").lower()
    if title in ("mr", "sir", "father", "brother", "imam", "señor", "monsieur", "herr", "signor", "lord"):
        return Pronouns.HE
    hers = "mrs ms miss madam ma'am sister matron mother señora señorita madame frau signora lady dame".split()
    return Pronouns.SHE if title in hers else None


MEANT_FROM = 0.5
"""A pronoun of the recipient's kind means the recipient from this probability on."""


def mentions_of(tokens: Sequence[Token], person: Recipient) -> list[tuple[int, int]]:
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


def role_before(tokens: Sequence[Token], start: int) -> int:
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


def is_owner(token: Token, person: Recipient) -> bool:
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


AFTER_CALLING = frozenset("i we ur your please pls plz kindly you youve youre youd youll its it thats yeah".split())
