"""With the names gone: could this message be about anyone?"""

from datetime import date

from coach.desk import Desk
from coach.lineup import IN_LINE, nameless, stand_ins
from coach.situation import Channel, Kind, Situation

ABOUT = Situation(
    text="She walked the new porter through the bed list on Monday night, so nobody waited for a bed.",
    to="Amara Okafor", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=date(2026, 5, 6),
)  # fmt: skip


def test_a_message_of_its_own_fits_one_and_a_stock_phrase_anyone(desk: Desk) -> None:
    own = desk.line_up("Amara, on Monday night you walked the new porter through the bed list.", ABOUT)
    stock = desk.line_up("Great job this week, thanks for all your hard work!", ABOUT)
    assert own and own.says == "fits 1 of 12"
    assert stock and stock.says == "fits anyone"


def test_names_are_taken_out_as_whole_words() -> None:
    assert nameless("Amara and AMARA OKAFOR met Amaranth.", ["Amara Okafor"]) == "they and they met Amaranth."


def test_the_leaders_own_situations_stand_first_in_the_line() -> None:
    line = stand_ins("own", ["a", "own", "b", "a"], [f"shipped {at}" for at in range(42)])
    assert line[:2] == ("a", "b")
    assert len(line) == IN_LINE - 1 == len(set(line))
