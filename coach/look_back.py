"""The week in a page of Markdown, made on this computer: wins seen, promises, who to notice next week."""

from dataclasses import dataclass
from datetime import date, timedelta

from coach.desk import Desk
from coach.records import Promise, PromisedBy
from coach.situation import Kind
from coach.today import AHEAD, anniversaries, day_name, quiet

WINS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """`wins`: (person, day, what was seen); `kept`: promises done in the week; `notice`: (person, why)."""

    start: date
    end: date
    wins: tuple[tuple[str, date, str], ...]
    promised: tuple[Promise, ...]
    kept: int
    notice: tuple[tuple[str, str], ...]


def look_back(desk: Desk, today: date) -> LookBack:
    """The seven days up to and with today. Private notes stay out: a mail program is another place."""
    start = today - timedelta(days=6)
    return LookBack(
        start=start,
        end=today,
        wins=_wins(desk, start, today),
        promised=tuple(p for p in desk.records.promises() if p.to_keep or p.made >= start),
        kept=sum(
            p.settled is not None and start <= p.settled <= today and p.state == "done" for p in desk.records.promises()
        ),
        notice=_notice(desk, today),
    )


def _wins(desk: Desk, start: date, today: date) -> tuple[tuple[str, date, str], ...]:
    """What was thanked for, then what was noted as a strength or a moment; one for each person first."""
    told = [
        (m.person, m.sent_at.date(), m.situation)
        for m in desk.records.messages_since(start)
        if m.kind == Kind.RECOGNITION and m.sent_at.date() <= today
    ]
    praised = {moment.note.id for moment in desk.records.moments(None) if moment.kind == Kind.RECOGNITION}
    noted = [
        (n.person, n.date, n.text)
        for n in desk.records.notes_since(start)
        if n.date <= today and not n.private and (n.kind == "strength" or n.id in praised)
    ]
    chosen: list[tuple[str, date, str]] = []
    for fresh_only in (True, False):
        for one in [*told, *noted]:
            fresh = one[0] not in {person for person, *_ in chosen}
            if (
                len(chosen) < WINS
                and one not in chosen
                and one[2] not in {text for *_, text in chosen}
                and (fresh or not fresh_only)
            ):
                chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: one[1]))


def _notice(desk: Desk, today: date) -> tuple[tuple[str, str], ...]:
    people = desk.records.people()
    soon = [
        (
            one.person.name,
            f"{_occasion(one.years)} on {day_name(one.day, today)}",
        )
        for one in anniversaries(people, today)
        if one.day - today <= AHEAD / 2
    ]
    silent = [
        (one.person.name, f"no word since {day_name(one.last, today)}" if one.last else "no word yet")
        for one in quiet(desk, people, today)
    ]
    return (*soon, *silent)


def _occasion(years: int) -> str:
    return "birthday" if not years else f"{'a year' if years == 1 else f'{years} years'} with you"


def as_markdown(week: LookBack) -> str:
    lines = [f"# Your week, {week.start.day} {week.start:%B} to {week.end.day} {week.end:%B %Y}", "", "## Seen", ""]
    lines += [f"- {person}, {day:%A}: {_one_line(text)}" for person, day, text in week.wins] or [
        "- Nothing noted this week."
    ]
    lines += ["", "## Promised", ""]
    lines += [_promise_line(promise, week.end) for promise in week.promised] or ["- Nothing open."]
    if week.kept:
        lines += ["", f"{week.kept} kept this week."]
    lines += ["", "## To notice next week", ""]
    lines += [f"- {person}: {why}" for person, why in week.notice] or ["- Everybody has heard from you."]
    return "\n".join(lines) + "\n"


def _promise_line(promise: Promise, today: date) -> str:
    due = f", by {day_name(promise.due, today)}" if promise.due else ""
    late = " (overdue)" if promise.overdue(today) else ""
    done = "" if promise.to_keep else f" ({promise.state})"
    whose = f"To {promise.person}" if promise.promised_by is PromisedBy.LEADER else f"{promise.person} to you"
    return f"- {whose}: {_one_line(promise.what)}{due}{late}{done}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
