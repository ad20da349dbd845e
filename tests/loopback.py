"""Slack and Teams on this machine: TLS servers that check what their documentation asks for, and misbehave when told to."""

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpcore2
import pytest
import trustme

from coach.approval import Approved, Destination, Via
from coach.desk import Reply
from coach.draft import Draft
from coach.https import Network
from coach.posting import SLACK_TOKEN, ChannelFile, Place, Posting
from coach.records import Person
from coach.secret import Secrets
from coach.situation import Channel, Kind, Situation

SLACK_HOOK = "https://hooks.slack.com/services/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"
TEAMS_HOOK = (
    "https://prod-07.westeurope.logic.azure.com:443/workflows/6f1c/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=Zk2-8x_qT"
)
TOKEN = "xoxb-2314-7781-invented"  # noqa: S105
HOSTS = ("hooks.slack.com", "slack.com", "prod-07.westeurope.logic.azure.com")
PUBLIC_ADDRESS = "93.184.216.34"
PATIENCE = 30.0


class NotAsDocumented(AssertionError):
    pass


def asked(condition: bool, what: str) -> None:
    if not condition:
        raise NotAsDocumented(what)


# What a reader sees


def as_slack_shows(payload: dict[str, Any]) -> tuple[str, str]:
    """(what the message shows, what the notification shows). Raises where something in either would be more than text."""
    sections = [part for block in payload["blocks"] for part in block["elements"]]
    shown = "".join(piece["text"] for section in sections for piece in section["elements"])
    text = payload["text"]
    asked("<" not in text and ">" not in text, "a mention, link or command in the text")
    asked(re.search(r"&(?!(?:amp|lt|gt);)", text) is None, "an ampersand that is not escaped")
    return shown, text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_teams_shows(payload: dict[str, Any]) -> str:
    """Text runs show what they hold, but for {{DATE(…)}} and {{TIME(…)}}, which are replaced within one run."""
    lines = []
    for block in payload["attachments"][0]["content"]["body"]:
        runs = [re.sub(r"\{\{(?:DATE|TIME)\(.*?\)\}\}", "<date>", run["text"]) for run in block["inlines"]]
        lines.append("".join(runs).replace("\u00a0", "") if "".join(runs) == "\u00a0" else "".join(runs))
    return "\n".join(lines)


def check_slack(payload: dict[str, Any]) -> None:
    known = {"text", "blocks", "mrkdwn", "link_names", "unfurl_links", "unfurl_media", "channel"}
    asked(set(payload) <= known, "an unknown field")
    asked(isinstance(payload.get("text"), str) and 0 < len(payload["text"]) <= 40_000, "no text")
    asked(payload.get("mrkdwn") is False and payload.get("link_names") is False, "markup is on")
    for block in payload["blocks"]:
        asked(block["type"] == "rich_text" and set(block) == {"type", "elements"}, "not a rich text block")
        for section in block["elements"]:
            asked(section["type"] == "rich_text_section", "not a section")
            for piece in section["elements"]:
                asked(piece["type"] == "text" and set(piece) == {"type", "text"} and piece["text"], "not a text")
    as_slack_shows(payload)


def check_teams(payload: dict[str, Any], size: int) -> None:
    asked(size <= 28_000 and set(payload) == {"type", "attachments"} and payload["type"] == "message", "no message")
    asked(len(payload["attachments"]) == 1, "not one attachment")
    attachment = payload["attachments"][0]
    asked(attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "no Adaptive Card")
    card = attachment["content"]
    asked(
        card["type"] == "AdaptiveCard" and card["version"] in ("1.2", "1.3", "1.4", "1.5"), "a version unknown to Teams"
    )
    asked(card["$schema"] == "http://adaptivecards.io/schemas/adaptive-card.json", "no schema")
    asked("entities" not in card.get("msteams", {}), "mentions somebody")
    for block in card["body"]:
        asked(block["type"] == "RichTextBlock" and block["inlines"], "not a rich text block")
        asked(all(set(run) == {"type", "text"} and run["text"] for run in block["inlines"]), "not a text run")


# The servers


