"""Nothing in tests reaches the network: loopback and sockets of this machine only."""

import ipaddress
import sys
from typing import Any

NAMED = ("", "localhost", "localhost.localdomain", "0.0.0.0", "::")  # noqa: S104 - bound to, never reached by others
WATCHED = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


class NetworkReached(RuntimeError):
    """Not an OSError: code that expects to be offline must not swallow it."""


def is_loopback(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in NAMED:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def only_loopback() -> None:
    """For the rest of this process, in every thread: an audit hook sees what a patched `socket` would miss."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in WATCHED:
            return
        host = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        if isinstance(host, tuple):
            host = host[0]
        elif event in ("socket.connect", "socket.sendto"):
            return  # a path or a number: a socket inside this machine
        if not is_loopback(host):
            raise NetworkReached(f"{event} of {host}: tests use loopback only")

    sys.addaudithook(watch)
