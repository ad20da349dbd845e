"""Fills the templates in `prompts/`: the only module that imports jinja2."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent.parent / "prompts"


@cache
def _environment() -> Environment:
    # Messages are plain text: escaping would put &amp; in front of a reader.
    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701


def fill(name: str, **values: object) -> str:
    """The template `prompts/<name>.jinja` with its values. Raises jinja2.UndefinedError for one that is missing."""
    return _environment().get_template(f"{name}.jinja").render(**values)
