"""From an approved message to the reader: only the leader's approval makes an `Approved`, and only that is sent, once."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from urllib.parse import quote

from coach.approval import Approved, Destination, Outcome, Receipt, Via, digest
from coach.channels import email, slack, teams
from coach.errors import AlreadySent, BadRequest, CoachError, NotSent, PerhapsSent
from coach.log import failure
from coach.posting import Posting
from coach.records import Delivery, DeliveryState, Message, Person, Records
from coach.situation import Channel, Kind
from coach.wishes import Wish, wish_of

LONGEST_MAILTO = 1_900
"""Characters: Windows hands a mail program about 2,000."""
UNDO_SECONDS = 10.0
ABANDONED_SECONDS = 60.0
"""Past it whoever was sending is gone: a closed program, a computer put to sleep. Longer than any channel may take."""

Deliver = Callable[[Approved, Posting], Receipt]
DELIVER: Mapping[Via, Deliver] = {
    Via.SLACK_WEBHOOK: slack.deliver,
    Via.SLACK: slack.deliver,
    Via.TEAMS: teams.deliver,
    Via.EMAIL: email.deliver,
}


def mark_as_sent(approved: Approved, records: Records, now: datetime) -> Message:
    """Keeps what was sent with what it grew from, so that it stands in the person's history."""
    reply, situation = approved.reply, approved.situation
    message = Message(
        id=approved.id,
        person_id=approved.person.id,
        person=approved.person.name,
        situation=situation.said,
        kind=situation.kind.value,
        channel=situation.channel.value,
        drafted=reply.draft.message,
        text=approved.text,
        happened=situation.happened,
        sent_at=now,
        sources={
            "principles": [fitting.principle.id for fitting in reply.principles],
            "notes": list(reply.draft.notes_used),
            "clauses": [asdict(clause) for clause in reply.clauses],
            "drafter": asdict(reply.drafter),
            "accepted": dict(approved.accepted),
            "sent_by": approved.destination.via.value if approved.destination else "hand",
        },
    )
    records.keep_message(message)
    return message


