"""A Chromium for the tests: one that is installed, else Playwright's own, else Debian's. `python -m tests.browser` gets it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def installed() -> str | None:
    """The path of a browser that is here already."""
    found = [shutil.which(name) for name in NAMES] + [path for path in MAC if Path(path).exists()]
    return next((path for path in found if path), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def ensure() -> str:
    """Installs one where there is none; leaves with a sentence where that cannot be."""
    if path := installed():
        return path
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
    if path := installed():
        return path
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
    if path := installed():
        return path
    sys.exit(
        "The tests need a browser: install Chromium or Chrome (on Debian: apt-get install chromium), then try again."
    )


if __name__ == "__main__":
    print(f"Browser for the tests: {ensure()}")
