"""E-mail by the leader's own mail server: one reader in the envelope and in the header, over verified TLS only."""

import re
import smtplib
import socket
import ssl
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr

from coach.address import mail_address
from coach.approval import Approved, Outcome, Receipt
from coach.errors import BadRequest, NotSent, PerhapsSent
from coach.posting import MAIL_PASSWORD, MailServer, Posting, Security
from coach.situation import clean_text

STEP_SECONDS = 10.0
LONGEST_SECONDS = 30.0
"""For the whole conversation with the server."""
LONGEST_SUBJECT = 150
QUOTED = Charset("utf-8")
QUOTED.body_encoding = QP
WIRE = compat32.clone(linesep="\r\n")
_PLAIN = re.compile(r"[A-Za-z0-9 ,.!?'-]*")
OURSELVES = "[127.0.0.1]"
"""What we call ourselves (RFC 5321, 4.1.3): smtplib would look up this machine's name and tell it."""


def deliver(approved: Approved, posting: Posting) -> Receipt:
    """Raises NotSent or PerhapsSent."""
    server = posting.file.mail
    if server is None:
        raise NotSent("No mail server is set up. Enter yours under Channels.")
    try:
        letter = letter_of(approved, server, datetime.now().astimezone())
    except BadRequest as error:
        raise NotSent(f"{error} Nothing was sent.") from error
    with _conversation(server, posting) as smtp:
        _hand_over(smtp, letter, server)
    return Receipt(outcome=Outcome.SENT, detail=f"Your mail server took it for {approved.to.address}.")


def letter_of(approved: Approved, server: MailServer, now: datetime) -> MIMEText:
    """Plain text, UTF-8. The reader stands there by address alone: a name could hold a comma, a group, a newline.

    Raises BadRequest where an address is not one of a single person. The older of Python's two ways to write headers:
    the newer one breaks a line inside a long name where a header ends (seen with Python 3.11).
    """
    reader, sender = mail_address(approved.to.address), mail_address(server.sender)
    letter = MIMEText(approved.text, _charset=QUOTED)  # type: ignore[arg-type]
    letter["From"] = formataddr((str(_written(name_of(server.name))), sender))
    letter["To"] = reader
    letter["Subject"] = _written(one_line(approved.subject)[:LONGEST_SUBJECT])
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{approved.id}@{sender.rpartition('@')[2]}>"
    return letter


def _written(text: str) -> str:
    """A header's text as it is where every program reads it alike, else in encoded words (RFC 2047)."""
    if _PLAIN.fullmatch(text):
        return text
    return Header(text, "utf-8", maxlinelen=70).encode()


def one_line(text: str) -> str:
    """For a header: one line without characters that steer the reader's screen (bidirectional marks, zero widths).

    What looks like an encoded word (RFC 2047) is broken: typed as text, it would be decoded, newlines and all.
    """
    seen = "".join(c if c.isprintable() else " " for c in clean_text(text))
    return " ".join(seen.replace("=?", "= ?").split())


def name_of(typed: str) -> str:
    """A sender's name with what names are written with: letters, marks on them, digits, and a few signs."""
    return one_line("".join(c if unicodedata.category(c)[0] in "LMN" or c in " .'’-" else " " for c in typed))


@contextmanager
def _conversation(server: MailServer, posting: Posting) -> Iterator[smtplib.SMTP]:
    """Connected, protected and signed in. Whatever goes wrong before the text leaves is NotSent."""
    smtp, guard = None, None
    try:
        smtp = _connected(server, posting.network.trust())
        guard = threading.Timer(LONGEST_SECONDS, _hang_up, [smtp])
        guard.daemon = True
        guard.start()
        if server.user:
            smtp.login(server.user, posting.secrets.read(MAIL_PASSWORD))
        yield smtp
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotSent(_why(error, server)) from None  # the cause may quote the password's exchange
    finally:
        if guard:
            guard.cancel()
        if smtp:
            smtp.close()


def _connected(server: MailServer, trust: ssl.SSLContext) -> smtplib.SMTP:
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, OURSELVES, timeout=STEP_SECONDS, context=trust)
    smtp = smtplib.SMTP(server.host, server.port, OURSELVES, timeout=STEP_SECONDS)
    try:
        smtp.starttls(context=trust)  # raises where the server offers none: never in the clear
    except BaseException:
        smtp.close()
        raise
    return smtp


def _hang_up(smtp: smtplib.SMTP) -> None:
    """Ends a read in another thread as if the server had gone; closing would pull the file from under it."""
    try:
        if smtp.sock:
            smtp.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone already


def _hand_over(smtp: smtplib.SMTP, letter: MIMEText, server: MailServer) -> None:
    """One envelope for one reader. From the first byte of the text on, silence means unknown."""
    reader = str(letter["To"])
    for code, _ in (smtp.mail(parseaddr(letter["From"])[1]), smtp.rcpt(reader)):
        if code not in (250, 251):
            raise NotSent(_refused(code, reader))
    try:
        code, _ = smtp.data(letter.as_bytes(policy=WIRE))
    except smtplib.SMTPDataError as error:  # it would not even begin
        raise NotSent(_refused(error.smtp_code, reader)) from None
    except (OSError, smtplib.SMTPException):
        raise PerhapsSent(
            f"The message left, but {server.host} did not say whether it took it. Look into your sent mail, or ask {reader}."
        ) from None
    if code != 250:
        raise NotSent(_refused(code, reader))


def _refused(code: int, reader: str) -> str:
    if 400 <= code < 500:
        return f"The mail server cannot take it just now (answer {code}). Nothing was sent; try again in a few minutes."
    return f"The mail server does not take mail for {reader} (answer {code}). Nothing was sent; check the address."


def _why(error: Exception, server: MailServer) -> str:
    if isinstance(error, ssl.SSLError):
        return f"{server.host} could not prove that it is {server.host}, so nothing was sent. Check the name with whoever runs your mail."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server does not accept the user name or password. Enter them again under Channels."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{server.host} offers no protected connection or no sign-in here, so nothing was sent. Try TLS on port 465."
    return f"The mail server {server.host} could not be reached on port {server.port}. Nothing was sent; check name and port."
