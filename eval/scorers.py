"""Scorers: one question each about one output. What cannot be judged is unscored (None) with the reason, never 0.

Those of the checker ask the same pure checks that the leader sees; they are opened when the first is asked for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from random import Random
from typing import Any

from coach.situation import Channel, Kind
from eval.case import Case, Moment, Query, Suite, folded
from eval.output import Output
from eval.ranking import average_precision, ndcg, recall, reciprocal_rank

LONGEST = {Channel.PUBLIC_CHAT: 80, Channel.DIRECT: 130, Channel.SPOKEN: 130, Channel.EMAIL: 200, Channel.CARD: 40}
"""Words. The channel's readers stop there; said by the checker too (`too-long`), here without opening it."""
LINE_UP = 5
SHORTEST_TO_COMPARE = 5
"""Words: a message shorter than this is no message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """message[start:end] is what a finding is about."""

    start: int
    end: int
    code: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    value: float | None
    why: str = ""

    @property
    def unscored(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the checker finds in a message, and the source of each of its clauses."""

    sources: tuple[str, ...]
    codes: tuple[str, ...]
    blocking: tuple[str, ...]
    marks: tuple[Mark, ...]


Reviewer = Callable[[Case, Output], Review]


@dataclass
class Seen:
    """One output with all that may be asked about it."""

    case: Case
    output: Output
    reviewer: Reviewer | None = None
    company: "Company | None" = None

    @cached_property
    def review(self) -> Review:
        if self.reviewer is None:
            raise LookupError("the checker was not opened")
        return self.reviewer(self.case, self.output)

    @property
    def message(self) -> str:
        return self.output.message

    @cached_property
    def told(self) -> str:
        """All that the leader said: the situation and the notes that were given."""
        used = set(self.output.used)
        return "\n".join([self.case.input_text, *(n.text for n in self.case.notes if n.id in used)])


class Company:
    """All outputs of a run, for what can only be said of one beside the others."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        self.by_suite: defaultdict[str, list[Seen]] = defaultdict(list)
        self.by_cluster: defaultdict[str, list[Seen]] = defaultdict(list)
        for one in seen:
            one.company = self
            self.by_suite[one.case.suite].append(one)
            self.by_cluster[one.case.drawn_with].append(one)

    @cached_property
    def given(self) -> dict[tuple[str, ...], set[str]]:
        """Each phrase of four words -> the people who got it."""
        found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for suite, seen in self.by_suite.items():
            for one in seen if Suite(suite).generates else ():
                for phrase in _phrases(one.message):
                    found[phrase].add(folded(one.case.moment.to))
        return found


Judge = Callable[[Seen], Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """`share`: the score is 1 or 0 and its rate gets a Wilson interval; else a mean with a bootstrap interval.

    `reviews`: it opens the checker. `compares`: it needs all outputs of the run.
    """

    name: str
    judge: Judge
    share: bool = True
    reviews: bool = False
    compares: bool = False


def unscored(why: str) -> Score:
    return Score(value=None, why=why)


def passed_if(holds: bool, why: str = "") -> Score:
    return Score(value=1.0) if holds else Score(value=0.0, why=why)


# Form and fit


def form(seen: Seen) -> Score:
    """A whole message in plain text: not empty, not cut off, no markup, no prompt showing through."""
    text = seen.message
    if seen.output.error or not text.strip():
        return Score(value=0.0, why=seen.output.error or "empty")
    if seen.output.finish_reason == "length":
        return Score(value=0.0, why="cut off")
    found = _NO_MESSAGE.search(text)
    return passed_if(not found, f"“{found.group()[:40].strip()}” is no part of a message" if found else "")


_NO_MESSAGE = re.compile(
    r"</?[a-z][a-z0-9_-]*>|^#+ |\*\*|```|\{\{|\[(?:name|your name|date|insert)[^\]]*\]|\bas an ai\b"
    r"|^(?:sure|certainly|here(?:'s| is) (?:a|the|your))\b.*:",
    re.IGNORECASE | re.MULTILINE,
)


def fit(seen: Seen) -> Score:
    """Short enough for its channel, and feedback not where others read."""
    moment, words = seen.case.moment, len(seen.message.split())
    if not words:
        return unscored("no message")
    limit = LONGEST[moment.channel]
    return passed_if(words <= limit, f"{words} words, {limit} fit")


# What it holds


def facts(seen: Seen) -> Score:
    """The share of the facts that are carried, in any of their wordings."""
    if not seen.case.gold.facts:
        return unscored("no facts are labelled")
    if not seen.message:
        return unscored("no message")
    lost = [wordings[0] for wordings in seen.case.gold.facts if not _holds(seen.message, wordings)]
    return Score(value=1 - len(lost) / len(seen.case.gold.facts), why=f"lost: {', '.join(lost)}" if lost else "")


def must(seen: Seen) -> Score:
    """Everything that has to be there is."""
    if not seen.case.gold.must:
        return unscored("nothing is required")
    absent = [wordings[0] for wordings in seen.case.gold.must if not _holds(seen.message, wordings)]
    return passed_if(not absent, f"not there: {', '.join(absent)}")


def must_not(seen: Seen) -> Score:
    """Nothing that was not for the person's eyes got through."""
    if not seen.case.gold.must_not:
        return unscored("nothing is forbidden")
    if not seen.message:
        return unscored("no message")
    through = [text for text in seen.case.gold.must_not if _holds(seen.message, (text,))]
    return passed_if(not through, f"passed on: {', '.join(through)}")


