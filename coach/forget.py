"""What is left of a person beside the records: exports in the home, backups, a damaged database that was set aside.

The records go last: as long as they are there, a forgetting that was cut short can be done again. Until all of it is
done `forgetting` in the home holds the person's random id, and each start looks for it.
"""

import json
import uuid
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from coach.backup import backups
from coach.records import Person, Records, open_records


def start_forgetting(home: Path, person_id: str) -> None:
    (home / "forgetting").write_text(person_id)


def cut_short(home: Path) -> str | None:
    """The id of a person whose forgetting did not end."""
    path = home / "forgetting"
    return path.read_text("utf-8") if path.exists() else None


def end_forgetting(home: Path) -> None:
    (home / "forgetting").unlink(missing_ok=True)


def forget_in_backups(records: Records, person_id: str) -> int:
    """Takes the person out of every backup. Returns how many held them."""
    home, found = records.path.parent, 0
    for damaged in home.glob("coach.sqlite3.damaged*"):
        damaged.unlink()  # nobody can take one person out of it
    for backup in backups(home):
        kept = open_records(backup.path, records.owner, keys=records.database.place.keys)
        try:
            person = next((one for one in kept.people() if one.id == person_id), None)
            if person:
                kept.forget_person(person)
                found += 1
        finally:
            kept.close()
    return found


def forget_in_exports(records: Records, person: Person) -> int:
    """Takes the person out of every export that lies in the home. Returns how many held them."""
    ids = {n.id for n in records.notes(person.id)} | {m.id for m in records.messages(person.id)}
    names = {person.name.casefold()}
    exports = [path for path in records.path.parent.rglob("*.zip") if zipfile.is_zipfile(path)]
    return sum(_forget_in_export(path, names, ids) for path in exports)


def _forget_in_export(path: Path, names: Collection[str], ids: Collection[str]) -> bool:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name.endswith(".jsonl")}
    if "people.jsonl" not in members:
        return False
    rows = {name: [json.loads(line) for line in data.decode().split("\n") if line] for name, data in members.items()}
    # They may have had another name when this was written.
    once = {row.get("person", "").casefold() for some in rows.values() for row in some if row.get("id") in ids}
    left = {name: [row for row in some if not _about(row, {*names, *once})] for name, some in rows.items()}
    if left == rows:
        return False
    unfinished = path.with_name(f".new-{uuid.uuid4().hex}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, some in left.items():
            archive.writestr(name, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some))
    unfinished.replace(path)
    return True


def _about(row: dict[str, Any], names: Collection[str]) -> bool:
    return str(row.get("person") or row.get("name") or "").casefold() in names
