"""Numbers, clock times, dates and durations in a text, compared by what they amount to: "half past ten at night" is 22:30."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from text_to_num import Token as NumberToken
from text_to_num import find_numbers

from coach.embed import encodable
from coach.language import Token, tokens_of

HALF_DAY, DAY = 720, 1440
"""Minutes."""
UNITS = {
    "second": 1 / 60, "sec": 1 / 60, "minute": 1.0, "min": 1.0, "hour": 60.0, "hr": 60.0, "h": 60.0, "day": DAY, "night": DAY,
    "week": 7 * DAY, "fortnight": 14 * DAY, "month": 30.4375 * DAY, "year": 365.25 * DAY, "decade": 3652.5 * DAY,
}  # fmt: skip
_WORDS = {
    "dozen": 12.0,
    "twice": 2.0,
    "couple": 2.0,
    "double": 2.0,
    "both": 2.0,
    "pair": 2.0,
    "thrice": 3.0,
    "zero": 0.0,
}
_HALF_DOZEN = re.compile(r"\bhalf (?:a )?dozen\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third")
_PRONOUNS = ("o", "oh", "one", "ones", "first", "second", "one to one")
"""Seldom an amount."""
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 3 else name for name in MONTHS)
_DATE = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})(?!\w)|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.])",
    re.IGNORECASE,
)
_PREPOSITION = r"\b(?:at|by|until|till|before|after|from|since|around|about) "
_CLOCK = re.compile(
    r"(?P<hours>\d{1,2})(?:[:.](?P<minutes>\d{2}))?\s?(?:am|pm|a\.m\.|p\.m\.)(?![a-z])"
    r"|(?P<h24>\d{1,2}):(?P<m24>\d{2})(?!\d)"
    r"|(?P<oclock>\d{1,2})\s*o['’]?clock"
    rf"|{_PREPOSITION}(?P<spoken>\d{{1,2}})[ -](?P<past>[1-5][05])\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:(?<!from )|(?=\d+ past))\b(?P<what>half|quarter|(?:5|10|20|25)(?: minutes?)?) (?P<side>past|to) (?P<hour>1[0-2]|\d|noon|midday|midnight)\b(?!\s?(?:minutes?|hours?|seconds?|[a-z]+s\b)|[.,:]\d)",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(
    rf"{_PREPOSITION}(?P<hour>\d{{1,2}})(?:[:.](?P<minutes>\d{{2}}))?"
    r"(?!\d|[.,:]\d|%|\s?(?!(?:as|is|was|has|his|its|this)\b)(?:[a-z]+s\b|percent|of\b|other\b|more\b|to \d))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<![\d:.,])(?P<from>\d{1,2})(?:[:.](?P<m1>\d{2}))?(?P<ap1> ?[ap]\.?m\b\.?)? ?(?:to|until|till|and|-|–) ?"
    r"(?P<to>\d{1,2})(?:[:.](?P<m2>\d{2}))?(?P<ap2> ?[ap]\.?m\b\.?)?(?![\d:.,]\d|\d|%)",
    re.IGNORECASE,
)
_NOON = re.compile(r"\b(?:noon|midday|midnight)\b", re.IGNORECASE)
_UNIT = r"seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|months?|years?|decades?"
_LASTS = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?)(?P<half1> and a half)?[ -]?(?P<unit>{_UNIT})\b(?P<half2> and a half)?(?:(?<=h|r|s) (?:and )?(?P<rest>\d{{1,2}})(?: ?min(?:ute)?s?)?\b)?",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?P<half>half[- ]an?)|(?P<three>(?:three|3)[- ]quarters of an?)|(?P<quarter>(?:a )?quarter of an?)|(?:an?|one|the)) (?P<unit>minute|hour|day|week|fortnight|month|year)\b(?P<more> and a half)?(?:(?<=hour) and (?P<rest>\d{1,2}) min(?:ute)?s?\b)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?P<more>more than|over|at least|above|well past)|(?P<less>nearly|almost|just under|under|less than|up to|not even)|(?P<near>about|around|roughly|some|close to|just)",
    re.IGNORECASE,
)
_MORE_OR_LESS = re.compile(
    r"\s?(?:(?P<more>and (?:some|more|a bit)\b|[- ]?odd\b|plus\b|\+)|(?P<near>or so\b|or thereabouts\b|,? near enough\b|,? give or take\b))",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(
    r"\b(?:together|in total|total|all told|altogether|in all|combined|comes to|came to|sum)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?P<part>\d{1,3}|one) (?:out of|in)(?: every)? (?P<whole>\d{1,3})(?![\d:.,]\d|\d|%| ?(?:" + _UNIT + r")\b)"
)
_FRACTION = re.compile(
    r"\b(?:an?|one) (?P<of>third|quarter|fifth|sixth|eighth|tenth)\b(?! (?:of an? )?(?:past|to|hour|time|day|week|month|year)\b)",
    re.IGNORECASE,
)
_FRACTIONS = {"third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "sixth": 1 / 6, "eighth": 0.125, "tenth": 0.1}
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?(?:%|per ?cent\b)", re.IGNORECASE)
_OF_YOU = re.compile(r"^(?:both|two|three|four)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount at start:end with what it may mean: ("count", n), ("clock", minutes after noon or midnight),
    ("lasting", minutes), ("date", day of a 366-day year), ("weekday", 0-6), ("month", 0-11),
    ("days", how many were named), ("nth", day of a month) or ("share", 0-1)."""

    start: int
    end: int
    text: str
    readings: tuple[tuple[str, float], ...]

    def means(self, kind: str) -> list[float]:
        return [value for name, value in self.readings if name == kind]


