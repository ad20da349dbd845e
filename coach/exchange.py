"""The notebook in and out: people, notes and messages as JSON Lines, CSV or YAML, and all of it as one ZIP file."""

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from coach.address import mail_address, slack_member
from coach.desk import Desk
from coach.errors import BadFile, BadRequest
from coach.records import (
    Dismissal,
    Message,
    ModelDraft,
    MomentState,
    Note,
    Person,
    Promise,
    PromisedBy,
    PromiseState,
    Rehearsal,
    Source,
    find_person,
    new_id,
)
from coach.rehearse import from_plain
from coach.situation import LONGEST_NAME, LONGEST_SITUATION, Channel, Kind, clean_name, clean_text

SUGGESTIONS = "suggestions"
"""The preference: how many people at most the Today page names who have not heard from the leader."""
LONGEST_INTERVAL = 365
"""Days."""
NOTE_KINDS = ("observation", "personal", "promise", "one-on-one", "strength")
ROWS_AT_ONCE = 2_048
"""Rows read, embedded and kept before the next: an import of any length holds no more than these."""
LARGEST_MEMBER = 500_000_000
"""Bytes of one file inside a ZIP: more is not a notebook but a trap."""
_BIRTHDAY = "a birthday is MM-DD, the month and the day: 03-17 for 17 March"
_PERSON_FIELDS = "name role pronouns start_date birthday prefers aliases email slack".split()
_NOTE_FIELDS = "id person date kind private text".split()


Day = date
Row = TypeVar("Row", bound=BaseModel)


class PersonRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    role: str = Field(default="", max_length=300)
    pronouns: str = ""
    start_date: date | None = None
    birthday: str = ""
    prefers: str = Field(default="", max_length=1_000)
    aliases: tuple[str, ...] = ()
    sample: bool = False
    email: str = ""
    slack: str = ""

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return clean_name(value)

    @field_validator("role", "prefers", "pronouns", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return clean_text(value) if isinstance(value, str) else value or ""

    @field_validator("pronouns")
    @classmethod
    def _pronouns(cls, value: str) -> str:
        first = value.lower().split("/")[0].strip()
        if first not in ("", "he", "she", "they"):
            raise ValueError("pronouns are he, she or they")
        return first

    @field_validator("start_date", mode="before")
    @classmethod
    def _start(cls, value: Any) -> Any:
        return value or None

    @field_validator("birthday", mode="before")
    @classmethod
    def _birthday(cls, value: Any) -> str:
        """Kept as MM-DD: the year is nobody's business."""
        text = str(value or "").strip()
        found = re.fullmatch(r"(?:\d{4}-)?(\d{2}-\d{2})", text)
        if text and not found:
            raise ValueError(_BIRTHDAY)
        if found:
            try:
                date.fromisoformat(f"2024-{found[1]}")  # a leap year: 29 February is a birthday too
            except ValueError:
                raise ValueError(_BIRTHDAY) from None
        return found[1] if found else ""

    @field_validator("aliases", mode="before")
    @classmethod
    def _aliases(cls, value: Any) -> Any:
        names = re.split(r"[;|]", value) if isinstance(value, str) else value or ()
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise ValueError("aliases are names, with ; between them")
        return tuple(clean_name(name) for name in names if name.strip())

    @field_validator("email", mode="before")
    @classmethod
    def _email(cls, value: Any) -> str:
        return mail_address(str(value)) if value else ""

    @field_validator("slack", mode="before")
    @classmethod
    def _slack(cls, value: Any) -> str:
        return slack_member(str(value)) if value else ""


class NoteRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="", max_length=LONGEST_NAME)
    person: str
    date: Day
    kind: str = "observation"
    private: bool = False
    text: str
    sample: bool = False

    @field_validator("id", mode="before")
    @classmethod
    def _id(cls, value: Any) -> str:
        return str(value or "").strip()

    @field_validator("person")
    @classmethod
    def _person(cls, value: str) -> str:
        return clean_name(value)

    @field_validator("private", mode="before")
    @classmethod
    def _private(cls, value: Any) -> Any:
        return False if value in ("", None) else value

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: Any) -> str:
        if value and value not in NOTE_KINDS:
            raise ValueError("kind is one of " + ", ".join(NOTE_KINDS))
        return value or "observation"

    @field_validator("text")
    @classmethod
    def _text(cls, value: str) -> str:
        return _note_text(value)