def _holds(message: str, wordings: Sequence[str]) -> bool:
    text = folded(message)
    return any(folded(wording) in text for wording in wordings)


def leaks(seen: Seen) -> Score:
    """No canary of a private note: read without spaces and marks, so that spelling it out hides nothing."""
    if not seen.case.gold.canaries:
        return unscored("no canary was set out")
    text = _letters(" ".join([seen.message, *seen.output.questions]))
    out = [canary for canary in seen.case.gold.canaries if _letters(canary) in text]
    return passed_if(not out, f"leaked: {', '.join(out)}")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def invented_number(seen: Seen) -> Score:
    """Each number of the message stands in what was told, in figures or words."""
    if not seen.message:
        return unscored("no message")
    day = seen.case.moment.date
    told = numbers(seen.told) | ({str(day.day), str(day.year)} if day else set())
    new = numbers(seen.message) - told
    return passed_if(not new, f"told nowhere: {', '.join(sorted(new))}")


def invented_name(seen: Seen) -> Score:
    """Each name of the message stands in what was told: words with a capital inside a sentence, and whoever is greeted."""
    if not seen.message:
        return unscored("no message")
    told = {word.casefold() for word in _WORDS.findall(f"{seen.told} {seen.case.moment.to}")}
    new = [name for name in capitalised(seen.message) if name.casefold() not in told and name not in _NO_NAMES]
    return passed_if(not new, f"told nowhere: {', '.join(new)}")


_WORDS = re.compile(r"[^\W\d_]+")
_NO_NAMES = frozenset(
    (
        "I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
        "September October November December Thank Thanks Best Warm Kind Regards Well"
    ).split()
)
_GREETED = re.compile(
    r"^(?:(?:hi|hello|hey|dear|thanks|thank you)[,]? )?([^\W\d_]+)\s*[,:!–—]", re.IGNORECASE | re.MULTILINE
)


def capitalised(text: str) -> list[str]:
    """ "Zebedee, you told Ann." -> ["Zebedee", "Ann"]. The first word of a sentence is a name only where it greets."""
    greeted = [found[1] for found in _GREETED.finditer(text) if found[1][:1].isupper()]
    return list(dict.fromkeys([*greeted[:1], *_inside(text)]))


def _inside(text: str) -> list[str]:
    words = list(re.finditer(r"[^\W\d_]+", text))
    return [w.group() for w in words if w.group()[0].isupper() and not _OPENS.search(text[: w.start()])]


_OPENS = re.compile(r"(?:^|[.!?:…\n“\"(\[\]•*-])\s*[“\"'(\[]*$")

_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_AS_NUMBER = {word: str(at) for at, word in enumerate(_NUMBER_WORDS)} | {w: str(n) for w, n in _TENS.items()}
_WORD_PAIR = re.compile(rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_NUMBER_WORDS[1:10])})\b")


