"""What wants the leader's eye today: promises, anniversaries, moments not told, people not heard from."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from coach.desk import Desk
from coach.draft import SLOT
from coach.exchange import SUGGESTIONS
from coach.promise import offered
from coach.records import Moment, Person, Promise, PromisedBy, Source
from coach.situation import Channel, Kind

AHEAD = timedelta(days=14)
"""Birthdays and anniversaries are shown this long before; promises without being due too."""
STALE_AFTER = timedelta(days=2)
"""Praise loses worth after days: a moment older than this is going stale."""
LOOK_BACK = timedelta(days=14)
"""Promises are offered from notes and messages no older than this."""
USUAL_INTERVAL = 14
USUAL_SUGGESTIONS = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A draft that is already filled in. `message` "": Coach drafts from `situation`."""

    to: str
    kind: Kind
    situation: str
    message: str = ""
    channel: Channel = Channel.DIRECT
    happened: date | None = None
    moment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anniversary:
    """`years` 0: a birthday."""

    person: Person
    day: date
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """`last` None: there was never a word."""

    person: Person
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    due: tuple[Promise, ...]
    ahead: tuple[Promise, ...]
    offered: tuple[Promise, ...]
    anniversaries: tuple[Anniversary, ...]
    stale: tuple[Moment, ...]
    fresh: tuple[Moment, ...]
    quiet: tuple[Quiet, ...]


def look(desk: Desk, today: date) -> Today:
    """Everything the page shows, in one pass over the records."""
    people = desk.records.people()
    to_keep = [promise for promise in desk.records.promises() if promise.to_keep]
    moments = desk.records.moments()
    return Today(
        due=tuple(p for p in to_keep if p.due and p.due <= today),
        ahead=tuple(p for p in to_keep if not p.due or p.due > today),
        offered=offers(desk, today),
        anniversaries=anniversaries(people, today),
        stale=tuple(m for m in moments if today - m.note.date > STALE_AFTER),
        fresh=tuple(m for m in moments if today - m.note.date <= STALE_AFTER),
        quiet=quiet(desk, people, today),
    )


def offers(desk: Desk, today: date) -> tuple[Promise, ...]:
    """Promises found in recent notes and messages that the leader has neither kept nor declined."""
    known = {promise.id for promise in desk.records.promises(declined=True)}
    team = desk.records.people()
    people = {person.id: person for person in team}
    since = today - LOOK_BACK
    found = [
        *(one for note in desk.records.notes_since(since)
          for one in offered(note.text, note.date, people[note.person_id], Source.NOTE, note.id, team, note.kind == "promise")),
        *(one for message in desk.records.messages_since(since)
          for one in offered(message.text, message.sent_at.date(), people[message.person_id], Source.MESSAGE, message.id, team)),
    ]  # fmt: skip
    return tuple(one for one in found if one.id not in known)


def anniversaries(people: tuple[Person, ...], today: date) -> tuple[Anniversary, ...]:
    """The soonest first."""
    found = []
    for person in people:
        if re.fullmatch(r"\d{2}-\d{2}", person.birthday):
            month, day = map(int, person.birthday.split("-"))
            found.append(Anniversary(person=person, day=next_yearly(month, day, today), years=0))
        if person.start_date:
            day_of = next_yearly(person.start_date.month, person.start_date.day, today)
            years = day_of.year - person.start_date.year
            if years > 0:
                found.append(Anniversary(person=person, day=day_of, years=years))
    return tuple(sorted((one for one in found if one.day - today <= AHEAD), key=lambda one: (one.day, one.person.name)))


def next_yearly(month: int, day: int, today: date) -> date:
    """The next such day, today included; 29 February is kept on the 28th in other years."""
    for year in (today.year, today.year + 1):
        last = calendar.monthrange(year, month)[1]
        found = date(year, month, min(day, last))
        if found >= today:
            return found
    raise AssertionError("one of two years has it")


def quiet(desk: Desk, people: tuple[Person, ...], today: date) -> tuple[Quiet, ...]:
    """At most so many a day as the leader wants: chosen as the day began, so that a talk today brings up nobody else."""
    most = suggestions_a_day(desk)
    if most == 0:
        return ()
    contacts, intervals = desk.records.last_contacts(before=today), desk.records.intervals()
    waiting = []
    for person in people:
        interval, last = intervals.get(person.id, USUAL_INTERVAL), contacts.get(person.id)
        days = (today - last).days if last else None
        if interval and (days is None or days >= interval):
            waiting.append(
                (-(days / interval if days is not None else 1.0), person.name, Quiet(person=person, last=last))
            )
    chosen = [one for *_, one in sorted(waiting, key=lambda w: w[:2])[:most]]
    after = desk.records.last_contacts(before=today + timedelta(days=1))
    return tuple(one for one in chosen if after.get(one.person.id) != today)


def suggestions_a_day(desk: Desk) -> int:
    return int(desk.records.preference(SUGGESTIONS, USUAL_SUGGESTIONS))


# Each one click from a draft


def opening_for_moment(moment: Moment) -> Opening:
    return Opening(
        to=moment.note.person,
        kind=Kind(moment.kind),
        situation=moment.note.text,
        happened=moment.note.date,
        moment=moment.note.id,
    )


def opening_for_promise(promise: Promise, today: date) -> Opening:
    first, when = first_name(promise.person), f" by {day_name(promise.due, today)}" if promise.due else ""
    if promise.promised_by is PromisedBy.LEADER:
        said = f"I promised {first} on {day_name(promise.made, today)}: {promise.what}{when}."
        message = f"{first}, about what I promised you{when} (“{promise.what}”): {SLOT}"
    else:
        said = f"{first} promised on {day_name(promise.made, today)}: {promise.what}{when}."
        message = (
            f"{first}, you wanted to {promise.what}{when}. How is it going, and is there anything you need from me?"
        )
    return Opening(to=promise.person, kind=Kind.FEEDBACK, situation=said, message=message)


def opening_for_anniversary(one: Anniversary, today: date) -> Opening:
    first = first_name(one.person.name)
    if one.years:
        years = "a year" if one.years == 1 else f"{one.years} years"
        said = f"{first} has been with us for {years} on {day_name(one.day, today)}."
        message = (
            f"{first}, you have been with us for {years} now. Thank you. What I value most in working with you: {SLOT}"
        )
    else:
        said = f"{first}’s birthday is on {day_name(one.day, today)}."
        message = f"Happy birthday, {first}! I hope it is a good day."
    return Opening(to=one.person.name, kind=Kind.RECOGNITION, situation=said, message=message)


def opening_for_quiet(one: Quiet, today: date) -> Opening:
    first = first_name(one.person.name)
    since = f" since {day_name(one.last, today)}" if one.last else ""
    return Opening(
        to=one.person.name,
        kind=Kind.RECOGNITION,
        situation=f"{first} and I have not talked{since}.",
        message=f"{first}, how are you, and how is work going? I would like to hear it from you: "
        "do you have a quarter of an hour this week?",
    )


def first_name(name: str) -> str:
    return name.split()[0]


def day_name(day: date, today: date) -> str:
    """ "today", "tomorrow", "Friday 27 November", with the year where it is another one."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    return near or f"{day:%A} {day.day} {day:%B}{f' {day.year}' if day.year != today.year else ''}"
