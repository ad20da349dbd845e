"""A message is sent at most once, whatever is clicked twice, reloaded, replayed, opened in two tabs, or killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import coach.https
from coach.approval import digest
from coach.errors import AlreadySent, BadRequest
from coach.records import DeliveryState, Records, open_records
from coach.send import ABANDONED_SECONDS, UNDO_SECONDS, Courier, offer, settle, standing
from coach.situation import Channel, Kind
from tests.loopback import AMARA, DIRECT, PATIENCE, WARD, Loopback, approved, posting_to
from tests.loopback import running as running
from tests.loopback import server as server

Open = Callable[[], Records]


def now() -> datetime:
    return datetime.now().astimezone()


@pytest.fixture
def open_all(home: Path) -> Iterator[Open]:
    """Opens the same records again and again, as a second tab or program would."""
    home.mkdir()
    opened: list[Records] = []

    def open_one() -> Records:
        opened.append(open_records(home / "coach.sqlite3"))
        return opened[-1]

    yield open_one
    for records in opened:
        records.close()


@pytest.fixture
def records(open_all: Open) -> Records:
    made = open_all()
    made.keep_person(AMARA)
    return made


@pytest.fixture
def courier(records: Records, home: Path, server: Loopback) -> Courier:
    return Courier(records, lambda: posting_to(home, server), wait=0.05)


def click(courier: Courier, token: str, message=approved()) -> bool:  # type: ignore[no-untyped-def]  # noqa: B008
    """One click, carried to its end. Whether it was the one that counted."""
    try:
        courier.send(token, message, now()).join(PATIENCE)
    except AlreadySent:
        return False
    return True


def state(records: Records) -> DeliveryState | None:
    found = standing(records, "m1", now())
    return found.state if found else None


def at_once(*clicks: Callable[[], bool]) -> list[bool]:
    """All of them start at the same moment."""
    ready = threading.Barrier(len(clicks))

    def one(do: Callable[[], bool]) -> bool:
        ready.wait(PATIENCE)
        return do()

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(one, clicks))


def test_a_double_click_sends_once(records, courier, server) -> None:
    token = offer(approved(), records, now())
    assert sorted(at_once(lambda: click(courier, token), lambda: click(courier, token))) == [False, True]
    assert len(server.messages) == 1 and state(records) is DeliveryState.SENT
    assert [m.text for m in records.messages()] == [approved().text]


def test_thirty_clicks_at_once_send_once(records, courier, server) -> None:
    token = offer(approved(), records, now())
    assert sum(at_once(*[lambda: click(courier, token)] * 30)) == 1
    assert len(server.messages) == 1


def test_two_tabs_with_a_token_each_send_once(records, open_all, home, courier, server) -> None:
    other = Courier(open_all(), lambda: posting_to(home, server), wait=0.05)
    first, second = offer(approved(), records, now()), offer(approved(), records, now())
    assert sorted(at_once(lambda: click(courier, first), lambda: click(other, second))) == [False, True]
    assert len(server.messages) == 1


def test_two_tabs_with_different_words_send_one_of_them(records, courier, server) -> None:
    other = approved("Amara, thank you for Friday.")
    first, second = offer(approved(), records, now()), offer(other, records, now())
    assert sum(at_once(lambda: click(courier, first), lambda: click(courier, second, other))) == 1
    assert len(server.messages) == 1
    assert [m.text for m in records.messages()] == [
        server.messages[0]["blocks"][0]["elements"][0]["elements"][0]["text"]
    ]


def test_a_replayed_click_after_it_was_sent_sends_nothing(records, courier, server) -> None:
    token = offer(approved(), records, now())
    assert click(courier, token) and not click(courier, token)
    assert len(server.messages) == 1


def test_a_reload_that_confirms_anew_while_it_waits_or_after_it_was_sent_sends_nothing(records, home, server) -> None:
    slow = Courier(records, lambda: posting_to(home, server), wait=0.5)
    carrying = slow.send(offer(approved(), records, now()), approved(), now())
    assert not click(slow, offer(approved(), records, now()))
    carrying.join(PATIENCE)
    assert not click(slow, offer(approved(), records, now()))
    assert len(server.messages) == 1


def test_a_click_while_it_is_leaving_sends_nothing(records, courier, server) -> None:
    server.does[:] = ["slow"]
    token, again = offer(approved(), records, now()), offer(approved(), records, now())
    carrying = courier.send(token, approved(), now())
    while state(records) is DeliveryState.WAITING:
        pass
    assert not click(courier, token) and not click(courier, again) and not courier.undo(token, now())
    carrying.join(PATIENCE)
    assert len(server.messages) == 1 and state(records) is DeliveryState.SENT


def test_undo_against_the_last_moment_either_stops_it_or_does_not(records, courier, server) -> None:
    stopped = 0
    for at in range(12):
        message = approved(id=f"race-{at}")
        token = offer(message, records, now())
        carrying = courier.send(token, message, now())
        threading.Event().wait(0.04 + at * 0.002)
        undone = courier.undo(token, now())
        carrying.join(PATIENCE)
        found = standing(records, message.id, now())
        assert found and found.state is (DeliveryState.UNDONE if undone else DeliveryState.SENT)
        stopped += undone
    assert len(server.messages) == 12 - stopped


def test_an_undone_click_replayed_sends_nothing_and_a_new_one_sends_once(records, home, server) -> None:
    slow = Courier(records, lambda: posting_to(home, server), wait=0.3)
    token = offer(approved(), records, now())
    carrying = slow.send(token, approved(), now())
    assert slow.undo(token, now()) and not slow.undo(token, now())
    carrying.join(PATIENCE)
    assert not click(slow, token) and server.messages == []
    assert click(slow, offer(approved(), records, now()))
    assert len(server.messages) == 1


@pytest.mark.parametrize("does", ["silent", "close", "500"])
def test_what_is_unknown_is_not_sent_again_by_replay_reload_or_another_tab(
    does, records, open_all, courier, server, monkeypatch
) -> None:
    monkeypatch.setattr(coach.https, "LONGEST_SECONDS", 1.0)
    server.does[:] = [does]
    token = offer(approved(), records, now())
    assert click(courier, token) and state(records) is DeliveryState.UNKNOWN
    server.does[:] = ["ok"]
    assert not click(courier, token) and not click(courier, offer(approved(), open_all(), now()))
    assert len(server.messages) == 1 and records.messages() == ()

    unknown = standing(records, "m1", now())
    assert unknown and "Look there" in unknown.detail
    assert settle(records, unknown, False, now()) and not settle(records, unknown, True, now())
    assert click(courier, offer(approved(), records, now()))
    assert len(server.messages) == 2  # the leader looked, and sent it again


def test_what_failed_is_not_sent_again_by_itself_but_by_a_new_click(records, courier, server) -> None:
    server.does[:] = ["404", "ok"]
    token = offer(approved(), records, now())
    assert click(courier, token) and state(records) is DeliveryState.FAILED
    assert not click(courier, token) and len(server.messages) == 1
    assert click(courier, offer(approved(), records, now())) and state(records) is DeliveryState.SENT


def test_a_token_is_good_for_its_very_bytes_only(records, courier, server) -> None:
    token = offer(approved(), records, now())
    for other in (
        approved(approved().text + " "),
        approved(subject="Another"),
        approved(to=replace(WARD, address="clinic")),
        approved(to=replace(WARD, readers="Nobody")),
        approved(to=replace(WARD, label="#general")),
        approved(id="m2"),
    ):
        assert digest(other) != digest(approved()) and not click(courier, token, other)
    assert not click(courier, "made-up-token")
    assert server.messages == []
    assert click(courier, token) and len(server.messages) == 1


PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
import httpcore2, ssl
from coach.https import Network
from coach.records import open_records
from coach.send import Courier
from tests.loopback import PUBLIC_ADDRESS, Loopback, approved, posting_to
from coach.errors import AlreadySent

home, port, authority, token, wait = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5])
class Server(Loopback):
    def trust(self):
        return ssl.create_default_context(cafile=authority)
server = Server(port=port, authority=None)
courier = Courier(open_records(home / "coach.sqlite3"), lambda: posting_to(home, server), wait=wait)
print("ready", flush=True)
sys.stdin.readline()
try:
    courier.send(token, approved(), datetime.now().astimezone()).join()
    print("sent", flush=True)
except AlreadySent:
    print("already", flush=True)
"""


