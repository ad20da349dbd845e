"""What the checker is asked to notice: faults seeded into clean messages (eval/seeded.py)."""

from coach.faults import read_faults
from coach.situation import Kind
from eval.checks import NOT_SEEDED, cases_of
from eval.seeded import seeded

KINDS = {code: fault.kind for code, fault in read_faults().items() if code not in NOT_SEEDED}


def test_every_fault_is_seeded_and_its_words_stand_in_the_message() -> None:
    found = list(seeded(cases_of("dev"), KINDS))
    assert {code for code, _, _ in found} == set(KINDS)
    assert all(words in case["message"] for _, case, words in found)
    assert all(KINDS[code] in ("both", case["kind"]) for code, case, _ in found)


def test_what_a_message_needs_is_taken_away() -> None:
    found = list(seeded(cases_of("dev"), KINDS))
    asked = [case["message"] for code, case, _ in found if code == "no-next-step"]
    assert asked and not [message for message in asked if "?" in message]
    spoilt = [case for code, case, _ in found if code == "public-criticism"]
    assert spoilt and all(case["kind"] == Kind.FEEDBACK and case["channel"] == "public-chat" for case in spoilt)
