"""Asks a language model by Chat Completions, and an embedding model by Embeddings: the only module that imports openai.

One reading of the protocol, asynchronous; `open_model` puts it behind a plain generator. Whatever a server does wrong
ends in a leaf of errors.ModelFailed whose sentence repeats nothing that the server said: that may hold part of the key.
"""

import asyncio
import json
import logging
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import httpx2
from openai import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AsyncStream,
    OpenAIError,
)

from coach.endpoint import Endpoint
from coach.errors import (
    BadAnswer,
    CutOff,
    ModelFailed,
    ModelNotFound,
    QuotaUsedUp,
    RateLimited,
    Refused,
    ServerFailed,
    TimedOut,
    TooLong,
    Unauthorised,
    Unreachable,
)
from coach.request import Answer, Model, Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONNECT_SECONDS = 5.0
FIRST_BYTE_SECONDS = 60.0
BETWEEN_CHUNKS_SECONDS = 20.0
WHOLE_SECONDS = 300.0
"""No answer is waited for longer than this, however steadily it trickles."""
HEARTBEAT_SECONDS = 0.2
"""While a server says nothing, `open_model` yields "" this often, so that whoever reads can stop."""
MOST_CHARACTERS = 60_000
MOST_BYTES = 16_000_000
"""A chunk of a stream carries about 300 bytes around each token."""

logging.getLogger("openai").setLevel(logging.WARNING)  # its debug log would hold what the leader typed
logging.getLogger("httpx2").setLevel(logging.WARNING)  # and this one the address

AskModel = Callable[[Request], Awaitable[Answer]]
"""The same as `Model` for a program that awaits many answers at once."""


@lru_cache(maxsize=8)
def _server(endpoint: Endpoint) -> "_Server":
    """One for each endpoint in use: what it refuses is found out once."""
    return _Server(endpoint)


def open_model(endpoint: Endpoint) -> Model:
    """The model at an endpoint. Opens no connection before it is asked."""
    server = _server(endpoint)

    def ask(request: Request) -> Generator[str, None, Answer]:
        return _in_the_background(server, request)

    return ask