class _Word(NumberToken):  # type: ignore[misc]  # the package has no types
    def __init__(self, text: str, apart: bool) -> None:
        self._text, self._apart = text, apart

    def text(self) -> str:
        return self._text

    def nt_separated(self, previous: NumberToken) -> bool:
        return self._apart


@lru_cache(maxsize=64)
def quantities(text: str, spans_too: bool = False) -> tuple[Quantity, ...]:
    """Every amount in the text, in order. `spans_too`: also what others may follow from: "a year", "Tuesday", "May", "the 5th",
    "12 400", and what a list comes to (with an empty text)."""
    counts = _counts(text)
    digits, back = _as_digits(text, counts)
    found = [*_dates(digits), *_clocks(digits), *_lasting(digits), *_shares(digits)]
    taken = list(found)
    found += [q for q in _bare(digits) if not any(_overlap(q, t) for t in taken)]
    parts = list(_parts(digits))
    found = [
        q for q in found if not any(_overlap(q, part) and part.end - part.start > q.end - q.start for part in parts)
    ]
    found += [q for q in parts if spans_too or q.readings[0][1] not in UNITS.values() or "fortnight" in q.text]
    found = [Quantity(back(q.start), back(q.end), text[back(q.start) : back(q.end)], q.readings) for q in found]
    found += _days_named(text) if spans_too else []
    found += [
        q
        for q in counts
        if (spans_too or q.text.lower() not in _PRONOUNS)
        and not any(_overlap(q, f) and not (spans_too and f.means("share")) for f in found)
    ]
    found += [*_in_groups(text), *_sums(found, text)] if spans_too else []
    return tuple(sorted(found, key=lambda q: q.start))


def _overlap(one: Quantity, other: Quantity) -> bool:
    return one.start < other.end and other.start < one.end


def _counts(text: str) -> list[Quantity]:
    tokens = [part for token in tokens_of(text) for part in _hyphened(token)]
    words = [_Word(encodable(t.low), t.text[0] in ",.;" or t.low in ("to", "past")) for t in tokens]
    found = []
    for one in find_numbers(words, "en", 0.0):
        start, end = tokens[one.start].start, tokens[one.end - 1].end
        if "\n" not in text[start:end]:
            dozen = one.end < len(tokens) and tokens[one.end].low == "dozen"
            end = tokens[one.end].end if dozen else end
            found.append(_count(text, start, end, one.value * 12 if dozen else one.value))
    found += [_count(text, m.start(), m.end(), 6.0) for m in _HALF_DOZEN.finditer(text)]
    for token in tokens:
        value = _value(token)
        if value is not None and not any(q.start <= token.start < q.end for q in found):
            found.append(_count(text, token.start, token.end, value))
    return found