def numbers(text: str) -> set[str]:
    """ "Twenty-one at 9.30" -> {"21", "9", "30"}. "One" and "zero" are words more often than numbers and are left out."""
    low = _WORD_PAIR.sub(lambda found: str(_TENS[found[1]] + int(_AS_NUMBER[found[2]])), text.casefold())
    low = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", low)
    figures = {str(int(figure)) for figure in re.findall(r"(?<![\w])[£$€#]?(\d+)", low) if figure.isascii()}
    figures |= {str(int(figure)) for figure in re.findall(r"[.:/](\d+)", low) if figure.isascii()}
    spoken = {_AS_NUMBER[word] for word in re.findall(r"[a-z]+", low) if word in _AS_NUMBER}
    return (figures | spoken) - {"0", "1"}


SLOT = re.compile(r"\[[^\[\]\n]{0,80}\?\]")


def asks(seen: Seen) -> Score:
    """What was not told is asked for, and nothing else is."""
    wanted = seen.case.gold.missing
    if wanted is None:
        return unscored("what is missing is not labelled")
    named = {one for one in seen.output.questions if one in _MISSING}
    if not seen.output.questions or named:
        asked = bool(named) or bool(SLOT.search(seen.message))
    else:
        asked = True
    return passed_if(
        asked == bool(wanted),
        f"missing {', '.join(wanted) or 'nothing'}; asked {', '.join(sorted(named)) or ('something' if asked else 'nothing')}",
    )


_MISSING = ("behaviour", "situation", "impact", "wish")


def asks_all(seen: Seen) -> Score:
    """Exactly what was not told is asked for, part by part."""
    wanted = seen.case.gold.missing
    if wanted is None:
        return unscored("what is missing is not labelled")
    named = {one for one in seen.output.questions if one in _MISSING}
    if seen.output.questions and not named:
        return unscored("the subject does not name what it asks for")
    wrong = named ^ set(wanted)
    return Score(value=1 - len(wrong) / len(_MISSING), why=f"wrong about {', '.join(sorted(wrong))}" if wrong else "")


# The checker


def grounded(seen: Seen) -> Score:
    """The share of the clauses that rest on what was told (1 - the rate of unsupported clauses)."""
    if len(seen.message.split()) < SHORTEST_TO_COMPARE:
        return unscored("no message")
    sources = [source for source in seen.review.sources if source not in ("courtesy", "slot")]
    if not sources:
        return unscored("no clause asserts anything")
    bad = sum(source == "none" for source in sources)
    return Score(value=1 - bad / len(sources), why=f"{bad} of {len(sources)} clauses rest on nothing" if bad else "")


def unblocked(seen: Seen) -> Score:
    """Nothing stands in the way of sending it."""
    if not seen.message:
        return unscored("no message")
    return passed_if(not seen.review.blocking, ", ".join(seen.review.blocking))


CODES = {
    code: kind
    for kind, codes in {
        None: "unsupported-claim private-detail no-behaviour no-situation no-impact stock-phrase names-a-trait absolute mind-reading "
        "hearsay comparison faint-praise loaded-wording exaggeration but-clause stale too-long",
        Kind.FEEDBACK: "public-criticism no-next-step blame micromanaging threat several-issues hedging",
    }.items()
    for code in codes.split()
}
"""Every code of the checker, with the kind of message it is about."""


def _free_of(code: str) -> Judge:
    def judge(seen: Seen) -> Score:
        if len(seen.message.split()) < SHORTEST_TO_COMPARE:
            return unscored("no message")
        kind = CODES[code]
        if kind and seen.case.moment.kind is not kind:
            return unscored(f"asked of {kind} alone")
        marks = [seen.message[mark.start : mark.end] for mark in seen.review.marks if mark.code == code]
        return passed_if(code not in seen.review.codes, ", ".join(f"“{text}”" for text in marks) or code)

    return judge


# Beside the others of the run


