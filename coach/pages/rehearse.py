"""Rehearse: practise the talk before having it, go back, compare, and take along what was learnt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import altair as alt
import streamlit as st

from coach.access import hides_names, transcription
from coach.debrief import Debrief, Point, debrief, figures
from coach.desk import Desk
from coach.dialogue import any_seed, model_voice, step_said
from coach.errors import BadRequest, ModelFailed
from coach.exchange import person_named
from coach.pages.modelled import may_ask
from coach.pages.plain import plain
from coach.pages.writing import Writing, restored, started_anew
from coach.partner import FACTS, Reaction, Setting, library
from coach.persona import FAULTS, names_hidden, request
from coach.promise import offered
from coach.records import REHEARSAL_DAYS, Promise, Rehearsal, Source, new_id
from coach.rehearse import Session, Turn, from_plain, rewind, say, start, to_plain
from coach.situation import Kind, Pronouns

REACTIONS = {
    Reaction.LISTENS: "Listens",
    Reaction.QUIET: "Quiet",
    Reaction.DEFENSIVE: "Defensive",
    Reaction.HURT: "Hurt",
    Reaction.DEFLECTS: "Deflects to others",
    Reaction.TURNS: "Turns it back on you",
    Reaction.AGREES: "Agrees with everything",
}
DIFFICULTIES = {1: "Easy", 2: "Real", 3: "Hard"}
GOES_ON_WITHIN = timedelta(hours=12)
NAMED, SHOWN = 12, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the page has open: the record, and the session in it."""

    record: Rehearsal
    session: Session


def show(desk: Desk) -> None:
    st.title("Rehearse")
    if said := st.session_state.pop("rehearse_said", None):
        st.success(plain(said))
    now = datetime.now().astimezone()
    desk.records.expire_rehearsals(now - timedelta(days=REHEARSAL_DAYS))
    talk = _open_talk(desk, now)
    if talk is None:
        _set_up(desk, now)
        _earlier(desk)
    elif talk.record.learnt:
        _debrief(desk, talk)
    else:
        _conversation(desk, talk)


def _open_talk(desk: Desk, now: datetime) -> Talk | None:
    """The talk on the page, or after a reload the unfinished one that was on it last."""
    if "talk" not in st.session_state:
        going = [r for r in desk.records.rehearsals() if not r.learnt and now - r.begun < GOES_ON_WITHIN]
        st.session_state.talk = _opened(going[0]) if going else None
    found: Talk | None = st.session_state.talk
    return found


def _opened(record: Rehearsal) -> Talk:
    return Talk(record=record, session=from_plain(dict(record.state), record.begun.date()))


def _keep(desk: Desk, talk: Talk) -> None:
    """The record first; the page shows what was kept."""
    record = replace(talk.record, state=to_plain(talk.session))
    desk.records.keep_rehearsal(record)
    st.session_state.talk = replace(talk, record=record)


def _leave() -> None:
    st.session_state.talk = None
    st.rerun()


# Setting it up


def _set_up(desk: Desk, now: datetime) -> None:
    st.write("Say it here first. Coach plays the other side; nobody sees it, and nothing of it grades them.")
    people = desk.records.people()
    names = [person.name for person in people]
    wanted = st.session_state.pop("rehearse_next", None)
    if wanted:
        st.session_state.rehearse_who, st.session_state.rehearse_about = wanted
    chosen = st.session_state.get("rehearse_who")
    if chosen and chosen not in names:
        names = [chosen, *names]
    who = st.selectbox(
        "With whom", names, key="rehearse_who", index=None, accept_new_options=True, placeholder="Choose, or type: someone like…"
    )  # fmt: skip
    about = st.text_area(
        "What it is about", key="rehearse_about", height=100, placeholder="She was late to handover twice this week, so the night crew stayed on."
    )  # fmt: skip
    reaction = st.pills(
        "How they may react", list(REACTIONS), format_func=REACTIONS.__getitem__, default=Reaction.LISTENS, key="rehearse_reaction"
    )  # fmt: skip
    difficulty = st.segmented_control(
        "How hard", list(DIFFICULTIES), format_func=DIFFICULTIES.__getitem__, default=2, key="rehearse_difficulty", required=True
    )  # fmt: skip
    facts = _private(desk, who)
    if not st.button("Start", type="primary", width="stretch"):
        return
    if not who:
        raise BadRequest("Choose who it is with, or type a name, then start.")
    person = desk.person(who)
    pronouns = Pronouns(person.pronouns) if person and person.pronouns else None
    setting = Setting(
        to=who, about=about, reaction=reaction or Reaction.LISTENS, difficulty=difficulty or 2, seed=any_seed(), facts=facts, pronouns=pronouns
    )  # fmt: skip
    session = start(setting, desk.embed, now.date())
    record = Rehearsal(
        id=new_id(), person_id=person.id if person else None, person=session.setting.to, about=session.setting.about,
        begun=now, kept=False, state={}, learnt={},
    )  # fmt: skip
    _keep(desk, Talk(record=record, session=session))
    st.rerun()


