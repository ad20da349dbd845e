"""The Notebook and the Library in the process, as their widgets are used."""

from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coach.desk import Desk
from coach.exchange import add_note, import_people, person_named
from coach.pages.writing import Writing
from coach.records import Message, Person
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


def chosen(page: AppTest, name: str) -> AppTest:
    page.run()
    return page.selectbox(key="notebook_person").select(name).run()


def upload(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader[0].set_value((name, data, "application/octet-stream")).run()
    return press(page, "Import this file")


def about(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(box for box in page.text_input if box.label == label and "about-" in str(box.key))


def save_about(page: AppTest) -> AppTest:
    return next(b for b in page.button if b.label == "Save" and "about-" in str(b.form_id)).click().run()


def test_a_file_with_a_wrong_header_gets_a_sentence_and_changes_nothing(page: AppTest, desk: Desk) -> None:
    upload(page.run(), "team.csv", b"who,role\nAnn,Nurse\n")
    assert "the first line names the columns" in page.error[0].value
    assert desk.records.people() == ()


def test_an_import_shows_the_people_it_brought_and_each_row_it_left_out(page: AppTest, desk: Desk) -> None:
    upload(page.run(), "team.jsonl", b'{"name": "Ann"}\n{"na')
    assert "1 added" in page.success[0].value
    assert "Row 2: this line is not complete JSON" in page.text[0].value
    assert page.selectbox(key="notebook_person").options == ["Ann"]


def test_saving_after_an_import_keeps_what_the_import_brought(page: AppTest, desk: Desk) -> None:
    person_named(desk, "Ann")
    chosen(page, "Ann")
    import_people(desk, [(1, {"name": "Ann", "role": "Nurse"})])
    page.run()
    assert about(page, "Role").value == "Nurse"
    save_about(page)
    assert [person.role for person in desk.records.people()] == ["Nurse"]


def test_a_renamed_person_stays_chosen(page: AppTest, desk: Desk) -> None:
    person_named(desk, "Ann")
    chosen(page, "Ann")
    about(page, "Name").set_value("Anna")
    save_about(page)
    assert page.selectbox(key="notebook_person").value == "Anna"


@pytest.mark.parametrize("start", [date(219, 4, 8), date(1949, 5, 1), date(2050, 1, 1)])
def test_an_unlikely_start_date_does_not_hide_the_person(page: AppTest, desk: Desk, start: date) -> None:
    desk.records.keep_person(Person(id="a", name="Ann", start_date=start))
    assert not chosen(page, "Ann").exception


@pytest.mark.parametrize(
    "sources", [{"principles": [{"id": "x"}]}, {"notes": None}, {"principles": 5, "notes": [["a"]]}]
)
def test_strange_sources_from_a_file_do_not_hide_the_history(
    page: AppTest, desk: Desk, sources: dict[str, object]
) -> None:
    person = person_named(desk, "Ann")
    desk.records.keep_message(message_to(person, sources))
    assert not chosen(page, "Ann").exception
    assert "Thank you for the rota." in [text.value for text in page.text]


def message_to(person: Person, sources: dict[str, object]) -> Message:
    return Message(
        id="m", person_id=person.id, person=person.name, situation="she did the rota", kind="recognition",
        channel="direct", drafted="Thank you.", text="Thank you for the rota.", happened=None,
        sent_at=datetime(2026, 3, 1), sources=sources,
    )  # fmt: skip


def test_forgetting_clears_what_stands_on_the_write_page(page: AppTest, desk: Desk) -> None:
    person = person_named(desk, "Ann")
    page.session_state.writing = Writing(to="Ann", text="Ann cried on Tuesday.")
    chosen(page, "Ann")
    page.checkbox(key=f"forget-{person.id}").check().run()
    page.button(key=f"forget-now-{person.id}").click().run()
    assert page.session_state.writing.text == ""


def test_many_notes_come_some_at_a_time(page: AppTest, desk: Desk) -> None:
    person = person_named(desk, "Ann")
    for at in range(25):
        add_note(desk, person, f"Note {at}.", "observation", False, date(2026, 3, 1))
    chosen(page, "Ann")
    assert "Note 0." not in [text.value for text in page.text]
    press(page, "Show older notes (5 more)")
    assert "Note 0." in [text.value for text in page.text]


def test_the_address_of_a_principle_opens_it_on_top(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_HOME", str(home))
    page = AppTest.from_function(library_page, default_timeout=PATIENCE_SECONDS)
    page.query_params["principle"] = "greet-by-name"
    first = page.run().expander[0]
    assert first.proto.expanded
    assert len(page.expander) == 43


def clicked_page() -> None:
    import streamlit as st

    from coach.errors import BadRequest, CoachError
    from coach.pages.clicked import carried_out, raise_failed

    def refuse() -> None:
        raise BadRequest("It is locked: try again in a minute.")

    try:
        raise_failed()
    except CoachError as error:
        st.error(str(error))
    st.button("Refused", on_click=carried_out(refuse))


def test_what_a_click_could_not_do_is_said_once() -> None:
    page = AppTest.from_function(clicked_page).run()
    assert [box.value for box in press(page, "Refused").error] == ["It is locked: try again in a minute."]
    assert not page.exception and not page.run().error
