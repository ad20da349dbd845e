"""The leader's own habits: who got how many messages, how specific they were, and how soon. Never a score of a person."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from coach.desk import Desk
from coach.records import Message, Person
from coach.situation import Kind
from coach.when import day_past

WEEKS = 12
LEAST = 5
"""Messages: with fewer, nothing is said about how they compare."""
FAR_BELOW = 0.5
VAGUER_BY = 0.25
_NAMES_WHEN_OR_WHAT = re.compile(
    r"\d|\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|this (?:morning|afternoon|week)|last (?:night|week)|when|while|after|before|during)\b",
    re.IGNORECASE,
)
_SAYS_WITH_WHAT_EFFECT = re.compile(
    r"\b(?:so|because|which meant|meant|that way|as a result|thanks to (?:that|you)|made|let|saved|kept|helped|without|instead of)\b",
    re.IGNORECASE,
)
LEAST_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Messages to one person in the week that begins on the Monday `week`."""

    person: str
    week: date
    recognition: int
    feedback: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`share` of the messages that are specific, 0 to 1; `days`: median from event to message, None where no day is known."""

    month: date
    messages: int
    share: float
    days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    weeks: tuple[date, ...]
    cells: tuple[Cell, ...]
    months: tuple[Month, ...]
    principles: tuple[tuple[str, int], ...]
    remarks: tuple[str, ...]
    messages: int


def rhythm(desk: Desk, today: date) -> Rhythm:
    people, messages = desk.records.people(), desk.records.messages()
    monday = today - timedelta(days=today.weekday())
    weeks = tuple(monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))
    return Rhythm(
        weeks=weeks,
        cells=cells(people, messages, weeks),
        months=by_month(messages),
        principles=practised(desk, messages),
        remarks=remarks(people, messages, weeks[0]),
        messages=len(messages),
    )


def cells(people: Sequence[Person], messages: Sequence[Message], weeks: Sequence[date]) -> tuple[Cell, ...]:
    """One for each person and week, those without a message too; people by name."""
    counts = Counter((m.person_id, week_of(m), m.kind) for m in messages)
    return tuple(
        Cell(
            person=person.name,
            week=week,
            recognition=counts[person.id, week, Kind.RECOGNITION.value],
            feedback=counts[person.id, week, Kind.FEEDBACK.value],
        )
        for person in people
        for week in weeks
    )


def week_of(message: Message) -> date:
    sent = message.sent_at.date()
    return sent - timedelta(days=sent.weekday())


def by_month(messages: Sequence[Message]) -> tuple[Month, ...]:
    months = sorted({message.sent_at.date().replace(day=1) for message in messages})
    return tuple(_month(month, [m for m in messages if m.sent_at.date().replace(day=1) == month]) for month in months)


def _month(month: date, messages: Sequence[Message]) -> Month:
    taken = [days for days in map(days_taken, messages) if days is not None]
    return Month(month=month, messages=len(messages), share=specific(messages), days=median(taken) if taken else None)


def specific(messages: Sequence[Message]) -> float:
    return sum(map(is_specific, messages)) / len(messages)


def is_specific(message: Message) -> bool:
    """Whether it says what was done, and when or with what effect (situation, behaviour, impact: SBI)."""
    text = message.text
    return len(text.split()) >= LEAST_WORDS and bool(
        _NAMES_WHEN_OR_WHAT.search(text) or _SAYS_WITH_WHAT_EFFECT.search(text)
    )


def days_taken(message: Message) -> int | None:
    """From the day it happened to the day it was said; None where neither the leader nor the situation names the day."""
    sent = message.sent_at.date()
    happened = message.happened or day_past(message.situation, sent)
    return (sent - happened).days if happened and happened <= sent else None


def practised(desk: Desk, messages: Sequence[Message]) -> tuple[tuple[str, int], ...]:
    """Titles of the principle that fitted each message best, the most practised first."""
    firsts = [ids[0] for m in messages if isinstance(ids := m.sources.get("principles"), list) and ids]
    titles = Counter(
        desk.library.by_id[one].title for one in firsts if isinstance(one, str) and one in desk.library.by_id
    )
    return tuple(sorted(titles.items(), key=lambda one: (-one[1], one[0])))


def remarks(people: Sequence[Person], messages: Sequence[Message], since: date) -> tuple[str, ...]:
    """What stands out against the leader's own average, by name; nothing about somebody with fewer than five messages."""
    found = []
    usual = specific(messages) if messages else 0.0
    recent = Counter(m.person_id for m in messages if m.sent_at.date() >= since)
    average = sum(recent.values()) / len(people) if people else 0.0
    for person in people:
        theirs = [m for m in messages if m.person_id == person.id]
        if len(theirs) < LEAST:
            continue
        share = specific(theirs)
        if share <= usual - VAGUER_BY:
            found.append(
                f"Your messages to {person.name} are less specific than you usually write: "
                f"{sum(map(is_specific, theirs))} of {len(theirs)} say what was done and when or with what effect, "
                f"against {usual:.0%} of all your messages."
            )
        if recent[person.id] < FAR_BELOW * average:
            found.append(
                f"{person.name} got {counted(recent[person.id], 'message')} from you in the last {WEEKS} weeks, "
                f"fewer than half of your average of {average:.1f} a person."
            )
    return tuple(found)


def counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
