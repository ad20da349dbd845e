"""Promises are found where they were made, with the day they are due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import promise
from coach.promise import find_promises, offered
from coach.promise_rules import find_by_rules
from coach.records import Person, PromisedBy, Source

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


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Sorting the rota out is on me.", "rota"),
        ("The blinds get fixed this week, I'm seeing to it myself.", "blinds"),
        ("Sana can count on a lift home from me on Friday.", "a lift home"),
    ],
)
def test_the_model_hears_what_no_rule_knows(text: str, what: str) -> None:
    assert find_by_rules(text, FRIDAY) == ()
    assert any(what in found.what for found in find_promises(text, FRIDAY))


@pytest.mark.parametrize(
    "text",
    [
        "Ngozi stayed on to reload the lorry on Thursday.",
        "I'll get my coat.",
        "Sana took the time to show the new porter round yesterday.",
    ],
)
def test_the_model_takes_no_deed_and_no_turn_of_phrase_for_a_promise(text: str) -> None:
    assert find_promises(text, FRIDAY) == ()


def test_of_two_promises_in_a_sentence_each_has_its_own_day() -> None:
    first, second = find_promises("I'll ring the pool tomorrow and Hal will sort the coach by Thursday.", FRIDAY)
    assert (first.by, first.due) == (PromisedBy.LEADER, date(2026, 11, 21))
    assert (second.by, second.due) == (PromisedBy.OTHER, date(2026, 11, 26))


@pytest.mark.parametrize(
    ("text", "what", "due"),
    [
        ("Kofi says he'll walk the new lad round tomorrow, and I said I'd do the paperwork side", "paperwork", None),
        ("I'll square it with the company manager before Thursday's show.", "square it", date(2026, 11, 26)),
        ("I'm going to go and see the head about the trip in the morning.", "see the head", date(2026, 11, 21)),
        ("I'll be doing the stock count mon.", "stock count", date(2026, 11, 23)),
        ("I'll put the posters up tomorrow and I'll bring your certificate.", "certificate", None),
        ("Give me till Thursday and I'll have the names for you.", "names", date(2026, 11, 26)),
        ("I'll send the spec on Tuesday, she comes back with a price by Friday.", "spec", date(2026, 11, 24)),
        ("I'll lend Kofi my ladder sat", "ladder", date(2026, 11, 21)),
        ("I'll ask the director about the visas. Thursday, when she's back.", "ask", date(2026, 11, 26)),
    ],
)
def test_a_promise_has_the_day_of_its_own_act(text: str, what: str, due: date | None) -> None:
    (found,) = [one for one in find_promises(text, FRIDAY) if what in one.what]
    assert found.due == due


def test_a_thing_and_what_is_done_with_it_are_one_promise() -> None:
    (found,) = find_promises("A second radio for the yard is coming, I'm collecting it on Thursday.", FRIDAY)
    assert "radio" in found.what
    assert found.due == date(2026, 11, 26)


def test_a_day_that_owns_something_is_not_the_day_it_is_due() -> None:
    (found,) = find_promises("I'll take Monday's handover so that you can rest.", FRIDAY)
    assert found.due is None


def test_without_the_language_model_the_rules_go_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "_read", lambda: None)
    text = "I'll ring the council about the ramp, and not a day later than Monday."
    assert find_promises.__wrapped__(text, FRIDAY) == find_by_rules(text, FRIDAY) != ()


TEAM = tuple(Person(id=name, name=name) for name in ("Ngozi Ade", "Marek Nowak", "Tom Hill", "Tom Bay"))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Told Marek I'd order the gloves by Friday.", "Marek Nowak"),
        ("I owe Marek an answer.", "Marek Nowak"),
        ("Marek said he'd bring the forms on Monday.", "Marek Nowak"),
        ("Talked about Marek. I'll get back to you by Friday.", "Ngozi Ade"),  # named, and not promised anything
        ("I told Tom I'd call the depot.", "Ngozi Ade"),  # two have that name
    ],
)
def test_a_promise_that_names_another_person_is_theirs(text: str, who: str) -> None:
    (found,) = offered(text, FRIDAY, TEAM[0], Source.NOTE, "n", TEAM)
    assert found.person == found.person_id == who


@pytest.mark.parametrize(
    "text",
    [
        "I told her on Monday I'd call the depot.",
        "I said when we met on Monday I'd check the rota.",
        "I'll send you the notes from today.",
    ],
)
def test_the_day_it_was_said_on_is_not_the_day_it_is_due(text: str) -> None:
    (found,) = find_promises(text, FRIDAY)
    assert found.due is None


def test_a_note_filed_as_a_promise_is_one_whatever_its_words() -> None:
    text = "Sundays late or off from 3 December. She was glad."
    assert offered(text, FRIDAY, TEAM[0], Source.NOTE, "n") == ()
    (found,) = offered(text, FRIDAY, TEAM[0], Source.NOTE, "n", is_one=True)
    assert (found.what, found.due) == ("Sundays late or off from 3 December", date(2026, 12, 3))


@given(st.text(max_size=200), st.dates())
def test_any_text_on_any_day_is_read(text: str, written: date) -> None:
    for found in find_promises(text, written):
        assert text[found.start : found.end] == found.what
        assert found.due is None or found.due >= written
