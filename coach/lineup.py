"""The line-up test: with the names taken out, could this message be about anyone?

A witness who picks the right person out of a line of twelve has seen something; a message that fits most of twelve
situations says nothing of the one it was written for.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from coach.embed import Vectors

IN_LINE = 12
AS_CLOSE = 0.08
"""In cosine. Another situation fits when it is nearly as close to the message as its own one."""
ANYONE = 0.5
"""The share of the line from which on a message fits anyone."""


@dataclass(frozen=True, slots=True)
class LineUp:
    """A message fits `fits` of `of` situations, its own among them."""

    fits: int
    of: int

    @property
    def anyone(self) -> bool:
        return self.fits >= ANYONE * self.of

    @property
    def says(self) -> str:
        return "fits anyone" if self.anyone else f"fits {self.fits} of {self.of}"


def nameless(text: str, names: Collection[str]) -> str:
    """The text with every form of the names as "they"."""
    forms = sorted({form for name in names for form in (name, *name.split()) if len(form) > 1}, key=len, reverse=True)
    if not forms:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", "they", text, flags=re.IGNORECASE)


def line_up(message: Vectors, own: Vectors, others: Vectors) -> LineUp:
    """`message`, `own`: unit vectors [384] of the message and its situation; `others`: [n, 384] of other situations."""
    closeness = others @ message
    return LineUp(fits=1 + int(np.sum(closeness >= float(own @ message) - AS_CLOSE)), of=len(others) + 1)


def stand_ins(own: str, leaders: Sequence[str], shipped: Sequence[str]) -> tuple[str, ...]:
    """The other situations in the line: the leader's latest, filled up evenly from those that Coach brings."""
    mine = list(dict.fromkeys(text for text in leaders if text and text != own))[: IN_LINE - 1]
    step = max(1, len(shipped) // IN_LINE)
    return (*mine, *shipped[::step][: IN_LINE - 1 - len(mine)])
