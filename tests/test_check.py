"""Taking the words of a finding out of a message leaves a message."""

import pytest

from coach.check import Finding, Severity, without


def finding(message: str, words: str) -> Finding:
    start = message.index(words)
    return Finding(
        code="unsupported-claim", severity=Severity.BLOCK, start=start, end=start + len(words), text=words, advice=""
    )


@pytest.mark.parametrize(
    ("message", "words", "left"),
    [
        ("You stayed late, and the ward was saved.", "and the ward was saved", "You stayed late."),
        ("You saved us. You stayed late.", "You saved us.", "You stayed late."),
        ("You stayed late. You saved us.", "You saved us.", "You stayed late."),
        ("In May you stayed late.", "In May", "You stayed late."),
        ("You stayed late on Friday to help.", "on Friday", "You stayed late to help."),
        ("All of it.", "All of it.", ""),
    ],
)
def test_what_is_left_reads_as_a_message(message: str, words: str, left: str) -> None:
    assert without(message, finding(message, words)) == left


def test_a_finding_about_the_whole_message_takes_nothing_out() -> None:
    whole = Finding(code="stale", severity=Severity.HINT, start=None, end=None, text=None, advice="")
    assert without("You stayed late.", whole) == "You stayed late."
