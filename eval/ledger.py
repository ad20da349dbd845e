"""Who opened the sealed part: a line for each set of answers that was scored on it, once."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from eval.case import Case, Split, digest_of
from eval.runner import cases_digest
from eval.totals import Run


def note(ledger: Path, command: str, cases: Sequence[Case], runs: Sequence[Run]) -> None:
    """The same answers to the same cases show nothing new, and add no line."""
    sealed = [case for case in cases if case.split is Split.SEALED]
    if not sealed:
        return
    lines = ledger.read_text("utf-8").splitlines() if ledger.is_file() else []
    seen = {(entry["subject"], entry["answers"], entry["cases"]) for entry in map(json.loads, lines)}
    for run in runs:
        entry = _entry(command, sealed, run)
        if (entry["subject"], entry["answers"], entry["cases"]) not in seen:
            _append(ledger, entry)


def _entry(command: str, sealed: Sequence[Case], run: Run) -> dict[str, str]:
    answers = digest_of(
        [[row.case, row.output.message, list(row.output.ranked)] for row in run.rows if row.split == Split.SEALED]
    )
    return {
        "opened": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "subject": run.subject,
        "provenance": run.provenance,
        "cases": cases_digest(sealed),
        "answers": answers,
        "commit": str(run.manifest.get("commit", "")),
    }


def _append(ledger: Path, entry: dict[str, str]) -> None:
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with ledger.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
