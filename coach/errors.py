"""What can go wrong, in one tree. Every message is a sentence for the leader that says what to do.

CoachError
├── BadRequest          what was typed or sent cannot be used; the leader changes it
│   ├── UnknownPerson
│   └── SeveralPeople
├── BadFile             a file that cannot be read as what it should be
├── HomeUnusable        COACH_HOME cannot be written
│   ├── NoSpace         the disk is full
│   └── NewerDatabase   written by a newer Coach
├── IndexUnusable       Chroma cannot be opened; search goes on without it
│   └── IndexBusy       another process has it open
├── ModelMissing        no embedding model; search goes on by words alone
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


class IndexUnusable(CoachError):
    code = "index-unusable"


class IndexBusy(IndexUnusable):
    code = "index-busy"


class ModelMissing(CoachError):
    code = "model-missing"


class PortInUse(CoachError):
    code = "port-in-use"
