"""The Write page in the process: what a leader set stays as it was set."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from coach.desk import Desk
from coach.pages.writing import Writing
from coach.sample import load_sample
from tests.test_model_page import drafted, open_page, press, write_page

__all__ = ["open_page"]
HAPPENED = "she walked the new clerk through the booking screen at the desk on Tuesday"


@pytest.fixture
def page(open_page: Callable[..., AppTest], desk: Desk) -> AppTest:
    """The page with a draft about Amara that a note is used in."""
    load_sample(desk, date.today())
    writing = Writing(to="Amara", text=HAPPENED, drafted=True, stale=True, drafted_text=HAPPENED, drafted_to="Amara")
    desk.records.keep_writing(writing.saved())
    return open_page(write_page).run()


def test_a_note_that_was_switched_off_stays_off_where_streamlit_forgot_its_switch(page: AppTest, desk: Desk) -> None:
    assert "I also remember" in drafted(desk).message
    next(toggle for toggle in page.toggle if toggle.value).set_value(False).run()
    assert "I also remember" not in drafted(desk).message
    for toggle in page.toggle:
        del page.session_state[toggle.key]
        toggle.set_value(False)
    page.run()
    assert "I also remember" not in drafted(desk).message
    page.toggle[0].set_value(True).run()
    assert "I also remember" in drafted(desk).message


def test_an_edited_message_is_one_click_away_where_a_note_is_switched(page: AppTest, desk: Desk) -> None:
    assert not [button for button in page.button if button.label == "Undo"], "nothing was edited"
    plainer = next(group for group in page.get("button_group") if "Plainer" in str(group.proto))
    plainer.set_value("plainer").run()
    edited = drafted(desk).message
    next(toggle for toggle in page.toggle if toggle.value).set_value(False).run()
    assert drafted(desk).message != edited
    press(page, "Undo")
    assert drafted(desk).message == edited
