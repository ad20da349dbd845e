"""Rows of a run and the totals that follow from them: nothing is counted anywhere else."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.cassette import json_line, write_whole
from eval.errors import Inconsistent, Misuse
from eval.output import Output, output_from
from eval.scorers import SCORERS, Mark, Score
from eval.statistics import bootstrap, mean, wilson

ALL = "all"
"""Whether every check of a case that passes or fails did pass: the one figure for a whole subject."""
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case, answered and scored. `given`: the digest of what the subject was given."""

    case: str
    given: str
    suite: str
    split: str
    cluster: str
    tags: tuple[str, ...] = ()
    output: Output
    marks: tuple[Mark, ...] = ()
    scores: Mapping[str, float | None]
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        return json_line(self)

    def score(self, metric: str) -> float | None:
        """Also of `all`; None where it was unscored or not asked."""
        if metric != ALL:
            return self.scores.get(metric)
        shares = [value for name, value in self.scores.items() if value is not None and is_share(name)]
        return float(all(shares)) if shares else None


def is_share(metric: str) -> bool:
    return metric == ALL or (metric in SCORERS and SCORERS[metric].share)


def row_from(line: str) -> Row:
    values = json.loads(line)
    values["output"] = output_from(values["output"])
    values["marks"] = tuple(Mark(**mark) for mark in values["marks"])
    values["tags"] = tuple(values["tags"])
    return Row(**values)


def read_rows(path: Path) -> tuple[Row, ...]:
    """A torn last line, left by a kill, is no row."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise Misuse(f"There is no run in {path.parent}: {error.strerror}.") from error
    return tuple(row_from(line) for line in lines[:-1] if line)


def rounded(value: float) -> float:
    return value if math.isinf(value) else round(value, DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`value` of `n` scored cases with its 95 % interval; `unscored` are counted apart. `low` and `high` None: not known."""

    value: float | None
    n: int
    unscored: int
    low: float | None
    high: float | None


def metric_of(name: str, rows: Sequence[Row]) -> Metric:
    asked = [row for row in rows if name == ALL or name in row.scores]
    values = [(value, row.cluster or row.case) for row in asked if (value := row.score(name)) is not None]
    numbers = [value for value, _ in values]
    unscored = len(asked) - len(values)
    if not numbers:
        return Metric(value=None, n=0, unscored=unscored, low=None, high=None)
    interval = (
        wilson(round(sum(numbers)), len(numbers)) if is_share(name) else bootstrap(numbers, [c for _, c in values])
    )
    known = not math.isinf(interval.low)
    return Metric(
        value=rounded(mean(numbers)),
        n=len(numbers),
        unscored=unscored,
        low=rounded(interval.low) if known else None,
        high=rounded(interval.high) if known else None,
    )


def metrics_of(rows: Sequence[Row]) -> dict[str, Metric]:
    """In the order in which scorers are declared, `all` first."""
    asked = {name for row in rows for name in row.scores}
    return {name: metric_of(name, rows) for name in (ALL, *SCORERS) if name == ALL or name in asked}


def split_gap(rows: Sequence[Row]) -> float | None:
    """`all` on the development cases less that on the sealed ones; None where one part is not there."""
    values = [metric_of(ALL, [row for row in rows if row.split == part]).value for part in ("development", "sealed")]
    return None if None in values else round(values[0] - values[1], 6)  # type: ignore[operator]


def totals_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Whole, by split and by suite; tokens where they were counted."""
    by_split: defaultdict[str, list[Row]] = defaultdict(list)
    by_suite: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_split[row.split].append(row)
        by_suite[row.suite].append(row)
    return {
        "cases": len(rows),
        "errors": sum(bool(row.output.error) for row in rows),
        "tokens_in": sum(row.output.tokens_in or 0 for row in rows),
        "tokens_out": sum(row.output.tokens_out or 0 for row in rows),
        "metrics": _plain(metrics_of(rows)),
        "by_split": {name: _plain(metrics_of(some)) for name, some in sorted(by_split.items())}
        if len(by_split) > 1
        else {},
        "by_suite": {
            name: {"cases": len(some), ALL: asdict(metric_of(ALL, some))} for name, some in sorted(by_suite.items())
        },
    }


def _plain(metrics: Mapping[str, Metric]) -> dict[str, Any]:
    return {name: asdict(metric) for name, metric in metrics.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A subject on a set of cases. `manifest` says what was measured and with what."""

    manifest: Mapping[str, Any]
    rows: tuple[Row, ...]
    totals: Mapping[str, Any]

    @property
    def subject(self) -> str:
        return str(self.manifest["subject"])

    @property
    def provenance(self) -> str:
        return str(self.manifest["provenance"])


def write_run(folder: Path, run: Run) -> None:
    write_whole(folder / "rows.jsonl", "".join(row.line for row in run.rows))
    write_whole(folder / "totals.json", _json(run.totals))
    write_whole(folder / "run.json", _json(run.manifest))


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def read_run(folder: Path) -> Run:
    """Raises Inconsistent where the totals are not those of the rows."""
    rows = read_rows(folder / "rows.jsonl")
    try:
        manifest = json.loads((folder / "run.json").read_text("utf-8"))
        totals = json.loads((folder / "totals.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Misuse(f"{folder} holds no finished run: run it again, or with --resume.") from error
    now = json.loads(_json(totals_of(rows)))
    if now != totals or manifest.get("cases") != len(rows):
        raise Inconsistent(f"{folder}: {_difference(totals, now)}. Totals are computed from rows; run it again.")
    return Run(manifest=manifest, rows=rows, totals=totals)


def _difference(kept: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    wrong = [name for name in ("cases", "errors", "tokens_in", "tokens_out") if kept.get(name) != now[name]]
    metrics = kept.get("metrics", {})
    wrong += [name for name in now["metrics"] if metrics.get(name) != now["metrics"][name]]
    return f"the totals say something else than the rows about {', '.join(wrong[:5]) or 'their parts'}"


def scores_by_case(rows: Iterable[Row], metric: str) -> dict[str, float]:
    return {row.case: value for row in rows if (value := row.score(metric)) is not None}


def unscored_rows(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """(case, metric, why), for the list of what could not be judged."""
    return [
        (row.case, name, row.why.get(name, "")) for row in rows for name, value in row.scores.items() if value is None
    ]


def score_fields(scores: Mapping[str, Score]) -> tuple[dict[str, float | None], dict[str, str]]:
    values = {name: None if score.value is None else rounded(score.value) for name, score in scores.items()}
    return values, {name: score.why for name, score in scores.items() if score.why}
