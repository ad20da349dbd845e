"""What is wrong with cases and prompts before anything runs, and which recordings an edit has made stale."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from coach.situation import Kind
from eval.case import Case, Split, folded, read_cases
from eval.cassette import cost, open_cassette
from eval.errors import EvalError
from eval.runner import ask_for, cassette_path, missing_from
from eval.scorers import SCORERS
from eval.subject import RETRIEVED, Found, Subject, prompt_values, read_found, read_passages
from eval.templates import PARTS, PLACES, variables

ALIKE_FROM = 0.5
"""Jaccard likeness of two situations' character 5-grams: above it one was made from the other."""
GRAM = 5
LEAVES_OUT = re.compile(r"\{#-?\s*leaves out:([^#]*?)-?#\}")
"""How a prompt says that it does without a variable: {# leaves out: notes, voice #}."""


def lint(paths: Sequence[Path]) -> list[str]:
    """Sentences, one a fault."""
    try:
        cases = read_cases(paths)
    except EvalError as error:
        return [str(error)]
    return [*_ids(cases), *_checks(cases), *_alike(cases), *_prompts(cases)]


def _ids(cases: Iterable[Case]) -> Iterator[str]:
    counted = Counter(case.id for case in cases)
    yield from (f"{name}: this id is used {count} times." for name, count in counted.items() if count > 1)


def _checks(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        if not case.checks:
            yield f"{case.id}: has no check, so nothing can fail."
        yield from (f"{case.id}: there is no check named {name!r}." for name in case.checks if name not in SCORERS)
        yield from (f"{case.id}: checks {name!r} twice." for name, n in Counter(case.checks).items() if n > 1)


def _alike(cases: Sequence[Case]) -> Iterator[str]:
    """Across the two parts: what is nearly the same in both is not kept aside."""
    sealed = [(case, grams(case.input_text)) for case in cases if case.split is Split.SEALED]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, (_, own) in enumerate(sealed):
        for gram in own:
            holders[gram].append(at)
    for case in cases:
        if case.split is Split.DEVELOPMENT:
            own = grams(case.input_text)
            shared = Counter(at for gram in own for at in holders.get(gram, ()))
            for at, count in shared.items():
                other, theirs = sealed[at]
                likeness = count / (len(own) + len(theirs) - count)
                if likeness >= ALIKE_FROM:
                    yield f"{case.id} and {other.id}: nearly the same in both parts ({likeness:.2f} of their 5-grams)."


def grams(text: str) -> frozenset[str]:
    """Character 5-grams; a shorter text is one gram."""
    text = folded(text)
    return frozenset(text[at : at + GRAM] for at in range(max(len(text) - GRAM + 1, 1)))


def _prompts(cases: Sequence[Case]) -> Iterator[str]:
    """A prompt that asks for what it is not given, or that does not use what it is given and does not say so."""
    example = next((case for case in cases if case.suite.generates), None)
    given = set(prompt_values(example, Found(), {})) if example else set()
    for folder in sorted(
        {path.parent for place in PLACES for kind in Kind for path in place.glob(f"{kind}/v*/user.jinja")}
    ):
        sources = [(folder / f"{part}.jinja").read_text("utf-8") for part in PARTS]
        used = set().union(*(variables(source) for source in sources))
        left_out = {
            name.strip() for source in sources for said in LEAVES_OUT.findall(source) for name in said.split(",")
        }
        name = f"{folder.parent.name}/{folder.name}"
        if given:
            yield from (f"{name}: needs {one}, which it is not given." for one in sorted(used - given))
            yield from (
                f"{name}: does not use {one}; say so with {{# leaves out: {one} #}}."
                for one in sorted(given - used - left_out)
            )


def staleness(subject: Subject, cases: Sequence[Case], cassettes: Path) -> str:
    """Which answers would have to be recorded anew, and what that would cost."""
    if subject.built_in:
        return "built-in: answers for itself, nothing is recorded."
    mine = [case for case in cases if subject.answers(case)]
    cassette = open_cassette(cassette_path(subject, cassettes))
    path = cassettes / RETRIEVED.name
    asked = ask_for(subject, mine, read_found(path), read_passages(path))
    gone = missing_from(cassette, asked.values())
    unused = len(set(cassette.recordings) - {(one.key, one.sample) for one in asked.values()})
    calls, tokens = cost([one.asked for one in gone])
    reasons = Counter(one.reason for one in gone)
    lines = [
        f"{subject.name}: {len(asked) - len(gone)} of {len(asked)} recorded, {unused} recordings that no case asks for."
    ]
    lines += [f"  {count} stale or missing: {reason}" for reason, count in reasons.most_common()]
    return "\n".join(
        [*lines, *([f"  Recording them takes {calls} calls, about {tokens:,} tokens at most."] if gone else [])]
    )
