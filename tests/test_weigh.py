"""What the readers, the rules and the wording say of a word, weighed together."""

from dataclasses import replace

import numpy as np
import pytest

from coach import ground as grounding
from coach.embed import built_in_embedder
from coach.evidence import Objection, Rule
from coach.ground import ground
from coach.weigh import SPEAKS_FOR, Case, evidence, weigh

LITERAL = "Ingeborg set both pumps going on Thursday, put a wet cloth over the motor and told the night crew. Oil was at 81 degrees."
SUMS = "Ibrahim sold 40 boxes at 12 euros on Monday and 20 on Tuesday, Mon-Tue only. The target was 50."


def case_of(message: str, told: str, to: str, monkeypatch: pytest.MonkeyPatch) -> Case:
    seen: list[Case] = []
    monkeypatch.setattr(grounding, "weigh", lambda case: seen.append(case) or [])
    ground(message, told, [], (to,), built_in_embedder().read)
    return seen[0]


def unsupported(message: str, told: str, to: str) -> str:
    clauses = ground(message, told, [], (to,), built_in_embedder().read)
    return " | ".join(clause.text for clause in clauses if clause.source == "none")


@pytest.mark.parametrize(
    ("message", "added"),
    [
        ("Ingeborg, on Thursday you set both pumps going, put a wet cloth over the motor and told the manager.", "manager"),
        ("Ingeborg, on Thursday you set both pumps going, put a wet cloth over the motor and told the night crew and the harbour master.", "harbour"),
        ("Ingeborg, on Thursday you set all three pumps going and put a wet cloth over the motor.", "three"),
        ("Ingeborg, on Thursday you put a wet cloth over the motor. The oil was at 91 degrees.", "91"),
    ],
)  # fmt: skip
def test_a_word_changed_in_a_literal_clause_is_found(message: str, added: str) -> None:
    assert added in unsupported(message, LITERAL, "Ingeborg")


def test_a_word_that_only_the_trees_doubt_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    told = (
        "Tomasz. Tuesday night shift, hangar 3. found the torque wrench out of calibration (sticker expired 2 wks ago), stopped, "
        "tagged it, rechecked the 6 wheel bolts he'd already done with a good one. all six were fine as it happens"
    )
    message = (
        "On Tuesday you stopped work in hangar 3 when you found the torque wrench out of calibration, and rechecked all six "
        "wheel bolts. Two of them needed retightening, so it was well worth it. Thank you."
    )
    assert "Two of them" in unsupported(message, told, "Tomasz")
    monkeypatch.setattr(grounding, "weigh", lambda case: [])
    assert "Two of them" not in unsupported(message, told, "Tomasz")


@pytest.mark.parametrize(
    ("message", "told", "amount"),
    [
        (
            "Eighteen percent over in Q2 speaks for itself. What I'd like to talk about instead is Ridgeway. The phone rang on your "
            "desk, and you could have kept quiet about it. You passed it to Theo because that's where it belonged. That's the kind "
            "of team I want to be part of.",
            "Danielle, quota 118% for Q2. But what I liked is she gave the Ridgeway lead to Theo because it's his region, even though "
            "they called her",
            "Eighteen",
        ),
        (
            "Somebody left a surprise under that hood, and the easy road was to let it roll on down the line and be someone else's "
            "headache. You took the other road: clean part, clean story, clean conscience, not a dime for it. A third of an hour "
            "well spent, compa.",
            "Danielle found the guy before him had left a rag in the intake on the Silverado. coulda let it go back to the dealer. "
            "cleaned it, told the customer straight, no charge. 20 min job",
            "third",
        ),
    ],
)
def test_a_rule_counts_only_where_the_readers_see_something_too(
    message: str, told: str, amount: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert amount not in unsupported(message, told, "Danielle")
    monkeypatch.setattr(grounding, "SEEN_FROM", 0.0)
    assert amount in unsupported(message, told, "Danielle")


def test_what_the_readers_did_not_get_to_is_left_to_the_rules() -> None:
    sums = ", ".join(f"{1117 + 137 * at}.10" for at in range(130))
    told = f"Marguerite checked the sums {sums}."
    message = f"Marguerite, you checked {sums[:620]}. On Wednesday you said it was 4,999 euros."
    assert "4,999" in unsupported(message, told, "Marguerite")


@pytest.mark.parametrize(
    "message",
    [
        "Ibrahim, from Monday to Tuesday you sold 60 boxes, ten over the target.",
        "Ibrahim, on Monday you sold 40 boxes at twelve euros and on Tuesday half as many.",
    ],
)
def test_what_can_be_worked_out_is_supported(message: str) -> None:
    assert unsupported(message, SUMS, "Ibrahim") == ""


def test_every_word_but_the_name_is_weighed_by_as_many_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of("Ingeborg, you set both pumps going.", LITERAL, "Ingeborg", monkeypatch)
    words, table = evidence(case)
    assert [word.text for word in words] == ["you", "set", "both", "pumps", "going"]
    assert table.shape[0] == 5 and table.dtype == np.float32 and np.isfinite(table).all()
    assert [word for word, _ in weigh(case)] == words and all(0 <= p <= 1 for _, p in weigh(case))


def test_a_rule_moves_its_own_column(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of("Ingeborg, you told the manager at nine.", LITERAL, "Ingeborg", monkeypatch)
    words, without = evidence(replace(case, objections=[]))
    at = next(i for i, word in enumerate(words) if word.text == "manager")
    for column, rule in zip(SPEAKS_FOR[-len(Rule) :], Rule, strict=True):
        against = Objection(words[at].start, words[at].end, "", rule)
        _, table = evidence(replace(case, objections=[against]))
        assert np.flatnonzero(table[at] != without[at]).tolist() == [column]


def test_more_doubt_never_makes_a_word_more_credible(monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.weigh import _trees

    _, table = evidence(case_of("Ingeborg, you told the manager at nine.", LITERAL, "Ingeborg", monkeypatch))
    before = _trees()(table)
    for column in SPEAKS_FOR:
        more = table.copy()
        more[:, column] += 3
        assert (_trees()(more) >= before - 1e-6).all()


def test_a_courtesy_is_not_weighed() -> None:
    told = "she walked the new clerk through the booking screen at the desk on Tuesday. nobody had to queue twice"
    message = (
        "Amara, you walked the new clerk through the booking screen at the desk on Tuesday. Nobody had to queue twice. "
        "Thank you, and see you at handover."
    )
    assert unsupported(message, told, "Amara") == ""


def test_nothing_but_a_name_weighs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weigh(case_of("Ingeborg.", LITERAL, "Ingeborg", monkeypatch)) == []
