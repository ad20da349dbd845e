"""The app's entry: Streamlit with settings that fit one leader on one machine. Started by `coach`, or `python app.py`."""

import os
from collections.abc import MutableMapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import CoachError
from coach.pages.lab import developing, report_file

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; worker-src 'self' blob:; connect-src 'self' ws: blob:; media-src 'self' blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
LIGHT = {
    "primaryColor": "#0b6e6e",
    "backgroundColor": "#fbfaf7",
    "secondaryBackgroundColor": "#f1eee7",
    "textColor": "#1f2423",
    "linkColor": "#0b5f5f",
    "borderColor": "#cfc9bb",
}
DARK = {
    "primaryColor": "#3fb8af",
    "backgroundColor": "#15191a",
    "secondaryBackgroundColor": "#1f2527",
    "textColor": "#eceae4",
    "linkColor": "#7ad4cc",
    "borderColor": "#465053",
}
CONFIG: dict[str, Any] = {
    "server.address": "127.0.0.1",
    "server.port": int(os.environ.get("COACH_PORT", "8501")),
    "server.headless": True,
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 50,
    "server.fileWatcherType": "none",
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "logger.level": "warning",
    "theme.font": "'Source Sans', 'Segoe UI', system-ui, sans-serif",
    "theme.headingFont": "'Source Serif', Georgia, serif",
    "theme.headingFontSizes": ["2.25rem", "1.6rem", "1.3rem", "1.1rem", "1rem", "0.95rem"],
    "theme.baseRadius": "0.5rem",
    "theme.showWidgetBorder": True,
    **{f"theme.light.{name}": colour for name, colour in LIGHT.items()},
    **{f"theme.dark.{name}": colour for name, colour in DARK.items()},
}


class Guard:
    """Puts a Content-Security-Policy on every page: nothing a note or a message holds can call another host."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: list[tuple[bytes, bytes]] = list(message.get("headers", []))
                headers += [(b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer")]
                message = _with(message, headers)
            await send(message)

        await self._app(scope, receive, with_policy)


def _with(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> MutableMapping[str, Any]:
    return {**message, "headers": headers}


async def page(_: Request) -> HTMLResponse:
    """Streamlit's page for an address below the root, told where the server is: else it first asks in the wrong place."""
    html = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    hint = "<script>window.__streamlit = { BACKEND_BASE_URL: window.location.origin };</script>"
    return HTMLResponse(html.replace("<head>", f"<head>{hint}", 1), headers={"cache-control": "no-cache"})


async def report(request: Request) -> Response:
    """A report of the evaluation suite, in development alone."""
    path = report_file(request.path_params["name"])
    return FileResponse(path) if path else HTMLResponse("There is no such report.", status_code=404)


app = st.App(
    Path(__file__).parent / "coach" / "pages" / "main.py",
    middleware=[Middleware(Guard)],
    routes=[
        *(
            Route(f"/{name}", page)
            for name in ("today", "write", "rehearse", "notebook", "rhythm", "library", "channels", "settings")
        ),
        *((Route("/lab", page), Route("/reports/{name}", report)) if developing() else ()),
    ],
)


def get_ready() -> None:
    """While the browser fetches the page: its first run would otherwise wait a second for its libraries and the notebook."""
    from coach.pages.opened import the_desk

    with suppress(CoachError):  # the page opens it again, and says what is wrong or asks for the passphrase
        the_desk()
    for name in ("today", "write"):
        import_module(f"coach.pages.{name}")


if __name__ == "__main__":
    Thread(target=get_ready, daemon=True).start()
    app.run(config=CONFIG)
