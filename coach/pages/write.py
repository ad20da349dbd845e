"""Write: who, what happened, and a minute later a message that was edited and sent."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from coach.approval import Approved, subject
from coach.check import Finding, Severity
from coach.desk import Desk, Reply
from coach.draft import quotable
from coach.errors import BadRequest
from coach.exchange import person_named
from coach.ground import Clause
from coach.pages.modelled import about_the_draft, ask_now, may_ask, what_mending_sends, what_will_be_sent
from coach.pages.opening import take_up
from coach.pages.plain import plain
from coach.pages.promised import offer
from coach.pages.remarks import named, put, remarks
from coach.pages.sending import on_its_way, ways_to_send
from coach.pages.textbox import Mark, standing, textbox
from coach.pages.writing import Writing, restored, started_anew, taken_up_again
from coach.promise import offered
from coach.recipient import recipient
from coach.records import MomentState, Note, Source
from coach.send import mailto, mark_as_sent, wish_against
from coach.situation import Channel, Kind, Situation
from coach.voice import FEWEST_SAMPLES, in_words, likeness, own_share, repeats, voice_of
from coach.wishes import Wish

KINDS = {Kind.RECOGNITION: "Recognition", Kind.FEEDBACK: "Feedback"}
CHANNELS = {
    Channel.PUBLIC_CHAT: "Public chat",
    Channel.DIRECT: "Direct message",
    Channel.EMAIL: "Email",
    Channel.SPOKEN: "Spoken",
    Channel.CARD: "Card",
}
QUESTIONS_AT_ONCE = 2
OWN = "This is Coach’s own draft."
SHAPES = {Severity.BLOCK: "wavy", Severity.WARN: "dashed", Severity.HINT: "dotted"}


def show(desk: Desk) -> None:
    writing = _writing(desk)
    st.title("Write")
    with st.container():  # always there: what comes and goes above a text box would take its focus
        _welcome(desk, writing)
    if on_its_way(
        desk,
        writing,
        lambda: _reply(desk, writing, writing.situation()),
        lambda name: _sent(desk, writing, name),
    ):
        return
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
    _promised(desk)
    if writing.aside and st.button(plain(f"Back to what you were writing to {writing.aside.get('to') or 'somebody'}")):
        take_up(desk, taken_up_again(writing))
        st.rerun()
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


def _promised(desk: Desk) -> None:
    """Promises in the message that was just sent."""
    known = {promise.id for promise in desk.records.promises(declined=True)}
    for promise in st.session_state.get("sent_promises", ()):
        if promise.id not in known:
            offer(desk, promise, "sent")


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
    if "channel_next" in st.session_state:
        st.session_state.channel = st.session_state.pop("channel_next")
    with st.container():
        _wish(desk, writing)
    channel = st.segmented_control(
        "Where it will be read", list(CHANNELS), default=Channel(writing.channel), format_func=CHANNELS.__getitem__, key="channel",
        required=True,
    )  # fmt: skip
    writing.channel = (channel or Channel(writing.channel)).value
    pressed = st.button("Draft", type="primary", width="stretch")
    if desk.endpoint is not None and writing.text.strip() and writing.to.strip():
        what_will_be_sent(desk, writing, desk.endpoint)
    changed = _changed_choice(
        writing
    )  # always asked: a choice that goes unseen now would draft again at the next click
    return pressed or typed.submitted or changed


def _wish(desk: Desk, writing: Writing) -> None:
    """Said before a channel is chosen, not after."""
    try:
        person = desk.person(writing.to) if writing.to.strip() else None
    except BadRequest:
        return  # two people of that name: drafting asks which
    if person and wish_against(person, Kind(writing.kind), Channel.PUBLIC_CHAT) is Wish.PRIVATE:
        st.caption(plain(f"{person.name} would rather not be praised in front of others: “{person.prefers}”"))


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
        writing.answers, writing.off, writing.on, writing.confirmed = {}, [], [], []
        writing.accepted, writing.dismissed = {}, []
        writing.courtesy = False
    writing.drafted, writing.stale, writing.by = True, True, "model"
    writing.partial, writing.trouble = "", ""
    writing.drafted_text, writing.drafted_to = writing.text, writing.to


def _draft_panel(desk: Desk, writing: Writing) -> None:
    situation = writing.situation()
    edited = _edited(writing, situation) if writing.stale else ""
    if writing.stale:
        writing.modelled = {}
        _by_model(desk, writing)
    reply = _reply(desk, writing, situation)
    if writing.stale:
        writing.message, writing.stale, writing.tone, writing.before = reply.draft.message, False, "", edited
        writing.message_version += 1
        _keep(desk, writing)  # before it is shown: a reload while the rest of the page is on its way brings it back
    st.divider()
    about = desk.same_person(writing.situation())
    writing.message = standing("message", writing.message, writing.message_version)
    clauses, findings = reply.clauses, reply.findings
    if writing.message != reply.draft.message:
        clauses, findings = desk.review(writing.message, about, reply.notes_used)
    findings = tuple(one for one in findings if one.severity is Severity.BLOCK or named(one) not in writing.dismissed)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _message(desk, writing, reply, findings, _marks(clauses, findings))
    with right:
        ready = remarks(desk, writing, findings, about)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _leave(desk, writing, reply, about, ready)
    with right:
        if not writing.courtesy:
            _questions(writing, reply)
        _why(reply)
        _remembered(writing, reply)
        _left_out(reply)


def _edited(writing: Writing, situation: Situation) -> str:
    """What the leader made of a draft about the same, for the same readers, for undo; "" where nothing was changed."""
    stood = standing("message", writing.message, writing.message_version)
    about = st.session_state.rests_on[0] if "rests_on" in st.session_state else None
    now = (situation.to, situation.text, situation.kind, situation.channel)
    if about is None or (about.to, about.text, about.kind, about.channel) != now:
        return ""
    return stood if stood != st.session_state.reply.draft.message else writing.before


def _by_model(desk: Desk, writing: Writing) -> None:
    """Asks the model, where one is set up and wanted. Stopped half way, the page goes on with the built-in draft."""
    if desk.endpoint is None or writing.by != "model" or not may_ask(desk, desk.endpoint):
        return
    writing.by = "built-in"
    ask_now(desk, writing, OWN)


def _reply(desk: Desk, writing: Writing, situation: Situation) -> Reply:
    """The draft and what it rests on; made again where that changed, not at each edit of the message."""
    rests_on = (situation, *map(tuple, (writing.off, writing.on)), repr(writing.modelled), desk.known())
    if st.session_state.get("rests_on") != rests_on:
        st.session_state.reply, st.session_state.rests_on = _drafted(desk, writing, situation), rests_on
    found: Reply = st.session_state.reply
    return found


def _drafted(desk: Desk, writing: Writing, situation: Situation) -> Reply:
    if not writing.modelled:
        return desk.write(situation, writing.off, writing.on)
    return desk.rewritten(situation, writing.off, writing.on, str(writing.modelled["message"]), writing.drafter())


def _message(desk: Desk, writing: Writing, reply: Reply, findings: Sequence[Finding], marks: list[Mark]) -> None:
    textbox(
        "message", "Your message", writing.message, writing.message_version, rows=9, copy=True,
        hint="Edit it until it sounds like you. F8 goes to the next remark.", marks=marks, marked=writing.message,
    )  # fmt: skip
    about_the_draft(desk, writing, reply)
    _mend(desk, writing, findings)
    _voice(desk, writing, reply)
    _tones(writing, reply)


def _leave(desk: Desk, writing: Writing, reply: Reply, about: Situation, ready: bool) -> None:
    _wishes(reply, Channel(writing.channel))
    address = recipient(about.to, (), None).address
    first, second = st.columns(2)
    link = mailto(writing.message, subject(about, address), reply.person.email if reply.person else "")
    if link:
        first.link_button("Open in mail program", link, width="stretch")
    else:
        first.caption("Too long for a mail link: copy it instead.")
    if second.button("Mark as sent", width="stretch", disabled=not (ready and writing.message.strip())):
        _mark(desk, writing, reply)
    ways_to_send(desk, writing, reply, ready and bool(writing.message.strip()))
    if Kind(writing.kind) is Kind.FEEDBACK and st.button(
        "Rehearse this talk", width="stretch", icon=":material/forum:"
    ):
        st.session_state.rehearse_next, st.session_state.talk = (writing.to, writing.drafted_text), None
        st.switch_page(st.session_state.rehearse_page)


def _mend(desk: Desk, writing: Writing, findings: Sequence[Finding]) -> None:
    """One more try by the model, told what it made up."""
    made_up = [finding.text for finding in findings if finding.code == "unsupported-claim" and finding.text]
    if not writing.modelled or not made_up or desk.endpoint is None:
        return
    again = f"What stands in the box goes to {desk.endpoint.host} once more, with the parts that are marked. You can undo it."
    mend = f"mend-{writing.id}-{writing.message_version}"
    if st.button("Ask the model to leave out what you did not say", key=mend, help=plain(again)):
        ask_now(desk, writing, "Your message stays as it was.", made_up)
        if not writing.trouble:
            put(writing, str(writing.modelled["message"]))
    what_mending_sends(desk, writing, made_up)


def _voice(desk: Desk, writing: Writing, reply: Reply) -> None:
    """What the leader's own messages say about this one: for the leader alone."""
    sent = desk.sent()
    person = reply.person.id if reply.person else None
    others = [(one.person, one.text) for one in sent if one.person_id != person]
    for repeat in repeats(writing.message, others):
        st.info(
            plain(f"“{repeat.text}”: you wrote this to {repeat.person} before. Say it in a way that is theirs alone.")
        )
    lines = []
    share = own_share(writing.message, writing.situation().said, reply.draft.message)
    if share is not None:
        lines.append(f"{share:.0%} of these words are yours.")
    like = likeness(writing.message, [one.text for one in sent])
    if like is not None:
        lines.append(
            "It sounds like you." if like.sounds_like_you else "It does not sound quite like what you usually send."
        )
    usual = voice_of([one.text for one in sent])
    if usual is not None and usual.samples >= FEWEST_SAMPLES:
        lines.append(in_words(usual))
    if lines:
        st.caption(plain(" ".join(lines) + " Only you see this."))


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
            put(writing, texts[tone])
    if writing.before and st.button("Undo", key=f"undo-{writing.id}-{writing.message_version}"):
        put(writing, writing.before)


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


