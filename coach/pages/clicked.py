"""Clicks that are carried out before the page runs.

Whoever clicks and types on at once stops the run that the click began, and Streamlit forgets a click that its run had not
come to. A callback runs first, so nothing can come between.
"""

from collections.abc import Callable

import streamlit as st

from coach.errors import CoachError


def carried_out(act: Callable[[], object]) -> Callable[[], None]:
    """For a button's `on_click`. What goes wrong is said by the page, as if it had happened there."""

    def clicked() -> None:
        try:
            act()
        except CoachError as error:
            st.session_state.click_failed = error

    return clicked


def raise_failed() -> None:
    """Raises what the last click raised."""
    if error := st.session_state.pop("click_failed", None):
        raise error
