"""What every test stands on: a home and a desk of its own, and no network."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from coach.desk import Desk, open_desk
from coach.settings import read_settings
from tests.model_servers import scripted as scripted
from tests.model_servers import tiny_embeddings as tiny_embeddings
from tests.model_servers import tiny_model as tiny_model
from tests.offline import only_loopback

only_loopback()

# No deadline: a slow machine is no fault. The same examples each time: what fails here fails there.
settings.register_profile(
    "coach",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("coach")

OFFLINE = Path(__file__).parent / "offline" / "start"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own home or services; the programs that tests start are offline too."""
    for name in [name for name in os.environ if name.startswith(("COACH_", "OPENAI_", "CHROMA_"))]:
        if name != "COACH_PICTURES":
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")  # not the developer’s own
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # or a forgotten flush would not show
    monkeypatch.setenv("PYTHONPATH", str(OFFLINE))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_home() -> Iterator[Callable[..., Desk]]:
    """Opens desks and closes them all at the end."""
    opened: list[Desk] = []

    def open_one(home: Path, **environ: str) -> Desk:
        opened.append(open_desk(read_settings(home, environ)))
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.close()
        desk.records.close()


@pytest.fixture
def desk(home: Path, open_home: Callable[..., Desk]) -> Desk:
    return open_home(home)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def coach() -> Path:
    """The console script of this environment."""
    return Path(sys.executable).with_name("coach")
