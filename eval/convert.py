"""Makes the suites' files from the labelled situations beside them (`python -m eval.convert`), so that nothing is labelled twice.

What was used while building becomes the development part, what was kept aside the sealed one. Written by hand, and left
alone here: the suites privacy and counterfactual, and what is tagged by-hand.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.case import FOLDER, Case, Split, Suite

DEVELOPMENT_MESSAGES = 88
"""The first so many: with those written by hand 120 messages, as many as in the sealed part."""
SCENES, TURNS = 20, 5
ABOUT = "She came late to the handover twice this week, and the night shift had to stay."
THIN_FROM = 2
"""A situation that lacks this many of its parts is a thin one."""
BY_HAND = "by-hand"
SAID = ("form", "fit", "facts", "invented-number", "invented-name", "asks", "asks-all", "grounded", "unblocked")
CODES = (
    "stock-phrase",
    "names-a-trait",
    "absolute",
    "mind-reading",
    "comparison",
    "faint-praise",
    "loaded-wording",
    "exaggeration",
)
FEEDBACK_CODES = ("no-next-step", "blame", "threat", "hedging", "but-clause")
BESIDE = ("line-up", "voice", "variety")
RANKED = ("recall@1", "recall@3", "recall@5", "mrr", "map", "ndcg@5", "ndcg")


def checks_of(suite: Suite, kind: str) -> tuple[str, ...]:
    feedback = FEEDBACK_CODES if kind == "feedback" else ()
    return (*SAID, *CODES, *feedback, *BESIDE) if suite is not Suite.THIN else (*SAID, *CODES, *feedback)


def message_case(row: Mapping[str, Any], split: Split) -> dict[str, Any]:
    request = row["request"]
    suite = Suite.THIN if len(row["missing"]) >= THIN_FROM else Suite(request["kind"])
    checks = checks_of(suite, request["kind"])
    return {
        "id": row["id"],
        "suite": suite.value,
        "split": split.value,
        "tags": row["tags"],
        "input": request,
        "gold": {"facts": row["facts"], "must_not": row["forbidden"], "missing": row["missing"]},
        "checks": [*checks, *(["must-not"] if row["forbidden"] else [])],
    }


def principle_case(row: Mapping[str, Any], split: Split) -> dict[str, Any]:
    return {
        "id": row["id"],
        "suite": "retrieval",
        "split": split.value,
        "tags": ["principles"],
        "input": {"q": row["q"]},
        "gold": {"relevant": row["relevant"]},
        "checks": list(RANKED),
    }


def note_case(row: Mapping[str, Any], split: Split) -> dict[str, Any]:
    return {
        "id": f"notes-{row['id']}",
        "suite": "retrieval",
        "split": split.value,
        "cluster": row["to"] or "",
        "tags": ["notes"],
        "input": {name: row[name] for name in ("q", "to", "channel", "today") if row[name]} | {"notebook": "notebook"},
        "gold": {"relevant": row["relevant"]},
        "checks": [*RANKED, "private-kept"],
    }


def scene_case(at: int, rows: Sequence[Mapping[str, Any]], split: Split) -> dict[str, Any]:
    """Some turns one after the other: what each of them does was labelled by hand."""
    return {
        "id": f"turns-{split.value[:1]}{at:02d}",
        "suite": "rehearsal",
        "split": split.value,
        "tags": ["labels"],
        "input": {"to": "Amara", "about": ABOUT, "seed": at, "say": [row["say"] for row in rows]},
        "gold": {"labels": [row["labels"] for row in rows]},
        "checks": ["rehearsal-labels"],
    }


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / "cases" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def converted(split: Split) -> Iterable[dict[str, Any]]:
    part = "dev" if split is Split.DEVELOPMENT else "kept"
    messages = read(f"drafter-{part}")
    messages = messages[:DEVELOPMENT_MESSAGES] if split is Split.DEVELOPMENT else messages
    yield from (message_case(row, split) for row in messages)
    yield from (principle_case(row, split) for row in read(f"principles-{part}"))
    yield from (note_case(row, split) for row in read(f"notes-{part}") if row["relevant"])
    turns = read(f"turns-{part}")[: SCENES * TURNS]
    yield from (scene_case(at, turns[at * TURNS : (at + 1) * TURNS], split) for at in range(SCENES))


def write(split: Split, folder: Path) -> None:
    by_suite: defaultdict[str, list[str]] = defaultdict(list)
    for row in converted(split):
        Case.model_validate(row)
        by_suite[row["suite"]].append(json.dumps(row, ensure_ascii=False))
    for suite, lines in by_suite.items():
        path = folder / f"{suite}.jsonl"
        path.write_text("\n".join([*lines, *_by_hand(path)]) + "\n", "utf-8")


def _by_hand(path: Path) -> list[str]:
    """Lines with the tag "by-hand" stay as they are."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [line for line in lines if BY_HAND in json.loads(line)["tags"]]


def main() -> None:
    write(Split.DEVELOPMENT, FOLDER / "cases")
    write(Split.SEALED, FOLDER / "sealed")


if __name__ == "__main__":
    main()
