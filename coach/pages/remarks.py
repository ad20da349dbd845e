"""What a coach would say about the message: one remark for each finding, beside the text, with the ways out."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from coach.check import Finding, Severity, mended, not_judged, without
from coach.desk import Desk
from coach.draft import SLOT
from coach.exchange import person_named
from coach.pages.plain import plain
from coach.pages.sending import send_directly
from coach.pages.writing import Writing
from coach.records import Dismissal, new_id
from coach.situation import Situation

SAYS = {
    Severity.BLOCK: ":red[:material/report:] **Before you send**",
    Severity.WARN: ":orange[:material/change_history:] **Better**",
    Severity.HINT: ":gray[:material/lightbulb:] **A thought**",
}
"""A shape, a word and a colour: none of them is needed to tell the others apart."""
WHOLE = "the whole message"


def named(finding: Finding) -> str:
    return f"{finding.code}: {finding.text or ''}"


def put(writing: Writing, message: str) -> None:
    """Another text into the box; the one before is an undo away."""
    writing.before, writing.message = writing.message, message
    writing.message_version += 1
    st.rerun()


def remarks(desk: Desk, writing: Writing, findings: Sequence[Finding], about: Situation) -> bool:
    """Shows them. Returns whether nothing stands in the way, or the leader mended or accepted each that does."""
    open_ones = [one for one in findings if one.severity is Severity.BLOCK and named(one) not in writing.accepted]
    st.subheader("What a coach would say")
    if reason := not_judged(writing.message):
        st.info(plain(reason))
    filled = _blanks(writing)
    order = list(Severity)
    by_severity = sorted(findings, key=lambda one: order.index(one.severity))
    for key, finding in {_key(writing, one): one for one in by_severity}.items():
        _remark(desk, writing, finding, key)
    if not findings and filled and not reason:
        st.write("Nothing to mend.")
    _line_up(desk, writing, about)
    return filled and not open_ones


def _blanks(writing: Writing) -> bool:
    """Whether no blank is left, or the leader sends it with them."""
    blanks = writing.message.count(SLOT)
    if not blanks:
        return True
    them = "it" if blanks == 1 else "them"
    st.warning(
        f"{'One blank is' if blanks == 1 else f'{blanks} blanks are'} left, written {SLOT}. Fill or remove {them}."
    )
    label = "Send it with the blank" if blanks == 1 else "Send it with the blanks"
    return st.checkbox(label, key=f"blanks-{writing.id}-{blanks}")


def _key(writing: Writing, finding: Finding) -> str:
    """By its place in the message: what is half typed beside one remark stays when another goes."""
    return f"{writing.id}-{writing.message_version}-{finding.start}-{finding.end}-{finding.code}"


def _remark(desk: Desk, writing: Writing, finding: Finding, key: str) -> None:
    if finding.severity is Severity.BLOCK and (reason := writing.accepted.get(named(finding))) is not None:
        st.caption(plain(f"Kept as it is: {finding.text or finding.code}" + (f" ({reason})" if reason else "")))
        return
    with st.container(border=True, key=f"remark-{key}"):
        st.markdown(f"{SAYS[finding.severity]}: {plain(finding.advice)}", help=plain(finding.why) or None)
        with st.container(horizontal=True):
            _ways_out(desk, writing, finding, key)


def _ways_out(desk: Desk, writing: Writing, finding: Finding, key: str) -> None:
    if finding.severity is Severity.BLOCK and finding.text is not None:
        if st.button("Take it out", key=f"out-{key}"):
            put(writing, without(writing.message, finding))
    elif finding.fix and st.button("Mend it", key=f"fix-{key}", help="You can undo this."):
        put(writing, mended(writing.message, finding.fix))
    if finding.code == "unsupported-claim" and st.button("I know this: add it to the situation", key=f"know-{key}"):
        writing.confirmed.append(finding.text or "")
        st.rerun()
    if finding.code == "public-criticism":
        if st.button("Send it to them directly", key=f"directly-{key}"):
            send_directly(writing)
    elif finding.severity is Severity.BLOCK:
        _keep(writing, finding, key)
    else:
        _dismiss(desk, writing, finding, key)


def _reason(label: str, question: str, key: str) -> str | None:
    """What was typed when it is confirmed, else None."""
    with st.popover(label, key=f"over-{key}"), st.form(f"form-{key}", border=False):
        reason = st.text_input(question, key=f"why-{key}", max_chars=300)
        done = st.form_submit_button("Keep it so")
    return reason.strip() if done else None


def _keep(writing: Writing, finding: Finding, key: str) -> None:
    reason = _reason("Keep it", "Why is it right to send this?", f"keep-{key}")
    if reason == "":
        st.caption("Say why in a few words: the reason stays with the message.")
    elif reason:
        writing.accepted[named(finding)] = reason
        st.rerun()


def _dismiss(desk: Desk, writing: Writing, finding: Finding, key: str) -> None:
    """Gone from this message; with a reason, three times over, the fault is only hinted at from then on."""
    reason = _reason("It is fine", "Why is it fine here? (Coach learns from the reason.)", f"fine-{key}")
    if reason is None:
        return
    writing.dismissed.append(named(finding))
    if reason:
        person = person_named(desk, writing.drafted_to)
        words = finding.text or WHOLE
        desk.records.dismiss(
            Dismissal(
                id=new_id(), person_id=person.id, person=person.name, code=finding.code, words=words, reason=reason,
                at=datetime.now().astimezone(),
            )
        )  # fmt: skip
    st.rerun()


def _line_up(desk: Desk, writing: Writing, about: Situation) -> None:
    found = desk.line_up(writing.message, about) if writing.message.strip() else None
    if found:
        what = "Only one detail more would make it theirs." if found.anyone else "Read without the name."
        st.progress(found.fits / found.of, text=f"Line-up test: {found.says}. {what}")
