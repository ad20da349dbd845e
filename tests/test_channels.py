"""Slack and Teams: what is typed is what is read, in the form that each asks for, and what an answer means."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.approval import Outcome, Receipt
from coach.channels import slack, teams
from coach.errors import NotSent, PerhapsSent
from coach.posting import ChannelFile, Posting
from coach.send import attempt
from tests.loopback import (
    CLINIC,
    DIRECT,
    HANDOVER,
    TOKEN,
    WARD,
    Loopback,
    approved,
    as_slack_shows,
    as_teams_shows,
    check_slack,
    check_teams,
    posting_to,
)
from tests.loopback import running as running
from tests.loopback import server as server

SLACK_MARKUP = [
    "<!channel> thank you",
    "<!here|here>",
    "<!everyone>",
    "<@U012AB3CD> did it",
    "<@W012AB3CD|amara>",
    "<#C012AB3CD|general>",
    "<!subteam^SAZ94GDB8>",
    "<https://evil.example|your payslip>",
    "<mailto:a@b.example|write to me>",
    "<!date^1392734382^{date}|long ago>",
    "R&D and Q&A",
    "5 &lt; 6 &amp;&amp; 7",
    "&#60;!channel&#62;",
    "a < b > c",
    "*bold* _slanted_ ~gone~ `code`",
    "> not a quotation",
    "```not code```",
    ":tada: :smile:",
    "@channel and @here, typed by hand",
    "https://example.org/a?b=1&c=2",
    "• a\n• b\n\n1. c",
    "emoji 🎉, Ẹ̀kọ́, 漢字, \u202eright to left",
]
TEAMS_MARKUP = [
    "**bold** and _slanted_",
    "[your payslip](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<at>Everyone</at>",
    "<b>bold</b><script>alert(1)</script>",
    "# not a heading",
    "1. one\n2. two",
    "- a\r- b",
    "* star",
    "{{DATE(2026-11-21T10:00:00Z, SHORT)}}",
    "{{TIME(2026-11-21T10:00:00Z)}}",
    "{{{DATE(2026-11-21T10:00:00Z)}}}",
    "${name} and ${$root.x}",
    "R&D &amp; &lt;b&gt;",
    "`code` ~~gone~~",
    "> a quotation",
    "two\n\nparagraphs\n\n\nand a gap",
    "line one\nline two",
    "https://example.org/a?b=1&c=2",
    "\\*escaped\\*",
    '"quotes" and \\ backslashes',
    "emoji 🎉, Ẹ̀kọ́, 漢字",
]


@pytest.fixture
def posting(server: Loopback, home: Path) -> Posting:
    return posting_to(home, server)


@pytest.mark.parametrize("text", SLACK_MARKUP)
def test_slack_shows_what_was_typed(text, server, posting) -> None:
    assert slack.deliver(approved(text), posting).outcome is Outcome.SENT
    assert as_slack_shows(server.arrived[-1]) == (text, text)
    assert slack.deliver(approved(text, HANDOVER), posting).outcome is Outcome.SENT
    assert as_slack_shows(server.arrived[-1]) == (text, text)
    assert server.faults == []


@pytest.mark.parametrize("text", TEAMS_MARKUP)
def test_teams_shows_what_was_typed(text, server, posting) -> None:
    assert teams.deliver(approved(text, CLINIC), posting).outcome is Outcome.SENT
    assert as_teams_shows(server.arrived[-1]) == text
    assert server.faults == []


def test_there_are_twenty_cases_each() -> None:
    assert len(SLACK_MARKUP) >= 20 and len(TEAMS_MARKUP) >= 20


TYPED = st.text(
    alphabet=st.one_of(st.sampled_from("<>&!@#{}[]()*_~`|:\n "), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
)


@given(TYPED)
def test_whatever_is_typed_is_shown(text: str) -> None:
    payload = slack.message(text)
    check_slack(json.loads(json.dumps(payload)))
    assert as_slack_shows(payload) == (text, text)
    card = teams.card(text)
    check_teams(card, 0)
    # A line that holds nothing but a no-break space is shown as the blank line it looks like.
    assert as_teams_shows(card) == "\n".join("" if line == "\u00a0" else line for line in text.split("\n"))


def test_a_direct_message_goes_to_one_member_found_by_mail_address_or_id(server, posting) -> None:
    from dataclasses import replace

    assert slack.deliver(approved(to=DIRECT), posting).outcome is Outcome.SENT
    assert server.paths == ["/api/conversations.open", "/api/chat.postMessage"]
    assert server.arrived[-1]["channel"] == "D0U0AMARA01"
    server.paths.clear()
    slack.deliver(approved(to=replace(DIRECT, address="amara@clinic.org")), posting)
    assert server.paths[0] == "/api/users.lookupByEmail" and server.arrived[-1]["channel"] == "D0U0AMARA01"


def outcome(posting: Posting, **more) -> Receipt:  # type: ignore[no-untyped-def]
    return attempt(approved(**more), lambda: posting)


@pytest.mark.parametrize("to", [WARD, CLINIC, HANDOVER], ids=lambda to: to.via.value)
@pytest.mark.parametrize(
    ("does", "expected", "says"),
    [
        ("400", Outcome.FAILED, "Nothing was sent"),
        ("403", Outcome.FAILED, "does not let"),
        ("404", Outcome.FAILED, "does not know"),
        ("410", Outcome.FAILED, "archived"),
        ("redirect", Outcome.FAILED, "moved"),
        ("500", Outcome.UNKNOWN, "Look there"),
        ("503", Outcome.UNKNOWN, "Look there"),
        ("close", Outcome.UNKNOWN, "Look there"),
        ("huge", Outcome.UNKNOWN, "Look there"),
    ],
)
def test_what_an_answer_means(does, expected, says, to, server, posting) -> None:
    server.does[:] = [does]
    receipt = outcome(posting, to=to)
    assert receipt.outcome is expected and says in receipt.detail
    assert len(server.paths) == 1


@pytest.mark.parametrize("to", [WARD, HANDOVER], ids=lambda to: to.via.value)
def test_a_page_that_is_not_slack_is_unknown(to, server, posting) -> None:
    server.does[:] = ["html"]
    assert outcome(posting, to=to).outcome is Outcome.UNKNOWN


def test_too_many_at_once_says_to_wait(server, posting) -> None:
    server.does[:] = ["429"]
    assert "in a minute" in outcome(posting).detail
    server.does[:] = ["error:ratelimited"]
    assert "in a minute" in outcome(posting, to=HANDOVER).detail


@pytest.mark.parametrize(
    "code", ["channel_not_found", "not_in_channel", "invalid_auth", "missing_scope", "some_new_code"]
)
def test_slack_says_no_in_words(code, server, posting) -> None:
    server.does[:] = [f"error:{code}"]
    receipt = outcome(posting, to=HANDOVER)
    assert receipt.outcome is Outcome.FAILED and receipt.detail.endswith(".") and TOKEN not in receipt.detail


def test_a_person_whom_slack_does_not_know_gets_nothing_and_nobody_else_does(server, posting) -> None:
    from dataclasses import replace

    receipt = outcome(posting, to=replace(DIRECT, address="nobody@clinic.org"))
    assert receipt.outcome is Outcome.FAILED and "mail address" in receipt.detail
    assert server.messages == []


def test_silence_while_looking_somebody_up_sends_nothing(server, posting) -> None:
    server.does[:] = ["close"]
    assert outcome(posting, to=DIRECT).outcome is Outcome.FAILED
    assert server.messages == []


def test_a_place_that_was_renamed_or_removed_meanwhile_gets_nothing(server, posting) -> None:
    renamed = posting.with_file(ChannelFile(places=(posting.file.places[0].model_copy(update={"name": "#all"}),)))
    for changed in (posting.with_file(ChannelFile()), renamed):
        assert outcome(changed).outcome is Outcome.FAILED
    assert server.arrived == []


def test_a_missing_secret_is_said(server, posting, home) -> None:
    posting.secrets.forget("webhook-ward")
    posting.secrets.forget("slack-token")
    assert "missing" in outcome(posting).detail and "missing" in outcome(posting, to=HANDOVER).detail
    assert server.arrived == []


@pytest.mark.parametrize("to", [WARD, CLINIC, HANDOVER], ids=lambda to: to.via.value)
def test_a_message_too_long_for_the_channel_is_refused_before_it_leaves(to, server, posting) -> None:
    receipt = outcome(posting, to=to, text="word " * 6_000)
    assert receipt.outcome is Outcome.FAILED and "Shorten" in receipt.detail
    assert server.arrived == []


def test_what_nobody_foresaw_is_unknown(server, posting, monkeypatch) -> None:
    def crashes(*_: object) -> Receipt:
        raise ZeroDivisionError

    monkeypatch.setattr("coach.send.DELIVER", {WARD.via: crashes})
    assert outcome(posting).outcome is Outcome.UNKNOWN


def test_an_unforeseen_error_is_told_from_a_refusal() -> None:
    assert not issubclass(PerhapsSent, NotSent)
