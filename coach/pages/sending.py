"""The last step of Write: who gets it, by which way, who else reads it, the exact text; then ten seconds to undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import streamlit as st

from coach.approval import Approved, Destination, Via, digest, subject
from coach.desk import Desk, Reply
from coach.errors import AlreadySent, BadRequest
from coach.exchange import person_named
from coach.pages.opened import the_courier, the_posting
from coach.pages.plain import plain
from coach.pages.writing import Writing
from coach.recipient import recipient
from coach.records import Delivery, DeliveryState, Person
from coach.send import UNDO_SECONDS, destinations, mark_as_sent, offer, settle, standing, wish_against
from coach.situation import Channel, Kind, clean_text
from coach.wishes import Wish

WAYS = {
    Via.SLACK: "Slack",
    Via.SLACK_WEBHOOK: "Slack",
    Via.TEAMS: "Microsoft Teams",
    Via.EMAIL: "E-mail from your mail server",
}
_UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


def now() -> datetime:
    return datetime.now().astimezone()


def on_its_way(desk: Desk, writing: Writing, reply: Callable[[], Reply], done: Callable[[str], None]) -> bool:
    """Shows what becomes of this message once it was set going. Returns False while it is still being written.

    `reply()` is what it grew from; `done(name)` is called when it was sent: it empties the page.
    """
    found = standing(desk.records, writing.id, now())
    if found is None or found.state in (DeliveryState.UNDONE, DeliveryState.FAILED):
        return False
    if found.state is DeliveryState.SENT:
        done(writing.drafted_to)
    elif found.state is DeliveryState.UNKNOWN:
        _unknown(desk, writing, found, reply, done)
    else:
        _leaving(desk, writing.id)
    return True


def said_before(desk: Desk, writing: Writing) -> None:
    """What became of the last try, above the ways to send."""
    found = standing(desk.records, writing.id, now())
    if found and found.state is DeliveryState.FAILED:
        st.error(plain(f"Not sent. {found.detail}"))
    elif found and found.state is DeliveryState.UNDONE:
        st.info("Stopped in time. Nothing was sent.")


@st.fragment(run_every=1.0)
def _leaving(desk: Desk, message_id: str) -> None:
    found = standing(desk.records, message_id, now())
    if found is None or found.state not in _UNDER_WAY:
        st.rerun()
    with st.container(border=True, key="leaving"):
        approved = the_courier().carrying(found.token)
        left = UNDO_SECONDS - (now() - found.changed).total_seconds()
        if found.state is DeliveryState.WAITING and left > 0:
            st.subheader(f"Leaving in {max(1, round(left))} s")
        else:
            st.subheader("Sending …")
        if approved:
            _what(approved)
        waiting = found.state is DeliveryState.WAITING
        if st.button("Undo", type="primary", width="stretch", disabled=not waiting, key="undo-sending"):
            the_courier().undo(found.token, now())
            st.rerun()


def _unknown(
    desk: Desk, writing: Writing, found: Delivery, reply: Callable[[], Reply], done: Callable[[str], None]
) -> None:
    with st.container(border=True):
        st.subheader("Did it arrive?")
        st.warning(plain(f"{WAYS[Via(found.via)]}: {found.detail}"))
        st.text(writing.message)
        yes, no = st.columns(2)
        if yes.button("It arrived", type="primary", width="stretch") and settle(desk.records, found, True, now()):
            approved = _with_person(desk, _approved(writing, reply(), None))
            mark_as_sent(approved, desk.records, now())
            done(approved.person.name)
        if no.button("It did not arrive", width="stretch"):
            settle(desk.records, found, False, now())
            st.rerun()


def ways_to_send(desk: Desk, writing: Writing, reply: Reply, ready: bool) -> None:
    """The ways that fit the channel it was written for, then the confirmation of the one that was chosen."""
    posting = the_posting()
    channel = Channel(writing.channel)
    said_before(desk, writing)
    ways = destinations(reply.person, channel, posting)
    if ways and not _agreed(desk, writing, reply.person):
        return
    for way in ways:
        label = f"Send to {way.label} …" if way.others_read else f"Send: {way.label} …"
        if st.button(plain(label), width="stretch", disabled=not ready, key=f"way-{way.via}-{way.address}"):
            _confirm(desk, _approved(writing, reply, way))
    _hint(reply.person, channel, bool(ways))
    if confirming := st.session_state.get("confirming"):
        token, shown, way = confirming
        _confirmation(desk, writing, reply, token, shown, way, ready)


def _agreed(desk: Desk, writing: Writing, person: Person | None) -> bool:
    """What the person asked for is said before the way is offered."""
    wish = wish_against(person, Kind(writing.kind), Channel(writing.channel))
    if wish is Wish.NONE or person is None:
        return True
    if wish is Wish.PRIVATE:
        st.warning(plain(f"{person.name} asked for something else: “{person.prefers}”"))
    else:
        st.info(plain(f"{person.name} said how they like to be recognised: “{person.prefers}”"))
    if st.button("Send it to them directly", key="directly-wish"):
        send_directly(writing)
    asked = (
        "They have said that it is fine this time" if wish is Wish.PRIVATE else "A channel that others read fits that"
    )
    return st.checkbox(asked, key=f"agreed-{writing.id}")


def send_directly(writing: Writing) -> None:
    """The same words, to the person alone."""
    writing.channel = Channel.DIRECT.value
    st.session_state.channel_next = Channel.DIRECT
    st.session_state.choice = (writing.to, writing.kind, writing.channel)
    st.rerun()


def _hint(person: Person | None, channel: Channel, found: bool) -> None:
    if found or channel in (Channel.SPOKEN, Channel.CARD):
        return
    if channel is Channel.PUBLIC_CHAT:
        st.caption("To send from here, name your team’s Slack or Teams channel under Channels.")
    elif person and not (person.email or person.slack):
        st.caption(plain(f"To send from here, add {person.name}’s e-mail address under Notebook, About."))
    else:
        st.caption("To send from here, set up Slack or your mail server under Channels.")


def _approved(writing: Writing, reply: Reply, way: Destination | None) -> Approved:
    about = writing.situation()
    called = recipient(about.to, (), None).address
    person = reply.person or Person(id="", name=about.to)
    title = subject(about, called) if way and way.via is Via.EMAIL else ""
    return Approved(
        id=writing.id, text=clean_text(writing.message), person=person, situation=about, reply=reply,
        accepted=tuple(writing.accepted.items()), destination=way, subject=title,
    )  # fmt: skip


def _with_person(desk: Desk, approved: Approved) -> Approved:
    return approved if approved.person.id else replace(approved, person=person_named(desk, approved.person.name))


def _confirm(desk: Desk, approved: Approved) -> None:
    try:
        st.session_state.confirming = (offer(approved, desk.records, now()), digest(approved), approved.to)
    except BadRequest as error:
        st.error(plain(str(error)))


def _confirmation(
    desk: Desk, writing: Writing, reply: Reply, token: str, shown: str, way: Destination, ready: bool
) -> None:
    approved = _approved(writing, reply, way)
    if digest(approved) != shown or not ready:
        del st.session_state.confirming
        st.info("The message changed since. Choose again where it goes.")
        return
    with st.container(border=True, key="confirmation"):
        st.subheader("Send exactly this?")
        _what(approved)
        send, back = st.columns(2)
        if send.button("Send", type="primary", width="stretch", key=f"send-{token}"):
            _click(desk, token, approved)
        if back.button("Back", width="stretch", key=f"back-{token}"):
            del st.session_state.confirming
            st.rerun()
        st.caption(f"You have {UNDO_SECONDS:.0f} seconds to undo it.")


def _what(approved: Approved) -> None:
    """Recipient, channel, who else reads it, and the text as it leaves."""
    to = approved.to
    who = to.label if to.others_read else f"{approved.person.name} ({to.address})"
    st.markdown(f"To: **{plain(who)}**")
    st.markdown(f"By: {plain(WAYS[to.via])}")
    others = f"**{plain(to.readers)}**" if to.others_read else "nobody"
    st.markdown(f"Who else will read it: {others}")
    if approved.subject:
        st.markdown(f"Subject: {plain(approved.subject)}")
    with st.container(border=True):
        st.text(approved.text)


def _click(desk: Desk, token: str, approved: Approved) -> None:
    """The token decides: a second click, tab or reload finds it used."""
    st.session_state.pop("confirming", None)
    try:
        the_courier().send(token, _with_person(desk, approved), now())
    except AlreadySent:
        pass  # the page shows what became of it
    st.rerun()
