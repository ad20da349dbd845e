"""Each clause with its source, and what others may not read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.check import Severity, check
from coach.embed import built_in_embedder
from coach.ground import Clause, ground
from coach.records import Note
from coach.situation import Channel, Kind, Situation

TODAY = date(2026, 11, 20)
SITUATION = "She stayed thirty minutes late on Friday to walk the new porter through the bed list. She did not leave until he was ready."
NOTE = Note(
    id="n1",
    person_id="p",
    person="Amara",
    date=date(2026, 3, 12),
    kind="personal",
    private=True,
    text="Her mother had a hip operation.",
)


def sources(message: str) -> list[str]:
    return [clause.source for clause in ground(message, SITUATION, [NOTE], ("Amara",))]


def found(message: str, channel: Channel, kind: Kind = Kind.RECOGNITION, happened: date | None = None) -> set[str]:
    clauses = ground(message, SITUATION, [NOTE], ("Amara",))
    return {f.code for f in check(message, about(channel, kind, happened), clauses, [NOTE])}


def about(channel: Channel, kind: Kind, happened: date | None = None) -> Situation:
    return Situation(text=SITUATION, to="Amara", kind=kind, channel=channel, happened=happened, today=TODAY)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Amara, you stayed thirty minutes late on Friday.", ["courtesy", "situation"]),
        ("You stayed 30 minutes late on Friday.", ["situation"]),
        ("Thank you, Amara.", ["courtesy", "courtesy"]),
        ("You walked the new porter through the bed list. I was really glad.", ["situation", "courtesy"]),
        ("Your mother had a hip operation.", ["note:n1"]),
        ("[…?] you stayed late.", ["slot", "situation"]),
        ("Can I help with anything?", ["courtesy"]),
    ],
)
def test_what_was_said_is_traced_to_where_it_was_said(message: str, expected: list[str]) -> None:
    assert sources(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "You stayed forty minutes late on Friday.",
        "You saved the ward two thousand pounds.",
        "Ngozi walked the new porter through the bed list.",
        "You stayed late on Friday to paint the fence and cook dinner.",
    ],
)
def test_what_was_not_said_comes_from_nowhere(message: str) -> None:
    assert "none" in sources(message)
    assert "unsupported-claim" in found(message, Channel.DIRECT)


@given(st.text(max_size=400))
def test_clauses_slice_any_message_in_order(message: str) -> None:
    clauses = ground(message, SITUATION, [NOTE], ("Amara",))
    assert all(message[c.start : c.end] == c.text for c in clauses)
    assert all(a.end <= b.start for a, b in pairwise(clauses))


def test_a_private_note_or_matter_is_blocked_where_others_read() -> None:
    message = "You stayed late. Your mother had a hip operation."
    assert "private-detail" in found(message, Channel.PUBLIC_CHAT)
    assert "private-detail" not in found(message, Channel.DIRECT)


def test_correction_in_public_is_blocked() -> None:
    assert "public-criticism" in found("You stayed late.", Channel.PUBLIC_CHAT, Kind.FEEDBACK)
    assert "public-criticism" not in found("You stayed late.", Channel.DIRECT, Kind.FEEDBACK)


def test_old_news_and_length_are_hints() -> None:
    assert "stale" in found("You stayed late.", Channel.DIRECT, happened=date(2026, 11, 5))
    assert "stale" not in found("You stayed late.", Channel.DIRECT, happened=date(2026, 11, 6))
    assert "too-long" in found("word " * 41, Channel.CARD)
    assert "too-long" not in found("You stayed late. " * 13, Channel.CARD)


def test_findings_come_in_the_order_of_the_text_and_whole_message_ones_last() -> None:
    message = "You won a prize. You stayed late. You met the king."
    clauses = ground(message, SITUATION, [], ("Amara",))
    findings = check(message, about(Channel.CARD, Kind.FEEDBACK), clauses)
    starts = [f.start for f in findings if f.start is not None]
    assert starts == [0, 34]
    assert [f.start for f in findings[2:]] == [None] * (len(findings) - 2)
    assert "public-criticism" in {f.code for f in findings if f.severity is Severity.BLOCK}
    assert all(f.text == message[f.start : f.end] for f in findings if f.start is not None)


def test_a_clause_says_why_it_is_not_supported() -> None:
    clause: Clause = ground("You won a prize.", SITUATION, [], ("Amara",))[0]
    assert "prize" in clause.reason


def unsupported(message: str, told: str, to: str = "Shirin") -> list[str]:
    read = built_in_embedder().read
    return [clause.text for clause in ground(message, told, [], (to,), read) if clause.source == "none"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("As always, you had the report ready within a day.", "Shirin had the report ready within a day."),
        ("You left it open on Friday. I have told you this before.", "Shirin left it open on Friday."),
    ],
)
def test_one_event_told_as_a_habit_is_not_supported(message: str, told: str) -> None:
    assert unsupported(message, told)
    assert not unsupported(message, told + " She always does, and I told her before.")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "On Friday you put up the Kellers' pictures.",
            "Shirin put up the pictures of the Keller family on Friday.",
        ),
        (
            "You stayed until she could get there. Malo 'aupito. All the best, Claude",
            "Shirin stayed until Ana could get there.",
        ),
        (
            "You read the cards in old Cyrillic and found the record.",
            "Shirin read the cards in old Cyrillic and found the record.",
        ),
        ("Would Thursday suit you?", "Shirin asked for feedback."),
        (
            "Professor Shirin, the two of us were lucky.",
            "Prof Shirin left it open, I counted with her, nothing missing. Lucky!",
        ),
        ("The picture was on Instagram on Friday.", "the picture was on insta thurs 5pm till the next day, friday"),
        (
            "The caretaker found the keys on Friday morning.",
            "Keys left Thursday night. Caretaker found the keys the next morning.",
        ),
        ("You left the door open. Sleep well tonight!", "Shirin left the door open."),
        ("So the group was not charged.", "Shirin stopped the group from being charged."),
        ("The floor was not wiped on Friday.", "the floor wasnt wiped on friday"),
    ],
)
def test_what_only_looks_new_is_supported(message: str, told: str) -> None:
    assert unsupported(message, told) == []


@pytest.mark.parametrize(
    "message",
    [
        "Shirin, the caretaker found it on Saturday.",
        "You found it, Karla said so.",
        "It was found by 23 people.",
        'The customer said "never seen such lovely work".',
        "You found it with Christopher.",
        "Simon and you found it.",
        "I had to think twice. You moved four beds.",
        "You found it on Tuesday.",
    ],
)
def test_another_day_name_number_or_quotation_is_not_supported(message: str) -> None:
    assert unsupported(
        message,
        "Keys left Thursday night. Shirin found it the next morning. 32 people, Karl and Simone too. She gave us a cake.",
    )


def test_what_was_typed_word_for_word_needs_no_model() -> None:
    told = "Reece threw his book at the wall. She did not raise her voice. He did the whole sheet."
    assert (
        unsupported("Reece threw his book at the wall. You did not raise your voice. He did the whole sheet.", told)
        == []
    )


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Shirin, you did not lock the side door on Friday.", "Shirin locked the side door on Friday."),
        ("On Monday you rebuilt the rack, and the shelf was not full.", "On Monday Shirin rebuilt the rack, and the shelf was full."),
        ("Shirin, the calf was not found by you at four this morning.", "The calf was found by Shirin at four this morning."),
        ("Shirin, on Friday you overtook the ferry.", "Shirin wanted to overtake the ferry on Friday. She did not overtake."),
        ("Shirin, you fried forty rings for the ward after your shift.", "Shirin fried forty rings for the ward before her shift."),
        ("Shirin, you cleaned the floor on Friday.", "shirin didnt clean the floor on friday"),
        ("Shirin, you wiped the floor on Friday.", "shirin didnt wipe the floor on friday"),
        ("Shirin, you raised your voice in the meeting on Monday.", "Shirin did not raise her voice in the meeting on Monday."),
    ],
)  # fmt: skip
def test_the_contrary_of_what_was_told_is_found(message: str, told: str) -> None:
    """Word for word but for one "not": the model reads nothing new in it."""
    assert unsupported(message, told)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        # it says more than it denies
        ("Shirin, you fixed the pump on Friday and wrote down how.", "Shirin not only fixed the pump on Friday, she wrote down how."),
        # no notice, and yet it was covered
        ("Shirin, you covered the late shift with no notice.", "With no notice Shirin covered the late shift."),
        # before the one and after the other
        ("Shirin, you fried forty rings after your shift.", "Shirin fried forty rings before lunch, after her shift."),
        # both were told
        ("Shirin, you closed the valve on Friday.", "Shirin did not close the valve on Monday but closed the valve on Friday."),
        ("Shirin, the door was not open when I came.", "The door was not open when I came, Shirin saw to that."),
    ],
)  # fmt: skip
def test_what_only_looks_like_the_contrary_is_supported(message: str, told: str) -> None:
    assert unsupported(message, told) == []
