"""Write: who, what happened, and a minute later a message that was edited and sent."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from coach.check import Finding, Severity, without
from coach.desk import Desk, Reply
from coach.draft import SLOT, quotable
from coach.errors import BadRequest
from coach.exchange import person_named
from coach.ground import Clause
from coach.pages.plain import plain
from coach.pages.textbox import Mark, standing, textbox
from coach.pages.writing import Writing, restored, started_anew
from coach.records import Note
from coach.send import Approved, mailto, mark_as_sent, subject
from coach.situation import Channel, Kind
from coach.turn import recipient

KINDS = {Kind.RECOGNITION: "Recognition", Kind.FEEDBACK: "Feedback"}
CHANNELS = {
    Channel.PUBLIC_CHAT: "Public chat",
    Channel.DIRECT: "Direct message",
    Channel.EMAIL: "Email",
    Channel.SPOKEN: "Spoken",
    Channel.CARD: "Card",
}
QUESTIONS_AT_ONCE = 2
SHAPES = {Severity.BLOCK: "wavy", Severity.WARN: "dashed", Severity.HINT: "dotted"}


def show(desk: Desk) -> None:
    writing = _writing(desk)
    st.title("Write")
    with st.container():  # always there: what comes and goes above a text box would take its focus
        _welcome(desk, writing)
    try:
        drafting = _situation(desk, writing)
        if drafting:
            _draft_anew(writing)
        if writing.drafted:
            _draft_panel(desk, writing)
    except BadRequest as error:
        writing.drafted = False
        st.error(str(error))
    finally:
        _keep(desk, writing)


def _writing(desk: Desk) -> Writing:
    if "writing" not in st.session_state:
        st.session_state.writing = restored(desk.records.writing())
        st.session_state.saved = st.session_state.writing.saved()
    return st.session_state.writing  # type: ignore[no-any-return]


def _keep(desk: Desk, writing: Writing) -> None:
    if writing.saved() != st.session_state.saved:
        st.session_state.saved = writing.saved()
        desk.records.keep_writing(st.session_state.saved)


def _welcome(desk: Desk, writing: Writing) -> None:
    if sent := st.session_state.pop("sent_to", None):
        st.success(f"Kept in {plain(sent)}’s history. You will find it in the Notebook.")
    if not desk.records.people() and not writing.text:
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.write(
            "Say what you saw, in your own words. Coach turns it into a message to the person, and makes nothing up."
        )
        if right.button("Try it with a sample team", width="stretch"):
            from datetime import date

            from coach.sample import load_sample

            load_sample(desk, date.today())
            st.rerun()


def _situation(desk: Desk, writing: Writing) -> bool:
    """The upper half of the page. Returns whether a draft was asked for."""
    names = [person.name for person in desk.records.people()]
    if writing.to and writing.to not in names:
        names = [writing.to, *names]
    st.session_state.setdefault("who", writing.to or None)
    left, right = st.columns([2, 1])
    who = left.selectbox("Who", names, key="who", accept_new_options=True, placeholder="Choose, or type a name")
    kind = right.segmented_control(
        "What it is", list(KINDS), default=Kind(writing.kind), format_func=KINDS.__getitem__, key="kind", required=True
    )
    writing.to, writing.kind = who or "", (kind or Kind(writing.kind)).value
    typed = textbox(
        "situation",
        "What happened",
        writing.text,
        writing.text_version,
        rows=5,
        placeholder="She rewrote the handover checklist before nights without being asked, so nobody had to guess which pumps were due.",
        hint="Ctrl+Enter (or Cmd+Enter) drafts",
        submit=True,
    )
    writing.text = typed.text
    with st.container():
        if writing.confirmed:
            st.caption(plain("And, as you said: " + " ".join(f"“{text}”" for text in writing.confirmed)))
    channel = st.segmented_control(
        "Where it will be read", list(CHANNELS), default=Channel(writing.channel), format_func=CHANNELS.__getitem__, key="channel",
        required=True,
    )  # fmt: skip
    writing.channel = (channel or Channel(writing.channel)).value
    pressed = st.button("Draft", type="primary", width="stretch")
    return pressed or typed.submitted or _changed_choice(writing)


def _changed_choice(writing: Writing) -> bool:
    """Another kind, channel or person after a draft: draft again at once, the answers stay."""
    choice = (writing.to, writing.kind, writing.channel)
    before = st.session_state.get("choice", choice)
    st.session_state.choice = choice
    return writing.drafted and before != choice


def _draft_anew(writing: Writing) -> None:
    if not writing.to.strip():
        writing.drafted = False
        raise BadRequest("Choose who it is about, or type a name, then draft.")
    if (writing.text, writing.to) != (writing.drafted_text, writing.drafted_to):
        writing.answers, writing.off, writing.on, writing.confirmed, writing.accepted = {}, [], [], [], []
    writing.drafted, writing.stale = True, True
    writing.drafted_text, writing.drafted_to = writing.text, writing.to


def _draft_panel(desk: Desk, writing: Writing) -> None:
    situation = writing.situation()
    reply = desk.write(situation, writing.off, writing.on)
    if writing.stale:
        writing.message, writing.stale, writing.tone, writing.before = reply.draft.message, False, "", ""
        writing.message_version += 1
    st.divider()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _message(desk, writing, reply)
    with right:
        _questions(writing, reply)
        _why(reply)
        _remembered(writing, reply)
        _left_out(reply)


def _message(desk: Desk, writing: Writing, reply: Reply) -> None:
    about = desk.same_person(writing.situation())
    writing.message = standing("message", writing.message, writing.message_version)
    clauses, findings = desk.review(writing.message, about, reply.notes_used)
    textbox(
        "message", "Your message", writing.message, writing.message_version, rows=9, copy=True,
        hint="Edit it until it sounds like you.", marks=_marks(clauses, findings), marked=writing.message,
    )  # fmt: skip
    accepted = _findings(findings, writing)
    _tones(writing, reply)
    _wishes(reply, Channel(writing.channel))
    address = recipient(about.to, (), None).address
    first, second = st.columns(2)
    link = mailto(writing.message, subject(about, address))
    if link:
        first.link_button("Open in mail program", link, width="stretch")
    else:
        first.caption("Too long for a mail link: copy it instead.")
    if second.button(
        "Mark as sent", type="primary", width="stretch", disabled=not (accepted and writing.message.strip())
    ):
        _send(desk, writing, reply)


TONES = {"": "As drafted", "plainer": "Plainer", "warmer": "Warmer", "shorter": "Shorter"}


def _tones(writing: Writing, reply: Reply) -> None:
    """The same facts in another tone. What stood there before is one click away."""
    texts = {"": reply.draft.message} | {variant.name: variant.message for variant in reply.draft.variants}
    if len(texts) > 1:
        tone = st.segmented_control(
            "The same, said", list(texts), default=writing.tone if writing.tone in texts else "", format_func=TONES.__getitem__,
            key=f"tone-{writing.id}-{writing.message_version}", required=True,
        )  # fmt: skip
        if tone is not None and tone != writing.tone:
            writing.tone = tone
            _put(writing, texts[tone])
    if writing.before and st.button("Undo", key=f"undo-{writing.id}-{writing.message_version}"):
        _put(writing, writing.before)


def _marks(clauses: Sequence[Clause], findings: Sequence[Finding]) -> list[Mark]:
    """Each clause with where it comes from, underlined where it comes from nowhere or something is wrong with it."""
    marks = [
        Mark(
            start=finding.start,
            end=finding.end,
            about=finding.advice,
            shape=SHAPES[finding.severity],
        )
        for finding in findings
        if finding.start is not None and finding.end is not None
    ]
    taken = [(mark.start, mark.end) for mark in marks]
    marks += [
        Mark(
            start=clause.start,
            end=clause.end,
            about=f"from {clause.reason}" if clause.source not in ("courtesy", "slot") else clause.reason,
        )
        for clause in clauses
        if not any(start < clause.end and clause.start < end for start, end in taken)
    ]
    return marks


def _findings(findings: tuple[Finding, ...], writing: Writing) -> bool:
    """Shows what stands in the way. Returns whether nothing does, or the leader mended or accepted each."""
    blanks = writing.message.count(SLOT)
    open_ones = 0
    if blanks:
        them = "it" if blanks == 1 else "them"
        st.warning(
            f"{'One blank is' if blanks == 1 else f'{blanks} blanks are'} left, written {SLOT}. Fill or remove {them}."
        )
        open_ones += not st.checkbox(
            "Send it with the blank" if blanks == 1 else "Send it with the blanks", key=f"blanks-{writing.id}-{blanks}"
        )
    for at, finding in enumerate(findings):
        if finding.severity is not Severity.BLOCK:
            st.info(plain(finding.advice))
        elif _accepted_as(finding) not in writing.accepted:
            open_ones += 1
            _way_out(finding, at, writing)
        else:
            st.caption(plain(f"Kept as it is: {finding.text or finding.code}"))
    return open_ones == 0


def _accepted_as(finding: Finding) -> str:
    return f"{finding.code}: {finding.text or ''}"


def _way_out(finding: Finding, at: int, writing: Writing) -> None:
    """Take it out, say that it is true, or keep it knowingly."""
    with st.container(border=True):
        st.markdown(f"**:red[:material/report: Before you send]** {plain(finding.advice)}")
        key = f"{writing.id}-{at}-{finding.start}-{finding.code}"
        with st.container(horizontal=True):
            if finding.text is not None and st.button("Take it out", key=f"out-{key}"):
                _put(writing, without(writing.message, finding))
            if finding.code == "unsupported-claim" and st.button(
                "I know this: add it to the situation", key=f"know-{key}"
            ):
                writing.confirmed.append(finding.text or "")
                st.rerun()
            if st.button("Keep it", key=f"keep-{key}"):
                writing.accepted.append(_accepted_as(finding))
                st.rerun()


def _put(writing: Writing, message: str) -> None:
    writing.before, writing.message = writing.message, message
    writing.message_version += 1
    st.rerun()


def _wishes(reply: Reply, channel: Channel) -> None:
    if reply.person and reply.person.prefers:
        where = " (others will read this channel)" if channel.others_read else ""
        st.caption(plain(f"How {reply.person.name} likes to be recognised{where}: {reply.person.prefers}"))


def _send(desk: Desk, writing: Writing, reply: Reply) -> None:
    person = reply.person or person_named(desk, writing.drafted_to)
    approved = Approved(id=writing.id, text=writing.message, person=person, situation=writing.situation(), reply=reply)
    mark_as_sent(approved, desk.records, datetime.now().astimezone())
    fresh = started_anew(writing)
    st.session_state.writing, st.session_state.sent_to = fresh, person.name
    st.session_state.saved = fresh.saved()
    desk.records.keep_writing(fresh.saved())
    for key in ("who", "choice"):
        st.session_state.pop(key, None)
    st.rerun()


def _questions(writing: Writing, reply: Reply) -> None:
    if not reply.draft.questions:
        return
    st.subheader("What I would need to know")
    with st.form(f"questions-{writing.id}", border=False):
        asked = reply.draft.questions[:QUESTIONS_AT_ONCE]
        answers = {
            q.missing.value: st.text_input(plain(q.text), key=f"answer-{writing.id}-{q.missing.value}") for q in asked
        }
        if st.form_submit_button("Draft with these") and any(answer.strip() for answer in answers.values()):
            writing.answers |= {name: answer for name, answer in answers.items() if answer.strip()}
            writing.stale = True
            st.rerun()


def _why(reply: Reply) -> None:
    st.subheader("Why this")
    if not reply.principles:
        st.write("No principle fits closely enough.")
    for fitting in reply.principles:
        with st.expander(fitting.principle.title):
            st.write(fitting.principle.text)
            st.caption(f"When it does not fit: {plain(fitting.principle.not_when)}")
            st.caption(f"Not to say: {plain(fitting.principle.not_to_say)}")
        st.caption(plain(fitting.principle.reason))


def _remembered(writing: Writing, reply: Reply) -> None:
    if not reply.notes:
        return
    st.subheader("What I remembered")
    for fitting in reply.notes:
        _note(writing, fitting.note, used=fitting.note.id in reply.draft.notes_used)


def _note(writing: Writing, note: Note, used: bool) -> None:
    """One note, with a switch where it can stand in the message."""
    label = f"{note.date.day} {note.date:%B %Y}{', private' if note.private else ''}"
    if used or quotable(note, writing.situation()):
        key = f"note-{writing.id}-{note.id}-{used}-{writing.message_version}"
        if st.toggle(plain(f"Use my note of {label}"), value=used, key=key) != used:
            _switch(writing, note.id, on=not used)
    else:
        st.caption(plain(f"{label}, to bear in mind"))
    st.text(note.text)


def _switch(writing: Writing, note_id: str, on: bool) -> None:
    writing.off = [i for i in writing.off if i != note_id] + ([] if on else [note_id])
    writing.on = ([note_id] if on else []) + [i for i in writing.on if i != note_id]
    writing.stale = True
    st.rerun()


def _left_out(reply: Reply) -> None:
    if reply.draft.left_out:
        st.subheader("What I left out")
        for one in reply.draft.left_out:
            st.caption(plain(f"“{one.text}”: {one.reason.value}"))
