"""Where one person can be reached: an address that names exactly one reader, or none."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from coach.errors import BadRequest

_MEMBER = re.compile(r"[UW][A-Z0-9]{6,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,20}")


def mail_address(typed: str) -> str:
    """The address as it is sent to. Raises BadRequest (a ValueError would quote it): lists, groups, names, comments and
    invisible characters are no address of one person."""
    text = typed.strip()
    unseen = any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in text)
    try:
        if unseen or not text.isprintable():
            raise EmailNotValidError
        return validate_email(
            text, check_deliverability=False, allow_quoted_local=False, allow_domain_literal=False, allow_smtputf8=False,
        ).ascii_email or ""  # fmt: skip
    except EmailNotValidError:
        raise BadRequest("That is not one person's mail address. It looks like amara@clinic.org.") from None


def slack_member(typed: str) -> str:
    """A member id, or the mail address that Slack knows. Raises BadRequest."""
    text = typed.strip()
    if _MEMBER.fullmatch(text):
        return text
    if "@" in text.strip("@"):
        return mail_address(text)
    raise BadRequest(
        "That is not a Slack member. Use the mail address they have in Slack, or their member ID: "
        "in their profile, “Copy member ID” (it begins with U)."
    )


def slack_channel(typed: str) -> str:
    """A channel's id. Raises BadRequest."""
    text = typed.strip()
    if _CHANNEL.fullmatch(text):
        return text
    raise BadRequest(
        "That is not a Slack channel ID. Open the channel's details: it stands at the very end and begins with C."
    )
