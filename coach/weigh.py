"""How probably each word of a message was invented: what the readers, the rules and the wording say, weighed together.

One word changed in an otherwise literal clause ("ten past" for "five past", "her dad" for "her mum") troubles a reader of meaning
little; the wording shows it plainly. A sum worked out troubles a rule; the reader sees nothing in it. Which of them is right where
was learnt by trees (gradient boosting, tools/tune/weigh.py) from pairs that the readers had not seen.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coach.evidence import Objection, Rule, Told, Unit, bases, closest, is_content
from coach.language import Span, Token
from coach.quantity import Quantity
from coach.tuned import Labels, open_graph

INVENTED = "invented"
NO_NEIGHBOUR = -9.0
"""Instead of the logarithm of the odds, for the word before the first and after the last."""
_WHO = frozenset(
    "i me my mine we us our you your yours he him his she her hers they them their theirs myself yourself himself herself themselves".split()
)
AGREEING = {"was": "were", "is": "are", "'s": "are", "’s": "are", "has": "have", "does": "do"}
"""Verbs that a change of person changes, as they are with "you"."""
_SWEEPING = frozenset("again always every all both only everyone everybody ever never alone first best".split())
_KINDS = ("NN", "VV", "VB", "AJ", "AV", "NP", "CR")
"""How the tags begin that tell nouns, verbs, "be", adjectives, adverbs, names and numbers."""
SPEAKS_FOR = (0, 1, 3, 4, 21, 22, 23, 24, 25)
"""Columns of `evidence` of which more can only speak for an invention: what the readers say, and that a rule objects."""


def is_word(token: Token) -> bool:
    """Whether it is a word, a number or a short form, and no mark."""
    return token.text[0].isalnum() or token.text[0] in "'’"


@dataclass(frozen=True)
class Case:
    """A message against what was told. `readings`: the mean of the readers and the least of them.

    `clauses` are those of the body, without greeting and signature; `courteous` and `typed` say of each whether it is thanks and
    the like, and whether it stands in what was told word for word.
    """

    message: str
    tokens: Sequence[Token]
    clauses: Sequence[Span]
    courteous: Sequence[bool]
    typed: Sequence[bool]
    units: Sequence[Unit]
    to: Collection[str]
    told: Told
    objections: Sequence[Objection]
    amounts: Sequence[Quantity]
    readings: tuple[Labels, Labels]

    @cached_property
    def words(self) -> tuple[Token, ...]:
        return tuple(t for t in self.tokens if is_word(t))

    @cached_property
    def forms(self) -> tuple[str, ...]:
        return tuple(_form(t.low) for t in self.words)

    @cached_property
    def told_forms(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(_form(t.low) for t in tokens if is_word(t)) for tokens in self.told.tokens)

    @cached_property
    def means(self) -> tuple[float, ...]:
        return tuple(_logit(self.readings[0].mean(INVENTED, t.start, t.end)) for t in self.words)

    @cached_property
    def leasts(self) -> tuple[float, ...]:
        return tuple(_logit(self.readings[1].mean(INVENTED, t.start, t.end)) for t in self.words)

    @cached_property
    def highest_in_phrase(self) -> tuple[float, ...]:
        of = {t.start: mean for t, mean in zip(self.words, self.means, strict=True)}
        highest = {
            t.start: max(of.get(u.start, NO_NEIGHBOUR) for u in unit.content)
            for unit in self.units
            for t in unit.content
        }
        return tuple(highest.get(t.start, of[t.start]) for t in self.words)


@lru_cache(maxsize=20_000)
def _form(low: str) -> str:
    """One sign for whoever is meant, and mostly one form for all of a word's ("left" and "leave" stay two)."""
    low = "*" if low in _WHO else AGREEING.get(low, low)
    return low if low == "*" else min(bases(low), key=lambda base: (len(base), base))


def _logit(p: float) -> float:
    return float(np.log((p + 1e-4) / (1 - p + 1e-4)))


def weigh(case: Case) -> list[tuple[Token, float]]:
    """Each word of the body that is not the recipient's name, with the probability that it was invented."""
    words, rows = evidence(case)
    return list(zip(words, _trees()(rows).tolist(), strict=True)) if words else []


def evidence(case: Case) -> tuple[list[Token], NDArray[np.float32]]:
    """The words that are weighed and what speaks for and against each: float32 [words, columns]."""
    wording, words, rows = _Wording(case), [], []
    for at, clause in enumerate(case.clauses):
        inside = [i for i, t in enumerate(case.words) if clause.start <= t.start < clause.end]
        highest = max((case.means[i] for i in inside), default=0.0)
        literal, shared = wording.literal(inside), _of_clause(case, at, inside)
        for i, word in ((i, case.words[i]) for i in inside):
            if word.low not in case.to and word.text.strip("'’"):
                words.append(word)
                rows.append([*_read(case, i, highest), *wording.around(i, literal), *_by_rule(case, word), *shared])
    return words, np.array(rows, np.float32)


