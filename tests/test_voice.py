"""The leader's voice from their own messages."""

import pytest

from coach.voice import in_words, likeness, own_share, repeats, voice_of

CHATTY = [
    "Hey Amara! You nailed the handover today, that's awesome. Cheers",
    "Hey Wei! Loved how you sorted the rota, it's so much easier now. Cheers",
    "Hey Tom! That's a great catch on the invoice, you've saved us a day. Cheers",
    "Hey Noor! You're a star for staying on the phone with the supplier. Cheers",
    "Hey Jo! It's great that you've shown the new clerk around. Cheers",
    "Hey Ola! That's the neatest shelf I've seen, you've made it easy to find things. Cheers",
]
FORMAL = (
    "Dear Ms Novak, I should like to express my appreciation of the thorough audit that was presented. Kind regards"
)


def test_a_voice_is_what_most_messages_have() -> None:
    voice = voice_of(CHATTY)
    assert voice and (voice.greeting, voice.sign_off, voice.emoji, voice.formal) == ("Hey", "Cheers", False, False)
    assert 8 <= voice.words <= 14
    other = voice_of([FORMAL])
    assert other and other.formal and other.greeting == "Dear" and other.sign_off == "Kind regards"
    assert voice_of([]) is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (CHATTY, "Most of your messages have about 14 words, begin with “Hey”, end with “Cheers” and are informal."),
        (
            [FORMAL],
            "Most of your messages have about 19 words, begin with “Dear”, end with “Kind regards” and are formal.",
        ),
        (["🎉 shelf sorted by noon"], "Most of your messages have about 5 words, use emoji and are formal."),
    ],
)
def test_a_voice_in_words(sent: list[str], said: str) -> None:
    voice = voice_of(sent)
    assert voice and in_words(voice) == said


def test_emoji_count_where_most_messages_have_one() -> None:
    voice = voice_of(["Great 🎉", "Thanks 🙏", "Well done"])
    assert voice and voice.emoji


def test_what_is_written_alike_sounds_like_you() -> None:
    own = likeness("Hey Sam! You've sorted the cupboard, that's awesome. Cheers", CHATTY)
    other = likeness(FORMAL, CHATTY)
    assert own and other and own.sounds_like_you and not other.sounds_like_you
    assert own.distance < other.distance


@pytest.mark.parametrize("count", range(5))
def test_under_five_samples_nothing_is_said(count: int) -> None:
    assert likeness("Hey Sam!", CHATTY[:count]) is None
    assert likeness("  ", CHATTY) is None


PRAISE = "You kept your head when the pump alarm went off, and everyone else followed."


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "Wei, you kept your head when the pump alarm went off on Friday.",
            "you kept your head when the pump alarm went off",
        ),
        ("You kept calm when the pump alarm went off, Wei.", "when the pump alarm went off"),
        ("AND EVERYONE ELSE FOLLOWED! You kept your head when asked.", "You kept your head when"),
        ("You kept your word when the fire alarm rang.", None),  # four words in a row are chance
        ("Thank you so much for the work.", None),
        ("You kept your head.", None),  # too short to be a phrase
    ],
)
def test_the_same_praise_for_somebody_else_is_found(message: str, found: str | None) -> None:
    others = [("Amara", PRAISE), ("Amara", "Thank you so much for the help.")]
    hits = repeats(message, others)
    assert [one.text for one in hits] == ([found] if found else [])
    assert all(message[one.start : one.end] == one.text and one.person == "Amara" for one in hits)


@pytest.mark.parametrize(
    ("message", "said", "drafted", "share"),
    [
        ("You fixed the export.", "She fixed the export.", "You fixed the export.", 0.75),
        ("You fixed the export, brilliantly.", "She fixed the export.", "You fixed the export.", 0.8),
        ("Nothing alike here.", "She fixed it.", "Nothing alike here.", 0.0),
        ("", "She fixed it.", "", None),
    ],
)
def test_the_share_of_the_leaders_words(message: str, said: str, drafted: str, share: float | None) -> None:
    assert own_share(message, said, drafted) == share
