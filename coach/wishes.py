"""What a recipient said about how they like to be recognised, as far as it decides where a message may go."""

import re
from enum import StrEnum

_NOT = (
    r"(?:no|not|never|nothing|none|without|don.?t|doesn.?t|does\s+not|do\s+not|isn.?t|dislikes?|hates?|avoids?|avoid|loathes?|"
    r"uncomfortable|awkward\w*|embarrass\w*|mortif\w*|cringes?|squirms?|shy|shies|dreads?|dreaded|can.?t\s+stand|skip|spare\s+\w+|"
    r"out\s+of|away\s+from|than|rather\s+than|instead\s+of)"
)
_AUDIENCE = (
    r"(?:public\w*|in\s+front|shout-?\s?outs?|spotlight|limelight|cent(?:re|er)\s+of\s+attention|attention|audiences?|everyone|"
    r"everybody|crowds?|meetings?|stand-?ups?|huddles?|all-hands|town\s?halls?|newsletters?|intranet|announce\w*|fuss|singled\s+out|"
    r"post(?:s|ed|ing)?|on\s+stage|assembly|(?:team|group|whole|big|open|large|main)\s+(?:\w+\s+)?(?:chat|channel|call|room|ward|floor)|"
    r"(?:the|a)\s+(?:group|channel|team|floor)|others|applause|clap\w*|ceremon\w+|speeches\s+in)"
)
_ALONE = (
    r"(?:private(?:ly)?|in\s+confidence|one[\s-]to[\s-]one|one[\s-]on[\s-]one|1:1|1-1|face[\s-]to[\s-]face|discreet\w*|low[\s-]key|"
    r"alone|between\s+(?:the\s+two\s+of\s+)?us|behind\s+closed\s+doors|a\s+quiet\s+\w+|quietly|on\s+the\s+quiet|aside)"
)
_WANTS_PRIVATE = re.compile(
    rf"\b{_NOT}\b[^.;!?]{{0,60}}?\b{_AUDIENCE}\b"
    rf"|\b{_AUDIENCE}\b[^.;!?]{{0,40}}?\b(?:awkward|uncomfortable|embarrass\w*|mortif\w*|cringe|squirm|nervous|anxious|blush\w*|dreads?|hates?|dislikes?|avoids?|torture|not\s+for\s+\w+)\b"
    rf"|\b{_ALONE}\b",
    re.IGNORECASE,
)
_PUBLIC_IS_FINE = re.compile(
    rf"\b(?:fine|happy|okay|ok|good|great|welcome|comfortable|glad)\b[^.;!?]{{0,40}}\b(?:{_AUDIENCE}|team|hear|too|either|both)\b"
    rf"|\b(?:{_AUDIENCE}|team|front\s+of\s+\w+(?:\s+\w+)?)\b[^.;!?]{{0,25}}\b(?:is|are|'s|’s|goes|go)\s+(?:also\s+|just\s+|quite\s+|perfectly\s+|down\s+)?(?:fine|okay|ok|welcome|good|great|well)\b"
    rf"|(?<!n.t\s)(?<!not\s)(?<!never\s)\b(?:loves?|enjoys?|likes?|thrives?)\b[^.;!?]{{0,30}}\b(?:{_AUDIENCE}|team|front)\b"
    r"|\b(?:doesn.?t|does\s+not|don.?t|never|not)\s+(?:really\s+)?(?:mind|bothered|shy|fussy|care)\b"
    r"|\b(?:public\w*\s+or\s+private\w*|private\w*\s+or\s+public\w*|either\s+way|no\s+preference)\b",
    re.IGNORECASE,
)


class Wish(StrEnum):
    """`unclear`: something was said that a rule cannot read, so that the leader is shown it and asked."""

    NONE = "none"
    PUBLIC = "public"
    PRIVATE = "private"
    UNCLEAR = "unclear"


def wish_of(prefers: str) -> Wish:
    """Whether the person wants no praise where others read it. Of two readings the one that keeps it private wins.

    Rules find the common ways to say so and no more: of 16 wishes written after them and kept aside they found 6.
    So only a plain welcome counts as one; whatever else was said is `unclear` at least.
    """
    parts = [part for part in re.split(r"(?<=[.;!?])\s+|\s*\bbut\b\s*", prefers) if part.strip()]
    if not parts:
        return Wish.NONE
    welcome = [bool(_PUBLIC_IS_FINE.search(part)) for part in parts]
    if any(_WANTS_PRIVATE.search(part) and not fine for part, fine in zip(parts, welcome, strict=True)):
        return Wish.PRIVATE
    return Wish.PUBLIC if any(welcome) else Wish.UNCLEAR
