"""Drafting with a model on the Write page: what will be sent, what arrives, and the way back to the built-in draft."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from coach.access import agreed, choose, chosen, hides_names
from coach.answered import message_in
from coach.budget import at_most, in_words
from coach.compose import Prepared, repair
from coach.desk import Asked, Desk, Reply
from coach.drafting import Drafted, Waiting, ask
from coach.endpoint import Endpoint
from coach.errors import ModelFailed
from coach.pages.plain import plain
from coach.pages.writing import Writing
from coach.request import Role

WHAT = {
    Role.SYSTEM: "How the model is to write, the same each time:",
    Role.USER: "What it is told of this:",
    Role.ASSISTANT: "Its draft:",
}


def may_ask(desk: Desk, where: Endpoint) -> bool:
    """On this machine always; elsewhere once the leader has seen what is sent there and agreed."""
    return agreed(desk.settings, where)


def what_will_be_sent(desk: Desk, writing: Writing, where: Endpoint) -> None:
    """The exact request, before it leaves."""
    may = may_ask(desk, where)
    if not may:
        st.info(
            plain(
                f"“{where.model}” at {where.host} can draft this. Look at what would be sent there, then decide. "
                "Until then Coach drafts by itself."
            )
        )
    if not st.toggle("See what will be sent", value=not may, key="see-sent"):
        return
    try:
        asked = desk.prepare(writing.typed(), writing.off, writing.on)
    except ModelFailed as error:
        st.warning(plain(str(error)))
        return
    _request(desk, asked.prepared)
    if not may and st.button("Agree, and draft with it", key="agree"):
        choose(desk.settings, chosen(desk.settings).model_copy(update={"agreed": where.url}))
        writing.by, writing.stale, writing.drafted = "model", True, True
        writing.drafted_text, writing.drafted_to = writing.text, writing.to
        st.rerun()


def what_mending_sends(desk: Desk, writing: Writing, objections: Sequence[str]) -> None:
    """The exact request for one more try, before it leaves."""
    if not st.toggle("See what will be sent for that", key=f"see-mend-{writing.id}-{writing.message_version}"):
        return
    try:
        asked = desk.prepare(writing.situation(), writing.off, writing.on)
        _request(desk, repair(asked.prepared, writing.message, objections))
    except ModelFailed as error:
        st.warning(plain(str(error)))


def _request(desk: Desk, prepared: Prepared) -> None:
    sent, request = prepared.endpoint, prepared.request
    count = f"{prepared.tokens:,} tokens" if prepared.counted else f"at most {prepared.tokens:,} tokens"
    st.caption(plain(f"To {sent.url}, model {sent.model}: {count}; {at_most(prepared.most_dollars)}."))
    if prepared.dropped:
        some = "passage stays" if prepared.dropped == 1 else "passages stay"
        st.caption(plain(f"To fit, {prepared.dropped} less relevant {some} here."))
    if hides_names(desk.settings, sent):
        names = "Names are replaced by invented ones and put back in the answer."
    else:
        names = "Names go as they are."
    st.caption(f"{names} A private note goes only if you switch it on below.")
    for turn in request.turns:
        st.caption(WHAT[turn.role])
        st.code(turn.text, language=None, wrap_lines=True)
    with st.popover("As it travels"):
        from coach.model import body  # here: the first page does not wait for the model's client

        st.code(json.dumps(body(sent, request), ensure_ascii=False, indent=1), language=None, wrap_lines=True)


def ask_now(desk: Desk, writing: Writing, instead: str, objections: Sequence[str] = ()) -> None:
    """Streams an answer into the page; whatever interrupts it, what has arrived is kept and nothing passes as whole.

    `instead`: the sentence that says what stands in the box if there is no answer. `objections`: what to mend.
    """
    writing.partial, writing.trouble = "", ""
    where = desk.endpoint
    assert where is not None  # noqa: S101 - only asked for where there is one
    try:
        asked = desk.prepare(writing.situation(), writing.off, writing.on)
        prepared = repair(asked.prepared, writing.message, objections) if objections else asked.prepared
        writing.trouble = f"You stopped it. {instead}"  # unless it comes to its end
        drafted = _arriving(desk, writing, where, asked, prepared)
        message = message_in(drafted.text, asked.found.situation)
    except ModelFailed as error:
        writing.trouble = f"{error} {instead}"
        return
    reply = desk.answered(asked, drafted)
    writing.modelled = {"message": message, "drafter": _plain_drafter(reply)}
    writing.partial, writing.trouble = "", ""


def _arriving(desk: Desk, writing: Writing, where: Endpoint, asked: Asked, prepared: Prepared) -> Drafted:
    from coach.model import open_model

    asking = ask(open_model(where), prepared, asked.tighter)
    box = st.empty()
    with box.container(border=True):
        st.caption(plain(f"{where.model} is writing…"))
        place = st.empty()
        st.button("Stop", key=f"stop-{writing.id}-{writing.message_version}")
        try:
            while True:
                said = next(asking)
                if isinstance(said, Waiting):
                    place.text(f"It is busy and asked to wait: {said.seconds:.0f} seconds left.")
                    continue
                writing.partial += said
                place.text(writing.partial or "…")  # for Streamlit also the moment to notice the Stop button
        except StopIteration as done:
            drafted: Drafted = done.value
        finally:
            asking.close()
    box.empty()
    return drafted


def _plain_drafter(reply: Reply) -> Mapping[str, Any]:
    by = reply.drafter
    return {
        "name": by.name, "model": by.model, "prompt": by.prompt, "parameters": dict(by.parameters), "retrieved": list(by.retrieved),
        "request": by.request, "tokens_in": by.tokens_in, "tokens_out": by.tokens_out, "dollars": by.dollars, "seconds": by.seconds, "at": by.at,
    }  # fmt: skip


def about_the_draft(desk: Desk, writing: Writing, reply: Reply) -> None:
    """Who drafted and what it cost; the other drafter is one click away."""
    where = desk.endpoint
    if writing.trouble:
        st.warning(plain(writing.trouble))
    if writing.partial:
        with st.expander("What had arrived (not a whole message)"):
            st.text(writing.partial)
    by = reply.drafter
    if by.name == "model":
        tokens = (
            f"{by.tokens_in:,} tokens sent, {by.tokens_out:,} received, "
            if by.tokens_in is not None and by.tokens_out is not None
            else ""
        )
        st.caption(plain(f"Drafted by {by.model} in {by.seconds:.1f} s: {tokens}{in_words(by.dollars)}."))
        if st.button("Use Coach’s own draft", key=f"own-{writing.id}-{writing.message_version}"):
            writing.by, writing.stale, writing.partial, writing.trouble = "built-in", True, "", ""
            st.rerun()
    elif where is not None and may_ask(desk, where):
        again = "again " if writing.trouble else ""
        if st.button(plain(f"Draft {again}with {where.model}"), key=f"ask-{writing.id}-{writing.message_version}"):
            writing.by, writing.stale = "model", True
            st.rerun()
