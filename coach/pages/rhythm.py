"""Rhythm: how you recognise and correct, for your eyes only. Counts and qualities of your messages, nobody's score."""

from datetime import date
from typing import Any

import altair as alt
import streamlit as st

from coach.desk import Desk
from coach.pages.plain import plain
from coach.rhythm import LEAST, WEEKS, Cell, Month, Rhythm, counted, rhythm

PRINCIPLES_SHOWN = 10
ROW_HEIGHT, AROUND = 26, 130
"""Pixels for each person, and for the legend above and the weeks below."""
LIGHT_STEPS, DARK_STEPS = ["#f1eee7", "#9fd3cd", "#0b6e6e"], ["#2a3235", "#1f7f7a", "#7ad4cc"]


def show(desk: Desk) -> None:
    st.title("Rhythm")
    st.caption(
        "For your eyes only. It looks at the messages you sent, not at the people, and leaves this computer nowhere."
    )
    found = rhythm(desk, date.today())
    if not found.messages:
        st.write(
            "Nothing has been sent yet. Once you have sent messages, you will see here whom they reach, and how soon."
        )
        return
    _who_and_when(found)
    _how(found)
    _principles(found)
    _stands_out(found)


def _dark() -> bool:
    return st.context.theme.type == "dark"


def _readable(chart: Any) -> Any:
    """Streamlit's own grey for what stands at the axes has too little contrast on this ground (WCAG 2.2 asks for 4.5 to 1)."""
    ink = "#d6dbdc" if _dark() else "#3d4446"
    words = {"labelColor": ink, "titleColor": ink}
    return chart.configure_axis(**words).configure_legend(**words)


def _who_and_when(found: Rhythm) -> None:
    st.subheader("Who heard from you, week by week")
    shown = [cell for cell in found.cells if cell.recognition or cell.feedback]
    total = sum(cell.recognition for cell in shown), sum(cell.feedback for cell in shown)
    reached = len({cell.person for cell in shown})
    people = len({cell.person for cell in found.cells})
    st.write(
        f"In the last {WEEKS} weeks you sent {counted(total[0], 'recognition')} and {counted(total[1], 'piece')} of feedback, "
        f"to {reached} of {people} people."
    )
    left, right = st.columns(2)
    left.altair_chart(_readable(_heat_map(found.cells, "recognition")), width="stretch")
    right.altair_chart(_readable(_heat_map(found.cells, "feedback")), width="stretch")
    with st.expander("The same as a table"):
        _table(
            [
                {
                    "Person": cell.person,
                    "Week of": f"{cell.week:%d %b %Y}",
                    "Recognition": cell.recognition,
                    "Feedback": cell.feedback,
                }
                for cell in shown
            ]
        )


def _table(rows: list[dict[str, object]]) -> None:
    """A real table, which a screen reader can walk through; a data frame is drawn on a canvas."""
    st.table(rows)


def _heat_map(cells: tuple[Cell, ...], kind: str) -> Any:
    rows = [
        {
            "person": cell.person,
            "week": f"{cell.week:%d %b}",
            "recognition": cell.recognition,
            "feedback": cell.feedback,
        }
        for cell in cells
    ]
    weeks = list(dict.fromkeys(f"{cell.week:%d %b}" for cell in cells))
    steps = DARK_STEPS if _dark() else LIGHT_STEPS
    most = max(max(cell.recognition, cell.feedback) for cell in cells)
    scale = alt.Scale(range=steps, domain=[0, max(most, 1)])  # the same for both, so that they can be compared
    legend = alt.Legend(
        title=kind.capitalize(), orient="top", tickMinStep=1, format="d", gradientLength=110, values=[0, max(most, 1)]
    )
    return (
        alt.Chart(alt.InlineData(values=rows), description=f"{kind.capitalize()} by person and week; the table below has the same numbers.")
        .mark_rect(cornerRadius=3)
        .encode(
            x=alt.X("week:O", sort=weeks, title="Week of", axis=alt.Axis(labelAngle=-60)),
            y=alt.Y("person:N", title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False)),
            color=alt.Color(f"{kind}:Q", scale=scale, legend=legend),
            tooltip=["person:N", "week:O", "recognition:Q", "feedback:Q"],
        )
        .properties(height=AROUND + ROW_HEIGHT * len({cell.person for cell in cells}))
    )  # fmt: skip


def _how(found: Rhythm) -> None:
    st.subheader("How specific, and how soon")
    last = found.months[-1]
    soon = "" if last.days is None else f" They came {_days(last.days)} after the event (the median)."
    st.write(
        f"In {last.month:%B %Y} {last.share:.0%} of your {counted(last.messages, 'message')} said what was done, "
        f"and when or with what effect.{soon}"
    )
    left, right = st.columns(2)
    left.altair_chart(_readable(_line(found.months, "share", "Specific", "%")), width="stretch")
    right.altair_chart(_readable(_line(found.months, "days", "Median days", "d")), width="stretch")
    with st.expander("The same as a table"):
        _table(
            [
                {
                    "Month": f"{month.month:%B %Y}",
                    "Messages": month.messages,
                    "Specific": f"{month.share:.0%}",
                    "Median days": "" if month.days is None else f"{month.days:g}",
                }
                for month in found.months
            ]
        )


def _days(days: float) -> str:
    return "on the same day" if days == 0 else f"{days:g} {'day' if days == 1 else 'days'}"


def _line(months: tuple[Month, ...], field: str, title: str, kind: str) -> Any:
    rows = [
        {"month": f"{month.month:%b %Y}", "value": month.share if field == "share" else month.days}
        for month in months
        if field == "share" or month.days is not None
    ]
    axis = alt.Axis(format="%") if kind == "%" else alt.Axis(format="~g", tickMinStep=1)
    scale = alt.Scale(domain=[0, 1]) if kind == "%" else alt.Scale(domainMin=0)
    colour = "#3fb8af" if _dark() else "#0b6e6e"
    base = alt.Chart(
        alt.InlineData(values=rows), description=f"{title} by month; the table below has the same numbers."
    ).encode(
        x=alt.X("month:O", sort=[f"{month.month:%b %Y}" for month in months], title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=title, axis=axis, scale=scale),
        tooltip=["month:O", alt.Tooltip("value:Q", title=title, format=".0%" if kind == "%" else "~g")],
    )
    return alt.layer(base.mark_line(color=colour), base.mark_point(color=colour, filled=True, size=60)).properties(
        height=220
    )


def _principles(found: Rhythm) -> None:
    if not found.principles:
        return
    st.subheader("Which principles you practise")
    most = found.principles[0]
    st.write(plain(f"Most often: {most[0]} ({counted(most[1], 'message')})."))
    _table([{"Principle": title, "Messages": count} for title, count in found.principles[:PRINCIPLES_SHOWN]])


def _stands_out(found: Rhythm) -> None:
    st.subheader("What stands out")
    if found.messages < LEAST:
        st.write(f"Nothing is said before you have sent {LEAST} messages.")
    elif not found.remarks:
        st.write("Nobody who got at least five messages gets vaguer or rarer ones than is your average.")
    for remark in found.remarks:
        st.write(plain(remark))
