"""What can go wrong, in one tree. Every message is a sentence for the leader that says what to do.

CoachError
├── BadRequest          what was typed or sent cannot be used; the leader changes it
│   ├── UnknownPerson
│   └── SeveralPeople
├── BadFile             a file that cannot be read as what it should be
├── HomeUnusable        COACH_HOME cannot be written
│   ├── NoSpace         the disk is full
│   ├── NewerDatabase   written by a newer Coach
│   └── Locked          encrypted, and no key was given
│       └── WrongKey
├── IndexUnusable       Chroma cannot be opened; search goes on without it
│   └── IndexBusy       another process has it open
├── ModelMissing        no embedding model; search goes on by words alone
├── ModelFailed         a language model gave no whole answer; the built-in drafter goes on
│   ├── Unreachable, TimedOut, ServerFailed
│   ├── Unauthorised, ModelNotFound, QuotaUsedUp, RateLimited
│   ├── TooLong         more than the model can read
│   └── Refused, BadAnswer, CutOff
├── NotSent             a message did not leave; it can be sent again
│   ├── AddressRefused  messages may not be sent to that address
│   └── AlreadySent     it is on its way, or was sent: a second click, another tab
├── PerhapsSent         it left and no answer came; it is never sent again by itself
└── PortInUse           the app cannot be served there
"""


class CoachError(Exception):
    """Caught once in the app and once in the command line; `str(error)` is shown as it is."""

    code = "error"


class BadRequest(CoachError):
    code = "bad-request"


class UnknownPerson(BadRequest):
    code = "unknown-person"


class SeveralPeople(BadRequest):
    code = "several-people"


class BadFile(CoachError):
    code = "bad-file"


class HomeUnusable(CoachError):
    code = "home-unusable"


class NoSpace(HomeUnusable):
    code = "no-space"


class NewerDatabase(HomeUnusable):
    code = "newer-database"


class Locked(HomeUnusable):
    code = "locked"


class WrongKey(Locked):
    code = "wrong-key"


class IndexUnusable(CoachError):
    code = "index-unusable"


class IndexBusy(IndexUnusable):
    code = "index-busy"


class ModelMissing(CoachError):
    code = "model-missing"


class PortInUse(CoachError):
    code = "port-in-use"


class ModelFailed(CoachError):
    code = "model-failed"


class Unreachable(ModelFailed):
    code = "unreachable"


class TimedOut(ModelFailed):
    code = "timeout"


class Unauthorised(ModelFailed):
    code = "unauthorised"


class ModelNotFound(ModelFailed):
    code = "not-found"


class RateLimited(ModelFailed):
    """`after`: the seconds that the server asks to wait, where it says."""

    code = "rate-limited"

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class QuotaUsedUp(ModelFailed):
    code = "quota"


class TooLong(ModelFailed):
    code = "too-long"


class Refused(ModelFailed):
    code = "refused"


class BadAnswer(ModelFailed):
    code = "bad-answer"


class CutOff(ModelFailed):
    """`heard`: what had arrived, where a caller that gets no pieces asked for the whole."""

    code = "cut-off"
    heard = ""


class ServerFailed(ModelFailed):
    code = "server-error"


class NotSent(CoachError):
    code = "not-sent"


class AddressRefused(NotSent):
    code = "address-refused"


class AlreadySent(NotSent):
    code = "already-sent"


class PerhapsSent(CoachError):
    code = "perhaps-sent"
