"""A model's server on loopback that answers at once or after a pause, and counts what it was asked: for bench and tests."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

LATENCY_SECONDS = 0.05


class Loopback:
    """Chat Completions, streamed or whole. Each request is one line in `log`, so that a count survives whoever asked."""

    def __init__(self, latency: float, log: Path | None = None) -> None:
        self.latency, self.log, self.calls = latency, log, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                request = json.loads(await reader.readexactly(length)) if length else {}
                self._note()
                await asyncio.sleep(self.latency)
                writer.write(answer(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _note(self) -> None:
        self.calls += 1
        if self.log:
            with self.log.open("a") as file:
                file.write("asked\n")


def answer(request: dict[str, Any]) -> bytes:
    """The last message back, as a thank-you: the same request always gets the same answer."""
    told = str(request.get("messages", [{"content": ""}])[-1]["content"])
    text = "Thank you. " + " ".join(told.split()[-30:])
    usage = {"prompt_tokens": 100, "completion_tokens": 30, "total_tokens": 130}
    shared = {"id": "x", "created": 0, "model": request.get("model", "")}
    if not request.get("stream"):
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return _http(
            "application/json", json.dumps({**shared, "object": "chat.completion", "choices": [choice], "usage": usage})
        )
    chunks: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": usage},
    ]
    lines = [f"data: {json.dumps({**shared, 'object': 'chat.completion.chunk', **chunk})}\n\n" for chunk in chunks]
    return _http("text/event-stream", "".join([*lines, "data: [DONE]\n\n"]))


def _http(kind: str, body: str) -> bytes:
    data = body.encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n" % (kind.encode(), len(data)) + data


async def main(latency: float, log: Path | None) -> None:
    """Prints its port, then serves until its standard input ends."""
    server = await asyncio.start_server(Loopback(latency, log).serve, "127.0.0.1", 0, limit=2**22)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
