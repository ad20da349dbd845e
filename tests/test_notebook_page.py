"""The Notebook and the Library in the process, as their widgets are used."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coach.desk import Desk
from coach.exchange import add_note, person_named
from coach.sample import load_sample

PATIENCE_SECONDS = 30


def notebook_page() -> None:
    import os
    from pathlib import Path

    from coach.desk import open_desk
    from coach.pages.notebook import show
    from coach.settings import read_settings

    show(open_desk(read_settings(Path(os.environ["COACH_HOME"]), {})))


def library_page() -> None:
    import os
    from pathlib import Path

    from coach.desk import open_desk
    from coach.pages.library import show
    from coach.settings import read_settings

    show(open_desk(read_settings(Path(os.environ["COACH_HOME"]), {})))


@pytest.fixture
def page(home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("COACH_HOME", str(home))
    return AppTest.from_function(notebook_page, default_timeout=PATIENCE_SECONDS)


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def field(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(box for box in [*page.text_input, *page.text_area] if box.label == label)


def test_an_empty_notebook_offers_a_sample_team_that_one_click_removes(page: AppTest, desk: Desk) -> None:
    page.run()
    press(page, "Try it with a sample team")
    assert not page.exception
    assert len(desk.records.people()) == 6
    assert len(desk.records.notes()) == 50
    press(page, "Remove the sample team")
    assert desk.records.people() == ()
    assert desk.records.notes() == ()


def test_a_person_is_added_with_what_was_typed(page: AppTest, desk: Desk) -> None:
    page.run()
    field(page, "Name").set_value("Ngozi Ade")
    field(page, "Other names, separated by commas").set_value("Goz, Sister Ngozi")
    press(page, "Add person")
    assert [(p.name, p.aliases) for p in desk.records.people()] == [("Ngozi Ade", ("Goz", "Sister Ngozi"))]


def test_a_wrong_birthday_gets_a_sentence_and_what_was_typed_stays(page: AppTest, desk: Desk) -> None:
    page.run()
    field(page, "Name").set_value("Ngozi Ade")
    field(page, "Birthday, as month-day (03-17)").set_value("spring")
    press(page, "Add person")
    assert "a birthday is MM-DD" in page.error[0].value
    assert field(page, "Name").value == "Ngozi Ade"
    assert desk.records.people() == ()


def test_a_note_is_added_changed_and_deleted(page: AppTest, desk: Desk) -> None:
    person = person_named(desk, "Ngozi")
    add_note(desk, person, "Reloaded the lorry.", "observation", False, date(2026, 3, 1))
    page.run()
    page.selectbox(key="notebook_person").select("Ngozi").run()
    field(page, "What you noticed").set_value("Told me she wants to present.")
    press(page, "Add note")
    assert {note.text for note in desk.records.notes()} == {"Reloaded the lorry.", "Told me she wants to present."}
    old = next(note for note in desk.records.notes() if note.text == "Reloaded the lorry.")
    page.text_area(key=f"edit-{old.id}-{old.revision}-text").set_value("Reloaded both lorries.")
    next(b for b in page.button if b.label == "Save" and old.revision in str(b.form_id)).click().run()
    assert "Reloaded both lorries." in {note.text for note in desk.records.notes()}
    page.checkbox(key=f"sure-{old.id}").check().run()
    page.button(key=f"delete-{old.id}").click().run()
    assert {note.text for note in desk.records.notes()} == {"Told me she wants to present."}


def test_a_person_is_forgotten_after_a_second_look(page: AppTest, desk: Desk) -> None:
    load_sample(desk, date(2026, 11, 20))
    person = desk.person("Amara")
    assert person is not None
    page.run()
    page.selectbox(key="notebook_person").select(person.name).run()
    assert page.button(key=f"forget-now-{person.id}").disabled
    page.checkbox(key=f"forget-{person.id}").check().run()
    page.button(key=f"forget-now-{person.id}").click().run()
    assert not page.exception
    assert desk.person("Amara") is None
    assert "notes and 0 messages are gone" in page.success[0].value


def test_a_name_full_of_signs_is_shown_as_it_is(page: AppTest, desk: Desk) -> None:
    name = "[x](http://198.51.100.7)<b>$a$"
    person = person_named(desk, name)
    add_note(desk, person, "Fixed ![y](http://198.51.100.7/y.png).", "observation", False, date(2026, 3, 1))
    page.run()
    page.selectbox(key="notebook_person").select(name).run()
    assert not page.exception
    assert all("](http" not in text.value for text in [*page.markdown, *page.caption, *page.success])
    assert "Fixed ![y](http://198.51.100.7/y.png)." in [text.value for text in page.text]


def test_notes_are_found_by_meaning(page: AppTest, desk: Desk) -> None:
    load_sample(desk, date(2026, 11, 20))
    page.run()
    page.text_input(key="notebook_query").set_value("giving a talk at the safety meeting").run()
    assert any("present" in text.value for text in page.text)


def test_the_library_lists_all_principles_and_finds_the_fitting_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_HOME", str(home))
    page = AppTest.from_function(library_page, default_timeout=PATIENCE_SECONDS).run()
    assert not page.exception
    assert len(page.expander) == 42
    page.text_input[0].set_value("she never gets a word in because the others talk over her").run()
    assert not page.exception
    assert 0 < len(page.expander) <= 8
