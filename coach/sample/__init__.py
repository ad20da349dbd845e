"""Six invented people with fifty notes, to try Coach with and to remove with one click."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from coach.desk import Desk
from coach.exchange import import_people
from coach.records import Note, Person, find_person, new_id

FOLDER = Path(__file__).parent


def load_sample(desk: Desk, today: date) -> None:
    """Adds the sample team, its notes dated back from today. Loading it twice adds nothing."""
    before = {person.name for person in desk.records.people()}
    rows = [json.loads(line) for line in (FOLDER / "people.jsonl").read_text("utf-8").splitlines()]
    import_people(desk, list(enumerate((row for row in rows if row["name"] not in before), 1)))
    names = {row["name"] for row in rows} - before
    team = [replace(person, sample=True) for person in desk.records.people() if person.name in names]
    for person in team:
        desk.records.keep_person(person)
    desk.keep_notes(_notes(team, today))


def _notes(team: list[Person], today: date) -> list[Note]:
    rows = [json.loads(line) for line in (FOLDER / "notes.jsonl").read_text("utf-8").splitlines()]
    notes = []
    for row in rows:
        person = find_person(team, row["person"])
        if person:
            day = today - timedelta(days=row.pop("days_ago"))
            notes.append(
                Note(
                    **row | {"id": new_id(), "date": day, "person": person.name, "person_id": person.id, "sample": True}
                )
            )
    return notes