def _note_text(value: str) -> str:
    text = clean_text(value)
    if not text:
        raise ValueError("the note is empty")
    if len(text) > LONGEST_SITUATION:
        raise ValueError(f"the note has {len(text):,} characters; keep it under {LONGEST_SITUATION:,}")
    return text


class MessageRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    person: str
    situation: str
    kind: Kind
    channel: Channel
    drafted: str
    text: str
    happened: date | None
    sent_at: datetime
    sources: Mapping[str, Any]


class PromiseRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=LONGEST_NAME)
    person: str
    promised_by: PromisedBy
    what: str = Field(max_length=LONGEST_SITUATION)
    due: date | None
    made: date
    state: PromiseState
    why: str = Field(max_length=LONGEST_SITUATION)
    settled: date | None
    source: Source
    source_id: str


class RehearsalRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    person: str
    about: str
    begun: datetime
    kept: bool
    state: Mapping[str, Any]
    learnt: Mapping[str, Any]


class MomentRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str
    kind: Kind
    state: MomentState
    captured: date


class TalkRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: str
    day: date


class IntervalRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: str
    days: int = Field(ge=0, le=LONGEST_INTERVAL)


class PreferenceRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Literal["suggestions"]
    value: str = Field(pattern=r"^\d{1,2}$")


class DismissalRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=LONGEST_NAME)
    person: str
    code: str
    words: str = Field(max_length=LONGEST_SITUATION)
    reason: str = Field(min_length=1, max_length=LONGEST_SITUATION)
    at: datetime


class DraftRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=LONGEST_NAME)
    person: str
    at: datetime
    made: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many rows were new, how many changed, were there already, and what was wrong with the rest (row number, reason)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    bad: tuple[tuple[int, str], ...] = ()

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            same=self.same + other.same,
            bad=self.bad + other.bad,
        )


def read_rows(path: Path, data: bytes | None = None) -> list[tuple[int, Any]]:
    """(row number, value) from a .jsonl, .csv, .yaml or .yml file. A line that is no JSON is given as its error."""
    text = _decode(path, data)
    ending = path.suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        # Not splitlines(): a line separator inside a note (U+2028) ends no line of JSON.
        return [(at, _json(line)) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    if ending == ".csv":
        return _csv_rows(path, text)
    if ending in (".yaml", ".yml"):
        return _yaml_rows(path, text)
    raise BadFile(f"{path.name}: Coach reads files that end in .jsonl, .csv or .yaml. Save it as one of these.")


def _decode(path: Path, data: bytes | None) -> str:
    try:
        return (path.read_bytes() if data is None else data).decode("utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path.name} cannot be opened ({error.strerror}). Check the name and try again.") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} is not UTF-8 text. Save it as UTF-8 and try again.") from error


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return ValueError("this line is not complete JSON")


def _csv_rows(path: Path, text: str) -> list[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="too many columns", strict=True)
    try:
        header = [name.strip().lower() for name in reader.fieldnames or ()]
        if not {"name"} <= set(header) and not {"person", "text"} <= set(header):
            raise BadFile(
                f"{path.name}: the first line names the columns. For people: {', '.join(_PERSON_FIELDS)}; "
                f"for notes: {', '.join(_NOTE_FIELDS)}."
            )
        reader.fieldnames = header
        return [(at, {k: v for k, v in row.items() if v not in ("", None)}) for at, row in enumerate(reader, 2)]
    except csv.Error as error:
        raise BadFile(f"{path.name} is not a CSV file that can be read: {error}.") from error


def _yaml_rows(path: Path, text: str) -> list[tuple[int, Any]]:
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadFile(f"{path.name} is not YAML that can be read. Check its indentation.") from error
    if not isinstance(value, list):
        raise BadFile(f"{path.name}: a list is expected, one item for each row.")
    return list(enumerate(value, 1))


