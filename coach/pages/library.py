"""Library: the principles, found by a situation or read one after the other."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from coach.desk import Desk
from coach.pages.plain import plain
from coach.principles import Principle
from coach.situation import clean_text

FAMILIES = {
    "presence": "Being there",
    "recognition": "Saying thank you",
    "connection": "Knowing your people",
    "growth": "Helping people grow",
    "empowerment": "Handing over",
    "clarity": "Being clear",
    "trust": "Earning trust",
    "professionalism": "Keeping steady",
}
BEST = 8
EXAMPLES_SHOWN = 4


def show(desk: Desk) -> None:
    """The whole page. `?principle=<id>` in the address puts that one on top, open."""
    st.title("Library")
    query = clean_text(st.text_input("Describe a situation or type words", key="library_query") or "")
    if query:
        _found(desk, query)
    else:
        _asked_for(desk)
        _all(desk.library.principles)


def _found(desk: Desk, query: str) -> None:
    fitting = desk.principles(query, BEST)
    if not fitting:
        st.info("Nothing fits these words. Try others, or empty the box to see every principle.")
        return
    st.caption("What fits best comes first. Empty the box to see every principle.")
    for one in fitting:
        _principle(one.principle)


def _asked_for(desk: Desk) -> None:
    asked = st.query_params.get("principle")
    if not asked:
        return
    principle = desk.library.by_id.get(asked)
    if principle is None:
        st.info("That principle is not in the library. Here are all of them.")
    else:
        _principle(principle, expanded=True)


def _all(principles: Sequence[Principle]) -> None:
    order = list(FAMILIES)
    ranked = sorted(
        principles, key=lambda p: (order.index(p.family) if p.family in order else len(order), p.family, p.title)
    )
    for family, members in groupby(ranked, key=lambda p: p.family):
        st.subheader(plain(FAMILIES.get(family, family.capitalize())))
        for principle in members:
            _principle(principle)


def _principle(principle: Principle, expanded: bool = False) -> None:
    with st.expander(plain(principle.title), expanded=expanded):
        st.markdown(_whole(principle))


def _whole(principle: Principle) -> str:
    """One principle to read, as Markdown. The library's own text is escaped as well: a “*” in it is a star."""
    parts = (
        ("", [principle.text]),
        ("When it fits", [principle.fits]),
        ("When it does not", [principle.not_when]),
        ("Thanking someone, for example", _quoted(principle.phrasings.recognition)),
        ("Giving feedback, for example", _quoted(principle.phrasings.feedback)),
        ("What not to say", [principle.not_to_say]),
        ("Situations it helps with", _quoted(principle.situations[:EXAMPLES_SHOWN])),
        ("Where it comes from", principle.sources),
    )
    return "\n\n".join(_part(heading, texts) for heading, texts in parts if texts)


def _part(heading: str, texts: Sequence[str]) -> str:
    items = [plain(text) for text in texts] if len(texts) == 1 else [f"- {plain(text)}" for text in texts]
    return (f"**{heading}**\n\n" if heading else "") + "\n".join(items)


def _quoted(texts: Sequence[str]) -> list[str]:
    return [f"“{text}”" for text in texts]