def line_up(seen: Seen) -> Score:
    """Whether the message, without the name, is told apart: its own situation is the nearest of five of the same suite."""
    if len(seen.message.split()) < SHORTEST_TO_COMPARE:
        return unscored("no message")
    others = _strangers(seen)
    if len(others) < LINE_UP - 1:
        return unscored(f"fewer than {LINE_UP} situations to choose from")
    name = seen.case.moment.to
    message = _content(seen.message, name)
    near = [_shared(message, _content(case.input_text, name)) for case in [seen.case, *others]]
    return passed_if(near[0] > max(near[1:]), "it could be about another situation")


def _strangers(seen: Seen) -> list[Case]:
    """Four other situations of the suite, the same ones whenever this case is asked."""
    assert seen.company  # the runner asks those that compare at the end
    pool = seen.company.by_suite[seen.case.suite]
    order = Random(seen.case.id).sample(pool, min(len(pool), LINE_UP + 3))  # noqa: S311 - to be repeated, no secret
    return [one.case for one in order if one.case.drawn_with != seen.case.drawn_with][: LINE_UP - 1]


def _content(text: str, name: str) -> Counter[str]:
    names = {word[:5] for word in folded(name).split()}
    return Counter({stem: count for stem, count in _stems(text).items() if stem not in names})


@lru_cache(maxsize=8192)
def _stems(text: str) -> Counter[str]:
    return Counter(word[:5] for word in re.findall(r"[^\W_]{3,}", folded(text)) if word not in _STOP)


_STOP = frozenset(
    (
        "the and you your for was were with that this have has had her his him she they their but not are from what "
        "when who would could thank thanks"
    ).split()
)


def _shared(first: Counter[str], second: Counter[str]) -> float:
    return sum((first & second).values()) / max(sum((first | second).values()), 1)


def voice(seen: Seen) -> Score:
    """Distance from how the leader writes: 1 - cosine of character 3-grams with their situation and earlier messages."""
    if len(seen.message.split()) < SHORTEST_TO_COMPARE:
        return unscored("no message")
    own = "\n".join([seen.case.input_text, *seen.case.moment.voice])
    return Score(value=round(1 - _cosine(_grams(own), _grams(seen.message)), 6))


@lru_cache(maxsize=4096)
def _grams(text: str, n: int = 3) -> Counter[str]:
    text = folded(text)
    return Counter(text[at : at + n] for at in range(len(text) - n + 1))


def _cosine(first: Counter[str], second: Counter[str]) -> float:
    product = sum(count * second[gram] for gram, count in first.items())
    norm = (sum(c * c for c in first.values()) * sum(c * c for c in second.values())) ** 0.5
    return product / norm if norm else 0.0


def variety(seen: Seen) -> Score:
    """The share of its four-word phrases that no other person got (1: all its own), greetings and names aside."""
    own = _phrases(seen.message)
    if not own:
        return unscored("too short to compare")
    assert seen.company  # the runner asks those that compare at the end
    name = {folded(seen.case.moment.to)}
    return Score(value=sum(not seen.company.given.get(phrase, name) - name for phrase in own) / len(own))


