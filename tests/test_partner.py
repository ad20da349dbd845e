"""The built-in partner's lines, and how a turn of the leader's moves it."""

import re
from datetime import date
from itertools import product

import pytest

from coach.embed import built_in_embedder
from coach.moves import COMPETITIVE, Move, label_turn, tells
from coach.partner import (
    GIVES_IN,
    LONGEST,
    SHORTEST,
    TURNS_AT_MOST,
    Reaction,
    Setting,
    library,
    lines,
)
from coach.rehearse import Session, say, start

TODAY = date(2026, 11, 21)
EMBED = built_in_embedder().meaning
ABOUT = "She was late to handover twice this week, so the night crew stayed on."
SLOTS = {"deed", "topic", "word", "when", "feeling", "other", "weekday", "fact"}
FACTS = ("My dad's been ill since September.", "I'm afraid that asking for help looks weak.")


def talk(*said: str, **setting: object) -> Session:
    values: dict[str, object] = {"to": "Amara", "about": ABOUT, "facts": FACTS, "seed": 1} | setting
    session = start(Setting(**values), EMBED, TODAY)  # type: ignore[arg-type]
    for one in said:
        session = say(session, one, EMBED, TODAY)
    return session


def test_there_are_enough_hand_written_lines_and_none_twice() -> None:
    every = [line for pool in lines().values() for line in pool]
    assert len(every) >= 400
    assert sorted({line for line in every if every.count(line) > 1}) == []
    assert len(library()["reason"]) + len(library()["worry"]) >= 60


@pytest.mark.parametrize("pool", sorted(lines()))
def test_a_pool_is_named_for_what_exists_and_its_lines_are_a_turn_long(pool: str) -> None:
    _, band, reaction = pool.split(".")
    assert band in ("guarded", "open", "any")
    assert reaction == "any" or Reaction(reaction)
    for line in lines()[pool]:
        assert set(re.findall(r"\{(\w+)\}", line)) <= SLOTS
        count = len(line.split())
        # A fact, a deed and a topic bring words of their own.
        assert count <= LONGEST and (count >= SHORTEST or re.search(r"\{(?:fact|deed|topic)\}|\{\w+\}", line)), line


def test_no_guarded_line_gives_in() -> None:
    guarded = [(pool, line) for pool in lines() for line in lines()[pool] if ".guarded." in pool]
    assert [line for _, line in guarded if GIVES_IN.search(line)] == []


def test_every_fact_of_the_library_fits_into_a_turn() -> None:
    assert [fact for kind in library().values() for fact in kind if len(fact.split()) > 22] == []


@pytest.mark.parametrize("reaction", Reaction)
def test_the_same_seed_gives_the_same_talk_and_another_one_another(reaction: Reaction) -> None:
    said = ("You were late on Tuesday.", "What happened?", "You never listen.", "Could you ring me by seven?")
    first, again = (talk(*said, reaction=reaction, seed=5) for _ in range(2))
    assert [turn.reply for turn in first.path] == [turn.reply for turn in again.path]
    others = {tuple(turn.reply for turn in talk(*said, reaction=reaction, seed=n).path) for n in range(6)}
    assert len(others) > 1


@pytest.mark.parametrize("reaction", Reaction)
def test_no_line_is_said_twice_however_long_the_talk(reaction: Reaction) -> None:
    turns = [f"On day {n} you were late." if n % 2 else f"Is it {n}?" for n in range(TURNS_AT_MOST)]
    session = talk(*turns, reaction=reaction)
    replies = [turn.reply for turn in session.path]
    assert len(set(replies)) == len(replies) == TURNS_AT_MOST
    assert all(SHORTEST <= len(reply.split()) <= LONGEST for reply in replies)