def _read(case: Case, i: int, highest: float) -> list[float]:
    """What the readers say of the word, of its phrase and clause, and of its neighbours."""
    means = case.means
    return [
        means[i], case.leasts[i], means[i] - case.leasts[i], highest, case.highest_in_phrase[i],
        means[i - 1] if i else NO_NEIGHBOUR, means[i + 1] if i + 1 < len(means) else NO_NEIGHBOUR,
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Literal:
    """Of one clause: content words, how many of them were told, and the share of pairs of words that stand together in what was told."""

    content: int
    told: int
    pairs: float


class _Wording:
    """How near the wording is to what was told, and whether a word has taken another's place in it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.typed = {form for forms in case.told_forms for form in forms}
        self.pairs = {pair for forms in case.told_forms for pair in pairwise(forms)}
        self.between: dict[tuple[str, str], set[str]] = {}
        for forms in case.told_forms:
            for left, middle, right in zip(forms, forms[1:], forms[2:], strict=False):
                self.between.setdefault((left, right), set()).add(middle)
        self.content = [is_content(t) and t.low not in case.to for t in case.words]
        self.closest = [closest(t, case.told.all_words) for t in case.words]
        self.told = [
            form == "*" or form in self.typed or t.low in case.to or near >= 1
            for form, t, near in zip(case.forms, case.words, self.closest, strict=True)
        ]
        said = [told for told, content in zip(self.told, self.content, strict=True) if content]
        self.share = sum(said) / max(1, len(said))

    def literal(self, inside: Sequence[int]) -> _Literal:
        content = [i for i in inside if self.content[i]]
        pairs = [(self.case.forms[j], self.case.forms[k]) in self.pairs for j, k in pairwise(inside)]
        return _Literal(len(content), sum(self.told[i] for i in content), float(np.mean(pairs)) if pairs else 0.0)

    def around(self, i: int, clause: _Literal) -> list[float]:
        forms = self.case.forms
        left, right = forms[i - 1] if i else "", forms[i + 1] if i + 1 < len(forms) else ""
        others = clause.content - self.content[i]
        told = clause.told - (self.content[i] and self.told[i])
        replaced = self.between.get((left, right), set()) - {forms[i]}
        return [
            self.closest[i], self.told[i], self.content[i], (told + 0.5) / (others + 1), others, clause.pairs, self.share,
            (left, forms[i]) in self.pairs, (forms[i], right) in self.pairs, (left, right) in self.pairs, bool(replaced),
            bool(replaced.difference(forms)), left in self.typed, right in self.typed,
        ]  # fmt: skip


def _by_rule(case: Case, word: Token) -> list[float]:
    """Which rules object to the word, and for an amount, whether it may stand for one that the message leaves out."""
    against = [o for o in case.objections if o.start < word.end and word.start < o.end]
    rules = {o.rule for o in against}
    return [
        *(rule in rules for rule in Rule), any(o.faint for o in against),
        *(_instead(case, word) if Rule.AMOUNT in rules else (0, 0, 0)),
        any(q.start <= word.start < q.end for q in case.amounts),
        word.text[0].isupper(), word.text[0].isdigit(), *(word.tag.startswith(kind) for kind in _KINDS),
        word.low in ("not", "never", "no", "without") or word.low.endswith(("n't", "n’t")), word.low in _SWEEPING,
    ]  # fmt: skip


def _instead(case: Case, word: Token) -> tuple[float, float, float]:
    """Amounts of the same kind that were told and are not in the message: how many, one digit apart, how near (0 to 1)."""
    mine = next((q for q in case.amounts if q.start <= word.start < q.end), None)
    if mine is None:
        return 0, 0, 0
    said = {reading for q in case.amounts for reading in q.readings}
    kinds = {kind for kind, _ in mine.readings}
    left = [q for q in case.told.quantities if said.isdisjoint(q.readings) and any(k in kinds for k, _ in q.readings)]
    near = [
        min(a, b) / max(a, b)
        for q in left
        for k, a in q.readings
        for kind, b in mine.readings
        if k == kind and a > 0 and b > 0
    ]
    return len(left), any(_one_apart(q.text, mine.text) for q in left), max(near, default=0.0)


def _one_apart(one: str, other: str) -> bool:
    """Whether two amounts in digits are as long as each other and differ in one: "1,870" and "1,970"."""
    a, b = (re.sub(r"\D", "", text) for text in (one, other))
    return len(a) == len(b) > 0 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _of_clause(case: Case, at: int, inside: Sequence[int]) -> list[float]:
    low = {case.words[i].low for i in inside}
    asked = case.message[case.clauses[at].start : case.clauses[at].end + 1].rstrip().endswith("?")
    return [
        case.courteous[at], case.typed[at], not low.isdisjoint(("you", "your")), not low.isdisjoint(("i", "me", "my")), asked,
        len(inside), len(case.words),
    ]  # fmt: skip


@cache
def _trees() -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """`coach/models/weigh.onnx`, loaded once: rows of `evidence` to probabilities [words]."""
    session = open_graph("weigh")

    def probabilities(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        (found,) = session.run(["probabilities"], {"evidence": rows})
        return np.asarray(found[:, 0], np.float32)

    return probabilities
