"""What stands in the way of sending a message: codes and severities are fixed, new faults get new codes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.clauses import PRIVATE, inner_parts
from coach.ground import Clause
from coach.language import Span, sentences
from coach.records import Note
from coach.situation import Channel, Kind
from coach.tuned import Labels

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


def without(message: str, finding: Finding) -> str:
    """The message with the words of a finding taken out, and the marks around them mended."""
    if finding.start is None or finding.end is None:
        return message
    before, after = message[: finding.start].rstrip(" \t"), message[finding.end :].lstrip(" \t")
    if after[:1] in (".", "!", "?") and (before[-1:] in (".", "!", "?", "\n", "")):
        after = after[1:].lstrip(" \t")
    before = before.rstrip(",;:–—-") if re.match(r"[.!?,;]|$", after) else before
    after = after.lstrip(",;") if re.search(r"(?:[.!?,;:]|^)$", before) else after
    opens = not before or before[-1] in ".!?\n"
    after = after.lstrip(" \t") if opens else after
    after = after[:1].upper() + after[1:] if opens else after
    joint = "" if not before or before[-1] == "\n" or re.match(r"[.!?,;\n]|$", after) else " "
    return before + joint + after


def check(
    message: str,
    clauses: Sequence[Clause],
    kind: Kind,
    channel: Channel,
    private: Sequence[Note],
    happened: date | None,
    today: date,
    labels: Labels | None = None,
) -> tuple[Finding, ...]:
    """Findings sorted by start, those about the whole message last.

    `private`: the private notes in use. `labels`: what each word does, where the language model is there to say.
    """
    found = [*_unsupported(clauses), *_private_details(message, clauses, channel, private, labels)]
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


PRIVATE_FROM, PRIVATE_POSSIBLE = 0.5, 0.05
"""Probability of a word: from here on it is private by itself; below the other one a suspicious word is harmless."""


def _private_details(
    message: str, clauses: Sequence[Clause], channel: Channel, private: Sequence[Note], labels: Labels | None
) -> list[Finding]:
    if not channel.others_read:
        return []
    sources = {f"note:{note.id}" for note in private}
    spans = {(clause.start, clause.text) for clause in clauses if clause.source in sources}
    for sentence in sentences(message):
        for part in inner_parts(sentence):
            if not any(start < part.end and part.start < start + len(text) for start, text in spans):
                if _private(part, labels):
                    text = part.text.strip(" ,;:–—-()")
                    spans.add((part.start + part.text.index(text), text))
    return [
        _at(start, text, "private-detail", f"Others will read “{text}”. Leave it out, or send this directly.")
        for start, text in sorted(spans)
    ]


def _private(part: Span, labels: Labels | None) -> bool:
    suspicious = bool(PRIVATE.search(part.text))
    if labels is None:
        return suspicious
    peak = labels.peak("private", part.start, part.end)
    return peak >= PRIVATE_FROM or (suspicious and peak >= PRIVATE_POSSIBLE)


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