@pytest.fixture
def programs(home: Path, server: Loopback, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Other processes that click, started and ready."""
    started: list[subprocess.Popen[str]] = []
    authority = tmp_path / "authority.pem"
    server.authority.cert_pem.write_to_path(str(authority))

    def start(token: str, wait: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, str(home), str(server.port), str(authority), token, str(wait)]
        root = Path(__file__).parent.parent
        paths = os.pathsep.join([str(root), os.environ["PYTHONPATH"]])
        started.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ | {"PYTHONPATH": paths}
            )
        )  # fmt: skip
        assert started[-1].stdout and started[-1].stdout.readline() == "ready\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_programs_on_one_home_send_once(records, server, programs) -> None:
    token, other = offer(approved(), records, now()), offer(approved(), records, now())
    clicking = [programs(token, 0.05), programs(token, 0.05), programs(other, 0.05)]
    for process in clicking:
        go(process)
    said = sorted(process.stdout.readline().strip() for process in clicking)
    assert said == ["already", "already", "sent"] and len(server.messages) == 1


def test_a_program_killed_while_it_was_leaving_leaves_it_unknown_and_sends_nothing_more(
    records, courier, server, programs
) -> None:
    server.does[:] = ["silent"]
    token = offer(approved(), records, now())
    process = programs(token, 0.0)
    go(process)
    while not server.messages:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    server.does[:] = ["ok"]
    assert state(records) is DeliveryState.SENDING and not click(courier, offer(approved(), records, now()))
    later = standing(records, "m1", now() + timedelta(seconds=ABANDONED_SECONDS + 1))
    assert later and later.state is DeliveryState.UNKNOWN
    assert not click(courier, token) and not click(courier, offer(approved(), records, now()))
    assert len(server.messages) == 1


def test_a_program_killed_in_the_time_to_undo_has_sent_nothing_and_says_so(records, courier, server, programs) -> None:
    token = offer(approved(), records, now())
    process = programs(token, 30.0)
    go(process)
    while state(records) is not DeliveryState.WAITING:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    later = standing(records, "m1", now() + timedelta(seconds=ABANDONED_SECONDS + 1))
    assert later and later.state is DeliveryState.FAILED and "Nothing was sent" in later.detail
    assert server.messages == []
    assert click(courier, offer(approved(), records, now())) and len(server.messages) == 1


def test_a_computer_that_slept_through_the_time_to_undo_sends_nothing(records, courier, server) -> None:
    token = offer(approved(), records, now())
    courier.send(token, approved(), now() - timedelta(hours=8)).join(PATIENCE)
    assert state(records) is DeliveryState.FAILED and server.messages == []


def test_ten_seconds_to_undo() -> None:
    assert UNDO_SECONDS == 10.0 and ABANDONED_SECONDS > UNDO_SECONDS


# What no confirmation makes right


def test_feedback_does_not_go_where_others_read(records, courier, server) -> None:
    corrective = approved(kind=Kind.FEEDBACK)
    with pytest.raises(BadRequest, match="directly"):
        offer(corrective, records, now())
    with pytest.raises(BadRequest, match="directly"):
        courier.send("any", corrective, now())
    assert click(
        courier, offer(approved(to=DIRECT, kind=Kind.FEEDBACK), records, now()), approved(to=DIRECT, kind=Kind.FEEDBACK)
    )
    assert server.messages[0]["channel"].startswith("D")


def test_what_was_written_and_checked_for_one_reader_does_not_go_to_a_room(records) -> None:
    private = replace(approved(), situation=replace(approved().situation, channel=Channel.DIRECT))
    with pytest.raises(BadRequest, match="one reader"):
        offer(private, records, now())


def test_an_empty_message_is_not_offered(records) -> None:
    with pytest.raises(BadRequest, match="empty"):
        offer(approved(" \n"), records, now())


def test_forgetting_a_person_forgets_what_became_of_their_messages(records, courier) -> None:
    assert click(courier, offer(approved(), records, now()))
    records.forget_person(AMARA)
    assert records.delivery_of("m1") is None
