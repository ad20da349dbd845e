"""Each clause with its source, and what others may not read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.check import Severity, check
from coach.ground import Clause, ground
from coach.records import Note
from coach.situation import Channel, Kind

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
    return {f.code for f in check(message, clauses, kind, channel, [NOTE], happened, TODAY)}


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
    findings = check(message, clauses, Kind.FEEDBACK, Channel.CARD, [], None, TODAY)
    starts = [f.start for f in findings]
    assert starts == [0, 34, None]
    assert findings[-1].severity is Severity.BLOCK
    assert all(f.text == message[f.start : f.end] for f in findings if f.start is not None)


def test_a_clause_says_why_it_is_not_supported() -> None:
    clause: Clause = ground("You won a prize.", SITUATION, [], ("Amara",))[0]
    assert "prize" in clause.reason
