"""Which embedding endpoint the leader chose for the search of notes: by environment, or on the Settings page.

Search sends it every note, private ones included, since notes found by two embeddings cannot be compared. So an
endpoint on another machine gets nothing before the leader agreed to exactly that, however it was named.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.access import kept_key, write_for_owner
from coach.endpoint import OPENAI, Endpoint
from coach.errors import BadFile, BadRequest
from coach.settings import Settings

KEY_OF = "embeddings"


class ChosenEmbeddings(BaseModel):
    """`embeddings.json` in the home: everything but the key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    model: str = ""
    on: bool = True
    agreed: str = ""
    """The address to which the leader agreed to send every note and every text that is searched by."""
    again: int = 0
    """How often the leader had everything embedded again, another model having taken the name of the first."""


def chosen_embeddings(settings: Settings) -> ChosenEmbeddings:
    """Raises BadFile where the settings file cannot be read."""
    try:
        return ChosenEmbeddings.model_validate_json(_file(settings).read_text("utf-8"))
    except FileNotFoundError:
        return ChosenEmbeddings()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise BadFile(f"{_file(settings)} cannot be read. Delete it, then set search up again on Settings.") from error


def choose_embeddings(settings: Settings, choice: ChosenEmbeddings) -> None:
    write_for_owner(_file(settings), choice.model_dump_json(indent=1))


def embeddings_from_environment(environ: Mapping[str, str] = os.environ) -> bool:
    return bool(environ.get("COACH_EMBEDDINGS_URL", "").strip())


def embedding_endpoint(settings: Settings, environ: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The endpoint that was named, agreed to or not. The environment goes before the settings file; the two are never
    mixed. Raises BadRequest or BadFile."""
    if url := environ.get("COACH_EMBEDDINGS_URL", "").strip():
        model = environ.get("COACH_EMBEDDINGS_MODEL", "").strip()
        if not model:
            raise BadRequest("COACH_EMBEDDINGS_URL is set without a model: name it in COACH_EMBEDDINGS_MODEL.")
        return Endpoint(url=url, model=model, key=environ.get("COACH_EMBEDDINGS_KEY", ""))
    choice = chosen_embeddings(settings)
    if not choice.model or not choice.on:
        return None
    where = Endpoint(url=choice.url, model=choice.model)
    return Endpoint(url=where.url, model=where.model, key=_key(settings, where.url, environ))


def _key(settings: Settings, url: str, environ: Mapping[str, str]) -> str:
    """Its own, else the one kept for drafting at the same address: a key goes only where it was meant to go."""
    key = kept_key(settings, url, KEY_OF) or kept_key(settings, url)
    return key or (environ.get("OPENAI_API_KEY", "") if url == OPENAI else "")


def refused(where: Endpoint) -> str:
    """Why no notes may ever go there, or ""."""
    if where.bare_url.startswith("http:") and not where.on_this_machine:
        return f"The way to {where.host} is not encrypted: others could read your notes. Use an address with https."
    return ""


def notes_may_leave(settings: Settings, where: Endpoint) -> bool:
    """On this machine always; elsewhere over https, once the leader agreed that every note leaves for it."""
    return where.on_this_machine or (not refused(where) and chosen_embeddings(settings).agreed == where.url)


def _file(settings: Settings) -> Path:
    return settings.home / "embeddings.json"
