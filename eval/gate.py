"""May this ship? Hard zeros, floors on the lower bound, and nothing worse than what was blessed.

`gate.yaml` says what is asked of each kind of subject; `baselines/` holds what was blessed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.case import FOLDER
from eval.cassette import write_whole
from eval.compare import ALPHA, change_of, kind_of
from eval.errors import FELL, HELD, Misuse
from eval.judging import Judge, allowed, calibrated, judged
from eval.output import Output
from eval.statistics import holm
from eval.totals import ALL, Row, Run, metric_of, split_gap


class Asked(BaseModel):
    """`zero`: metrics of which every scored case has to pass. `floors`: metric -> least lower bound.
    `regressions`: metrics tested against the baseline. `judged`: criterion of the judge -> most messages that may be faulty by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zero: tuple[str, ...] = ()
    floors: dict[str, float] = Field(default_factory=dict)
    regressions: tuple[str, ...] = (ALL,)
    judged: dict[str, float] = Field(default_factory=dict)


class Gate(BaseModel):
    """What is asked, by kind of provenance or by the subject's own name, which goes first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subjects: dict[str, Asked]
    judge: str = ""
    """The model that judges, where `judged` asks for it. It has to be calibrated."""

    def asked_of(self, run: Run) -> Asked:
        kind = kind_of(run.provenance)
        for name in (run.subject, kind, "default"):
            if name in self.subjects:
                return self.subjects[name]
        raise Misuse(f"gate.yaml asks nothing of {run.subject} ({kind}).")


def read_gate(path: Path = FOLDER / "gate.yaml") -> Gate:
    import yaml

    try:
        return Gate.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise Misuse(f"{path} cannot be used: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that was asked. `cases`: those that broke it."""

    name: str
    held: bool
    says: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    subject: str
    provenance: str
    conditions: tuple[Condition, ...]
    gap: float | None
    """Share of `all` on the development part less that on the sealed part."""

    @property
    def held(self) -> bool:
        return all(condition.held for condition in self.conditions)

    @property
    def status(self) -> int:
        return HELD if self.held else FELL


def decide(run: Run, asked: Asked, baseline: Sequence[Row] | None, judge: Judge | None = None) -> Decision:
    """Raises RefusedClaim where a judge is relied on that has not been shown to agree with people."""
    conditions = [_zero(run, name) for name in asked.zero]
    conditions += [_floor(run, name, least) for name, least in asked.floors.items()]
    conditions += _regressions(run, asked.regressions, baseline)
    conditions += _judged(run, asked.judged, judge) if asked.judged else []
    return Decision(
        subject=run.subject, provenance=run.provenance, conditions=tuple(conditions), gap=split_gap(run.rows)
    )


def _zero(run: Run, name: str) -> Condition:
    scored = [row for row in run.rows if row.score(name) is not None]
    broken = tuple(row.case for row in scored if row.score(name) != 1)
    if not scored:
        return Condition(name=f"zero {name}", held=False, says="no case was scored: it cannot be said to hold")
    return Condition(name=f"zero {name}", held=not broken, says=f"{len(broken)} of {len(scored)}", cases=broken)


def _floor(run: Run, name: str, least: float) -> Condition:
    metric = metric_of(name, run.rows)
    if metric.value is None or metric.low is None:
        return Condition(name=f"floor {name}", held=False, says="too little was scored for a lower bound")
    broken = tuple(row.case for row in run.rows if (value := row.score(name)) is not None and value < 1)
    says = (
        f"{metric.value:.3f} of {metric.n} [{metric.low:.3f}, {metric.high:.3f}], at least {least:g} at the lower bound"
    )
    held = metric.low >= least
    return Condition(name=f"floor {name}", held=held, says=says, cases=() if held else broken)


