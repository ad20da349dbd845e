"""The command line's JSON forms: requests read strictly, replies with exactly the promised fields."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from coach.access import agreed_at_the_terminal, not_agreed
from coach.capture import keep_about, keep_line, read_line
from coach.check import not_judged
from coach.desk import Desk, Reply
from coach.drafting import Drafter
from coach.errors import BadRequest, Unauthorised, UnknownPerson, Unreachable
from coach.exchange import reasons as reasons
from coach.ground import Clause
from coach.records import Note, Promise, PromiseState
from coach.situation import Channel, Kind, Pronouns, Situation

Day = date
"""A name of its own, so that a field may be called `date`."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftRequest(_Request):
    situation: str
    to: str
    kind: Kind
    channel: Channel
    pronouns: Pronouns | None = None
    date: Day | None = None
    today: Day | None = None
    drafter: Literal["built-in", "model"] | None = None


class InlineNote(_Request):
    text: str
    private: bool = False


class CheckRequest(_Request):
    message: str
    kind: Kind
    channel: Channel
    to: str
    situation: str | None = None
    notes: list[InlineNote] = Field(default_factory=list)
    date: Day | None = None
    today: Day | None = None


class _Query(_Request):
    q: str = Field(max_length=20_000)

    @field_validator("q")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("q is empty: say what to look for")
        return value


class PrinciplesRequest(_Query):
    k: int = Field(default=5, ge=1, le=42)


class NotesRequest(_Query):
    to: str | None = None
    k: int = Field(default=5, ge=1, le=1_000)
    channel: Channel | None = None
    today: Day | None = None


