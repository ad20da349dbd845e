"""Prompt versions: those that ship in `prompts/`, and those of the suite itself (`eval/prompts/`), such as the poor v0."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.meta import find_undeclared_variables

from coach.prompt import quoted as quoted
from coach.request import Role, Turn
from eval.case import FOLDER
from eval.errors import Misuse

PLACES = (FOLDER.parent / "prompts", FOLDER / "prompts")
PARTS = (Role.SYSTEM, Role.USER)
_WHOLE = Environment(loader=FileSystemLoader(PLACES), undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain text


@cache
def folder_of(prompt: str) -> Path:
    """Of "recognition/v1". Raises Misuse where there is no such version."""
    for place in PLACES:
        if (place / prompt / "user.jinja").is_file():
            return place / prompt
    task = prompt.partition("/")[0]
    there = sorted({path.parent.name for place in PLACES for path in place.glob(f"{task}/*/user.jinja")})
    raise Misuse(f"There is no prompt {prompt}; there is {', '.join(there) or 'none'}.")


@cache
def template_digest(prompt: str) -> str:
    """Twelve characters of SHA-256 over both parts."""
    folder = folder_of(prompt)
    return sha256(b"\0".join((folder / f"{part}.jinja").read_bytes() for part in PARTS)).hexdigest()[:12]


def turns(prompt: str, values: Mapping[str, object]) -> tuple[Turn, ...]:
    """As Coach fills them, from either place."""
    folder_of(prompt)
    return tuple(
        Turn(role=part, text=_WHOLE.get_template(f"{prompt}/{part}.jinja").render(values).strip()) for part in PARTS
    )


def variables(source: str) -> frozenset[str]:
    """The names that a template asks for."""
    return frozenset(find_undeclared_variables(_WHOLE.parse(source)))
