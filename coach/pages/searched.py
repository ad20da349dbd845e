"""By what notes are found: the built-in model, or an embedding endpoint; what would leave for it, said to the letter."""

import streamlit as st

from coach.access import forget_key, keep_key, kept_key
from coach.by_endpoint import ByEndpoint
from coach.desk import Desk
from coach.embedding_access import (
    KEY_OF,
    ChosenEmbeddings,
    choose_embeddings,
    chosen_embeddings,
    embedding_endpoint,
    embeddings_from_environment,
    notes_may_leave,
    refused,
)
from coach.endpoint import Endpoint, whole_address
from coach.errors import BadRequest, ModelFailed
from coach.pages.plain import plain

EVERY_SECONDS = 2.0


def show_state(desk: Desk) -> None:
    """On every page: how far the embedding is, or why search does not go by it."""
    if desk.by_endpoint and desk.by_endpoint.under_way:
        _embedding(desk)
    elif desk.search_trouble:
        st.caption(plain(f"Search goes by {_otherwise(desk)}. {desk.search_trouble}"))


@st.fragment(run_every=EVERY_SECONDS)
def _embedding(desk: Desk) -> None:
    by = desk.by_endpoint
    if by is None or not by.under_way:
        st.rerun()
    done, of = by.progress
    far = f"{done:,} of {of:,}" if of else "about to start"
    text = f"Embedding your notes with {by.where.model}: {far}. Search goes by {_otherwise(desk)} meanwhile."
    st.progress(min(done / max(of, 1), 1.0), text=plain(text))


def _otherwise(desk: Desk) -> str:
    return "the built-in model" if desk.embedder else "words alone"


def show(desk: Desk) -> None:
    st.subheader("How your notes are found")
    st.write(
        "Coach finds notes with a language model of its own, on this machine. Another embedding model can do it instead: "
        "any server that speaks OpenAI’s Embeddings. Principles, checks and drafts stay with the built-in one."
    )
    if said := st.session_state.pop("searched-said", None):
        st.success(plain(said))
    if embeddings_from_environment():
        st.info("The endpoint is named in Coach’s environment (COACH_EMBEDDINGS_URL, COACH_EMBEDDINGS_MODEL).")
    else:
        _form(desk)
    _chosen(desk)


def _form(desk: Desk) -> None:
    choice = chosen_embeddings(desk.settings)
    where = Endpoint(url=choice.url, model=choice.model) if choice.model else None
    has_key = where is not None and bool(kept_key(desk.settings, where.url, KEY_OF))
    with st.form("embeddings", border=True):
        url = st.text_input(
            "Address of the embedding server", choice.url, placeholder="http://localhost:11434/v1", key="embeddings-url"
        )
        model = st.text_input(
            "Embedding model", choice.model, placeholder="nomic-embed-text, text-embedding-3-small, …", key="embeddings-model"
        )  # fmt: skip
        key = st.text_input(
            "Key for it", type="password", autocomplete="off", key=f"embeddings-key-{st.session_state.get('keys-for-search', 0)}",
            placeholder="A key is kept. Type another to replace it." if has_key else "If one is needed",
        )  # fmt: skip
        on = st.toggle("Find notes with this model", choice.on, key="embeddings-on")
        if st.form_submit_button("Save for search", type="primary"):
            _save(desk, choice, url, model, key, on)
    if where and has_key and st.button("Forget this key", key="forget-embeddings-key"):
        forget_key(desk.settings, where.url, KEY_OF)
        _changed(desk, "The key for search is gone from this machine.")


