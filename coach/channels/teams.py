"""Microsoft Teams by a Workflows webhook: an Adaptive Card that shows the text as it was typed."""

import json
import re
from typing import Any

from coach.approval import Approved, Outcome, Receipt
from coach.channels.webhook import answered, place_of, webhook_of
from coach.errors import NotSent
from coach.https import post
from coach.posting import Posting

LARGEST_CARD = 28_000
"""Bytes; Teams refuses messages over 28 KB."""
BLANK = "\u00a0"


def deliver(approved: Approved, posting: Posting) -> Receipt:
    """Raises NotSent, AddressRefused or PerhapsSent."""
    place = place_of(approved, posting)
    body = json.dumps(card(approved.text), ensure_ascii=False).encode()
    if len(body) > LARGEST_CARD:
        raise NotSent("That is longer than Teams takes in one message. Shorten it and send it again.")
    answer = post(
        posting.network, webhook_of(place, posting), body, {"Content-Type": "application/json"}, posting.hosts
    )
    answered(answer, "Teams")
    return Receipt(outcome=Outcome.SENT, detail=f"Teams took it for {place.name}.")


def card(text: str) -> dict[str, Any]:
    """A line is a RichTextBlock: its TextRuns know no Markdown, HTML or mention (Adaptive Cards 1.2, TextRun.text)."""
    lines = text.replace("\r\n", "\n").split("\n")
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [_line(line, first=at == 0) for at, line in enumerate(lines)],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _line(line: str, first: bool) -> dict[str, Any]:
    runs = [{"type": "TextRun", "text": piece} for piece in _pieces(line or BLANK)]
    return {"type": "RichTextBlock", "spacing": "Default" if first else "None", "inlines": runs}


def _pieces(line: str) -> list[str]:
    """Cut between braces: cards replace {{DATE(…)}} and {{TIME(…)}} within one run, and nothing across two."""
    return re.split(r"(?<=\{)(?=\{)", line)
