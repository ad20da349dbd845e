"""Stand-ins: names, places, companies, addresses and numbers are replaced before sending and put back in the answer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from coach.language import is_verb_form, lemma, tokens_of
from coach.quantity import MONTHS, WEEKDAYS
from coach.thesaurus import known

NAMES = (
    "Velka Torvan Quilla Brenok Zelmi Jorvik Drusena Hyldan Marvek Sofrin Talvik Wendra Ostrel Pirkon Nalvey Gundra Fenwik Ludmar "
    "Yolvane Kestrin Arvido Belmira Cordan Delvin Ezmira Fjorda Gralek Hestan Ivrena Jaskon Kolvar Lumira Mirdan Norvek Oldric Pelvana "
    "Rastik Selvon Tyrela Ulvara Vorden Wilkana Xandor Yestra Zorvan Bravik Chelda Dorvane Elwik Galdor"
).split()
"""Names that nobody has and no word resembles: each begins with four letters of its own, so that a bent one is noticed."""
DAYS = (frozenset(WEEKDAYS) | frozenset(MONTHS)) - {"april", "may", "june", "august"}
"""Never names, even in front of one ("on Tuesday Amara"); four months are names as well."""
LEFT_OUT = "[…?]"
_ENDING = r"(?P<ending>['’]s|s['’]|['’](?!\w)|s|es)?"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"”’)]+")
_PHONE = re.compile(r"(?<![\w.])(?!\d{4}-\d\d-\d\d)(?:\+|00)?\d(?:[\s()./-]{0,2}\d){7,14}(?!\w)")
_COMMON = frozenset(
    "I OK TV AM PM CV FAQ IT HR QA PR UI UX API CEO CFO CTO COO KPI ICU ER PDF SQL CSV DIY ASAP FYI ETA EU UK US USA AI ID RN GP Mr Mrs Ms Mx Dr Prof "
    "Sir Madam English French German Spanish Italian Dutch Easter Christmas Eid Diwali Ramadan Hanukkah New Year Excel Word Slack Teams Zoom".split()
)


@dataclass(frozen=True)
class StandIns:
    """`pairs`: what is real and what stands for it. Empty where nothing is replaced."""

    pairs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _real(self) -> dict[str, str]:
        return {real.casefold(): fake for real, fake in self.pairs}

    @cached_property
    def _fake(self) -> dict[str, str]:
        return {fake.casefold(): real for real, fake in self.pairs}

    @cached_property
    def _hides(self) -> re.Pattern[str] | None:
        return _any_of(real for real, _ in self.pairs)

    @cached_property
    def _puts(self) -> re.Pattern[str] | None:
        return _any_of(fake for _, fake in self.pairs)

    @cached_property
    def _bent(self) -> re.Pattern[str] | None:
        """What begins like a stand-in and is none: "Velką", "Velkachen"."""
        if not self.pairs:
            return None
        stems = "|".join(sorted({re.escape(fake[:4]) for _, fake in self.pairs if fake.isalpha()}))
        made = r"[\w.+-]*stand-?in-?\d*[\w.+-]*@[\w.-]+|\S*stand-in\.example\S*"
        return re.compile(rf"(?<!\w)(?:(?:{stems})\w*(?:['’]\w+)?|{made})" if stems else made, re.IGNORECASE)

    def hide(self, text: str) -> str:
        """The text with every stand-in in its place."""
        if self._hides is None:
            return text
        return self._hides.sub(lambda m: self._hidden(m["word"], m["ending"] or ""), text)

    def _hidden(self, word: str, ending: str) -> str:
        if word.islower() and word.isalpha() and known(word):
            return word + ending  # "will" and "grace" are words before they are names
        fake = self._real[word.casefold()]
        fake = fake.upper() if word.isupper() and len(word) > 1 else fake
        return fake + ("’s" if ending in ("'", "’") else ending)

    def put_back(self, text: str) -> str:
        """The text with the real names; a bent stand-in, whose name nobody can tell, becomes a blank."""
        if self._puts is None or self._bent is None:
            return text
        text = self._puts.sub(lambda m: self._back(m["word"], m["ending"] or ""), text)
        told = {real.casefold() for real, _ in self.pairs}
        return self._bent.sub(lambda m: m.group() if m.group().casefold() in told else LEFT_OUT, text)

    def _back(self, word: str, ending: str) -> str:
        real = self._fake[word.casefold()]
        real = real.upper() if word.isupper() and len(word) > 1 else real
        if ending in ("'", "’"):
            ending = f"{ending}s"
        if ending == "s" and real[-1:].lower() in "sxz":
            ending = "es"
        return real + ending


NOBODY = StandIns()
"""Nobody is hidden."""


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    if not longest_first:
        return None
    one = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"(?<![\w@])(?P<word>{one}){_ENDING}(?!\w)", re.IGNORECASE)


@dataclass
class PuttingBack:
    """Puts names back while the text arrives: what may be half a name waits for its end."""

    standins: StandIns
    _waiting: str = field(default="", init=False)

    def take(self, piece: str) -> str:
        whole = self._waiting + piece
        cut = max((m.end() for m in re.finditer(r"\s", whole)), default=0)
        self._waiting = whole[cut:]
        return self.standins.put_back(whole[:cut])

    def rest(self) -> str:
        """At the end: what was still waiting."""
        waiting, self._waiting = self._waiting, ""
        return self.standins.put_back(waiting)


def stand_ins(people: Iterable[str], texts: Sequence[str], before: StandIns = NOBODY) -> StandIns:
    """For everyone and everything that the texts name. `people`: names known from the notebook, in full.

    The same name gets the same stand-in throughout, that of `before` where it has one; none that occurs in the texts is used.
    """
    whole = "\n".join(texts)
    names = [part for name in people for part in _parts(name) if re.search(rf"(?<!\w){re.escape(part)}", whole, re.I)]
    found = dict.fromkeys([*names, *(name for text in texts for name in _named(text))])
    taken = whole.lower() + " ".join(fake.lower() for _, fake in before.pairs)
    free = iter(name for name in NAMES if name[:4].lower() not in taken)
    pairs = {real.casefold(): (real, fake) for real, fake in before.pairs}
    for at, real in enumerate([*_made(whole), *found], start=len(pairs) + 1):
        if real.casefold() not in pairs:
            pairs[real.casefold()] = (real, _fake_for(real, at, free))
    return StandIns(tuple(pairs.values()))


def _parts(name: str) -> Iterator[str]:
    return (part for part in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name) if len(part) > 1 and part not in _COMMON)


def _made(text: str) -> list[str]:
    """Addresses, links and telephone numbers."""
    return [m.group().rstrip(".,;:!?") for pattern in (_MAIL, _LINK, _PHONE) for m in pattern.finditer(text)]


def _fake_for(real: str, at: int, free: Iterator[str]) -> str:
    if _MAIL.fullmatch(real):
        return f"stand-in-{at}@stand-in.example"
    if _LINK.fullmatch(real):
        return f"https://stand-in.example/{at}"
    if _PHONE.fullmatch(real):
        return f"+999{at:07d}"
    return next(free, f"Quorvex{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}")


def _named(text: str) -> list[str]:
    """Capitalised words that are no words of the language, and what stands capitalised beside them."""
    tokens = tokens_of(text)
    names = [_is_name(tokens, at, text) for at in range(len(tokens))]
    found = []
    for at, token in enumerate(tokens):
        beside = any(0 <= to < len(tokens) and names[to] and _near(tokens, at, to, text) for to in (at - 1, at + 1))
        if names[at] or (beside and _capital(token.text) and token.low not in DAYS and not _opens(tokens, at, text)):
            found.append(token.text)
    return found


def _near(tokens: Sequence[object], at: int, to: int, text: str) -> bool:
    first, second = sorted((at, to))
    return text[tokens[first].end : tokens[second].start] == " "  # type: ignore[attr-defined]


def _capital(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word[0].isalpha() and word not in _COMMON


def _opens(tokens: Sequence[object], at: int, text: str) -> bool:
    before = text[: tokens[at].start].rstrip(" \t\"'“‘(*-•")  # type: ignore[attr-defined]
    return not before or before[-1] in ".!?:…\n"


def _is_name(tokens: Sequence[object], at: int, text: str) -> bool:
    token = tokens[at]
    word, low, tag = token.text, token.low, token.tag  # type: ignore[attr-defined]
    if not _capital(word) or low in WEEKDAYS or low in MONTHS:
        return False
    a_word = known(low) or known(lemma(low)) or is_verb_form(low)
    if _opens(tokens, at, text):
        return not a_word and tag in ("NP0", "NN0", "NN1", "NN2", "AJ0", "UNC")
    return not a_word or (tag == "NP0" and not word.isupper())