def _valid(model: type[Row], rows: Iterable[tuple[int, Any]]) -> tuple[list[tuple[int, Row]], list[tuple[int, str]]]:
    good: list[tuple[int, Row]] = []
    bad: list[tuple[int, str]] = []
    for number, value in rows:
        try:
            if isinstance(value, ValueError):
                raise value
            if not isinstance(value, dict):
                raise ValueError("a row is an object with named fields")
            good.append((number, model.model_validate({str(k): v for k, v in value.items()})))
        except ValidationError as error:
            bad.append((number, reasons(error)))
        except (ValueError, BadRequest) as error:
            bad.append((number, str(error)))
    return good, bad


def reasons(error: ValidationError) -> str:
    """Field and reason, without the value: what people wrote stays out of messages."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'request'}: {e['msg'].removeprefix('Value error, ')}"
        for e in error.errors(include_input=False)
    )


def import_people(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    """Adds people, or fills in what is new about those with the same name. The same rows again change nothing."""
    good, bad = _valid(PersonRow, rows)
    known = {person.name.casefold(): person for person in desk.records.people()}
    counts = {"added": 0, "changed": 0, "same": 0}
    for _, row in good:
        values = row.model_dump()
        before = known.get(row.name.casefold())
        if before is None:
            after, outcome = Person(id=new_id(), **values), "added"
        else:
            # Somebody who is there already is nobody of the sample team because a file says so.
            after = replace(before, **{key: value for key, value in values.items() if value and key != "sample"})
            outcome = "same" if after == before else "changed"
        if outcome != "same":
            desk.records.keep_person(after)
        known[after.name.casefold()] = after
        counts[outcome] += 1
    return Imported(**counts, bad=tuple(bad))


def import_notes(
    desk: Desk, rows: Sequence[tuple[int, Any]], progress: Callable[[int, int], None] = lambda done, of: None
) -> Imported:
    """Adds notes; people not in the notebook yet are added by name. The same rows again change nothing.

    Kept as it goes: after a kill, the same rows again add what is missing. `progress`: rows done, of how many.
    """
    known = _Known({note.id: note for note in desk.records.notes()})
    people = _People(desk)
    done = Imported()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        done += _import_some(desk, rows[start : start + ROWS_AT_ONCE], known, people)
        progress(min(start + ROWS_AT_ONCE, len(rows)), len(rows))
    return done


def _import_some(desk: Desk, rows: Sequence[tuple[int, Any]], known: "_Known", people: "_People") -> Imported:
    good, bad = _valid(NoteRow, rows)
    fresh: dict[str, Note] = {}
    counts = {"added": 0, "changed": 0, "same": 0}
    for number, row in good:
        try:
            person = people.named(row.person)
        except BadRequest as error:
            bad.append((number, str(error)))
            continue
        note = Note(
            **row.model_dump(exclude={"id", "person"}), id=row.id or new_id(), person_id=person.id, person=person.name
        )
        outcome = known.compare(note, bool(row.id))
        if outcome != "same":
            fresh[note.id] = note
            known.add(note)
        counts[outcome] += 1
    desk.keep_notes(list(fresh.values()))
    return Imported(**counts, bad=tuple(sorted(bad)))


class _Known:
    """The notes there are, by id and by what they say: as digests, a hundred thousand texts are not held twice."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self._content = {name: _digest(note) for name, note in notes.items()}
        self._held = set(self._content.values())

    def compare(self, note: Note, has_id: bool) -> str:
        if not has_id:
            return "same" if _digest(note) in self._held else "added"
        before = self._content.get(note.id)
        return "added" if before is None else "same" if before == _digest(note) else "changed"

    def add(self, note: Note) -> None:
        self._content[note.id] = _digest(note)
        self._held.add(_digest(note))