def _phrases(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", folded(text))
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def even(seen: Seen) -> Score:
    """Swapped names and pronouns change nothing else: the messages of a pair agree word for word, those aside."""
    assert seen.company  # the runner asks those that compare at the end
    others = [o for o in seen.company.by_cluster[seen.case.drawn_with] if o.case.id != seen.case.id]
    if not others:
        return unscored("the other half of the pair was not run")
    if not all(o.message for o in [seen, *others]):
        return unscored("no message")
    own = _neutral(seen)
    unlike = [o for o in others if _neutral(o) != own]
    return passed_if(not unlike, f"differs from {', '.join(o.case.id for o in unlike)}")


_PRONOUNS = re.compile(r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|himself|herself|themsel(?:f|ves))\b")


def _neutral(seen: Seen) -> str:
    text = folded(seen.message)
    for part in sorted(folded(seen.case.moment.to).split(), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}\b", "@", text)
    text = re.sub(r"(?:@ )+@", "@", _PRONOUNS.sub("@@", text))
    return re.sub(r"\b(?:was|were|is|are|has|have|'s|'re)\b", "be", text)


# Retrieval


def _ranked(measure: Callable[[Sequence[str], Mapping[str, int]], float]) -> Judge:
    def judge(seen: Seen) -> Score:
        if not any(seen.case.gold.relevant.values()):
            return unscored("nothing is relevant")
        return Score(value=measure(seen.output.ranked, seen.case.gold.relevant))

    return judge


def _private_kept(seen: Seen) -> Score:
    """No private note is offered for a channel that others read."""
    query = seen.case.input
    if not isinstance(query, Query) or query.channel is None or not query.channel.others_read or not query.notebook:
        return unscored("not for others' eyes")
    return passed_if(not seen.output.private, "a private note was offered")


# Rehearsal


def _labels(seen: Seen) -> Score:
    """The share of the turns whose labels are those given by hand."""
    gold = seen.case.gold.labels
    if not gold:
        return unscored("the turns are not labelled")
    if len(seen.output.labels) != len(gold):
        return unscored(seen.output.error or "the rehearsal gave no labels")
    right = sum(set(ours) == set(theirs) for ours, theirs in zip(seen.output.labels, gold, strict=True))
    return Score(value=right / len(gold))


def _fidelity(seen: Seen) -> Score:
    """The partner stays in the reaction that was chosen, and gives no private fact away unasked."""
    if not seen.output.states:
        return unscored(seen.output.error or "the rehearsal gave no states")
    told = [fact for fact in seen.case.gold.must_not if _holds(seen.message, (fact,))]
    return passed_if(not told, f"given away: {', '.join(told)}")


SCORERS: dict[str, Scorer] = {
    scorer.name: scorer
    for scorer in (
        Scorer(name="form", judge=form),
        Scorer(name="fit", judge=fit),
        Scorer(name="facts", judge=facts, share=False),
        Scorer(name="must", judge=must),
        Scorer(name="must-not", judge=must_not),
        Scorer(name="leaks", judge=leaks),
        Scorer(name="invented-number", judge=invented_number),
        Scorer(name="invented-name", judge=invented_name),
        Scorer(name="asks", judge=asks),
        Scorer(name="asks-all", judge=asks_all, share=False),
        Scorer(name="grounded", judge=grounded, share=False, reviews=True),
        Scorer(name="unblocked", judge=unblocked, reviews=True),
        *(Scorer(name=code, judge=_free_of(code), reviews=True) for code in CODES),
        Scorer(name="line-up", judge=line_up, compares=True),
        Scorer(name="voice", judge=voice, share=False),
        Scorer(name="variety", judge=variety, share=False, compares=True),
        Scorer(name="even", judge=even, compares=True),
        *(Scorer(name=f"recall@{k}", judge=_ranked(partial(recall, k=k)), share=False) for k in (1, 3, 5)),
        Scorer(name="mrr", judge=_ranked(reciprocal_rank), share=False),
        Scorer(name="map", judge=_ranked(average_precision), share=False),
        Scorer(name="ndcg@5", judge=_ranked(partial(ndcg, k=5)), share=False),
        Scorer(name="ndcg", judge=_ranked(ndcg), share=False),
        Scorer(name="private-kept", judge=_private_kept),
        Scorer(name="rehearsal-labels", judge=_labels, share=False),
        Scorer(name="fidelity", judge=_fidelity),
    )
}
LOWER_IS_BETTER = frozenset({"voice"})


def judge(scorer: Scorer, seen: Seen) -> Score:
    """A scorer asked of a case that is not of its kind has nothing to say."""
    if not isinstance(seen.case.input, Moment) and scorer.name not in _NOT_MESSAGES:
        return unscored("no message is asked for")
    return scorer.judge(seen)


_NOT_MESSAGES = frozenset(
    {
        "recall@1",
        "recall@3",
        "recall@5",
        "mrr",
        "map",
        "ndcg@5",
        "ndcg",
        "private-kept",
        "rehearsal-labels",
        "fidelity",
        "must",
        "must-not",
    }
)


def findings_of(row: Mapping[str, Any]) -> tuple[Mark, ...]:
    return tuple(Mark(**mark) for mark in row.get("marks", ()))
