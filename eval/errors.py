"""How an evaluation can end, each with its exit status. Messages are sentences that say what to do.

EvalError (a CoachError)
├── Misuse             2  a flag, a file or a case that cannot be used
├── RefusedClaim       3  a comparison or a verdict that the evidence does not allow
├── MissingRecording   4  an answer that was never recorded; nothing was asked of any server
└── Inconsistent       5  totals that do not follow from their rows
"""

from coach.errors import CoachError

HELD, FELL = 0, 1


class EvalError(CoachError):
    code = "evaluation"
    status = 2


class Misuse(EvalError):
    code = "misuse"
    status = 2


class RefusedClaim(EvalError):
    code = "refused-claim"
    status = 3


class MissingRecording(EvalError):
    code = "missing-recording"
    status = 4


class Inconsistent(EvalError):
    code = "inconsistent-totals"
    status = 5
