"""Days in words, from the day they were written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.quantity import WEEKDAYS
from coach.when import day_past, days_named, months_later

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2190, 12, 31))
FRIDAY = date(2026, 11, 20)


def named(text: str, written: date) -> date | None:
    found = days_named(text, written)
    return found[0].day if found else None


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("by Friday", date(2026, 11, 18), FRIDAY),
        ("by Friday", FRIDAY, date(2026, 11, 27)),
        ("next Friday", FRIDAY, date(2026, 11, 27)),
        ("by noon", FRIDAY, FRIDAY),
        ("by noon tomorrow", FRIDAY, date(2026, 11, 21)),
        ("will ring him Mon.", FRIDAY, date(2026, 11, 23)),
        ("2nite", FRIDAY, FRIDAY),
        ("next Friday", date(2026, 11, 18), date(2026, 11, 27)),
        ("this Friday", date(2026, 11, 18), FRIDAY),
        ("by the end of the month", date(2028, 2, 3), date(2028, 2, 29)),
        ("by the end of next month", date(2026, 12, 31), date(2027, 1, 31)),
        ("in a month", date(2027, 1, 31), date(2027, 2, 28)),
        ("tomorrow", date(2026, 12, 31), date(2027, 1, 1)),
        ("tomorrow", date(2028, 2, 28), date(2028, 2, 29)),
        ("in two weeks", date(2026, 12, 25), date(2027, 1, 8)),
        ("by 29 February", date(2026, 3, 1), date(2028, 2, 29)),
        ("on the 31st", date(2026, 11, 20), date(2026, 12, 31)),
        ("by 3 January", date(2026, 12, 30), date(2027, 1, 3)),
        ("a week on Tuesday", date(2026, 12, 2), date(2026, 12, 15)),
        ("by the end of the week", date(2026, 11, 16), FRIDAY),
        ("by the end of next week", date(2025, 10, 7), date(2025, 10, 17)),
        ("before the weekend", date(2025, 7, 15), date(2025, 7, 18)),
        ("by 31/12", date(2026, 12, 28), date(2026, 12, 31)),
        ("by the first Monday in March", FRIDAY, date(2027, 3, 1)),
        ("before half-term", FRIDAY, None),
        ("the Sunday list", FRIDAY, None),
        ("every Friday", FRIDAY, None),
        ("since last Friday", FRIDAY, None),
        ("by 31 June", FRIDAY, None),
        ("next week", FRIDAY, None),
        ("a week today", FRIDAY, date(2026, 11, 27)),
        ("a fortnight from today", FRIDAY, date(2026, 12, 4)),
        ("before the week is out", date(2026, 11, 18), FRIDAY),
        ("by mon 30th", FRIDAY, date(2026, 11, 30)),  # the coming Monday is the 23rd
        ("weds 2, my office", FRIDAY, date(2026, 12, 2)),
        ("every other Monday", FRIDAY, None),
        ("come by at 4 with the form", FRIDAY, FRIDAY),
    ],
)
def test_a_day_in_words_is_the_one_people_mean(text: str, written: date, day: date | None) -> None:
    assert named(text, written) == day


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_coming_one_and_never_today(written: date, weekday: str) -> None:
    day = named(f"by {weekday}", written)
    assert day is not None and 1 <= (day - written).days <= 7
    assert f"{day:%A}".lower() == weekday


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_next_weekday_is_in_the_week_that_follows(written: date, weekday: str) -> None:
    day = named(f"next {weekday}", written)
    assert day is not None
    assert day.isocalendar()[:2] == (written + timedelta(days=7)).isocalendar()[:2]


@given(DAYS)
def test_the_end_of_the_month_is_its_last_day(written: date) -> None:
    day = named("by the end of the month", written)
    assert day is not None and (day + timedelta(days=1)).day == 1
    assert (day.year, day.month) == (written.year, written.month)


@given(DAYS, st.dates(min_value=date(2000, 1, 1), max_value=date(2000, 12, 31)))
def test_a_date_without_a_year_is_its_next_one_over_year_end_and_29_february(written: date, which: date) -> None:
    day = named(f"by {which.day} {which:%B}", written)
    assert day is not None and (day.month, day.day) == (which.month, which.day)
    assert 0 <= (day - written).days <= (366 if (which.month, which.day) != (2, 29) else 8 * 366)


@given(DAYS, st.integers(-30, 30))
def test_months_later_never_skips_a_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.text(max_size=120), DAYS)
def test_no_text_names_a_day_behind_or_outside_itself(text: str, written: date) -> None:
    for one in days_named(text, written):
        assert one.day >= written
        assert 0 <= one.start < one.end <= len(text)
    past = day_past(text, written)
    assert past is None or past <= written


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Ngozi stayed on Tuesday", date(2026, 11, 17)),
        ("Friday's rescue", date(2026, 11, 13)),
        ("yesterday she stayed", date(2026, 11, 19)),
        ("two days ago", date(2026, 11, 18)),
        ("on 30 December", date(2025, 12, 30)),
        ("this morning", FRIDAY),
        ("she stayed on", None),
    ],
)
def test_what_happened_lies_behind(text: str, day: date | None) -> None:
    assert day_past(text, FRIDAY) == day
