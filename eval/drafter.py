"""How faithfully the built-in drafter carries what was typed (`make eval-drafter`): facts, what is forbidden, what is asked, and
whom each "she" means."""

import json
import re
import sys
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from coach.desk import Desk, Reply, open_desk
from coach.embed import built_in_embedder
from coach.language import tag
from coach.settings import read_settings
from coach.situation import Channel, Kind, Missing, Pronouns, Situation
from coach.tuned import label_text, load_tuned
from coach.turn import read_scene, recipient, settle
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
    labels = label_text(load_tuned("mentions"), case["to"], text, read) if read else None
    taken = settle(scene, text, partial(labels.peak, "recipient"))[1] if labels and not scene.typed_to_you else ()
    marked = {m.start() - 4 * at - 2 for at, m in enumerate(re.finditer(r"(?<=\{\{)", case["marked"]))}
    return [(token.start in marked, token.start in taken) for token in tag(text) if token.low in THIRD_PERSON]


def print_pronouns() -> None:
    cases = [json.loads(line) for line in (CASES / "mentions-kept.jsonl").read_text("utf-8").splitlines()]
    of_cases = [pronouns(case) for case in cases]
    every = [pair for pairs in of_cases for pair in pairs]
    print(f"mentions-kept n={len(cases)}  pronouns understood {share([wanted == taken for wanted, taken in every])}")
    print(f"      the recipient's {share([taken for wanted, taken in every if wanted])}, somebody else's "
          f"{share([not taken for wanted, taken in every if not wanted])}, "
          f"texts without a mistake {share([all(w == t for w, t in pairs) for pairs in of_cases])}")  # fmt: skip


def main(verbose: bool) -> None:
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    print_pronouns()
    for part in ("dev", "kept", "fresh-dev", "fresh-kept", "later-kept", "unfit-dev", "unfit-kept"):
        cases = [json.loads(line) for line in (CASES / f"drafter-{part}.jsonl").read_text("utf-8").splitlines()]
        facts = lost = leaked = forbidden = ungrounded = 0
        asked = {kind: [0, 0, 0] for kind in Missing}  # asked rightly, needlessly, not asked
        for case in cases:
            reply = reply_to(desk, case["request"])
            message = reply.draft.message
            missed = [fact for fact in case["facts"] if not carried(message, fact)]
            passed_on = [text for text in case["forbidden"] if text.casefold() in message.casefold()]
            none = [clause.text for clause in reply.clauses if clause.source == "none"]
            facts, lost = facts + len(case["facts"]), lost + len(missed)
            forbidden, leaked = forbidden + len(case["forbidden"]), leaked + len(passed_on)
            ungrounded += len(none)
            questions = {question.missing.value for question in reply.draft.questions}
            for kind in Missing:
                wanted, got = kind.value in case["missing"], kind.value in questions
                asked[kind][0] += wanted and got
                asked[kind][1] += got and not wanted
                asked[kind][2] += wanted and not got
            wrong = sorted(questions ^ set(case["missing"]))
            if verbose and part.endswith("dev") and (missed or passed_on or none or wrong):
                print(
                    f"\n{case['id']} to {case['request']['to']} {case['request']['kind']}/{case['request']['channel']}"
                )
                print(f"  IN  {case['request']['situation']}\n  OUT {message}")
                print(
                    f"  lost {missed} leaked {passed_on} none {none} asked {sorted(questions)} wanted {case['missing']}"
                )
        print(f"{part:5} n={len(cases)}  facts carried {1 - lost / facts:.1%} of {facts}, forbidden passed on {leaked} of {forbidden}, "
              f"own clauses without a source {ungrounded}")  # fmt: skip
        for kind, (right, needless, silent) in asked.items():
            print(
                f"      {kind.value:10} asked {right} of {right + silent}, needlessly {needless} of {len(cases) - right - silent}"
            )


if __name__ == "__main__":
    main("--verbose" in sys.argv)