def _wishes(reply: Reply, channel: Channel) -> None:
    if reply.person and reply.person.prefers:
        where = " (others will read this channel)" if channel.others_read else ""
        st.caption(plain(f"How {reply.person.name} likes to be recognised{where}: {reply.person.prefers}"))


def _mark(desk: Desk, writing: Writing, reply: Reply) -> None:
    """Sent by hand: copied, or from the mail program."""
    person = reply.person or person_named(desk, writing.drafted_to)
    approved = Approved(
        id=writing.id, text=writing.message, person=person, situation=writing.situation(), reply=reply,
        accepted=tuple(writing.accepted.items()),
    )  # fmt: skip
    mark_as_sent(approved, desk.records, datetime.now().astimezone())
    _sent(desk, writing, person.name)


def _sent(desk: Desk, writing: Writing, name: str) -> None:
    """It is in the history: its promises are offered, its moment is told, and the page is empty for the next."""
    for sent in desk.records.messages():
        if sent.id == writing.id:
            name = sent.person
            person = desk.records.person(sent.person_id)
            st.session_state.sent_promises = offered(
                sent.text, sent.sent_at.date(), person, Source.MESSAGE, sent.id, desk.records.people()
            )
    if writing.moment:
        desk.records.settle_moment(writing.moment, MomentState.TOLD)
    fresh = started_anew(writing)
    st.session_state.writing, st.session_state.sent_to = fresh, name
    st.session_state.saved = fresh.saved()
    desk.records.keep_writing(fresh.saved())
    for key in ("who", "choice", "confirming"):
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
            writing.stale, writing.by = True, "model" if writing.modelled else "built-in"
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
    if used or writing.modelled or quotable(note, writing.situation()):
        key = f"note-{writing.id}-{note.id}-{used}-{writing.message_version}"
        # A callback: a run that stops half-way, since search is just ready, would forget the click.
        switch = partial(_switch, writing, note.id, key, used)
        st.toggle(plain(f"Use my note of {label}"), value=used, key=key, on_change=switch)
    else:
        st.caption(plain(f"{label}, to bear in mind"))
    st.text(note.text)


def _switch(writing: Writing, note_id: str, key: str, used: bool) -> None:
    on = st.session_state.get(key, used)
    taken_back = note_id in (writing.off if on else writing.on)
    if on == used and not taken_back:  # Streamlit takes a switch that it has forgotten for one that was just clicked
        return
    writing.off = [i for i in writing.off if i != note_id] + ([] if on else [note_id])
    writing.on = ([note_id] if on else []) + [i for i in writing.on if i != note_id]
    writing.stale, writing.by = True, "model" if writing.modelled else "built-in"


def _left_out(reply: Reply) -> None:
    if reply.draft.left_out:
        st.subheader("What I left out")
        for one in reply.draft.left_out:
            st.caption(plain(f"“{one.text}”: {one.reason.value}"))