def _private(desk: Desk, who: str | None) -> tuple[str, ...]:
    """What only an open question brings out: written, from the library, or from notes the leader ticks."""
    with st.expander("What they may be carrying (Coach chooses if you do not)"):
        st.caption("Two reasons or worries that come out only when you ask openly. Coach adds what you leave out.")
        written = st.text_input("In your words", key="rehearse_written")
        facts = [fact for kind in library().values() for fact in kind]
        picked = st.multiselect("From the library", facts, max_selections=FACTS, key="rehearse_picked")
        person = desk.person(who) if who else None
        notes = desk.records.notes(person.id, public=True) if person else ()
        ticked = [note.text for note in notes[:NAMED] if st.checkbox(plain(note.text), key=f"rehearse_note-{note.id}")]
    return tuple([*([written.strip()] if written.strip() else []), *ticked, *picked][:FACTS])


# The talk


def _conversation(desk: Desk, talk: Talk) -> None:
    session = talk.session
    setting = session.setting
    how = f"{REACTIONS[setting.reaction]}, {DIFFICULTIES[setting.difficulty].lower()}"
    st.caption(plain(f"With {setting.to}. {how}. {setting.about}"))
    hints = st.toggle("Show hints", value=True, key="rehearse_hints")
    _line(setting.to, session.opened.text)
    path = session.path
    for number, turn in enumerate(path, 1):
        _own(desk, talk, turn, number)
        _line(setting.to, turn.reply)
        if turn.replaced:
            why = (
                "the model’s answer did not pass the checks" if turn.replaced in FAULTS else "the model did not answer"
            )
            st.caption(f"The built-in partner said this one: {why}.")
    if hints and path and path[-1].hint:
        st.info(plain(path[-1].hint), icon=":material/lightbulb:")
    if path and path[-1].state.ended:
        st.warning("They have ended the talk. Go back to an earlier turn, or look at the debrief.")
    _answer(desk, talk)
    with st.container(horizontal=True):
        if path and st.button("End and debrief", type="primary"):
            record = replace(talk.record, learnt=figures(debrief(session)))
            _keep(desk, replace(talk, record=record))
            st.rerun()
        if st.button("Set up another"):
            _leave()
    _compare(session)


def _line(name: str, text: str) -> None:
    with st.chat_message("assistant", avatar=":material/person:"):
        st.caption(plain(name))
        st.text(text)


def _own(desk: Desk, talk: Talk, turn: Turn, number: int) -> None:
    with st.chat_message("user", avatar=":material/record_voice_over:"):
        st.caption("You")
        st.text(turn.say or "(silence)")
        if st.button("Say this otherwise", key=f"back-{len(talk.session.turns)}-{number}", type="tertiary", icon=":material/undo:"):  # fmt: skip
            _keep(desk, replace(talk, session=rewind(talk.session, number)))
            st.rerun()


def _answer(desk: Desk, talk: Talk) -> None:
    """A new box after each turn; what is typed in it stays until it was said."""
    place = f"{talk.record.id}-{len(talk.session.turns)}-{talk.session.at}"
    with_model = _by_model(desk, talk)
    _dictate(place)
    with st.form(f"say-{place}", border=False):
        said = st.text_area(
            "What you say", height=90, key=f"said-{place}", placeholder="Say it the way you would say it to them."
        )
        if st.form_submit_button("Say it", type="primary"):
            growing = st.empty()
            voice = model_voice(desk, partial(_grow, growing)) if with_model else None
            session = say(talk.session, said, desk.embed, date.today(), voice)
            _keep(desk, replace(talk, session=session))
            st.rerun()


def _grow(place: Any, text: str) -> None:
    place.text(text)


def _by_model(desk: Desk, talk: Talk) -> bool:
    """Whether the model finds the words: never before the leader has seen what would be sent and agreed on Write."""
    where = desk.endpoint
    if where is None or not may_ask(desk, where):
        return False
    wanted = st.toggle(plain(f"Let {where.model} find the words"), value=True, key="rehearse_model")
    if wanted and st.toggle("See what will be sent", key="rehearse_sent"):
        next_words = "(what you say next)"
        hidden = [one.name for one in desk.records.people()] if hides_names(desk.settings, where) else None
        opened = talk.session.opened
        spoken = replace(opened, moment="other", state=talk.session.state)
        names = names_hidden(talk.session, next_words, hidden)
        for turn in request(talk.session, next_words, spoken, names=names).turns:
            st.code(turn.text, language=None, wrap_lines=True)
    return wanted


