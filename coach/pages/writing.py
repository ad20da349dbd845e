"""What stands on the Write page, kept in the records so that it outlives a reload, a lost connection and a restart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from coach.drafting import Drafter
from coach.records import new_id
from coach.situation import Channel, Kind, Missing, Situation
from coach.today import Opening


@dataclass(kw_only=True)
class Writing:
    """`version` counts the texts that Coach put into a box, so that a browser knows its own from ours."""

    id: str = field(default_factory=new_id)
    to: str = ""
    kind: str = Kind.RECOGNITION.value
    channel: str = Channel.DIRECT.value
    text: str = ""
    text_version: int = 1
    drafted: bool = False
    stale: bool = False
    drafted_text: str = ""
    drafted_to: str = ""
    message: str = ""
    message_version: int = 1
    before: str = ""
    """The message before Coach last changed it, for undo."""
    tone: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    """Clauses that the leader said are true."""
    accepted: dict[str, str] = field(default_factory=dict)
    """What stands in the way of sending and is knowingly kept: code and words, and the reason."""
    dismissed: list[str] = field(default_factory=list)
    """Remarks that the leader judged to be none: code and words."""
    off: list[str] = field(default_factory=list)
    on: list[str] = field(default_factory=list)
    by: str = "model"
    """Who is to draft, where a model is set up: "model" or "built-in"."""
    modelled: dict[str, Any] = field(default_factory=dict)
    """The model's draft that stands in the box: its message and its drafter. Empty for the built-in draft."""
    partial: str = ""
    """What had arrived when a model's answer was stopped or failed."""
    trouble: str = ""
    """Why the built-in draft stands there instead, in words."""
    happened: str = ""
    """The day it happened (ISO), where a captured moment knows it."""
    moment: str = ""
    """The note of the captured moment that this tells."""
    courtesy: bool = False
    """A birthday, a promise, a word after a while: nothing happened that would have to be asked about."""
    aside: dict[str, Any] = field(default_factory=dict)
    """What stood here before Coach filled in a draft."""

    def typed(self) -> Situation:
        """What a press on Draft would make of the page. Raises BadRequest."""
        fresh = (self.text, self.to) != (self.drafted_text, self.drafted_to)
        return replace(
            self,
            drafted_text=self.text,
            drafted_to=self.to,
            answers={} if fresh else self.answers,
            confirmed=[] if fresh else self.confirmed,
        ).situation()

    def drafter(self) -> Drafter:
        """Who made what stands in `modelled`."""
        kept = dict(self.modelled["drafter"])
        kept["parameters"] = tuple(kept["parameters"].items())
        kept["retrieved"] = tuple(kept["retrieved"])
        return Drafter(**kept)

    def situation(self) -> Situation:
        """Raises BadRequest where the name or the text cannot be used."""
        answers = tuple((Missing(name), text) for name, text in self.answers.items())
        return Situation(
            text=self.drafted_text,
            to=self.drafted_to,
            kind=Kind(self.kind),
            channel=Channel(self.channel),
            today=date.today(),
            happened=date.fromisoformat(self.happened) if self.happened else None,
            answers=answers,
            confirmed=tuple(self.confirmed),
        )

    def saved(self) -> dict[str, Any]:
        return asdict(self)


def restored(state: Mapping[str, Any]) -> Writing:
    """From the records; fields of another release are ignored."""
    known = Writing.__dataclass_fields__
    fields = {name: value for name, value in state.items() if name in known}
    if isinstance(kept := fields.get("accepted"), list):  # before reasons were kept
        fields["accepted"] = dict.fromkeys(kept, "")
    return Writing(**fields)


def started_anew(before: Writing) -> Writing:
    """An empty page for the next moment; the versions go on, so that the browser drops the old text."""
    return Writing(
        kind=before.kind,
        channel=before.channel,
        text_version=before.text_version + 1,
        message_version=before.message_version + 1,
        aside=before.aside,
    )


def put_aside(before: Writing) -> Writing:
    """An empty page that remembers what stood there, where there was something to lose."""
    fresh = started_anew(before)
    if before.text.strip() and not before.courtesy and not before.moment:
        fresh.aside = before.saved() | {"aside": {}}
    return fresh


def taken_up_again(now: Writing) -> Writing:
    """What was put aside, new to the browser."""
    back = restored(now.aside)
    back.text_version, back.message_version = now.text_version + 1, now.message_version + 1
    return back


def with_opening(fresh: Writing, opening: Opening) -> Writing:
    """A draft that is already filled in, asked for or complete."""
    fresh.to = fresh.drafted_to = opening.to
    fresh.kind, fresh.channel = opening.kind.value, opening.channel.value
    fresh.text = fresh.drafted_text = opening.situation
    fresh.message, fresh.drafted, fresh.stale = opening.message, True, not opening.message
    fresh.happened = opening.happened.isoformat() if opening.happened else ""
    fresh.moment, fresh.courtesy = opening.moment, bool(opening.message)
    return fresh
