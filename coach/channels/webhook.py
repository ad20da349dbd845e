"""What Slack's and Teams's webhooks share: which place is meant, and what an answer says."""

from coach.approval import Approved
from coach.errors import NotSent, PerhapsSent
from coach.https import Response
from coach.posting import Place, Posting


def place_of(approved: Approved, posting: Posting) -> Place:
    """Raises NotSent where it was removed meanwhile, or is not what was confirmed."""
    place = posting.place(approved.to.address)
    if place is None or place.via is not approved.to.via or place.name != approved.to.label:
        raise NotSent("That channel was changed or removed meanwhile, so nothing was sent. Choose where it goes again.")
    return place


def webhook_of(place: Place, posting: Posting) -> str:
    url = posting.secrets.read(place.secret)
    if not url:
        raise NotSent(f"The webhook address of {place.name} is missing. Enter it again under Channels.")
    return url


def answered(answer: Response, service: str) -> None:
    """Returns on success. What is said of a refusal is ours: an answer may repeat the address, which is a secret."""
    if 200 <= answer.status < 300:
        return
    if answer.status >= 500:
        raise PerhapsSent(
            f"{service} had a fault of its own and may have taken it. Look there before you send it again."
        )
    if 300 <= answer.status < 400:
        raise NotSent(f"{service} says that this webhook has moved, so nothing was sent. Make a new one and enter it.")
    raise NotSent(
        {
            401: f"{service} does not accept this webhook any more. Make a new one and enter it under Channels.",
            403: f"{service} does not let this webhook post there. Ask whoever runs your {service}.",
            404: f"{service} does not know this webhook any more. Make a new one and enter it under Channels.",
            410: "The channel of this webhook was archived or closed. Make a new one for another channel.",
            429: f"{service} asks to wait: too many messages came at once. Send it again in a minute.",
        }.get(answer.status, f"{service} did not take the message (answer {answer.status}). Nothing was sent.")
    )
