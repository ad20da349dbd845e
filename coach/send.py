"""From an approved message to the reader: only the leader's approval makes an `Approved`, and only that is sent."""

from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import quote

from coach.desk import Reply
from coach.records import Message, Person, Records
from coach.situation import Kind, Situation

LONGEST_MAILTO = 1_900
"""Characters: Windows hands a mail program about 2,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The exact text a person agreed to send. `id` makes sending twice the same as sending once."""

    id: str
    text: str
    person: Person
    situation: Situation
    reply: Reply


def mark_as_sent(approved: Approved, records: Records, now: datetime) -> Message:
    """Keeps what was sent with what it grew from, so that it stands in the person's history."""
    reply, situation = approved.reply, approved.situation
    message = Message(
        id=approved.id,
        person_id=approved.person.id,
        person=approved.person.name,
        situation=situation.said,
        kind=situation.kind.value,
        channel=situation.channel.value,
        drafted=reply.draft.message,
        text=approved.text,
        happened=situation.happened,
        sent_at=now,
        sources={
            "principles": [fitting.principle.id for fitting in reply.principles],
            "notes": list(reply.draft.notes_used),
            "clauses": [asdict(clause) for clause in reply.clauses],
            "drafter": "built-in",
        },
    )
    records.keep_message(message)
    return message


def subject(situation: Situation, address: str) -> str:
    return f"Thank you, {address}" if situation.kind is Kind.RECOGNITION else f"A quick word, {address}"


def mailto(text: str, about: str) -> str | None:
    """A link that opens the mail program with subject and body (RFC 6068); None when it would be too long for one."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    link = f"mailto:?subject={quote(about, safe='')}&body={quote(lines, safe='')}"
    return link if len(link) <= LONGEST_MAILTO else None
