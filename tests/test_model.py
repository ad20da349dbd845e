"""Every way an endpoint can fail, over a real socket; and the tiny real model."""

import asyncio
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from coach import model as module
from coach.endpoint import Endpoint
from coach.errors import (
    BadAnswer,
    BadRequest,
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
from coach.model import list_models, open_async_model, open_model
from coach.request import Answer, Model, Request, Role, Turn
from tests.model_servers import Connection, Script, ScriptedServer, chunk, fails, says, streams

TOLD = "she cried in the storeroom"
Servers = Callable[..., ScriptedServer]


def request(text: str = TOLD, **more: Any) -> Request:
    return Request(turns=(Turn(role=Role.USER, text=text),), max_tokens=40, **more)


def read(model: Model, asked: Request) -> tuple[list[str], Answer]:
    """What arrived in pieces, and the whole."""
    pieces, asking = [], model(asked)
    while True:
        try:
            pieces.append(next(asking))
        except StopIteration as done:
            return [piece for piece in pieces if piece], done.value


def fails_with(server: ScriptedServer, kind: type[ModelFailed]) -> tuple[str, str]:
    """What had arrived when it failed, and the sentence; which says nothing of the key or of what was sent."""
    pieces = []
    with pytest.raises(kind) as caught:
        for piece in open_model(server.endpoint)(request()):
            pieces.append(piece)
    assert type(caught.value) is kind
    sentence = str(caught.value)
    assert sentence.endswith(".")
    for hidden in (server.key, server.key[-4:], TOLD, "Traceback", "httpx", "openai"):
        assert hidden not in sentence
    return "".join(pieces), sentence


def test_an_answer_comes_in_pieces_and_as_a_whole(scripted: Servers) -> None:
    server = scripted(streams("Thank you, Amara."))
    pieces, answer = read(open_model(server.endpoint), request())
    assert pieces == ["Than", "k yo", "u, A", "mara", "."]
    assert (answer.text, answer.model, answer.tokens_in, answer.tokens_out) == ("Thank you, Amara.", "scripted", 11, 7)
    sent = server.requests[0]
    assert sent["messages"] == [{"role": "user", "content": TOLD}]
    assert sent["max_tokens"] == 40 and "temperature" not in sent and "seed" not in sent
    assert server.server.headers[0]["authorization"] == f"Bearer {server.key}"


def test_the_awaited_sibling_gives_the_same_answer(scripted: Servers) -> None:
    server = scripted(streams("Thank you."))

    async def ask() -> list[Answer]:
        async with open_async_model(server.endpoint) as model:
            return await asyncio.gather(*(model(request()) for _ in range(8)))

    assert {answer.text for answer in asyncio.run(ask())} == {"Thank you."}


def test_the_awaited_sibling_raises_the_same_errors(scripted: Servers) -> None:
    server = scripted(fails(429, retry_after="7"))

    async def ask() -> None:
        async with open_async_model(server.endpoint) as model:
            await model(request())

    with pytest.raises(RateLimited) as caught:
        asyncio.run(ask())
    assert caught.value.after == 7


def test_nobody_there(free_port: int) -> None:
    with pytest.raises(Unreachable, match="Start the program"):
        list(open_model(Endpoint(url=f"http://127.0.0.1:{free_port}", model="m"))(request()))


def test_a_name_that_no_computer_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:  # asking a real resolver would leave this machine
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="no computer called models"):
        list(open_model(Endpoint(url="https://models.example", model="m"))(request()))


def test_a_name_that_the_client_refuses_is_said_too() -> None:
    """Not lost in the thread that asks, and no traceback: a snowman has no address."""
    for ask in (lambda where: list(open_model(where)(request())), list_models):
        with pytest.raises(BadAnswer, match="look at its address"):
            ask(Endpoint(url="https://☃.example/v1", model="m"))


def test_a_name_for_this_machine_finds_the_server(scripted: Servers) -> None:
    server = scripted(streams("Thank you."))
    url = server.url.replace("127.0.0.1", "localhost")
    assert read(open_model(Endpoint(url=url, model="m")), request())[1].text == "Thank you."