def _hyphened(token: Token) -> list[Token]:
    """ "two-week-old" -> "two", "week", "old": the amount in it is one as if it stood apart."""
    if "-" not in token.text:
        return [token]
    parts = re.finditer(r"[^-]+", token.text)
    return [replace(token, text=m[0], start=token.start + m.start(), end=token.start + m.end()) for m in parts]


def _value(token: Token) -> float | None:
    if token.low in _WORDS:
        return _WORDS[token.low]
    match = re.match(r"[£$€]?(\d+(?:[.,]\d{3})*(?:[.,]\d+)?)", token.text)
    if not match:
        return None
    digits = re.sub(r",(?=\d{3}(?!\d))|\.(?=\d{3}(?!\d))", "", match.group(1)).replace(",", ".")
    value = float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None
    thousand = re.fullmatch(r"[£$€]?[\d.,]+k", token.low)
    return value * 1000 if value is not None and thousand else value


def _count(text: str, start: int, end: int, value: float) -> Quantity:
    time = re.fullmatch(r"(1?\d|2[0-4])\.([0-5]\d)", text[start:end])
    clock = (("clock", _minutes(int(time[1]), int(time[2]))),) if time else ()
    return Quantity(start, end, text[start:end], (("count", value), *clock))


@dataclass(frozen=True)
class _Back:
    """The way from an offset in the text with digits to the text as typed."""

    shifts: tuple[tuple[int, int], ...]

    def __call__(self, at: int) -> int:
        mine, typed = next((m, t) for m, t in reversed(self.shifts) if m <= at)
        return typed + at - mine


def _as_digits(text: str, counts: Sequence[Quantity]) -> tuple[str, _Back]:
    out, at, shifts = "", 0, [(0, 0)]
    for q in sorted(counts, key=lambda q: q.start):
        if q.start < at or re.search(r"\d", q.text) or q.text.lower() in _WORDS:
            continue
        if q.text.lower() in _ORDINALS or _FRACTION.search(text[max(0, q.start - 4) : q.end + 6]):
            continue
        if q.text.lower() == "one" and not (
            re.match(r" (?:o['’]?clock|in the|hour|minute|day|week|month|year)|[.,;!?]?$", text[q.end :])
            or re.search(r"\b(?:past|to) $", text[: q.start])
        ):
            continue
        out += text[at : q.start]
        shifts.append((len(out), q.start))
        out += f"{q.readings[0][1]:g}"
        at = q.end
        shifts.append((len(out), at))
    return out + text[at:], _Back(tuple(shifts))


def _of(match: re.Match[str], *readings: tuple[str, float], group: str | int = 0) -> Quantity:
    return Quantity(match.start(group), match.end(group), match.group(group), readings)


_STARTS = [(date(2024, month, 1) - date(2024, 1, 1)).days for month in range(1, 13)]


def _dates(text: str) -> Iterable[Quantity]:
    for m in _DATE.finditer(text):
        month = next(at for at, name in enumerate(MONTHS) if name.startswith((m["m1"] or m["m2"]).lower()[:3]))
        day = float(m["d1"] or m["d2"])
        yield _of(m, ("date", _STARTS[month] + day), ("count", day))


_WEEKDAY = re.compile(
    r"\b(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:(?<=tue)s|(?<=wed)s|(?<=thu)rs?|(?:(?<=tue)s|(?<=wed)nes|(?<=thu)rs|(?<=sat)ur)?days?)?\b",
    re.IGNORECASE,
)
WORD_TOO = re.compile(r"mon|sun|sat|wed|may|march")
_DATED = re.compile(
    r"(?:\b(?:on|by|for|until|till|to|from|since|last|next|this|every|in|of|and)|day|\b(?:mon|tues?|weds?|thurs?|fri|sat|sun)|[-–,/&]) ?$",
    re.IGNORECASE,
)
"""Before which a small "sat" or "may" is a day or a month."""
_MONTH_ALONE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_NTH = re.compile(r"\b(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b", re.IGNORECASE)


def _beside_a_day(text: str, found: re.Match[str]) -> bool:
    """ "mon tue wed": the first of them."""
    return re.match(rf"\W*{_WEEKDAY.pattern}", text[found.end() :], re.IGNORECASE) is not None


