"""Fills the templates in `prompts/`: the only module that imports jinja2."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from coach.request import Role, Turn

FOLDER = Path(__file__).parent.parent / "prompts"
PARTS = ("system", "user")


@cache
def _environment() -> Environment:
    # Messages are plain text: escaping would put &amp; in front of a reader.
    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701


def fill(name: str, **values: object) -> str:
    """The template `prompts/<name>.jinja` with its values. Raises jinja2.UndefinedError for one that is missing."""
    return _environment().get_template(f"{name}.jinja").render(**values)


def turns(prompt: str, values: Mapping[str, object]) -> tuple[Turn, ...]:
    """The system's and the leader's turn of `prompts/<task>/v<N>`. What people wrote must be `quoted` already."""
    texts = [fill(f"{prompt}/{part}", **values).strip() for part in PARTS]
    return tuple(Turn(role=role, text=text) for role, text in zip((Role.SYSTEM, Role.USER), texts, strict=True))


@cache
def named(prompt: str) -> str:
    """ "recognition/v1@1f2e3d4c5b6a": the released version with the digest of its files."""
    return f"{prompt}@{digest(prompt)[:12]}"


def digest(prompt: str) -> str:
    """SHA-256 of a version's files, in the order of PARTS."""
    return hashlib.sha256(b"\0".join((FOLDER / prompt / f"{part}.jinja").read_bytes() for part in PARTS)).hexdigest()


def variables(prompt: str) -> frozenset[str]:
    """The names that a version's templates ask for."""
    sources = [(FOLDER / prompt / f"{part}.jinja").read_text("utf-8") for part in PARTS]
    return frozenset().union(*(meta.find_undeclared_variables(_environment().parse(source)) for source in sources))


_OPENS = re.compile(r"[<＜﹤](?=\s*(?:[/|!?<＜﹤]|[^\W\d_]))|(?<=\|)[>＞﹥]")
_TURN = re.compile(r"\[(/?INST)\]", re.IGNORECASE)


def quoted(text: str) -> str:
    """Text as data: nothing in it opens or closes a delimiter, ours or those with which servers part the turns."""
    return _TURN.sub(r"(\1)", _OPENS.sub("‹", text))
