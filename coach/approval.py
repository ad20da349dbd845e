"""What a person approved: a text, for one reader or one place, bound to its very bytes."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from coach.desk import Reply
from coach.records import Person
from coach.situation import Kind, Situation


class Via(StrEnum):
    SLACK_WEBHOOK = "slack-webhook"
    SLACK = "slack"
    TEAMS = "teams"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a message goes and who reads it there. `readers` is what the leader is told: "" means nobody else.

    `address` is what the channel's own service understands: a mail address, a Slack id, or the id of a place whose
    webhook is kept with the secrets.
    """

    via: Via
    label: str
    address: str
    readers: str = ""
    others_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The exact text a person agreed to send. `id` makes sending twice the same as sending once."""

    id: str
    text: str
    person: Person
    situation: Situation
    reply: Reply
    accepted: tuple[tuple[str, str], ...] = ()
    """What stood in the way and was knowingly kept, with the reason."""
    destination: Destination | None = None
    subject: str = ""

    @property
    def to(self) -> Destination:
        assert self.destination is not None  # noqa: S101 - channels are handed only what has one
        return self.destination


class Outcome(StrEnum):
    """`unknown`: it left, and whether it arrived is not known."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of it; `detail` is a sentence for the leader."""

    outcome: Outcome
    detail: str


def digest(approved: Approved) -> str:
    """SHA-256 over everything that the confirmation shows: one changed letter, reader or place is another message."""
    to = approved.to
    shown = [approved.id, to.via, to.label, to.address, to.readers, to.others_read, approved.subject, approved.text]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=True).encode("ascii")).hexdigest()


def subject(situation: Situation, address: str) -> str:
    return f"Thank you, {address}" if situation.kind is Kind.RECOGNITION else f"A quick word, {address}"
