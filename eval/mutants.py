"""Would we have noticed? Faults are seeded into good messages, and each scorer has to see its own.

`mutants.yaml` says which faults; here is how each is done. A fault that a message gives no room for is not seeded.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.language import Span, sentences, tokens_of, verb_lemma
from coach.situation import Kind
from eval.case import FOLDER, Moment
from eval.errors import Misuse
from eval.output import Output
from eval.scorers import LONGEST, SCORERS, SLOT, Company, Reviewer, Seen, judge
from eval.statistics import Interval, wilson

EACH = 30
"""Messages that each fault is seeded into."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Seed = Callable[[Seen, str, Random], Output | None]


def _with_text(seen: Seen, text: str) -> Output:
    return replace(seen.output, message=text)


def _append(seen: Seen, words: str, _: Random) -> Output | None:
    return _with_text(seen, f"{seen.message.rstrip()} {words}")


def _prepend(seen: Seen, words: str, _: Random) -> Output | None:
    return _with_text(seen, words + seen.message)


def _replace(seen: Seen, words: str, _: Random) -> Output | None:
    return _with_text(seen, words)


def _change_number(seen: Seen, _: str, draw: Random) -> Output | None:
    found = list(re.finditer(r"\d+", seen.message))
    if not found:
        return None
    at = draw.choice(found)
    return _with_text(
        seen, f"{seen.message[: at.start()]}{int(at.group()) + draw.randint(13, 58)}{seen.message[at.end() :]}"
    )


def _change_day(seen: Seen, _: str, draw: Random) -> Output | None:
    found = re.search(rf"\b(?:{'|'.join(DAYS)})\b", seen.message, re.IGNORECASE)
    if not found:
        return None
    others = [day for day in DAYS if day.lower() not in seen.told.lower()]
    return (
        _with_text(seen, seen.message[: found.start()] + draw.choice(others) + seen.message[found.end() :])
        if others
        else None
    )


def _swap_name(seen: Seen, words: str, _: Random) -> Output | None:
    name = seen.case.moment.to.split()[0]
    swapped = re.sub(rf"\b{re.escape(name)}\b", words, seen.message)
    return _with_text(seen, swapped) if swapped != seen.message else None


def _drop_sentence(seen: Seen, _: str, draw: Random) -> Output | None:
    """One that holds the only mention of a fact."""
    sentences = re.split(r"(?<=[.!?])\s+", seen.message)
    for at in draw.sample(range(len(sentences)), len(sentences)):
        rest = " ".join(sentences[:at] + sentences[at + 1 :])
        if any(_lost(wordings, seen.message, rest) for wordings in seen.case.gold.facts):
            return _with_text(seen, rest)
    return None


def _drop_impact(seen: Seen, _: str, __: Random) -> Output | None:
    """What came of it, which a thank-you tells last where the labels say that it was told: from where that sentence turns to it."""
    missing = seen.case.gold.missing
    told = [one for one in sentences(seen.message) if not _COURTESY.match(one.text)]
    if seen.case.moment.kind is not Kind.RECOGNITION or missing is None or "impact" in missing or len(told) < 2:
        return None
    last = told[-1]
    turn = _EFFECT.search(last.text)
    start, words = (last.start + turn.start(), ".") if turn else (last.start, "")
    return _with_text(seen, " ".join(f"{seen.message[:start]}{words}{seen.message[last.end :]}".split()))


_COURTESY = re.compile(r"(?:thank you|thanks|best wishes|hi|dear)\b", re.IGNORECASE)
_EFFECT = re.compile(r",? (?:so|and|but) (?=(?:we|nobody|no one|it|they|the|she|he)\b)|, which ", re.IGNORECASE)


def _lost(wordings: Sequence[str], before: str, after: str) -> bool:
    low_before, low_after = before.casefold(), after.casefold()
    return any(w.casefold() in low_before for w in wordings) and not any(w.casefold() in low_after for w in wordings)


def _negate(seen: Seen, _: str, draw: Random) -> Output | None:
    """One verb that was told, turned into its contrary as a writer would: "closed" -> "did not close", "was not" -> "was"."""
    found = [edit for sentence in sentences(seen.message) for edit in _contraries(sentence, seen.case.moment.situation)]
    if not found:
        return None
    start, end, words = draw.choice(found)
    return _with_text(seen, seen.message[:start] + words + seen.message[end:])


