"""Two subjects on the same cases: what changed, whether that is more than chance, and what may be claimed of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eval.errors import Misuse
from eval.scorers import LOWER_IS_BETTER, SCORERS
from eval.statistics import Interval, detectable_drop, holm, mcnemar, mean, paired_drop
from eval.totals import ALL, Row, Run, is_share, scores_by_case

ALPHA = 0.05
CLAIMS_FROM = ("live", "built-in")
"""Provenance that a claim of being better may rest on: what users would meet."""


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric on the cases that both sides were scored on, B against A; `change` is above 0 where B is better.

    `p`: two-sided, adjusted over the metrics (Holm). `p_drop`: one-sided, not adjusted. `detectable`: the drop that this many
    cases find with power .95.
    """

    metric: str
    n: int
    before: float
    after: float
    change: float
    low: float
    high: float
    lost: tuple[str, ...]
    won: tuple[str, ...]
    p: float
    p_drop: float
    detectable: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    before: Run
    after: Run
    changes: tuple[Change, ...]
    verdict: Verdict
    why: str


def kind_of(provenance: str) -> str:
    """ "live:gpt-5@2026-11-21" -> "live"; of several the weakest."""
    kinds = [one.partition(":")[0] for one in provenance.split(" + ")]
    order = ("scripted", "none", "tiny-model", "built-in", "live")
    return min(kinds, key=lambda kind: order.index(kind) if kind in order else 0)


def change_of(metric: str, before: Sequence[Row], after: Sequence[Row]) -> Change | None:
    """None where no case was scored on both sides."""
    a, b = scores_by_case(before, metric), scores_by_case(after, metric)
    both = [row for row in before if row.case in a and row.case in b]
    if not both:
        return None
    sign = -1 if metric in LOWER_IS_BETTER else 1
    changes = [sign * (b[row.case] - a[row.case]) for row in both]
    lost = tuple(row.case for row, change in zip(both, changes, strict=True) if change < 0)
    won = tuple(row.case for row, change in zip(both, changes, strict=True) if change > 0)
    interval, p_drop = paired_drop(changes, [row.cluster for row in both])
    if is_share(metric):
        p, p_drop = mcnemar(len(lost), len(won)), mcnemar(len(lost), len(won), two_sided=False)
    else:
        p = min(1.0, 2 * min(p_drop, _p_of_a_rise(changes, [row.cluster for row in both])))
    discordant = (len(lost) + len(won)) / len(both)
    return Change(
        metric=metric, n=len(both), before=mean([a[row.case] for row in both]), after=mean([b[row.case] for row in both]),
        change=mean(changes), low=_known(interval, interval.low), high=_known(interval, interval.high), lost=lost, won=won,
        p=p, p_drop=p_drop, detectable=detectable_drop(len(both), max(discordant, 1 / len(both))) if is_share(metric) else None,
    )  # fmt: skip


def _p_of_a_rise(changes: Sequence[float], clusters: Sequence[str]) -> float:
    return paired_drop([-change for change in changes], clusters)[1]


def _known(interval: Interval, value: float) -> float:
    return value if interval.low > float("-inf") else 0.0


def changes_between(before: Sequence[Row], after: Sequence[Row], metrics: Sequence[str] = ()) -> tuple[Change, ...]:
    """Of the metrics named, or of all that both have; p values adjusted over all of them."""
    asked = {name for row in (*before, *after) for name in row.scores}
    names = metrics or [name for name in (ALL, *SCORERS) if name == ALL or name in asked]
    found = [change for name in names if (change := change_of(name, before, after))]
    adjusted = holm([change.p for change in found])
    return tuple(replace(change, p=p) for change, p in zip(found, adjusted, strict=True))


def compare(before: Run, after: Run, metrics: Sequence[str] = ()) -> Comparison:
    """Raises Misuse where the two did not answer the same cases, or a case that was changed between them."""
    given = {row.case: row.given for row in before.rows}
    both = [row for row in after.rows if row.case in given]
    if not both:
        raise Misuse("The two runs share no case: nothing can be compared.")
    changed = [row.case for row in both if row.given != given[row.case]]
    if changed:
        raise Misuse(f"{len(changed)} cases were changed between the two runs, {changed[0]} first: run both again.")
    changes = changes_between(before.rows, after.rows, metrics)
    verdict, why = verdict_on(before, after, changes)
    return Comparison(before=before, after=after, changes=changes, verdict=verdict, why=why)


def verdict_on(before: Run, after: Run, changes: Sequence[Change]) -> tuple[Verdict, str]:
    """By the changes that are more than chance; mixed or none of them: inconclusive."""
    weak = [run for run in (before, after) if kind_of(run.provenance) not in CLAIMS_FROM]
    if weak:
        names = " and ".join(f"{run.subject} ({run.provenance})" for run in weak)
        be = "are" if len(weak) > 1 else "is"
        return Verdict.REFUSED, f"no claim that one is better: {names} {be} not what a leader would meet"
    sure = [change for change in changes if change.p < ALPHA]
    up, down = [c.metric for c in sure if c.change > 0], [c.metric for c in sure if c.change < 0]
    if up and not down:
        return Verdict.BETTER, f"better at {', '.join(up)}, worse at nothing"
    if down and not up:
        return Verdict.WORSE, f"worse at {', '.join(down)}"
    if up and down:
        return Verdict.INCONCLUSIVE, f"better at {', '.join(up)}, worse at {', '.join(down)}: a choice, not a proof"
    return Verdict.INCONCLUSIVE, "no difference is more than chance on these cases"
