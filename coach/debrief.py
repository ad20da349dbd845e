"""After the talk: what went well, what to change, with the leader's own words, each verified to be in the transcript.

It looks at the leader's turns alone: no grade of the person played, no emotion guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.language import Span
from coach.matter import Matter, as_told, said_back
from coach.moves import COMPETITIVE, Move, Part, tells
from coach.partner import ASKS_HOW, Step
from coach.rehearse import Session, Turn
from coach.situation import Missing

CHANGES, WELLS = 2, 3
TALKS_MUCH = 0.65
"""Share of the words: from here on the leader talked more than two thirds of the talk, near enough."""
NOT_TOLD = "When […?], you […?]."


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing about one turn (1 is the first): a verbatim part of it, why it matters, and a line that is better."""

    quote: str
    turn: int
    why: str
    better: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One turn for the chart: how many words either side said, and the partner's trust after it."""

    turn: int
    leader_words: int
    partner_words: int
    trust: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    well: tuple[Point, ...]
    change: tuple[Point, ...]
    facts_found: tuple[str, ...]
    facts_missed: int
    sbi: dict[Missing, int]
    """The turn in which each was first said."""
    open_questions: int
    talk_share: float
    advice_after_upset: int
    agreed: Step | None
    best_line: str
    beats: tuple[Beat, ...]

    @property
    def sbi_by_turn(self) -> int | None:
        """The turn by which situation, behaviour and impact had all been said."""
        wanted = (Missing.SITUATION, Missing.BEHAVIOUR, Missing.IMPACT)
        return max(self.sbi[one] for one in wanted) if all(one in self.sbi for one in wanted) else None

    @property
    def text(self) -> str:
        """The chart in words."""
        rows = [
            f"Turn {b.turn}: you said {b.leader_words} words, they said {b.partner_words}; trust {round(b.trust * 100)} of 100."
            for b in self.beats
        ]
        return "\n".join([*rows, f"In all you said {round(self.talk_share * 100)} of every 100 words."] if rows else [])


def debrief(session: Session) -> Debrief:
    """What can be said about the present branch; of an empty one, nothing."""
    path = session.path
    state = session.state
    setting = session.setting
    leader = sum(len(turn.say.split()) for turn in path)
    partner = sum(len(turn.reply.split()) for turn in path)
    sbi = _said_by(path)
    return Debrief(
        well=_chosen(_went_well(session, sbi), path, WELLS),
        change=_chosen(_to_change(session), path, CHANGES),
        facts_found=tuple(setting.facts[at] for at in state.found),
        facts_missed=len(setting.facts) - len(state.found),
        sbi=sbi,
        open_questions=sum(len(turn.labelled.doing(Move.OPEN)) for turn in path),
        talk_share=round(leader / (leader + partner), 3) if leader + partner else 0.0,
        advice_after_upset=len(_advice_after_upset(path)),
        agreed=state.step,
        best_line=_best_line(path),
        beats=tuple(
            Beat(turn=n, leader_words=len(t.say.split()), partner_words=len(t.reply.split()), trust=t.state.trust)
            for n, t in enumerate(path, 1)
        ),
    )


def _chosen(points: Iterator[Point], path: Sequence[Turn], at_most: int) -> tuple[Point, ...]:
    """The first points whose quote is really in its turn; one a turn, and no two for the same reason."""
    kept: list[Point] = []
    for point in points:
        verbatim = point.quote and point.quote in path[point.turn - 1].say
        fresh = all(point.turn != one.turn and point.why != one.why for one in kept)
        if verbatim and fresh and len(kept) < at_most:
            kept.append(point)
    return tuple(kept)


# Situation, behaviour, impact


def _said_by(path: Sequence[Turn]) -> dict[Missing, int]:
    found: dict[Missing, int] = {}
    for number, turn in enumerate(path, 1):
        for part in turn.labelled.parts:
            for missing in tells(part):
                found.setdefault(missing, number)
    return found


# Lines that would have been better, from the leader's own facts


def _own_fact(matter: Matter, path: Sequence[Turn]) -> str:
    """What the leader knows: as typed for this talk, else as said in it; a blank where nothing was."""
    told = matter.telling(Missing.BEHAVIOUR)
    said = (p.span.text for t in path for p in t.labelled.doing(Move.FACT) if not p.moves & COMPETITIVE)
    fact = told or next(said, "") or (f"I'd like to talk about {_theirs(matter.topic)}." if matter.topic else NOT_TOLD)
    return fact if re.search(r"[.!?]$", fact) else f"{fact}."


def _theirs(topic: str) -> str:
    return re.sub(r"\bmy\b", "your", topic)


def _went_well(session: Session, sbi: dict[Missing, int]) -> Iterator[Point]:
    path, setting = session.path, session.setting
    known: tuple[int, ...] = ()
    for number, turn in enumerate(path, 1):
        fresh = [at for at in turn.state.found if at not in known]
        known = turn.state.found
        if fresh and (asked := turn.labelled.doing(Move.OPEN)):
            back = said_back(as_told(setting.facts[fresh[0]], setting.to, setting.pronouns))
            yield _point(
                asked[0].span, number, "An open question: it brought out what they were carrying.",
                f"Then say it back before going on: “So {back}. Did I get that right?”",
            )  # fmt: skip
    for number, turn in enumerate(path, 1):
        for part in turn.labelled.parts:
            if why := _good(part, turn, number, sbi):
                yield _point(part.span, number, *why)


