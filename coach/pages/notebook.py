"""Notebook: people, what was noted about them, and what was sent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from pydantic import ValidationError

from coach.backup import KEPT, backups, make_backup
from coach.desk import Desk
from coach.errors import BadFile, BadRequest
from coach.exchange import (
    NOTE_KINDS,
    Imported,
    PersonRow,
    add_note,
    export_all,
    import_all,
    import_messages,
    import_notes,
    import_people,
    read_rows,
    reasons,
)
from coach.pages.plain import plain
from coach.pages.writing import started_anew
from coach.records import Message, Note, Person, gone, new_id
from coach.sample import load_sample
from coach.situation import Channel, clean_name

CHANNEL_NAMES = {Channel.PUBLIC_CHAT: "public chat", Channel.DIRECT: "direct message", Channel.EMAIL: "email"}
FOUND = 10
SHOWN = 20
"""Notes, or messages, at first and with each "Show older ones": a thousand with their forms take a minute."""
BAD_ROWS_SHOWN = 200
FIRST_DAY = date(1950, 1, 1)


def show(desk: Desk) -> None:
    st.title("Notebook")
    if said := st.session_state.pop("notebook_said", None):
        st.success(plain(said))
    people = desk.records.people()
    if not people:
        _empty(desk)
    _search(desk)
    if people:
        _choose_next()
        names = {person.name: person for person in people}
        chosen = st.selectbox("Person", list(names), key="notebook_person", index=None, placeholder="Choose a person")
        if chosen:
            _person(desk, names[chosen])
    _add_person(desk, expanded=not people)
    _in_and_out(desk)
    if any(person.sample for person in people) and st.button("Remove the sample team"):
        desk.records.remove_sample()
        _done("The sample team is gone.")


def _done(said: str, person: str | None = None) -> None:
    """Says so on the page as it is now, with `person` chosen where one is named."""
    st.session_state.notebook_said = said
    if person:
        st.session_state.notebook_next = person
    st.rerun()


def _choose_next() -> None:
    """A widget's value can be set only before it is drawn, so who was just added or renamed is chosen here."""
    if person := st.session_state.pop("notebook_next", None):
        st.session_state.notebook_person = person


def _empty(desk: Desk) -> None:
    st.write("Nobody is in your notebook yet. Add the first person below, or look around with an invented team.")
    if st.button("Try it with a sample team", type="primary"):
        load_sample(desk, date.today())
        _done("Six invented people with fifty notes are here. Remove them with one click at the end of this page.")


def _search(desk: Desk) -> None:
    query = st.text_input("Search your notes", key="notebook_query")
    if not query.strip():
        return
    found = desk.notes(query, None, None, date.today(), FOUND)
    for fitting in found:
        _note_text(fitting.note, with_name=True)
    if not found:
        st.info("No note like that.")


def _note_text(note: Note, with_name: bool = False) -> None:
    who = f"{note.person}, " if with_name else ""
    st.caption(plain(f"{who}{note.date.day} {note.date:%B %Y}, {note.kind}{', private' if note.private else ''}"))
    st.text(note.text)


def _person(desk: Desk, person: Person) -> None:
    notes, sent, about = st.tabs(["Notes", "Sent", "About"])
    with notes:
        _add_note(desk, person)
        noted = desk.records.notes(person.id)
        for note in noted[: _shown("notes", person)]:
            _note(desk, person, note)
        _older("notes", person, len(noted))
    with sent:
        messages = desk.records.messages(person.id)
        if not messages:
            st.info("Nothing sent yet.")
        texts = {note.id: note.text for note in noted}
        for message in messages[: _shown("messages", person)]:
            _sent(desk, message, texts)
        _older("messages", person, len(messages))
    with about:
        _about(desk, person)
        _forget(desk, person)


def _shown(what: str, person: Person) -> int:
    return int(st.session_state.get(f"{what}_shown-{person.id}", SHOWN))


def _older(what: str, person: Person, total: int) -> None:
    shown = _shown(what, person)
    if shown < total and st.button(f"Show older {what} ({total - shown} more)", key=f"older-{what}-{person.id}"):
        st.session_state[f"{what}_shown-{person.id}"] = shown + SHOWN
        st.rerun()


def _note_fields(note: Note | None, key: str) -> dict[str, Any]:
    text = st.text_area("What you noticed", note.text if note else "", key=f"{key}-text")
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    kind = left.selectbox("Kind", NOTE_KINDS, NOTE_KINDS.index(note.kind) if note else 0, key=f"{key}-kind")
    day = middle.date_input("Day", note.date if note else date.today(), key=f"{key}-day", format="DD/MM/YYYY")
    private = right.checkbox(
        "Private", note.private if note else False, key=f"{key}-private", help="Never in a channel that others read."
    )
    return {"text": text, "kind": kind, "day": day, "private": private}


