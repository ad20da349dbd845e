"""Which model the leader set up: by environment, or on the Settings page; and where its key is kept."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.endpoint import OPENAI, Endpoint
from coach.errors import BadFile
from coach.settings import Settings

LOCAL_SERVERS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
DRAFTING = "model"
"""What a key is for, where nothing else is said."""
_SERVICE = "coach"


class Chosen(BaseModel):
    """`model.json` in the home: everything but the key. `stand_ins` None: on unless the model is on this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    model: str = ""
    stand_ins: bool | None = None
    on: bool = True
    agreed: str = ""
    """The address to which the leader agreed to send, having seen what."""


def chosen(settings: Settings) -> Chosen:
    """Raises BadFile where the settings file cannot be read."""
    try:
        return Chosen.model_validate_json(_file(settings).read_text("utf-8"))
    except FileNotFoundError:
        return Chosen()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise BadFile(
            f"{_file(settings)} cannot be read. Set the model up again on the Settings page, or delete the file."
        ) from error


def endpoint(settings: Settings, environ: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The model that drafts, or None. The environment goes before the settings file, and the two are never mixed:
    a key is sent only where it was meant to go."""
    if model := environ.get("COACH_MODEL", "").strip():
        url = environ.get("OPENAI_BASE_URL", "").strip() or OPENAI
        return Endpoint(url=url, model=model, key=environ.get("OPENAI_API_KEY", ""))
    choice = chosen(settings)
    if not choice.model or not choice.on:
        return None
    where = Endpoint(url=choice.url, model=choice.model)
    key = kept_key(settings, where.url)
    if not key and where.url == OPENAI:
        key = environ.get("OPENAI_API_KEY", "")
    return Endpoint(url=where.url, model=choice.model, key=key)


def from_environment(environ: Mapping[str, str] = os.environ) -> bool:
    return bool(environ.get("COACH_MODEL", "").strip())


def agreed(settings: Settings, where: Endpoint) -> bool:
    """Whether text may leave for it: on this machine always; elsewhere once the leader saw what is sent there and agreed."""
    return where.on_this_machine or chosen(settings).agreed == where.url


def transcription(environ: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The service that turns speech into text, where COACH_TRANSCRIBE_URL names one; its key is COACH_TRANSCRIBE_KEY."""
    url = environ.get("COACH_TRANSCRIBE_URL", "").strip()
    if not url:
        return None
    model = environ.get("COACH_TRANSCRIBE_MODEL", "").strip() or "whisper-1"
    return Endpoint(url=url, model=model, key=environ.get("COACH_TRANSCRIBE_KEY", ""))


def agreed_at_the_terminal(settings: Settings, where: Endpoint, environ: Mapping[str, str] = os.environ) -> bool:
    """Naming the model in the environment is the agreement of who types there; what the Settings page named is not."""
    return from_environment(environ) or agreed(settings, where)


def not_agreed(where: Endpoint) -> str:
    return f"Nothing was sent to {where.host}: see on the Write page what would be, and agree there first."


def hides_names(settings: Settings, where: Endpoint) -> bool:
    """Whether stand-ins are used: by default wherever the model is not on this machine."""
    choice = chosen(settings).stand_ins
    return not where.on_this_machine if choice is None else choice


def choose(settings: Settings, choice: Chosen) -> None:
    write_for_owner(_file(settings), choice.model_dump_json(indent=1))


def keep_key(settings: Settings, url: str, key: str, of: str = DRAFTING) -> str:
    """Keeps a key in the system's keyring, else in a file for its owner alone. Returns where, in words."""
    forget_key(settings, url, of)
    if _in_keyring(settings, url, key, of):
        return "in your system’s keyring"
    write_for_owner(_key_file(settings, of), json.dumps({"url": url, "key": key}))
    return "in a file that only you can read"


def kept_key(settings: Settings, url: str, of: str = DRAFTING) -> str:
    """The key for this address, or ""."""
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = json.loads(_key_file(settings, of).read_text("utf-8"))
        return str(kept["key"]) if kept["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no file: the keyring, if there is one
    try:
        return keyring.get_password(_SERVICE, _account(settings, url, of)) or ""
    except (KeyringError, RuntimeError):
        return ""


def forget_key(settings: Settings, url: str, of: str = DRAFTING) -> None:
    import keyring
    from keyring.errors import KeyringError

    _key_file(settings, of).unlink(missing_ok=True)
    try:
        keyring.delete_password(_SERVICE, _account(settings, url, of))
    except (KeyringError, RuntimeError):
        return  # none was kept there


def _in_keyring(settings: Settings, url: str, key: str, of: str) -> bool:
    """Only what can be read again counts as kept."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, _account(settings, url, of), key)
        return keyring.get_password(_SERVICE, _account(settings, url, of)) == key
    except (KeyringError, RuntimeError):
        return False


def _account(settings: Settings, url: str, of: str) -> str:
    return f"{url} ({settings.home})" + ("" if of == DRAFTING else f" for {of}")


def _file(settings: Settings) -> Path:
    return settings.home / "model.json"


def _key_file(settings: Settings, of: str) -> Path:
    return settings.home / f"{of}-key.json"


def write_for_owner(path: Path, text: str) -> None:
    """For the owner alone from the first byte on, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