def draft_reply(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    asked = DraftRequest.model_validate(request)
    situation = Situation(
        text=asked.situation,
        to=asked.to,
        kind=asked.kind,
        channel=asked.channel,
        pronouns=asked.pronouns,
        happened=asked.date,
        today=asked.today or date.today(),
    )
    reply = _drafted(desk, situation, asked.drafter)
    return {
        "message": reply.draft.message,
        "questions": [question.text for question in reply.draft.questions],
        "clauses": [asdict(clause) for clause in reply.clauses],
        "principles": [{"id": f.principle.id, "score": f.score} for f in reply.principles],
        "notes": [{"id": note.id, "text": note.text, "date": note.date.isoformat()} for note in reply.notes_used],
        "findings": [asdict(finding) for finding in reply.findings],
        "left_out": [{"text": one.text, "reason": one.reason.value} for one in reply.draft.left_out],
        "variants": [asdict(variant) for variant in reply.draft.variants],
        "drafter": _drafter(reply.drafter),
    }


def _drafted(desk: Desk, situation: Situation, wanted: str | None) -> Reply:
    """By the model where one is set up, or asked for; its failure is a built-in draft that says so."""
    if wanted == "built-in" or (wanted is None and desk.endpoint is None):
        return desk.write(situation)
    if desk.endpoint is None:
        return desk.fallen_back(desk.write(situation), Unreachable("No model is set up: this is the built-in draft."))
    if not agreed_at_the_terminal(desk.settings, desk.endpoint):
        return desk.fallen_back(desk.write(situation), Unauthorised(not_agreed(desk.endpoint)))
    from coach.model import open_model  # only who uses a model waits for its client

    return desk.write_with(open_model(desk.endpoint), desk.endpoint, situation)


def _drafter(by: Drafter) -> dict[str, Any]:
    known = {"name": by.name, "model": by.model, "prompt": by.prompt, "seconds": round(by.seconds, 4)}
    if by.fallback:
        return known | {"fallback": asdict(by.fallback)}
    if by.name == "built-in":
        return known
    tokens = {"tokens_in": by.tokens_in, "tokens_out": by.tokens_out, "request": by.request}
    return known | tokens | {"retrieved": list(by.retrieved), "parameters": dict(by.parameters)}


def check_reply(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    asked = CheckRequest.model_validate(request)
    today = asked.today or date.today()
    told = (asked.situation or "").strip()
    about = Situation(
        # A message that nothing is known of is judged by itself; this stands where the situation would.
        text=told or "not told",
        to=asked.to,
        kind=asked.kind,
        channel=asked.channel,
        happened=asked.date,
        today=today,
    )
    about = desk.same_person(about)
    notes = [_inline(note, at, asked.to, today) for at, note in enumerate(asked.notes, start=1)]
    if not told:
        findings = desk.findings(asked.message, (), about, notes)
        clauses: tuple[Clause, ...] = ()
    else:
        clauses, findings = desk.review(asked.message, about, notes)
    return {
        "findings": [asdict(one) for one in findings],
        "clauses": [asdict(one) for one in clauses],
        "not_judged": not_judged(asked.message),
    }


def _inline(note: InlineNote, at: int, to: str, day: Day) -> Note:
    return Note(id=str(at), person_id="", person=to, date=day, kind="observation", private=note.private, text=note.text)


def principles_reply(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    asked = PrinciplesRequest.model_validate(request)
    found = desk.principles(asked.q, asked.k)
    return {"principles": [{"id": f.principle.id, "title": f.principle.title, "score": f.score} for f in found]}


def notes_reply(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    asked = NotesRequest.model_validate(request)
    person = desk.person(asked.to) if asked.to else None
    if asked.to and person is None:
        return {"notes": []}
    found = desk.notes(asked.q, person, asked.channel, asked.today or date.today(), asked.k)
    return {
        "notes": [
            {
                "id": f.note.id,
                "person": f.note.person,
                "date": f.note.date.isoformat(),
                "private": f.note.private,
                "text": f.note.text,
                "score": f.score,
            }
            for f in found
        ]
    }


def promises_reply(desk: Desk, to: str | None, today: Day) -> list[dict[str, Any]]:
    """Every promise, or those between the leader and one person, the next due first."""
    person = desk.person(to) if to else None
    if to and person is None:
        raise UnknownPerson(f"There is no “{to}” in the notebook.")
    return [_promise(one, today) for one in desk.records.promises(person.id if person else None)]


def _promise(one: Promise, today: Day) -> dict[str, Any]:
    return {
        "id": one.id,
        "person": one.person,
        "what": one.what,
        "due": one.due.isoformat() if one.due else None,
        "state": one.state.value,
        "promised_by": one.promised_by.value,
        "made": one.made.isoformat(),
        "overdue": one.overdue(today),
        "why": one.why,
    }


def settle_reply(desk: Desk, named: str, state: str, on: str, why: str, today: Day) -> None:
    """`named`: the id or the beginning of it that only one promise has."""
    found = [one for one in desk.records.promises() if one.id.startswith(named)]
    if len(found) != 1:
        raise BadRequest(f"No single promise begins with {named}: 'coach promises --all' lists them.")
    try:
        due = Day.fromisoformat(on) if on else None
    except ValueError:
        raise BadRequest("--on is a day such as 2026-11-27.") from None
    if state == PromiseState.MOVED and due is None:
        raise BadRequest("Say to which day with --on, such as --on 2026-11-27.")
    desk.records.settle_promise(found[0].id, PromiseState(state), today, why, due)


def note_reply(desk: Desk, line: str, to: str, today: Day) -> dict[str, Any]:
    """Keeps one line and the promises in it. Raises UnknownPerson where nobody is named."""
    try:
        note, found = (
            keep_about(desk, line, to, today)
            if to
            else keep_line(desk, read_line(line, desk.records.people(), today), today)
        )
    except UnknownPerson:
        raise UnknownPerson(
            "Nobody in the notebook is named in that line. Say who it is about with --to, such as --to Ngozi."
        ) from None
    for promise in found:
        desk.records.keep_promise(promise)
    return {
        "id": note.id,
        "person": note.person,
        "date": note.date.isoformat(),
        "kind": note.kind,
        "private": note.private,
        "text": note.text,
        "promises": [_promise(one, today) for one in found],
    }