def _save(desk: Desk, choice: ChosenEmbeddings, url: str, model: str, key: str, on: bool) -> None:
    if not url.strip() or not model.strip():
        raise BadRequest("Name the embedding server’s address and its model, as the server calls it.")
    where = Endpoint(url=whole_address(url).removesuffix("/embeddings"), model=model)
    if reason := refused(where):
        raise BadRequest(reason)
    changes = {"url": where.url, "model": where.model, "on": on}
    if where.url != choice.url:
        changes["agreed"] = ""
    choose_embeddings(desk.settings, choice.model_copy(update=changes))
    kept = f" The key is kept {keep_key(desk.settings, where.url, key.strip(), KEY_OF)}." if key.strip() else ""
    # A box of the same name would keep what was typed, and send it to the browser again.
    st.session_state["keys-for-search"] = st.session_state.get("keys-for-search", 0) + 1
    _changed(desk, f"Saved for search.{kept}")


def _changed(desk: Desk, said: str) -> None:
    desk.embeddings_changed()
    st.session_state["searched-said"] = said
    st.rerun()


def _chosen(desk: Desk) -> None:
    where = embedding_endpoint(desk.settings)
    if where is None:
        return
    if reason := refused(where):
        st.error(plain(reason))
    elif not notes_may_leave(desk.settings, where):
        _before_anything_leaves(desk, where)
    elif desk.by_endpoint:
        _in_use(desk, desk.by_endpoint)


def _before_anything_leaves(desk: Desk, where: Endpoint) -> None:
    with st.container(border=True):
        st.markdown(plain(f"Nothing leaves for {where.host} now. If you agree, this does:"))
        st.markdown(
            plain(f"- the text of each of your {desk.records.count_notes():,} notes, private ones too, with every name in it;")
            .replace("\\-", "-", 1)
            + "\n- each note that you write or change later;\n"
            "- each text that notes are searched by: what you type into the search of the Notebook, and what happened, "
            "as you type it on Write."
        )  # fmt: skip
        st.caption(
            "Stand-ins are not used here: a note without its names is not found by them. Whom a note is about, its date "
            "and kind, your messages and your rehearsals do not leave for it. What has left cannot be called "
            "back: forgetting a person here does not reach it. Private notes cannot be kept out of it alone: notes found "
            "by two models cannot be compared."
        )
        ticked = st.checkbox(plain(f"Every note, private ones included, may leave for {where.host}"), key="may-leave")
        if st.button("Agree, and embed my notes there", disabled=not ticked, key="agree-embeddings"):
            agreed = chosen_embeddings(desk.settings).model_copy(update={"agreed": where.url})
            choose_embeddings(desk.settings, agreed)
            _changed(desk, f"Your notes are being embedded by {where.model}.")


def _in_use(desk: Desk, by: ByEndpoint) -> None:
    embedded, of = desk.records.count_others(by.name), desk.records.count_notes()
    place = "on this machine" if by.where.on_this_machine else "every note leaves this machine for it"
    st.caption(plain(f"{by.where.model} at {by.where.host} ({place}): {embedded:,} of {of:,} notes are embedded."))
    test, again, stop = st.columns(3)
    if test.button("Test the embedding", key="test-embeddings", width="stretch"):
        _test(by)
    if again.button("Embed every note again", key="embed-again", width="stretch"):
        choice = chosen_embeddings(desk.settings)
        choose_embeddings(desk.settings, choice.model_copy(update={"again": choice.again + 1}))
        _changed(desk, "Every note is being embedded again.")
    if not by.where.on_this_machine and stop.button("Stop sending notes there", key="stop-embeddings", width="stretch"):
        choice = chosen_embeddings(desk.settings)
        choose_embeddings(desk.settings, choice.model_copy(update={"agreed": ""}))
        _changed(desk, f"Nothing more leaves for {by.where.host}.")


def _test(by: ByEndpoint) -> None:
    """Sends one word. What is wrong is said in words."""
    from coach.model import embed_texts

    try:
        with st.spinner("Asking…"):
            vectors = embed_texts(by.where, ["one"], 60.0)
    except ModelFailed as error:
        st.error(plain(str(error)))
        return
    st.success(plain(f"{by.where.model} at {by.where.host} answers with {vectors.shape[1]:,} numbers for a text."))