@pytest.mark.parametrize(("reaction", "difficulty"), list(product(Reaction, (1, 2, 3))))
def test_kindness_raises_trust_and_a_verdict_lowers_it(reaction: Reaction, difficulty: int) -> None:
    before = talk(reaction=reaction, difficulty=difficulty).state
    kind = talk("So you were left alone with it, and nobody told you.", reaction=reaction, difficulty=difficulty).state
    harsh = talk("You're lazy and careless.", reaction=reaction, difficulty=difficulty).state
    assert harsh.trust < before.trust < kind.trust
    assert kind.guard <= before.guard < harsh.guard


def test_the_same_behaviour_is_harder_to_win_over_at_a_higher_difficulty() -> None:
    said = ("I'm sorry, I should have asked sooner.", "So you were on your own with it.")
    trust = [talk(*said, difficulty=n).state.trust for n in (1, 2, 3)]
    assert trust == sorted(trust, reverse=True) and len(set(trust)) == 3


def test_a_fact_comes_out_only_after_an_open_question_about_it() -> None:
    told = talk("You were late on Tuesday.", "Is your dad ill?", "Are you all right?", "What time is it?", difficulty=1)
    assert told.state.found == ()
    beside = talk("What do you think of the new coffee machine in the canteen?", difficulty=1)
    assert beside.state.found == ()
    asked = talk("You were late on Tuesday.", "What's been going on for you?", difficulty=1)
    assert asked.state.found == (0,)
    assert "My dad's been ill since September." in asked.path[-1].reply
    worry = talk("What are you worried about?", difficulty=1)
    assert worry.state.found == (1,)


def test_at_the_highest_difficulty_a_fact_needs_trust_as_well() -> None:
    cold = talk("You're unreliable.", "Why is that?", difficulty=3, reaction=Reaction.DEFENSIVE)
    assert cold.state.found == () and cold.path[-1].moment == "withheld"


def test_who_agrees_with_everything_commits_to_nothing_until_asked_openly() -> None:
    proposed = ("You were late on Tuesday.", "What got in the way?", "Could you ring me before seven, from Monday?")
    nodding = talk(*proposed, reaction=Reaction.AGREES)
    assert nodding.state.step is None
    asked = talk(
        *proposed, "What will you do differently?", "Could you ring me before seven?", reaction=Reaction.AGREES
    )
    assert asked.state.step is not None


def test_an_agreed_step_has_its_owner_and_its_day() -> None:
    session = talk(
        "You were late on Tuesday.",
        "What happened?",
        "So it's your dad, and the mornings are full.",
        "Could you ring me before seven, from Monday?",
        difficulty=1,
    )
    step = session.state.step
    assert step is not None and step.owner == "Amara" and step.due == date(2026, 11, 23)


def test_what_was_said_comes_back_in_the_reply() -> None:
    assert any("selfish" in talk("You are selfish.", seed=n).path[0].reply.lower() for n in range(8))
    replies = [talk("You were late on Tuesday.", seed=n, reaction=Reaction.DEFENSIVE).path[0].reply for n in range(12)]
    assert any("I was late to handover twice this week" in reply for reply in replies)


@pytest.mark.parametrize(
    ("said", "moves"),
    [
        ("You were late on Tuesday. What happened?", {Move.FACT, Move.OPEN}),
        ("You're lazy.", {Move.JUDGES}),
        ("I'm your boss, so you'll do it.", {Move.POWER}),
        ("The handbook says eight sharp.", {Move.RULES}),
        ("You should just get up earlier.", {Move.ADVICE}),
        ("Hi, have a seat.", set()),
        ("???", set()),
    ],
)
def test_a_turn_is_labelled_by_what_it_does(said: str, moves: set[Move]) -> None:
    assert set(label_turn(said, EMBED).moves) == moves
    assert set(label_turn(said, lambda texts: None).moves) == moves, "and without the embedding model"


def test_parts_of_a_turn_stand_where_they_say() -> None:
    said = "You were late.\n- You're lazy!  What happened?"
    for part in label_turn(said, EMBED).parts:
        assert said[part.span.start : part.span.end] == part.span.text
    assert label_turn(said, EMBED).doing(Move.JUDGES)[0].moves & COMPETITIVE


