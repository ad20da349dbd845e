"""What stands on the Write page, kept in the records so that it outlives a reload, a lost connection and a restart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from coach.records import new_id
from coach.situation import Channel, Kind, Missing, Situation


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
    accepted: list[str] = field(default_factory=list)
    """What stands in the way of sending and is knowingly kept: code and words."""
    off: list[str] = field(default_factory=list)
    on: list[str] = field(default_factory=list)

    def situation(self) -> Situation:
        """Raises BadRequest where the name or the text cannot be used."""
        answers = tuple((Missing(name), text) for name, text in self.answers.items())
        return Situation(
            text=self.drafted_text,
            to=self.drafted_to,
            kind=Kind(self.kind),
            channel=Channel(self.channel),
            today=date.today(),
            answers=answers,
            confirmed=tuple(self.confirmed),
        )

    def saved(self) -> dict[str, Any]:
        return asdict(self)


def restored(state: Mapping[str, Any]) -> Writing:
    """From the records; fields of another release are ignored."""
    known = Writing.__dataclass_fields__
    return Writing(**{name: value for name, value in state.items() if name in known})


def started_anew(before: Writing) -> Writing:
    """An empty page for the next moment; the versions go on, so that the browser drops the old text."""
    return Writing(
        kind=before.kind,
        channel=before.channel,
        text_version=before.text_version + 1,
        message_version=before.message_version + 1,
    )
