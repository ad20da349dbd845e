"""How surely the checker finds each fault, and how often it finds one in a clean message (`make eval-checks`).

`checks-dev.jsonl` was used to train and choose; `checks-kept.jsonl` was not looked at. Beside it what proselint finds of
the same messages, and write-good and alex where npm can fetch them, and what share of faults seeded into clean messages it sees.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from coach.bulk import in_order
from coach.contract import check_reply
from coach.desk import Desk, open_desk
from coach.faults import read_faults
from coach.settings import read_settings
from eval.intervals import share
from eval.seeded import seeded

CASES = Path(__file__).parent / "cases"
UNLABELLED = ("unsupported-claim", "prefers-private", "two-recipients")
"""Judged with a situation or a notebook beside the message, which these cases do not have."""
NOT_SEEDED = ("prefers-private", "two-recipients")
GOALS = "goals: macro F1 0.80, no code under 0.60, at most 10 % of clean messages with a false alarm, 15 ms"
RESAMPLES = 500
TOGETHER = 10
Found = list[dict[str, Any]]


def cases_of(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"checks-{part}.jsonl").read_text("utf-8").splitlines()]


def wanted(case: Mapping[str, Any]) -> frozenset[str]:
    return frozenset([*(span["code"] for span in case["spans"]), *case["message_codes"]])


def judge(desk: Desk, case: Mapping[str, Any]) -> Found:
    request = {
        key: case[key] for key in ("message", "kind", "channel", "to", "situation", "date", "today") if key in case
    }
    findings: Found = check_reply(desk, request)["findings"]
    return findings


def judge_all(desk: Desk, cases: Sequence[Mapping[str, Any]]) -> tuple[list[Found], float]:
    """What is found, and how many milliseconds a message takes, as `coach check --jsonl` does it: the median of runs of ten."""
    found, ends = [], [time.perf_counter()]
    for one in in_order(partial(judge, desk), cases, os.cpu_count() or 1):
        found.append(one)
        ends.append(time.perf_counter())
    runs = zip(ends[::TOGETHER], ends[TOGETHER::TOGETHER], strict=False)
    return found, statistics.median(1_000 * (end - start) / TOGETHER for start, end in runs)


def f1(hits: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs (wanted, found)."""
    both = sum(w and f for w, f in hits)
    precision = both / max(1, sum(f for _, f in hits))
    recall = both / max(1, sum(w for w, _ in hits))
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def interval(hits: Sequence[tuple[bool, bool]]) -> str:
    """Of the F1, by resampling the messages (95 %)."""
    draw = np.random.default_rng(0)
    table = np.array(hits)
    found = [f1(list(map(tuple, table[draw.integers(0, len(table), len(table))]))) for _ in range(RESAMPLES)]
    low, high = np.percentile([one[2] for one in found], [2.5, 97.5])
    return f"[{low:.2f}, {high:.2f}]"


def overlaps(case: Mapping[str, Any], finding: Mapping[str, Any]) -> bool:
    if finding["start"] is None:
        return True
    return any(
        finding["start"] < (at := case["message"].index(span["text"])) + len(span["text"]) and at < finding["end"]
        for span in case["spans"]
        if span["code"] == finding["code"]
    )


def report(part: str, cases: Sequence[dict[str, Any]], judged: Sequence[Found]) -> None:
    codes = [code for code in read_faults() if code not in UNLABELLED]
    scores = []
    print(
        f"\n{part}: {len(cases)} messages. By message, a code is found or not; a span counts only over a labelled one."
    )
    print(f"{'code':18} {'n':>4} {'precision':>9} {'recall':>7} {'F1':>6}")
    for code in codes:
        hits = [
            (code in wanted(case), any(one["code"] == code for one in found))
            for case, found in zip(cases, judged, strict=True)
        ]
        precision, recall, score = f1(hits)
        scores.append(score)
        positives = sum(want for want, _ in hits)
        low = "  under 0.60" if score < 0.6 else ""
        print(f"{code:18} {positives:4} {precision:9.2f} {recall:7.2f} {score:6.2f} {interval(hits)}{low}")
    print(f"macro F1 {statistics.mean(scores):.3f} over {len(codes)} codes")
    clean = [found for case, found in zip(cases, judged, strict=True) if not wanted(case)]
    print(f"clean messages with any false alarm {share([bool(found) for found in clean])}")
    pointing = [(c, o) for c, found in zip(cases, judged, strict=True) for o in found if o["start"] is not None]
    sliced = [case["message"][one["start"] : one["end"]] == one["text"] for case, one in pointing]
    print(f"spans that slice the message exactly {share(sliced)}")
    right = [(c, o) for c, o in pointing if o["code"] in wanted(c)]
    print(f"  of those with a right code, over labelled words {share([overlaps(c, o) for c, o in right])}")


