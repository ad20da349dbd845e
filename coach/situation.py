"""What the leader typed: the start of the flow, checked before anything else sees it."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from coach.errors import BadRequest

LONGEST_SITUATION = 8_000
"""Characters. Twelve pages of prose are not one moment; past this the leader is asked to choose one."""
LONGEST_NAME = 120


class Kind(StrEnum):
    RECOGNITION = "recognition"
    FEEDBACK = "feedback"


class Channel(StrEnum):
    PUBLIC_CHAT = "public-chat"
    DIRECT = "direct"
    EMAIL = "email"
    SPOKEN = "spoken"
    CARD = "card"

    @property
    def others_read(self) -> bool:
        """Whether people other than the recipient can read it. A card goes round the team."""
        return self in (Channel.PUBLIC_CHAT, Channel.CARD)


class Pronouns(StrEnum):
    HE = "he"
    SHE = "she"
    THEY = "they"


class Missing(StrEnum):
    """What a message needs and the leader has not said (situation, behaviour, impact: SBI)."""

    BEHAVIOUR = "behaviour"
    SITUATION = "situation"
    IMPACT = "impact"
    WISH = "wish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One thing that happened, to one person or team, for one reader.

    `answers` holds what the leader said when asked for something missing, `confirmed` what they said they know when
    asked where a clause of the message comes from.
    """

    text: str
    to: str
    kind: Kind
    channel: Channel
    pronouns: Pronouns | None = None
    other_names: tuple[str, ...] = ()
    happened: date | None = None
    today: date
    answers: tuple[tuple[Missing, str], ...] = field(default=())
    confirmed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_text(self.text))
        object.__setattr__(self, "to", clean_name(self.to))
        if not any(character.isalpha() for character in self.text):
            raise BadRequest("Say in a few words what happened: there is nothing in the box to work with yet.")
        if len(self.text) > LONGEST_SITUATION:
            raise BadRequest(
                f"That is {len(self.text):,} characters; Coach reads up to {LONGEST_SITUATION:,}. "
                "Keep the one moment that matters and draft again."
            )

    @property
    def said(self) -> str:
        """Everything the leader said about this moment, answers included: what a draft may draw on."""
        return "\n".join([self.text, *(text for _, text in self.answers if text.strip()), *self.confirmed])


def clean_text(text: str) -> str:
    """Text without control characters or lone surrogates, in NFC, trimmed. Line breaks stay."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def clean_name(name: str) -> str:
    """A name on one line. Raises BadRequest when it is empty or longer than a name."""
    cleaned = " ".join(clean_text(name).split())
    if not any(c.isalnum() for c in cleaned):
        raise BadRequest("Say who it is about: the name is empty.")
    if len(cleaned) > LONGEST_NAME:
        raise BadRequest(f"That name has {len(cleaned)} characters; shorten it to {LONGEST_NAME} or fewer.")
    return cleaned


def without_accents(text: str) -> str:
    """ "Jose" for José, as a thumb types it."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
