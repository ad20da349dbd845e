"""Starts the app on this machine's own address and opens the browser where there is a desktop."""

import os
import runpy
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

from coach.errors import PortInUse
from coach.settings import Settings, prepare_home

APP = Path(__file__).parent.parent / "app.py"
ADDRESS = "127.0.0.1"
PATIENCE_SECONDS = 60.0


def serve(settings: Settings, port: int, browser: bool) -> None:
    """Blocks until the app is stopped. Raises PortInUse, or HomeUnusable before anything starts."""
    prepare_home(settings)
    _ask_for(port)
    url = f"http://{ADDRESS}:{port}"
    print(f"Coach is at {url} (stop it with Ctrl+C)", flush=True)
    if browser and _has_desktop():
        threading.Thread(target=_open_when_ready, args=(url,), daemon=True).start()
    os.environ["COACH_HOME"], os.environ["COACH_PORT"] = str(settings.home), str(port)
    sys.argv = [str(APP)]
    runpy.run_path(str(APP), run_name="__main__")


def _ask_for(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} is in use, perhaps by Coach itself: open http://{ADDRESS}:{port}, "
                f"or start with another port: coach --port {port + 1}."
            ) from error


def _has_desktop() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            webbrowser.open(url)
            return
