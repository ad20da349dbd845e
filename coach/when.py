"""Days that a text names, resolved from the day it was written: "by Friday", "in two weeks", "end of the month"."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from coach.quantity import MONTHS, WEEKDAYS

WEDNESDAY, FRIDAY, SUNDAY = 2, 4, 6
FAR_AHEAD = 400
"""Days: a promise for later than this names its year."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WEEKDAY = "|".join(WEEKDAYS) + "|tues?|thurs?|weds|fri|wed(?=[.,;:!]|$)"
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 3 else name for name in MONTHS)
_N = r"(?P<n>\d{1,3}|an?|" + "|".join(_NUMBERS) + r"|a couple of|a few|half a)"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """text[start:end] means `day`."""

    start: int
    end: int
    day: date


def days_named(text: str, written: date) -> tuple[NamedDay, ...]:
    """Every day the text names from `written` on, in order; of two that overlap the longer."""
    found: list[NamedDay] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            day = _resolved(resolve, match, written)
            if day and day >= written and not any(match.start() < n.end and n.start < match.end() for n in found):
                found.append(NamedDay(match.start(), match.end(), day))
    if not found and (hour := _BY_HOUR.search(text)):
        found.append(NamedDay(*hour.span(), written))
    return tuple(sorted(found, key=lambda named: named.start))


_BY_HOUR = re.compile(
    r"(?:after|over|before|at) lunch(?:time)?\b|(?<=\bat )\d{1,2}(?=[.,;!)]| with | and |$)|(?<=\bat )(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven)(?: o['’]clock)?(?=[.,;!)]| and |$))"
    r"|(?<=\bby )(?:noon|midday|lunch(?:time)?|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|\d{1,2}[:.]\d\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven)(?: o['’]clock)?(?=[.,;!)]|$))",
    re.IGNORECASE,
)
"""Today, where no day is named beside it."""


def _resolved(resolve: "_Resolve", match: re.Match[str], written: date) -> date | None:
    try:
        return resolve(match, written)
    except (ValueError, OverflowError):  # 31 June, or past the last year there is
        return None


_Resolve = Callable[[re.Match[str], date], date | None]


def _number(words: str) -> float:
    low = words.lower()
    if low.isdigit():
        return int(low)
    return {"a": 1, "an": 1, "a couple of": 2, "a few": 3, "half a": 0.5}.get(low) or 1 + _NUMBERS.index(low)