def test_a_host_that_shuts_the_door_at_once(scripted: Servers) -> None:
    """A socket that accepts and closes without a word."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=lambda: door.accept()[0].close(), daemon=True).start()
        with pytest.raises(ModelFailed) as caught:
            list(open_model(Endpoint(url=f"http://127.0.0.1:{door.getsockname()[1]}", model="m"))(request()))
    assert type(caught.value) in (CutOff, Unreachable)


def test_what_travels_is_known_before_and_as_it_was_taken(scripted: Servers) -> None:
    server = scripted(refuses("temperature", "max_tokens"))
    told = module.body(server.endpoint, EVERYTHING)
    _, answer = read(open_model(server.endpoint), EVERYTHING)
    assert server.requests[0] == told and told["temperature"] == 0.2
    assert module.body(server.endpoint, EVERYTHING) == server.requests[-1], "what was refused stays out"
    asked = {name: value for name, value in server.requests[-1].items() if name not in ("messages", "model", "stream")}
    assert dict(answer.parameters) | {"stream_options": {"include_usage": True}} == asked


def test_a_server_without_encryption_where_it_was_expected(scripted: Servers) -> None:
    url = scripted(streams("no")).url.replace("http:", "https:")
    with pytest.raises(Unreachable, match="Nothing was sent"):
        list(open_model(Endpoint(url=url, model="m"))(request()))


@pytest.mark.parametrize("name", ["127.0.0.1", "somebody-else.example"])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(name: str, scripted: Servers) -> None:
    server = scripted(streams("no"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(name).configure_cert(context)
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    with pytest.raises(Unreachable, match="its certificate is not valid"):
        list(open_model(Endpoint(url=url, model="m", key=server.key))(request()))
    assert server.requests == []


KEY_END = "Incorrect API key provided: sk-test-********cdef."
STATUS = {
    "401 repeating the end of the key": (fails(401, KEY_END, "invalid_api_key"), Unauthorised),
    "403": (fails(403, "Project does not have access"), Unauthorised),
    "404 model": (fails(404, "The model `scripted` does not exist", "model_not_found"), ModelNotFound),
    "413": (fails(413, "request too large"), TooLong),
    "400 context of OpenAI": (
        fails(400, "This model's maximum context length is 4097 tokens. However, you requested 5000", "context_length_exceeded"),
        TooLong,
    ),
    "400 context of vLLM": (
        fails(400, "'max_tokens' or 'max_completion_tokens' is too large: 500. This model's maximum context length is 512"),
        TooLong,
    ),
    "400 context of llama.cpp": (
        fails(400, "the request exceeds the available context size. try increasing the context size"),
        TooLong,
    ),
    "429 without Retry-After": (fails(429), RateLimited),
    "quota used up": (fails(429, "You exceeded your current quota, check your plan", "insufficient_quota"), QuotaUsedUp),
    "402": (fails(402, "Payment required"), QuotaUsedUp),
    "500": (fails(500), ServerFailed),
    "502": (fails(502), ServerFailed),
    "503": (fails(503), ServerFailed),
    "400 for another reason": (fails(400, "messages must alternate"), ServerFailed),
    "a filter before the model": (fails(400, "triggering Azure OpenAI's content management policy", "content_filter"), Refused),
    "sent elsewhere": (fails(307, location="http://127.0.0.1:9/v1"), Unreachable),
}  # fmt: skip


@pytest.mark.parametrize("fault", STATUS)
def test_a_status_that_is_no_answer(fault: str, scripted: Servers) -> None:
    script, kind = STATUS[fault]
    server = scripted(script)
    assert fails_with(server, kind)[0] == ""
    assert len(server.requests) == 1, "nothing is asked again behind the leader's back"


def test_a_rate_limit_says_how_long(scripted: Servers) -> None:
    with pytest.raises(RateLimited) as caught:
        list(open_model(scripted(fails(429, retry_after="12")).endpoint)(request()))
    assert caught.value.after == 12


def raw(*parts: str | bytes, kind: str = "text/event-stream") -> Script:
    def script(to: Connection, _: dict[str, Any]) -> None:
        to.head(kind=kind)
        for part in parts:
            to.send(part)

    return script


def whole(body: Any) -> Script:
    """A server that does not stream, whatever it is asked."""
    return lambda to, _: says(to, body)


def choice(**more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant"} | more}]}


def in_stream(value: Any) -> str:
    return f"data: {json.dumps(value)}\n\n"


def much(megabytes: int, line_breaks: bool) -> Script:
    def script(to: Connection, _: dict[str, Any]) -> None:
        to.head()
        if not line_breaks:
            to.send('data: {"choices": [{"delta": {"content": "')
        for _ in range(megabytes * 16):
            to.send(chunk("x" * 65_000) if line_breaks else "x" * 65_536)

    return script


DONE = "data: [DONE]\n\n"
BROKEN: dict[str, tuple[Script, type[ModelFailed], str]] = {
    "cut without a reason": (streams("Thank you", finish=None), CutOff, "Thank you"),
    "cut in the middle of the connection": (
        lambda to, _: (to.head(content_length="9999"), to.send(chunk("Thank")), None)[-1],
        CutOff,
        "Thank",
    ),
    "too long for the limit": (streams("Thank you", finish="length"), CutOff, "Thank you"),
    "filtered": (streams("Thank you", finish="content_filter"), Refused, "Thank you"),
    "a refusal": (raw(in_stream({"choices": [{"delta": {"refusal": "I cannot"}, "finish_reason": "stop"}]}), DONE), Refused, ""),
    "a tool instead of text": (raw(chunk(finish="tool_calls"), DONE), BadAnswer, ""),
    "stop without text": (raw(chunk("  "), chunk(finish="stop"), DONE), BadAnswer, "  "),
    "an error in the stream": (raw(chunk("Tha"), in_stream({"error": {"message": "slot died"}})), ServerFailed, "Tha"),
    "too long, said in the stream": (raw(in_stream({"error": {"message": "exceeds the available context size"}})), TooLong, ""),
    "a web page": (raw("<html><body>Sign in</body></html>", kind="text/html; charset=utf-8"), BadAnswer, ""),
    "a web page that says it is JSON": (raw("<html></html>", kind="application/json"), BadAnswer, ""),
    "nothing": (raw(""), BadAnswer, ""),
    "no choices": (raw(in_stream({"object": "chat.completion.chunk"}), DONE), BadAnswer, ""),
    "empty choices": (raw(in_stream({"choices": []}), DONE), BadAnswer, ""),
    "null choices": (raw(in_stream({"choices": None}), DONE), BadAnswer, ""),
    "choices of nothing": (raw(in_stream({"choices": [None]}), DONE), BadAnswer, ""),
    "choices that are text": (raw(in_stream({"choices": "Thank you"}), DONE), BadAnswer, ""),
    "content that is a number": (raw(in_stream({"choices": [{"delta": {"content": 7}, "finish_reason": "stop"}]}), DONE), BadAnswer, ""),
    "a list instead of an object": (raw(in_stream([1, 2]), DONE), BadAnswer, ""),
    "text instead of an object": (raw(in_stream("hello"), DONE), BadAnswer, ""),
    "not streamed, empty choices": (whole({"choices": []}), BadAnswer, ""),
    "not streamed, null choices": (whole({"choices": None}), BadAnswer, ""),
    "not streamed, missing choices": (whole({}), BadAnswer, ""),
    "not streamed, null content": (whole(choice(content=None)), BadAnswer, ""),
    "not streamed, null": (whole(None), BadAnswer, ""),
    "invalid UTF-8": (raw(chunk("Thank"), b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'), BadAnswer, "Thank"),
    "a malformed line": (raw(chunk("Thank"), "data: {'choices': oops\n\n"), BadAnswer, "Thank"),
    "lines that are no events": (raw("hello\nworld\n\n"), BadAnswer, ""),
    "100 MB in one line": (much(100, line_breaks=False), BadAnswer, ""),
    "100 MB on one page": (raw(*["x" * 1_000_000] * 100, kind="application/json"), BadAnswer, ""),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_an_answer_that_is_none(fault: str, scripted: Servers) -> None:
    """What arrived before the fault was yielded; the fault is an error, never a whole answer."""
    script, kind, arrived = BROKEN[fault]
    assert fails_with(scripted(script), kind)[0] == arrived


def test_more_text_than_any_message_is_not_read_to_its_end(scripted: Servers) -> None:
    server = scripted(much(100, line_breaks=True))
    arrived, _ = fails_with(server, BadAnswer)
    assert len(arrived) <= module.MOST_CHARACTERS
    assert server.server.hung_up.wait(20)


def test_a_server_that_does_not_stream_is_understood(scripted: Servers) -> None:
    server = scripted(whole(choice(content="Thank you.") | {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}))
    pieces, answer = read(open_model(server.endpoint), request())
    assert pieces == ["Thank you."]
    assert (answer.text, answer.tokens_in, answer.tokens_out) == ("Thank you.", 3, 2)


# Waiting


def silent(to: Connection, _: dict[str, Any]) -> None:
    to.gone(30)


def comments(to: Connection, _: dict[str, Any]) -> None:
    """Keeps the connection open and says nothing."""
    to.head()
    while not to.gone(0.05):
        to.send(": still here\n\n")


def stalls(to: Connection, _: dict[str, Any]) -> None:
    to.head()
    to.send(chunk("Thank"))
    to.gone(30)


def endless(to: Connection, _: dict[str, Any]) -> None:
    to.head()
    while not to.gone(0.01):
        to.send(chunk("x"))


@pytest.mark.parametrize(
    ("script", "limit", "arrived"),
    [(silent, "FIRST_BYTE_SECONDS", ""), (comments, "FIRST_BYTE_SECONDS", ""), (stalls, "BETWEEN_CHUNKS_SECONDS", "Thank")],
)  # fmt: skip
def test_a_server_that_says_nothing(
    script: Script, limit: str, arrived: str, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, 0.3)
    assert fails_with(scripted(script), TimedOut)[0] == arrived


def test_an_endless_stream_ends(scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 0.5)
    arrived, _ = fails_with(scripted(endless), TimedOut)
    assert set(arrived) == {"x"}


@pytest.mark.parametrize("script", [silent, stalls, endless])
def test_stopping_hangs_up_at_once(script: Script, scripted: Servers) -> None:
    """Before the first byte too: while nothing comes the reader gets "" to decide on."""
    server = scripted(script)
    asking = open_model(server.endpoint)(request())
    for _ in range(3):
        next(asking)
    asking.close()
    assert server.server.hung_up.wait(5)


def test_the_waits_are_what_was_promised() -> None:
    waits = (module.CONNECT_SECONDS, module.FIRST_BYTE_SECONDS, module.BETWEEN_CHUNKS_SECONDS)
    assert waits == (5, 60, 20)


# Parameters that a server refuses

REFUSALS = {
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "temperature": "'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
    "seed": "Unrecognized request argument supplied: seed",
    "response_format": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model",
    "stream_options": "stream_options: Extra inputs are not permitted",
}


def refuses(*names: str) -> Script:
    """A server that takes no such parameters, and says so of one after the other."""

    def script(to: Connection, request: dict[str, Any]) -> None:
        for name in names:
            if name in request:
                return fails(400, REFUSALS[name])(to, request)
        return streams("Thank you.")(to, request)

    return script


EVERYTHING = request(temperature=0.2, seed=7, schema={"type": "object"})


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_parameter_is_left_out_once_and_for_all(name: str, scripted: Servers) -> None:
    server = scripted(refuses(name))
    model = open_model(server.endpoint)
    for _ in range(2):
        assert read(model, EVERYTHING)[1].text == "Thank you."
    assert [name in sent for sent in server.requests] == [True, False, False]
    others = set(REFUSALS) - {name}
    assert all(others - {"max_tokens"} <= set(sent) for sent in server.requests)


def test_max_tokens_has_two_names(scripted: Servers) -> None:
    server = scripted(refuses("max_tokens"))
    read(open_model(server.endpoint), request())
    assert server.requests[1]["max_completion_tokens"] == 40


def test_a_server_that_refuses_them_all_is_asked_without(scripted: Servers) -> None:
    server = scripted(refuses(*REFUSALS))
    assert read(open_model(server.endpoint), EVERYTHING)[1].text == "Thank you."
    assert len(server.requests) == len(REFUSALS) + 1


def test_a_refusal_of_what_was_not_sent_is_an_error(scripted: Servers) -> None:
    server = scripted(fails(400, REFUSALS["seed"]))
    fails_with(server, ServerFailed)
    assert len(server.requests) == 1


# Addresses and names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("localhost:11434", "http://localhost:11434/v1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("https://team.openai.azure.com", "https://team.openai.azure.com/openai/v1"),
        ("models.example.com/llm", "https://models.example.com/llm"),
        ("", "https://api.openai.com/v1"),
    ],
)
def test_an_address_is_completed(typed: str, meant: str) -> None:
    assert Endpoint(url=typed, model="m").url == meant


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://x",
        "http://",
        "http://a b",
        "https://me:secret@host",
        "http://host:port",
        "//",
        "https://models..example",
        f"https://{'m' * 64}.example",
        f"https://{'mö' * 40}.example",
    ],
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(BadRequest):
        Endpoint(url=typed, model="m")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:1234", True),
        ("http://127.9.9.9:1", True),
        ("http://[::1]:8000", True),
        ("http://192.168.0.5:11434", False),  # somebody else's machine, however near
        ("http://localhost.example.com", False),
        ("http://models.localhost", False),  # many systems ask a name server for it
        ("http://0.0.0.0:11434", False),
        ("http://2130706433:11434", False),  # 127.0.0.1 as one number: asked about like any name
        ("http://[::ffff:10.0.0.7]:8000", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_what_is_on_this_machine(url: str, here: bool) -> None:
    assert Endpoint(url=url, model="m").on_this_machine is here


def test_the_key_is_in_no_repr() -> None:
    assert "sk-secret" not in repr(Endpoint(model="m", key="sk-secret"))


def test_nothing_that_was_typed_is_logged(
    scripted: Servers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    for script in (streams("An answer."), fails(401, KEY_END)):
        server = scripted(script)
        try:
            read(open_model(server.endpoint), request())
        except Unauthorised:
            logging.getLogger("coach").exception("what a log would hold")
        assert server.requests
    for hidden in (TOLD, server.key, server.key[-4:], "An answer"):
        assert hidden not in caplog.text


def test_the_models_of_a_server_are_listed(scripted: Servers, free_port: int) -> None:
    assert list_models(scripted(streams("x"), models=("a", "b")).endpoint) == ("a", "b")
    with pytest.raises(Unreachable):
        list_models(Endpoint(url=f"http://127.0.0.1:{free_port}", model=""))


# The tiny real model


def test_the_tiny_model_streams_and_counts(tiny_model: Endpoint) -> None:
    pieces, answer = read(open_model(tiny_model), one_word("Thank you, Amara"))
    assert "".join(pieces) == answer.text and len(pieces) > 3
    assert answer.tokens_in and answer.tokens_out and answer.tokens_out >= len(pieces)


def test_the_tiny_model_cut_short_says_so(tiny_model: Endpoint) -> None:
    with pytest.raises(CutOff):
        read(open_model(tiny_model), Request(turns=(Turn(role=Role.USER, text="Tell a long story."),), max_tokens=4))


def test_the_tiny_model_keeps_to_a_schema(tiny_model: Endpoint) -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"enum": ["Amara", "Wei"]}},
        "required": ["name"],
        "additionalProperties": False,
    }
    asked = Request(turns=(Turn(role=Role.USER, text="Who?"),), max_tokens=30, schema=schema, seed=1)
    assert json.loads(read(open_model(tiny_model), asked)[1].text)["name"] in ("Amara", "Wei")


def test_two_at_once_are_both_answered(tiny_model: Endpoint) -> None:
    async def both() -> list[Answer]:
        async with open_async_model(tiny_model) as model:
            return await asyncio.gather(*(model(one_word(word)) for word in ("left", "right")))

    assert [answer.text for answer in asyncio.run(both())] == ['"left"', '"right"']


def one_word(word: str) -> Request:
    """A schema with one word left to say: a whole answer in a few tokens."""
    return Request(turns=(Turn(role=Role.USER, text="Which?"),), max_tokens=40, schema={"enum": [word]})


def test_a_stopped_answer_of_the_tiny_model_keeps_what_came(tiny_model: Endpoint) -> None:
    asking = open_model(tiny_model)(Request(turns=(Turn(role=Role.USER, text="Count to a hundred."),), max_tokens=400))
    came = ""
    while len(came) < 3:
        came += next(asking)
    begun = time.monotonic()
    asking.close()
    assert came and time.monotonic() - begun < 5