def _good(part: Part, turn: Turn, number: int, sbi: dict[Missing, int]) -> tuple[str, str] | None:
    """(why, how to go on from it), or None."""
    text, moves = part.span.text, part.moves
    if moves & COMPETITIVE:
        return None
    if Move.PROPOSES in moves and turn.state.step and turn.state.step.text == text:
        due = turn.state.step.due
        more = f"Close with it: “To be sure: {_lower(text)}”" if due else f"{text.rstrip('.?! ')}, by […?]."
        return "A step they took on.", more
    if Move.FACT in moves and number in sbi.values() and tells(part):
        return "What happened, without a verdict.", f"{text} How did it look from your side?"
    if Move.REFLECTS in moves:
        return "You said back what you had heard.", f"{text} What else?"
    if Move.CONCEDES in moves:
        return "You owned your part.", f"{text} What would you have needed from me?"
    if Move.OPEN in moves and len(text.split()) > 1 and not ASKS_HOW.search(text):
        return "An open question.", f"{text} Take your time."
    return None


def _lower(text: str) -> str:
    return text if re.match(r"I\b", text) else text[:1].lower() + text[1:]


_BETTER = {
    Move.POWER: ("Rank ends the conversation; it does not change what happens next week.", "What would make it possible for you?"),
    Move.JUDGES: ("A verdict on the person invites a defence. What you saw does not.", "How do you see it?"),
    Move.ADVICE: ("Advice before you know what gets in the way.", "What have you tried so far?"),
    Move.RULES: ("The rule is known. Why it is hard to keep is not.", "What makes it hard?"),
}  # fmt: skip


def _to_change(session: Session) -> Iterator[Point]:
    path = session.path
    fact = _own_fact(session.matter, path)
    for number, part in _advice_after_upset(path):
        yield _point(
            part.span, number, "Advice straight after something that upset them.",
            _back(session, number) or f"{fact} What makes it hard?",
        )  # fmt: skip
    for move, (why, question) in _BETTER.items():
        for number, turn in enumerate(path, 1):
            for part in turn.labelled.doing(move):
                yield _point(part.span, number, why, f"{fact} {question}")
    yield from _too_early(path, fact)
    yield from _only_closed(path, fact)
    yield from _much_talk(path, fact)


def _back(session: Session, number: int) -> str:
    """What the partner told last before this turn, said back."""
    setting, found = session.setting, session.path[number - 2].state.found if number > 1 else ()
    if not found:
        return ""
    return f"So {said_back(as_told(setting.facts[found[-1]], setting.to, setting.pronouns))}. What would help?"


def _advice_after_upset(path: Sequence[Turn]) -> list[tuple[int, Part]]:
    """(turn, sentence): advice, or a fix, where the line before it showed that they were upset."""
    return [
        (number, part)
        for number, turn in enumerate(path, 1)
        if number > 1 and path[number - 2].state.upset
        for part in turn.labelled.doing(Move.ADVICE)
    ]


def _too_early(path: Sequence[Turn], fact: str) -> Iterator[Point]:
    for number, turn in enumerate(path, 1):
        if Move.OPEN in turn.labelled.moves:
            return
        for part in turn.labelled.doing(Move.PROPOSES):
            yield _point(part.span, number, "A fix before the first open question.", f"{fact} What gets in the way?")


def _only_closed(path: Sequence[Turn], fact: str) -> Iterator[Point]:
    closed = [
        (n, part)
        for n, turn in enumerate(path, 1)
        for part in turn.labelled.doing(Move.CLOSED)
        if Move.REFLECTS not in turn.labelled.moves
    ]
    opened = sum(len(turn.labelled.doing(Move.OPEN)) for turn in path)
    if closed and len(closed) > opened:
        number, part = closed[0]
        yield _point(part.span, number, "A question that yes or no can answer.", f"{fact} What was going on for you?")


def _much_talk(path: Sequence[Turn], fact: str) -> Iterator[Point]:
    words = [len(turn.say.split()) for turn in path]
    spoken = sum(len(turn.reply.split()) for turn in path)
    longest = max(range(len(path)), key=lambda at: words[at], default=0)
    if words and words[longest] > 30 and sum(words) / (sum(words) + spoken) > TALKS_MUCH:
        parts = path[longest].labelled.parts
        if parts:
            yield _point(
                parts[-1].span, longest + 1, "By here they had stopped listening: your longest turn.",
                f"{fact} What do you make of that?",
            )  # fmt: skip


def _point(span: Span, number: int, why: str, better: str) -> Point:
    return Point(quote=span.text, turn=number, why=why, better=better)


def _best_line(path: Sequence[Turn]) -> str:
    """The leader's clearest sentence of what happened; "" where there is none."""
    facts = [p for t in path for p in t.labelled.doing(Move.FACT) if not p.moves & COMPETITIVE]
    best = max(facts, key=lambda part: (len(tells(part)), -abs(len(part.span.text.split()) - 16)), default=None)
    return best.span.text if best else ""


def figures(found: Debrief) -> dict[str, int | None]:
    """What is compared from one rehearsal to the next: the leader's habits, nothing about the person played."""
    return {
        "open_questions": found.open_questions,
        "sbi_by_turn": found.sbi_by_turn,
        "found": len(found.facts_found),
        "of": len(found.facts_found) + found.facts_missed,
    }