# What others find


def by_proselint(texts: Sequence[str]) -> list[bool]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for at, text in enumerate(texts):
            (Path(folder) / f"{at}.md").write_text(text, "utf-8")
        command = [str(Path(sys.executable).with_name("proselint")), "check", "-o", "json", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        reply = json.loads(done.stdout)["result"]
        flagged = {Path(name).stem for name, one in reply.items() if one.get("diagnostics")}
        found = [str(at) in flagged for at in range(len(texts))]
    return found


NODE = """
const fs = require("fs"); const texts = JSON.parse(fs.readFileSync(0, "utf8"));
const wg = require("write-good");
import("alex").then((alex) => console.log(JSON.stringify({
  "write-good": texts.map((t) => wg(t).length > 0), alex: texts.map((t) => alex.markdown(t).messages.length > 0),
})));
"""


def by_npm(texts: Sequence[str]) -> dict[str, list[bool]]:
    """Raises OSError or CalledProcessError where there is no node or no npm registry."""
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "write-good@1.0.8", "alex@11.0.1"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)  # noqa: S603
        done = subprocess.run(  # noqa: S603
            ["node", "-e", NODE],  # noqa: S607
            cwd=folder,
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, list[bool]] = json.loads(done.stdout)
    return found


def beside(part: str, cases: Sequence[dict[str, Any]], judged: Sequence[Found]) -> None:
    """Whether anything is said at all of messages with a fault, and of clean ones: the only question all can answer."""
    texts = [case["message"] for case in cases]
    others: dict[str, list[bool]] = {"Coach": [bool(found) for found in judged], "proselint": by_proselint(texts)}
    try:
        others |= by_npm(texts)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"write-good and alex did not run here: {type(error).__name__}")
    print(f"\n{part}: messages of which anything is said")
    for name, said in others.items():
        faulty = [yes for case, yes in zip(cases, said, strict=True) if wanted(case)]
        clean = [yes for case, yes in zip(cases, said, strict=True) if not wanted(case)]
        print(f"{name:10} with a fault {share(faulty)}, clean {share(clean)}")


def show(cases: Sequence[dict[str, Any]], judged: Sequence[Found]) -> None:
    """What went wrong on the development part, by code."""
    wrong: dict[str, list[str]] = defaultdict(list)
    for case, found in zip(cases, judged, strict=True):
        codes = {one["code"] for one in found}
        for code in wanted(case) - codes:
            words = [span["text"] for span in case["spans"] if span["code"] == code] or case["message"]
            wrong[code].append(f"  missed  {case['id']} {words}")
        for one in found:
            if one["code"] not in wanted(case):
                wrong[one["code"]].append(f"  alarm   {case['id']} {one['text'] or case['message']} ({one['why']})")
    for code, lines in sorted(wrong.items()):
        print(code, *lines, sep="\n")


def seed_faults(desk: Desk, part: str, cases: Sequence[dict[str, Any]]) -> None:
    """What share of the faults seeded into the part's clean messages is caught, by code."""
    caught: dict[str, list[bool]] = defaultdict(list)
    kinds = {code: fault.kind for code, fault in read_faults().items() if code not in NOT_SEEDED}
    for code, case, words in seeded(cases, kinds):
        found = judge(desk, case)
        at = case["message"].find(words)
        right = [one for one in found if one["code"] == code]
        caught[code].append(any(one["start"] is None or _touches(one, at, len(words)) for one in right))
    print(f"\n{part}: faults seeded into clean messages that are caught")
    for code, hits in caught.items():
        print(f"{code:18} {share(hits)}")
    print(f"{'all':18} {share([hit for hits in caught.values() for hit in hits])}")


def _touches(finding: Mapping[str, Any], at: int, size: int) -> bool:
    return not size or (int(finding["start"]) < at + size and at < int(finding["end"]))


def main(parts: Sequence[str], verbose: bool, compare: bool, some: Callable[[dict[str, Any]], bool]) -> None:
    desk = open_desk(read_settings(Path(tempfile.mkdtemp()), {}))
    for part in parts:
        cases = [case for case in cases_of(part) if some(case)]
        judge(desk, cases[0])
        judged, each = judge_all(desk, cases)
        report(part, cases, judged)
        print(f"{each:.1f} ms a message in bulk")
        seed_faults(desk, part, cases)
        if compare:
            beside(part, cases, judged)
        if verbose and part == "dev":
            show(cases, judged)
    print(f"\n{GOALS}")


if __name__ == "__main__":
    only_dev = "--dev" in sys.argv
    main(["dev"] if only_dev else ["dev", "kept"], "--verbose" in sys.argv, not only_dev, lambda _: True)
