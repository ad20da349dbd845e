"""The command line's JSON forms: requests read strictly, replies with exactly the promised fields."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from coach.desk import Desk
from coach.exchange import reasons as reasons
from coach.records import Note
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
    drafter: Literal["built-in", "model"] = "built-in"


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
    reply = desk.write(situation)
    drafter: dict[str, Any] = {"name": "built-in", "model": None, "prompt": None, "seconds": round(reply.seconds, 4)}
    if asked.drafter == "model":
        drafter["fallback"] = {"code": "unreachable", "message": "No model is set up: this is the built-in draft."}
    return {
        "message": reply.draft.message,
        "questions": [question.text for question in reply.draft.questions],
        "clauses": [asdict(clause) for clause in reply.clauses],
        "principles": [{"id": f.principle.id, "score": f.score} for f in reply.principles],
        "notes": [{"id": note.id, "text": note.text, "date": note.date.isoformat()} for note in reply.notes_used],
        "findings": [asdict(finding) for finding in reply.findings],
        "left_out": [{"text": one.text, "reason": one.reason.value} for one in reply.draft.left_out],
        "variants": [asdict(variant) for variant in reply.draft.variants],
        "drafter": drafter,
    }


def check_reply(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    asked = CheckRequest.model_validate(request)
    today = asked.today or date.today()
    about = Situation(
        # A message that nothing is known of is judged by itself; this stands where the situation would.
        text=asked.situation or "not told",
        to=asked.to,
        kind=asked.kind,
        channel=asked.channel,
        happened=asked.date,
        today=today,
    )
    about = desk.same_person(about)
    notes = [_inline(note, at, asked.to, today) for at, note in enumerate(asked.notes, start=1)]
    if asked.situation is None:
        findings = desk.findings(asked.message, (), about, notes)
        return {"findings": [asdict(one) for one in findings], "clauses": []}
    clauses, findings = desk.review(asked.message, about, notes)
    return {"findings": [asdict(one) for one in findings], "clauses": [asdict(one) for one in clauses]}


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
