"""How faithfully the built-in drafter carries what was typed (`make eval-drafter`): facts, what is forbidden, what is asked, and
whom each "she" means."""

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from coach.desk import Desk, Reply, open_desk
from coach.embed import built_in_embedder
from coach.language import tag
from coach.recipient import recipient
from coach.scene import read_scene, settle
from coach.settings import read_settings
from coach.situation import Channel, Kind, Missing, Pronouns, Situation
from coach.tuned import label_mentions, load_tuned
from eval.intervals import share

CASES = Path(__file__).parent / "cases"
THIRD_PERSON = frozenset("he she they him her them his hers their theirs himself herself themselves themself".split())
TODAY = date(2026, 11, 21)


def reply_to(desk: Desk, request: dict[str, Any]) -> Reply:
    day = request.get("date")
    return desk.write(
        Situation(
            text=request["situation"],
            to=request["to"],
            kind=Kind(request["kind"]),
            channel=Channel(request["channel"]),
            pronouns=Pronouns(request["pronouns"]) if "pronouns" in request else None,
            happened=date.fromisoformat(day) if day else None,
            today=date.fromisoformat(request["today"]) if "today" in request else TODAY,
        )
    )


def carried(message: str, fact: list[str]) -> bool:
    folded = re.sub(r"\s+", " ", message.casefold().replace("’", "'"))
    return any(wording.casefold().replace("’", "'") in folded for wording in fact)


def pronouns(case: dict[str, Any]) -> list[tuple[bool, bool]]:
    """Of each "she", "his", "them" of a text: whether it means the recipient, and whether the drafter takes it to.

    `marked`: the text with each word that means the recipient in double braces.
    """
    text = re.sub(r"\{\{|\}\}", "", case["marked"])
    scene = read_scene(recipient(case["to"], (), None), text)
    read = built_in_embedder().read
    labels = label_mentions(load_tuned("mentions"), case["to"], text, read) if read else None
    taken = settle(scene, text, partial(labels.peak, "recipient"))[1] if labels and not scene.typed_to_you else ()
    marked = {m.start() - 4 * at - 2 for at, m in enumerate(re.finditer(r"(?<=\{\{)", case["marked"]))}
    return [(token.start in marked, token.start in taken) for token in tag(text) if token.low in THIRD_PERSON]


def cases_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]


def print_pronouns(part: str) -> None:
    cases = cases_of(f"mentions-{part}")
    of_cases = [pronouns(case) for case in cases]
    every = [pair for pairs in of_cases for pair in pairs]
    print(f"mentions-{part} n={len(cases)}  pronouns understood {share([wanted == taken for wanted, taken in every])}")
    print(f"      the recipient's {share([taken for wanted, taken in every if wanted])}, somebody else's "
          f"{share([not taken for wanted, taken in every if not wanted])}, "
          f"texts without a mistake {share([all(w == t for w, t in pairs) for pairs in of_cases])}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drafted:
    """A case and its draft. `asked`: the kinds of what is missing that the questions are about."""

    case: dict[str, Any]
    message: str
    lost: list[list[str]]
    passed_on: list[str]
    without_source: list[str]
    asked: frozenset[str]


def drafted(desk: Desk, case: dict[str, Any]) -> Drafted:
    reply = reply_to(desk, case["request"])
    message = reply.draft.message
    return Drafted(
        case=case,
        message=message,
        lost=[fact for fact in case["facts"] if not carried(message, fact)],
        passed_on=[text for text in case["forbidden"] if text.casefold() in message.casefold()],
        without_source=[clause.text for clause in reply.clauses if clause.source == "none"],
        asked=frozenset(question.missing.value for question in reply.draft.questions),
    )


def print_faults(one: Drafted) -> None:
    case, request = one.case, one.case["request"]
    if not (one.lost or one.passed_on or one.without_source or one.asked ^ set(case["missing"])):
        return
    print(f"\n{case['id']} to {request['to']} {request['kind']}/{request['channel']}")
    print(f"  IN  {request['situation']}\n  OUT {one.message}")
    print(f"  lost {one.lost} passed on {one.passed_on} without a source {one.without_source} "
          f"asked {sorted(one.asked)} wanted {case['missing']}")  # fmt: skip


def print_part(part: str, every: Sequence[Drafted]) -> None:
    facts, lost = sum(len(one.case["facts"]) for one in every), sum(len(one.lost) for one in every)
    forbidden = sum(len(one.case["forbidden"]) for one in every)
    print(f"{part:5} n={len(every)}  facts carried {1 - lost / max(facts, 1):.1%} of {facts}, "
          f"forbidden passed on {sum(len(one.passed_on) for one in every)} of {forbidden}, "
          f"own clauses without a source {sum(len(one.without_source) for one in every)}")  # fmt: skip
    for kind in Missing:
        missing = [one.asked >= {kind.value} for one in every if kind.value in one.case["missing"]]
        told = [one.asked >= {kind.value} for one in every if kind.value not in one.case["missing"]]
        print(f"      {kind.value:10} asked {sum(missing)} of {len(missing)}, needlessly {sum(told)} of {len(told)}")


PARTS = (
    "dev kept fresh-dev fresh-kept later-kept unfit-dev unfit-kept keptout-dev keptout-kept thin-dev thin-kept".split()
)


def main(verbose: bool) -> None:
    """Prints every part; with `verbose` also what went wrong, of the parts not kept aside."""
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    for part in ("kept", "everyday-kept"):
        print_pronouns(part)
    for part in PARTS:
        every = [drafted(desk, case) for case in cases_of(f"drafter-{part}")]
        for one in every if verbose and part.endswith("dev") else ():
            print_faults(one)
        print_part(part, every)


if __name__ == "__main__":
    main("--verbose" in sys.argv)
