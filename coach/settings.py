"""Where this leader's data lives and which services were named, read from the environment once."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, SecretStr

from coach.errors import HomeUnusable


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path
    chroma_url: str | None = None
    database_url: SecretStr | None = None
    """PostgreSQL instead of a file in the home; it may hold a password."""
    passphrase: SecretStr | None = None
    """Opens an encrypted notebook where the system's key store does not."""

    @property
    def database(self) -> Path:
        return self.home / "coach.sqlite3"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"


def read_settings(home: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """`home` (from `--home`) goes before COACH_HOME, and that before the platform's user-data folder."""
    chosen = home or (Path(environ["COACH_HOME"]) if environ.get("COACH_HOME") else user_data_path("coach"))
    return Settings(
        home=chosen.expanduser().absolute(),
        chroma_url=environ.get("COACH_CHROMA_URL") or None,
        database_url=_secret(environ.get("COACH_DATABASE_URL")),
        passphrase=_secret(environ.get("COACH_PASSPHRASE")),
    )


def _secret(value: str | None) -> SecretStr | None:
    return SecretStr(value) if value else None


def prepare_home(settings: Settings) -> None:
    """Makes the folder, for its owner alone. Raises HomeUnusable where that cannot be."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        settings.home.chmod(0o700)
        probe = settings.home / f".writable-{os.getpid()}-{threading.get_ident()}"  # others may be starting too
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise HomeUnusable(
            f"Coach cannot write to its folder {settings.home} ({error.strerror}). "
            "Give yourself write access to it, or name another with --home."
        ) from error
    os.umask(0o077)  # every file made from here on is 0600
