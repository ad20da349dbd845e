"""The one-line box on every page: what was just seen, kept in ten seconds, drafted now or later."""

from datetime import date

import streamlit as st

from coach.capture import keep_about, keep_line, read_line
from coach.desk import Desk
from coach.errors import BadRequest, SeveralPeople, UnknownPerson
from coach.pages.opening import open_draft
from coach.pages.plain import plain
from coach.pages.promised import offer
from coach.records import MomentState, Note
from coach.today import day_name, offers, opening_for_moment


def show(desk: Desk) -> None:
    """Always one container, so that what follows on the page stays where it is."""
    with st.container(key="capture"):
        count = st.session_state.get("captures", 0)
        waiting = st.session_state.get("capture_line")
        with st.form(f"capture-{count}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            line = st.text_input(
                "Just saw something? One line is enough",
                placeholder="Ngozi stayed on to reload the lorry",
                key=f"capture-line-{count}",
                width="stretch",
            )
            pressed = st.form_submit_button("Note it", icon=":material/add:")
        if pressed and line.strip():
            _keep(desk, line)
        elif waiting:
            _who(desk, waiting)
        if note_id := st.session_state.get("capture_kept"):
            _kept(desk, note_id)


def _keep(desk: Desk, line: str) -> None:
    today = date.today()
    try:
        note, _ = keep_line(desk, read_line(line, desk.records.people(), today), today)
    except UnknownPerson:
        st.session_state.capture_line = line
        _who(desk, line)
    except BadRequest as error:
        st.error(str(error))
    else:
        _done(note)


def _who(desk: Desk, line: str) -> None:
    names = [person.name for person in desk.records.people()]
    with st.container(border=True):
        st.text(f"“{line}”")
        who = st.selectbox(
            "Who is it about?", names, index=None, key="capture_who", accept_new_options=True, placeholder="Choose, or type a name",
        )  # fmt: skip
        if who:
            try:
                note, _ = keep_about(desk, line, who, date.today())
            except (BadRequest, SeveralPeople) as error:
                st.error(str(error))
            else:
                _done(note)


def _done(note: Note) -> None:
    st.session_state.captures = st.session_state.get("captures", 0) + 1
    st.session_state.capture_kept = note.id
    st.session_state.pop("capture_line", None)
    st.session_state.pop("capture_who", None)
    st.rerun()


def _kept(desk: Desk, note_id: str) -> None:
    today = date.today()
    note = next((one for one in desk.records.notes_by_id([note_id])), None)
    if note is None:
        return
    private = ", private" if note.private else ""
    moment = next((one for one in desk.records.moments() if one.note.id == note_id), None)
    with st.container(border=True):
        st.markdown(plain(f"Noted about {note.person}: {note.kind}{private}, {day_name(note.date, today)}."))
        with st.container(horizontal=True):
            if moment and st.button("Draft it now", type="primary", key=f"now-{note_id}"):
                st.session_state.pop("capture_kept", None)
                open_draft(desk, opening_for_moment(moment))
            if st.button("Later" if moment else "Close", key=f"later-{note_id}"):
                st.session_state.pop("capture_kept", None)
                st.rerun()
            if moment and st.button("Just a note", key=f"just-{note_id}", help="It will not be put up to be told."):
                desk.records.settle_moment(note_id, MomentState.LET_GO)
                st.session_state.pop("capture_kept", None)
                st.rerun()
    for promise in offers(desk, today):
        if promise.source_id == note_id:
            offer(desk, promise, "captured")