def _days_named(text: str) -> Iterable[Quantity]:
    """The days and months named, between which time passes."""
    for m in _WEEKDAY.finditer(text):
        if WORD_TOO.fullmatch(m.group()) and not _DATED.search(text[: m.start()]) and not _beside_a_day(text, m):
            continue
        yield _of(m, ("weekday", float([day[:3] for day in WEEKDAYS].index(m["day"].lower()))))
    for m in _MONTH_ALONE.finditer(text):
        if WORD_TOO.fullmatch(m.group()) and not _DATED.search(text[: m.start()]):
            continue
        yield _of(m, ("month", float(MONTHS.index(m.group().lower()))))
    for m in _NTH.finditer(text):
        yield _of(m, ("nth", float(m["day"])), ("count", float(m["day"])))


def _in_groups(text: str) -> Iterable[Quantity]:
    """ "12 400" is twelve thousand four hundred."""
    for m in re.finditer(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,]\d|\d)", text):
        yield _of(m, ("count", float(m.group().replace(" ", ""))))


def _sums(found: Sequence[Quantity], text: str) -> Iterable[Quantity]:
    """What the amounts of a list come to, "15, 20 and 10", and how many days were named."""
    counted = sorted((q for q in found if q.means("count")), key=lambda q: q.start)
    for at in range(len(counted)):
        total = counted[at].means("count")[0]
        for more, (one, other) in enumerate(pairwise(counted[at:]), 2):
            if not re.fullmatch(r"[a-z]{0,3}\s*(?:,|and|&|\+|, and)\s*", text[one.end : other.start]):
                break
            total += other.means("count")[0]
            if more > 2:
                yield Quantity(counted[at].start, other.end, "", (("count", total),))
    days = {q.means("weekday")[0] for q in found if q.means("weekday")}
    if len(days) > 1:
        yield Quantity(0, 0, "", (("days", float(len(days))),))


def _clocks(text: str) -> Iterable[Quantity]:
    for m in _CLOCK.finditer(text):
        hours, minutes = (
            int(m["hours"] or m["h24"] or m["oclock"] or m["spoken"]),
            int(m["minutes"] or m["m24"] or m["past"] or 0),
        )
        if hours <= 24 and minutes < 60:
            yield _of(m, ("clock", _minutes(hours, minutes)))
    past = list(_PAST.finditer(text))
    for m in past:
        what = m["what"].lower().split()[0]
        away = {"half": 30, "quarter": 15}.get(what) or int(what)
        hour = int(m["hour"]) if m["hour"].isdigit() else 0
        yield _of(m, ("clock", _minutes(hour, away if m["side"].lower() == "past" else -away)))
    for m in re.finditer(r"\bhalf (?P<hour>1[0-2]|\d)\b(?!\s?[a-z]+s\b)", text, re.IGNORECASE):
        yield _of(m, ("clock", _minutes(int(m["hour"]), 30)))
    for m in _NOON.finditer(text):
        if all(m.end() != one.end() for one in past):  # "ten to midnight" is one time
            yield _of(m, ("clock", 0.0))
    yield from _ranges(text)


def _ranges(text: str) -> Iterable[Quantity]:
    """ "From 7 to 10:30", "between 2 and 6 pm": where one end is a time, so is the other."""
    for m in _RANGE.finditer(text):
        if m["m1"] or m["m2"] or m["ap1"] or m["ap2"]:
            for hour, minutes in (("from", "m1"), ("to", "m2")):
                if int(m[hour]) <= 24 and int(m[minutes] or 0) < 60 and not m[minutes]:
                    clock = ("clock", _minutes(int(m[hour]), int(m[minutes] or 0)))
                    yield _of(m, clock, ("count", float(m[hour])), group=hour)


def _minutes(hours: int, minutes: int) -> float:
    return float((hours * 60 + minutes) % HALF_DAY)


def _bare(text: str) -> Iterable[Quantity]:
    for m in _BARE_HOUR.finditer(text):
        hours, minutes = int(m["hour"]), int(m["minutes"] or 0)
        if hours <= 24 and minutes < 60:
            start = m.start("hour")
            yield Quantity(
                start, m.end(), text[start : m.end()], (("clock", _minutes(hours, minutes)), ("count", float(hours)))
            )


