"""The pages in order, around one open desk. Errors become one sentence on the page; what was typed stays."""

from functools import partial
from importlib import import_module

import streamlit as st

from coach.desk import Desk
from coach.errors import CoachError, Locked, WrongKey
from coach.log import failure
from coach.pages import captured, lab, searched
from coach.pages.clicked import raise_failed
from coach.pages.opened import first_page_is_there, give_passphrase, the_desk
from coach.pages.plain import plain

PAGES = (
    ("today", "Today", ":material/today:"),
    ("write", "Write", ":material/edit_note:"),
    ("rehearse", "Rehearse", ":material/forum:"),
    ("notebook", "Notebook", ":material/menu_book:"),
    ("rhythm", "Rhythm", ":material/monitoring:"),
    ("library", "Library", ":material/local_library:"),
    ("channels", "Channels", ":material/send:"),
    ("settings", "Settings", ":material/settings:"),
)

LAB = ("lab", "Prompt lab", ":material/science:")

STYLE = """
<style>
.stMainBlockContainer { max-width: 72rem; padding-top: 3.5rem; }
h1 { letter-spacing: -0.01em; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit; opacity: 0.92; }
@media (max-width: 640px) { .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; } }
</style>
"""

# White on the dark theme's teal is too faint to read (2.4:1); this is 7:1.
DARK_STYLE = """
<style>
[data-testid^="stBaseButton-primary"]:not(:disabled), [data-testid^="stBaseButton-primary"]:not(:disabled) p { color: #071a19; }
</style>
"""


def _search_state(desk: Desk) -> None:
    """Says while search is not what it could be; nothing waits for it."""
    searched.show_state(desk)
    done, of = desk.index_progress
    if desk.embedder is None:
        st.caption(
            "Search goes by words alone: the language model is missing. Run “coach doctor” to see how to mend it."
        )
    elif desk.index is None and desk.index_state not in ("not opened", "ready") and not desk.records.database.encrypted:
        st.caption(plain(desk.index_state))
    elif desk.index is None and done < of:
        st.progress(done / of, text=f"Preparing search: {done:,} of {of:,}. You can go on meanwhile.")


def _page(show: str) -> None:
    try:
        raise_failed()
        with st.container():  # always there: what comes and goes above a text box would take its focus
            _search_state(the_desk())
        captured.show(the_desk())
        import_module(f"coach.pages.{show}").show(the_desk())  # only the page shown: others load libraries of their own
        first_page_is_there.set()
    except Locked as error:
        _unlock(str(error))
    except CoachError as error:
        failure(error)
        st.error(plain(str(error)))
    except Exception as error:
        # Streamlit's own control flow is not ours to catch; anything else is shown without its text.
        if type(error).__module__.startswith("streamlit"):
            raise
        failure(error)
        st.error("Something in Coach went wrong. What you typed is kept: reload the page, or run 'coach doctor'.")


def _unlock(why: str) -> None:
    st.title("Open your notebook")
    st.text(why)
    with st.form("unlock", border=False):
        typed = st.text_input("Passphrase or recovery key", type="password")
        if st.form_submit_button("Open", type="primary") and typed:
            try:
                give_passphrase(typed)
            except WrongKey as error:
                st.error(plain(str(error)))
            else:
                st.rerun()


def main() -> None:
    st.set_page_config(page_title="Coach", page_icon="✍️", layout="wide")
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html(DARK_STYLE)
    shown = [*PAGES, *((LAB,) if lab.developing() else ())]
    pages = {name: st.Page(partial(_page, name), title=title, icon=icon, url_path=name) for name, title, icon in shown}
    st.session_state.pages = pages
    st.session_state.rehearse_page = pages["rehearse"]
    # The address without a name is a page of its own: the default page has no address, and each of ours needs one.
    start = st.Page(_start, title="Coach", url_path="start", default=True, visibility="hidden")
    st.navigation([start, *pages.values()], position="top").run()


def _start() -> None:
    """Today, once there is a team; before that, the first message."""
    st.switch_page(st.session_state.pages["today" if _has_team() else "write"])


def _has_team() -> bool:
    try:
        return bool(the_desk().records.people())
    except CoachError:
        return False


main()
