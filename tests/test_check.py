"""What a coach would say about a message: by rule alone here, by the language model too in test_pointed.py."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from coach.check import Finding, Known, Severity, check, mended, not_judged, takes_two, without
from coach.cli import _message
from coach.desk import Desk
from coach.faults import read_faults
from coach.records import Note
from coach.sarif import sarif
from coach.situation import Channel, Kind, Situation
from coach.tuned import Reading, load_tuned, read_message


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


# What is found, in a message as it stands


def about(text: str = "not told", **fields: Any) -> Situation:
    given: dict[str, Any] = {"to": "Amara", "kind": Kind.FEEDBACK, "channel": Channel.DIRECT, "today": TODAY}
    return Situation(text=text, **given | fields)


def found(message: str, known: Known | None = None, **fields: Any) -> dict[str, Finding]:
    return {one.code: one for one in check(message, about(**fields), known=known)}


TODAY = date(2026, 5, 20)
LATE = "On Monday you came in at 9:20 and Rosa had to open alone. You're always late. Could you ring next time?"


def test_feedback_that_others_can_read_stands_in_the_way() -> None:
    assert found(LATE, channel=Channel.PUBLIC_CHAT)["public-criticism"].severity is Severity.BLOCK
    assert "public-criticism" not in found(LATE)
    assert "public-criticism" not in found(LATE, kind=Kind.RECOGNITION, channel=Channel.PUBLIC_CHAT)


def test_what_is_more_than_fourteen_days_old_is_stale() -> None:
    assert "15 days" in found(LATE, happened=date(2026, 5, 5))["stale"].advice
    assert "stale" not in found(LATE, happened=date(2026, 5, 6))
    assert "stale" not in found(LATE)


@pytest.mark.parametrize(("channel", "words"), [(Channel.CARD, 40), (Channel.PUBLIC_CHAT, 80), (Channel.EMAIL, 200)])
def test_a_message_is_too_long_for_its_channel(channel: Channel, words: int) -> None:
    assert "too-long" in found("you " * (words + 1), channel=channel)
    assert "too-long" not in found("you " * words, channel=channel)


def test_whoever_prefers_no_public_praise_is_thought_of() -> None:
    thanks, known = "You stayed late on Friday, so billing ran.", Known(prefers="A quiet word; hates public praise")
    public: dict[str, Any] = {"kind": Kind.RECOGNITION, "channel": Channel.PUBLIC_CHAT}
    assert "hates public praise" in found(thanks, known, **public)["prefers-private"].advice
    assert "prefers-private" not in found(thanks, known, kind=Kind.RECOGNITION)
    assert "prefers-private" not in found(thanks, Known(prefers="Loves applause"), **public)


def test_two_recipients_read_what_is_said_of_the_other() -> None:
    assert "two-recipients" in found(LATE, to="Amara and Ben")
    assert "two-recipients" not in found(LATE, to="Alexandra Brand")
    private = "Your operation on Friday is no secret."
    assert "private-detail" in found(private, to="Amara and Ben")
    assert "private-detail" not in found(private)


def test_another_language_is_not_judged_and_says_so() -> None:
    german = "Du bist immer zu spät, und das am Montag, am Dienstag und am Mittwoch!!!"
    assert set(found(german, channel=Channel.PUBLIC_CHAT)) == {"public-criticism"}
    assert "German" in (not_judged(german) or "")
    assert not_judged(LATE) is None
    assert not_judged("Danke!") is None, "a word is too little to tell"


def test_without_the_model_sentence_structure_says_what_is_missing() -> None:
    assert {"no-behaviour", "no-situation", "no-impact"} <= set(found("You are great.", kind=Kind.RECOGNITION))
    complete = "On Monday you came in at 9:20, so nobody could get in. Could you ring next time?"
    assert not {"no-behaviour", "no-situation", "no-impact", "no-next-step"} & set(found(complete))


def test_a_question_that_helps_is_a_next_step_and_a_reproach_is_none() -> None:
    asked = "On Monday you came in at 9:20, so nobody could get in. What held you up?"
    assert "no-next-step" not in found(asked)
    assert "no-next-step" in found("On Monday you came in at 9:20, so nobody could get in. What were you thinking?")


# What the leader is told, and what can be done about it


def test_advice_calls_the_reader_as_the_leader_does() -> None:
    assert found("You are late.", to="the early crew")["no-situation"].advice.count("The early crew should know") == 1
    assert "Amara should know" in found("You are late.", to="Amara Okafor")["no-situation"].advice


def test_advice_quotes_the_words_and_points_at_the_day() -> None:
    advice = found(LATE)["absolute"].advice
    assert "“You're always”" in advice or "“always" in advice
    assert "Monday" in advice


def test_a_fault_dismissed_three_times_is_only_a_thought_and_what_blocks_never_is() -> None:
    threat = LATE + " This is your last warning."
    twice = found(threat, Known(dismissed=(("absolute", 2), ("threat", 9))))
    thrice = found(threat, Known(dismissed=(("absolute", 3), ("threat", 9))))
    assert (twice["absolute"].severity, thrice["absolute"].severity) == (Severity.WARN, Severity.HINT)
    assert thrice["threat"].severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("message", "code", "left"),
    [
        ("You rang all nine of them. Keep up the good work! Rosa was glad.", "stock-phrase", "You rang all nine of them. Rosa was glad."),
        ("You rang all nine of them!!!", "exaggeration", "You rang all nine of them!"),
        ("Maybe you could perhaps just ring.", "hedging", "You could perhaps just ring."),
    ],
)  # fmt: skip
def test_a_safe_fix_leaves_a_message(message: str, code: str, left: str) -> None:
    fix = found_first(message, code).fix
    assert fix and mended(message, fix) == left


def found_first(message: str, code: str) -> Finding:
    return next(one for one in check(message, about()) if one.code == code)


PIECES = st.sampled_from(
    "You rang him.|Keep up the good work!|Thanks!!!|Maybe it was just kind of late.|Great job.|On Friday you left.|\n".split(
        "|"
    )
)


@given(st.lists(PIECES, min_size=1, max_size=6).map(" ".join))
def test_a_fix_done_is_done(message: str) -> None:
    """What was mended is not found there again, and each fix makes the message shorter: mending comes to an end."""
    for _ in range(40):
        fixes = [one.fix for one in check(message, about()) if one.fix]
        if not fixes:
            return
        after = mended(message, fixes[0])
        assert len(after) < len(message)
        message = after
    raise AssertionError("mending does not come to an end")


def test_every_fault_of_the_first_list_is_there_and_says_what_it_means() -> None:
    faults = read_faults()
    assert len(faults) == 26
    assert all(fault.means and fault.advice and not fault.advice[-1].needs for fault in faults.values())
    assert {code for code, fault in faults.items() if fault.severity is Severity.BLOCK} == {
        "unsupported-claim", "private-detail", "public-criticism", "threat",
    }  # fmt: skip


# SARIF


def test_sarif_points_at_the_words_in_code_points() -> None:
    message = "😀 On Monday.\nThanks!!!"
    findings = [asdict(one) for one in check(message, about(kind=Kind.RECOGNITION))]
    run = sarif(message, findings, "note.txt")["runs"][0]
    result = next(one for one in run["results"] if one["ruleId"] == "exaggeration")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert message[region["charOffset"] :][: region["charLength"]] == "!!!" == region["snippet"]["text"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (2, 7, 10)
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "exaggeration"
    assert result["level"] == "note"
    change = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "!"


# A file, or the message itself


def test_a_file_that_is_not_there_is_not_judged_as_the_message(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("You stayed late.", "utf-8")
    assert _message(str(tmp_path / "note.txt")) == ("You stayed late.", str(tmp_path / "note.txt"))
    assert _message("Thanks for e.g. Monday and/or Friday!")[1] == "message"
    with pytest.raises(typer.Exit):
        _message(str(tmp_path / "notes.txt"))


def test_a_second_reader_is_asked_where_others_read_and_where_something_may_be_missing(desk: Desk) -> None:
    assert desk.embedder and desk.embedder.read

    def first(message: str) -> Reading:
        reading = read_message(load_tuned("checks"), message, desk.embedder.read)
        assert reading
        return reading

    whole = first(
        "On Tuesday at the handover you read every pump aloud, Amara, so nobody had to guess which ones were due."
    )
    assert not takes_two(whole, about(kind=Kind.RECOGNITION, channel=Channel.DIRECT))
    assert takes_two(whole, about(kind=Kind.RECOGNITION, channel=Channel.CARD))
    assert takes_two(first("Great work, Amara."), about(kind=Kind.RECOGNITION, channel=Channel.DIRECT))


def private_parts(desk: Desk, message: str, told: str, note: str, channel: Channel) -> list[str]:
    private = Note(id="n", person_id="p", person="Amara", date=TODAY, kind="personal", private=True, text=note)
    situation = about(told, kind=Kind.RECOGNITION, channel=channel)
    _, findings = desk.review(message, situation, [private])
    return [one.text or "" for one in findings if one.code == "private-detail"]


def test_a_hint_at_a_private_note_is_private_where_the_same_words_are_harmless_without_it(desk: Desk) -> None:
    told = "She wrote the import for the tax forms, first go-live without a hotfix."
    message = "First go-live without a hotfix, Amara. May your own papers come through as quickly!"
    (hint,) = private_parts(desk, message, told, "Her asylum appeal is still open.", Channel.PUBLIC_CHAT)
    assert "papers" in hint
    plain = "First go-live without a hotfix, Amara. May the next forms come through as quickly!"
    assert private_parts(desk, plain, told, "Her asylum appeal is still open.", Channel.PUBLIC_CHAT) == []


def test_what_a_private_note_says_of_somebody_else_is_private_in_a_message_to_one_person(desk: Desk) -> None:
    told = "Amara corrected the new receptionist in front of guests on Friday."
    message = (
        "Amara, on Friday you corrected Elif in front of guests. She is still on probation and asked about other posts."
    )
    note = "Elif is on probation and has asked me about other posts."
    assert "probation" in " ".join(private_parts(desk, message, told, note, Channel.DIRECT))
    own = "You told me your wrist hurts."
    assert private_parts(desk, "Amara, I hope your wrist no longer hurts.", told, own, Channel.DIRECT) == []
