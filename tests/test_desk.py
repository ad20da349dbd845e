"""The whole path in the process: situation to reply, with and without what it can do without."""

from collections.abc import Sequence
from datetime import date

import pytest

from coach.desk import Desk
from coach.embed import Embedder, Vectors
from coach.errors import ModelMissing
from coach.exchange import add_note, person_named
from coach.sample import load_sample
from coach.situation import Channel, Kind, Situation
from coach.tuned import load_tuned

TODAY = date(2026, 11, 20)
SAID = "she walked the new clerk through the booking screen at the desk on Tuesday"


def about(
    to: str = "Amara", text: str = SAID, channel: Channel = Channel.DIRECT, kind: Kind = Kind.RECOGNITION
) -> Situation:
    return Situation(text=text, to=to, kind=kind, channel=channel, today=TODAY)


def test_a_fitting_note_is_used_and_switching_it_off_drafts_without_it(desk: Desk) -> None:
    load_sample(desk, TODAY)
    with_note = desk.write(about())
    assert len(with_note.notes_used) == 1
    off = [note.id for note in with_note.notes_used]
    without = desk.write(about(), off=off)
    assert with_note.notes_used[0].id not in without.draft.notes_used
    assert without.draft.message != with_note.draft.message


def test_a_note_of_another_kind_is_used_only_when_switched_on(desk: Desk) -> None:
    person = person_named(desk, "Amara")
    note = add_note(desk, person, "Told me she wants to run the booking desk.", "one-on-one", False, date(2026, 3, 12))
    assert desk.write(about()).draft.notes_used == ()
    assert "you told me you want to run the booking desk" in desk.write(about(), on=[note.id]).draft.message


def test_a_note_that_may_be_a_correction_does_not_slip_into_praise(desk: Desk) -> None:
    person = person_named(desk, "Amara")
    add_note(
        desk,
        person,
        "Came late to the booking desk and the new clerk had to wait.",
        "observation",
        False,
        date(2026, 3, 12),
    )
    assert desk.write(about()).draft.notes_used == ()


def test_no_private_note_is_offered_where_others_read(desk: Desk) -> None:
    load_sample(desk, TODAY)
    for person in desk.records.people():
        for channel in (Channel.PUBLIC_CHAT, Channel.CARD):
            reply = desk.write(about(person.name, channel=channel))
            assert not any(fitting.note.private for fitting in reply.notes)


def test_a_person_is_called_by_the_name_the_notebook_spells(desk: Desk) -> None:
    load_sample(desk, TODAY)
    assert desk.write(about("amara")).draft.message.startswith("Amara, you walked")
    assert desk.write(about("Sister Ruth")).draft.message.startswith("Sister Ruth, you walked")


def test_every_clause_of_a_draft_has_a_source(desk: Desk) -> None:
    load_sample(desk, TODAY)
    for person in desk.records.people():
        reply = desk.write(about(person.name))
        assert reply.clauses
        assert not [clause.text for clause in reply.clauses if clause.source == "none"]


def _damaged(texts: Sequence[str]) -> Vectors:
    raise ModelMissing("The language model's file is damaged.")


def test_a_damaged_model_leaves_drafting_notes_and_search_by_words(desk: Desk) -> None:
    good, desk.embedder = desk.embedder, Embedder("all-MiniLM-L6-v2", _damaged, _damaged)
    person = person_named(desk, "Amara")
    add_note(desk, person, "Repaired the booking screen.", "observation", False, date(2026, 3, 12))
    assert "you walked the new clerk" in desk.write(about()).draft.message
    assert [f.note.text for f in desk.notes("booking", None, None, TODAY, 5)] == ["Repaired the booking screen."]
    assert desk.principles("he was interrupted in the meeting", 3)

    desk.embedder = good
    desk.embed_waiting()
    assert [f.note.text for f in desk.notes("mended the display", None, None, TODAY, 5)] == [
        "Repaired the booking screen."
    ]


def test_a_text_that_names_somebody_finds_the_notes_about_them_first(desk: Desk) -> None:
    amara, tomas = person_named(desk, "Amara Okafor"), person_named(desk, "Tomás Rey")
    add_note(desk, tomas, "Presented the budget at the town hall.", "observation", False, TODAY)
    mine = add_note(desk, amara, "Wants to present at the safety meeting.", "observation", False, TODAY)
    assert desk.notes("Amara presenting the budget", None, None, TODAY, 5)[0].note.id == mine.id
    assert desk.notes("presenting the budget", None, None, TODAY, 5)[0].note.person == "Tomás Rey"


def test_vectors_read_for_a_comparison_are_read_again_after_a_change(desk: Desk) -> None:
    amara = person_named(desk, "Amara Okafor")
    add_note(desk, amara, "Keeps bees.", "personal", False, TODAY)
    assert len(desk.notes("bees", amara, None, TODAY, 5)) == 1
    add_note(desk, amara, "Sold honey at the fair.", "personal", True, TODAY)
    assert len(desk.notes("honey", amara, None, TODAY, 5)) == 2
    assert len(desk.notes("honey", amara, Channel.CARD, TODAY, 5)) == 1


@pytest.mark.parametrize(
    "text", ["def add(a, b): return a + b", "Install the driver, then restart", "Which vaccine do I need for Kenya"]
)
def test_where_nothing_fits_no_principle_is_shown(desk: Desk, text: str) -> None:
    assert desk.principles(text, 5) == ()


def test_a_note_on_another_matter_is_not_offered(desk: Desk) -> None:
    amara = person_named(desk, "Amara Okafor")
    add_note(desk, amara, "Allergic to peanuts.", "personal", False, TODAY)
    near = add_note(desk, amara, "Showed the new clerk how booking works.", "observation", False, date(2026, 3, 1))
    assert [fitting.note.id for fitting in desk.write(about()).notes] == [near.id]


def test_a_warm_desk_loads_nothing_at_the_first_draft_and_keeps_nothing(desk: Desk) -> None:
    load_tuned.cache_clear()
    desk.warm_up()
    loaded = load_tuned.cache_info().misses
    desk.write(about(channel=Channel.PUBLIC_CHAT))
    assert load_tuned.cache_info().misses == loaded > 0
    assert not desk.records.messages() and not desk.records.people()