@dataclass
class Loopback:
    """`arrived`: every whole request, in order. `does`: how the next ones are answered; the last stays."""

    port: int
    authority: trustme.CA
    arrived: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    connections: int = 0
    resolved: list[str] = field(default_factory=list)
    does: list[str] = field(default_factory=lambda: ["ok"])
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [payload for payload in self.arrived if "attachments" in payload or "blocks" in payload]

    def trust(self) -> ssl.SSLContext:
        """As strict as the usual one: names and chains are checked. It trusts this test's authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context

    def network(self, resolve: Callable[[str], list[str]] | None = None) -> Network:
        """Names lead to a public address, as they would; only the last step, the socket, leads here."""

        def looked_up(host: str) -> list[str]:
            self.resolved.append(host)
            return [PUBLIC_ADDRESS] if resolve is None else resolve(host)

        def connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
            asked(address in (PUBLIC_ADDRESS, "8.8.8.8") and port == 443, f"connected to {address}:{port}")
            self.connections += 1
            return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=seconds)

        return Network(resolve=looked_up, connect=connect, trust=self.trust)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.loopback.lock:
            does = self.loopback.does.pop(0) if len(self.loopback.does) > 1 else self.loopback.does[0]
            self.loopback.paths.append(self.path)
        try:
            answer = self._taken(body)
        except (NotAsDocumented, KeyError, TypeError, ValueError) as error:
            self.loopback.faults.append(repr(error))
            self._answer(400, b"invalid_payload", "text/plain")
            return
        self._misbehave(does, *answer)

    def do_GET(self) -> None:
        self.loopback.faults.append("a GET")
        self._answer(200, b"ok", "text/plain")

    def _taken(self, body: bytes) -> tuple[int, bytes, str]:
        host = self.headers["Host"]
        self.loopback.names.append(host)
        kind = self.headers["Content-Type"].split(";")[0].strip()
        if host == "slack.com":
            return self._slack_method(kind, body)
        asked(kind == "application/json", "not JSON")
        payload = json.loads(body.decode("utf-8"))
        with self.loopback.lock:
            self.loopback.arrived.append(payload)
        if host == "hooks.slack.com":
            asked(self.path.startswith("/services/T"), "not a webhook's path")
            check_slack(payload)
            asked("channel" not in payload, "a webhook posts to its own channel")
            return 200, b"ok", "text/plain"
        asked("sig=" in self.path, "the webhook's signature is missing")
        check_teams(payload, len(body))
        return 202, b"", "text/plain"

    def _slack_method(self, kind: str, body: bytes) -> tuple[int, bytes, str]:
        asked(self.headers["Authorization"] == f"Bearer {TOKEN}", "no token")
        method = self.path.removeprefix("/api/")
        if method == "users.lookupByEmail":  # this one takes no JSON
            asked(kind == "application/x-www-form-urlencoded", "not a form")
            payload = {name: values[0] for name, values in parse_qs(body.decode("ascii")).items()}
            known = payload["email"] == "amara@clinic.org"
            answer: dict[str, Any] = {"ok": known} | (
                {"user": {"id": "U0AMARA01"}} if known else {"error": "users_not_found"}
            )
        else:
            asked(kind == "application/json", "not JSON")
            payload = json.loads(body.decode("utf-8"))
            answer = self._answer_of(method, payload)
        with self.loopback.lock:
            self.loopback.arrived.append(payload)
        return 200, json.dumps(answer).encode(), "application/json; charset=utf-8"

    def _answer_of(self, method: str, payload: dict[str, Any]) -> dict[str, Any]:
        if method == "conversations.open":
            asked(re.fullmatch(r"[UW][A-Z0-9]+", payload["users"]) is not None, "not exactly one member")
            return {"ok": True, "channel": {"id": "D0" + payload["users"]}}
        asked(method == "chat.postMessage", f"unknown method {method}")
        check_slack(payload)
        if not re.fullmatch(r"[CDG][A-Z0-9]+", payload["channel"]):
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "channel": payload["channel"], "ts": "1763722391.000100", "message": {}}

    def _misbehave(self, does: str, status: int, body: bytes, kind: str) -> None:
        if does.isdigit():
            self._answer(int(does), b"no", "text/plain")
        elif does == "silent":
            self.loopback.over.wait(PATIENCE)
        elif does == "close":
            self.close_connection = True
            self.connection.close()
        elif does == "slow":
            time.sleep(0.5)
            self._answer(status, body, kind)
        elif does == "huge":
            self._answer(status, b"x" * 200_000, kind)
        elif does == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n")
            self._drip()
        elif does == "html":
            self._answer(200, b"<html>Sign in to the guest network</html>", "text/html")
        elif does == "redirect":
            self._answer(302, b"", "text/plain", Location="https://hooks.slack.com/services/T1/B1/elsewhere")
        elif does.startswith("error:"):
            self._answer(200, json.dumps({"ok": False, "error": does[6:]}).encode(), "application/json")
        else:
            self._answer(status, body, kind)

    def _drip(self) -> None:
        try:
            while not self.loopback.over.wait(0.2):
                self.wfile.write(b".")
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, body: bytes, kind: str, **more: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that hung up, or did not trust us


@contextmanager
def loopback(*hosts: str) -> Iterator[Loopback]:
    """A running server that holds a certificate for these names."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(hosts or HOSTS)).configure_cert(context)
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    handler.loopback = running = Loopback(port=server.server_address[1], authority=authority)  # type: ignore[attr-defined]
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.over.set()
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)


