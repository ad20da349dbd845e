"""Each check of words: three messages that commit the fault, three that do not, and one that only looks like it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.embed import built_in_embedder
from coach.faults import read_faults
from coach.language import sentences
from coach.pointed import Pointed, pointed
from coach.situation import Kind
from coach.tuned import load_tuned, read_message

Find = Callable[[str], tuple[Pointed, ...]]

EXAMPLES: dict[str, tuple[list[str], list[str], str]] = {
    "stock-phrase": (
        ["Keep up the good work, Ines.", "You went above and beyond on the Harker order last week.", "You are a real team player."],
        ["You rang all nine suppliers on Monday.", "Mrs Orr got her bed by noon.", "Could you show me how you did it?"],
        "The extra mile to the second farm took you past the fallen tree.",  # a distance
    ),
    "names-a-trait": (
        ["You're a natural.", "You are careless.", "Sloppiness seems to be your thing."],
        ["You counted the heads at the gate.", "You left the tap running on Friday.", "The queue was gone by ten."],
        "You were careful with the old glass: two hands and felt on the table.",  # says what was done
    ),
    "absolute": (
        ["You're always late.", "You never listen.", "When have you ever closed up properly?"],
        ["You were late on Tuesday and on Thursday.", "You left at four on Monday.", "The boiler stood still for two days."],
        "The pump never stopped, thanks to the valve you changed on Sunday.",  # a pump, not a person
    ),
    "mind-reading": (
        ["You don't care about the residents.", "You would clearly rather be somewhere else.", "You hoped nobody would notice the dent."],
        ["You left before the count.", "Two guests asked for you by name.", "The lamp on bench two was on."],
        "I wondered whether you felt rushed; did you?",  # asks
    ),
    "hearsay": (
        ["People are saying you leave early.", "The talk by the lockers is that you won't last.", "A little bird told me about Saturday."],
        ["You covered the late shift on Monday.", "I saw it from the window.", "Twelve parcels came back."],
        "Mr Lund from the bakery rang to say that the boxes came dry.",  # named, and can be asked
    ),
    "comparison": (
        ["Why can't you be more like Tom?", "The others manage it without reminders.", "Unlike Petra, you hand in your log late."],
        ["You and Petra split the round.", "You handed in the log on Friday.", "The shelf was full again by six."],
        "This year's crop is two tonnes better than last year's.",  # years, not people
    ),
    "faint-praise": (
        ["That was surprisingly good.", "Not bad for a beginner.", "Wonders never cease: you were on time."],
        ["You wrote the minutes the same evening.", "The oven was hot at five.", "The class was quiet when I came in."],
        "Not one of the eggs was cracked.",  # a count
    ),
    "loaded-wording": (
        ["Don't be so bossy.", "Man up and ring him.", "You were too emotional in the meeting."],
        ["You held the ladder for the electrician.", "You asked for the key at four.", "The ward opened on time."],
        "The abrasive paper was the wrong grain and you noticed.",  # paper
    ),
    "exaggeration": (
        ["Thank you!!!", "You literally saved the company.", "Best ever handover, of all time."],
        ["Thank you!", "The belt ran again after ten minutes.", "We shipped on Tuesday."],
        "You were the first to arrive!",  # one mark
    ),
    "but-clause": (
        [
            "You did a great job with the tables, but you forgot the candles.",
            "I like your ideas, however your report was a mess.",
            "Lovely handwriting, although nobody can read the numbers.",
        ],
        ["You set the tables by six.", "The report came on Friday.", "Mr Tan read the numbers out."],
        "The bus was late, but you were there at six.",  # joins two facts
    ),
    "blame": (
        ["You should have checked the date.", "This is your own fault.", "What were you thinking?"],
        ["The date on the form was wrong.", "Could you check the date with me?", "Two guests waited."],
        "You should have the new badge by Thursday.",  # will have
    ),
    "micromanaging": (
        [
            "Copy me on every email.",
            "Check with me before you do anything.",
            "I want to see each line before it goes out.",
        ],
        ["Please send the final version on Friday.", "Shall we look at it on Thursday?", "I can ring the supplier for you."],
        "The client wants a photo of each room before we start.",  # the client's wish, once
    ),
    "threat": (
        ["Do it by Monday, or else.", "This is your last warning.", "There will be consequences."],
        ["Could you do it by Monday?", "The fine would be 500 euros.", "The inspector will come again in May."],
        "If the alarm goes off again, wake me.",  # help
    ),
    "hedging": (
        [
            "I was just wondering if maybe you could perhaps look at the drain.",
            "It's kind of a bit of a small thing, I guess, with the keys.",
            "Maybe it's just me, but it was sort of late.",
        ],
        ["Could you look at the drain?", "The key was in the door.", "The bus left at five."],
        "Maybe the clock was wrong; could you check it?",  # one softener
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def find() -> Find:
    read = built_in_embedder().read
    assert read

    def find_all(message: str) -> tuple[Pointed, ...]:
        reading = read_message(load_tuned("checks"), message, read)
        return pointed(message, Kind.FEEDBACK, reading.alone if reading else None)

    return find_all


def codes(found: tuple[Pointed, ...]) -> set[str]:
    return {one.code for one in found}


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_check_finds_its_fault_and_leaves_the_rest_alone(code: str, find: Find) -> None:
    faulty, clean, near_miss = EXAMPLES[code]
    assert [message for message in faulty if code not in codes(find(message))] == []
    assert [message for message in [*clean, near_miss] if code in codes(find(message))] == []


def test_every_fault_in_words_has_its_examples() -> None:
    pointing = {fault.code for fault in read_faults().values() if fault.scope == "span"}
    assert pointing == {*EXAMPLES, "unsupported-claim", "private-detail"}


def test_a_finding_says_why(find: Find) -> None:
    (listed,) = [one for one in find("Keep up the good work, Ines.") if one.code == "stock-phrase"]
    assert listed.why.startswith("“Keep up the good work” is on the list: ")


@pytest.mark.parametrize("opening", ["Hi Mrs Halloran,", "Dear Piet,", "Good morning Anneliese,"])
@pytest.mark.parametrize("ending", ["Best wishes", "Kind regards, Ola", "Many thanks,\nOla", "All the best"])
def test_a_greeting_and_an_ending_are_no_fault(opening: str, ending: str, find: Find) -> None:
    """In every e-mail that Coach drafts "Best wishes" was found to fit anyone."""
    assert find(f"{opening}\n\nYou counted the vials on Sunday night and found the missing one.\n\n{ending}") == ()


def test_a_phrase_that_fits_anyone_is_found_beside_them_too(find: Find) -> None:
    assert codes(find("Hi superstar,\n\nYou counted the vials on Sunday. Keep up the good work!\n\nBest wishes")) == {
        "stock-phrase"
    }


def test_what_somebody_else_said_is_not_the_leaders_fault(find: Find) -> None:
    assert not codes(find("The sign said “Always late, never sorry” and you took it down.")) & {"absolute"}


MESSAGE = "On Monday you left the gate open. You're always late. Could you ring me at four?"


@pytest.mark.parametrize(
    "edited",
    [
        "On Friday the dog got out. You're always late. Could you ring me at four?",
        "You're always late. This is your last warning, or else!!!",
        "Great job. You're always late.",
    ],
)
def test_an_edit_in_another_sentence_moves_no_verdict(edited: str, find: Find) -> None:
    def verdicts(message: str) -> list[tuple[str, str, float]]:
        (sentence,) = [one for one in sentences(message) if one.text == "You're always late."]
        inside = [one for one in find(message) if sentence.start <= one.start < sentence.end]
        return [(one.code, message[one.start : one.end], round(one.likely, 2)) for one in inside]

    assert verdicts(edited) == verdicts(MESSAGE) != []


AROUND = st.lists(
    st.sampled_from(
        "Great job!|On Friday the dog got out.|Or else.|Could you ring me at four?|Thanks!!!|People say so.|Tom needs no list.".split(
            "|"
        )
    ),
    max_size=3,
).map(" ".join)
FIXED = ("You're always late.", "You left the gate open.", "A little bird told me.", "What were you thinking?")


@settings(max_examples=60, deadline=None)
@given(AROUND, AROUND, st.sampled_from(FIXED))
def test_whatever_stands_around_it_the_verdict_on_a_sentence_stays(
    find: Find, before: str, after: str, fixed: str
) -> None:
    def verdicts(message: str) -> list[tuple[str, str]]:
        start = message.index(fixed)
        inside = [one for one in find(message) if start <= one.start < start + len(fixed)]
        return [(one.code, message[one.start : one.end]) for one in inside]

    assert verdicts(f"{before} {fixed} {after}".strip()) == verdicts(fixed)


WORDS = st.sampled_from(
    "you always never !!! great job , . \n the talk is that but however just maybe kind of “ ” ' 😀 \u200b é ß if again or else".split(
        " "
    )
)


@settings(max_examples=10_000)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join)))
def test_the_lists_never_raise_and_offsets_always_slice(text: str) -> None:
    """Ten thousand texts by rule alone; the model reads some hundred of them below."""
    for one in pointed(text, Kind.FEEDBACK, None):
        assert 0 <= one.start < one.end <= len(text)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)))
def test_with_the_model_neither(find: Find, text: str) -> None:
    for one in find(text):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
