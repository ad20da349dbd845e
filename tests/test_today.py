"""Capture, Today, the look back and the calendar: what a day with a team brings up, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.calendar_file import calendar_of
from coach.capture import keep_line, person_in, read_line
from coach.desk import Desk
from coach.errors import BadRequest, UnknownPerson
from coach.exchange import SUGGESTIONS, add_note, person_named
from coach.look_back import as_markdown, look_back
from coach.records import Message, MomentState, Person, Promise, PromiseState
from coach.situation import Kind
from coach.today import anniversaries, look, next_yearly, offers, opening_for_moment, quiet

TODAY = date(2026, 11, 20)
NGOZI, WEI = Person(id="p1", name="Ngozi Ade", aliases=("Goz",)), Person(id="p2", name="Wei Chen")
TEAM = (NGOZI, WEI)


@pytest.fixture
def team(desk: Desk) -> Desk:
    for person in TEAM:
        desk.records.keep_person(person)
    return desk


def sent(person: Person, text: str, at: datetime, situation: str = "Stayed on.", message_id: str = "m1") -> Message:
    return Message(
        id=message_id, person_id=person.id, person=person.name, situation=situation, kind="recognition", channel="direct",
        drafted=text, text=text, happened=None, sent_at=at, sources={},
    )  # fmt: skip


def test_one_line_gives_person_day_and_kind() -> None:
    read = read_line("Ngozi stayed on to reload the lorry on Tuesday", TEAM, TODAY)
    assert (read.person, read.day, read.kind, read.private, read.tell) == (
        NGOZI, date(2026, 11, 17), "observation", False, Kind.RECOGNITION,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind", "private", "tell"),
    [
        ("Wei was late again this morning", "observation", False, Kind.FEEDBACK),
        ("Wei's daughter starts school in September", "personal", True, None),
        ("Wei told me he wants to present at the safety meeting", "one-on-one", False, None),
        ("Wei is good with nervous callers", "strength", False, Kind.RECOGNITION),
        ("I'll get back to Wei by Friday", "promise", False, None),
        ("Wei stayed on and fixed the export, I'll get him the form by Friday", "observation", False, Kind.RECOGNITION),
        ("Wei said in confidence that he may leave", "observation", True, None),
        ("Wei will bring the spare key tomorrow", "promise", False, None),
        ("Wei caught the mistake in the invoice", "observation", False, Kind.RECOGNITION),
        ("Wei cleared 11 orders by noon", "observation", False, Kind.RECOGNITION),  # no 1:1
        ("1:1 with Wei about the rota", "one-on-one", False, None),
    ],
)
def test_the_kind_of_a_line_is_found(line: str, kind: str, private: bool, tell: Kind | None) -> None:
    read = read_line(line, TEAM, TODAY)
    assert (read.person, read.kind, read.private) == (WEI, kind, private)
    assert read.tell == tell


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Wei trained the temp on 12/11", date(2026, 11, 12)),
        ("2026-11-12 Wei trained the temp", date(2026, 11, 12)),
        ("Wei's birthday is 1 December", TODAY),  # a day to come is not when it was seen
    ],
)
def test_the_day_of_a_line_is_when_it_happened(line: str, day: date) -> None:
    assert read_line(line, TEAM, TODAY).day == day


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("WILL STAYED LATE", "Will Hunt"),
        ("will stayed late", "Will Hunt"),
        ("will you ask about the badge", None),
        ("thanks to jose for the night shift", "José Álvarez"),
        ("Jose helped out", "José Álvarez"),
        ("In May the team won", None),
        ("May covered the desk", "May Olsen"),
    ],
)
def test_a_name_that_is_a_word_too_or_is_typed_in_haste_is_told_apart(line: str, name: str | None) -> None:
    people = tuple(Person(id=one, name=one) for one in ("Will Hunt", "José Álvarez", "May Olsen"))
    found = person_in(line, people)
    assert (found and found.name) == name


def test_a_first_name_that_two_people_share_names_neither() -> None:
    other = replace(WEI, id="p3", name="Wei Lin")
    assert person_in("Wei stayed on", (WEI, other)) is None
    assert person_in("Wei Lin stayed on", (WEI, other)) == other


def test_a_name_inside_another_word_is_nobody() -> None:
    assert person_in("The weight was Weimar's", TEAM) is None


def test_a_captured_line_is_a_note_that_waits_to_be_told_until_it_is(team: Desk) -> None:
    note, _ = keep_line(team, read_line("Goz stayed on to reload the lorry on Monday", TEAM, TODAY), TODAY)
    assert team.records.notes(NGOZI.id) == (replace(note, revision=team.records.notes()[0].revision),)
    (waiting,) = look(team, TODAY).stale
    opening = opening_for_moment(waiting)
    assert (opening.to, opening.happened, opening.moment) == ("Ngozi Ade", date(2026, 11, 16), note.id)
    team.records.settle_moment(note.id, MomentState.TOLD)
    assert look(team, TODAY).stale == ()


def test_a_moment_of_today_is_fresh_and_one_of_last_year_is_only_a_note(team: Desk) -> None:
    for line in ("Ngozi stayed on today", "Ngozi stayed on, on 3 March"):
        keep_line(team, read_line(line, TEAM, TODAY), TODAY)
    found = look(team, TODAY)
    assert [m.note.text for m in found.fresh] == ["Ngozi stayed on today"]
    assert found.stale == ()


def test_a_line_about_nobody_is_refused_and_nothing_is_kept(team: Desk) -> None:
    with pytest.raises(UnknownPerson):
        keep_line(team, read_line("somebody stayed on", TEAM, TODAY), TODAY)
    with pytest.raises(BadRequest):
        keep_line(team, read_line("  ", TEAM, TODAY, NGOZI), TODAY)
    with pytest.raises(BadRequest, match="nothing to note"):
        keep_line(team, read_line(" ", TEAM, TODAY), TODAY)
    assert team.records.notes() == ()


@given(st.text(max_size=200))
def test_any_line_can_be_read(line: str) -> None:
    assert read_line(line, TEAM, TODAY).day <= TODAY


def test_promises_are_offered_from_notes_and_messages_until_kept_or_declined(team: Desk) -> None:
    add_note(team, NGOZI, "I'll get back to her by Friday.", "one-on-one", False, date(2026, 11, 17))
    team.records.keep_message(
        sent(WEI, "Thank you. I'll send you the plan tomorrow.", datetime(2026, 11, 19, tzinfo=UTC))
    )
    first, second = offers(team, TODAY)
    assert (first.person, first.what, first.due) == ("Ngozi Ade", "get back to her", TODAY)
    assert (second.person, second.what, second.due) == ("Wei Chen", "send you the plan", TODAY)
    team.records.keep_promise(first)
    team.records.keep_promise(replace(second, state=PromiseState.DECLINED))
    assert offers(team, TODAY) == ()
    assert look(team, TODAY).due == (first,)


def test_an_old_note_is_not_searched_for_promises(team: Desk) -> None:
    add_note(team, NGOZI, "I'll get back to her by Friday.", "one-on-one", False, date(2026, 10, 1))
    assert offers(team, TODAY) == ()


@given(st.integers(-12, 14), st.integers(0, 23))
def test_tomorrow_is_the_day_after_the_one_on_the_writers_own_clock(hours: int, hour: int) -> None:
    at = datetime(2026, 12, 31, hour, 30, tzinfo=timezone(timedelta(hours=hours)))
    read = read_line("I'll call Wei tomorrow", TEAM, at.date())
    assert [one.due for one in read.promises] == [date(2027, 1, 1)]


def test_birthdays_and_anniversaries_of_the_coming_two_weeks(team: Desk) -> None:
    people = (
        replace(NGOZI, birthday="12-04", start_date=date(2023, 11, 20)),
        replace(WEI, birthday="12-05", start_date=date(2026, 11, 25)),
    )
    assert [(one.person.name, one.day, one.years) for one in anniversaries(people, TODAY)] == [
        ("Ngozi Ade", TODAY, 3),
        ("Ngozi Ade", date(2026, 12, 4), 0),
    ]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 2, 20), date(2027, 2, 28)),
        (date(2028, 2, 20), date(2028, 2, 29)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_birthday_on_29_february_is_kept_each_year(today: date, day: date) -> None:
    assert next_yearly(2, 29, today) == day


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_a_yearly_day_comes_within_a_year(today: date, which: date) -> None:
    assert 0 <= (next_yearly(which.month, which.day, today) - today).days <= 366


def test_any_contact_counts_and_a_talk_takes_the_person_off_the_list(team: Desk) -> None:
    add_note(team, NGOZI, "Stayed on.", "observation", False, TODAY - timedelta(days=14))
    assert [one.person.name for one in quiet(team, TEAM, TODAY)] == ["Ngozi Ade", "Wei Chen"]
    team.records.keep_talk(NGOZI.id, TODAY)
    assert [one.person.name for one in quiet(team, TEAM, TODAY)] == ["Wei Chen"]
    team.records.keep_message(sent(WEI, "Thanks", datetime(2026, 11, 18, tzinfo=UTC)))
    assert quiet(team, TEAM, TODAY) == ()


def test_the_interval_is_the_persons_own_and_0_is_never(team: Desk) -> None:
    add_note(team, NGOZI, "Stayed on.", "observation", False, TODAY - timedelta(days=5))
    add_note(team, WEI, "Stayed on.", "observation", False, TODAY - timedelta(days=50))
    team.records.keep_interval(NGOZI.id, 5)
    team.records.keep_interval(WEI.id, 0)
    assert [one.person.name for one in quiet(team, TEAM, TODAY)] == ["Ngozi Ade"]


def test_at_most_three_are_named_a_day_and_a_talk_brings_up_nobody_else(team: Desk) -> None:
    for at in range(8):
        person_named(team, f"Person {at}")
    people = team.records.people()
    named = quiet(team, people, TODAY)
    assert len(named) == 3
    team.records.keep_talk(named[0].person.id, TODAY)
    assert quiet(team, people, TODAY) == named[1:]
    team.records.keep_preference(SUGGESTIONS, "0")
    assert quiet(team, people, TODAY) == ()


def promise(due: date | None = TODAY, what: str = "get back to you, soon; really") -> Promise:
    return Promise(id="w1", person_id="p1", person="Ngozi Ade", what=what, due=due, made=TODAY)


def test_a_promise_becomes_a_whole_day_in_the_calendar_with_a_reminder() -> None:
    made = calendar_of(
        [promise(), promise(None), replace(promise(), state=PromiseState.DONE)], datetime(2026, 11, 20, tzinfo=UTC)
    )
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (TODAY, TODAY + timedelta(days=1))
    assert event["SUMMARY"] == "To Ngozi Ade: get back to you, soon; really"
    assert event["UID"] == "w1@coach"
    assert len(event.walk("VALARM")) == 1


@given(st.text(min_size=1, max_size=300), st.dates(date(1990, 1, 1), date(2190, 1, 1)))
def test_any_words_and_any_day_come_through_the_calendar_file(what: str, due: date) -> None:
    words = " ".join(what.split())
    made = calendar_of([promise(due, "".join(c for c in words if c.isprintable()))], datetime(2026, 11, 20, tzinfo=UTC))
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert event["DTSTART"].dt == due
    assert event["SUMMARY"] == f"To Ngozi Ade: {''.join(c for c in words if c.isprintable())}"


def test_the_look_back_has_wins_promises_and_whom_to_notice_and_nothing_private(team: Desk) -> None:
    team.records.keep_message(sent(NGOZI, "Thank you", datetime(2026, 11, 18, tzinfo=UTC), "Reloaded the lorry."))
    add_note(team, WEI, "Calms every caller.", "strength", False, TODAY)
    add_note(team, WEI, "Secret strength 4711.", "strength", True, TODAY)
    add_note(team, WEI, "Old strength.", "strength", False, TODAY - timedelta(days=7))
    team.records.keep_promise(promise())
    person_named(team, "Ada Quiet")
    text = as_markdown(look_back(team, TODAY))
    assert "- Ngozi Ade, Wednesday: Reloaded the lorry." in text
    assert "- Wei Chen, Friday: Calms every caller." in text
    assert "- To Ngozi Ade: get back to you, soon; really, by today" in text
    assert "- Ada Quiet: no word yet" in text
    assert "4711" not in text and "Old strength" not in text