def _dictate(place: str) -> None:
    """Speech to text where the leader named a service for it; the recording is never kept."""
    where = transcription()
    if where is None:
        return
    audio = st.audio_input("Or say it aloud", key=f"audio-{place}")
    if audio is not None and st.session_state.get("dictated") != f"{place}-{audio.file_id}":
        from coach.model import transcribe

        st.session_state.dictated = f"{place}-{audio.file_id}"
        try:
            st.session_state[f"said-{place}"] = transcribe(where, audio.getvalue())
        except ModelFailed as error:
            st.warning(plain(f"{error} Type it instead."))


def _compare(session: Session) -> None:
    """Two branches side by side: what was said, what they answered, how trust moved."""
    ends = session.branches
    if len(ends) < 2:
        return
    st.subheader("Compare what you tried")
    labels = {at: _branch_name(session, at, number) for number, at in enumerate(ends, 1)}
    for column, default, key in zip(st.columns(2), (len(ends) - 2, len(ends) - 1), ("left", "right"), strict=True):
        with column:
            at = st.selectbox(
                "How you said it", list(ends), index=default, format_func=labels.__getitem__, key=f"branch-{key}-{len(ends)}"
            )  # fmt: skip
            before = session.opened.state.trust
            for turn in session.path_to(at):
                st.caption("You")
                st.text(turn.say or "(silence)")
                moved = round((turn.state.trust - before) * 100)
                before = turn.state.trust
                st.caption(plain(f"{session.setting.to} (trust {round(before * 100)}, {moved:+d})"))
                st.text(turn.reply)


def _branch_name(session: Session, at: int, number: int) -> str:
    return f"{number}: {session.turns[at].say[:40] or 'silence'}"


# The debrief


def _debrief(desk: Desk, talk: Talk) -> None:
    found = debrief(talk.session)
    name = talk.session.setting.to
    st.caption(plain(f"With {name}, {talk.record.begun.day} {talk.record.begun:%B}. {talk.session.setting.about}"))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _points("What went well", found.well)
        _points("What to change", found.change)
        if not found.well and not found.change:
            st.write("Too little was said for a debrief. Go back in and say one thing you saw.")
        _best(desk, talk, found)
    with right:
        _numbers(found, name)
        _chart(found)
    _promised(desk, talk)
    _afterwards(desk, talk)
    _compare(talk.session)


def _points(heading: str, points: Sequence[Point]) -> None:
    if not points:
        return
    st.subheader(heading)
    for point in points:
        with st.container(border=True):
            st.caption(f"Your turn {point.turn}")
            st.text(f"“{point.quote}”")
            st.markdown(plain(point.why))
            st.caption("A line to try")
            st.text(point.better)


def _best(desk: Desk, talk: Talk, found: Debrief) -> None:
    line = found.best_line or next((point.better for point in found.change), "")
    if not line:
        return
    st.subheader("Your best line")
    st.text(line)
    if st.button("Use my best line", type="primary"):
        _into_draft(desk, talk.session.setting.to, line)
        st.session_state.rehearse_said = "Your best line is in the draft on the Write page."
        st.rerun()


def _into_draft(desk: Desk, name: str, line: str) -> None:
    """Into the message to this person, where one is being written; else a new draft begins with it."""
    writing: Writing = st.session_state.get("writing") or restored(desk.records.writing())
    if writing.drafted and writing.to == name:
        writing.message = f"{writing.message.rstrip()} {line}"
        writing.message_version += 1
    else:
        if writing.to != name or not writing.text.strip():
            writing = started_anew(writing)
        writing.to, writing.kind = name, Kind.FEEDBACK.value
        writing.text = f"{writing.text.rstrip()} {line}".strip()
        writing.text_version += 1
    for key in ("who", "choice", "kind"):
        st.session_state.pop(key, None)
    st.session_state.writing, st.session_state.saved = writing, writing.saved()
    desk.records.keep_writing(writing.saved())


def _numbers(found: Debrief, name: str) -> None:
    st.subheader("In numbers")
    first = ", ".join(f"{missing.value} in turn {turn}" for missing, turn in found.sbi.items())
    sbi = f"all said by turn {found.sbi_by_turn}" if found.sbi_by_turn else first or "none of them said"
    rows = [
        f"Situation, behaviour, impact: {sbi}",
        f"Open questions: {found.open_questions}",
        f"Your share of the words: {found.talk_share:.0%}",
        f"Advice straight after an upset line: {found.advice_after_upset}",
        f"Agreed: {step_said(found.agreed)}",
    ]
    st.markdown("\n".join(f"- {plain(row)}" for row in rows))
    st.caption(plain(f"What {name} was carrying here"))
    for fact in found.facts_found:
        st.text(fact)
    if found.facts_missed:
        st.caption(f"{found.facts_missed} not found out. An open question, and a pause, would have brought it up.")


