"""The tests' own rule: no network but loopback."""

import os
import socket
import subprocess
import sys

import pytest

from tests.offline import NetworkReached


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", "2001:db8::1", b"example.org"])
def test_looking_up_another_machine_is_refused(host: str) -> None:
    with pytest.raises(NetworkReached):
        socket.getaddrinfo(host, 443)


def test_connecting_to_another_machine_is_refused_even_without_a_look_up() -> None:
    with socket.socket() as stream, pytest.raises(NetworkReached):
        stream.connect(("192.0.2.1", 443))
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams, pytest.raises(NetworkReached):
        datagrams.sendto(b"", ("192.0.2.1", 443))


def test_loopback_is_allowed() -> None:
    assert socket.getaddrinfo("localhost", 80)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as stream:
        assert stream.getpeername() == server.getsockname()


def test_programs_that_tests_start_are_offline_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import socket; socket.getaddrinfo('example.org', 443)"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert "NetworkReached" in done.stderr