def _lasting(text: str) -> Iterable[Quantity]:
    for m in _LASTS.finditer(text):
        if m["rest"] and not re.match(r"h", m["unit"], re.IGNORECASE):
            m = re.compile(_LASTS.pattern.split("(?:(?<=")[0], re.IGNORECASE).match(text, m.start()) or m
        unit = UNITS[m["unit"].lower().removesuffix("s") if len(m["unit"]) > 1 else "h"]
        number = float(m["number"]) + (0.5 if m["half1"] or m["half2"] else 0.0)
        rest = float(m.groupdict().get("rest") or 0)
        yield _of(m, ("lasting", number * unit + rest), ("count", number))


def _shares(text: str) -> Iterable[Quantity]:
    """ "3 out of 4", "20 %", "a fifth"."""
    for m in _SHARE.finditer(text):
        part, whole = float(m["part"]) if m["part"].isdigit() else 1.0, float(m["whole"])
        if part < whole:
            yield _of(m, ("share", part / whole))
    for m in _PERCENT.finditer(text):
        yield _of(m, ("share", float(m["number"]) / 100), ("count", float(m["number"])))
    for m in _FRACTION.finditer(text):
        yield _of(m, ("share", _FRACTIONS[m["of"].lower()]), group="of")


def _parts(text: str) -> Iterable[Quantity]:
    for m in _PART.finditer(text):
        part = (0.5 if m["half"] else 0.75 if m["three"] else 0.25 if m["quarter"] else 1.0) + (
            0.5 if m["more"] else 0.0
        )
        yield _of(m, ("lasting", part * UNITS[m["unit"].lower()] + float(m["rest"] or 0)))


def follows(claim: Quantity, before: str, told: Sequence[Quantity], after: str = "") -> bool:
    """Whether an amount follows from those that were told, itself or by simple arithmetic. `before`, `after`: the words beside it."""
    if any(_equal(claim, q) for q in told):
        return True
    if before.lower().endswith("other ") and any(n + 1 in q.means("count") for n in claim.means("count") for q in told):
        return True
    hedge = next(reversed([*_ABOUT.finditer(before)]), None) or _MORE_OR_LESS.match(after)
    if hedge and any(_nearly(claim, q, hedge.groupdict()) for q in told):
        return True
    left = bool(_LEFT.search(before) or _LEFT.search(after))
    multiplied = bool(_MULTIPLIED.search(before) or _MULTIPLIED.search(after))
    pairs = [(one, other) for at, one in enumerate(told) for other in told[at + 1 :]]
    return any(
        _apart(claim, one, other)
        or _part_of(claim, one, other, left, hedge.groupdict() if hedge else {})
        or (multiplied and _times(claim, one, other))
        or (_EACH.match(after) is not None and _over(claim, one, other))
        for one, other in pairs
    )


_EACH = re.compile(
    r" (?:\w+ )?(?:per|each|every|times|an? (?:day|hour|week|month|year|minute|head|person|shift|night|piece))\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:less|fewer|cheaper|lower|down|off|drop\w*|fell|cut|sav\w+|reduc\w+|faster|shorter|shrunk|rest|left)\b",
    re.IGNORECASE,
)


def _part_of(claim: Quantity, one: Quantity, other: Quantity, left: bool, hedge: Mapping[str, str | None]) -> bool:
    """160 of 214 is three out of four, more or less; 35 after 55 is more than a third less (`left`)."""
    for part, whole in ((min(a, b), max(a, b)) for a in one.means("count") for b in other.means("count")):
        told = part / whole if whole else 0.0
        ratio = 1 - told if left else told
        for mine in claim.means("share") if 0 < ratio < 1 else ():
            off = ratio - mine
            if abs(off) <= NEARLY_THE_SHARE * (6 if hedge.get("near") else 1):
                return not (hedge.get("more") and off < 0) and not (hedge.get("less") and off > 0)
            if (hedge.get("more") and 0 < off <= HEDGED_SHARE) or (hedge.get("less") and 0 < -off <= HEDGED_SHARE):
                return True
    return False


NEARLY_THE_SHARE, HEDGED_SHARE = 0.01, 0.1
"""How far a share may be from the one that was told, and how far behind a hedge ("more than a third" of 36 %). Our own choice."""


def _times(claim: Quantity, one: Quantity, other: Quantity) -> bool:
    """Two oars at 180 are 360 together, and twice 90 minutes three hours."""
    return any(
        _close(mine, a * b)
        for kind in ("count", "lasting")
        for x, y in ((one, other), (other, one))
        for mine in claim.means(kind)
        for a in x.means(kind)
        for b in y.means("count")
    )


