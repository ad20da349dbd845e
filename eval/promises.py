"""How surely promises are found, with the day they are due: `make eval-promises`.

A promise is found when what was found shares at least half its words with what is labelled and the same side made it;
`dated` also asks that the day is the labelled one, or that both have none.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from coach.language import lemma, tokens_of
from coach.promise import find_promises
from coach.promise_rules import FoundPromise
from eval.intervals import share

CASES = Path(__file__).parent / "cases"
PARTS = tuple(
    f"promises{of}-{part}" for of in ("", "-own", "-plain", "-fresh", "-more", "-later") for part in ("dev", "kept")
)
SHARED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Of one text: promises found, labelled, found that are labelled, and those of them with the right day."""

    found: int
    labelled: int
    right: int
    dated: int


def judge(case: dict[str, Any]) -> Judged:
    found = list(find_promises(case["text"], date.fromisoformat(case["written"])))
    wanted, right, dated = list(case["promises"]), 0, 0
    for one in found:
        same = [want for want in wanted if is_found(one, want)]
        if same:
            best = max(same, key=lambda want: day_of(want) == one.due)
            wanted.remove(best)
            right, dated = right + 1, dated + (day_of(best) == one.due)
    return Judged(found=len(found), labelled=len(case["promises"]), right=right, dated=dated)


def day_of(label: dict[str, Any]) -> date | None:
    return date.fromisoformat(label["due"]) if label["due"] else None


def is_found(one: FoundPromise, label: dict[str, Any]) -> bool:
    """Half of the shorter one's words stand in the other, and the same side promised."""
    mine, theirs = _words(one.what), _words(label["what"])
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    return one.by.value == label["who"] and shared >= SHARED


def _words(text: str) -> set[str]:
    return {lemma(token.low) for token in tokens_of(text) if token.text[0].isalnum()}


def report(name: str, cases: Sequence[dict[str, Any]]) -> str:
    judged = [judge(case) for case in cases]
    found, labelled, right, dated = (
        sum(getattr(j, part) for j in judged) for part in ("found", "labelled", "right", "dated")
    )
    figures = (
        ("precision", right, found), ("recall", right, labelled),
        ("precision with the day", dated, found), ("recall with the day", dated, labelled),
    )  # fmt: skip
    lines = [f"{name}: {len(cases)} texts, {labelled} promises, {found} found"]
    for what, count, of in figures:
        lines.append(f"  {what:24} {share([True] * count + [False] * (of - count))}")
    return "\n".join(lines)


def main() -> None:
    for name in PARTS:
        path = CASES / f"{name}.jsonl"
        if path.exists():
            print(report(name, [json.loads(line) for line in path.read_text("utf-8").splitlines()]), flush=True)


if __name__ == "__main__":
    main()
