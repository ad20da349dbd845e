"""Runs the whole suite and looks for its own notes, names, messages and keys in every log and temporary file it leaves.

    python -m eval.canaries [pytest arguments]

As a pytest plugin it writes down, digit for digit, each text that any test kept as a note, a name or a message, and plants
thirty canaries among them; afterwards each log, each captured error and each file left in the temporary folder is read.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHORTEST = 16
"""Characters: a shorter text is found in any log by chance."""
CANARIES = tuple(f"kanarie{at:02}q{at * 7919 % 9973:04}" for at in range(30))


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every note, name and message that passes through the records is written down; keys are canaries."""
    from coach.records import Records

    seen: set[str] = set()
    real: dict[str, Any] = {name: getattr(Records, name) for name in ("keep_notes", "keep_person", "keep_message")}

    def notes(self: Any, kept: Any, *more: Any) -> Any:
        seen.update(note.text for note in kept)
        return real["keep_notes"](self, kept, *more)

    def person(self: Any, kept: Any) -> Any:
        seen.update((kept.name, kept.role, kept.prefers))
        return real["keep_person"](self, kept)

    def message(self: Any, kept: Any) -> Any:
        seen.update((kept.text, kept.situation))
        return real["keep_message"](self, kept)

    for name, watching in (("keep_notes", notes), ("keep_person", person), ("keep_message", message)):
        monkeypatch.setattr(Records, name, watching)
    yield
    with Path(os.environ["CANARIES_SEEN"]).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(text) + "\n" for text in seen if len(text) >= SHORTEST)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "temporary").mkdir()
        (at / "seen").write_text("".join(json.dumps(one) + "\n" for one in CANARIES))
        environ = os.environ | {"TMPDIR": str(at / "temporary"), "CANARIES_SEEN": str(at / "seen")}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "eval.canaries",
            "--basetemp",
            str(at / "homes"),
            *sys.argv[1:],
        ]
        done = subprocess.run(command, env=environ, check=False)  # noqa: S603
        texts = {json.loads(line) for line in (at / "seen").read_text("utf-8").splitlines()}
        logs = [path for path in (at / "homes").rglob("logs/*") if path.is_file()]
        left = [path for path in (at / "temporary").rglob("*") if path.is_file() and "org.chromium" not in str(path)]
        traces = {form.encode("utf-8", "surrogatepass") for text in texts for form in (text, json.dumps(text)[1:-1])}
        found = {path.name: sum(one in path.read_bytes() for one in traces) for path in (*logs, *left)}
    wrong = {name: count for name, count in found.items() if count}
    print(f"{len(texts)} texts, {len(logs)} logs, {len(left)} temporary files: found in {len(wrong)} {wrong or ''}")
    return 1 if wrong or done.returncode or not logs else 0


if __name__ == "__main__":
    sys.exit(main())