def body(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """What travels to the endpoint, to the letter, by what is known of it so far; the key goes in a header."""
    return {**_body(endpoint, request), **_server(endpoint).parameters(request)}


@asynccontextmanager
async def open_async_model(endpoint: Endpoint, connections: int = 20) -> AsyncIterator[AskModel]:
    """For many requests at once in one event loop; connections are kept between them and closed at the end."""
    server = _Server(endpoint)
    with _explained(endpoint):
        opened = _client(endpoint, connections)
    async with opened as client:

        async def ask(request: Request) -> Answer:
            heard: list[str] = []
            try:
                async for said in server.say(client, request):
                    if isinstance(said, Answer):
                        return said
                    heard.append(said)
            except CutOff as error:
                error.heard = "".join(heard)
                raise
            raise CutOff(_CUT)

        yield ask


async def _models_at(endpoint: Endpoint) -> tuple[str, ...]:
    async with _client(endpoint, 1) as client, asyncio.timeout(CONNECT_SECONDS * 2):
        return tuple([one.id async for one in client.models.list()])


def list_models(endpoint: Endpoint) -> tuple[str, ...]:
    """The names of the models a server offers. Raises a leaf of ModelFailed."""
    with _explained(endpoint):
        return asyncio.run_coroutine_threadsafe(_models_at(endpoint), _loop()).result()


async def _transcribed(endpoint: Endpoint, audio: bytes) -> str:
    async with _client(endpoint, 1) as client, asyncio.timeout(FIRST_BYTE_SECONDS):
        found = await client.audio.transcriptions.create(model=endpoint.model, file=("turn.wav", audio, "audio/wav"))
        text = getattr(found, "text", None)
        if not isinstance(text, str):
            raise BadAnswer("The service for dictation sent no text.")
        return text


def transcribe(endpoint: Endpoint, audio: bytes) -> str:
    """What was said in a recording (WAV). It is sent and not kept. Raises a leaf of ModelFailed."""
    with _explained(endpoint):
        return asyncio.run_coroutine_threadsafe(_transcribed(endpoint, audio), _loop()).result()


async def _embedded(endpoint: Endpoint, texts: Sequence[str], seconds: float) -> Any:
    async with _client(endpoint, 1) as client, asyncio.timeout(seconds):
        # Said outright: left to itself, the client asks for base64, which not every server speaks.
        return await client.embeddings.create(model=endpoint.model, input=list(texts), encoding_format="float")


def embed_texts(endpoint: Endpoint, texts: Sequence[str], seconds: float) -> "NDArray[np.float32]":
    """Texts -> unit vectors [len(texts), dimension], by the endpoint's embedding model. Raises a leaf of ModelFailed."""
    with _explained(endpoint):
        found = asyncio.run_coroutine_threadsafe(_embedded(endpoint, texts, seconds), _loop()).result()
        vectors = _rows(found, len(texts))
    if vectors is None:
        raise BadAnswer(f"What came back from {endpoint.host} is not one list of numbers for each text.")
    return vectors


def _rows(found: Any, count: int) -> "NDArray[np.float32] | None":
    """Unit vectors in the order of the texts, or None where that is not what arrived."""
    import numpy as np  # where only chat is wanted, a tenth of a second less to wait for

    rows = sorted(found.data, key=lambda one: one.index)
    if [one.index for one in rows] != list(range(count)) or len({len(one.embedding) for one in rows}) != 1:
        return None
    if not all(isinstance(number, int | float) for one in rows for number in one.embedding):
        return None
    vectors = np.array([one.embedding for one in rows], dtype=np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32) if lengths.all() and np.isfinite(lengths).all() else None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One event loop for the process, in a thread of its own: what is stopped there is stopped at once."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="coach-model", daemon=True).start()
    return loop


def _in_the_background(server: "_Server", request: Request) -> Generator[str, None, Answer]:
    arrived: queue.Queue[str | Answer | BaseException] = queue.Queue()

    async def listen() -> None:
        try:
            with _explained(server.endpoint):
                opened = _client(server.endpoint, 1)
            async with opened as client:
                async for said in server.say(client, request):
                    arrived.put(said)
        except Exception as error:
            arrived.put(error)

    listening = asyncio.run_coroutine_threadsafe(listen(), _loop())
    try:
        while True:
            try:
                said = arrived.get(timeout=HEARTBEAT_SECONDS)
            except queue.Empty:
                yield ""
                continue
            if isinstance(said, BaseException):
                listening.result(CONNECT_SECONDS)
                raise said
            if isinstance(said, Answer):
                listening.result(CONNECT_SECONDS)  # lets it hang up in order
                return said
            yield said
    finally:
        listening.cancel()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for chunk in self._stream:
            count += len(chunk)
            if count > MOST_BYTES:
                raise BadAnswer(_ENDLESS)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(response: httpx2.Response) -> None:
    """Reads no more of an answer than MOST_BYTES, in whatever form it comes."""
    # Nothing compressed was asked for; taken as it is, a small answer cannot unpack into a large one.
    response.headers.pop("content-encoding", None)
    response.stream = _BoundedStream(response.stream)


def _client(endpoint: Endpoint, connections: int) -> AsyncOpenAI:
    """No retries and no redirects: what is sent, and where, is what the leader saw."""
    return AsyncOpenAI(
        api_key=endpoint.key or "none",
        base_url=endpoint.bare_url,
        default_query=endpoint.query,
        default_headers={"Accept-Encoding": "identity"} | ({"api-key": endpoint.key} if endpoint.is_azure else {}),
        max_retries=0,
        timeout=httpx2.Timeout(FIRST_BYTE_SECONDS, connect=CONNECT_SECONDS),
        http_client=httpx2.AsyncClient(
            verify=_certificates(),
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=httpx2.Timeout(FIRST_BYTE_SECONDS, connect=CONNECT_SECONDS),
            event_hooks={"response": [_bound]},
            follow_redirects=False,
            trust_env=not endpoint.on_this_machine,
        ),
    )


@cache
def _certificates() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


@dataclass
class _Server:
    """An endpoint, and what it was found to refuse."""

    endpoint: Endpoint
    refused: set[str] = field(default_factory=set)

    async def say(self, client: AsyncOpenAI, request: Request) -> AsyncGenerator[str | Answer, None]:
        """Pieces of text, then the Answer. A parameter that the server refuses is left out from then on."""
        begun = time.monotonic()
        with _explained(self.endpoint):
            while True:
                wanted = self.parameters(request)
                try:
                    stream = await _asked(client, self.endpoint, request, wanted)
                    break
                except APIStatusError as error:
                    name = _refused_parameter(error, wanted)
                    if name is None:  # each turn of the loop wants one parameter less: it ends
                        raise
                    self.refused.add(name)
            async for said in _read(stream, self.endpoint.model, begun):
                yield replace(said, parameters=_told(wanted)) if isinstance(said, Answer) else said

    def parameters(self, request: Request) -> dict[str, Any]:
        """Beyond model and messages: all of them may be refused by some server."""
        names = ["max_tokens", "max_completion_tokens"]
        limit = names[::-1] if self.endpoint.is_openai else names
        limit = [name for name in limit if name not in self.refused][:1]
        wanted: dict[str, Any] = {name: request.max_tokens for name in limit}
        if request.temperature is not None:
            wanted["temperature"] = request.temperature
        if request.seed is not None:
            wanted["seed"] = request.seed
        if request.schema is not None:
            named = {"name": "answer", "strict": True, "schema": dict(request.schema)}
            wanted["response_format"] = {"type": "json_schema", "json_schema": named}
        wanted["stream_options"] = {"include_usage": True}
        return {name: value for name, value in wanted.items() if name not in self.refused}


def _told(wanted: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Without what only asks for the count of tokens."""
    return tuple((name, value) for name, value in wanted.items() if name != "stream_options")


def _body(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    messages = [{"role": turn.role.value, "content": turn.text} for turn in request.turns]
    return {"model": endpoint.model, "messages": messages, "stream": True}


async def _asked(
    client: AsyncOpenAI, endpoint: Endpoint, request: Request, wanted: Mapping[str, Any]
) -> AsyncStream[object]:
    """Posted as it is: the client's typed call fits every request and chunk to its schemas, which took a third of the time of a call."""
    async with asyncio.timeout(FIRST_BYTE_SECONDS):
        return await client.post(
            "/chat/completions",
            body={**_body(endpoint, request), **wanted},
            cast_to=object,
            stream=True,
            stream_cls=AsyncStream[object],
        )


async def _read(stream: AsyncStream[object], model: str, begun: float) -> AsyncGenerator[str | Answer, None]:
    """The pieces, then the whole. A comment that keeps the connection open is no chunk: patience ends all the same."""
    heard, chunks, patience = _Heard(), _chunks(stream), FIRST_BYTE_SECONDS
    try:
        while True:
            until_whole = begun + WHOLE_SECONDS - time.monotonic()
            async with asyncio.timeout(min(patience, until_whole)):
                chunk = await anext(chunks, None)
            if chunk is None:
                break
            if piece := heard.take(chunk):
                yield piece
            patience = BETWEEN_CHUNKS_SECONDS
    finally:
        await stream.response.aclose()
    yield heard.whole(model, time.monotonic() - begun)


async def _chunks(stream: AsyncStream[object]) -> AsyncGenerator[object, None]:
    """What the stream holds; a server that ignored `stream` has sent its whole answer as one piece of JSON."""
    kind = stream.response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        raise BadAnswer(_PAGE)
    if kind == "application/json":
        yield json.loads(await stream.response.aread())
        return
    async for chunk in stream:
        yield chunk


@dataclass(slots=True)
class _Heard:
    """What has arrived so far."""

    pieces: list[str] = field(default_factory=list)
    characters: int = 0
    finish_reason: str | None = None
    refused: bool = False
    tokens: tuple[int | None, int | None] = (None, None)
    model: str = ""

    def take(self, chunk: object) -> str:
        """Reads one chunk, which may be anything. Returns the new text in it."""
        self.model = _string(chunk, "model") or self.model
        usage = _part(chunk, "usage")
        counts = (_part(usage, "prompt_tokens"), _part(usage, "completion_tokens"))
        if all(isinstance(count, int) for count in counts):
            self.tokens = counts
        choices = _part(chunk, "choices")
        if not isinstance(choices, list) or not choices:
            return ""
        said = _part(choices[0], "delta") or _part(choices[0], "message")
        self.refused = self.refused or bool(_string(said, "refusal"))
        self.finish_reason = _string(choices[0], "finish_reason") or self.finish_reason
        return self._keep(_string(said, "content"))

    def _keep(self, piece: str) -> str:
        self.pieces.append(piece)
        self.characters += len(piece)
        if self.characters > MOST_CHARACTERS:
            raise BadAnswer(_ENDLESS)
        return piece

    def whole(self, model: str, seconds: float) -> Answer:
        """The answer, if it is one: `finish_reason` "stop" and text. Raises Refused, CutOff or BadAnswer."""
        text = "".join(self.pieces)
        if self.refused or self.finish_reason == "content_filter":
            raise Refused(_REFUSED)
        if self.finish_reason == "length":
            raise CutOff("The model reached its limit in the middle of the answer.")
        if self.finish_reason is None and text:
            raise CutOff(_CUT)
        if self.finish_reason != "stop" or not text.strip():
            raise BadAnswer("The model answered with nothing that can be used.")
        return Answer(
            text=text,
            finish_reason="stop",
            model=self.model or model,
            tokens_in=self.tokens[0],
            tokens_out=self.tokens[1],
            seconds=seconds,
        )


def _part(holder: object, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else None


def _string(holder: object, name: str) -> str:
    value = _part(holder, name)
    return value if isinstance(value, str) else ""


# What went wrong, in words

_CUT = "The answer broke off in the middle."
_ENDLESS = "The answer was longer than any message, so Coach stopped reading."
_PAGE = "There is a web page at this address, not a model: the address usually ends in /v1."
_REFUSED = "The model will not answer this. Say it in other words, or use the built-in draft."
_TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size)|maximum context|too (?:long|large|many tokens)|exceeds? the (?:available )?context|reduce the length",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit|payment", re.IGNORECASE)
_FILTER = re.compile(r"content_filter|content management policy|responsible ai|content_policy", re.IGNORECASE)


@contextmanager
def _explained(endpoint: Endpoint) -> Iterator[None]:
    """Whatever the client lets through becomes a leaf of ModelFailed, without the client's own words."""
    try:
        yield
    except ModelFailed:
        raise
    except TimeoutError as error:
        raise TimedOut(f"The model at {endpoint.host} took too long to answer.") from error
    except APIStatusError as error:
        raise _by_status(error, endpoint) from None  # its text may repeat the end of the key
    except APITimeoutError as error:
        raise _timed_out(error, endpoint) from None
    except APIConnectionError as error:
        raise _unreached(error, endpoint) from None
    except (json.JSONDecodeError, UnicodeDecodeError, APIResponseValidationError, AttributeError, TypeError) as error:
        raise BadAnswer(f"What came back from {endpoint.host} is not an answer of a model.") from error
    except APIError as error:
        raise _by_words(error, endpoint) from None
    except (OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ValueError) as error:
        raise BadAnswer(f"Coach could not talk with the model at {endpoint.host}: look at its address.") from error


def _by_status(error: APIStatusError, endpoint: Endpoint) -> ModelFailed:
    status, words = error.status_code, _words(error)
    if status in (402, 429) and (status == 402 or _QUOTA.search(words)):
        return QuotaUsedUp("The account with the model’s provider is used up: look at its billing page.")
    if status == 429:
        return RateLimited("The model is busy with too many requests.", after=_retry_after(error.response))
    if status == 413 or (status in (400, 422, 500) and _TOO_LONG.search(words)):
        return TooLong("This is more than the model can read at once.")
    if status in (400, 403) and _FILTER.search(words):
        return Refused(_REFUSED)
    if 300 <= status < 400:
        return Unreachable(f"{endpoint.host} sends Coach to another address: enter the new one.")
    says = {
        401: Unauthorised("The key is not accepted. Enter it again, or make a new one with the provider."),
        403: Unauthorised("This key may not use that model: choose another model, or ask whoever gave you the key."),
        404: ModelNotFound(f"There is no model called “{endpoint.model}” at {endpoint.host}, or the address is not right."),
    }  # fmt: skip
    if status in says:
        return says[status]
    where = "has a fault of its own" if status >= 500 else "does not take the request"
    return ServerFailed(f"The server at {endpoint.host} {where} (code {status}). Try again in a little while.")


def _by_words(error: APIError, endpoint: Endpoint) -> ModelFailed:
    """An error that came inside the stream."""
    words = _words(error)
    if _TOO_LONG.search(words):
        return TooLong("This is more than the model can read at once.")
    if _QUOTA.search(words):
        return QuotaUsedUp("The account with the model’s provider is used up: look at its billing page.")
    if _FILTER.search(words):
        return Refused(_REFUSED)
    return ServerFailed(f"The server at {endpoint.host} stopped with a fault of its own. Try again in a little while.")


def _words(error: APIError) -> str:
    """What the server said: to be searched, never to be shown."""
    return f"{error.code or ''} {error.type or ''} {error.message} {json.dumps(error.body, default=str)}"


def _timed_out(error: APITimeoutError, endpoint: Endpoint) -> ModelFailed:
    if isinstance(error.__cause__, httpx2.ConnectTimeout):
        return Unreachable(f"Nothing answers at {endpoint.host}: is the address right, and are you online?")
    return TimedOut(f"The model at {endpoint.host} took too long to answer.")


def _unreached(error: APIConnectionError, endpoint: Endpoint) -> ModelFailed:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(
            f"The connection to {endpoint.host} is not safe: its certificate is not valid. Nothing was sent."
        )
    if any(isinstance(cause, (socket.gaierror, UnicodeError)) for cause in causes):  # not found, or no name at all
        return Unreachable(f"There is no computer called {endpoint.host}: is it spelt right, and are you online?")
    if any(isinstance(cause, httpx2.ConnectError) for cause in causes):
        start = "Start the program that serves the model" if endpoint.on_this_machine else "Look at the address"
        return Unreachable(f"Nothing answers at {endpoint.host}. {start}, then try again.")
    return CutOff(_CUT)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds, where the server names a number of them."""
    value = response.headers.get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value) else None


_ALSO_CALLED = {"response_format": ("json_schema",), "stream_options": ("include_usage",)}


def _refused_parameter(error: APIStatusError, wanted: Mapping[str, Any]) -> str | None:
    """Which of the parameters asked for the server names in its refusal."""
    if error.status_code not in (400, 422, 501) or _TOO_LONG.search(_words(error)):
        return None
    if error.param in wanted:
        return error.param
    words = _words(error)
    named = [(words.find(f), name) for name in wanted for f in (name, *_ALSO_CALLED.get(name, ())) if f in words]
    return min(named)[1] if named else None