def _add_note(desk: Desk, person: Person) -> None:
    # A new key after each note empties the form; after a refused one it keeps what was typed.
    count = st.session_state.get("notes_added", 0)
    with st.form(f"add-note-{person.id}-{count}"):
        fields = _note_fields(None, f"new-{person.id}-{count}")
        if st.form_submit_button("Add note"):
            try:
                add_note(desk, person, **fields)
            except BadRequest as error:
                st.error(str(error))
            else:
                st.session_state.notes_added = count + 1
                _done(f"Noted about {person.name}.")


def _note(desk: Desk, person: Person, note: Note) -> None:
    _note_text(note)
    with st.expander(plain(f"Change or delete the note of {note.date.day} {note.date:%B %Y}")):
        with st.form(f"note-{note.id}-{note.revision}"):
            fields = _note_fields(note, f"edit-{note.id}-{note.revision}")
            if st.form_submit_button("Save"):
                try:
                    add_note(desk, person, **fields, note_id=note.id)
                except BadRequest as error:
                    st.error(str(error))
                else:
                    _done("Changed.")
        if st.checkbox("Yes, delete this note", key=f"sure-{note.id}") and st.button("Delete", key=f"delete-{note.id}"):
            desk.records.delete_note(note.id)
            _done("The note is gone.")


def _sent(desk: Desk, message: Message, texts: Mapping[str, str]) -> None:
    channel = CHANNEL_NAMES.get(Channel(message.channel), message.channel)
    st.caption(plain(f"{message.sent_at.day} {message.sent_at:%B %Y}, {message.kind}, {channel}"))
    with st.container(border=True):
        st.text(message.text)
    with st.expander("What it grew from"):
        st.caption("What happened")
        st.text(message.situation)
        if message.text != message.drafted:
            st.caption("Before you changed it")
            st.text(message.drafted)
        _sources(desk, message.sources, texts)


