"""Today: what was promised, whose day it is, what was seen and not yet said, and who has not heard from you."""

from datetime import date, datetime
from functools import partial

import streamlit as st

from coach.desk import Desk
from coach.exchange import LONGEST_INTERVAL, SUGGESTIONS
from coach.look_back import as_markdown, look_back
from coach.pages.opening import open_draft
from coach.pages.plain import plain
from coach.pages.promised import offer, says, settle
from coach.records import Moment, MomentState, Promise
from coach.send import mailto
from coach.today import (
    USUAL_INTERVAL,
    USUAL_SUGGESTIONS,
    Anniversary,
    Opening,
    Quiet,
    Today,
    day_name,
    look,
    opening_for_anniversary,
    opening_for_moment,
    opening_for_promise,
    opening_for_quiet,
)

PROMISES_SHOWN, OFFERS_SHOWN, MOMENTS_SHOWN = 6, 3, 6


def show(desk: Desk) -> None:
    today = date.today()
    st.title("Today")
    st.caption(plain(f"{today:%A} {today.day} {today:%B %Y}"))
    found = look(desk, today)
    if not desk.records.people():
        st.write("Nobody is in your notebook yet. Write your first message, or add your people in the Notebook.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        _promises(desk, found, today)
        _offers(desk, found)
    with right:
        _moments(desk, found, today)
        _days(desk, found.anniversaries, today)
        _quiet(desk, found.quiet, today)
    _week(desk, today)
    _habits(desk)


def _draft(desk: Desk, opening: Opening, key: str, label: str = "Write to them") -> None:
    if st.button(label, key=f"draft-{key}", icon=":material/edit_note:"):
        open_draft(desk, opening)


def _promises(desk: Desk, found: Today, today: date) -> None:
    st.subheader("Promises")
    if not found.due and not found.ahead:
        st.write("Nothing promised is open.")
    for promise in found.due[:PROMISES_SHOWN]:
        _promise(desk, promise, today)
    if len(found.due) > PROMISES_SHOWN:
        with st.expander(f"{len(found.due) - PROMISES_SHOWN} more are due"):
            for promise in found.due[PROMISES_SHOWN:]:
                _promise(desk, promise, today)
    if found.ahead:
        with st.expander(f"Later ({len(found.ahead)})", expanded=not found.due):
            for promise in found.ahead[:20]:
                _promise(desk, promise, today)
    if found.due or found.ahead:
        st.download_button(
            "Into my calendar (.ics)",
            partial(_calendar, (*found.due, *found.ahead)),
            "promises.ics",
            "text/calendar",
            icon=":material/calendar_add_on:",
        )


def _calendar(promises: tuple[Promise, ...]) -> bytes:
    """Its library knows every time zone: the first page does not wait for it."""
    from coach.calendar_file import calendar_of

    return calendar_of(promises, datetime.now().astimezone())


def _promise(desk: Desk, promise: Promise, today: date) -> None:
    with st.container(border=True):
        state = "**Overdue.** " if promise.overdue(today) else "**Due today.** " if promise.due == today else ""
        moved = f" {plain(f'(moved: {promise.why})')}" if promise.why else ""
        st.markdown(f"{state}{says(promise, today)}{moved}")
        with st.container(horizontal=True):
            settle(desk, promise)
            _draft(desk, opening_for_promise(promise, today), promise.id)


def _offers(desk: Desk, found: Today) -> None:
    if found.offered:
        st.subheader("Was this a promise?")
        for promise in found.offered[:OFFERS_SHOWN]:
            offer(desk, promise, "today")


def _moments(desk: Desk, found: Today, today: date) -> None:
    moments = (*found.stale, *found.fresh)
    st.subheader("Seen, not yet said")
    if not moments:
        st.write("Nothing waits to be told.")
    for moment in moments[:MOMENTS_SHOWN]:
        _moment(desk, moment, today, stale=moment in found.stale)
    if len(moments) > MOMENTS_SHOWN:
        st.caption(f"{len(moments) - MOMENTS_SHOWN} more wait behind these.")


def _moment(desk: Desk, moment: Moment, today: date, stale: bool) -> None:
    note = moment.note
    with st.container(border=True):
        when = day_name(note.date, today)
        first = note.person.split()[0]
        late = f"This was on {when}, and you have not told {first}." if stale else f"{note.person}, {when}"
        st.caption(plain(late))
        st.text(note.text)
        with st.container(horizontal=True):
            _draft(desk, opening_for_moment(moment), note.id, f"Tell {plain(first)}")
            if st.button("Let it go", key=f"go-{note.id}"):
                desk.records.settle_moment(note.id, MomentState.LET_GO)
                st.rerun()


def _days(desk: Desk, found: tuple[Anniversary, ...], today: date) -> None:
    if not found:
        return
    st.subheader("Coming days")
    for one in found:
        years = "a year" if one.years == 1 else f"{one.years} years"
        what = f"{years} here" if one.years else "birthday"
        with st.container(border=True):
            st.markdown(plain(f"{one.person.name}: {what}, {day_name(one.day, today)}"))
            _draft(desk, opening_for_anniversary(one, today), f"{one.person.id}-{one.years}")


def _quiet(desk: Desk, found: tuple[Quiet, ...], today: date) -> None:
    if not found:
        return
    st.subheader("Not heard from you for a while")
    for one in found:
        with st.container(border=True):
            since = f"nothing since {day_name(one.last, today)}" if one.last else "nothing noted or sent yet"
            st.markdown(plain(f"{one.person.name}: {since}"))
            with st.container(horizontal=True):
                if st.button("We talked", key=f"talked-{one.person.id}"):
                    desk.records.keep_talk(one.person.id, today)
                    st.rerun()
                _draft(desk, opening_for_quiet(one, today), f"quiet-{one.person.id}")


def _week(desk: Desk, today: date) -> None:
    with st.expander("Look back on the week"):
        text = as_markdown(look_back(desk, today))
        st.text(text)
        with st.container(horizontal=True):
            st.download_button("Save as Markdown", text, f"week-{today}.md", "text/markdown")
            link = mailto(text, f"Your week up to {today.day} {today:%B}")
            if link:
                st.link_button("Open in mail program", link)
            else:
                st.caption("Too long for a mail link: save it instead.")


def _habits(desk: Desk) -> None:
    with st.expander("How often to remind me"):
        number = int(desk.records.preference(SUGGESTIONS, USUAL_SUGGESTIONS))
        most = st.number_input(
            "People to suggest a day, at most (0: none)", 0, 10, number, key="suggestions", width=320
        )
        if most != number:
            desk.records.keep_preference(SUGGESTIONS, str(most))
            st.rerun()
        people = {person.name: person for person in desk.records.people()}
        who = st.selectbox(
            "Person", list(people), index=None, key="interval_person", placeholder="Choose a person", width=320
        )
        if who:
            person = people[who]
            days = desk.records.intervals().get(person.id, USUAL_INTERVAL)
            chosen = st.number_input(
                "After how many days without a word (0: never)", 0, LONGEST_INTERVAL, days, key=f"interval-{person.id}", width=320
            )  # fmt: skip
            if chosen != days:
                desk.records.keep_interval(person.id, int(chosen))
                st.rerun()