def _after(match: re.Match[str], written: date) -> date:
    count, unit = _number(match["n"]), match["unit"].lower()
    if unit.startswith("month"):
        return months_later(written, int(count))
    if unit.startswith("year"):
        return months_later(written, int(12 * count))
    days = {"day": 1, "week": 7, "fortnight": 14}[unit.rstrip("s")]
    return written + timedelta(days=round(count * days))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last: a month after 31 January is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _coming(weekday: int, after: date) -> date:
    """The next such day after today: "Friday" said on a Friday is the one in a week."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _weekday(match: re.Match[str], written: date) -> date:
    weekday = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(match["weekday"].lower()[:3]))
    if (match["which"] or "").lower() != "next":
        return _coming(weekday, written)
    monday = written + timedelta(days=7 - written.weekday())
    return monday + timedelta(days=weekday)


def _dated(match: re.Match[str], written: date) -> date | None:
    month = 1 + next(at for at, name in enumerate(MONTHS) if name.startswith(match["month"].lower()[:3]))
    if match["year"]:
        return date(int(match["year"]), month, int(match["day"]))
    return _next_such(int(match["day"]), month, written)


def _next_such(day: int, month: int, written: date) -> date:
    for year in range(written.year, written.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if found >= written:
            return found
    raise ValueError("no such day")


def _day_of_month(match: re.Match[str], written: date) -> date:
    day, at = int(match["day"]), written
    for _ in range(12):
        if day <= calendar.monthrange(at.year, at.month)[1] and at.replace(day=day) >= written:
            return at.replace(day=day)
        at = months_later(at.replace(day=1), 1)
    raise ValueError("no such day")


def _numbered_weekday(match: re.Match[str], written: date) -> date:
    """ "weds 11": the coming eleventh, where that is a Wednesday; else the number is an hour or a count."""
    day = _day_of_month(match, written)
    if not WEEKDAYS[day.weekday()].startswith(match["weekday"].lower()[:3]):
        raise ValueError("another day of the week")
    return day


def _end_of_week(match: re.Match[str], written: date) -> date:
    friday = written + timedelta(days=FRIDAY - written.weekday())
    if (match["which"] or "").lower() == "next":
        return friday + timedelta(days=7)
    return friday if friday >= written else written + timedelta(days=SUNDAY - written.weekday())


def _end_of_month(match: re.Match[str], written: date) -> date:
    start = months_later(written.replace(day=1), (match["which"] or "").lower() == "next")
    return _month_end(start.year, start.month)


def _end_of_named_month(match: re.Match[str], written: date) -> date:
    name = (match["month"] or match["month_out"]).lower()[:3]
    month = 1 + next(at for at, month in enumerate(MONTHS) if month.startswith(name))
    return _month_end(written.year + (month < written.month), month)


def _named_month(match: re.Match[str]) -> int:
    return 1 + next(at for at, name in enumerate(MONTHS) if name.startswith(match["month"].lower()[:3]))


def _in_named_month(day: int) -> "_Resolve":
    return lambda match, written: _next_such(day, _named_month(match), written)


def _week_from(match: re.Match[str], written: date) -> date:
    return _weekday(match, written) + timedelta(days=7)


def _in_week(weekday: int) -> "_Resolve":
    """The middle (Wednesday) or start (Monday) of this or next week."""

    def resolve(match: re.Match[str], written: date) -> date:
        day = written + timedelta(days=weekday - written.weekday() + 7 * ((match["which"] or "").lower() == "next"))
        return day if day >= written else day + timedelta(days=7)

    return resolve


def _quarter_end(_: re.Match[str], written: date) -> date:
    return _month_end(written.year, (written.month + 2) // 3 * 3)


def _slashed(match: re.Match[str], written: date) -> date:
    """Day first, as British leaders write it, unless only the other way round is a date."""
    day, month = int(match["day"]), int(match["month"])
    day, month = (day, month) if month <= 12 else (month, day)
    if not match["year"]:
        return _next_such(day, month, written)
    return date(int(match["year"]) % 100 + 2000, month, day)


def _nth_weekday(match: re.Match[str], written: date) -> date:
    """ "The first Monday in March", "the last Friday of the month"."""
    weekday = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(match["weekday"].lower()[:3]))
    named = match["month"]
    month = written.replace(day=1) if named is None else _next_such(1, _named_month(match), written.replace(day=1))
    for _ in range(12):
        days = [
            d
            for d in range(1, calendar.monthrange(month.year, month.month)[1] + 1)
            if month.replace(day=d).weekday() == weekday
        ]
        day = month.replace(
            day=days[{"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}[match["nth"].lower()]]
        )
        if day >= written:
            return day
        month = months_later(month, 12 if named else 1)
    raise ValueError("no such day")


def _fixed(month: int, day: int) -> "_Resolve":
    return lambda _, written: _next_such(day, month, written)


def _easter(_: re.Match[str], written: date) -> date:
    days: list[date] = [easter(year) for year in (written.year, written.year + 1)]
    return min(day for day in days if day >= written)


def _weekend(match: re.Match[str], written: date) -> date:
    """Before it: Friday. Over it, at it: Sunday, its end."""
    before = match.group().lower().startswith("b")
    return _coming(FRIDAY if before else SUNDAY, written - timedelta(days=1)) + timedelta(
        days=7 * ("next" in match.group().lower())
    )


def _rule(pattern: str, resolve: "_Resolve") -> tuple[re.Pattern[str], "_Resolve"]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), resolve


_DAY_OF = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_OF_A_KIND = "".join(
    rf"(?<!\b{word} )" for word in "the our his her its a my your their every each other last past since".split()
)
"""Before a weekday: "the Sunday list", "every Friday" and "last Monday" name no day to come."""
_NOT_HE = "".join(rf"(?<!\b{word} )" for word in "he she we they I i who the".split())
"""Before "sat": who sat is no Saturday."""
_AFTER_A_WORD = "(?:" + "|".join(rf"(?<=\b{word} )" for word in "before in on at by for til till this".split()) + ")"
_NO_NOUN = r"(?=\s*$|[^\w\s]|\s+[^\w\s]|\s+(?:at|by|before|after|so|and|or|but|when|if|because|as|with|for|to|in|on|I|you|he|she|it|we|they|from|morning|evening|night|afternoon|lunchtime|that|then|about|without|until|myself|for)\b)"

_RULES = (
    _rule(r"\d{4}-\d{2}-\d{2}", lambda m, _: date.fromisoformat(m.group())),
    _rule(rf"(?P<day>\d{{1,2}}){_DAY_OF}(?: of)? (?P<month>{_MONTH}){_YEAR}", _dated),
    _rule(rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}}){_DAY_OF}{_YEAR}(?![:.]\d)", _dated),
    _rule(rf"(?:the )?(?P<first>first) of (?P<month>{_MONTH})", _in_named_month(1)),
    _rule(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{2}|20\d\d))?", _slashed),
    _rule(rf"(?:the )?(?P<nth>first|second|third|fourth|last) (?P<weekday>{_WEEKDAY}) (?:in|of) (?:(?P<month>{_MONTH})|the month|this month)", _nth_weekday),
    _rule(r"(?:the )?end of (?:(?:the|this) )?(?:(?P<which>next) )?week|before the week is (?:out|over)|(?P<eow>eow)", _end_of_week),
    _rule(r"(?:the )?(?:end|last day) of (?:(?:the|this) )?(?:(?P<which>next) )?month|before (?:the|this) month(?: is|['’]s) (?:out|over)|eom|(?:the )?month['’]s end|month[- ]end", _end_of_month),
    _rule(rf"(?:the )?(?:very )?end of (?P<month>{_MONTH})|before (?P<month_out>{_MONTH}) is (?:out|over)", _end_of_named_month),
    _rule(rf"(?<=\bby )(?P<month>{_MONTH})(?! \d)", _end_of_named_month),
    _rule(rf"(?:the )?(?:(?:start|beginning) of|early) (?P<month>{_MONTH})", _in_named_month(1)),
    _rule(rf"(?:the )?(?:middle of |mid[- ])(?P<month>{_MONTH})", _in_named_month(15)),
    _rule(r"(?:the )?(?:middle of |mid[- ])(?:the )?(?P<which>this|next)?[ -]?week", _in_week(WEDNESDAY)),
    _rule(r"(?:the )?end of (?:the|this) year|year[- ]end|the year is out|end of year", lambda _, d: date(d.year, 12, 31)),
    _rule(r"(?:the )?end of (?:the|this) quarter", _quarter_end),
    _rule(r"new year['’]?s eve", _fixed(12, 31)),
    _rule(r"new year(?:['’]?s(?: day)?)?", _fixed(1, 1)),
    _rule(r"christmas eve", _fixed(12, 24)),
    _rule(r"(?:christmas|xmas)(?: day)?", _fixed(12, 25)),
    _rule(r"boxing day", _fixed(12, 26)),
    _rule(r"easter(?! monday)", _easter),
    _rule(r"(?:the )?day after tomorrow", lambda _, d: d + timedelta(days=2)),
    _rule(r"(?<!day )(?<!tomorrow )in the morning", lambda _, d: d + timedelta(days=1)),
    _rule(r"tomm?orr?ow|tmrw|tmrow|tomoz|tmr|tmw|2moro(?:w)?", lambda _, d: d + timedelta(days=1)),
    _rule(rf"{_N} (?P<unit>days?|weeks?|fortnights?|months?|years?) (?:(?:from )?today|from now|at (?:the )?(?:most|latest))", _after),
    _rule(r"today|tonight|tonite|2nite|this (?:morning|afternoon|evening)|(?:(?:the )?end of (?:the |this |my )?(?:day|shift)|eod|cob|close of (?:business|play))(?! (?:on )?(?:tom|tmr|the day after|the \d|\d|next|mon|tue|wed|thu|fri|sat|sun))", lambda _, d: d),
    _rule(rf"(?:in|within|inside)(?: the next)? {_N} (?P<unit>days?|weeks?|fortnights?|months?|years?)(?:['’]s?)?(?: time)?", _after),
    _rule(rf"(?:a|one) week (?:on|from) (?:(?P<which>next|this|coming) )?(?P<weekday>{_WEEKDAY})", _week_from),
    _rule(rf"(?:(?P<which>next|this|coming) )?(?P<weekday>{_WEEKDAY}) week", _week_from),
    _rule(rf"(?:{_WEEKDAY}|mon|sat|sun),? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)", _day_of_month),
    _rule(rf"(?P<weekday>{_WEEKDAY}|mon|sat|sun) (?P<day>\d{{1,2}})(?![:.]\d| ?[ap]\.?m| o['’])", _numbered_weekday),
    _rule(rf"{_OF_A_KIND}(?:(?P<which>next|this|this coming|coming) )?(?P<weekday>{_WEEKDAY})(?!['’]s\b)", _weekday),
    _rule(rf"(?<=\b(?:on|by) )the (?:(?P<which>next|coming) )?(?P<weekday>{_WEEKDAY}){_NO_NOUN}", _weekday),
    _rule(rf"{_AFTER_A_WORD}(?:(?P<which>next|this) )?(?P<weekday>{_WEEKDAY})(?=['’]s\b)", _weekday),
    _rule(rf"{_OF_A_KIND}(?:(?P<which>next) )?(?P<weekday>mon|weds?|tues?|thurs?|thur|fri)(?=\s*(?:[.,;!)]|$))", _weekday),
    _rule(rf"{_AFTER_A_WORD}(?:(?P<which>next) )?(?P<weekday>sat|sun)(?=\s*(?:[.,;!)]|$))", _weekday),
    _rule(rf"(?<=\w ){_NOT_HE}(?:(?P<which>next) )?(?P<weekday>sat|sun)(?=\s*(?:[.,;!)]|$|promise\b))", _weekday),
    _rule(r"(?<=\b(?:by|on) )(?:(?P<which>next|this) )?(?P<weekday>mon|sat|sun|wed|thu|tue)", _weekday),
    _rule(rf"{_OF_A_KIND}(?:(?P<which>next) )?(?P<weekday>(?-i:Mon|Tue|Thu|Sat|Sun))(?=\s*(?:[.,;!)]|$))", _weekday),
    _rule(rf"(?:before (?:the|this)|by the|this|the|over the|at the|next) (?:weekend|wknd|w/?e){_NO_NOUN}", _weekend),
    _rule(r"the (?P<day>\d{1,2})(?:st|nd|rd|th)", _day_of_month),
)  # fmt: skip


def day_past(text: str, today: date) -> date | None:
    """The day a text says something happened on: today or before; None where it names none."""
    for pattern, resolve in _PAST_RULES:
        match = pattern.search(text)
        day = _resolved(resolve, match, today) if match else None
        if day and day <= today:
            return day
    return None


def _last_weekday(match: re.Match[str], today: date) -> date:
    """ "Tuesday" said on a Tuesday is the one a week ago: of the same day one says "today"."""
    weekday = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(match["weekday"].lower()[:3]))
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _last_such(day: int, month: int, today: date) -> date:
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if found <= today:
            return found
    raise ValueError("no such day")


def _dated_past(match: re.Match[str], today: date) -> date:
    month = _named_month(match)
    return (
        date(int(match["year"]), month, int(match["day"]))
        if match["year"]
        else _last_such(int(match["day"]), month, today)
    )


def _slashed_past(match: re.Match[str], today: date) -> date:
    day, month = int(match["day"]), int(match["month"])
    day, month = (day, month) if month <= 12 else (month, day)
    return date(int(match["year"]) % 100 + 2000, month, day) if match["year"] else _last_such(day, month, today)


def _ago(match: re.Match[str], today: date) -> date:
    return today - (_after(match, today) - today)


def _last_day_of_month(match: re.Match[str], today: date) -> date:
    day, at = int(match["day"]), today
    for _ in range(12):
        if day <= calendar.monthrange(at.year, at.month)[1] and at.replace(day=day) <= today:
            return at.replace(day=day)
        at = months_later(at.replace(day=1), -1)
    raise ValueError("no such day")


_PAST_RULES = (
    _rule(r"\d{4}-\d{2}-\d{2}", lambda m, _: date.fromisoformat(m.group())),
    _rule(rf"(?P<day>\d{{1,2}}){_DAY_OF}(?: of)? (?P<month>{_MONTH}){_YEAR}", _dated_past),
    _rule(rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}}){_DAY_OF}{_YEAR}(?![:.]\d)", _dated_past),
    _rule(r"the day before yesterday", lambda _, d: d - timedelta(days=2)),
    _rule(r"yesterday|last night", lambda _, d: d - timedelta(days=1)),
    _rule(rf"{_N} (?P<unit>days?|weeks?|fortnights?|months?) ago", _ago),
    _rule(r"today|tonight|this (?:morning|afternoon|evening)|just now", lambda _, d: d),
    _rule(rf"(?:(?:on|last|this) )?(?P<weekday>{_WEEKDAY})(?:['’]s)?(?! (?:team|list|rota|shift|meeting)\b)", _last_weekday),
    _rule(r"on the (?P<day>\d{1,2})(?:st|nd|rd|th)", _last_day_of_month),
    _rule(r"on (?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{2}|20\d\d))?", _slashed_past),
    _rule(r"last week", lambda _, d: d - timedelta(days=7)),
)  # fmt: skip
