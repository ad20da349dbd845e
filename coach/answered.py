"""From what a model wrote to a message: only text, no markup, no links; blanks as blanks; or an error."""

import re

from coach.check import LONGEST_WORDS
from coach.draft import SLOT
from coach.errors import BadAnswer, Refused
from coach.situation import Situation, clean_text

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```[\w-]*\s*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)?")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:[^)\n]*)\)")
_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!?][^<>]{0,2000}>?|<\s*/?\s*[a-zA-Z][^<>\n]*$|javascript:\S*", re.MULTILINE)
_CODE = re.compile(r"<(script|style|iframe|svg|object)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//[^\s<>\"”’)\]]+|\b(?:https?|ftp|file|data|mailto|javascript):[^\s]+|\bwww\.[^\s<>\"”’)\]]+",
    re.I,
)
_MARK = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|^#{1,6} +", re.MULTILINE)
_BLANK = re.compile(r"\[(?:…|\.{2,}|\?|_+|[^\[\]\n]{1,80})\??\]|_{3,}|\{\{?[^{}\n]{0,60}\}?\}")
_PREAMBLE = re.compile(
    r"^(?:(?:sure|certainly|of course|okay|ok)[,.!:]?\s*)?(?:here(?:['’]s| is| are)|below is|this is)\b[^\n:]{0,120}:\s*\n+|^(?:message|draft|answer|output)\s*:\s*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^subject\s*:[^\n]*\n+", re.IGNORECASE)
_REFUSAL = re.compile(
    r"^(?:i['’]m |i am )?(?:very |really |so )?(?:sorry|afraid|unfortunately|apologi[sz]e)?[^.\n]{0,40}\b(?:can['’]?t|cannot|can not|unable to|not able to|won['’]t|will not)"
    r" (?:help|assist|provide|comply|write|create|fulfil|fulfill|do that|do this|generate|continue)\b|^as an ai\b",
    re.IGNORECASE,
)
MOST_TIMES_LONGER = 4
"""More than this many times the length that readers of a channel take is no message."""


def message_in(text: str, situation: Situation) -> str:
    """Raises Refused or BadAnswer where the text is no message."""
    bare = _unwrapped(_plain(text, situation.said))
    if _REFUSAL.search(bare):
        raise Refused("The model would not write this. Say it in other words, or use the built-in draft.")
    if not any(c.isalpha() for c in bare.replace(SLOT, "")):
        raise BadAnswer("The model answered with nothing that can be used.")
    if len(bare.split()) > MOST_TIMES_LONGER * LONGEST_WORDS[situation.channel]:
        raise BadAnswer("The model answered with far more than a message.")
    return bare


def _plain(text: str, said: str) -> str:
    """Without markup, and without an address that the leader did not type."""
    text = _FENCE.sub("", _THOUGHT.sub("", clean_text(text)))
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _TAG.sub("", _CODE.sub("", text))
    text = _ADDRESS.sub(lambda m: m.group() if m.group().rstrip(".,;:!?") in said else "", text)
    return _MARK.sub(lambda m: m[2] or "", text)


def _unwrapped(text: str) -> str:
    text = _SUBJECT.sub("", _PREAMBLE.sub("", text.strip()).strip())
    quotes = {'"': '"', "“": "”", "'": "'", "‘": "’"}
    if len(text) > 2 and quotes.get(text[0]) == text[-1] and text.count(text[0]) <= 2:
        text = text[1:-1]
    lines = [re.sub(r"[ \t]{2,}", " ", line).rstrip() for line in _BLANK.sub(SLOT, text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