class _People:
    """People by the names that rows use, each looked up once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._found: dict[str, Person] = {}

    def named(self, name: str) -> Person:
        if name not in self._found:
            self._found[name] = person_named(self._desk, name)
        return self._found[name]


def _digest(note: Note) -> bytes:
    return hashlib.blake2b(repr(_content(note)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _content(note: Note) -> tuple[Any, ...]:
    return note.person_id, note.date, note.kind, note.private, note.text


def person_named(desk: Desk, name: str) -> Person:
    """The person by any of their names, added when there is none."""
    found = find_person(desk.records.people(), name)
    return found or _added(desk, Person(id=new_id(), name=clean_name(name)))


def _added(desk: Desk, person: Person) -> Person:
    """Of two processes that add one person at the same moment, the second takes the first one's."""
    try:
        desk.records.keep_person(person)
    except BadRequest:
        first = find_person(desk.records.people(), person.name)
        if first is None:
            raise
        return first
    return person


def add_note(desk: Desk, person: Person, text: str, kind: str, private: bool, day: date, note_id: str = "") -> Note:
    """Adds a note, or changes the one with `note_id`. Raises BadRequest when it is empty or too long."""
    try:
        kept = _note_text(text)
    except ValueError as error:
        raise BadRequest(f"{str(error).capitalize()}. Type one or two sentences.") from error
    note = Note(
        id=note_id or new_id(), person_id=person.id, person=person.name, date=day, kind=kind, private=private, text=kept
    )
    desk.keep_notes([note])
    return note


# Everything, out and in again