def mailto(text: str, about: str, address: str = "") -> str | None:
    """A link that opens the mail program with reader, subject and body (RFC 6068); None when it would be too long for one."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    link = f"mailto:{quote(address, safe='@')}?subject={quote(about, safe='')}&body={quote(lines, safe='')}"
    return link if len(link) <= LONGEST_MAILTO else None


def destinations(person: Person | None, channel: Channel, posting: Posting) -> tuple[Destination, ...]:
    """Where a message written for this channel can go. What was written for one reader is not offered to a room."""
    if channel is Channel.PUBLIC_CHAT:
        return tuple(
            Destination(
                via=place.via, label=place.name, address=place.address or place.id, readers=place.readers, others_read=True
            )
            for place in posting.file.places
        )  # fmt: skip
    if person is None:
        return ()
    found = []
    known_to_slack = person.slack or person.email
    if channel is Channel.DIRECT and posting.file.slack_bot and known_to_slack:
        found.append(Destination(via=Via.SLACK, label=f"{person.name} on Slack", address=known_to_slack))
    if channel in (Channel.DIRECT, Channel.EMAIL) and posting.file.mail and person.email:
        found.append(Destination(via=Via.EMAIL, label=f"{person.name} by e-mail", address=person.email))
    return tuple(found)


def wish_against(person: Person | None, kind: Kind, channel: Channel) -> Wish:
    """What to say before this channel is offered: PRIVATE, UNCLEAR (show the person's words and ask), or NONE."""
    if person is None or kind is not Kind.RECOGNITION or not channel.others_read:
        return Wish.NONE
    wish = wish_of(person.prefers)
    return Wish.NONE if wish is Wish.PUBLIC else wish


def refuse_unfit(approved: Approved) -> None:
    """Raises BadRequest for what no confirmation makes right."""
    to, situation = approved.to, approved.situation
    if situation.kind is Kind.FEEDBACK and to.others_read:
        raise BadRequest("Others read this channel, and feedback is for one person. Send it to them directly.")
    if to.others_read and not situation.channel.others_read:
        raise BadRequest(f"This was written for one reader, and others read {to.label}. Choose “Public chat” first.")
    if not approved.text.strip():
        raise BadRequest("There is nothing to send yet: the message is empty.")


def offer(approved: Approved, records: Records, now: datetime) -> str:
    """A token that is good for one click on exactly what the confirmation shows. Raises BadRequest where it may not go."""
    refuse_unfit(approved)
    delivery = Delivery(
        token=secrets.token_urlsafe(24), message_id=approved.id, via=approved.to.via.value, digest=digest(approved),
        state=DeliveryState.OFFERED, detail="", changed=now,
    )  # fmt: skip
    records.offer_delivery(delivery)
    return delivery.token


class Courier:
    """Carries what was approved out after the time to undo: at most once, whatever is clicked, reloaded or opened twice.

    What makes it so are the moves from state to state in the records, each of which one caller wins.
    """

    def __init__(self, records: Records, posting: Callable[[], Posting], wait: float = UNDO_SECONDS) -> None:
        self._records, self._posting, self._wait = records, posting, wait
        self._carried: dict[str, Approved] = {}

    def carrying(self, token: str) -> Approved | None:
        """What is leaving, as it was approved; None once it is over, or where another program carries it."""
        return self._carried.get(token)

    def send(self, token: str, approved: Approved, now: datetime) -> threading.Thread:
        """The leader's click. Raises BadRequest, or AlreadySent where the token was used or the message is on its way."""
        refuse_unfit(approved)
        offered = (DeliveryState.OFFERED,)
        if not self._records.move_delivery(
            token, offered, DeliveryState.WAITING, now, f"for {approved.to.label}", digest(approved)
        ):
            raise AlreadySent("This message is on its way already, or was sent. It was not sent a second time.")
        self._carried[token] = approved
        carrying = threading.Thread(target=self._carry, args=(token, approved, now), daemon=True)
        carrying.start()
        return carrying

    def undo(self, token: str, now: datetime) -> bool:
        """Whether it was still in time."""
        return self._records.move_delivery(token, (DeliveryState.WAITING,), DeliveryState.UNDONE, now)

    def _carry(self, token: str, approved: Approved, clicked: datetime) -> None:
        try:
            self._wait_and_send(token, approved, clicked)
        finally:
            del self._carried[token]

    def _wait_and_send(self, token: str, approved: Approved, clicked: datetime) -> None:
        time.sleep(self._wait)
        now = datetime.now().astimezone()
        if (now - clicked).total_seconds() > ABANDONED_SECONDS + self._wait:  # the computer slept
            self._records.move_delivery(token, (DeliveryState.WAITING,), DeliveryState.FAILED, now, _CLOSED)
        elif self._records.move_delivery(token, (DeliveryState.WAITING,), DeliveryState.SENDING, now):
            self._finish(token, approved, attempt(approved, self._posting))

    def _finish(self, token: str, approved: Approved, receipt: Receipt) -> None:
        """The history first: who sees "sent" finds it there. A full disk does not make it unsent."""
        now = datetime.now().astimezone()
        try:
            if receipt.outcome is Outcome.SENT:
                mark_as_sent(approved, self._records, now)
        finally:
            before = (DeliveryState.SENDING, DeliveryState.UNKNOWN)
            self._records.move_delivery(token, before, DeliveryState(receipt.outcome), now, receipt.detail)


_CLOSED = "Coach was closed, or the computer slept, before it left. Nothing was sent."


def attempt(approved: Approved, posting: Callable[[], Posting]) -> Receipt:
    """One try. What nobody foresaw counts as unknown: it may have left."""
    try:
        return DELIVER[approved.to.via](approved, posting())
    except PerhapsSent as error:
        return Receipt(outcome=Outcome.UNKNOWN, detail=str(error))
    except NotSent as error:
        return Receipt(outcome=Outcome.FAILED, detail=str(error))
    except CoachError as error:  # before anything was tried: settings or secrets that cannot be read
        return Receipt(outcome=Outcome.FAILED, detail=f"{error} Nothing was sent.")
    except Exception as error:
        failure(error)
        return Receipt(outcome=Outcome.UNKNOWN, detail="Something went wrong while it was leaving. Look there first.")


def standing(records: Records, message_id: str, now: datetime) -> Delivery | None:
    """What has become of a message, once a click set it going. One whose sender is gone is settled here, never resent."""
    found = records.delivery_of(message_id)
    if found is None or (now - found.changed).total_seconds() <= ABANDONED_SECONDS:
        return found
    if found.state is DeliveryState.WAITING:
        records.move_delivery(found.token, (DeliveryState.WAITING,), DeliveryState.FAILED, now, _CLOSED)
    elif found.state is DeliveryState.SENDING:
        left = "Coach was closed while it was leaving. Look there before you send it again."
        records.move_delivery(found.token, (DeliveryState.SENDING,), DeliveryState.UNKNOWN, now, left)
    return records.delivery_of(message_id)


def settle(records: Records, delivery: Delivery, arrived: bool, now: datetime) -> bool:
    """The leader looked: it arrived, or it did not and may be sent again. Returns whether this call settled it."""
    after = DeliveryState.SENT if arrived else DeliveryState.FAILED
    detail = "You saw that it arrived." if arrived else "You saw that it did not arrive."
    return records.move_delivery(delivery.token, (DeliveryState.UNKNOWN,), after, now, detail)
