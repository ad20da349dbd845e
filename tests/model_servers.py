"""Servers of language models on loopback: a real one that is tiny, and one that does as it is told, faults included."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from coach.endpoint import Endpoint
from eval.tiny import tiny_server


@pytest.fixture(scope="session")
def tiny_model() -> Iterator[Endpoint]:
    with tiny_server() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def tiny_embeddings() -> Iterator[Endpoint]:
    """The same model asked for embeddings: 576 numbers a text of at most 512 tokens."""
    with tiny_server(embeds=True) as endpoint:
        yield endpoint


Script = Callable[["Connection", dict[str, Any]], None]
"""What the scripted server does with one request: the open connection and the request's JSON."""


class Connection(BaseHTTPRequestHandler):
    """One request. `head` and `send` write as they stand; `gone` says when the client has hung up."""

    server: "_Scripted"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        says(self, {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.models]})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        with self.server.lock:
            self.server.requests.append(request)
            self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
            script = self.server.scripts[min(len(self.server.requests), len(self.server.scripts)) - 1]
        try:
            script(self, request)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
        self.close_connection = True

    def head(self, status: int = 200, kind: str = "text/event-stream", **more: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "connection": "close", **more}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, data: bytes | str) -> None:
        self.wfile.write(data.encode() if isinstance(data, str) else data)
        self.wfile.flush()

    def gone(self, seconds: float) -> bool:
        """Waits until the client hangs up or the time is over."""
        self.connection.settimeout(seconds)
        try:
            left: bool = self.connection.recv(1) == b""
        except OSError as error:
            left = not isinstance(error, TimeoutError)
        if left:
            self.server.hung_up.set()
        return left

    def log_message(self, format: str, *args: Any) -> None:
        pass


def says(to: Connection, body: Any, status: int = 200, **headers: str) -> None:
    """One piece of JSON."""
    data = json.dumps(body).encode()
    to.head(status, "application/json", content_length=str(len(data)), **headers)
    to.send(data)


def chunk(text: str | None = None, finish: str | None = None, **more: Any) -> str:
    """One event of a stream."""
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'id': 'c', 'object': 'chat.completion.chunk', 'model': 'scripted', 'choices': [choice], **more})}\n\n"


def streams(text: str, finish: str | None = "stop", piece: int = 4) -> Script:
    """A whole answer, `piece` characters at a time, with its count of tokens."""
    return answers(lambda _: text, finish, piece)


def answers(model: Callable[[dict[str, Any]], str], finish: str | None = "stop", piece: int = 4) -> Script:
    """A scripted model: from the request's JSON to the text of its answer."""

    def script(to: Connection, request: dict[str, Any]) -> None:
        text = model(request)
        to.head()
        for start in range(0, len(text), piece):
            to.send(chunk(text[start : start + piece]))
        to.send(chunk(finish=finish))
        to.send(f"data: {json.dumps({'choices': [], 'usage': {'prompt_tokens': 11, 'completion_tokens': 7}})}\n\n")
        to.send("data: [DONE]\n\n")

    return script


def embeds(model: Callable[[str], Sequence[float]]) -> Script:
    """A scripted embedding model: from a text to its vector. What is asked first is answered last."""

    def script(to: Connection, request: dict[str, Any]) -> None:
        rows = [
            {"object": "embedding", "index": at, "embedding": [*model(text)]}
            for at, text in enumerate(request["input"])
        ]
        says(
            to,
            {
                "object": "list",
                "model": request["model"],
                "data": rows[::-1],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            },
        )

    return script


def fails(status: int, message: str = "no", code: str | None = None, **headers: str) -> Script:
    """An error as OpenAI words it."""
    return lambda to, _: says(to, {"error": {"message": message, "type": "error", "code": code}}, status, **headers)


class _Scripted(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, scripts: tuple[Script, ...], models: tuple[str, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.scripts, self.models = scripts, models
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.lock, self.hung_up = threading.Lock(), threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that hangs up is what some tests are about


@dataclass
class ScriptedServer:
    """One script for each request in turn; the last one for all that follow."""

    scripts: tuple[Script, ...]
    models: tuple[str, ...] = ("scripted",)
    key: str = "sk-test-0123456789abcdef"
    server: _Scripted = field(init=False)

    def __post_init__(self) -> None:
        self.server = _Scripted(self.scripts, self.models)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(url=self.url, model="scripted", key=self.key)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The bodies received, in order."""
        return self.server.requests

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts scripted servers, `scripted(script, script, …)`, and stops them at the end."""
    started: list[ScriptedServer] = []

    def start(*scripts: Script, models: tuple[str, ...] = ("scripted",)) -> ScriptedServer:
        started.append(ScriptedServer(scripts, models))
        return started[-1]

    yield start
    for one in started:
        one.stop()
