"""The built-in subject, and the checker for every subject: the one module here that opens Coach itself (numpy, onnx, SQLite)."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.desk import Desk, open_desk
from coach.exchange import person_named
from coach.records import Note
from coach.settings import read_settings
from eval.case import FOLDER, Case, CaseNote, Moment, Query
from eval.errors import Misuse
from eval.output import Output
from eval.scorers import Mark, Review
from eval.subject import Found

DEEP = 10
"""How far down a ranking is kept."""


class BuiltIn:
    """Homes of its own in a folder that goes away: one for messages, in which a case's person and notes are only while it is answered,
    one for rehearsals and one for each notebook. So no case meets anybody of another, in whatever order they are run."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coach-eval-")
        self._desks: dict[str, Desk] = {}

    def close(self) -> None:
        for desk in self._desks.values():
            desk.close()
            desk.records.close()
        self._folder.cleanup()

    @property
    def desk(self) -> Desk:
        return self._desk_for("messages")

    def _desk_for(self, what: str) -> Desk:
        if what not in self._desks:
            self._desks[what] = open_desk(read_settings(Path(self._folder.name) / what, {}))
        return self._desks[what]

    def answer(self, case: Case) -> Output:
        if isinstance(case.input, Query):
            return self._rank(case.input)
        if isinstance(case.input, Moment):
            return self._write(case)
        from eval.rehearsing import rehearse

        return rehearse(self._desk_for("rehearsals"), case)

    def _write(self, case: Case) -> Output:
        with self._notes_of(case):
            reply = self.desk.write(case.moment.told())
        return Output(
            message=reply.draft.message,
            questions=tuple(question.missing.value for question in reply.draft.questions),
            used=tuple(note.id for note in reply.notes_used),
            principles=tuple(fitting.principle.id for fitting in reply.principles),
        )

    def retrieve(self, case: Case) -> Found:
        with self._notes_of(case):
            reply = self.desk.write(case.moment.told())
        return Found(
            principles=tuple(fitting.principle.id for fitting in reply.principles),
            notes=tuple(fitting.note.id for fitting in reply.notes),
        )

    @contextmanager
    def _notes_of(self, case: Case) -> Iterator[None]:
        if not case.notes:
            yield
            return
        person = person_named(self.desk, case.moment.to)
        kept = [_note(note, person.name, person.id) for note in case.notes]
        self.desk.keep_notes(kept)
        try:
            yield
        finally:
            self.desk.forget(person)

    def _rank(self, query: Query) -> Output:
        if query.notebook is None:
            return Output(ranked=tuple(found.principle.id for found in self.desk.principles(query.q, DEEP)))
        desk = self._notebook(query.notebook)
        person = desk.person(query.to) if query.to else None
        found = desk.notes(query.q, person, query.channel, query.today, DEEP)
        return Output(
            ranked=tuple(fitting.note.id for fitting in found),
            private=tuple(fitting.note.id for fitting in found if fitting.note.private),
        )

    def _notebook(self, name: str) -> Desk:
        path = FOLDER / "cases" / f"{name}.jsonl"
        if not path.is_file():
            raise Misuse(f"There is no notebook {name!r} among the cases.")
        there, desk = path.stem in self._desks, self._desk_for(path.stem)
        if not there:
            rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            people = {who: person_named(desk, who) for who in dict.fromkeys(row["person"] for row in rows)}
            desk.keep_notes([_note(CaseNote(**row), row["person"], people[row["person"]].id) for row in rows])
        return desk

    def review(self, case: Case, output: Output) -> Review:
        """What the checker says, as the leader would see it."""
        used = [_note(note, case.moment.to, "") for note in case.notes if note.id in set(output.used)]
        clauses, findings = self.desk.review(output.message, case.moment.told(), used)
        return Review(
            sources=tuple(clause.source for clause in clauses),
            codes=tuple(dict.fromkeys(finding.code for finding in findings)),
            blocking=tuple(dict.fromkeys(f.code for f in findings if f.severity.value == "block")),
            marks=tuple(
                Mark(start=f.start, end=f.end, code=f.code, advice=f.advice)
                for f in findings
                if f.start is not None and f.end is not None
            ),
        )


def _note(note: CaseNote, person: str, person_id: str) -> Note:
    return Note(
        id=note.id, person_id=person_id, person=person, date=note.date, kind=note.kind, private=note.private,
        text=note.text,
    )  # fmt: skip