def _regressions(run: Run, metrics: Sequence[str], baseline: Sequence[Row] | None) -> list[Condition]:
    if baseline is None:
        return [Condition(name="baseline", held=False, says=f"nothing was blessed: python -m eval bless {run.subject}")]
    changes = [change for name in metrics if (change := change_of(name, baseline, run.rows))]
    lacking = [name for name in metrics if name not in {change.metric for change in changes}]
    found = [
        Condition(name=f"regression {name}", held=False, says="no case in common with the baseline") for name in lacking
    ]
    for change, p in zip(changes, holm([change.p_drop for change in changes]), strict=True):
        held = not (p < ALPHA and change.change < 0)
        least = f"; a drop of {change.detectable:.3f} would be found (power .95)" if change.detectable else ""
        says = f"{change.before:.3f} -> {change.after:.3f} on {change.n}, {len(change.lost)} lost, {len(change.won)} won, p = {p:.3f}{least}"
        found.append(
            Condition(name=f"regression {change.metric}", held=held, says=says, cases=() if held else change.lost)
        )
    return found


def _judged(run: Run, most: Mapping[str, float], judge: Judge | None) -> list[Condition]:
    """Held where the upper end of the corrected share is within bounds."""
    if judge is None:
        raise Misuse("gate.yaml asks for what a judge says and names no judge: a model.")
    found = []
    for calibration in calibrated(judge, tuple(most)):
        seen = judged(judge, run, allowed(calibration, judge))
        high = seen.interval.high if seen.interval else 1.0
        says = f"{seen.faulty} of {seen.n}, {seen.unscored} unscored; corrected at most {high:.3f}, {most[seen.criterion]} allowed"
        found.append(Condition(name=f"judged {seen.criterion}", held=high <= most[seen.criterion], says=says))
    return found


# The baseline


def baseline_path(run_subject: str, folder: Path) -> Path:
    return folder / f"{run_subject}.json"


def baseline_of(run: Run) -> str:
    """Scores alone, a line a case, so that a blessing reads as a difference."""
    head = {name: run.manifest[name] for name in ("subject", "provenance", "cases", "cases_digest")}
    lines = [json.dumps([row.case, row.cluster, row.split, dict(row.scores)], ensure_ascii=False) for row in run.rows]
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [\n' + ",\n".join(lines) + "\n]}\n"


def read_baseline(path: Path) -> tuple[Row, ...] | None:
    if not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text("utf-8"))
        return tuple(
            Row(case=case, given="", suite="", split=split, cluster=cluster, output=Output(), scores=scores)
            for case, cluster, split, scores in kept["rows"]
        )
    except (ValueError, KeyError) as error:
        raise Misuse(f"{path} is no baseline: bless it again.") from error


def bless(run: Run, path: Path) -> None:
    write_whole(path, baseline_of(run))


# What is said


def as_json(verdicts: Sequence[Decision]) -> list[dict[str, Any]]:
    return [
        {
            "subject": one.subject,
            "provenance": one.provenance,
            "held": one.held,
            "gap": one.gap,
            "conditions": [
                {"name": c.name, "held": c.held, "says": c.says, "cases": list(c.cases)} for c in one.conditions
            ],
        }
        for one in verdicts
    ]


def as_junit(verdicts: Sequence[Decision]) -> str:
    """One test case a condition, in the form that CI systems read."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for one in verdicts:
        fell = sum(not c.held for c in one.conditions)
        lines.append(
            f'<testsuite name={quoteattr(one.subject)} tests="{len(one.conditions)}" failures="{fell}" errors="0">'
        )
        for c in one.conditions:
            opening = f"<testcase classname={quoteattr(f'gate.{one.subject}')} name={quoteattr(c.name)}"
            failure = f"<failure message={quoteattr('; '.join([c.says, *c.cases[:20]]))}/>"
            lines.append(f"{opening}/>" if c.held else f"{opening}>{failure}</testcase>")
        lines.append("</testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def as_markdown(verdicts: Sequence[Decision]) -> str:
    lines = []
    for one in verdicts:
        lines += [f"### {'Held' if one.held else 'Fell'}: {one.subject} ({one.provenance})", ""]
        lines += ["| | condition | |", "|---|---|---|"]
        lines += [f"| {'ok' if c.held else '**fell**'} | {c.name} | {c.says}{_some(c.cases)} |" for c in one.conditions]
        gap = "both parts are needed" if one.gap is None else f"{one.gap:+.3f}"
        lines += ["", f"Development less sealed, share of cases that pass every check: {gap}", ""]
    return "\n".join(lines)


def _some(cases: Sequence[str]) -> str:
    return f": {', '.join(cases[:8])}{' …' if len(cases) > 8 else ''}" if cases else ""
