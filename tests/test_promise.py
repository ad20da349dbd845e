"""Promises are found where they were made, with the day they are due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.promise import find_promises, offered
from coach.records import Person, Source

FRIDAY = date(2026, 11, 20)


def test_a_promise_is_found_with_its_words_and_its_day() -> None:
    text = "Talked with Ngozi. I'll get back to you by Friday."
    (found,) = find_promises(text, date(2026, 11, 16))
    assert (found.what, found.due) == ("get back to you", FRIDAY)
    assert text[found.start : found.end] == found.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("I promised Tom not to move his desk again.", "not to move his desk again"),
        ("I told Tom that I will not change the rota again.", "not change the rota again"),
        ("Sorry for snapping. It won't happen again.", "It won't happen again"),
    ],
)
def test_what_was_promised_not_to_happen_is_kept_with_its_not(text: str, what: str) -> None:
    (found,) = find_promises(text, FRIDAY)
    assert found.what == what


@pytest.mark.parametrize(
    "text",
    [
        "If the budget comes through, I'll hire a second driver.",
        "I never said I'd approve it.",
        "Nobody is going to get back to you before Monday.",
        "I was told I'd hear by Friday.",
        "I'm hoping to finish the plan tomorrow.",
        "I brought the photos on Sunday, as I had promised.",
        "He said he would have called on Monday.",
        "Will caught the mistake in the invoice.",  # a name
    ],
)
def test_what_only_looks_like_a_promise_is_none(text: str) -> None:
    assert find_promises(text, FRIDAY) == ()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I should have told you sooner; I'll call her on Monday.", date(2026, 11, 23)),  # what should have been takes nothing back
        ("I'll bring the photos on Sunday, as promised.", date(2026, 11, 22)),  # with a day ahead, "as promised" is no end
        ("I'll check with legal by COB tomorrow.", date(2026, 11, 21)),
        ("I assured her she would have a mentor by January.", date(2027, 1, 31)),
        ("I'll send it next Friday.", date(2026, 11, 27)),  # said on a Friday
    ],
)  # fmt: skip
def test_the_day_is_the_one_that_was_meant(text: str, due: date) -> None:
    (found,) = find_promises(text, FRIDAY)
    assert found.due == due


def test_the_same_words_of_the_same_note_are_one_promise() -> None:
    person = Person(id="p", name="Ngozi Ade")
    one, same, other = (
        offered("I'll get back to you by Friday.", FRIDAY, person, Source.NOTE, note)[0] for note in ("n1", "n1", "n2")
    )
    assert one == same
    assert one.id != other.id


@given(st.text(max_size=200), st.dates())
def test_any_text_on_any_day_is_read(text: str, written: date) -> None:
    for found in find_promises(text, written):
        assert text[found.start : found.end] == found.what
        assert found.due is None or found.due >= written
