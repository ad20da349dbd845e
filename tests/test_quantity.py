"""Amounts are compared by what they come to, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.quantity import follows, quantities


def traced(claim: str, told: str) -> list[bool]:
    return [follows(q, claim[: q.start], quantities(told, spans_too=True)) for q in quantities(claim)]


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("for half an hour", "for thirty minutes"),
        ("three quarters of an hour sooner", "at 18:15; before it was 19:00"),
        ("fifty-four of them", "54 of them"),
        ("at half past ten at night", "at 22:30"),
        ("by half ten", "by 10:30"),
        ("at ten to nine", "at 8:50"),
        ("within two and a half hours", "started at 9:00 and was done by 11:30"),
        ("a €3,500 difference", "from 9,000 to 5,500 euros"),
        ("three weeks later", "on 1 March, and the rest on 22 March"),
        ("two days later", "on Tuesday, again on Thursday"),
        ("a dozen eggs", "12 eggs"),
        ("1,800 parcels", "1.8k parcels"),
        ("for two weeks", "for 14 days"),
        ("more than forty people", "42 people"),
        ("half a litre", "half a litre"),
        ("with nothing to do for three and a half hours", "waited from 7 to 10:30"),
        ("sixty-one check-ins in four hours", "61 check-ins between 2 and 6 pm"),
        ("half a dozen colleagues", "six people"),
        ("for seventy minutes", "for an hour and ten minutes"),
        ("your bus at twenty past one? If so", "the bus leaves at 13:20"),
        ("lying there for two weeks", "a two-week-old complaint"),
        ("two days before the deadline", "handed in on 30 May, due on 1 June"),
        ("three days of the log", "blank from Monday to Wednesday"),
        ("the other 119", "one of 120 bottles"),
        ("at the 5.40 check", "at the 5:40 check"),
        ("at ten to midnight", "at 23:50"),
        ("from nine to midnight", "from 21:00 until 0:00"),
    ],
)
def test_the_same_amount_in_other_words_follows(claim: str, told: str) -> None:
    assert all(traced(claim, told)) and (traced(claim, told) or claim == "half a litre")


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("for three hours", "from 9:00 to 11:30"),
        ("fifty people", "54 people"),
        ("at 10:15", "at 10:30"),
        ("more than forty people", "38 people"),
        ("three weeks later", "on 1 March, and the rest on 29 March"),
        ("27 trucks", "17 trucks"),
        ("in two hours", "her round is at 2 pm"),
        ("for three weeks", "for three days"),
    ],
)
def test_another_amount_does_not_follow(claim: str, told: str) -> None:
    assert traced(claim, told) and not any(traced(claim, told))


def test_a_pronoun_is_no_amount() -> None:
    assert quantities("One of them rang, and the first one to answer was Wei.") == ()


@given(st.text(max_size=200))
def test_every_amount_slices_the_text(text: str) -> None:
    for found in quantities(text):
        assert text[found.start : found.end] == found.text
