"""Would the checker notice? Each fault is seeded into clean messages; what share is caught (`make eval-checks`).

What points at words is a whole sentence that was labelled with the fault in another message, put after the first sentence.
What is about the message is made by taking away what a message needs, or by adding what it should not have.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from coach.check import LONGEST_WORDS
from coach.clauses import OCCASION, split_clauses
from coach.language import sentences
from coach.situation import Channel

EACH = 30
"""Clean messages that each fault is seeded into."""
DAYS_AGO = 20
Case = dict[str, Any]
Seed = Callable[[Case, Sequence[Case], Random], Case | None]
VAGUE = {
    "recognition": ("You were wonderful.", "Your energy carried all of us.", "What a performance."),
    "feedback": ("Your attitude was not right.", "You were not yourself.", "I missed your usual commitment."),
}
"""Praise and reproach in which nobody does anything."""
SOFT = "I might be wrong, and maybe it is just me, and it is kind of a little thing."


def seeded(cases: Sequence[Case], labels: Mapping[str, str]) -> Iterator[tuple[str, Case, str]]:
    """A code, a message with that fault, and the words that commit it, "" where it is the whole message.

    `labels`: every code of the cases, and its kind.
    """
    draw = Random(0)  # noqa: S311 - the same every time
    clean = [case for case in cases if not case["spans"] and not case["message_codes"]]
    for code, kind in labels.items():
        fitting = [case for case in clean if kind in ("both", case["kind"])]
        make, done = MAKE.get(code), 0
        for case in draw.sample(fitting, len(fitting)):
            words = "" if make else _sentence(code, cases, case, draw)
            seeing = _public(case, clean, draw) if code == "private-detail" else case
            changed = make(case, clean, draw) if make else _with_sentence(seeing, words)
            if changed and (make or words) and done < EACH:
                done += 1
                yield code, changed, words


def _sentence(code: str, cases: Sequence[Case], case: Case, draw: Random) -> str:
    """One that commits the fault in another message of the same kind; "" where there is none."""
    found = [
        span["text"].strip(" .!?")
        for other in cases
        if other["kind"] == case["kind"]
        for span in other["spans"]
        if span["code"] == code
        if any(one.text.strip(" .!?") == span["text"].strip(" .!?") for one in sentences(other["message"]))
    ]
    return draw.choice(found) if found else ""


def _with_sentence(case: Case, words: str) -> Case | None:
    first = next(iter(sentences(case["message"])))
    return case | {"message": f"{case['message'][: first.end]} {words}.{case['message'][first.end :]}"}


def _public(case: Case, _: Sequence[Case], __: Random) -> Case:
    return case | {"channel": "public-chat"}


def _old(case: Case, _: Sequence[Case], __: Random) -> Case:
    today = case.get("today", "2026-03-04")
    return case | {"today": today, "date": str(date.fromisoformat(today) - timedelta(days=DAYS_AGO))}


def _long(case: Case, clean: Sequence[Case], draw: Random) -> Case:
    text = case["message"]
    while len(text.split()) <= LONGEST_WORDS[Channel(case["channel"])]:
        text += " " + draw.choice(clean)["message"]
    return case | {"message": text}


def _no_occasion(case: Case, _: Sequence[Case], __: Random) -> Case | None:
    text = re.sub(r"\s+", " ", OCCASION.sub("", case["message"])).strip(" ,")
    named = re.search(r"\b(?:\w+day|January|February|March|April|May|June|July|yesterday|\d+:\d+)\b", text)
    return None if named or text == case["message"] else case | {"message": text[:1].upper() + text[1:]}


def _no_request(case: Case, _: Sequence[Case], __: Random) -> Case | None:
    """What goes before the first question or request."""
    kept = []
    for one in sentences(case["message"]):
        if re.search(
            r"\?|\bplease\b|\bI(?:'d| would) like\b|\bI need\b|\blet['’]s\b|\bwe could\b", one.text, re.IGNORECASE
        ):
            break
        kept.append(one.text)
    return case | {"message": " ".join(kept)} if kept and len(kept) < len(sentences(case["message"])) else None


def _no_effect(case: Case, _: Sequence[Case], __: Random) -> Case | None:
    """The first clause of what was done, and what is asked for."""
    first, *rest = (one.text for one in sentences(case["message"]))
    clauses = split_clauses(first)
    asked = [one for one in rest if one.endswith("?")]
    if len(clauses) < 2 or not re.search(r"\byou\b.*\w+", clauses[0].text, re.IGNORECASE):
        return None
    return case | {"message": " ".join([clauses[0].text.strip(" ,;") + ".", *asked])}


def _no_deed(case: Case, _: Sequence[Case], draw: Random) -> Case:
    asked = [one.text for one in sentences(case["message"]) if one.text.endswith("?")]
    when = f"About {draw.choice(('Monday', 'Friday night', 'the meeting yesterday'))}."
    return case | {"message": " ".join([when, draw.choice(VAGUE[case["kind"]]), *asked])}


def _another_matter(case: Case, clean: Sequence[Case], draw: Random) -> Case:
    others = [one for one in clean if one["kind"] == "feedback" and one is not case]
    second = next(iter(sentences(draw.choice(others)["message"]))).text
    first = next(iter(sentences(case["message"])))
    return case | {"message": f"{case['message'][: first.end]} {second}{case['message'][first.end :]}"}


def _softened(case: Case, _: Sequence[Case], __: Random) -> Case | None:
    return _with_sentence(case, SOFT.strip("."))


def _unsaid(case: Case, clean: Sequence[Case], draw: Random) -> Case:
    """One sentence of somebody else's message, and a situation that tells the rest."""
    other = draw.choice([one for one in clean if one["kind"] == case["kind"] and one is not case])
    last = sentences(other["message"])[0].text
    return case | {"message": f"{case['message']} {last}", "situation": case["message"]}


MAKE: dict[str, Seed] = {
    "public-criticism": _public,
    "stale": _old,
    "too-long": _long,
    "no-situation": _no_occasion,
    "no-next-step": _no_request,
    "no-impact": _no_effect,
    "no-behaviour": _no_deed,
    "several-issues": _another_matter,
    "hedging": _softened,
    "unsupported-claim": _unsaid,
}
