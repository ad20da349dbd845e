"""From anywhere to the Write page with a draft that is already filled in; what stood there is put aside, not lost."""

import streamlit as st

from coach.desk import Desk
from coach.pages.writing import Writing, put_aside, restored, with_opening
from coach.today import Opening


def open_draft(desk: Desk, opening: Opening) -> None:
    """Fills in the Write page and goes there."""
    before: Writing = st.session_state.get("writing") or restored(desk.records.writing())
    take_up(desk, with_opening(put_aside(before), opening))
    st.switch_page(st.session_state.pages["write"])


def take_up(desk: Desk, writing: Writing) -> None:
    """Makes it what stands on the Write page, in this window and in the records."""
    st.session_state.writing, st.session_state.saved = writing, writing.saved()
    desk.records.keep_writing(writing.saved())
    for key in ("who", "kind", "channel", "choice"):
        st.session_state.pop(key, None)
