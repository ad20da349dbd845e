"""One short hint after a turn: the one thing to try next, in at most twenty words."""

from collections.abc import Iterator

from coach.matter import Matter
from coach.moves import Labelled, Move, tells
from coach.partner import Reaction, Said, Setting, State
from coach.situation import Missing

LONGEST = 20
"""Words."""
QUOTED = 11
STOP_HERE = "Good place to stop. End it and look at the debrief."


def hint_after(
    setting: Setting, matter: Matter, before: State, turns: tuple[Labelled, ...], said: Said, last: str
) -> str:
    """The most useful hint that is not the one given before. `turns`: what the leader did so far, this turn last."""
    for hint in _hints(setting, matter, before, turns, said):
        if hint != last and len(hint.split()) <= LONGEST:
            return hint
    return "Leave a pause. What they say next is worth more than your next sentence."


def _quote(text: str) -> str:
    """The leader's own words, short enough for a hint; "" where they are too long."""
    kept = text.rstrip(" .!?")
    return f"“{kept}.”" if kept and len(kept.split()) <= QUOTED and "[" not in kept else ""


_BY_MOMENT = {
    "ended": ("They have stopped the talk. Rewind to before it turned, and say what you saw.",),
    "time-up": ("That was long. End it here, and look at the debrief.",),
    "boundary": ("Take the word back, then say one thing you saw: when, and what.",),
    "silence": ("Say one thing you saw: the day, and what they did.",),
    "confused": ("Stay with the matter: say one thing you saw, then ask about it.",),
    "foreign": ("Say it in one plain English sentence.",),
    "overwhelmed": ("One thing at a time: keep the sentence that matters most, drop the rest.",),
    "repeated": ("They heard you. Ask what they make of it, instead of saying it again.",),
    "reveal": (
        "Say back what they just told you, in their words, before anything else.",
        "They told you something private: thank them, then ask what would help.",
    ),
    "withheld": (
        "They are holding something back. Say what you could have done better, then ask again.",
        "Show that you heard them first; then ask openly once more.",
    ),
    "always": ("Swap “always” for the days you know: which, and how often.",),
    "farewell-open": ("Before you part: agree one step, who does it, and by when.",),
    "farewell-agreed": (STOP_HERE,),
}


def _hints(setting: Setting, matter: Matter, before: State, turns: tuple[Labelled, ...], said: Said) -> Iterator[str]:
    moves, state = set(turns[-1].moves), said.state
    yield from _BY_MOMENT.get(said.moment, ())
    yield from _after_a_fault(moves, matter, before)
    if state.upset:
        yield "They are upset. Say back what you heard, and wait before you go on."
    yield from _about_step(setting, state, said.moment)
    yield from _missing(matter, turns)
    asked = any(Move.OPEN in turn.moves for turn in turns)
    if not asked:
        yield "Now ask one open question: “How did it look from your side?”"
    if said.moment == "closed-detail":
        yield "That asks for one detail. Start with “what” or “how”, and they can tell it."
    elif Move.CLOSED in moves and Move.REFLECTS not in moves:
        yield "That can be answered with yes or no. Start with “what” or “how” instead."
    yield from _by_reaction(setting.reaction, state)
    if asked and not any(Move.REFLECTS in turn.moves for turn in turns):
        yield "Say back what you understood, starting with “So you …”, and let them correct it."
    if len(state.found) < len(setting.facts):
        yield "There is more behind it. Ask: “What makes it hard?”"
        yield "Ask what worries them about it, then stay quiet."
    if state.step is None:
        yield "Ask what they would try first, and by when."
        yield "Propose one small step with a day, as a question."
    yield "Ask “What else?” and wait."


def _after_a_fault(moves: set[Move], matter: Matter, before: State) -> Iterator[str]:
    told = _quote(matter.telling(Missing.BEHAVIOUR))
    if Move.JUDGES in moves:
        if told:
            yield f"That judges them. Say what you saw: {told}"
        yield "That judges them. Say what you saw instead: the day, and what they did."
    if Move.POWER in moves:
        yield "Leave your rank out of it. Ask: “What would make this work for you?”"
    if Move.RULES in moves:
        yield "Say whom it helps rather than what is written, then ask what makes it hard."
    if Move.ADVICE in moves and before.upset:
        yield "Advice straight after something upsetting misses. Say back what you heard first."
    if Move.ADVICE in moves:
        yield "Before the next tip, ask: “What have you already tried?”"


def _about_step(setting: Setting, state: State, moment: str) -> Iterator[str]:
    if state.step and not state.step.due:
        yield "There is a step. Give it a day: “By when?”"
    elif state.step:
        yield "You have a step and a day. Say it once more in one sentence, and thank them."
        yield STOP_HERE
    if moment in ("proposes", "not-yet", "dodges", "doubts-offer") and setting.reaction is not Reaction.AGREES:
        yield "Too early for the fix. Ask: “What gets in the way?”"


def _missing(matter: Matter, turns: tuple[Labelled, ...]) -> Iterator[str]:
    """What of situation, behaviour and impact has not been said, in the leader's own words where they wrote it down."""
    known = {missing for turn in turns for part in turn.parts for missing in tells(part)}
    if not any(Move.FACT in turn.moves for turn in turns):
        told = _quote(matter.telling(Missing.BEHAVIOUR))
        yield f"Say what you saw: {told}" if told else "Say what you saw: the day, the place, what they did."
        return
    if Missing.SITUATION not in known:
        yield "Say when and where that was, so that they know which time you mean."
    if Missing.IMPACT not in known:
        told = _quote(matter.telling(Missing.IMPACT))
        yield f"Say what it led to: {told}" if told else "Say what it led to: who had to wait, redo or pay for it?"


def _by_reaction(reaction: Reaction, state: State) -> Iterator[str]:
    if reaction is Reaction.AGREES and not state.asked_how:
        yield "They say yes to everything. Ask: “What will you do first, and by when?”"
    if reaction is Reaction.DEFLECTS and not state.found:
        yield "Leave the others out: “I'd like to understand your part of it.”"
    if reaction is Reaction.TURNS and state.guard > 0.4:
        yield "Own one true thing about your part, then come back to the matter."
    if reaction is Reaction.QUIET:
        yield "Ask one open question and count to five before you speak again."
    if reaction is Reaction.DEFENSIVE and state.guard > 0.4:
        yield "Do not argue the point. Ask how they see it, and say it back."
