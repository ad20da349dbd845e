"""The judge put to whole runs: replayed from its recordings, asked for with --live, corrected by its calibration."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cassette import Asked, Cassette, Recording, missed, open_cassette
from eval.errors import MissingRecording, Misuse, RefusedClaim
from eval.judge import (
    CRITERIA,
    KAPPA_FROM,
    Calibration,
    Choice,
    Labelled,
    asked_about,
    asked_which,
    calibrate,
    chosen,
    labelled_messages,
    preferred,
    verdict,
)
from eval.runner import cassette_path
from eval.statistics import Interval, mcnemar, wilson
from eval.subject import Subject
from eval.totals import Run

EACH = 15
"""Faulty messages, and as many clean ones, that a judge is calibrated on."""
Ask = Callable[[Cassette, Sequence[Asked]], None]
"""Puts what is not recorded to the endpoint; None in its place: nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    model: str
    cassettes: Path
    ask: Ask | None = None

    def hears(self, asked: Mapping[str, Asked]) -> dict[str, Recording]:
        """By the names given. Raises MissingRecording."""
        cassette = open_cassette(cassette_path(Subject(version="judge", model=self.model), self.cassettes))
        gone = [one for one in asked.values() if cassette.find(one) is None]
        if gone and self.ask:
            self.ask(cassette, gone)
            gone = [one for one in asked.values() if cassette.find(one) is None]
        if gone:
            reason = missed(gone[0], tuple(cassette.recordings.values())).reason
            raise MissingRecording(
                f"{len(gone)} answers of the judge are not recorded: {reason}. Ask for them with --live."
            )
        return {name: cassette.recordings[one.key, one.sample] for name, one in asked.items()}


def known(criteria: Sequence[str]) -> tuple[str, ...]:
    """All of them where none is named. Raises Misuse."""
    unknown = set(criteria) - set(CRITERIA)
    if unknown:
        raise Misuse(f"There is no criterion {sorted(unknown)[0]!r}; there are {', '.join(CRITERIA)}.")
    return tuple(criteria) or tuple(CRITERIA)


def calibrated(judge: Judge, criteria: Sequence[str], each: int = EACH) -> tuple[Calibration, ...]:
    """All questions of all criteria are put at once."""
    sets = {name: labelled_messages(name, each) for name in known(criteria)}
    heard = judge.hears(
        {
            f"{name}:{one.id}": asked_about(name, one.message, judge.model, one.id)
            for name, some in sets.items()
            for one in some
        }
    )
    return tuple(_calibrated(name, some, heard) for name, some in sets.items())


def _calibrated(name: str, some: Sequence[Labelled], heard: Mapping[str, Recording]) -> Calibration:
    return calibrate(name, some, lambda one: verdict(heard[f"{name}:{one.id}"], one.message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How many messages of a run the judge calls faulty. `corrected`: [0, 1] or None, with what its errors make of the interval."""

    criterion: str
    n: int
    faulty: int
    unscored: int
    corrected: float | None
    interval: Interval | None


def judged(judge: Judge, run: Run, calibration: Calibration) -> Judged:
    """The interval is Wilson's, corrected at both ends; that the judge's errors are themselves estimates is not in it."""
    name = calibration.criterion
    messages = {row.case: row.output.message for row in run.rows if row.output.message}
    heard = judge.hears({case: asked_about(name, text, judge.model, case) for case, text in messages.items()})
    said = [verdict(heard[case], text) for case, text in messages.items()]
    faulty, n = said.count(True), len(said) - said.count(None)
    seen = wilson(faulty, n)
    low, high = calibration.corrected(seen.low), calibration.corrected(seen.high)
    return Judged(
        criterion=name,
        n=n,
        faulty=faulty,
        unscored=said.count(None),
        corrected=calibration.corrected(faulty / n) if n else None,
        interval=None if low is None or high is None else Interval(low=low, high=high),
    )


def allowed(calibration: Calibration, judge: Judge) -> Calibration:
    """Raises RefusedClaim where the judge has not been shown to agree with people."""
    if calibration.may_gate:
        return calibration
    kappa = calibration.kappa
    raise RefusedClaim(
        f"{judge.model} may not gate {calibration.criterion}: its agreement with people is kappa {kappa.value:.2f} "
        f"[{kappa.low:.2f}, {kappa.high:.2f}], and the lower bound has to be {KAPPA_FROM}. Take it out of gate.yaml."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Of the cases that both sides answered, in both orders."""

    counts: Mapping[Choice, int]
    p: float
    """Two-sided, of as many for A and for B (the sign test's mid-p)."""


def preferences(judge: Judge, before: Run, after: Run) -> Preferences:
    a, b = ({row.case: row.output.message for row in run.rows if row.output.message} for run in (before, after))
    cases = [case for case in a if case in b]
    straight = judge.hears({case: asked_which(a[case], b[case], judge.model, case) for case in cases})
    turned = judge.hears({case: asked_which(b[case], a[case], judge.model, case) for case in cases})
    found = Counter(
        preferred(chosen(straight[case], a[case], b[case]), chosen(turned[case], b[case], a[case])) for case in cases
    )
    return Preferences(counts={choice: found[choice] for choice in Choice}, p=mcnemar(found[Choice.A], found[Choice.B]))


def preference_line(judge: Judge, found: Preferences) -> str:
    said = ", ".join(f"{choice.value} {count}" for choice, count in found.counts.items())
    return f"{judge.model} as judge, both orders: {said}; p = {found.p:.4f}. No verdict rests on it."
