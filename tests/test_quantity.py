"""Amounts are compared by what they come to, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.quantity import follows, quantities


def traced(claim: str, told: str) -> list[bool]:
    told_amounts = quantities(told, spans_too=True)
    return [follows(q, claim[: q.start], told_amounts, claim[q.end :]) for q in quantities(claim)]


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
        ("from ten past three to twenty to six", "3:10 to 5:40"),
        ("the first cup two minutes later", "doors at 6 as planned, first cup 6.02"),
        ("five hours after it came in", "came in at 3pm, stayed till 8 to finish"),
        ("a fifth cheaper", "20% less"),
        ("roughly three out of four", "214 began, 160 finished"),
        ("one in five", "4 of 20"),
        ("six of ten, three below the average", "6 out of 10, average 9"),
        ("more than a third less", "55 min in April, 35 in May"),
        ("six hundred and some", "612 items"),
        ("a hundred-odd guests", "118 guests"),
        ("360 together", "two oars gone, 180 each"),
        ("three hours in total", "2x this week, 90 min lost each"),
        ("300 a day", "1,200 in 4 days"),
        ("ten times too much", "40 kg instead of 4"),
        ("forty-five minutes in three days", "15, 20 and 10 min late mon tue wed"),
        ("two weeks later", "back on the 5th, not done on the 19th"),
        ("three months later", "promised for may, we need until august"),
        ("two days late", "promised by Weds, it's friday"),
        ("12,400", "quoted at 12 400"),
        ("six decades", "60 years"),
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
        ("a quarter cheaper", "20% less"),
        ("three out of four", "214 began, 110 finished"),
        ("700 and some", "612 items"),
        ("370 together", "two oars gone, 180 each"),
        ("360", "two oars gone, 180 each"),
        ("350 a day", "1,200 in 4 days"),
        ("fifty minutes", "15, 20 and 10 min late"),
        ("three weeks later", "back on the 5th, not done on the 19th"),
        ("four months later", "promised for may, we need until august"),
        ("98 out of 100", "97 out of 100"),
        ("80% complained", "4 of 20 complained"),
        ("over 75%", "70 of 100"),
        ("nearly 50%", "55 of 100"),
        ("30 people", "32 people came, on Monday and Tuesday"),
        ("34 people", "32 people came, she sat down on Monday"),
        ("made 120 calls", "12 people at 10 tables"),
        ("fixed 4 as a team", "20 chairs, 5 tables"),
        ("two days later", "he sat with her on thursday"),
        ("two months later", "she may join, due in March"),
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
