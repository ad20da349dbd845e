"""What people say about how they like to be recognised, and whether it keeps praise out of a room."""

import pytest

from coach.records import Person
from coach.send import wish_against
from coach.situation import Channel, Kind
from coach.wishes import Wish, wish_of

PRIVATE = [
    "No public praise, please. A private word or a handwritten line means more to him.",
    "Please not in front of the others.",
    "Hates being the centre of attention.",
    "Prefers a quiet word.",
    "In private only.",
    "One to one, never in the team meeting.",
    "Doesn't like shoutouts.",
    "She would rather hear it privately.",
    "Gets embarrassed when praised in front of everyone.",
    "Don’t post it in the channel.",
    "A private note is best.",
    "Not a fan of the spotlight.",
    "Keep it low-key.",
    "Public recognition makes her uncomfortable.",
    "Dislikes attention; an email is perfect.",
    "Just between us, please.",
    "Shy about praise in the group chat.",
    "Quietly, one-on-one.",
    "Would prefer no fuss and no announcement.",
    "Loves cake, but no public thanks.",
    "Only 1:1.",
    "Please avoid all-hands mentions.",
    "Being singled out is something he dreads; never do it in a big meeting.",
    "Prefers private thanks.",
]
NOT_PRIVATE = [
    "",
    "A thank-you in front of the team, as long as it says exactly what she did.",
    "Enjoys a mention in the group chat; a joke goes down well.",
    "A short written message they can keep. The team chat is fine too.",
    "A card, or being asked to teach what she knows. No long speeches.",
    "Loves a public shoutout.",
    "Doesn't mind the team chat.",
    "Public or private, either way.",
    "Happy for everyone to hear it.",
    "Likes it when the boss hears about it.",
    "Chocolate.",
    "A handwritten note.",
    "Be specific, no clichés.",
    "In public, in front of customers too.",
    "Not shy: the bigger the audience the better.",
    "Please spell her name right.",
    "Never late, never vague: say what he did.",
    "Thrives on attention.",
    "No preference.",
    "Wants to know what difference it made.",
    "Coffee vouchers are welcome.",
    "Likes short messages without emoji.",
    "Public praise is great.",
    "Mention the whole team, not only her.",
]


@pytest.mark.parametrize("prefers", PRIVATE)
def test_a_wish_for_no_audience_is_heard(prefers: str) -> None:
    assert wish_of(prefers) is Wish.PRIVATE


@pytest.mark.parametrize("prefers", NOT_PRIVATE)
def test_other_wishes_are_no_such_wish(prefers: str) -> None:
    assert wish_of(prefers) is not Wish.PRIVATE


@pytest.mark.parametrize(
    "prefers", ["Loves a public shoutout.", "Doesn't mind the team chat.", "Public praise is great."]
)
def test_a_plain_welcome_needs_no_question(prefers: str) -> None:
    assert wish_of(prefers) is Wish.PUBLIC


@pytest.mark.parametrize("prefers", ["Nobody else needs to know.", "Doesn't want his name on the board.", "Chocolate."])
def test_what_a_rule_cannot_read_is_put_to_the_leader(prefers: str) -> None:
    assert wish_of(prefers) is Wish.UNCLEAR


def test_a_wish_matters_for_recognition_where_others_read_it() -> None:
    jonas = Person(id="p", name="Jonas", prefers="No public praise.")
    assert wish_against(jonas, Kind.RECOGNITION, Channel.PUBLIC_CHAT) is Wish.PRIVATE
    assert wish_against(jonas, Kind.RECOGNITION, Channel.DIRECT) is Wish.NONE
    assert wish_against(jonas, Kind.FEEDBACK, Channel.PUBLIC_CHAT) is Wish.NONE  # blocked for another reason
    assert wish_against(None, Kind.RECOGNITION, Channel.PUBLIC_CHAT) is Wish.NONE
    assert wish_against(Person(id="p", name="Wei"), Kind.RECOGNITION, Channel.PUBLIC_CHAT) is Wish.NONE
