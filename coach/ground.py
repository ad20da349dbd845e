"""Where each clause of a message comes from: the leader's situation, a note, courtesy, a blank, or nowhere.

The language model, tuned to read a message together with what was told (tools/tune), says how probably each word was invented. What
counts is what a rule objects to and the readers do not rule out, what the readers are sure of, and what is probable where the readers,
the rules and the wording are weighed together (weigh.py). Without the model rules decide everything, and are strict: most of a clause's
content words must have been told.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from coach.clauses import split_clauses
from coach.contradict import contradictions
from coach.embed import Read
from coach.evidence import Objection, Rule, Told, Unit, bases, closest, is_content, objections
from coach.language import Span, Token, sentences, tag, tokens_of
from coach.quantity import quantities
from coach.records import Note
from coach.tuned import Labels, average, joined, least, load_tuned, pieces
from coach.weigh import AGREEING, INVENTED, Case, is_word, weigh

READERS = ("grounding", "grounding-2")
"""Tuned on the same texts at different times; where they differ, neither is sure. Together they flag half as often in vain."""
READ_FROM, TOLD_WORDS_FROM, WEIGHED_FROM = 0.6, 0.95, 0.5
"""The probability of a word from which on its phrase counts as invented: by the readers, where a word of the clause was never told, and
where all were; and all in all."""
FAINT_FROM, SEEN_FROM = 0.1, 0.015
"""How probable the readers must find it too, where a rule objects that is often wrong, and of amounts, days and names."""
TOLD_AT_ONCE, MESSAGE_AT_ONCE = 1_200, 700
"""Characters: together well under the model's 512 word pieces."""
_READING = ThreadPoolExecutor(len(READERS), "reading")
"""The graphs run outside Python: two readers take two cores, and the rules what is left of them."""
MUST_BE_SEEN = frozenset((Rule.AMOUNT, Rule.DAY, Rule.NAME))
"""What follows from what was told more often than a rule can work out."""
COVERED = 0.75
"""Without the language model: the share of a clause's content words that must have been told."""

