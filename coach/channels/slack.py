"""Slack: an incoming webhook posts to its channel; a bot token sends to one member or posts to a channel."""

import json
from typing import Any
from urllib.parse import urlencode

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from coach.approval import Approved, Outcome, Receipt, Via
from coach.channels.webhook import answered, place_of, webhook_of
from coach.errors import NotSent, PerhapsSent
from coach.https import Network, post
from coach.posting import SLACK_TOKEN, Posting

API_HOST = "slack.com"
LONGEST_TEXT = 4_000
"""Characters: past it Slack may cut a message in two (chat.postMessage, "Truncating content")."""
_SAYS = {
    "channel_not_found": "Slack does not know that channel, or the bot is not in it: invite it there.",
    "not_in_channel": "The bot is not in that channel. Invite it there and send it again.",
    "is_archived": "That channel is archived.",
    "users_not_found": "Slack knows nobody with that mail address. Look it up in their profile.",
    "user_not_found": "Slack does not know that member.",
    "invalid_auth": "Slack does not accept the bot's token. Enter it again under Channels.",
    "token_revoked": "The bot's token was withdrawn. Make a new one and enter it under Channels.",
    "token_expired": "The bot's token has run out. Make a new one and enter it under Channels.",
    "account_inactive": "The bot's account is no longer active. Ask whoever runs your Slack.",
    "missing_scope": "The bot may not do that. It needs the scopes chat:write, im:write and users:read.email.",
    "ratelimited": "Slack asks to wait: too many messages came at once. Send it again in a minute.",
    "msg_too_long": "That is longer than Slack takes in one message. Shorten it and send it again.",
}
_AT_FAULT = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")


def deliver(approved: Approved, posting: Posting) -> Receipt:
    """Raises NotSent, AddressRefused or PerhapsSent."""
    if len(approved.text) > LONGEST_TEXT:
        raise NotSent("That is longer than Slack takes in one message. Shorten it and send it again.")
    if approved.to.via is Via.SLACK_WEBHOOK:
        return _by_webhook(approved, posting)
    return _by_bot(approved, posting)


def escaped(text: str) -> str:
    """For Slack's own markup: &, < and > are all that begins a mention, a link or an entity (docs.slack.dev, Formatting)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message(text: str) -> dict[str, Any]:
    """`rich_text` shows its text as it is; the escaped `text` is what a notification and an old client read."""
    shown = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {
        "text": escaped(text),
        "blocks": [{"type": "rich_text", "elements": [shown]}],
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _by_webhook(approved: Approved, posting: Posting) -> Receipt:
    place = place_of(approved, posting)
    body = json.dumps(message(approved.text), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = post(posting.network, webhook_of(place, posting), body, headers, posting.hosts)
    answered(answer, "Slack")
    if answer.body.strip() != b"ok":  # what Slack's webhooks say, and nothing else
        raise PerhapsSent("Slack answered with something else than it does. Look there before you send it again.")
    return Receipt(outcome=Outcome.SENT, detail=f"Slack took it for {place.name}.")


def _by_bot(approved: Approved, posting: Posting) -> Receipt:
    token = posting.secrets.read(SLACK_TOKEN)
    if not token:
        raise NotSent("Slack's bot token is missing. Enter it under Channels.")
    client = _Client(token, posting.network)
    channel = _channel(client, approved)
    _call(client, "chat.postMessage", {**message(approved.text), "channel": channel})
    return Receipt(outcome=Outcome.SENT, detail=f"Slack took it for {approved.to.label}.")


def _channel(client: "_Client", approved: Approved) -> str:
    """A channel's id as it is; for a person the one conversation with them alone. Nothing of the message leaves here."""
    address = approved.to.address
    if approved.to.others_read:
        return address
    try:
        if "@" in address:
            address = str(_call(client, "users.lookupByEmail", {"email": address}, by_form=True)["user"]["id"])
        return str(_call(client, "conversations.open", {"users": address})["channel"]["id"])
    except (PerhapsSent, KeyError, TypeError) as error:
        raise NotSent("Slack did not say how to reach them, so nothing was sent. Send it again.") from error


def _call(client: "_Client", method: str, fields: dict[str, Any], by_form: bool = False) -> dict[str, Any]:
    try:
        answer = client.api_call(method, params=fields) if by_form else client.api_call(method, json=fields)
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        if code in _AT_FAULT or not code.replace("_", "").isalnum():
            raise PerhapsSent("Slack had a fault of its own. Look there before you send it again.") from None
        raise NotSent(_SAYS.get(code, f"Slack did not take the message ({code}). Nothing was sent.")) from None
    except SlackClientError:
        raise PerhapsSent("Slack's answer made no sense. Look there before you send it again.") from None
    return dict(answer.data) if isinstance(answer.data, dict) else {}


class _Client(WebClient):
    """Slack's own client over our guarded way out: its usual one follows redirects, reads proxies and has no cap."""

    def __init__(self, token: str, network: Network) -> None:
        super().__init__(token=token, retry_handlers=[])
        self._network = network
        self._logger.disabled = True  # it logs what it could not read

    def _perform_urllib_http_request(self, *, url: str, args: dict[str, dict[str, Any]]) -> dict[str, Any]:
        if args["json"]:
            body, kind = json.dumps(args["json"], ensure_ascii=False), "application/json; charset=utf-8"
        else:
            body, kind = urlencode(args["params"]), "application/x-www-form-urlencoded"
        headers = {"Authorization": args["headers"]["Authorization"], "Content-Type": kind}
        answer = post(self._network, url, body.encode(), headers, (API_HOST,))
        if answer.status != 429:
            answered(answer, "Slack")
        return {"status": answer.status, "headers": answer.headers, "body": answer.body.decode("utf-8", "replace")}