# What is sent

PLACES = (
    Place(id="ward", via=Via.SLACK_WEBHOOK, name="#ward-b", readers="Everyone on Ward B, about 24 people"),
    Place(id="clinic", via=Via.TEAMS, name="Clinic › General", readers="The whole clinic, about 60 people"),
    Place(id="bot", via=Via.SLACK, name="#handover", readers="Day and night shift", address="C0HANDOVER"),
)


def posting_to(home: Path, server: Loopback, **file: Any) -> Posting:
    """Three places, a bot, and their secrets in a file under `home`."""
    home.mkdir(parents=True, exist_ok=True)
    kept = Secrets(home, None)
    kept.keep("webhook-ward", SLACK_HOOK)
    kept.keep("webhook-clinic", TEAMS_HOOK)
    kept.keep(SLACK_TOKEN, TOKEN)
    return Posting(file=ChannelFile(places=PLACES, slack_bot=True, **file), secrets=kept, network=server.network())


WARD = Destination(via=Via.SLACK_WEBHOOK, label="#ward-b", address="ward", readers=PLACES[0].readers, others_read=True)
CLINIC = Destination(
    via=Via.TEAMS, label="Clinic › General", address="clinic", readers=PLACES[1].readers, others_read=True
)
HANDOVER = Destination(
    via=Via.SLACK, label="#handover", address="C0HANDOVER", readers=PLACES[2].readers, others_read=True
)
AMARA = Person(id="p-amara", name="Amara Okafor", email="amara@clinic.org", slack="U0AMARA01")
DIRECT = Destination(via=Via.SLACK, label="Amara Okafor on Slack", address="U0AMARA01")
MAIL = Destination(via=Via.EMAIL, label="Amara Okafor by e-mail", address="amara@clinic.org")


def approved(
    text: str = "Amara, you stayed on Friday and fixed the export. Thank you.",
    to: Destination = WARD,
    id: str = "m1",
    kind: Kind = Kind.RECOGNITION,
    subject: str = "Thank you, Amara",
) -> Approved:
    channel = Channel.PUBLIC_CHAT if to.others_read else (Channel.EMAIL if to.via is Via.EMAIL else Channel.DIRECT)
    about = Situation(
        text="stayed on Friday and fixed the export", to="Amara", kind=kind, channel=channel, today=date(2026, 11, 21)
    )
    draft = Draft(message=text, variants=(), questions=(), left_out=(), notes_used=())
    reply = Reply(draft=draft, clauses=(), findings=(), principles=(), notes=(), person=AMARA, seconds=0.0)
    return Approved(id=id, text=text, person=AMARA, situation=about, reply=reply, destination=to, subject=subject)


@pytest.fixture(scope="module")
def running() -> Iterator[Loopback]:
    with loopback() as server:
        yield server


@pytest.fixture
def server(running: Loopback) -> Loopback:
    running.arrived.clear(), running.paths.clear(), running.faults.clear()
    running.does[:] = ["ok"]
    return running