def _over(claim: Quantity, one: Quantity, other: Quantity) -> bool:
    """1,200 in four days are 300 a day; 40 for 4 is ten times as much."""
    pairs = ((a, b) for a in one.means("count") for b in other.means("count") if min(a, b) > 0)
    return any(_close(mine, max(a, b) / min(a, b)) for a, b in pairs for mine in claim.means("count"))


def _equal(claim: Quantity, told: Quantity) -> bool:
    both_last = claim.means("lasting") and told.means("lasting")
    if any(
        _close(a, b)
        for kind in (("lasting",) if both_last else ("count", "clock", "lasting", "date", "share"))
        for a in claim.means(kind)
        for b in told.means(kind)
    ):
        return True
    if any(
        n <= 24 and n * 60 % HALF_DAY == clock
        for a, b in ((claim, told), (told, claim))
        if not a.means("lasting")
        for n in a.means("count")
        for clock in b.means("clock")
    ):
        return True
    if any(_close(n, d) for n in claim.means("count") for d in told.means("days")):
        return True
    plain = [(a, b) for a, b in ((claim, told), (told, claim)) if not a.means("lasting")]
    return any(
        _close(n * u, m) for a, b in plain for n in a.means("count") for m in b.means("lasting") for u in UNITS.values()
    )


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 0.001 * max(abs(one), abs(other), 1e-9)


def _nearly(claim: Quantity, told: Quantity, hedge: Mapping[str, str | None]) -> bool:
    for kind in ("count", "lasting"):
        for mine in claim.means(kind):
            for its in told.means(kind):
                if hedge.get("more") and mine <= its <= mine * 1.25:
                    return True
                if hedge.get("less") and mine * 0.8 <= its <= mine:
                    return True
                if hedge.get("near") and abs(mine - its) <= 0.1 * max(mine, its):
                    return True
    return False


def _apart(claim: Quantity, one: Quantity, other: Quantity) -> bool:
    """From 9:00 to 11:30 is two and a half hours; 9,000 down to 5,500 is 3,500; Tuesday to Thursday is two days."""
    lasting = claim.means("lasting")
    for a, b in ((a, b) for a in one.means("clock") for b in other.means("clock")):
        if any(m % HALF_DAY in ((a - b) % HALF_DAY, (b - a) % HALF_DAY) for m in lasting):
            return True
    for kind, span in (("date", 366), ("weekday", 7)):
        for a, b in ((a, b) for a in one.means(kind) for b in other.means(kind)):
            gaps = {(a - b) % span, (b - a) % span}
            if any(
                min(abs(m / DAY - gap), abs(m / DAY - gap - 1)) <= (0.01 if kind == "weekday" else 1.01 * (gap > 20))
                for m in lasting
                for gap in gaps
            ):
                return True
    if any(_close(m, abs(a - b) * DAY) for m in lasting for a in one.means("nth") for b in other.means("nth")):
        return True
    months = [abs(a - b) % 12 for a in one.means("month") for b in other.means("month")]
    if any(_close(m, gap * UNITS["month"]) for m in lasting for n in months for gap in (n, 12 - n)):
        return True
    for mine in claim.means("count"):
        for a, b in ((a, b) for a in one.means("count") for b in other.means("count")):
            if min(a, b) >= 1 and (_close(mine, abs(a - b)) or _close(mine, a + b)):
                return True
    for a, b in ((a, b) for x, y in ((one, other), (other, one)) for a in x.means("lasting") for b in y.means("count")):
        if any(_close(m, abs(a - b * unit)) for m in lasting for unit in (1.0, 60.0)):
            return True
    shifts = [(c, m) for x, y in ((one, other), (other, one)) for c in x.means("clock") for m in y.means("lasting")]
    return any(mine in ((c + m) % HALF_DAY, (c - m) % HALF_DAY) for mine in claim.means("clock") for c, m in shifts)


def people(claim: Quantity, names: int) -> bool:
    """ "Both of you", "the three of you": the names were told, and counted."""
    return bool(_OF_YOU.match(claim.text)) and claim.means("count")[0] <= names
