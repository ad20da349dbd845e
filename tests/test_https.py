"""The way out over HTTPS: where it leads, where it does not, and when it gives up."""

import ssl
import time
from collections.abc import Iterator

import pytest

import coach.https
from coach.errors import AddressRefused, NotSent, PerhapsSent
from coach.https import is_public, post
from coach.posting import WEBHOOK_HOSTS
from tests.loopback import PUBLIC_ADDRESS, SLACK_HOOK, TEAMS_HOOK, Loopback, loopback

TRICK_ADDRESSES = [
    # Not HTTPS, or not an address at all
    "http://hooks.slack.com/services/T1/B1/x",
    "HTTPS://hooks.slack.com/services/T1/B1/x",
    "ftp://hooks.slack.com/services/T1/B1/x",
    "file:///etc/passwd",
    "javascript:alert(1)//hooks.slack.com/",
    "//hooks.slack.com/services/T1/B1/x",
    "hooks.slack.com/services/T1/B1/x",
    "https:hooks.slack.com/services/T1/B1/x",
    "https:///services/T1/B1/x",
    "",
    # Another host that looks like an allowed one
    "https://hooks.slack.com@evil.example/services/T1/B1/x",
    "https://hooks.slack.com:x@evil.example/services/T1/B1/x",
    "https://evil.example@hooks.slack.com/services/T1/B1/x",
    "https://hooks.slack.com.evil.example/services/T1/B1/x",
    "https://evilhooks.slack.com/services/T1/B1/x",
    "https://evil.example/hooks.slack.com/services",
    "https://evil.example/?https://hooks.slack.com/",
    "https://evil.example#@hooks.slack.com/services",
    "https://evil.example\\@hooks.slack.com/services/T1/B1/x",
    "https://hooks.slack.com\\.evil.example/services/T1/B1/x",
    "https://logic.azure.com/workflows/x",
    "https://prodlogic.azure.com/workflows/x",
    "https://prod.logic.azure.com.evil.example/workflows/x",
    "https://-.logic.azure.com/workflows/x",
    # The allowed host, said in a way that some programs read otherwise
    "https://hооks.slack.com/services/T1/B1/x",  # two Cyrillic letters
    "https://hooks。slack。com/services/T1/B1/x",
    "https://hooks.slack.com./services/T1/B1/x",
    "https://hooks.slack%2ecom/services/T1/B1/x",
    "https://hooks.slack.com:8443/services/T1/B1/x",
    "https://hooks.slack.com:443:80/services/T1/B1/x",
    "https://hooks.slack.com:/services/T1/B1/x",
    "https://hooks.slack.com /services/T1/B1/x",
    "https://hooks.sl\tack.com/services/T1/B1/x",
    "https://hooks.slack.com/services/T1\r\nX-Evil: 1/B1/x",
    "https://hooks.slack.com\n.evil.example/services",
    "https://hooks.slack.com/services/T1/B1/x#fragment",
    # This machine and its neighbours, by number
    "https://127.0.0.1/services/T1/B1/x",
    "https://2130706433/services/T1/B1/x",
    "https://0x7f000001/services/T1/B1/x",
    "https://0177.0.0.1/services/T1/B1/x",
    "https://127.1/services/T1/B1/x",
    "https://[::1]/services/T1/B1/x",
    "https://[::ffff:127.0.0.1]/services/T1/B1/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/services/T1/B1/x",
]
TRICK_ANSWERS = [  # what an allowed name may be made to lead to
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["172.16.0.9"],
    ["192.168.1.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["0.0.0.0"],  # noqa: S104
    ["224.0.0.1"],
    ["240.0.0.1"],
    ["255.255.255.255"],
    ["192.0.2.7"],
    ["198.18.0.1"],
    ["::1"],
    ["::"],
    ["fe80::1"],
    ["fd00::1"],
    ["fec0::1"],
    ["ff02::1"],
    ["::ffff:10.0.0.1"],
    ["::ffff:169.254.169.254"],
    ["2002:7f00:1::"],
    ["2001:0:4136:e378:8000:63bf:f5ff:fffe"],  # Teredo around 10.0.0.1
    ["64:ff9b::7f00:1"],
    ["64:ff9b::a9fe:a9fe"],
    ["2001:db8::1"],
    [PUBLIC_ADDRESS, "10.0.0.1"],
    ["not an address"],
]


@pytest.fixture(scope="module")
def running() -> Iterator[Loopback]:
    with loopback() as server:
        yield server


@pytest.fixture
def server(running: Loopback) -> Loopback:
    for seen in (running.arrived, running.paths, running.names, running.faults, running.resolved):
        seen.clear()
    running.does[:], running.connections = ["ok"], 0
    return running


def send(server: Loopback, url: str, hosts: tuple[str, ...] = WEBHOOK_HOSTS, **network):  # type: ignore[no-untyped-def]
    body = b'{"text": "x"}' if "slack" in url else b"{}"
    return post(server.network(**network), url, body, {"Content-Type": "application/json"}, hosts)


@pytest.mark.parametrize("url", TRICK_ADDRESSES)
def test_an_address_that_is_not_plainly_an_allowed_host_is_refused_before_it_is_looked_up(server, url) -> None:
    with pytest.raises(AddressRefused):
        send(server, url)
    assert server.resolved == [] and server.connections == 0


@pytest.mark.parametrize("url", [url for url in TRICK_ADDRESSES if url.startswith("https://1") or "localhost" in url])
def test_a_host_allowed_by_mistake_is_still_refused_inside_a_private_network(server, url) -> None:
    host = url.removeprefix("https://").split("/")[0]
    with pytest.raises((AddressRefused, NotSent)):
        send(server, url, hosts=(host,), resolve=lambda name: [name.replace("localhost", "127.0.0.1")])
    assert server.connections == 0


@pytest.mark.parametrize("answer", TRICK_ANSWERS, ids=str)
def test_an_allowed_name_that_leads_inside_is_refused(server, answer) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        send(server, SLACK_HOOK, resolve=lambda _: answer)
    assert server.connections == 0


@pytest.mark.parametrize("address", [PUBLIC_ADDRESS, "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::808:808"])
def test_a_public_address_is_public(address) -> None:
    assert is_public(address)


def test_the_name_is_looked_up_once_and_that_address_is_connected_to(server) -> None:
    """A second look could be answered otherwise (DNS rebinding); the certificate and the Host are still the name's."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    answer = send(server, TEAMS_HOOK, resolve=lambda _: next(answers))
    assert server.resolved == ["prod-07.westeurope.logic.azure.com"]
    assert server.names == ["prod-07.westeurope.logic.azure.com"] and answer.status == 400


def test_a_redirect_is_not_followed(server) -> None:
    server.does[:] = ["redirect"]
    assert good_post(server).status == 302
    assert len(server.paths) == 1


def good_post(server: Loopback):  # type: ignore[no-untyped-def]
    import json

    from coach.channels.slack import message

    body = json.dumps(message("Thank you.")).encode()
    return post(server.network(), SLACK_HOOK, body, {"Content-Type": "application/json"}, WEBHOOK_HOSTS)


def test_an_answer_over_64_kb_is_not_read_to_its_end(server) -> None:
    server.does[:] = ["huge"]
    with pytest.raises(PerhapsSent):
        good_post(server)


@pytest.mark.parametrize("does", ["silent", "drip"])
def test_silence_and_an_answer_that_trickles_end_at_the_deadline_as_unknown(server, does, monkeypatch) -> None:
    assert coach.https.LONGEST_SECONDS == 10.0
    monkeypatch.setattr(coach.https, "LONGEST_SECONDS", 1.0)
    server.does[:] = [does]
    began = time.monotonic()
    with pytest.raises(PerhapsSent):
        good_post(server)
    assert time.monotonic() - began < 10 and len(server.arrived) == 1


def test_a_connection_cut_after_the_message_left_is_unknown_and_tried_once(server) -> None:
    server.does[:] = ["close"]
    with pytest.raises(PerhapsSent):
        good_post(server)
    assert server.connections == 1


def test_a_name_that_is_not_found_sends_nothing(server) -> None:
    def lost(_: str) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(NotSent, match="was not found"):
        send(server, SLACK_HOOK, resolve=lost)


def test_a_look_up_that_hangs_ends_at_the_deadline(server, monkeypatch) -> None:
    monkeypatch.setattr(coach.https, "LONGEST_SECONDS", 0.3)
    with pytest.raises(NotSent, match="was not found"):
        send(server, SLACK_HOOK, resolve=lambda _: (server.over.wait(5) and []) or [])


def test_a_server_that_cannot_prove_its_name_gets_nothing(server) -> None:
    with loopback("somebody.example") as other:
        with pytest.raises(NotSent, match="could not prove"):
            send(other, SLACK_HOOK)
        assert other.paths == []


def test_a_certificate_that_nobody_vouches_for_is_refused(server) -> None:
    from dataclasses import replace

    stranger = replace(server.network(), trust=ssl.create_default_context)
    with pytest.raises(NotSent, match="could not prove"):
        post(stranger, SLACK_HOOK, b"{}", {}, WEBHOOK_HOSTS)
    assert server.paths == []


def test_a_refused_connection_sends_nothing(server, free_port) -> None:
    from dataclasses import replace

    import httpcore2

    closed = replace(
        server.network(), connect=lambda a, p, s: httpcore2.SyncBackend().connect_tcp("127.0.0.1", free_port, s)
    )
    with pytest.raises(NotSent, match="could not be reached"):
        post(closed, SLACK_HOOK, b"{}", {}, WEBHOOK_HOSTS)


def test_proxies_of_the_environment_are_not_used(server, monkeypatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert good_post(server).status == 200


def test_no_error_repeats_the_secret_part_of_an_address(server) -> None:
    secret = "8vGnkQ2xPq0aYb1zC3dR4eSf"  # noqa: S105
    server.does[:] = ["close"]
    with pytest.raises(PerhapsSent) as caught:
        good_post(server)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert secret not in str(seen)
        seen = seen.__cause__ or seen.__context__


def test_there_are_forty_trick_addresses() -> None:
    assert len(set(TRICK_ADDRESSES)) >= 40
