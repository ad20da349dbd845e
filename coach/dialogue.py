"""A rehearsal line by line: JSON requests and replies for programs, and plain text for a person at a terminal."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.access import agreed_at_the_terminal, hides_names, not_agreed
from coach.debrief import Debrief, Point, debrief
from coach.desk import Desk
from coach.errors import BadRequest, Unauthorised
from coach.partner import Reaction, Setting, State, Step
from coach.persona import persona
from coach.rehearse import FACTS_AT_MOST, Session, Voice, rewind, say, start
from coach.situation import Pronouns

LONGEST_LINE = 200_000
"""Characters of one spoken line that are looked at; a talk keeps 20,000 of them."""


class SettingRequest(BaseModel):
    """The first line."""

    model_config = ConfigDict(extra="forbid")

    to: str
    about: str
    reaction: Reaction = Reaction.LISTENS
    difficulty: Literal[1, 2, 3] = 2
    seed: int = 0
    private_facts: list[str] = Field(default_factory=list, max_length=FACTS_AT_MOST)
    partner: Literal["built-in", "model"] = "built-in"
    pronouns: Pronouns | None = None


class LineRequest(BaseModel):
    """Every other line: exactly one of the three."""

    model_config = ConfigDict(extra="forbid")

    say: str | None = Field(default=None, max_length=LONGEST_LINE)
    rewind: int | None = None
    debrief: Literal[True] | None = None


def model_voice(desk: Desk, show: Callable[[str], None] = lambda text: None) -> Voice | None:
    """The partner's voice by the model that the leader set up; None where there is none."""
    where = desk.endpoint
    if where is None:
        return None
    from coach.model import open_model  # only who uses a model waits for its client

    hidden = [person.name for person in desk.records.people()] if hides_names(desk.settings, where) else None
    return persona(open_model(where), desk.embed, show, hidden)


class Dialogue:
    """One talk: `reply` answers a request with the contract's fields and keeps the session."""

    def __init__(self, desk: Desk, today: date) -> None:
        self._desk, self._today = desk, today
        self.session: Session | None = None
        self._voice: Voice | None = None
        self.done = False

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Raises pydantic's ValidationError or BadRequest; the session is then as it was."""
        if self.session is None:
            return self._begin(SettingRequest.model_validate(request))
        line = LineRequest.model_validate(request)
        asked = [name for name in ("say", "rewind", "debrief") if getattr(line, name) is not None]
        if len(asked) != 1:
            raise BadRequest('a line is {"say": "…"}, {"rewind": n} or {"debrief": true}')
        if line.say is not None:
            self.session = say(self.session, line.say, self._desk.embed, self._today, self._voice)
            return self._turn()
        if line.rewind is not None:
            self.session = rewind(self.session, line.rewind)
            return {"rewound": line.rewind, "reply": _last_reply(self.session), "state": plain_state(self.session)}
        self.done = True
        return plain_debrief(debrief(self.session))

    def _begin(self, asked: SettingRequest) -> dict[str, Any]:
        person = self._desk.person(asked.to) if asked.to.strip() else None
        known = Pronouns(person.pronouns) if person and person.pronouns else None
        setting = Setting(
            to=asked.to,
            about=asked.about,
            reaction=asked.reaction,
            difficulty=asked.difficulty,
            seed=asked.seed,
            facts=tuple(asked.private_facts),
            pronouns=asked.pronouns or known,
        )
        self.session = start(setting, self._desk.embed, self._today)
        begun: dict[str, Any] = {"reply": self.session.opened.text, "state": plain_state(self.session)}
        if asked.partner == "model":
            begun |= self._with_model()
        return begun

    def _with_model(self) -> dict[str, Any]:
        """Gives the partner a model's voice, or says why not."""
        where = self._desk.endpoint
        if where is None:
            return _fallback("unreachable", "No model is set up: the built-in partner answers.")
        if not agreed_at_the_terminal(self._desk.settings, where):
            return _fallback(Unauthorised.code, not_agreed(where))
        self._voice = model_voice(self._desk)
        return {}

    def _turn(self) -> dict[str, Any]:
        assert self.session is not None  # noqa: S101 - there is one once the first line was read
        turn = self.session.path[-1]
        return {
            "reply": turn.reply,
            "labels": [move.value for move in turn.labelled.moves],
            "hint": turn.hint,
            "state": plain_state(self.session),
            "partner": turn.voice,
            **({"replaced": turn.replaced} if turn.replaced else {}),
        }


def _fallback(code: str, message: str) -> dict[str, Any]:
    return {"fallback": {"code": code, "message": message}}


def _last_reply(session: Session) -> str:
    return session.path[-1].reply if session.at is not None else session.opened.text


