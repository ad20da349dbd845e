"""The guarded way out over HTTPS: allowed hosts only, at a public address, without redirects, within fixed limits."""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore2

from coach.errors import AddressRefused, NotSent, PerhapsSent

LONGEST_SECONDS = 10.0
"""From looking up the name to the last byte of the answer."""
LARGEST_ANSWER = 65_536
PORT = 443
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URL = re.compile(rf"https://(?P<host>{_LABEL}(?:\.{_LABEL})+)(?::443)?(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)")
"""Stricter than RFC 3986 on purpose: whatever two programs could read in two ways is no address."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits

Connect = Callable[[str, int, float], httpcore2.NetworkStream]
"""(address, port, seconds) -> an open connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How other machines are reached. There is one for leaders, `PUBLIC`.

    Tests hand over one of their own that leads to loopback. It is an argument in code and nothing else: no setting, file
    or variable makes another, so that nobody switches the guard off by accident.
    """

    resolve: Callable[[str], Sequence[str]]
    connect: Connect
    trust: Callable[[], ssl.SSLContext]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)]


def connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout=seconds)


PUBLIC = Network(resolve=resolve, connect=connect, trust=ssl.create_default_context)


def is_public(address: str) -> bool:
    """Whether anybody on the internet would reach the same machine there; an IPv4 address inside an IPv6 one counts as itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def allowed_host(url: str, hosts: Sequence[str]) -> str:
    """The host of an address that messages may go to; "*.x.y" in `hosts` allows what is below x.y. Raises AddressRefused."""
    found = _URL.fullmatch(url)
    if not found:
        raise AddressRefused(
            "That is not a webhook address. Copy it again from Slack or Teams: it begins with https:// and has no spaces."
        )
    host = found["host"].lower()
    for allowed in (one.lower() for one in hosts):
        if host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:])):
            return host
    raise AddressRefused(
        f"Coach does not send to {host}. If that is where your company's chat listens, add it to the allowed hosts first."
    )


def post(network: Network, url: str, body: bytes, headers: Mapping[str, str], hosts: Sequence[str]) -> Response:
    """One POST, tried once. Raises AddressRefused, NotSent (nothing of it left), or PerhapsSent (it left, no whole answer)."""
    host = allowed_host(url, hosts)
    deadline = time.monotonic() + LONGEST_SECONDS
    wire = _Wire(network, _public_address(network, host, deadline), deadline)
    fields = {"Host": host, "User-Agent": "coach", "Accept-Encoding": "identity", "Connection": "close", **headers}
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=network.trust(), network_backend=wire, retries=0) as pool,
            pool.stream("POST", url, headers=list(fields.items()), content=body) as answer,
        ):
            return Response(status=answer.status, headers=_headers(answer), body=_capped(answer))
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
        raise _explained(host, wire, error) from error


def _explained(host: str, wire: "_Wire", error: Exception) -> NotSent | PerhapsSent:
    if wire.left:
        return PerhapsSent(f"The message left, but {host} gave no whole answer. Look there before you send it again.")
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return NotSent(f"{host} could not prove that it is {host}, so nothing was sent. Ask whoever runs your network.")
    return NotSent(f"{host} could not be reached, so nothing was sent. Check your connection and send it again.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _public_address(network: Network, host: str, deadline: float) -> str:
    """Looked up once; what comes back is what is connected to. Every address has to be public: one that is not is a trap."""
    found: list[str] = []

    def look_up() -> None:
        try:
            found.extend(network.resolve(host))
        except (OSError, UnicodeError):
            pass

    looking = threading.Thread(target=look_up, daemon=True)  # getaddrinfo takes no time-out
    looking.start()
    looking.join(max(0.0, deadline - time.monotonic()))
    addresses = tuple(found)
    if not addresses:
        raise NotSent(f"The name {host} was not found, so nothing was sent. Check your connection and send it again.")
    if not all(map(is_public, addresses)):
        raise AddressRefused(f"{host} leads to a machine inside a private network. Coach does not send there.")
    return addresses[0]


def _headers(answer: httpcore2.Response) -> dict[str, str]:
    return {name.decode("ascii", "replace").lower(): value.decode("latin-1") for name, value in answer.headers}


def _capped(answer: httpcore2.Response) -> bytes:
    body = b""
    for piece in answer.iter_stream():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise httpcore2.RemoteProtocolError("the answer is too long")
    return body


class _Wire(httpcore2.NetworkBackend):
    """Connects to the one address that was looked up, keeps the deadline, and knows whether anything has left."""

    def __init__(self, network: Network, address: str, deadline: float) -> None:
        self._network, self._address, self._deadline = network, address, deadline
        self.left = False

    def remaining(self) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise httpcore2.ReadTimeout("the time is over")
        return remaining

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        return _Stream(self._network.connect(self._address, port, self.remaining()), self)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, wire: _Wire) -> None:
        self._inner, self._wire = inner, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._wire.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        remaining = self._wire.remaining()
        self._wire.left = True
        self._inner.write(buffer, remaining)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._wire.remaining()), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
