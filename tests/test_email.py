"""E-mail to a real SMTP server with TLS on loopback: one reader, headers that stay headers, and what a fault means."""

import asyncio
import random
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from coach.approval import Outcome, Receipt
from coach.channels import email
from coach.channels.email import letter_of
from coach.errors import BadRequest
from coach.https import PUBLIC
from coach.posting import MAIL_PASSWORD, ChannelFile, MailServer, Posting, Security
from coach.secret import Secrets
from coach.send import attempt, mailto
from tests.loopback import MAIL, approved

PASSWORD = "correct horse, invented"  # noqa: S105
NOW = datetime.fromisoformat("2026-11-21T10:00:00+01:00")
SERVER = MailServer(
    host="localhost", port=587, security=Security.STARTTLS, sender="lead@clinic.org", name="Ines Duarte"
)


@dataclass
class Post:
    """`letters`: envelope and letter of everything that was taken. `does`: what happens at the end of the text."""

    port: int = 0
    letters: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    does: str = "ok"
    offered: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.letters.append(
            (str(envelope.mail_from), [str(r) for r in envelope.rcpt_tos], bytes(envelope.content or b""))
        )
        if self.does == "hang up":
            server.transport.close()
        if self.does == "silent":
            while not self.release.is_set():
                await asyncio.sleep(0.05)
        return {"full": "452 4.2.2 Mailbox full", "no": "554 5.7.1 Not here"}.get(self.does, "250 OK")

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.offered += 1
        if self.does == "unknown reader":
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def _signs_in(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.login == b"lead" and data.password == PASSWORD.encode(), handled=False)


