"""Channels: where messages can go from here. Secrets go in and are never shown again."""

import streamlit as st
from pydantic import ValidationError

from coach.address import mail_address, slack_channel
from coach.approval import Via
from coach.desk import Desk
from coach.errors import AddressRefused, BadRequest
from coach.exchange import reasons
from coach.https import allowed_host
from coach.pages.opened import the_posting
from coach.pages.plain import plain
from coach.posting import (
    MAIL_PASSWORD,
    SLACK_TOKEN,
    ChannelFile,
    MailServer,
    Place,
    Posting,
    Security,
    clean_host,
    keep_channels,
)
from coach.records import new_id

KINDS = {
    Via.SLACK_WEBHOOK: "Slack, by an incoming webhook",
    Via.SLACK: "Slack, by your bot",
    Via.TEAMS: "Microsoft Teams, by a Workflows webhook",
}
SECURITIES = {Security.STARTTLS: "STARTTLS (usually port 587)", Security.TLS: "TLS (usually port 465)"}


def show(desk: Desk) -> None:
    st.title("Channels")
    if said := st.session_state.pop("channels_said", None):
        st.success(plain(said))
    posting = the_posting()
    st.write(
        "Coach sends nothing by itself. What you set up here is offered on the Write page, where you see who will read "
        "it and the exact text before it leaves."
    )
    st.caption(plain(f"Tokens, passwords and webhook addresses are kept in {posting.secrets.place}."))
    _places(desk, posting)
    _add_place(desk, posting)
    _bot(desk, posting)
    _mail(desk, posting)
    _hosts(desk, posting)


def _done(desk: Desk, file: ChannelFile, said: str) -> None:
    keep_channels(desk.settings.home, file)
    st.session_state.channels_said = said
    st.session_state.channels_saved = st.session_state.get("channels_saved", 0) + 1
    st.rerun()


def _key(name: str) -> str:
    """New after each save, which empties the forms; after a refusal what was typed stays."""
    return f"{name}-{st.session_state.get('channels_saved', 0)}"


def _places(desk: Desk, posting: Posting) -> None:
    st.subheader("Team channels")
    if not posting.file.places:
        st.caption("None yet.")
    for place in posting.file.places:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(f"**{plain(place.name)}**, {plain(KINDS[place.via])}. Read by: {plain(place.readers)}")
        if right.button("Remove", key=f"remove-{place.id}", width="stretch", help=plain(f"Remove {place.name}")):
            posting.secrets.forget(place.secret)
            rest = tuple(other for other in posting.file.places if other.id != place.id)
            _done(desk, posting.file.model_copy(update={"places": rest}), f"{place.name} is no longer offered.")


def _add_place(desk: Desk, posting: Posting) -> None:
    with st.expander("Add a team channel", expanded=not posting.file.places):
        via = st.selectbox("Kind", list(KINDS), format_func=KINDS.__getitem__, key=_key("kind-of-place"))
        with st.form(_key("add-place"), border=False):
            name = st.text_input("What you call it", placeholder="#ward-b", key=_key("place-name"))
            readers = st.text_input(
                "Who reads it", placeholder="Everyone on Ward B, about 24 people", key=_key("place-readers")
            )
            label = "Channel ID" if via is Via.SLACK else "Webhook address"
            where = st.text_input(
                label, type="default" if via is Via.SLACK else "password", autocomplete="off", key=_key(f"place-{via}")
            )
            if st.form_submit_button("Add channel"):
                try:
                    _keep_place(desk, posting, via, name, readers, where.strip())
                except BadRequest as error:
                    st.error(plain(str(error)))
                except ValidationError:
                    st.error(
                        "Say in a few words what you call it, and who reads it: you will see that before you send."
                    )


def _keep_place(desk: Desk, posting: Posting, via: Via, name: str, readers: str, where: str) -> None:
    if any(place.name == name.strip() for place in posting.file.places):
        raise BadRequest(f"There is a channel called {name.strip()} already.")
    place = Place(id=new_id(), via=via, name=name.strip(), readers=readers.strip())
    if via is Via.SLACK:
        place = place.model_copy(update={"address": slack_channel(where)})
    else:
        try:
            allowed_host(where, posting.hosts)
        except AddressRefused as error:
            raise BadRequest(str(error)) from error
        posting.secrets.keep(place.secret, where)
    _done(
        desk,
        posting.file.model_copy(update={"places": (*posting.file.places, place)}),
        f"{place.name} is offered for public chat.",
    )