_PLACES = frozenset("later earlier last past ago next within altogether total afterwards".split())
_SLOT = re.compile(r"\[[^\[\]\n]{0,80}\?\]")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening)|morning|evening)\b[^.!?\n,:–—]{0,60}[,:!.–—]?|[^\s,.!?][^.!?\n,]{0,40},)\s*\n",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:^|[\n.!?–—-])\s*(?i:(?:(?:with )?(?:best|kind|warm|many|all|yours|kindest|warmest)\b[^.!?\n]{0,40}|regards|cheers|thanks(?: again)?|thank you|love|sincerely|take care|yours))[,.!]?\s*"
    r"(?:[A-Z][^.!?\n]{0,40}\.?\s*)?$"
    r"|\n\s*(?:[–—-]\s*)?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}\s*$"
    r"|[.!?]\s+(?:[–—-]\s*)?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2}\s*$"
)
_COURTESY = re.compile(
    r"^\W*(?:(?:so|and|really|just|again|once again|finally|but)\W+)*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.!?]{0,60}|"
    r"(?:a (?:big|huge|warm|sincere) |many |so many )?thank(?:s|\s+you)?(?: (?:so|very) much| again| a lot| ever so)?(?:,? (?!for\b)[\w'’ -]{0,40})?|shout-?out to [\w'’. -]{0,40}|kudos(?: to)? ?[\w'’. -]{0,40}|"
    r"(?:with )?(?:best|kind|warm)(?: wishes| regards)?|regards|cheers|(?:i['’]ll )?see you\b[^.!?]{0,30}|talk (?:soon|later|tomorrow)|have a \w+ (?:day|evening|weekend|break|rest)|well done[^.!?]{0,40}|(?:great|good|nice|lovely|brilliant|excellent|fantastic) (?:job|work|stuff|going|one)|congratulations[^.!?]{0,40}|"
    r"i(?:['’]m| am| was|['’]d be)(?: really| so| very| genuinely)? (?:glad|grateful|proud|impressed|happy|pleased|touched|here|thankful)\b[^.!?]{0,30}|"
    r"i (?:really |so |truly )?(?:appreciate|appreciated|admire|admired|value|valued|noticed|saw) (?:it|that|this|you)?|(?:let me know|tell me)\b[^.!?]{0,60}|"
    r"(?:can|could|shall|would) (?:i|we|you)\b[^.!]{0,120}\?|(?:i['’]m |i would be |i['’]d be )?happy to (?:help|talk|hear|listen)[^.!?]{0,60}|"
    r"how (?:did|do) you see (?:it|that|this)|what (?:do you think|is your view)(?: of it)?)\W*$",
    re.IGNORECASE,
)
_INNER = re.compile(
    r",\s+|\s[–—-]\s|;\s|:\s|\s+(?=(?:and|but|so|because|which|who|while|when|after|before|until|without|with|for|in|on|at|by|"
    r"from|to|of|as|that|than|into|over|during|through|about)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """message[start:end] == text (code points). `reason` is for the leader."""

    start: int
    end: int
    text: str
    source: str
    reason: str


def ground(
    message: str,
    situation: str,
    notes: Sequence[Note],
    names: Sequence[str],
    read: Read | None = None,
    days: Collection[str] = (),
) -> tuple[Clause, ...]:
    """Every clause of `message` with its source.

    `names`: the forms of the recipient's name, which need no support. `read`: the language model, where there is one.
    `days`: further names for the day it happened ("tuesday", "yesterday"), where the date is known.
    """
    sources = ("situation", *(f"note:{note.id}" for note in notes))
    told = Told(sources, (situation, *(_note_text(note) for note in notes)))
    return tuple(_Grounding(message, told, names, days, read).trace())


def _note_text(note: Note) -> str:
    """A note's day is part of what it says."""
    return f"{note.text} {note.date.day} {note.date:%B} {note.date.year}"


def _name_words(names: Sequence[str]) -> frozenset[str]:
    return frozenset(word.strip(".").lower() for name in names for word in re.split(r"[\s-]+", name)) | frozenset(
        name.lower() for name in names
    )


def clause_spans(message: str) -> tuple[Span, ...]:
    """The clauses of a message, slots by themselves; each span slices the message."""
    found: list[Span] = []
    for sentence in sentences(message):
        for clause in split_clauses(sentence.text):
            found += _around_slots(Span(sentence.start + clause.start, sentence.start + clause.end, clause.text))
    return tuple(found)


def _around_slots(clause: Span) -> list[Span]:
    parts, at = [], 0
    for slot in [*_SLOT.finditer(clause.text), None]:
        text = clause.text[at : slot.start() if slot else len(clause.text)]
        lead = len(text) - len(text.lstrip())
        if re.search(r"\w", text):
            parts.append(Span(clause.start + at + lead, clause.start + at + len(text.rstrip()), text.strip()))
        if slot:
            parts.append(Span(clause.start + slot.start(), clause.start + slot.end(), slot.group()))
            at = slot.end()
    return parts


class _Grounding:
    """One message against what was told; each step reads what the ones before found."""

    def __init__(
        self, message: str, told: Told, names: Sequence[str], days: Collection[str], read: Read | None
    ) -> None:
        self.message, self.told, self.name, self.to = message, told, next(iter(names), ""), _name_words(names)
        self.ahead = self._read_ahead(read) if read else None
        self.tokens = tokens_of(message)
        self.opened, self.signed = self._body()
        self.clauses = tuple(part for span in clause_spans(message) for part in self._at_edges(span))
        self.units = self._units()
        spoken_to = any(t.low in ("you", "your") for t in self.tokens)
        self.amounts = quantities(message)
        found = objections(message, told, self.tokens, self.to, self.signed, days)
        self.by_rule = self._inside([*found, *contradictions(message, told.texts, self.to, spoken_to)])

    def _inside(self, found: Iterable[Objection]) -> list[Objection]:
        """Without the greeting, which a clause may begin with: "Tobias, you did not come"."""
        return [
            replace(o, start=max(o.start, self.opened)) for o in found if o.end > self.opened and o.start < self.signed
        ]

    def _body(self) -> tuple[int, int]:
        """Where the greeting ends and the signature begins."""
        names = "|".join(re.escape(word) for word in sorted(self.to, key=len, reverse=True) if word)
        greeting = _GREETING.match(self.message) or re.match(
            rf"(?:[^\W\d_]+,? )?(?:(?:mr|mrs|ms|dr|dear|prof)\.? )?(?:{names})(?: [^\s,]+)?[,:!–—]",
            self.message,
            re.IGNORECASE,
        )
        lines = self.message.rstrip().split("\n")
        end = len(self.message)
        while len(lines) > 1 and len(lines[-1].split()) <= 4 and not re.search(r"[.!?…\]]\s*$", lines[-1]):
            lines.pop()
        tail = len("\n".join(lines))
        signed = _SIGNED.search(self.message[:end])
        start = min(tail if tail < len(self.message.rstrip()) else end, signed.start() + 1 if signed else end)
        return greeting.end() if greeting else 0, start

    def _at_edges(self, span: Span) -> list[Span]:
        """The greeting and the signature are clauses by themselves."""
        edges = [span.start, *(at for at in (self.opened, self.signed) if span.start < at < span.end), span.end]
        parts = [(a, a + len(self.message[a:b].rstrip())) for a, b in pairwise(edges)]
        parts = [(b - len(self.message[a:b].lstrip()), b) for a, b in parts]
        return [Span(a, b, self.message[a:b]) for a, b in parts if re.search(r"\w|\?\]", self.message[a:b])]

    def _courteous(self, clause: Span) -> bool:
        if not self.opened <= clause.start < self.signed or _COURTESY.match(clause.text):
            return True
        content = [t for t in tag(clause.text) if is_content(t) and t.low not in self.to]
        return not content and not any(clause.start <= o.start < clause.end for o in self.by_rule)

    def _units(self) -> tuple[Unit, ...]:
        """Phrases of the clauses that say something; one without a content word belongs to the phrase before it."""
        found: list[Unit] = []
        for at, clause in enumerate(self.clauses):
            cuts = [0, *(m.end() for m in _INNER.finditer(clause.text)), len(clause.text)]
            for start, end in pairwise(cuts):
                span = Span(clause.start + start, clause.start + end, clause.text[start:end])
                content = tuple(
                    t
                    for t in self.tokens
                    if span.start <= t.start < span.end and is_content(t) and t.low not in self.to
                )
                if content:
                    found.append(Unit(span, at, content))
                elif found and found[-1].clause == at:
                    before = found[-1].span
                    whole = Span(before.start, span.end, self.message[before.start : span.end])
                    found[-1] = replace(found[-1], span=whole)
        return tuple(found)

    def trace(self) -> list[Clause]:
        unsupported = self._judged() if self.ahead else [*self.by_rule, *self._by_words()]
        found: list[Clause] = []
        for clause in self.clauses:
            found += self._split(clause, sorted((o for o in unsupported if _meet(clause, o)), key=lambda o: o.start))
        return found

    def _judged(self) -> list[Objection]:
        """What a rule is sure of, the readers are, or all together find probable: each misses what another finds."""
        case = self.case()
        sure = [o for o in self.by_rule if self._sure(o, case.readings[0])]
        courtesies = [clause for clause, courteous in zip(self.clauses, self._courtesies, strict=True) if courteous]
        weighed = [w for w, p in weigh(case) if p >= WEIGHED_FROM and not any(_meet(w, one) for one in courtesies)]
        return [*sure, *(self._objection(word) for word in weighed), *self._by_readers(*case.readings)]

    @cached_property
    def _courtesies(self) -> tuple[bool, ...]:
        """Of each clause, whether it needs no support: thanks, a greeting, the leader's own reaction."""
        return tuple(self._courteous(clause) for clause in self.clauses)

    def _objection(self, word: Token) -> Objection:
        """Against one word; the phrase is shown that it is in."""
        by_rule = next((o for o in self.by_rule if _meet(word, o)), None)
        phrase = next((u.content for u in self.units if _meet(u.span, word)), (word,))
        return Objection(word.start, word.end, by_rule.reason if by_rule else self._not_told(phrase))

    def _by_readers(self, mean: Labels, every: Labels) -> list[Objection]:
        """Phrases that were not told by the readers' mean, and where all words of the clause were, by each of them."""
        found = []
        for unit in self.units:
            if self._courtesies[unit.clause] or self._as_typed(self.clauses[unit.clause]):
                continue
            labels, least_p = (mean, READ_FROM) if unit.clause in self._doubtful else (every, TOLD_WORDS_FROM)
            words = [t for t in unit.content if not self._counted(t)]
            if max((labels.mean(INVENTED, t.start, t.end) for t in words), default=0.0) >= least_p:
                found.append(Objection(unit.span.start, unit.span.end, self._not_told(unit.content)))
        return found

    @cached_property
    def _doubtful(self) -> frozenset[int]:
        """The clauses in which a word was never told, courtesies aside."""
        units = [u for u in self.units if not self._courtesies[u.clause]]
        return frozenset(u.clause for u in units if any(closest(t, self.told.all_words) < 1 for t in u.content))

    def _counted(self, token: Token) -> bool:
        """Whether a word belongs to an amount, which a rule sees, or places it: "two days later"."""
        return token.low in _PLACES or any(q.start <= token.start < q.end for q in self.amounts)

    def case(self) -> Case:
        """All that is known of the message, to be weighed; with the model only."""
        known = [
            one for one in zip(self.clauses, self._courtesies, strict=True) if self.opened <= one[0].start < self.signed
        ]
        body, courteous = [clause for clause, _ in known], [one for _, one in known]
        return Case(
            self.message, self.tokens, body, courteous, [self._as_typed(clause) for clause in body],
            self.units, self.to, self.told, self.by_rule, self.amounts, self._readings(),
        )  # fmt: skip

    def _sure(self, objection: Objection, labels: Labels) -> bool:
        """What a rule is often wrong about counts only where the readers see something in it too, or did not read."""
        seen_from = FAINT_FROM if objection.faint else SEEN_FROM if objection.rule in MUST_BE_SEEN else 0.0
        read = labels.of(INVENTED, objection.start, objection.end)
        return not len(read) or float(read.max()) >= seen_from

    def _as_typed(self, clause: Span) -> bool:
        """Whether it stands in what was told word for word, pronouns and their verbs aside."""
        return _same_words(clause.text, self.to) in self._typed

    @cached_property
    def _typed(self) -> str:
        return " | ".join(_same_words(text, self.to) for text in self.told.texts)

    def _read_ahead(self, read: Read) -> list[tuple[Span, list[list[Future[Labels]]]]] | None:
        """The readers set to work while the rules are, by piece of the message, piece of what was told, and reader."""
        readers = [load_tuned(name) for name in READERS]
        # As the examples were read from which it was tuned: whom it is to, then what was told.
        told = [f"To {self.name}. {piece.text}" for piece in pieces(self.told.all_text, TOLD_AT_ONCE)]
        ahead = []
        for part in pieces(self.message, MESSAGE_AT_ONCE):
            words = read([(source, part.text) for source in told], readers[0].states)
            if words is None:
                return None
            ahead.append((part, [[_READING.submit(reader.label, one) for reader in readers] for one in words]))
        return ahead

    def _readings(self) -> tuple[Labels, Labels]:
        """How probably each word of the message was invented: against each piece of what was told, the least of them.

        By the mean of the readers, and by the one that doubts least.
        """
        mean, every = [], []
        for part, asked in self.ahead or ():
            readings = [[one.result() for one in both] for both in asked]
            mean.append(least([average(both) for both in readings]).moved(part.start))
            every.append(least([one for both in readings for one in both]).moved(part.start))
        return joined(mean), joined(every)

    def _by_words(self) -> list[Objection]:
        """Without the model: the clauses most of whose words were not told."""
        found = []
        for clause, at in ((self.clauses[at], at) for at in sorted(self._doubtful)):
            content = [t for u in self.units if u.clause == at for t in u.content]
            told = sum(not bases(t.text).isdisjoint(self.told.all_words) for t in content)
            if told < COVERED * len(content) and not clause.text.endswith("?"):
                found.append(Objection(clause.start, clause.end, self._not_told(content)))
        return found

    def _not_told(self, content: Sequence[Token]) -> str:
        missing = [t.text for t in content if closest(t, self.told.all_words) < 1]
        return "you did not write: " + ", ".join(missing) if missing else "you did not write this together"

    def _split(self, clause: Span, inside: Sequence[Objection]) -> list[Clause]:
        """The clause as it is, or its supported and unsupported parts, each a phrase."""
        if not inside:
            return [self._supported(clause)]
        parts = [u.span for u in self.units if self.clauses[u.clause] == clause] or [clause]
        bad = [p for p in parts if any(_meet(p, o) for o in inside)]
        words = sum(len(p.text.split()) for p in bad)
        if not bad or words >= 0.7 * len(clause.text.split()):
            return [_clause(clause.start, clause.end, self.message, "none", inside[0].reason)]
        return self._pieces(clause, bad, inside)

    def _pieces(self, clause: Span, bad: Sequence[Span], inside: Sequence[Objection]) -> list[Clause]:
        edges: list[tuple[int, int, bool]] = []
        at = clause.start
        for part in bad:
            if part.start > at:
                edges.append((at, part.start, False))
            if edges and edges[-1][2] and edges[-1][1] == part.start:
                edges[-1] = (edges[-1][0], part.end, True)
            else:
                edges.append((part.start, part.end, True))
            at = part.end
        edges.append((at, clause.end, False))
        found = []
        for start, end, unsupported in edges:
            trimmed = self.message[start:end]
            end = start + len(trimmed.rstrip(" ,;:–—-\n"))
            if not re.search(r"\w", self.message[start:end]):
                continue
            reasons = [o.reason for o in inside if o.start < end and start < o.end]
            if unsupported:
                found.append(_clause(start, end, self.message, "none", (reasons or [inside[0].reason])[0]))
            else:
                found.append(self._supported(Span(start, end, self.message[start:end])))
        return found

    def _supported(self, span: Span) -> Clause:
        text = span.text
        if _SLOT.fullmatch(text):
            return _clause(span.start, span.end, self.message, "slot", "a blank for you to fill")
        if self._courteous(span):
            return _clause(span.start, span.end, self.message, "courtesy", "thanks, a greeting, or your own reaction")
        content = [t for t in tag(text.replace("\n", " ")) if is_content(t) and t.low not in self.to]
        shares = [float(np.mean([closest(t, words) for t in content])) if content else 0.0 for words in self.told.words]
        best = int(np.argmax(shares))
        if shares[best] < 0.4:
            reason = "a question" if text.rstrip().endswith("?") else "your own reaction or an offer"
            return _clause(span.start, span.end, self.message, "courtesy", reason)
        reason = "your words" if best == 0 else "your note"
        return _clause(span.start, span.end, self.message, self.told.sources[best], reason)


_WHO = frozenset(
    "you he she they him them her your his hers their yours theirs yourself himself herself themselves".split()
)
"""Whoever is meant; not the leader: "I told them" is not "you told them"."""


def _same_words(text: str, to: Collection[str]) -> str:
    """The words with one sign for whoever is meant: "she was early" and "you were early" are the same."""
    low = ("*" if t.low in _WHO or t.low in to else AGREEING.get(t.low, t.low) for t in tokens_of(text) if is_word(t))
    return " ".join(("", *low, ""))


def _meet(one: Span | Objection | Token, other: Span | Objection | Token) -> bool:
    return one.start < other.end and other.start < one.end


def _clause(start: int, end: int, message: str, source: str, reason: str) -> Clause:
    return Clause(start=start, end=end, text=message[start:end], source=source, reason=reason)
