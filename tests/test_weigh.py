"""What the readers, the rules and the wording say of a word, weighed together."""

import numpy as np
import pytest

from coach import ground as grounding
from coach.embed import built_in_embedder
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


def test_more_doubt_never_makes_a_word_more_credible(monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.weigh import _trees

    _, table = evidence(case_of("Ingeborg, you told the manager at nine.", LITERAL, "Ingeborg", monkeypatch))
    before = _trees()(table)
    for column in SPEAKS_FOR:
        more = table.copy()
        more[:, column] += 3
        assert (_trees()(more) >= before - 1e-6).all()


def test_nothing_but_a_name_weighs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weigh(case_of("Ingeborg.", LITERAL, "Ingeborg", monkeypatch)) == []