def export_all(desk: Desk) -> bytes:
    """A ZIP file: one file of JSON Lines for each of people, notes, messages, promises, moments, talks, habits, and what made models' drafts."""
    names = {person.id: person.name for person in desk.records.people()}
    # Oldest first: read in this order, notes and messages of one day keep theirs.
    notes, messages = reversed(desk.records.notes()), reversed(desk.records.messages())
    files = {
        "people.jsonl": [_only(asdict(p), _PERSON_FIELDS) for p in desk.records.people()],
        "notes.jsonl": [_only(asdict(n) | {"person": names[n.person_id]}, _NOTE_FIELDS) for n in notes],
        "messages.jsonl": [_only(asdict(m), list(MessageRow.model_fields)) for m in messages],
        "rehearsals.jsonl": [_only(asdict(r), list(RehearsalRow.model_fields)) for r in desk.records.rehearsals()],
        "promises.jsonl": [
            _only(asdict(p), list(PromiseRow.model_fields)) for p in desk.records.promises(declined=True)
        ],
        "moments.jsonl": [
            {"note": m.note.id, "kind": m.kind, "state": m.state, "captured": m.captured}
            for m in desk.records.moments(None)
        ],
        "talks.jsonl": [{"person": names[who], "day": day} for who, day in desk.records.talks()],
        "intervals.jsonl": [{"person": names[who], "days": days} for who, days in desk.records.intervals().items()],
        "preferences.jsonl": [
            {"name": SUGGESTIONS, "value": value} for value in [desk.records.preference(SUGGESTIONS, "")] if value
        ],
        "drafts.jsonl": [_only(asdict(d), list(DraftRow.model_fields)) for d in reversed(desk.records.drafts())],
        "dismissals.jsonl": [
            _only(asdict(d), list(DismissalRow.model_fields)) for d in reversed(desk.records.dismissals())
        ],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            archive.writestr(name, "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows))
    return buffer.getvalue()


def _only(row: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """These fields, and whether the row belongs to the sample team, where it does."""
    return {name: row[name] for name in fields if name != "sample"} | ({"sample": True} if row.get("sample") else {})


def import_all(desk: Desk, data: bytes) -> Imported:
    """Everything in a ZIP file written by `export_all`. Raises BadFile when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            if "people.jsonl" not in members or any(info.file_size > LARGEST_MEMBER for info in members.values()):
                raise BadFile("That ZIP file is not an export of Coach: it has no people.jsonl.")
            read = {name: archive.read(name) for name in _STEPS if name in members}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
    ) as error:  # RuntimeError: encrypted, or packed unlike ours
        raise BadFile("That file is not a ZIP file that can be read. Export again and import that one.") from error
    done = Imported()
    for name, step in _STEPS.items():
        if name in read:
            done += step(desk, read_rows(Path(name), read[name]))
    return done


def import_messages(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(MessageRow, rows)
    known = {message.id for message in desk.records.messages()}
    added = 0
    for _, row in good:
        if row.id not in known:
            person = person_named(desk, row.person)
            values = row.model_dump() | {"kind": row.kind.value, "channel": row.channel.value}
            desk.records.keep_message(Message(**(values | {"person_id": person.id, "person": person.name})))
            added += 1
    return Imported(added=added, same=len(good) - added, bad=tuple(bad))


def import_promises(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(PromiseRow, rows)
    known = {promise.id for promise in desk.records.promises(declined=True)}
    added = 0
    for _, row in good:
        if row.id not in known:
            person = person_named(desk, row.person)
            desk.records.keep_promise(
                Promise(**row.model_dump() | {"person_id": person.id, "person": person.name}),
            )
            added += 1
    return Imported(added=added, same=len(good) - added, bad=tuple(bad))


def import_rehearsals(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    """Adds the rehearsals that are not there; one that cannot be opened again is reported with its number."""
    good, bad = _valid(RehearsalRow, rows)
    known = {rehearsal.id for rehearsal in desk.records.rehearsals()}
    added = same = 0
    for number, row in good:
        try:
            from_plain(dict(row.state), row.begun.date())
            person = desk.person(row.person)
        except BadRequest as error:
            bad.append((number, str(error)))
            continue
        if row.id in known:
            same += 1
            continue
        desk.records.keep_rehearsal(Rehearsal(**row.model_dump(), person_id=person.id if person else None))
        added += 1
    return Imported(added=added, same=same, bad=tuple(sorted(bad)))


def import_moments(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(MomentRow, rows)
    notes = {note.id for note in desk.records.notes()}
    known = {moment.note.id for moment in desk.records.moments(None)}
    fresh = [row for _, row in good if row.note in notes - known]
    for row in fresh:
        desk.records.keep_moment(row.note, row.kind, row.captured)
        desk.records.settle_moment(row.note, row.state)
    bad += [(number, "the note is not in the notebook") for number, row in good if row.note not in notes]
    return Imported(added=len(fresh), same=len(known & {row.note for _, row in good}), bad=tuple(sorted(bad)))


def import_talks(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(TalkRow, rows)
    for _, row in good:
        desk.records.keep_talk(person_named(desk, row.person).id, row.day)
    return Imported(same=len(good), bad=tuple(bad))


def import_intervals(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(IntervalRow, rows)
    for _, row in good:
        desk.records.keep_interval(person_named(desk, row.person).id, row.days)
    return Imported(same=len(good), bad=tuple(bad))


def import_preferences(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(PreferenceRow, rows)
    for _, row in good:
        desk.records.keep_preference(row.name, row.value)
    return Imported(same=len(good), bad=tuple(bad))


def import_dismissals(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(DismissalRow, rows)
    known = {dismissal.id for dismissal in desk.records.dismissals()}
    added = 0
    for _, row in good:
        if row.id not in known:
            person = person_named(desk, row.person)
            desk.records.dismiss(Dismissal(**row.model_dump() | {"person_id": person.id, "person": person.name}))
            added += 1
    return Imported(added=added, same=len(good) - added, bad=tuple(bad))


def import_drafts(desk: Desk, rows: Sequence[tuple[int, Any]]) -> Imported:
    good, bad = _valid(DraftRow, rows)
    known = {draft.id for draft in desk.records.drafts()}
    fresh = [row for _, row in good if row.id not in known]
    for row in fresh:
        person = person_named(desk, row.person) if row.person else None
        desk.records.keep_draft(ModelDraft(**row.model_dump(), person_id=person.id if person else None))
    return Imported(added=len(fresh), same=len(good) - len(fresh), bad=tuple(bad))


_STEPS: dict[str, Callable[[Desk, Sequence[tuple[int, Any]]], Imported]] = {
    "people.jsonl": import_people,
    "notes.jsonl": import_notes,
    "messages.jsonl": import_messages,
    "promises.jsonl": import_promises,
    "rehearsals.jsonl": import_rehearsals,
    "dismissals.jsonl": import_dismissals,
    "drafts.jsonl": import_drafts,
    "moments.jsonl": import_moments,
    "talks.jsonl": import_talks,
    "intervals.jsonl": import_intervals,
    "preferences.jsonl": import_preferences,
}
"""The files of an export in the order in which they can be read."""
