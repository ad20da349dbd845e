"""Promises on a page: offered with their day, kept with one click, and later done, moved or dropped."""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from coach.desk import Desk
from coach.errors import BadRequest
from coach.pages.clicked import carried_out
from coach.pages.plain import plain
from coach.records import Promise, PromisedBy, PromiseState
from coach.today import day_name


def says(promise: Promise, today: date) -> str:
    """ "To Ngozi: “get back to you”, by Friday 27 November", escaped. A day gone by is one it was due on."""
    whose = f"To {promise.person}" if promise.promised_by is PromisedBy.LEADER else f"{promise.person}, to you"
    past = promise.due is not None and promise.due < today
    day = f"{'due' if past else 'by'} {day_name(promise.due, today)}" if promise.due else "no day named"
    return plain(f"{whose}: “{promise.what}”, {day}")


def offer(desk: Desk, promise: Promise, key: str) -> None:
    """A promise that was found: one click keeps it, one says that it is none."""
    with st.container(border=True):
        st.markdown(f"**A promise?** {says(promise, date.today())}")
        with st.container(horizontal=True):
            kept = carried_out(partial(desk.records.keep_promise, promise))
            st.button("Keep it in mind", key=f"keep-{key}-{promise.id}", on_click=kept)
            none = carried_out(partial(_decline, desk, promise))
            st.button("Not a promise", key=f"none-{key}-{promise.id}", on_click=none)


def _decline(desk: Desk, promise: Promise) -> None:
    desk.records.keep_promise(promise)
    desk.records.settle_promise(promise.id, PromiseState.DECLINED, date.today())


def settle(desk: Desk, promise: Promise) -> None:
    """Done with one click; moved or dropped with a word why."""
    done = carried_out(partial(desk.records.settle_promise, promise.id, PromiseState.DONE, date.today()))
    st.button("Done", key=f"done-{promise.id}", on_click=done)
    with st.popover("Move or drop", key=f"change-{promise.id}"), st.form(f"settle-{promise.id}", border=False):
        tomorrow = date.today() + timedelta(days=1)
        due = st.date_input(
            "New day", max(promise.due or tomorrow, tomorrow), min_value=date.today(), format="DD/MM/YYYY", key=f"due-{promise.id}"
        )  # fmt: skip
        why = st.text_input("In a word, why", key=f"why-{promise.id}")
        with st.container(horizontal=True):
            moved = st.form_submit_button("Move to that day")
            dropped = st.form_submit_button("Drop it")
        if moved or dropped:
            state = PromiseState.MOVED if moved else PromiseState.DROPPED
            try:
                desk.records.settle_promise(promise.id, state, date.today(), why, due)
            except BadRequest as error:
                st.error(str(error))
            else:
                st.rerun()
