"""How well invented and private parts of a message are found (`make eval-grounding`), and how often supported ones are flagged.

`grounding-dev.jsonl` was used to train and choose; `grounding-kept.jsonl` was not looked at. Of each part a "hard" one: said in
wholly other words, or with an addition inside a supported sentence; `hard-dev` has taught the readers. `fresh-kept` is by other hands.
`near-kept` mostly adds or changes a word or two of an otherwise literal message. `private` is about private details alone, told by hints.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.contract import check_reply
from coach.desk import Desk, open_desk
from coach.settings import read_settings
from eval.intervals import share

CASES = Path(__file__).parent / "cases"
PARTS = "dev kept hard-dev hard-kept fresh-kept later-dev later-kept near-kept free-dev free-kept private-dev private-kept".split()


def review(desk: Desk, case: dict[str, Any]) -> list[dict[str, Any]]:
    reply = check_reply(desk, case["request"])
    findings: list[dict[str, Any]] = reply["findings"]
    return findings


def overlaps(message: str, part: str, findings: Sequence[dict[str, Any]]) -> bool:
    at = message.index(part)
    return any(finding["start"] < at + len(part) and at < finding["end"] for finding in findings)


def main(verbose: bool) -> None:
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    for part in PARTS:
        cases = [json.loads(line) for line in (CASES / f"grounding-{part}.jsonl").read_text("utf-8").splitlines()]
        found, private, alarms, private_alarms = [], [], [], []
        for case in cases:
            message, findings = case["request"]["message"], review(desk, case)
            unsupported = [one for one in findings if one["code"] == "unsupported-claim"]
            details = [one for one in findings if one["code"] == "private-detail"]
            found += [overlaps(message, text, unsupported) for text in case["inventions"]]
            private += [overlaps(message, text, details) for text in case["private"]]
            alarms += [] if case["inventions"] else [bool(unsupported)]
            private_alarms += [] if case["private"] else [bool(details)]
            if verbose and part.endswith("dev"):
                _show(case, unsupported, details)
        print(f"{part:10} n={len(cases)}  inventions found {share(found)}, supported messages flagged {share(alarms)}")
        print(f"           private details found {share(private)}, other messages flagged {share(private_alarms)}")


def _show(case: dict[str, Any], unsupported: Sequence[dict[str, Any]], details: Sequence[dict[str, Any]]) -> None:
    message = case["request"]["message"]
    missed = [text for text in case["inventions"] if not overlaps(message, text, unsupported)]
    unfound = [text for text in case["private"] if not overlaps(message, text, details)]
    alarms = [one["text"] for one in unsupported if not case["inventions"]]
    private_alarms = [one["text"] for one in details if not case["private"]]
    if missed or unfound or alarms or private_alarms:
        print(
            f"\n{case['id']} {case['request']['situation']} {[n['text'] for n in case['request']['notes']]}\n  {message}"
        )
        print(f"  missed {missed} alarms {alarms} private missed {unfound} private alarms {private_alarms}")


if __name__ == "__main__":
    main("--verbose" in sys.argv)