def plain_state(session: Session) -> dict[str, Any]:
    """The partner's state, without what is still private."""
    state: State = session.state
    return {
        "turn": len(session.path),
        "trust": round(state.trust, 2),
        "guard": round(state.guard, 2),
        "facts_found": [session.setting.facts[at] for at in state.found],
        "facts_left": len(session.setting.facts) - len(state.found),
        "agreed_step": _plain_step(state.step),
        "ended": state.ended,
    }


def _plain_step(step: Step | None) -> dict[str, Any] | None:
    due = step.due.isoformat() if step and step.due else None
    return {"text": step.text, "owner": step.owner, "due": due} if step else None


def plain_debrief(found: Debrief) -> dict[str, Any]:
    return {
        "well": [_plain_point(point) for point in found.well],
        "change": [_plain_point(point) for point in found.change],
        "facts_found": list(found.facts_found),
        "facts_missed": found.facts_missed,
        "sbi_by_turn": found.sbi_by_turn,
        "sbi": {missing.value: turn for missing, turn in found.sbi.items()},
        "open_questions": found.open_questions,
        "talk_share": found.talk_share,
        "advice_after_upset": found.advice_after_upset,
        "agreed_step": _plain_step(found.agreed),
        "best_line": found.best_line,
        "turns": [
            {"turn": b.turn, "you_words": b.leader_words, "they_words": b.partner_words, "trust": round(b.trust, 2)}
            for b in found.beats
        ],
        "text": found.text,
    }


def _plain_point(point: Point) -> dict[str, Any]:
    return {"quote": point.quote, "turn": point.turn, "why": point.why, "better": point.better}


# At a terminal, or in a plain pipe

HOW = "Type what you would say. /back N says turn N otherwise, /hints shows or hides the hints, /end gives the debrief."


def talk(session: Session, lines: Iterable[str], desk: Desk, today: date, echo: Callable[[str], None]) -> Session:
    """Reads what the leader says line by line until /end or the end of input, and shows the replies and hints."""
    name, hints = session.setting.to, True
    echo(f"{name}: {session.opened.text}")
    for line in lines:
        said = line.strip()
        if said in ("/end", "/quit"):
            break
        if said == "/hints":
            hints = not hints
            echo("Hints are shown." if hints else "Hints are hidden.")
        elif said.startswith("/back"):
            session = _back(session, said, echo)
        elif said.startswith("/"):
            echo(HOW)
        elif said:
            session = say(session, said, desk.embed, today)
            turn = session.path[-1]
            echo(f"{name}: {turn.reply}" + (f"\n   hint: {turn.hint}" if hints else ""))
    return session


def _back(session: Session, said: str, echo: Callable[[str], None]) -> Session:
    number = said.removeprefix("/back").strip() or str(len(session.path))
    try:
        session = rewind(session, int(number))
    except ValueError:
        echo("Say which turn, such as /back 2.")
    except BadRequest as error:
        echo(str(error))
    else:
        echo(f"Before your turn {number}. {session.setting.to} had said: {_last_reply(session)}")
    return session


def told(found: Debrief, name: str) -> Iterator[str]:
    """The debrief as lines to read."""
    for heading, points in (("What went well", found.well), ("What to change", found.change)):
        if points:
            yield f"\n{heading}"
        for point in points:
            yield f"  Turn {point.turn}: “{point.quote}”\n    {point.why}\n    Better: {point.better}"
    yield "\nIn numbers"
    yield f"  Situation, behaviour and impact: {_sbi_said(found)}"
    yield f"  Open questions: {found.open_questions}. Your share of the words: {found.talk_share:.0%}."
    if found.advice_after_upset:
        yield f"  Advice straight after an upset line: {found.advice_after_upset}"
    yield f"  What {name} was carrying: {_carried(found)}"
    yield f"  Agreed: {step_said(found.agreed)}"
    yield f"\n{found.text}"


def _sbi_said(found: Debrief) -> str:
    if found.sbi_by_turn:
        return f"all said by turn {found.sbi_by_turn}."
    return ", ".join(f"{missing.value} in turn {turn}" for missing, turn in found.sbi.items()) or "none of them said."


def _carried(found: Debrief) -> str:
    lines = [*found.facts_found, *([f"{found.facts_missed} not found out"] if found.facts_missed else [])]
    return "; ".join(line.rstrip(".") for line in lines) + "."


def step_said(step: Step | None) -> str:
    if step is None:
        return "no step yet."
    due = f", by {step.due.day} {step.due:%B}" if step.due else ", no day yet"
    return f"“{step.text}” ({step.owner}{due})"


def any_seed() -> int:
    """For a talk that nobody needs to repeat."""
    return random.SystemRandom().randrange(1_000_000)
