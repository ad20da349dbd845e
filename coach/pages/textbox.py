"""A large text box that keeps every keystroke in the browser and reports it after a pause."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_textbox = st.components.v2.component(
    "coach_textbox",
    html=(_HERE / "textbox.html").read_text("utf-8"),
    css=(_HERE / "textbox.css").read_text("utf-8"),
    js=(_HERE / "textbox.js").read_text("utf-8"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is said of text[start:end] (code points). `shape`: how it is underlined, "" for not at all."""

    start: int
    end: int
    about: str
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    text: str
    submitted: bool


def standing(name: str, text: str, version: int) -> str:
    """What stands in the box already, before it is shown again: what the leader typed, else `text`."""
    state = st.session_state.get(f"textbox-{name}")
    said = state.get("text") if state is not None else None
    return str(said["text"]) if isinstance(said, dict) and said.get("version") == version else text


def textbox(
    name: str,
    label: str,
    text: str,
    version: int,
    *,
    rows: int,
    placeholder: str = "",
    hint: str = "",
    submit: bool = False,
    copy: bool = False,
    marks: Sequence[Mark] = (),
    marked: str = "",
    on_change: Callable[[], None] = lambda: None,
) -> Typed:
    """Shows `text` when `version` is new to the browser; afterwards what the leader typed is the truth.

    `marks` point into the text `marked`; the browser moves them along while the leader types on.
    Returns what stands in the box, and whether Ctrl/Cmd+Enter was pressed in it.
    """
    data = {
        "store": name, "label": label, "value": text, "version": version, "rows": rows,
        "placeholder": placeholder, "hint": hint, "submit": submit, "copy": copy,
        "marks": [asdict(mark) for mark in marks], "marked": marked,
    }  # fmt: skip
    result = _textbox(key=f"textbox-{name}", data=data, on_text_change=on_change, on_submit_change=on_change)
    for value, submitted in ((result.submit, True), (result.text, False)):
        if isinstance(value, dict) and value.get("version") == version:
            return Typed(text=str(value.get("text", "")), submitted=submitted)
    return Typed(text=text, submitted=False)