def _bot(desk: Desk, posting: Posting) -> None:
    st.subheader("Slack bot")
    st.caption("For direct messages, and for channels the bot was invited to. Its token begins with xoxb-.")
    with st.form(_key("bot")):
        kept = posting.file.slack_bot
        token = st.text_input("Bot token", type="password", autocomplete="off", key=_key("token"),
                              placeholder="One is kept; type another to replace it" if kept else "")  # fmt: skip
        if st.form_submit_button("Keep the token"):
            if not token.strip().startswith("xoxb-"):
                st.error("That is not a bot token. In Slack's app settings it stands under OAuth & Permissions.")
            else:
                posting.secrets.keep(SLACK_TOKEN, token.strip())
                _done(desk, posting.file.model_copy(update={"slack_bot": True}), "The bot's token is kept.")
    if posting.file.slack_bot and st.button("Remove the token"):
        posting.secrets.forget(SLACK_TOKEN)
        _done(desk, posting.file.model_copy(update={"slack_bot": False}), "The bot's token is gone.")


def _mail(desk: Desk, posting: Posting) -> None:
    st.subheader("Your mail server")
    mail = posting.file.mail
    with st.form(_key("mail")):
        left, right = st.columns([3, 1])
        host = left.text_input("Server", mail.host if mail else "", placeholder="smtp.clinic.org", key=_key("host"))
        port = right.number_input("Port", 1, 65_535, mail.port if mail else 587, key=_key("port"))
        security = st.selectbox(
            "Protection", list(SECURITIES), list(Security).index(mail.security) if mail else 0,
            format_func=SECURITIES.__getitem__, key=_key("security"),
        )  # fmt: skip
        left, right = st.columns(2)
        sender = left.text_input("Your address", mail.sender if mail else "", key=_key("sender"))
        name = right.text_input("Your name, as readers see it", mail.name if mail else "", key=_key("sender-name"))
        user = left.text_input("User name", mail.user if mail else "", key=_key("user"), autocomplete="off")
        password = right.text_input("Password", type="password", autocomplete="off", key=_key("password"),
                                    placeholder="One is kept; type another to replace it" if mail else "")  # fmt: skip
        if st.form_submit_button("Keep the mail server"):
            try:
                server = MailServer(
                    host=host.strip(), port=int(port), security=security, user=user.strip(), sender=mail_address(sender),
                    name=name.strip(),
                )  # fmt: skip
            except BadRequest as error:
                st.error(plain(str(error)))
            except ValidationError as error:
                st.error(plain(reasons(error)))
            else:
                if password:
                    posting.secrets.keep(MAIL_PASSWORD, password)
                _done(desk, posting.file.model_copy(update={"mail": server}), "Your mail server is kept.")
    if mail and st.button("Remove the mail server"):
        posting.secrets.forget(MAIL_PASSWORD)
        _done(desk, posting.file.model_copy(update={"mail": None}), "The mail server is gone.")


def _hosts(desk: Desk, posting: Posting) -> None:
    with st.expander("Webhooks at other hosts"):
        st.write(
            "Webhooks go to Slack and Microsoft only. If your company's chat listens elsewhere, allow its host here."
        )
        for host in posting.file.hosts:
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.text(host)
            if right.button("Remove", key=f"host-{host}", width="stretch", help=plain(f"Remove {host}")):
                rest = tuple(other for other in posting.file.hosts if other != host)
                _done(desk, posting.file.model_copy(update={"hosts": rest}), f"{host} is no longer allowed.")
        with st.form(_key("add-host"), border=False):
            typed = st.text_input("Host", placeholder="hooks.example.org", key=_key("host-to-allow"))
            if st.form_submit_button("Allow this host"):
                try:
                    host = clean_host(typed)
                except BadRequest as error:
                    st.error(plain(str(error)))
                else:
                    _done(
                        desk,
                        posting.file.model_copy(update={"hosts": (*posting.file.hosts, host)}),
                        f"{host} is allowed.",
                    )