def _contraries(sentence: Span, told: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, words in their place). A question asserts nothing; a verb with "nobody" or "never" has no plain contrary."""
    if sentence.text.rstrip().endswith("?") or re.search(
        r"\b(?:no|not one|nobody|never|nothing|none)\b", sentence.text, re.I
    ):
        return
    known = {verb_lemma(t.text) for t in tokens_of(told) if t.tag.startswith("V")}
    tokens = tokens_of(sentence.text)
    for at, token in enumerate(tokens):
        after = tokens[at + 1].tag if at + 1 < len(tokens) else ""
        before = {t.tag[:2] for t in tokens[max(0, at - 3) : at]}
        here = sentence.start + token.end
        if token.tag == "VBD" and after != "XX0":
            yield here, here, " not"
        elif token.tag == "XX0" and token.low == "not" and tokens[at - 1].tag == "VBD":
            yield here - len(" not"), here, ""
        elif token.tag == "VVD" and not before & {"VB", "VH", "VD", "VM"} and verb_lemma(token.text) in known:
            yield sentence.start + token.start, here, f"did not {verb_lemma(token.text)}"


def _leak(seen: Seen, _: str, draw: Random) -> Output | None:
    private = [note.text for note in seen.case.notes if note.private]
    return _with_text(seen, f"{seen.message} {draw.choice(private)}") if private else None


def _leak_spelt(seen: Seen, _: str, draw: Random) -> Output | None:
    canaries = seen.case.gold.canaries
    return _with_text(seen, f"{seen.message} ({'-'.join(draw.choice(canaries))})") if canaries else None


def _exchange(seen: Seen, _: str, draw: Random) -> Output | None:
    assert seen.company
    others = [
        o for o in seen.company.by_suite[seen.case.suite] if o.case.drawn_with != seen.case.drawn_with and o.message
    ]
    return _with_text(seen, draw.choice(others).message) if others else None


def _cut_off(seen: Seen, _: str, __: Random) -> Output | None:
    return replace(seen.output, message=seen.message[: len(seen.message) // 2], finish_reason="length")


def _lengthen(seen: Seen, _: str, __: Random) -> Output | None:
    limit = LONGEST[seen.case.moment.channel]
    times = limit // max(len(seen.message.split()), 1) + 1
    return _with_text(seen, " ".join([seen.message] * (times + 1)))


def _fill_slots(seen: Seen, words: str, _: Random) -> Output | None:
    filled = SLOT.sub(words, seen.message)
    return replace(seen.output, message=filled, questions=()) if filled != seen.message else None


SEEDS: dict[str, Seed] = {
    "append": _append,
    "prepend": _prepend,
    "replace": _replace,
    "change-number": _change_number,
    "change-day": _change_day,
    "swap-name": _swap_name,
    "drop-sentence": _drop_sentence,
    "drop-impact": _drop_impact,
    "negate": _negate,
    "leak": _leak,
    "leak-spelt": _leak_spelt,
    "exchange": _exchange,
    "cut-off": _cut_off,
    "lengthen": _lengthen,
    "fill-slots": _fill_slots,
}


class Mutant(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str
    do: str
    words: tuple[str, ...] = Field(default=("",), alias="with")
    caught_by: tuple[str, ...] = Field(min_length=1)


def read_mutants(path: Path = FOLDER / "mutants.yaml") -> tuple[Mutant, ...]:
    import yaml

    try:
        rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["mutants"]
        mutants = tuple(Mutant.model_validate(row) for row in rows)
    except (OSError, KeyError, TypeError, yaml.YAMLError, ValidationError) as error:
        raise Misuse(f"{path} cannot be used: {error}") from error
    unknown = {one.do for one in mutants} - set(SEEDS) | {name for one in mutants for name in one.caught_by} - set(
        SCORERS
    )
    if unknown:
        raise Misuse(f"{path.name} names what does not exist: {', '.join(sorted(unknown))}.")
    return mutants


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """How often one fault was seen: by any scorer, and by each of those that should."""

    name: str
    seeded: int
    caught: int
    by: tuple[tuple[str, int], ...]
    survivors: tuple[tuple[str, str], ...]
    """(case, message) of those that nothing saw."""

    @property
    def interval(self) -> Interval:
        return wilson(self.caught, self.seeded)


def mutate(seen: Sequence[Seen], mutants: Sequence[Mutant], reviewer: Reviewer, each: int = EACH) -> tuple[Caught, ...]:
    """`seen`: good messages, in company. The same seeds each time."""
    return tuple(_one(mutant, seen, reviewer, each) for mutant in mutants)


def _one(mutant: Mutant, seen: Sequence[Seen], reviewer: Reviewer, each: int) -> Caught:
    draw = Random(mutant.name)  # noqa: S311 - to be repeated, no secret
    seeded = caught = 0
    by = dict.fromkeys(mutant.caught_by, 0)
    survivors = []
    for one in draw.sample(list(seen), len(seen)):
        output = SEEDS[mutant.do](one, draw.choice(mutant.words), draw) if isinstance(one.case.input, Moment) else None
        if output is None or seeded == each:
            continue
        seeded += 1
        fallen = [name for name in mutant.caught_by if falls(name, one, output, reviewer)]
        caught += bool(fallen)
        for name in fallen:
            by[name] += 1
        if not fallen:
            survivors.append((one.case.id, output.message))
    return Caught(name=mutant.name, seeded=seeded, caught=caught, by=tuple(by.items()), survivors=tuple(survivors))


def falls(name: str, good: Seen, output: Output, reviewer: Reviewer) -> bool:
    """Whether a scorer that was content says less of the faulty message."""
    faulty = Seen(case=good.case, output=output, reviewer=reviewer, company=good.company)
    before, after = judge(SCORERS[name], good).value, judge(SCORERS[name], faulty).value
    return before is not None and (after is None or after < before)


def false_alarms(seen: Sequence[Seen], mutants: Sequence[Mutant]) -> dict[str, tuple[int, int]]:
    """Of each scorer that is relied on without labels: how many good messages it objects to, of how many it was asked about."""
    names = dict.fromkeys(name for mutant in mutants for name in mutant.caught_by if name not in BY_GOLD)
    found = {}
    for name in names:
        asked = [one for one in seen if LACKS.get(name) not in (one.case.gold.missing or ())]
        scores = [score for one in asked if (score := judge(SCORERS[name], one).value) is not None]
        found[name] = (sum(score < 1 for score in scores), len(scores))
    return found


BY_GOLD = ("facts", "must", "must-not", "asks", "asks-all", "leaks")
"""Scorers that compare with what people labelled: by them a message is good before anything is seeded."""


LACKS = {"no-impact": "impact"}
"""Scorers that say what a message does not tell: no false alarm where the labels say that nobody told it."""


def good_messages(seen: Sequence[Seen]) -> list[Seen]:
    """In company, those that lose, leak and needlessly ask nothing by the labels of their case."""
    Company(seen)
    return [
        one for one in seen if one.message and all(judge(SCORERS[name], one).value in (None, 1) for name in BY_GOLD)
    ]


def mutation_table(caught: Sequence[Caught], alarms: dict[str, tuple[int, int]], verbose: bool) -> str:
    seeded, found = sum(one.seeded for one in caught), sum(one.caught for one in caught)
    whole = wilson(found, seeded)
    lines = [f"faults caught {found / max(seeded, 1):.1%} of {seeded} [{whole.low:.1%}, {whole.high:.1%}]"]
    for one in caught:
        by = ", ".join(f"{name} {count}" for name, count in one.by)
        lines.append(
            f"  {one.name:32} {one.caught:3} of {one.seeded:3} [{one.interval.low:.2f}, {one.interval.high:.2f}]  {by}"
        )
        lines += [f"      survived in {case}: {text}" for case, text in one.survivors] if verbose else []
    lines.append("objections to good messages")
    lines += [f"  {name:18} {bad} of {of}{f' ({bad / of:.1%})' if of else ''}" for name, (bad, of) in alarms.items()]
    return "\n".join(lines)
