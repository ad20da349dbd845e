"""The leader's habits are counted rightly, and nothing is said of anybody on too little."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from coach.desk import Desk
from coach.records import Message, Person
from coach.rhythm import by_month, cells, days_taken, is_specific, practised, remarks, rhythm, week_of

SPECIFIC = "Thank you for staying on Tuesday to settle the new patient, so nights started calmly."
VAGUE = "Great work, thanks!"
TODAY = date(2026, 11, 20)
AMA, BO = Person(id="p1", name="Ama"), Person(id="p2", name="Bo")


def message(person: Person, text: str, day: date, message_id: str = "", kind: str = "recognition") -> Message:
    return Message(
        id=message_id or f"{person.id}-{day}-{len(text)}", person_id=person.id, person=person.name, situation="Stayed on.", kind=kind,
        channel="direct", drafted=text, text=text, happened=None, sent_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        sources={},
    )  # fmt: skip


def days(count: int, step: int = 1) -> list[date]:
    return [TODAY - timedelta(days=step * at) for at in range(count)]


def test_a_message_is_counted_in_the_week_of_its_monday() -> None:
    assert week_of(message(AMA, VAGUE, date(2026, 11, 22))) == date(2026, 11, 16)
    assert week_of(message(AMA, VAGUE, date(2026, 11, 23))) == date(2026, 11, 23)


def test_the_heat_map_has_a_cell_for_every_person_and_week() -> None:
    weeks = (date(2026, 11, 9), date(2026, 11, 16))
    found = cells((AMA, BO), [message(AMA, VAGUE, TODAY), message(AMA, VAGUE, TODAY, kind="feedback")], weeks)
    assert [(c.person, c.week, c.recognition, c.feedback) for c in found] == [
        ("Ama", weeks[0], 0, 0), ("Ama", weeks[1], 1, 1), ("Bo", weeks[0], 0, 0), ("Bo", weeks[1], 0, 0),
    ]  # fmt: skip


def test_praise_for_anything_is_not_specific() -> None:
    assert is_specific(message(AMA, SPECIFIC, TODAY))
    assert not is_specific(message(AMA, VAGUE, TODAY))
    long = "You are such a wonderful and lovely colleague and everybody here really likes you very much indeed."
    assert not is_specific(message(AMA, long, TODAY))


def test_days_taken_count_from_the_day_named() -> None:
    told = replace(message(AMA, VAGUE, TODAY), situation="Stayed on Tuesday.")
    assert days_taken(told) == 3
    assert days_taken(replace(told, happened=TODAY)) == 0
    assert days_taken(message(AMA, VAGUE, TODAY)) is None


def test_months_have_the_share_of_specific_messages_and_the_median_of_days() -> None:
    told = [
        replace(message(AMA, SPECIFIC, TODAY), happened=TODAY - timedelta(days=back), id=str(back))
        for back in (0, 1, 9)
    ]
    (month,) = by_month([*told, message(AMA, VAGUE, TODAY)])
    assert (month.month, month.messages, month.share, month.days) == (date(2026, 11, 1), 4, 0.75, 1)


def test_nothing_is_said_of_somebody_with_fewer_than_five_messages() -> None:
    told = [message(AMA, SPECIFIC, day) for day in days(10)] + [message(BO, VAGUE, day) for day in days(4)]
    assert remarks((AMA, BO), told, TODAY - timedelta(weeks=12)) == ()
    told.append(message(BO, VAGUE, TODAY - timedelta(days=30)))
    (said,) = remarks((AMA, BO), told, TODAY - timedelta(weeks=12))
    assert said.startswith("Your messages to Bo are less specific") and "0 of 5" in said


def test_rarer_messages_than_the_average_are_said_by_number() -> None:
    told = [message(AMA, SPECIFIC, day) for day in days(20)] + [
        message(BO, SPECIFIC, TODAY - timedelta(days=200 + at)) for at in range(5)
    ]
    assert remarks((AMA, BO), told, TODAY - timedelta(weeks=12)) == (
        "Bo got no messages from you in the last 12 weeks, fewer than half of your average of 10.0 a person.",
    )


def test_principles_are_counted_by_the_one_that_fitted_best(desk: Desk) -> None:
    one, other = desk.library.principles[:2]
    told = [
        replace(message(AMA, VAGUE, TODAY), sources=sources)
        for sources in ({"principles": [one.id, other.id]}, {"principles": [one.id]}, {"principles": "x"}, {})
    ]
    assert practised(desk, told) == ((one.title, 2),)


def test_a_rhythm_without_messages_is_empty(desk: Desk) -> None:
    found = rhythm(desk, TODAY)
    assert (found.messages, found.months, found.remarks) == (0, (), ())