def _chart(found: Debrief) -> None:
    rows = [
        {"turn": b.turn, "value": value, "line": line}
        for b in found.beats
        for line, value in (
            ("trust", round(b.trust * 100)),
            ("your share of the words", round(100 * b.leader_words / max(b.leader_words + b.partner_words, 1))),
        )
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("turn:O", title="Turn"),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("line:N", title=None, legend=alt.Legend(orient="bottom")),
            strokeDash=alt.StrokeDash("line:N", legend=None),
        )
        .properties(height=200)
    )
    st.altair_chart(chart, width="stretch")
    with st.expander("The chart in words"):
        st.text(found.text)


def _promised(desk: Desk, talk: Talk) -> None:
    """What the leader promised in the talk, to be kept as promises with their day."""
    name, day = talk.session.setting.to, talk.record.begun.date()
    person = person_named(desk, name) if desk.person(name) else None
    texts = [turn.say for turn in talk.session.path]
    if person is None:
        if any(_promises(text, day) for text in texts):
            st.caption(plain(f"Add {name} to your notebook to keep what you promised here."))
        return
    people = desk.records.people()
    found = [p for text in texts for p in offered(text, day, person, Source.REHEARSAL, talk.record.id, people)]
    if found:
        st.subheader("What you promised")
        kept = {promise.id for promise in desk.records.promises(declined=True)}
        for promise in found:
            _promise(desk, promise, promise.id in kept)


def _promises(text: str, day: date) -> bool:
    from coach.promise import find_promises

    return bool(find_promises(text, day))


def _promise(desk: Desk, promise: Promise, kept: bool) -> None:
    due = f", by {promise.due.day} {promise.due:%B}" if promise.due else ""
    st.text(f"{promise.what}{due}")
    if kept:
        st.caption("It is among your promises.")
    elif st.button("Keep this promise", key=f"promise-{promise.id}"):
        desk.records.keep_promise(promise)
        st.rerun()


def _afterwards(desk: Desk, talk: Talk) -> None:
    st.divider()
    label = f"Keep this rehearsal (otherwise it is deleted after {REHEARSAL_DAYS} days)"
    kept = st.checkbox(label, value=talk.record.kept, key=f"kept-{talk.record.id}")
    if kept != talk.record.kept:
        _keep(desk, replace(talk, record=replace(talk.record, kept=kept)))
    with st.container(horizontal=True):
        if st.button("Go back in"):
            _keep(desk, replace(talk, record=replace(talk.record, learnt={})))
            st.rerun()
        if st.button("New rehearsal"):
            _leave()
        if st.button("Delete this rehearsal"):
            desk.records.delete_rehearsal(talk.record.id)
            st.session_state.rehearse_said = "The rehearsal is deleted."
            _leave()


# What was practised before


def _earlier(desk: Desk) -> None:
    every = desk.records.rehearsals()
    if not every:
        return
    st.divider()
    _progress([one for one in every if one.learnt])
    st.subheader("Earlier rehearsals")
    query = st.text_input("Search them", key="rehearse_query").strip().casefold()
    found = [one for one in every if query in _words_of(one)] if query else list(every)
    for record in found[:SHOWN]:
        with st.container(border=True):
            st.caption(plain(f"{record.person}, {record.begun.day} {record.begun:%B}{', kept' if record.kept else ''}"))
            st.text(record.about)
            with st.container(horizontal=True):
                if st.button("Open", key=f"open-{record.id}"):
                    st.session_state.talk = _opened(record)
                    st.rerun()
                if st.button("Delete", key=f"delete-{record.id}"):
                    desk.records.delete_rehearsal(record.id)
                    st.rerun()
    if not found:
        st.info("No rehearsal has these words.")


def _words_of(record: Rehearsal) -> str:
    turns = " ".join(f"{turn.get('say', '')} {turn.get('reply', '')}" for turn in record.state.get("turns", ()))
    return f"{record.person} {record.about} {turns}".casefold()


def _progress(done: Sequence[Rehearsal]) -> None:
    """The leader's own habits from one rehearsal to the next; it says nothing of the people played."""
    if len(done) < 2:
        return
    st.subheader("Your progress")
    rows = [
        {
            "Day": f"{one.begun.day} {one.begun:%B}",
            "With": one.person,
            "Open questions": str(one.learnt.get("open_questions", "")),
            "All of situation, behaviour, impact by turn": str(one.learnt.get("sbi_by_turn") or "not yet"),
            "Private worry found": f"{one.learnt.get('found', 0)} of {one.learnt.get('of', 0)}",
        }
        for one in done[:SHOWN]
    ]
    early = sum((one.learnt.get("sbi_by_turn") or 99) <= 3 for one in done)
    st.write(f"In {early} of {len(done)} rehearsals you had said all three by turn 3.")
    st.table(rows)
