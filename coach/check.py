"""What stands in the way of sending a message: codes and severities are fixed, new faults get new codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.clauses import PRIVATE
from coach.ground import Clause
from coach.records import Note
from coach.situation import Channel, Kind

STALE_DAYS = 14
LONGEST_WORDS = {
    Channel.PUBLIC_CHAT: 80,
    Channel.DIRECT: 130,
    Channel.SPOKEN: 130,
    Channel.EMAIL: 200,
    Channel.CARD: 40,
}


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`start`, `end`, `text` point into the message, or are None when it is about the whole of it."""

    code: str
    severity: Severity
    start: int | None
    end: int | None
    text: str | None
    advice: str


def check(
    message: str,
    clauses: Sequence[Clause],
    kind: Kind,
    channel: Channel,
    private: Sequence[Note],
    happened: date | None,
    today: date,
) -> tuple[Finding, ...]:
    """Findings sorted by start, those about the whole message last. `private`: the private notes in use."""
    found = [*_unsupported(clauses), *_private_details(message, clauses, channel, private)]
    found.sort(key=lambda finding: finding.start or 0)
    return (*found, *_whole(message, kind, channel, happened, today))


def _unsupported(clauses: Sequence[Clause]) -> list[Finding]:
    return [
        _at(
            clause.start,
            clause.text,
            "unsupported-claim",
            f"“{clause.text}”: {clause.reason}. Take it out, or add it to what happened.",
        )
        for clause in clauses
        if clause.source == "none"
    ]


def _private_details(
    message: str, clauses: Sequence[Clause], channel: Channel, private: Sequence[Note]
) -> list[Finding]:
    if not channel.others_read:
        return []
    sources = {f"note:{note.id}" for note in private}
    spans = {(clause.start, clause.text) for clause in clauses if clause.source in sources}
    spans |= {(match.start(), match.group()) for match in PRIVATE.finditer(message)}
    return [
        _at(start, text, "private-detail", f"Others will read “{text}”. Leave it out, or send this directly.")
        for start, text in sorted(spans)
    ]


def _at(start: int, text: str, code: str, advice: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCK, start=start, end=start + len(text), text=text, advice=advice)


def _whole(message: str, kind: Kind, channel: Channel, happened: date | None, today: date) -> list[Finding]:
    found = []
    if kind is Kind.FEEDBACK and channel.others_read:
        found.append(
            _about_all("public-criticism", Severity.BLOCK, "Others can read this channel. Send it to them directly.")
        )
    if happened and (today - happened).days > STALE_DAYS:
        days = (today - happened).days
        found.append(_about_all("stale", Severity.HINT, f"This was {days} days ago. Say why you bring it up now."))
    words = len(message.split())
    if words > LONGEST_WORDS[channel]:
        limit = LONGEST_WORDS[channel]
        found.append(
            _about_all("too-long", Severity.HINT, f"{words} words; readers here stop at about {limit}. What can go?")
        )
    return found


def _about_all(code: str, severity: Severity, advice: str) -> Finding:
    return Finding(code=code, severity=severity, start=None, end=None, text=None, advice=advice)
