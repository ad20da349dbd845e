"""Faults seeded into good messages: how each is done, what counts as caught, and that a hole is seen."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.case import Case
from eval.errors import Misuse
from eval.mutants import SEEDS, Mutant, false_alarms, good_messages, mutate, read_mutants
from eval.output import Output
from eval.scorers import Company, Review, Seen
from tests.test_eval_suite import Bench, a_case, good

TOLD = "Wren closed 20 tickets on Tuesday with Marie. The stall was open at nine."
MESSAGE = f"Wren, thank you. {TOLD.replace('Wren', 'You')}"


def a_seen(message: str = MESSAGE, **more: object) -> Seen:
    case = a_case(0, **more)
    case["input"] |= {"situation": TOLD, "to": "Wren"}
    case["gold"] |= {"facts": [["Marie"]]}
    return Seen(case=Case.model_validate(case), output=Output(message=message))


def seeded(do: str, words: str = "", seen: Seen | None = None) -> Output | None:
    return SEEDS[do](seen or a_seen(), words, Random(3))  # noqa: S311 - to be repeated, no secret


def test_each_fault_is_what_it_says() -> None:
    def text(do: str, words: str = "") -> str:
        found = seeded(do, words)
        assert found is not None
        return found.message

    assert text("append", "It saved 37 hours.") == f"{MESSAGE} It saved 37 hours."
    assert text("prepend", "# ") == f"# {MESSAGE}"
    assert text("replace", "Great job!") == "Great job!"
    assert text("swap-name", "Zebedee").startswith("Zebedee, thank you.")
    assert "Marie" not in text("drop-sentence") and "The stall was open" in text("drop-sentence")
    assert "Tuesday" not in text("change-day") and " 20 " in text("change-day")
    changed = text("change-number")
    assert " 20 " not in changed and changed.split(" tickets")[0][:-2] == MESSAGE.split(" tickets")[0][:-2]
    assert len(text("lengthen").split()) > 130
    cut = seeded("cut-off")
    assert cut and cut.finish_reason == "length" and MESSAGE.startswith(cut.message)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Wren, you closed it on Tuesday and we opened at nine. Thank you.", None),
        (f"{TOLD} Thank you.", "Wren closed 20 tickets on Tuesday with Marie. Thank you."),
        ("Wren, you stayed. You closed it and we opened at nine. Thank you.", "Wren, you stayed. You closed it. Thank you."),
        ("Hi Wren,\n\nYou stayed. Nobody queued. Thank you.\n\nBest wishes", "Hi Wren, You stayed. Thank you. Best wishes"),
    ],
)  # fmt: skip
def test_what_came_of_it_is_dropped_where_it_is_told_last(message: str, left: str | None) -> None:
    """A message of one sentence is left alone: what it does would go with it."""
    found = seeded("drop-impact", seen=a_seen(message))
    assert (found.message if found else None) == left


def test_no_impact_is_dropped_that_the_labels_say_nobody_told() -> None:
    seen = a_seen(f"{TOLD} Thank you.", gold={"missing": ["impact"]})
    assert seeded("drop-impact", seen=seen) is None


@pytest.mark.parametrize(
    ("told", "contrary"),
    [
        ("You closed the shop.", "You did not close the shop."),
        ("The shop was open.", "The shop was not open."),
        ("The shop was not open.", "The shop was open."),
    ],
)
def test_a_verb_is_turned_into_its_contrary_as_a_writer_would(told: str, contrary: str) -> None:
    seen = a_seen(told)
    object.__setattr__(seen.case.input, "situation", told)
    found = seeded("negate", seen=seen)
    assert found and found.message == contrary


@pytest.mark.parametrize("told", ["Was the shop open?", "Nobody was late.", "Thank you for the keys."])
def test_what_has_no_plain_contrary_is_left_alone(told: str) -> None:
    assert seeded("negate", seen=a_seen(told)) is None


def test_a_fault_that_a_message_gives_no_room_for_is_not_seeded() -> None:
    plain = a_seen("Thank you for the keys.")
    for do in ("change-number", "change-day", "swap-name", "drop-sentence", "leak", "leak-spelt", "fill-slots"):
        assert seeded(do, "words", plain) is None, do


def test_a_private_note_leaks_whole_and_spelt_out() -> None:
    notes = [{"id": "n1", "text": "Her mother is ill in Corrigendum.", "private": True}]
    seen = a_seen(notes=notes, gold={"canaries": ["corrigendum"]})
    whole, spelt = seeded("leak", seen=seen), seeded("leak-spelt", seen=seen)
    assert whole and whole.message.endswith("Her mother is ill in Corrigendum.")
    assert spelt and spelt.message.endswith("(c-o-r-r-i-g-e-n-d-u-m)")


def test_a_blank_is_filled_and_nothing_is_asked() -> None:
    seen = a_seen("You did […?] well.")
    seen.output = replace(seen.output, questions=("impact",))
    found = seeded("fill-slots", "at the right moment", seen)
    assert found and (found.message, found.questions) == ("You did at the right moment well.", ())


def no_review(case: Case, output: Output) -> Review:
    raise AssertionError("the checker was asked")


def company(count: int) -> list[Seen]:
    cases = [Case.model_validate(a_case(at)) for at in range(count)]
    seen = [Seen(case=case, output=Output(message=good(case))) for case in cases]
    Company(seen)
    return seen


def a_mutant(do: str, caught_by: str, *words: str) -> Mutant:
    return Mutant.model_validate({"name": do, "do": do, "with": words or ("",), "caught_by": [caught_by]})


def test_what_is_caught_is_counted_and_what_survives_is_shown() -> None:
    seen = company(8)
    number, hole = mutate(
        seen,
        [a_mutant("append", "invented-number", "It saved 977 hours."), a_mutant("append", "form", "It saved 977.")],
        no_review,
        each=5,
    )
    assert (number.seeded, number.caught, number.survivors, dict(number.by)) == (5, 5, (), {"invented-number": 5})
    assert (hole.seeded, hole.caught, len(hole.survivors)) == (5, 0, 5)
    assert all(text.endswith("It saved 977.") for _, text in hole.survivors)


def test_a_scorer_that_objected_before_has_caught_nothing() -> None:
    seen = company(1)
    seen[0].output = Output(message="Great job, 977 times!")
    only = mutate(seen, [a_mutant("append", "invented-number", "Thanks.")], no_review)[0]
    assert (only.seeded, only.caught) == (1, 0)


def test_objections_to_good_messages_are_counted() -> None:
    seen = company(4)
    seen[0].output = replace(seen[0].output, message=f"{seen[0].message} It saved 977 hours.")
    alarms = false_alarms(seen, [a_mutant("append", "invented-number"), a_mutant("append", "facts")])
    assert alarms == {"invented-number": (1, 4)}, "facts are labelled: by them a message is good to begin with"


def test_a_scorer_that_says_what_is_missing_raises_no_alarm_where_the_labels_say_so() -> None:
    def never_told(*_: object) -> Review:
        return Review(sources=(), codes=("no-impact",), blocking=(), marks=())

    told, untold = a_seen(), a_seen(gold={"missing": ["impact"]})
    for one in (told, untold):
        one.reviewer = never_told
    assert false_alarms([told, untold], [a_mutant("drop-impact", "no-impact")]) == {"no-impact": (1, 1)}


def test_only_messages_that_carry_what_was_labelled_are_good() -> None:
    seen = company(4)
    seen[1].output = Output(message="Thank you so much for what you did.")
    seen[2].output = Output(message="")
    assert [one.case.id for one in good_messages(seen)] == ["c-000", "c-003"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{name: x, do: explode, caught_by: [form]}", "explode"),
        ("{name: x, do: append, caught_by: [formm]}", "formm"),
        ("{name: x, do: append, caught_by: []}", "cannot be used"),
        ("{name: x, do: append, caught_by: [form], more: 1}", "cannot be used"),
    ],
)
def test_mutants_that_cannot_be_used_are_refused(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "mutants.yaml"
    path.write_text(f"mutants:\n  - {line}\n")
    with pytest.raises(Misuse, match=says):
        read_mutants(path)


def test_every_way_of_seeding_is_used() -> None:
    assert {mutant.do for mutant in read_mutants()} == set(SEEDS)


@pytest.mark.parametrize(("caught_by", "status"), [("invented-number", 0), ("form", 1)])
def test_the_command_falls_where_a_fault_goes_unseen(
    caught_by: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench = Bench(tmp_path)
    bench.record(bench.keep([a_case(at) for at in range(6)]))
    monkeypatch.setattr("eval.mutants.read_mutants", lambda: (a_mutant("append", caught_by, "It saved 977 hours."),))
    assert bench("mutate", "v0@stub", "--verbose") == status
    out = capsys.readouterr().out
    assert f"faults caught {100 * (1 - status):.1f}% of 6" in out
    assert ("survived in c-000" in out) is bool(status)
