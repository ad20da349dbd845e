"""Promises as an iCalendar file (RFC 5545), so that the leader's own calendar reminds."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from coach.records import Promise, PromisedBy

REMIND_BEFORE = timedelta(hours=15)
"""Before the day begins: at nine in the morning of the day before."""


def calendar_of(promises: Iterable[Promise], now: datetime) -> bytes:
    """An all-day event with a reminder for each promise to keep that has a day. `now` carries a time zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Coach//Promises//EN")
    calendar.add("version", "2.0")
    for promise in promises:
        if promise.to_keep and promise.due:
            calendar.add_component(_event(promise, now))
    return bytes(calendar.to_ical())


def _event(promise: Promise, now: datetime) -> Event:
    event, alarm = Event(), Alarm()
    by = f"To {promise.person}" if promise.promised_by is PromisedBy.LEADER else promise.person
    event.add("uid", f"{promise.id}@coach")
    event.add("dtstamp", now)
    event.add("dtstart", promise.due)
    event.add("dtend", promise.due + timedelta(days=1) if promise.due else None)
    event.add("summary", f"{by}: {promise.what}")
    event.add("description", f"Promised on {promise.made.day} {promise.made:%B %Y}.")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{by}: {promise.what}")
    alarm.add("trigger", -REMIND_BEFORE)
    event.add_component(alarm)
    return event