def _sources(desk: Desk, sources: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """`texts`: note id -> text, of the notes there still are."""
    principles = [desk.library.by_id[name].title for name in _ids(sources, "principles") if name in desk.library.by_id]
    if principles:
        st.caption("Principles")
        st.text("\n".join(principles))
    used = [texts[name] for name in _ids(sources, "notes") if name in texts]
    if used:
        st.caption("Notes used")
        for text in used:
            st.text(text)


def _ids(sources: Mapping[str, Any], name: str) -> list[str]:
    """Sources may come from an imported file, which may hold anything there."""
    found = sources.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _person_fields(person: Person | None, key: str) -> dict[str, Any]:
    known = ["", "he", "she", "they"]
    name = st.text_input("Name", person.name if person else "", key=f"{key}-name")
    aliases = st.text_input(
        "Other names, separated by commas", ", ".join(person.aliases) if person else "", key=f"{key}-aliases"
    )
    left, right = st.columns(2)
    role = left.text_input("Role", person.role if person else "", key=f"{key}-role")
    pronouns = right.selectbox("Pronouns", known, known.index(person.pronouns) if person else 0, key=f"{key}-pronouns")
    started = person.start_date if person else None
    # An imported day may lie outside the usual span; the widget refuses to be drawn with one that does.
    start = left.date_input(
        "Started on",
        started,
        min_value=min(FIRST_DAY, started or FIRST_DAY),
        max_value=max(date(date.today().year + 10, 1, 1), started or FIRST_DAY),
        format="DD/MM/YYYY",
        key=f"{key}-start",
    )
    birthday = right.text_input(
        "Birthday, as month-day (03-17)", person.birthday if person else "", key=f"{key}-birthday"
    )
    prefers = st.text_area(
        "How they like to be recognised", person.prefers if person else "", key=f"{key}-prefers", height=80
    )
    left, right = st.columns(2)
    email = left.text_input("E-mail address", person.email if person else "", key=f"{key}-email")
    slack = right.text_input(
        "Slack member ID, if their mail address there is another", person.slack if person else "", key=f"{key}-slack"
    )
    return {
        "name": name, "email": email, "slack": slack, "aliases": aliases.replace(",", ";"), "role": role, "pronouns": pronouns, "start_date": start,
        "birthday": birthday, "prefers": prefers,
    }  # fmt: skip


def _keep_person(desk: Desk, fields: Mapping[str, Any], before: Person | None) -> bool:
    """Keeps what was typed, or says what is wrong with it where it was typed."""
    try:
        row = PersonRow.model_validate(fields)
        sample = before.sample if before else False
        values = row.model_dump() | {"id": before.id if before else new_id(), "sample": sample}
        desk.records.keep_person(Person(**values))
    except ValidationError as error:
        st.error(reasons(error))
        return False
    except BadRequest as error:
        st.error(str(error))
        return False
    return True


def _add_person(desk: Desk, expanded: bool) -> None:
    count = st.session_state.get("people_added", 0)
    with st.expander("Add a person", expanded=expanded), st.form(f"add-person-{count}", border=False):
        fields = _person_fields(None, f"new-person-{count}")
        if st.form_submit_button("Add person") and _keep_person(desk, fields, None):
            st.session_state.people_added = count + 1
            name = clean_name(fields["name"])
            _done(f"{name} is in your notebook.", name)


def _about(desk: Desk, person: Person) -> None:
    # Named by what is stored: after an import the fields show it, and Save cannot bring the old values back.
    key = f"about-{person.id}-{hash(person)}"
    with st.form(key):
        fields = _person_fields(person, key)
        if st.form_submit_button("Save") and _keep_person(desk, fields, person):
            _done("Changed.", clean_name(fields["name"]))


def _forget(desk: Desk, person: Person) -> None:
    notes, messages = len(desk.records.notes(person.id)), len(desk.records.messages(person.id))
    st.subheader("Forget this person")
    st.text(
        f"Removes {person.name}, {notes} notes and {messages} sent messages for good, and what stands on the Write page."
    )
    sure = st.checkbox("Yes, remove all of it", key=f"forget-{person.id}")
    if st.button("Forget", disabled=not sure, key=f"forget-now-{person.id}"):
        receipt = desk.forget(person)
        st.session_state.pop("notebook_person", None)
        _clear_writing()
        left = f" {receipt.mentions_left} notes about others still mention the name." if receipt.mentions_left else ""
        _done(f"Forgot {receipt.person}: {gone(receipt)}.{left}")


def _clear_writing() -> None:
    """The records have dropped the Write page's text, which may be about the person: so does this window."""
    if "writing" in st.session_state:
        st.session_state.writing = started_anew(st.session_state.writing)
        st.session_state.saved = st.session_state.writing.saved()


def _in_and_out(desk: Desk) -> None:
    with st.expander("Import and export"):
        # A new key after each import takes the file away: a second press would bring back what was deleted since.
        count = st.session_state.get("files_imported", 0)
        file = st.file_uploader(
            "Import people or notes (.jsonl, .csv, .yaml) or an export (.zip)",
            type=["jsonl", "csv", "yaml", "yml", "zip"],
            key=f"import-{count}",
        )
        if file is not None and st.button("Import this file"):
            try:
                st.session_state.imported = _import(desk, Path(file.name), file.getvalue())
            except BadFile as error:
                st.error(plain(str(error)))
            else:
                st.session_state.files_imported = count + 1
                st.rerun()
        if done := st.session_state.pop("imported", None):
            _imported(done)
        st.download_button("Download everything", lambda: export_all(desk), "coach.zip", "application/zip")
    if not desk.records.database.on_server:
        _backups(desk)


def _backups(desk: Desk) -> None:
    made = backups(desk.settings.home)
    last = f"Last backup: {made[0].made.day} {made[0].made:%B %Y, %H:%M}." if made else "No backup yet."
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(f"{last} Coach makes one a day while it is open and keeps the last {KEPT}.")
    if right.button("Back up now", width="stretch"):
        make_backup(desk.records.database.place, datetime.now())
        _done("Backed up.")


def _import(desk: Desk, name: Path, data: bytes) -> Imported:
    if name.suffix.lower() == ".zip":
        return import_all(desk, data)
    rows = read_rows(name, data)
    columns = {column for _, row in rows if isinstance(row, dict) for column in row}
    if "sent_at" in columns:
        return import_messages(desk, rows)
    if "person" not in columns:
        return import_people(desk, rows)
    bar = st.progress(0.0, "Reading notes")

    def progress(done: int, of: int) -> None:
        bar.progress(done / of, f"{done:,} of {of:,} notes read. What is read stays, should this window close.")

    return import_notes(desk, rows, progress)


def _imported(done: Imported) -> None:
    st.success(f"{done.added} added, {done.changed} changed, {done.same} already there.")
    if done.bad:
        _bad_rows(done.bad)


def _bad_rows(bad: Sequence[tuple[int, str]]) -> None:
    """All in one text: a box for each would be thousands of alerts for a file with one wrong column."""
    st.error(f"{len(bad)} {'row was' if len(bad) == 1 else 'rows were'} left out. Mend them and import the file again.")
    lines = [f"Row {number}: {reason}" for number, reason in bad[:BAD_ROWS_SHOWN]]
    more = [f"… and {len(bad) - BAD_ROWS_SHOWN} more"] if len(bad) > BAD_ROWS_SHOWN else []
    st.text("\n".join(lines + more))
