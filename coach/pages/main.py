"""The pages in order, around one open desk. Errors become one sentence on the page; what was typed stays."""

import logging

import streamlit as st

from coach.desk import Desk
from coach.errors import CoachError
from coach.pages import library, notebook, write
from coach.pages.opened import the_desk

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
[data-testid="stBaseButton-primary"]:not(:disabled), [data-testid="stBaseButton-primary"]:not(:disabled) p { color: #071a19; }
</style>
"""


def _search_state(desk: Desk) -> None:
    """Says while search is not what it could be; nothing waits for it."""
    done, of = desk.index_progress
    if desk.embedder is None:
        st.caption(
            "Search goes by words alone: the language model is missing. Run “coach doctor” to see how to mend it."
        )
    elif desk.index is None and done < of:
        st.progress(done / of, text=f"Preparing search: {done:,} of {of:,}. You can go on meanwhile.")


def _page(show: str) -> None:
    try:
        _search_state(the_desk())
        {"write": write, "notebook": notebook, "library": library}[show].show(the_desk())
    except CoachError as error:
        st.error(str(error))
    except Exception as error:
        # Streamlit's own control flow is not ours to catch; anything else is shown without its text.
        if type(error).__module__.startswith("streamlit"):
            raise
        logging.getLogger("coach").error("page %s: %s", show, type(error).__name__)
        st.error("Something in Coach went wrong. What you typed is kept: reload the page, or run 'coach doctor'.")


def main() -> None:
    st.set_page_config(page_title="Coach", page_icon="✍️", layout="wide")
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html(DARK_STYLE)
    pages = [
        st.Page(lambda: _page("write"), title="Write", icon=":material/edit_note:", url_path="write", default=True),
        st.Page(lambda: _page("notebook"), title="Notebook", icon=":material/menu_book:", url_path="notebook"),
        st.Page(lambda: _page("library"), title="Library", icon=":material/local_library:", url_path="library"),
    ]
    st.navigation(pages, position="top").run()


main()
