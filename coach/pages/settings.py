"""Settings: which model drafts, if any, and which embedding finds notes. The key goes in and is never shown again."""

import streamlit as st

from coach.access import LOCAL_SERVERS, Chosen, agreed, choose, chosen, forget_key, from_environment, keep_key, kept_key
from coach.desk import Desk
from coach.endpoint import OPENAI, Endpoint, whole_address
from coach.errors import BadRequest, ModelFailed
from coach.pages import searched
from coach.pages.plain import plain
from coach.request import Request, Role, Turn


def show(desk: Desk) -> None:
    st.title("Settings")
    st.subheader("A model to draft with")
    st.write(
        "Coach drafts by itself, and needs nothing from this page. A language model, on this computer or with a provider such as "
        "OpenAI, can draft more freely. Its drafts are checked just as strictly: what you did not say is marked. Before "
        "anything goes to another computer you see it on the Write page and agree there."
    )
    if said := st.session_state.pop("settings-said", None):
        st.success(plain(said))
    _now(desk)
    if from_environment():
        _fixed(desk)
    else:
        _look(desk)
        _form(desk)
    _stand_ins(desk)
    if desk.endpoint and st.button("Test connection", key="test-connection"):
        _test(desk.endpoint)
    searched.show(desk)


def _now(desk: Desk) -> None:
    """Who drafts today, and whether anything may leave for it."""
    where = desk.endpoint
    if where is None:
        st.info("Coach drafts by itself now: no model is set up, or it is switched off.")
    elif where.on_this_machine:
        st.info(plain(f"Drafts come from {where.model}, on this computer: nothing leaves it for that."))
    elif agreed(desk.settings, where):
        st.info(plain(f"Drafts come from {where.model} at {where.host}: you agreed to send them there."))
        if st.button("Ask me again before anything is sent", key="ask-again"):
            choose(desk.settings, chosen(desk.settings).model_copy(update={"agreed": ""}))
            _changed(desk, f"Nothing goes to {where.host} until you agree again, on the Write page.")
    else:
        st.info(
            plain(
                f"{where.model} at {where.host} is set up. No draft goes there before you agree: the Write page shows you what would be, and asks."
            )
        )


def _fixed(desk: Desk) -> None:
    assert desk.endpoint  # noqa: S101 - it is in the environment
    st.info(
        plain(
            f"The model “{desk.endpoint.model}” at {desk.endpoint.host} is named in Coach’s environment (COACH_MODEL, "
            "OPENAI_BASE_URL). To choose one here, start Coach without these."
        )
    )


def _look(desk: Desk) -> None:
    """Local servers are looked for when asked, not before."""
    if st.button("Look for models on this machine", key="look"):
        with st.spinner("Looking…"):
            st.session_state["found"] = _found()
        if not st.session_state["found"]:
            st.info(
                "No model is running here. Ollama, LM Studio, llama.cpp or vLLM would be found; start one, then look again."
            )
    for name, url, model in st.session_state.get("found", ()):
        if st.button(plain(f"Use {model} ({name})"), key=f"use-{url}-{model}"):
            choose(desk.settings, chosen(desk.settings).model_copy(update={"url": url, "model": model, "on": True}))
            _changed(desk, f"Coach now drafts with {model}, on this machine.")


def _found() -> list[tuple[str, str, str]]:
    from coach.model import list_models

    found = []
    for name, port in LOCAL_SERVERS.items():
        url = f"http://127.0.0.1:{port}/v1"
        try:
            found += [(name, url, model) for model in list_models(Endpoint(url=url, model=""))]
        except ModelFailed:
            continue  # nobody there, or no model: that is what looking is for
    return found


def _form(desk: Desk) -> None:
    choice = chosen(desk.settings)
    st.caption("Or enter one yourself:")
    with st.form("model", border=True):
        url = st.text_input(
            "Address",
            choice.url,
            placeholder=OPENAI,
            help="Where the model answers. With most providers it ends in /v1; left empty it is OpenAI’s.",
        )
        model = st.text_input("Model", choice.model, placeholder="gpt-4o-mini, llama3.2, …")
        has_key = bool(choice.model) and bool(kept_key(desk.settings, Endpoint(url=choice.url, model="").url))
        key = st.text_input(
            "Key", type="password", placeholder="A key is kept. Type another to replace it." if has_key else "If one is needed",
            autocomplete="off",
        )  # fmt: skip
        on = st.toggle("Draft with this model", choice.on)
        if st.form_submit_button("Save", type="primary"):
            _save(desk, choice, url, model, key, on)
    if has_key and st.button("Forget the key", key="forget-key"):
        forget_key(desk.settings, Endpoint(url=choice.url, model="").url)
        _changed(desk, "The key is gone from this machine.")


def _save(desk: Desk, choice: Chosen, url: str, model: str, key: str, on: bool) -> None:
    where = whole_address(url or OPENAI)
    if not model.strip():
        raise BadRequest("Name the model, as its server calls it.")
    if where.startswith("http:") and not Endpoint(url=where, model="").on_this_machine and key:
        raise BadRequest("That address is not encrypted: others on the way could read the key. Use one with https.")
    choose(desk.settings, choice.model_copy(update={"url": where, "model": model.strip(), "on": on}))
    kept = f" The key is kept {keep_key(desk.settings, where, key.strip())}." if key.strip() else ""
    _changed(desk, f"Saved.{kept}")


def _changed(desk: Desk, said: str) -> None:
    desk.model_changed()
    st.session_state["settings-said"] = said
    st.rerun()


def _stand_ins(desk: Desk) -> None:
    if desk.endpoint is None:
        return
    choice = chosen(desk.settings)
    default = not desk.endpoint.on_this_machine
    used = default if choice.stand_ins is None else choice.stand_ins
    wanted = st.toggle(
        "Use stand-ins for names", used, key="stand-ins",
        help="The model gets invented people, companies, places, mail addresses and telephone numbers in place of the real ones. "
        "In its draft you read the real ones again.",
    )  # fmt: skip
    if wanted != used:
        choose(desk.settings, choice.model_copy(update={"stand_ins": wanted}))
    if not desk.endpoint.on_this_machine and not wanted:
        st.caption(plain(f"Names leave this computer for {desk.endpoint.host} as they are."))


def _test(where: Endpoint) -> None:
    """Asks for one word. What is wrong is said in words."""
    from coach.model import open_model

    asked = Request(turns=(Turn(role=Role.USER, text="Answer with the word yes."),), max_tokens=400, temperature=0.0)
    try:
        with st.spinner("Asking…"):
            asking = open_model(where)(asked)
            heard = any(piece.strip() for piece in asking)
    except ModelFailed as error:
        st.error(plain(str(error)))
        return
    st.success(plain(f"{where.model} at {where.host} answers.")) if heard else st.error("It answered with nothing.")