def test_a_question_about_what_one_fact_is_about_brings_out_that_fact() -> None:
    """ "Hard" asks for a worry in general; "mornings" says which."""
    facts = ("Her mother moved in and needs help every morning.", "She is afraid of losing her allowance.")
    asked = talk("What makes the mornings hard for you?", facts=facts, difficulty=1)
    assert asked.state.found == (0,)


def test_a_question_for_one_thing_to_know_is_not_answered_by_yes_or_no() -> None:
    for seed, reaction in enumerate(Reaction):
        asked = talk("How many did you send on time?", reaction=reaction, seed=seed).path[0]
        assert asked.moment == "closed-detail" and asked.labelled.moves == (Move.CLOSED,)
        assert not re.match(r"(?:Yes|No|Partly|Yep|Sure)\b", asked.reply)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("I was frightened when I read the chart.", "feeling-own"),
        ("It made us feel let down.", "feeling-own"),
        ("You seem annoyed.", "feeling"),
        ("I can see that this upsets you.", "feeling"),  # near miss: "I", and yet the other's feeling
    ],
)
def test_whose_feeling_was_named_decides_the_answer(said: str, moment: str) -> None:
    assert talk(said).path[0].moment == moment


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Hi Amara, thanks for coming in.", "greet"),
        ("Amara, have you got a moment?", "greet"),
        ("Hello Amara, how are you?", "greet-how"),
        ("Hi, you were late on Tuesday.", "fact"),
        ("Hi. What happened on Tuesday?", "reveal"),
    ],
)
def test_a_greeting_is_answered_as_one_and_what_comes_with_it_is_heard(said: str, moment: str) -> None:
    assert talk(said, difficulty=1, to="Amara").path[0].moment == moment


@pytest.mark.parametrize(
    "said", ["Sorry. That was too harsh.", "You're right, I have not been on the ward much this month."]
)
def test_a_plain_apology_is_heard(said: str) -> None:
    assert Move.CONCEDES in label_turn(said, EMBED).moves


def test_a_name_called_out_changes_nothing_about_what_a_turn_does() -> None:
    for said, called in (
        ("You left it open on Tuesday.", "Dave, you left it open on Tuesday."),
        ("You're lazy.", "You're lazy, Dave."),
    ):
        assert label_turn(called, EMBED, "Dave Hill").moves == label_turn(said, EMBED).moves
    assert label_turn("Dave, you left it.", EMBED, "Dave").parts[0].span.text == "Dave, you left it."


def test_a_day_that_the_leader_promised_is_not_changed_by_what_they_promise() -> None:
    offered = talk("I'll get you a decision from Petra by Friday.", difficulty=1, reaction=Reaction.LISTENS)
    assert offered.state.step and offered.state.step.owner == "you" and offered.state.step.due == date(2026, 11, 27)
    theirs = say(offered, "What will you do, and by when?", EMBED, TODAY).state.step
    assert theirs and theirs.owner == "Amara" and theirs.due and "Petra" not in theirs.text


@pytest.mark.parametrize(
    ("about", "other"),
    [
        ("He left the round on Bay 2 unsigned on Tuesday.", ""),
        ("He interrupts Ben in the stand-up.", "Ben"),
        ("He sent the Year 6 plans late and told Petra.", "Petra"),
    ],
)
def test_only_somebody_who_can_be_asked_is_named_as_the_other(about: str, other: str) -> None:
    assert talk(about=about, to="Tomasz").matter.other == other


def test_what_happened_after_it_is_its_impact() -> None:
    def told(said: str) -> set[str]:
        return {one.value for one in tells(label_turn(said, EMBED).parts[0])}

    assert "impact" in told("You missed the safety walk on Monday, and Mrs Hill slipped in the corridor.")
    assert "impact" not in told("You missed the safety walk on Monday and on Thursday.")
    assert "situation" in told("You left the door open on the 3rd.")