@dataclass(frozen=True)
class Servers:
    authority: trustme.CA
    starttls: Post
    tls: Post
    plain: Post

    def trust(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context


@pytest.fixture(scope="module")
def running() -> Iterator[Servers]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    posts = {name: Post() for name in ("starttls", "tls", "plain")}
    listeners: list[asyncio.Server] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def listening(post: Post, tls: ssl.SSLContext | None, **options: Any) -> None:
        def start() -> SMTP:
            return SMTP(post, loop=loop, hostname="localhost", **options)

        server = asyncio.run_coroutine_threadsafe(loop.create_server(start, "127.0.0.1", 0, ssl=tls), loop).result(30)
        post.port = server.sockets[0].getsockname()[1]
        listeners.append(server)

    listening(posts["starttls"], None, tls_context=context, require_starttls=True, authenticator=_signs_in)
    listening(posts["tls"], context, authenticator=_signs_in, auth_require_tls=False)
    listening(posts["plain"], None)
    yield Servers(authority=authority, **posts)
    for post in posts.values():
        post.release.set()
    asyncio.run_coroutine_threadsafe(_all_over(listeners), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


async def _all_over(listeners: list[asyncio.Server]) -> None:
    """Every conversation ends before its loop does."""
    for listener in listeners:
        listener.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def servers(running: Servers) -> Servers:
    for post in (running.starttls, running.tls, running.plain):
        post.letters.clear()
        post.does, post.offered = "ok", 0
        post.release.clear()
    return running


def posting(
    home: Path, servers: Servers, post: Post, security: Security = Security.STARTTLS, **changes: Any
) -> Posting:
    home.mkdir(parents=True, exist_ok=True)
    kept = Secrets(home, None)
    kept.keep(MAIL_PASSWORD, PASSWORD)
    server = SERVER.model_copy(update={"port": post.port, "security": security, "user": "lead"} | changes)
    return Posting(file=ChannelFile(mail=server), secrets=kept, network=replace(PUBLIC, trust=servers.trust))


def sent(home: Path, servers: Servers, post: Post, security: Security = Security.STARTTLS, **changes: Any) -> Receipt:
    return attempt(approved(to=MAIL), lambda: posting(home, servers, post, security, **changes))


def read(content: bytes) -> EmailMessage:
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


@pytest.mark.parametrize("security", Security)
def test_a_letter_arrives_whole_with_one_reader_in_envelope_and_header(home, servers, security) -> None:
    post = servers.starttls if security is Security.STARTTLS else servers.tls
    text = (
        "Amara,\n\nyou stayed late — “naïve” plan, 漢字 🎉.\n.\n.. dots, and a long line: "
        + "word " * 300
        + "\nFrom me"
    )
    receipt = email.deliver(approved(text, MAIL), posting(home, servers, post, security))
    assert receipt.outcome is Outcome.SENT and "amara@clinic.org" in receipt.detail
    [(sender, readers, content)] = post.letters
    letter = read(content)
    assert sender == "lead@clinic.org" and readers == ["amara@clinic.org"]
    assert [a.addr_spec for a in letter["To"].addresses] == ["amara@clinic.org"]
    assert letter["Cc"] is None and letter["Bcc"] is None and letter["Reply-To"] is None
    assert letter["Subject"] == "Thank you, Amara" and str(letter["From"]) == "Ines Duarte <lead@clinic.org>"
    assert letter["Message-ID"] == "<m1@clinic.org>" and letter["Date"]
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == text


def test_a_server_without_protection_gets_nothing(home, servers) -> None:
    receipt = sent(home, servers, servers.plain)
    assert receipt.outcome is Outcome.FAILED and "protected" in receipt.detail
    assert servers.plain.offered == 0


@pytest.mark.parametrize("security", Security)
def test_a_certificate_for_another_name_is_refused(home, servers, security) -> None:
    post = servers.starttls if security is Security.STARTTLS else servers.tls
    receipt = sent(home, servers, post, security, host="127.0.0.1")
    assert receipt.outcome is Outcome.FAILED and "could not prove" in receipt.detail and post.offered == 0


def test_a_certificate_that_nobody_vouches_for_is_refused(home, servers) -> None:
    stranger = replace(posting(home, servers, servers.starttls), network=PUBLIC)
    receipt = attempt(approved(to=MAIL), lambda: stranger)
    assert receipt.outcome is Outcome.FAILED and "could not prove" in receipt.detail


def test_a_wrong_password_is_said_and_not_repeated(home, servers) -> None:
    receipt = sent(home, servers, servers.starttls, user="someone-else")
    assert receipt.outcome is Outcome.FAILED and "password" in receipt.detail and PASSWORD not in receipt.detail
    assert servers.starttls.letters == []


@pytest.mark.parametrize(
    ("does", "expected", "says", "taken"),
    [
        ("unknown reader", Outcome.FAILED, "check the address", 0),
        ("full", Outcome.FAILED, "try again", 1),
        ("no", Outcome.FAILED, "does not take", 1),
        ("hang up", Outcome.UNKNOWN, "did not say whether", 1),
    ],
)
def test_what_the_servers_answer_means(home, servers, does, expected, says, taken) -> None:
    servers.starttls.does = does
    receipt = sent(home, servers, servers.starttls)
    assert receipt.outcome is expected and says in receipt.detail and len(servers.starttls.letters) == taken


def test_silence_after_the_text_left_is_unknown(home, servers, monkeypatch) -> None:
    monkeypatch.setattr(email, "STEP_SECONDS", 1.0)
    servers.starttls.does = "silent"
    assert sent(home, servers, servers.starttls).outcome is Outcome.UNKNOWN
    assert len(servers.starttls.letters) == 1


def test_the_whole_conversation_has_an_end(home, servers, monkeypatch) -> None:
    monkeypatch.setattr(email, "LONGEST_SECONDS", 1.0)
    servers.tls.does = "silent"
    assert sent(home, servers, servers.tls, Security.TLS).outcome is Outcome.UNKNOWN


def test_no_server_there_sends_nothing(home, servers, free_port) -> None:
    receipt = sent(home, servers, servers.starttls, port=free_port)
    assert receipt.outcome is Outcome.FAILED and "could not be reached" in receipt.detail


def test_without_a_mail_server_it_says_where_to_set_one_up(home, servers) -> None:
    bare = posting(home, servers, servers.starttls).with_file(ChannelFile())
    assert "under Channels" in attempt(approved(to=MAIL), lambda: bare).detail


# Headers

TRICKS = [  # (where, what is put there)
    ("to", "amara@clinic.org\r\nBcc: eve@evil.example"),
    ("to", "amara@clinic.org\nBcc: eve@evil.example"),
    ("to", "amara@clinic.org%0d%0aBcc: eve@evil.example"),
    ("to", "amara@clinic.org, eve@evil.example"),
    ("to", "amara@clinic.org;eve@evil.example"),
    ("to", "Everyone: amara@clinic.org, eve@evil.example;"),
    ("to", "Amara <amara@clinic.org>, <eve@evil.example>"),
    ("to", '"amara@clinic.org, eve"@evil.example'),
    ("to", "amara@clinic.org(eve@evil.example)"),
    ("to", "=?utf-8?q?eve=40evil.example=2C?= amara@clinic.org"),
    ("to", "amara\u202e@clinic.org"),
    ("to", "amara@clinic.org\u2028eve@evil.example"),
    ("subject", "Thank you\r\nBcc: eve@evil.example"),
    ("subject", "Thank you\r\n\r\n<script>the body begins here</script>"),
    ("subject", "=?utf-8?q?Thank_you=0D=0ABcc=3A_eve=40evil.example?="),
    ("subject", "Thank you \u202egnp.exe\u2066 \u200bAmara\u0000\u0085\u2029Bcc: eve@evil.example"),
    ("name", 'Ines"\r\nBcc: eve@evil.example, "Duarte'),
    ("name", "Ines <eve@evil.example>, Duarte"),
    ("name", "=?utf-8?b?SW5lcw0KQmNjOiBldmVAZXZpbC5leGFtcGxl?="),
]


def letter_with(where: str, value: str) -> bytes | None:
    """The letter on the wire, or None where it was refused."""
    to = replace(MAIL, address=value) if where == "to" else MAIL
    server = SERVER.model_copy(update={"name": value}) if where == "name" else SERVER
    try:
        return letter_of(approved(to=to, subject=value if where == "subject" else "Hi"), server, NOW).as_bytes(
            policy=email.WIRE
        )
    except BadRequest:
        return None


def assert_safe(wire: bytes | None, where: str) -> None:
    """Read by the raw lines too: what another program makes of them must not depend on Python's reading."""
    if wire is None:
        assert where == "to"
        return
    head = wire.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")]
    assert sorted(names) == sorted(
        [
            b"from",
            b"to",
            b"subject",
            b"date",
            b"message-id",
            b"mime-version",
            b"content-type",
            b"content-transfer-encoding",
        ]
    )
    bare = head.replace(b"\r\n", b"")
    assert b"\n" not in bare and b"\r" not in bare and head.isascii()
    letter = read(wire)
    assert len(letter["To"].addresses) == 1 and len(letter["From"].addresses) == 1
    assert letter["From"].addresses[0].addr_spec == "lead@clinic.org" and not letter["To"].groups[0].display_name
    if where != "to":
        assert letter["To"].addresses[0].addr_spec == "amara@clinic.org"
    shown = str(letter["Subject"]) + str(letter["From"])
    assert all(c.isprintable() for c in shown)
    assert letter.get_content().startswith("Amara, you stayed")


@pytest.mark.parametrize(("where", "value"), TRICKS)
def test_no_header_can_be_broken_out_of(where, value) -> None:
    wire = letter_with(where, value)
    assert_safe(wire, where)
    assert where != "to" or wire is None


def test_two_thousand_mangled_headers_stay_headers() -> None:
    """Made of what breaks headers: newlines of every kind, encoded words, commas, groups, quotes, invisible marks."""
    parts = [
        "\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\x0b", "\x00", "\t", " ", ",", ";", ":", "<", ">", "@", '"', "\\", "(", ")",
        "=?utf-8?q?", "=?utf-8?b?", "?=", "=0D=0A", "%0d%0a", "Bcc:", "eve@evil.example", "amara@clinic.org", "\u202e", "\u2066",
        "\u200b", "\ufeff", "é", "漢", "🎉", "e\u0301", "a" * 90, "amara", "clinic.org", ".", "[127.0.0.1]", "\ud800",
    ]  # fmt: skip
    chance = random.Random(20261121)  # noqa: S311
    refused = 0
    for at in range(2_000):
        where = ("to", "subject", "name")[at % 3]
        wire = letter_with(where, "".join(chance.choices(parts, k=chance.randint(1, 12))))
        refused += wire is None
        assert_safe(wire, where)
    assert 0 < refused <= 667


def test_a_mail_link_names_one_reader() -> None:
    link = mailto("Thank you & more", "Hi?&cc=eve@evil.example", "amara+ward@clinic.org")
    assert (
        link == "mailto:amara%2Bward@clinic.org?subject=Hi%3F%26cc%3Deve%40evil.example&body=Thank%20you%20%26%20more"
    )
