"""How faithfully the built-in drafter carries what was typed (`make eval-drafter`): facts, what is forbidden, what is asked."""

import json
import re
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from coach.desk import Desk, Reply, open_desk
from coach.settings import read_settings
from coach.situation import Channel, Kind, Missing, Pronouns, Situation

CASES = Path(__file__).parent / "cases"
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


def main(verbose: bool) -> None:
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    for part in ("dev", "kept"):
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
            if verbose and part == "dev" and (missed or passed_on or none or wrong):
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
