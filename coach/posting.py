"""How this leader's messages get out: the places they named, their mail server, and the secrets for both."""

import json
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.approval import Via
from coach.errors import BadFile, BadRequest, HomeUnusable
from coach.https import PUBLIC, Network
from coach.secret import Secrets, open_secrets

FILE = "channels.json"
WEBHOOK_HOSTS = (
    "hooks.slack.com",
    "hooks.slack-gov.com",
    "*.logic.azure.com",  # Teams Workflows
    "*.api.powerplatform.com",  # Teams Workflows since 2025
)
SLACK_TOKEN = "slack-token"  # noqa: S105 - the name of the secret
MAIL_PASSWORD = "mail-password"  # noqa: S105


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"


class Place(BaseModel):
    """A channel where several people read. `address`: a Slack channel's id; "" where the webhook says where it goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    via: Via
    name: str = Field(min_length=1, max_length=80)
    readers: str = Field(min_length=1, max_length=120)
    address: str = ""

    @property
    def secret(self) -> str:
        return f"webhook-{self.id}"


class MailServer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, max_length=253)
    port: int = Field(ge=1, le=65_535)
    security: Security
    user: str = ""
    sender: str
    name: str = Field(default="", max_length=80)


class ChannelFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    places: tuple[Place, ...] = ()
    mail: MailServer | None = None
    slack_bot: bool = False
    hosts: tuple[str, ...] = ()
    """Hosts of webhooks beyond WEBHOOK_HOSTS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What `deliver` needs besides the message. `network` is a test's only way in; see https.Network."""

    file: ChannelFile
    secrets: Secrets
    network: Network = PUBLIC

    @property
    def hosts(self) -> tuple[str, ...]:
        return (*WEBHOOK_HOSTS, *self.file.hosts)

    def place(self, place_id: str) -> Place | None:
        return next((place for place in self.file.places if place.id == place_id), None)

    def with_file(self, file: ChannelFile) -> "Posting":
        return replace(self, file=file)


def open_posting(home: Path, network: Network = PUBLIC) -> Posting:
    """Raises BadFile where the file is not one of Coach's."""
    return Posting(file=_read(home / FILE), secrets=open_secrets(home), network=network)


def _read(path: Path) -> ChannelFile:
    try:
        return ChannelFile.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return ChannelFile()
    except (OSError, ValueError, ValidationError) as error:
        raise BadFile(f"{path} cannot be read. Mend it, or delete it and set your channels up again.") from error


def keep_channels(home: Path, file: ChannelFile) -> None:
    path, fresh = home / FILE, home / f"{FILE}.new"
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(file.model_dump_json(indent=1))
        os.replace(fresh, path)
    except OSError as error:
        raise HomeUnusable(f"Coach cannot write {path}. Give yourself write access and try again.") from error


def clean_host(typed: str) -> str:
    """A host name to allow, as it stands in an address. Raises BadRequest."""
    host = typed.strip().lower().removeprefix("https://").rstrip("/")
    bare = host.removeprefix("*.")
    if bare.count(".") < 1 or not all(part.replace("-", "").isalnum() and part.isascii() for part in bare.split(".")):
        raise BadRequest("That is not a host name. It looks like hooks.example.org.")
    return host
