"""Runs and comparisons as text for a terminal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.cassette import write_whole
from eval.compare import Comparison
from eval.totals import Run, split_gap


def table(run: Run) -> str:
    """Provenance first, then each metric with its interval, and what could not be judged."""
    totals = run.totals
    lines = [
        f"{run.subject}  provenance {run.provenance}  {totals['cases']} cases, {totals['errors']} without an answer"
    ]
    lines += [_line(name, metric) for name, metric in totals["metrics"].items()]
    gap = split_gap(run.rows)
    return "\n".join([*lines, *([f"development less sealed: {gap:+.3f}"] if gap is not None else [])])


def _line(name: str, metric: Mapping[str, Any]) -> str:
    apart = f"  unscored {metric['unscored']}" if metric["unscored"] else ""
    if metric["value"] is None:
        return f"  {name:18}      –{apart}"
    interval = f"[{metric['low']:.3f}, {metric['high']:.3f}]" if metric["low"] is not None else "[one cluster]"
    return f"  {name:18} {metric['value']:6.3f} {interval:16} of {metric['n']}{apart}"


def comparison_table(found: Comparison) -> str:
    before, after = found.before, found.after
    lines = [
        f"A  {before.subject}  provenance {before.provenance}",
        f"B  {after.subject}  provenance {after.provenance}",
        "  metric                  A      B   change (better above 0)      lost  won  p (Holm)  would be found",
    ]
    for c in found.changes:
        found_from = f"{c.detectable:.3f}" if c.detectable is not None else "–"
        lines.append(
            f"  {c.metric:18} {c.before:6.3f} {c.after:6.3f}   {c.change:+.3f} [{c.low:+.3f}, {c.high:+.3f}]"
            f" of {c.n:4}  {len(c.lost):4} {len(c.won):4}  {c.p:.4f}    {found_from}"
        )
    return "\n".join([*lines, f"{found.verdict.value}: {found.why}"])


def write_all(folder: Path, files: Mapping[str, object]) -> None:
    for name, content in files.items():
        write_whole(
            folder / name,
            content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False) + "\n",
        )
